/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A case of an uncertainty kernel's check: a block of pixels and what goes with it. */

#ifndef FIXTURE_H
#define FIXTURE_H

#include "check.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

enum { P = SG_BLOCK_PIXELS };

/* One case: a block, and the arrays with one value a pixel, each ending at a guard page. */
typedef struct fixture {
    const sg_uncertainty_kernels *k;
    int64_t classes, width, pixels;
    check_memory block_memory, pixel_memory[4];
    float *block, *maximum, *sum, *nats;
    int32_t *label;
    uint64_t seed;
} fixture;

fixture make_fixture(const sg_uncertainty_kernels *k, int64_t classes, int64_t width,
                     int64_t pixels);
void free_fixture(fixture *f);

/* Calls `test` for all class counts, widths and pixel counts. */
void sweep(const sg_uncertainty_kernels *k, void (*test)(fixture *));

void expect_equal(const char *what, const fixture *f, int64_t c, int64_t j, float value,
                  float expected);

/* Fills the block's pixels from kinds of values in turn, so that vectors hold a mixture. */
void fill_block(fixture *f);

/* The truth for the block's maxima. */
void find_maxima(const fixture *f, float *maximum, int32_t *label);

#endif
