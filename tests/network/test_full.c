/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The network at its full size: ResNet-101, 676 tensors, 244 MB, 21 classes. Deep networks amplify
 * rounding, so the measure is the distance to torch's float64 logits: at most three times that of
 * torch's own float32, or six times where products are paired. tests/data/network/make.py made the
 * golden data. */

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

/* Root mean square distance of the logits to the golden ones. */
static double distance(const full_case *c, const float *logits, const test_array *golden)
{
    const float *expected = golden->data;
    const int64_t height = sg_deeplab_feature_size(c->height);
    const int64_t width = sg_deeplab_feature_size(c->width);
    double sum = 0.0;
    int64_t i = 0;
    for (int64_t k = 0; k < golden->shape[0]; k++) {
        for (int64_t y = 0; y < height; y += c->step) {
            for (int64_t x = 0; x < width; x += c->step) {
                const double d = (double)logits[(k * height + y) * width + x] - expected[i++];
                sum += d * d;
            }
        }
    }
    assert_int_equal(i, golden->count);
    return sqrt(sum / (double)i);
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
    sg_deeplab *network = network_from_seed(context, &shape, standard_rates, container);
    assert_int_equal(sg_deeplab_describe(network)->parameters, 58630997);
    float *picture = network_picture(c.seed, c.height, c.width);
    float *logits = network_logits(network, c.height, c.width, &count);
    test_assert_ok(context,
                   sg_deeplab_run(context, network, picture, c.height, c.width, NULL, logits));
    const double found = distance(&c, logits, &golden);
    print_message("%d x %d: distance to float64 %.3e, torch's float32 %.3e\n", c.width, c.height,
                  found, c.torch_distance);
    const double most = context->kernels.product.pairs ? 6.0 : 3.0;
    assert_true(found <= most * c.torch_distance);
    free(picture);
    free(logits);
    sg_deeplab_destroy(network);
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
