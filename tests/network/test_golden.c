/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Narrow networks against torchvision: logits, and every layer of one network, so that a mistake
 * names the first layer that is wrong. tests/data/network/make.py made the golden data. */

#include "common.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the largest value of the golden data. */
static const double tolerance = 1e-4;

typedef struct network_case {
    char architecture[64];
    test_network_shape shape;
    int32_t output_stride, rates[3];
    int32_t height, width;
} network_case;

/* False at the end of the file. */
static bool read_case(FILE *file, network_case *c)
{
    test_network_shape *s = &c->shape;
    int32_t *b = s->blocks, *r = c->rates;
    unsigned long long seed = 0;
    const int got =
        fscanf(file, "%63s %llu %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d", c->architecture,
               &seed, b, b + 1, b + 2, b + 3, &s->width, &s->inner, &s->groups, &c->output_stride,
               &s->aspp, &s->classes, r, r + 1, r + 2, &c->height, &c->width);
    s->seed = seed;
    s->architecture = c->architecture;
    assert_true(got == 17 || got == EOF);
    return got == 17;
}

/* The network of a case, whose output stride and rates are given. */
static sg_built *build_case(segent_context *context, const network_case *c,
                            segent_container container)
{
    sg_built *built = NULL;
    sg_facts known = {
        .output_stride = c->output_stride, .stride_from = SG_GIVEN, .rates_from = SG_GIVEN};
    memcpy(known.rates, c->rates, sizeof(known.rates));
    test_network *network = test_network_make(&c->shape);
    segent_checkpoint *checkpoint = network_checkpoint(context, network, container);
    test_assert_ok(context, network_build_known(context, checkpoint, &known, &built));
    segent_checkpoint_destroy(checkpoint);
    test_network_free(network);
    return built;
}

static double largest(const float *values, int64_t count)
{
    double result = 0.0;
    for (int64_t i = 0; i < count; i++)
        result = fmax(result, fabs(values[i]));
    return result;
}

static void check_case(const network_case *c, int index)
{
    char name[64];
    size_t count;
    snprintf(name, sizeof(name), "network/narrow_%02d.npy", index);
    test_array golden = test_load_npy(test_data(name), "<f4");
    segent_context *context = test_context();
    sg_built *network = build_case(context, c, SEGENT_CONTAINER_LEGACY);
    float *picture = network_picture(c->shape.seed, c->height, c->width);
    float *logits = network_logits(network, c->height, c->width, &count);
    test_assert_ok(context,
                   network_run(context, network, picture, c->height, c->width, NULL, logits));
    /* Before the logits of one class are zeros, those of its background. */
    const size_t zeros = c->shape.classes == 1 ? count / 2 : 0;
    assert_int_equal(golden.count, count - zeros);
    assert_int_equal(golden.shape[0], c->shape.classes);
    const float *expected = golden.data;
    const double bound = tolerance * largest(expected, golden.count);
    for (size_t i = 0; i < count; i++) {
        const double wanted = i < zeros ? 0.0 : expected[i - zeros];
        if (!(fabs(logits[i] - wanted) <= (i < zeros ? 0.0 : bound)))
            fail_msg("%s: value %zu is %.7g, expected %.7g", name, i, (double)logits[i], wanted);
    }
    free(logits);
    free(picture);
    network_destroy(network);
    segent_context_destroy(context);
    test_free_array(&golden);
}

/* The generator makes the same numbers as generator.py, for the same tensors in the same order. */
static void test_generator(void **state)
{
    (void)state;
    network_case c;
    FILE *file = fopen(test_data("network/layers_00.txt"), "r");
    assert_non_null(file);
    assert_true(read_case(file, &c));
    fclose(file);
    test_array golden = test_load_npy(test_data("network/weights.npy"), "<f4");
    const float *expected = golden.data;
    test_network *network = test_network_make(&c.shape);
    int64_t next = 0;
    for (size_t i = 0; i < network->count; i++) {
        const test_tensor *tensor = &network->tensors[i];
        float values[3];
        if (tensor->rank == 0)
            continue;
        /* A tensor of two values has been cut there. */
        const int64_t count = tensor->rank == 1 && tensor->shape[0] < 3 ? tensor->shape[0] : 3;
        test_network_fill(network, tensor, 0, count, values);
        assert_true(next + count <= golden.count);
        if (memcmp(values, expected + next, (size_t)count * sizeof(float)) != 0)
            fail_msg("the generator's values of %s are not generator.py's", tensor->name);
        next += count;
    }
    float *picture = network_picture(c.shape.seed, c.height, c.width);
    assert_int_equal(next + 3, golden.count);
    assert_memory_equal(picture, expected + next, 3 * sizeof(float));
    free(picture);
    test_network_free(network);
    test_free_array(&golden);
}

