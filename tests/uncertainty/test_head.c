/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The fused head against torch's interpolate, softmax, entropy and argmax (tests/data/uncertainty),
 * and against this library's own functions on logits of full size. */

#include "truth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const cases[] = {"up",  "wide", "down", "same",     "point",    "to_point",
                                    "two", "ade",  "many", "imagenet", "one_class"};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static test_array golden(const char *name, const char *kind, const char *type)
{
    char path[128];
    snprintf(path, sizeof(path), "uncertainty/%s.%s.npy", name, kind);
    return test_load_npy(test_data(path), type);
}

/* All outputs of full size, dense. */
typedef struct outputs {
    segent_uncertainty_maps maps;
    segent_entropy_summary summary;
    int64_t pixels, classes;
} outputs;

static void *room(int64_t count, size_t size)
{
    void *memory = calloc((size_t)count, size);
    assert_non_null(memory);
    return memory;
}

static outputs make_outputs(int64_t classes, int64_t height, int64_t width)
{
    const int64_t n = height * width;
    outputs out = {segent_uncertainty_maps_init(), segent_entropy_summary_init(), n, classes};
    float *logits = room(n * classes, sizeof(float));
    float *probabilities = room(n * classes, sizeof(float));
    out.maps.height = height;
    out.maps.width = width;
    out.maps.labels = segent_label_map(room(n, sizeof(uint16_t)), SEGENT_LABEL_U16, height, width);
    out.maps.entropy = segent_map(room(n, sizeof(float)), height, width);
    out.maps.top_probability = segent_map(room(n, sizeof(float)), height, width);
    out.maps.margin = segent_map(room(n, sizeof(float)), height, width);
    out.maps.logits = segent_tensor_chw(logits, classes, height, width);
    out.maps.probabilities = segent_tensor_chw(probabilities, classes, height, width);
    return out;
}

static void free_outputs(outputs *out)
{
    free(out->maps.labels.data);
    free(out->maps.entropy.data);
    free(out->maps.top_probability.data);
    free(out->maps.margin.data);
    free(out->maps.logits.data);
    free(out->maps.probabilities.data);
}

static outputs run_head(segent_context *context, const segent_tensor_view *logits,
                        const segent_uncertainty_options *options, int64_t height, int64_t width)
{
    outputs out = make_outputs(logits->channels, height, width);
    test_assert_ok(
        context, segent_uncertainty_from_logits(context, logits, options, &out.maps, &out.summary));
    return out;
}

static void assert_near(double value, double expected, double tolerance, const char *what,
                        const char *name, int64_t i)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%s: %s[%lld] is %.9g instead of %.9g (difference %.3g, allowed %.3g)", name, what,
                 (long long)i, value, expected, value - expected, tolerance);
}

static void check_case(segent_context *context, const char *name)
{
    test_array input = golden(name, "input", "<f4"), logits = golden(name, "logits", "<f4");
    test_array p = golden(name, "probabilities", "<f4"), entropy = golden(name, "entropy", "<f8");
    test_array labels = golden(name, "labels", "<u2");
    const segent_tensor_view low =
        segent_tensor_chw(input.data, input.shape[0], input.shape[1], input.shape[2]);
    outputs out = run_head(context, &low, NULL, logits.shape[1], logits.shape[2]);
    const double log_c = low.channels > 1 ? log((double)low.channels) : 1.0;
    double sum = 0.0;
    /* Equal to the bit; but torch takes another path where the array is channels-last as well. */
    const bool both = low.height * low.width == 1 || low.channels == 1;
    const double ulp = both ? 0x1p-22 : 0.0;
    for (int64_t i = 0; i < out.pixels * out.classes; i++) {
        const double torch = (double)((const float *)logits.data)[i];
        assert_near((double)out.maps.logits.data[i], torch, fabs(torch) * ulp, "logits", name, i);
        assert_near((double)out.maps.probabilities.data[i], (double)((const float *)p.data)[i],
                    1e-6, "probabilities", name, i);
    }
    for (int64_t i = 0; i < out.pixels; i++) {
        const double torch = ((const double *)entropy.data)[i];
        assert_near((double)out.maps.entropy.data[i], torch / log_c, 2e-6, "entropy", name, i);
        assert_int_equal(((const uint16_t *)out.maps.labels.data)[i],
                         ((const uint16_t *)labels.data)[i]);
        sum += torch;
    }
    assert_near(out.summary.sum_nats, sum, 1e-6 * sum + 1e-12, "sum_nats", name, 0);
    assert_near(out.summary.sum, sum / log_c, 1e-6 * sum + 1e-12, "sum", name, 0);
    assert_int_equal(out.summary.pixels, out.pixels);
    free_outputs(&out);
    test_free_array(&input);
    test_free_array(&logits);
    test_free_array(&p);
    test_free_array(&entropy);
    test_free_array(&labels);
}

