/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The builder of a network's list of operations. It lets the file of a network read like
 * torchvision's module:
 *
 *     sg_graph_enter(g, "backbone.layer%d.%d", layer, block);
 *     y = sg_graph_conv(g, x, 64, (sg_conv){.name = "conv1", .norm = "bn1", .activation =
 * SG_RELU});
 *
 * After a failure (memory) its functions do nothing, and sg_graph.failed is set. */

#ifndef SG_NET_GRAPH_H
#define SG_NET_GRAPH_H

#include "base/alloc.h"
#include "nn/ops.h"

typedef struct sg_graph {
    const sg_allocator *allocator;
    sg_ops ops;
    int32_t op_room, map_room;
    char scope[SG_OP_NAME]; /* what stands before the names that follow, with a dot behind it */
    bool failed;
} sg_graph;

/* An empty list, with the picture as its first map. */
void sg_graph_begin(sg_graph *graph, const sg_allocator *allocator);

/* Sets what stands before the names that follow: "" for nothing. */
#if defined(__GNUC__)
__attribute__((__format__(__printf__, 2, 3)))
#endif
void sg_graph_enter(sg_graph *graph, const char *scope, ...);

/* What a convolution is beside its channels. Zeros mean the usual: 1x1, stride 1, no batch norm but
 * a bias, and so on. Padding is what keeps the size. */
typedef struct sg_conv {
    const char *name; /* below the scope, as all names here */
    const char *norm;
    const char *module; /* whose output the output is, "" for the scope's own; NULL: as the name */
    const char *part;   /* behind its name, for what is only a part of a module; NULL: nothing */
    int32_t kernel, stride, dilation, groups;
    sg_activation activation;
    sg_map add;      /* added before the activation, in place: its map is the output's */
    sg_map bias;     /* in the place of the batch norm's shift */
    sg_map into;     /* the output goes to this map, */
    int32_t channel; /* from this channel on */
    int32_t first_input, weight_inputs; /* see sg_op; 0, 0: all */
    bool dilation_given, background;
} sg_conv;

sg_map sg_graph_conv(sg_graph *graph, sg_map x, int32_t outputs, sg_conv how);
sg_map sg_graph_max_pool(sg_graph *graph, sg_map x, const char *name);
sg_map sg_graph_average_pool(sg_graph *graph, sg_map x, const char *name);

/* A map that several operations fill side by side. */
sg_map sg_graph_map(sg_graph *graph, int32_t channels);

/* The end of the list. */
void sg_graph_logits(sg_graph *graph, sg_map x);

int32_t sg_graph_channels(const sg_graph *graph, sg_map x);

#endif
