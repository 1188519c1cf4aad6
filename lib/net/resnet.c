/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A ResNet of bottlenecks (He et al. 2015, arXiv:1512.03385) as torchvision builds it for
 * segmentation, with replace_stride_with_dilation=[False, True, True]:
 *
 *     picture -> 7x7, stride 2 -> 3x3 maximum, stride 2 -> layer1 -> layer2 -> layer3 -> layer4
 *     1/1        1/2              1/4                      1/4       1/8       1/8       1/8
 *
 * Layers 3 and 4 keep the map's size and double the dilation instead of halving the size. The first
 * block of each still has the dilation of the layer before. */

#include <stdio.h>
#include <string.h>

#include "network.h"

enum {
    OUTPUT_STRIDE = 8,
    EXPANSION = 4,
    BLOCK_TENSORS = 15 /* of a bottleneck: three weights and batch norms */
};

static const struct {
    int32_t stride, first_dilation, dilation;
} layers[SG_LAYERS] = {{1, 1, 1}, {2, 1, 1}, {1, 1, 2}, {1, 2, 4}};

/* relu(conv3(conv2(conv1(x))) + x), where x goes through `downsample` first if its shape changes.
 */
static sg_map bottleneck(sg_graph *g, sg_map x, int32_t planes, int32_t stride, int32_t dilation,
                         bool first)
{
    const int32_t outputs = EXPANSION * planes;
    sg_map y, sum = x;
    if (first)
        sum = sg_graph_conv(g, x, outputs,
                            (sg_conv){.name = "downsample.0",
                                      .norm = "downsample.1",
                                      .module = "downsample",
                                      .stride = stride});
    y = sg_graph_conv(g, x, planes,
                      (sg_conv){.name = "conv1", .norm = "bn1", .activation = SG_RELU});
    y = sg_graph_conv(g, y, planes,
                      (sg_conv){.name = "conv2",
                                .norm = "bn2",
                                .kernel = 3,
                                .stride = stride,
                                .dilation = dilation,
                                .activation = SG_RELU});
    return sg_graph_conv(
        g, y, outputs,
        (sg_conv){.name = "conv3", .norm = "bn3", .module = "", .add = sum, .activation = SG_RELU});
}

sg_map sg_resnet(sg_graph *g, sg_map picture, const sg_facts *facts)
{
    sg_graph_enter(g, "backbone");
    sg_map x = sg_graph_conv(
        g, picture, facts->width,
        (sg_conv){.name = "conv1", .norm = "bn1", .kernel = 7, .stride = 2, .activation = SG_RELU});
    x = sg_graph_max_pool(g, x, "maxpool");
    for (int32_t l = 0; l < SG_LAYERS; l++) {
        for (int32_t b = 0; b < facts->blocks[l] && !g->failed; b++) {
            sg_graph_enter(g, "backbone.layer%d.%d", l + 1, b);
            x = bottleneck(g, x, facts->width << l, b == 0 ? layers[l].stride : 1,
                           b == 0 ? layers[l].first_dilation : layers[l].dilation, b == 0);
        }
    }
    return x;
}

/* ---- what a file says of a ResNet ---- */

void sg_resnet_find(const sg_evidence *evidence, sg_facts *facts)
{
    facts->output_stride = OUTPUT_STRIDE;
    /* The last layer's channels are a multiple of the width and must not be too many. */
    facts->width = sg_evidence_outputs(evidence, facts, "backbone.conv1.weight",
                                       SG_CHANNELS_MAX / EXPANSION >> (SG_LAYERS - 1));
    for (int32_t l = 0; l < SG_LAYERS; l++) {
        char words[32];
        snprintf(words, sizeof(words), "backbone.layer%d.", l + 1);
        facts->blocks[l] = evidence->numbers(evidence->file, words, BLOCK_TENSORS);
        facts->blocks[l] += facts->blocks[l] == 0; /* a missing layer is reported as such later */
    }
}