static void equals_torch(void **state)
{
    for (size_t i = 0; i < COUNT(cases); i++)
        check_case(*state, cases[i]);
}

/* The outputs are what the other functions make of the full-size logits. */
static void equals_the_steps(void **state)
{
    static const int64_t sizes[][5] = {
        {21, 6, 9, 48, 72}, {2, 7, 5, 33, 130}, {150, 4, 5, 9, 70}, {5, 40, 40, 13, 17}};
    segent_context *context = *state;
    for (size_t k = 0; k < COUNT(sizes); k++) {
        const int64_t *s = sizes[k];
        float *low = random_values(k, s[0] * s[1] * s[2], -6.0f, 6.0f);
        const segent_tensor_view logits = segent_tensor_chw(low, s[0], s[1], s[2]);
        outputs out = run_head(context, &logits, NULL, s[3], s[4]);
        outputs step = make_outputs(s[0], s[3], s[4]);
        test_assert_ok(context,
                       segent_softmax(context, &out.maps.logits, &step.maps.probabilities));
        test_assert_ok(context,
                       segent_entropy_map(context, &out.maps.logits, NULL, &step.maps.entropy));
        test_assert_ok(context, segent_argmax(context, &out.maps.logits, &step.maps.labels));
        test_assert_ok(context,
                       segent_image_entropy(context, &step.maps.entropy, NULL, &step.summary));
        const size_t n = (size_t)out.pixels;
        assert_memory_equal(out.maps.probabilities.data, step.maps.probabilities.data,
                            n * (size_t)s[0] * 4);
        assert_memory_equal(out.maps.entropy.data, step.maps.entropy.data, n * 4);
        assert_memory_equal(out.maps.labels.data, step.maps.labels.data, n * 2);
        assert_true(out.summary.sum == step.summary.sum);
        assert_true(out.summary.mean == step.summary.mean);
        assert_true(out.summary.minimum == step.summary.minimum);
        assert_true(out.summary.maximum == step.summary.maximum);
        for (size_t i = 0; i < n; i++) {
            float first = 0.0f, next = 0.0f;
            for (int64_t c = 0; c < s[0]; c++) {
                const float p = out.maps.probabilities.data[(size_t)c * n + i];
                next = p > first ? first : p > next ? p : next;
                first = p > first ? p : first;
            }
            assert_near((double)out.maps.top_probability.data[i], (double)first, 3e-7, "top", "",
                        0);
            assert_near((double)out.maps.margin.data[i], (double)(first - next), 6e-7, "margin", "",
                        0);
        }
        free(low);
        free_outputs(&out);
        free_outputs(&step);
    }
}

static void assert_same_outputs(const outputs *a, const outputs *b)
{
    const size_t n = (size_t)a->pixels;
    assert_memory_equal(a->maps.labels.data, b->maps.labels.data, n * 2);
    assert_memory_equal(a->maps.entropy.data, b->maps.entropy.data, n * 4);
    assert_memory_equal(a->maps.top_probability.data, b->maps.top_probability.data, n * 4);
    assert_memory_equal(a->maps.margin.data, b->maps.margin.data, n * 4);
    assert_memory_equal(a->maps.logits.data, b->maps.logits.data, n * (size_t)a->classes * 4);
    assert_memory_equal(a->maps.probabilities.data, b->maps.probabilities.data,
                        n * (size_t)a->classes * 4);
    assert_memory_equal(&a->summary, &b->summary, sizeof(a->summary));
}

