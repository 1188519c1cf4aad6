/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* lib/base/layout.c, through every public function that takes a view: which strides, sizes, types
 * and formats are accepted and which are refused, whatever the view is for. Models and runs take
 * views as well; their tests (tests/run) hold that theirs are checked. */

#include "support.h"

#include <string.h>

enum { C = 3, H = 4, W = 5, ROOM = 4096 };
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Bound of offsets in elements: lib/base/layout.c. */
#define LIMIT (INT64_MAX / 16)

/* What views point into, at the middle, so that strides may be negative; and partners of theirs.
 * The values are probabilities and class ids alike: small, not negative and finite. */
static float values[ROOM], partner_values[ROOM];
static uint16_t ids[ROOM], partner_ids[ROOM];
static uint8_t bytes[ROOM], partner_bytes[ROOM];
static float *const middle = values + ROOM / 2;
static uint16_t *const middle_id = ids + ROOM / 2;
static uint8_t *const middle_byte = bytes + ROOM / 2;

/* ---- who takes views ---- */

/* A size for what goes with a view: the view's own, if that is one. */
static int64_t beside(int64_t size, int64_t most)
{
    return size < 1 ? 1 : size > most ? most : size;
}

static segent_map_view map_beside(int64_t height, int64_t width)
{
    return segent_map(partner_values, beside(height, H), beside(width, W));
}

static segent_label_view labels_beside(int64_t height, int64_t width)
{
    return segent_label_map(partner_ids, SEGENT_LABEL_U16, beside(height, H), beside(width, W));
}

static segent_pixel_view pixels_beside(int64_t height, int64_t width)
{
    return segent_pixels(partner_bytes, SEGENT_PIXEL_RGB, beside(height, H), beside(width, W));
}

static segent_tensor_view tensor_beside(int64_t channels, int64_t height, int64_t width)
{
    return segent_tensor_chw(partner_values, beside(channels, C), beside(height, H),
                             beside(width, W));
}

/* Maps of a view's size, all of which are to be filled in. */
static segent_uncertainty_maps maps_beside(int64_t height, int64_t width)
{
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = beside(height, H);
    maps.width = beside(width, W);
    return maps;
}

static segent_status interpolate(segent_context *context, int64_t channels,
                                 const segent_uncertainty_maps *maps)
{
    const segent_tensor_view logits = tensor_beside(channels, 2, 2);
    return segent_uncertainty_from_logits(context, &logits, NULL, maps, NULL);
}

/* Tensors that are read. */

static segent_status softmax_of(segent_context *context, const segent_tensor_view *view)
{
    const segent_tensor_view to = tensor_beside(view->channels, view->height, view->width);
    return segent_softmax(context, view, &to);
}

static segent_status entropy_of(segent_context *context, const segent_tensor_view *view)
{
    const segent_map_view to = map_beside(view->height, view->width);
    return segent_entropy_map(context, view, NULL, &to);
}

static segent_status argmax_of(segent_context *context, const segent_tensor_view *view)
{
    const segent_label_view to = labels_beside(view->height, view->width);
    return segent_argmax(context, view, &to);
}

static segent_status uncertainty_of(segent_context *context, const segent_tensor_view *view)
{
    segent_uncertainty_maps maps = maps_beside(2 * H, W);
    maps.entropy.data = partner_values;
    return segent_uncertainty_from_logits(context, view, NULL, &maps, NULL);
}

static segent_status save_tensor(segent_context *context, const segent_tensor_view *view)
{
    return segent_tensor_save_npy(context, view, test_temporary("tensor.npy"));
}

/* Tensors that are written to. */

static segent_status softmax_to(segent_context *context, const segent_tensor_view *view)
{
    const segent_tensor_view from = tensor_beside(view->channels, view->height, view->width);
    return segent_softmax(context, &from, view);
}

static segent_status logits_to(segent_context *context, const segent_tensor_view *view)
{
    segent_uncertainty_maps maps = maps_beside(view->height, view->width);
    maps.logits = *view;
    return interpolate(context, view->channels, &maps);
}

static segent_status probabilities_to(segent_context *context, const segent_tensor_view *view)
{
    segent_uncertainty_maps maps = maps_beside(view->height, view->width);
    maps.probabilities = *view;
    return interpolate(context, view->channels, &maps);
}

