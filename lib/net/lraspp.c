/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* LR-ASPP, the head of the MobileNetV3 paper (Howard et al. 2019, arXiv:1905.02244), as torchvision
 * builds it:
 *
 *     high -+-> 1x1 ------------> * -> 1x1 to the classes -> stretched -> + -> logits
 *           +-> average -> 1x1 ---+                                       |
 *     low ------------------------------> 1x1 to the classes ------------+
 *
 * Torchvision stretches before the 1x1 convolution to the classes. That is the same, since both are
 * linear and the weights of the interpolation add up to one, but here fewer channels are stretched.
 */

#include <string.h>

#include "network.h"

enum { USUAL_HEAD = 128, LOW_STRIDE = 8 };

static void emit(sg_graph *g, sg_backbone_taps taps, const sg_facts *facts)
{
    sg_graph_enter(g, "classifier");
    sg_map s = sg_graph_average_pool(g, taps.out, "scale.0");
    s = sg_graph_conv(g, s, facts->head,
                      (sg_conv){.name = "scale.1", .no_bias = true, .activation = SG_SIGMOID});
    sg_map x = sg_graph_conv(
        g, taps.out, facts->head,
        (sg_conv){.name = "cbr.0", .norm = "cbr.1", .module = "cbr", .activation = SG_RELU});
    x = sg_classes(g, x, facts, (sg_conv){.name = "high_classifier", .scale = s});
    x = sg_graph_resize(g, x, taps.low, "resize");
    x = sg_classes(g, taps.low, facts, (sg_conv){.name = "low_classifier", .add = x});
    sg_graph_logits(g, x);
}

static void find(const sg_evidence *evidence, sg_facts *facts)
{
    memset(facts->rates, 0, sizeof(facts->rates)); /* it has no dilated branches */
    facts->logits_stride = LOW_STRIDE;
    facts->head = sg_evidence_outputs(evidence, facts, "classifier.cbr.0.weight", SG_CHANNELS_MAX);
    sg_classes_find(evidence, "classifier.low_classifier.weight", facts);
}

static void usual(sg_facts *facts)
{
    facts->head = USUAL_HEAD;
    facts->logits_stride = LOW_STRIDE;
}

const sg_network_row sg_lraspp = {.name = "lraspp",
                                  .title = "an LR-ASPP",
                                  .mark = "classifier.cbr.0.weight",
                                  .find = find,
                                  .emit = emit,
                                  .usual = usual};
