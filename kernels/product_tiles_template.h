/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Products of halves (product.h) in tiles, written once in the words of tiles.h and vector.h. The
 * file that includes this one has included tiles_<set>.h and vector_<set>.h, with the words of
 * halves (product_template.h), and has defined PRODUCT and RELEASE, the names of the functions.
 *
 * A block of C is 32 rows and the panel's 32 columns: two by two tiles of sums, for which two tiles
 * of A and two of B are loaded at each step of 16 pairs. A panel of B is what a tile of pairs is,
 * and so are the rows of a channels-last map: both are loaded where they lie. What is left of k
 * behind the last whole step is copied and filled up with zeros, since tiles of another size would
 * need another configuration, which clears the sums. The configuration is what a thread holds from
 * one product to the next: `held` is the rows that it is for. */

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "product.h"
#include "vector.h"
#include "vector_activation.h"

enum {
    PANEL = 2 * SG_TILE_WORDS,
    BLOCK_ROWS = 2 * SG_TILE_ROWS,
    STEP = SG_TILE_WORDS, /* pairs of k */
    WORD = 4              /* bytes of a pair and of a sum */
};

/* Tiles: of sums the upper and the lower two, of A the upper and the lower, of B left and right. */
#define SUM_UPPER_LEFT  0
#define SUM_UPPER_RIGHT 1
#define SUM_LOWER_LEFT  2
#define SUM_LOWER_RIGHT 3
#define A_UPPER         4
#define A_LOWER         5
#define B_LEFT          6
#define B_RIGHT         7

/* What is left of k, filled up with zeros; `pairs` 0: nothing. */
typedef struct rest {
    int64_t pairs;
    float a[BLOCK_ROWS * STEP], b[STEP * PANEL];
} rest;

/* For a block of so many rows, of which the lower tiles have those beyond the first 16. */
static void configure(int32_t rows)
{
    sg_tile_configuration sizes = {.palette = 1};
    const int32_t upper = rows < SG_TILE_ROWS ? rows : SG_TILE_ROWS;
    const uint8_t of_upper = (uint8_t)upper, of_lower = (uint8_t)(rows - upper);
    sizes.rows[SUM_UPPER_LEFT] = sizes.rows[SUM_UPPER_RIGHT] = sizes.rows[A_UPPER] = of_upper;
    sizes.rows[SUM_LOWER_LEFT] = sizes.rows[SUM_LOWER_RIGHT] = sizes.rows[A_LOWER] = of_lower;
    sizes.rows[B_LEFT] = sizes.rows[B_RIGHT] = STEP;
    for (int32_t t = 0; t < SG_TILES; t++)
        sizes.bytes[t] = sizes.rows[t] > 0 ? SG_TILE_BYTES : 0;
    tile_configure(&sizes);
}

/* A step of k. `lower` and `right`, whether there are such tiles, are constants wherever this is
 * inlined. */
INLINE void add_step(const float *a, int64_t a_stride, const float *b, const bool lower,
                     const bool right)
{
    tile_load(B_LEFT, b, PANEL * WORD);
    tile_load(A_UPPER, a, a_stride * WORD);
    tile_dot(SUM_UPPER_LEFT, A_UPPER, B_LEFT);
    if (right) {
        tile_load(B_RIGHT, b + STEP, PANEL * WORD);
        tile_dot(SUM_UPPER_RIGHT, A_UPPER, B_RIGHT);
    }
    if (lower) {
        tile_load(A_LOWER, a + SG_TILE_ROWS * a_stride, a_stride * WORD);
        tile_dot(SUM_LOWER_LEFT, A_LOWER, B_LEFT);
    }
    if (lower && right)
        tile_dot(SUM_LOWER_RIGHT, A_LOWER, B_RIGHT);
}

INLINE void sum_block(const sg_product *p, int64_t first, const rest *left, float *sums,
                      const bool lower, const bool right)
{
    const float *a = p->a + first * p->a_stride, *b = p->b;
    tile_zero(SUM_UPPER_LEFT);
    if (right)
        tile_zero(SUM_UPPER_RIGHT);
    if (lower)
        tile_zero(SUM_LOWER_LEFT);
    if (lower && right)
        tile_zero(SUM_LOWER_RIGHT);
    for (int64_t steps = p->depth / STEP; steps > 0; steps--) {
        add_step(a, p->a_stride, b, lower, right);
        a += STEP;
        b += STEP * PANEL;
    }
    if (left->pairs > 0)
        add_step(left->a, STEP, left->b, lower, right);
    tile_store(SUM_UPPER_LEFT, sums, PANEL * WORD);
    if (right)
        tile_store(SUM_UPPER_RIGHT, sums + SG_TILE_WORDS, PANEL * WORD);
    if (lower)
        tile_store(SUM_LOWER_LEFT, sums + SG_TILE_ROWS * PANEL, PANEL * WORD);
    if (lower && right)
        tile_store(SUM_LOWER_RIGHT, sums + SG_TILE_ROWS * PANEL + SG_TILE_WORDS, PANEL * WORD);
}

