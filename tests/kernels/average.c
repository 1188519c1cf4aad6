/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Sums over pixels against sums in long double, and every instruction set's bits against the
 * truth's: all numbers of channels around vectors, of pixels around those added together. */

#include "check.h"

#include <math.h>
#include <string.h>

enum { PIXELS_MOST = 13, CHANNELS_MOST = 40, GAPS = 3 };

/* What the sums are before; numbers of very different sizes are added to it. */
static double before(int64_t channel)
{
    return (double)channel * 1e9 - 7;
}

static check_memory sums_make(int64_t channels)
{
    check_memory sums = check_allocate((size_t)channels * sizeof(double));
    for (int64_t c = 0; c < channels; c++)
        ((double *)sums.data)[c] = before(c);
    return sums;
}

static void check(sg_add_pixels_fn kernel, int64_t pixels, int64_t channels, int64_t stride)
{
    uint64_t seed = (uint64_t)(pixels * 100 + channels);
    check_memory values = check_floats((pixels - 1) * stride + channels, &seed);
    check_memory sums = sums_make(channels), truth = sums_make(channels);
    float *v = values.data;
    for (int64_t i = 0; i < (pixels - 1) * stride + channels; i++)
        v[i] = ldexpf(v[i], (int)(i % 70) - 35);
    kernel(v, stride, pixels, channels, sums.data);
    sg_add_pixels_f32_ref(v, stride, pixels, channels, truth.data);
    for (int64_t c = 0; c < channels; c++) {
        long double exact = (long double)before(c), size = fabsl(exact);
        for (int64_t p = 0; p < pixels; p++) {
            exact += (long double)v[p * stride + c];
            size += fabsl((long double)v[p * stride + c]);
        }
        const double found = ((double *)sums.data)[c];
        const long double bound = 1.2e-16L * (long double)(pixels + 1) * size;
        if (!(fabsl((long double)found - exact) <= bound))
            check_fail("%d pixels, %d channels: the sum of channel %d is %.17g, expected %.17Lg",
                       (int)pixels, (int)channels, (int)c, found, exact);
    }
    if (memcmp(sums.data, truth.data, (size_t)channels * sizeof(double)) != 0)
        check_fail("%d pixels, %d channels: other bits than the truth's", (int)pixels,
                   (int)channels);
    check_free(&values);
    check_free(&sums);
    check_free(&truth);
}

void check_average(void)
{
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (int i = 0; i < count; i++) {
        sg_product_kernels kernels;
        sg_product_kernels_init(&kernels, sets[i]);
        check_begin("sums of pixels", sets[i]);
        for (int64_t pixels = 1; pixels <= PIXELS_MOST; pixels++) {
            for (int64_t channels = 1; channels <= CHANNELS_MOST; channels++)
                check(kernels.add_pixels, pixels, channels, channels + (pixels + channels) % GAPS);
        }
        check_end("%d numbers of pixels and %d of channels", (int)PIXELS_MOST, (int)CHANNELS_MOST);
    }
}

/* ==== Time ==== */

enum { TIMED_PIXELS = 33, TIMED_CHANNELS = 128 };

typedef struct timing {
    check_memory values, sums;
    sg_add_pixels_fn kernel;
} timing;

static void run(void *argument)
{
    const timing *t = argument;
    t->kernel(t->values.data, TIMED_CHANNELS, TIMED_PIXELS, TIMED_CHANNELS, t->sums.data);
}

void time_average(void)
{
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (int i = 0; i < count; i++) {
        uint64_t seed = 1;
        sg_product_kernels kernels;
        sg_product_kernels_init(&kernels, sets[i]);
        timing t = {check_floats((int64_t)TIMED_PIXELS * TIMED_CHANNELS, &seed),
                    sums_make(TIMED_CHANNELS), kernels.add_pixels};
        check_time("sums of pixels, numbers", sets[i], (int64_t)TIMED_PIXELS * TIMED_CHANNELS, run,
                   &t);
        check_free(&t.values);
        check_free(&t.sums);
    }
}
