/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Low-resolution logits at any other size, a tile of an output row at a time.
 *
 * In a tile, the two rows of logits that an output row lies between are stretched along x into two
 * blocks, which stay while the output rows lie between the same two; each output row is then a
 * weighted sum of the two blocks. The order of operations is torch's: along x first, then along y,
 * in float32, so that the interpolated logits are torch's to the bit. */

#include <math.h>

#include "base/interpolate.h"
#include "uncertainty/uncertainty.h"

/* Blocks of a thread: the pixels, the two stretched rows, and then the caller's own. */
enum { BLOCK_PIXELS = 0, BLOCK_ROWS = 1, BLOCKS = 3 };

/* ---- before ---- */

segent_status sg_check_interpolated(segent_context *context, const char *function,
                                    const segent_tensor_view *logits)
{
    if (logits->height <= INT32_MAX && logits->width <= INT32_MAX)
        return SEGENT_OK;
    return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                   "%s: logits of %lld x %lld (height x width); at most %lld are possible",
                   function, (long long)logits->height, (long long)logits->width,
                   (long long)INT32_MAX);
}

segent_status sg_interpolation_create(segent_context *context, const segent_tensor_view *logits,
                                      int64_t height, int64_t width, int64_t blocks,
                                      sg_interpolation *made)
{
    const size_t tap_size = 2 * sizeof(int32_t) + sizeof(float);
    *made = (sg_interpolation){.kernels = &context->kernels.uncertainty,
                               .logits = *logits,
                               .height = height,
                               .width = width};
    const segent_status status =
        sg_workspace_create(context, logits->channels, BLOCKS + blocks, &made->workspace);
    if (status != SEGENT_OK)
        return status;
    made->left = sg_scratch_take(context, SG_SCRATCH_TAPS, (size_t)width, tap_size);
    if (!made->left)
        return sg_fail_memory(context, "an interpolation", (size_t)width * tap_size);
    made->right = made->left + width;
    made->lambda = (float *)(void *)(made->right + width);
    for (int64_t x = 0; x < width; x++) {
        const sg_tap between = sg_tap_of(x, logits->width, width);
        made->left[x] = between.left;
        made->right[x] = between.right;
        made->lambda[x] = between.lambda;
    }
    return SEGENT_OK;
}

/* Whether a row of low-resolution logits has anything that needs a closer look: not a number,
 * +infinity or -infinity. */
static bool row_is_plain(const sg_interpolation *i, int64_t y)
{
    const segent_tensor_view *logits = &i->logits;
    int odd = 0;
    for (int64_t c = 0; c < logits->channels; c++) {
        const float *row = logits->data + c * logits->channel_stride + y * logits->row_stride;
        for (int64_t x = 0; x < logits->width; x++)
            odd |= !(fabsf(row[x * logits->column_stride]) < INFINITY);
    }
    return odd == 0;
}

static bool pixel_is_bad(const sg_interpolation *i, int64_t y, int64_t x)
{
    const segent_tensor_view *logits = &i->logits;
    const float *first = logits->data + sg_tensor_at(logits, y, x);
    bool possible = false;
    for (int64_t c = 0; c < logits->channels; c++) {
        const float value = first[c * logits->channel_stride];
        if (isnan(value) || value == INFINITY)
            return true;
        possible |= value != -INFINITY;
    }
    return !possible;
}

static void check_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    sg_interpolation *i = argument;
    for (int64_t y = begin; y < end; y++) {
        if (row_is_plain(i, y))
            continue;
        for (int64_t x = 0; x < i->logits.width; x++) {
            if (pixel_is_bad(i, y, x))
                sg_workspace_fault(&i->workspace, thread, y * i->logits.width + x);
        }
    }
}

segent_status sg_interpolation_check(segent_context *context, const char *function,
                                     sg_interpolation *i)
{
    sg_parallel_for(context->pool, i->logits.height, 1, check_rows, i);
    const int64_t bad = sg_workspace_first_fault(&i->workspace);
    return bad < 0 ? SEGENT_OK : sg_fail_logits(context, function, &i->logits, bad);
}

segent_status sg_fail_interpolated(segent_context *context, const char *function,
                                   const sg_interpolation *i, int64_t pixel)
{
    return sg_fail(context, SEGENT_ERROR_NOT_FINITE,
                   "%s: no class is possible at (y, x) = (%lld, %lld) of the output: where one "
                   "neighbour has a finite logit another has -infinity",
                   function, (long long)(pixel / i->width), (long long)(pixel % i->width));
}

/* ---- tiles ---- */

sg_stretched_tile sg_stretched_tile_begin(const sg_interpolation *i, int32_t thread)
{
    return (sg_stretched_tile){.thread = thread,
                               .x = -1,
                               .block = sg_workspace_block(&i->workspace, thread, BLOCK_PIXELS),
                               .slot = {sg_workspace_block(&i->workspace, thread, BLOCK_ROWS),
                                        sg_workspace_block(&i->workspace, thread, BLOCK_ROWS + 1)}};
}

float *sg_stretched_tile_block(const sg_interpolation *i, const sg_stretched_tile *t, int64_t index)
{
    return sg_workspace_block(&i->workspace, t->thread, BLOCKS + index);
}

bool sg_stretched_tile_next(const sg_interpolation *i, sg_stretched_tile *t)
{
    t->x = t->x < 0 ? 0 : t->x + i->workspace.width;
    if (t->x >= i->width)
        return false;
    const int64_t left = i->width - t->x;
    t->pixels = left < i->workspace.width ? left : i->workspace.width;
    t->held[0] = t->held[1] = -1;
    return true;
}

/* The stretched row `row`, keeping the slot that holds `other`. */
static const float *stretched(const sg_interpolation *i, sg_stretched_tile *t, int64_t row,
                              int64_t other)
{
    for (int slot = 0; slot < 2; slot++) {
        if (t->held[slot] == row)
            return t->slot[slot];
    }
    const int slot = t->held[0] == other ? 1 : 0;
    const sg_taps taps = {i->left + t->x, i->right + t->x, i->lambda + t->x};
    i->kernels->stretch(i->logits.data + sg_tensor_at(&i->logits, row, 0), i->logits.channel_stride,
                        i->logits.column_stride, taps, t->pixels, i->logits.channels, t->slot[slot],
                        i->workspace.width);
    t->held[slot] = row;
    return t->slot[slot];
}

void sg_interpolate(const sg_interpolation *i, sg_stretched_tile *t, int64_t y, bool labels)
{
    const int64_t classes = i->logits.channels, width = i->workspace.width;
    const sg_tap between = sg_tap_of(y, i->logits.height, i->height);
    int32_t *label = labels ? t->label : NULL;
    const float *top = stretched(i, t, between.left, between.right);
    if (between.lambda == 0.0f) {
        i->kernels->load(top, width, 1, t->pixels, classes, t->block, width, t->maximum, label);
        return;
    }
    const float *bottom = stretched(i, t, between.right, between.left);
    i->kernels->blend(top, bottom, 1.0f - between.lambda, between.lambda, t->pixels, classes,
                      t->block, width, t->maximum, label);
}
