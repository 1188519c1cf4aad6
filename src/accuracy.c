/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "accuracy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "console.h"

/* Of a picture's mean entropy: differences up to this share of it are counted as small. */
static const double small_share = 0.01;

/* ---- sums ---- */

/* |a - b|, which for two infinities of the same sign is 0. */
static double difference(double a, double b)
{
    return a == b ? 0.0 : fabs(a - b);
}

static void note_picture(sg_accuracy *accuracy, const sg_accuracy_picture *picture, double equal)
{
    if (accuracy->count == accuracy->room) {
        accuracy->room = accuracy->room ? accuracy->room * 2 : 64;
        accuracy->pictures =
            memory_grow(accuracy->pictures, accuracy->room, sizeof(*accuracy->pictures));
    }
    if (accuracy->count == 0 || equal < accuracy->worst_equal) {
        accuracy->worst_equal = equal;
        accuracy->worst = accuracy->count;
    }
    accuracy->pictures[accuracy->count++] = *picture;
}

void accuracy_add(sg_accuracy *accuracy, const sg_accuracy_maps *reference,
                  const sg_accuracy_maps *other, size_t pixels)
{
    const sg_accuracy_picture picture = {reference->entropy_mean, other->entropy_mean};
    int64_t equal = 0;
    for (size_t i = 0; i < pixels; i++) {
        const double entropy = difference((double)reference->entropy[i], (double)other->entropy[i]);
        const double margin = difference(reference->margin[i], other->margin[i]);
        accuracy->entropy_sum += entropy;
        accuracy->entropy_largest = fmax(accuracy->entropy_largest, entropy);
        accuracy->margin_squares += margin * margin;
        accuracy->margin_largest = fmax(accuracy->margin_largest, margin);
        if (reference->labels[i] == other->labels[i])
            equal++;
        else
            accuracy->changed_margin = fmax(accuracy->changed_margin, other->margin[i]);
    }
    accuracy->pixels += (int64_t)pixels;
    accuracy->equal += equal;
    note_picture(accuracy, &picture, (double)equal / (double)pixels);
}

void accuracy_free(sg_accuracy *accuracy)
{
    free(accuracy->pictures);
    *accuracy = (sg_accuracy){.pixels = 0};
}

/* ---- ranks ---- */

typedef struct placed {
    double value;
    size_t place;
} placed;

static int by_value(const void *left, const void *right)
{
    const placed *a = left, *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

void accuracy_ranks(const double *values, size_t count, double *ranks)
{
    placed *sorted = memory_need(count, sizeof(*sorted));
    for (size_t i = 0; i < count; i++)
        sorted[i] = (placed){values[i], i};
    qsort(sorted, count, sizeof(*sorted), by_value);
    for (size_t begin = 0, end; begin < count; begin = end) {
        for (end = begin + 1; end < count && sorted[end].value == sorted[begin].value; end++)
            continue;
        /* The mean of begin + 1 to end. */
        for (size_t i = begin; i < end; i++)
            ranks[sorted[i].place] = 0.5 * (double)(begin + 1 + end);
    }
    free(sorted);
}

/* Pearson's correlation of two lists of ranks, whose means are both (count + 1) / 2. */
static double correlation(const double *a, const double *b, size_t count)
{
    const double mean = 0.5 * (double)(count + 1);
    double both = 0.0, squares_a = 0.0, squares_b = 0.0;
    for (size_t i = 0; i < count; i++) {
        both += (a[i] - mean) * (b[i] - mean);
        squares_a += (a[i] - mean) * (a[i] - mean);
        squares_b += (b[i] - mean) * (b[i] - mean);
    }
    /* 0 / 0 where all of a list are equal. */
    return both / sqrt(squares_a * squares_b);
}

static void compare_ranks(const sg_accuracy *accuracy, sg_accuracy_figures *figures)
{
    const size_t count = accuracy->count;
    double *values = memory_need(count, sizeof(*values));
    double *ranks = memory_need(count, 2 * sizeof(*ranks));
    for (size_t i = 0; i < count; i++)
        values[i] = accuracy->pictures[i].reference;
    accuracy_ranks(values, count, ranks);
    for (size_t i = 0; i < count; i++)
        values[i] = accuracy->pictures[i].other;
    accuracy_ranks(values, count, ranks + count);
    for (size_t i = 0; i < count; i++)
        figures->ranks_changed += ranks[i] != ranks[count + i];
    figures->rank_correlation = correlation(ranks, ranks + count, count);
    free(ranks);
    free(values);
}

/* ---- figures ---- */

/* How far a picture's mean entropy is off, relative to the reference's; all of it, 1, where that is
 * 0 and the other is not. */
static double relative(const sg_accuracy_picture *picture)
{
    const double off = difference(picture->reference, picture->other);
    if (off == 0.0)
        return 0.0;
    return picture->reference > 0.0 ? off / picture->reference : 1.0;
}

static void compare_pictures(const sg_accuracy *accuracy, sg_accuracy_figures *figures)
{
    size_t within = 0;
    double sum = 0.0;
    for (size_t i = 0; i < accuracy->count; i++) {
        const double off = relative(&accuracy->pictures[i]);
        figures->image_largest = fmax(figures->image_largest, off);
        sum += off;
        within += off <= small_share;
    }
    figures->image_mean = sum / (double)accuracy->count;
    figures->image_within = (double)within / (double)accuracy->count;
}

/* The next larger number of three significant digits. */
static double round_up(double value)
{
    if (!(value > 0.0) || !isfinite(value))
        return value;
    const double unit = pow(10.0, floor(log10(value)) - 2.0);
    /* By way of text, because the unit itself is rounded and would leave further digits. */
    char text[32];
    snprintf(text, sizeof(text), "%.3g", (floor(value / unit) + 1.0) * unit);
    return strtod(text, NULL);
}

sg_accuracy_figures accuracy_figures(const sg_accuracy *accuracy)
{
    const double pixels = (double)accuracy->pixels;
    sg_accuracy_figures figures = {
        .labels_equal = (double)accuracy->equal / pixels,
        .entropy_mean = accuracy->entropy_sum / pixels,
        .entropy_largest = accuracy->entropy_largest,
        .margin_rms = sqrt(accuracy->margin_squares / pixels),
        .margin_largest = accuracy->margin_largest,
        .changed_margin = accuracy->changed_margin,
    };
    figures.precision_error = round_up(fmax(figures.changed_margin, figures.margin_rms));
    compare_pictures(accuracy, &figures);
    compare_ranks(accuracy, &figures);
    return figures;
}
