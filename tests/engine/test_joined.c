/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A 1x1 convolution joined with the depthwise one behind it gives what the two give one after the
 * other, bit by bit, on every instruction set of this processor and any number of threads. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "layer.h"
#include "nn/joined.h"

/* Maps of shapes whose types are not written down are SG_F32. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* Channels of the input and of both outputs; then the depthwise convolution, and the map. */
typedef struct pair_case {
    int32_t inputs, channels;
    int32_t kernel, stride, padding, dilation;
    int32_t height, width;
    sg_activation activation;
} pair_case;

static const pair_case cases[] = {
    {16, 64, 3, 2, 1, 1, 52, 61, SG_RELU},        {24, 72, 3, 1, 1, 1, 40, 47, SG_RELU},
    {24, 72, 5, 2, 2, 1, 33, 35, SG_HARD_SWISH},  {40, 120, 5, 1, 2, 1, 65, 65, SG_RELU},
    {80, 200, 3, 1, 1, 1, 17, 33, SG_HARD_SWISH}, {112, 672, 5, 1, 4, 2, 33, 33, SG_HARD_SWISH},
    {3, 5, 3, 1, 1, 1, 1, 1, SG_IDENTITY},        {7, 33, 5, 1, 12, 6, 5, 9, SG_SIGMOID},
    {7, 31, 3, 1, 9, 9, 4, 5, SG_RELU},           {9, 40, 3, 1, 0, 1, 7, 8, SG_HARD_SIGMOID},
    {5, 17, 2, 3, 1, 2, 20, 31, SG_RELU},         {6, 16, 7, 1, 3, 1, 300, 3, SG_IDENTITY},
    {8, 24, 3, 2, 8, 4, 3, 700, SG_RELU},         {4, 48, 3, 1, 1, 1, 3, 1500, SG_HARD_SWISH},
};

static segent_context *context_for(uint32_t cpu, int32_t threads)
{
    segent_context *context = NULL;
    segent_options options = segent_options_init();
    options.threads = threads;
    options.cpu = cpu;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    return context;
}

static sg_convolution *convolution_of(segent_context *context, const layer *l)
{
    sg_convolution *convolution = NULL;
    assert_int_equal(sg_convolution_create(context, &l->what.shape, &l->packing, &convolution),
                     SEGENT_OK);
    return convolution;
}

static void *workspace_of(int64_t bytes)
{
    float *workspace = aligned_alloc(64, (size_t)(bytes + 63) / 64 * 64 + 64);
    assert_non_null(workspace);
    for (int64_t i = 0; i < bytes / (int64_t)sizeof(float); i++)
        workspace[i] = NAN;
    return workspace;
}

/* By the exact engine, whose ways are those that can be joined. */
static sg_convolution_way way_of(const segent_context *context, const sg_convolution *convolution,
                                 const layer *l)
{
    sg_convolution_way way;
    sg_convolution_choose(context, convolution, SEGENT_ENGINE_EXACT, l->what.height, l->what.width,
                          INT64_MAX, &way);
    return way;
}

static void run_alone(segent_context *context, const layer *l, const sg_convolution *convolution,
                      sg_convolution_call call)
{
    const sg_convolution_way way = way_of(context, convolution, l);
    call.workspace = workspace_of(way.workspace);
    sg_convolution_run(context, convolution, &way, &call);
    free(call.workspace);
}

static size_t sums_bytes(const sg_tensor *output)
{
    return (size_t)output->height * (size_t)output->channels * sizeof(double);
}

/* Room for the sums of an output's rows, of NaN. */
static double *sums_of(const sg_tensor *output)
{
    return workspace_of((int64_t)sums_bytes(output));
}

/* Each row's pixels one after the other, in double. */
static void check_sums(const layer *l, const sg_tensor *output, const double *sums)
{
    for (int32_t y = 0; y < output->height; y++) {
        for (int32_t c = 0; c < output->channels; c++) {
            const float *value = sg_tensor_f32(output, (int64_t)y * output->width) + c;
            double sum = 0.0;
            for (int32_t x = 0; x < output->width; x++, value += output->pixel_stride)
                sum += (double)*value;
            if (sum != sums[(int64_t)y * output->channels + c])
                fail_msg("%s: channel %d of row %d has another sum", layer_name(l), (int)c, (int)y);
        }
    }
}

static size_t bytes_of(const sg_tensor *tensor)
{
    return (size_t)(sg_tensor_pixels(tensor) * tensor->pixel_stride) * sizeof(float);
}

/* The two layers of a case. The second one's input is the first one's output. */
typedef struct pair {
    layer first, second;
} pair;

