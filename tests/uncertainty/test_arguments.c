/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Wrong arguments, each with its sentence; memory that runs out at every allocation. */

#include "truth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { C = 3, H = 4, W = 5 };

static float values[C * H * W], other[C * H * W];
static uint8_t labels[H * W], rgb[3 * H * W];

#define INVALID(call, text)                                                 \
    do {                                                                    \
        test_assert_status(context, (call), SEGENT_ERROR_INVALID_ARGUMENT); \
        test_assert_error_contains(context, (text));                        \
    } while (0)

static void no_context(void **state)
{
    (void)state;
    const segent_layout layout = segent_layout_chw(C, H, W);
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    segent_entropy_summary summary = segent_entropy_summary_init();
    segent_class_statistics figures[C];
    const segent_status wrong = SEGENT_ERROR_INVALID_ARGUMENT;
    assert_int_equal(segent_softmax(NULL, values, &layout, other, NULL), wrong);
    assert_int_equal(segent_entropy_map(NULL, values, &layout, NULL, other, NULL), wrong);
    assert_int_equal(segent_argmax(NULL, values, &layout, labels, SEGENT_LABEL_U8, NULL), wrong);
    assert_int_equal(segent_uncertainty_from_logits(NULL, values, &layout, NULL, &maps, NULL),
                     wrong);
    assert_int_equal(segent_image_entropy(NULL, values, H, W, NULL, NULL, NULL, &summary), wrong);
    assert_int_equal(segent_statistics_per_class(NULL, labels, SEGENT_LABEL_U8, NULL, NULL, NULL, H,
                                                 W, C, figures),
                     wrong);
    assert_int_equal(
        segent_palette_decode(NULL, labels, SEGENT_LABEL_U8, NULL, H, W, NULL, 0, rgb, 0), wrong);
    assert_int_equal(
        segent_colormap_apply(NULL, values, H, W, NULL, SEGENT_COLORMAP_JET, 0, 1, rgb, 0), wrong);
}

static void null_buffers(void **state)
{
    segent_context *context = *state;
    const segent_layout layout = segent_layout_chw(C, H, W);
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    segent_entropy_summary summary = segent_entropy_summary_init();
    segent_class_statistics figures[C];
    INVALID(segent_softmax(context, NULL, &layout, other, NULL), "segent_softmax: logits is NULL");
    INVALID(segent_softmax(context, values, &layout, NULL, NULL), "probabilities is NULL");
    INVALID(segent_softmax(context, values, NULL, other, NULL), "layout of the logits is NULL");
    INVALID(segent_entropy_map(context, NULL, &layout, NULL, other, NULL), "values is NULL");
    INVALID(segent_entropy_map(context, values, &layout, NULL, NULL, NULL), "entropy is NULL");
    INVALID(segent_argmax(context, NULL, &layout, labels, SEGENT_LABEL_U8, NULL), "values is NULL");
    INVALID(segent_argmax(context, values, &layout, NULL, SEGENT_LABEL_U8, NULL), "labels is NULL");
    INVALID(segent_uncertainty_from_logits(context, NULL, &layout, NULL, &maps, NULL),
            "logits is NULL");
    INVALID(segent_uncertainty_from_logits(context, values, &layout, NULL, NULL, NULL),
            "maps is NULL");
    INVALID(segent_image_entropy(context, NULL, H, W, NULL, NULL, NULL, &summary),
            "entropy is NULL");
    INVALID(segent_image_entropy(context, values, H, W, NULL, NULL, NULL, NULL), "summary is NULL");
    INVALID(segent_statistics_per_class(context, NULL, SEGENT_LABEL_U8, NULL, NULL, NULL, H, W, C,
                                        figures),
            "labels is NULL");
    INVALID(segent_statistics_per_class(context, labels, SEGENT_LABEL_U8, NULL, NULL, NULL, H, W, C,
                                        NULL),
            "statistics is NULL");
    INVALID(segent_palette_decode(context, NULL, SEGENT_LABEL_U8, NULL, H, W, NULL, 0, rgb, 0),
            "labels is NULL");
    INVALID(segent_palette_decode(context, labels, SEGENT_LABEL_U8, NULL, H, W, NULL, 0, NULL, 0),
            "rgb is NULL");
    INVALID(segent_colormap_apply(context, NULL, H, W, NULL, SEGENT_COLORMAP_JET, 0, 1, rgb, 0),
            "values is NULL");
    INVALID(segent_colormap_apply(context, values, H, W, NULL, SEGENT_COLORMAP_JET, 0, 1, NULL, 0),
            "rgb is NULL");
}

