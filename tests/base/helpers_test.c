/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The functions of <segent/segent.h>, which are compiled into the program that calls them: what
 * several of them give in one function has every member written, whatever the stack held before.
 * GCC before 12.3 can leave members of the second view unwritten (its bug 106187). This file is
 * compiled with the options under which it did on aarch64. */

#include "support.h"

#include <string.h>

enum { H = 3, W = 5, C = 2, STALE = 4096 };

/* What looks at the results. Called through pointers that the compiler knows nothing of, so that
 * it has to write whole structs to memory. */

static void see_decoding(const segent_label_view *labels, const segent_pixel_view *pixels)
{
    assert_int_equal(labels->height, H);
    assert_int_equal(labels->width, W);
    assert_int_equal(labels->row_stride, 0);
    assert_int_equal(labels->column_stride, 0);
    assert_int_equal(labels->type, SEGENT_LABEL_U16);
    assert_int_equal(labels->reserved, 0);
    assert_int_equal(pixels->height, H);
    assert_int_equal(pixels->width, W);
    assert_int_equal(pixels->row_stride, 0);
    assert_int_equal(pixels->format, SEGENT_PIXEL_RGB);
    assert_int_equal(pixels->reserved, 0);
}

static void see_colouring(const segent_map_view *map, const segent_pixel_view *pixels)
{
    assert_int_equal(map->height, H);
    assert_int_equal(map->width, W);
    assert_int_equal(map->row_stride, 0);
    assert_int_equal(map->column_stride, 0);
    assert_int_equal(pixels->height, H);
    assert_int_equal(pixels->width, W);
    assert_int_equal(pixels->row_stride, 0);
    assert_int_equal(pixels->format, SEGENT_PIXEL_RGB);
    assert_int_equal(pixels->reserved, 0);
}

static void see_tensors(const segent_tensor_view *chw, const segent_tensor_view *hwc)
{
    assert_int_equal(chw->channels, C);
    assert_int_equal(chw->height, H);
    assert_int_equal(chw->width, W);
    assert_int_equal(chw->channel_stride, H * W);
    assert_int_equal(chw->row_stride, W);
    assert_int_equal(chw->column_stride, 1);
    assert_int_equal(hwc->channels, C);
    assert_int_equal(hwc->height, H);
    assert_int_equal(hwc->width, W);
    assert_int_equal(hwc->channel_stride, 1);
    assert_int_equal(hwc->row_stride, W * C);
    assert_int_equal(hwc->column_stride, C);
}

/* Options are zeros behind their size. */
static void see_options(const void *options, size_t size)
{
    const unsigned char *bytes = options;
    uint32_t stated;
    memcpy(&stated, options, sizeof(stated));
    assert_int_equal(stated, size);
    for (size_t i = sizeof(stated); i < size; i++)
        assert_int_equal(bytes[i], 0);
}

static void (*volatile decoding_seen)(const segent_label_view *,
                                      const segent_pixel_view *) = see_decoding;
static void (*volatile colouring_seen)(const segent_map_view *,
                                       const segent_pixel_view *) = see_colouring;
static void (*volatile tensors_seen)(const segent_tensor_view *,
                                     const segent_tensor_view *) = see_tensors;
static void (*volatile options_seen)(const void *, size_t) = see_options;

/* Leaves bytes that are no member's value where the next function's variables will be. */
static void *(*volatile fill)(void *, int, size_t) = memset;
static void soil_stack(void)
{
    unsigned char stale[STALE];
    fill(stale, 0x5a, sizeof(stale));
}

static void decode(const uint16_t *ids, const uint8_t *rgb, int64_t height, int64_t width)
{
    const segent_label_view labels = segent_label_map(ids, SEGENT_LABEL_U16, height, width);
    const segent_pixel_view pixels = segent_pixels(rgb, SEGENT_PIXEL_RGB, height, width);
    decoding_seen(&labels, &pixels);
}

static void colour(const float *values, const uint8_t *rgb, int64_t height, int64_t width)
{
    const segent_map_view map = segent_map(values, height, width);
    const segent_pixel_view pixels = segent_pixels(rgb, SEGENT_PIXEL_RGB, height, width);
    colouring_seen(&map, &pixels);
}

static void arrange(const float *values, int64_t channels, int64_t height, int64_t width)
{
    const segent_tensor_view chw = segent_tensor_chw(values, channels, height, width);
    const segent_tensor_view hwc = segent_tensor_hwc(values, height, width, channels);
    tensors_seen(&chw, &hwc);
}

static void choose(void)
{
    const segent_run_options run = segent_run_options_init();
    const segent_model_options model = segent_model_options_init();
    const segent_image_options image = segent_image_options_init();
    options_seen(&run, sizeof(run));
    options_seen(&model, sizeof(model));
    options_seen(&image, sizeof(image));
}

static void (*volatile decode_now)(const uint16_t *, const uint8_t *, int64_t, int64_t) = decode;
static void (*volatile colour_now)(const float *, const uint8_t *, int64_t, int64_t) = colour;
static void (*volatile arrange_now)(const float *, int64_t, int64_t, int64_t) = arrange;
static void (*volatile choose_now)(void) = choose;
static void (*volatile soil_now)(void) = soil_stack;

static const float values[C * H * W];
static const uint16_t ids[H * W];
static const uint8_t rgb[3 * H * W];

static void test_views_of_a_decoding(void **state)
{
    (void)state;
    soil_now();
    decode_now(ids, rgb, H, W);
}

static void test_views_of_a_colouring(void **state)
{
    (void)state;
    soil_now();
    colour_now(values, rgb, H, W);
}

static void test_tensors(void **state)
{
    (void)state;
    soil_now();
    arrange_now(values, C, H, W);
}

static void test_options(void **state)
{
    (void)state;
    soil_now();
    choose_now();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_views_of_a_decoding),
        cmocka_unit_test(test_views_of_a_colouring),
        cmocka_unit_test(test_tensors),
        cmocka_unit_test(test_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
