/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "common.h"

#include <math.h>
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

static segent_status build(segent_context *context, const segent_checkpoint *checkpoint,
                           const char *prefix, const sg_facts *known, sg_built **network)
{
    sg_built built;
    const segent_status status =
        sg_model_build(context, checkpoint, prefix, known, (sg_eps){0.0, SG_ASSUMED}, false,
                       SEGENT_PRECISION_F32, &built);
    if (status != SEGENT_OK)
        return status;
    *network = malloc(sizeof(**network));
    assert_non_null(*network);
    **network = built;
    return SEGENT_OK;
}

segent_status network_build_known(segent_context *context, const segent_checkpoint *checkpoint,
                                  const sg_facts *known, sg_built **network)
{
    return build(context, checkpoint, "", known, network);
}

segent_status network_build(segent_context *context, const segent_checkpoint *checkpoint,
                            const char *prefix, const int32_t rates[3], sg_built **network)
{
    sg_facts known = {.rates_from = rates[0] || rates[1] || rates[2] ? SG_GIVEN : SG_ASSUMED};
    memcpy(known.rates, rates, sizeof(known.rates));
    return build(context, checkpoint, prefix, &known, network);
}

void network_destroy(sg_built *network)
{
    if (network) {
        sg_used_tensors_free(&network->network->allocator, &network->tensors);
        sg_network_destroy(network->network);
    }
    free(network);
}

segent_status network_run(segent_context *context, const sg_built *network, const float *picture,
                          int32_t height, int32_t width, const sg_network_run_options *options,
                          float *logits)
{
    return sg_network_run(context, network->network, picture, height, width, options, logits, NULL);
}

segent_status network_memory(segent_context *context, const sg_built *network, int32_t height,
                             int32_t width, int64_t *bytes)
{
    sg_network_size size;
    const segent_status status =
        sg_network_measure(context, network->network, height, width, SEGENT_ENGINE_FAST, 0, &size);
    if (status == SEGENT_OK)
        *bytes = size.bytes;
    return status;
}

int32_t network_side(int32_t n, int32_t stride)
{
    for (; stride > 1; stride /= 2)
        n = n / 2 + n % 2;
    return n;
}

sg_built *network_from_seed(segent_context *context, const test_network_shape *shape,
                            const int32_t rates[3], segent_container container)
{
    sg_built *result = NULL;
    test_network *network = test_network_make(shape);
    segent_checkpoint *checkpoint = network_checkpoint(context, network, container);
    test_assert_ok(context, network_build(context, checkpoint, "", rates, &result));
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

float *network_logits(const sg_built *network, int32_t height, int32_t width, size_t *count)
{
    const int32_t stride = network->facts.logits_stride;
    *count = (size_t)network->facts.classes * (size_t)network_side(height, stride) *
             (size_t)network_side(width, stride);
    float *logits = malloc(*count * sizeof(float));
    assert_non_null(logits);
    return logits;
}

segent_context *group_context;

int group_set_up(void **state)
{
    (void)state;
    group_context = test_context();
    return 0;
}

int group_tear_down(void **state)
{
    (void)state;
    segent_context_destroy(group_context);
    return 0;
}

/* ---- runs of one network ---- */

network_fixture network_fixture_make(int32_t threads, const test_network_shape *shape,
                                     const int32_t rates[3], int32_t height, int32_t width)
{
    network_fixture f = {.height = height, .width = width};
    segent_options options = segent_options_init();
    options.threads = threads;
    assert_int_equal(segent_context_create(&options, &f.context), SEGENT_OK);
    f.network = network_from_seed(f.context, shape, rates, SEGENT_CONTAINER_ZIP);
    f.picture = network_picture(1, height, width);
    free(network_logits(f.network, height, width, &f.count));
    return f;
}

void network_fixture_free(network_fixture *f)
{
    free(f->picture);
    network_destroy(f->network);
    segent_context_destroy(f->context);
}

float *network_fixture_run(const network_fixture *f, segent_engine engine, int64_t limit)
{
    float *logits = malloc(f->count * sizeof(float));
    const sg_network_run_options options = {.engine = engine, .workspace_limit = limit};
    assert_non_null(logits);
    test_assert_ok(f->context, network_run(f->context, f->network, f->picture, f->height, f->width,
                                           &options, logits));
    return logits;
}

double network_fixture_distance(const network_fixture *f, const float *left, const float *right)
{
    double most = 0.0, size = 0.0;
    for (size_t i = 0; i < f->count; i++) {
        most = fmax(most, fabs((double)left[i] - (double)right[i]));
        size = fmax(size, fabs((double)left[i]));
    }
    return most / size;
}
