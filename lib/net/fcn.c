/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* FCN (Long et al. 2014, arXiv:1411.4038) as torchvision builds it: a 3x3 convolution to a quarter
 * of the features' channels, and a 1x1 convolution to the classes. */

#include "network.h"

#include <string.h>

static void emit(sg_graph *g, const sg_facts *facts)
{
    sg_map x = sg_resnet(g, SG_PICTURE, facts);
    sg_graph_enter(g, "classifier");
    x = sg_graph_conv(g, x, facts->head,
                      (sg_conv){.name = "0", .norm = "1", .kernel = 3, .activation = SG_RELU});
    sg_classes(g, x, "4", facts);
}

static void find(const sg_evidence *evidence, sg_facts *facts)
{
    sg_resnet_find(evidence, facts);
    memset(facts->rates, 0, sizeof(facts->rates)); /* an FCN has no dilated branches */
    facts->head = sg_evidence_outputs(evidence, facts, "classifier.0.weight", SG_CHANNELS_MAX);
    sg_classes_find(evidence, "classifier.4.weight", facts);
}

const sg_network_row sg_fcn = {.name = "fcn",
                               .title = "an FCN",
                               .mark = "classifier.0.weight",
                               .find = find,
                               .emit = emit,
                               .tell = sg_resnet_tell,
                               .usual_head = 512};
