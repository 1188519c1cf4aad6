/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Writes checkpoints in the three containers that the library reads, as torch and safetensors would
 * write them. It trusts what it is given, and any failure fails the test. Values are streamed, so
 * that a network of 244 MB never lies in memory. */

#ifndef TEST_WRITER_H
#define TEST_WRITER_H

#include "support.h"

typedef struct test_tensor test_tensor;

/* Fills `elements` with the storage's elements first .. first + count - 1, in the tensor's dtype
 * and little-endian. It is called with ascending `first` and no gaps, once for every element. */
typedef void (*test_fill_fn)(void *user, const test_tensor *tensor, int64_t first, int64_t count,
                             void *elements);

struct test_tensor {
    const char *name;
    segent_dtype dtype;
    int rank; /* 0 to 8 */
    int64_t shape[SEGENT_RANK_MAX];
    int64_t stride[SEGENT_RANK_MAX]; /* in elements; all 0 (or rank 0): dense in C order, which
                                        safetensors must be */
    const void
        *data; /* the values of the storage (dense: of the tensor), or NULL: `fill` is asked */
    test_fill_fn fill;
    void *user; /* for `fill` */
};

/* Every member may be NULL, and so may the pointer to this struct. */
typedef struct test_writer_options {
    const char *wrapper;  /* the state dict goes into a dict under this key, as in {"model": ...} */
    const char *prefix;   /* before each tensor's name, such as "module." */
    const char *location; /* of the storages; "cpu" */
    const char *archive;  /* folder of the zip form's entries; "archive" */
    const char *const *metadata; /* safetensors' __metadata__: key, value, key, value, ..., NULL */
} test_writer_options;

/* Writes a file with `count` tensors in this order. Each has a storage of its own. */
void test_write_checkpoint(const char *path, segent_container container, const test_tensor *tensors,
                           size_t count, const test_writer_options *options);

/* Bytes of one element. */
size_t test_dtype_size(segent_dtype dtype);

#endif
