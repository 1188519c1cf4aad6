/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The network as its builder (deeplab_build.c) leaves it and as the forward pass (deeplab.c) reads
 * it. */

#ifndef SG_DEEPLAB_NETWORK_H
#define SG_DEEPLAB_NETWORK_H

#include "deeplab.h"
#include "nn/convolution.h"

enum { SG_LAYERS = 4, SG_ATROUS = 3, SG_EXPANSION = 4, SG_CLASSES_MAX = 65536 };

/* 1x1, 3x3 and 1x1 times four, added to the input; where the shape changes, to downsample(input).
 */
typedef struct sg_bottleneck {
    sg_convolution *conv1, *conv2, *conv3;
    sg_convolution *downsample; /* in the first block of a layer only */
} sg_bottleneck;

/* Atrous spatial pyramid pooling: five branches side by side and a projection of them. */
typedef struct sg_aspp {
    sg_convolution *point;             /* 1x1 */
    sg_convolution *atrous[SG_ATROUS]; /* 3x3, dilated by the rates */
    sg_convolution *pooled;            /* 1x1 on the mean over all pixels */
    /* The pooled branch is the same at every pixel, so its share of the projection is too: a bias
     * that is computed once an image, project_pooled(pooled), instead of a fifth of the input. */
    sg_convolution *project;        /* of the first four branches, ReLU */
    sg_convolution *project_pooled; /* of the fifth, with the batch norm's shift */
} sg_aspp;

struct sg_deeplab {
    sg_allocator allocator;
    sg_deeplab_shape shape;
    float *weights;       /* packed ones of all layers, in one block */
    sg_convolution *stem; /* 7x7, stride 2 */
    sg_bottleneck *layers[SG_LAYERS];
    sg_aspp aspp;
    sg_convolution *head;       /* 3x3 */
    sg_convolution *classifier; /* 1x1, with bias */
};

#endif
