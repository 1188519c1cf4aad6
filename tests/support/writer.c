/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_ELEMENTS = 1 << 15, ZIP_ALIGNMENT = 64 };

typedef struct writer {
    FILE *file;
    const test_tensor *tensors;
    size_t count;
    test_writer_options options;
    segent_container container;
    uint32_t memo; /* next memo index of the pickle being written */
    uint32_t crc;  /* of what was written since it was last set to 0 */
} writer;

/* ---- dtypes and shapes ---- */

static const struct {
    segent_dtype dtype;
    size_t size;
    const char *storage, *safetensors;
} dtypes[] = {{SEGENT_DTYPE_F32, 4, "FloatStorage", "F32"},
              {SEGENT_DTYPE_F16, 2, "HalfStorage", "F16"},
              {SEGENT_DTYPE_BF16, 2, "BFloat16Storage", "BF16"},
              {SEGENT_DTYPE_F64, 8, "DoubleStorage", "F64"},
              {SEGENT_DTYPE_I64, 8, "LongStorage", "I64"},
              {SEGENT_DTYPE_I32, 4, "IntStorage", "I32"},
              {SEGENT_DTYPE_I16, 2, "ShortStorage", "I16"},
              {SEGENT_DTYPE_I8, 1, "CharStorage", "I8"},
              {SEGENT_DTYPE_U8, 1, "ByteStorage", "U8"},
              {SEGENT_DTYPE_BOOL, 1, "BoolStorage", "BOOL"}};

static size_t dtype_index(segent_dtype dtype)
{
    for (size_t i = 0; i < sizeof(dtypes) / sizeof(dtypes[0]); i++) {
        if (dtypes[i].dtype == dtype)
            return i;
    }
    fail_msg("no dtype %d", (int)dtype);
    return 0;
}

size_t test_dtype_size(segent_dtype dtype)
{
    return dtypes[dtype_index(dtype)].size;
}

static bool is_dense(const test_tensor *tensor)
{
    for (int i = 0; i < tensor->rank; i++) {
        if (tensor->stride[i] != 0)
            return false;
    }
    return true;
}

/* Finds the strides that go into the file. */
static void find_strides(const test_tensor *tensor, int64_t *stride)
{
    int64_t step = 1;
    for (int i = tensor->rank - 1; i >= 0; i--) {
        stride[i] = is_dense(tensor) ? step : tensor->stride[i];
        step *= tensor->shape[i] > 0 ? tensor->shape[i] : 1;
    }
}

/* The number of elements of a tensor's storage, which ends with the tensor's last one. */
static int64_t storage_count(const test_tensor *tensor)
{
    int64_t stride[SEGENT_RANK_MAX], last = 0;
    find_strides(tensor, stride);
    for (int i = 0; i < tensor->rank; i++) {
        if (tensor->shape[i] == 0)
            return 0;
        last += (tensor->shape[i] - 1) * stride[i];
    }
    return last + 1;
}

static uint64_t storage_bytes(const test_tensor *tensor)
{
    return (uint64_t)storage_count(tensor) * test_dtype_size(tensor->dtype);
}

/* ---- bytes ---- */

static uint32_t crc_update(uint32_t crc, const unsigned char *bytes, size_t size)
{
    static uint32_t table[256];
    for (uint32_t i = 0; table[255] == 0 && i < 256; i++) {
        uint32_t value = i;
        for (int bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
        table[i] = value;
    }
    crc = ~crc;
    for (size_t i = 0; i < size; i++)
        crc = table[(crc ^ bytes[i]) & 255] ^ crc >> 8;
    return ~crc;
}

static void put(writer *w, const void *bytes, size_t size)
{
    if (w->container == SEGENT_CONTAINER_ZIP)
        w->crc = crc_update(w->crc, bytes, size);
    assert_int_equal(fwrite(bytes, 1, size, w->file), size);
}

static void put_text(writer *w, const char *text)
{
    put(w, text, strlen(text));
}

/* Writes a little-endian number. */
static void put_number(writer *w, uint64_t value, size_t size)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)(value >> 8 * i);
    put(w, bytes, size);
}

static uint64_t position(const writer *w)
{
    const long at = ftell(w->file);
    assert_true(at >= 0);
    return (uint64_t)at;
}

