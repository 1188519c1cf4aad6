/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* NumPy's .npy files: reading logits from files that nobody vouches for. */

#ifndef NPY_H
#define NPY_H

#include <stdbool.h>

#include "segent/segent.h"

/* An array C x H x W, or 1 x C x H x W, of floating point numbers. */
typedef struct sg_npy {
    segent_tensor_view view; /* of the bytes that were given, or of `converted` */
    float *converted;        /* owned; NULL: the bytes could be used as they are */
} sg_npy;

/* Reads float16, float32 or float64 of either byte order, as the nearest float32. The bytes must
 * outlive the array. False: `error` holds a sentence. */
bool npy_read(const void *bytes, size_t size, sg_npy *array, char *error, size_t error_size);

/* The same for logits, of which only the differences at a pixel count: values of float64 come minus
 * the pixel's largest one, so that neither a common offset nor a large range of them costs
 * accuracy. */
bool npy_read_logits(const void *bytes, size_t size, sg_npy *array, char *error, size_t error_size);

void npy_free(sg_npy *array);

#endif
