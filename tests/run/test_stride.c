/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The output stride of a model: what is assumed, what the file's metadata say, and what the caller
 * says, which goes before both. */

#include "common.h"

#include <stdlib.h>

static const test_network_shape bottleneck = {.seed = 1,
                                              .blocks = {1, 1, 1, 1},
                                              .width = 2,
                                              .aspp = 4,
                                              .classes = 3},
                                basic = {.seed = 2,
                                         .architecture = "fcn_resnet18",
                                         .blocks = {1, 1, 1, 1},
                                         .width = 4,
                                         .classes = 3},
                                mobile = {.seed = 3,
                                          .architecture = "deeplabv3_mobilenet_v3_large",
                                          .width = 1,
                                          .aspp = 4,
                                          .classes = 3},
                                lraspp = {.seed = 4,
                                          .architecture = "lraspp_mobilenet_v3_large",
                                          .width = 1,
                                          .aspp = 4,
                                          .classes = 3};

typedef struct stride_case {
    const test_network_shape *shape;
    const char *metadata, *settings; /* NULL: nothing is said */
    const char *stride, *assumed;    /* properties of the model */
    int32_t logits;                  /* pixels of the picture for one of the logits */
} stride_case;

static segent_status load(segent_context *context, const stride_case *c, segent_model **model)
{
    const char *const metadata[] = {"segent.output_stride", c->metadata, NULL};
    const test_writer_options writer = {.metadata = c->metadata ? metadata : NULL};
    segent_model_options options = segent_model_options_init();
    options.settings = c->settings;
    return segent_model_load(
        context, run_checkpoint(c->shape, SEGENT_CONTAINER_SAFETENSORS, &writer), &options, model);
}

static void check(segent_context *context, const stride_case *c)
{
    enum { SIDE = 97 };
    segent_model *model = NULL;
    segent_model_details details = segent_model_details_init();
    segent_result *result = NULL;
    segent_run_options run = segent_run_options_init();
    int32_t height, width;
    test_assert_ok(context, load(context, c, &model));
    test_assert_ok(context, segent_model_info(model, &details));
    assert_string_equal(segent_model_property(model, "output_stride"), c->stride);
    const char *assumed = segent_model_property(model, "assumed");
    assert_string_equal(assumed ? assumed : "", c->assumed);
    assert_int_equal(details.output_stride, c->logits);
    uint8_t *rgb = run_noise(3, SIDE, SIDE);
    segent_image *image = run_image(context, rgb, SIDE, SIDE);
    run.size = SEGENT_SIZE_OWN;
    test_assert_ok(context, segent_run(context, model, image, &run, &result));
    assert_non_null(segent_result_lowres_logits(result, &height, &width));
    assert_int_equal(height, (SIDE + c->logits - 1) / c->logits);
    assert_int_equal(width, height);
    segent_result_destroy(result);
    segent_image_destroy(image);
    free(rgb);
    segent_model_destroy(model);
}

static void test_strides(void **state)
{
    static const stride_case cases[] = {
        {&bottleneck, NULL, NULL, "8", "output_stride,rates", 8},
        {&bottleneck, NULL, "output_stride=16", "16", "rates", 16},
        {&bottleneck, NULL, "output_stride=32;rates=1,2,3", "32", "", 32},
        {&bottleneck, "16", NULL, "16", "rates", 16},
        {&bottleneck, "16", "output_stride=8", "8", "rates", 8},
        {&basic, NULL, NULL, "32", "output_stride", 32},
        {&basic, NULL, "output_stride=8", "8", "", 8},
        {&basic, "16", NULL, "16", "", 16},
        {&mobile, NULL, NULL, "16", "output_stride,rates", 16},
        {&mobile, "32", NULL, "32", "rates", 32},
        {&mobile, "32", "output_stride=16", "16", "rates", 16},
        {&lraspp, NULL, NULL, "16", "output_stride", 8},
        {&lraspp, NULL, "output_stride=32", "32", "", 8},
    };
    segent_context *context = run_context(2);
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check(context, &cases[i]);
    segent_context_destroy(context);
}

static void test_refused(void **state)
{
    static const struct {
        stride_case c;
        segent_status status;
        const char *sentence;
    } cases[] = {
        {{&bottleneck, NULL, "output_stride=12", "", "", 0},
         SEGENT_ERROR_INVALID_ARGUMENT,
         "8, 16 or 32"},
        {{&bottleneck, NULL, "output_stride=64", "", "", 0},
         SEGENT_ERROR_INVALID_ARGUMENT,
         "8, 16 or 32"},
        {{&bottleneck, "4", NULL, "", "", 0}, SEGENT_ERROR_MODEL, "8, 16 or 32"},
        {{&bottleneck, "16 ", NULL, "", "", 0}, SEGENT_ERROR_MODEL, "8, 16 or 32"},
        {{&mobile, NULL, "output_stride=8", "", "", 0},
         SEGENT_ERROR_MODEL,
         "MobileNetV3, whose output stride is 16 or 32"},
        {{&lraspp, "8", NULL, "", "", 0},
         SEGENT_ERROR_MODEL,
         "MobileNetV3, whose output stride is 16 or 32"},
    };
    segent_context *context = run_context(1);
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        segent_model *model = NULL;
        test_assert_status(context, load(context, &cases[i].c, &model), cases[i].status);
        test_assert_error_contains(context, cases[i].sentence);
        assert_null(model);
    }
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strides),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
