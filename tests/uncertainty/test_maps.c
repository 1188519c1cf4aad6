/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Softmax, entropy map and argmax on full-size values. */

#include "truth.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { H = 5, W = 83 };

static const int64_t class_counts[] = {1, 2, 3, 19, 21, 128, 129, 150, 300, 1000};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The truth is slow: not every pixel of many classes. */
static int64_t pixel_step(int64_t classes)
{
    return classes > 32 ? 11 : 1;
}

static float *entropy_of(segent_context *context, const segent_tensor_view *values,
                         segent_unit unit, float temperature)
{
    segent_entropy_options options = segent_entropy_options_init();
    options.unit = unit;
    options.temperature = temperature;
    float *entropy = malloc((size_t)(values->height * values->width) * sizeof(float));
    assert_non_null(entropy);
    const segent_map_view map = segent_map(entropy, values->height, values->width);
    test_assert_ok(context, segent_entropy_map(context, values, &options, &map));
    return entropy;
}

static void assert_near(double value, double expected, double tolerance, const char *what)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%s: %.9g instead of %.9g (difference %.3g, allowed %.3g)", what, value, expected,
                 value - expected, tolerance);
}

static void entropy_is_the_truth(void **state)
{
    static const float ranges[] = {1e-3f, 1.0f, 10.0f, 1e4f};
    segent_context *context = *state;
    for (size_t k = 0; k < COUNT(class_counts); k++) {
        const int64_t c = class_counts[k];
        for (size_t r = 0; r < COUNT(ranges); r++) {
            float *values = random_values(k * 10 + r, c * H * W, -ranges[r], ranges[r]);
            const segent_tensor_view view = segent_tensor_chw(values, c, H, W);
            float *entropy = entropy_of(context, &view, SEGENT_UNIT_NORMALIZED, 1.0f);
            for (int64_t i = 0; i < H * W; i += pixel_step(c)) {
                const double truth = (double)truth_entropy(values + i, c, H * W, 1.0);
                assert_near((double)entropy[i], c > 1 ? truth / log((double)c) : 0.0, 2e-6,
                            "entropy");
                assert_true(entropy[i] >= 0.0f && entropy[i] <= 1.0f);
            }
            free(entropy);
            free(values);
        }
    }
}

static void units_and_temperature(void **state)
{
    segent_context *context = *state;
    const int64_t c = 21;
    float *values = random_values(7, c * H * W, -9.0f, 9.0f);
    const segent_tensor_view view = segent_tensor_chw(values, c, H, W);
    static const float temperatures[] = {0.5f, 1.0f, 3.0f, 1e-30f, 1e30f};
    for (size_t t = 0; t < COUNT(temperatures); t++) {
        float *nats = entropy_of(context, &view, SEGENT_UNIT_NATS, temperatures[t]);
        float *bits = entropy_of(context, &view, SEGENT_UNIT_BITS, temperatures[t]);
        float *unit = entropy_of(context, &view, SEGENT_UNIT_NORMALIZED, temperatures[t]);
        for (int64_t i = 0; i < H * W; i++) {
            const double truth =
                (double)truth_entropy(values + i, c, H * W, (double)temperatures[t]);
            assert_near((double)nats[i], truth, 4e-6, "nats");
            assert_near((double)bits[i], truth / log(2.0), 6e-6, "bits");
            assert_near((double)unit[i], truth / log(21.0), 2e-6, "normalised");
        }
        free(nats);
        free(bits);
        free(unit);
    }
    free(values);
}

/* One pixel's entropy of the classes given. */
static float entropy_of_pixel(segent_context *context, const float *logits, int64_t c)
{
    const segent_tensor_view view = segent_tensor_chw(logits, c, 1, 1);
    float *entropy = entropy_of(context, &view, SEGENT_UNIT_NORMALIZED, 1.0f);
    const float value = entropy[0];
    free(entropy);
    return value;
}

