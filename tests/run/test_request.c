/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Instruction sets that the system has to be asked for, which is AMX: when it is asked, and what is
 * used when it refuses. And whole networks as AMX runs them, with plain C in the place of its
 * tiles, whatever the processor. */

#include "common.h"

#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/context.h"
#include "tiles_ref.h"

enum { HEIGHT = 41, WIDTH = 57 };

static const test_network_shape shape = {
    .seed = 9, .blocks = {1, 1, 1, 1}, .width = 16, .aspp = 16, .classes = 5};

/* ---- who asks ---- */

static int32_t verdict; /* what the system says */
static int requests;

static int32_t answer(void)
{
    requests++;
    return verdict;
}

typedef struct log_lines {
    int about_amx;
    char text[256];
} log_lines;

static void keep_line(void *user, segent_log_level level, const char *message)
{
    log_lines *lines = user;
    if (level != SEGENT_LOG_INFO || !strstr(message, "amx"))
        return;
    lines->about_amx++;
    snprintf(lines->text, sizeof(lines->text), "%s", message);
}

/* On a processor that has AMX, as far as the context knows. */
static segent_context *context_with_amx(log_lines *lines)
{
    segent_context *context = NULL;
    segent_options options = segent_options_init();
    options.threads = 1;
    options.log = keep_line;
    options.log_user = lines;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    assert_int_equal(context->used & SG_CPU_ON_REQUEST, 0);
    context->detected |= SG_CPU_AMX;
    context->withheld = SG_CPU_AMX;
    context->request = answer;
    return context;
}

/* Without a model where that fails. */
static segent_model *load(segent_context *context, const char *path, segent_precision precision,
                          bool examine_only)
{
    segent_model *model = NULL;
    segent_model_options options = segent_model_options_init();
    options.precision = precision;
    options.examine_only = examine_only;
    const segent_status status = segent_model_load(context, path, &options, &model);
    assert_int_equal(status == SEGENT_OK, model != NULL);
    return model;
}

static segent_cpu used_by(segent_context *context)
{
    segent_cpu_info info = segent_cpu_info_init();
    assert_int_equal(segent_context_cpu_info(context, &info), SEGENT_OK);
    assert_true(info.detected & SEGENT_CPU_AMX);
    return info.used;
}

/* Neither a context, nor float32, nor who only looks, nor a file that is no checkpoint. */
static void test_nobody_asks(void **state)
{
    char path[RUN_PATH];
    log_lines lines = {0};
    (void)state;
    requests = 0;
    run_write(path, &shape, NULL);
    segent_context *context = context_with_amx(&lines);
    segent_model_destroy(load(context, path, SEGENT_PRECISION_F32, false));
    segent_model_destroy(load(context, path, SEGENT_PRECISION_BF16, true));
    assert_null(load(context, "/dev/null/none", SEGENT_PRECISION_BF16, false));
    assert_int_equal(requests, 0);
    assert_int_equal(used_by(context) & SEGENT_CPU_AMX, 0);
    assert_int_equal(lines.about_amx, 0);
    segent_context_destroy(context);
    remove(path);
}

/* The kernels stay what they were, the log says so and why, and the next model asks again. */
static void test_refused(void **state)
{
    static const struct {
        int32_t error;
        const char *reason;
    } cases[] = {{ENOSPC, "alternate signal stack"}, {EPERM, "asked for"}, {ENOSYS, "asked for"}};
    char path[RUN_PATH];
    (void)state;
    run_write(path, &shape, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        log_lines lines = {0};
        segent_context *context = context_with_amx(&lines);
        const char *before = context->kernels.halves.name;
        const segent_cpu used = used_by(context);
        requests = 0;
        verdict = cases[i].error;
        segent_model_destroy(load(context, path, SEGENT_PRECISION_BF16, false));
        assert_int_equal(requests, 1);
        assert_int_equal(used_by(context), used);
        assert_ptr_equal(context->kernels.halves.name, before);
        assert_int_equal(lines.about_amx, 1);
        assert_non_null(strstr(lines.text, cases[i].reason));
        assert_non_null(strstr(lines.text, segent_cpu_name(used)));
        segent_model_destroy(load(context, path, SEGENT_PRECISION_BF16, false));
        assert_int_equal(requests, 2);
        segent_context_destroy(context);
    }
    remove(path);
}

/* It is used from then on, and not asked for again; float32 has what it had. Loading multiplies
 * nothing, so that this needs no such processor. */
static void test_granted(void **state)
{
    char path[RUN_PATH];
    log_lines lines = {0};
    (void)state;
    run_write(path, &shape, NULL);
    segent_context *context = context_with_amx(&lines);
    const char *floats = context->kernels.product.name;
    sg_product_kernels expected;
    requests = 0;
    verdict = 0;
    segent_model_destroy(load(context, path, SEGENT_PRECISION_BF16, false));
    segent_model_destroy(load(context, path, SEGENT_PRECISION_BF16, false));
    assert_int_equal(requests, 1);
    assert_int_equal(lines.about_amx, 1);
    assert_non_null(strstr(lines.text, "granted"));
    assert_true(used_by(context) & SEGENT_CPU_AMX);
    sg_half_kernels_init(&expected, context->used);
    assert_string_equal(context->kernels.halves.name, expected.name);
    assert_ptr_equal(context->kernels.product.name, floats);
    segent_context_destroy(context);
    remove(path);
}

