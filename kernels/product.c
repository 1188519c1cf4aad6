/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The product's plain-C truth, and the choice between instruction sets. */

#include "product.h"

#include <stddef.h>

#include "kernels.h"

enum { REF_PANEL = 16 };

/* What has been summed so far, with a term of its own, to another place. */
static void sum_elsewhere(const sg_product_also *to, int64_t i, int64_t j, float sum)
{
    if (to->c)
        to->c[i * to->stride + j] = sum + to->term[i * to->stride + j];
}

/* Sums in float32 over ascending k, each step rounded twice. */
void sg_product_f32_ref(const sg_product *p)
{
    for (int64_t i = 0; i < p->rows; i++) {
        const float *a = p->a + i * p->a_stride;
        float *c = p->c + i * p->c_stride;
        for (int32_t j = 0; j < p->columns; j++) {
            float sum = 0.0f;
            for (int64_t k = 0; k < p->depth; k++)
                sum += a[k] * p->b[k * REF_PANEL + j];
            sum_elsewhere(&p->also[0], i, j, sum);
            if (p->term)
                sum += p->term[i * p->term_stride + j];
            sum_elsewhere(&p->also[1], i, j, sum);
            if (p->accumulate)
                sum += c[j];
            if (p->bias)
                sum += p->bias[j];
            if (p->residual)
                sum += p->residual[i * p->residual_stride + j];
            c[j] = sg_activate(p->activation, sum);
        }
    }
}

sg_product_pairs_fn sg_product_pairs(uint32_t set)
{
#if SG_HAVE_AVX512
    if (set & SG_CPU_AVX512)
        return sg_product_pairs_f32_avx512;
#endif
    (void)set;
    return NULL;
}

/* Networks do not run on the plain-C ones, which are slower than any BLAS: they are not `fast`, and
 * those of Winograd and Strassen are no part of a library. */
void sg_product_kernels_init(sg_product_kernels *kernels, uint32_t set)
{
    (void)set;
    *kernels = (sg_product_kernels){.name = "ref 1x16",
                                    .panel = REF_PANEL,
                                    .tile = 1,
                                    .product = sg_product_f32_ref,
                                    .depthwise = sg_depthwise_f32_ref,
                                    .add_pixels = sg_add_pixels_f32_ref,
                                    .grouped = sg_grouped_f32_ref,
                                    .stem = sg_stem_f32_ref,
                                    .lanes = REF_PANEL};
#if SG_HAVE_AVX2
    if (set & SG_CPU_AVX2)
        *kernels = (sg_product_kernels){.name = "avx2 6x16",
                                        .fast = true,
                                        .panel = 16,
                                        .tile = 6,
                                        .product = sg_product_f32_avx2,
                                        .winograd = &sg_winograd_avx2,
                                        .strassen = &sg_strassen_avx2,
                                        .depthwise = sg_depthwise_f32_avx2,
                                        .add_pixels = sg_add_pixels_f32_avx2,
                                        .grouped = sg_grouped_f32_avx2,
                                        .stem = sg_stem_f32_avx2,
                                        .lanes = 8};
#endif
#if SG_HAVE_AVX512
    if (set & SG_CPU_AVX512)
        *kernels =
            (sg_product_kernels){.name = "avx512 12x32",
                                 .paired_name = "avx512 12x32 paired",
                                 .fast = true,
                                 .panel = 32,
                                 .tile = 12,
                                 .pairs = sg_cpu_adds_beside() ? sg_product_pairs(set) : NULL,
                                 .product = sg_product_f32_avx512,
                                 .winograd = &sg_winograd_avx512,
                                 .strassen = &sg_strassen_avx512,
                                 .depthwise = sg_depthwise_f32_avx512,
                                 .add_pixels = sg_add_pixels_f32_avx512,
                                 .grouped = sg_grouped_f32_avx512,
                                 .stem = sg_stem_f32_avx512,
                                 .lanes = 16};
#endif
#if SG_HAVE_NEON
    if (set & SG_CPU_NEON)
        *kernels = (sg_product_kernels){.name = "neon 9x8",
                                        .fast = true,
                                        .panel = 8,
                                        .tile = 9,
                                        .product = sg_product_f32_neon,
                                        .winograd = &sg_winograd_neon,
                                        .strassen = &sg_strassen_neon,
                                        .depthwise = sg_depthwise_f32_neon,
                                        .add_pixels = sg_add_pixels_f32_neon,
                                        .grouped = sg_grouped_f32_neon,
                                        .stem = sg_stem_f32_neon,
                                        .lanes = 4};
#endif
}

/* Where a set has none, networks compute in float32 with numbers that are rounded to bfloat16. */
void sg_half_kernels_init(sg_product_kernels *kernels, uint32_t set)
{
    (void)set;
    *kernels = (sg_product_kernels){.name = "none"};
#if SG_HAVE_AVX512_BF16
    if (set & SG_CPU_AVX512_BF16)
        *kernels = (sg_product_kernels){.name = "avx512_bf16 12x32",
                                        .fast = true,
                                        .panel = 32,
                                        .tile = 12,
                                        .product = sg_product_bf16_avx512_bf16,
                                        .winograd = &sg_winograd_avx512_bf16};
#endif
#if SG_HAVE_AMX
    if (set & SG_CPU_AMX)
        *kernels = (sg_product_kernels){.name = "amx 32x32",
                                        .fast = true,
                                        .panel = 32,
                                        .tile = 32,
                                        .product = sg_product_bf16_amx,
                                        .release = sg_release_amx,
                                        .winograd = &sg_winograd_avx512_bf16};
#endif
#if SG_HAVE_NEON_BF16
    if (set & SG_CPU_NEON_BF16)
        *kernels = (sg_product_kernels){.name = "neon_bf16 9x8",
                                        .fast = true,
                                        .panel = 8,
                                        .tile = 9,
                                        .product = sg_product_bf16_neon_bf16,
                                        .winograd = &sg_winograd_neon_bf16};
#endif
}
