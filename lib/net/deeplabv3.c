/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* DeepLabV3 (Chen et al. 2017, arXiv:1706.05587) as torchvision builds it: atrous spatial pyramid
 * pooling, a 3x3 convolution, and a 1x1 convolution to the classes.
 *
 *     features -+-> 1x1 ------------------+
 *               +-> 3x3, dilated by 12 ---+
 *               +-> 3x3, dilated by 24 ---+-> side by side -> project: 1x1 -> 3x3 -> 1x1 -> logits
 *               +-> 3x3, dilated by 36 ---+
 *               +-> average -> 1x1 -------+
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "network.h"

/* Emits the branches and their projection. The average's branch is the same at every pixel, and so
 * is what it adds to the projection. That is therefore computed once a picture, from the weights
 * that the projection has for this branch and the shift of its batch norm, and is the bias of the
 * projection of the other branches. */
static sg_map pyramid(sg_graph *g, sg_map x, const sg_facts *facts)
{
    const int32_t channels = facts->head, direct = (1 + SG_ATROUS) * channels;
    const sg_map branches = sg_graph_map(g, direct);
    char name[16], norm[16], module[16];
    sg_graph_enter(g, "classifier.0");
    for (int32_t i = 0; i <= SG_ATROUS; i++) {
        snprintf(name, sizeof(name), "convs.%d.0", (int)i);
        snprintf(norm, sizeof(norm), "convs.%d.1", (int)i);
        snprintf(module, sizeof(module), "convs.%d", (int)i);
        sg_graph_conv(g, x, channels,
                      (sg_conv){.name = name,
                                .norm = norm,
                                .module = module,
                                .kernel = i == 0 ? 1 : 3,
                                .dilation = i == 0 ? 1 : facts->rates[i - 1],
                                .geometry_given = i > 0 && facts->rates_from == SG_GIVEN,
                                .activation = SG_RELU,
                                .into = branches,
                                .channel = i * channels});
    }
    sg_map pooled = sg_graph_average_pool(g, x, "convs.4.0");
    pooled = sg_graph_conv(
        g, pooled, channels,
        (sg_conv){
            .name = "convs.4.1", .norm = "convs.4.2", .module = "convs.4", .activation = SG_RELU});
    pooled = sg_graph_conv(g, pooled, channels,
                           (sg_conv){.name = "project.0",
                                     .norm = "project.1",
                                     .part = " (pooled)",
                                     .first_input = direct,
                                     .weight_inputs = direct + channels});
    return sg_graph_conv(g, branches, channels,
                         (sg_conv){.name = "project.0",
                                   .norm = "project.1",
                                   .module = "project",
                                   .activation = SG_RELU,
                                   .bias = pooled,
                                   .weight_inputs = direct + channels});
}

static void emit(sg_graph *g, sg_backbone_taps taps, const sg_facts *facts)
{
    sg_map x = pyramid(g, taps.out, facts);
    sg_graph_enter(g, "classifier");
    x = sg_graph_conv(g, x, facts->head,
                      (sg_conv){.name = "1", .norm = "2", .kernel = 3, .activation = SG_RELU});
    x = sg_classes(g, x, facts, (sg_conv){.name = "4"});
    sg_graph_logits(g, x);
}

/* ---- what a file says of it ---- */

static const int32_t usual_rates[SG_ATROUS] = {12, 24, 36};

enum { USUAL_HEAD = 256 };

/* Finds rates that neither caller nor metadata gave: those of the module if a whole one was saved,
 * or else those that are said beside the file, or the usual ones. */
static void find_rates(const sg_evidence *evidence, sg_facts *facts)
{
    bool read = false;
    for (int32_t i = 0; i < SG_ATROUS; i++) {
        char name[48];
        const int32_t otherwise =
            facts->rates_from == SG_ASSUMED ? usual_rates[i] : facts->rates[i];
        double rate = otherwise;
        snprintf(name, sizeof(name), "classifier.0.convs.%d.0", i + 1);
        const bool said = evidence->attribute(evidence->file, name, "dilation", &rate);
        read = read || said;
        if (said && !(rate >= 1.0 && rate <= SG_RATE_MAX && rate == floor(rate))) {
            snprintf(name, sizeof(name), "classifier.0.convs.%d.0.weight", i + 1);
            evidence->fail(evidence->file, name, "has a dilation that is not in 1..4096");
            rate = otherwise;
        }
        facts->rates[i] = (int32_t)rate;
    }
    facts->rates_from = read ? SG_READ : facts->rates_from;
}

static void find(const sg_evidence *evidence, sg_facts *facts)
{
    facts->logits_stride = facts->output_stride;
    facts->head = sg_evidence_outputs(evidence, facts, "classifier.0.convs.0.0.weight",
                                      SG_CHANNELS_MAX / (2 + SG_ATROUS));
    sg_classes_find(evidence, "classifier.4.weight", facts);
    if (facts->rates_from <= SG_BESIDE)
        find_rates(evidence, facts);
}

static void tell(const sg_facts *facts, sg_tell_fn say, void *user)
{
    char text[48];
    snprintf(text, sizeof(text), "%d,%d,%d", (int)facts->rates[0], (int)facts->rates[1],
             (int)facts->rates[2]);
    say(user, "rates", text);
}

static void usual(sg_facts *facts)
{
    facts->head = USUAL_HEAD;
    facts->logits_stride = facts->output_stride;
    memcpy(facts->rates, usual_rates, sizeof(facts->rates));
}

const sg_network_row sg_deeplabv3 = {.name = "deeplabv3",
                                     .title = "a DeepLabV3",
                                     .mark = "classifier.0.convs.0.0.weight",
                                     .find = find,
                                     .emit = emit,
                                     .tell = tell,
                                     .usual = usual};
