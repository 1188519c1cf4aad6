/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The parts of a network beside convolutions: pooling, averages, the plan of memory. */

#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/graph.h"
#include "nn/network.h"
#include "nn/plan.h"
#include "nn/pooling.h"

static float *random_values(uint64_t *seed, size_t count)
{
    float *values = malloc(count * sizeof(float));
    assert_non_null(values);
    for (size_t i = 0; i < count; i++)
        values[i] = test_random_uniform(seed, -2.0f, -1.0f);
    return values;
}

/* ==== Pooling ==== */

static float naive_maximum(const sg_tensor *input, int64_t y, int64_t x, int64_t c)
{
    float result = -INFINITY;
    for (int64_t row = 2 * y - 1; row <= 2 * y + 1; row++) {
        for (int64_t column = 2 * x - 1; column <= 2 * x + 1; column++) {
            if (row >= 0 && row < input->height && column >= 0 && column < input->width)
                result = fmaxf(result, sg_tensor_f32(input, row * input->width + column)[c]);
        }
    }
    return result;
}

static void check_max_pool(int32_t height, int32_t width, int32_t channels, int32_t pad)
{
    uint64_t seed = 3;
    segent_context *context = test_context();
    sg_tensor input = {NULL, SG_F32, height, width, channels, channels + pad, 0};
    sg_tensor output = {
        NULL, SG_F32, (height + 1) / 2, (width + 1) / 2, channels, channels + 2 * pad, 0};
    input.data = random_values(&seed, (size_t)(sg_tensor_pixels(&input) * input.pixel_stride));
    output.data = random_values(&seed, (size_t)(sg_tensor_pixels(&output) * output.pixel_stride));
    sg_max_pool(context, &input, &output);
    for (int64_t p = 0; p < sg_tensor_pixels(&output); p++) {
        for (int64_t c = 0; c < channels; c++)
            assert_true(sg_tensor_f32(&output, p)[c] ==
                        naive_maximum(&input, p / output.width, p % output.width, c));
    }
    free(input.data);
    free(output.data);
    segent_context_destroy(context);
}

/* All values are negative: a padding of 0 would win. */
static void test_max_pool(void **state)
{
    (void)state;
    check_max_pool(1, 1, 1, 0);
    check_max_pool(2, 1, 3, 1);
    check_max_pool(1, 7, 2, 0);
    check_max_pool(8, 6, 5, 2);
    check_max_pool(33, 47, 16, 0);
}

static void test_max_pool_keeps_nan(void **state)
{
    float values[4] = {1.0f, NAN, 2.0f, 3.0f}, result = 0.0f;
    const sg_tensor input = {values, SG_F32, 2, 2, 1, 1, 0},
                    output = {&result, SG_F32, 1, 1, 1, 1, 0};
    segent_context *context = test_context();
    (void)state;
    sg_max_pool(context, &input, &output);
    assert_true(isnan(result));
    segent_context_destroy(context);
}

/* A mean that float32 sums would miss: 2^24 swallows the ones. */
static void test_global_average(void **state)
{
    enum { PIXELS = 33 * 31, CHANNELS = 130, STRIDE = 133 };
    float *values = malloc((size_t)PIXELS * STRIDE * sizeof(float)), means[CHANNELS];
    segent_context *context = test_context();
    (void)state;
    for (int p = 0; p < PIXELS; p++) {
        for (int c = 0; c < STRIDE; c++)
            values[p * STRIDE + c] = p == 0 ? 16777216.0f * (float)(c + 1) : 1.0f;
    }
    const sg_tensor input = {values, SG_F32, 33, 31, CHANNELS, STRIDE, 0};
    const sg_tensor output = {means, SG_F32, 1, 1, CHANNELS, CHANNELS, 0};
    sg_global_average(context, &input, NULL, &output);
    for (int c = 0; c < CHANNELS; c++)
        assert_true(means[c] == (float)((16777216.0 * (c + 1) + (PIXELS - 1)) / PIXELS));
    double *rows = malloc((size_t)33 * CHANNELS * sizeof(double)); /* of whoever made the map */
    for (int i = 0; i < 33 * CHANNELS; i++)
        rows[i] = 4.0 * (i / CHANNELS) + i % CHANNELS;
    sg_global_average(context, &input, rows, &output);
    for (int c = 0; c < CHANNELS; c++)
        assert_true(means[c] == (float)((4.0 * (32 * 33 / 2) + 33.0 * c) / PIXELS));
    free(rows);
    free(values);
    segent_context_destroy(context);
}

