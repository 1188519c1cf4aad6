/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the functions on the caller's maps share: checks of layouts, per-thread blocks, the walk
 * over rows of pixels, logits at another size, and the way to name the first bad pixel. */

#ifndef SG_UNCERTAINTY_H
#define SG_UNCERTAINTY_H

#include <stdbool.h>
#include <stdint.h>

#include "api.h"
#include "base/layout.h"
#include "base/options.h"

/* ---- checks (check.c) ----
 * `function` is the public name that the error begins with. */

/* The caller's outputs with all sizes and strides filled in. */
segent_status sg_uncertainty_check_maps(segent_context *context, const char *function,
                                        const segent_uncertainty_maps *given, int64_t classes,
                                        segent_uncertainty_maps *maps);

segent_status sg_check_unit(segent_context *context, const char *function, segent_unit unit);
segent_status sg_check_temperature(segent_context *context, const char *function,
                                   float temperature);
/* 1 / temperature, finite; 0 stands for a temperature of 1. */
float sg_scale_of_temperature(float temperature);

/* ---- small things (check.c) ---- */

sg_unit_scale sg_unit_scale_of(segent_unit unit, int64_t classes);
/* clamp(nats, 0, log C) in the unit. */
void sg_unit_apply(sg_unit_scale scale, const float *nats, int64_t n, float *values);

/* ---- sums (sums.c) ---- */

/* What is kept of each row; rows are added in order. */
typedef struct sg_row_total {
    double sum;
    float minimum, maximum;
    int64_t pixels;
    int64_t undecided; /* pixels whose two largest logits are near each other, if that is counted */
} sg_row_total;

void sg_row_sum_begin(sg_row_sum *sum);
sg_row_total sg_row_sum_end(sg_row_sum *sum, int64_t pixels);

/* Adds rows in order; without sum_nats. */
segent_entropy_summary sg_summary_of_rows(const sg_row_total *rows, int64_t count);

/* ---- per-thread memory and faults (walk.c) ---- */

typedef struct sg_workspace {
    float *memory;
    int64_t *faults; /* first bad pixel that each thread met: y * width + x, or INT64_MAX */
    int64_t threads, classes, width;
    size_t block_size; /* floats a block */
    int64_t blocks;    /* a thread */
} sg_workspace;

/* Blocks of `classes` x `width` pixels, `blocks` of them a thread, in the context's working memory
 * (SG_SCRATCH_TILES, SG_SCRATCH_FAULTS). */
segent_status sg_workspace_create(segent_context *context, int64_t classes, int64_t blocks,
                                  sg_workspace *workspace);
float *sg_workspace_block(const sg_workspace *workspace, int32_t thread, int64_t index);

void sg_workspace_fault(sg_workspace *workspace, int32_t thread, int64_t pixel);
/* The first bad pixel of all in row-major order, or -1. */
int64_t sg_workspace_first_fault(const sg_workspace *workspace);

/* Pixels of a row and where they come from; arrays have one value a pixel. */
typedef struct sg_tile {
    int64_t y, x, pixels, classes;
    const float *source; /* the first pixel's first class, and the way to the next class */
    int64_t class_stride;
    int64_t width; /* of the block */
    float *block;  /* NULL if pixels, however many, are to be taken from where they lie in a row */
    float *maximum;
    int32_t *label; /* NULL unless asked for */
} sg_tile;

/* Works on one loaded tile; returns the first bad pixel of it, or -1. What it returned one for must
 * not have been written over, since it is looked at again. */
typedef int64_t (*sg_visit_fn)(void *user, const sg_uncertainty_kernels *kernels,
                               const sg_tile *tile);

typedef struct sg_walk_options {
    bool labels; /* wanted */
    bool direct; /* without a block where the pixels lie side by side */
    bool joined; /* if direct: tiles of several rows, too, where these lie side by side */
} sg_walk_options;

/* Loads all pixels of `values`, tile by tile and in parallel, and calls `visit` for each. *bad is
 * the first bad pixel (y * width + x), or -1. */
segent_status sg_walk(segent_context *context, const segent_tensor_view *values,
                      sg_walk_options options, sg_visit_fn visit, void *user, int64_t *bad);

/* SEGENT_ERROR_NOT_PROBABILITY for the probabilities of a pixel, naming what is wrong: one outside
 * [0, 1] if that is `strict`, or else their sum (maps.c). */
segent_status sg_fail_probabilities(segent_context *context, const char *function,
                                    const segent_tensor_view *values, int64_t pixel, bool strict);

/* ---- logits at another size (interpolation.c) ---- */

typedef struct sg_interpolation {
    const sg_uncertainty_kernels *kernels;
    segent_tensor_view logits;
    int64_t height, width; /* of the output */
    int32_t *left, *right; /* taps of every output column */
    float *lambda;
    sg_workspace workspace;
} sg_interpolation;

/* That an interpolation can count their rows and columns. */
segent_status sg_check_interpolated(segent_context *context, const char *function,
                                    const segent_tensor_view *logits);

/* Working memory, with `blocks` more blocks a thread for the caller, and the weights along a row
 * (SG_SCRATCH_TILES, SG_SCRATCH_FAULTS, SG_SCRATCH_TAPS). */
segent_status sg_interpolation_create(segent_context *context, const segent_tensor_view *logits,
                                      int64_t height, int64_t width, int64_t blocks,
                                      sg_interpolation *made);

/* SEGENT_ERROR_NOT_FINITE if a logit is NaN or +infinity, or all of a pixel are -infinity. */
segent_status sg_interpolation_check(segent_context *context, const char *function,
                                     sg_interpolation *i);

/* SEGENT_ERROR_NOT_FINITE for a pixel of the output at which no class is possible. */
segent_status sg_fail_interpolated(segent_context *context, const char *function,
                                   const sg_interpolation *i, int64_t pixel);

/* A tile: columns x to x + pixels - 1; slot k holds row held[k] stretched, or -1. */
typedef struct sg_stretched_tile {
    int64_t x, pixels;
    int32_t thread;
    int64_t held[2];
    float *block, *slot[2];
    _Alignas(64) float maximum[SG_BLOCK_PIXELS];
    _Alignas(64) int32_t label[SG_BLOCK_PIXELS];
} sg_stretched_tile;

/* From before the first tile of a row to the next one; false behind the last. */
sg_stretched_tile sg_stretched_tile_begin(const sg_interpolation *i, int32_t thread);
bool sg_stretched_tile_next(const sg_interpolation *i, sg_stretched_tile *t);
/* One of the caller's own blocks. */
float *sg_stretched_tile_block(const sg_interpolation *i, const sg_stretched_tile *t,
                               int64_t index);

/* The tile's pixels of output row y: logits in the block, the largest of each, and, if asked for,
 * the labels. Cheapest if y ascends. */
void sg_interpolate(const sg_interpolation *i, sg_stretched_tile *t, int64_t y, bool labels);

/* First of n values that is NaN, or -1. */
int64_t sg_first_nan(const float *values, int64_t n);

/* Keeps SEGENT_ERROR_NOT_FINITE's sentence for the first class of a pixel that is NaN, or +infinity
 * if that is `infinity` too; false if there is none. */
bool sg_fail_not_finite(segent_context *context, const char *function, const char *what,
                        const segent_tensor_view *values, int64_t pixel, bool infinity);

/* SEGENT_ERROR_NOT_FINITE for the logits of a pixel: as above, or all are -infinity. */
segent_status sg_fail_logits(segent_context *context, const char *function,
                             const segent_tensor_view *logits, int64_t pixel);

#endif
