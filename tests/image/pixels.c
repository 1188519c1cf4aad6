/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The caller's own pixels, and the network's input against torchvision's. */

#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "image/image.h"

static const struct {
    segent_pixel_format format;
    int samples;
    uint8_t pixel[4];
    uint8_t rgb[3];
} formats[] = {{SEGENT_PIXEL_RGB, 3, {1, 2, 3, 0}, {1, 2, 3}},
               {SEGENT_PIXEL_BGR, 3, {1, 2, 3, 0}, {3, 2, 1}},
               {SEGENT_PIXEL_RGBA, 4, {1, 2, 3, 4}, {1, 2, 3}},
               {SEGENT_PIXEL_BGRA, 4, {1, 2, 3, 4}, {3, 2, 1}},
               {SEGENT_PIXEL_GREY, 1, {9, 0, 0, 0}, {9, 9, 9}}};
enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

static void test_formats(void **state)
{
    (void)state;
    segent_context *context = test_context();
    for (int i = 0; i < FORMATS; i++) {
        const segent_pixel_view view = segent_pixels(formats[i].pixel, formats[i].format, 1, 1);
        segent_image *image = NULL;
        test_assert_ok(context, segent_image_from_pixels(context, &view, &image));
        assert_memory_equal(segent_image_pixels(image), formats[i].rgb, 3);
        segent_image_destroy(image);
    }
    segent_context_destroy(context);
}

/* Dense rows, rows with bytes between them, and both bottom-up, in each format. */
static void test_strides(void **state)
{
    (void)state;
    enum { H = 3, W = 2, PAD = 5 };
    segent_context *context = test_context();
    for (int i = 0; i < FORMATS * 4; i++) {
        const int samples = formats[i / 4].samples, row = W * samples + (i & 1 ? PAD : 0);
        const bool bottom_up = i & 2;
        uint8_t bytes[H * (W * 4 + PAD)], expected[H][W][3];
        memset(bytes, 99, sizeof(bytes));
        for (int y = 0; y < H; y++) {
            for (int x = 0; x < W; x++) {
                uint8_t *to = bytes + (bottom_up ? H - 1 - y : y) * row + x * samples;
                for (int k = 0; k < samples; k++)
                    to[k] = (uint8_t)(formats[i / 4].pixel[k] + 10 * (y * W + x));
                for (int k = 0; k < 3; k++)
                    expected[y][x][k] = (uint8_t)(formats[i / 4].rgb[k] + 10 * (y * W + x));
            }
        }
        const segent_pixel_view view = {bottom_up ? bytes + (H - 1) * row : bytes,
                                        H,
                                        W,
                                        bottom_up ? -row : row,
                                        formats[i / 4].format,
                                        0};
        segent_image *image = NULL;
        test_assert_ok(context, segent_image_from_pixels(context, &view, &image));
        assert_int_equal(segent_image_width(image), W);
        assert_int_equal(segent_image_height(image), H);
        assert_memory_equal(segent_image_pixels(image), expected, sizeof(expected));
        segent_image_destroy(image);
    }
    segent_context_destroy(context);
}

static void test_refused(void **state)
{
    (void)state;
    segent_context *context = test_context();
    static uint8_t pixels[64];
    segent_image *image = NULL;
    const segent_pixel_format rgb = SEGENT_PIXEL_RGB;
    const segent_status invalid = SEGENT_ERROR_INVALID_ARGUMENT;
    const struct {
        segent_pixel_view view;
        segent_status status;
    } cases[] = {
        {{NULL, 2, 2, 0, rgb, 0}, invalid},
        {{pixels, 2, 2, 0, -1, 0}, invalid},
        {{pixels, 2, 2, 0, 5, 0}, invalid},
        {{pixels, 2, 0, 0, rgb, 0}, invalid},
        {{pixels, -2, 2, 0, rgb, 0}, invalid},
        {{pixels, 2, -2, 5, rgb, 0}, invalid},
        {{pixels, 2, 2, 5, rgb, 0}, invalid},
        {{pixels, 2, 2, -5, rgb, 0}, invalid},
        {{pixels, 2, 2, INT64_MAX, rgb, 0}, invalid},
        {{pixels, 3, 2, INT64_MIN / 2, rgb, 0}, invalid},
        {{pixels, INT32_MAX, INT32_MAX, INT64_MIN, rgb, 0}, invalid},
        {{pixels, INT32_MAX, INT32_MAX, 0, rgb, 0}, invalid},
        {{pixels, INT64_MAX, INT64_MAX, 0, rgb, 0}, invalid},
        {{pixels, 2, 2, 0, rgb, 1}, SEGENT_ERROR_UNSUPPORTED},
        {{pixels, INT64_C(1) << 31, 1, 0, rgb, 0},
         sizeof(void *) < 8 ? invalid : SEGENT_ERROR_LIMIT},
        {{pixels, 1, INT64_C(1) << 31, 0, rgb, 0}, SEGENT_ERROR_LIMIT},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_assert_status(context, segent_image_from_pixels(context, &cases[i].view, &image),
                           cases[i].status);
        test_assert_error_contains(context, "segent_image_from_pixels: ");
    }
    test_assert_error_contains(context, "sides of up to 2147483647 are possible");
    const segent_pixel_view good = segent_pixels(pixels, rgb, 1, 1);
    test_assert_status(context, segent_image_from_pixels(context, NULL, &image), invalid);
    test_assert_status(context, segent_image_from_pixels(context, &good, NULL), invalid);
    assert_int_equal(segent_image_from_pixels(NULL, &good, &image), invalid);
    assert_null(image);
    segent_context_destroy(context);
}

