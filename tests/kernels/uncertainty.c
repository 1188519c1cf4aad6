/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Every uncertainty kernel, for every instruction set: all tails, odd class counts, buffers that
 * end at a guard page, infinities, NaN and subnormal numbers; copies and maxima exactly, sums and
 * functions against long double. */

#include "fixture.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* ---- load and store ---- */

static void expect_maxima(const char *what, const fixture *f, bool labels)
{
    float maximum[P];
    int32_t label[P];
    find_maxima(f, maximum, label);
    for (int64_t j = 0; j < f->pixels; j++) {
        expect_equal(what, f, -1, j, f->maximum[j], maximum[j]);
        if (labels && f->label[j] != label[j])
            check_fail("%s: label %d instead of %d", what, (int)f->label[j], (int)label[j]);
    }
}

typedef struct strides {
    int64_t by_class, by_pixel;
} strides;

static void test_load_from(fixture *f, strides s)
{
    const int64_t size = (f->classes - 1) * s.by_class + (f->pixels - 1) * s.by_pixel + 1;
    check_memory memory = check_allocate((size_t)size * sizeof(float));
    float *from = memory.data;
    fill_block(f);
    for (int64_t c = 0; c < f->classes; c++) {
        for (int64_t j = 0; j < f->pixels; j++)
            from[c * s.by_class + j * s.by_pixel] = f->block[c * f->width + j];
    }
    memset(f->block, 0xff, (size_t)(f->classes * f->width) * sizeof(float));
    for (int labels = 0; labels < 2; labels++) {
        f->k->load(from, s.by_class, s.by_pixel, f->pixels, f->classes, f->block, f->width,
                   f->maximum, labels ? f->label : NULL);
        for (int64_t c = 0; c < f->classes; c++) {
            for (int64_t j = 0; j < f->pixels; j++)
                expect_equal("load", f, c, j, f->block[c * f->width + j],
                             from[c * s.by_class + j * s.by_pixel]);
        }
        expect_maxima("load", f, labels);
    }
    float factor[P] __attribute__((aligned(64)));
    for (int j = 0; j < P; j++)
        factor[j] = (float)(1 << j % 4);
    for (int scaled = 0; scaled < 2; scaled++) {
        for (int64_t i = 0; i < size; i++)
            from[i] = 777.0f;
        f->k->store(f->block, f->width, f->pixels, f->classes, scaled ? factor : NULL, from,
                    s.by_class, s.by_pixel);
        int64_t touched = 0;
        for (int64_t i = 0; i < size; i++)
            touched += from[i] != 777.0f;
        if (touched != f->classes * f->pixels)
            check_fail("store: %d values instead of %d", (int)touched,
                       (int)(f->classes * f->pixels));
        for (int64_t c = 0; c < f->classes; c++) {
            for (int64_t j = 0; j < f->pixels; j++)
                expect_equal("store", f, c, j, from[c * s.by_class + j * s.by_pixel],
                             f->block[c * f->width + j] * (scaled ? factor[j] : 1.0f));
        }
    }
    check_free(&memory);
}

static void test_load(fixture *f)
{
    test_load_from(f, (strides){f->pixels, 1});         /* dense, and odd alignments of rows */
    test_load_from(f, (strides){f->pixels + 3, 1});     /* padded */
    test_load_from(f, (strides){1, f->classes});        /* channels last */
    test_load_from(f, (strides){1, f->classes + 2});    /* padded */
    test_load_from(f, (strides){2 * f->pixels + 1, 2}); /* anything */
}

/* ---- interpolation ---- */

static void test_blend(fixture *f)
{
    fixture top = make_fixture(f->k, f->classes, f->width, f->pixels), bottom = top;
    bottom.block_memory = check_allocate((size_t)(f->classes * f->width) * sizeof(float));
    bottom.block = bottom.block_memory.data;
    for (int64_t i = 0; i < f->classes * f->width; i++) {
        top.block[i] = check_random(&f->seed, -9.0f, 9.0f);
        bottom.block[i] = check_random(&f->seed, -9.0f, 9.0f);
    }
    const float u = check_random(&f->seed, 0.0f, 1.0f), v = 1.0f - u;
    f->k->blend(top.block, bottom.block, u, v, f->pixels, f->classes, f->block, f->width,
                f->maximum, f->label);
    for (int64_t c = 0; c < f->classes; c++) {
        for (int64_t j = 0; j < f->pixels; j++) {
            const int64_t i = c * f->width + j;
            expect_equal("blend", f, c, j, f->block[i], fmaf(top.block[i], u, bottom.block[i] * v));
        }
    }
    expect_maxima("blend", f, true);
    check_free(&bottom.block_memory);
    free_fixture(&top);
}

