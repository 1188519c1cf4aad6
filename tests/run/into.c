/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "into.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const test_network_shape shape = {
    .seed = 3, .blocks = {1, 1, 1, 1}, .width = 4, .aspp = 8, .classes = CLASSES};
const float into_untouched = 12345.678f;
const int32_t into_sizes[SIZES] = {0, 24, 64, SEGENT_SIZE_OWN};

/* ---- outputs ---- */

float *into_make_room(into_outputs *out, int index, size_t count)
{
    float *room = malloc(count * sizeof(float));
    assert_non_null(room);
    for (size_t i = 0; i < count; i++)
        room[i] = into_untouched;
    out->values[index] = room;
    out->counts[index] = count;
    return room;
}

/* Bottom-up, every second column, padded. */
static segent_map_view make_map(into_outputs *out, int index, int64_t height, int64_t width,
                                bool strided)
{
    const int64_t row = strided ? 2 * width + 3 : width;
    float *room = into_make_room(out, index, (size_t)(row * height));
    if (!strided)
        return segent_map(room, 0, 0); /* sizes of 0 stand for those of all outputs */
    return (segent_map_view){room + (height - 1) * row, height, width, -row, 2};
}

/* Bottom-up, channels last, padded. */
segent_tensor_view into_make_tensor(into_outputs *out, int index, int64_t channels, int64_t height,
                                    int64_t width, bool strided)
{
    const int64_t pixel = strided ? channels + 2 : channels, row = width * pixel;
    float *room = into_make_room(out, index, (size_t)(row * height));
    if (!strided)
        return (segent_tensor_view){.data = room};
    return (segent_tensor_view){room + (height - 1) * row, channels, height, width, 1, -row, pixel};
}

static segent_label_view make_labels(into_outputs *out, int64_t height, int64_t width,
                                     segent_label_type type, bool strided)
{
    const int64_t row = strided ? 3 * width + 1 : width;
    out->id_count = (size_t)(row * height);
    out->ids = malloc(out->id_count * sizeof(*out->ids));
    assert_non_null(out->ids);
    memset(out->ids, 0xee, out->id_count * sizeof(*out->ids));
    if (!strided)
        return segent_label_map(out->ids, type, 0, 0);
    return (segent_label_view){out->ids, height, width, row, 3, type, 0};
}

into_outputs into_make_outputs(int32_t height, int32_t width, int32_t classes,
                               segent_label_type type, bool strided)
{
    into_outputs out = {.maps = segent_uncertainty_maps_init(),
                        .summary = segent_entropy_summary_init()};
    out.maps.height = height;
    out.maps.width = width;
    out.maps.labels = make_labels(&out, height, width, type, strided);
    out.maps.entropy = make_map(&out, 0, height, width, strided);
    out.maps.top_probability = make_map(&out, 1, height, width, strided);
    out.maps.margin = make_map(&out, 2, height, width, strided);
    out.maps.logits = into_make_tensor(&out, 3, classes, height, width, strided);
    out.maps.probabilities = into_make_tensor(&out, 4, classes, height, width, strided);
    return out;
}

void into_free_outputs(into_outputs *out)
{
    for (int i = 0; i < 5; i++)
        free(out->values[i]);
    free(out->ids);
}

/* Compares a view with dense values (C, H, W) and marks what it has seen. */
void into_check_values(const char *what, segent_tensor_view view, const float *expected)
{
    if (view.channel_stride == 0 && view.row_stride == 0 && view.column_stride == 0) {
        view.channel_stride = view.height * view.width;
        view.row_stride = view.width;
        view.column_stride = 1;
    }
    for (int64_t c = 0; c < view.channels; c++) {
        for (int64_t y = 0; y < view.height; y++) {
            for (int64_t x = 0; x < view.width; x++, expected++) {
                float *value = view.data + c * view.channel_stride + y * view.row_stride +
                               x * view.column_stride;
                if (memcmp(value, expected, sizeof(float)) != 0)
                    fail_msg("%s: %.9g at (c, y, x) = (%d, %d, %d), expected %.9g", what,
                             (double)*value, (int)c, (int)y, (int)x, (double)*expected);
                *value = into_untouched;
            }
        }
    }
}

