/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The plain-C truth of the product of bfloat16 numbers. */

#include <string.h>

#include "product.h"

enum { REF_PANEL = 16 };

/* Sums over ascending k, of each pair the odd one first, each step rounded twice. */
static float sum_of_pairs(const sg_product *p, const float *a, int32_t j)
{
    float sum = 0.0f;
    for (int64_t k = 0; k < p->depth; k++) {
        sg_bf16 x[2], y[2];
        memcpy(x, a + k, sizeof(x));
        memcpy(y, p->b + k * REF_PANEL + j, sizeof(y));
        sum += sg_bf16_widen(x[1]) * sg_bf16_widen(y[1]);
        sum += sg_bf16_widen(x[0]) * sg_bf16_widen(y[0]);
    }
    return sum;
}

static void product(const sg_product *p)
{
    for (int64_t i = 0; i < p->rows; i++) {
        for (int32_t j = 0; j < p->columns; j++) {
            float sum = sum_of_pairs(p, p->a + i * p->a_stride, j);
            if (p->accumulate)
                sum += p->c[i * p->c_stride + j];
            if (p->bias)
                sum += p->bias[j];
            if (p->residual)
                sum += p->residual[i * p->residual_stride + j];
            if (p->half_residual)
                sum += sg_bf16_widen(p->half_residual[i * p->half_residual_stride + j]);
            sum = sg_activate(p->activation, sum);
            if (p->half)
                p->half[i * p->half_stride + j] = sg_bf16_round(sum);
            else
                p->c[i * p->c_stride + j] = sum;
        }
    }
}

const sg_product_kernels sg_half_kernels_ref = {
    .name = "ref 1x16 bf16", .panel = REF_PANEL, .tile = 1, .product = product};