/* `step`: source pixels an output pixel. */
static void test_stretch_by(fixture *f, float step, strides s, int64_t source_pixels)
{
    int32_t left[P], right[P];
    float lambda[P];
    for (int j = 0; j < f->pixels; j++) {
        const float at = fminf((float)j * step, (float)(source_pixels - 1));
        left[j] = (int32_t)at;
        right[j] = left[j] + (left[j] < source_pixels - 1);
        lambda[j] = at - (float)left[j];
    }
    const int64_t size = (f->classes - 1) * s.by_class + (source_pixels - 1) * s.by_pixel + 1;
    check_memory memory = check_allocate((size_t)size * sizeof(float));
    float *from = memory.data;
    for (int64_t i = 0; i < size; i++)
        from[i] = i % 13 == 5 ? -INFINITY : check_random(&f->seed, -9.0f, 9.0f);
    f->k->stretch(from, s.by_class, s.by_pixel, (sg_taps){left, right, lambda}, f->pixels,
                  f->classes, f->block, f->width);
    for (int64_t c = 0; c < f->classes; c++) {
        for (int64_t j = 0; j < f->pixels; j++) {
            const float a = from[c * s.by_class + left[j] * s.by_pixel];
            const float b = from[c * s.by_class + right[j] * s.by_pixel];
            expect_equal("stretch", f, c, j, f->block[c * f->width + j],
                         lambda[j] == 0.0f ? a : fmaf(a, 1.0f - lambda[j], b * lambda[j]));
        }
    }
    check_free(&memory);
}

static void test_stretch(fixture *f)
{
    static const float steps[] = {0.0f, 0.125f, 0.3f, 0.9f, 1.0f, 3.7f};
    for (int i = 0; i < COUNT(steps); i++) {
        const int64_t n = (int64_t)((float)(f->pixels - 1) * steps[i]) + 1;
        test_stretch_by(f, steps[i], (strides){n, 1}, n);
        test_stretch_by(f, steps[i], (strides){n + 1, 1}, n + 1);
        test_stretch_by(f, steps[i], (strides){1, f->classes}, n);
    }
}

/* ---- entropy ---- */

typedef struct truth {
    long double s, nats;
} truth;

static truth truth_of(const float *first, int64_t stride, int64_t classes, float scale)
{
    long double largest = -INFINITY, s = 0, t = 0;
    for (int64_t c = 0; c < classes; c++)
        largest = fmaxl(largest, first[c * stride]);
    for (int64_t c = 0; c < classes; c++) {
        const long double d = (first[c * stride] - largest) * scale;
        const long double e = expl(d);
        s += e;
        t += e > 0 ? d * e : 0;
    }
    return (truth){s, logl(s) - t / s};
}

/* Largest errors seen by a check: of S relative, of H in units of log C. */
static double worst_s, worst_h;

static void expect_entropy(const char *what, const fixture *f, int64_t j, float sum, float nats,
                           float scale)
{
    const truth exact = truth_of(f->block + j, f->width, f->classes, scale);
    const double s = (double)(fabsl(sum - exact.s) / exact.s);
    const double unit = f->classes > 1 ? log((double)f->classes) : 1.0;
    const double h = (double)fabsl(nats - exact.nats) / unit;
    worst_s = fmax(worst_s, s);
    worst_h = fmax(worst_h, h);
    if (!(s <= 5e-7) || !(h <= 1e-6) || nats < 0.0f)
        check_fail("%s: S %.9g for %.9Lg, H %.9g for %.9Lg (%d classes, pixel %d of %d, scale %g)",
                   what, (double)sum, exact.s, (double)nats, exact.nats, (int)f->classes, (int)j,
                   (int)f->pixels, (double)scale);
    if (exact.nats < 0x1p-150L && nats != 0.0f)
        check_fail("%s: H is %g and not 0", what, (double)nats);
}

/* stream's H is entropy's to the bit, wherever the classes lie: densely, and a multiple of a
 * vector apart with the first pixel off its alignment (the row ends where memory does). */