INLINE v_f32 load_half(const sg_bf16 *from, int32_t n)
{
    return n == LANES ? v_load_half(from) : v_load_half_part(from, n);
}

/* The result's columns j to j + n of a row. */
INLINE void put(const sg_product *p, int64_t row, int32_t j, v_f32 value, int32_t n)
{
    if (!p->half)
        v_store_some(p->c + row * p->c_stride + j, value, n);
    else if (n == LANES)
        v_store_half(p->half + row * p->half_stride + j, value);
    else
        v_store_half_part(p->half + row * p->half_stride + j, value, n);
}

/* The terms of columns j to j + n of a row, and ReLU. */
INLINE v_f32 add_terms(const sg_product *p, int64_t row, int32_t j, v_f32 sum, int32_t n)
{
    if (p->accumulate)
        sum = v_add(sum, v_load_some(p->c + row * p->c_stride + j, n));
    if (p->bias)
        sum = v_add(sum, v_load_some(p->bias + j, n));
    if (p->residual)
        sum = v_add(sum, v_load_some(p->residual + row * p->residual_stride + j, n));
    if (p->half_residual)
        sum = v_add(sum, load_half(p->half_residual + row * p->half_residual_stride + j, n));
    return p->activation == SG_RELU ? v_relu(sum) : sum;
}

/* What follows the sums of a block; a rare activation goes over them in memory. */
static void finish(const sg_product *p, int64_t first, int32_t rows, float *sums)
{
    const bool rare = sg_is_rare(p->activation);
    for (int32_t i = 0; i < rows; i++) {
        for (int32_t j = 0; j < p->columns; j += LANES) {
            const int32_t left = p->columns - j, n = left < LANES ? left : LANES;
            float *at = sums + i * PANEL + j;
            const v_f32 value = add_terms(p, first + i, j, v_load(at), n);
            if (rare)
                v_store(at, value);
            else
                put(p, first + i, j, value, n);
        }
    }
    if (!rare)
        return;
    v_activate_rows(p->activation, sums, PANEL, rows, p->columns);
    for (int32_t i = 0; i < rows; i++) {
        for (int32_t j = 0; j < p->columns; j += LANES) {
            const int32_t left = p->columns - j, n = left < LANES ? left : LANES;
            put(p, first + i, j, v_load(sums + i * PANEL + j), n);
        }
    }
}

/* What is left of k in a block's rows of A. */
static void copy_rest(const sg_product *p, int64_t first, int32_t rows, rest *left)
{
    const float *a = p->a + first * p->a_stride + p->depth - left->pairs;
    for (int32_t i = 0; i < rows && left->pairs > 0; i++)
        memcpy(left->a + i * STEP, a + i * p->a_stride, (size_t)left->pairs * sizeof(float));
}

void PRODUCT(const sg_product *p)
{
    _Alignas(64) float sums[BLOCK_ROWS * PANEL];
    _Alignas(64) rest left;
    const bool right = p->columns > SG_TILE_WORDS;
    int32_t configured = p->held ? *p->held : 0;
    left.pairs = p->depth % STEP;
    if (left.pairs > 0) {
        memset(left.a, 0, sizeof(left.a));
        memset(left.b, 0, sizeof(left.b));
        memcpy(left.b, p->b + (p->depth - left.pairs) * PANEL,
               (size_t)(left.pairs * PANEL) * sizeof(float));
    }
    for (int64_t first = 0; first < p->rows; first += BLOCK_ROWS) {
        const int64_t more = p->rows - first;
        const int32_t rows = more < BLOCK_ROWS ? (int32_t)more : BLOCK_ROWS;
        if (rows != configured)
            configure(rows);
        configured = rows;
        copy_rest(p, first, rows, &left);
        if (rows <= SG_TILE_ROWS && right)
            sum_block(p, first, &left, sums, false, true);
        else if (rows <= SG_TILE_ROWS)
            sum_block(p, first, &left, sums, false, false);
        else if (right)
            sum_block(p, first, &left, sums, true, true);
        else
            sum_block(p, first, &left, sums, true, false);
        finish(p, first, rows, sums);
    }
    if (p->held)
        *p->held = configured;
    else
        RELEASE();
}

void RELEASE(void)
{
    tile_release();
}
