/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What goes where, and what it costs; winograd_run.c does it. Workspace, in floats:
 *
 *     zeros (a block of channels) | weights [point][panel][channel][panel width] |
 *         products [block of tiles][point][tile][output] |
 *         of each thread: pairs of the weights' columns [point][output] |
 *         of each slot: inputs [point][tile][channel]
 *
 * with rows of tiles 16 floats longer than their channels, so that they do not all fall into the
 * same sets of a cache. Where there is but one block of channels a slot has room for the products
 * too, and if a tile has no more outputs than inputs, those at a point overwrite the inputs at the
 * point before. */

#include "engine.h"
#include "paired.h"
#include "winograd_tiles.h"

enum {
    KERNEL = 3,
    SMALL_WORKSPACE = 24 << 20, /* bytes with SEGENT_ENGINE_SMALL, on as many threads as usual */
    PRODUCTS_FLOATS = 8 << 20,  /* of a group of blocks of tiles, or two blocks a thread */
    MIXED_LENGTH = 30,          /* of sub-grids, at most: on longer ones tiles of 4 waste little */
    MIXED_HALVES_LENGTH = 10    /* of halves: what mixed tiles save on longer ones is not worth what
                                   they round */
};

/* The cost of the products of a block of so many rows, in rows of ordinary products. */
static double block_rows(const sg_packed *packed, int64_t rows)
{
    const sg_costs *costs = packed->costs;
    const int64_t tiles = (rows - 1) / packed->kernels.tile + 1;
    const double taken =
        costs->block_start + costs->block_tile * (double)tiles + costs->block_row * (double)rows;
    return taken > costs->least_rows ? taken : costs->least_rows;
}

/* The tiles of a block, chosen so that each thread gets as many blocks of a pass as the others. */
static int64_t tiles_a_block(const sg_packed *packed, int64_t tiles, int32_t threads)
{
    const int64_t most = packed->costs->chunk_rows;
    const int64_t rounds = (tiles - 1) / most / threads + 1;
    return (tiles - 1) / (rounds * threads) + 1;
}

bool sg_winograd_suits(const sg_packed *packed, const sg_convolution_shape *shape)
{
    return packed->kernels.fast && shape->kernel == KERNEL && shape->stride == 1 &&
           shape->padding == shape->dilation && !packed->gathered;
}

bool sg_winograd_fits(const sg_convolution_shape *shape, int32_t height, int32_t width,
                      sg_winograd_family family)
{
    const int32_t longest = height > width ? height : width;
    const int32_t most = shape->input == SG_BF16 ? MIXED_HALVES_LENGTH : MIXED_LENGTH;
    return family != SG_WINOGRAD_MIXED || (longest - 1) / shape->dilation + 1 <= most;
}

/* The floats of a slot, which holds blocks of such tiles. */
static int64_t block_floats(const sg_winograd *w, const sg_winograd_tiles *tiles)
{
    const int64_t points = sg_tile_points(tiles);
    if (w->overlaid)
        return tiles->block * (points + 1) * w->channels;
    return tiles->block * points * (w->channels + (w->depth_blocks == 1 ? w->outputs : 0));
}

/* Sides whose weights are the same; the last is the longest. */
static const sg_winograd_side groups[][2] = {
    {SG_SIDE_2, SG_SIDE_2},
    {SG_SIDE_4, SG_SIDE_4},
    {SG_SIDE_6, SG_SIDE_6},
    {SG_SIDE_MIXED_3, SG_SIDE_MIXED_5}, /* the longest work first, so that threads end together */
    {SG_SIDE_WHOLE_3, SG_SIDE_WHOLE_3},
    {SG_SIDE_WHOLE_2, SG_SIDE_WHOLE_2},
};

/* How many tiles there are of a side, along the rows and the columns of the map. */
static int64_t tiles_down(const sg_winograd *w, sg_winograd_side side)
{
    const sg_line rows = sg_line_of(side, w->height, w->dilation, w->rows_shared);
    return sg_line_tiles(&rows);
}

static int64_t tiles_across(const sg_winograd *w, sg_winograd_side side)
{
    const sg_line columns = sg_line_of(side, w->width, w->dilation, w->columns_shared);
    return sg_line_tiles(&columns);
}