static void extremes(void **state)
{
    segent_context *context = *state;
    for (size_t k = 0; k < COUNT(class_counts); k++) {
        const int64_t c = class_counts[k];
        float *z = random_values(k, c, 2.5f, 2.5f);
        const float uniform = entropy_of_pixel(context, z, c);
        if (c == 1)
            assert_true(uniform == 0.0f);
        else
            assert_near((double)uniform, 1.0, 1e-6, "uniform");
        static const float peaks[] = {200.0f, 1e4f, 3e38f, FLT_MAX};
        for (size_t p = 0; p < COUNT(peaks); p++) {
            z[c / 2] = peaks[p];
            assert_true(entropy_of_pixel(context, z, c) == 0.0f);
            for (int64_t i = 0; i < c; i++)
                z[i] = i == c / 2 ? peaks[p] : -peaks[p];
            assert_true(entropy_of_pixel(context, z, c) == 0.0f);
            for (int64_t i = 0; i < c; i++)
                z[i] = peaks[p];
            assert_near((double)entropy_of_pixel(context, z, c), c > 1 ? 1.0 : 0.0, 1e-6, "equal");
            for (int64_t i = 0; i < c; i++)
                z[i] = 2.5f;
        }
        for (int64_t i = 0; i < c; i++)
            z[i] = i % 2 ? -INFINITY : -1e-40f;
        const double possible = (double)((c + 1) / 2);
        assert_near((double)entropy_of_pixel(context, z, c),
                    c > 1 ? log(possible) / log((double)c) : 0.0, 1e-6, "impossible classes");
        free(z);
    }
}

/* Permuting the classes, or adding a constant to all, changes nothing but rounding. */
static void invariances(void **state)
{
    segent_context *context = *state;
    const int64_t c = 150;
    float *values = random_values(3, c * H * W, -8.0f, 8.0f);
    for (int64_t i = 0; i < c * H * W; i++)
        values[i] = roundf(values[i] * 1024.0f) / 1024.0f; /* + 64 is exact then */
    float *other = malloc((size_t)(c * H * W) * sizeof(float));
    assert_non_null(other);
    for (int64_t k = 0; k < c; k++)
        memcpy(other + k * H * W, values + (k * 7 + 3) % c * H * W, H * W * sizeof(float));
    const segent_tensor_view view = segent_tensor_chw(values, c, H, W);
    const segent_tensor_view other_view = segent_tensor_chw(other, c, H, W);
    float *entropy = entropy_of(context, &view, SEGENT_UNIT_NORMALIZED, 1.0f);
    float *permuted = entropy_of(context, &other_view, SEGENT_UNIT_NORMALIZED, 1.0f);
    for (int64_t i = 0; i < c * H * W; i++)
        other[i] = values[i] + 64.0f;
    float *shifted = entropy_of(context, &other_view, SEGENT_UNIT_NORMALIZED, 1.0f);
    for (int64_t i = 0; i < H * W; i++) {
        assert_near((double)permuted[i], (double)entropy[i], 5e-7, "permuted");
        assert_true(shifted[i] == entropy[i]);
    }
    free(values);
    free(other);
    free(entropy);
    free(permuted);
    free(shifted);
}

