/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The ways in which convolutions are done, a row each, and the forms in which they want weights
 * packed: for the packed micro-kernels (packed.h), which most rows work with, for windows of single
 * channels (depthwise.h) or groups of them (grouped.h), or for a product of matrices in memory
 * (plain.h). Weights are packed once, in the first form that suits. */

#ifndef SG_NN_ENGINE_H
#define SG_NN_ENGINE_H

#include "depthwise.h"
#include "grouped.h"
#include "packed.h"
#include "plain.h"
#include "way.h"

/* A form of packed weights. */
typedef struct sg_form {
    bool (*suits)(const sg_kernels *kernels, const sg_convolution_shape *shape);
    /* Floats of packed weights of a shape that suits; 0: more than there can be. */
    size_t (*room)(const sg_kernels *kernels, const sg_convolution_shape *shape);
    /* Into a convolution of zeros, or if there are no values takes what is packed already; to be
     * destroyed also when this fails. */
    segent_status (*pack)(segent_context *context, const sg_convolution_shape *shape,
                          const sg_convolution_weights *weights, sg_convolution *convolution);
    void (*destroy)(sg_convolution *convolution);
} sg_form;

extern const sg_form sg_form_depthwise, sg_form_grouped, sg_form_halves, sg_form_packed,
    sg_form_plain;

struct sg_convolution {
    sg_allocator allocator;
    sg_convolution_shape shape;
    const sg_form *form;
    uint32_t cpus; /* the set of instruction sets that it was packed for */
    sg_depthwise_weights depthwise;
    sg_grouped_weights grouped;
    sg_packed packed;
    sg_plain plain;
};

/* What is to be done. */
typedef struct sg_engine_request {
    const segent_context *context;
    const sg_convolution *convolution;
    segent_engine wish;
    int32_t height, width; /* of the input */
} sg_engine_request;

struct sg_engine {
    const char *name; /* of the algorithm, for reports; NULL: that of the matrix product */
    sg_dtype type;    /* of maps and weights: rows of SG_F32 also do maps of SG_BF16, which become
                         floats in the workspace */
    uint32_t cpus;    /* instruction sets that it has kernels for: SG_CPU_... */
    const sg_form *form;
    bool exact;  /* each output is the sum by definition, so that SEGENT_ENGINE_EXACT may use it */
    bool scales; /* it does convolutions whose inputs have factors */
    int32_t variant; /* levels of Strassen's recursion; family of Winograd's tiles */
    /* Whether this can be done, and no more would be lost than gained: then how, in the way, whose
     * engine is set. */
    bool (*fits)(const sg_engine_request *request, sg_convolution_way *way);
    /* The time it takes, in multiply-accumulates. It never depends on the number of threads, since
     * results must not. */
    double (*cost)(const sg_engine_request *request, const sg_convolution_way *way);
    /* Bytes of workspace. */
    int64_t (*room)(const sg_engine_request *request, const sg_convolution_way *way);
    void (*run)(segent_context *context, const sg_convolution *convolution,
                const sg_convolution_way *way, const sg_convolution_call *call);
};

/* The window of a convolution on the whole map. */
static inline sg_window sg_engine_window(const sg_convolution_shape *shape, const sg_tensor *input,
                                         int64_t output_width)
{
    return (sg_window){.input = input->data,
                       .height = input->height,
                       .width = input->width,
                       .channels = input->channels,
                       .pixel_stride = input->pixel_stride,
                       .output_width = output_width,
                       .kernel = shape->kernel,
                       .stride = shape->stride,
                       .padding = shape->padding,
                       .dilation = shape->dilation};
}

/* What several rows are: fit for every convolution of their form, with one kernel an instruction
 * set; as long as their multiply-accumulates take; without workspace. */
bool sg_engine_fits_all(const sg_engine_request *request, sg_convolution_way *way);
double sg_engine_work(const sg_engine_request *request, const sg_convolution_way *way);
int64_t sg_engine_no_room(const sg_engine_request *request, const sg_convolution_way *way);

/* The cheapest row that fits, and whose workspace does, is taken; of equals the first. */
extern const sg_engine sg_engine_plain, sg_engine_depthwise, sg_engine_grouped, sg_engine_direct,
    sg_engine_strassen[SG_STRASSEN_LEVELS], sg_engine_winograd[SG_WINOGRAD_FAMILIES],
    sg_engine_direct_halves, sg_engine_winograd_halves[SG_WINOGRAD_HALVES];

#endif
