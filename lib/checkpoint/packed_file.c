/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Files of packed weights: a front of 64 bytes, JSON, and the weights as runs read them, which stay
 * where they are. Numbers are little-endian, but for weights and the mark of byte order:
 *
 *      0  8 bytes  magic
 *      8  u32      number of the form, which changes with the layout of anything behind it
 *     12  u32      mark of byte order
 *     16  u64      bytes of the JSON, which begins at 64
 *     24  u64      where the weights begin, a multiple of 4096
 *     32  u64      bytes of the weights, which the file ends with
 *     40  16 bytes 0
 *     56  u64      sum over the 56 bytes before it and the JSON
 *
 * The JSON is a safetensors header whose tensors have shapes alone. The file has no offset of any
 * weight: where each lies follows from the network, whose sizes together must be those of the
 * block (lib/model/build.c). The sum is against damage, not against malice: everything is checked
 * as if there were none. */

#include <string.h>

#include "table.h"

enum {
    FRONT = 64,
    FORM = 1,
    PAGE = 4096,
    AT_FORM = 8,
    AT_ORDER = 12,
    AT_JSON = 16,
    AT_BEGIN = 24,
    AT_SIZE = 32,
    AT_ZERO = 40,
    AT_SUM = 56,
    JSON_MAX = 100 * 1000 * 1000
};

static const unsigned char magic[8] = {0x93, 'S', 'E', 'G', 'E', 'N', 'T', 0x0a};
static const uint32_t order_mark = 0x01020304;

/* FNV-1a, 64 bits. */
static uint64_t sum_of(uint64_t sum, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ bytes[i]) * 0x100000001b3u;
    return sum;
}

static uint64_t sum_of_file(const unsigned char *front, const void *json, size_t json_size)
{
    return sum_of(sum_of(0xcbf29ce484222325u, front, AT_SUM), json, json_size);
}

/* ---- reading ---- */

bool sg_packed_begins(const unsigned char *data, size_t size)
{
    return size >= sizeof(magic) && memcmp(data, magic, sizeof(magic)) == 0;
}

static segent_status damaged(segent_context *context, const segent_checkpoint *checkpoint,
                             const char *what)
{
    return sg_fail(context, SEGENT_ERROR_FORMAT,
                   "%s: packed weights are damaged: %s; pack the model anew", checkpoint->label,
                   what);
}

static segent_status truncated(segent_context *context, const segent_checkpoint *checkpoint,
                               uint64_t needed)
{
    return sg_fail(context, SEGENT_ERROR_TRUNCATED,
                   "%s: truncated: packed weights take %llu bytes and %zu are there; pack the "
                   "model anew",
                   checkpoint->label, (unsigned long long)needed, checkpoint->size);
}

/* The three numbers of a packed file's front, by which its parts are found. */
typedef struct parts {
    uint64_t json, begin, weights; /* bytes of the JSON; where the weights begin; their bytes */
} parts;

/* Checks the front; everything that `found` says lies in the file afterwards. Numbers are read
 * once, since another process may write to a mapped file after they have been checked. */
static segent_status check_front(segent_context *context, const segent_checkpoint *checkpoint,
                                 parts *found)
{
    unsigned char front[FRONT];
    const size_t size = checkpoint->size;
    static const unsigned char zeros[AT_SUM - AT_ZERO] = {0};
    uint32_t order;
    if (size < FRONT)
        return truncated(context, checkpoint, FRONT);
    memcpy(front, checkpoint->data, FRONT);
    memcpy(&order, front + AT_ORDER, sizeof(order));
    if (sg_le32(front + AT_FORM) != FORM || order != order_mark)
        return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                       "%s: packed weights of form %u for %s byte order, but libsegent %s reads "
                       "form %d in its own; pack the model anew with this version",
                       checkpoint->label, (unsigned)sg_le32(front + AT_FORM),
                       order == order_mark ? "this" : "another", segent_version(), FORM);
    const uint64_t json = sg_le64(front + AT_JSON), begin = sg_le64(front + AT_BEGIN),
                   weights = sg_le64(front + AT_SIZE);
    if (json < 2 || json > JSON_MAX)
        return damaged(context, checkpoint, "the size of the header is impossible");
    if (begin % PAGE != 0 || begin < FRONT + json || begin - FRONT - json >= PAGE)
        return damaged(context, checkpoint, "the weights do not begin behind the header");
    if (weights > UINT64_MAX - begin || begin + weights > size)
        return truncated(context, checkpoint,
                         weights > UINT64_MAX - begin ? UINT64_MAX : begin + weights);
    if (begin + weights < size)
        return damaged(context, checkpoint, "something follows the weights");
    if (memcmp(front + AT_ZERO, zeros, sizeof(zeros)) != 0 ||
        sum_of_file(front, checkpoint->data + FRONT, (size_t)json) != sg_le64(front + AT_SUM))
        return damaged(context, checkpoint, "the sum over the header is another");
    *found = (parts){json, begin, weights};
    return SEGENT_OK;
}

segent_status sg_load_packed(segent_context *context, segent_checkpoint *checkpoint)
{
    parts found = {0, 0, 0};
    const segent_status status = check_front(context, checkpoint, &found);
    if (status != SEGENT_OK)
        return status;
    checkpoint->packed_begin = (size_t)found.begin;
    checkpoint->packed_size = (size_t)found.weights;
    return sg_read_safetensors_header(context, checkpoint, FRONT, (size_t)found.json, true);
}

const void *sg_checkpoint_packed(const segent_checkpoint *checkpoint, size_t *size, bool *mapped)
{
    *size = checkpoint->packed_size;
    *mapped = checkpoint->file.data != NULL;
    return checkpoint->packed_begin > 0 ? checkpoint->data + checkpoint->packed_begin : NULL;
}

segent_checkpoint *sg_checkpoint_retain(const segent_checkpoint *checkpoint)
{
    segent_checkpoint *owned = (segent_checkpoint *)checkpoint;
    atomic_fetch_add(&owned->owners, 1);
    return owned;
}

/* ---- writing ---- */

static void put_number(unsigned char *to, uint64_t number, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to[i] = (unsigned char)(number >> (8 * i));
}

void *sg_packed_front(const sg_allocator *allocator, const char *json, size_t json_size,
                      size_t weights_size, size_t *size)
{
    if (json_size > JSON_MAX)
        return NULL;
    *size = (FRONT + json_size + PAGE - 1) / PAGE * PAGE;
    unsigned char *front = sg_alloc_zero(allocator, *size, 1);
    if (!front)
        return NULL;
    memcpy(front, magic, sizeof(magic));
    put_number(front + AT_FORM, FORM, 4);
    memcpy(front + AT_ORDER, &order_mark, sizeof(order_mark));
    put_number(front + AT_JSON, json_size, 8);
    put_number(front + AT_BEGIN, *size, 8);
    put_number(front + AT_SIZE, weights_size, 8);
    memcpy(front + FRONT, json, json_size);
    put_number(front + AT_SUM, sum_of_file(front, json, json_size), 8);
    return front;
}
