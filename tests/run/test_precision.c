/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Models that run in bfloat16: what is refused, results that no number of threads changes, results
 * of every instruction set that stay as near to each other as bfloat16 lets them, and files of
 * packed weights, which belong to one precision. */

#include "common.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the picture. Valgrind gets a smaller one, and a narrower network (see main). */
static int32_t height = 97, width = 129;

static test_network_shape networks[] = {
    {.seed = 3, .blocks = {1, 1, 1, 1}, .width = 32, .aspp = 64, .classes = 7},
    {.seed = 8, .blocks = {1, 2, 1, 1}, .width = 16, .aspp = 0, .classes = 21},
    {.seed = 9, .blocks = {1, 1, 1, 1}, .width = 16, .aspp = 16, .classes = 2, .groups = 2},
    {.seed = 1,
     .width = 8,
     .aspp = 16,
     .classes = 4,
     .architecture = "deeplabv3_mobilenet_v3_large"},
    {.seed = 2, .width = 8, .aspp = 16, .classes = 4, .architecture = "lraspp_mobilenet_v3_large"}};
enum { NETWORKS = sizeof(networks) / sizeof(networks[0]) };

typedef struct fixture {
    segent_context *context;
    segent_image *image;
    char path[RUN_PATH]; /* of networks[0] */
    segent_model *full, *half;
} fixture;

static segent_context *context_of(int32_t threads, segent_cpu cpu)
{
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    options.threads = threads;
    options.cpu = cpu;
    test_assert_ok(NULL, segent_context_create(&options, &context));
    return context;
}

static segent_status load(segent_context *context, const char *path, segent_precision precision,
                          segent_model **model)
{
    segent_model_options options = segent_model_options_init();
    options.precision = precision;
    return segent_model_load(context, path, &options, model);
}

static segent_model *load_half(segent_context *context, const char *path)
{
    segent_model *model = NULL;
    test_assert_ok(context, load(context, path, SEGENT_PRECISION_BF16, &model));
    return model;
}

static int set_up(void **state)
{
    static fixture f;
    f.context = context_of(2, 0);
    run_write(f.path, &networks[0], NULL);
    test_assert_ok(f.context, load(f.context, f.path, SEGENT_PRECISION_F32, &f.full));
    f.half = load_half(f.context, f.path);
    uint8_t *rgb = run_noise(5, height, width);
    f.image = run_image(f.context, rgb, height, width);
    free(rgb);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    segent_model_destroy(f->full);
    segent_model_destroy(f->half);
    segent_image_destroy(f->image);
    segent_context_destroy(f->context);
    return remove(f->path);
}

static segent_run_options options_of(segent_precision precision, segent_engine engine)
{
    segent_run_options options = segent_run_options_init();
    options.size = SEGENT_SIZE_OWN;
    options.precision = precision;
    options.engine = engine;
    return options;
}

static segent_result *run(const fixture *f, segent_context *context, const segent_model *model,
                          segent_engine engine)
{
    const segent_run_options options = options_of(0, engine);
    segent_result *result = NULL;
    test_assert_ok(context, segent_run(context, model, f->image, &options, &result));
    return result;
}

/* ---- what is asked for ---- */

static void test_details(void **state)
{
    const fixture *f = *state;
    segent_model_details details = segent_model_details_init();
    assert_int_equal(segent_model_info(f->full, &details), SEGENT_OK);
    assert_int_equal(details.precision, SEGENT_PRECISION_F32);
    assert_int_equal(segent_model_info(f->half, &details), SEGENT_OK);
    assert_int_equal(details.precision, SEGENT_PRECISION_BF16);
    segent_context *plain = context_of(1, SEGENT_CPU_REF);
    segent_model *model = load_half(plain, f->path);
    assert_string_equal(segent_model_property(model, "kernels"), "ref");
    segent_model_destroy(model);
    segent_context_destroy(plain);
}

static void test_unknown(void **state)
{
    static const int32_t unknown[] = {-1, 2, INT32_MAX};
    const fixture *f = *state;
    for (int i = 0; i < 3; i++) {
        segent_model *model = NULL;
        test_assert_status(f->context, load(f->context, f->path, unknown[i], &model),
                           SEGENT_ERROR_INVALID_ARGUMENT);
        test_assert_error_contains(f->context, "is not known");
        assert_null(model);
    }
}