void into_check_map(const char *what, const segent_map_view *map, const segent_result *result,
                    const float *expected)
{
    const segent_tensor_view view = {map->data,
                                     1,
                                     segent_result_height(result),
                                     segent_result_width(result),
                                     0,
                                     map->row_stride,
                                     map->column_stride};
    into_check_values(what, view, expected);
}

void into_check_tensor(const char *what, const segent_tensor_view *tensor,
                       const segent_result *result, const float *expected)
{
    segent_tensor_view view = *tensor;
    view.channels = segent_result_classes(result);
    view.height = segent_result_height(result);
    view.width = segent_result_width(result);
    into_check_values(what, view, expected);
}

void into_check_labels(const segent_label_view *labels, const segent_result *result)
{
    const int64_t height = segent_result_height(result), width = segent_result_width(result);
    const int64_t row = labels->row_stride ? labels->row_stride : width;
    const int64_t column = labels->column_stride ? labels->column_stride : 1;
    const bool bytes = segent_result_label_type(result) == SEGENT_LABEL_U8;
    for (int64_t y = 0; y < height; y++) {
        for (int64_t x = 0; x < width; x++) {
            const int64_t at = y * row + x * column, k = y * width + x;
            const int id = labels->type == SEGENT_LABEL_U8 ? ((const uint8_t *)labels->data)[at]
                                                           : ((const uint16_t *)labels->data)[at];
            const int expected = bytes ? ((const uint8_t *)segent_result_labels(result))[k]
                                       : ((const uint16_t *)segent_result_labels(result))[k];
            assert_int_equal(id, expected);
        }
    }
}

/* Everything is there, and nothing else was written. */
void into_check_outputs(into_outputs *out, const segent_result *expected)
{
    segent_entropy_summary summary = segent_entropy_summary_init();
    into_check_map("entropy", &out->maps.entropy, expected, segent_result_entropy(expected));
    into_check_map("top probability", &out->maps.top_probability, expected,
                   segent_result_top_probability(expected));
    into_check_map("margin", &out->maps.margin, expected, segent_result_margin(expected));
    into_check_tensor("logits", &out->maps.logits, expected, segent_result_logits(expected));
    into_check_tensor("probabilities", &out->maps.probabilities, expected,
                      segent_result_probabilities(expected));
    into_check_labels(&out->maps.labels, expected);
    for (int i = 0; i < 5; i++) {
        for (size_t k = 0; k < out->counts[i]; k++)
            assert_true(out->values[i][k] == into_untouched);
    }
    assert_int_equal(segent_result_summary(expected, &summary), SEGENT_OK);
    assert_memory_equal(&out->summary, &summary, sizeof(summary));
}

/* ---- inputs ---- */

static void put_pixel(segent_pixel_format format, const uint8_t *rgb, uint8_t *to)
{
    const bool swapped = format == SEGENT_PIXEL_BGR || format == SEGENT_PIXEL_BGRA;
    to[0] = swapped ? rgb[2] : rgb[0];
    if (format == SEGENT_PIXEL_GREY)
        return;
    to[1] = rgb[1];
    to[2] = swapped ? rgb[0] : rgb[2];
    if (format == SEGENT_PIXEL_RGBA || format == SEGENT_PIXEL_BGRA)
        to[3] = rgb[1]; /* alpha is not looked at */
}

/* The rows are as long as they have to be and not one byte more, so that valgrind and the address
 * sanitizer see a byte too many being read. */
into_pixels into_hold_pixels(const uint8_t *rgb, segent_pixel_format format, int layout)
{
    static const int64_t samples[FORMATS] = {3, 3, 4, 4, 1};
    const int64_t dense = WIDTH * samples[format], row = layout == DENSE ? dense : dense + 13;
    into_pixels held = {.room = malloc((size_t)(row * (HEIGHT - 1) + dense))};
    assert_non_null(held.room);
    held.view = segent_pixels(held.room, format, HEIGHT, WIDTH);
    held.view.row_stride = layout == DENSE ? 0 : layout == PADDED ? row : -row;
    if (layout == BOTTOM_UP)
        held.view.data += row * (HEIGHT - 1);
    for (int64_t y = 0; y < HEIGHT; y++) {
        uint8_t *to = held.room + row * (layout == BOTTOM_UP ? HEIGHT - 1 - y : y);
        for (int64_t x = 0; x < WIDTH; x++)
            put_pixel(format, rgb + (y * WIDTH + x) * 3, to + x * samples[format]);
    }
    return held;
}

