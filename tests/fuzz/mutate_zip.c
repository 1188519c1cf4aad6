/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Changes zip archives: they are taken apart into entries, changed as entries and as pickles, and
 * put together again with the right check sums, sizes and offsets, one of which is sometimes
 * changed. */

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "mutate_pickle.h"

enum {
    ENTRIES_MAX = 256,
    NAME_MAX_BYTES = 300,
    DATA_MAX = 1 << 16,
    LOCAL_SIZE = 30,
    CENTRAL_SIZE = 46,
    END_SIZE = 22,
    STORED = 0,
    DEFLATED = 8
};

typedef struct entry {
    char name[NAME_MAX_BYTES];
    size_t name_size;
    fuzz_bytes data; /* inflated */
    unsigned method;
    bool descriptor; /* the sizes follow the data, and are 0 before it */
    bool zip64;
} entry;

typedef struct archive {
    entry entries[ENTRIES_MAX];
    size_t count;
} archive;

/* ---- taking apart ---- */

static void inflate_data(fuzz_bytes *out, const uint8_t *data, size_t size)
{
    uint8_t *inflated = malloc(DATA_MAX);
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)data,
                       .avail_in = (uInt)size,
                       .next_out = inflated,
                       .avail_out = DATA_MAX};
    fuzz_check(inflated && inflateInit2(&stream, -MAX_WBITS) == Z_OK, "zlib does not start");
    inflate(&stream, Z_FINISH);
    fuzz_append(out, inflated, DATA_MAX - stream.avail_out);
    inflateEnd(&stream);
    free(inflated);
}

/* Reads the entry that the central record at `central` describes. False: it is not in the file. */
static bool read_entry(const uint8_t *data, size_t size, const uint8_t *central, entry *read)
{
    const uint64_t compressed = fuzz_little(central + 20, 4), at = fuzz_little(central + 42, 4);
    *read = (entry){.name_size = (size_t)fuzz_little(central + 28, 2),
                    .method = (unsigned)fuzz_little(central + 10, 2),
                    .descriptor = central[8] & 8};
    if (read->name_size > sizeof(read->name) || size < LOCAL_SIZE || at > size - LOCAL_SIZE)
        return false;
    const uint64_t begin =
        at + LOCAL_SIZE + fuzz_little(data + at + 26, 2) + fuzz_little(data + at + 28, 2);
    if (begin > size || compressed > size - begin)
        return false;
    memcpy(read->name, central + CENTRAL_SIZE, read->name_size);
    if (read->method == DEFLATED)
        inflate_data(&read->data, data + begin, (size_t)compressed);
    else
        fuzz_append(&read->data, data + begin, (size_t)compressed);
    return true;
}

/* Takes an archive apart into those entries whose sizes stand in the central directory itself. */
static void take_apart(const uint8_t *data, size_t size, archive *apart)
{
    apart->count = 0;
    size_t end = size >= END_SIZE ? size - END_SIZE : 0;
    while (end > 0 && memcmp(data + end, "PK\5\6", 4) != 0)
        end--;
    size_t at = end > 0 ? (size_t)fuzz_little(data + end + 16, 4) : size;
    while (at < size && size - at >= CENTRAL_SIZE && memcmp(data + at, "PK\1\2", 4) == 0 &&
           apart->count < ENTRIES_MAX) {
        const uint8_t *central = data + at;
        const size_t length = CENTRAL_SIZE + (size_t)fuzz_little(central + 28, 2) +
                              (size_t)fuzz_little(central + 30, 2) +
                              (size_t)fuzz_little(central + 32, 2);
        if (length > size - at)
            break;
        apart->count += read_entry(data, size, central, apart->entries + apart->count);
        at += length;
    }
}

static void release(archive *apart)
{
    for (size_t i = 0; i < apart->count; i++)
        free(apart->entries[i].data.data);
    apart->count = 0;
}

/* ---- putting together ---- */

