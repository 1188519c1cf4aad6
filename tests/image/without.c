/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Builds that leave a format out say so. */

#include "support.h"

static void test_png(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_image *image = NULL;
    segent_status status = segent_image_load(context, test_data("image/rgb8.png"), NULL, &image);
    assert_int_equal(status, SG_PNG ? SEGENT_OK : SEGENT_ERROR_UNSUPPORTED);
    if (!SG_PNG)
        test_assert_error_contains(context, "without PNG");
    segent_image_destroy(image);
    segent_context_destroy(context);
}

static void test_png_out(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const uint8_t label = 0;
    const segent_label_view labels = segent_label_map(&label, SEGENT_LABEL_U8, 1, 1);
    segent_buffer *png = NULL;
    segent_status status =
        segent_labels_save_png(context, &labels, NULL, 0, test_temporary("labels.png"));
    assert_int_equal(status, SG_PNG ? SEGENT_OK : SEGENT_ERROR_UNSUPPORTED);
    if (!SG_PNG)
        test_assert_error_contains(context, "labels.png: this build of libsegent is without PNG");
    status = segent_labels_encode_png(context, &labels, NULL, 0, &png);
    assert_int_equal(status, SG_PNG ? SEGENT_OK : SEGENT_ERROR_UNSUPPORTED);
    if (!SG_PNG)
        test_assert_error_contains(context, "memory: this build of libsegent is without PNG");
    assert_int_equal(png != NULL, status == SEGENT_OK);
    segent_buffer_destroy(png);
    segent_context_destroy(context);
}

static void test_features(void **state)
{
    (void)state;
    assert_int_equal(segent_supports("png"), SG_PNG);
    assert_int_equal(segent_supports("jpeg"), SG_JPEG);
}

static void test_jpeg(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_image *image = NULL;
    segent_status status = segent_image_load(context, test_data("image/grey.jpg"), NULL, &image);
    assert_int_equal(status, SG_JPEG ? SEGENT_OK : SEGENT_ERROR_UNSUPPORTED);
    if (!SG_JPEG)
        test_assert_error_contains(context, "without JPEG");
    segent_image_destroy(image);
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_png),
        cmocka_unit_test(test_png_out),
        cmocka_unit_test(test_jpeg),
        cmocka_unit_test(test_features),
    };
    return cmocka_run_group_tests_name("image: formats left out", tests, NULL, NULL);
}
