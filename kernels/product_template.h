/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* sg_product_f32_<set>, written once in the words of vector.h. The file that includes this one has
 * included vector_<set>.h and has defined
 *
 *     TILE_ROWS   rows of C in a tile, a multiple of 3: its sums, two vectors a row, stay in
 *                 registers from the first step of k to the last
 *     PRODUCT     the name of the product's function
 *     PAIRS       the name of sg_product_pairs_fn's, if there are paired products
 *     HALVES      if this is one of halves, whose words vector_<set>.h has as well:
 *                 v_dot(a, b, c)   the sum over a's and b's pairs of bfloat16 numbers, plus c
 *                 v_load_half v_store_half, v_load_half_part v_store_half_part
 *                                  as v_load and so on, of bfloat16 numbers
 *
 * A is not packed: at each step of k an element of each row is broadcast straight from memory.
 * Three rows share a pointer, since base, base + stride and base + 2 stride are all addresses that
 * an instruction can name. */

#include <stddef.h>
#include <stdint.h>

#include "product.h"
#include "vector.h"
#include "vector_activation.h"

enum {
    PANEL = 2 * LANES,
    AHEAD = 8, /* B is fetched so many steps of k ahead */
    LINE = 64, /* bytes of a cache line */
    FEW = 3,   /* a tile of so many rows or less has registers to spare */
    THIRD = SG_PRODUCT_BLOCK / 3
};

/* How many columns there are in each of the two vectors of a panel: fewer than LANES at the right
 * edge of B. The first one alone is computed where there are none in the second: `vectors`, which
 * is a constant wherever it is inlined. */
typedef struct span {
    int32_t first, second;
    int32_t vectors;
} span;

/* Adds a row of terms. */
INLINE void add_row(v_f32 sum[2], const float *row, const span s)
{
    sum[0] = v_add(sum[0], v_load_some(row, s.first));
    if (s.vectors > 1)
        sum[1] = v_add(sum[1], v_load_some(row + LANES, s.second));
}

/* On to the next row. The asm makes the compiler keep the pointer in a register; it would rather
 * multiply the stride anew for every row. */
#define NEXT_ROW(pointer, stride)    \
    do {                             \
        (pointer) += (stride);       \
        __asm__("" : "+r"(pointer)); \
    } while (0)

/* Adds a term to all rows. */
INLINE void add_rows(v_f32 sum[TILE_ROWS][2], const float *row, int64_t stride, const int32_t rows,
                     const span s)
{
    UNROLL_ALL
    for (int32_t i = 0; i < rows; i++) {
        add_row(sum[i], row, s);
        NEXT_ROW(row, stride);
    }
}

/* Stores a row of sums. */
INLINE void store_row(float *row, const v_f32 sum[2], const span s)
{
    v_store_some(row, sum[0], s.first);
    if (s.vectors > 1)
        v_store_some(row + LANES, sum[1], s.second);
}

#ifdef HALVES
#    define MULTIPLY(a, b, c) v_dot(a, b, c)

INLINE v_f32 load_half(const sg_bf16 *from, int32_t n)
{
    return n == LANES ? v_load_half(from) : v_load_half_part(from, n);
}

INLINE void store_half(sg_bf16 *to, v_f32 value, int32_t n)
{
    if (n == LANES)
        v_store_half(to, value);
    else
        v_store_half_part(to, value, n);
}

/* Adds bfloat16 terms to all rows. */
INLINE void add_half_rows(v_f32 sum[TILE_ROWS][2], const sg_bf16 *row, int64_t stride,
                          const int32_t rows, const span s)
{
    UNROLL_ALL
    for (int32_t i = 0; i < rows; i++) {
        sum[i][0] = v_add(sum[i][0], load_half(row, s.first));
        if (s.vectors > 1)
            sum[i][1] = v_add(sum[i][1], load_half(row + LANES, s.second));
        NEXT_ROW(row, stride);
    }
}