/* Maps that are read. */

static segent_status image_entropy_of(segent_context *context, const segent_map_view *view)
{
    segent_entropy_summary summary = segent_entropy_summary_init();
    return segent_image_entropy(context, view, NULL, &summary);
}

static segent_status statistics_of(segent_context *context, const segent_map_view *view)
{
    segent_class_statistics statistics[C];
    const segent_label_view labels = labels_beside(view->height, view->width);
    return segent_statistics_per_class(context, &labels, view, statistics, C);
}

static segent_status colors_of(segent_context *context, const segent_map_view *view)
{
    const segent_pixel_view to = pixels_beside(view->height, view->width);
    return segent_colormap_apply(context, view, SEGENT_COLORMAP_JET, 0.0f, 1.0f, &to);
}

static segent_status save_map(segent_context *context, const segent_map_view *view)
{
    return segent_map_save_npy(context, view, test_temporary("map.npy"));
}

/* Maps that are written to. */

static segent_status entropy_to(segent_context *context, const segent_map_view *view)
{
    const segent_tensor_view from = tensor_beside(C, view->height, view->width);
    return segent_entropy_map(context, &from, NULL, view);
}

static segent_status head_entropy_to(segent_context *context, const segent_map_view *view)
{
    segent_uncertainty_maps maps = maps_beside(view->height, view->width);
    maps.entropy = *view;
    return interpolate(context, C, &maps);
}

static segent_status top_probability_to(segent_context *context, const segent_map_view *view)
{
    segent_uncertainty_maps maps = maps_beside(view->height, view->width);
    maps.top_probability = *view;
    return interpolate(context, C, &maps);
}

static segent_status margin_to(segent_context *context, const segent_map_view *view)
{
    segent_uncertainty_maps maps = maps_beside(view->height, view->width);
    maps.margin = *view;
    return interpolate(context, C, &maps);
}

/* Class ids that are read. */

static segent_status ignoring(segent_context *context, const segent_label_view *view)
{
    segent_entropy_summary summary = segent_entropy_summary_init();
    const segent_map_view entropy = map_beside(view->height, view->width);
    return segent_image_entropy(context, &entropy, view, &summary);
}

static segent_status statistics_of_labels(segent_context *context, const segent_label_view *view)
{
    segent_class_statistics statistics[C];
    return segent_statistics_per_class(context, view, NULL, statistics, C);
}

static segent_status decode_of(segent_context *context, const segent_label_view *view)
{
    const segent_pixel_view to = pixels_beside(view->height, view->width);
    return segent_palette_decode(context, view, NULL, 0, &to);
}

static segent_status save_labels(segent_context *context, const segent_label_view *view)
{
    return segent_labels_save_png(context, view, NULL, 0, test_temporary("labels.png"));
}

static segent_status encode_labels(segent_context *context, const segent_label_view *view)
{
    segent_buffer *png = NULL;
    const segent_status status = segent_labels_encode_png(context, view, NULL, 0, &png);
    segent_buffer_destroy(png);
    return status;
}

/* Class ids that are written. */

static segent_status argmax_to(segent_context *context, const segent_label_view *view)
{
    const segent_tensor_view from = tensor_beside(C, view->height, view->width);
    return segent_argmax(context, &from, view);
}

static segent_status head_labels_to(segent_context *context, const segent_label_view *view)
{
    segent_uncertainty_maps maps = maps_beside(view->height, view->width);
    maps.labels = *view;
    return interpolate(context, C, &maps);
}

/* Pixels. */

static segent_status image_of(segent_context *context, const segent_pixel_view *view)
{
    segent_image *image = NULL;
    const segent_status status = segent_image_from_pixels(context, view, &image);
    segent_image_destroy(image);
    return status;
}

static segent_status decode_to(segent_context *context, const segent_pixel_view *view)
{
    const segent_label_view from = labels_beside(view->height, view->width);
    return segent_palette_decode(context, &from, NULL, 0, view);
}

static segent_status colors_to(segent_context *context, const segent_pixel_view *view)
{
    const segent_map_view from = map_beside(view->height, view->width);
    return segent_colormap_apply(context, &from, SEGENT_COLORMAP_VIRIDIS, 0.0f, 1.0f, view);
}

/* `maps`: one of the views of segent_uncertainty_maps, in which a size of 0 has a meaning
 * (tests/uncertainty/test_outputs.c). */
