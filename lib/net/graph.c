/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

static const double usual_epsilon = 1e-5; /* the default of torch's BatchNorm2d */

/* Makes room for one more element of an array. NULL: there is none, and the array is as it was. */
static void *grow(sg_graph *graph, void *array, int32_t count, int32_t *room, size_t size)
{
    if (count < *room)
        return array;
    const int32_t more = *room > 0 ? 2 * *room : FIRST_ROOM;
    void *larger = more > count ? sg_alloc(graph->allocator, (size_t)more, size) : NULL;
    if (!larger) {
        graph->failed = true;
        return NULL;
    }
    if (array)
        memcpy(larger, array, (size_t)count * size);
    sg_free(graph->allocator, array);
    *room = more;
    return larger;
}

void sg_graph_begin(sg_graph *graph, const sg_allocator *allocator)
{
    *graph = (sg_graph){.allocator = allocator};
    (void)sg_graph_map(graph, 3);
}

/* Maps are numbered from 1. */
sg_map sg_graph_map(sg_graph *graph, int32_t channels)
{
    int32_t *array = grow(graph, graph->ops.channels, graph->ops.maps + 1, &graph->map_room,
                          sizeof(*graph->ops.channels));
    if (!array)
        return SG_NO_MAP;
    graph->ops.channels = array;
    array[++graph->ops.maps] = channels;
    return graph->ops.maps;
}

int32_t sg_graph_channels(const sg_graph *graph, sg_map x)
{
    return graph->failed ? 0 : graph->ops.channels[x];
}

void sg_graph_enter(sg_graph *graph, const char *scope, ...)
{
    va_list arguments;
    va_start(arguments, scope);
    vsnprintf(graph->scope, sizeof(graph->scope) - 1, scope, arguments);
    va_end(arguments);
    if (*graph->scope)
        strcat(graph->scope, ".");
}

/* Writes the full name of a module below the scope; "" is the scope itself. */
static void name_module(const sg_graph *graph, const char *name, char full[SG_OP_NAME])
{
    snprintf(full, SG_OP_NAME, "%s%s", graph->scope, name);
    if (!*name && *full)
        full[strlen(full) - 1] = '\0';
}

static void add(sg_graph *graph, const sg_op *op)
{
    sg_op *array =
        grow(graph, graph->ops.list, graph->ops.count, &graph->op_room, sizeof(*graph->ops.list));
    if (!array)
        return;
    graph->ops.list = array;
    array[graph->ops.count] = *op;
    array[graph->ops.count++].auxiliary = graph->auxiliary;
}

sg_map sg_graph_conv(sg_graph *graph, sg_map x, int32_t outputs, sg_conv how)
{
    const int32_t kernel = how.kernel ? how.kernel : 1, dilation = how.dilation ? how.dilation : 1;
    const int32_t groups = how.groups ? how.groups : 1;
    sg_op op = {.kind = SG_OP_CONVOLUTION,
                .input = x,
                .first_output = how.channel,
                .addend = how.add ? how.add : how.plus,
                .bias = how.bias,
                .scale = how.scale,
                .inputs = sg_graph_channels(graph, x),
                .outputs = outputs,
                .kernel = kernel,
                .stride = how.stride ? how.stride : 1,
                .padding = dilation * (kernel - 1) / 2,
                .dilation = dilation,
                .groups = groups,
                .activation = how.activation,
                .epsilon = how.epsilon > 0.0 ? how.epsilon : usual_epsilon,
                .first_input = how.first_input,
                .geometry_given = how.geometry_given,
                .needs_bias = how.needs_bias,
                .no_bias = how.no_bias,
                .background = how.background};
    op.weight_inputs = how.weight_inputs ? how.weight_inputs : op.inputs / groups;
    op.output = how.add ? how.add : how.into ? how.into : sg_graph_map(graph, outputs);
    name_module(graph, how.name, op.weights);
    if (!how.part)
        name_module(graph, how.module ? how.module : how.name, op.module);
    if (how.norm)
        name_module(graph, how.norm, op.norm);
    snprintf(op.name, sizeof(op.name), "%.50s%.12s", op.weights, how.part ? how.part : "");
    add(graph, &op);
    return op.output;
}

static sg_map without_weights(sg_graph *graph, sg_map x, const char *name, sg_op op)
{
    op.input = x;
    op.inputs = op.outputs = sg_graph_channels(graph, x);
    op.output = sg_graph_map(graph, op.outputs);
    op.dilation = op.groups = 1;
    name_module(graph, name, op.name);
    if (op.kind != SG_OP_AVERAGE_POOL)
        name_module(graph, name, op.module);
    add(graph, &op);
    return op.output;
}

sg_map sg_graph_max_pool(sg_graph *graph, sg_map x, const char *name)
{
    return without_weights(graph, x, name,
                           (sg_op){.kind = SG_OP_MAX_POOL, .kernel = 3, .stride = 2, .padding = 1});
}

sg_map sg_graph_average_pool(sg_graph *graph, sg_map x, const char *name)
{
    return without_weights(graph, x, name, (sg_op){.kind = SG_OP_AVERAGE_POOL, .stride = 1});
}

sg_map sg_graph_resize(sg_graph *graph, sg_map x, sg_map like, const char *name)
{
    return without_weights(graph, x, name,
                           (sg_op){.kind = SG_OP_RESIZE, .like = like, .stride = 1});
}

void sg_graph_logits(sg_graph *graph, sg_map x)
{
    sg_op op = {.kind = SG_OP_LOGITS,
                .name = "logits",
                .input = x,
                .kernel = 1,
                .stride = 1,
                .dilation = 1,
                .groups = 1};
    op.inputs = op.outputs = sg_graph_channels(graph, x);
    add(graph, &op);
}
