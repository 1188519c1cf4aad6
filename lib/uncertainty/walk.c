/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Rows of pixels, tile by tile, on all threads. */

#include "uncertainty/uncertainty.h"

#include <math.h>

/* Logits that a thread takes at a time: enough to make a task's overhead vanish, and what a kernel
 * loses where it starts to read from memory. */
enum { TASK_LOGITS = 1 << 16, JOINED_LOGITS = 1 << 18, FEW_CLASSES = 128 };

/* Pixels of a block: fewer for many classes, so that it stays in the caches. */
static int64_t block_width(int64_t classes)
{
    return classes <= FEW_CLASSES ? SG_BLOCK_PIXELS : SG_LANES;
}

segent_status sg_workspace_create(segent_context *context, int64_t classes, int64_t blocks,
                                  sg_workspace *workspace)
{
    const int64_t width = block_width(classes), threads = sg_pool_threads(context->pool);
    size_t count;
    *workspace = (sg_workspace){.threads = threads,
                                .classes = classes,
                                .width = width,
                                .block_size = (size_t)classes * (size_t)width,
                                .blocks = blocks};
    if (!sg_size_multiply(workspace->block_size, (size_t)(blocks * threads), &count))
        return sg_fail_memory(context, "blocks of pixels", SIZE_MAX);
    workspace->memory = sg_scratch_take(context, SG_SCRATCH_TILES, count, sizeof(float));
    workspace->faults =
        sg_scratch_take(context, SG_SCRATCH_FAULTS, (size_t)threads, sizeof(int64_t));
    if (!workspace->memory || !workspace->faults)
        return sg_fail_memory(context, "blocks of pixels", count * sizeof(float));
    for (int64_t i = 0; i < threads; i++)
        workspace->faults[i] = INT64_MAX;
    return SEGENT_OK;
}

float *sg_workspace_block(const sg_workspace *workspace, int32_t thread, int64_t index)
{
    return workspace->memory + (size_t)(thread * workspace->blocks + index) * workspace->block_size;
}

void sg_workspace_fault(sg_workspace *workspace, int32_t thread, int64_t pixel)
{
    if (pixel < workspace->faults[thread])
        workspace->faults[thread] = pixel;
}

int64_t sg_workspace_first_fault(const sg_workspace *workspace)
{
    int64_t first = INT64_MAX;
    for (int64_t i = 0; i < workspace->threads; i++)
        first = workspace->faults[i] < first ? workspace->faults[i] : first;
    return first == INT64_MAX ? -1 : first;
}

typedef struct walk {
    const sg_uncertainty_kernels *kernels;
    const segent_tensor_view *values;
    sg_workspace workspace;
    sg_walk_options options; /* as they apply to this layout */
    sg_visit_fn visit;
    void *user;
} walk;

/* Pixels from the start of row y on, side by side. */
static void walk_run(walk *w, int64_t y, int64_t pixels, int32_t thread)
{
    _Alignas(64) float maximum[SG_BLOCK_PIXELS];
    _Alignas(64) int32_t label[SG_BLOCK_PIXELS];
    const segent_tensor_view *values = w->values;
    const bool direct = w->options.direct;
    const int64_t step = direct ? pixels : w->workspace.width;
    sg_tile tile = {.y = y,
                    .classes = values->channels,
                    .class_stride = values->channel_stride,
                    .width = w->workspace.width,
                    .block = direct ? NULL : sg_workspace_block(&w->workspace, thread, 0),
                    .maximum = maximum,
                    .label = w->options.labels ? label : NULL};
    for (tile.x = 0; tile.x < pixels; tile.x += step) {
        const int64_t left = pixels - tile.x;
        tile.pixels = left < step ? left : step;
        tile.source = values->data + sg_tensor_at(values, y, tile.x);
        if (!direct)
            w->kernels->load(tile.source, values->channel_stride, values->column_stride,
                             tile.pixels, tile.classes, tile.block, tile.width, tile.maximum,
                             tile.label);
        const int64_t bad = w->visit(w->user, w->kernels, &tile);
        if (bad >= 0)
            sg_workspace_fault(&w->workspace, thread, y * values->width + tile.x + bad);
    }
}

static void walk_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    walk *w = argument;
    if (w->options.joined) {
        walk_run(w, begin, (end - begin) * w->values->width, thread);
        return;
    }
    for (int64_t y = begin; y < end; y++)
        walk_run(w, y, w->values->width, thread);
}

segent_status sg_walk(segent_context *context, const segent_tensor_view *values,
                      sg_walk_options options, sg_visit_fn visit, void *user, int64_t *bad)
{
    walk w = {.kernels = &context->kernels.uncertainty,
              .values = values,
              .options = options,
              .visit = visit,
              .user = user};
    const segent_status status = sg_workspace_create(context, values->channels, 1, &w.workspace);
    if (status != SEGENT_OK)
        return status;
    w.options.direct = options.direct && values->column_stride == 1;
    w.options.joined = w.options.direct && options.joined && values->row_stride == values->width;
    const int64_t logits = w.options.joined ? JOINED_LOGITS : TASK_LOGITS;
    sg_parallel_for(context->pool, values->height, logits / values->channels / values->width,
                    walk_rows, &w);
    *bad = sg_workspace_first_fault(&w.workspace);
    return SEGENT_OK;
}

int64_t sg_first_nan(const float *values, int64_t n)
{
    int any = 0;
    for (int64_t i = 0; i < n; i++)
        any |= values[i] != values[i];
    for (int64_t i = 0; any && i < n; i++) {
        if (isnan(values[i]))
            return i;
    }
    return -1;
}

bool sg_fail_not_finite(segent_context *context, const char *function, const char *what,
                        const segent_tensor_view *values, int64_t pixel, bool infinity)
{
    const int64_t y = pixel / values->width, x = pixel % values->width;
    const float *first = values->data + sg_tensor_at(values, y, x);
    for (int64_t c = 0; c < values->channels; c++) {
        const float value = first[c * values->channel_stride];
        if (!isnan(value) && !(infinity && value == INFINITY))
            continue;
        (void)sg_fail(context, SEGENT_ERROR_NOT_FINITE,
                      "%s: the %s hold %s at (y, x, class) = (%lld, %lld, %lld)", function, what,
                      isnan(value) ? "NaN" : "+infinity", (long long)y, (long long)x, (long long)c);
        return true;
    }
    return false;
}

segent_status sg_fail_logits(segent_context *context, const char *function,
                             const segent_tensor_view *logits, int64_t pixel)
{
    if (sg_fail_not_finite(context, function, "logits", logits, pixel, true))
        return SEGENT_ERROR_NOT_FINITE;
    return sg_fail(context, SEGENT_ERROR_NOT_FINITE,
                   "%s: the logits of all classes are -infinity at (y, x) = (%lld, %lld)", function,
                   (long long)(pixel / logits->width), (long long)(pixel % logits->width));
}