typedef struct taker {
    const char *name;
    segent_status (*tensor)(segent_context *, const segent_tensor_view *);
    segent_status (*map)(segent_context *, const segent_map_view *);
    segent_status (*labels)(segent_context *, const segent_label_view *);
    segent_status (*pixels)(segent_context *, const segent_pixel_view *);
    bool output, maps, png;
} taker;

static const taker tensor_takers[] = {
    {"segent_softmax: logits", .tensor = softmax_of},
    {"segent_entropy_map: values", .tensor = entropy_of},
    {"segent_argmax: values", .tensor = argmax_of},
    {"segent_uncertainty_from_logits: logits", .tensor = uncertainty_of},
    {"segent_tensor_save_npy", .tensor = save_tensor},
    {"segent_softmax: probabilities", .tensor = softmax_to, .output = true},
    {"segent_uncertainty_maps: logits", .tensor = logits_to, .output = true, .maps = true},
    {"segent_uncertainty_maps: probabilities", .tensor = probabilities_to, .output = true,
     .maps = true}};

static const taker map_takers[] = {
    {"segent_image_entropy: entropy", .map = image_entropy_of},
    {"segent_statistics_per_class: entropy", .map = statistics_of},
    {"segent_colormap_apply: values", .map = colors_of},
    {"segent_map_save_npy", .map = save_map},
    {"segent_entropy_map: entropy", .map = entropy_to, .output = true},
    {"segent_uncertainty_maps: entropy", .map = head_entropy_to, .output = true, .maps = true},
    {"segent_uncertainty_maps: top_probability", .map = top_probability_to, .output = true,
     .maps = true},
    {"segent_uncertainty_maps: margin", .map = margin_to, .output = true, .maps = true}};

static const taker label_takers[] = {
    {"segent_image_entropy: ignore", .labels = ignoring},
    {"segent_statistics_per_class: labels", .labels = statistics_of_labels},
    {"segent_palette_decode: labels", .labels = decode_of},
    {"segent_labels_save_png", .labels = save_labels, .png = true},
    {"segent_labels_encode_png", .labels = encode_labels, .png = true},
    {"segent_argmax: labels", .labels = argmax_to, .output = true},
    {"segent_uncertainty_maps: labels", .labels = head_labels_to, .output = true, .maps = true}};

static const taker pixel_takers[] = {
    {"segent_image_from_pixels", .pixels = image_of},
    {"segent_palette_decode: pixels", .pixels = decode_to, .output = true},
    {"segent_colormap_apply: pixels", .pixels = colors_to, .output = true}};

/* ---- what becomes of them ---- */

static void check(segent_context *context, const taker *who, size_t row, segent_status status,
                  segent_status expected, const char *text)
{
    if (who->png && expected == SEGENT_OK && !segent_supports("png"))
        expected = SEGENT_ERROR_UNSUPPORTED;
    if (status != expected || (text && !strstr(segent_last_error(context), text)))
        fail_msg("%s, row %zu of its table: %s, last error \"%s\"; expected %s, \"%s\"", who->name,
                 row, segent_status_string(status), segent_last_error(context),
                 segent_status_string(expected), text ? text : "");
}

/* What a row of a table holds for. */
enum { ALL = 0, SIZE = 1, OUTPUT = 2 };

static bool holds(const taker *who, int kind)
{
    return kind == SIZE ? !who->maps : kind == OUTPUT ? who->output : true;
}

#define SMALL        "; both must be at least 1"
#define LARGE        "is too large"
#define BEYOND       "have strides whose offsets do not fit in memory"
#define OVER         "have a stride of 0 and could be written over each other: at least 1, up or down,"
#define NEEDS(least) " and could be written over each other: at least " least ", up or down, keeps"