static void put_storage(writer *w, const test_tensor *tensor)
{
    const int64_t count = storage_count(tensor);
    if (tensor->data) {
        put(w, tensor->data, storage_bytes(tensor));
        return;
    }
    void *chunk = malloc(CHUNK_ELEMENTS * sizeof(double));
    assert_non_null(chunk);
    for (int64_t first = 0; first < count; first += CHUNK_ELEMENTS) {
        const int64_t left = count - first, some = left < CHUNK_ELEMENTS ? left : CHUNK_ELEMENTS;
        tensor->fill(tensor->user, tensor, first, some, chunk);
        put(w, chunk, (size_t)some * test_dtype_size(tensor->dtype));
    }
    free(chunk);
}

/* ---- pickle, protocol 2 ---- */

static void memoize(writer *w)
{
    put_text(w, w->memo < 256 ? "q" : "r");
    put_number(w, w->memo, w->memo < 256 ? 1 : 4);
    w->memo++;
}

static void pickle_string(writer *w, const char *text)
{
    put_text(w, "X");
    put_number(w, strlen(text), 4);
    put_text(w, text);
    memoize(w);
}

static void pickle_integer(writer *w, int64_t value)
{
    if (value >= 0 && value < 256) {
        put_text(w, "K");
        put_number(w, (uint64_t)value, 1);
    } else if (value >= 0 && value < 65536) {
        put_text(w, "M");
        put_number(w, (uint64_t)value, 2);
    } else if (value == (int32_t)value) {
        put_text(w, "J");
        put_number(w, (uint64_t)value, 4);
    } else {
        put_text(w, "\x8a\x08");
        put_number(w, (uint64_t)value, 8);
    }
}

static void pickle_global(writer *w, const char *module, const char *name)
{
    put_text(w, "c");
    put_text(w, module);
    put_text(w, "\n");
    put_text(w, name);
    put_text(w, "\n");
    memoize(w);
}

static void pickle_ordered_dict(writer *w)
{
    pickle_global(w, "collections", "OrderedDict");
    put_text(w, ")R");
    memoize(w);
}

static void pickle_integers(writer *w, const int64_t *integers, int count)
{
    put_text(w, count > 0 ? "(" : ")");
    for (int i = 0; i < count; i++)
        pickle_integer(w, integers[i]);
    if (count > 0) {
        put_text(w, "t");
        memoize(w);
    }
}

static const char *storage_key(size_t index)
{
    static char key[32];
    snprintf(key, sizeof(key), "%zu", index);
    return key;
}

/* Pickles a storage's id: ("storage", type, key, location, elements), with a sixth member None in
 * the legacy form. */
static void pickle_storage(writer *w, size_t index)
{
    const test_tensor *tensor = w->tensors + index;
    put_text(w, "(");
    pickle_string(w, "storage");
    pickle_global(w, "torch", dtypes[dtype_index(tensor->dtype)].storage);
    pickle_string(w, storage_key(index));
    pickle_string(w, w->options.location ? w->options.location : "cpu");
    pickle_integer(w, storage_count(tensor));
    put_text(w, w->container == SEGENT_CONTAINER_LEGACY ? "Nt" : "t");
    memoize(w);
    put_text(w, "Q");
}

static void pickle_tensor(writer *w, size_t index)
{
    const test_tensor *tensor = w->tensors + index;
    int64_t stride[SEGENT_RANK_MAX];
    find_strides(tensor, stride);
    pickle_global(w, "torch._utils", "_rebuild_tensor_v2");
    put_text(w, "(");
    pickle_storage(w, index);
    pickle_integer(w, 0);
    pickle_integers(w, tensor->shape, tensor->rank);
    pickle_integers(w, stride, tensor->rank);
    put_text(w, "\x89"); /* requires_grad */
    pickle_ordered_dict(w);
    put_text(w, "t");
    memoize(w);
    put_text(w, "R");
    memoize(w);
}

/* Pickles an OrderedDict with the attribute _metadata, as Module.state_dict() returns it. */
static void pickle_state(writer *w)
{
    const char *prefix = w->options.prefix ? w->options.prefix : "";
    pickle_ordered_dict(w);
    put_text(w, "(");
    for (size_t i = 0; i < w->count; i++) {
        char name[512];
        assert_true(snprintf(name, sizeof(name), "%s%s", prefix, w->tensors[i].name) <
                    (int)sizeof(name));
        pickle_string(w, name);
        pickle_tensor(w, i);
    }
    put_text(w, "u}");
    memoize(w);
    pickle_string(w, "_metadata");
    pickle_ordered_dict(w);
    pickle_string(w, "");
    put_text(w, "}");
    memoize(w);
    pickle_string(w, "version");
    pickle_integer(w, 1);
    put_text(w, "sssb");
}