/* Stores all rows rounded to bfloat16. */
INLINE void store_half_rows(sg_bf16 *row, int64_t stride, v_f32 sum[TILE_ROWS][2],
                            const int32_t rows, const span s)
{
    UNROLL_ALL
    for (int32_t i = 0; i < rows; i++) {
        store_half(row, sum[i][0], s.first);
        if (s.vectors > 1)
            store_half(row + LANES, sum[i][1], s.second);
        NEXT_ROW(row, stride);
    }
}

/* Stores all rows, with an activation that is rare, which goes over memory. */
static NOINLINE void activate_halves(const sg_product *p, float *sums, int64_t first, int32_t rows)
{
    v_activate_rows(p->activation, sums, PANEL, rows, p->columns);
    for (int32_t i = 0; i < rows; i++) {
        for (int32_t j = 0; j < p->columns; j += LANES)
            store_half(p->half + (first + i) * p->half_stride + j, v_load(sums + i * PANEL + j),
                       p->columns - j < LANES ? p->columns - j : LANES);
    }
}
#else
#    define MULTIPLY(a, b, c) v_fma(a, b, c)
#endif

/* What has been summed so far, with a term of its own, to another place. */
INLINE void sum_elsewhere(const sg_product_also *to, int64_t row, const int32_t rows, const span s,
                          v_f32 sum[TILE_ROWS][2])
{
    if (!to->c)
        return;
    const int64_t stride = to->stride;
    float *c = to->c + row * stride;
    const float *term = to->term + row * stride;
    UNROLL_ALL
    for (int32_t i = 0; i < rows; i++) {
        v_f32 other[2] = {sum[i][0], sum[i][1]};
        add_row(other, term, s);
        store_row(c, other, s);
        NEXT_ROW(term, stride);
        NEXT_ROW(c, stride);
    }
}

/* What follows the sum over k. Each step is a loop over all rows, so that its condition is tested
 * once for the tile, and so that the sums stay in their registers. */
INLINE void finish(const sg_product *p, int64_t row, float *c, const float *residual,
                   const int32_t rows, const span s, const bool paired, v_f32 sum[TILE_ROWS][2])
{
    const int64_t c_stride = p->c_stride;
    if (paired) {
        const v_f32 unscale = v_set(p->unscale);
        UNROLL_ALL
        for (int32_t i = 0; i < rows; i++) {
            sum[i][0] = v_mul(sum[i][0], unscale);
            sum[i][1] = v_mul(sum[i][1], unscale);
        }
    }
    sum_elsewhere(&p->also[0], row, rows, s, sum);
    if (p->term)
        add_rows(sum, p->term + row * p->term_stride, p->term_stride, rows, s);
    sum_elsewhere(&p->also[1], row, rows, s, sum);
    if (p->accumulate)
        add_rows(sum, c, c_stride, rows, s);
    if (p->bias) {
        const v_f32 first = v_load_some(p->bias, s.first);
        const v_f32 second = s.vectors > 1 ? v_load_some(p->bias + LANES, s.second) : first;
        UNROLL_ALL
        for (int32_t i = 0; i < rows; i++) {
            sum[i][0] = v_add(sum[i][0], first);
            if (s.vectors > 1)
                sum[i][1] = v_add(sum[i][1], second);
        }
    }
    if (residual)
        add_rows(sum, residual, p->residual_stride, rows, s);
#ifdef HALVES
    if (p->half_residual)
        add_half_rows(sum, p->half_residual + row * p->half_residual_stride,
                      p->half_residual_stride, rows, s);
#endif
    if (p->activation == SG_RELU) {
        UNROLL_ALL
        for (int32_t i = 0; i < rows; i++) {
            sum[i][0] = v_relu(sum[i][0]);
            if (s.vectors > 1)
                sum[i][1] = v_relu(sum[i][1]);
        }
    }
#ifdef HALVES
    if (p->half && sg_is_rare(p->activation)) {
        float sums[TILE_ROWS * PANEL];
        UNROLL_ALL
        for (int32_t i = 0; i < rows; i++) {
            v_store(sums + i * PANEL, sum[i][0]);
            v_store(sums + i * PANEL + LANES, s.vectors > 1 ? sum[i][1] : v_zero());
        }
        activate_halves(p, sums, row, rows);
        return;
    }
    if (p->half) {
        store_half_rows(p->half + row * p->half_stride, p->half_stride, sum, rows, s);
        return;
    }
#endif
    float *const stored = c;
    UNROLL_ALL
    for (int32_t i = 0; i < rows; i++) {
        store_row(c, sum[i], s);
        NEXT_ROW(c, c_stride);
    }
    if (sg_is_rare(p->activation))
        v_activate_rows(p->activation, stored, c_stride, rows, s.first + s.second);
}