/* All strides of the same values give the same bits. */
static void strides_agree(void **state)
{
    segent_context *context = *state;
    for (size_t k = 0; k < COUNT(class_counts); k++) {
        const int64_t c = class_counts[k], count = c * H * W, pad = 3;
        float *values = random_values(k, count, -5.0f, 5.0f);
        float *last = channels_last(values, c, H, W);
        const segent_tensor_view chw = segent_tensor_chw(values, c, H, W);
        const segent_tensor_view hwc = segent_tensor_hwc(last, H, W, c);
        float *entropy = entropy_of(context, &chw, SEGENT_UNIT_NORMALIZED, 1.0f);
        float *same = entropy_of(context, &hwc, SEGENT_UNIT_NORMALIZED, 1.0f);
        assert_memory_equal(entropy, same, H * W * sizeof(float));
        free(same);

        /* Upside down, right to left, classes reversed and padded, columns apart. */
        const int64_t room = c * H * (2 * W + pad);
        float *spread = random_values(1, room, NAN, NAN);
        float *base = spread + (c - 1) * H * (2 * W + pad) + 2 * (W - 1);
        const segent_tensor_view odd = {base,        c, H, W, -(int64_t)H * (2 * W + pad),
                                        2 * W + pad, -2};
        for (int64_t i = 0; i < count; i++)
            base[i / (H * W) * odd.channel_stride + i / W % H * odd.row_stride +
                 i % W * odd.column_stride] = values[i];
        same = entropy_of(context, &odd, SEGENT_UNIT_NORMALIZED, 1.0f);
        assert_memory_equal(entropy, same, H * W * sizeof(float));
        free(same);

        uint16_t labels[3][H * W];
        const segent_tensor_view *const views[] = {&chw, &hwc, &odd};
        for (int i = 0; i < 3; i++) {
            const segent_label_view map = segent_label_map(labels[i], SEGENT_LABEL_U16, H, W);
            test_assert_ok(context, segent_argmax(context, views[i], &map));
        }
        assert_memory_equal(labels[0], labels[1], sizeof(labels[0]));
        assert_memory_equal(labels[0], labels[2], sizeof(labels[0]));

        float *p[3];
        for (int i = 0; i < 3; i++)
            p[i] = random_values(2, room, 9.0f, 9.0f);
        float *odd_p = p[2] + (base - spread);
        const segent_tensor_view to_chw = segent_tensor_chw(p[0], c, H, W);
        const segent_tensor_view to_hwc = segent_tensor_hwc(p[1], H, W, c);
        segent_tensor_view to_odd = odd;
        to_odd.data = odd_p;
        test_assert_ok(context, segent_softmax(context, &chw, &to_chw));
        test_assert_ok(context, segent_softmax(context, &chw, &to_hwc));
        test_assert_ok(context, segent_softmax(context, &hwc, &to_odd));
        for (int64_t i = 0; i < count; i++) {
            const int64_t y = i / W % H, x = i % W, id = i / (H * W);
            assert_true(p[0][i] == p[1][(y * W + x) * c + id]);
            assert_true(
                p[0][i] ==
                odd_p[id * odd.channel_stride + y * odd.row_stride + x * odd.column_stride]);
        }
        int64_t untouched = 0;
        for (int64_t i = 0; i < room; i++)
            untouched += p[2][i] == 9.0f;
        assert_int_equal(untouched, room - count);
        test_assert_ok(context, segent_softmax(context, &hwc, &hwc));
        assert_memory_equal(last, p[1], (size_t)count * sizeof(float));
        for (int i = 0; i < 3; i++)
            free(p[i]);
        free(spread);
        free(values);
        free(last);
        free(entropy);
    }
}

static void softmax_is_the_truth(void **state)
{
    segent_context *context = *state;
    for (size_t k = 0; k < COUNT(class_counts); k++) {
        const int64_t c = class_counts[k];
        float *values = random_values(k, c * H * W, -40.0f, 40.0f);
        if (c > 2)
            values[H * W] = -INFINITY;
        float *p = malloc((size_t)(c * H * W) * sizeof(float));
        assert_non_null(p);
        const segent_tensor_view from = segent_tensor_chw(values, c, H, W);
        const segent_tensor_view to = segent_tensor_chw(p, c, H, W);
        test_assert_ok(context, segent_softmax(context, &from, &to));
        for (int64_t i = 0; i < H * W; i += pixel_step(c)) {
            long double largest = -INFINITY, sum = 0;
            for (int64_t j = 0; j < c; j++)
                largest = fmaxl(largest, values[j * H * W + i]);
            for (int64_t j = 0; j < c; j++)
                sum += expl(values[j * H * W + i] - largest);
            for (int64_t j = 0; j < c; j++) {
                const double truth = (double)(expl(values[j * H * W + i] - largest) / sum);
                assert_near((double)p[j * H * W + i], truth, truth * 1e-5 + 1e-37, "probability");
            }
        }
        if (c > 2)
            assert_true(p[H * W] == 0.0f);
        free(values);
        free(p);
    }
}

