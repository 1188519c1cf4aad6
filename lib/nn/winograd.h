/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* 3x3 convolutions of stride 1 with fewer multiplications (kernels/winograd.h). One of dilation d
 * is d x d ordinary ones, on the sub-grids of every d-th pixel: a tile's inputs and outputs are d
 * pixels apart, and nothing else changes.
 *
 * Weights are transformed anew in every run, from the packed ones. Kept, they would be five times
 * as large; only small pictures would gain by it (docs/algorithms.md). Where there are many
 * channels this goes by blocks of them: a block's weights, then what they add to the products of
 * all tiles.
 */

#ifndef SG_NN_WINOGRAD_H
#define SG_NN_WINOGRAD_H

#include "packed.h"

/* Which tiles. */
typedef enum sg_winograd_family {
    SG_WINOGRAD_2,     /* 2 x 2 */
    SG_WINOGRAD_4,     /* 4 x 4 */
    SG_WINOGRAD_6,     /* 4 x 6: most pictures are wider than high */
    SG_WINOGRAD_MIXED, /* 2 to 5 by 2 to 5, to fit sub-grids too short for tiles all alike */
    SG_WINOGRAD_FAMILIES
} sg_winograd_family;

enum { SG_WINOGRAD_HALVES = 3 /* families that there are of halves */ };

enum { SG_WINOGRAD_KINDS_MAX = 16, SG_WINOGRAD_PASSES_MAX = 4 };

/* Those that families are compared for, so that what is chosen does not depend on the threads that
 * there are. */
enum { SG_WINOGRAD_USUAL_THREADS = 2 };

/* The tiles of one kind: all pairs of a row and a column of them. */
typedef struct sg_winograd_tiles {
    sg_winograd_side row_side, column_side; /* of a tile's height and width */
    int64_t rows, columns;
    int64_t first_block, blocks, block; /* tiles of a block go through all products together */
} sg_winograd_tiles;

/* Kinds of tiles that share transformed weights, one after another in the plan's `tiles`. */
typedef struct sg_winograd_pass {
    sg_winograd_side row_side, column_side; /* the longest, whose points are those of all */
    int32_t row_points, column_points;      /* of the weights */
    int32_t first_kind, kinds;
    int64_t blocks;
    int64_t products; /* floats of those of a block of tiles, at most */
    int64_t group;    /* blocks whose products are kept at once, if there are several of channels */
} sg_winograd_pass;

/* How a convolution is done at one size. */
typedef struct sg_winograd {
    const sg_packed *packed;
    sg_winograd_family family;
    int32_t height, width; /* of the map */
    int32_t dilation;
    int32_t threads;
    bool rows_shared, columns_shared; /* see sg_line_of */
    int32_t kinds, passes;
    sg_winograd_tiles tiles[SG_WINOGRAD_KINDS_MAX];
    sg_winograd_pass pass[SG_WINOGRAD_PASSES_MAX];
    int64_t depth, depth_blocks; /* channels of one product; products of a sum over all channels */
    int64_t channels, outputs;   /* floats of a tile's channels in a product, of its outputs */
    bool overlaid; /* the products at a point take the place of the inputs at the one before */
    int64_t weights, products; /* floats of a pass's: of one block of channels; of a group of blocks
                                  of tiles, if their sums are over several, or else 0 */
    int64_t workspaces;        /* floats of a workspace */
    int64_t slots;             /* workspaces: one a thread, or one a block if those are fewer */
    int64_t kept; /* floats of a thread's pairs of the weights' columns at all points */
} sg_winograd;

bool sg_winograd_suits(const sg_packed *packed, const sg_convolution_shape *shape);

/* Whether a family has tiles for such a map. */
bool sg_winograd_fits(const sg_convolution_shape *shape, int32_t height, int32_t width,
                      sg_winograd_family family);

sg_winograd sg_winograd_plan(const sg_packed *packed, const sg_convolution_shape *shape,
                             int32_t height, int32_t width, sg_winograd_family family,
                             int32_t threads);

/* "F(2x2,3x3)", "F(4x4,3x3)", "F(4x6,3x3)", "F(mixed,3x3)". Static. */
const char *sg_winograd_name(sg_winograd_family family);

/* Multiply-accumulates in its products, and what the transforms cost in terms of them. */
double sg_winograd_work(const sg_winograd *winograd);

/* Bytes of workspace. */
int64_t sg_winograd_workspace(const sg_winograd *winograd);

/* Does what sg_packed_run does, by Winograd's tiles. */
void sg_winograd_run(segent_context *context, const sg_winograd *winograd,
                     const sg_convolution_shape *shape, const sg_convolution_call *call);

#endif
