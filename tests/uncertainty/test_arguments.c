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

/* One of each, dense. */
static const segent_tensor_view logits = {values, C, H, W, 0, 0, 0};
static const segent_tensor_view probabilities = {other, C, H, W, 0, 0, 0};
static const segent_map_view map = {values, H, W, 0, 0}, other_map = {other, H, W, 0, 0};
static const segent_label_view ids = {labels, H, W, 0, 0, SEGENT_LABEL_U8, 0};
static const segent_pixel_view pixels = {rgb, H, W, 0, SEGENT_PIXEL_RGB, 0};

/* Without data. */
static const segent_tensor_view no_tensor = {NULL, C, H, W, 0, 0, 0};
static const segent_map_view no_map = {NULL, H, W, 0, 0};
static const segent_label_view no_ids = {NULL, H, W, 0, 0, SEGENT_LABEL_U8, 0};
static const segent_pixel_view no_pixels = {NULL, H, W, 0, SEGENT_PIXEL_RGB, 0};

#define INVALID(call, text)                                                 \
    do {                                                                    \
        test_assert_status(context, (call), SEGENT_ERROR_INVALID_ARGUMENT); \
        test_assert_error_contains(context, (text));                        \
    } while (0)

/* SEGENT_ERROR_UNSUPPORTED, as whatever this version does not know is. */
#define UNKNOWN(call, text)                                            \
    do {                                                               \
        test_assert_status(context, (call), SEGENT_ERROR_UNSUPPORTED); \
        test_assert_error_contains(context, (text));                   \
    } while (0)

static void no_context(void **state)
{
    (void)state;
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    segent_entropy_summary summary = segent_entropy_summary_init();
    segent_class_statistics figures[C];
    const segent_status wrong = SEGENT_ERROR_INVALID_ARGUMENT;
    assert_int_equal(segent_softmax(NULL, &logits, &probabilities), wrong);
    assert_int_equal(segent_entropy_map(NULL, &logits, NULL, &other_map), wrong);
    assert_int_equal(segent_argmax(NULL, &logits, &ids), wrong);
    assert_int_equal(segent_uncertainty_from_logits(NULL, &logits, NULL, &maps, NULL), wrong);
    assert_int_equal(segent_image_entropy(NULL, &map, NULL, &summary), wrong);
    assert_int_equal(segent_statistics_per_class(NULL, &ids, NULL, figures, C), wrong);
    assert_int_equal(segent_palette_decode(NULL, &ids, NULL, 0, &pixels), wrong);
    assert_int_equal(segent_colormap_apply(NULL, &map, SEGENT_COLORMAP_JET, 0, 1, &pixels), wrong);
    assert_string_equal(segent_last_error(NULL), "the context is NULL");
}

