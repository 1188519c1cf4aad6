/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "costs.h"

#include <string.h>

/* Measured with tests/engine/bench_convolution.c: those of AVX-512 on Zen 4, without paired
 * products also on an Intel Xeon; of AVX2 on Zen 4. Those of NEON were not measured: they are
 * AVX2's, for a panel of half the width. Nor were those of NEON with FEAT_BF16: they are NEON's, as
 * if a pair of bfloat16 numbers, the place of a float, took a float's time. Nor were AMX's: they
 * are AVX512_BF16's, as if products took an eighth of the time and all else the same (the rate
 * from registers is 8 times that of Zen 4). The second level of Strassen's products: with AVX2 256
 * to 1024 channels gain nothing and 1024 to 2048 a tenth; with AVX-512 no width gains once products
 * are paired, and on the Xeon, which multiplies twice as fast, 256 to 1024 lose a tenth. */
static const sg_costs table[] = {
    {.kernel = "avx512 12x32",
     .paired = true,
     .chunk_rows = 72,
     .depth = 512,
     .pixels = 96,
     .spatial_pixels = 192,
     .streamed = 2 << 20,
     .block_start = 1.1,
     .block_tile = 1.0,
     .block_row = 0.62,
     .least_rows = 12,
     .tile_work = 6,
     .weight_work = 20,
     .strassen_channels = 256,
     .strassen_narrow = 128,
     .strassen_wide = 768,
     .strassen_pixels = 256,
     .twice_rows = 36},
    {.kernel = "avx512 12x32",
     .chunk_rows = 36,
     .depth = 512,
     .pixels = 96,
     .spatial_pixels = 192,
     .streamed = 2 << 20,
     .block_tile = 0.4,
     .block_row = 0.96,
     .least_rows = 12,
     .tile_work = 6,
     .weight_work = 20,
     .strassen_channels = 256,
     .strassen_pixels = 256,
     .twice_rows = 36},
    {.kernel = "avx2 6x16",
     .chunk_rows = 36,
     .depth = 512,
     .pixels = 96,
     .spatial_pixels = 192,
     .streamed = 2 << 20,
     .block_tile = 0.4,
     .block_row = 0.96,
     .least_rows = 6,
     .tile_work = 6,
     .weight_work = 10,
     .strassen_channels = 256,
     .strassen_pixels = 256,
     .twice_channels = 512,
     .twice_pixels = 2048,
     .twice_rows = 36},
    {.kernel = "avx512_bf16 12x32",
     .chunk_rows = 72,
     .depth = 1024,
     .pixels = 96,
     .spatial_pixels = 192,
     .streamed = 2 << 20,
     .block_tile = 0.4,
     .block_row = 0.96,
     .least_rows = 12,
     .tile_work = 6,
     .weight_work = 20},
    {.kernel = "amx 32x32",
     .chunk_rows = 64,
     .depth = 1024,
     .pixels = 96,
     .spatial_pixels = 192,
     .streamed = 2 << 20,
     .block_tile = 1.1,
     .block_row = 0.96,
     .least_rows = 96,
     .tile_work = 48,
     .weight_work = 160},
    {.kernel = "neon_bf16 9x8",
     .chunk_rows = 36,
     .depth = 512,
     .pixels = 96,
     .spatial_pixels = 192,
     .streamed = 2 << 20,
     .block_tile = 0.4,
     .block_row = 0.96,
     .least_rows = 3,
     .tile_work = 6,
     .weight_work = 5},
    {.kernel = "neon 9x8",
     .chunk_rows = 36,
     .depth = 512,
     .pixels = 96,
     .spatial_pixels = 192,
     .streamed = 2 << 20,
     .block_tile = 0.4,
     .block_row = 0.96,
     .least_rows = 3,
     .tile_work = 6,
     .weight_work = 5,
     .strassen_channels = 256,
     .strassen_pixels = 256,
     .twice_rows = 36},
};

enum { ROWS = sizeof(table) / sizeof(table[0]) };

/* The last row for kernels that have none. */
const sg_costs *sg_costs_of(const sg_product_kernels *kernels)
{
    for (size_t i = 0; i + 1 < ROWS; i++) {
        if (strcmp(table[i].kernel, kernels->name) == 0 &&
            table[i].paired == (kernels->pairs != NULL))
            return &table[i];
    }
    return &table[ROWS - 1];
}
