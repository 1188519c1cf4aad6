/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "directory.h"

/* Signatures and fixed sizes of a zip file's records (PKWARE's APPNOTE). */
enum {
    END_SIGNATURE = 0x06054b50,
    END_SIZE = 22,
    LOCATOR_SIGNATURE = 0x07064b50,
    LOCATOR_SIZE = 20,
    END64_SIGNATURE = 0x06064b50,
    END64_SIZE = 56,
    CENTRAL_SIGNATURE = 0x02014b50,
    CENTRAL_SIZE = 46,
    LOCAL_SIGNATURE = 0x04034b50,
    LOCAL_SIZE = 30,
    EXTRA_ZIP64 = 1,
    COMMENT_MAX = 65535
};

typedef struct reader {
    segent_context *context;
    const char *label;
    const unsigned char *data;
    uint64_t size;
} reader;

/* Where the central directory is. */
typedef struct listing {
    uint64_t begin, size, count;
} listing;

static segent_status damaged(const reader *r, const char *what, uint64_t position)
{
    return sg_fail(r->context, SEGENT_ERROR_FORMAT, "%s: damaged zip archive: %s at byte %llu",
                   r->label, what, (unsigned long long)position);
}

/* Whether [begin, begin + size) is inside [0, end). */
static bool inside(uint64_t begin, uint64_t size, uint64_t end)
{
    return begin <= end && size <= end - begin;
}

/* ---- the end record ---- */

/* Finds the end record, which is the last thing in a file but for a comment whose length it tells.
 */
static segent_status find_end(const reader *r, uint64_t *position)
{
    for (uint64_t comment = 0; comment <= COMMENT_MAX && comment + END_SIZE <= r->size; comment++) {
        const uint64_t at = r->size - END_SIZE - comment;
        if (sg_le32(r->data + at) == END_SIGNATURE && sg_le16(r->data + at + 20) == comment) {
            *position = at;
            return SEGENT_OK;
        }
    }
    return sg_fail(r->context, SEGENT_ERROR_TRUNCATED,
                   "%s: truncated: a zip archive without its end record (%llu bytes)", r->label,
                   (unsigned long long)r->size);
}

static segent_status read_end64(const reader *r, uint64_t locator, listing *list)
{
    const uint64_t at = sg_le64(r->data + locator + 8);
    if (!inside(at, END64_SIZE, locator) || sg_le32(r->data + at) != END64_SIGNATURE)
        return damaged(r, "a ZIP64 end record was expected", at);
    const unsigned char *end = r->data + at;
    list->count = sg_le64(end + 32);
    list->size = sg_le64(end + 40);
    list->begin = sg_le64(end + 48);
    if (sg_le32(end + 16) != 0 || sg_le32(end + 20) != 0)
        return damaged(r, "an archive of several parts, which must be joined first,", at);
    return inside(list->begin, list->size, at) ? SEGENT_OK
                                               : damaged(r, "a directory outside the file", at);
}

static segent_status find_listing(const reader *r, listing *list)
{
    uint64_t at = 0;
    const segent_status status = find_end(r, &at);
    if (status != SEGENT_OK)
        return status;
    if (at >= LOCATOR_SIZE && sg_le32(r->data + at - LOCATOR_SIZE) == LOCATOR_SIGNATURE)
        return read_end64(r, at - LOCATOR_SIZE, list);
    const unsigned char *end = r->data + at;
    list->count = sg_le16(end + 10);
    list->size = sg_le32(end + 12);
    list->begin = sg_le32(end + 16);
    if (sg_le16(end + 4) != 0 || sg_le16(end + 6) != 0)
        return damaged(r, "an archive of several parts, which must be joined first,", at);
    return inside(list->begin, list->size, at) ? SEGENT_OK
                                               : damaged(r, "a directory outside the file", at);
}

/* ---- entries ---- */

/* Reads the sizes and the offset that are all ones in the entry from its ZIP64 extra field, where
 * they stand in this order. */
static bool read_zip64(const unsigned char *extra, size_t size, sg_entry *entry)
{
    uint64_t *const members[] = {&entry->size, &entry->compressed, &entry->header};
    size_t wanted = 0;
    for (size_t i = 0; i < 3; i++)
        wanted += *members[i] == UINT32_MAX;
    if (wanted == 0)
        return true;
    for (size_t at = 0; at + 4 <= size;) {
        const size_t length = sg_le16(extra + at + 2);
        if (length > size - at - 4)
            return false;
        const unsigned char *field = extra + at + 4;
        at += 4 + length;
        if (sg_le16(field - 4) != EXTRA_ZIP64)
            continue;
        if (length < wanted * 8)
            return false;
        for (size_t i = 0; i < 3; i++) {
            if (*members[i] == UINT32_MAX) {
                *members[i] = sg_le64(field);
                field += 8;
            }
        }
        return true;
    }
    return false;
}

/* Finds where an entry's data begins, which only its local header tells. */
static segent_status read_local(const reader *r, const listing *list, sg_entry *entry)
{
    if (!inside(entry->header, LOCAL_SIZE, list->begin) ||
        sg_le32(r->data + entry->header) != LOCAL_SIGNATURE)
        return damaged(r, "an entry's header was expected", entry->header);
    const unsigned char *header = r->data + entry->header;
    const size_t name = sg_le16(header + 26), extra = sg_le16(header + 28);
    entry->begin = entry->header + LOCAL_SIZE + name + extra;
    if (!inside(entry->begin, entry->compressed, list->begin))
        return sg_fail(r->context, SEGENT_ERROR_FORMAT,
                       "%s: damaged zip archive: entry '%.*s' of %llu bytes at byte %llu is not "
                       "inside the file",
                       r->label, SG_SPAN(entry->name), (unsigned long long)entry->compressed,
                       (unsigned long long)entry->begin);
    const sg_span repeated = {(const char *)header + LOCAL_SIZE, name};
    if (sg_span_compare(repeated, entry->name) != 0)
        return damaged(r, "an entry has two different names", entry->header);
    return SEGENT_OK;
}