static void entropy_from_probabilities(void **state)
{
    segent_context *context = *state;
    segent_entropy_options options = segent_entropy_options_init();
    options.source = SEGENT_SOURCE_PROBABILITIES;
    options.strict = 1;
    for (size_t k = 0; k < COUNT(class_counts); k++) {
        const int64_t c = class_counts[k];
        float *values = random_values(k, c * H * W, -60.0f, 60.0f);
        float *p = malloc((size_t)(c * H * W) * sizeof(float));
        float entropy[H * W];
        assert_non_null(p);
        const segent_tensor_view from = segent_tensor_chw(values, c, H, W);
        const segent_tensor_view to = segent_tensor_chw(p, c, H, W);
        const segent_map_view map = segent_map(entropy, H, W);
        test_assert_ok(context, segent_softmax(context, &from, &to));
        test_assert_ok(context, segent_entropy_map(context, &to, &options, &map));
        for (int64_t i = 0; i < H * W; i += pixel_step(c)) {
            const double truth = (double)truth_entropy(values + i, c, H * W, 1.0);
            assert_near((double)entropy[i], c > 1 ? truth / log((double)c) : 0.0, 2e-6, "entropy");
        }
        free(values);
        free(p);
    }
}

static segent_status entropy_of_three(segent_context *context, const float *p, int32_t strict,
                                      float *entropy)
{
    const segent_tensor_view values = segent_tensor_chw(p, 3, 1, 1);
    const segent_map_view map = segent_map(entropy, 1, 1);
    segent_entropy_options options = segent_entropy_options_init();
    options.source = SEGENT_SOURCE_PROBABILITIES;
    options.unit = SEGENT_UNIT_NATS;
    options.strict = strict;
    return segent_entropy_map(context, &values, &options, &map);
}

static void odd_probabilities(void **state)
{
    segent_context *context = *state;
    float entropy = -1.0f;
    test_assert_ok(context, entropy_of_three(context, (float[]){0, 1, 0}, 1, &entropy));
    assert_true(entropy == 0.0f);
    test_assert_ok(context, entropy_of_three(context, (float[]){-0.5f, 0.5f, 1.0f}, 0, &entropy));
    assert_near((double)entropy, 0.5 * log(2.0), 1e-6, "negative ones count as 0");
    test_assert_ok(context, entropy_of_three(context, (float[]){0.5f, 0.5f, 0.5f}, 0, &entropy));
    assert_near((double)entropy, 1.5 * log(2.0), 1e-6, "as they are");
    test_assert_status(context,
                       entropy_of_three(context, (float[]){-0.5f, 0.5f, 1.0f}, 1, &entropy),
                       SEGENT_ERROR_NOT_PROBABILITY);
    test_assert_error_contains(context, "-0.5 at (y, x, class) = (0, 0, 0) is not in [0, 1]");
    test_assert_status(context, entropy_of_three(context, (float[]){0, 1.5f, 0}, 1, &entropy),
                       SEGENT_ERROR_NOT_PROBABILITY);
    test_assert_error_contains(context, "1.5 at (y, x, class) = (0, 0, 1)");
    test_assert_status(context, entropy_of_three(context, (float[]){0.5f, 0.25f, 0}, 1, &entropy),
                       SEGENT_ERROR_NOT_PROBABILITY);
    test_assert_error_contains(context, "(y, x) = (0, 0) sum to 0.75 instead of 1");
    test_assert_status(context, entropy_of_three(context, (float[]){0, 0.5f, NAN}, 0, &entropy),
                       SEGENT_ERROR_NOT_FINITE);
    test_assert_error_contains(context, "probabilities hold NaN at (y, x, class) = (0, 0, 2)");
    test_assert_status(context, entropy_of_three(context, (float[]){0, INFINITY, 0}, 0, &entropy),
                       SEGENT_ERROR_NOT_FINITE);
    test_assert_error_contains(context, "+infinity at (y, x, class) = (0, 0, 1)");
}

