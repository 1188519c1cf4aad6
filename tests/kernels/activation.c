/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Activations: the truth against their definitions in long double, and what kernels do to the ends
 * of their sums against the truth. */

#include "check.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { ROWS = 64, SWEEPS = 200 };

static const char *const names[SG_ACTIVATIONS] = {"identity", "ReLU", "hard swish", "hard sigmoid",
                                                  "sigmoid"};

static long double between_0_and_6(long double x)
{
    return x < 0 ? 0 : x > 6 ? 6 : x;
}

static long double definition(sg_activation activation, long double x)
{
    switch (activation) {
    case SG_RELU:
        return x < 0 ? 0 : x;
    case SG_HARD_SWISH:
        return x * between_0_and_6(x + 3) / 6;
    case SG_HARD_SIGMOID:
        return between_0_and_6(x + 3) / 6;
    case SG_SIGMOID:
        return 1 / (1 + expl(-x));
    default:
        return x;
    }
}

/* Numbers around every bend, of every size, and those that are none. */
static float number(int sweep, int i, uint64_t *seed)
{
    static const float ends[] = {-3.0f,     3.0f,    0.0f,     -0.0f,   NAN,      INFINITY,
                                 -INFINITY, FLT_MAX, -FLT_MAX, FLT_MIN, -FLT_MIN, 1e-42f,
                                 -87.3f,    -87.7f,  -88.1f,   -104.0f, 88.8f,    17.0f};
    const int count = (int)(sizeof(ends) / sizeof(ends[0]));
    if (sweep == 0 && i < count)
        return ends[i];
    if (sweep % 3 == 0)
        return check_random(seed, -4.0f, 4.0f);
    return sweep % 3 == 1 ? check_random(seed, -95.0f, 95.0f)
                          : ldexpf(check_random(seed, -1.0f, 1.0f), i - ROWS / 2);
}

static bool same(float a, float b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof(a)) == 0;
}

/* x + 3 is rounded, which is most of what a hard one near -3 is made of. */
static void check_truth(sg_activation activation, float x)
{
    const long double wanted = definition(activation, x);
    const float found = sg_activate(activation, x);
    const bool hard = activation == SG_HARD_SWISH || activation == SG_HARD_SIGMOID;
    const long double bound = hard ? (1 + fabsl(x)) * 2.5e-7L : fabsl(wanted) * 6e-8L + 1e-45L;
    if (isnan(wanted)
            ? !isnan(found)
            : !same(found, (float)wanted) && !(fabsl((long double)found - wanted) <= bound))
        check_fail("%s of %.9g is %.9g, expected %.9Lg", names[activation], (double)x,
                   (double)found, wanted);
}

/* The hard ones have the truth's bits; a sigmoid is 0 where the truth is subnormal, or nearly. */
static double check_one(sg_activation activation, float x, float found)
{
    const float truth = sg_activate(activation, x);
    if (same(found, truth) || (found == 0.0f && truth == 0.0f))
        return 0;
    if (activation == SG_SIGMOID && x < -87.3f && found >= 0.0f && found <= 2 * FLT_MIN)
        return 0;
    const double ulps = check_ulps(found, (long double)truth);
    if (activation == SG_SIGMOID && ulps <= 3)
        return ulps;
    check_fail("%s of %.9g is %.9g, expected %.9g", names[activation], (double)x, (double)found,
               (double)truth);
    return 0;
}

/* Products by 1 of one number a row. */
static double check_sums(const sg_product_kernels *kernels, sg_activation activation, int sweep,
                         int32_t columns)
{
    uint64_t seed = (uint64_t)(sweep * 1000 + columns);
    double worst = 0;
    check_memory a = check_floats(ROWS, &seed), b = check_floats(kernels->panel, &seed);
    check_memory c = check_floats((int64_t)ROWS * columns, &seed);
    for (int i = 0; i < ROWS; i++)
        ((float *)a.data)[i] = number(sweep, i, &seed);
    for (int32_t j = 0; j < kernels->panel; j++)
        ((float *)b.data)[j] = 1.0f;
    kernels->product(&(sg_product){.rows = ROWS,
                                   .depth = 1,
                                   .columns = columns,
                                   .a = a.data,
                                   .a_stride = 1,
                                   .b = b.data,
                                   .c = c.data,
                                   .c_stride = columns,
                                   .activation = activation});
    for (int64_t at = 0; at < (int64_t)ROWS * columns; at++) {
        const float x = ((const float *)a.data)[at / columns] * 1.0f + 0.0f;
        worst = fmax(worst, check_one(activation, x, ((const float *)c.data)[at]));
    }
    check_free(&a);
    check_free(&b);
    check_free(&c);
    return worst;
}

static void check_epilogue(void)
{
    static const float bias[3] = {-2.0f, 0.5f, 100.0f};
    for (int32_t activation = SG_IDENTITY; activation < SG_ACTIVATIONS; activation++) {
        float values[2][4] = {{1.0f, NAN, -200.0f, 9.0f}, {-0.5f, 2.0f, -99.0f, 9.0f}};
        float before[2][4];
        memcpy(before, values, sizeof(values));
        sg_epilogue_f32(values[0], 4, bias, NULL, 0, 2, 3, activation);
        for (int i = 0; i < 8; i++) {
            const float x = before[i / 4][i % 4];
            const float wanted = i % 4 == 3 ? x : sg_activate(activation, x + bias[i % 4]);
            if (!same(values[i / 4][i % 4], wanted))
                check_fail("%s behind a product, at %d", names[activation], i);
        }
    }
}

void check_activation(void)
{
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (int s = 0; s < count; s++) {
        sg_product_kernels kernels;
        double worst = 0;
        sg_product_kernels_init(&kernels, sets[s]);
        check_begin("activation", sets[s]);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int32_t activation = SG_IDENTITY; activation < SG_ACTIVATIONS; activation++) {
                const double ulps =
                    check_sums(&kernels, activation, sweep, 1 + sweep % kernels.panel);
                worst = fmax(worst, ulps);
                uint64_t seed = (uint64_t)sweep;
                for (int i = 0; sets[s] == SG_CPU_REF && i < ROWS; i++)
                    check_truth(activation, number(sweep, i, &seed));
            }
        }
        if (sets[s] == SG_CPU_REF)
            check_epilogue();
        check_end("sigmoid within %.2f ulp of the truth", worst);
    }
}