static void expect_stream(fixture *f, float scale)
{
    const sg_unit_scale units[] = {{1.0f, 100.0f}, {0.3f, 0.5f}};
    const int64_t aligned = (f->pixels + SG_LANES - 1) / SG_LANES * SG_LANES;
    const int64_t apart[] = {f->pixels, aligned, aligned + SG_LANES};
    check_memory values = check_allocate((size_t)f->pixels * sizeof(float));
    for (int i = 0; i < COUNT(apart); i++) {
        const sg_unit_scale unit = units[i % COUNT(units)];
        const int64_t count = (f->classes - 1) * apart[i] + f->pixels;
        check_memory source = check_allocate((size_t)count * sizeof(float));
        float *from = source.data;
        for (int64_t c = 0; c < f->classes; c++)
            memcpy(from + c * apart[i], f->block + c * f->width, (size_t)f->pixels * sizeof(float));
        if (f->k->stream(from, apart[i], f->pixels, f->classes, scale, unit, values.data) != -1)
            check_fail("stream finds a bad pixel where there is none");
        for (int64_t j = 0; j < f->pixels; j++)
            expect_equal("stream's H", f, -1, j, ((float *)values.data)[j],
                         fminf(f->nats[j] * unit.factor, unit.highest));
        check_free(&source);
    }
    check_free(&values);
}

/* More pixels than wait for their logarithm at a time, in reach of a bad one or of two. */
static void test_long_stream(const sg_uncertainty_kernels *k, int64_t classes)
{
    enum { LONG = 3 * 512 + 100 + 7, SHORT = 40 };
    const sg_unit_scale unit = {1.0f, 100.0f};
    check_memory source = check_allocate((size_t)(classes * LONG) * sizeof(float));
    check_memory values = check_allocate(LONG * sizeof(float));
    check_memory piece = check_allocate(SHORT * sizeof(float));
    float *from = source.data;
    uint64_t seed = 3;
    for (int64_t i = 0; i < classes * LONG; i++)
        from[i] = check_random(&seed, -20.0f, 20.0f);
    if (k->stream(from, LONG, LONG, classes, 1.0f, unit, values.data) != -1)
        check_fail("stream finds a bad pixel among %d", (int)LONG);
    for (int64_t first = 0; first < LONG; first += SHORT) {
        const int64_t pixels = LONG - first < SHORT ? LONG - first : SHORT;
        k->stream(from + first, LONG, pixels, classes, 1.0f, unit, piece.data);
        for (int64_t j = 0; j < pixels; j++)
            if (((float *)values.data)[first + j] != ((float *)piece.data)[j])
                check_fail("a long stream of %d classes has another H at %d", (int)classes,
                           (int)(first + j));
    }
    from[(classes - 1) * LONG + 1601] = NAN;
    if (k->stream(from, LONG, LONG, classes, 1.0f, unit, values.data) != 1601)
        check_fail("stream does not find pixel 1601 with NaN");
    from[(classes - 1) * LONG + 700] = INFINITY;
    if (k->stream(from, LONG, LONG, classes, 1.0f, unit, values.data) != 700)
        check_fail("stream does not find pixel 700 with infinity first");
    check_free(&source);
    check_free(&values);
    check_free(&piece);
}

static void test_entropy(fixture *f)
{
    static const float scales[] = {1.0f, 0.4f, 3.0f};
    for (int i = 0; i < COUNT(scales); i++) {
        fill_block(f);
        find_maxima(f, f->maximum, f->label);
        f->k->entropy(f->block, f->width, f->pixels, f->classes, f->maximum, scales[i], f->sum,
                      f->nats);
        for (int64_t j = 0; j < f->pixels; j++)
            expect_entropy("entropy", f, j, f->sum[j], f->nats[j], scales[i]);
        expect_stream(f, scales[i]);
    }
}