/* Reads the entry at *position, which moves to the next. */
static segent_status read_entry(const reader *r, const listing *list, uint64_t *position,
                                sg_entry *entry)
{
    const uint64_t at = *position, end = list->begin + list->size;
    if (!inside(at, CENTRAL_SIZE, end) || sg_le32(r->data + at) != CENTRAL_SIGNATURE)
        return damaged(r, "an entry of the directory was expected", at);
    const unsigned char *central = r->data + at;
    const size_t name = sg_le16(central + 28), extra = sg_le16(central + 30);
    const uint64_t length = (uint64_t)CENTRAL_SIZE + name + extra + sg_le16(central + 32);
    if (!inside(at, length, end))
        return damaged(r, "an entry that reaches past the directory", at);
    *entry = (sg_entry){{(const char *)central + CENTRAL_SIZE, name},
                        sg_le16(central + 8),
                        sg_le16(central + 10),
                        sg_le32(central + 20),
                        sg_le32(central + 24),
                        sg_le32(central + 42),
                        0,
                        sg_le32(central + 16),
                        NULL};
    *position = at + length;
    if (!read_zip64(central + CENTRAL_SIZE + name, extra, entry))
        return damaged(r, "an entry's ZIP64 sizes are missing", at);
    return read_local(r, list, entry);
}

/* ---- the whole ---- */

/* Bytes of memory that each entry takes: in the directory that stays, and while it is checked. */
enum { ENTRY_BYTES = sizeof(sg_entry) + sizeof(sg_named) + sizeof(sg_extent) };

static segent_status no_memory(const reader *r, const sg_directory *directory)
{
    return sg_fail_memory(r->context, "a zip archive's directory", directory->count * ENTRY_BYTES);
}

static segent_status check_overlap(const reader *r, const sg_directory *directory,
                                   const sg_allocator *allocator)
{
    const size_t count = directory->count;
    sg_extent *extents = sg_alloc(allocator, count, sizeof(*extents));
    if (!extents)
        return no_memory(r, directory);
    for (size_t i = 0; i < count; i++) {
        const sg_entry *entry = directory->entries + i;
        extents[i] = (sg_extent){entry->header, entry->begin + entry->compressed, i};
    }
    sg_sort_extents(extents, count);
    segent_status status = SEGENT_OK;
    for (size_t i = 1; i < count && status == SEGENT_OK; i++) {
        if (extents[i].begin < extents[i - 1].end)
            status = damaged(r, "two entries overlap", extents[i].begin);
    }
    sg_free(allocator, extents);
    return status;
}

static segent_status index_names(const reader *r, segent_checkpoint *checkpoint,
                                 sg_directory *directory)
{
    directory->names = sg_alloc(&checkpoint->allocator, directory->count, sizeof(sg_named));
    if (!directory->names)
        return no_memory(r, directory);
    for (size_t i = 0; i < directory->count; i++)
        directory->names[i] = (sg_named){directory->entries[i].name, i};
    const segent_status status =
        sg_checkpoint_sort(r->context, checkpoint, directory->names, directory->count);
    if (status != SEGENT_OK)
        return status;
    const sg_named *twice = sg_names_duplicate(directory->names, directory->count);
    if (twice)
        return sg_fail(r->context, SEGENT_ERROR_FORMAT,
                       "%s: damaged zip archive: entry '%.*s' occurs twice", r->label,
                       SG_SPAN(twice->name));
    return SEGENT_OK;
}

segent_status sg_directory_read(segent_context *context, segent_checkpoint *checkpoint,
                                sg_directory *directory)
{
    const reader r = {context, checkpoint->label, checkpoint->data, checkpoint->size};
    listing list = {0, 0, 0};
    segent_status status = find_listing(&r, &list);
    if (status != SEGENT_OK)
        return status;
    if (list.count == 0 || list.count > list.size / CENTRAL_SIZE)
        return damaged(&r, "an impossible number of entries in the directory", list.begin);
    directory->count = (size_t)list.count;
    status = sg_checkpoint_charge(context, checkpoint, directory->count * ENTRY_BYTES);
    if (status != SEGENT_OK)
        return status;
    directory->entries = sg_alloc(&checkpoint->allocator, directory->count, sizeof(sg_entry));
    if (!directory->entries)
        return no_memory(&r, directory);
    uint64_t position = list.begin;
    for (size_t i = 0; i < directory->count && status == SEGENT_OK; i++)
        status = read_entry(&r, &list, &position, directory->entries + i);
    if (status == SEGENT_OK && position != list.begin + list.size)
        status = damaged(&r, "the directory is longer than its entries", position);
    if (status == SEGENT_OK)
        status = index_names(&r, checkpoint, directory);
    if (status == SEGENT_OK)
        status = check_overlap(&r, directory, &checkpoint->allocator);
    return status;
}

sg_entry *sg_directory_find(const sg_directory *directory, sg_span name)
{
    const size_t at = sg_names_lower(directory->names, directory->count, name);
    if (at == directory->count || sg_span_compare(directory->names[at].name, name) != 0)
        return NULL;
    return directory->entries + directory->names[at].index;
}

void sg_directory_release(sg_directory *directory, const sg_allocator *allocator)
{
    sg_free(allocator, directory->entries);
    sg_free(allocator, directory->names);
    *directory = (sg_directory){NULL, NULL, 0};
}
