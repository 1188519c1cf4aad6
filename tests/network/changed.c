/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "changed.h"

#include "model/find.h"

#include <stdio.h>
#include <string.h>

/* Finds the network in a checkpoint and builds it. */
static segent_status create(const segent_checkpoint *checkpoint, sg_built **network)
{
    char prefix[SG_PREFIX_SIZE];
    const segent_status status = sg_model_find(group_context, checkpoint, NULL, prefix);
    return status == SEGENT_OK
               ? network_build(group_context, checkpoint, prefix, standard_rates, network)
               : status;
}

void network_refused(test_network *source, const char *tensor, const char *problem)
{
    sg_built *network = NULL;
    segent_checkpoint *checkpoint =
        network_checkpoint(group_context, source, SEGENT_CONTAINER_LEGACY);
    test_assert_status(group_context, create(checkpoint, &network), SEGENT_ERROR_MODEL);
    assert_null(network);
    test_assert_error_contains(group_context, "network.pth: ");
    if (tensor)
        test_assert_error_contains(group_context, tensor);
    test_assert_error_contains(group_context, problem);
    segent_checkpoint_destroy(checkpoint);
    test_network_free(source);
}

sg_built *network_taken(test_network *source)
{
    sg_built *network = NULL;
    segent_checkpoint *checkpoint = network_checkpoint(group_context, source, SEGENT_CONTAINER_ZIP);
    test_assert_ok(group_context, create(checkpoint, &network));
    segent_checkpoint_destroy(checkpoint);
    test_network_free(source);
    return network;
}

void network_remove(test_network *network, size_t index)
{
    network->count--;
    memmove(&network->tensors[index], &network->tensors[index + 1],
            (network->count - index) * sizeof(network->tensors[0]));
}

void network_rename(test_network *network, const char *from, const char *to)
{
    const size_t length = strlen(from);
    for (size_t i = 0; i < network->count; i++) {
        const char *name = network->tensors[i].name;
        if (strncmp(name, from, length) != 0)
            continue;
        char renamed[2 * sizeof(network->names[0])];
        snprintf(renamed, sizeof(renamed), "%.79s%.79s", to, name + length);
        assert_true(strlen(renamed) < sizeof(network->names[0]));
        memcpy((char *)name, renamed, strlen(renamed) + 1); /* one of network->names */
    }
}

void network_remove_all(test_network *network, const char *prefix)
{
    for (size_t i = network->count; i-- > 0;) {
        if (strncmp(network->tensors[i].name, prefix, strlen(prefix)) == 0)
            network_remove(network, i);
    }
}
