/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "safetensors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "json.h"
#include "rounding.h"
#include "utf8.h"

enum { ALIGNMENT = 64, SIZE_BYTES = 8, BLOCK = 4096 /* values that are made bytes at a time */ };

static const struct {
    const char *name;
    size_t size;
} storages[] = {[STORE_F32] = {"F32", 4}, [STORE_F16] = {"F16", 2}, [STORE_BF16] = {"BF16", 2}};

size_t storage_size(sg_storage storage)
{
    return storages[storage].size;
}

/* ---- the header ---- */

char *safetensors_text(const char *text)
{
    static const char replacement[] = "\xef\xbf\xbd";
    char *repaired = memory_need(strlen(text) + 1, sizeof(replacement));
    char *end = repaired;
    while (*text) {
        const char *start = text;
        const bool valid = utf8_next(&text) != UTF8_INVALID;
        const size_t length = valid ? (size_t)(text - start) : sizeof(replacement) - 1;
        memcpy(end, valid ? start : replacement, length);
        end += length;
    }
    *end = '\0';
    return repaired;
}

static void write_notes(sg_json *json, const sg_note *notes, int count)
{
    json_open_object(json, "__metadata__");
    for (int i = 0; i < count; i++) {
        char *value = safetensors_text(notes[i].value);
        json_text(json, notes[i].key, value);
        free(value);
    }
    json_close_object(json);
}

/* Describes a tensor whose values begin at `offset`. Returns where they end. */
static int64_t write_tensor(sg_json *json, const sg_weights *tensor, sg_storage storage,
                            int64_t offset)
{
    const int64_t end = offset + tensor->elements * (int64_t)storages[storage].size;
    json_open_object(json, tensor->name);
    json_text(json, "dtype", storages[storage].name);
    json_open_list(json, "shape");
    for (int32_t axis = 0; axis < tensor->rank; axis++)
        json_integer(json, NULL, tensor->shape[axis]);
    json_close_list(json);
    json_open_list(json, "data_offsets");
    json_integer(json, NULL, offset);
    json_integer(json, NULL, end);
    json_close_list(json);
    json_close_object(json);
    return end;
}

static void write_size(char *header, uint64_t size)
{
    for (int i = 0; i < SIZE_BYTES; i++)
        header[i] = (char)(unsigned char)(size >> 8 * i);
}

char *safetensors_header(const sg_weights *tensors, int64_t count, const sg_note *notes,
                         int note_count, sg_storage storage, size_t *size)
{
    char *text = NULL;
    size_t length = 0;
    int64_t offset = 0;
    sg_json json = {.file = open_memstream(&text, &length)};
    if (!json.file)
        out_of_memory();
    for (int i = 0; i < SIZE_BYTES; i++)
        putc(' ', json.file);
    json_open_object(&json, NULL);
    write_notes(&json, notes, note_count);
    for (int64_t i = 0; i < count; i++)
        offset = write_tensor(&json, &tensors[i], storage, offset);
    json_close_object(&json);
    fflush(json.file);
    for (size_t i = length; i % ALIGNMENT != 0; i++)
        putc(' ', json.file);
    const bool failed = ferror(json.file) != 0;
    if (fclose(json.file) != 0 || failed)
        out_of_memory();
    write_size(text, length - SIZE_BYTES);
    *size = length;
    return text;
}

/* ---- the values ---- */

/* The value's bits as they are stored. False: it cannot be stored. */
static bool encode(float value, sg_storage storage, uint32_t *bits)
{
    if (!isfinite(value))
        return false;
    switch (storage) {
    case STORE_F16:
        *bits = round_to_float16(value);
        return (*bits & 0x7fffu) < 0x7c00u;
    case STORE_BF16:
        *bits = round_to_bfloat16(value);
        return (*bits & 0x7fffu) < 0x7f80u;
    case STORE_F32:
        break;
    }
    memcpy(bits, &value, sizeof(*bits));
    return true;
}

int64_t safetensors_write(sg_whole_file *file, const float *values, int64_t count,
                          sg_storage storage)
{
    unsigned char bytes[4 * BLOCK];
    const size_t size = storages[storage].size;
    size_t used = 0;
    for (int64_t i = 0; i < count; i++) {
        uint32_t bits;
        if (!encode(values[i], storage, &bits))
            return i;
        for (size_t byte = 0; byte < size; byte++)
            bytes[used++] = (unsigned char)(bits >> 8 * byte);
        if (used == size * BLOCK || i == count - 1) {
            whole_file_write(file, bytes, used);
            used = 0;
        }
    }
    return -1;
}
