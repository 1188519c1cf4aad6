/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "winograd_tiles.h"

#include <string.h>

/* Tiles of each side along a sub-grid of `length` pixels; of mixed ones as few as will do, alike.
 */
static void split_length(sg_winograd_family family, int64_t length,
                         int64_t counts[SG_WINOGRAD_SIDES])
{
    memset(counts, 0, SG_WINOGRAD_SIDES * sizeof(*counts));
    if (family == SG_WINOGRAD_2)
        counts[SG_SIDE_2] = (length + 1) / 2;
    else if (family == SG_WINOGRAD_4)
        counts[SG_SIDE_4] = (length + 3) / 4;
    else if (length > 0) {
        const int64_t tiles = (length - 1) / 5 + 1;
        const int64_t shorter = length / tiles;
        const int64_t longer = length % tiles;
        /* A single pixel is half of a tile of 2. */
        counts[SG_SIDE_MIXED_2 + (shorter < 2 ? 0 : shorter - 2)] = tiles - longer;
        if (longer)
            counts[SG_SIDE_MIXED_2 + shorter + 1 - 2] = longer;
    }
}

sg_line sg_line_of(sg_winograd_family family, sg_winograd_side side, int64_t size, int64_t dilation)
{
    int64_t longer[SG_WINOGRAD_SIDES], shorter[SG_WINOGRAD_SIDES];
    split_length(family, size / dilation + 1, longer);
    split_length(family, size / dilation, shorter);
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
