/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* FCN (Long et al. 2014, arXiv:1411.4038) as torchvision builds it: a 3x3 convolution to a quarter
 * of the features' channels, and a 1x1 convolution to the classes. */

#include "network.h"

#include <string.h>

void sg_fcn_head(sg_graph *g, sg_map x, const char *scope, int32_t channels, const sg_facts *facts)
{
    sg_graph_enter(g, "%s", scope);
    x = sg_graph_conv(g, x, channels,
                      (sg_conv){.name = "0", .norm = "1", .kernel = 3, .activation = SG_RELU});
    x = sg_classes(g, x, facts, (sg_conv){.name = "4"});
    sg_graph_logits(g, x);
}

static void emit(sg_graph *g, sg_backbone_taps taps, const sg_facts *facts)
{
    sg_fcn_head(g, taps.out, "classifier", facts->head, facts);
}

static void find(const sg_evidence *evidence, sg_facts *facts)
{
    memset(facts->rates, 0, sizeof(facts->rates)); /* an FCN has no dilated branches */
    facts->logits_stride = facts->output_stride;
    facts->head = sg_evidence_outputs(evidence, facts, "classifier.0.weight", SG_CHANNELS_MAX);
    sg_classes_find(evidence, "classifier.4.weight", facts);
}

static void usual(sg_facts *facts)
{
    facts->head = facts->features / 4;
    facts->logits_stride = facts->output_stride;
}

const sg_network_row sg_fcn = {.name = "fcn",
                               .title = "an FCN",
                               .mark = "classifier.0.weight",
                               .find = find,
                               .emit = emit,
                               .usual = usual};