/* Where this tile's share of the memory that is fetched into the second cache begins; it is a line
 * for each step of k. The first tiles of a product share the next panel among them, the others what
 * comes later. A tile for which nothing is left fetches what is there anyway. */
INLINE const char *fetched_ahead(const sg_product *p, int64_t tile_index)
{
    const int64_t bytes = LINE * p->depth; /* a tile's share */
    const int64_t panel_tiles = PANEL * (int64_t)sizeof(float) / LINE;
    if (p->next && tile_index < panel_tiles)
        return (const char *)p->next + tile_index * bytes;
    const int64_t later = tile_index - (p->next ? panel_tiles : 0);
    return p->until - p->ahead > later * bytes ? p->ahead + later * bytes : (const char *)p->b;
}

/* Rows of a term that the next tile will add, to be fetched into the first cache: below this tile,
 * or at the top of the next panel. Where there is no such term, something that is there anyway. */
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

/* Where results and residuals lie, in floats: addresses to fetch from, which need not be exact. */
#ifdef HALVES
INLINE const float *result_row(const sg_product *p, int64_t row)
{
    return p->half ? (const float *)(const void *)(p->half + row * p->half_stride)
                   : p->c + row * p->c_stride;
}
#    define residuals(p)       ((const float *)(const void *)(p)->half_residual)
#    define residual_stride(p) ((p)->half_residual_stride / 2)
#else
INLINE const float *result_row(const sg_product *p, int64_t row)
{
    return p->c + row * p->c_stride;
}
#    define residuals(p)       (p)->residual
#    define residual_stride(p) (p)->residual_stride
#endif

INLINE void fetch_row(coming *c)
{
    FETCH(c->row);
    FETCH(c->row + PANEL - 1);
    c->row += c->step;
}

/* What the next tile will read and write besides A and B. A row of each is fetched now and then
 * during this tile, as many times as it has rows: all at once they would hold up what this tile
 * itself is waiting for. */
typedef struct fetches {
    const float *c;
    int64_t c_step;
    coming residuals, terms;
} fetches;

INLINE void fetch_rows(fetches *f)
{
    FETCH_WRITE(f->c);
    FETCH_WRITE(f->c + PANEL - 1);
    f->c += f->c_step;
    fetch_row(&f->residuals);
    fetch_row(&f->terms);
}

/* Makes the compiler keep a vector of B in a register. In tiles of few rows it would otherwise make
 * the load an operand of each multiplication, and load it again for each row. */
#define KEEP(x)                      \
    do {                             \
        if (FEW >= rows)             \
            __asm__("" : V_KEPT(x)); \
    } while (0)

/* One step of k: an element of each of A's rows, broadcast, times a row of the panel. */
INLINE void multiply_step(const float *const a[TILE_ROWS / 3], int64_t stride, const float *b,
                          const int32_t rows, const int32_t vectors, v_f32 sum[TILE_ROWS][2])
{
    v_f32 b0 = v_load(b), b1 = v_load(b + LANES);
    KEEP(b0);
    if (vectors > 1)
        KEEP(b1);
    UNROLL_ALL
    for (int32_t r = 0; r < rows; r++) {
        const v_f32 x = v_broadcast(a[r / 3] + (r % 3) * stride);
        sum[r][0] = MULTIPLY(x, b0, sum[r][0]);
        if (vectors > 1)
            sum[r][1] = MULTIPLY(x, b1, sum[r][1]);
    }
}