static void test_logits(void **state)
{
    (void)state;
    network_case c;
    int index = 0;
    FILE *file = fopen(test_data("network/narrow.txt"), "r");
    assert_non_null(file);
    while (read_case(file, &c))
        check_case(&c, index++);
    fclose(file);
    assert_true(index >= 25);
}

/* ==== Layers ==== */

enum { LAYERS_MAX = 96, LAYERED = 4 /* networks */ };

typedef struct golden_layers {
    struct {
        char name[64];
        int32_t height, width, channels;
        const float *values;
        int seen;
    } layers[LAYERS_MAX];
    int count;
} golden_layers;

static void compare_layer(void *user, const char *name, const float *data, int32_t height,
                          int32_t width, int32_t channels, int64_t pixel_stride)
{
    golden_layers *golden = user;
    int i = 0;
    while (i < golden->count && strcmp(golden->layers[i].name, name) != 0)
        i++;
    if (i == golden->count)
        fail_msg("%s is not a layer of torchvision's", name);
    const float *expected = golden->layers[i].values;
    golden->layers[i].seen++;
    assert_int_equal(height, golden->layers[i].height);
    assert_int_equal(width, golden->layers[i].width);
    assert_int_equal(channels, golden->layers[i].channels);
    const int64_t pixels = (int64_t)height * width;
    const double bound = tolerance * largest(expected, pixels * channels);
    for (int64_t p = 0; p < pixels; p++) {
        for (int32_t c = 0; c < channels; c++) {
            const double found = data[p * pixel_stride + c], wanted = expected[p * channels + c];
            if (!(fabs(found - wanted) <= bound))
                fail_msg("%s: pixel %d, channel %d is %.7g, expected %.7g", name, (int)p, c, found,
                         wanted);
        }
    }
}

/* Reads the names and sizes of a network's layers, whose values follow each other. */
static void read_layers(FILE *file, const test_array *array, golden_layers *golden)
{
    int64_t values = 0;
    golden->count = 0;
    for (int i = 0; fscanf(file, "%63s %d %d %d", golden->layers[i].name, &golden->layers[i].height,
                           &golden->layers[i].width, &golden->layers[i].channels) == 4;
         i++) {
        golden->layers[i].values = (const float *)array->data + values;
        golden->layers[i].seen = 0;
        values += (int64_t)golden->layers[i].height * golden->layers[i].width *
                  golden->layers[i].channels;
        golden->count++;
        assert_true(golden->count < LAYERS_MAX);
    }
    assert_int_equal(values, array->count);
}

static void check_layers(int index)
{
    network_case c;
    size_t count;
    char name[64];
    golden_layers golden;
    snprintf(name, sizeof(name), "network/layers_%02d.npy", index);
    test_array array = test_load_npy(test_data(name), "<f4");
    snprintf(name, sizeof(name), "network/layers_%02d.txt", index);
    FILE *file = fopen(test_data(name), "r");
    assert_non_null(file);
    assert_true(read_case(file, &c));
    read_layers(file, &array, &golden);
    fclose(file);

    segent_context *context = test_context();
    sg_built *network = build_case(context, &c, SEGENT_CONTAINER_ZIP);
    float *picture = network_picture(c.shape.seed, c.height, c.width);
    float *logits = network_logits(network, c.height, c.width, &count);
    const sg_network_run_options options = {.observer = compare_layer, .observer_user = &golden};
    test_assert_ok(context,
                   network_run(context, network, picture, c.height, c.width, &options, logits));
    for (int i = 0; i < golden.count; i++) {
        if (golden.layers[i].seen != 1)
            fail_msg("%s was seen %d times", golden.layers[i].name, golden.layers[i].seen);
    }
    free(logits);
    free(picture);
    network_destroy(network);
    segent_context_destroy(context);
    test_free_array(&array);
}

static void test_layers(void **state)
{
    (void)state;
    for (int index = 0; index < LAYERED; index++)
        check_layers(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generator),
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_logits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
