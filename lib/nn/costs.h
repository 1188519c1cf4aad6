/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What engines have to know of a processor: measured constants, one row a family. */

#ifndef SG_NN_COSTS_H
#define SG_NN_COSTS_H

#include "product.h"

/* Work is in multiply-accumulates that take the same time; rows are those of an ordinary product by
 * the same right side. */
typedef struct sg_costs {
    const char *kernel; /* of the products: sg_product_kernels.name */
    bool paired;
    /* Rows of A that go through all panels of B together, at most: they stay in the second cache.
     * Paired products begin with sums over B's columns, which more rows share. */
    int32_t chunk_rows;
    int32_t depth;  /* of one product, at most: a panel's block stays in the nearest caches */
    int32_t pixels; /* of a chunk of a 1x1 convolution: their inputs stay in the second cache */
    int32_t spatial_pixels; /* of a chunk of rows of another direct convolution, at least */
    /* Floats of Winograd's weights from which on they are written past the caches: the second ones
     * hold less, and other processors' shares are read from memory sooner than from their caches.
     */
    int32_t streamed;
    /* A product of a block of rows takes block_start + block_tile * tiles + block_row * rows, where
     * a tile is the rows that the kernel does together, and no less than reading the right side
     * from memory, least_rows. */
    double block_start, block_tile, block_row, least_rows;
    double tile_work;   /* Winograd's transform of a tile's channel at one point */
    double weight_work; /* that of a weight: it waits for memory, and wide kernels multiply
                           meanwhile */
    /* Strassen's products pay from so many inputs and outputs on, and so many pixels; with fewer on
     * one side, but at least `strassen_narrow`, if there are `strassen_wide` (0: never) on the
     * other. Those of the second level, where 0 is never, come in chunks of so many rows: they are
     * never paired. */
    int32_t strassen_channels, strassen_pixels, strassen_narrow, strassen_wide;
    int32_t twice_channels, twice_pixels, twice_rows;
} sg_costs;

/* More rows than any chunk has. */
enum { SG_CHUNK_ROWS_MOST = 72 };

const sg_costs *sg_costs_of(const sg_product_kernels *kernels);

#endif