/* Tiles of one kind, if there are any, to a pass, in blocks of at most `block`. */
static void add_tiles(sg_winograd *w, sg_winograd_pass *pass, sg_winograd_side row_side,
                      sg_winograd_side column_side, int64_t block)
{
    sg_winograd_tiles tiles = {.row_side = row_side,
                               .column_side = column_side,
                               .rows = tiles_down(w, row_side),
                               .columns = tiles_across(w, column_side),
                               .first_block = pass->blocks};
    const int64_t count = tiles.rows * tiles.columns;
    if (count == 0)
        return;
    tiles.blocks = (count - 1) / block + 1;
    tiles.block = (count - 1) / tiles.blocks + 1;
    tiles.blocks = (count - 1) / tiles.block + 1;
    w->tiles[w->kinds++] = tiles;
    pass->kinds++;
    pass->blocks += tiles.blocks;
    const int64_t products = tiles.block * sg_tile_points(&tiles) * w->outputs;
    pass->products = products > pass->products ? products : pass->products;
    const int64_t floats = block_floats(w, &tiles);
    if (floats > w->workspaces)
        w->workspaces = floats;
    const int32_t row_points = sg_winograd_side_counts(row_side).points;
    const int32_t column_points = sg_winograd_side_counts(column_side).points;
    pass->row_points = row_points > pass->row_points ? row_points : pass->row_points;
    pass->column_points = column_points > pass->column_points ? column_points : pass->column_points;
}

/* All tiles with sides of two groups. */
static void add_pass(sg_winograd *w, const sg_winograd_side rows[2],
                     const sg_winograd_side columns[2])
{
    sg_winograd_pass pass = {
        .row_side = rows[1], .column_side = columns[1], .first_kind = w->kinds};
    int64_t down = 0, across = 0;
    for (int32_t row = (int32_t)rows[0]; row <= (int32_t)rows[1]; row++)
        down += tiles_down(w, row);
    for (int32_t column = (int32_t)columns[0]; column <= (int32_t)columns[1]; column++)
        across += tiles_across(w, column);
    if (down == 0 || across == 0)
        return;
    const int64_t block = tiles_a_block(w->packed, down * across, w->threads);
    for (int32_t row = (int32_t)rows[1]; row >= (int32_t)rows[0]; row--) {
        for (int32_t column = (int32_t)columns[1]; column >= (int32_t)columns[0]; column--)
            add_tiles(w, &pass, row, column, block);
    }
    if (pass.products <= 0)
        return;
    w->pass[w->passes++] = pass;
    const int64_t slots = pass.blocks < w->threads ? pass.blocks : w->threads;
    w->slots = slots > w->slots ? slots : w->slots;
    const int64_t points = (int64_t)pass.row_points * pass.column_points;
    const int64_t weights = points * sg_point_floats(w);
    w->weights = weights > w->weights ? weights : w->weights;
    const int64_t kept = sg_pairs_products(&w->packed->kernels) ? points * sg_point_kept(w) : 0;
    w->kept = kept > w->kept ? kept : w->kept;
    if (w->depth_blocks == 1)
        return;
    /* Groups alike. */
    const int64_t room = PRODUCTS_FLOATS / pass.products;
    const int64_t most = room > 2 * (int64_t)w->threads ? room : 2 * (int64_t)w->threads;
    w->pass[w->passes - 1].group = (pass.blocks - 1) / ((pass.blocks - 1) / most + 1) + 1;
    const int64_t products = w->pass[w->passes - 1].group * pass.products;
    w->products = products > w->products ? products : w->products;
}

/* Adds the passes: the groups of tiles into which rows and columns are cut, as `w` says. */
static sg_winograd with_passes(sg_winograd w)
{
    enum { OF_2, OF_4, OF_6, FITTING, GROUPS = sizeof(groups) / sizeof(groups[0]) };
    if (w.family == SG_WINOGRAD_2)
        add_pass(&w, groups[OF_2], groups[OF_2]);
    else if (w.family == SG_WINOGRAD_4)
        add_pass(&w, groups[OF_4], groups[OF_4]);
    else if (w.family == SG_WINOGRAD_6)
        add_pass(&w, groups[OF_4], groups[OF_6]);
    else {
        for (int32_t rows = FITTING; rows < GROUPS; rows++) {
            for (int32_t columns = FITTING; columns < GROUPS; columns++)
                add_pass(&w, groups[rows], groups[columns]);
        }
    }
    return w;
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
                     .depth = packed->depth < packed->costs->depth ? packed->depth
                                                                   : packed->costs->depth,
                     .outputs = sg_with_gap(sg_packed_columns(packed))};
    w.depth_blocks = (packed->depth - 1) / w.depth + 1;
    w.channels = sg_with_gap(w.depth);
    w.overlaid = w.depth_blocks == 1 && w.outputs <= w.channels;
    sg_winograd best = with_passes(w);
    for (int32_t shared = 1; shared < 4 && family == SG_WINOGRAD_MIXED; shared++) {
        w.rows_shared = shared & 1;
        w.columns_shared = shared >> 1;
        const sg_winograd other = with_passes(w);
        if (sg_winograd_work(&other) < sg_winograd_work(&best))
            best = other;
    }
    return best;
}

