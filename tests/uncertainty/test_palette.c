/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The VOC palette, palettes of the caller's, jet and viridis. */

#include "truth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define assert_color(rgb, r, g, b)                         \
    do {                                                   \
        const uint8_t expected_color[3] = {(r), (g), (b)}; \
        assert_memory_equal((rgb), expected_color, 3);     \
    } while (0)

static void voc(void **state)
{
    (void)state;
    /* The published colour map, classes 0 to 20. */
    static const uint8_t published[21][3] = {
        {0, 0, 0},       {128, 0, 0},   {0, 128, 0},     {128, 128, 0}, {0, 0, 128},
        {128, 0, 128},   {0, 128, 128}, {128, 128, 128}, {64, 0, 0},    {192, 0, 0},
        {64, 128, 0},    {192, 128, 0}, {64, 0, 128},    {192, 0, 128}, {64, 128, 128},
        {192, 128, 128}, {0, 64, 0},    {128, 64, 0},    {0, 192, 0},   {128, 192, 0},
        {0, 64, 128}};
    uint8_t rgb[3 * 65536];
    assert_int_equal(segent_palette_voc(rgb, 65536), SEGENT_OK);
    assert_memory_equal(rgb, published, sizeof(published));
    assert_color(rgb + 3 * 255, 224, 224, 192);
    assert_color(rgb + 3 * 256, 0, 0, 32); /* bit 8 is blue's third */
    assert_int_equal(segent_palette_voc(NULL, 1), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(segent_palette_voc(rgb, -1), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(segent_palette_voc(rgb, INT64_MAX), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(segent_palette_voc(rgb, 0), SEGENT_OK);
}

static void decode(void **state)
{
    segent_context *context = *state;
    enum { H = 3, W = 5, STRIDE = 3 * W + 4 };
    uint8_t labels[H * W], rgb[H * STRIDE], voc_rgb[768];
    assert_int_equal(segent_palette_voc(voc_rgb, 256), SEGENT_OK);
    for (int i = 0; i < H * W; i++)
        labels[i] = (uint8_t)(i * 17);
    memset(rgb, 99, sizeof(rgb));
    const segent_label_view map = segent_label_map(labels, SEGENT_LABEL_U8, H, W);
    const segent_pixel_view flipped = {rgb + (H - 1) * STRIDE, H, W, -STRIDE, SEGENT_PIXEL_RGB, 0};
    test_assert_ok(context, segent_palette_decode(context, &map, NULL, 0, &flipped));
    for (int y = 0; y < H; y++) {
        const uint8_t *row = rgb + (H - 1 - y) * STRIDE;
        for (int x = 0; x < W; x++)
            assert_memory_equal(row + 3 * x, voc_rgb + 3 * labels[y * W + x], 3);
        for (int i = 3 * W; i < STRIDE; i++)
            assert_int_equal(row[i], 99);
    }

    uint16_t ids[] = {1, 0, 2, 0, 300, 0, 65535, 0};
    segent_label_view apart = {ids, 1, 4, 8, 2, SEGENT_LABEL_U16, 0};
    segent_pixel_view pixels = segent_pixels(rgb, SEGENT_PIXEL_RGB, 1, 4);
    static const uint8_t own[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    test_assert_ok(context, segent_palette_decode(context, &apart, NULL, 0, &pixels));
    assert_color(rgb, 128, 0, 0);
    assert_color(rgb + 9, 252, 248, 248);
    apart.width = pixels.width = 2;
    test_assert_ok(context, segent_palette_decode(context, &apart, own, 3, &pixels));
    assert_color(rgb, 4, 5, 6);
    assert_color(rgb + 3, 7, 8, 9);
    apart.width = pixels.width = 4;
    test_assert_status(context, segent_palette_decode(context, &apart, own, 3, &pixels),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context,
                               "label 300 at (y, x) = (0, 2), but the palette has 3 entries");
    assert_color(rgb, 4, 5, 6); /* nothing has been written */
}

/* Piecewise linear through n points. */
static double piecewise(const double (*points)[2], int n, double x)
{
    for (int i = 1; i < n; i++) {
        if (x <= points[i][0])
            return points[i - 1][1] + (points[i][1] - points[i - 1][1]) * (x - points[i - 1][0]) /
                                          (points[i][0] - points[i - 1][0]);
    }
    return points[n - 1][1];
}

static void colors_of(segent_context *context, segent_colormap map, uint8_t (*rgb)[3])
{
    float values[256];
    for (int i = 0; i < 256; i++)
        values[i] = (float)i / 256.0f;
    const segent_map_view view = segent_map(values, 1, 256);
    const segent_pixel_view pixels = segent_pixels(rgb[0], SEGENT_PIXEL_RGB, 1, 256);
    test_assert_ok(context, segent_colormap_apply(context, &view, map, 0.0f, 1.0f, &pixels));
}

static void tables_are_matplotlibs(void **state)
{
    static const char *const names[] = {"uncertainty/jet.npy", "uncertainty/viridis.npy"};
    static const segent_colormap maps[] = {SEGENT_COLORMAP_JET, SEGENT_COLORMAP_VIRIDIS};
    uint8_t rgb[256][3];
    for (int i = 0; i < 2; i++) {
        test_array golden = test_load_npy(test_data(names[i]), "|u1");
        colors_of(*state, maps[i], rgb);
        assert_memory_equal(rgb, golden.data, sizeof(rgb));
        test_free_array(&golden);
    }
}

/* Where the exact value is an integer, its last bit decides: both neighbours are right. */
static void assert_truncated(uint8_t byte, double value)
{
    assert_true(byte == (uint8_t)value || byte == (uint8_t)(value - 1e-9) ||
                byte == (uint8_t)(value + 1e-9));
}

static void jet_is_its_formula(void **state)
{
    static const double red[][2] = {{0, 0}, {.35, 0}, {.66, 1}, {.89, 1}, {1, .5}};
    static const double green[][2] = {{0, 0}, {.125, 0}, {.375, 1}, {.64, 1}, {.91, 0}, {1, 0}};
    static const double blue[][2] = {{0, .5}, {.11, 1}, {.34, 1}, {.65, 0}, {1, 0}};
    static const int facts[][4] = {{0, 0, 0, 127},       {1, 0, 0, 132},       {31, 0, 0, 255},
                                   {96, 21, 255, 225},   {127, 121, 255, 125}, {128, 124, 255, 121},
                                   {129, 128, 255, 118}, {200, 255, 118, 0},   {255, 127, 0, 0}};
    uint8_t rgb[256][3];
    colors_of(*state, SEGENT_COLORMAP_JET, rgb);
    for (int i = 0; i < 256; i++) {
        const double x = i / 255.0;
        assert_truncated(rgb[i][0], 255.0 * piecewise(red, 5, x));
        assert_truncated(rgb[i][1], 255.0 * piecewise(green, 6, x));
        assert_truncated(rgb[i][2], 255.0 * piecewise(blue, 5, x));
    }
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
        assert_color(rgb[facts[i][0]], (uint8_t)facts[i][1], (uint8_t)facts[i][2],
                     (uint8_t)facts[i][3]);
}

static void ranges(void **state)
{
    segent_context *context = *state;
    uint8_t jet[256][3], rgb[8][3];
    colors_of(context, SEGENT_COLORMAP_JET, jet);
    float values[] = {-1.0f, 2.0f, 2.999f, 3.0f, 4.0f, INFINITY, -INFINITY, 2.5f};
    static const int expected[] = {0, 0, 127, 128, 255, 255, 0, 64};
    const segent_map_view line = segent_map(values, 1, 8);
    const segent_pixel_view pixels = segent_pixels(rgb[0], SEGENT_PIXEL_RGB, 1, 8);
    test_assert_ok(context,
                   segent_colormap_apply(context, &line, SEGENT_COLORMAP_JET, 2.0f, 4.0f, &pixels));
    for (int i = 0; i < 8; i++)
        assert_memory_equal(rgb[i], jet[expected[i]], 3);
    const segent_map_view padded = {values, 2, 3, 4, 1};
    const segent_pixel_view six = {rgb[0], 2, 3, 9, SEGENT_PIXEL_RGB, 0};
    test_assert_ok(context,
                   segent_colormap_apply(context, &padded, SEGENT_COLORMAP_JET, 3.0f, 3.0f, &six));
    for (int i = 0; i < 6; i++)
        assert_memory_equal(rgb[i], jet[0], 3);
    const float wide[] = {-3e38f, 0.0f, 3e38f};
    const segent_map_view wide_map = segent_map(wide, 1, 3);
    const segent_pixel_view three = segent_pixels(rgb[0], SEGENT_PIXEL_RGB, 1, 3);
    test_assert_ok(context, segent_colormap_apply(context, &wide_map, SEGENT_COLORMAP_JET, -3e38f,
                                                  3e38f, &three));
    assert_memory_equal(rgb[0], jet[0], 3);
    assert_memory_equal(rgb[1], jet[128], 3);
    assert_memory_equal(rgb[2], jet[255], 3);
    const float bad[] = {0.0f, 1.0f, 0.0f, NAN};
    const segent_map_view bad_map = segent_map(bad, 2, 2);
    const segent_pixel_view four = segent_pixels(rgb[0], SEGENT_PIXEL_RGB, 2, 2);
    test_assert_status(
        context, segent_colormap_apply(context, &bad_map, SEGENT_COLORMAP_JET, 0.0f, 1.0f, &four),
        SEGENT_ERROR_NOT_FINITE);
    test_assert_error_contains(context, "the values hold NaN at (y, x) = (1, 1)");
}

/* Pixels of each format, dense and with bytes between rows, both also bottom-up. Alpha is 255, and
 * what lies between rows is left alone. */
static void pixel_formats(void **state)
{
    enum { H = 3, W = 5, PAD = 7 };
    segent_context *context = *state;
    static const struct {
        segent_pixel_format format;
        int samples, red, green, blue, alpha;
    } formats[] = {{SEGENT_PIXEL_RGB, 3, 0, 1, 2, -1},
                   {SEGENT_PIXEL_BGR, 3, 2, 1, 0, -1},
                   {SEGENT_PIXEL_RGBA, 4, 0, 1, 2, 3},
                   {SEGENT_PIXEL_BGRA, 4, 2, 1, 0, 3}};
    uint8_t ids[H * W], expected[H * W][3], jet[256][3], voc_rgb[768];
    float values[H * W];
    for (int i = 0; i < H * W; i++) {
        ids[i] = (uint8_t)(i * 3);
        values[i] = (float)i * 0.0625f;
    }
    const segent_label_view labels = segent_label_map(ids, SEGENT_LABEL_U8, H, W);
    const segent_map_view map = segent_map(values, H, W);
    colors_of(context, SEGENT_COLORMAP_JET, jet);
    assert_int_equal(segent_palette_voc(voc_rgb, 256), SEGENT_OK);
    for (int i = 0; i < 32; i++) {
        const bool of_map = i & 1, padded = i & 2, bottom_up = i & 4;
        const int samples = formats[i / 8].samples, row = W * samples + (padded ? PAD : 0);
        uint8_t bytes[H * (4 * W + PAD)];
        memset(bytes, 99, sizeof(bytes));
        const segent_pixel_view pixels = {bottom_up ? bytes + (H - 1) * row : bytes,
                                          H,
                                          W,
                                          bottom_up ? -row : row,
                                          formats[i / 8].format,
                                          0};
        for (int k = 0; k < H * W; k++) {
            if (of_map)
                memcpy(expected[k], jet[k * 16], 3);
            else
                memcpy(expected[k], voc_rgb + 3 * ids[k], 3);
        }
        test_assert_ok(context, of_map ? segent_colormap_apply(context, &map, SEGENT_COLORMAP_JET,
                                                               0.0f, 1.0f, &pixels)
                                       : segent_palette_decode(context, &labels, NULL, 0, &pixels));
        for (int y = 0; y < H; y++) {
            const uint8_t *at = pixels.data + y * pixels.row_stride;
            for (int x = 0; x < W; x++, at += samples) {
                assert_int_equal(at[formats[i / 8].red], expected[y * W + x][0]);
                assert_int_equal(at[formats[i / 8].green], expected[y * W + x][1]);
                assert_int_equal(at[formats[i / 8].blue], expected[y * W + x][2]);
                if (formats[i / 8].alpha >= 0)
                    assert_int_equal(at[formats[i / 8].alpha], 255);
            }
            for (int k = 0; k < (padded ? PAD : 0); k++)
                assert_int_equal(at[k], 99);
        }
        for (int k = H * row; k < (int)sizeof(bytes); k++)
            assert_int_equal(bytes[k], 99);
    }
}

/* A colour has no grey: nothing is written. */
static void grey_is_refused(void **state)
{
    segent_context *context = *state;
    uint8_t bytes[4] = {99, 99, 99, 99};
    const uint8_t id = 1;
    const float value = 0.5f;
    const segent_label_view labels = segent_label_map(&id, SEGENT_LABEL_U8, 1, 1);
    const segent_map_view map = segent_map(&value, 1, 1);
    const segent_pixel_view grey = segent_pixels(bytes, SEGENT_PIXEL_GREY, 1, 1);
    test_assert_status(context, segent_palette_decode(context, &labels, NULL, 0, &grey),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "segent_palette_decode: colours cannot be written to grey");
    test_assert_status(context,
                       segent_colormap_apply(context, &map, SEGENT_COLORMAP_JET, 0.0f, 1.0f, &grey),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "segent_colormap_apply: colours cannot be written to grey");
    for (int i = 0; i < 4; i++)
        assert_int_equal(bytes[i], 99);
}

static int setup(void **state)
{
    *state = test_context();
    return 0;
}

static int teardown(void **state)
{
    segent_context_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(voc),
        cmocka_unit_test(decode),
        cmocka_unit_test(tables_are_matplotlibs),
        cmocka_unit_test(jet_is_its_formula),
        cmocka_unit_test(ranges),
        cmocka_unit_test(pixel_formats),
        cmocka_unit_test(grey_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
