/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* PNG files that the library writes: class ids and RGB, and class ids of other writers. */

#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { WIDTH = 37, HEIGHT = 23 };

static void fill_u8(uint8_t *labels, size_t count, unsigned classes, uint64_t seed)
{
    for (size_t i = 0; i < count; i++)
        labels[i] = (uint8_t)(test_random(&seed) % classes);
}

static segent_labels *load_labels(segent_context *context, const char *path)
{
    segent_labels *labels = NULL;
    test_assert_ok(context, segent_labels_load_png(context, path, NULL, &labels));
    return labels;
}

/* Colours of a file are its ids through the palette, as the picture decoder sees them. */
static void check_colours(segent_context *context, const char *path, const uint8_t *labels,
                          const uint8_t *palette)
{
    segent_image *image = NULL;
    test_assert_ok(context, segent_image_load(context, path, NULL, &image));
    const uint8_t *pixels = segent_image_pixels(image);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        assert_memory_equal(pixels + i * 3, palette + labels[i] * 3, 3);
    segent_image_destroy(image);
}

static void check_u8(const segent_labels *loaded, const uint8_t *labels)
{
    assert_int_equal(segent_labels_type(loaded), SEGENT_LABEL_U8);
    assert_int_equal(segent_labels_width(loaded), WIDTH);
    assert_int_equal(segent_labels_height(loaded), HEIGHT);
    assert_memory_equal(segent_labels_data(loaded), labels, WIDTH * HEIGHT);
}

static void test_voc(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const char *path = test_temporary("voc.png");
    uint8_t labels[WIDTH * HEIGHT], palette[256 * 3];
    fill_u8(labels, sizeof(labels), 256, 1);
    const segent_label_view view = segent_label_map(labels, SEGENT_LABEL_U8, HEIGHT, WIDTH);
    test_assert_ok(context, segent_labels_save_png(context, &view, NULL, 0, path));
    segent_labels *loaded = load_labels(context, path);
    check_u8(loaded, labels);
    segent_labels_destroy(loaded);
    assert_int_equal(segent_palette_voc(palette, 256), SEGENT_OK);
    check_colours(context, path, labels, palette);
    segent_context_destroy(context);
}

static void test_own_palette(void **state)
{
    (void)state;
    segent_context *context = test_context();
    uint8_t labels[WIDTH * HEIGHT], palette[300 * 3];
    uint64_t seed = 5;
    for (size_t i = 0; i < sizeof(palette); i++)
        palette[i] = (uint8_t)test_random(&seed);
    const int counts[] = {1, 2, 21, 256, 300};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        const char *path = test_temporary("own.png");
        fill_u8(labels, sizeof(labels), counts[i] < 256 ? (unsigned)counts[i] : 256, seed);
        const segent_label_view view = segent_label_map(labels, SEGENT_LABEL_U8, HEIGHT, WIDTH);
        test_assert_ok(context, segent_labels_save_png(context, &view, palette, counts[i], path));
        segent_labels *loaded = load_labels(context, path);
        check_u8(loaded, labels);
        segent_labels_destroy(loaded);
        check_colours(context, path, labels, palette);
    }
    segent_context_destroy(context);
}

/* The header of a file says 8 bits and palette; the palette has as many entries as were given. */
static void test_bytes_of_file(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const uint8_t palette[] = {1, 2, 3, 4, 5, 6}, label = 1;
    const char *path = test_temporary("bytes.png");
    size_t size;
    const segent_label_view view = segent_label_map(&label, SEGENT_LABEL_U8, 1, 1);
    test_assert_ok(context, segent_labels_save_png(context, &view, palette, 2, path));
    unsigned char *bytes = test_read_file(path, &size);
    assert_true(size > 60);
    assert_memory_equal(bytes + 16, "\0\0\0\1\0\0\0\1\x08\x03\0\0\0", 13);
    assert_memory_equal(bytes + 33, "\0\0\0\x06PLTE\1\2\3\4\5\6", 14);
    free(bytes);
    segent_context_destroy(context);
}

static void test_u16(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const char *path = test_temporary("u16.png");
    uint16_t labels[WIDTH * HEIGHT];
    uint64_t seed = 3;
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        labels[i] = (uint16_t)test_random(&seed);
    const segent_label_view view = segent_label_map(labels, SEGENT_LABEL_U16, HEIGHT, WIDTH);
    test_assert_ok(context, segent_labels_save_png(context, &view, NULL, 0, path));
    size_t size;
    unsigned char *bytes = test_read_file(path, &size);
    segent_labels *loaded = NULL;
    test_assert_ok(context, segent_labels_load_png_memory(context, bytes, size, NULL, &loaded));
    free(bytes);
    assert_int_equal(segent_labels_type(loaded), SEGENT_LABEL_U16);
    assert_memory_equal(segent_labels_data(loaded), labels, sizeof(labels));
    segent_labels_destroy(loaded);
    segent_context_destroy(context);
}