/* No view at all, and one without data, are the same mistake. */
static void null_buffers(void **state)
{
    segent_context *context = *state;
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    segent_entropy_summary summary = segent_entropy_summary_init();
    segent_class_statistics figures[C];
    const segent_colormap jet = SEGENT_COLORMAP_JET;
    for (int i = 0; i < 2; i++) {
        const segent_tensor_view *tensor = i ? &no_tensor : NULL;
        const segent_map_view *plane = i ? &no_map : NULL;
        const segent_label_view *class_ids = i ? &no_ids : NULL;
        const segent_pixel_view *picture = i ? &no_pixels : NULL;
        INVALID(segent_softmax(context, tensor, &probabilities),
                "segent_softmax: the logits have no data (NULL)");
        INVALID(segent_softmax(context, &logits, tensor), "the probabilities have no data (NULL)");
        INVALID(segent_entropy_map(context, tensor, NULL, &other_map),
                "segent_entropy_map: the values have no data (NULL)");
        INVALID(segent_entropy_map(context, &logits, NULL, plane),
                "the values of the entropy map have no data (NULL)");
        INVALID(segent_argmax(context, tensor, &ids), "the values have no data (NULL)");
        INVALID(segent_argmax(context, &logits, class_ids), "the labels have no data (NULL)");
        INVALID(segent_uncertainty_from_logits(context, tensor, NULL, &maps, NULL),
                "the logits have no data (NULL)");
        INVALID(segent_image_entropy(context, plane, NULL, &summary),
                "the values of the entropy map have no data (NULL)");
        INVALID(segent_statistics_per_class(context, class_ids, NULL, figures, C),
                "the labels have no data (NULL)");
        INVALID(segent_palette_decode(context, class_ids, NULL, 0, &pixels),
                "the labels have no data (NULL)");
        INVALID(segent_palette_decode(context, &ids, NULL, 0, picture),
                "the pixels have no data (NULL)");
        INVALID(segent_colormap_apply(context, plane, jet, 0, 1, &pixels),
                "the values have no data (NULL)");
        INVALID(segent_colormap_apply(context, &map, jet, 0, 1, picture),
                "the pixels have no data (NULL)");
    }
    INVALID(segent_uncertainty_from_logits(context, &logits, NULL, NULL, NULL), "maps is NULL");
    INVALID(segent_image_entropy(context, &map, NULL, NULL), "summary is NULL");
    INVALID(segent_statistics_per_class(context, &ids, NULL, NULL, C), "statistics is NULL");
    /* Where a view may be left out, one that is given must have data. */
    INVALID(segent_image_entropy(context, &map, &no_ids, &summary),
            "the values of the ignore mask have no data (NULL)");
    INVALID(segent_statistics_per_class(context, &ids, &no_map, figures, C),
            "the values of the entropy map have no data (NULL)");
}

/* Views that do not go together. (tests/base/views_test.c has those that are wrong by themselves.)
 */
static void views_of_different_sizes(void **state)
{
    segent_context *context = *state;
    segent_entropy_summary summary = segent_entropy_summary_init();
    segent_class_statistics figures[C];
    const segent_tensor_view wider = {other, C, H - 1, W + 1, 0, 0, 0};
    const segent_tensor_view fewer = {other, C - 1, H, W, 0, 0, 0};
    const segent_tensor_view last = segent_tensor_hwc(values, H, W, C);
    const segent_map_view lower = {other, H - 1, W, 0, 0};
    const segent_label_view narrow = {labels, H, W - 1, 0, 0, SEGENT_LABEL_U8, 0};
    const segent_pixel_view small = {rgb, H - 1, W, 0, SEGENT_PIXEL_RGB, 0};
    INVALID(segent_softmax(context, &logits, &wider),
            "the probabilities are 3 x 6 (height x width), where 4 x 5 are meant");
    INVALID(segent_softmax(context, &logits, &fewer),
            "logits of 3 channels, but probabilities of 2");
    INVALID(segent_softmax(context, &logits, &last), "differ in their strides");
    INVALID(segent_entropy_map(context, &logits, NULL, &lower),
            "the values of the entropy map are 3 x 5 (height x width), where 4 x 5 are meant");
    INVALID(segent_argmax(context, &logits, &narrow), "the labels are 4 x 4");
    INVALID(segent_image_entropy(context, &map, &narrow, &summary),
            "the values of the ignore mask are 4 x 4 (height x width), where 4 x 5 are meant");
    INVALID(segent_statistics_per_class(context, &ids, &lower, figures, C),
            "the values of the entropy map are 3 x 5");
    INVALID(segent_palette_decode(context, &ids, NULL, 0, &small), "the pixels are 3 x 5");
    INVALID(segent_colormap_apply(context, &map, SEGENT_COLORMAP_JET, 0, 1, &small),
            "the pixels are 3 x 5");
}