static void test_wrong_tensors(void **state)
{
    const struct {
        segent_tensor_view view;
        int kind;
        const char *text;
    } wrong[] = {
        {{NULL, C, H, W, 0, 0, 0}, SIZE, "have no data (NULL)"},
        {{middle, 0, H, W, 0, 0, 0}, SIZE, "have 0 channels; there must be 1 to 2147483647"},
        {{middle, -1, H, W, 1, 1, 1}, SIZE, "have -1 channels"},
        {{middle, INT64_C(1) << 31, H, W, 0, 1, 1}, SIZE, "have 2147483648 channels"},
        {{middle, INT64_MAX, H, W, 1, 1, 1}, SIZE, "have 9223372036854775807 channels"},
        {{middle, C, 0, W, 1, 1, 1}, SIZE, "a size of 0 x 5 (height x width)" SMALL},
        {{middle, C, -1, W, 0, 0, 0}, SIZE, "a size of -1 x 5 (height x width)" SMALL},
        {{middle, C, H, 0, 1, 1, 1}, SIZE, "a size of 4 x 0 (height x width)" SMALL},
        {{middle, C, H, INT64_MIN, 1, 1, 1}, SIZE, SMALL},
        {{middle, C, INT64_MAX, INT64_MAX, 1, 0, 0}, SIZE, LARGE},
        {{middle, C, INT64_MAX / 2, 8, 0, 0, 0}, SIZE, LARGE},
        {{middle, C, LIMIT, 1, 0, 0, 0}, SIZE, BEYOND}, /* dense, but C times */
        {{middle, C, H, W, INT64_MAX / 2, 1, 1}, ALL, BEYOND},
        {{middle, C, H, W, 1, INT64_MIN, 1}, ALL, BEYOND},
        {{middle, C, H, W, 1, 1, INT64_MAX / 8}, ALL, BEYOND},
        {{middle, C, H, W, -LIMIT, 1, 1}, ALL, BEYOND},
        {{middle, C, H, W, LIMIT / 4, -LIMIT / 6, LIMIT / 16}, ALL, BEYOND}, /* only together */
        {{middle, C, H, W, 0, W, 1}, OUTPUT, OVER},
        {{middle, C, H, W, H * W, 0, 1}, OUTPUT, OVER},
        {{middle, C, H, W, H * W, W, 0}, OUTPUT, OVER},
        {{middle, C, H, W, 1, 0, 0}, OUTPUT, OVER},
        {{middle, C, H, W, H * W, W - 1, 1}, OUTPUT, "have a stride of 4" NEEDS("5")},
        {{middle, C, H, W, -H * W, 1 - W, -1}, OUTPUT, "have a stride of -4" NEEDS("5")},
        {{middle, C, H, W, H * W - 1, W, 1}, OUTPUT, "have a stride of 19" NEEDS("20")},
        {{middle, C, H, W, 1, W * C, C - 1}, OUTPUT, "have a stride of 2" NEEDS("3")},
        {{middle, C, H, W, 1, 1, 1}, OUTPUT, "have a stride of 1" NEEDS("3")},
        {{middle, 1, H, W, 1, -3, 3}, OUTPUT, "have a stride of 3" NEEDS("10")},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        for (size_t k = 0; k < COUNT(tensor_takers); k++) {
            if (holds(&tensor_takers[k], wrong[i].kind))
                check(*state, &tensor_takers[k], i, tensor_takers[k].tensor(*state, &wrong[i].view),
                      SEGENT_ERROR_INVALID_ARGUMENT, wrong[i].text);
        }
    }
}

/* Of a dimension of one value the stride has no meaning, whatever it is. */
static void test_good_tensors(void **state)
{
    const struct {
        segent_tensor_view view;
        bool repeated; /* values lie in one place: only to be read */
    } good[] = {
        {{middle, C, H, W, 0, 0, 0}, false},
        {{middle, C, H, W, H * W, W, 1}, false},
        {{middle, C, H, W, 1, W * C, C}, false},
        {{middle, C, H, W, 1, C, H * C}, false},
        {{middle, C, H, W, 100, 20, 2}, false},
        {{middle, C, H, W, -100, -20, -2}, false},
        {{middle, C, H, W, -1, 20, 4}, false},
        {{middle, 1, H, W, INT64_MAX, W, 1}, false},
        {{middle, C, 1, W, W, INT64_MIN, 1}, false},
        {{middle, C, H, 1, H, 1, INT64_MIN}, false},
        {{middle, 1, 1, 1, INT64_MIN, INT64_MAX, INT64_MIN}, false},
        {{middle, 1, 1, 1, 0, 0, 0}, false},
        {{middle, C, H, W, 0, W, 1}, true},
        {{middle, C, H, W, H * W, 0, 1}, true},
        {{middle, C, H, W, 1, 0, 0}, true},
        {{middle, C, H, W, H * 10, 10, 2}, false},  /* every second column */
        {{middle, C, H, W, 9 * 8, 9, 1}, false},    /* a window of 8 x 9 */
        {{middle, C, H, W, 1, 9 * C, -C}, false},   /* a window of H x W x C, mirrored */
        {{middle, C, H, W, W, -C * W, 1}, false},   /* H x C x W, bottom-up */
        {{middle, C, H, W, -1, -W * C, -C}, false}, /* colours in reverse order, turned around */
        {{middle, C, H, W, H * W, 1, 1}, true},
        {{middle, C, H, W, H * W, W - 1, 1}, true}, /* rows that share an end */
        {{middle, C, H, W, 1, -1, 1}, true},
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        for (size_t k = 0; k < COUNT(tensor_takers); k++) {
            if (!good[i].repeated || !tensor_takers[k].output)
                check(*state, &tensor_takers[k], i, tensor_takers[k].tensor(*state, &good[i].view),
                      SEGENT_OK, NULL);
        }
    }
}

