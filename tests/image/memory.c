/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Each allocation fails in turn: an error, no leak, and outputs untouched. */

#include "support.h"

#include <string.h>

/* Does one thing with a context that may run out of memory. */
typedef segent_status (*action)(segent_context *context);

static segent_status load(segent_context *context, const char *name,
                          const segent_image_options *options)
{
    segent_image *image = NULL;
    const segent_status status = segent_image_load(context, test_data(name), options, &image);
    assert_int_equal(image != NULL, status == SEGENT_OK);
    segent_image_destroy(image);
    return status;
}

static segent_status load_png(segent_context *context)
{
    segent_image_options options = segent_image_options_init();
    options.background = SEGENT_BACKGROUND_BLACK;
    return load(context, "image/rgba16i.png", &options);
}

/* Its orientation would be lost if libpng's own handling of a failure had its way. */
static segent_status load_turned_png(segent_context *context)
{
    return load(context, "image/exif8.png", NULL);
}

/* EXIF in a compressed text. */
static segent_status load_text(segent_context *context)
{
    return load(context, "image/turn-packed-after.png", NULL);
}

/* EXIF in two segments. */
static segent_status load_joined(segent_context *context)
{
    return load(context, "image/turn-in-two.jpg", NULL);
}

static segent_status load_cmyk(segent_context *context)
{
    return load(context, "image/cmyk.jpg", NULL);
}

static segent_status load_turned_jpeg(segent_context *context)
{
    return load(context, "image/exif7-II.jpg", NULL);
}

static segent_status resize(segent_context *context)
{
    static const uint8_t pixels[9 * 7 * 3];
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_RGB, 7, 9);
    segent_image *image = NULL, *resized = NULL;
    segent_status status = segent_image_from_pixels(context, &view, &image);
    const int32_t sizes[4][2] = {{9, 7}, {4, 7}, {9, 3}, {20, 20}};
    for (int i = 0; i < 4 && status == SEGENT_OK; i++) {
        resized = NULL;
        status = segent_image_resize(context, image, sizes[i][0], sizes[i][1], &resized);
        assert_int_equal(resized != NULL, status == SEGENT_OK);
        segent_image_destroy(resized);
    }
    segent_image_destroy(image);
    return status;
}

/* A picture of noise, so that the encoder's buffer has to grow. */
static segent_status make_noise(segent_context *context, segent_image **image)
{
    static uint8_t pixels[200 * 200 * 3];
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_RGB, 200, 200);
    uint64_t seed = 1;
    for (size_t i = 0; i < sizeof(pixels); i++)
        pixels[i] = (uint8_t)test_random(&seed);
    return segent_image_from_pixels(context, &view, image);
}

static segent_status save_image(segent_context *context)
{
    segent_image *image = NULL;
    segent_status status = make_noise(context, &image);
    if (status == SEGENT_OK)
        status = segent_image_save_png(context, image, test_temporary("image.png"));
    segent_image_destroy(image);
    return status;
}

static segent_status encode_image(segent_context *context)
{
    segent_image *image = NULL;
    segent_buffer *png = NULL;
    segent_status status = make_noise(context, &image);
    if (status == SEGENT_OK)
        status = segent_image_encode_png(context, image, &png);
    assert_int_equal(png != NULL, status == SEGENT_OK);
    segent_buffer_destroy(png);
    segent_image_destroy(image);
    return status;
}

static const uint8_t four[4] = {1, 2, 3, 4};

static segent_status save_labels(segent_context *context)
{
    const segent_label_view labels = segent_label_map(four, SEGENT_LABEL_U8, 2, 2);
    return segent_labels_save_png(context, &labels, NULL, 0, test_temporary("labels.png"));
}

static segent_status encode_labels(segent_context *context)
{
    const segent_label_view labels = segent_label_map(four, SEGENT_LABEL_U8, 2, 2);
    segent_buffer *png = NULL;
    const segent_status status = segent_labels_encode_png(context, &labels, NULL, 0, &png);
    assert_int_equal(png != NULL, status == SEGENT_OK);
    segent_buffer_destroy(png);
    return status;
}

static segent_status load_labels(segent_context *context)
{
    segent_labels *labels = NULL;
    const segent_status status =
        segent_labels_load_png(context, test_data("image/grey16i.png"), NULL, &labels);
    assert_int_equal(labels != NULL, status == SEGENT_OK);
    segent_labels_destroy(labels);
    return status;
}

/* Runs the action with the k-th allocation failing; false when there was none. */
static bool fail_at(int64_t k, action run)
{
    test_allocator memory = {.fail_at = k};
    const segent_options options = test_allocator_options(&memory);
    segent_context *context = NULL;
    if (segent_context_create(&options, &context) == SEGENT_OK) {
        const segent_status status = run(context);
        test_check_status(context, status,
                          memory.calls >= k ? SEGENT_ERROR_OUT_OF_MEMORY : SEGENT_OK, "action",
                          __FILE__, __LINE__);
        if (status != SEGENT_OK)
            test_assert_error_contains(context, "out of memory");
        segent_context_destroy(context);
    }
    assert_int_equal(memory.live, 0);
    return memory.calls >= k;
}

static void test_every_allocation(void **state)
{
    (void)state;
    const action actions[] = {load_png,     load_turned_png,  load_text,     load_joined,
                              load_cmyk,    load_turned_jpeg, resize,        save_image,
                              encode_image, save_labels,      encode_labels, load_labels};
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        int64_t k = 1;
        while (fail_at(k, actions[i]))
            k++;
        /* The context's own and at least one of the action's. */
        assert_in_range(k, 4, 200);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation)};
    return cmocka_run_group_tests_name("image: memory", tests, NULL, NULL);
}