static void layouts(void **state)
{
    segent_context *context = *state;
    const struct {
        segent_layout layout;
        const char *text;
    } wrong[] = {
        {{0, H, W, 1, 1, 1}, "have 0 classes; there must be 1 to"},
        {{INT64_MAX, H, W, 1, 1, 1}, "9223372036854775807 classes"},
        {{C, 0, W, 1, 1, 1}, "a size of 0 x 5 (height x width); both must be at least 1"},
        {{C, H, -1, 1, 1, 1}, "a size of 4 x -1"},
        {{C, INT64_MAX, INT64_MAX, 1, 0, 0}, "is too large"},
        {{C, H, W, INT64_MAX / 2, 1, 1}, "strides whose offsets do not fit in memory"},
        {{C, H, W, 1, INT64_MIN, 1}, "strides whose offsets do not fit in memory"},
        {{C, H, W, 1, 1, INT64_MAX / 8}, "strides whose offsets do not fit in memory"},
    };
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = maps.width = 1;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        const segent_layout *layout = &wrong[i].layout;
        INVALID(segent_softmax(context, values, layout, other, NULL), wrong[i].text);
        INVALID(segent_entropy_map(context, values, layout, NULL, other, NULL), wrong[i].text);
        INVALID(segent_argmax(context, values, layout, labels, SEGENT_LABEL_U8, NULL),
                wrong[i].text);
        INVALID(segent_uncertainty_from_logits(context, values, layout, NULL, &maps, NULL),
                wrong[i].text);
    }
    const segent_layout good = segent_layout_chw(C, H, W), hwc = segent_layout_hwc(C, H, W);
    const segent_layout larger = segent_layout_chw(C, H, W + 1), flat = {C, H, W, 1, 0, C};
    INVALID(segent_softmax(context, values, &good, other, &larger), "differ in their sizes");
    INVALID(segent_softmax(context, values, &good, values, &hwc), "differ in their strides");
    INVALID(segent_softmax(context, values, &good, other, &flat),
            "the probabilities have a stride of 0");
    INVALID(segent_entropy_map(context, values, &good, NULL, other, &(segent_plane){0, 1}),
            "the values of the entropy map have a stride of 0");
    INVALID(segent_entropy_map(context, values, &good, NULL, other, &(segent_plane){INT64_MAX, 1}),
            "strides whose offsets do not fit in memory");
    INVALID(segent_argmax(context, values, &good, labels, SEGENT_LABEL_U8, &(segent_plane){1, 0}),
            "the labels have a stride of 0");
    INVALID(segent_argmax(context, values, &good, labels, 3, NULL), "unknown label type 3");
    /* A stride of 0 is fine for an input: the same values everywhere. */
    test_assert_ok(context, segent_softmax(context, values, &flat, other, &good));
}

static void entropy_options(void **state)
{
    segent_context *context = *state;
    const segent_layout layout = segent_layout_chw(C, H, W);
    const segent_entropy_options defaults = segent_entropy_options_init();
    segent_entropy_options options = defaults;
#define CALL segent_entropy_map(context, values, &layout, &options, other, NULL)
    options.struct_size = 0;
    INVALID(CALL, "segent_entropy_options: struct_size is not set");
    options = defaults;
    options.source = 2;
    INVALID(CALL, "unknown source 2");
    options = defaults;
    options.unit = -1;
    INVALID(CALL, "unknown unit -1");
    static const float temperatures[] = {0.0f, -1.0f, NAN, INFINITY};
    for (int i = 0; i < 4; i++) {
        options = defaults;
        options.temperature = temperatures[i];
        INVALID(CALL, "it must be finite and above 0");
    }
    options = defaults;
    options.source = SEGENT_SOURCE_PROBABILITIES;
    options.temperature = 2.0f;
    INVALID(CALL, "probabilities take no temperature");
    options.temperature = 1.0f;
    options.tolerance = NAN;
    INVALID(CALL, "a tolerance of nan");
#undef CALL
}

