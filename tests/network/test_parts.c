/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The parts of a network beside convolutions: pooling, averages, the plan of memory. */

#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
                result = fmaxf(
                    result, input->data[(row * input->width + column) * input->pixel_stride + c]);
        }
    }
    return result;
}

static void check_max_pool(int32_t height, int32_t width, int32_t channels, int32_t pad)
{
    uint64_t seed = 3;
    segent_context *context = test_context();
    sg_tensor input = {NULL, height, width, channels, channels + pad, 0};
    sg_tensor output = {NULL, (height + 1) / 2, (width + 1) / 2, channels, channels + 2 * pad, 0};
    input.data = random_values(&seed, (size_t)(sg_tensor_pixels(&input) * input.pixel_stride));
    output.data = random_values(&seed, (size_t)(sg_tensor_pixels(&output) * output.pixel_stride));
    sg_max_pool(context, &input, &output);
    for (int64_t p = 0; p < sg_tensor_pixels(&output); p++) {
        for (int64_t c = 0; c < channels; c++)
            assert_true(output.data[p * output.pixel_stride + c] ==
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
    const sg_tensor input = {values, 2, 2, 1, 1, 0}, output = {&result, 1, 1, 1, 1, 0};
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
    const sg_tensor input = {values, 33, 31, CHANNELS, STRIDE, 0};
    const sg_tensor output = {means, 1, 1, CHANNELS, CHANNELS, 0};
    sg_global_average(context, &input, &output);
    for (int c = 0; c < CHANNELS; c++)
        assert_true(means[c] == (float)((16777216.0 * (c + 1) + (PIXELS - 1)) / PIXELS));
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
    const sg_tensor input = {values, 5, 7, CHANNELS, STRIDE, 0};
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
    assert_true(sg_plan_take(&plan, 4, 4, 4, &a)); /* 256 bytes */
    assert_true(sg_plan_take(&plan, 2, 4, 4, &b)); /* 128 */
    assert_true(sg_plan_take(&plan, 1, 1, 3, &c)); /* 12, rounded to 64 */
    assert_int_equal(a.offset, 0);
    assert_int_equal(b.offset, 256);
    assert_int_equal(c.offset, 384);
    assert_null(a.data);
    assert_int_equal(plan.size, 448);
    sg_plan_give(&plan, &b);
    assert_true(sg_plan_take(&plan, 4, 4, 4, &d)); /* does not fit the gap */
    assert_int_equal(d.offset, 448);
    assert_true(sg_plan_take(&plan, 2, 2, 4, &b)); /* does */
    assert_int_equal(b.offset, 256);
    assert_int_equal(b.pixel_stride, 4);
    assert_int_equal(plan.size, 704);
    assert_int_equal(plan.count, 4);
}

/* What can be taken is the largest gap, or what lies between the last tensor and the limit. */
static void test_plan_room(void **state)
{
    sg_plan plan = {0};
    sg_tensor a, b, c;
    (void)state;
    assert_int_equal(sg_plan_room(&plan, 0), 0);
    assert_int_equal(sg_plan_room(&plan, 1000), 960); /* whole cache lines */
    assert_true(sg_plan_take_floats(&plan, 64, &a));  /* 256 bytes */
    assert_true(sg_plan_take_floats(&plan, 32, &b));  /* 128 */
    assert_true(sg_plan_take_floats(&plan, 16, &c));  /* 64 */
    assert_int_equal(sg_plan_room(&plan, 1024), 1024 - 448);
    assert_int_equal(sg_plan_room(&plan, 448), 0);
    sg_plan_give(&plan, &b);
    assert_int_equal(sg_plan_room(&plan, 448), 128);
    assert_int_equal(sg_plan_room(&plan, 100), 128);
    assert_int_equal(sg_plan_room(&plan, 448 + 192), 192);
    sg_plan_give(&plan, &a);
    assert_int_equal(sg_plan_room(&plan, 448), 384);
}

/* Random takes and gives: nothing that is live overlaps, and a walk with a block repeats the walk
 * without one. */
static void walk(sg_plan *plan, size_t *offsets)
{
    sg_tensor live[SG_PLAN_LIVE_MAX];
    int count = 0;
    uint64_t seed = 11;
    for (int step = 0; step < 300; step++) {
        const int64_t floats = 1 + (int64_t)(test_random(&seed) % 500);
        if (count < 10 && (count == 0 || test_random(&seed) % 2)) {
            assert_true(sg_plan_take_floats(plan, floats, &live[count]));
            for (int i = 0; i < count; i++) {
                const size_t begin = live[count].offset, other = live[i].offset;
                assert_true(begin + (size_t)floats * 4 <= other ||
                            other + (size_t)live[i].pixel_stride * 4 <= begin);
            }
            if (plan->block)
                assert_ptr_equal(live[count].data, plan->block + live[count].offset);
            offsets[step] = live[count++].offset;
        } else {
            const int which = (int)(test_random(&seed) % (uint64_t)count);
            sg_plan_give(plan, &live[which]);
            live[which] = live[--count];
        }
    }
}

static void test_plan_repeats(void **state)
{
    size_t first[300] = {0}, second[300] = {0};
    sg_plan planning = {0};
    (void)state;
    walk(&planning, first);
    sg_plan running = {.block = aligned_alloc(64, planning.size)};
    assert_non_null(running.block);
    walk(&running, second);
    assert_memory_equal(first, second, sizeof(first));
    assert_int_equal(planning.size, running.size);
    free(running.block);
}

static void test_plan_limits(void **state)
{
    sg_plan plan = {0};
    sg_tensor tensor = {0};
    (void)state;
    assert_false(sg_plan_take(&plan, 0, 1, 1, &tensor));
    assert_false(sg_plan_take(&plan, 1, -1, 1, &tensor));
    assert_false(sg_plan_take(&plan, INT32_MAX, INT32_MAX, INT32_MAX, &tensor));
    assert_false(sg_plan_take(&plan, INT32_MAX, INT32_MAX, 1, &tensor));
    assert_false(sg_plan_take_floats(&plan, 0, &tensor));
    assert_false(sg_plan_take_floats(&plan, INT64_MAX, &tensor));
    assert_int_equal(plan.size, 0);
    /* Each fits, both do not. */
    const int64_t share = (int64_t)(SIZE_MAX / 2 / 6);
    assert_true(sg_plan_take_floats(&plan, share, &tensor));
    assert_false(sg_plan_take_floats(&plan, share, &tensor));
    for (int i = 1; i < SG_PLAN_LIVE_MAX; i++)
        assert_true(sg_plan_take_floats(&plan, 1, &tensor));
    assert_false(sg_plan_take_floats(&plan, 1, &tensor));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_max_pool),         cmocka_unit_test(test_max_pool_keeps_nan),
        cmocka_unit_test(test_global_average),   cmocka_unit_test(test_to_planes),
        cmocka_unit_test(test_plan_reuses_room), cmocka_unit_test(test_plan_repeats),
        cmocka_unit_test(test_plan_limits),      cmocka_unit_test(test_plan_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
