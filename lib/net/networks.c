/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The list of all networks, and what they share. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "network.h"

extern const sg_network_row sg_deeplabv3, sg_fcn, sg_lraspp;
extern const sg_backbone_row sg_resnet, sg_mobilenet;

const sg_network_row *const sg_networks[] = {&sg_deeplabv3, &sg_fcn, &sg_lraspp, NULL};
const sg_backbone_row *const sg_backbones[] = {&sg_resnet, &sg_mobilenet, NULL};

enum { USUAL_CLASSES = 21 };

/* ---- by torchvision's name ---- */

static const sg_network_row *head_named(const char *name, size_t length)
{
    for (int i = 0; sg_networks[i]; i++) {
        if (strlen(sg_networks[i]->name) == length &&
            memcmp(name, sg_networks[i]->name, length) == 0)
            return sg_networks[i];
    }
    return NULL;
}

static bool backbone_named(const char *name, sg_facts *facts)
{
    for (int i = 0; sg_backbones[i]; i++) {
        if (sg_backbones[i]->named(name, facts)) {
            facts->backbone = sg_backbones[i];
            return true;
        }
    }
    return false;
}

bool sg_network_named(const char *name, sg_facts *facts)
{
    const char *bar = strchr(name, '_');
    const sg_network_row *head = bar ? head_named(name, (size_t)(bar - name)) : NULL;
    *facts = (sg_facts){.row = head ? head : sg_networks[0], .classes = USUAL_CLASSES};
    if (!backbone_named(head ? bar + 1 : name, facts))
        return false;
    facts->row->usual(facts);
    return true;
}

/* ---- the whole of backbone and head ---- */

/* The row whose mark the file has; the first, if it has none's. */
void sg_network_find(const sg_evidence *evidence, sg_facts *facts)
{
    facts->row = sg_networks[0];
    facts->backbone = sg_backbones[0];
    for (int i = 0; sg_networks[i]; i++) {
        if (sg_evidence_holds(evidence, sg_networks[i]->mark)) {
            facts->row = sg_networks[i];
            break;
        }
    }
    for (int i = 0; sg_backbones[i]; i++) {
        if (sg_evidence_holds(evidence, sg_backbones[i]->mark))
            facts->backbone = sg_backbones[i];
    }
    facts->backbone->find(evidence, facts);
    facts->row->find(evidence, facts);
    if (facts->auxiliary_wanted)
        facts->auxiliary =
            sg_evidence_outputs(evidence, facts, "aux_classifier.0.weight", SG_CHANNELS_MAX);
}

bool sg_network_other(const sg_evidence *evidence, char what[SG_OTHER_SIZE])
{
    int64_t stem[SEGENT_RANK_MAX];
    for (int i = 0; sg_backbones[i]; i++) {
        if (evidence->shape(evidence->file, sg_backbones[i]->mark, stem) == 4 && stem[1] != 3) {
            snprintf(what, SG_OTHER_SIZE,
                     "a network for pictures of %" PRId64 " channels, not of red, green and blue",
                     stem[1]);
            return true;
        }
    }
    if (!sg_evidence_holds(evidence, "backbone.bn1.weight") ||
        sg_evidence_holds(evidence, "backbone.bn1.running_mean") ||
        sg_evidence_holds(evidence, "backbone.bn1.running_var"))
        return false;
    snprintf(what, SG_OTHER_SIZE,
             "a network without running means and variances, so with another normalisation (such "
             "as GroupNorm) in place of batch norm");
    return true;
}

void sg_network_emit(sg_graph *graph, const sg_facts *facts)
{
    const sg_backbone_taps taps = facts->backbone->emit(graph, SG_PICTURE, facts);
    facts->row->emit(graph, taps, facts);
    if (facts->auxiliary > 0) {
        graph->auxiliary = true;
        sg_fcn_head(graph, taps.aux, "aux_classifier", facts->auxiliary, facts);
    }
}

/* Tells which of the facts have that origin: "output_stride,rates". */
static void tell_origin(const sg_facts *facts, sg_origin from, const char *key, sg_tell_fn say,
                        void *user)
{
    const bool stride = facts->stride_from == from;
    const bool rates = facts->rates_from == from && facts->rates[0] != 0;
    if (stride || rates)
        say(user, key,
            stride && rates ? "output_stride,rates"
            : stride        ? "output_stride"
                            : "rates");
}

void sg_network_tell(const sg_facts *facts, sg_tell_fn say, void *user)
{
    char text[16];
    facts->backbone->tell(facts, say, user);
    snprintf(text, sizeof(text), "%d", (int)facts->output_stride);
    say(user, "output_stride", text);
    if (facts->row->tell)
        facts->row->tell(facts, say, user);
    tell_origin(facts, SG_ASSUMED, "assumed", say, user);
    tell_origin(facts, SG_READ, "read", say, user);
}

/* ---- pieces of rows ---- */

bool sg_evidence_holds(const sg_evidence *evidence, const char *tensor)
{
    int64_t shape[SEGENT_RANK_MAX];
    return evidence->shape(evidence->file, tensor, shape) >= 0;
}

int32_t sg_evidence_outputs(const sg_evidence *evidence, const sg_facts *facts, const char *tensor,
                            int32_t most)
{
    char problem[256];
    int64_t shape[SEGENT_RANK_MAX];
    const int32_t rank = evidence->shape(evidence->file, tensor, shape);
    if (rank == 4 && shape[0] >= 1 && shape[0] <= most)
        return (int32_t)shape[0];
    if (rank < 0) {
        snprintf(problem, sizeof(problem), "is missing, so this is not %s network",
                 facts->row->title);
    } else {
        size_t length = (size_t)snprintf(problem, sizeof(problem), "has shape (");
        for (int32_t i = 0; i < rank; i++)
            length += (size_t)snprintf(problem + length, sizeof(problem) - length,
                                       i ? ", %" PRId64 : "%" PRId64, shape[i]);
        snprintf(problem + length, sizeof(problem) - length,
                 "), expected 4 dimensions, the first 1 to %d", (int)most);
    }
    evidence->fail(evidence->file, tensor, problem);
    return 1;
}

void sg_classes_find(const sg_evidence *evidence, const char *tensor, sg_facts *facts)
{
    facts->classes = sg_evidence_outputs(evidence, facts, tensor, SG_CLASSES_MAX);
    facts->sigmoid = facts->classes == 1;
    facts->classes += facts->sigmoid;
}

/* The sigmoid of one output z is the softmax of the logits 0 and z. */
sg_map sg_classes(sg_graph *g, sg_map x, const sg_facts *facts, sg_conv how)
{
    how.background = facts->sigmoid;
    return sg_graph_conv(g, x, facts->classes, how);
}
