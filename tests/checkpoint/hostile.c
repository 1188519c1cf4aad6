/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "hostile.h"

#include <stdlib.h>
#include <string.h>

void bytes_put(bytes *b, const void *data, size_t size)
{
    if (b->size + size > b->capacity) {
        b->capacity = 2 * (b->size + size);
        b->data = realloc(b->data, b->capacity);
        assert_non_null(b->data);
    }
    memcpy(b->data + b->size, data, size);
    b->size += size;
}

void bytes_text(bytes *b, const char *text)
{
    bytes_put(b, text, strlen(text));
}

void bytes_number(bytes *b, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const unsigned char byte = (unsigned char)(value >> 8 * i);
        bytes_put(b, &byte, 1);
    }
}

void bytes_repeat(bytes *b, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        bytes_text(b, text);
}

void bytes_free(bytes *b)
{
    free(b->data);
    *b = (bytes){NULL, 0, 0};
}

void put_string(bytes *b, const char *text)
{
    bytes_text(b, "X");
    bytes_number(b, strlen(text), 4);
    bytes_text(b, text);
}

void put_integer(bytes *b, int64_t value)
{
    bytes_literal(b, "\x8a\x08");
    bytes_number(b, (uint64_t)value, 8);
}

static void put_integers(bytes *b, const int64_t *values, int count)
{
    bytes_text(b, "(");
    for (int i = 0; i < count; i++)
        put_integer(b, values[i]);
    bytes_text(b, "t");
}

void put_tensor(bytes *b, tensor_parts parts)
{
    if (parts.rank == 0) {
        parts.rank = 1;
        parts.shape[0] = parts.shape[0] ? parts.shape[0] : 4;
        parts.stride[0] = parts.stride[0] ? parts.stride[0] : 1;
    }
    const int rank = parts.rank > 0 ? parts.rank : 0;
    bytes_text(b, "c");
    bytes_text(b, parts.global ? parts.global : "torch._utils\n_rebuild_tensor_v2\n");
    bytes_text(b, "((");
    put_string(b, "storage");
    bytes_text(b, "c");
    bytes_text(b, parts.storage ? parts.storage : "torch\nFloatStorage\n");
    put_string(b, parts.key ? parts.key : "0");
    put_string(b, "cpu");
    put_integer(b, parts.count ? (parts.count == -1 ? 0 : parts.count) : 4);
    bytes_text(b, "NtQ");
    put_integer(b, parts.offset);
    put_integers(b, parts.shape, rank);
    put_integers(b, parts.stride, parts.stride_rank ? parts.stride_rank : rank);
    bytes_literal(b, "\x89)tR");
}

bytes legacy_file(bytes *object, int storages)
{
    bytes b = {0};
    bytes_literal(&b, "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.");
    bytes_literal(&b, "\x80\x02M\xe9\x03.");
    bytes_literal(&b, "\x80\x02}X\x0d\0\0\0little_endian\x88s.");
    bytes_literal(&b, "\x80\x02");
    bytes_put(&b, object->data, object->size);
    bytes_literal(&b, "\x80\x02](");
    for (int i = 0; i < storages; i++) {
        const char key[] = {(char)('0' + i), 0};
        put_string(&b, key);
    }
    bytes_text(&b, "e.");
    for (int i = 0; i < storages; i++) {
        bytes_number(&b, 4, 8);
        for (uint64_t k = 0; k < 4; k++)
            bytes_number(&b, 0x3f800000 + (k << 20), 4);
    }
    bytes_free(object);
    return b;
}

bytes legacy_tensor(tensor_parts parts)
{
    bytes object = {0};
    bytes_text(&object, "}");
    put_string(&object, "w");
    put_tensor(&object, parts);
    bytes_text(&object, "s.");
    return legacy_file(&object, 1);
}

static void assert_sentence(const segent_context *context, segent_status status,
                            segent_status expected, const char *label, const char *part)
{
    const char *sentence = segent_last_error(context);
    if (status != expected)
        fail_msg("%s (%d), expected %s (%d); last error: %s", segent_status_string(status),
                 (int)status, segent_status_string(expected), (int)expected, sentence);
    if (strncmp(sentence, label, strlen(label)) != 0)
        fail_msg("\"%s\" does not begin with \"%s\"", sentence, label);
    test_assert_error_contains(context, part);
}

void assert_refused(bytes *b, segent_status status, const char *part)
{
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = NULL;
    unsigned char *exact = malloc(b->size);
    assert_non_null(exact);
    memcpy(exact, b->data, b->size);
    const segent_status found = segent_checkpoint_load_memory(context, exact, b->size, &checkpoint);
    assert_null(checkpoint);
    assert_sentence(context, found, status, "memory: ", part);
    free(exact);
    bytes_free(b);
    segent_context_destroy(context);
}

void assert_file_refused(const char *path, segent_status status, const char *part)
{
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = NULL;
    const segent_status found = segent_checkpoint_load(context, path, &checkpoint);
    assert_null(checkpoint);
    assert_sentence(context, found, status, path, part);
    segent_context_destroy(context);
}

segent_checkpoint *load_bytes(segent_context *context, const bytes *b)
{
    segent_checkpoint *checkpoint = NULL;
    test_assert_ok(context, segent_checkpoint_load_memory(context, b->data, b->size, &checkpoint));
    return checkpoint;
}