static void test_to_planes(void **state)
{
    enum { PIXELS = 5 * 7, CHANNELS = 19, STRIDE = 24 };
    float values[PIXELS * STRIDE], planes[PIXELS * CHANNELS];
    segent_context *context = test_context();
    (void)state;
    for (int i = 0; i < PIXELS * STRIDE; i++)
        values[i] = (float)i;
    const sg_tensor input = {values, SG_F32, 5, 7, CHANNELS, STRIDE, 0};
    sg_to_planes(context, &input, planes);
    for (int c = 0; c < CHANNELS; c++) {
        for (int p = 0; p < PIXELS; p++)
            assert_true(planes[c * PIXELS + p] == (float)(p * STRIDE + c));
    }
    segent_context_destroy(context);
}

/* ==== Plan ==== */

static void test_plan_reuses_room(void **state)
{
    sg_plan plan = {0};
    sg_tensor a, b, c, d;
    (void)state;
    assert_true(sg_plan_take(&plan, SG_F32, 4, 4, 4, &a)); /* 256 bytes */
    assert_true(sg_plan_take(&plan, SG_F32, 2, 4, 4, &b)); /* 128 */
    assert_true(sg_plan_take(&plan, SG_F32, 1, 1, 3, &c)); /* 12, rounded to 64 */
    assert_int_equal(a.offset, 0);
    assert_int_equal(b.offset, 256);
    assert_int_equal(c.offset, 384);
    assert_null(a.data);
    assert_int_equal(plan.size, 448);
    sg_plan_give(&plan, b.offset);
    assert_true(sg_plan_take(&plan, SG_F32, 4, 4, 4, &d)); /* does not fit the gap */
    assert_int_equal(d.offset, 448);
    assert_true(sg_plan_take(&plan, SG_F32, 2, 2, 4, &b)); /* does */
    assert_int_equal(b.offset, 256);
    assert_int_equal(b.pixel_stride, 4);
    assert_int_equal(plan.size, 704);
    assert_int_equal(plan.count, 4);
}

/* A pixel's bytes are what its type makes of them, and so is the gap behind them. */
static void test_plan_types(void **state)
{
    sg_plan plan = {0};
    sg_tensor tensor;
    (void)state;
    assert_true(sg_plan_take(&plan, SG_F32, 4, 8, 256, &tensor));
    assert_int_equal(tensor.type, SG_F32);
    assert_int_equal(tensor.pixel_stride, 256 + 16);
    assert_int_equal(plan.size, 4 * 8 * (1024 + 64));
    sg_plan_give(&plan, tensor.offset);
    plan.size = 0;
    assert_true(sg_plan_take(&plan, SG_BF16, 4, 8, 256, &tensor));
    assert_int_equal(tensor.type, SG_BF16);
    assert_int_equal(tensor.pixel_stride, 256);
    assert_int_equal(plan.size, 4 * 8 * 512);
    sg_plan_give(&plan, tensor.offset);
    assert_true(sg_plan_take(&plan, SG_BF16, 1, 1, 1024, &tensor));
    assert_int_equal(tensor.pixel_stride, 1024 + 32);
}

/* Part of a tensor begins where its first channel lies. */
static void test_slice(void **state)
{
    float values[6] = {0};
    const sg_tensor floats = {values, SG_F32, 1, 2, 3, 3, 0},
                    halves = {values, SG_BF16, 1, 2, 3, 3, 0};
    (void)state;
    const sg_tensor last = sg_tensor_slice(&floats, 2, 1), half = sg_tensor_slice(&halves, 2, 1);
    assert_ptr_equal(last.data, values + 2);
    assert_ptr_equal(sg_tensor_f32(&last, 1), values + 5);
    assert_ptr_equal(half.data, values + 1);
    assert_int_equal(last.channels, 1);
    assert_int_equal(last.pixel_stride, 3);
}

/* What can be taken is the largest gap, or what lies between the last room and the limit. */
static void test_plan_room(void **state)
{
    sg_plan plan = {0};
    size_t a, b, c;
    (void)state;
    assert_int_equal(sg_plan_room(&plan, 0), 0);
    assert_int_equal(sg_plan_room(&plan, 1000), 960); /* whole cache lines */
    assert_true(sg_plan_take_bytes(&plan, 256, &a));
    assert_true(sg_plan_take_bytes(&plan, 128, &b));
    assert_true(sg_plan_take_bytes(&plan, 64, &c));
    assert_int_equal(sg_plan_room(&plan, 1024), 1024 - 448);
    assert_int_equal(sg_plan_room(&plan, 448), 0);
    sg_plan_give(&plan, b);
    assert_int_equal(sg_plan_room(&plan, 448), 128);
    assert_int_equal(sg_plan_room(&plan, 100), 128);
    assert_int_equal(sg_plan_room(&plan, 448 + 192), 192);
    sg_plan_give(&plan, a);
    assert_int_equal(sg_plan_room(&plan, 448), 384);
    assert_int_equal(c, 384);
}

