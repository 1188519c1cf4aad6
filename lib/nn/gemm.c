/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* In plain C, A's rows are taken by fours and B's columns by eights, so that the 32 sums of a tile
 * stay in registers. B is copied to where its eight columns lie side by side, for a block of rows
 * of A that finds room in the second cache. Each element of C is the sum over blocks of k of sums
 * that begin at zero and add one product after the other. */

#include "gemm.h"

#include <string.h>

#include "blas.h"

/* Rows of a call of BLAS. Its sizes are 32-bit, and so are often the products it makes of them
 * inside; and no call may be so long that a run cannot be cancelled meanwhile. Rows are counted by
 * STEP, a multiple of every tile of a BLAS, so that it does not matter to the sums where they are
 * cut. */
enum { ROWS_MAX = 1 << 20, ROWS_STEP = 256, CALL_WORK = 1 << 27 /* multiply-accumulates */ };

enum { TILE_ROWS = 4, TILE_COLUMNS = 8, BLOCK_ROWS = 64, BLOCK_DEPTH = 256 };

/* Compilers keep an array of these in registers, and one of floats in memory. */
enum { LANES = 4, VECTORS = TILE_COLUMNS / LANES };
typedef float vector __attribute__((vector_size(LANES * sizeof(float))));

typedef struct product {
    int64_t m, n, k;
    const float *a, *b;
    float *c;
    int64_t lda, ldb, ldc;
    bool accumulate;
} product;

static int64_t least(int64_t left, int64_t right)
{
    return left < right ? left : right;
}

/* Copies columns of B from row l and column j on, zeros behind the last. */
static void copy_columns(const product *p, int64_t l, int64_t depth, int64_t j,
                         float columns[][TILE_COLUMNS])
{
    const int64_t width = least(TILE_COLUMNS, p->n - j);
    for (int64_t i = 0; i < depth; i++) {
        const float *from = p->b + (l + i) * p->ldb + j;
        for (int64_t column = 0; column < TILE_COLUMNS; column++)
            columns[i][column] = column < width ? from[column] : 0.0f;
    }
}

/* The sums of one tile of C, of its rows from i and its columns from j on. */
static void multiply_tile(const product *p, int64_t i, int64_t last_row, int64_t l, int64_t depth,
                          int64_t j, const float columns[][TILE_COLUMNS])
{
    vector sums[TILE_ROWS][VECTORS] = {{{0.0f}}};
    const float *a[TILE_ROWS]; /* a row that is missing is the last one again */
    for (int64_t row = 0; row < TILE_ROWS; row++)
        a[row] = p->a + least(i + row, last_row - 1) * p->lda + l;
    for (int64_t k = 0; k < depth; k++) {
        vector b[VECTORS];
        memcpy(b, columns[k], sizeof(b));
        for (int64_t row = 0; row < TILE_ROWS; row++) {
            for (int64_t v = 0; v < VECTORS; v++)
                sums[row][v] += a[row][k] * b[v];
        }
    }
    const int64_t rows = least(TILE_ROWS, last_row - i), width = least(TILE_COLUMNS, p->n - j);
    for (int64_t row = 0; row < rows; row++) {
        float *c = p->c + (i + row) * p->ldc + j;
        float sum[TILE_COLUMNS];
        memcpy(sum, sums[row], sizeof(sum));
        for (int64_t column = 0; column < width; column++)
            c[column] = l > 0 || p->accumulate ? c[column] + sum[column] : sum[column];
    }
}

/* Rows begin to end of C. */
static void multiply_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const product *p = argument;
    float columns[BLOCK_DEPTH][TILE_COLUMNS];
    (void)thread;
    for (int64_t l = 0; l < p->k; l += BLOCK_DEPTH) {
        const int64_t depth = least(BLOCK_DEPTH, p->k - l);
        for (int64_t j = 0; j < p->n; j += TILE_COLUMNS) {
            copy_columns(p, l, depth, j, columns);
            for (int64_t i = begin; i < end; i += TILE_ROWS)
                multiply_tile(p, i, end, l, depth, j, columns);
        }
    }
}

void sg_gemm_plain(sg_pool *pool, int64_t m, int64_t n, int64_t k, const float *a, int64_t lda,
                   const float *b, int64_t ldb, float *c, int64_t ldc, bool accumulate)
{
    product job = {m, n, k, a, b, c, lda, ldb, ldc, accumulate};
    sg_parallel_for(pool, m, BLOCK_ROWS, multiply_rows, &job);
}

void sg_gemm(sg_pool *pool, int64_t m, int64_t n, int64_t k, const float *a, int64_t lda,
             const float *b, int64_t ldb, float *c, int64_t ldc, bool accumulate)
{
    if (!sg_blas_load()) {
        sg_gemm_plain(pool, m, n, k, a, lda, b, ldb, c, ldc, accumulate);
        return;
    }
    const int64_t fit = CALL_WORK / n / k / ROWS_STEP * ROWS_STEP;
    const int64_t rows = fit < ROWS_STEP ? ROWS_STEP : least(fit, ROWS_MAX);
    for (int64_t row = 0; row < m && !sg_pool_stops(pool); row += rows)
        sg_blas_multiply((int)least(rows, m - row), (int)n, (int)k, a + row * lda, (int)lda, b,
                         (int)ldb, c + row * ldc, (int)ldc, accumulate);
}

const char *sg_gemm_name(void)
{
    return sg_blas_load() ? "blas" : "plain";
}

const char *sg_gemm_describe(bool needed)
{
    if (!needed)
        return "none is needed: the kernels have products of their own";
    (void)sg_blas_load();
    return sg_blas_describe();
}
