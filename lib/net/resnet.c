/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* ResNets (He et al. 2015, arXiv:1512.03385), ResNeXts (Xie et al. 2016, arXiv:1611.05431) and wide
 * ResNets (Zagoruyko and Komodakis 2016, arXiv:1605.07146), as torchvision builds them:
 *
 *     picture -> 7x7, stride 2 -> 3x3 maximum, stride 2 -> layer1 -> layer2 -> layer3 -> layer4
 *     1/1        1/2              1/4                      1/4       1/8       1/16      1/32
 *
 * For segmentation the last layers mostly keep the map's size and double the dilation instead of
 * halving the size, so that the output is at 1/16 (layer4 does) or 1/8 (layer3 and layer4 do). The
 * first block of such a layer still has the dilation of the layer before. */

#include <stdio.h>
#include <string.h>

#include "network.h"

enum {
    BOTTLENECK_EXPANSION = 4,
    /* Tensors of a block: a weight and a batch norm for each of its convolutions. */
    BOTTLENECK_TENSORS = 15,
    BASIC_TENSORS = 10,
    BASIC_STRIDE = 32, /* the only output stride that torchvision builds of basic blocks */
    USUAL_STRIDE = 8
};

static int32_t outputs_of(const sg_facts *facts, int32_t layer)
{
    return facts->width * (facts->basic ? 1 : BOTTLENECK_EXPANSION) << layer;
}

/* ---- its operations ---- */

/* A block: its input's projection, or no convolution at all; and its own convolutions. */
typedef struct block {
    int32_t layer, stride, dilation;
    bool downsample;
} block;

/* relu(conv2(conv1(x)) + x) */
static sg_map basic(sg_graph *g, sg_map x, sg_map sum, block b, const sg_facts *facts)
{
    const int32_t planes = outputs_of(facts, b.layer);
    const sg_map y = sg_graph_conv(g, x, planes,
                                   (sg_conv){.name = "conv1",
                                             .norm = "bn1",
                                             .kernel = 3,
                                             .stride = b.stride,
                                             .dilation = b.dilation,
                                             .geometry_given = facts->stride_from == SG_GIVEN,
                                             .activation = SG_RELU});
    return sg_graph_conv(g, y, planes,
                         (sg_conv){.name = "conv2",
                                   .norm = "bn2",
                                   .module = "",
                                   .kernel = 3,
                                   .dilation = b.dilation,
                                   .geometry_given = facts->stride_from == SG_GIVEN,
                                   .add = sum,
                                   .activation = SG_RELU});
}

/* relu(conv3(conv2(conv1(x))) + x) */
static sg_map bottleneck(sg_graph *g, sg_map x, sg_map sum, block b, const sg_facts *facts)
{
    const int32_t inner = (facts->inner ? facts->inner : facts->width) << b.layer;
    sg_map y = sg_graph_conv(g, x, inner,
                             (sg_conv){.name = "conv1", .norm = "bn1", .activation = SG_RELU});
    y = sg_graph_conv(g, y, inner,
                      (sg_conv){.name = "conv2",
                                .norm = "bn2",
                                .kernel = 3,
                                .stride = b.stride,
                                .dilation = b.dilation,
                                .groups = facts->groups,
                                .geometry_given = facts->stride_from == SG_GIVEN,
                                .activation = SG_RELU});
    return sg_graph_conv(
        g, y, outputs_of(facts, b.layer),
        (sg_conv){.name = "conv3", .norm = "bn3", .module = "", .add = sum, .activation = SG_RELU});
}

static sg_map add_block(sg_graph *g, sg_map x, block b, const sg_facts *facts)
{
    sg_map sum = x;
    if (b.downsample)
        sum = sg_graph_conv(g, x, outputs_of(facts, b.layer),
                            (sg_conv){.name = "downsample.0",
                                      .norm = "downsample.1",
                                      .module = "downsample",
                                      .geometry_given = facts->stride_from == SG_GIVEN,
                                      .stride = b.stride});
    return facts->basic ? basic(g, x, sum, b, facts) : bottleneck(g, x, sum, b, facts);
}

