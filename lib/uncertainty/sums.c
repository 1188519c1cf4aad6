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
    return (sg_row_total){sum->lane[0], sum->minimum, sum->maximum, pixels};
}

segent_entropy_summary sg_summary_of_rows(const sg_row_total *rows, int64_t count)
{
    segent_entropy_summary summary = segent_entropy_summary_init();
    summary.minimum = INFINITY;
    summary.maximum = -INFINITY;
    for (int64_t y = 0; y < count; y++) {
        summary.sum += rows[y].sum;
        summary.pixels += rows[y].pixels;
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
    const float *entropy;
    int64_t width;
    segent_plane plane;
    const uint8_t *ignore;
    segent_plane ignore_plane;
    sg_row_total *rows;
} image_job;

/* Counted values of a row, packed together a block at a time. */
static sg_row_total sum_scattered(const image_job *job, int64_t y)
{
    float values[SG_BLOCK_PIXELS];
    const float *row = job->entropy + y * job->plane.row_stride;
    const uint8_t *ignore = job->ignore ? job->ignore + y * job->ignore_plane.row_stride : NULL;
    int64_t held = 0, pixels = 0;
    sg_row_sum sum;
    sg_row_sum_begin(&sum);
    for (int64_t x = 0; x < job->width; x++) {
        if (ignore && ignore[x * job->ignore_plane.column_stride] != 0)
            continue;
        values[held++] = row[x * job->plane.column_stride];
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
        if (job->ignore || job->plane.column_stride != 1) {
            job->rows[y] = sum_scattered(job, y);
            continue;
        }
        sg_row_sum sum;
        sg_row_sum_begin(&sum);
        job->kernels->accumulate(job->entropy + y * job->plane.row_stride, job->width, &sum);
        job->rows[y] = sg_row_sum_end(&sum, job->width);
    }
}

/* First counted NaN of a row whose sum is NaN; -1 if infinities of both signs made it. */
static int64_t find_nan(const image_job *job, int64_t y)
{
    for (int64_t x = 0; x < job->width; x++) {
        const bool ignored =
            job->ignore &&
            job->ignore[y * job->ignore_plane.row_stride + x * job->ignore_plane.column_stride] !=
                0;
        if (!ignored &&
            isnan(job->entropy[y * job->plane.row_stride + x * job->plane.column_stride]))
            return x;
    }
    return -1;
}

segent_status sg_image_entropy(segent_context *context, const float *entropy, int64_t height,
                               int64_t width, const segent_plane *plane, const uint8_t *ignore,
                               const segent_plane *ignore_plane, segent_entropy_summary *given)
{
    static const char name[] = "segent_image_entropy";
    if (!entropy || !given)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: %s is NULL", name,
                       entropy ? "summary" : "entropy");
    image_job job = {&context->kernels.uncertainty, entropy, width, {0, 0}, ignore, {0, 0}, NULL};
    segent_status status = sg_check_size(context, name, height, width);
    if (status == SEGENT_OK)
        status = sg_check_plane(context, name, "values of the entropy map", height, width, plane,
                                false, &job.plane);
    if (status == SEGENT_OK)
        status = sg_check_plane(context, name, "values of the ignore mask", height, width,
                                ignore_plane, false, &job.ignore_plane);
    if (status != SEGENT_OK)
        return status;
    job.rows = sg_alloc(&context->allocator, (size_t)height, sizeof(*job.rows));
    if (!job.rows)
        return sg_fail_memory(context, "sums of rows", (size_t)height * sizeof(*job.rows));
    sg_parallel_for(context->pool, height, TASK_ROWS, sum_rows, &job);
    for (int64_t y = 0; y < height && status == SEGENT_OK; y++) {
        const int64_t x = isnan(job.rows[y].sum) ? find_nan(&job, y) : -1;
        if (x >= 0)
            status = sg_fail(context, SEGENT_ERROR_NOT_FINITE,
                             "%s: the entropy map holds NaN at (y, x) = (%lld, %lld)", name,
                             (long long)y, (long long)x);
    }
    const segent_entropy_summary summary = sg_summary_of_rows(job.rows, height);
    sg_free(&context->allocator, job.rows);
    return status == SEGENT_OK
               ? sg_write_info(context, "segent_entropy_summary", given, &summary, sizeof(summary))
               : status;
}

/* ---- figures per class ---- */

typedef struct class_job {
    const void *labels;
    segent_label_type type;
    segent_plane labels_plane;
    const float *entropy;
    segent_plane entropy_plane;
    int64_t height, width, classes;
} class_job;

/* Adds pixel after pixel; `entropy_mean` holds the sum until the end. */
static segent_status gather(segent_context *context, const char *name, const class_job *job,
                            segent_class_statistics *statistics)
{
    for (int64_t y = 0; y < job->height; y++) {
        for (int64_t x = 0; x < job->width; x++) {
            const int32_t id = sg_label_get(job->labels, job->type,
                                            y * job->labels_plane.row_stride +
                                                x * job->labels_plane.column_stride);
            if (id >= job->classes)
                return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                               "%s: label %d at (y, x) = (%lld, %lld), but there are %lld classes",
                               name, (int)id, (long long)y, (long long)x, (long long)job->classes);
            statistics[id].pixels++;
            if (job->entropy)
                statistics[id].entropy_mean +=
                    (double)job->entropy[y * job->entropy_plane.row_stride +
                                         x * job->entropy_plane.column_stride];
        }
    }
    for (int64_t c = 0; c < job->classes; c++) {
        if (statistics[c].pixels > 0)
            statistics[c].entropy_mean /= (double)statistics[c].pixels;
    }
    return SEGENT_OK;
}

segent_status sg_statistics_per_class(segent_context *context, const void *labels,
                                      segent_label_type type, const segent_plane *labels_plane,
                                      const float *entropy, const segent_plane *entropy_plane,
                                      int64_t height, int64_t width, int64_t classes,
                                      segent_class_statistics *statistics)
{
    static const char name[] = "segent_statistics_per_class";
    if (!labels || !statistics)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: %s is NULL", name,
                       labels ? "statistics" : "labels");
    if (classes < 1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: %lld classes; there must be at least 1", name, (long long)classes);
    class_job job = {labels, type, {0, 0}, entropy, {0, 0}, height, width, classes};
    segent_status status = sg_check_size(context, name, height, width);
    if (status == SEGENT_OK)
        status = sg_check_labels(context, name, type, 1);
    if (status == SEGENT_OK)
        status = sg_check_plane(context, name, "labels", height, width, labels_plane, false,
                                &job.labels_plane);
    if (status == SEGENT_OK)
        status = sg_check_plane(context, name, "values of the entropy map", height, width,
                                entropy_plane, false, &job.entropy_plane);
    if (status != SEGENT_OK)
        return status;
    segent_class_statistics *gathered =
        sg_alloc_zero(&context->allocator, (size_t)classes, sizeof(*gathered));
    if (!gathered)
        return sg_fail_memory(context, "figures per class", (size_t)classes * sizeof(*gathered));
    status = gather(context, name, &job, gathered);
    if (status == SEGENT_OK)
        memcpy(statistics, gathered, (size_t)classes * sizeof(*gathered));
    sg_free(&context->allocator, gathered);
    return status;
}