/* A run is of its model's precision, whether it says so or says nothing; one of another precision
 * is refused by every function that takes such options. */
static void test_wishes(void **state)
{
    const fixture *f = *state;
    const segent_run_options half = options_of(SEGENT_PRECISION_BF16, SEGENT_ENGINE_FAST);
    segent_result *expected = run(f, f->context, f->half, SEGENT_ENGINE_FAST), *result = NULL;
    test_assert_ok(f->context, segent_run(f->context, f->half, f->image, &half, &result));
    run_assert_same(result, expected);
    segent_result_destroy(result);
    segent_result_destroy(expected);
    result = NULL;
    int64_t bytes = 0, said = 0;
    test_assert_ok(f->context,
                   segent_model_memory(f->context, f->half, width, height, NULL, &bytes));
    test_assert_ok(f->context,
                   segent_model_memory(f->context, f->half, width, height, &half, &said));
    assert_int_equal(bytes, said);
    test_assert_status(f->context, segent_run(f->context, f->full, f->image, &half, &result),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(f->context,
                               "a run in bfloat16, but the model was loaded for float32");
    assert_null(result);
    test_assert_status(f->context,
                       segent_model_memory(f->context, f->full, width, height, &half, &bytes),
                       SEGENT_ERROR_INVALID_ARGUMENT);
}

/* ---- results ---- */

typedef struct difference {
    double square, worst, scale; /* mean of squares, the largest, and the largest logit */
} difference;

static difference compare(const segent_result *result, const segent_result *expected)
{
    int32_t rows, columns;
    const float *logits = segent_result_lowres_logits(result, &rows, &columns);
    const float *others = segent_result_lowres_logits(expected, NULL, NULL);
    const size_t count = (size_t)rows * (size_t)columns * (size_t)segent_result_classes(expected);
    difference d = {0};
    for (size_t i = 0; i < count; i++) {
        const double off = fabs((double)logits[i] - (double)others[i]);
        assert_true(isfinite(logits[i]));
        d.square += off * off / (double)count;
        d.worst = fmax(d.worst, off);
        d.scale = fmax(d.scale, fabs((double)others[i]));
    }
    return d;
}

/* bfloat16 has 8 bits: logits of a network of random weights are off by a few hundredths of the
 * largest, and they are off, or nothing was rounded. */
static void check_near_float32(const fixture *f, const test_network_shape *shape)
{
    const char *path = run_checkpoint(shape, SEGENT_CONTAINER_ZIP, NULL);
    segent_model *full = run_load(f->context, path, NULL), *half = load_half(f->context, path);
    assert_int_equal(remove(path), 0);
    segent_result *expected = run(f, f->context, full, SEGENT_ENGINE_EXACT);
    for (segent_engine engine = SEGENT_ENGINE_FAST; engine <= SEGENT_ENGINE_SMALL; engine++) {
        segent_result *result = run(f, f->context, half, engine);
        const difference d = compare(result, expected);
        print_message("engine %d: largest %.2e, rms %.2e of %.3g\n", (int)engine, d.worst / d.scale,
                      sqrt(d.square) / d.scale, d.scale);
        assert_true(d.worst > 1e-5 * d.scale);
        assert_true(d.worst < 0.05 * d.scale);
        segent_result_destroy(result);
    }
    segent_result_destroy(expected);
    segent_model_destroy(half);
    segent_model_destroy(full);
}

static void test_near_float32(void **state)
{
    for (size_t i = 0; i < (run_is_brief() ? 1 : NETWORKS); i++)
        check_near_float32(*state, &networks[i]);
}

static void test_threads(void **state)
{
    const fixture *f = *state;
    const segent_engine last = run_is_brief() ? SEGENT_ENGINE_FAST : SEGENT_ENGINE_SMALL;
    for (segent_engine engine = SEGENT_ENGINE_FAST; engine <= last; engine++) {
        segent_result *expected = run(f, f->context, f->half, engine);
        for (int32_t threads = 1; threads <= (run_is_brief() ? 1 : 3); threads += 2) {
            segent_context *context = context_of(threads, 0);
            segent_result *result = run(f, context, f->half, engine);
            run_assert_same(result, expected);
            segent_result_destroy(result);
            segent_context_destroy(context);
        }
        segent_result_destroy(expected);
    }
}

/* Sums are float32 in an order that is each instruction set's own, so a sum that lies near the
 * middle of two bfloat16 numbers is rounded to one or the other: results of two sets differ by less
 * than each of them does from float32. */
static void test_instruction_sets(void **state)
{
    static const segent_cpu sets[] = {SEGENT_CPU_AVX2, SEGENT_CPU_AVX512, SEGENT_CPU_AVX512_BF16,
                                      SEGENT_CPU_NEON, SEGENT_CPU_NEON_BF16};
    const fixture *f = *state;
    segent_result *full = run(f, f->context, f->full, SEGENT_ENGINE_EXACT);
    segent_context *plain = context_of(2, SEGENT_CPU_REF);
    segent_model *model = load_half(plain, f->path);
    segent_result *expected = run(f, plain, model, SEGENT_ENGINE_EXACT);
    const double cost = compare(expected, full).square;
    for (size_t i = 0; i < (run_is_brief() ? 1 : sizeof(sets) / sizeof(sets[0])); i++) {
        /* A set stands on those below it, so that all are named but the better ones. */
        segent_cpu allowed = 0;
        for (size_t below = 0; below <= i; below++)
            allowed |= sets[below];
        segent_context *context = context_of(2, allowed);
        segent_model *other = load_half(context, f->path);
        segent_result *result = run(f, context, other, SEGENT_ENGINE_EXACT);
        const double off = compare(result, expected).square;
        print_message("%s: %.2e of the cost of bfloat16\n", segent_model_property(other, "kernels"),
                      sqrt(off / cost));
        assert_true(off < 0.25 * cost);
        segent_result_destroy(result);
        segent_model_destroy(other);
        segent_context_destroy(context);
    }
    segent_result_destroy(expected);
    segent_result_destroy(full);
    segent_model_destroy(model);
    segent_context_destroy(plain);
}

/* ---- packed weights ---- */

static void check_packed(const fixture *f, segent_cpu cpu)
{
    segent_context *context = context_of(2, cpu);
    segent_model *model = load_half(context, f->path), *other = NULL;
    const char *path = test_temporary("half.segent");
    test_assert_ok(context, segent_model_pack(context, model, path, "net.pth", NULL));
    segent_model *packed = load_half(context, path);
    for (segent_engine engine = SEGENT_ENGINE_FAST; engine <= SEGENT_ENGINE_SMALL; engine++) {
        segent_result *expected = run(f, context, model, engine);
        segent_result *result = run(f, context, packed, engine);
        run_assert_same(result, expected);
        segent_result_destroy(result);
        segent_result_destroy(expected);
    }
    test_assert_status(context, load(context, path, SEGENT_PRECISION_F32, &other),
                       SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(context, "packed for runs in bfloat16, but float32 is asked for");
    assert_null(other);
    assert_int_equal(remove(path), 0);
    segent_model_destroy(packed);
    segent_model_destroy(model);
    segent_context_destroy(context);
}

static void test_packed(void **state)
{
    const fixture *f = *state;
    segent_model *other = NULL;
    check_packed(f, 0);
    if (!run_is_brief())
        check_packed(f, SEGENT_CPU_REF);
    const char *path = test_temporary("full.segent");
    test_assert_ok(f->context, segent_model_pack(f->context, f->full, path, "net.pth", NULL));
    test_assert_status(f->context, load(f->context, path, SEGENT_PRECISION_BF16, &other),
                       SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(f->context, "packed for runs in float32, but bfloat16 is asked for");
    assert_null(other);
    assert_int_equal(remove(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_details),          cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_wishes),           cmocka_unit_test(test_near_float32),
        cmocka_unit_test(test_threads),          cmocka_unit_test(test_packed),
        cmocka_unit_test(test_instruction_sets),
    };
    if (run_is_brief()) {
        height = 33, width = 41;
        networks[0].width = networks[0].aspp = 8;
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