/* Bit for bit the same for any number of threads and any strides of the input. */
static void threads_and_strides(void **state)
{
    enum { C = 21, LOW_H = 20, LOW_W = 27, H = 155, W = 211 };
    float *low = random_values(4, C * LOW_H * LOW_W, -6.0f, 6.0f);
    float *last = channels_last(low, C, LOW_H, LOW_W);
    const segent_tensor_view chw = segent_tensor_chw(low, C, LOW_H, LOW_W);
    const segent_tensor_view hwc = segent_tensor_hwc(last, LOW_H, LOW_W, C);
    outputs expected = run_head(*state, &chw, NULL, H, W);
    for (int32_t threads = 1; threads <= 5; threads++) {
        segent_options options = segent_options_init();
        options.threads = threads;
        segent_context *context;
        assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
        outputs out = run_head(context, threads % 2 ? &chw : &hwc, NULL, H, W);
        assert_same_outputs(&out, &expected);
        free_outputs(&out);
        segent_context_destroy(context);
    }
    free_outputs(&expected);
    free(low);
    free(last);
}

static void temperature_and_units(void **state)
{
    enum { C = 19, H = 30, W = 41 };
    segent_context *context = *state;
    float *low = random_values(8, C * 24, -6.0f, 6.0f);
    const segent_tensor_view logits = segent_tensor_chw(low, C, 4, 6);
    segent_uncertainty_options options = segent_uncertainty_options_init();
    options.temperature = 2.5f;
    options.unit = SEGENT_UNIT_BITS;
    outputs out = run_head(context, &logits, &options, H, W);
    segent_entropy_options map_options = segent_entropy_options_init();
    map_options.temperature = 2.5f;
    map_options.unit = SEGENT_UNIT_BITS;
    float bits[H * W];
    const segent_map_view map = segent_map(bits, H, W);
    test_assert_ok(context, segent_entropy_map(context, &out.maps.logits, &map_options, &map));
    assert_memory_equal(bits, out.maps.entropy.data, sizeof(bits));
    double nats = 0.0;
    for (int64_t i = 0; i < H * W; i++)
        nats += (double)truth_entropy(out.maps.logits.data + i, C, H * W, 2.5);
    assert_near(out.summary.sum_nats, nats, 1e-6 * nats, "sum_nats", "temperature", 0);
    assert_near(out.summary.sum, nats / log(19.0), 1e-6 * nats, "sum", "temperature", 0);
    for (int64_t i = 0; i < H * W; i++) {
        double s = 0.0;
        for (int64_t c = 0; c < C; c++)
            s += (double)out.maps.probabilities.data[c * H * W + i];
        assert_near(s, 1.0, 1e-6, "sum of probabilities", "temperature", i);
    }
    free(low);
    free_outputs(&out);
}

/* The same count as that of the margins of the logits it gives, at any temperature, with and
 * without other outputs, and at thresholds that are a margin themselves. */
