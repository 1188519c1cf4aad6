/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The caller's own pixels, and the network's input against torchvision's. */

#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "image/image.h"

static void test_formats(void **state)
{
    (void)state;
    segent_context *context = test_context();
    static const struct {
        segent_pixel_format format;
        int size;
        uint8_t pixel[4];
        uint8_t rgb[3];
    } cases[] = {{SEGENT_PIXEL_RGB, 3, {1, 2, 3, 0}, {1, 2, 3}},
                 {SEGENT_PIXEL_BGR, 3, {1, 2, 3, 0}, {3, 2, 1}},
                 {SEGENT_PIXEL_RGBA, 4, {1, 2, 3, 4}, {1, 2, 3}},
                 {SEGENT_PIXEL_BGRA, 4, {1, 2, 3, 4}, {3, 2, 1}},
                 {SEGENT_PIXEL_GREY, 1, {9, 0, 0, 0}, {9, 9, 9}}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        segent_image *image = NULL;
        test_assert_ok(context, segent_image_from_pixels(context, cases[i].pixel, cases[i].format,
                                                         1, 1, 0, &image));
        assert_memory_equal(segent_image_pixels(image), cases[i].rgb, 3);
        segent_image_destroy(image);
    }
    segent_context_destroy(context);
}

static void test_strides(void **state)
{
    (void)state;
    segent_context *context = test_context();
    static const uint8_t pixels[] = {1, 2, 99, 3, 4, 99, 5, 6};
    static const uint8_t padded[] = {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6};
    static const uint8_t flipped[] = {5, 5, 5, 6, 6, 6, 3, 3, 3, 4, 4, 4, 1, 1, 1, 2, 2, 2};
    segent_image *image = NULL;
    test_assert_ok(context,
                   segent_image_from_pixels(context, pixels, SEGENT_PIXEL_GREY, 2, 3, 3, &image));
    assert_memory_equal(segent_image_pixels(image), padded, sizeof(padded));
    segent_image_destroy(image);
    test_assert_ok(context, segent_image_from_pixels(context, pixels + 6, SEGENT_PIXEL_GREY, 2, 3,
                                                     -3, &image));
    assert_memory_equal(segent_image_pixels(image), flipped, sizeof(flipped));
    assert_int_equal(segent_image_width(image), 2);
    assert_int_equal(segent_image_height(image), 3);
    segent_image_destroy(image);
    segent_context_destroy(context);
}

static void test_refused(void **state)
{
    (void)state;
    segent_context *context = test_context();
    static const uint8_t pixels[64];
    segent_image *image = NULL;
    const struct {
        const uint8_t *pixels;
        segent_pixel_format format;
        int32_t width, height;
        int64_t stride;
        segent_status status;
    } cases[] = {
        {NULL, SEGENT_PIXEL_RGB, 2, 2, 0, SEGENT_ERROR_INVALID_ARGUMENT},
        {pixels, 0, 2, 2, 0, SEGENT_ERROR_INVALID_ARGUMENT},
        {pixels, 6, 2, 2, 0, SEGENT_ERROR_INVALID_ARGUMENT},
        {pixels, SEGENT_PIXEL_RGB, 0, 2, 0, SEGENT_ERROR_INVALID_ARGUMENT},
        {pixels, SEGENT_PIXEL_RGB, 2, -2, 0, SEGENT_ERROR_INVALID_ARGUMENT},
        {pixels, SEGENT_PIXEL_RGB, -2, 2, 5, SEGENT_ERROR_INVALID_ARGUMENT},
        {pixels, SEGENT_PIXEL_RGB, 2, 2, 5, SEGENT_ERROR_INVALID_ARGUMENT},
        {pixels, SEGENT_PIXEL_RGB, 2, 2, -5, SEGENT_ERROR_INVALID_ARGUMENT},
        {pixels, SEGENT_PIXEL_RGB, 2, 2, INT64_MAX, SEGENT_ERROR_INVALID_ARGUMENT},
        {pixels, SEGENT_PIXEL_RGB, 2, 3, INT64_MIN / 2, SEGENT_ERROR_INVALID_ARGUMENT},
        {pixels, SEGENT_PIXEL_RGB, INT32_MAX, INT32_MAX, INT64_MIN, SEGENT_ERROR_INVALID_ARGUMENT},
        {pixels, SEGENT_PIXEL_RGB, 100000, 100000, 0, SEGENT_ERROR_LIMIT},
        {pixels, SEGENT_PIXEL_RGB, INT32_MAX, INT32_MAX, 0, SEGENT_ERROR_LIMIT},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        test_assert_status(context,
                           segent_image_from_pixels(context, cases[i].pixels, cases[i].format,
                                                    cases[i].width, cases[i].height,
                                                    cases[i].stride, &image),
                           cases[i].status);
    test_assert_error_contains(context, "over the limit of 178956970");
    assert_int_equal(segent_image_from_pixels(NULL, pixels, SEGENT_PIXEL_RGB, 1, 1, 0, &image),
                     SEGENT_ERROR_INVALID_ARGUMENT);
    assert_null(image);
    segent_context_destroy(context);
}

static void test_nothing(void **state)
{
    (void)state;
    segent_image_destroy(NULL);
    segent_labels_destroy(NULL);
    assert_int_equal(segent_image_width(NULL), 0);
    assert_int_equal(segent_image_height(NULL), 0);
    assert_null(segent_image_pixels(NULL));
    assert_null(segent_labels_data(NULL));
}

/* Every byte in every channel, dense and with room between the pixels. */
static void test_normalize(void **state)
{
    (void)state;
    segent_context *context = test_context();
    test_array expected = test_load_npy(test_data("image/normalize.npy"), "<f4");
    uint8_t pixels[256];
    for (int i = 0; i < 256; i++)
        pixels[i] = (uint8_t)i;
    segent_image *image = NULL;
    test_assert_ok(context,
                   segent_image_from_pixels(context, pixels, SEGENT_PIXEL_GREY, 16, 16, 0, &image));
    for (int64_t stride = 3; stride <= 8; stride += 5) {
        float output[256 * 8];
        memset(output, 0x7f, sizeof(output));
        const float untouched = output[0];
        sg_image_normalize(context, image, output, stride);
        for (int i = 0; i < 256; i++) {
            assert_memory_equal(output + i * stride, (const float *)expected.data + i * 3,
                                3 * sizeof(float));
            for (int64_t pad = 3; pad < stride; pad++)
                assert_memory_equal(output + i * stride + pad, &untouched, sizeof(float));
        }
    }
    segent_image_destroy(image);
    test_free_array(&expected);
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),   cmocka_unit_test(test_strides),
        cmocka_unit_test(test_refused),   cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_normalize),
    };
    return cmocka_run_group_tests_name("image: pixels", tests, NULL, NULL);
}