/* On to the elements of A's rows that are `by` steps of k further. */
INLINE void go_on(const float *a[TILE_ROWS / 3], const int32_t rows, const int32_t by)
{
    UNROLL_ALL
    for (int32_t g = 0; g < (rows + 2) / 3; g++)
        a[g] += by;
}

/* All steps of k, products as they are. */
INLINE void plain_steps(const sg_product *p, const float *a[TILE_ROWS / 3], const char *ahead,
                        const int32_t rows, const int32_t vectors, fetches *next,
                        v_f32 sum[TILE_ROWS][2])
{
    UNROLL_ALL
    for (int32_t i = 0; i < rows; i++)
        sum[i][0] = sum[i][1] = v_zero();
    /* k in as many parts as there are rows: fetch_rows is called once in each. */
    const float *b = p->b, *const last = b + p->depth * PANEL, *end = b;
    const int64_t part = p->depth / rows * PANEL;
    for (int32_t i = 0; i < rows; i++) {
        fetch_rows(next);
        end = i + 1 < rows ? end + part : last;
        /* The pointer b is the only counter: gcc would keep another one in memory. */
        while (b != end) {
            FETCH(b + AHEAD * PANEL);
            if (LANES > 8 && vectors > 1)
                FETCH(b + AHEAD * PANEL + LANES);
            FETCH_L2(ahead);
            ahead += LINE;
            multiply_step(a, p->a_stride, b, rows, vectors, sum);
            go_on(a, rows, 1);
            b += PANEL;
        }
    }
}

#ifdef PAIRS
/* Three steps of k, one of each third of a block, of which the first two are a pair:
 * (a0 + b1) (a1 + b0) + a2 b2. What has to be subtracted for the pair is in the sum already. */
INLINE void multiply_three(const float *const a[TILE_ROWS / 3], int64_t stride, const float *b,
                           const int32_t rows, v_f32 sum[TILE_ROWS][2])
{
    const float *b1 = b + THIRD * PANEL, *b2 = b1 + THIRD * PANEL;
    v_f32 b00 = v_load(b), b01 = v_load(b + LANES);
    v_f32 b10 = v_load(b1), b11 = v_load(b1 + LANES);
    v_f32 b20 = v_load(b2), b21 = v_load(b2 + LANES);
    KEEP(b00);
    KEEP(b01);
    KEEP(b10);
    KEEP(b11);
    KEEP(b20);
    KEEP(b21);
    UNROLL_ALL
    for (int32_t r = 0; r < rows; r++) {
        const float *x = a[r / 3] + (r % 3) * stride;
        sum[r][0] = v_fma(v_add_broadcast(x, b10), v_add_broadcast(x + THIRD, b00), sum[r][0]);
        sum[r][1] = v_fma(v_add_broadcast(x, b11), v_add_broadcast(x + THIRD, b01), sum[r][1]);
        sum[r][0] = v_fma_broadcast(x + 2 * THIRD, b20, sum[r][0]);
        sum[r][1] = v_fma_broadcast(x + 2 * THIRD, b21, sum[r][1]);
    }
}

/* Of each column, minus the sum of b0 b1 over all pairs. Two sums, added at the end, so that one
 * multiply-add need not wait for the one before it. */
