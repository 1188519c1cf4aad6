/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Image entropy (equation 3) and figures per class: sums in double, row by row. */

#include "uncertainty/uncertainty.h"

#include <math.h>
#include <string.h>

/* Rows that a thread takes at a time. */
enum { TASK_ROWS = 16 };

void sg_row_sum_begin(sg_row_sum *sum)
{
    *sum = (sg_row_sum){.minimum = INFINITY, .maximum = -INFINITY};
}

sg_row_total sg_row_sum_end(sg_row_sum *sum, int64_t pixels)
{
    for (int step = SG_LANES / 2; step > 0; step /= 2) {
        for (int i = 0; i < step; i++)
            sum->lane[i] += sum->lane[i + step];
    }
    return (sg_row_total){
        .sum = sum->lane[0], .minimum = sum->minimum, .maximum = sum->maximum, .pixels = pixels};
}

segent_entropy_summary sg_summary_of_rows(const sg_row_total *rows, int64_t count)
{
    segent_entropy_summary summary = segent_entropy_summary_init();
    summary.minimum = INFINITY;
    summary.maximum = -INFINITY;
    for (int64_t y = 0; y < count; y++) {
        summary.sum += rows[y].sum;
        summary.pixels += rows[y].pixels;
        summary.undecided += rows[y].undecided;
        summary.minimum = fmin(summary.minimum, (double)rows[y].minimum);
        summary.maximum = fmax(summary.maximum, (double)rows[y].maximum);
    }
    if (summary.pixels == 0)
        return segent_entropy_summary_init();
    summary.mean = summary.sum / (double)summary.pixels;
    return summary;
}

/* ---- image entropy ---- */

typedef struct image_job {
    const sg_uncertainty_kernels *kernels;
    segent_map_view entropy;
    segent_label_view ignore; /* without data if nothing is left out */
    sg_row_total *rows;
} image_job;

static bool is_ignored(const image_job *job, int64_t y, int64_t x)
{
    return job->ignore.data && sg_label_at(&job->ignore, y, x) != 0;
}

/* Counted values of a row, packed together a block at a time. */
static sg_row_total sum_scattered(const image_job *job, int64_t y)
{
    float values[SG_BLOCK_PIXELS];
    int64_t held = 0, pixels = 0;
    sg_row_sum sum;
    sg_row_sum_begin(&sum);
    for (int64_t x = 0; x < job->entropy.width; x++) {
        if (is_ignored(job, y, x))
            continue;
        values[held++] = job->entropy.data[sg_map_at(&job->entropy, y, x)];
        if (held == SG_BLOCK_PIXELS) {
            job->kernels->accumulate(values, held, &sum);
            pixels += held;
            held = 0;
        }
    }
    job->kernels->accumulate(values, held, &sum);
    return sg_row_sum_end(&sum, pixels + held);
}

static void sum_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const image_job *job = argument;
    (void)thread;
    for (int64_t y = begin; y < end; y++) {
        if (job->ignore.data || job->entropy.column_stride != 1) {
            job->rows[y] = sum_scattered(job, y);
            continue;
        }
        sg_row_sum sum;
        sg_row_sum_begin(&sum);
        job->kernels->accumulate(job->entropy.data + sg_map_at(&job->entropy, y, 0),
                                 job->entropy.width, &sum);
        job->rows[y] = sg_row_sum_end(&sum, job->entropy.width);
    }
}

/* First counted NaN of a row whose sum is NaN; -1 if infinities of both signs made it. */
static int64_t find_nan(const image_job *job, int64_t y)
{
    for (int64_t x = 0; x < job->entropy.width; x++) {
        if (!is_ignored(job, y, x) && isnan(job->entropy.data[sg_map_at(&job->entropy, y, x)]))
            return x;
    }
    return -1;
}

static segent_status check_image(segent_context *context, const char *name,
                                 const segent_map_view *entropy, const segent_label_view *ignore,
                                 image_job *job)
{
    const sg_view_check mask = {context, name, "values of the ignore mask", false};
    segent_status status = sg_check_map(
        (sg_view_check){context, name, "values of the entropy map", false}, entropy, &job->entropy);
    if (status == SEGENT_OK && ignore)
        status = sg_check_labels(mask, ignore, 1, &job->ignore);
    if (status == SEGENT_OK && ignore)
        status = sg_check_same_size(mask, job->ignore.height, job->ignore.width,
                                    job->entropy.height, job->entropy.width);
    return status;
}

