/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Which maps and convolutions of a network that computes in bfloat16 do so. Where it costs little
 * and errors would weigh most, numbers stay float32:
 *
 *     - the input, and maps of more than an eighth of its side, on which the first few convolutions
 *       work: what they round is in everything behind them;
 *     - maps of one pixel, which others are scaled by or added to;
 *     - logits, what is added to them, and the last convolutions before them, as far as they have
 *       less than a 32nd of the network's weights. */

#ifndef SG_NN_TYPES_H
#define SG_NN_TYPES_H

#include "convolution.h"

typedef struct sg_types {
    sg_dtype *maps; /* of each map, by its number */
    bool *precise; /* of each operation: a convolution with weights of float32, whatever its maps */
} sg_types;

/* False: out of memory; *types has to be freed all the same. */
bool sg_types_find(const sg_allocator *allocator, const sg_ops *ops, sg_dtype type,
                   sg_types *types);
void sg_types_free(const sg_allocator *allocator, sg_types *types);

#endif