static void undecided_pixels(void **state)
{
    enum { C = 5, H = 45, W = 149 };
    segent_context *context = *state;
    float *low = random_values(8, C * 24, -2.0f, 2.0f);
    const segent_tensor_view logits = segent_tensor_chw(low, C, 4, 6);
    segent_uncertainty_options options = segent_uncertainty_options_init();
    outputs out = run_head(context, &logits, &options, H, W);
    assert_int_equal(out.summary.undecided, 0);
    assert_true(out.summary.undecided_below == 0.0);
    static double margin[H * W];
    for (int64_t i = 0; i < H * W; i++) {
        float first = -INFINITY, next = -INFINITY;
        for (int64_t c = 0; c < C; c++) {
            const float z = out.maps.logits.data[c * H * W + i];
            next = z > first ? first : z > next ? z : next;
            first = z > first ? z : first;
        }
        margin[i] = (double)first - (double)next;
    }
    segent_uncertainty_maps bare = segent_uncertainty_maps_init();
    bare.height = H;
    bare.width = W;
    const double below[] = {1e-9, 0.25, margin[H * W / 2], 1.5, 1e3};
    for (int i = 0; i < 5; i++) {
        int64_t expected = 0;
        for (int64_t j = 0; j < H * W; j++)
            expected += margin[j] < below[i];
        segent_entropy_summary summary = segent_entropy_summary_init();
        options.undecided_below = below[i];
        options.temperature = (float)(i + 1) * 0.5f;
        test_assert_ok(context,
                       segent_uncertainty_from_logits(context, &logits, &options, &bare, &summary));
        assert_int_equal(summary.undecided, expected);
        assert_true(summary.undecided_below == below[i]);
        outputs full = run_head(context, &logits, &options, H, W);
        assert_int_equal(full.summary.undecided, expected);
        free_outputs(&full);
        assert_true(i == 0 || i == 2 ? expected < H * W
                    : i == 4         ? expected == H * W
                                     : expected > H);
    }
    const double bad[] = {-1.0, (double)NAN, (double)INFINITY};
    for (int i = 0; i < 3; i++) {
        options.undecided_below = bad[i];
        test_assert_status(context,
                           segent_uncertainty_from_logits(context, &logits, &options, &bare, NULL),
                           SEGENT_ERROR_INVALID_ARGUMENT);
        test_assert_error_contains(context, "undecided_below");
    }
    free(low);
    free_outputs(&out);
}

/* A class that cannot occur is infinitely far below; one class has no second. */
static void undecided_at_infinities(void **state)
{
    segent_context *context = *state;
    float values[] = {0.0f, 0.5f, -INFINITY, 0.25f};
    segent_uncertainty_options options = segent_uncertainty_options_init();
    options.undecided_below = 0.5;
    const segent_tensor_view two = segent_tensor_chw(values, 2, 1, 2);
    outputs out = run_head(context, &two, &options, 1, 2);
    assert_int_equal(out.summary.undecided, 1);
    free_outputs(&out);
    const segent_tensor_view one = segent_tensor_chw(values, 1, 1, 2);
    out = run_head(context, &one, &options, 1, 2);
    assert_int_equal(out.summary.undecided, 0);
    free_outputs(&out);
}

/* Only what is asked for is made, with strides; nothing between is touched. */
static void strides_and_missing_outputs(void **state)
{
    enum { C = 3, H = 7, W = 70, STRIDE = 2 * W + 5 };
    segent_context *context = *state;
    float *low = random_values(8, C * 27, -6.0f, 6.0f);
    const segent_tensor_view logits = segent_tensor_chw(low, C, 3, 9);
    outputs dense = run_head(context, &logits, NULL, H, W);
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    float entropy[H * STRIDE];
    uint8_t labels[H * STRIDE];
    for (int i = 0; i < H * STRIDE; i++)
        entropy[i] = 7.0f;
    memset(labels, 7, sizeof(labels));
    maps.height = H;
    maps.width = W;
    /* Upside down, and every second column. */
    maps.entropy = (segent_map_view){entropy + (H - 1) * STRIDE, H, W, -STRIDE, 2};
    test_assert_ok(context, segent_uncertainty_from_logits(context, &logits, NULL, &maps, NULL));
    maps.entropy.data = NULL;
    maps.labels = (segent_label_view){labels, H, W, STRIDE, 2, SEGENT_LABEL_U8, 0};
    test_assert_ok(context, segent_uncertainty_from_logits(context, &logits, NULL, &maps, NULL));
    for (int y = 0; y < H; y++) {
        for (int x = 0; x < STRIDE; x++) {
            const bool inside = x % 2 == 0 && x < 2 * W;
            const int i = y * W + x / 2;
            assert_true(entropy[(H - 1 - y) * STRIDE + x] ==
                        (inside ? dense.maps.entropy.data[i] : 7.0f));
            assert_int_equal(labels[y * STRIDE + x],
                             inside ? ((const uint16_t *)dense.maps.labels.data)[i] : 7);
        }
    }
    maps.labels.data = NULL;
    segent_entropy_summary summary = segent_entropy_summary_init();
    test_assert_ok(context,
                   segent_uncertainty_from_logits(context, &logits, NULL, &maps, &summary));
    assert_true(summary.sum == dense.summary.sum);
    free(low);
    free_outputs(&dense);
}

