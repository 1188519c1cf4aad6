/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Networks with torchvision's tensor names and weights from a seed. The numbers are those that
 * tests/data/network/generator.py makes and explains. */

#ifndef TEST_NETWORK_WEIGHTS_H
#define TEST_NETWORK_WEIGHTS_H

#include "writer.h"

/* A network of a kind, and its sizes. What is 0 is as it is in the kind. */
typedef struct test_network_shape {
    uint64_t seed;
    int32_t blocks[4]; /* of a ResNet, per layer */
    /* Channels of a ResNet's first convolution; a MobileNet has width / 16 of its kind's channels,
     * in multiples of 8 as torchvision rounds them. */
    int32_t width;
    int32_t aspp; /* channels of the head's convolutions; 0: a fourth of its input's, as an FCN's */
    int32_t classes;
    const char *architecture; /* NULL: "deeplabv3_resnet50", or "fcn_resnet50" where aspp is 0 */
    int32_t inner;            /* of a ResNet: channels of the 3x3 convolutions of layer1 */
    int32_t groups;           /* of a ResNet: of those convolutions */
} test_network_shape;

/* A whole state dict, aux_classifier and num_batches_tracked included; a DeepLabV3's and an FCN's
 * on a ResNet are in torchvision's order. Tensors' values are made when the writer asks for them; a
 * test may edit the list before. */
typedef struct test_network {
    uint64_t seed;
    size_t count;
    test_tensor *tensors;
    char (*names)[80];
} test_network;

test_network *test_network_make(const test_network_shape *shape);
void test_network_free(test_network *network);

/* The tensor of that name, which must exist. */
test_tensor *test_network_find(test_network *network, const char *name);

/* Values first to first + count - 1 of a tensor (a test_fill_fn; `user` is the test_network). */
void test_network_fill(void *user, const test_tensor *tensor, int64_t first, int64_t count,
                       void *elements);

/* Fills in a picture of noise, as if it were normalised: (height, width, 3). */
void test_network_picture(uint64_t seed, int32_t height, int32_t width, float *values);

#endif
