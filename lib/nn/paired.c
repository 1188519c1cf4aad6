/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "paired.h"

#include <math.h>

enum { SAMPLES = 64, PARTS = 16 };

sg_means sg_means_of(const float *numbers, int64_t rows, int64_t stride, int64_t count)
{
    const int64_t samples = rows < SAMPLES ? rows : SAMPLES;
    sg_means sum = {0, 0};
    for (int64_t i = 0; i < samples; i++) {
        const float *row = numbers + i * rows / samples * stride;
        float part[PARTS] = {0}, squares[PARTS] = {0};
        int64_t k = 0;
        for (; k + PARTS <= count; k += PARTS) {
            for (int32_t j = 0; j < PARTS; j++) {
                part[j] += row[k + j];
                squares[j] += row[k + j] * row[k + j];
            }
        }
        for (int32_t j = 0; k < count; k++, j++) {
            part[j] += row[k];
            squares[j] += row[k] * row[k];
        }
        for (int32_t j = 0; j < PARTS; j++) {
            sum.numbers += (double)part[j];
            sum.squares += (double)squares[j];
        }
    }
    const double total = (double)(samples * count);
    return (sg_means){sum.numbers / total, sum.squares / total};
}

double sg_balance(double left, double right)
{
    const double least = 1e-24, most = 1e24;
    if (!(left >= least && left <= most && right >= least && right <= most))
        return 0;
    return ldexp(1, (int)lrint(log2(left / right) / 2));
}

/* Whether row k of a right side is one of a pair. */
static bool is_paired(int64_t k, int64_t depth)
{
    return k < depth / SG_PRODUCT_BLOCK * SG_PRODUCT_BLOCK &&
           k % SG_PRODUCT_BLOCK < SG_PRODUCT_BLOCK / 3 * 2;
}

int64_t sg_paired_rows(int64_t k, int64_t depth, int64_t rows, bool *paired)
{
    int64_t count = 1;
    *paired = is_paired(k, depth);
    while (count < rows && is_paired(k + count, depth) == *paired)
        count++;
    return count;
}
