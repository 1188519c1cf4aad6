/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The sums of Strassen's product, of pixels and of weights: each kernel against the definition, in
 * memory that ends where a page does, with and without an odd pixel. */

#include "check.h"

enum { HALF = 48, ROOM = 2 * HALF };

static void expect(const char *what, int32_t i, float found, float expected)
{
    if (found != expected)
        check_fail("%s: element %d is %.8g, expected %.8g", what, (int)i, (double)found,
                   (double)expected);
}

static void check_sums(const sg_strassen_kernels *kernels, bool has_odd)
{
    uint64_t seed = 1;
    check_memory even = check_floats(ROOM, &seed), odd = check_floats(ROOM, &seed), sums[4];
    sg_strassen_pair pair = {
        .even = even.data, .odd = has_odd ? odd.data : NULL, .half = HALF, .next = ROOM};
    for (int32_t i = 0; i < 4; i++) {
        sums[i] = check_allocate(HALF * sizeof(float));
        pair.sums[i] = sums[i].data;
    }
    kernels->sums(&pair);
    for (int32_t k = 0; k < HALF; k++) {
        const float a11 = pair.even[k], a12 = pair.even[HALF + k];
        const float a21 = has_odd ? pair.odd[k] : 0, a22 = has_odd ? pair.odd[HALF + k] : 0;
        const float s1 = a21 + a22, s2 = s1 - a11;
        expect("S1", k, pair.sums[0][k], s1);
        expect("S2", k, pair.sums[1][k], s2);
        expect("S3", k, pair.sums[2][k], a11 - a21);
        expect("S4", k, pair.sums[3][k], a12 - s2);
    }
    for (int32_t i = 0; i < 4; i++)
        check_free(&sums[i]);
    check_free(&even);
    check_free(&odd);
}

/* Plain ones, or those for paired products, which are scaled and shifted. */
static void check_weights(const sg_strassen_kernels *kernels, bool paired)
{
    uint64_t seed = 2;
    check_memory quarters[4], sums[4], scaled[3];
    sg_strassen_weights w = {.count = HALF, .scale = 8, .shift = 0.375f};
    for (int32_t i = 0; i < 4; i++) {
        quarters[i] = check_floats(HALF, &seed);
        sums[i] = check_allocate(HALF * sizeof(float));
        w.sums[i] = sums[i].data;
    }
    for (int32_t i = 0; i < 3; i++) {
        scaled[i] = check_allocate(HALF * sizeof(float));
        w.scaled[i] = paired ? scaled[i].data : NULL;
    }
    w.b11 = quarters[0].data;
    w.b12 = quarters[1].data;
    w.b21 = quarters[2].data;
    w.b22 = quarters[3].data;
    kernels->weights(&w);
    const float scale = paired ? w.scale : 1, shift = paired ? w.shift : 0;
    for (int32_t k = 0; k < HALF; k++) {
        const float b11 = scale * w.b11[k], b12 = scale * w.b12[k];
        const float b21 = scale * w.b21[k], b22 = scale * w.b22[k];
        const float t1 = b12 - b11, t2 = b22 - t1;
        expect("T2", k, w.sums[0][k], t2 - shift);
        expect("T1", k, w.sums[1][k], t1 - shift - shift);
        expect("T3", k, w.sums[2][k], b22 - b12);
        expect("-T4", k, w.sums[3][k], b21 - t2 - shift);
        if (paired) {
            expect("scaled B11", k, w.scaled[0][k], b11 - shift);
            expect("scaled B21", k, w.scaled[1][k], b21 - shift);
            expect("scaled B22", k, w.scaled[2][k], b22);
        }
    }
    for (int32_t i = 0; i < 4; i++) {
        check_free(&quarters[i]);
        check_free(&sums[i]);
    }
    for (int32_t i = 0; i < 3; i++)
        check_free(&scaled[i]);
}

void check_strassen(void)
{
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (int i = 0; i < count; i++) {
        sg_product_kernels kernels;
        sg_product_kernels_init(&kernels, sets[i]);
        if (!kernels.strassen)
            kernels.strassen = &sg_strassen_ref;
        check_begin("strassen", sets[i]);
        check_sums(kernels.strassen, false);
        check_sums(kernels.strassen, true);
        check_weights(kernels.strassen, false);
        check_weights(kernels.strassen, true);
        check_end("%d channels a half", (int)HALF);
    }
}
