/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Runs on the caller's own input, into the caller's own buffers: the same bits as segent_run makes
 * of the same picture, whatever the layout of what goes in and comes out. */

#include "into.h"

#include <stdlib.h>
#include <string.h>

/* ---- the same as segent_run ---- */

/* Dense and strided outputs, and labels of both types where the classes fit in either. */
static void check_same(const into_fixture *f, const segent_input *input,
                       const segent_run_options *options, const segent_result *expected)
{
    const bool bytes = segent_result_label_type(expected) == SEGENT_LABEL_U8;
    for (int i = 0; i < 3; i++) {
        const segent_label_type type = i == 1 && bytes ? SEGENT_LABEL_U8 : SEGENT_LABEL_U16;
        into_outputs out =
            into_make_outputs(segent_result_height(expected), segent_result_width(expected),
                              segent_result_classes(expected), type, i > 0);
        test_assert_ok(f->context, segent_run_into(f->context, f->model, input, options, &out.maps,
                                                   &out.summary));
        into_check_outputs(&out, expected);
        into_free_outputs(&out);
    }
}

static void test_image(void **state)
{
    into_fixture f = into_begin();
    segent_input input = segent_input_init();
    (void)state;
    input.image = f.image;
    for (int i = 0; i < SIZES * 2; i++) {
        const segent_run_options options = into_options(i / 2, i % 2);
        segent_result *expected = into_run_all(&f, f.image, &options);
        check_same(&f, &input, &options, expected);
        segent_result_destroy(expected);
    }
    into_end(&f);
}

static void check_pixels(const into_fixture *f, const segent_run_options *options,
                         segent_pixel_format format, const uint8_t *rgb,
                         const segent_result *expected)
{
    for (int layout = 0; layout < LAYOUTS; layout++) {
        into_pixels held = into_hold_pixels(rgb, format, layout);
        segent_input input = segent_input_init();
        input.pixels = held.view;
        check_same(f, &input, options, expected);
        free(held.room);
    }
}

static void test_pixels(void **state)
{
    into_fixture f = into_begin();
    uint8_t *grey = run_noise(6, HEIGHT, WIDTH);
    (void)state;
    for (size_t i = 0; i < (size_t)HEIGHT * WIDTH; i++)
        grey[3 * i + 1] = grey[3 * i + 2] = grey[3 * i];
    segent_image *grey_image = run_image(f.context, grey, HEIGHT, WIDTH);
    for (int i = 0; i < SIZES * 2; i++) {
        const segent_run_options options = into_options(i / 2, i % 2);
        segent_result *expected = into_run_all(&f, f.image, &options);
        segent_result *of_grey = into_run_all(&f, grey_image, &options);
        for (segent_pixel_format format = SEGENT_PIXEL_RGB; format < SEGENT_PIXEL_GREY; format++)
            check_pixels(&f, &options, format, f.rgb, expected);
        check_pixels(&f, &options, SEGENT_PIXEL_GREY, grey, of_grey);
        segent_result_destroy(expected);
        segent_result_destroy(of_grey);
        if (run_is_brief())
            i += 2;
    }
    segent_image_destroy(grey_image);
    free(grey);
    into_end(&f);
}

/* Pictures whose width or height stays as it is when they are resized. */
static void test_one_side_stays(void **state)
{
    static const int32_t heights[] = {64, 1}, widths[] = {64, 9};
    into_fixture f = into_begin();
    segent_run_options options = segent_run_options_init();
    (void)state;
    for (int i = 0; i < 2; i++) {
        uint8_t *bgr = run_noise(8, heights[i], widths[i]);
        segent_input input = segent_input_init();
        segent_image *image = NULL;
        input.pixels = segent_pixels(bgr, SEGENT_PIXEL_BGR, heights[i], widths[i]);
        test_assert_ok(f.context, segent_image_from_pixels(f.context, &input.pixels, &image));
        options.size = i == 0 ? 31 : 1;
        segent_result *expected = into_run_all(&f, image, &options);
        check_same(&f, &input, &options, expected);
        segent_result_destroy(expected);
        segent_image_destroy(image);
        free(bgr);
    }
    into_end(&f);
}

/* The normalised picture in the place of the picture. */
static void test_normalised(void **state)
{
    into_fixture f = into_begin();
    (void)state;
    for (int size = 0; size < SIZES; size++) {
        segent_run_options options = into_options(size, SEGENT_OUTPUT_NETWORK);
        segent_result *expected = into_run_all(&f, f.image, &options);
        for (int kind = 0; kind < TENSORS; kind++) {
            segent_input input = segent_input_init();
            float *room = into_make_normalised(segent_result_input(expected), kind, &input.tensor);
            options.size = kind % 2 ? 0 : SEGENT_SIZE_OWN;
            options.output_size = kind % 3 ? SEGENT_OUTPUT_NETWORK : SEGENT_OUTPUT_ORIGINAL;
            check_same(&f, &input, &options, expected);
            free(room);
        }
        segent_result_destroy(expected);
    }
    into_end(&f);
}

