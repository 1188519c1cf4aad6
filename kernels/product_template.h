/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The body of sg_product_f32_<isa>, written once over a few vector operations. The file that
 * includes it has included vector_<isa>.h and defines
 *     TILE_ROWS   rows of C a tile, a multiple of 3; TILE_ROWS x 2 accumulators stay in registers
 *     PRODUCT     the function's name
 * A is not packed: its elements are broadcast straight from the rows, from one base pointer for
 * every three rows (base, base + stride, base + 2 stride are one addressing mode each). */

#include <stddef.h>

#include "product.h"
#include "vector.h"

enum { PANEL = 2 * LANES, AHEAD = 8 /* steps of k that B is fetched ahead */ };

/* Where the columns of a panel end: counts of the columns in its two vectors. */
typedef struct span {
    int32_t first, second;
} span;

/* A row of the tile after the sum over k. */
INLINE void finish_row(const sg_product *p, float *c, const float *residual, span s, VECTOR sum[2])
{
    if (p->accumulate) {
        sum[0] = v_add(sum[0], load_some(c, s.first));
        sum[1] = v_add(sum[1], load_some(c + LANES, s.second));
    }
    if (p->bias) {
        sum[0] = v_add(sum[0], load_some(p->bias, s.first));
        sum[1] = v_add(sum[1], load_some(p->bias + LANES, s.second));
    }
    if (residual) {
        sum[0] = v_add(sum[0], load_some(residual, s.first));
        sum[1] = v_add(sum[1], load_some(residual + LANES, s.second));
    }
    if (p->relu) {
        sum[0] = v_relu(sum[0]);
        sum[1] = v_relu(sum[1]);
    }
    store_some(c, sum[0], s.first);
    store_some(c + LANES, sum[1], s.second);
}

/* Rows `first` to `first + rows` of C; `rows` and `s` are constants where this is inlined into a
 * whole tile. */
INLINE void tile(const sg_product *p, int64_t first, const int32_t rows, const span s)
{
    const int64_t stride = p->a_stride;
    const float *a[TILE_ROWS / 3];
    VECTOR sum[TILE_ROWS][2];
    UNROLL_ALL
    for (int32_t g = 0; g < (rows + 2) / 3; g++) {
        a[g] = p->a + (first + 3 * g) * stride;
        __asm__("" : "+r"(a[g])); /* or the compiler keeps one pointer and a dozen offsets */
    }
    float *c = p->c + first * p->c_stride;
    const float *residual = p->residual ? p->residual + first * p->residual_stride : NULL;
    for (int32_t i = 0; i < rows; i++) {
        FETCH_WRITE(c + i * p->c_stride);
        FETCH_WRITE(c + i * p->c_stride + PANEL - 1);
        if (residual) {
            FETCH(residual + i * p->residual_stride);
            FETCH(residual + i * p->residual_stride + PANEL - 1);
        }
    }
    UNROLL_ALL
    for (int32_t i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = v_zero();

    const float *b = p->b;
    const char *next =
        (const char *)(p->next ? p->next : p->b) + 64 * (first / TILE_ROWS) * p->depth;
    UNROLL_4
    for (int64_t k = 0; k < p->depth; k++) {
        const VECTOR b0 = v_load(b), b1 = v_load(b + LANES);
        FETCH(b + AHEAD * PANEL);
        if (LANES > 8)
            FETCH(b + AHEAD * PANEL + LANES);
        FETCH_L2(next);
        next += 64;
        UNROLL_ALL
        for (int32_t i = 0; i < rows; i++) {
            const VECTOR x = v_broadcast(a[i / 3] + (i % 3) * stride);
            sum[i][0] = v_fma(x, b0, sum[i][0]);
            sum[i][1] = v_fma(x, b1, sum[i][1]);
        }
        UNROLL_ALL
        for (int32_t g = 0; g < (rows + 2) / 3; g++)
            a[g]++;
        b += PANEL;
    }
    UNROLL_ALL
    for (int32_t i = 0; i < rows; i++)
        finish_row(p, c + i * p->c_stride, residual ? residual + i * p->residual_stride : NULL, s,
                   sum[i]);
}

#define TILE_CASE(n)        \
    case n:                 \
        tile(p, row, n, s); \
        break

/* What is left below the last whole tile. */
INLINE void last_tile(const sg_product *p, int64_t row, const span s)
{
    switch (p->rows - row) {
        TILE_CASE(1);
        TILE_CASE(2);
        TILE_CASE(3);
        TILE_CASE(4);
        TILE_CASE(5);
#if TILE_ROWS > 6
        TILE_CASE(6);
        TILE_CASE(7);
        TILE_CASE(8);
#endif
#if TILE_ROWS > 9
        TILE_CASE(9);
        TILE_CASE(10);
        TILE_CASE(11);
#endif
    default:
        break;
    }
}

INLINE void all_tiles(const sg_product *p, const span s)
{
    int64_t row = 0;
    for (; row + TILE_ROWS <= p->rows; row += TILE_ROWS)
        tile(p, row, TILE_ROWS, s);
    last_tile(p, row, s);
}

void PRODUCT(const sg_product *p)
{
    if (p->columns == PANEL) {
        all_tiles(p, (span){LANES, LANES});
    } else {
        const int32_t first = p->columns < LANES ? p->columns : LANES;
        all_tiles(p, (span){first, p->columns - first});
    }
}