/* A bad pixel is NaN in S; its neighbours are as without it. */
static void test_bad_pixels(fixture *f)
{
    float sum[P], nats[P];
    const int64_t bad = f->pixels / 2, c = f->classes / 2;
    static const float wrong[] = {NAN, INFINITY, -INFINITY};
    check_memory source = check_allocate((size_t)(f->classes * f->pixels) * sizeof(float));
    float *from = source.data;
    fill_block(f);
    find_maxima(f, f->maximum, f->label);
    f->k->entropy(f->block, f->width, f->pixels, f->classes, f->maximum, 1.0f, f->sum, f->nats);
    memcpy(sum, f->sum, (size_t)f->pixels * sizeof(float));
    memcpy(nats, f->nats, (size_t)f->pixels * sizeof(float));
    for (int kind = 0; kind < COUNT(wrong); kind++) {
        for (int64_t i = 0; i < f->classes; i++) {
            if (i == c || kind == 2)
                f->block[i * f->width + bad] = wrong[kind];
            memcpy(from + i * f->pixels, f->block + i * f->width,
                   (size_t)f->pixels * sizeof(float));
        }
        for (int way = 0; way < 2; way++) {
            if (way == 0) {
                f->k->load(from, f->pixels, 1, f->pixels, f->classes, f->block, f->width,
                           f->maximum, NULL);
                f->k->entropy(f->block, f->width, f->pixels, f->classes, f->maximum, 1.0f, f->sum,
                              f->nats);
            } else if (f->k->stream(from, f->pixels, f->pixels, f->classes, 1.0f,
                                    (sg_unit_scale){1.0f, 100.0f}, f->nats) != bad) {
                check_fail("stream does not find the pixel with %g", (double)wrong[kind]);
            }
            for (int64_t j = 0; j < f->pixels; j++) {
                if (way == 0 && (j == bad ? !isnan(f->sum[j]) : f->sum[j] != sum[j]))
                    check_fail("S of pixel %d is %g where %d has %g", (int)j, (double)f->sum[j],
                               (int)bad, (double)wrong[kind]);
                if (j != bad && f->nats[j] != nats[j])
                    check_fail("a neighbour of a bad pixel changed");
            }
        }
        if (f->k->has_nan(f->block, f->width, f->pixels, f->classes) != (kind == 0))
            check_fail("has_nan is wrong for %g", (double)wrong[kind]);
    }
    check_free(&source);
}

/* ---- exponentials, probabilities, confidence ---- */

static double worst_exp;

static void test_exponential(fixture *f)
{
    fixture before = make_fixture(f->k, f->classes, f->width, f->pixels);
    fill_block(f);
    memcpy(before.block, f->block, (size_t)(f->classes * f->width) * sizeof(float));
    find_maxima(f, f->maximum, f->label);
    f->k->exponential(f->block, f->width, f->pixels, f->classes, f->maximum, 0.5f, f->sum);
    for (int64_t j = 0; j < f->pixels; j++) {
        long double total = 0;
        for (int64_t c = 0; c < f->classes; c++) {
            const float d = (before.block[c * f->width + j] - f->maximum[j]) * 0.5f;
            const float e = f->block[c * f->width + j];
            const long double exact = expl((long double)d);
            total += exact;
            if (exact >= 0x1p-126L)
                worst_exp = fmax(worst_exp, check_ulps(e, exact));
            if (exact >= 0x1p-126L ? check_ulps(e, exact) > 1.5
                                   : !(e >= 0.0f && e <= 0x1.00001p-126f))
                check_fail("exp(%.9g) = %.9g instead of %.9Lg", (double)d, (double)e, exact);
        }
        if (!(fabsl(f->sum[j] - total) <= 5e-7L * total))
            check_fail("S is %.9g instead of %.9Lg", (double)f->sum[j], total);
    }
    free_fixture(&before);
}

static void test_probability(fixture *f)
{
    check_memory extremes[2];
    for (int i = 0; i < 2; i++)
        extremes[i] = check_allocate((size_t)f->width * sizeof(float));
    for (int64_t j = 0; j < f->pixels; j++) {
        for (int64_t c = 0; c < f->classes; c++) {
            float p = check_random(&f->seed, 0.0f, 2.0f / (float)f->classes);
            p = (c + j) % 7 == 1 ? 0.0f : (c + j) % 11 == 3 ? -0.5f : p;
            f->block[c * f->width + j] = (c + j) % 17 == 2 ? 1e-40f : p;
        }
    }
    const int64_t bad = f->pixels / 2;
    f->block[(f->classes / 2) * f->width + bad] = f->pixels % 2 ? NAN : INFINITY;
    f->k->probability(f->block, f->width, f->pixels, f->classes, f->nats, f->sum, extremes[0].data,
                      extremes[1].data);
    for (int64_t j = 0; j < f->pixels; j++) {
        long double h = 0, s = 0;
        float low = INFINITY, high = -INFINITY;
        for (int64_t c = 0; c < f->classes; c++) {
            const float p = f->block[c * f->width + j];
            h -= p > 0 ? (long double)p * logl((long double)p) : 0;
            s += p;
            low = fminf(low, p);
            high = fmaxf(high, p);
        }
        if (j == bad) {
            if (isfinite(f->nats[j]))
                check_fail("H of NaN or infinity is %g", (double)f->nats[j]);
            continue;
        }
        if (!(fabsl(f->nats[j] - h) <= 1e-6L) || !(fabsl(f->sum[j] - s) <= 3e-6L))
            check_fail("H %.9g for %.9Lg, sum %.9g for %.9Lg (%d classes)", (double)f->nats[j], h,
                       (double)f->sum[j], s, (int)f->classes);
        expect_equal("lowest", f, -1, j, ((float *)extremes[0].data)[j], low);
        expect_equal("highest", f, -1, j, ((float *)extremes[1].data)[j], high);
    }
    for (int i = 0; i < 2; i++)
        check_free(&extremes[i]);
}