static void deflate_data(fuzz_bytes *out, const fuzz_bytes *data)
{
    z_stream stream = {.next_in = data->data, .avail_in = (uInt)data->size};
    fuzz_check(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, -MAX_WBITS, 8, Z_FIXED) == Z_OK,
               "zlib does not start");
    const size_t room = deflateBound(&stream, data->size);
    uint8_t *deflated = malloc(room);
    fuzz_check(deflated != NULL, "no memory for deflated data");
    stream.next_out = deflated;
    stream.avail_out = (uInt)room;
    deflate(&stream, Z_FINISH);
    fuzz_append(out, deflated, room - stream.avail_out);
    deflateEnd(&stream);
    free(deflated);
}

/* Writes the part that the two headers of an entry share: version, flags, method, time and date,
 * check sum and sizes, lengths of name and extra field. */
static void put_header(fuzz_bytes *out, const entry *e, uint32_t sum, size_t compressed,
                       size_t extra)
{
    fuzz_append_little(out, 20, 2);
    fuzz_append_little(out, e->descriptor ? 8 : 0, 2);
    fuzz_append_little(out, e->method, 2);
    fuzz_append_little(out, 0, 4);
    fuzz_append_little(out, sum, 4);
    fuzz_append_little(out, extra > 0 ? UINT32_MAX : compressed, 4);
    fuzz_append_little(out, extra > 0 ? UINT32_MAX : e->data.size, 4);
    fuzz_append_little(out, e->name_size, 2);
    fuzz_append_little(out, extra, 2);
}

static void put_name(fuzz_bytes *out, const entry *e, size_t compressed, size_t extra)
{
    fuzz_append(out, e->name, e->name_size);
    if (extra == 0)
        return;
    fuzz_append_little(out, 1, 2);
    fuzz_append_little(out, extra - 4, 2);
    fuzz_append_little(out, e->data.size, 8);
    fuzz_append_little(out, compressed, 8);
}

/* Writes the entry's header and data to `out`, and its record to `directory`. */
static void put_entry(fuzz_bytes *out, fuzz_bytes *directory, const entry *e)
{
    const size_t begin = out->size, extra = e->zip64 ? 20 : 0;
    const uint32_t sum = fuzz_crc32(e->data.data, e->data.size);
    fuzz_bytes data = {NULL, 0, 0};
    if (e->method == DEFLATED)
        deflate_data(&data, &e->data);
    else
        fuzz_append(&data, e->data.data, e->data.size);
    fuzz_append_text(out, "PK\3\4");
    put_header(out, e, e->descriptor ? 0 : sum, e->descriptor ? 0 : data.size, 0);
    put_name(out, e, data.size, 0);
    fuzz_append(out, data.data, data.size);
    if (e->descriptor) {
        fuzz_append_text(out, "PK\7\10");
        fuzz_append_little(out, sum, 4);
        fuzz_append_little(out, data.size, 4);
        fuzz_append_little(out, e->data.size, 4);
    }
    fuzz_append_text(directory, "PK\1\2");
    fuzz_append_little(directory, 20, 2);
    put_header(directory, e, sum, data.size, extra);
    fuzz_append_little(directory, 0, 10);
    fuzz_append_little(directory, begin, 4);
    put_name(directory, e, data.size, extra);
    free(data.data);
}

static void put_together(const archive *apart, fuzz_bytes *out)
{
    fuzz_bytes directory = {NULL, 0, 0};
    for (size_t i = 0; i < apart->count; i++)
        put_entry(out, &directory, apart->entries + i);
    const size_t begin = out->size;
    fuzz_append(out, directory.data, directory.size);
    fuzz_append_text(out, "PK\5\6");
    fuzz_append_little(out, 0, 4);
    fuzz_append_little(out, apart->count, 2);
    fuzz_append_little(out, apart->count, 2);
    fuzz_append_little(out, directory.size, 4);
    fuzz_append_little(out, begin, 4);
    fuzz_append_little(out, 0, 2);
    free(directory.data);
}

/* ---- changes ---- */

