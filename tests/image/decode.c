/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Pictures of every kind against Pillow's pixels (tests/data/image/make.py). */

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct picture_case {
    char name[64];
    int width, height, orient, background;
    long offset;
} picture_case;

static void check_pixels(const picture_case *expected, const segent_image *image,
                         const uint8_t *pixels)
{
    if (segent_image_width(image) != expected->width ||
        segent_image_height(image) != expected->height)
        fail_msg("%s: %d x %d, expected %d x %d", expected->name, segent_image_width(image),
                 segent_image_height(image), expected->width, expected->height);
    const uint8_t *ours = segent_image_pixels(image);
    for (int i = 0; i < expected->width * expected->height * 3; i++) {
        if (ours[i] != pixels[i])
            fail_msg("%s (orient %d, background %d): sample %d of pixel (%d, %d) is %d, not %d",
                     expected->name, expected->orient, expected->background, i % 3,
                     i / 3 % expected->width, i / 3 / expected->width, ours[i], pixels[i]);
    }
}

static void check_case(segent_context *context, const picture_case *expected, const uint8_t *pixels)
{
    char name[80];
    snprintf(name, sizeof(name), "image/%s", expected->name);
    const char *path = test_data(name);
    segent_image_options options = segent_image_options_init();
    options.orient = expected->orient ? SEGENT_ORIENT_UPRIGHT : SEGENT_ORIENT_STORED;
    if (expected->background >= 0)
        options.background = expected->background ? expected->background : SEGENT_BACKGROUND_BLACK;

    segent_image *image = NULL;
    test_assert_ok(context, segent_image_load(context, path, &options, &image));
    check_pixels(expected, image, pixels);
    segent_image_destroy(image);

    size_t size;
    unsigned char *bytes = test_read_file(path, &size);
    image = NULL;
    test_assert_ok(context, segent_image_load_memory(context, bytes, size, &options, &image));
    free(bytes);
    check_pixels(expected, image, pixels);
    segent_image_destroy(image);
}

static void test_as_pillow(void **state)
{
    (void)state;
    segent_context *context = test_context();
    test_array expected = test_load_npy(test_data("image/expected.npy"), "|u1");
    FILE *file = fopen(test_data("image/cases.txt"), "r");
    assert_non_null(file);
    picture_case next;
    int count = 0;
    while (fscanf(file, "%63s %d %d %d %d %ld", next.name, &next.width, &next.height, &next.orient,
                  &next.background, &next.offset) == 6) {
        assert_true(next.offset + next.width * next.height * 3L <= expected.count);
        check_case(context, &next, (const uint8_t *)expected.data + next.offset);
        count++;
    }
    fclose(file);
    assert_true(count > 150);
    test_free_array(&expected);
    segent_context_destroy(context);
}

/* Not given, the options are the initialiser's: upright, transparency dropped. */
static void test_defaults(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const segent_image_options options = segent_image_options_init();
    const char *const names[] = {"image/exif6-MM.jpg", "image/rgba8.png"};
    for (int i = 0; i < 2; i++) {
        segent_image *with = NULL, *without = NULL;
        test_assert_ok(context, segent_image_load(context, test_data(names[i]), &options, &with));
        test_assert_ok(context, segent_image_load(context, test_data(names[i]), NULL, &without));
        assert_int_equal(segent_image_width(with), segent_image_width(without));
        assert_memory_equal(segent_image_pixels(with), segent_image_pixels(without),
                            (size_t)segent_image_width(with) * (size_t)segent_image_height(with) *
                                3);
        segent_image_destroy(with);
        segent_image_destroy(without);
    }
    segent_context_destroy(context);
}

static void test_options_refused(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const char *path = test_data("image/rgb8.png");
    segent_image *image = NULL;
    segent_image_options options = segent_image_options_init();
    options.background = 0x1000001;
    test_assert_status(context, segent_image_load(context, path, &options, &image),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "background");
    options = segent_image_options_init();
    options.orient = 3;
    test_assert_status(context, segent_image_load(context, path, &options, &image),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "orientation");
    options = segent_image_options_init();
    options.pixel_limit = -1;
    test_assert_status(context, segent_image_load(context, path, &options, &image),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "a limit is negative");
    options = segent_image_options_init();
    options.scan_limit = -1;
    test_assert_status(context, segent_image_load(context, path, &options, &image),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "a limit is negative");
    for (int i = 0; i < 3; i++) {
        options = segent_image_options_init();
        options.reserved[i] = 1;
        test_assert_status(context, segent_image_load(context, path, &options, &image),
                           SEGENT_ERROR_UNSUPPORTED);
        test_assert_error_contains(context, "segent_image_options: sets a member");
    }
    options = segent_image_options_init();
    options.struct_size = 0;
    test_assert_status(context, segent_image_load(context, path, &options, &image),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(context, segent_image_load(context, NULL, NULL, &image),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(context, segent_image_load(context, path, NULL, NULL),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(context, segent_image_load_memory(context, NULL, 3, NULL, &image),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(segent_image_load(NULL, path, NULL, &image), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_null(image);
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_pillow),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_options_refused),
    };
    return cmocka_run_group_tests_name("image: decode", tests, NULL, NULL);
}
