/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The header of an .npy file: what its values are and how they lie. */

#ifndef NPY_HEADER_H
#define NPY_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NPY_PREAMBLE = 10, NPY_RANK_MAX = 8 };

typedef struct sg_npy_header {
    bool big_endian, fortran;
    int bytes; /* of one value: 2, 4 or 8 */
    int rank;
    int64_t shape[NPY_RANK_MAX];
    size_t start; /* where the values begin */
} sg_npy_header;

/* Reads a header as numpy.load does, in every spelling that versions of NumPy have written, of
 * floating point values of 2, 4 or 8 bytes. False: `error` holds a sentence, which names another
 * kind of file where the first bytes tell it. */
bool npy_header_read(const void *bytes, size_t size, sg_npy_header *header, char *error,
                     size_t error_size);

bool is_little_endian(void);

#endif
