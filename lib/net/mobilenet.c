/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* MobileNetV3-Large (Howard et al. 2019, arXiv:1905.02244) as torchvision builds it for
 * segmentation: a 3x3 convolution, fifteen inverted residual blocks, and a 1x1 convolution. A block
 * is
 *
 *     x -> expand: 1x1 -> depthwise 3x3 or 5x5 -> squeeze and excite -> project: 1x1 -> + x
 *
 * of which some lack the expansion, the excitation or the sum. With the last three blocks dilated
 * the output is at 1/16, without at 1/32. */

#include <stdio.h>
#include <string.h>

#include "network.h"

enum {
    USUAL_STRIDE = 16,
    UNDILATED_STRIDE = 32,
    DILATED = 13, /* the first block that is dilated in the place of a stride */
    LOW = 4       /* the block whose output heads use besides the last one */
};

static const double epsilon = 1e-3;

/* The paper's table, whose rows are numbered from 1 on. */
static const struct {
    int32_t kernel, stride;
    sg_activation activation;
    sg_mobile_block usual;
} table[SG_MOBILE_BLOCKS] = {
    {3, 1, SG_RELU, {16, 0, 16}},           {3, 2, SG_RELU, {64, 0, 24}},
    {3, 1, SG_RELU, {72, 0, 24}},           {5, 2, SG_RELU, {72, 24, 40}},
    {5, 1, SG_RELU, {120, 32, 40}},         {5, 1, SG_RELU, {120, 32, 40}},
    {3, 2, SG_HARD_SWISH, {240, 0, 80}},    {3, 1, SG_HARD_SWISH, {200, 0, 80}},
    {3, 1, SG_HARD_SWISH, {184, 0, 80}},    {3, 1, SG_HARD_SWISH, {184, 0, 80}},
    {3, 1, SG_HARD_SWISH, {480, 120, 112}}, {3, 1, SG_HARD_SWISH, {672, 168, 112}},
    {5, 2, SG_HARD_SWISH, {672, 168, 160}}, {5, 1, SG_HARD_SWISH, {960, 240, 160}},
    {5, 1, SG_HARD_SWISH, {960, 240, 160}}};

enum { USUAL_WIDTH = 16, USUAL_FEATURES = 960 };

/* ---- its operations ---- */

/* The factors of the channels of x, one pixel. */
static sg_map excitation(sg_graph *g, sg_map x, int32_t squeezed, const char *name)
{
    char fc1[24], fc2[24];
    const int32_t channels = sg_graph_channels(g, x);
    snprintf(fc1, sizeof(fc1), "%s.fc1", name);
    snprintf(fc2, sizeof(fc2), "%s.fc2", name);
    x = sg_graph_average_pool(g, x, name);
    x = sg_graph_conv(g, x, squeezed,
                      (sg_conv){.name = fc1, .needs_bias = true, .activation = SG_RELU});
    return sg_graph_conv(g, x, channels,
                         (sg_conv){.name = fc2, .needs_bias = true, .activation = SG_HARD_SIGMOID});
}

/* Names a layer of a block, which are numbered in the order in which they are there. */
static void name_layer(int32_t number, char layer[16], char conv[16], char norm[16])
{
    snprintf(layer, 16, "block.%d", (int)number);
    snprintf(conv, 16, "block.%d.0", (int)number);
    snprintf(norm, 16, "block.%d.1", (int)number);
}

/* `keep`: x is needed later. */
static sg_map add_block(sg_graph *g, sg_map x, int32_t index, bool keep, const sg_facts *facts)
{
    const sg_mobile_block *b = &facts->mobile[index - 1];
    const sg_activation activation = table[index - 1].activation;
    const int32_t stride = table[index - 1].stride, inputs = sg_graph_channels(g, x);
    const bool dilated = index >= DILATED && facts->output_stride < UNDILATED_STRIDE;
    const bool adds = stride == 1 && b->outputs == inputs;
    char layer[16], conv[16], norm[16];
    int32_t number = 0;
    sg_map y = x, scale = SG_NO_MAP;
    if (b->expanded != inputs) {
        name_layer(number++, layer, conv, norm);
        y = sg_graph_conv(g, x, b->expanded,
                          (sg_conv){.name = conv,
                                    .norm = norm,
                                    .module = layer,
                                    .epsilon = epsilon,
                                    .activation = activation});
    }
    name_layer(number++, layer, conv, norm);
    y = sg_graph_conv(g, y, b->expanded,
                      (sg_conv){.name = conv,
                                .norm = norm,
                                .module = layer,
                                .kernel = table[index - 1].kernel,
                                .stride = dilated ? 1 : stride,
                                .dilation = dilated ? 2 : 1,
                                .groups = b->expanded,
                                .geometry_given = facts->stride_from == SG_GIVEN,
                                .epsilon = epsilon,
                                .activation = activation});
    name_layer(number++, layer, conv, norm);
    if (table[index - 1].usual.squeezed > 0) {
        scale = excitation(g, y, b->squeezed, layer);
        name_layer(number++, layer, conv, norm);
    }
    return sg_graph_conv(g, y, b->outputs,
                         (sg_conv){.name = conv,
                                   .norm = norm,
                                   .module = "",
                                   .epsilon = epsilon,
                                   .scale = scale,
                                   .add = adds && !keep ? x : SG_NO_MAP,
                                   .plus = adds && keep ? x : SG_NO_MAP});
}

