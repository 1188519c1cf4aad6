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

enum {
    PANEL = 2 * LANES,
    AHEAD = 8, /* steps of k that B is fetched ahead */
    LINE = 64  /* bytes */
};

/* Where the columns of a panel end: counts of the columns in its two vectors. */
typedef struct span {
    int32_t first, second;
} span;

/* Adds a row of C, of residuals or of bias. */
INLINE void add_row(VECTOR sum[2], const float *row, const span s)
{
    sum[0] = v_add(sum[0], load_some(row, s.first));
    sum[1] = v_add(sum[1], load_some(row + LANES, s.second));
}

/* The sums so far, with a term of their own, to another place. */
INLINE void sum_elsewhere(const sg_product_also *to, int64_t row, const int32_t rows, const span s,
                          VECTOR sum[TILE_ROWS][2])
{
    if (!to->c)
        return;
    UNROLL_ALL
    for (int32_t i = 0; i < rows; i++) {
        const int64_t at = (row + i) * to->stride;
        VECTOR other[2] = {sum[i][0], sum[i][1]};
        add_row(other, to->term + at, s);
        store_some(to->c + at, other[0], s.first);
        store_some(to->c + at + LANES, other[1], s.second);
    }
}

/* What follows the sum over k; loops over all rows one after another, so that each condition is
 * tested once and no accumulator leaves its register. */
INLINE void finish(const sg_product *p, int64_t row, float *c, const float *residual,
                   const int32_t rows, const span s, VECTOR sum[TILE_ROWS][2])
{
    const int64_t c_stride = p->c_stride;
    sum_elsewhere(&p->also[0], row, rows, s, sum);
    if (p->term) {
        const int64_t stride = p->term_stride;
        UNROLL_ALL
        for (int32_t i = 0; i < rows; i++)
            add_row(sum[i], p->term + (row + i) * stride, s);
    }
    sum_elsewhere(&p->also[1], row, rows, s, sum);
    if (p->accumulate) {
        UNROLL_ALL
        for (int32_t i = 0; i < rows; i++)
            add_row(sum[i], c + i * c_stride, s);
    }
    if (p->bias) {
        const VECTOR first = load_some(p->bias, s.first);
        const VECTOR second = load_some(p->bias + LANES, s.second);
        UNROLL_ALL
        for (int32_t i = 0; i < rows; i++) {
            sum[i][0] = v_add(sum[i][0], first);
            sum[i][1] = v_add(sum[i][1], second);
        }
    }
    if (residual) {
        const int64_t stride = p->residual_stride;
        UNROLL_ALL
        for (int32_t i = 0; i < rows; i++)
            add_row(sum[i], residual + i * stride, s);
    }
    if (p->relu) {
        UNROLL_ALL
        for (int32_t i = 0; i < rows; i++) {
            sum[i][0] = v_relu(sum[i][0]);
            sum[i][1] = v_relu(sum[i][1]);
        }
    }
    UNROLL_ALL
    for (int32_t i = 0; i < rows; i++) {
        store_some(c + i * c_stride, sum[i][0], s.first);
        store_some(c + i * c_stride + LANES, sum[i][1], s.second);
    }
}

/* What this tile fetches into the second cache, a line for each step of k: the tiles of a product
 * share first the next panel, then what comes later. */
INLINE const char *fetched_ahead(const sg_product *p, int64_t tile_index)
{
    const int64_t bytes = LINE * p->depth; /* a tile's share */
    const int64_t panel_tiles = PANEL * (int64_t)sizeof(float) / LINE;
    if (p->next && tile_index < panel_tiles)
        return (const char *)p->next + tile_index * bytes;
    const int64_t later = tile_index - (p->next ? panel_tiles : 0);
    return p->until - p->ahead > later * bytes ? p->ahead + later * bytes : (const char *)p->b;
}

/* For the caches only: rows that the next tile adds, below this one or at the next panel's top;
 * where there are none, what is there anyway. */
typedef struct coming {
    const float *row;
    int64_t step;
} coming;

INLINE coming coming_rows(const sg_product *p, const float *rows, int64_t stride, int64_t next)
{
    if (!rows)
        return (coming){p->b, 0};
    return (coming){rows + (next < p->rows ? next * stride : PANEL), stride};
}

INLINE void fetch_row(coming *c)
{
    FETCH(c->row);
    FETCH(c->row + PANEL - 1);
    c->row += c->step;
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
    const bool more = first + rows < p->rows;
    const float *next_c = more ? c + rows * p->c_stride : p->next_c ? p->next_c : c;
    coming residuals = coming_rows(p, p->residual, p->residual_stride, first + rows);
    coming terms = coming_rows(p, p->term, p->term_stride, first + rows);
    UNROLL_ALL
    for (int32_t i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = v_zero();

    const float *b = p->b;
    const char *ahead = fetched_ahead(p, first / TILE_ROWS);
    /* As many parts of k as rows: at the start of each, the lines of one row of the next tile are
     * asked for, so that they never wait in a crowd before what this tile needs. */
    const float *end = b, *const last = b + p->depth * PANEL;
    const int64_t part = p->depth / rows * PANEL;
    for (int32_t i = 0; i < rows; i++) {
        FETCH_WRITE(next_c);
        FETCH_WRITE(next_c + PANEL - 1);
        fetch_row(&residuals);
        fetch_row(&terms);
        next_c += p->c_stride;
        end = i + 1 < rows ? end + part : last;
        /* Counted by b alone: gcc would keep another counter, in memory. */
        while (b != end) {
            const VECTOR b0 = v_load(b), b1 = v_load(b + LANES);
            FETCH(b + AHEAD * PANEL);
            if (LANES > 8)
                FETCH(b + AHEAD * PANEL + LANES);
            FETCH_L2(ahead);
            ahead += LINE;
            UNROLL_ALL
            for (int32_t r = 0; r < rows; r++) {
                const VECTOR x = v_broadcast(a[r / 3] + (r % 3) * stride);
                sum[r][0] = v_fma(x, b0, sum[r][0]);
                sum[r][1] = v_fma(x, b1, sum[r][1]);
            }
            UNROLL_ALL
            for (int32_t g = 0; g < (rows + 2) / 3; g++)
                a[g]++;
            b += PANEL;
        }
    }
    finish(p, first, c, residual, rows, s, sum);
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