/* Random takes and gives: nothing that is live overlaps, and the same walk ends in the same plan.
 */
static void walk(sg_plan *plan, size_t *offsets)
{
    struct {
        size_t offset, bytes;
    } live[SG_PLAN_LIVE_MAX];
    int count = 0;
    uint64_t seed = 11;
    for (int step = 0; step < 300; step++) {
        const size_t bytes = 1 + (size_t)(test_random(&seed) % 2000);
        if (count < 10 && (count == 0 || test_random(&seed) % 2)) {
            assert_true(sg_plan_take_bytes(plan, (int64_t)bytes, &live[count].offset));
            live[count].bytes = bytes;
            assert_int_equal(live[count].offset % 64, 0);
            assert_true(live[count].offset + bytes <= plan->size);
            for (int i = 0; i < count; i++) {
                const size_t begin = live[count].offset, other = live[i].offset;
                assert_true(begin + bytes <= other || other + live[i].bytes <= begin);
            }
            offsets[step] = live[count++].offset;
        } else {
            const int which = (int)(test_random(&seed) % (uint64_t)count);
            sg_plan_give(plan, live[which].offset);
            live[which] = live[--count];
        }
    }
}

static void test_plan_repeats(void **state)
{
    size_t first[300] = {0}, second[300] = {0};
    sg_plan one = {0}, other = {0};
    (void)state;
    walk(&one, first);
    walk(&other, second);
    assert_memory_equal(first, second, sizeof(first));
    assert_int_equal(one.size, other.size);
}

static void test_plan_limits(void **state)
{
    sg_plan plan = {0};
    sg_tensor tensor = {0};
    size_t offset = 77;
    (void)state;
    assert_false(sg_plan_take(&plan, SG_F32, 0, 1, 1, &tensor));
    assert_false(sg_plan_take(&plan, SG_F32, 1, -1, 1, &tensor));
    assert_false(sg_plan_take(&plan, SG_F32, INT32_MAX, INT32_MAX, INT32_MAX, &tensor));
    assert_false(sg_plan_take(&plan, SG_F32, INT32_MAX, INT32_MAX, 1, &tensor));
    assert_false(sg_plan_take_bytes(&plan, 0, &offset));
    assert_false(sg_plan_take_bytes(&plan, -1, &offset));
    assert_false(sg_plan_take_bytes(&plan, INT64_MAX, &offset));
    assert_int_equal(plan.size, 0);
    assert_int_equal(offset, 77);
    /* Each fits, both do not. */
    const int64_t share = (int64_t)(SIZE_MAX / 3);
    assert_true(sg_plan_take_bytes(&plan, share, &offset));
    assert_false(sg_plan_take_bytes(&plan, share, &offset));
    for (int i = 1; i < SG_PLAN_LIVE_MAX; i++)
        assert_true(sg_plan_take_bytes(&plan, 1, &offset));
    assert_false(sg_plan_take_bytes(&plan, 1, &offset));
}

/* ==== Lists of operations ==== */

/* The weights' tensor has an output's own inputs only. */
static void test_groups_in_a_list(void **state)
{
    const sg_allocator allocator = {NULL, NULL, NULL};
    sg_graph graph;
    (void)state;
    sg_graph_begin(&graph, &allocator);
    const sg_map x = sg_graph_conv(&graph, SG_PICTURE, 12, (sg_conv){.name = "first", .kernel = 3});
    sg_graph_conv(&graph, x, 24, (sg_conv){.name = "second", .kernel = 3, .groups = 4});
    assert_false(graph.failed);
    const sg_op *first = &graph.ops.list[0], *second = &graph.ops.list[1];
    assert_int_equal(first->groups, 1);
    assert_int_equal(first->weight_inputs, 3);
    assert_int_equal(second->groups, 4);
    assert_int_equal(second->inputs, 12);
    assert_int_equal(second->weight_inputs, 3);
    sg_ops_free(&allocator, &graph.ops);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_max_pool),
        cmocka_unit_test(test_max_pool_keeps_nan),
        cmocka_unit_test(test_global_average),
        cmocka_unit_test(test_to_planes),
        cmocka_unit_test(test_plan_reuses_room),
        cmocka_unit_test(test_plan_repeats),
        cmocka_unit_test(test_groups_in_a_list),
        cmocka_unit_test(test_plan_types),
        cmocka_unit_test(test_slice),
        cmocka_unit_test(test_plan_limits),
        cmocka_unit_test(test_plan_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
