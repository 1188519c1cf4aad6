/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Inputs and outputs that cannot be run are refused with a sentence that names what is wrong. */

#include "into.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void refuse(const into_fixture *f, const segent_input *input,
                   const segent_run_options *options, const segent_uncertainty_maps *maps,
                   segent_status expected, const char *part)
{
    segent_entropy_summary summary = segent_entropy_summary_init(), before = summary;
    test_assert_status(f->context,
                       segent_run_into(f->context, f->model, input, options, maps, &summary),
                       expected);
    test_assert_error_contains(f->context, part);
    assert_memory_equal(&summary, &before, sizeof(summary));
}

static void test_input_refused(void **state)
{
    const segent_status invalid = SEGENT_ERROR_INVALID_ARGUMENT;
    into_fixture f = into_begin();
    const segent_run_options options = into_options(3, SEGENT_OUTPUT_NETWORK);
    segent_input input = segent_input_init(), none = input;
    into_outputs out = into_make_outputs(HEIGHT, WIDTH, CLASSES, SEGENT_LABEL_U8, false);
    segent_tensor_view tensor;
    float *room = into_make_normalised(f.image, PLANES, &tensor);
    const segent_pixel_view pixels = segent_pixels(f.rgb, SEGENT_PIXEL_RGB, HEIGHT, WIDTH);
    (void)state;
    refuse(&f, NULL, &options, &out.maps, invalid, "input is NULL");
    refuse(&f, &none, &options, &out.maps, invalid, "none is given");
    input.image = f.image;
    input.pixels = pixels;
    refuse(&f, &input, &options, &out.maps, invalid, "only one may be given");
    input.tensor = tensor;
    refuse(&f, &input, &options, &out.maps, invalid, "only one may be given");
    input.image = NULL;
    refuse(&f, &input, &options, &out.maps, invalid, "only one may be given");
    input = none;
    input.pixels = pixels;
    input.pixels.format = 5;
    refuse(&f, &input, &options, &out.maps, invalid, "unknown pixel format 5");
    input.pixels = pixels;
    input.pixels.row_stride = WIDTH * 3 - 1;
    refuse(&f, &input, &options, &out.maps, invalid, "stride of 224 bytes for rows of 225");
    input.pixels = pixels;
    input.pixels.height = 0;
    refuse(&f, &input, &options, &out.maps, invalid, "a size of 0 x 75");
    input.pixels = pixels;
    input.pixels.width = INT64_C(1) << 32;
    input.pixels.height = 1;
    refuse(&f, &input, &options, &out.maps, SEGENT_ERROR_LIMIT, "4294967296");
    input = none;
    input.struct_size = 0;
    refuse(&f, &input, &options, &out.maps, invalid, "segent_input: struct_size is not set");
    free(room);
    into_free_outputs(&out);
    into_end(&f);
}

static void test_tensor_refused(void **state)
{
    const segent_status invalid = SEGENT_ERROR_INVALID_ARGUMENT;
    static const float odd[] = {NAN, INFINITY, -INFINITY};
    into_fixture f = into_begin();
    const segent_run_options options = into_options(0, SEGENT_OUTPUT_NETWORK);
    segent_input input = segent_input_init();
    into_outputs out = into_make_outputs(HEIGHT, WIDTH, CLASSES, SEGENT_LABEL_U8, false);
    segent_tensor_view tensor;
    float *room = into_make_normalised(f.image, PLANES, &tensor);
    (void)state;
    for (int i = 0; i < 3; i++) {
        float *value = room + ((int64_t)i * HEIGHT + 30 + i) * WIDTH + 70;
        const float before = *value;
        char where[64];
        snprintf(where, sizeof(where), "not finite at (y, x) = (%d, 70)", 30 + i);
        input.tensor = tensor;
        *value = odd[i];
        refuse(&f, &input, &options, &out.maps, SEGENT_ERROR_NOT_FINITE, where);
        *value = before;
    }
    input.tensor.channels = 1;
    refuse(&f, &input, &options, &out.maps, invalid, "a tensor of 1 channels");
    input.tensor.channels = 4;
    refuse(&f, &input, &options, &out.maps, invalid, "a tensor of 4 channels");
    input.tensor = tensor;
    input.tensor.height = -1;
    refuse(&f, &input, &options, &out.maps, invalid, "a size of -1 x 75");
    input.tensor = tensor;
    segent_run_options sized = options;
    sized.size = HEIGHT;
    refuse(&f, &input, &sized, &out.maps, invalid, "a tensor is not resized");
    free(room);
    into_free_outputs(&out);
    into_end(&f);
}