static void begin_pickle(writer *w)
{
    put_text(w, "\x80\x02");
    w->memo = 0;
}

static void pickle_object(writer *w)
{
    begin_pickle(w);
    if (w->options.wrapper) {
        put_text(w, "}");
        memoize(w);
        pickle_string(w, w->options.wrapper);
    }
    pickle_state(w);
    put_text(w, w->options.wrapper ? "s." : ".");
}

/* ---- legacy ---- */

static void pickle_machine(writer *w)
{
    static const struct {
        const char *name;
        int size;
    } types[] = {{"short", 2}, {"int", 4}, {"long", 4}};
    begin_pickle(w);
    put_text(w, "}(");
    pickle_string(w, "protocol_version");
    pickle_integer(w, 1001);
    pickle_string(w, "little_endian");
    put_text(w, "\x88");
    pickle_string(w, "type_sizes");
    put_text(w, "}(");
    for (size_t i = 0; i < 3; i++) {
        pickle_string(w, types[i].name);
        pickle_integer(w, types[i].size);
    }
    put_text(w, "uu.");
}

static void write_legacy(writer *w)
{
    put(w, "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);
    begin_pickle(w);
    pickle_integer(w, 1001);
    put_text(w, ".");
    pickle_machine(w);
    pickle_object(w);
    begin_pickle(w);
    put_text(w, "](");
    for (size_t i = 0; i < w->count; i++)
        pickle_string(w, storage_key(i));
    put_text(w, "e.");
    for (size_t i = 0; i < w->count; i++) {
        put_number(w, (uint64_t)storage_count(w->tensors + i), 8);
        put_storage(w, w->tensors + i);
    }
}

/* ---- zip ---- */

typedef struct zip_entry {
    char name[256];
    uint64_t header, size;
    uint32_t crc;
} zip_entry;

/* Writes the local header; its checksum and size are filled in by end_entry. */
static void begin_entry(writer *w, zip_entry *entry, const char *name)
{
    const char *archive = w->options.archive ? w->options.archive : "archive";
    assert_true(snprintf(entry->name, sizeof(entry->name), "%s/%s", archive, name) <
                (int)sizeof(entry->name));
    entry->header = position(w);
    const size_t length = strlen(entry->name);
    /* As torch does, an extra field "FB" makes the data begin at a multiple of 64. */
    const uint64_t bare = entry->header + 30 + length + 4;
    const uint64_t padding = (ZIP_ALIGNMENT - bare % ZIP_ALIGNMENT) % ZIP_ALIGNMENT;
    put_number(w, 0x04034b50, 4);
    put_number(w, 0, 2); /* version needed */
    put_number(w, 0, 8); /* flags, method, time, date */
    put_number(w, 0, 8); /* checksum, compressed size */
    put_number(w, 0, 4); /* size */
    put_number(w, length, 2);
    put_number(w, padding + 4, 2);
    put_text(w, entry->name);
    put_text(w, "FB");
    put_number(w, padding, 2);
    for (uint64_t i = 0; i < padding; i++)
        put_text(w, "Z");
    w->crc = 0;
}

static void end_entry(writer *w, zip_entry *entry, uint64_t begin)
{
    const uint64_t end = position(w);
    entry->crc = w->crc;
    entry->size = end - begin;
    assert_true(end < UINT32_MAX);
    assert_int_equal(fseek(w->file, (long)entry->header + 14, SEEK_SET), 0);
    put_number(w, entry->crc, 4);
    put_number(w, entry->size, 4);
    put_number(w, entry->size, 4);
    assert_int_equal(fseek(w->file, (long)end, SEEK_SET), 0);
}

static void write_directory(writer *w, const zip_entry *entries, size_t count)
{
    const uint64_t begin = position(w);
    for (size_t i = 0; i < count; i++) {
        put_number(w, 0x02014b50, 4);
        put_number(w, 0, 4); /* versions */
        put_number(w, 0, 8); /* flags, method, time, date */
        put_number(w, entries[i].crc, 4);
        put_number(w, entries[i].size, 4);
        put_number(w, entries[i].size, 4);
        put_number(w, strlen(entries[i].name), 2);
        put_number(w, 0, 8); /* extra, comment, disk, internal attributes */
        put_number(w, 0, 4); /* external attributes */
        put_number(w, entries[i].header, 4);
        put_text(w, entries[i].name);
    }
    const uint64_t size = position(w) - begin;
    put_number(w, 0x06054b50, 4);
    put_number(w, 0, 4);
    put_number(w, count, 2);
    put_number(w, count, 2);
    put_number(w, size, 4);
    put_number(w, begin, 4);
    put_number(w, 0, 2);
}

static void write_zip(writer *w)
{
    zip_entry *entries = calloc(w->count + 2, sizeof(*entries));
    assert_non_null(entries);
    begin_entry(w, entries, "data.pkl");
    uint64_t begin = position(w);
    pickle_object(w);
    end_entry(w, entries, begin);
    for (size_t i = 0; i < w->count; i++) {
        char name[64];
        snprintf(name, sizeof(name), "data/%s", storage_key(i));
        begin_entry(w, entries + 1 + i, name);
        begin = position(w);
        put_storage(w, w->tensors + i);
        end_entry(w, entries + 1 + i, begin);
    }
    begin_entry(w, entries + 1 + w->count, "version");
    begin = position(w);
    put_text(w, "3\n");
    end_entry(w, entries + 1 + w->count, begin);
    write_directory(w, entries, w->count + 2);
    free(entries);
}

/* ---- safetensors ---- */

static void json_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '"' || *text == '\\' || (unsigned char)*text < 0x20)
            fprintf(out, "\\u%04x", (unsigned)(unsigned char)*text);
        else
            fputc(*text, out);
    }
}

