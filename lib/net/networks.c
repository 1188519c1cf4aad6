/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The list of all networks, and what they share. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "network.h"

extern const sg_network_row sg_deeplabv3, sg_fcn;

const sg_network_row *const sg_networks[] = {&sg_deeplabv3, &sg_fcn, NULL};

enum { USUAL_CLASSES = 21 };

bool sg_network_named(const char *name, sg_facts *facts)
{
    const char *bar = strchr(name, '_');
    *facts = (sg_facts){.row = bar ? NULL : sg_networks[0], .classes = USUAL_CLASSES};
    for (int i = 0; bar && sg_networks[i]; i++) {
        const size_t length = strlen(sg_networks[i]->name);
        if (length == (size_t)(bar - name) && memcmp(name, sg_networks[i]->name, length) == 0)
            facts->row = sg_networks[i];
    }
    if (!facts->row || !sg_resnet_named(bar ? bar + 1 : name, facts))
        return false;
    facts->head = facts->row->usual_head;
    memcpy(facts->rates, facts->row->usual_rates, sizeof(facts->rates));
    return true;
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
void sg_classes(sg_graph *g, sg_map x, const char *name, const sg_facts *facts)
{
    x = sg_graph_conv(g, x, facts->classes, (sg_conv){.name = name, .background = facts->sigmoid});
    sg_graph_logits(g, x);
}