INLINE void pairs_of_columns(const sg_product *p, v_f32 pairs[2])
{
    v_f32 even[2] = {v_zero(), v_zero()}, odd[2] = {v_zero(), v_zero()};
    const float *b = p->b;
    for (int64_t k = 0; k + SG_PRODUCT_BLOCK <= p->depth; k += SG_PRODUCT_BLOCK) {
        UNROLL_4
        for (int32_t t = 0; t < THIRD; t += 2) {
            UNROLL_ALL
            for (int32_t v = 0; v < 2; v++) {
                const float *x = b + t * PANEL + v * LANES, *y = x + PANEL;
                even[v] = v_fnma(v_load(x), v_load(x + THIRD * PANEL), even[v]);
                odd[v] = v_fnma(v_load(y), v_load(y + THIRD * PANEL), odd[v]);
            }
        }
        b += SG_PRODUCT_BLOCK * PANEL;
    }
    pairs[0] = v_add(even[0], odd[0]);
    pairs[1] = v_add(even[1], odd[1]);
}

/* All steps of k in pairs: block after block, three steps at a time, and one by one those behind
 * the last whole block. */
INLINE void paired_steps(const sg_product *p, int64_t first, const float *a[TILE_ROWS / 3],
                         const char *ahead, const int32_t rows, const v_f32 pairs[2], fetches *next,
                         v_f32 sum[TILE_ROWS][2])
{
    UNROLL_ALL
    for (int32_t i = 0; i < rows; i++) {
        const v_f32 x = v_broadcast(p->pairs + first + i);
        sum[i][0] = v_add(x, pairs[0]);
        sum[i][1] = v_add(x, pairs[1]);
    }
    const float *b = p->b, *const last = b + p->depth * PANEL;
    int32_t left = rows;
    for (int64_t block = p->depth / SG_PRODUCT_BLOCK; block > 0; block--) {
        for (int32_t t = THIRD; t > 0; t--) {
            if (left > 0) {
                fetch_rows(next);
                left--;
            }
            const float *far = b + SG_PRODUCT_BLOCK * PANEL;
            UNROLL_ALL
            for (int32_t i = 0; i < 3; i++) {
                FETCH(far + i * THIRD * PANEL);
                FETCH(far + i * THIRD * PANEL + LANES);
                FETCH_L2(ahead + i * LINE);
            }
            ahead += 3 * LINE;
            multiply_three(a, p->a_stride, b, rows, sum);
            go_on(a, rows, 1);
            b += PANEL;
        }
        go_on(a, rows, 2 * THIRD);
        b += 2 * THIRD * PANEL;
    }
    while (b != last) {
        multiply_step(a, p->a_stride, b, rows, 2, sum);
        go_on(a, rows, 1);
        b += PANEL;
    }
}
#endif

/* Rows `first` to `first + rows` of C. `rows` and `paired` are constants wherever this is inlined,
 * and so are the numbers of `s`, but for one at the right edge of B. */
INLINE void tile(const sg_product *p, int64_t first, const int32_t rows, const span s,
                 const bool paired, const v_f32 pairs[2])
{
    const int64_t stride = p->a_stride;
    const float *a[TILE_ROWS / 3];
    v_f32 sum[TILE_ROWS][2];
    UNROLL_ALL
    for (int32_t g = 0; g < (rows + 2) / 3; g++) {
        a[g] = p->a + (first + 3 * g) * stride;
        /* Or the compiler keeps one pointer, and a register with an offset for each row. */
        __asm__("" : "+r"(a[g]));
    }
    float *c = p->c ? p->c + first * p->c_stride : NULL;
    const float *residual = p->residual ? p->residual + first * p->residual_stride : NULL;
    const bool more = first + rows < p->rows;
    fetches next = {more        ? result_row(p, first + rows)
                    : p->next_c ? p->next_c
                                : result_row(p, first),
                    p->half ? p->half_stride / 2 : p->c_stride,
                    coming_rows(p, residuals(p), residual_stride(p), first + rows),
                    coming_rows(p, p->term, p->term_stride, first + rows)};
    const char *ahead = fetched_ahead(p, first / TILE_ROWS);
#ifdef PAIRS
    if (paired)
        paired_steps(p, first, a, ahead, rows, pairs, &next, sum);
    else
#endif
        plain_steps(p, a, ahead, rows, s.vectors, &next, sum);
    (void)pairs;
    finish(p, first, c, residual, rows, s, paired, sum);
}

