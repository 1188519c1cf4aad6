/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Writes the checkpoint of a narrow network with seeded weights, for trying the command without the
 * published file. It segments nothing.
 *
 *     make-checkpoint [--seed N] [--blocks A,B,C,D] [--width N] [--aspp N] [--classes N]
 *                     [--form legacy|zip|safetensors] [--wrapper KEY] [--without TENSOR]
 *                     [--class-names A,B,...] [--prefix PREFIX] [--also PREFIX] OUT
 *
 * --prefix stands before all names; --also adds a second network, of the next seed, below another.
 */

#include "network_weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int usage(const char *cause)
{
    fprintf(stderr, "make-checkpoint: %s\n", cause);
    return 2;
}

static segent_container container_of(const char *form)
{
    return strcmp(form, "legacy") == 0        ? SEGENT_CONTAINER_LEGACY
           : strcmp(form, "zip") == 0         ? SEGENT_CONTAINER_ZIP
           : strcmp(form, "safetensors") == 0 ? SEGENT_CONTAINER_SAFETENSORS
                                              : 0;
}

static void remove_tensor(test_network *network, const char *name)
{
    test_tensor *tensor = test_network_find(network, name);
    const test_tensor *end = network->tensors + network->count;
    memmove(tensor, tensor + 1, (size_t)(end - tensor - 1) * sizeof(*tensor));
    network->count--;
}

/* Appends the network's tensors with PREFIX before their names, which are the caller's to free. */
static size_t append(test_tensor *tensors, size_t count, const test_network *network,
                     const char *prefix)
{
    for (size_t i = 0; i < network->count; i++) {
        const char *own = network->tensors[i].name;
        const size_t size = strlen(prefix) + strlen(own) + 1;
        char *name = malloc(size);
        snprintf(name, size, "%s%s", prefix, own);
        tensors[count] = network->tensors[i];
        tensors[count++].name = name;
    }
    return count;
}

static void write_pair(const char *path, segent_container container, const test_network *first,
                       const char *prefix, test_network_shape shape, const char *also)
{
    shape.seed++;
    test_network *second = test_network_make(&shape);
    test_tensor *tensors = calloc(first->count + second->count, sizeof(*tensors));
    size_t count = append(tensors, 0, first, prefix ? prefix : "");
    count = append(tensors, count, second, also);
    test_write_checkpoint(path, container, tensors, count, NULL);
    for (size_t i = 0; i < count; i++)
        free((char *)tensors[i].name);
    free(tensors);
    test_network_free(second);
}

int main(int count, char **arguments)
{
    test_network_shape shape = {
        .seed = 1, .blocks = {1, 1, 1, 1}, .width = 8, .aspp = 16, .classes = 21};
    test_writer_options options = {.wrapper = NULL};
    const char *form = "zip", *without = NULL, *also = NULL;
    const char *metadata[] = {"segent.classes", NULL, NULL};
    int at = 1;
    for (; at + 2 < count && strncmp(arguments[at], "--", 2) == 0; at += 2) {
        const char *name = arguments[at] + 2, *value = arguments[at + 1];
        if (strcmp(name, "seed") == 0)
            shape.seed = strtoull(value, NULL, 10);
        else if (strcmp(name, "blocks") == 0)
            sscanf(value, "%d,%d,%d,%d", &shape.blocks[0], &shape.blocks[1], &shape.blocks[2],
                   &shape.blocks[3]);
        else if (strcmp(name, "width") == 0)
            shape.width = atoi(value);
        else if (strcmp(name, "aspp") == 0)
            shape.aspp = atoi(value);
        else if (strcmp(name, "classes") == 0)
            shape.classes = atoi(value);
        else if (strcmp(name, "form") == 0)
            form = value;
        else if (strcmp(name, "wrapper") == 0)
            options.wrapper = value;
        else if (strcmp(name, "class-names") == 0)
            metadata[1] = value;
        else if (strcmp(name, "prefix") == 0)
            options.prefix = value;
        else if (strcmp(name, "also") == 0)
            also = value;
        else if (strcmp(name, "without") == 0)
            without = value;
        else
            return usage("unknown option");
    }
    if (at + 1 != count || container_of(form) == 0)
        return usage("usage: make-checkpoint [--seed N] [--blocks A,B,C,D] [--width N] [--aspp N] "
                     "[--classes N] [--form legacy|zip|safetensors] [--wrapper KEY] "
                     "[--without TENSOR] [--class-names A,B,...] [--prefix PREFIX] [--also PREFIX] "
                     "OUT");
    if (metadata[1])
        options.metadata = metadata;
    test_network *network = test_network_make(&shape);
    if (without)
        remove_tensor(network, without);
    if (also)
        write_pair(arguments[at], container_of(form), network, options.prefix, shape, also);
    else
        test_write_checkpoint(arguments[at], container_of(form), network->tensors, network->count,
                              &options);
    test_network_free(network);
    return 0;
}
