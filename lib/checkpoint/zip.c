/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads torch's zip form (torch.save since 1.6): the entries PREFIX/data.pkl, PREFIX/data/KEY for
 * each storage, and sometimes PREFIX/byteorder. */

#include <stdio.h>
#include <string.h>

#include "foreign.h"
#include "pickle.h"

enum { ENTRY_NAME_MAX = 1000 };

typedef struct archive {
    segent_context *context;
    segent_checkpoint *checkpoint;
    sg_directory directory;
    sg_span prefix; /* with its slash */
} archive;

/* The entry whose name is the prefix, `folder` and `name` one after another, or NULL. */
static sg_entry *find(const archive *a, const char *folder, sg_span name)
{
    char path[ENTRY_NAME_MAX];
    const int length =
        snprintf(path, sizeof(path), "%.*s%s", (int)a->prefix.length, a->prefix.text, folder);
    if (length < 0 || name.length >= sizeof(path) - (size_t)length)
        return NULL;
    memcpy(path + length, name.text, name.length);
    return sg_directory_find(&a->directory, (sg_span){path, (size_t)length + name.length});
}

/* Whether a name is PREFIX/data.pkl, where PREFIX is a single folder. */
static bool is_pickle(sg_span name)
{
    static const char file[] = "/data.pkl";
    const size_t tail = sizeof(file) - 1;
    return name.length > tail && name.length - tail < ENTRY_NAME_MAX / 2 &&
           memcmp(name.text + name.length - tail, file, tail) == 0 &&
           !memchr(name.text, '/', name.length - tail) && !memchr(name.text, 0, name.length);
}

static segent_status find_prefix(archive *a)
{
    const char *label = a->checkpoint->label;
    const sg_entry *found = NULL;
    for (size_t i = 0; i < a->directory.count; i++) {
        const sg_entry *entry = a->directory.entries + i;
        if (!is_pickle(entry->name))
            continue;
        if (found)
            return sg_fail(a->context, SEGENT_ERROR_FORMAT, "%s: both '%.*s' and '%.*s'", label,
                           SG_SPAN(found->name), SG_SPAN(entry->name));
        found = entry;
    }
    if (!found)
        return sg_foreign_name_zip(a->context, a->checkpoint, &a->directory);
    a->prefix = (sg_span){found->name.text, found->name.length - strlen("data.pkl")};
    return SEGENT_OK;
}

/* Refuses an archive of torch.jit.save, which is a checkpoint with code. */
static segent_status refuse_script(const archive *a)
{
    bool code = find(a, "", (sg_span){"constants.pkl", 13}) != NULL;
    for (size_t i = 0; i < a->directory.count && !code; i++) {
        const sg_span name = a->directory.entries[i].name;
        code = name.length >= a->prefix.length + 5 &&
               memcmp(name.text, a->prefix.text, a->prefix.length) == 0 &&
               memcmp(name.text + a->prefix.length, "code/", 5) == 0;
    }
    if (!code)
        return SEGENT_OK;
    return sg_fail(a->context, SEGENT_ERROR_UNSUPPORTED,
                   "%s: a TorchScript archive, which is a program; save the module's state_dict() "
                   "instead",
                   a->checkpoint->label);
}

static segent_status check_byte_order(const archive *a)
{
    sg_entry *entry = find(a, "", (sg_span){"byteorder", 9});
    const unsigned char *content = NULL;
    if (!entry)
        return SEGENT_OK;
    const segent_status status = sg_entry_read(a->context, a->checkpoint, entry, &content);
    if (status != SEGENT_OK)
        return status;
    const sg_span order = {(const char *)content, (size_t)entry->size};
    if (sg_span_is(order, "little"))
        return SEGENT_OK;
    return sg_fail(a->context, SEGENT_ERROR_UNSUPPORTED,
                   "%s: byte order is '%.*s', and only 'little' is read", a->checkpoint->label,
                   SG_SPAN(order));
}

static segent_status place_storage(const archive *a, sg_storage *storage)
{
    sg_entry *entry = find(a, "data/", storage->key);
    if (!storage->type)
        return SEGENT_OK; /* without a type its size is not known: tensors in it are not read */
    const uint64_t bytes = (uint64_t)storage->count * storage->type->size;
    if (!entry)
        return sg_fail(a->context, SEGENT_ERROR_FORMAT,
                       "%s: storage '%.*s' is used but there is no entry '%.*sdata/%.*s'",
                       a->checkpoint->label, SG_SPAN(storage->key), SG_SPAN(a->prefix),
                       SG_SPAN(storage->key));
    if (entry->size != bytes)
        return sg_fail(a->context, SEGENT_ERROR_FORMAT,
                       "%s: entry '%.*s' has %llu bytes, where the pickle says %llu (%lld elements "
                       "of %s)",
                       a->checkpoint->label, SG_SPAN(entry->name), (unsigned long long)entry->size,
                       (unsigned long long)bytes, (long long)storage->count, storage->type->name);
    return sg_entry_read(a->context, a->checkpoint, entry, &storage->data);
}

static segent_status read_object(const archive *a)
{
    sg_entry *entry = find(a, "", (sg_span){"data.pkl", 8});
    const unsigned char *content = NULL;
    segent_status status = sg_entry_read(a->context, a->checkpoint, entry, &content);
    if (status != SEGENT_OK)
        return status;
    sg_pickle pickle;
    sg_value object = 0;
    status = sg_pickle_load(a->context, a->checkpoint, content, (size_t)entry->size, false, &pickle,
                            &object);
    if (status == SEGENT_OK && pickle.position != pickle.size)
        status =
            sg_fail(a->context, SEGENT_ERROR_FORMAT, "%s: %zu bytes follow the pickle in '%.*s'",
                    a->checkpoint->label, pickle.size - pickle.position, SG_SPAN(entry->name));
    if (status == SEGENT_OK)
        status = sg_pickle_index_storages(&pickle);
    for (size_t i = 0; i < pickle.storage_count && status == SEGENT_OK; i++)
        status = place_storage(a, pickle.storages + i);
    if (status == SEGENT_OK)
        status = sg_state_collect(&pickle, object, a->checkpoint);
    sg_pickle_close(&pickle);
    return status;
}

segent_status sg_load_zip(segent_context *context, segent_checkpoint *checkpoint)
{
    archive a = {context, checkpoint, {NULL, NULL, 0}, {NULL, 0}};
    segent_status status = sg_directory_read(context, checkpoint, &a.directory);
    if (status == SEGENT_OK)
        status = find_prefix(&a);
    if (status == SEGENT_OK)
        status = refuse_script(&a);
    if (status == SEGENT_OK)
        status = check_byte_order(&a);
    if (status == SEGENT_OK)
        status = read_object(&a);
    sg_directory_release(&a.directory, &checkpoint->allocator);
    return status;
}