static pair pair_make(const pair_case *what, uint64_t seed)
{
    const layer_case first = {.shape = {.inputs = what->inputs,
                                        .outputs = what->channels,
                                        .kernel = 1,
                                        .stride = 1,
                                        .dilation = 1,
                                        .groups = 1,
                                        .activation = what->activation},
                              .height = what->height,
                              .width = what->width,
                              .pad = 3};
    const layer_case second = {.shape = {.inputs = what->channels,
                                         .outputs = what->channels,
                                         .kernel = what->kernel,
                                         .stride = what->stride,
                                         .padding = what->padding,
                                         .dilation = what->dilation,
                                         .groups = what->channels,
                                         .activation = what->activation},
                               .height = what->height,
                               .width = what->width,
                               .pad = 3};
    return (pair){layer_make(&first, seed), layer_make(&second, seed + 1)};
}

static void check(uint32_t cpu, const pair_case *what, int32_t threads)
{
    segent_context *context = context_for(cpu, threads);
    pair p = pair_make(what, (uint64_t)what->channels);
    sg_convolution *first = convolution_of(context, &p.first);
    sg_convolution *second = convolution_of(context, &p.second);
    const sg_convolution_way way = way_of(context, first, &p.first);
    if (context->kernels.product.fast && sg_joined_suits(first, &way, second)) {
        sg_convolution_call call = layer_call(&p.second);
        layer_reset(&p.second);
        run_alone(context, &p.first, first, layer_call(&p.first));
        call.input = p.first.output;
        call.row_sums = sums_of(&call.output);
        run_alone(context, &p.second, second, call);
        void *apart = workspace_of((int64_t)bytes_of(&call.output));
        memcpy(apart, call.output.data, bytes_of(&call.output));
        double *sums = call.row_sums;
        if (threads == 1)
            check_sums(&p.second, &call.output, sums);
        call.row_sums = sums_of(&call.output);
        layer_reset(&p.second);
        call.input = p.first.input;
        call.workspace =
            workspace_of(sg_joined_workspace(first, second, what->height, what->width, threads));
        const double share = sg_joined_run(context, first, second, &call, threads == 2);
        assert_true(share >= 0 && share <= 1 && (share > 0) == (threads == 2));
        if (memcmp(apart, call.output.data, bytes_of(&call.output)) != 0)
            fail_msg("%s, %d threads: joined with %d inputs it differs", layer_name(&p.second),
                     (int)threads, (int)what->inputs);
        if (memcmp(sums, call.row_sums, sums_bytes(&call.output)) != 0)
            fail_msg("%s, %d threads: joined its rows have other sums", layer_name(&p.second),
                     (int)threads);
        free(sums);
        free(call.row_sums);
        free(call.workspace);
        free(apart);
    } else {
        assert_false(context->kernels.product.fast);
    }
    sg_convolution_destroy(first);
    sg_convolution_destroy(second);
    layer_free(&p.first);
    layer_free(&p.second);
    segent_context_destroy(context);
}

static void joined_pairs_give_the_bits_of_both(void **state)
{
    static const uint32_t sets[] = {SEGENT_CPU_REF, SEGENT_CPU_AVX2, SEGENT_CPU_AVX512,
                                    SEGENT_CPU_NEON};
    (void)state;
    for (size_t s = 0; s < sizeof(sets) / sizeof(sets[0]); s++) {
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            for (int32_t threads = 1; threads <= 5; threads += threads == 1 ? 1 : 3)
                check(sets[s], &cases[i], threads);
        }
    }
}

/* A first convolution that is not a plain 1x1 product, or a second one that is not depthwise, is
 * not joined. */
static void others_are_not_joined(void **state)
{
    (void)state;
    segent_context *context = context_for(0, 1);
    const pair_case what = {16, 32, 3, 1, 1, 1, 8, 8, SG_RELU};
    pair p = pair_make(&what, 1);
    sg_convolution *first = convolution_of(context, &p.first);
    sg_convolution *second = convolution_of(context, &p.second);
    const sg_convolution_way way = way_of(context, first, &p.first);
    const sg_convolution_way way_second = way_of(context, second, &p.second);
    assert_false(sg_joined_suits(second, &way_second, second));
    assert_false(sg_joined_suits(first, &way, first));
    sg_convolution_destroy(first);
    sg_convolution_destroy(second);
    layer_free(&p.first);
    layer_free(&p.second);
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(joined_pairs_give_the_bits_of_both),
                                       cmocka_unit_test(others_are_not_joined)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