static bool holds(const sg_evidence *evidence, const char *tensor)
{
    int64_t shape[SEGENT_RANK_MAX];
    return evidence->shape(evidence->file, tensor, shape) >= 0;
}

bool sg_resnet_other(const sg_evidence *evidence, char what[SG_OTHER_SIZE])
{
    int64_t stem[SEGENT_RANK_MAX], conv1[SEGENT_RANK_MAX], conv2[SEGENT_RANK_MAX];
    void *file = evidence->file;
    if (evidence->shape(file, "backbone.conv1.weight", stem) != 4 ||
        evidence->shape(file, "backbone.layer1.0.conv1.weight", conv1) != 4 ||
        evidence->shape(file, "backbone.layer1.0.conv2.weight", conv2) != 4)
        return false;
    if (stem[1] != 3)
        snprintf(what, SG_OTHER_SIZE,
                 "a network for pictures of %lld channels, not of red, green and blue",
                 (long long)stem[1]);
    else if (!holds(evidence, "backbone.layer1.0.conv3.weight") && conv1[2] == 3)
        snprintf(what, SG_OTHER_SIZE, "a network on a basic-block ResNet (ResNet-18 or 34)");
    else if (holds(evidence, "backbone.bn1.weight") &&
             !holds(evidence, "backbone.bn1.running_mean") &&
             !holds(evidence, "backbone.bn1.running_var"))
        snprintf(what, SG_OTHER_SIZE,
                 "a network without running means and variances, so with another "
                 "normalisation (such as GroupNorm) in place of batch norm");
    else if (conv2[1] > 0 && conv2[1] < conv2[0] && conv2[0] % conv2[1] == 0)
        snprintf(what, SG_OTHER_SIZE, "a network on a ResNeXt (convolutions in %lld groups)",
                 (long long)(conv2[0] / conv2[1]));
    else if (conv1[1] == stem[0] && conv1[2] == 1 && conv1[0] == 2 * stem[0] &&
             conv2[0] == conv1[0])
        snprintf(what, SG_OTHER_SIZE,
                 "a network on a wide ResNet (bottlenecks of width %lld, not %lld)",
                 (long long)conv1[0], (long long)stem[0]);
    else
        return false;
    return true;
}

static const struct {
    int32_t depth, blocks[SG_LAYERS];
} known[] = {{50, {3, 4, 6, 3}}, {101, {3, 4, 23, 3}}, {152, {3, 8, 36, 3}}};

enum { KNOWN = sizeof(known) / sizeof(known[0]), USUAL_WIDTH = 64 };

void sg_resnet_tell(const sg_facts *facts, sg_tell_fn tell, void *user)
{
    char text[64];
    snprintf(text, sizeof(text), "%d,%d,%d,%d", (int)facts->blocks[0], (int)facts->blocks[1],
             (int)facts->blocks[2], (int)facts->blocks[3]);
    tell(user, "blocks", text);
    snprintf(text, sizeof(text), "%d", (int)facts->width);
    tell(user, "width", text);
}

void sg_resnet_name(const sg_facts *facts, char *name, size_t size)
{
    for (size_t i = 0; i < KNOWN; i++) {
        if (facts->width == USUAL_WIDTH &&
            memcmp(facts->blocks, known[i].blocks, sizeof(known[i].blocks)) == 0) {
            snprintf(name, size, "resnet%d", (int)known[i].depth);
            return;
        }
    }
    snprintf(name, size, "resnet(%d,%d,%d,%d)", (int)facts->blocks[0], (int)facts->blocks[1],
             (int)facts->blocks[2], (int)facts->blocks[3]);
}

bool sg_resnet_named(const char *name, sg_facts *facts)
{
    for (size_t i = 0; i < KNOWN; i++) {
        char own[16];
        snprintf(own, sizeof(own), "resnet%d", (int)known[i].depth);
        if (strcmp(name, own) == 0) {
            facts->width = USUAL_WIDTH;
            facts->output_stride = OUTPUT_STRIDE;
            memcpy(facts->blocks, known[i].blocks, sizeof(facts->blocks));
            return true;
        }
    }
    return false;
}