static sg_backbone_taps emit(sg_graph *g, sg_map picture, const sg_facts *facts)
{
    sg_backbone_taps taps = {SG_NO_MAP, SG_NO_MAP, SG_NO_MAP};
    int32_t stride_so_far = 4, dilation = 1;
    sg_graph_enter(g, "backbone");
    sg_map x = sg_graph_conv(
        g, picture, facts->width,
        (sg_conv){.name = "conv1", .norm = "bn1", .kernel = 7, .stride = 2, .activation = SG_RELU});
    x = sg_graph_max_pool(g, x, "maxpool");
    for (int32_t l = 0; l < SG_LAYERS; l++) {
        const bool halves = l > 0 && stride_so_far < facts->output_stride;
        block b = {l, halves ? 2 : 1, dilation, false};
        stride_so_far *= b.stride;
        dilation *= l > 0 && !halves ? 2 : 1;
        b.downsample =
            facts->downsample[l] || b.stride > 1 || sg_graph_channels(g, x) != outputs_of(facts, l);
        for (int32_t i = 0; i < facts->blocks[l] && !g->failed; i++) {
            sg_graph_enter(g, "backbone.layer%d.%d", l + 1, i);
            x = add_block(g, x, b, facts);
            b = (block){l, 1, dilation, false};
        }
        taps.low = l == 1 ? x : taps.low;
        taps.aux = l == 2 ? x : taps.aux;
    }
    taps.out = x;
    return taps;
}

/* ---- what a file says of a ResNet ---- */

/* What two of three tensors agree on, so that one that is damaged is the one to be named. */
static int64_t agreed(int64_t a, int64_t b, int64_t c)
{
    return b == c ? b : a;
}

/* A dimension of a tensor of rank 4; 0: there is no such tensor. */
static int64_t dimension(const sg_evidence *evidence, const char *tensor, int32_t which)
{
    int64_t shape[SEGENT_RANK_MAX];
    return evidence->shape(evidence->file, tensor, shape) == 4 ? shape[which] : 0;
}

/* Channels between the 1x1 convolutions of layer1. */
static int32_t find_inner(const sg_evidence *evidence, const sg_facts *facts)
{
    const int64_t inner = agreed(dimension(evidence, "backbone.layer1.0.conv1.weight", 0),
                                 dimension(evidence, "backbone.layer1.0.conv2.weight", 0),
                                 dimension(evidence, "backbone.layer1.0.conv3.weight", 1));
    return inner >= 1 && inner <= SG_CHANNELS_MAX >> SG_LAYERS ? (int32_t)inner : facts->width;
}

static int64_t groups_of_layer(const sg_evidence *evidence, const sg_facts *facts, int32_t layer)
{
    char tensor[48];
    snprintf(tensor, sizeof(tensor), "backbone.layer%d.0.conv2.weight", (int)layer + 1);
    const int64_t inner = (int64_t)facts->inner << layer, columns = dimension(evidence, tensor, 1);
    return columns >= 1 && inner % columns == 0 ? inner / columns : 1;
}

/* The output stride of a whole module, by the strides of its last two layers. False: the file does
 * not say. */
static bool read_stride(const sg_evidence *evidence, const sg_facts *facts, int32_t *output_stride)
{
    double strides[SG_LAYERS] = {0.0};
    *output_stride = USUAL_STRIDE;
    for (int32_t l = 2; l < SG_LAYERS; l++) {
        char module[48];
        snprintf(module, sizeof(module), "backbone.layer%d.0.conv%d", (int)l + 1,
                 facts->basic ? 1 : 2);
        if (!evidence->attribute(evidence->file, module, "stride", &strides[l]))
            return false;
        *output_stride *= strides[l] > 1.0 ? 2 : 1;
    }
    return true;
}

static void find_stride(const sg_evidence *evidence, sg_facts *facts)
{
    int32_t stride = 0;
    if (facts->stride_from > SG_BESIDE)
        return;
    if (read_stride(evidence, facts, &stride)) {
        facts->output_stride = stride;
        facts->stride_from = SG_READ;
    } else if (facts->stride_from == SG_ASSUMED) {
        facts->output_stride = facts->basic ? BASIC_STRIDE : USUAL_STRIDE;
    }
}

