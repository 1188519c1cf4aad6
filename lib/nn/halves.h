/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Convolutions in bfloat16: maps and weights are halves, two in the place of a float
 * (kernels/product.h), and sums, biases and what is added are float32. Where a processor has no
 * kernels for them the same numbers are computed with as floats (convolution.c). */

#ifndef SG_NN_HALVES_H
#define SG_NN_HALVES_H

#include "convolution.h"

/* Whether a convolution's weights are rounded to bfloat16, on every processor alike: those that
 * products of halves may do. Others, which are few numbers, stay float32. */
bool sg_halves_weights(const sg_convolution_shape *shape);

/* From maps of one type to maps of the other, (rows, channels), rounded to nearest: on the
 * context's pool. */
void sg_convert_map(segent_context *context, const sg_tensor *from, const sg_tensor *to);

#endif
