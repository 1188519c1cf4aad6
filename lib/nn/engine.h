/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The ways in which convolutions are done, a row each. Weights are packed in one of two forms: for
 * the packed micro-kernels (packed.h), which most rows work with, or for a product of matrices in
 * memory (plain.h), where the processor has no kernels. */

#ifndef SG_NN_ENGINE_H
#define SG_NN_ENGINE_H

#include "packed.h"
#include "plain.h"
#include "way.h"

struct sg_convolution {
    sg_allocator allocator;
    sg_convolution_shape shape;
    bool is_packed;
    sg_packed packed; /* if so, else: */
    sg_plain plain;
};

/* What is to be done. */
typedef struct sg_engine_request {
    const segent_context *context;
    const sg_convolution *convolution;
    segent_engine wish;
    int32_t height, width; /* of the input */
    int64_t room;          /* bytes of workspace that there are */
} sg_engine_request;

struct sg_engine {
    bool exact; /* each output is the sum by definition, so that SEGENT_ENGINE_EXACT may use it */
    /* Fills in the way and its cost in multiply-accumulates, the cheapest of several ones that the
     * room is enough for; false: it cannot do this, or more would be lost than gained. */
    bool (*plan)(const sg_engine_request *request, sg_convolution_way *way);
    void (*run)(segent_context *context, const sg_convolution *convolution,
                const sg_convolution_way *way, const sg_convolution_call *call);
};

/* The cheapest row that can do it in the room is taken, of equals the first. */
extern const sg_engine sg_engine_plain, sg_engine_direct, sg_engine_strassen, sg_engine_winograd;

#endif