/* Writes a string of JSON that has two parts. */
static void json_string(FILE *out, const char *prefix, const char *text)
{
    fputc('"', out);
    json_text(out, prefix);
    json_text(out, text);
    fputc('"', out);
}

static void json_metadata(FILE *out, const char *const *metadata)
{
    fputs("\"__metadata__\":{", out);
    for (size_t i = 0; metadata[i]; i += 2) {
        fputs(i > 0 ? "," : "", out);
        json_string(out, "", metadata[i]);
        fputc(':', out);
        json_string(out, "", metadata[i + 1]);
    }
    fputc('}', out);
}

static void json_tensor(FILE *out, const writer *w, const test_tensor *tensor, uint64_t begin)
{
    json_string(out, w->options.prefix ? w->options.prefix : "", tensor->name);
    fprintf(out, ":{\"dtype\":\"%s\",\"shape\":[", dtypes[dtype_index(tensor->dtype)].safetensors);
    for (int i = 0; i < tensor->rank; i++)
        fprintf(out, "%s%lld", i > 0 ? "," : "", (long long)tensor->shape[i]);
    fprintf(out, "],\"data_offsets\":[%llu,%llu]}", (unsigned long long)begin,
            (unsigned long long)(begin + storage_bytes(tensor)));
}

static void write_safetensors(writer *w)
{
    char *header = NULL;
    size_t size = 0;
    uint64_t at = 0;
    FILE *out = open_memstream(&header, &size);
    assert_non_null(out);
    fputc('{', out);
    if (w->options.metadata)
        json_metadata(out, w->options.metadata);
    for (size_t i = 0; i < w->count; i++) {
        assert_true(is_dense(w->tensors + i));
        fputs(i > 0 || w->options.metadata ? "," : "", out);
        json_tensor(out, w, w->tensors + i, at);
        at += storage_bytes(w->tensors + i);
    }
    fputc('}', out);
    while (ftell(out) % 8 != 0)
        fputc(' ', out);
    assert_int_equal(fclose(out), 0);
    put_number(w, size, 8);
    put(w, header, size);
    free(header);
    for (size_t i = 0; i < w->count; i++)
        put_storage(w, w->tensors + i);
}

/* ---- the whole ---- */

void test_write_checkpoint(const char *path, segent_container container, const test_tensor *tensors,
                           size_t count, const test_writer_options *options)
{
    writer w = {.tensors = tensors, .count = count, .container = container};
    if (options)
        w.options = *options;
    w.file = fopen(path, "wb");
    if (!w.file)
        fail_msg("cannot write %s", path);
    if (container == SEGENT_CONTAINER_LEGACY)
        write_legacy(&w);
    else if (container == SEGENT_CONTAINER_ZIP)
        write_zip(&w);
    else
        write_safetensors(&w);
    assert_int_equal(fclose(w.file), 0);
}