/* ---- AMX's way, in plain C ---- */

static segent_context *context_of_tiles(int32_t threads)
{
    segent_context *context = run_context(threads);
    context->used |= SG_CPU_AMX;
    context->kernels.halves = (sg_product_kernels){.name = "amx 32x32",
                                                   .fast = true,
                                                   .panel = 32,
                                                   .tile = 32,
                                                   .product = sg_product_bf16_tiles_ref,
                                                   .release = sg_release_tiles_ref,
                                                   .winograd = &sg_winograd_bf16_ref};
    return context;
}

static void count_layers(void *user, const segent_layer_info *layer)
{
    int *count = user;
    *count += layer->multiply_adds > 0 && strcmp(layer->kernel, "amx 32x32") == 0;
}

/* `layers`: how many were done so. */
static segent_result *run(segent_context *context, const char *path, int *layers)
{
    segent_model *model = load(context, path, SEGENT_PRECISION_BF16, false);
    segent_run_options options = segent_run_options_init();
    segent_result *result = NULL;
    uint8_t *rgb = run_noise(5, HEIGHT, WIDTH);
    segent_image *image = run_image(context, rgb, HEIGHT, WIDTH);
    options.size = SEGENT_SIZE_OWN;
    options.precision = SEGENT_PRECISION_BF16;
    *layers = 0;
    test_assert_ok(context, segent_context_report_layers(context, count_layers, layers));
    test_assert_ok(context, segent_run(context, model, image, &options, &result));
    assert_int_equal(atomic_load(&sg_tiles_ref_held), 0);
    segent_image_destroy(image);
    segent_model_destroy(model);
    free(rgb);
    return result;
}

/* The largest difference of logits in units of the largest. */
static double difference(const segent_result *result, const segent_result *other)
{
    int32_t rows, columns;
    const float *a = segent_result_lowres_logits(result, &rows, &columns);
    const float *b = segent_result_lowres_logits(other, NULL, NULL);
    const int64_t count = (int64_t)rows * columns * segent_result_classes(result);
    double largest = 0, worst = 0;
    for (int64_t i = 0; i < count; i++) {
        largest = fmax(largest, fabs((double)b[i]));
        worst = fmax(worst, fabs((double)a[i] - (double)b[i]));
    }
    return worst / largest;
}

/* The same bits with any number of threads, and the numbers of bfloat16 in plain C but for its
 * rounding, which Winograd's tiles do at their points as well. */
static void test_whole_network(void **state)
{
    char path[RUN_PATH];
    int layers, more_layers, none;
    segent_options reference = segent_options_init();
    segent_context *one = context_of_tiles(1), *three = context_of_tiles(3), *plain = NULL;
    (void)state;
    reference.cpu = SEGENT_CPU_REF;
    assert_int_equal(segent_context_create(&reference, &plain), SEGENT_OK);
    run_write(path, &shape, NULL);
    segent_result *first = run(one, path, &layers), *second = run(three, path, &more_layers);
    segent_result *truth = run(plain, path, &none);
    run_assert_same(second, first);
    assert_true(SG_HALVES ? layers > 10 : layers == 0);
    assert_int_equal(layers, more_layers);
    assert_int_equal(none, 0);
    assert_true(difference(first, truth) < 0.02);
    segent_result_destroy(first);
    segent_result_destroy(second);
    segent_result_destroy(truth);
    segent_context_destroy(one);
    segent_context_destroy(three);
    segent_context_destroy(plain);
    remove(path);
}

/* What is packed for AMX is packed for AVX512_BF16, and the other way round. */
static void test_packed_weights(void **state)
{
    char path[RUN_PATH], packed[RUN_PATH + 8];
    int layers;
    segent_context *with = context_of_tiles(1), *without = run_context(1);
    (void)state;
    if (!(without->used & SG_CPU_AVX512_BF16)) {
        segent_context_destroy(with);
        segent_context_destroy(without);
        skip();
    }
    run_write(path, &shape, NULL);
    snprintf(packed, sizeof(packed), "%s.segent", path);
    for (int i = 0; i < 2; i++) {
        segent_context *packer = i == 0 ? with : without, *user = i == 0 ? without : with;
        segent_model *model = load(packer, path, SEGENT_PRECISION_BF16, false);
        test_assert_ok(packer, segent_model_pack(packer, model, packed, NULL, NULL));
        segent_result *result = run(user, packed, &layers), *expected = run(user, path, &layers);
        run_assert_same(result, expected);
        segent_result_destroy(result);
        segent_result_destroy(expected);
        segent_model_destroy(model);
    }
    segent_context_destroy(with);
    segent_context_destroy(without);
    remove(path);
    remove(packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nobody_asks), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_granted), cmocka_unit_test(test_whole_network),
        cmocka_unit_test(test_packed_weights)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