/* More classes than a byte holds. */
static void test_many_classes(void **state)
{
    static const test_network_shape many = {
        .seed = 4, .blocks = {1, 1, 1, 1}, .width = 2, .aspp = 4, .classes = 300};
    segent_context *context = run_context(2);
    into_fixture f = into_begin_with(context);
    segent_input input = segent_input_init();
    const segent_run_options options = into_options(0, SEGENT_OUTPUT_ORIGINAL);
    (void)state;
    segent_model_destroy(f.model);
    f.model = run_model(context, &many, "37");
    input.pixels = segent_pixels(f.rgb, SEGENT_PIXEL_RGB, HEIGHT, WIDTH);
    segent_result *expected = into_run_all(&f, f.image, &options);
    assert_int_equal(segent_result_label_type(expected), SEGENT_LABEL_U16);
    check_same(&f, &input, &options, expected);
    /* Bytes cannot hold them, and whoever asks for bytes is told so. */
    into_outputs out = into_make_outputs(HEIGHT, WIDTH, 300, SEGENT_LABEL_U8, false);
    test_assert_status(context,
                       segent_run_into(context, f.model, &input, &options, &out.maps, NULL),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "300 classes");
    into_free_outputs(&out);
    segent_result_destroy(expected);
    into_end(&f);
}

/* Each output by itself, and none but the sums. */
static void test_few_outputs(void **state)
{
    into_fixture f = into_begin();
    segent_input input = segent_input_init();
    const segent_run_options options = into_options(3, SEGENT_OUTPUT_NETWORK);
    (void)state;
    input.image = f.image;
    segent_result *expected = into_run_all(&f, f.image, &options);
    segent_entropy_summary sums = segent_entropy_summary_init(), first = sums;
    assert_int_equal(segent_result_summary(expected, &first), SEGENT_OK);
    for (int i = 0; i < 7; i++) {
        into_outputs out = into_make_outputs(HEIGHT, WIDTH, CLASSES, SEGENT_LABEL_U8, false);
        segent_uncertainty_maps some = segent_uncertainty_maps_init();
        some.height = HEIGHT;
        some.width = WIDTH;
        if (i == 0)
            some.labels = out.maps.labels;
        if (i == 1)
            some.entropy = out.maps.entropy;
        if (i == 2)
            some.top_probability = out.maps.top_probability;
        if (i == 3)
            some.margin = out.maps.margin;
        if (i == 4)
            some.logits = out.maps.logits;
        if (i == 5)
            some.probabilities = out.maps.probabilities;
        test_assert_ok(f.context, segent_run_into(f.context, f.model, &input, &options, &some,
                                                  i == 0 ? NULL : &sums));
        if (i == 0)
            into_check_labels(&some.labels, expected);
        if (i == 1)
            into_check_map("entropy", &some.entropy, expected, segent_result_entropy(expected));
        if (i == 5)
            into_check_tensor("probabilities", &some.probabilities, expected,
                              segent_result_probabilities(expected));
        if (i > 0)
            assert_memory_equal(&sums, &first, sizeof(sums));
        into_free_outputs(&out);
    }
    segent_result_destroy(expected);
    into_end(&f);
}

/* ---- the network alone ---- */

static void check_logits(const into_fixture *f, const segent_input *input,
                         const segent_run_options *options, const segent_result *expected)
{
    int32_t height, width;
    const float *lowres = segent_result_lowres_logits(expected, &height, &width);
    into_outputs out = {.ids = NULL};
    segent_tensor_view views[3] = {
        into_make_tensor(&out, 0, CLASSES, height, width, false),
        into_make_tensor(&out, 1, CLASSES, height, width, true),
        segent_tensor_chw(into_make_room(&out, 2, (size_t)CLASSES * (size_t)height * (size_t)width),
                          CLASSES, height, width)};
    views[0].channels = CLASSES;
    views[0].height = height;
    views[0].width = width;
    for (int i = 0; i < 3; i++) {
        test_assert_ok(f->context,
                       segent_model_logits(f->context, f->model, input, options, &views[i]));
        into_check_values("logits", views[i], lowres);
        for (size_t k = 0; k < out.counts[i]; k++)
            assert_true(out.values[i][k] == into_untouched);
    }
    into_free_outputs(&out);
}

static void test_logits(void **state)
{
    into_fixture f = into_begin();
    segent_model_details details = segent_model_details_init();
    int32_t height, width;
    (void)state;
    assert_int_equal(segent_model_info(f.model, &details), SEGENT_OK);
    for (int size = 0; size < SIZES; size++) {
        segent_run_options options = into_options(size, SEGENT_OUTPUT_NETWORK);
        segent_input image = segent_input_init(), pixels = image, tensor = image;
        segent_result *expected = into_run_all(&f, f.image, &options);
        options.temperature = 0.0f;
        (void)segent_result_lowres_logits(expected, &height, &width);
        assert_int_equal(height, (segent_result_height(expected) + details.output_stride - 1) /
                                     details.output_stride);
        assert_int_equal(width, (segent_result_width(expected) + details.output_stride - 1) /
                                    details.output_stride);
        image.image = f.image;
        check_logits(&f, &image, &options, expected);
        into_pixels held = into_hold_pixels(f.rgb, SEGENT_PIXEL_BGRA, BOTTOM_UP);
        pixels.pixels = held.view;
        check_logits(&f, &pixels, &options, expected);
        free(held.room);
        float *room =
            into_make_normalised(segent_result_input(expected), UPSIDE_DOWN, &tensor.tensor);
        options.size = 0;
        check_logits(&f, &tensor, &options, expected);
        free(room);
        segent_result_destroy(expected);
    }
    into_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_image),          cmocka_unit_test(test_pixels),
        cmocka_unit_test(test_one_side_stays), cmocka_unit_test(test_normalised),
        cmocka_unit_test(test_many_classes),   cmocka_unit_test(test_few_outputs),
        cmocka_unit_test(test_logits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