static void argmax_ties_and_types(void **state)
{
    segent_context *context = *state;
    float *values = random_values(0, 1200, -1.0f, 0.0f);
    const segent_tensor_view view = segent_tensor_chw(values, 300, 1, 4);
    values[7 * 4] = values[290 * 4] = 3.0f;
    values[299 * 4 + 1] = INFINITY;
    for (int c = 0; c < 300; c++) {
        values[c * 4 + 2] = -INFINITY;
        values[c * 4 + 3] = c == 256 ? 0.0f : -0.0f; /* equal */
    }
    uint16_t labels[8];
    memset(labels, 0xee, sizeof(labels));
    const segent_label_view apart = {labels, 1, 4, 0, 2, SEGENT_LABEL_U16, 0};
    const segent_label_view bytes = segent_label_map(labels, SEGENT_LABEL_U8, 1, 4);
    test_assert_ok(context, segent_argmax(context, &view, &apart));
    static const uint16_t expected[] = {7, 0xeeee, 299, 0xeeee, 0, 0xeeee, 0, 0xeeee};
    assert_memory_equal(labels, expected, sizeof(expected));
    test_assert_status(context, segent_argmax(context, &view, &bytes),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context,
                               "300 classes do not fit in SEGENT_LABEL_U8, which holds 256");
    values[5 * 4 + 1] = NAN;
    test_assert_status(context, segent_argmax(context, &view, &apart), SEGENT_ERROR_NOT_FINITE);
    test_assert_error_contains(context,
                               "segent_argmax: the values hold NaN at (y, x, class) = (0, 1, 5)");
    free(values);

    float *top = random_values(0, 256, 0.0f, 0.5f);
    const segent_tensor_view most = segent_tensor_chw(top, 256, 1, 1);
    top[255] = 1.0f;
    uint8_t label = 0;
    const segent_label_view one = segent_label_map(&label, SEGENT_LABEL_U8, 1, 1);
    test_assert_ok(context, segent_argmax(context, &most, &one));
    assert_int_equal(label, 255);
    free(top);
}

/* The first bad pixel in row-major order is named, whatever the threads do. */
static void bad_values_are_named(void **state)
{
    (void)state;
    enum { C = 4, ROWS = 600, COLUMNS = 90 };
    float *values = random_values(5, C * ROWS * COLUMNS, -1.0f, 1.0f);
    float *output = malloc(C * ROWS * COLUMNS * sizeof(float));
    assert_non_null(output);
    const segent_tensor_view view = segent_tensor_chw(values, C, ROWS, COLUMNS);
    const segent_tensor_view place = segent_tensor_chw(output, C, ROWS, COLUMNS);
    const segent_map_view map = segent_map(output, ROWS, COLUMNS);
    values[2 * ROWS * COLUMNS + 577 * COLUMNS + 3] = NAN;
    values[3 * ROWS * COLUMNS + 301 * COLUMNS + 70] = INFINITY;
    values[1 * ROWS * COLUMNS + 301 * COLUMNS + 71] = NAN;
    static const char text[] = "the logits hold +infinity at (y, x, class) = (301, 70, 3)";
    for (int32_t threads = 1; threads <= 4; threads++) {
        segent_options options = segent_options_init();
        options.threads = threads;
        segent_context *context;
        assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
        test_assert_status(context, segent_entropy_map(context, &view, NULL, &map),
                           SEGENT_ERROR_NOT_FINITE);
        test_assert_error_contains(context, text);
        memcpy(output, values, C * ROWS * COLUMNS * sizeof(float));
        test_assert_status(context, segent_softmax(context, &place, &place),
                           SEGENT_ERROR_NOT_FINITE);
        test_assert_error_contains(context, text);
        for (int c = 0; c < C; c++)
            output[c] = -INFINITY;
        const segent_tensor_view one = segent_tensor_chw(output, C, 1, 1);
        float entropy;
        const segent_map_view entropy_map = segent_map(&entropy, 1, 1);
        test_assert_status(context, segent_entropy_map(context, &one, NULL, &entropy_map),
                           SEGENT_ERROR_NOT_FINITE);
        test_assert_error_contains(context, "all classes are -infinity at (y, x) = (0, 0)");
        segent_context_destroy(context);
    }
    free(values);
    free(output);
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
        cmocka_unit_test(entropy_is_the_truth),
        cmocka_unit_test(units_and_temperature),
        cmocka_unit_test(extremes),
        cmocka_unit_test(invariances),
        cmocka_unit_test(strides_agree),
        cmocka_unit_test(softmax_is_the_truth),
        cmocka_unit_test(entropy_from_probabilities),
        cmocka_unit_test(odd_probabilities),
        cmocka_unit_test(argmax_ties_and_types),
        cmocka_unit_test(bad_values_are_named),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