segent_status sg_image_entropy(segent_context *context, const segent_map_view *entropy,
                               const segent_label_view *ignore, segent_entropy_summary *given)
{
    static const char name[] = "segent_image_entropy";
    if (!given)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: summary is NULL", name);
    image_job job = {.kernels = &context->kernels.uncertainty};
    segent_status status = check_image(context, name, entropy, ignore, &job);
    if (status != SEGENT_OK)
        return status;
    const int64_t height = job.entropy.height;
    job.rows = sg_scratch_take(context, SG_SCRATCH_ROWS, (size_t)height, sizeof(*job.rows));
    if (!job.rows)
        return sg_fail_memory(context, "sums of rows", (size_t)height * sizeof(*job.rows));
    sg_parallel_for(context->pool, height, TASK_ROWS, sum_rows, &job);
    for (int64_t y = 0; y < height; y++) {
        const int64_t x = isnan(job.rows[y].sum) ? find_nan(&job, y) : -1;
        if (x >= 0)
            return sg_fail(context, SEGENT_ERROR_NOT_FINITE,
                           "%s: the entropy map holds NaN at (y, x) = (%lld, %lld)", name,
                           (long long)y, (long long)x);
    }
    const segent_entropy_summary summary = sg_summary_of_rows(job.rows, height);
    return sg_write_info(context, SG_STRUCT(segent_entropy_summary), given, &summary);
}

/* ---- figures per class ---- */

/* Adds pixel after pixel; `entropy_mean` holds the sum until the end. */
static segent_status gather(segent_context *context, const char *name,
                            const segent_label_view *labels, const segent_map_view *entropy,
                            segent_class_statistics *statistics, int64_t classes)
{
    for (int64_t y = 0; y < labels->height; y++) {
        if (sg_pool_stops(context->pool))
            return sg_fail(context, SEGENT_ERROR_CANCELLED, "the run was cancelled");
        for (int64_t x = 0; x < labels->width; x++) {
            const int32_t id = sg_label_at(labels, y, x);
            if (id >= classes)
                return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                               "%s: label %d at (y, x) = (%lld, %lld), but there are %lld classes",
                               name, (int)id, (long long)y, (long long)x, (long long)classes);
            statistics[id].pixels++;
            if (entropy->data)
                statistics[id].entropy_mean += (double)entropy->data[sg_map_at(entropy, y, x)];
        }
    }
    for (int64_t c = 0; c < classes; c++) {
        if (statistics[c].pixels > 0)
            statistics[c].entropy_mean /= (double)statistics[c].pixels;
    }
    return SEGENT_OK;
}

segent_status sg_statistics_per_class(segent_context *context, const segent_label_view *given,
                                      const segent_map_view *given_entropy,
                                      segent_class_statistics *statistics, int64_t classes)
{
    static const char name[] = "segent_statistics_per_class";
    const sg_view_check map = {context, name, "values of the entropy map", false};
    segent_label_view labels;
    segent_map_view entropy = {.data = NULL};
    if (!statistics)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: statistics is NULL", name);
    if (classes < 1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: %lld classes; there must be at least 1", name, (long long)classes);
    segent_status status =
        sg_check_labels((sg_view_check){context, name, "labels", false}, given, 1, &labels);
    if (status == SEGENT_OK && given_entropy)
        status = sg_check_map(map, given_entropy, &entropy);
    if (status == SEGENT_OK && given_entropy)
        status =
            sg_check_same_size(map, entropy.height, entropy.width, labels.height, labels.width);
    if (status != SEGENT_OK)
        return status;
    segent_class_statistics *gathered =
        sg_alloc_zero(&context->allocator, (size_t)classes, sizeof(*gathered));
    if (!gathered)
        return sg_fail_memory(context, "figures per class", (size_t)classes * sizeof(*gathered));
    status = gather(context, name, &labels, &entropy, gathered, classes);
    if (status == SEGENT_OK)
        memcpy(statistics, gathered, (size_t)classes * sizeof(*gathered));
    sg_free(&context->allocator, gathered);
    return status;
}