/* Every second column of rows that lie bottom-up. */
static void test_strides(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const char *path = test_temporary("strides.png");
    uint8_t labels[2 * WIDTH * HEIGHT], expected[WIDTH * HEIGHT];
    fill_u8(labels, sizeof(labels), 256, 8);
    uint8_t *top = labels + 2 * WIDTH * (HEIGHT - 1);
    const segent_label_view view = {top, HEIGHT, WIDTH, -2 * WIDTH, 2, SEGENT_LABEL_U8, 0};
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++)
            expected[y * WIDTH + x] = top[y * view.row_stride + x * view.column_stride];
    }
    test_assert_ok(context, segent_labels_save_png(context, &view, NULL, 0, path));
    segent_labels *loaded = load_labels(context, path);
    check_u8(loaded, expected);
    segent_labels_destroy(loaded);
    segent_context_destroy(context);
}

/* Grey and palette of fewer bits, as other programs write: the samples themselves. */
static void test_other_writers(void **state)
{
    (void)state;
    segent_context *context = test_context();
    static const struct {
        const char *name;
        segent_label_type type;
        unsigned maximum;
    } cases[] = {
        {"image/grey1.png", SEGENT_LABEL_U8, 1},      {"image/grey2i.png", SEGENT_LABEL_U8, 3},
        {"image/grey4.png", SEGENT_LABEL_U8, 15},     {"image/grey8.png", SEGENT_LABEL_U8, 255},
        {"image/palette1.png", SEGENT_LABEL_U8, 1},   {"image/palette2.png", SEGENT_LABEL_U8, 3},
        {"image/palette4i.png", SEGENT_LABEL_U8, 15}, {"image/palette8t.png", SEGENT_LABEL_U8, 255},
        {"image/grey16.png", SEGENT_LABEL_U16, 65535}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        segent_labels *labels = load_labels(context, test_data(cases[i].name));
        assert_int_equal(segent_labels_type(labels), cases[i].type);
        unsigned largest = 0;
        for (int k = 0; k < 11 * 13; k++) {
            const unsigned label = cases[i].type == SEGENT_LABEL_U8
                                       ? ((const uint8_t *)segent_labels_data(labels))[k]
                                       : ((const uint16_t *)segent_labels_data(labels))[k];
            largest = label > largest ? label : largest;
        }
        if (largest > cases[i].maximum || largest <= cases[i].maximum / 2)
            fail_msg("%s: largest label %u", cases[i].name, largest);
        segent_labels_destroy(labels);
    }
    segent_context_destroy(context);
}

/* Samples of grey pictures are their labels scaled: the two decoders agree. */
static void test_against_picture(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_labels *labels = load_labels(context, test_data("image/grey4.png"));
    segent_image *image = NULL;
    test_assert_ok(context, segent_image_load(context, test_data("image/grey4.png"), NULL, &image));
    const uint8_t *ids = segent_labels_data(labels), *pixels = segent_image_pixels(image);
    for (int i = 0; i < 11 * 13; i++)
        assert_int_equal(pixels[3 * i], ids[i] * 17);
    segent_image_destroy(image);
    segent_labels_destroy(labels);
    segent_context_destroy(context);
}

