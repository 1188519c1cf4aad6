/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Makes checkpoints byte by byte, so that anything can be wrong with them. */

#ifndef TEST_HOSTILE_H
#define TEST_HOSTILE_H

#include "support.h"

/* Bytes that grow. Start from {0}; free with bytes_free(). */
typedef struct bytes {
    unsigned char *data;
    size_t size, capacity;
} bytes;

void bytes_put(bytes *b, const void *data, size_t size);
void bytes_text(bytes *b, const char *text);
void bytes_number(bytes *b, uint64_t value, size_t size); /* little-endian */
void bytes_repeat(bytes *b, const char *text, size_t times);
void bytes_free(bytes *b);

/* A string literal that may hold NULs. */
#define bytes_literal(b, literal) bytes_put((b), (literal), sizeof(literal) - 1)

/* ---- pickles ---- */

void put_string(bytes *b, const char *text);
void put_integer(bytes *b, int64_t value);

/* What a tensor's pickle says. A member that is not given is that of a vector of four floats. */
typedef struct tensor_parts {
    const char *global;  /* "torch._utils\n_rebuild_tensor_v2\n" */
    const char *storage; /* "torch\nFloatStorage\n" */
    const char *key;     /* "0" */
    int64_t count;       /* of the storage; 0: 4, -1: 0 */
    int64_t offset;
    int rank;                    /* 0: 1; -1: 0 */
    int64_t shape[4], stride[4]; /* {4}, {1} */
    int stride_rank;             /* as rank unless given */
} tensor_parts;
void put_tensor(bytes *b, tensor_parts parts);

/* Makes a whole file of the legacy form: the pickle `object`, which has a STOP but no PROTO, then
 * the storages "0", "1", ... of four floats each. Frees `object`. */
bytes legacy_file(bytes *object, int storages);

/* Makes such a file whose object is {"w": tensor}. */
bytes legacy_tensor(tensor_parts parts);

/* ---- is it refused? ---- */

/* Loads `b` from memory of exactly its size, asserts that it is refused with this status and a
 * sentence that contains `part`, and frees it. */
void assert_refused(bytes *b, segent_status status, const char *part);

/* Asserts the same of a file. */
void assert_file_refused(const char *path, segent_status status, const char *part);

/* Loads `b` from memory into a checkpoint that the caller destroys. Fails the test if it is
 * refused.
 */
segent_checkpoint *load_bytes(segent_context *context, const bytes *b);

#endif
