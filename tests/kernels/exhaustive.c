/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* exp and log of the vector kernels (plain C has the C library's) for every float32 in their
 * ranges, through the kernels' own functions: exponential and entropy with a maximum of 0 and one
 * class for exp, probability with one class for p log p, and entropy of one class at 0 and others
 * at d for log S of the sums from 1 to 2, and to 22. The truth is the C library's double. */

#include "check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N = SG_BLOCK_PIXELS, OTHERS_MAX = 21 };

static float from_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static uint32_t to_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

typedef struct worst {
    double exact, fast, plogp; /* in ulp; relative beyond 2e-8 |d|; relative */
    double entropy;            /* over log C */
} worst;

static double ulps(float value, double truth)
{
    return fabs((double)value - truth) / ldexp(1.0, ilogb(truth) - 23);
}

/* exp of -magnitude, for the floats from `low` to `high`. */
static void exp_range(const sg_uncertainty_kernels *k, float low, float high, worst *w)
{
    _Alignas(64) float d[N], e[N], sum[N], nats[N];
    _Alignas(64) const float zero[N] = {0.0f};
    for (uint32_t bits = to_bits(low); bits <= to_bits(high); bits += N) {
        for (uint32_t i = 0; i < N; i++)
            d[i] = e[i] = -from_bits(bits + i);
        k->exponential(e, N, N, 1, zero, 1.0f, sum);
        k->entropy(d, N, N, 1, zero, 1.0f, sum, nats);
        for (int i = 0; i < N && -d[i] <= high; i++) {
            const double truth = exp((double)d[i]);
            w->exact = fmax(w->exact, ulps(e[i], truth));
            w->fast = fmax(w->fast, fabs((double)sum[i] / truth - 1.0) + 2e-8 * (double)d[i]);
        }
    }
}

/* Below 2^-126 exp is small or nothing, and never NaN. */
static void exp_tail(const sg_uncertainty_kernels *k)
{
    _Alignas(64) float d[N], sum[N];
    _Alignas(64) const float zero[N] = {0.0f};
    for (uint32_t bits = to_bits(87.4f); bits < to_bits(INFINITY) - N; bits += 64 * 997) {
        for (uint32_t i = 0; i < N; i++)
            d[i] = -from_bits(bits + i);
        d[5] = -INFINITY;
        k->exponential(d, N, N, 1, zero, 1.0f, sum);
        for (int i = 0; i < N; i++) {
            if (!(d[i] >= 0.0f && d[i] < 0x1.00001p-126f))
                check_fail("exp(-%g) = %g", (double)from_bits(bits + (uint32_t)i), (double)d[i]);
        }
    }
}

static void plogp_range(const sg_uncertainty_kernels *k, float low, float high, worst *w)
{
    _Alignas(64) float p[N], nats[N], sum[N], least[N], most[N];
    for (uint32_t bits = to_bits(low); bits <= to_bits(high); bits += N) {
        for (uint32_t i = 0; i < N; i++)
            p[i] = from_bits(bits + i);
        k->probability(p, N, N, 1, nats, sum, least, most);
        for (int i = 0; i < N; i++) {
            const double truth = -(double)p[i] * log((double)p[i]);
            const double error = fabs((double)nats[i] - truth);
            if (error > 0.0)
                w->plogp = fmax(w->plogp, error / fabs(truth));
        }
    }
}

/* H of one class at 0 and `others` at -magnitude, for every `every`th vector of floats. */
static void entropy_range(const sg_uncertainty_kernels *k, int others, uint32_t every, float low,
                          float high, worst *w)
{
    static _Alignas(64) float block[(OTHERS_MAX + 1) * N];
    _Alignas(64) float sum[N], nats[N];
    _Alignas(64) const float zero[N] = {0.0f};
    memset(block, 0, N * sizeof(*block));
    for (uint32_t bits = to_bits(low); bits <= to_bits(high); bits += every * N) {
        for (uint32_t i = 0; i < N; i++) {
            for (int c = 1; c <= others; c++)
                block[c * N + (int)i] = -from_bits(bits + i);
        }
        k->entropy(block, N, N, others + 1, zero, 1.0f, sum, nats);
        for (int i = 0; i < N; i++) {
            const double d = (double)block[N + i], e = others * exp(d);
            const double truth = log1p(e) - d * e / (1.0 + e);
            w->entropy = fmax(w->entropy, fabs((double)nats[i] - truth) / log(others + 1.0));
        }
    }
}

void check_uncertainty_exhaustively(void)
{
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (int i = 1; i < count; i++) {
        sg_kernels kernels;
        worst w = {0.0, 0.0, 0.0, 0.0};
        sg_kernels_init(&kernels, sets[i]);
        check_begin("exp", sets[i]);
        exp_range(&kernels.uncertainty, 0x1p-30f, 87.3f, &w);
        exp_tail(&kernels.uncertainty);
        if (w.exact > 1.5)
            check_fail("%.3f ulp", w.exact);
        if (w.fast > 3.5e-7)
            check_fail("fast: relative error %.3g", w.fast);
        check_end("every float from -87.3 to -2^-30: within %.3f ulp; fast: within %.3g + 2e-8 |d|",
                  w.exact, w.fast);
        check_begin("p log p", sets[i]);
        plogp_range(&kernels.uncertainty, 0x1p-24f, 4096.0f, &w);
        if (w.plogp > 4e-7)
            check_fail("relative error %.3g", w.plogp);
        check_end("every float from 2^-24 to 4096: within %.3g relative", w.plogp);
        check_begin("log S", sets[i]);
        entropy_range(&kernels.uncertainty, 1, 1, 0x1p-30f, 87.3f, &w);
        entropy_range(&kernels.uncertainty, OTHERS_MAX, 16, 0x1p-30f, 87.3f, &w);
        if (w.entropy > 5e-7)
            check_fail("%.3g of log C", w.entropy);
        check_end("classes at 0 and every float from -87.3 to -2^-30: H / log C within %.3g",
                  w.entropy);
    }
}
