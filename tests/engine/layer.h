/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* One convolution with random operands, and its truth in double. */

#ifndef TEST_LAYER_H
#define TEST_LAYER_H

#include "nn/convolution.h"
#include "support.h"

typedef struct layer_case {
    sg_convolution_shape shape;
    int32_t height, width;
    int32_t pad; /* floats behind a pixel's channels, in all tensors */
    enum { NO_RESIDUAL, RESIDUAL, IN_PLACE } residual;
} layer_case;

typedef struct layer {
    layer_case what;
    float *weights; /* OIHW */
    double *scale, *shift;
    sg_tensor input, output, residual;
    double *truth; /* (height, width, outputs) of the output; NULL until asked for */
    sg_convolution_weights packing;
} layer;

layer layer_make(const layer_case *what, uint64_t seed);
void layer_free(layer *l);

/* Sets the output to what it has to be before a run. */
void layer_reset(layer *l);

/* A call on the layer's tensors, without workspace. */
sg_convolution_call layer_call(const layer *l);

/* Computes the truth: exact products, summed in double. */
void layer_truth(layer *l);

/* Root mean square of output - truth, over that of truth; and fails the test when floats between
 * pixels were written. */
double layer_error(const layer *l);

/* "3x3 256 -> 256 /1 d2 at 107x80" */
const char *layer_name(const layer *l);

#endif