static void head_options(void **state)
{
    segent_context *context = *state;
    const segent_layout layout = segent_layout_chw(C, H, W), many = segent_layout_chw(257, 1, 1);
    segent_uncertainty_options options = segent_uncertainty_options_init();
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
#define CALL segent_uncertainty_from_logits(context, values, &layout, &options, &maps, NULL)
    INVALID(CALL, "segent_uncertainty_from_logits: a size of 0 x 0");
    maps.height = H, maps.width = W;
    options.unit = 3;
    INVALID(CALL, "unknown unit 3");
    options.unit = SEGENT_UNIT_NATS;
    options.temperature = 0.0f;
    INVALID(CALL, "a temperature of 0");
    options.struct_size = 1;
    INVALID(CALL, "segent_uncertainty_options: struct_size is not set");
    options = segent_uncertainty_options_init();
    maps.struct_size = 0;
    INVALID(CALL, "segent_uncertainty_maps: struct_size is not set");
    maps.struct_size = sizeof(maps);
    maps.labels = labels;
    maps.label_type = 0;
    INVALID(CALL, "unknown label type 0");
    maps.label_type = SEGENT_LABEL_U8;
    maps.labels_plane = (segent_plane){0, 1};
    INVALID(CALL, "the labels have a stride of 0");
    maps.labels_plane = (segent_plane){0, 0};
    maps.margin = other;
    maps.margin_plane = (segent_plane){INT64_MIN, 1};
    INVALID(CALL, "the margins have strides whose offsets do not fit in memory");
    maps.margin_plane = (segent_plane){0, 0};
    segent_entropy_summary summary = {0};
    INVALID(segent_uncertainty_from_logits(context, values, &layout, &options, &maps, &summary),
            "segent_entropy_summary: struct_size is not set");
    INVALID(segent_uncertainty_from_logits(context, values, &many, &options, &maps, NULL),
            "257 classes do not fit in SEGENT_LABEL_U8");
    maps.labels = NULL;
    maps.logits = other;
    maps.height = INT64_MAX / 32, maps.width = 1, maps.margin = NULL;
    INVALID(CALL, "logits or probabilities of full size have strides whose offsets do not fit");
#undef CALL
}

