/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Resizing against Pillow, sizes against torchvision (tests/data/image/make.py). */

#include "support.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t crc32_of(const uint8_t *data, size_t size)
{
    static uint32_t table[256];
    for (uint32_t i = 0; i < 256 && table[255] == 0; i++) {
        uint32_t value = i;
        for (int bit = 0; bit < 8; bit++)
            value = value & 1 ? value >> 1 ^ 0xedb88320u : value >> 1;
        table[i] = value;
    }
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < size; i++)
        crc = crc >> 8 ^ table[(crc ^ data[i]) & 255];
    return crc ^ 0xffffffffu;
}

/* The pixels that make.py resized: random ones, the same everywhere. */
static segent_image *make_picture(segent_context *context, int width, int height)
{
    const size_t size = (size_t)width * (size_t)height * 3;
    uint8_t *pixels = malloc(size);
    assert_non_null(pixels);
    uint64_t state = (uint64_t)width * 1000003u + (uint64_t)height, word = 0;
    for (size_t i = 0; i < size; i++) {
        if (i % 8 == 0)
            word = test_random(&state);
        pixels[i] = (uint8_t)(word >> i % 8 * 8);
    }
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_RGB, height, width);
    segent_image *image = NULL;
    test_assert_ok(context, segent_image_from_pixels(context, &view, &image));
    free(pixels);
    return image;
}

static void check_resize(segent_context *context, int width, int height, int to_width,
                         int to_height, uint32_t crc)
{
    segent_image *image = make_picture(context, width, height), *resized = NULL;
    test_assert_ok(context, segent_image_resize(context, image, to_width, to_height, &resized));
    assert_int_equal(segent_image_width(resized), to_width);
    assert_int_equal(segent_image_height(resized), to_height);
    assert_ptr_not_equal(image, resized);
    const uint32_t ours =
        crc32_of(segent_image_pixels(resized), (size_t)to_width * (size_t)to_height * 3);
    if (ours != crc)
        fail_msg("%d x %d to %d x %d differs from Pillow", width, height, to_width, to_height);
    segent_image_destroy(resized);
    segent_image_destroy(image);
}

static void test_as_pillow(void **state)
{
    (void)state;
    const int32_t threads[] = {1, 3};
    for (int i = 0; i < 2; i++) {
        segent_options options = segent_options_init();
        segent_context *context = NULL;
        options.threads = threads[i];
        assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
        FILE *file = fopen(test_data("image/resize.txt"), "r");
        assert_non_null(file);
        int from[2], to[2], count = 0;
        uint32_t crc;
        while (fscanf(file, "%d %d %d %d %" SCNu32, &from[0], &from[1], &to[0], &to[1], &crc) ==
               5) {
            check_resize(context, from[0], from[1], to[0], to[1], crc);
            count++;
        }
        assert_true(count > 150);
        fclose(file);
        segent_context_destroy(context);
    }
}

static void test_fit(void **state)
{
    (void)state;
    FILE *file = fopen(test_data("image/fit.txt"), "r");
    assert_non_null(file);
    int32_t given[3], expected[2], ours[2];
    int count = 0;
    while (fscanf(file, "%" SCNd32 " %" SCNd32 " %" SCNd32 " %" SCNd32 " %" SCNd32, &given[0],
                  &given[1], &given[2], &expected[0], &expected[1]) == 5) {
        assert_int_equal(segent_image_fit(given[0], given[1], given[2], &ours[0], &ours[1]),
                         SEGENT_OK);
        if (ours[0] != expected[0] || ours[1] != expected[1])
            fail_msg("%d x %d at %d: %d x %d, not %d x %d", given[0], given[1], given[2], ours[0],
                     ours[1], expected[0], expected[1]);
        count++;
    }
    fclose(file);
    assert_true(count > 300);
}