static void test_confidence(fixture *f)
{
    check_memory memory[3];
    for (int i = 0; i < 3; i++)
        memory[i] = check_allocate((size_t)f->width * sizeof(float));
    float *second = memory[0].data, *top = memory[1].data, *margin = memory[2].data;
    fill_block(f);
    if (f->classes > 1)
        f->block[f->width] = f->block[0]; /* a tie, perhaps for the first place */
    find_maxima(f, f->maximum, f->label);
    f->k->entropy(f->block, f->width, f->pixels, f->classes, f->maximum, 1.0f, f->sum, f->nats);
    f->k->second(f->block, f->width, f->pixels, f->classes, second);
    f->k->confidence(f->maximum, second, f->sum, 1.0f, f->pixels, top, margin);
    for (int64_t j = 0; j < f->pixels; j++) {
        float next = -INFINITY;
        for (int64_t c = 0; c < f->classes; c++) {
            if (c != f->label[j])
                next = fmaxf(next, f->block[c * f->width + j]);
        }
        const truth exact = truth_of(f->block + j, f->width, f->classes, 1.0f);
        const long double gap = 1 - expl((long double)next - (long double)f->maximum[j]);
        expect_equal("second", f, -1, j, second[j], next);
        if (!(fabsl(top[j] - 1 / exact.s) <= 1e-6L))
            check_fail("top %.9g instead of %.9Lg", (double)top[j], 1 / exact.s);
        if (!(fabsl(margin[j] - gap / exact.s) <= 1e-6L))
            check_fail("margin %.9g instead of %.9Lg", (double)margin[j], gap / exact.s);
    }
    for (int i = 0; i < 3; i++)
        check_free(&memory[i]);
}

/* ---- sums ---- */

/* The same bits as plain C, for all lengths. */
static void test_accumulate(const sg_uncertainty_kernels *k, const sg_uncertainty_kernels *plain)
{
    uint64_t seed = 1;
    for (int64_t n = 0; n < 200; n++) {
        check_memory memory = check_allocate((size_t)n * sizeof(float));
        float *values = memory.data;
        sg_row_sum a = {.minimum = INFINITY, .maximum = -INFINITY}, b = a;
        for (int64_t i = 0; i < n; i++)
            values[i] = check_random(&seed, -1e-3f, 1.0f);
        k->accumulate(values, n / 32 * 16, &a);
        k->accumulate(values + n / 32 * 16, n - n / 32 * 16, &a);
        plain->accumulate(values, n, &b);
        if (memcmp(&a, &b, sizeof(a)) != 0)
            check_fail("sums of %d values differ from plain C's", (int)n);
        check_free(&memory);
    }
}

void check_uncertainty(void)
{
    uint32_t sets[CHECK_SETS];
    sg_kernels plain, kernels;
    sg_kernels_init(&plain, SG_CPU_REF);
    const int count = check_sets(sets);
    for (int i = 0; i < count; i++) {
        const sg_uncertainty_kernels *k = &kernels.uncertainty;
        sg_kernels_init(&kernels, sets[i]);
        worst_s = worst_h = worst_exp = 0.0;
        check_begin("load, store", sets[i]);
        sweep(k, test_load);
        check_end("exact");
        check_begin("blend", sets[i]);
        sweep(k, test_blend);
        check_end("exact");
        check_begin("stretch", sets[i]);
        sweep(k, test_stretch);
        check_end("exact");
        check_begin("entropy", sets[i]);
        sweep(k, test_entropy);
        sweep(k, test_bad_pixels);
        test_long_stream(k, 1);
        test_long_stream(k, 21);
        test_long_stream(k, 70);
        check_end("S within %.2g relative, H / log C within %.2g", worst_s, worst_h);
        check_begin("exponential", sets[i]);
        sweep(k, test_exponential);
        check_end("within %.2f ulp", worst_exp);
        check_begin("probability", sets[i]);
        sweep(k, test_probability);
        check_end("within 1e-6");
        check_begin("confidence", sets[i]);
        sweep(k, test_confidence);
        check_end("within 1e-6");
        check_begin("accumulate", sets[i]);
        test_accumulate(k, &plain.uncertainty);
        check_end("to the bit");
    }
}