static void set_name(entry *e, const char *name)
{
    e->name_size = strlen(name);
    memcpy(e->name, name, e->name_size);
}

static bool ends_with(const entry *e, const char *tail)
{
    const size_t size = strlen(tail);
    return e->name_size >= size && memcmp(e->name + e->name_size - size, tail, size) == 0;
}

/* The entry that is the pickle; NULL: there is none. */
static entry *find_pickle(archive *apart)
{
    for (size_t i = 0; i < apart->count; i++) {
        if (ends_with(apart->entries + i, ".pkl"))
            return apart->entries + i;
    }
    return NULL;
}

/* Gives every storage that the pickle names an entry of the right size. */
static void fit_storages(archive *apart, const entry *pickle, const pickle_list *list)
{
    pickle_storage storages[ENTRIES_MAX];
    const size_t count = pickle_storages(list, storages, ENTRIES_MAX);
    const size_t folder = pickle->name_size - strlen("data.pkl");
    for (size_t i = 0; i < count && apart->count < ENTRIES_MAX; i++) {
        entry made = {.method = STORED};
        if (pickle->name_size < strlen("data.pkl") ||
            folder + 5 + storages[i].key_size > sizeof(made.name))
            continue;
        memcpy(made.name, pickle->name, folder);
        memcpy(made.name + folder, "data/", 5);
        memcpy(made.name + folder + 5, storages[i].key, storages[i].key_size);
        made.name_size = folder + 5 + storages[i].key_size;
        entry *found = apart->entries;
        while (found < apart->entries + apart->count &&
               (found->name_size != made.name_size ||
                memcmp(found->name, made.name, made.name_size) != 0))
            found++;
        if (found == apart->entries + apart->count)
            apart->entries[apart->count++] = made;
        found->data.size = 0;
        pickle_append_data(storages + i, &found->data);
    }
}

static void finish_pickle(archive *apart, entry *pickle, const pickle_list *list, size_t used,
                          fuzz_random *random)
{
    fuzz_bytes written = {NULL, 0, 0};
    pickle_write(list, &written);
    fuzz_append(&written, pickle->data.data + used, pickle->data.size - used);
    if (fuzz_one_in(random, 2))
        fit_storages(apart, pickle, list);
    free(pickle->data.data);
    pickle->data = written;
}

static void change_pickle(archive *apart, fuzz_random *random)
{
    entry *pickle = find_pickle(apart);
    pickle_list list = {NULL, 0, 0, NULL};
    if (!pickle)
        return;
    const size_t used = pickle_parse(&list, pickle->data.data, pickle->data.size, 2);
    pickle_mutate(&list, random);
    finish_pickle(apart, pickle, &list, used, random);
    pickle_free(&list);
}

static void change_names(archive *apart, fuzz_random *random)
{
    static const char *const names[] = {"archive/data.pkl",
                                        "archive/data/0",
                                        "archive/version",
                                        "archive/byteorder",
                                        "archive/constants.pkl",
                                        "archive/code/a",
                                        "data.pkl",
                                        "a/data.pkl",
                                        "archive/data/",
                                        "archive/",
                                        "__MACOSX/._a",
                                        "",
                                        "archive/.data/serialization_id"};
    entry *e = apart->entries + fuzz_below(random, apart->count);
    set_name(e, names[fuzz_below(random, sizeof(names) / sizeof(names[0]))]);
}

static void change_entry(archive *apart, fuzz_random *random)
{
    entry *e = apart->entries + fuzz_below(random, apart->count);
    switch (fuzz_below(random, 5)) {
    case 0:
        e->method = fuzz_one_in(random, 4) ? (unsigned)fuzz_below(random, 20) : DEFLATED;
        break;
    case 1:
        e->descriptor = !e->descriptor;
        break;
    case 2:
        e->zip64 = !e->zip64;
        break;
    case 3:
        fuzz_mutate_part(&e->data, 0, e->data.size, 64);
        break;
    default:
        e->data.size = fuzz_below(random, e->data.size + 1);
    }
}

