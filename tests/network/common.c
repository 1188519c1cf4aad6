/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "common.h"

#include <stdlib.h>
#include <unistd.h>

const int32_t standard_rates[3] = {12, 24, 36};

const test_network_shape tiny_shape = {
    .seed = 1, .blocks = {1, 1, 1, 1}, .width = 2, .aspp = 3, .classes = 2};

segent_checkpoint *network_checkpoint(segent_context *context, const test_network *network,
                                      segent_container container)
{
    segent_checkpoint *checkpoint = NULL;
    const char *path = test_temporary("network.pth");
    test_write_checkpoint(path, container, network->tensors, network->count, NULL);
    test_assert_ok(context, segent_checkpoint_load(context, path, &checkpoint));
    assert_int_equal(unlink(path), 0);
    return checkpoint;
}

sg_deeplab *network_from_seed(segent_context *context, const test_network_shape *shape,
                              const int32_t rates[3], segent_container container)
{
    sg_deeplab *result = NULL;
    test_network *network = test_network_make(shape);
    segent_checkpoint *checkpoint = network_checkpoint(context, network, container);
    test_assert_ok(context,
                   sg_deeplab_create(context, checkpoint, "", rates, SEGENT_ENGINE_FAST, &result));
    segent_checkpoint_destroy(checkpoint);
    test_network_free(network);
    return result;
}

float *network_picture(uint64_t seed, int32_t height, int32_t width)
{
    float *values = malloc((size_t)height * (size_t)width * 3 * sizeof(float));
    assert_non_null(values);
    test_network_picture(seed, height, width, values);
    return values;
}

float *network_logits(const sg_deeplab *network, int32_t height, int32_t width, size_t *count)
{
    *count = (size_t)sg_deeplab_describe(network)->classes *
             (size_t)sg_deeplab_feature_size(height) * (size_t)sg_deeplab_feature_size(width);
    float *logits = malloc(*count * sizeof(float));
    assert_non_null(logits);
    return logits;
}
