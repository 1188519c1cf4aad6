/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "winograd_tiles.h"

#include <string.h>

enum { LONGEST = 5 /* outputs of a mixed side */ };

/* Tiles of each side along a sub-grid of `length` pixels, as few as will do, alike. */
static void split_fitting(int64_t length, bool shared, int64_t counts[SG_WINOGRAD_SIDES])
{
    if (length == 0)
        return;
    if (length <= 2) {
        counts[shared && length == 2 ? SG_SIDE_WHOLE_3 : SG_SIDE_WHOLE_2] = 1;
        return;
    }
    if (length == 3) {
        counts[shared ? SG_SIDE_MIXED_3 : SG_SIDE_WHOLE_3] = 1;
        return;
    }
    const int64_t tiles = (length - 1) / LONGEST + 1;
    const int64_t shorter = length / tiles;
    const int64_t longer = length % tiles;
    counts[SG_SIDE_MIXED_3 + shorter - 3] = tiles - longer;
    if (longer)
        counts[SG_SIDE_MIXED_3 + shorter + 1 - 3] = longer;
}

/* Tiles of each side along a sub-grid, if those of `side` occur. */
static void split_length(sg_winograd_side side, int64_t length, bool shared,
                         int64_t counts[SG_WINOGRAD_SIDES])
{
    const int64_t outputs = sg_winograd_side_counts(side).outputs;
    memset(counts, 0, SG_WINOGRAD_SIDES * sizeof(*counts));
    if (side >= SG_SIDE_WHOLE_2)
        split_fitting(length, shared, counts);
    else
        counts[side] = (length + outputs - 1) / outputs;
}

sg_line sg_line_of(sg_winograd_side side, int64_t size, int64_t dilation, bool shared)
{
    int64_t longer[SG_WINOGRAD_SIDES], shorter[SG_WINOGRAD_SIDES];
    split_length(side, size / dilation + 1, false, longer);
    split_length(side, size / dilation, shared && size % dilation != 0, shorter);
    sg_line l = {.dilation = dilation,
                 .longer = size % dilation,
                 .longer_tiles = longer[side],
                 .shorter_tiles = shorter[side],
                 .outputs = sg_winograd_side_counts(side).outputs};
    for (int32_t larger = side + 1; larger < SG_WINOGRAD_SIDES; larger++) {
        const int64_t outputs = sg_winograd_side_counts(larger).outputs;
        l.longer_first += longer[larger] * outputs;
        l.shorter_first += shorter[larger] * outputs;
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
        return i % l->longer + l->dilation * (l->longer_first + i / l->longer * l->outputs);
    i -= on_longer;
    const int64_t shorter = l->dilation - l->longer;
    return l->longer + i % shorter + l->dilation * (l->shorter_first + i / shorter * l->outputs);
}