static void test_fit_special(void **state)
{
    (void)state;
    const segent_status invalid = SEGENT_ERROR_INVALID_ARGUMENT;
    int32_t width = -7, height = -7;
    assert_int_equal(segent_image_fit(123, 45, SEGENT_SIZE_OWN, &width, &height), SEGENT_OK);
    assert_int_equal(width, 123);
    assert_int_equal(height, 45);
    assert_int_equal(segent_image_fit(0, 45, 10, &width, &height), invalid);
    assert_int_equal(segent_image_fit(5, -1, 10, &width, &height), invalid);
    assert_int_equal(segent_image_fit(0, 45, SEGENT_SIZE_OWN, &width, &height), invalid);
    assert_int_equal(segent_image_fit(5, 5, 0, &width, &height), invalid);
    assert_int_equal(segent_image_fit(5, 5, -2, &width, &height), invalid);
    assert_non_null(strstr(segent_last_error(NULL), "segent_image_fit: "));
    assert_int_equal(segent_image_fit(5, 5, 5, NULL, &height), invalid);
    assert_int_equal(segent_image_fit(5, 5, 5, &width, NULL), invalid);
    assert_int_equal(segent_image_fit(1, 100000000, 640, &width, &height), SEGENT_ERROR_LIMIT);
    assert_int_equal(width, 123);
    assert_int_equal(height, 45);
}

/* A PNG file of noise. */
static segent_buffer *make_png(segent_context *context, int width, int height)
{
    segent_buffer *png = NULL;
    segent_image *image = make_picture(context, width, height);
    test_assert_ok(context, segent_image_encode_png(context, image, &png));
    segent_image_destroy(image);
    return png;
}

static void test_refused(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_image *image = make_picture(context, 2, 300), *resized = NULL;
    test_assert_status(context, segent_image_resize(context, image, 0, 5, &resized),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(context, segent_image_resize(context, image, 5, -1, &resized),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(context, segent_image_resize(context, NULL, 5, 5, &resized),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(context, segent_image_resize(context, image, 5, 5, NULL),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(segent_image_resize(NULL, image, 5, 5, &resized),
                     SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(context,
                       segent_image_resize(context, image, 2000000000, 2000000000, &resized),
                       SEGENT_ERROR_LIMIT);
    test_assert_error_contains(context, "2000000000 x 2000000000");
    assert_null(resized);
    segent_image_destroy(image);
    segent_context_destroy(context);
}

/* A picture that was read with a limit keeps it for what is resized from it, and so on. */
static void test_own_limit(void **state)
{
    (void)state;
    if (!segent_supports("png"))
        skip();
    segent_context *context = test_context();
    segent_buffer *png = make_png(context, 2, 300);
    segent_image_options options = segent_image_options_init();
    segent_image *image = NULL, *within = NULL, *resized = NULL;
    options.pixel_limit = 1000;
    test_assert_ok(context, segent_image_load_memory(context, segent_buffer_data(png),
                                                     segent_buffer_size(png), &options, &image));
    /* The picture between the two passes would be 300 x 300. */
    test_assert_status(context, segent_image_resize(context, image, 300, 2, &resized),
                       SEGENT_ERROR_LIMIT);
    test_assert_error_contains(context, "segent_image_options.pixel_limit");
    test_assert_ok(context, segent_image_resize(context, image, 3, 333, &within));
    test_assert_status(context, segent_image_resize(context, within, 3, 334, &resized),
                       SEGENT_ERROR_LIMIT);
    assert_null(resized);
    segent_image_destroy(within);
    segent_image_destroy(image);
    segent_buffer_destroy(png);

    /* One of the caller's pixels has the default. */
    image = make_picture(context, 2, 300);
    test_assert_ok(context, segent_image_resize(context, image, 300, 2, &resized));
    segent_image_destroy(resized);
    segent_image_destroy(image);
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_pillow),   cmocka_unit_test(test_fit),
        cmocka_unit_test(test_fit_special), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_own_limit),
    };
    return cmocka_run_group_tests_name("image: resize", tests, NULL, NULL);
}