static void test_outputs_refused(void **state)
{
    const segent_status invalid = SEGENT_ERROR_INVALID_ARGUMENT;
    into_fixture f = into_begin();
    const segent_run_options options = into_options(3, SEGENT_OUTPUT_NETWORK);
    segent_input input = segent_input_init();
    into_outputs out = into_make_outputs(HEIGHT, WIDTH, CLASSES, SEGENT_LABEL_U8, false);
    segent_uncertainty_maps maps = out.maps;
    (void)state;
    input.image = f.image;
    refuse(&f, &input, &options, NULL, invalid, "maps");
    maps.height = 0;
    refuse(&f, &input, &options, &maps, invalid, "0 x 75");
    maps = out.maps;
    maps.width = WIDTH + 1;
    refuse(&f, &input, &options, &maps, invalid, "53 x 75 are meant");
    maps = out.maps;
    maps.entropy.width = WIDTH - 1;
    refuse(&f, &input, &options, &maps, invalid, "53 x 74");
    maps = out.maps;
    maps.logits.channels = CLASSES + 1;
    refuse(&f, &input, &options, &maps, invalid, "6 channels");
    maps = out.maps;
    maps.labels.type = 7;
    refuse(&f, &input, &options, &maps, invalid, "unknown label type 7");
    maps = out.maps;
    maps.margin.row_stride = 0;
    maps.margin.column_stride = 1;
    refuse(&f, &input, &options, &maps, invalid, "written over each other");
    segent_run_options keeps = options;
    keeps.keep = SEGENT_KEEP_MARGIN;
    refuse(&f, &input, &keeps, &out.maps, invalid, "the views say what is kept");
    /* The size of the outputs is that at the network unless the picture's own is asked for. */
    segent_run_options smaller = into_options(1, SEGENT_OUTPUT_NETWORK);
    refuse(&f, &input, &smaller, &out.maps, invalid, "24 x 33 are meant");
    smaller.output_size = SEGENT_OUTPUT_ORIGINAL;
    test_assert_ok(f.context,
                   segent_run_into(f.context, f.model, &input, &smaller, &out.maps, NULL));
    assert_int_equal(segent_run_into(NULL, f.model, &input, NULL, &out.maps, NULL), invalid);
    assert_int_equal(segent_run_into(f.context, NULL, &input, NULL, &out.maps, NULL), invalid);
    into_free_outputs(&out);
    into_end(&f);
}

static void test_logits_refused(void **state)
{
    enum { LOW_HEIGHT = 7, LOW_WIDTH = 10 };
    static float room[CLASSES * LOW_HEIGHT * LOW_WIDTH];
    into_fixture f = into_begin();
    const segent_tensor_view right = segent_tensor_chw(room, CLASSES, LOW_HEIGHT, LOW_WIDTH);
    segent_input input = segent_input_init();
    const segent_run_options good = into_options(3, SEGENT_OUTPUT_NETWORK);
    segent_run_options bad[3] = {good, good, good};
    segent_tensor_view wrong[7] = {right, right, right, right, right, right, right};
    (void)state;
    input.image = f.image;
    test_assert_ok(f.context, segent_model_logits(f.context, f.model, &input, &good, &right));
    wrong[0].data = NULL;
    wrong[1].channels = CLASSES - 1;
    wrong[2].height = HEIGHT;
    wrong[3].width = LOW_WIDTH + 1;
    wrong[4].width = 0;
    wrong[5].row_stride = 0; /* rows would be written over each other */
    wrong[6].row_stride = LOW_WIDTH - 1;
    for (int i = 0; i < 7; i++) {
        test_assert_status(f.context,
                           segent_model_logits(f.context, f.model, &input, &good, &wrong[i]),
                           SEGENT_ERROR_INVALID_ARGUMENT);
        test_assert_error_contains(f.context, "segent_model_logits");
    }
    test_assert_status(f.context, segent_model_logits(f.context, f.model, &input, &good, NULL),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    bad[0].keep = SEGENT_KEEP_LOGITS;
    bad[1].temperature = 2.0f;
    bad[2].output_size = SEGENT_OUTPUT_ORIGINAL;
    for (int i = 0; i < 3; i++) {
        test_assert_status(f.context,
                           segent_model_logits(f.context, f.model, &input, &bad[i], &right),
                           SEGENT_ERROR_INVALID_ARGUMENT);
        test_assert_error_contains(f.context, "have no meaning here");
    }
    into_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_input_refused),
        cmocka_unit_test(test_tensor_refused),
        cmocka_unit_test(test_outputs_refused),
        cmocka_unit_test(test_logits_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
