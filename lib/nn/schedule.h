/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What running a network on pictures of one size takes, made once: a step for each operation. */

#ifndef SG_NN_SCHEDULE_H
#define SG_NN_SCHEDULE_H

#include "base/kept.h"
#include "network.h"
#include "way.h"

typedef struct sg_step {
    const sg_op *op;
    const sg_convolution *convolution; /* NULL: it is none */
    sg_convolution_way way;
    /* The convolution before it, if the two are joined (joined.h): that step then does nothing, and
     * `input` is its input. */
    const struct sg_step *joined;
    bool with_next; /* whether the next step does this one's work */
    double work;    /* multiply-accumulates */
    /* Their places in the block are offsets; they have no data yet. */
    sg_tensor input, output, addend, bias, scale;
    size_t workspace; /* its offset in the block */
    /* Whether a convolution leaves the sums of its output's rows to the step behind it, or an
     * average has those that the step before it has left; and their offset. */
    bool sums_rows;
    size_t row_sums;
} sg_step;

typedef struct sg_schedule {
    sg_kept kept;
    size_t size;           /* bytes of the block */
    double work;           /* of all steps, */
    double auxiliary_work; /* and of those of the auxiliary classifier */
    sg_tensor picture;     /* the input's place */
    int32_t count;
    sg_step steps[];
} sg_schedule;

/* What a schedule is made for. */
typedef struct sg_schedule_key {
    const sg_network *network;
    int32_t height, width; /* of the picture */
    segent_engine engine;
    int64_t limit; /* bytes of the block; 0: none */
    bool apart;    /* no operations are joined, so that each one's output exists */
} sg_schedule_key;

/* The context's; made if there is none. */
segent_status sg_schedule_get(segent_context *context, const sg_schedule_key *key,
                              const sg_schedule **schedule);

#endif