static void find(const sg_evidence *evidence, sg_facts *facts)
{
    /* What lacks a 1x1 convolution at either end; a tensor that is missing is named later. */
    facts->basic = !sg_evidence_holds(evidence, "backbone.layer1.0.conv3.weight") &&
                   dimension(evidence, "backbone.layer1.0.conv1.weight", 2) != 1;
    /* The last layer's channels are a multiple of the width and must not be too many. */
    facts->width = sg_evidence_outputs(evidence, facts, "backbone.conv1.weight",
                                       SG_CHANNELS_MAX / BOTTLENECK_EXPANSION >> (SG_LAYERS - 1));
    facts->inner = find_inner(evidence, facts);
    if (!facts->basic)
        facts->groups = (int32_t)agreed(groups_of_layer(evidence, facts, 0),
                                        groups_of_layer(evidence, facts, 1),
                                        groups_of_layer(evidence, facts, 2));
    for (int32_t l = 0; l < SG_LAYERS; l++) {
        char words[48];
        snprintf(words, sizeof(words), "backbone.layer%d.", l + 1);
        facts->blocks[l] = evidence->numbers(evidence->file, words,
                                             facts->basic ? BASIC_TENSORS : BOTTLENECK_TENSORS);
        facts->blocks[l] += facts->blocks[l] == 0; /* a missing layer is reported as such later */
        snprintf(words, sizeof(words), "backbone.layer%d.0.downsample.0.weight", l + 1);
        facts->downsample[l] = sg_evidence_holds(evidence, words);
    }
    facts->features = outputs_of(facts, SG_LAYERS - 1);
    find_stride(evidence, facts);
}

/* ---- torchvision's names ---- */

static const struct {
    const char *name;
    bool basic;
    int32_t blocks[SG_LAYERS], inner, groups;
} known[] = {{"resnet18", true, {2, 2, 2, 2}, 64, 1},
             {"resnet34", true, {3, 4, 6, 3}, 64, 1},
             {"resnet50", false, {3, 4, 6, 3}, 64, 1},
             {"resnet101", false, {3, 4, 23, 3}, 64, 1},
             {"resnet152", false, {3, 8, 36, 3}, 64, 1},
             {"wide_resnet50_2", false, {3, 4, 6, 3}, 128, 1},
             {"wide_resnet101_2", false, {3, 4, 23, 3}, 128, 1},
             {"resnext50_32x4d", false, {3, 4, 6, 3}, 128, 32},
             {"resnext101_32x8d", false, {3, 4, 23, 3}, 256, 32},
             {"resnext101_64x4d", false, {3, 4, 23, 3}, 256, 64}};

enum { KNOWN = sizeof(known) / sizeof(known[0]), USUAL_WIDTH = 64 };

static void tell(const sg_facts *facts, sg_tell_fn say, void *user)
{
    char text[64];
    snprintf(text, sizeof(text), "%d,%d,%d,%d", (int)facts->blocks[0], (int)facts->blocks[1],
             (int)facts->blocks[2], (int)facts->blocks[3]);
    say(user, "blocks", text);
    snprintf(text, sizeof(text), "%d", (int)facts->width);
    say(user, "width", text);
    if (facts->groups > 1) {
        snprintf(text, sizeof(text), "%d", (int)facts->groups);
        say(user, "groups", text);
    }
}

static void name(const sg_facts *facts, char *text, size_t size)
{
    const int32_t groups = facts->basic ? 1 : facts->groups;
    for (size_t i = 0; i < KNOWN; i++) {
        if (facts->width == USUAL_WIDTH && facts->basic == known[i].basic &&
            (facts->basic || facts->inner == known[i].inner) && groups == known[i].groups &&
            memcmp(facts->blocks, known[i].blocks, sizeof(known[i].blocks)) == 0) {
            snprintf(text, size, "%s", known[i].name);
            return;
        }
    }
    snprintf(text, size, "%s(%d,%d,%d,%d)", groups > 1 ? "resnext" : "resnet",
             (int)facts->blocks[0], (int)facts->blocks[1], (int)facts->blocks[2],
             (int)facts->blocks[3]);
}

static bool named(const char *wanted, sg_facts *facts)
{
    for (size_t i = 0; i < KNOWN; i++) {
        if (strcmp(wanted, known[i].name) != 0)
            continue;
        facts->width = USUAL_WIDTH;
        facts->basic = known[i].basic;
        facts->inner = known[i].inner;
        facts->groups = known[i].groups;
        memcpy(facts->blocks, known[i].blocks, sizeof(facts->blocks));
        facts->output_stride = facts->basic ? BASIC_STRIDE : USUAL_STRIDE;
        facts->features = outputs_of(facts, SG_LAYERS - 1);
        return true;
    }
    return false;
}

const sg_backbone_row sg_resnet = {.title = "a ResNet",
                                   .mark = "backbone.conv1.weight",
                                   .find = find,
                                   .emit = emit,
                                   .tell = tell,
                                   .name = name,
                                   .named = named};
