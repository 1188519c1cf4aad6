/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Image entropy and figures per class. */

#include "truth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { H = 37, W = 301 };

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.15g instead of %.15g", value, expected);
}

static void sum_is_the_truth(void **state)
{
    segent_context *context = *state;
    float *map = random_values(1, H * W, 0.0f, 1.0f);
    const segent_map_view view = segent_map(map, H, W);
    segent_entropy_summary summary = segent_entropy_summary_init();
    test_assert_ok(context, segent_image_entropy(context, &view, NULL, &summary));
    long double sum = 0;
    float lowest = 1.0f, highest = 0.0f;
    for (int i = 0; i < H * W; i++) {
        sum += map[i];
        lowest = fminf(lowest, map[i]);
        highest = fmaxf(highest, map[i]);
    }
    assert_near(summary.sum, (double)sum, 1e-11 * (double)sum);
    assert_near(summary.mean, (double)sum / (H * W), 1e-12);
    assert_int_equal(summary.pixels, H * W);
    assert_true(summary.minimum == (double)lowest && summary.maximum == (double)highest);
    assert_true(summary.sum_nats == 0.0);
    free(map);
}

static void masks_and_strides(void **state)
{
    segent_context *context = *state;
    enum { STRIDE = 2 * W + 3 };
    float *spread = random_values(1, H * STRIDE, NAN, NAN);
    float *map = random_values(1, H * W, 0.0f, 1.0f);
    uint8_t *mask = calloc(H, W + 7);
    assert_non_null(mask);
    const segent_map_view apart = {spread + (H - 1) * STRIDE, H, W, -STRIDE, 2};
    const segent_label_view padded = {mask, H, W, W + 7, 1, SEGENT_LABEL_U8, 0};
    long double sum = 0;
    int64_t pixels = 0;
    for (int y = 0; y < H; y++) {
        for (int x = 0; x < W; x++) {
            const bool counted = (x * 7 + y * 3) % 5 != 0;
            mask[y * (W + 7) + x] = counted ? 0 : 255;
            spread[(H - 1 - y) * STRIDE + 2 * x] = counted ? map[y * W + x] : NAN;
            sum += counted ? map[y * W + x] : 0.0f;
            pixels += counted;
        }
    }
    segent_entropy_summary summary = segent_entropy_summary_init();
    test_assert_ok(context, segent_image_entropy(context, &apart, &padded, &summary));
    assert_near(summary.sum, (double)sum, 1e-11 * (double)sum);
    assert_int_equal(summary.pixels, pixels);
    assert_near(summary.mean, (double)sum / (double)pixels, 1e-12);

    /* An empty mask changes nothing, a full one leaves nothing. */
    const segent_map_view view = segent_map(map, H, W);
    const segent_label_view dense = segent_label_map(mask, SEGENT_LABEL_U8, H, W);
    segent_entropy_summary plain = segent_entropy_summary_init();
    test_assert_ok(context, segent_image_entropy(context, &view, NULL, &plain));
    memset(mask, 0, H * (W + 7));
    test_assert_ok(context, segent_image_entropy(context, &view, &dense, &summary));
    assert_memory_equal(&summary, &plain, sizeof(plain));
    memset(mask, 1, H * (W + 7));
    test_assert_ok(context, segent_image_entropy(context, &view, &dense, &summary));
    const segent_entropy_summary nothing = segent_entropy_summary_init();
    assert_memory_equal(&summary, &nothing, sizeof(nothing));
    free(spread);
    free(map);
    free(mask);
}

static void same_for_any_threads(void **state)
{
    float *map = random_values(9, H * W, 0.0f, 1.0f);
    const segent_map_view view = segent_map(map, H, W);
    segent_entropy_summary expected = segent_entropy_summary_init();
    test_assert_ok(*state, segent_image_entropy(*state, &view, NULL, &expected));
    for (int32_t threads = 1; threads <= 4; threads++) {
        segent_options options = segent_options_init();
        options.threads = threads;
        segent_context *context;
        assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
        segent_entropy_summary summary = segent_entropy_summary_init();
        test_assert_ok(context, segent_image_entropy(context, &view, NULL, &summary));
        assert_memory_equal(&summary, &expected, sizeof(summary));
        segent_context_destroy(context);
    }
    free(map);
}

static void nan_is_named(void **state)
{
    segent_context *context = *state;
    float *map = random_values(9, H * W, 0.0f, 1.0f);
    uint8_t *mask = calloc(H, W);
    assert_non_null(mask);
    const segent_map_view view = segent_map(map, H, W);
    const segent_label_view ignore = segent_label_map(mask, SEGENT_LABEL_U8, H, W);
    map[30 * W + 5] = NAN;
    map[17 * W + 200] = NAN;
    segent_entropy_summary summary = segent_entropy_summary_init();
    test_assert_status(context, segent_image_entropy(context, &view, NULL, &summary),
                       SEGENT_ERROR_NOT_FINITE);
    test_assert_error_contains(context, "the entropy map holds NaN at (y, x) = (17, 200)");
    mask[17 * W + 200] = 1;
    test_assert_status(context, segent_image_entropy(context, &view, &ignore, &summary),
                       SEGENT_ERROR_NOT_FINITE);
    test_assert_error_contains(context, "(30, 5)");
    mask[30 * W + 5] = 1;
    test_assert_ok(context, segent_image_entropy(context, &view, &ignore, &summary));
    free(map);
    free(mask);
}

static void statistics(void **state)
{
    segent_context *context = *state;
    enum { C = 300 };
    uint16_t *labels = calloc(H * W, 2);
    assert_non_null(labels);
    float *map = random_values(9, H * W, 0.0f, 1.0f);
    double sums[C] = {0.0};
    int64_t counts[C] = {0};
    for (int i = 0; i < H * W; i++) {
        labels[i] = (uint16_t)(i % 7 == 0 ? 299 : i % 11);
        sums[labels[i]] += (double)map[i];
        counts[labels[i]]++;
    }
    const segent_label_view view = segent_label_map(labels, SEGENT_LABEL_U16, H, W);
    const segent_map_view entropy = segent_map(map, H, W);
    segent_class_statistics figures[C];
    test_assert_ok(context, segent_statistics_per_class(context, &view, &entropy, figures, C));
    for (int c = 0; c < C; c++) {
        assert_int_equal(figures[c].pixels, counts[c]);
        assert_near(figures[c].entropy_mean, counts[c] ? sums[c] / (double)counts[c] : 0.0, 1e-12);
    }
    test_assert_ok(context, segent_statistics_per_class(context, &view, NULL, figures, C));
    assert_int_equal(figures[299].pixels, counts[299]);
    assert_true(figures[299].entropy_mean == 0.0);
    figures[0].pixels = -1;
    labels[3 * W + 4] = 299;
    labels[3 * W + 5] = 301;
    test_assert_status(context, segent_statistics_per_class(context, &view, NULL, figures, C),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "label 301 at (y, x) = (3, 5), but there are 300 classes");
    assert_int_equal(figures[0].pixels, -1);
    free(labels);
    free(map);
}

static int setup(void **state)
{
    *state = test_context();
    return 0;
}

static int teardown(void **state)
{
    segent_context_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sum_is_the_truth),     cmocka_unit_test(masks_and_strides),
        cmocka_unit_test(same_for_any_threads), cmocka_unit_test(nan_is_named),
        cmocka_unit_test(statistics),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