static void entropy_options(void **state)
{
    segent_context *context = *state;
    const segent_entropy_options defaults = segent_entropy_options_init();
    segent_entropy_options options = defaults;
#define CALL segent_entropy_map(context, &logits, &options, &other_map)
    options.struct_size = 0;
    INVALID(CALL, "segent_entropy_options: struct_size is not set");
    options = defaults;
    options.source = 2;
    INVALID(CALL, "unknown source 2");
    options = defaults;
    options.unit = -1;
    INVALID(CALL, "unknown unit -1");
    static const float temperatures[] = {-1.0f, NAN, INFINITY};
    for (int i = 0; i < 3; i++) {
        options = defaults;
        options.temperature = temperatures[i];
        INVALID(CALL, "it must be finite and at least 0");
    }
    options = defaults;
    options.source = SEGENT_SOURCE_PROBABILITIES;
    options.temperature = 2.0f;
    INVALID(CALL, "probabilities take no temperature");
    options.temperature = 1.0f;
    options.tolerance = NAN;
    INVALID(CALL, "a tolerance of nan");
    options = defaults;
    options.reserved_word = 1;
    UNKNOWN(CALL, "segent_entropy_options: sets a member that this library");
    options = defaults;
    options.reserved[3] = 1;
    UNKNOWN(CALL, "segent_entropy_options: sets a member that this library");
#undef CALL
}

/* A zero stands for the default: temperature 1, tolerance 1e-3. */
static void zeros_are_defaults(void **state)
{
    segent_context *context = *state;
    float zero[H * W], one[H * W];
    const segent_map_view zero_map = segent_map(zero, H, W), one_map = segent_map(one, H, W);
    segent_entropy_options options = segent_entropy_options_init();
    float *random = random_values(6, C * H * W, -3.0f, 3.0f);
    const segent_tensor_view view = segent_tensor_chw(random, C, H, W);
    assert_true(options.temperature == 0.0f && options.tolerance == 0.0f);
    test_assert_ok(context, segent_entropy_map(context, &view, &options, &zero_map));
    options.temperature = 1.0f;
    test_assert_ok(context, segent_entropy_map(context, &view, &options, &one_map));
    assert_memory_equal(zero, one, sizeof(zero));
    test_assert_ok(context, segent_entropy_map(context, &view, NULL, &one_map));
    assert_memory_equal(zero, one, sizeof(zero));
    free(random);

    options = segent_entropy_options_init();
    options.source = SEGENT_SOURCE_PROBABILITIES;
    options.strict = 1;
    for (int i = 0; i < C * H * W; i++)
        other[i] = i < H * W ? 0.5f : 0.25075f; /* sums of 1.0015 */
    test_assert_status(context, segent_entropy_map(context, &probabilities, &options, &zero_map),
                       SEGENT_ERROR_NOT_PROBABILITY);
    options.tolerance = 2e-3f;
    test_assert_ok(context, segent_entropy_map(context, &probabilities, &options, &zero_map));
    for (int i = H * W; i < C * H * W; i++)
        other[i] = 0.25025f; /* of 1.0005 */
    options.tolerance = 0.0f;
    test_assert_ok(context, segent_entropy_map(context, &probabilities, &options, &zero_map));
}

static void head_options(void **state)
{
    segent_context *context = *state;
    segent_uncertainty_options options = segent_uncertainty_options_init();
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    const segent_tensor_view many = {values, 257, 1, 1, 0, 0, 0};
#define CALL segent_uncertainty_from_logits(context, &logits, &options, &maps, NULL)
    INVALID(CALL, "segent_uncertainty_from_logits: a size of 0 x 0");
    maps.height = H, maps.width = W;
    options.unit = 3;
    INVALID(CALL, "unknown unit 3");
    options.unit = SEGENT_UNIT_NATS;
    options.temperature = -1.0f;
    INVALID(CALL, "a temperature of -1");
    options.struct_size = 1;
    INVALID(CALL, "segent_uncertainty_options: struct_size is not set");
    options = segent_uncertainty_options_init();
    options.reserved[0] = 1;
    UNKNOWN(CALL, "segent_uncertainty_options: sets a member that this library");
    options = segent_uncertainty_options_init();
    maps.struct_size = 0;
    INVALID(CALL, "segent_uncertainty_maps: struct_size is not set");
    maps.struct_size = sizeof(maps);
    maps.reserved[1] = 1;
    UNKNOWN(CALL, "segent_uncertainty_maps: sets a member that this library");
    maps.reserved[1] = 0;
    maps.labels.data = labels;
    maps.labels.type = 2;
    INVALID(CALL, "unknown label type 2");
    maps.labels.type = SEGENT_LABEL_U8;
    maps.labels.column_stride = 1;
    INVALID(CALL, "the labels have a stride of 0");
    maps.labels.column_stride = 0;
    maps.labels.reserved = 1;
    UNKNOWN(CALL, "a reserved member of the labels is not 0");
    maps.labels.reserved = 0;
    maps.margin.data = other;
    maps.margin.row_stride = INT64_MIN;
    maps.margin.column_stride = 1;
    INVALID(CALL, "the margins have strides whose offsets do not fit in memory");
    maps.margin.row_stride = maps.margin.column_stride = 0;
    maps.margin.width = W + 1;
    INVALID(CALL, "the margins are 4 x 6 (height x width), where 4 x 5 are meant");
    maps.margin.width = 0;
    segent_entropy_summary summary = {0};
    INVALID(segent_uncertainty_from_logits(context, &logits, &options, &maps, &summary),
            "segent_entropy_summary: struct_size is not set");
    INVALID(segent_uncertainty_from_logits(context, &many, &options, &maps, NULL),
            "257 classes do not fit in SEGENT_LABEL_U8");
    maps.labels.data = NULL;
    maps.logits.data = other;
    maps.logits.channels = C + 1;
    INVALID(CALL, "the logits of full size have 4 channels, but there are 3 classes");
    maps.logits.channels = 0;
    maps.height = INT64_MAX / 32, maps.width = 1, maps.margin.data = NULL;
    INVALID(CALL, "logits of full size have strides whose offsets do not fit");
#undef CALL
}

