/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Where the tiles of a Winograd convolution lie along one side of a map. */

#ifndef SG_NN_WINOGRAD_TILES_H
#define SG_NN_WINOGRAD_TILES_H

#include "paired.h"
#include "winograd.h"

/* The tiles of one side along all sub-grids of a side of the map: the first n % d of those are one
 * pixel longer than the others. */
typedef struct sg_line {
    int64_t dilation, longer; /* sub-grids; of those, the longer ones */
    int64_t longer_tiles,
        longer_first; /* on each of the longer: tiles; first pixel, counted on it */
    int64_t shorter_tiles, shorter_first;
    int64_t outputs; /* of a tile */
} sg_line;

/* The tiles of `side` if tiles of such sides are taken. Of the fitting ones (SG_SIDE_WHOLE_2 and
 * later), sub-grids of 2 and 3 pixels have whole sides; `shared` makes the shorter sub-grids take
 * weights that the longer ones have, at the price of a point: 3 those of 4, and 2 those of 3. */
sg_line sg_line_of(sg_winograd_side side, int64_t size, int64_t dilation, bool shared);
int64_t sg_line_tiles(const sg_line *line);

/* First output of the i-th tile. */
int64_t sg_line_pixel(const sg_line *line, int64_t i);

/* The length of a row that is followed by another one. */
static inline int64_t sg_with_gap(int64_t floats)
{
    enum { GAP = 16 };
    return (floats + GAP - 1) / GAP * GAP + GAP;
}

static inline int64_t sg_tile_points(const sg_winograd_tiles *tiles)
{
    return (int64_t)sg_winograd_side_counts(tiles->row_side).points *
           sg_winograd_side_counts(tiles->column_side).points;
}

/* From one point of a block of channels' transformed weights to the next: not a power of two, or
 * those of all would fall into the same sets of the caches. */
static inline int64_t sg_point_floats(const sg_winograd *w)
{
    return sg_with_gap(w->depth * sg_packed_columns(w->packed));
}

/* What a thread keeps of the weights at a point for paired products. */
static inline int64_t sg_point_kept(const sg_winograd *w)
{
    return sg_columns_floats(sg_packed_columns(w->packed));
}

#endif
