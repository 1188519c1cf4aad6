/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Plain C for all processors; see convolution.h. */

#include "convolution.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* First channel of the pixel that a tap of output pixel (y, x) sees, or NULL outside the map. */
static const float *tap_pixel(const sg_window *window, int64_t y, int64_t x, int64_t tap)
{
    const int64_t row =
        y * window->stride - window->padding + tap / window->kernel * window->dilation;
    const int64_t column =
        x * window->stride - window->padding + tap % window->kernel * window->dilation;
    if (row < 0 || row >= window->height || column < 0 || column >= window->width)
        return NULL;
    return window->input + (row * window->width + column) * window->pixel_stride;
}

/* How many taps, from `tap` on, which is inside the map, and before `end`, lie one after another in
 * memory: at most those that are left in the window's row. */
static int64_t adjacent_taps(const sg_window *window, int64_t x, int64_t tap, int64_t end)
{
    if (window->dilation != 1 || window->pixel_stride != window->channels)
        return 1;
    const int64_t kx = tap % window->kernel;
    const int64_t inside = window->width - (x * window->stride - window->padding + kx);
    int64_t count = window->kernel - kx;
    count = count < inside ? count : inside;
    return count < end - tap ? count : end - tap;
}

/* A row of the window: constants for the usual first layers of three channels, because a call of
 * memcpy would take longer than so few numbers do. */
static inline void copy_taps(float *to, const float *from, int64_t count)
{
    if (count == 9)
        memcpy(to, from, 9 * sizeof(float));
    else if (count == 21)
        memcpy(to, from, 21 * sizeof(float));
    else
        memcpy(to, from, (size_t)count * sizeof(float));
}

/* Taps of one pixel of which some may be outside the map. */
static float *gather_taps(const sg_window *window, int64_t y, int64_t x, int64_t first_tap,
                          int64_t taps, float *rows)
{
    const size_t bytes = (size_t)window->channels * sizeof(float);
    for (int64_t tap = first_tap, count; tap < first_tap + taps; tap += count) {
        const float *pixel = tap_pixel(window, y, x, tap);
        count = pixel ? adjacent_taps(window, x, tap, first_tap + taps) : 1;
        if (pixel)
            memcpy(rows, pixel, (size_t)count * bytes);
        else
            memset(rows, 0, bytes);
        rows += count * window->channels;
    }
    return rows;
}

void sg_im2col_f32(const sg_window *window, int64_t first, int64_t pixels, int64_t first_tap,
                   int64_t taps, float *rows)
{
    const int64_t kernel = window->kernel, count = kernel * window->channels;
    /* Whether a row of the window lies in one piece, and all of the window is asked for. */
    const bool whole = window->dilation == 1 && window->pixel_stride == window->channels &&
                       first_tap == 0 && taps == kernel * kernel;
    int64_t y = first / window->output_width, x = first % window->output_width;
    for (int64_t p = 0; p < pixels; p++) {
        const int64_t row = y * window->stride - window->padding;
        const int64_t column = x * window->stride - window->padding;
        if (whole && row >= 0 && row + kernel <= window->height && column >= 0 &&
            column + kernel <= window->width) {
            const float *from = window->input + (row * window->width + column) * window->channels;
            for (int64_t ky = 0; ky < kernel; ky++, rows += count)
                copy_taps(rows, from + ky * window->width * window->channels, count);
        } else {
            rows = gather_taps(window, y, x, first_tap, taps, rows);
        }
        if (++x == window->output_width) {
            x = 0;
            y++;
        }
    }
}

void sg_max_pool_f32(const sg_window *window, int64_t first, int64_t pixels, float *output,
                     int64_t output_stride)
{
    const int64_t taps = window->kernel * window->kernel;
    for (int64_t p = first; p < first + pixels; p++, output += output_stride) {
        const int64_t y = p / window->output_width, x = p % window->output_width;
        for (int64_t c = 0; c < window->channels; c++)
            output[c] = -INFINITY;
        for (int64_t tap = 0; tap < taps; tap++) {
            const float *pixel = tap_pixel(window, y, x, tap);
            for (int64_t c = 0; pixel && c < window->channels; c++)
                output[c] = pixel[c] > output[c] || isnan(pixel[c]) ? pixel[c] : output[c];
        }
    }
}

void sg_widen(const sg_bf16 *halves, int64_t count, float *floats)
{
    for (int64_t i = 0; i < count; i++)
        floats[i] = sg_bf16_widen(halves[i]);
}

void sg_round(const float *floats, int64_t count, sg_bf16 *halves)
{
    for (int64_t i = 0; i < count; i++)
        halves[i] = sg_bf16_round(floats[i]);
}

void sg_epilogue_f32(float *values, int64_t stride, const float *bias, const float *residual,
                     int64_t residual_stride, int64_t pixels, int64_t channels,
                     sg_activation activation)
{
    for (int64_t p = 0; p < pixels; p++) {
        float *row = values + p * stride;
        for (int64_t c = 0; c < channels; c++)
            row[c] += bias[c];
        for (int64_t c = 0; residual && c < channels; c++)
            row[c] += residual[p * residual_stride + c];
        if (activation == SG_RELU) { /* a loop of its own, which compilers turn into vectors */
            for (int64_t c = 0; c < channels; c++)
                row[c] = sg_activate(SG_RELU, row[c]);
        } else if (activation != SG_IDENTITY) {
            for (int64_t c = 0; c < channels; c++)
                row[c] = sg_activate(activation, row[c]);
        }
    }
}

void sg_blend_f32(const float *const corners[4], float down, float right, int64_t channels,
                  float *output)
{
    const float *a = corners[0], *b = corners[1], *c = corners[2], *d = corners[3];
    for (int64_t i = 0; i < channels; i++)
        output[i] = (1.0f - down) * ((1.0f - right) * a[i] + right * b[i]) +
                    down * ((1.0f - right) * c[i] + right * d[i]);
}

void sg_to_planes_f32(const float *values, int64_t stride, int64_t pixels, int64_t channels,
                      float *planes, int64_t plane_stride)
{
    for (int64_t c = 0; c < channels; c++) {
        for (int64_t p = 0; p < pixels; p++)
            planes[c * plane_stride + p] = values[p * stride + c];
    }
}