/* An allocator that refuses blocks of 8 MB. */
static void *allocate_small(void *user, size_t size)
{
    (void)user;
    return size < 8 << 20 ? malloc(size) : NULL;
}

static void release_small(void *user, void *memory)
{
    (void)user;
    free(memory);
}

/* There is no limit on pixels that the caller has already, nor a smaller one on what is resized
 * from them. */
static void test_large(void **state)
{
    (void)state;
    static uint8_t pixels[64];
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    segent_image *image = NULL;
    options.allocate = allocate_small;
    options.release = release_small;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_RGB, 100000, 100000);
    assert_true(sg_image_own_limit(&view) == INT64_C(10000000000));
    /* Where a pointer has 32 bits such pixels cannot be anywhere. */
    test_assert_status(context, segent_image_from_pixels(context, &view, &image),
                       sizeof(void *) < 8 ? SEGENT_ERROR_INVALID_ARGUMENT
                                          : SEGENT_ERROR_OUT_OF_MEMORY);
    if (sizeof(void *) >= 8)
        test_assert_error_contains(
            context, "segent_image_from_pixels: out of memory (30000000000 bytes for a picture's");
    assert_null(image);
    view = segent_pixels(pixels, SEGENT_PIXEL_RGB, 2, 3);
    assert_int_equal(sg_image_own_limit(&view), 178956970);
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
    segent_buffer_destroy(NULL);
    assert_null(segent_buffer_data(NULL));
    assert_int_equal(segent_buffer_size(NULL), 0);
}

/* As a public function would: inside the context. */
static void normalize(segent_context *context, const segent_pixel_view *pixels, float *output,
                      int64_t stride)
{
    test_assert_ok(context, sg_enter(context));
    sg_image_normalize(context, pixels, &sg_imagenet, output, stride);
    test_assert_ok(context, sg_leave(context, SEGENT_OK));
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
    const segent_pixel_view grey = {pixels, 16, 16, 16, SEGENT_PIXEL_GREY, 0};
    segent_image *image = NULL;
    test_assert_ok(context, segent_image_from_pixels(context, &grey, &image));
    const segent_pixel_view rgb = sg_image_view(image);
    for (int i = 0; i < 4; i++) {
        const int64_t stride = i & 1 ? 8 : 3;
        float output[256 * 8];
        memset(output, 0x7f, sizeof(output));
        const float untouched = output[0];
        normalize(context, i & 2 ? &grey : &rgb, output, stride);
        for (int k = 0; k < 256; k++) {
            assert_memory_equal(output + k * stride, (const float *)expected.data + k * 3,
                                3 * sizeof(float));
            for (int64_t pad = 3; pad < stride; pad++)
                assert_memory_equal(output + k * stride + pad, &untouched, sizeof(float));
        }
    }
    segent_image_destroy(image);
    test_free_array(&expected);
    segent_context_destroy(context);
}

/* By other numbers than ImageNet's, each of the six of its own. */
static void test_normalize_by(void **state)
{
    static const sg_normalization by = {{0.5f, 0.25f, -1.0f}, {0.5f, 1.0f, 0.0625f}};
    uint8_t pixels[2][3] = {{0, 51, 255}, {255, 102, 0}};
    const segent_pixel_view view = {&pixels[0][0], 1, 2, 6, SEGENT_PIXEL_RGB, 0};
    const float expected[6] = {(0.0f - 0.5f) / 0.5f, 0.2f - 0.25f, (1.0f + 1.0f) / 0.0625f,
                               (1.0f - 0.5f) / 0.5f, 0.4f - 0.25f, (0.0f + 1.0f) / 0.0625f};
    float output[6];
    segent_context *context = test_context();
    (void)state;
    test_assert_ok(context, sg_enter(context));
    sg_image_normalize(context, &view, &by, output, 3);
    test_assert_ok(context, sg_leave(context, SEGENT_OK));
    for (int i = 0; i < 6; i++)
        assert_true(output[i] == expected[i]);
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),      cmocka_unit_test(test_strides),
        cmocka_unit_test(test_refused),      cmocka_unit_test(test_large),
        cmocka_unit_test(test_nothing),      cmocka_unit_test(test_normalize),
        cmocka_unit_test(test_normalize_by),
    };
    return cmocka_run_group_tests_name("image: pixels", tests, NULL, NULL);
}