static void sums_and_colors(void **state)
{
    segent_context *context = *state;
    segent_class_statistics figures[C];
    segent_entropy_summary summary = segent_entropy_summary_init();
    const segent_plane wide = {INT64_MAX, INT64_MAX};
    INVALID(segent_image_entropy(context, values, 0, W, NULL, NULL, NULL, &summary),
            "a size of 0 x 5");
    INVALID(segent_image_entropy(context, values, H, W, &wide, NULL, NULL, &summary),
            "values of the entropy map have strides");
    INVALID(segent_image_entropy(context, values, H, W, NULL, labels, &wide, &summary),
            "values of the ignore mask have strides");
    summary.struct_size = 0;
    INVALID(segent_image_entropy(context, values, H, W, NULL, NULL, NULL, &summary),
            "segent_entropy_summary: struct_size is not set");
    INVALID(segent_statistics_per_class(context, labels, 9, NULL, NULL, NULL, H, W, C, figures),
            "unknown label type 9");
    INVALID(segent_statistics_per_class(context, labels, SEGENT_LABEL_U8, NULL, NULL, NULL, H, W, 0,
                                        figures),
            "0 classes; there must be at least 1");
    INVALID(segent_statistics_per_class(context, labels, SEGENT_LABEL_U8, NULL, NULL, NULL, H, 0, C,
                                        figures),
            "a size of 4 x 0");
    INVALID(segent_palette_decode(context, labels, 0, NULL, H, W, NULL, 0, rgb, 0),
            "unknown label type 0");
    INVALID(segent_palette_decode(context, labels, SEGENT_LABEL_U8, NULL, H, W, rgb, 0, rgb, 0),
            "a palette of 0 entries");
    INVALID(segent_palette_decode(context, labels, SEGENT_LABEL_U8, NULL, 0, W, NULL, 0, rgb, 0),
            "a size of 0 x 5");
    INVALID(segent_palette_decode(context, labels, SEGENT_LABEL_U8, NULL, H, W, NULL, 0, rgb, -14),
            "an rgb_stride of -14 bytes for rows of 15");
    INVALID(segent_palette_decode(context, labels, SEGENT_LABEL_U8, NULL, H, W, NULL, 0, rgb,
                                  INT64_MIN),
            "does not fit in memory");
    INVALID(segent_colormap_apply(context, values, H, W, NULL, 2, 0, 1, rgb, 0),
            "unknown colour map 2");
    INVALID(segent_colormap_apply(context, values, H, W, NULL, SEGENT_COLORMAP_JET, 1, 0, rgb, 0),
            "a range of 1 to 0");
    INVALID(segent_colormap_apply(context, values, H, W, NULL, SEGENT_COLORMAP_JET, NAN, 0, rgb, 0),
            "both must be finite");
    INVALID(segent_colormap_apply(context, values, H, W, &wide, SEGENT_COLORMAP_JET, 0, 1, rgb, 0),
            "the values have strides");
}

/* Every function that allocates, in turn. */
static segent_status call(segent_context *context, int which)
{
    const segent_layout layout = segent_layout_chw(C, H, W);
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    segent_entropy_summary summary = segent_entropy_summary_init();
    segent_class_statistics figures[C];
    maps.height = H;
    maps.width = W;
    maps.labels = labels;
    switch (which) {
    case 0:
        return segent_softmax(context, values, &layout, other, NULL);
    case 1:
        return segent_entropy_map(context, values, &layout, NULL, other, NULL);
    case 2:
        return segent_argmax(context, values, &layout, labels, SEGENT_LABEL_U8, NULL);
    case 3:
        return segent_uncertainty_from_logits(context, values, &layout, NULL, &maps, &summary);
    case 4:
        return segent_image_entropy(context, values, H, W, NULL, NULL, NULL, &summary);
    case 5:
        return segent_statistics_per_class(context, labels, SEGENT_LABEL_U8, NULL, NULL, NULL, H, W,
                                           C, figures);
    case 6:
        return segent_palette_decode(context, labels, SEGENT_LABEL_U8, NULL, H, W, NULL, 0, rgb, 0);
    default:
        return segent_colormap_apply(context, values, H, W, NULL, SEGENT_COLORMAP_JET, 0, 1, rgb,
                                     0);
    }
}

static void memory_runs_out(void **state)
{
    (void)state;
    for (int which = 0; which < 8; which++) {
        segent_status status = SEGENT_ERROR_OUT_OF_MEMORY;
        for (int64_t k = 1; status != SEGENT_OK; k++) {
            test_allocator memory = {0};
            segent_context *context = NULL;
            const segent_options options = test_allocator_options(&memory);
            assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
            memory.calls = 0;
            memory.fail_at = k;
            status = call(context, which);
            if (k == 1)
                assert_int_equal(status, SEGENT_ERROR_OUT_OF_MEMORY);
            if (status != SEGENT_OK) {
                assert_int_equal(status, SEGENT_ERROR_OUT_OF_MEMORY);
                test_assert_error_contains(context, "out of memory (");
            }
            segent_context_destroy(context);
            assert_int_equal(memory.live, 0);
            assert_true(k < 20);
        }
    }
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
        cmocka_unit_test(no_context),      cmocka_unit_test(null_buffers),
        cmocka_unit_test(layouts),         cmocka_unit_test(entropy_options),
        cmocka_unit_test(head_options),    cmocka_unit_test(sums_and_colors),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
