/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *run_checkpoint(const test_network_shape *shape, segent_container container,
                           const test_writer_options *options)
{
    static int number;
    char name[32];
    snprintf(name, sizeof(name), "network-%d", number++);
    const char *path = test_temporary(name);
    test_network *network = test_network_make(shape);
    test_write_checkpoint(path, container, network->tensors, network->count, options);
    test_network_free(network);
    return path;
}

void run_write(char path[RUN_PATH], const test_network_shape *shape, const char *const *metadata)
{
    const test_writer_options options = {.metadata = metadata};
    snprintf(path, RUN_PATH, "%s", run_checkpoint(shape, SEGENT_CONTAINER_SAFETENSORS, &options));
}

segent_model *run_load(segent_context *context, const char *path, const char *settings)
{
    segent_model_options options = segent_model_options_init();
    segent_model *model = NULL;
    options.settings = settings;
    test_assert_ok(context, segent_model_load(context, path, &options, &model));
    return model;
}

void run_refused(segent_context *context, const char *path, const char *settings, const char *part)
{
    segent_model_options options = segent_model_options_init();
    segent_model *model = NULL;
    options.settings = settings;
    const segent_status status = segent_model_load(context, path, &options, &model);
    if (status != SEGENT_ERROR_INVALID_ARGUMENT)
        fail_msg("\"%s\": %s", settings, segent_status_string(status));
    test_assert_error_contains(context, part);
    assert_null(model);
}

segent_model *run_model(segent_context *context, const test_network_shape *shape, const char *size)
{
    const char *const metadata[] = {"segent.size", size, NULL};
    const test_writer_options options = {.metadata = size ? metadata : NULL};
    const char *path = run_checkpoint(shape, SEGENT_CONTAINER_SAFETENSORS, &options);
    segent_model *model = NULL;
    test_assert_ok(context, segent_model_load(context, path, NULL, &model));
    assert_int_equal(remove(path), 0);
    return model;
}

uint8_t *run_noise(uint64_t seed, int32_t height, int32_t width)
{
    const size_t count = (size_t)height * (size_t)width * 3;
    uint8_t *rgb = malloc(count);
    assert_non_null(rgb);
    for (size_t i = 0; i < count; i++)
        rgb[i] = (uint8_t)test_random(&seed);
    return rgb;
}

segent_image *run_image(segent_context *context, const uint8_t *rgb, int32_t height, int32_t width)
{
    const segent_pixel_view view = segent_pixels(rgb, SEGENT_PIXEL_RGB, height, width);
    segent_image *image = NULL;
    test_assert_ok(context, segent_image_from_pixels(context, &view, &image));
    return image;
}

segent_context *run_context(int32_t threads)
{
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    options.threads = threads;
    test_assert_ok(NULL, segent_context_create(&options, &context));
    return context;
}

void run_assert_same(const segent_result *result, const segent_result *expected)
{
    int32_t height, width, expected_height, expected_width;
    segent_entropy_summary sums = segent_entropy_summary_init(), expected_sums = sums;
    assert_int_equal(segent_result_height(result), segent_result_height(expected));
    assert_int_equal(segent_result_width(result), segent_result_width(expected));
    assert_int_equal(segent_result_classes(result), segent_result_classes(expected));
    const size_t pixels =
        (size_t)segent_result_height(result) * (size_t)segent_result_width(result);
    const size_t label = segent_result_label_type(result) == SEGENT_LABEL_U8 ? 1 : 2;
    assert_memory_equal(segent_result_labels(result), segent_result_labels(expected),
                        pixels * label);
    assert_memory_equal(segent_result_entropy(result), segent_result_entropy(expected),
                        pixels * sizeof(float));
    const float *logits = segent_result_lowres_logits(result, &height, &width);
    const float *others = segent_result_lowres_logits(expected, &expected_height, &expected_width);
    assert_int_equal(height, expected_height);
    assert_int_equal(width, expected_width);
    assert_memory_equal(logits, others,
                        (size_t)height * (size_t)width * (size_t)segent_result_classes(result) *
                            sizeof(float));
    assert_int_equal(segent_result_summary(result, &sums), SEGENT_OK);
    assert_int_equal(segent_result_summary(expected, &expected_sums), SEGENT_OK);
    assert_memory_equal(&sums, &expected_sums, sizeof(sums));
}

bool run_is_brief(void)
{
    return getenv("SEGENT_TEST_BRIEF") != NULL;
}