static void move_entry(archive *apart, fuzz_random *random)
{
    const size_t a = fuzz_below(random, apart->count), b = fuzz_below(random, apart->count);
    const entry kept = apart->entries[a];
    apart->entries[a] = apart->entries[b];
    apart->entries[b] = kept;
}

static void copy_entry(archive *apart, fuzz_random *random)
{
    const entry *from = apart->entries + fuzz_below(random, apart->count);
    if (apart->count == ENTRIES_MAX)
        return;
    entry copy = *from;
    copy.data = (fuzz_bytes){NULL, 0, 0};
    fuzz_append(&copy.data, from->data.data, from->data.size);
    apart->entries[apart->count++] = copy;
}

static void remove_entry(archive *apart, fuzz_random *random)
{
    entry *e = apart->entries + fuzz_below(random, apart->count);
    free(e->data.data);
    *e = apart->entries[--apart->count];
}

/* Makes the whole archive the only entry of a new one. */
static void nest(archive *apart, fuzz_random *random)
{
    entry inner = {.method = fuzz_one_in(random, 2) ? DEFLATED : STORED};
    set_name(&inner, fuzz_one_in(random, 2) ? "model.pth" : "a/checkpoint.pt");
    put_together(apart, &inner.data);
    release(apart);
    apart->entries[apart->count++] = inner;
}

static void change_archive(archive *apart, fuzz_random *random)
{
    static void (*const changes[])(archive *, fuzz_random *) = {
        change_names, change_entry, change_entry, move_entry, copy_entry, remove_entry, nest};
    if (!fuzz_one_in(random, 3))
        change_pickle(apart, random);
    else if (apart->count > 0)
        changes[fuzz_below(random, sizeof(changes) / sizeof(changes[0]))](apart, random);
}

/* Changes a number in one of the archive's own records. */
static void change_record(fuzz_bytes *bytes, fuzz_random *random)
{
    const size_t start = fuzz_below(random, bytes->size);
    for (size_t i = 0; i < bytes->size; i++) {
        const size_t at = (start + i) % bytes->size;
        if (bytes->size - at < CENTRAL_SIZE || memcmp(bytes->data + at, "PK", 2) != 0)
            continue;
        const size_t width = fuzz_one_in(random, 2) ? 2 : 4;
        uint8_t *number = bytes->data + at + 4 + 2 * fuzz_below(random, 20);
        fuzz_set_little(number, fuzz_odd_number(random, fuzz_little(number, width)), width);
        return;
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static archive apart;
    fuzz_random random = {seed};
    fuzz_bytes bytes = {NULL, 0, 0};
    if (fuzz_one_in(&random, 10))
        return LLVMFuzzerMutate(data, size, max_size);
    take_apart(data, size, &apart);
    if (apart.count == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    change_archive(&apart, &random);
    put_together(&apart, &bytes);
    release(&apart);
    if (fuzz_one_in(&random, 8))
        change_record(&bytes, &random);
    return fuzz_deliver(&bytes, data, max_size);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned seed)
{
    static archive apart, other;
    fuzz_random random = {seed};
    fuzz_bytes bytes = {NULL, 0, 0};
    pickle_list list = {NULL, 0, 0, NULL}, donor = list;
    take_apart(data1, size1, &apart);
    take_apart(data2, size2, &other);
    entry *pickle = find_pickle(&apart), *source = find_pickle(&other);
    if (pickle && source) {
        const size_t used = pickle_parse(&list, pickle->data.data, pickle->data.size, 2);
        pickle_parse(&donor, source->data.data, source->data.size, 2);
        pickle_cross(&list, &donor, &random);
        finish_pickle(&apart, pickle, &list, used, &random);
    }
    put_together(&apart, &bytes);
    pickle_free(&list);
    pickle_free(&donor);
    release(&apart);
    release(&other);
    return fuzz_deliver(&bytes, out, max_out);
}
