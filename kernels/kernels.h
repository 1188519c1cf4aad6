/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The one table of kernels: every member is first the plain-C truth and is then overwritten by what
 * the processor has. Kernels never allocate, never fail, and never read or write past what they are
 * given. */

#ifndef SG_KERNELS_H
#define SG_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "convolution.h"
#include "product.h"
#include "uncertainty.h"

/* Instruction sets; the values are those of segent_cpu in the public header. */
enum { SG_CPU_AUTO = 0, SG_CPU_REF = 1, SG_CPU_AVX2 = 2, SG_CPU_AVX512 = 3, SG_CPU_NEON = 4 };

typedef struct sg_kernels {
    sg_uncertainty_kernels uncertainty;
    sg_convolution_kernels convolution;
    sg_product_kernels product;
} sg_kernels;

/* The best instruction set that both the processor and the operating system offer and that this
 * build has kernels for. */
int32_t sg_cpu_detect(void);

/* Whether the processor drops fetches (prefetch instructions) while it has many on their way, so
 * that asking again is worth it: measured on AMD's Zen 4 and taken for all of AMD's. */
bool sg_cpu_drops_fetches(void);

/* Whether the processor adds vectors of 512 bits in units of their own, as many at a time as others
 * multiply and add, and loads the operands of both as fast: AMD's Zen 4. (Zen 5 has such units too,
 * but was not measured; Intel's adds go where its multiplications do.) */
bool sg_cpu_adds_beside(void);

/* `cap` (SG_CPU_AUTO: none) applied to `detected`; a cap of another family of processors means
 * SG_CPU_REF. */
int32_t sg_cpu_cap(int32_t detected, int32_t cap);

/* "auto", "ref", "avx2", "avx512", "neon". Never NULL. */
const char *sg_cpu_name(int32_t cpu);

/* The processor's own name, or its architecture; always terminated. */
void sg_cpu_processor(char *name, size_t size);

/* Fills the table for an instruction set that this processor has. */
void sg_kernels_init(sg_kernels *kernels, int32_t cpu);

#endif