static void test_not_labels(void **state)
{
    (void)state;
    segent_context *context = test_context();
    static const char *const names[] = {"image/rgb8.png", "image/rgba16.png",
                                        "image/greyalpha8.png", "image/grey.jpg"};
    segent_labels *labels = NULL;
    for (int i = 0; i < 4; i++) {
        const char *path = test_data(names[i]);
        test_assert_status(context, segent_labels_load_png(context, path, NULL, &labels),
                           SEGENT_ERROR_UNSUPPORTED);
        test_assert_error_contains(context, path);
    }
    test_assert_error_contains(context, "a JPEG picture");
    test_assert_status(context,
                       segent_labels_load_png(context, test_data("image/cases.txt"), NULL, &labels),
                       SEGENT_ERROR_FORMAT);
    test_assert_status(context, segent_labels_load_png(context, NULL, NULL, &labels),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(context, segent_labels_load_png_memory(context, "", 0, NULL, &labels),
                       SEGENT_ERROR_TRUNCATED);
    test_assert_status(context, segent_labels_load_png_memory(context, NULL, 1, NULL, &labels),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(context, segent_labels_load_png(context, "missing.png", NULL, &labels),
                       SEGENT_ERROR_NOT_FOUND);
    assert_null(labels);
    segent_context_destroy(context);
}

/* Of the options of reading, the limits apply to labels as well. */
static void test_limits(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const char *path = test_data("image/grey4.png"); /* 11 x 13 */
    segent_image_options options = segent_image_options_init();
    segent_labels *labels = NULL;
    options.pixel_limit = 11 * 13 - 1;
    test_assert_status(context, segent_labels_load_png(context, path, &options, &labels),
                       SEGENT_ERROR_LIMIT);
    test_assert_error_contains(context, "segent_image_options.pixel_limit");
    options.pixel_limit++;
    test_assert_ok(context, segent_labels_load_png(context, path, &options, &labels));
    segent_labels_destroy(labels);
    labels = NULL;
    options.pixel_limit = -1;
    test_assert_status(context, segent_labels_load_png(context, path, &options, &labels),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    options = segent_image_options_init();
    options.reserved[2] = 1;
    test_assert_status(context, segent_labels_load_png(context, path, &options, &labels),
                       SEGENT_ERROR_UNSUPPORTED);
    test_assert_status(context, segent_labels_load_png_memory(context, "x", 1, &options, &labels),
                       SEGENT_ERROR_UNSUPPORTED);
    assert_null(labels);
    segent_context_destroy(context);
}

static void test_save_refused(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const char *path = test_temporary("refused.png");
    static uint8_t labels[4] = {0, 1, 2, 3}, palette[9];
    const segent_status invalid = SEGENT_ERROR_INVALID_ARGUMENT;
    const struct {
        segent_label_view view;
        const uint8_t *palette;
        int64_t count;
        const char *path;
        segent_status status;
    } cases[] = {
        {{NULL, 2, 2, 0, 0, SEGENT_LABEL_U8, 0}, NULL, 0, path, invalid},
        {{labels, 2, 2, 0, 0, 2, 0}, NULL, 0, path, invalid},
        {{labels, 2, 2, 0, 0, -1, 0}, NULL, 0, path, invalid},
        {{labels, 2, 0, 0, 0, SEGENT_LABEL_U8, 0}, NULL, 0, path, invalid},
        {{labels, -1, 2, 0, 0, SEGENT_LABEL_U8, 0}, NULL, 0, path, invalid},
        {{labels, 2, 2, 0, 0, SEGENT_LABEL_U8, 0}, palette, 0, path, invalid},
        {{labels, 2, 2, 0, 0, SEGENT_LABEL_U8, 0}, NULL, 0, NULL, invalid},
        {{labels, 2, 2, 0, 0, SEGENT_LABEL_U8, 1}, NULL, 0, path, SEGENT_ERROR_UNSUPPORTED},
        {{labels, 1, INT64_C(1) << 31, 0, 0, SEGENT_LABEL_U8, 0},
         NULL,
         0,
         path,
         SEGENT_ERROR_LIMIT},
        {{labels, 2, 2, 0, 0, SEGENT_LABEL_U8, 0}, palette, 3, path, invalid},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        segent_buffer *png = NULL;
        test_assert_status(context,
                           segent_labels_save_png(context, &cases[i].view, cases[i].palette,
                                                  cases[i].count, cases[i].path),
                           cases[i].status);
        test_assert_error_contains(context, "segent_labels_save_png: ");
        test_assert_status(context,
                           segent_labels_encode_png(context, &cases[i].view, cases[i].palette,
                                                    cases[i].count, cases[i].path ? &png : NULL),
                           cases[i].status);
        test_assert_error_contains(context, "segent_labels_encode_png: ");
        assert_null(png);
    }
    test_assert_error_contains(context, "label 3 at (y, x) = (1, 1) is beyond the palette of 3");
    test_assert_status(context, segent_labels_save_png(context, NULL, NULL, 0, path), invalid);
    struct stat status;
    assert_int_not_equal(stat(path, &status), 0);
    segent_context_destroy(context);
}

/* ---- RGB ---- */

static void test_rgb(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const char *path = test_temporary("rgb.png");
    uint8_t pixels[WIDTH * HEIGHT * 3];
    fill_u8(pixels, sizeof(pixels), 256, 4);
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_RGB, HEIGHT, WIDTH);
    segent_image *image = NULL, *again = NULL;
    test_assert_ok(context, segent_image_from_pixels(context, &view, &image));
    test_assert_ok(context, segent_image_save_png(context, image, path));
    /* Over the file that is there. */
    test_assert_ok(context, segent_image_save_png(context, image, path));
    test_assert_ok(context, segent_image_load(context, path, NULL, &again));
    assert_int_equal(segent_image_width(again), WIDTH);
    assert_int_equal(segent_image_height(again), HEIGHT);
    assert_memory_equal(segent_image_pixels(again), pixels, sizeof(pixels));
    segent_image_destroy(again);
    segent_image_destroy(image);
    segent_context_destroy(context);
}

static void test_unwritable(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const uint8_t pixel[3] = {1, 2, 3};
    const char *directory = test_temporary("directory.png");
    const char *missing = test_temporary("missing/file.png");
    assert_int_equal(mkdir(directory, 0700), 0);
    const segent_pixel_view view = segent_pixels(pixel, SEGENT_PIXEL_RGB, 1, 1);
    const segent_label_view labels = segent_label_map(pixel, SEGENT_LABEL_U8, 1, 3);
    segent_image *image = NULL;
    test_assert_ok(context, segent_image_from_pixels(context, &view, &image));
    test_assert_status(context, segent_image_save_png(context, image, directory), SEGENT_ERROR_IO);
    test_assert_error_contains(context, directory);
    test_assert_status(context, segent_image_save_png(context, image, missing),
                       SEGENT_ERROR_NOT_FOUND);
    test_assert_error_contains(context, missing);
    test_assert_status(context, segent_labels_save_png(context, &labels, NULL, 0, directory),
                       SEGENT_ERROR_IO);
    test_assert_status(context, segent_image_save_png(context, NULL, missing),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(context, segent_image_save_png(context, image, NULL),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    segent_image_destroy(image);
    segent_context_destroy(context);
}

/* ---- in memory ---- */

static void check_file(const char *path, const segent_buffer *png)
{
    size_t size;
    unsigned char *bytes = test_read_file(path, &size);
    assert_int_equal(segent_buffer_size(png), size);
    assert_memory_equal(segent_buffer_data(png), bytes, size);
    free(bytes);
}

/* The same bytes as in a file, and a buffer outlives its context. */
static void test_encoded_picture(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const char *path = test_temporary("encoded.png");
    uint8_t pixels[WIDTH * HEIGHT * 3];
    fill_u8(pixels, sizeof(pixels), 256, 11);
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_BGR, HEIGHT, WIDTH);
    segent_image *image = NULL;
    segent_buffer *png = NULL;
    test_assert_ok(context, segent_image_from_pixels(context, &view, &image));
    test_assert_ok(context, segent_image_save_png(context, image, path));
    test_assert_ok(context, segent_image_encode_png(context, image, &png));
    test_assert_status(context, segent_image_encode_png(context, image, NULL),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "segent_image_encode_png: ");
    segent_buffer *untouched = NULL;
    test_assert_status(context, segent_image_encode_png(context, NULL, &untouched),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    assert_null(untouched);
    segent_image_destroy(image);
    segent_context_destroy(context);
    check_file(path, png);
    segent_buffer_destroy(png);
}

static void test_encoded_labels(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const char *path = test_temporary("encoded.png");
    uint8_t labels[WIDTH * HEIGHT * 2], palette[100 * 3];
    fill_u8(labels, sizeof(labels), 100, 12);
    fill_u8(palette, sizeof(palette), 256, 13);
    for (int i = 0; i < 3; i++) {
        const segent_label_view view =
            segent_label_map(labels, i < 2 ? SEGENT_LABEL_U8 : SEGENT_LABEL_U16, HEIGHT, WIDTH);
        const uint8_t *own = i == 1 ? palette : NULL;
        segent_buffer *png = NULL;
        segent_labels *loaded = NULL;
        test_assert_ok(context, segent_labels_save_png(context, &view, own, 100, path));
        test_assert_ok(context, segent_labels_encode_png(context, &view, own, 100, &png));
        check_file(path, png);
        test_assert_ok(context,
                       segent_labels_load_png_memory(context, segent_buffer_data(png),
                                                     segent_buffer_size(png), NULL, &loaded));
        assert_int_equal(segent_labels_type(loaded), view.type);
        assert_memory_equal(segent_labels_data(loaded), labels, WIDTH * HEIGHT * (i < 2 ? 1u : 2u));
        segent_labels_destroy(loaded);
        segent_buffer_destroy(png);
    }
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_voc),
        cmocka_unit_test(test_own_palette),
        cmocka_unit_test(test_bytes_of_file),
        cmocka_unit_test(test_u16),
        cmocka_unit_test(test_strides),
        cmocka_unit_test(test_other_writers),
        cmocka_unit_test(test_against_picture),
        cmocka_unit_test(test_not_labels),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_save_refused),
        cmocka_unit_test(test_rgb),
        cmocka_unit_test(test_unwritable),
        cmocka_unit_test(test_encoded_picture),
        cmocka_unit_test(test_encoded_labels),
    };
    return cmocka_run_group_tests_name("image: labels and PNG out", tests, NULL, NULL);
}