static void test_wrong_maps(void **state)
{
    const struct {
        segent_map_view view;
        int kind;
        const char *text;
    } wrong[] = {
        {{NULL, H, W, 0, 0}, SIZE, "have no data (NULL)"},
        {{middle, 0, W, 0, 0}, SIZE, "a size of 0 x 5 (height x width)" SMALL},
        {{middle, H, 0, 1, 1}, SIZE, "a size of 4 x 0 (height x width)" SMALL},
        {{middle, H, -1, 0, 0}, SIZE, "a size of 4 x -1 (height x width)" SMALL},
        {{middle, INT64_MIN, W, 0, 0}, SIZE, SMALL},
        {{middle, INT64_MAX, INT64_MAX, 0, 0}, SIZE, LARGE},
        {{middle, LIMIT + 1, 1, 0, 0}, SIZE, LARGE},
        {{middle, H, W, INT64_MAX, INT64_MAX}, ALL, BEYOND},
        {{middle, H, W, INT64_MIN, 1}, ALL, BEYOND},
        {{middle, H, W, 1, LIMIT}, ALL, BEYOND},
        {{middle, H, W, LIMIT / 4, -LIMIT / 8}, ALL, BEYOND}, /* only together */
        {{middle, H, W, 0, 1}, OUTPUT, OVER},
        {{middle, H, W, 1, 0}, OUTPUT, OVER},
        {{middle, H, W, W - 1, 1}, OUTPUT, "have a stride of 4" NEEDS("5")},
        {{middle, H, W, 1, 1 - H}, OUTPUT, "have a stride of -3" NEEDS("4")},
        {{middle, H, W, 1, 1}, OUTPUT, "have a stride of 1" NEEDS("4")},
        {{middle, H, W, 8, -2}, OUTPUT, "have a stride of 8" NEEDS("9")},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        for (size_t k = 0; k < COUNT(map_takers); k++) {
            if (holds(&map_takers[k], wrong[i].kind))
                check(*state, &map_takers[k], i, map_takers[k].map(*state, &wrong[i].view),
                      SEGENT_ERROR_INVALID_ARGUMENT, wrong[i].text);
        }
    }
}

static void test_good_maps(void **state)
{
    const struct {
        segent_map_view view;
        bool repeated;
    } good[] = {
        {{middle, H, W, 0, 0}, false},         {{middle, H, W, W, 1}, false},
        {{middle, H, W, 1, H}, false},         {{middle, H, W, -30, 3}, false},
        {{middle, H, W, 30, -3}, false},       {{middle, 1, W, INT64_MIN, 1}, false},
        {{middle, H, 1, 1, INT64_MAX}, false}, {{middle, 1, 1, INT64_MAX, INT64_MIN}, false},
        {{middle, 1, W, 0, 1}, false},         {{middle, H, 1, 1, 0}, false},
        {{middle, H, W, 0, 1}, true},          {{middle, H, W, 1, 0}, true},
        {{middle, H, W, 9, -2}, false},        {{middle, H, W, -1, H}, false},
        {{middle, H, W, W - 1, 1}, true},      {{middle, H, W, 1, 1}, true},
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        for (size_t k = 0; k < COUNT(map_takers); k++) {
            if (!good[i].repeated || !map_takers[k].output)
                check(*state, &map_takers[k], i, map_takers[k].map(*state, &good[i].view),
                      SEGENT_OK, NULL);
        }
    }
}

