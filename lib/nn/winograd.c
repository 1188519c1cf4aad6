/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What goes where, and what it costs; winograd_run.c does it. Workspace, in floats:
 *
 *     zeros (a pixel's channels) | weights [point][panel][channel][panel width] | of each slot:
 *         inputs [block of channels][point][tile][channel] | products [point][tile][output]
 *
 * with rows of tiles 16 floats longer than their channels, so that they do not all fall into the
 * same sets of a cache. Where a tile has no more outputs than inputs and these are one block, the
 * products at a point overwrite the inputs at the point before, and a slot is half as large. */

#include "winograd_tiles.h"

enum {
    KERNEL = 3,
    DEPTH_BLOCK = 512, /* channels of one product, at most */
    BLOCK_TILES = 36,
    MIXED_LENGTH = 10 /* of sub-grids, at most: on longer ones tiles of 4 waste little */
};

/* Cost of transforms at one point, in multiply-accumulates: of a tile's channel, of a weight. */
enum { TILE_WORK = 6, WEIGHT_WORK = 10 };

bool sg_winograd_suits(const sg_packed *packed, const sg_convolution_shape *shape)
{
    return packed->kernels.fast && shape->kernel == KERNEL && shape->stride == 1 &&
           shape->padding == shape->dilation && !packed->gathered;
}

bool sg_winograd_fits(const sg_convolution_shape *shape, int32_t height, int32_t width,
                      sg_winograd_family family)
{
    const int32_t longest = height > width ? height : width;
    return family != SG_WINOGRAD_MIXED || (longest - 1) / shape->dilation + 1 <= MIXED_LENGTH;
}

const char *sg_winograd_name(sg_winograd_family family)
{
    static const char *const names[SG_WINOGRAD_FAMILIES] = {"F(2x2,3x3)", "F(4x4,3x3)",
                                                            "F(4x6,3x3)", "F(mixed,3x3)"};
    return names[family];
}

/* Of a block's inputs and products. */
static int64_t block_floats(const sg_winograd *w, const sg_winograd_tiles *tiles)
{
    const int64_t points = sg_tile_points(tiles);
    return tiles->block * (w->overlaid ? (points + 1) * w->channels
                                       : points * (w->depth_blocks * w->channels + w->outputs));
}

static void add_tiles(sg_winograd *w, sg_winograd_side row_side, sg_winograd_side column_side)
{
    const sg_line rows = sg_line_of(row_side, w->height, w->dilation);
    const sg_line columns = sg_line_of(column_side, w->width, w->dilation);
    sg_winograd_tiles tiles = {.row_side = row_side,
                               .column_side = column_side,
                               .rows = sg_line_tiles(&rows),
                               .columns = sg_line_tiles(&columns),
                               .first_block = w->blocks};
    const int64_t count = tiles.rows * tiles.columns;
    if (count == 0)
        return;
    /* Blocks alike, and if they are the only ones, as many a thread. */
    const int64_t unit = w->family == SG_WINOGRAD_MIXED ? 1 : w->threads;
    const int64_t blocks = ((count - 1) / BLOCK_TILES / unit + 1) * unit;
    tiles.block = (count - 1) / blocks + 1;
    tiles.blocks = (count - 1) / tiles.block + 1;
    w->tiles[w->kinds++] = tiles;
    w->blocks += tiles.blocks;
    const int64_t floats = block_floats(w, &tiles);
    if (floats > w->workspaces)
        w->workspaces = floats;
    const int32_t row_points = sg_winograd_side_outputs(row_side) + 2;
    const int32_t column_points = sg_winograd_side_outputs(column_side) + 2;
    w->row_points = row_points > w->row_points ? row_points : w->row_points;
    w->column_points = column_points > w->column_points ? column_points : w->column_points;
}

sg_winograd sg_winograd_plan(const sg_packed *packed, const sg_convolution_shape *shape,
                             int32_t height, int32_t width, sg_winograd_family family,
                             int32_t threads)
{
    sg_winograd w = {.packed = packed,
                     .family = family,
                     .height = height,
                     .width = width,
                     .dilation = shape->dilation,
                     .threads = threads,
                     .depth = packed->depth < DEPTH_BLOCK ? packed->depth : DEPTH_BLOCK,
                     .outputs = sg_with_gap(packed->panels * packed->kernels.panel)};
    w.depth_blocks = (packed->depth - 1) / w.depth + 1;
    w.channels = sg_with_gap(w.depth);
    w.overlaid = w.depth_blocks == 1 && w.outputs <= w.channels;
    if (family == SG_WINOGRAD_2)
        add_tiles(&w, SG_SIDE_2, SG_SIDE_2);
    else if (family == SG_WINOGRAD_4)
        add_tiles(&w, SG_SIDE_4, SG_SIDE_4);
    else if (family == SG_WINOGRAD_6)
        add_tiles(&w, SG_SIDE_4, SG_SIDE_6);
    else {
        /* The longest work first, so that threads end together. */
        for (int32_t row = SG_SIDE_MIXED_5; row >= SG_SIDE_MIXED_2; row--) {
            for (int32_t column = SG_SIDE_MIXED_5; column >= SG_SIDE_MIXED_2; column--)
                add_tiles(&w, row, column);
        }
    }
    w.slots = w.blocks < threads ? w.blocks : threads;
    if (!packed->transformed)
        w.weights = (int64_t)w.row_points * w.column_points * sg_matrix_floats(packed);
    return w;
}

double sg_winograd_work(const sg_winograd *w)
{
    const double inputs = (double)w->packed->depth;
    const double outputs = (double)(w->packed->panels * w->packed->kernels.panel);
    double points = 0;
    for (int32_t i = 0; i < w->kinds; i++)
        points += (double)(w->tiles[i].rows * w->tiles[i].columns * sg_tile_points(&w->tiles[i]));
    return points * (inputs * outputs + TILE_WORK * (inputs + outputs)) +
           WEIGHT_WORK * (double)w->weights;
}

int64_t sg_winograd_workspace(const sg_winograd *w)
{
    return w->depth_blocks * w->channels + sg_with_gap(w->weights) + w->slots * w->workspaces;
}
