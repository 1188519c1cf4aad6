/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "fixture.h"

#include <math.h>

static const int64_t class_counts[] = {1, 2, 3, 15, 16, 17, 21, 32, 33, 64, 150};
static const int64_t widths[] = {16, 64};

fixture make_fixture(const sg_uncertainty_kernels *k, int64_t classes, int64_t width,
                     int64_t pixels)
{
    fixture f = {.k = k, .classes = classes, .width = width, .pixels = pixels};
    f.seed = (uint64_t)(classes * 1000 + width * 100 + pixels);
    f.block_memory = check_allocate((size_t)(classes * width) * sizeof(float));
    for (int i = 0; i < 4; i++)
        f.pixel_memory[i] = check_allocate((size_t)width * sizeof(float));
    f.block = f.block_memory.data;
    f.maximum = f.pixel_memory[0].data;
    f.sum = f.pixel_memory[1].data;
    f.nats = f.pixel_memory[2].data;
    f.label = f.pixel_memory[3].data;
    return f;
}

void free_fixture(fixture *f)
{
    check_free(&f->block_memory);
    for (int i = 0; i < 4; i++)
        check_free(&f->pixel_memory[i]);
}

void sweep(const sg_uncertainty_kernels *k, void (*test)(fixture *))
{
    for (int c = 0; c < COUNT(class_counts); c++) {
        for (int w = 0; w < COUNT(widths); w++) {
            for (int64_t pixels = 1; pixels <= widths[w]; pixels += pixels < 18 ? 1 : 5) {
                fixture f = make_fixture(k, class_counts[c], widths[w], pixels);
                test(&f);
                free_fixture(&f);
            }
        }
    }
}

void expect_equal(const char *what, const fixture *f, int64_t c, int64_t j, float value,
                  float expected)
{
    if (value != expected)
        check_fail("%s: %.9g instead of %.9g (class %d of %d, pixel %d of %d)", what, (double)value,
                   (double)expected, (int)c, (int)f->classes, (int)j, (int)f->pixels);
}

void fill_block(fixture *f)
{
    static const float ranges[] = {1e-3f, 1.0f, 10.0f, 100.0f, 1e4f, 1e-39f, 3e38f};
    for (int64_t j = 0; j < f->pixels; j++) {
        const int64_t kind = (j * 5 + f->classes + f->pixels) % (COUNT(ranges) + 3);
        for (int64_t c = 0; c < f->classes; c++) {
            float value = check_random(&f->seed, -1.0f, 1.0f);
            if (kind < COUNT(ranges))
                value *= ranges[kind];
            else if (kind == COUNT(ranges))
                value = 0.25f; /* uniform */
            else if (kind == COUNT(ranges) + 1)
                value = c == j % f->classes ? 300.0f : value; /* one-hot */
            else if (c != j % f->classes && c % 2)
                value = -INFINITY;
            f->block[c * f->width + j] = value;
        }
    }
}

void find_maxima(const fixture *f, float *maximum, int32_t *label)
{
    for (int64_t j = 0; j < f->pixels; j++) {
        label[j] = 0;
        for (int64_t c = 1; c < f->classes; c++) {
            if (f->block[c * f->width + j] > f->block[label[j] * f->width + j])
                label[j] = (int32_t)c;
        }
        maximum[j] = f->block[label[j] * f->width + j];
    }
}
