/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the tests of the network share. */

#ifndef TEST_NETWORK_COMMON_H
#define TEST_NETWORK_COMMON_H

#include "network_weights.h"

#include "model/build.h"

/* Twelve, twenty-four and thirty-six. */
extern const int32_t standard_rates[3];

/* The smallest network: one block a layer, 2 channels, 2 classes. */
extern const test_network_shape tiny_shape;

/* Writes the network to a temporary file, loads that, and removes it. */
segent_checkpoint *network_checkpoint(segent_context *context, const test_network *network,
                                      segent_container container);

/* sg_model_build, in memory of its own, and its end, which NULL is fine for. Facts that are known
 * beforehand may be given in the place of rates, of which zeros are the file's. */
segent_status network_build_known(segent_context *context, const segent_checkpoint *checkpoint,
                                  const sg_facts *known, sg_built **network);
segent_status network_build(segent_context *context, const segent_checkpoint *checkpoint,
                            const char *prefix, const int32_t rates[3], sg_built **network);
void network_destroy(sg_built *network);

segent_status network_run(segent_context *context, const sg_built *network, const float *picture,
                          int32_t height, int32_t width, const sg_network_run_options *options,
                          float *logits);

/* Bytes of the block of activations with the fast engine. */
segent_status network_memory(segent_context *context, const sg_built *network, int32_t height,
                             int32_t width, int64_t *bytes);

/* Side of the logits of that stride for a side of n pixels: halved so often, rounded up. */
int32_t network_side(int32_t n, int32_t stride);

/* A network with the generator's weights. */
sg_built *network_from_seed(segent_context *context, const test_network_shape *shape,
                            const int32_t rates[3], segent_container container);

/* The generator's picture, and room for the logits of one. Free with free(). */
float *network_picture(uint64_t seed, int32_t height, int32_t width);
float *network_logits(const sg_built *network, int32_t height, int32_t width, size_t *count);

/* A context of a group of tests, and what makes and ends it (of cmocka_run_group_tests). */
extern segent_context *group_context;
int group_set_up(void **state);
int group_tear_down(void **state);

/* What several runs of one network share. */
typedef struct network_fixture {
    segent_context *context;
    sg_built *network;
    float *picture;
    int32_t height, width; /* of the picture */
    size_t count;          /* of logits */
} network_fixture;

network_fixture network_fixture_make(int32_t threads, const test_network_shape *shape,
                                     const int32_t rates[3], int32_t height, int32_t width);
void network_fixture_free(network_fixture *f);

/* The logits of a run; free them. */
float *network_fixture_run(const network_fixture *f, segent_engine engine, int64_t limit);

/* The largest difference of two of them over the largest number of the first. */
double network_fixture_distance(const network_fixture *f, const float *left, const float *right);

#endif