static void test_wrong_labels(void **state)
{
    const segent_label_type u8 = SEGENT_LABEL_U8, u16 = SEGENT_LABEL_U16;
    const segent_status invalid = SEGENT_ERROR_INVALID_ARGUMENT;
    const struct {
        segent_label_view view;
        int kind;
        segent_status status;
        const char *text;
    } wrong[] = {
        {{NULL, H, W, 0, 0, u8, 0}, SIZE, invalid, "have no data (NULL)"},
        {{middle_id, 0, W, 0, 0, u8, 0}, SIZE, invalid, "a size of 0 x 5 (height x width)" SMALL},
        {{middle_id, H, -9, 0, 0, u16, 0}, SIZE, invalid, "a size of 4 x -9"},
        {{middle_id, INT64_MAX, INT64_MAX, 0, 0, u8, 0}, SIZE, invalid, LARGE},
        {{middle_id, H, W, 0, 0, 2, 0}, ALL, invalid, "unknown label type 2"},
        {{middle_id, H, W, 0, 0, -1, 0}, ALL, invalid, "unknown label type -1"},
        {{middle_id, H, W, 0, 0, INT32_MAX, 0}, ALL, invalid, "unknown label type 2147483647"},
        {{middle_id, H, W, 0, 0, u8, 1}, ALL, SEGENT_ERROR_UNSUPPORTED, "a reserved member of the"},
        {{middle_id, H, W, 0, 0, u8, INT32_MIN}, ALL, SEGENT_ERROR_UNSUPPORTED, "is not 0"},
        {{middle_id, H, W, INT64_MAX, 1, u8, 0}, ALL, invalid, BEYOND},
        {{middle_id, H, W, 1, INT64_MIN, u16, 0}, ALL, invalid, BEYOND},
        {{middle_id, H, W, LIMIT / 4, -LIMIT / 8, u16, 0}, ALL, invalid, BEYOND},
        {{middle_id, H, W, 0, 1, u8, 0}, OUTPUT, invalid, OVER},
        {{middle_id, H, W, 1, 0, u16, 0}, OUTPUT, invalid, OVER},
        {{middle_id, H, W, 1 - W, 1, u8, 0}, OUTPUT, invalid, "a stride of -4" NEEDS("5")},
        {{middle_id, H, W, 2, 2, u16, 0}, OUTPUT, invalid, "a stride of 2" NEEDS("7")},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        for (size_t k = 0; k < COUNT(label_takers); k++) {
            if (holds(&label_takers[k], wrong[i].kind))
                check(*state, &label_takers[k], i, label_takers[k].labels(*state, &wrong[i].view),
                      wrong[i].status, wrong[i].text);
        }
    }
}

static void test_good_labels(void **state)
{
    const struct {
        int64_t height, width, row_stride, column_stride;
        bool repeated;
    } good[] = {
        {H, W, 0, 0, false},         {H, W, W, 1, false},
        {H, W, 1, H, false},         {H, W, -30, 3, false},
        {H, W, 30, -3, false},       {1, W, INT64_MAX, 1, false},
        {H, 1, 1, INT64_MIN, false}, {1, 1, INT64_MAX, INT64_MIN, false},
        {H, W, 0, 1, true},          {H, W, 1, 0, true},
        {H, W, 9, -2, false},        {H, W, 1 - W, 1, true},
    };
    for (size_t i = 0; i < COUNT(good) * 2; i++) {
        const size_t row = i / 2;
        const segent_label_view view = {middle_id,
                                        good[row].height,
                                        good[row].width,
                                        good[row].row_stride,
                                        good[row].column_stride,
                                        i % 2 ? SEGENT_LABEL_U8 : SEGENT_LABEL_U16,
                                        0};
        memset(ids, 0, sizeof(ids)); /* two bytes that were written are no id of 16 bits */
        for (size_t k = 0; k < COUNT(label_takers); k++) {
            if (!good[row].repeated || !label_takers[k].output)
                check(*state, &label_takers[k], row, label_takers[k].labels(*state, &view),
                      SEGENT_OK, NULL);
        }
    }
}

