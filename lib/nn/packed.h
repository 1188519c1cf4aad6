/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Convolutions through the packed micro-kernels (kernels/product.h): direct ones, as sums over taps
 * of matrix products on the feature map where it lies. Nothing is gathered but for the first
 * layer's few channels, taps that would read padding are not multiplied, and bias, residual and
 * ReLU are applied by the last product while its tile is in registers. */

#ifndef SG_NN_PACKED_H
#define SG_NN_PACKED_H

#include "convolution.h"
#include "costs.h"
#include "kernels.h"
#include "room.h"

/* Instruction sets that have packed kernels. */
enum { SG_PACKED_CPUS = SG_CPU_AVX2 | SG_CPU_AVX512 | SG_CPU_NEON };

/* Weights as B matrices: [tap][panel][depth][kernels.panel], zeros behind the last output. */
typedef struct sg_packed {
    sg_product_kernels kernels; /* those of the context that packed them */
    const sg_costs *costs;      /* of these kernels */
    sg_dtype type;              /* of the weights: floats, or pairs of halves in their places */
    bool gathered;              /* patches are gathered: one B, whose depth runs over taps too */
    int64_t taps, depth;        /* B matrices, and rows of each */
    int64_t panels;
    bool summable; /* sums of four weights are finite */
    double square; /* mean of the weights' squares, about */
    float *weights;
    const float *shift; /* (outputs) */
    sg_room room;       /* where these are */
} sg_packed;

/* Floats of one B. */
static inline int64_t sg_packed_matrix(const sg_packed *packed)
{
    return packed->panels * packed->depth * packed->kernels.panel;
}

/* Whether these kernels can do a convolution of that shape. */
bool sg_packed_suits(const sg_kernels *kernels, const sg_convolution_shape *shape);

/* Whether there is a tap that is never on padding, so that it can end the sum of every output. */
bool sg_packed_has_centre(const sg_convolution_shape *shape);

/* Packs weights of a shape that suits, as sg_convolution_create. */
segent_status sg_packed_create(segent_context *context, const sg_convolution_shape *shape,
                               const sg_convolution_weights *weights, sg_packed *packed);
void sg_packed_destroy(const sg_allocator *allocator, sg_packed *packed);

/* Bytes of workspace of sg_packed_run on so many threads. */
int64_t sg_packed_workspace(const sg_packed *packed, int32_t threads);

/* Multiply-accumulates for an input of that size: those on padding, which are left out, are not
 * counted. */
double sg_packed_work(const sg_packed *packed, const sg_convolution_shape *shape, int32_t height,
                      int32_t width);

/* Does what sg_convolution_run does, all of it on the context's pool. Each output is accumulated in
 * the same order whatever the number of threads. */
void sg_packed_run(segent_context *context, const sg_packed *packed,
                   const sg_convolution_shape *shape, const sg_convolution_call *call);

/* Does the part of sg_packed_run that the taps beside the centre add, without bias, addition and
 * activation: to zeros, or to what is in the output already. For convolutions of stride 1 that keep
 * the size. */
void sg_packed_add_taps(segent_context *context, const sg_packed *packed,
                        const sg_convolution_shape *shape, const sg_convolution_call *call,
                        bool to_output);

/* Columns of one B, with those of zeros. */
static inline int64_t sg_packed_columns(const sg_packed *packed)
{
    return packed->panels * packed->kernels.panel;
}

#endif
