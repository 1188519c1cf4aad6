/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "layer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const float GAP = 12345.0f; /* between pixels */

static void *room(size_t count, size_t size)
{
    void *memory = aligned_alloc(64, (count * size + 63) / 64 * 64);
    assert_non_null(memory);
    return memory;
}

/* Values between pixels are GAP, so that writes there show, and reads of them too. */
static sg_tensor tensor(int32_t height, int32_t width, int32_t channels, int32_t pad,
                        uint64_t *seed)
{
    sg_tensor t = {NULL, SG_F32, height, width, channels, channels + pad, 0};
    const int64_t pixels = sg_tensor_pixels(&t);
    t.data = room((size_t)(pixels * t.pixel_stride), sizeof(float));
    for (int64_t p = 0; p < pixels; p++) {
        float *pixel = sg_tensor_f32(&t, p);
        for (int32_t c = 0; c < channels; c++)
            pixel[c] = seed ? test_random_uniform(seed, -1.7f, 1.7f) : NAN;
        for (int32_t c = channels; c < t.pixel_stride; c++)
            pixel[c] = GAP;
    }
    return t;
}

static int32_t side(const sg_convolution_shape *s, int32_t n)
{
    return (n + 2 * s->padding - s->dilation * (s->kernel - 1) - 1) / s->stride + 1;
}

layer layer_make(const layer_case *what, uint64_t seed)
{
    const sg_convolution_shape *s = &what->shape;
    const size_t depth = (size_t)(s->inputs / s->groups * s->kernel * s->kernel);
    const size_t count = depth * (size_t)s->outputs;
    layer l = {.what = *what};
    l.weights = room(count, sizeof(float));
    l.scale = room((size_t)s->outputs, sizeof(double));
    l.shift = room((size_t)s->outputs, sizeof(double));
    const float size = 1.7f / sqrtf((float)depth);
    for (size_t i = 0; i < count; i++)
        l.weights[i] = test_random_uniform(&seed, -size, size);
    for (int32_t o = 0; o < s->outputs; o++) {
        l.scale[o] = (double)test_random_uniform(&seed, 0.5f, 1.5f);
        l.shift[o] = (double)test_random_uniform(&seed, -0.5f, 0.5f);
    }
    l.input = tensor(what->height, what->width, s->inputs, what->pad, &seed);
    const int32_t height = side(s, what->height), width = side(s, what->width);
    l.output = tensor(height, width, s->outputs, what->pad, NULL);
    l.residual = tensor(height, width, s->outputs, what->pad, &seed);
    l.packing = (sg_convolution_weights){l.weights, 0, l.scale, l.shift, NULL};
    return l;
}

void layer_free(layer *l)
{
    free(l->weights);
    free(l->scale);
    free(l->shift);
    free(l->input.data);
    free(l->output.data);
    free(l->residual.data);
    free(l->truth);
}

void layer_reset(layer *l)
{
    for (int64_t p = 0; p < sg_tensor_pixels(&l->output); p++) {
        for (int32_t c = 0; c < l->output.channels; c++) {
            const float *residual = sg_tensor_f32(&l->residual, p);
            sg_tensor_f32(&l->output, p)[c] = l->what.residual == IN_PLACE ? residual[c] : NAN;
        }
    }
}

sg_convolution_call layer_call(const layer *l)
{
    sg_convolution_call call = {.input = l->input, .output = l->output};
    if (l->what.residual != NO_RESIDUAL)
        call.residual = l->what.residual == IN_PLACE ? &l->output : &l->residual;
    return call;
}

/* Sum over taps and over the inputs of a group, from `first` on, of one output. */
static double sum(const layer *l, const double *weights, int32_t first, int32_t y, int32_t x)
{
    const sg_convolution_shape *s = &l->what.shape;
    const int32_t inputs = s->inputs / s->groups;
    double total = 0;
    for (int32_t tap = 0; tap < s->kernel * s->kernel; tap++) {
        const int32_t iy = y * s->stride - s->padding + tap / s->kernel * s->dilation;
        const int32_t ix = x * s->stride - s->padding + tap % s->kernel * s->dilation;
        if (iy < 0 || iy >= l->input.height || ix < 0 || ix >= l->input.width)
            continue;
        const float *pixel = sg_tensor_f32(&l->input, (int64_t)iy * l->input.width + ix) + first;
        for (int32_t i = 0; i < inputs; i++)
            total += weights[tap * inputs + i] * (double)pixel[i];
    }
    return total;
}

static double activated(sg_activation activation, double value)
{
    const double gate = fmin(fmax(value + 3, 0), 6) / 6;
    switch (activation) {
    case SG_RELU:
        return value < 0 ? 0 : value;
    case SG_HARD_SWISH:
        return value * gate;
    case SG_HARD_SIGMOID:
        return gate;
    case SG_SIGMOID:
        return 1 / (1 + exp(-value));
    default:
        return value;
    }
}

void layer_truth(layer *l)
{
    const sg_convolution_shape *s = &l->what.shape;
    const int32_t taps = s->kernel * s->kernel, inputs = s->inputs / s->groups;
    const int64_t pixels = sg_tensor_pixels(&l->output);
    l->truth = room((size_t)(pixels * s->outputs), sizeof(double));
    double *weights = room((size_t)(taps * inputs), sizeof(double));
    for (int32_t o = 0; o < s->outputs; o++) {
        const int32_t first = o / (s->outputs / s->groups) * inputs;
        for (int32_t i = 0; i < inputs; i++) {
            for (int32_t tap = 0; tap < taps; tap++)
                weights[tap * inputs + i] =
                    (double)(float)((double)l->weights[(o * inputs + i) * taps + tap] *
                                    l->scale[o]);
        }
        for (int64_t p = 0; p < pixels; p++) {
            double value = sum(l, weights, first, (int32_t)(p / l->output.width),
                               (int32_t)(p % l->output.width)) +
                           (double)(float)l->shift[o];
            if (l->what.residual != NO_RESIDUAL)
                value += (double)sg_tensor_f32(&l->residual, p)[o];
            l->truth[p * s->outputs + o] = activated(s->activation, value);
        }
    }
    free(weights);
}

double layer_error(const layer *l)
{
    double error = 0, size = 0;
    for (int64_t p = 0; p < sg_tensor_pixels(&l->output); p++) {
        const float *pixel = sg_tensor_f32(&l->output, p);
        for (int32_t c = 0; c < l->output.channels; c++) {
            const double truth = l->truth[p * l->output.channels + c];
            error += ((double)pixel[c] - truth) * ((double)pixel[c] - truth);
            size += truth * truth;
        }
        for (int32_t c = l->output.channels; c < l->output.pixel_stride; c++) {
            if (pixel[c] != GAP)
                fail_msg("%s: wrote behind pixel %d", layer_name(l), (int)p);
        }
    }
    return sqrt(error / size);
}

const char *layer_name(const layer *l)
{
    static char name[96];
    char groups[32] = "";
    const sg_convolution_shape *s = &l->what.shape;
    if (s->groups > 1)
        snprintf(groups, sizeof(groups), " in %d groups", s->groups);
    snprintf(name, sizeof(name), "%dx%d %d -> %d%s /%d d%d at %dx%d", s->kernel, s->kernel,
             s->inputs, s->outputs, groups, s->stride, s->dilation, l->what.width, l->what.height);
    return name;
}