/* Rows of pixels never overlap, not even those that are only read. */
static void test_wrong_pixels(void **state)
{
    const segent_pixel_format rgb = SEGENT_PIXEL_RGB, bgra = SEGENT_PIXEL_BGRA;
    const segent_status invalid = SEGENT_ERROR_INVALID_ARGUMENT;
    const struct {
        segent_pixel_view view;
        int kind;
        segent_status status;
        const char *text;
    } wrong[] = {
        {{NULL, H, W, 0, rgb, 0}, ALL, invalid, "have no data (NULL)"},
        {{middle_byte, 0, W, 0, rgb, 0}, ALL, invalid, "a size of 0 x 5 (height x width)" SMALL},
        {{middle_byte, H, -1, 0, bgra, 0}, ALL, invalid, "a size of 4 x -1"},
        {{middle_byte, INT64_MAX, INT64_MAX, 0, rgb, 0}, ALL, invalid, LARGE},
        {{middle_byte, H, W, 0, 5, 0}, ALL, invalid, "unknown pixel format 5"},
        {{middle_byte, H, W, 0, -1, 0}, ALL, invalid, "unknown pixel format -1"},
        {{middle_byte, H, W, 0, rgb, 1}, ALL, SEGENT_ERROR_UNSUPPORTED, "a reserved member of the"},
        {{middle_byte, H, W, 14, rgb, 0}, ALL, invalid, "a stride of 14 bytes for rows of 15"},
        {{middle_byte, H, W, -14, rgb, 0}, ALL, invalid, "a stride of -14 bytes for rows of 15"},
        {{middle_byte, H, W, 19, bgra, 0}, ALL, invalid, "a stride of 19 bytes for rows of 20"},
        {{middle_byte, H, W, INT64_MAX, rgb, 0}, ALL, invalid, "which does not fit in memory"},
        {{middle_byte, H, W, INT64_MIN, rgb, 0}, ALL, invalid, "which does not fit in memory"},
        {{middle_byte, H, W, 0, SEGENT_PIXEL_GREY, 0},
         OUTPUT,
         invalid,
         "colours cannot be written to grey pixels"},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        for (size_t k = 0; k < COUNT(pixel_takers); k++) {
            if (holds(&pixel_takers[k], wrong[i].kind))
                check(*state, &pixel_takers[k], i, pixel_takers[k].pixels(*state, &wrong[i].view),
                      wrong[i].status, wrong[i].text);
        }
    }
}

static void test_good_pixels(void **state)
{
    const segent_pixel_view good[] = {
        {middle_byte, H, W, 0, SEGENT_PIXEL_RGB, 0},
        {middle_byte, H, W, 15, SEGENT_PIXEL_BGR, 0},
        {middle_byte, H, W, -15, SEGENT_PIXEL_RGB, 0},
        {middle_byte, H, W, 20, SEGENT_PIXEL_RGBA, 0},
        {middle_byte, H, W, 33, SEGENT_PIXEL_BGRA, 0},
        {middle_byte, H, W, -33, SEGENT_PIXEL_BGRA, 0},
        {middle_byte, 1, W, 1, SEGENT_PIXEL_RGB, 0},
        {middle_byte, 1, W, INT64_MIN, SEGENT_PIXEL_RGB, 0},
        {middle_byte, H, W, 5, SEGENT_PIXEL_GREY, 0},
        {middle_byte, H, W, -9, SEGENT_PIXEL_GREY, 0},
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        for (size_t k = 0; k < COUNT(pixel_takers); k++) {
            if (good[i].format != SEGENT_PIXEL_GREY || !pixel_takers[k].output)
                check(*state, &pixel_takers[k], i, pixel_takers[k].pixels(*state, &good[i]),
                      SEGENT_OK, NULL);
        }
    }
}

static int make(void **state)
{
    *state = test_context();
    return 0;
}

static int destroy(void **state)
{
    segent_context_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_tensors), cmocka_unit_test(test_good_tensors),
        cmocka_unit_test(test_wrong_maps),    cmocka_unit_test(test_good_maps),
        cmocka_unit_test(test_wrong_labels),  cmocka_unit_test(test_good_labels),
        cmocka_unit_test(test_wrong_pixels),  cmocka_unit_test(test_good_pixels),
    };
    return cmocka_run_group_tests(tests, make, destroy);
}