static void sums_and_colors(void **state)
{
    segent_context *context = *state;
    segent_class_statistics figures[C];
    segent_entropy_summary summary = segent_entropy_summary_init();
    const segent_colormap jet = SEGENT_COLORMAP_JET;
    const segent_pixel_view grey = {rgb, H, W, 0, SEGENT_PIXEL_GREY, 0};
    summary.struct_size = 0;
    INVALID(segent_image_entropy(context, &map, NULL, &summary),
            "segent_entropy_summary: struct_size is not set");
    INVALID(segent_statistics_per_class(context, &ids, NULL, figures, 0),
            "0 classes; there must be at least 1");
    INVALID(segent_palette_decode(context, &ids, rgb, 0, &pixels), "a palette of 0 entries");
    INVALID(segent_palette_decode(context, &ids, NULL, 0, &grey),
            "colours cannot be written to grey pixels");
    INVALID(segent_colormap_apply(context, &map, jet, 0, 1, &grey),
            "colours cannot be written to grey pixels");
    INVALID(segent_colormap_apply(context, &map, 2, 0, 1, &pixels), "unknown colour map 2");
    INVALID(segent_colormap_apply(context, &map, jet, 1, 0, &pixels), "a range of 1 to 0");
    INVALID(segent_colormap_apply(context, &map, jet, NAN, 0, &pixels), "both must be finite");
}

/* Every function that allocates, in turn. */
static segent_status call(segent_context *context, int which)
{
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    segent_entropy_summary summary = segent_entropy_summary_init();
    segent_class_statistics figures[C];
    maps.height = H;
    maps.width = W;
    maps.labels = ids;
    switch (which) {
    case 0:
        return segent_softmax(context, &logits, &probabilities);
    case 1:
        return segent_entropy_map(context, &logits, NULL, &other_map);
    case 2:
        return segent_argmax(context, &logits, &ids);
    case 3:
        return segent_uncertainty_from_logits(context, &logits, NULL, &maps, &summary);
    case 4:
        return segent_image_entropy(context, &map, NULL, &summary);
    case 5:
        return segent_statistics_per_class(context, &ids, NULL, figures, C);
    case 6:
        return segent_palette_decode(context, &ids, NULL, 0, &pixels);
    default:
        return segent_colormap_apply(context, &map, SEGENT_COLORMAP_JET, 0, 1, &pixels);
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
        cmocka_unit_test(no_context),
        cmocka_unit_test(null_buffers),
        cmocka_unit_test(views_of_different_sizes),
        cmocka_unit_test(entropy_options),
        cmocka_unit_test(zeros_are_defaults),
        cmocka_unit_test(head_options),
        cmocka_unit_test(sums_and_colors),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
