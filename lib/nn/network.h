/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A network that can be run: a list of operations and their packed weights. What one size of
 * picture takes (where each map lies in one block of memory, and how each convolution is done) is
 * planned once, and the context keeps it for a few sizes. */

#ifndef SG_NN_NETWORK_H
#define SG_NN_NETWORK_H

#include "types.h"

void sg_ops_free(const sg_allocator *allocator, sg_ops *ops);

/* Immutable once it is made, and shared between threads. */
typedef struct sg_network {
    sg_allocator allocator;
    uint64_t id; /* no other network of this process has it */
    sg_ops ops;
    sg_convolution **convolutions; /* one an operation; NULL for those without weights */
    sg_types types;                /* of its maps and convolutions */
    char *weights;                 /* packed ones of all convolutions, in one block */
    size_t weights_bytes;
    void *own; /* that block, or NULL if it is somebody else's, who keeps it as long */
} sg_network;

/* An empty one, which takes the list over: its convolutions and weights are still to come. Its maps
 * are of `type`, as far as types.h says. NULL: out of memory, and the list is freed. */
sg_network *sg_network_create(const sg_allocator *allocator, sg_ops *ops, sg_dtype type);
void sg_network_destroy(sg_network *network);

/* Sees each operation's output as it is made: `name` is the torchvision module whose output it is
 * ("backbone.layer1.0.conv2", after batch norm and ReLU where they follow), `data` is (height,
 * width, channels) with `pixel_stride` floats a pixel. Outputs of halves are not shown. */
typedef void (*sg_layer_observer)(void *user, const char *name, const float *data, int32_t height,
                                  int32_t width, int32_t channels, int64_t pixel_stride);

typedef struct sg_network_run_options {
    segent_progress_fn progress; /* may be NULL */
    void *progress_user;
    segent_layer_fn layer; /* may be NULL */
    void *layer_user;
    sg_layer_observer observer; /* may be NULL */
    void *observer_user;
    segent_engine engine;
    int64_t workspace_limit; /* bytes of the block that all activations share; 0: none */
} sg_network_run_options;

/* What a run on an input of a size takes and gives. */
typedef struct sg_network_size {
    int64_t bytes; /* of the block that all activations share */
    int32_t logits_height, logits_width;
    int32_t auxiliary_height, auxiliary_width; /* 0, 0: there is no auxiliary classifier */
} sg_network_size;

/* What a run with these options takes: no more than the limit, if there is one. Convolutions whose
 * workspace would exceed it are done in the fastest way of that engine that does not, which may
 * depend on the number of threads, since each has a workspace of its own. SEGENT_ERROR_LIMIT when
 * no way is small enough, or when the block does not fit in memory's numbers. */
segent_status sg_network_measure(segent_context *context, const sg_network *network, int32_t height,
                                 int32_t width, segent_engine engine, int64_t workspace_limit,
                                 sg_network_size *size);

/* Where the input of such a run goes: (height, width, 3), dense, in the context's block, until
 * another run or until anything else takes the block. Fails as sg_network_measure does, or because
 * memory is out. */
segent_status sg_network_input(segent_context *context, const sg_network *network, int32_t height,
                               int32_t width, const sg_network_run_options *options, float **input);

/* Logits (classes, logits_height, logits_width), dense, of a normalised picture `input`: (height,
 * width, 3), dense, copied unless it lies where sg_network_input says. `auxiliary` gets those of
 * the auxiliary classifier, which is left out where it is NULL. SEGENT_ERROR_CANCELLED once
 * the progress function or the flag that the pool watches asks for it. Fails as sg_network_measure
 * does; no options are the fast engine's without limit.
 */
segent_status sg_network_run(segent_context *context, const sg_network *network, const float *input,
                             int32_t height, int32_t width, const sg_network_run_options *options,
                             float *logits, float *auxiliary);

#endif
