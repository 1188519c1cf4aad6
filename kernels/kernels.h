/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* All kernels: the one table of those that an instruction set makes faster, whose members are first
 * plain C and then overwritten by what the processor has; and, through convolution.h, those that
 * are plain C everywhere, which are called by name. Kernels never allocate, never fail, and never
 * read or write past what they are given. */

#ifndef SG_KERNELS_H
#define SG_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "convolution.h"
#include "product.h"
#include "uncertainty.h"

/* Instruction sets: one bit each, so that a uint32_t is a set of them. Of two that the same
 * processor may have, the better one has the higher bit. */
enum {
    SG_CPU_REF = 1u << 0,    /* plain C, in every set */
    SG_CPU_AVX2 = 1u << 1,   /* with FMA */
    SG_CPU_AVX512 = 1u << 2, /* F, BW, DQ and VL */
    SG_CPU_NEON = 1u << 3,
    SG_CPU_AVX512_BF16 = 1u << 4, /* sums of products of two pairs of bfloat16 numbers */
    SG_CPU_AMX = 1u << 5,         /* the same in tiles of 16 x 16 sums, AMX-TILE and AMX-BF16 */
    SG_CPU_NEON_BF16 = 1u << 6,   /* as AVX512_BF16, FEAT_BF16 */
    SG_CPU_ALL = (1u << 7) - 1,   /* all of the above */
    /* Those that add nothing but products in bfloat16. */
    SG_CPU_HALVES = SG_CPU_AVX512_BF16 | SG_CPU_AMX | SG_CPU_NEON_BF16,
    /* Those whose instructions fault until the process has asked for them (sg_cpu_request). */
    SG_CPU_ON_REQUEST = SG_CPU_AMX
};

/* What is left of a set for computing in float32. */
static inline uint32_t sg_cpu_floats(uint32_t set)
{
    return set & ~(uint32_t)SG_CPU_HALVES;
}

typedef struct sg_kernels {
    sg_uncertainty_kernels uncertainty;
    sg_product_kernels product;
    sg_product_kernels halves; /* of bfloat16 numbers; not `fast` where the set has none */
} sg_kernels;

/* All instruction sets that both the processor and the operating system offer and that this build
 * has kernels for, with all that they are built on. */
uint32_t sg_cpu_detect(void);

/* Asks Linux for SG_CPU_ON_REQUEST, which was detected, for all threads of the process and its
 * children. 0: they may be used from now on; else errno's number for why not: ENOSPC where the
 * alternate signal stack of some thread is too small to keep their registers. errno itself stays
 * what it was. */
int32_t sg_cpu_request(void);

/* Whether the processor drops fetches (prefetch instructions) while many are under way, so that it
 * pays to ask again: measured on AMD's Zen 4, and taken to hold for all of AMD's. */
bool sg_cpu_drops_fetches(void);

/* Whether the processor adds vectors of 512 bits in units of their own, as fast as its other units
 * multiply-add, and can load what both of them need: AMD's Zen 4. (Zen 5 has such units too, but
 * was not measured. Intel's processors add in the units in which they multiply.) */
bool sg_cpu_adds_beside(void);

/* What is left of `detected` where only `allowed` may be used; 0 allows everything. To allow an
 * instruction set is to allow all that it is built on: AVX-512 is built on AVX2, everything on
 * plain C. */
uint32_t sg_cpu_allow(uint32_t detected, uint32_t allowed);

/* Name of an instruction set: "ref", "avx2", "avx512", "neon" and so on; of several, that of the
 * best one. "unknown" if there is none that has a name. */
const char *sg_cpu_name(uint32_t set);

/* The processor's own name, or its architecture; always terminated. */
void sg_cpu_processor(char *name, size_t size);

/* Fills the table with the best kernels for a set of instruction sets that this processor has. */
void sg_kernels_init(sg_kernels *kernels, uint32_t set);

#endif