/* What torchvision makes of a picture: (v / 255 - mean) / deviation, each step in float32. */
static float normalise(uint8_t sample, int channel)
{
    static const float mean[3] = {0.485f, 0.456f, 0.406f};
    static const float deviation[3] = {0.229f, 0.224f, 0.225f};
    const float unit = (float)sample / 255.0f;
    const float centred = unit - mean[channel];
    return centred / deviation[channel];
}

/* The strides of a tensor of that kind, over `room`. */
static segent_tensor_view lay_out(int kind, float *room, int64_t height, int64_t width)
{
    switch (kind) {
    case STRIDES_OF_ZERO:
        return (segent_tensor_view){.data = room, .channels = 3, .height = height, .width = width};
    case PLANES:
        return segent_tensor_chw(room, 3, height, width);
    case LAST:
        return segent_tensor_hwc(room, height, width, 3);
    case PADDED_LAST:
        return (segent_tensor_view){room, 3, height, width, 1, 5 * width + 7, 5};
    default:
        return (segent_tensor_view){room + (height - 1) * (width + 3),
                                    3,
                                    height,
                                    width,
                                    height * (width + 3),
                                    -(width + 3),
                                    1};
    }
}

/* A picture's normalised values, in memory of their own; to free. */
float *into_make_normalised(const segent_image *image, int kind, segent_tensor_view *view)
{
    const int64_t height = segent_image_height(image), width = segent_image_width(image);
    const uint8_t *rgb = segent_image_pixels(image);
    const bool dense = kind == STRIDES_OF_ZERO;
    float *room = malloc((size_t)(5 * width + 7) * (size_t)height * sizeof(float));
    assert_non_null(room);
    for (int64_t i = 0; i < (5 * width + 7) * height; i++)
        room[i] = NAN; /* what lies between the values is no business of the library's */
    *view = lay_out(kind, room, height, width);
    for (int64_t y = 0; y < height; y++) {
        for (int64_t x = 0; x < width; x++) {
            for (int c = 0; c < 3; c++) {
                const int64_t at = dense ? (c * height + y) * width + x
                                         : c * view->channel_stride + y * view->row_stride +
                                               x * view->column_stride;
                view->data[at] = normalise(rgb[(y * width + x) * 3 + c], c);
            }
        }
    }
    return room;
}

/* ---- runs ---- */

into_fixture into_begin_with(segent_context *context)
{
    into_fixture f = {.context = context};
    f.model = run_model(context, &shape, "37");
    f.rgb = run_noise(5, HEIGHT, WIDTH);
    f.image = run_image(context, f.rgb, HEIGHT, WIDTH);
    return f;
}

into_fixture into_begin(void)
{
    return into_begin_with(run_context(2));
}

void into_end(into_fixture *f)
{
    segent_image_destroy(f->image);
    free(f->rgb);
    segent_model_destroy(f->model);
    segent_context_destroy(f->context);
}

/* A result with all that can be kept. */
segent_result *into_run_all(const into_fixture *f, const segent_image *image,
                            const segent_run_options *given)
{
    segent_run_options options = *given;
    segent_result *result = NULL;
    options.keep = SEGENT_KEEP_LOGITS | SEGENT_KEEP_PROBABILITIES | SEGENT_KEEP_TOP_PROBABILITY |
                   SEGENT_KEEP_MARGIN;
    test_assert_ok(f->context, segent_run(f->context, f->model, image, &options, &result));
    return result;
}

segent_run_options into_options(int size, segent_output_size output)
{
    segent_run_options options = segent_run_options_init();
    options.size = into_sizes[size];
    options.output_size = output;
    options.temperature = size == 1 ? 1.75f : 0.0f;
    return options;
}