/* A pass's products and transforms of tiles. */
static double pass_work(const sg_winograd *w, const sg_winograd_pass *pass)
{
    const double inputs = (double)w->packed->depth;
    const double outputs = (double)sg_packed_columns(w->packed);
    const sg_winograd_tiles *kinds = w->tiles + pass->first_kind;
    int64_t tiles = 0;
    double work = 0;
    for (int32_t i = 0; i < pass->kinds; i++)
        tiles += kinds[i].rows * kinds[i].columns;
    const int64_t block = tiles_a_block(w->packed, tiles, SG_WINOGRAD_USUAL_THREADS);
    for (int32_t i = 0; i < pass->kinds; i++) {
        const int64_t count = kinds[i].rows * kinds[i].columns, whole = count / block;
        double rows = (double)whole * block_rows(w->packed, block);
        if (count % block)
            rows += block_rows(w->packed, count % block);
        work += (double)sg_tile_points(&kinds[i]) *
                (rows * inputs * outputs +
                 (double)count * w->packed->costs->tile_work * (inputs + outputs));
    }
    return work;
}

double sg_winograd_work(const sg_winograd *w)
{
    const double weights = (double)sg_packed_matrix(w->packed) * w->packed->costs->weight_work;
    double work = 0;
    for (int32_t i = 0; i < w->passes; i++)
        work +=
            pass_work(w, &w->pass[i]) + w->pass[i].row_points * w->pass[i].column_points * weights;
    return work;
}

int64_t sg_winograd_workspace(const sg_winograd *w)
{
    const int64_t floats = w->channels + sg_with_gap(w->weights) + sg_with_gap(w->products) +
                           w->threads * w->kept + w->slots * w->workspaces;
    return floats * (int64_t)sizeof(float);
}

/* ---- as an engine ---- */

/* Rows are compared on as many threads as usual, because what is chosen must not depend on them. */
static sg_winograd usual_plan(const sg_engine_request *request, const sg_convolution_way *way)
{
    return sg_winograd_plan(&request->convolution->packed, &request->convolution->shape,
                            request->height, request->width, way->engine->variant,
                            SG_WINOGRAD_USUAL_THREADS);
}

static bool fits(const sg_engine_request *request, sg_convolution_way *way)
{
    const sg_packed *packed = &request->convolution->packed;
    const sg_convolution_shape *shape = &request->convolution->shape;
    const int32_t family = way->engine->variant;
    if (!sg_winograd_suits(packed, shape) || shape->output != packed->type ||
        !sg_winograd_fits(shape, request->height, request->width, family))
        return false;
    if (request->wish == SEGENT_ENGINE_SMALL) {
        const sg_winograd usual = usual_plan(request, way);
        if (sg_winograd_workspace(&usual) > SMALL_WORKSPACE)
            return false;
    }
    way->winograd = sg_winograd_plan(packed, shape, request->height, request->width, family,
                                     sg_pool_threads(request->context->pool));
    way->kernel = sg_product_name(&packed->kernels, sg_pairs_products(&packed->kernels));
    return true;
}

static double cost(const sg_engine_request *request, const sg_convolution_way *way)
{
    const sg_winograd usual = usual_plan(request, way);
    return sg_winograd_work(&usual);
}

static int64_t room(const sg_engine_request *request, const sg_convolution_way *way)
{
    (void)request;
    return sg_winograd_workspace(&way->winograd);
}

static void run(segent_context *context, const sg_convolution *convolution,
                const sg_convolution_way *way, const sg_convolution_call *call)
{
    sg_winograd_run(context, &way->winograd, &convolution->shape, call);
}

#define ROW(title, family, number, sets, packs)                                                  \
    {                                                                                            \
        .name = (title), .type = (number), .cpus = (sets), .form = (packs), .variant = (family), \
        .fits = fits, .cost = cost, .room = room, .run = run                                     \
    }
#define FLOATS                    SG_F32, SG_PACKED_CPUS, &sg_form_packed
#define HALVES                    SG_BF16, SG_CPU_HALVES, &sg_form_halves
#define ROW_OF(title, family, of) ROW(title, family, of)

const sg_engine sg_engine_winograd[SG_WINOGRAD_FAMILIES] = {
    [SG_WINOGRAD_2] = ROW_OF("F(2x2,3x3)", SG_WINOGRAD_2, FLOATS),
    [SG_WINOGRAD_4] = ROW_OF("F(4x4,3x3)", SG_WINOGRAD_4, FLOATS),
    [SG_WINOGRAD_6] = ROW_OF("F(4x6,3x3)", SG_WINOGRAD_6, FLOATS),
    [SG_WINOGRAD_MIXED] = ROW_OF("F(mixed,3x3)", SG_WINOGRAD_MIXED, FLOATS),
};

/* Not with tiles of 6: their points are so far apart that what is rounded to bfloat16 at them would
 * be three times as much. */
const sg_engine sg_engine_winograd_halves[SG_WINOGRAD_HALVES] = {
    ROW_OF("F(2x2,3x3)", SG_WINOGRAD_2, HALVES),
    ROW_OF("F(4x4,3x3)", SG_WINOGRAD_4, HALVES),
    ROW_OF("F(mixed,3x3)", SG_WINOGRAD_MIXED, HALVES),
};

const char *sg_winograd_name(sg_winograd_family family)
{
    return sg_engine_winograd[family].name;
}