static sg_backbone_taps emit(sg_graph *g, sg_map picture, const sg_facts *facts)
{
    sg_map low = SG_NO_MAP;
    sg_graph_enter(g, "backbone");
    sg_map x = sg_graph_conv(g, picture, facts->width,
                             (sg_conv){.name = "0.0",
                                       .norm = "0.1",
                                       .module = "0",
                                       .kernel = 3,
                                       .stride = 2,
                                       .epsilon = epsilon,
                                       .activation = SG_HARD_SWISH});
    for (int32_t i = 1; i <= SG_MOBILE_BLOCKS; i++) {
        sg_graph_enter(g, "backbone.%d", i);
        x = add_block(g, x, i, x == low, facts);
        low = i == LOW ? x : low;
    }
    sg_graph_enter(g, "backbone");
    x = sg_graph_conv(g, x, facts->features,
                      (sg_conv){.name = "16.0",
                                .norm = "16.1",
                                .module = "16",
                                .epsilon = epsilon,
                                .activation = SG_HARD_SWISH});
    return (sg_backbone_taps){.low = low, .aux = low, .out = x};
}

/* ---- what a file says of it ---- */

extern const sg_backbone_row sg_mobilenet;

static void set_usual(sg_facts *facts)
{
    facts->width = USUAL_WIDTH;
    facts->features = USUAL_FEATURES;
    for (int32_t i = 0; i < SG_MOBILE_BLOCKS; i++)
        facts->mobile[i] = table[i].usual;
}

/* Replaces a number of channels by the first dimension of a tensor, if it can be one. */
static void find_channels(const sg_evidence *evidence, int32_t *channels, const char *format,
                          int32_t index, int32_t number)
{
    int64_t shape[SEGENT_RANK_MAX];
    char tensor[64];
    snprintf(tensor, sizeof(tensor), format, (int)index, (int)number);
    if (evidence->shape(evidence->file, tensor, shape) == 4 && shape[0] >= 1 &&
        shape[0] <= SG_CHANNELS_MAX)
        *channels = (int32_t)shape[0];
}

static void find_block(const sg_evidence *evidence, int32_t index, int32_t inputs,
                       sg_mobile_block *b)
{
    find_channels(evidence, &b->expanded, "backbone.%d.block.%d.0.weight", index, 0);
    const int32_t depthwise = b->expanded != inputs;
    if (b->squeezed > 0)
        find_channels(evidence, &b->squeezed, "backbone.%d.block.%d.fc1.weight", index,
                      depthwise + 1);
    find_channels(evidence, &b->outputs, "backbone.%d.block.%d.0.weight", index,
                  depthwise + 1 + (b->squeezed > 0));
}

static void find_stride(const sg_evidence *evidence, sg_facts *facts)
{
    double dilation = 0.0;
    if (facts->stride_from == SG_ASSUMED)
        facts->output_stride = USUAL_STRIDE;
    else if (facts->output_stride != USUAL_STRIDE && facts->output_stride != UNDILATED_STRIDE)
        evidence->fail(evidence->file, sg_mobilenet.mark,
                       "is of a MobileNetV3, whose output stride is 16 or 32");
    if (facts->stride_from > SG_BESIDE)
        return;
    if (evidence->attribute(evidence->file, "backbone.13.block.1.0", "dilation", &dilation)) {
        facts->output_stride = dilation > 1.0 ? USUAL_STRIDE : UNDILATED_STRIDE;
        facts->stride_from = SG_READ;
    }
}

static void find(const sg_evidence *evidence, sg_facts *facts)
{
    set_usual(facts);
    facts->width = sg_evidence_outputs(evidence, facts, sg_mobilenet.mark, SG_CHANNELS_MAX);
    int32_t inputs = facts->width;
    for (int32_t i = 1; i <= SG_MOBILE_BLOCKS; i++) {
        find_block(evidence, i, inputs, &facts->mobile[i - 1]);
        inputs = facts->mobile[i - 1].outputs;
    }
    find_channels(evidence, &facts->features, "backbone.%d.%d.weight", SG_MOBILE_BLOCKS + 1, 0);
    find_stride(evidence, facts);
}

/* ---- torchvision's name ---- */

static void tell(const sg_facts *facts, sg_tell_fn say, void *user)
{
    char text[16];
    snprintf(text, sizeof(text), "%d", (int)facts->width);
    say(user, "width", text);
}

static void name(const sg_facts *facts, char *text, size_t size)
{
    bool usual = facts->width == USUAL_WIDTH && facts->features == USUAL_FEATURES;
    for (int32_t i = 0; i < SG_MOBILE_BLOCKS; i++)
        usual = usual && memcmp(&facts->mobile[i], &table[i].usual, sizeof(sg_mobile_block)) == 0;
    if (usual)
        snprintf(text, size, "mobilenet_v3_large");
    else
        snprintf(text, size, "mobilenet_v3_large(%d)", (int)facts->width);
}

static bool named(const char *wanted, sg_facts *facts)
{
    if (strcmp(wanted, "mobilenet_v3_large") != 0)
        return false;
    set_usual(facts);
    facts->output_stride = USUAL_STRIDE;
    return true;
}

const sg_backbone_row sg_mobilenet = {.title = "a MobileNetV3-Large",
                                      .mark = "backbone.0.0.weight",
                                      .find = find,
                                      .emit = emit,
                                      .tell = tell,
                                      .name = name,
                                      .named = named};