#define TILE_CASE(n)                       \
    case n:                                \
        tile(p, row, n, s, paired, pairs); \
        break

/* The rows below the last whole tile, if there are any. */
INLINE void last_tile(const sg_product *p, int64_t row, const span s, const bool paired,
                      const v_f32 pairs[2])
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

INLINE void all_tiles(const sg_product *p, const span s, const bool paired, const v_f32 pairs[2])
{
    int64_t row = 0;
    for (; row + TILE_ROWS <= p->rows; row += TILE_ROWS)
        tile(p, row, TILE_ROWS, s, paired, pairs);
    last_tile(p, row, s, paired, pairs);
}

#ifdef PAIRS
static __attribute__((__noinline__)) void all_paired(const sg_product *p)
{
    v_f32 pairs[2];
    if (p->columns_known) {
        pairs[0] = v_load(p->column_pairs);
        pairs[1] = v_load(p->column_pairs + LANES);
    } else {
        pairs_of_columns(p, pairs);
        if (p->column_pairs) {
            v_store(p->column_pairs, pairs[0]);
            v_store(p->column_pairs + LANES, pairs[1]);
        }
    }
    all_tiles(p, (span){LANES, LANES, 2}, true, pairs);
}

/* sum - (a0 - shift) (a1 - shift) for eight pairs: a0 from `a` on, a1 a third of a block on. */
INLINE vh_f32 eight_pairs(const float *a, vh_f32 shift, vh_f32 sum)
{
    return vh_fnma(vh_sub(vh_load(a), shift), vh_sub(vh_load(a + THIRD), shift), sum);
}

void PAIRS(const float *a, int64_t stride, int64_t rows, int64_t depth, float shift, float *pairs)
{
    const vh_f32 by = vh_set(shift);
    const int64_t blocks = depth / SG_PRODUCT_BLOCK;
    for (int64_t i = 0; i < rows; i++, a += stride) {
        vh_f32 even = vh_zero(), odd = vh_zero();
        int64_t n = 0;
        for (; n + 2 <= blocks; n += 2) {
            even = eight_pairs(a + n * SG_PRODUCT_BLOCK, by, even);
            odd = eight_pairs(a + (n + 1) * SG_PRODUCT_BLOCK, by, odd);
        }
        if (n < blocks)
            even = eight_pairs(a + n * SG_PRODUCT_BLOCK, by, even);
        pairs[i] = vh_sum(vh_add(even, odd)) + (float)(blocks * THIRD) * shift * shift;
    }
}
#endif

/* All rows of a panel at the right edge of B. Rows below the last whole tile go by three and one by
 * one: there are few of them, and each number of rows would be code of its own. */
INLINE void edge_tiles(const sg_product *p, const span s)
{
    int64_t row = 0;
    for (; row + TILE_ROWS <= p->rows; row += TILE_ROWS)
        tile(p, row, TILE_ROWS, s, false, NULL);
    for (; row + 3 <= p->rows; row += 3)
        tile(p, row, 3, s, false, NULL);
    for (; row < p->rows; row++)
        tile(p, row, 1, s, false, NULL);
}

/* Columns of one vector alone, which take half as long. */
static NOINLINE void all_half_tiles(const sg_product *p)
{
    edge_tiles(p, (span){p->columns, 0, 1});
}

void PRODUCT(const sg_product *p)
{
#ifdef PAIRS
    if (p->pairs) {
        all_paired(p);
        return;
    }
#endif
    if (p->columns == PANEL) {
        all_tiles(p, (span){LANES, LANES, 2}, false, NULL);
    } else if (p->columns > LANES) {
        edge_tiles(p, (span){LANES, p->columns - LANES, 2});
    } else {
        all_half_tiles(p);
    }
}
