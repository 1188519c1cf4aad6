/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the tests of segent_run_into share: buffers of the caller's in many layouts, for what goes
 * in and what comes out, and a small model and picture. */

#ifndef TEST_RUN_INTO_H
#define TEST_RUN_INTO_H

#include "common.h"

enum { CLASSES = 5, HEIGHT = 53, WIDTH = 75 };

/* ---- outputs ---- */

extern const float into_untouched; /* what lies between values that are written */

/* Buffers for everything that a run can give, and the views that it is given. */
typedef struct into_outputs {
    segent_uncertainty_maps maps;
    segent_entropy_summary summary;
    float *values[5]; /* of entropy, top probability, margin, logits, probabilities */
    size_t counts[5];
    uint16_t *ids; /* room for labels of either type */
    size_t id_count;
} into_outputs;

into_outputs into_make_outputs(int32_t height, int32_t width, int32_t classes,
                               segent_label_type type, bool strided);
void into_free_outputs(into_outputs *out);

/* Asserts that everything is there as the result has it, and that nothing else was written. The
 * result must have kept all that can be kept. */
void into_check_outputs(into_outputs *out, const segent_result *expected);

/* Their parts. `index` is that of the buffer. */
float *into_make_room(into_outputs *out, int index, size_t count);
segent_tensor_view into_make_tensor(into_outputs *out, int index, int64_t channels, int64_t height,
                                    int64_t width, bool strided);
void into_check_map(const char *what, const segent_map_view *map, const segent_result *result,
                    const float *expected);
void into_check_tensor(const char *what, const segent_tensor_view *tensor,
                       const segent_result *result, const float *expected);
void into_check_labels(const segent_label_view *labels, const segent_result *result);

/* Compares a view with dense values (C, H, W) and marks what it has seen as untouched. */
void into_check_values(const char *what, segent_tensor_view view, const float *expected);

/* ---- inputs ---- */

/* A way to hold pixels: the view, and the memory that it points into. */
typedef struct into_pixels {
    segent_pixel_view view;
    uint8_t *room;
} into_pixels;

enum { DENSE, PADDED, BOTTOM_UP, LAYOUTS };
enum { FORMATS = SEGENT_PIXEL_GREY + 1 };

/* The picture, HEIGHT x WIDTH, in that format; free the room. */
into_pixels into_hold_pixels(const uint8_t *rgb, segent_pixel_format format, int layout);

/* A picture's normalised values in a layout, in memory of their own; to free. */
enum { STRIDES_OF_ZERO, PLANES, LAST, PADDED_LAST, UPSIDE_DOWN, TENSORS };

float *into_make_normalised(const segent_image *image, int kind, segent_tensor_view *view);

/* ---- runs ---- */

typedef struct into_fixture {
    segent_context *context;
    segent_model *model;
    uint8_t *rgb;
    segent_image *image;
} into_fixture;

into_fixture into_begin(void);
into_fixture into_begin_with(segent_context *context); /* takes it over */
void into_end(into_fixture *f);

/* A result with all that can be kept. */
segent_result *into_run_all(const into_fixture *f, const segent_image *image,
                            const segent_run_options *options);

/* Sizes at the network: the model's (37), a smaller one, a larger one, the picture's own. */
enum { SIZES = 4 };
extern const int32_t into_sizes[SIZES];

/* Options of that size by its index, one of which has a temperature. */
segent_run_options into_options(int size, segent_output_size output);

#endif
