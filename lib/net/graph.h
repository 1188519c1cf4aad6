/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The builder of a network's list of operations. It lets the file of a network read like
 * torchvision's module:
 *
 *     sg_graph_enter(g, "backbone.layer%d.%d", layer, block);
 *     y = sg_graph_conv(g, x, 64, (sg_conv){.name = "conv1", .norm = "bn1"});
 *
 * When memory is out, sg_graph.failed is set and its functions do nothing any more. */

#ifndef SG_NET_GRAPH_H
#define SG_NET_GRAPH_H

#include "base/alloc.h"
#include "nn/ops.h"

typedef struct sg_graph {
    const sg_allocator *allocator;
    sg_ops ops;
    int32_t op_room, map_room;
    char scope[SG_OP_NAME]; /* the module that names are below, with a dot behind it */
    bool auxiliary;         /* what is added is a part of the auxiliary classifier */
    bool failed;
} sg_graph;

/* Begins an empty list, with the picture as its first map. */
void sg_graph_begin(sg_graph *graph, const sg_allocator *allocator);

/* Sets the scope: the module that the names of the following calls are below; "" for none. */
#if defined(__GNUC__)
__attribute__((__format__(__printf__, 2, 3)))
#endif
void sg_graph_enter(sg_graph *graph, const char *scope, ...);

/* All properties of a convolution but its channels. Zero means the usual: a 1x1 kernel, stride 1, a
 * bias and no batch norm, and so on. The padding is that which keeps the size. */
typedef struct sg_conv {
    const char *name; /* of the convolution, below the scope like all names here */
    const char *norm;
    const char *module; /* the module whose output this is; "": the scope itself; NULL: `name` */
    const char *part;   /* added to the module's name if this is only a part of it; NULL: nothing */
    int32_t kernel, stride, dilation, groups;
    sg_activation activation;
    sg_map add;      /* is added before the activation, and is overwritten by the output */
    sg_map plus;     /* is added before the activation, and stays as it is */
    sg_map bias;     /* is added in the place of the batch norm's shift */
    sg_map scale;    /* of one pixel: each input is multiplied by its factor */
    sg_map into;     /* is the map that the output is written to, */
    int32_t channel; /* from this channel on */
    int32_t first_input, weight_inputs; /* see sg_op; 0, 0: all inputs */
    double epsilon;                     /* of the batch norm; 0: 1e-5, the default of torch */
    bool geometry_given, needs_bias, no_bias, background;
} sg_conv;

sg_map sg_graph_conv(sg_graph *graph, sg_map x, int32_t outputs, sg_conv how);
sg_map sg_graph_max_pool(sg_graph *graph, sg_map x, const char *name);
sg_map sg_graph_average_pool(sg_graph *graph, sg_map x, const char *name);

/* Stretches x bilinearly to the size of another map, as torch does with align_corners=False. */
sg_map sg_graph_resize(sg_graph *graph, sg_map x, sg_map like, const char *name);

/* Makes a map that several operations fill side by side. */
sg_map sg_graph_map(sg_graph *graph, int32_t channels);

/* x is the network's logits, or the auxiliary classifier's. */
void sg_graph_logits(sg_graph *graph, sg_map x);

int32_t sg_graph_channels(const sg_graph *graph, sg_map x);

#endif
