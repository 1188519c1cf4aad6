/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A convolution with what follows it: out = activation(conv(in, weights) * scale + shift [+
 * residual]). The scale is folded into the weights, which are packed once. */

#ifndef SG_NN_CONVOLUTION_H
#define SG_NN_CONVOLUTION_H

#include <stdbool.h>
#include <string.h>

#include "base/context.h"
#include "ops.h"
#include "tensor.h"

/* Packed weights. Immutable. */
typedef struct sg_convolution sg_convolution;

typedef struct sg_convolution_shape {
    int32_t inputs, outputs; /* channels */
    int32_t kernel;          /* square */
    int32_t stride, padding, dilation;
    int32_t groups; /* divides inputs and outputs: those of a group know nothing of the others */
    sg_activation activation;
    bool scaled; /* whether calls give factors of the inputs: of 1x1 kernels in one group alone */
    sg_dtype input, output; /* types of the maps */
    bool precise;           /* weights and products are float32, whatever maps are */
} sg_convolution_shape;

/* Weights as checkpoints have them: (outputs, inputs / groups, kernel, kernel). */
typedef struct sg_convolution_weights {
    const void *values;    /* float32, at any address. NULL: `room` holds packed ones already, made
                              for the same shape by the same kernels, and is only read */
    int64_t output_stride; /* floats from one output's weights to the next's; 0: dense. Larger than
                              inputs / groups * kernel * kernel when only some inputs of a layer are
                              taken */
    const double *scale;   /* one an output, or NULL: 1 */
    const double *shift;   /* one an output, or NULL: 0 */
    void *room; /* where packed ones go, sg_convolution_room() bytes, aligned as a cache line and
                   there as long as the convolution; NULL: in memory of its own */
} sg_convolution_weights;

/* The index-th value. */
static inline float sg_weight(const sg_convolution_weights *weights, int64_t index)
{
    float value;
    memcpy(&value, (const char *)weights->values + index * (int64_t)sizeof(value), sizeof(value));
    return value;
}

/* Bytes of packed weights of that shape and what goes with them (room.h), whole cache lines; 0:
 * more than there can be. */
size_t sg_convolution_room(const segent_context *context, const sg_convolution_shape *shape);

/* Packs weights * scale and shift, each product made in double and rounded once. A packed value
 * that is not finite is SEGENT_ERROR_MODEL, a sentence without the layer's name. */
segent_status sg_convolution_create(segent_context *context, const sg_convolution_shape *shape,
                                    const sg_convolution_weights *weights,
                                    sg_convolution **convolution);
void sg_convolution_destroy(sg_convolution *convolution);
const sg_convolution_shape *sg_convolution_describe(const sg_convolution *convolution);

/* Side of the output for an input side of n pixels; below 1 if the window does not fit. */
int64_t sg_convolution_output_size(const sg_convolution *convolution, int32_t n);

/* Whether calls may ask for the sums of the output's rows: each is made in double, from left to
 * right, while the row is in the caches. */
bool sg_convolution_sums_rows(const sg_convolution *convolution);

/* Multiply-accumulates for an input of that size, those on padding included. */
double sg_convolution_work(const sg_convolution *convolution, int32_t height, int32_t width);

/* How the convolution is done on an input of that size (way.h), with this context: the cheapest of
 * the engine's ways whose workspace is at most `room` bytes, or if there is none, the one with the
 * smallest. The workspace is bounded whatever the size. */
typedef struct sg_convolution_way sg_convolution_way;
void sg_convolution_choose(const segent_context *context, const sg_convolution *convolution,
                           segent_engine engine, int32_t height, int32_t width, int64_t room,
                           sg_convolution_way *way);

/* One call. The output has the output size and the right channels; it may be a slice of something
 * wider. */
typedef struct sg_convolution_call {
    sg_tensor input, output;
    const sg_tensor *residual; /* added before the activation; may be the output itself, which then
                                  holds it beforehand; NULL: none */
    const float *bias;         /* takes the place of the packed shift; NULL: that */
    const float *input_scale;  /* a factor of each input channel, if the shape is `scaled`: the
                                  weights are multiplied by them in the workspace; NULL: none */
    double *row_sums;          /* where the sums of each row of the output go, (height, outputs), if
                                  sg_convolution_sums_rows; NULL: nowhere */
    void *workspace;           /* of the way's size */
} sg_convolution_call;

/* Does a convolution in the way that was chosen for it, on the context's pool. Where the processor
 * that the convolution was made for has no kernels, its matrix products go through BLAS, on the
 * calling thread and on whatever threads the host gave it, or on the pool where there is no BLAS.
 * The result has the same bits for any size of the pool. */
void sg_convolution_run(segent_context *context, const sg_convolution *convolution,
                        const sg_convolution_way *way, const sg_convolution_call *call);

#endif
