/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The network at its full size: ResNet-101, 676 tensors, 244 MB, 21 classes. Deep networks amplify
 * rounding, so the measure is the distance to torch's float64 logits: at most three times that of
 * torch's own float32, or six times where products are paired; and the labels are float64's.
 * tests/data/network/make.py made the golden data. */

#include "common.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct full_case {
    unsigned long long seed;
    int32_t height, width;
    int32_t step; /* the golden data has every step-th row and column */
    double torch_distance;
} full_case;

static full_case read_case(int index)
{
    full_case c;
    FILE *file = fopen(test_data("network/full.txt"), "r");
    assert_non_null(file);
    for (int i = 0; i <= index; i++)
        assert_int_equal(fscanf(file, "%llu %d %d %d %lf", &c.seed, &c.height, &c.width, &c.step,
                                &c.torch_distance),
                         5);
    fclose(file);
    return c;
}

/* The logits that there are golden ones for, in their order: (classes, points). */
static float *sampled(const full_case *c, const float *logits, const test_array *golden)
{
    const int64_t height = network_side(c->height, 8);
    const int64_t width = network_side(c->width, 8);
    float *found = malloc((size_t)golden->count * sizeof(float));
    assert_non_null(found);
    int64_t i = 0;
    for (int64_t k = 0; k < golden->shape[0]; k++) {
        for (int64_t y = 0; y < height; y += c->step) {
            for (int64_t x = 0; x < width; x += c->step)
                found[i++] = logits[(k * height + y) * width + x];
        }
    }
    assert_int_equal(i, golden->count);
    return found;
}

/* Root mean square distance of the logits to the golden ones. */
static double distance(const float *found, const test_array *golden)
{
    const float *expected = golden->data;
    double sum = 0.0;
    for (int64_t i = 0; i < golden->count; i++) {
        const double d = (double)found[i] - expected[i];
        sum += d * d;
    }
    return sqrt(sum / (double)golden->count);
}

static double deviation(const test_array *golden)
{
    const float *x = golden->data;
    double sum = 0.0, squares = 0.0;
    for (int64_t i = 0; i < golden->count; i++) {
        sum += x[i];
        squares += (double)x[i] * x[i];
    }
    const double mean = sum / (double)golden->count;
    return sqrt(squares / (double)golden->count - mean * mean);
}

/* The class of the largest logit at a point, and how far the next one is. */
static int64_t label_at(const float *logits, int64_t classes, int64_t points, int64_t point,
                        double *gap)
{
    int64_t best = 0;
    for (int64_t k = 1; k < classes; k++) {
        if (logits[k * points + point] > logits[best * points + point])
            best = k;
    }
    *gap = INFINITY;
    for (int64_t k = 0; k < classes; k++) {
        const double less = (double)logits[best * points + point] - logits[k * points + point];
        if (k != best && less < *gap)
            *gap = less;
    }
    return best;
}

/* Where the largest two golden logits differ by more than a hundredth of a standard deviation the
 * labels must be the golden ones'. */
static void check_labels(const float *found, const test_array *golden)
{
    const int64_t classes = golden->shape[0], points = golden->count / classes;
    const double least = 0.01 * deviation(golden);
    int64_t sure = 0;
    for (int64_t p = 0; p < points; p++) {
        double gap, unused;
        const int64_t expected = label_at(golden->data, classes, points, p, &gap);
        if (gap <= least)
            continue;
        sure++;
        assert_int_equal(label_at(found, classes, points, p, &unused), expected);
    }
    print_message("labels are float64's at all %d of %d points where it is sure\n", (int)sure,
                  (int)points);
    assert_true(sure > points / 2);
}

static void check(int index, segent_container container)
{
    char name[64];
    size_t count;
    const full_case c = read_case(index);
    const test_network_shape shape = {
        .seed = c.seed, .blocks = {3, 4, 23, 3}, .width = 64, .aspp = 256, .classes = 21};
    snprintf(name, sizeof(name), "network/full_%02d.npy", index);
    test_array golden = test_load_npy(test_data(name), "<f4");
    assert_int_equal(golden.shape[0], 21);
    segent_context *context = test_context();
    sg_built *network = network_from_seed(context, &shape, standard_rates, container);
    assert_int_equal(network->parameters, 58630997);
    float *picture = network_picture(c.seed, c.height, c.width);
    float *logits = network_logits(network, c.height, c.width, &count);
    test_assert_ok(context,
                   network_run(context, network, picture, c.height, c.width, NULL, logits));
    float *points = sampled(&c, logits, &golden);
    const double found = distance(points, &golden);
    print_message("%d x %d: distance to float64 %.3e, torch's float32 %.3e\n", c.width, c.height,
                  found, c.torch_distance);
    const double most = context->kernels.product.pairs ? 6.0 : 3.0;
    assert_true(found <= most * c.torch_distance);
    check_labels(points, &golden);
    free(points);
    free(picture);
    free(logits);
    network_destroy(network);
    segent_context_destroy(context);
    test_free_array(&golden);
}

static void test_small_legacy(void **state)
{
    (void)state;
    check(0, SEGENT_CONTAINER_LEGACY);
}

static void test_small_zip(void **state)
{
    (void)state;
    check(0, SEGENT_CONTAINER_ZIP);
}

static void test_640(void **state)
{
    (void)state;
    check(1, SEGENT_CONTAINER_LEGACY);
}

static void test_tensor_count(void **state)
{
    const test_network_shape shape = {
        .seed = 1, .blocks = {3, 4, 23, 3}, .width = 64, .aspp = 256, .classes = 21};
    test_network *network = test_network_make(&shape);
    (void)state;
    assert_int_equal(network->count, 676);
    test_network_free(network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tensor_count),
        cmocka_unit_test(test_small_legacy),
        cmocka_unit_test(test_small_zip),
        cmocka_unit_test(test_640),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
