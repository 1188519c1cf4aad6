/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Tiles: registers that are matrices, as AMX has them. tiles_<set>.h gives these words their
 * meaning; a tile is named by a constant, 0 to 7:
 *
 *   tile_configure(c)             gives all tiles the sizes of an sg_tile_configuration, and zeros
 *   tile_release()                takes them away again: until then the processor cannot rest as
 *                                 deeply, and a switch of threads saves 8 kB more
 *   tile_zero(t)
 *   tile_load(t, p, stride)       rows are `stride` bytes apart, at any address; nothing outside
 *                                 the tile's own rows and bytes is read
 *   tile_store(t, p, stride)      the same way back
 *   tile_dot(c, a, b)             c += a b, where a and b hold pairs of bfloat16 numbers: b's row k
 *                                 has for each column of c the pair that a's k-th pair is
 *                                 multiplied with. Of each element the products of the even ones
 *                                 are summed over ascending k, those of the odd ones beside them,
 *                                 then the two sums are added, then c. Rounded to nearest each
 *                                 time; numbers too small to be normal count as zeros, and become
 *                                 zeros. */

#ifndef SG_KERNELS_TILES_H
#define SG_KERNELS_TILES_H

#include <stdint.h>

enum {
    SG_TILES = 8,
    SG_TILE_ROWS = 16,
    SG_TILE_BYTES = 64, /* of a row */
    SG_TILE_WORDS = SG_TILE_BYTES / 4
};

/* As the processor reads it. A tile that is not used has neither rows nor bytes. */
typedef struct sg_tile_configuration {
    uint8_t palette; /* 1: tiles of the sizes above */
    uint8_t start, unused[14];
    uint16_t bytes[16];
    uint8_t rows[16];
} sg_tile_configuration;

_Static_assert(sizeof(sg_tile_configuration) == 64, "the processor reads 64 bytes");

#endif