/* Classes that are impossible in places, and huge logits. */
static void infinities(void **state)
{
    enum { C = 3, LOW = 4, H = 13, W = 31 };
    segent_context *context = *state;
    float *low = random_values(8, C * LOW * LOW, -2.0f, 2.0f);
    const segent_tensor_view logits = segent_tensor_chw(low, C, LOW, LOW);
    for (int i = 0; i < LOW * LOW; i++)
        low[LOW * LOW + i] = -INFINITY;
    low[5] = -INFINITY;
    low[2 * LOW * LOW + 9] = -3e38f;
    low[2 * LOW * LOW + 10] = 3e38f;
    outputs out = run_head(context, &logits, NULL, H, W);
    for (int64_t i = 0; i < out.pixels; i++) {
        assert_true(out.maps.logits.data[out.pixels + i] == -INFINITY);
        assert_true(out.maps.probabilities.data[out.pixels + i] == 0.0f);
        assert_true(out.maps.entropy.data[i] >= 0.0f && out.maps.entropy.data[i] <= 1.0f);
    }
    free_outputs(&out);
    /* Same size: pixels next to an impossible class are not touched by it. */
    out = run_head(context, &logits, NULL, LOW, LOW);
    assert_memory_equal(out.maps.logits.data, low, C * LOW * LOW * sizeof(float));
    free_outputs(&out);

    out = make_outputs(C, H, W);
    low[2 * LOW * LOW + 5] = -INFINITY;
    test_assert_status(context,
                       segent_uncertainty_from_logits(context, &logits, NULL, &out.maps, NULL),
                       SEGENT_ERROR_NOT_FINITE);
    test_assert_error_contains(context, "all classes are -infinity at (y, x) = (1, 1)");
    low[2 * LOW * LOW + 5] = 1.0f;
    low[6] = 1.0f;
    low[2 * LOW * LOW + 6] = -INFINITY; /* next to pixel 5, where only class 2 is possible */
    test_assert_status(context,
                       segent_uncertainty_from_logits(context, &logits, NULL, &out.maps, NULL),
                       SEGENT_ERROR_NOT_FINITE);
    test_assert_error_contains(context, "no class is possible at (y, x) = (2, 12) of the output");
    free(low);
    free_outputs(&out);
}

/* A bad logit is found even where no output pixel would look. */
static void bad_logits_are_named(void **state)
{
    enum { C = 5, LOW_H = 90, LOW_W = 33 };
    segent_context *context = *state;
    float *low = random_values(8, C * LOW_H * LOW_W, -2.0f, 2.0f);
    const segent_tensor_view logits = segent_tensor_chw(low, C, LOW_H, LOW_W);
    outputs out = make_outputs(C, 1, 1);
    low[4 * LOW_H * LOW_W + 70 * LOW_W + 3] = NAN;
    low[3 * LOW_H * LOW_W + 71 * LOW_W + 3] = INFINITY;
    test_assert_status(context,
                       segent_uncertainty_from_logits(context, &logits, NULL, &out.maps, NULL),
                       SEGENT_ERROR_NOT_FINITE);
    test_assert_error_contains(context, "segent_uncertainty_from_logits: the logits hold NaN at "
                                        "(y, x, class) = (70, 3, 4)");
    low[4 * LOW_H * LOW_W + 70 * LOW_W + 3] = 0.0f;
    test_assert_status(context,
                       segent_uncertainty_from_logits(context, &logits, NULL, &out.maps, NULL),
                       SEGENT_ERROR_NOT_FINITE);
    test_assert_error_contains(context, "+infinity at (y, x, class) = (71, 3, 3)");
    free(low);
    free_outputs(&out);
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
        cmocka_unit_test(equals_torch),
        cmocka_unit_test(equals_the_steps),
        cmocka_unit_test(threads_and_strides),
        cmocka_unit_test(temperature_and_units),
        cmocka_unit_test(undecided_pixels),
        cmocka_unit_test(undecided_at_infinities),
        cmocka_unit_test(strides_and_missing_outputs),
        cmocka_unit_test(infinities),
        cmocka_unit_test(bad_logits_are_named),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
