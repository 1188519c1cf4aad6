/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "winograd_tiles.h"

#include <string.h>

/* Mixed tiles of each side along a sub-grid of `length` pixels: as few as will do, alike. */
static void split_mixed(int64_t length, int64_t counts[SG_WINOGRAD_SIDES])
{
    if (length == 0)
        return;
    const int64_t tiles = (length - 1) / 5 + 1;
    const int64_t shorter = length / tiles;
    const int64_t longer = length % tiles;
    /* A single pixel is half of a tile of 2. */
    counts[SG_SIDE_MIXED_2 + (shorter < 2 ? 0 : shorter - 2)] = tiles - longer;
    if (longer)
        counts[SG_SIDE_MIXED_2 + shorter + 1 - 2] = longer;
}

/* Tiles of each side along a sub-grid, if those of `side` occur. */
static void split_length(sg_winograd_side side, int64_t length, int64_t counts[SG_WINOGRAD_SIDES])
{
    const int64_t outputs = sg_winograd_side_outputs(side);
    memset(counts, 0, SG_WINOGRAD_SIDES * sizeof(*counts));
    if (side >= SG_SIDE_MIXED_2)
        split_mixed(length, counts);
    else
        counts[side] = (length + outputs - 1) / outputs;
}

sg_line sg_line_of(sg_winograd_side side, int64_t size, int64_t dilation)
{
    int64_t longer[SG_WINOGRAD_SIDES], shorter[SG_WINOGRAD_SIDES];
    split_length(side, size / dilation + 1, longer);
    split_length(side, size / dilation, shorter);
    sg_line l = {.dilation = dilation,
                 .longer = size % dilation,
                 .longer_tiles = longer[side],
                 .shorter_tiles = shorter[side],
                 .outputs = sg_winograd_side_outputs(side)};
    for (int32_t larger = side + 1; larger < SG_WINOGRAD_SIDES; larger++) {
        l.longer_first += longer[larger] * sg_winograd_side_outputs(larger);
        l.shorter_first += shorter[larger] * sg_winograd_side_outputs(larger);
    }
    return l;
}

int64_t sg_line_tiles(const sg_line *l)
{
    return l->longer * l->longer_tiles + (l->dilation - l->longer) * l->shorter_tiles;
}

int64_t sg_line_pixel(const sg_line *l, int64_t i)
{
    const int64_t on_longer = l->longer * l->longer_tiles;
    if (i < on_longer)
        return i / l->longer_tiles +
               l->dilation * (l->longer_first + i % l->longer_tiles * l->outputs);
    i -= on_longer;
    return l->longer + i / l->shorter_tiles +
           l->dilation * (l->shorter_first + i % l->shorter_tiles * l->outputs);
}
