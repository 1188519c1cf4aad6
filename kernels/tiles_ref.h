/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The words of tiles.h as plain C, with the checks whose failure is a fault of the processor: so a
 * kernel of tiles can be tested on any processor. Ends the process where one fails. */

#ifndef SG_KERNELS_TILES_REF_H
#define SG_KERNELS_TILES_REF_H

#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bf16.h"
#include "tiles.h"

/* Threads that have tiles. */
extern atomic_int sg_tiles_ref_held;

static _Thread_local struct {
    sg_tile_configuration sizes; /* palette 0: there are no tiles */
    uint32_t words[SG_TILES][SG_TILE_ROWS][SG_TILE_WORDS];
} tiles;

static inline void tile_check(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "tiles: %s\n", what);
    abort();
}

static inline void tile_configure(const sg_tile_configuration *sizes)
{
    static const sg_tile_configuration zeros;
    tile_check(sizes->palette == 1 && sizes->start == 0, "not palette 1 from row 0 on");
    tile_check(memcmp(sizes->unused, zeros.unused, sizeof(zeros.unused)) == 0,
               "what is reserved is not zero");
    for (int t = 0; t < 16; t++) {
        const int rows = sizes->rows[t], bytes = sizes->bytes[t];
        tile_check(t < SG_TILES || (rows == 0 && bytes == 0), "more tiles than there are");
        tile_check(rows <= SG_TILE_ROWS && bytes <= SG_TILE_BYTES, "a tile is too large");
        tile_check((rows == 0) == (bytes == 0), "a tile has rows or bytes alone");
        tile_check(bytes % 4 == 0, "a row of a tile is no whole number of words");
    }
    if (tiles.sizes.palette == 0)
        atomic_fetch_add(&sg_tiles_ref_held, 1);
    memset(&tiles, 0, sizeof(tiles));
    tiles.sizes = *sizes;
}

static inline void tile_release(void)
{
    if (tiles.sizes.palette != 0)
        atomic_fetch_sub(&sg_tiles_ref_held, 1);
    memset(&tiles, 0, sizeof(tiles));
}

static inline void tile_check_used(int t)
{
    tile_check(tiles.sizes.palette == 1 && t >= 0 && t < SG_TILES && tiles.sizes.rows[t] > 0,
               "a tile is used that is not configured");
}

static inline void tile_zero(int t)
{
    tile_check_used(t);
    memset(tiles.words[t], 0, sizeof(tiles.words[t]));
}

static inline void tile_load(int t, const void *from, int64_t stride)
{
    tile_zero(t);
    for (int i = 0; i < tiles.sizes.rows[t]; i++)
        memcpy(tiles.words[t][i], (const char *)from + i * stride, tiles.sizes.bytes[t]);
}

static inline void tile_store(int t, void *to, int64_t stride)
{
    tile_check_used(t);
    for (int i = 0; i < tiles.sizes.rows[t]; i++)
        memcpy((char *)to + i * stride, tiles.words[t][i], tiles.sizes.bytes[t]);
}

static inline float tile_normal(float value)
{
    return fabsf(value) < FLT_MIN ? copysignf(0.0f, value) : value;
}

/* The products of two pairs' even numbers (0) or odd ones (16), plus a sum. */
static inline float tile_add(uint32_t a, uint32_t b, int shift, float sum)
{
    const float x = sg_bf16_widen((sg_bf16)(a >> shift)), y = sg_bf16_widen((sg_bf16)(b >> shift));
    return tile_normal(fmaf(tile_normal(x), tile_normal(y), sum));
}

static inline void tile_dot(int c, int a, int b)
{
    tile_check_used(c);
    tile_check_used(a);
    tile_check_used(b);
    tile_check(c != a && c != b && a != b, "one tile in two places of a product");
    const int rows = tiles.sizes.rows[c], columns = tiles.sizes.bytes[c] / 4;
    const int depth = tiles.sizes.rows[b];
    tile_check(tiles.sizes.rows[a] == rows && tiles.sizes.bytes[b] == 4 * columns &&
                   tiles.sizes.bytes[a] == 4 * depth,
               "sizes do not make a product");
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
            float even = 0.0f, odd = 0.0f, sum;
            for (int k = 0; k < depth; k++) {
                even = tile_add(tiles.words[a][i][k], tiles.words[b][k][j], 0, even);
                odd = tile_add(tiles.words[a][i][k], tiles.words[b][k][j], 16, odd);
            }
            memcpy(&sum, &tiles.words[c][i][j], sizeof(sum));
            sum = tile_normal(tile_normal(sum) + tile_normal(even + odd));
            memcpy(&tiles.words[c][i][j], &sum, sizeof(sum));
        }
    }
}

#endif
