/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* DeepLabV3 with a dilated bottleneck ResNet (Chen et al. 2017, arXiv:1706.05587), as torchvision
 * builds it. */

#ifndef SG_DEEPLAB_H
#define SG_DEEPLAB_H

#include "context.h"

/* A network: folded weights, immutable, shared between threads. */
typedef struct sg_deeplab sg_deeplab;

enum { SG_RATE_MAX = 4096 };

/* What the tensors' names and shapes said, and the attributes of a whole module. */
typedef struct sg_deeplab_shape {
    int32_t classes;
    bool sigmoid;      /* one output z: two classes, whose logits are 0 and z */
    int32_t width;     /* channels of the first convolution */
    int32_t blocks[4]; /* bottlenecks per layer */
    int32_t aspp;      /* channels of each ASPP branch */
    int32_t rates[3];
    segent_engine engine;
    int64_t parameters; /* used, batch norm's statistics not counted */
} sg_deeplab_shape;

/* Builds the network from a checkpoint's tensors, before whose names `prefix` stands; `rates` are
 * the dilations of the three ASPP branches, `engine` decides how weights are kept. Errors name the
 * checkpoint, the tensor, what was expected and what was found. */
segent_status sg_deeplab_create(segent_context *context, const segent_checkpoint *checkpoint,
                                const char *prefix, const int32_t rates[3], segent_engine engine,
                                sg_deeplab **network);
void sg_deeplab_destroy(sg_deeplab *network);
const sg_deeplab_shape *sg_deeplab_describe(const sg_deeplab *network);

/* Size of the feature map, and so of the logits, for a side of n pixels: ceil(n / 2) three times.
 */
int32_t sg_deeplab_feature_size(int32_t n);

/* Sees each layer's output as it is made: `name` is the torchvision module whose output it is
 * ("backbone.layer1.0.conv2", after batch norm and ReLU where they follow), `data` is (height,
 * width, channels) with `pixel_stride` floats a pixel. */
typedef void (*sg_layer_observer)(void *user, const char *name, const float *data, int32_t height,
                                  int32_t width, int32_t channels, int64_t pixel_stride);

typedef struct sg_deeplab_run_options {
    segent_progress_fn progress; /* may be NULL */
    void *progress_user;
    segent_layer_fn layer; /* may be NULL */
    void *layer_user;
    sg_layer_observer observer; /* may be NULL */
    void *observer_user;
} sg_deeplab_run_options;

/* Bytes of the activation block for an input of that size; SEGENT_ERROR_LIMIT when it does not fit
 * in memory's numbers. */
segent_status sg_deeplab_memory(segent_context *context, const sg_deeplab *network, int32_t height,
                                int32_t width, int64_t *bytes);

/* Logits (classes, feature height, feature width), dense, of a normalised picture `input`: (height,
 * width, 3), dense. */
segent_status sg_deeplab_run(segent_context *context, const sg_deeplab *network, const float *input,
                             int32_t height, int32_t width, const sg_deeplab_run_options *options,
                             float *logits);

#endif
