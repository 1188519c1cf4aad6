/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The words of tiles.h in AMX (AMX-TILE and AMX-BF16). */

#ifndef SG_KERNELS_TILES_AMX_H
#define SG_KERNELS_TILES_AMX_H

#include <immintrin.h>

#include "tiles.h"

/* What these instructions read is in memory by then: some compilers' words for them do not say that
 * they read it. */
#define TILE_READS() __asm__ volatile("" : : : "memory")

static inline void tile_configure(const sg_tile_configuration *sizes)
{
    __asm__ volatile("" : : "r"(sizes) : "memory");
    _tile_loadconfig(sizes);
}

#define tile_release() _tile_release()
#define tile_zero(t)   _tile_zero(t)

#define tile_load(t, p, stride)      \
    do {                             \
        TILE_READS();                \
        _tile_loadd(t, (p), stride); \
    } while (0)

#define tile_store(t, p, stride) _tile_stored(t, (p), stride)
#define tile_dot(c, a, b)        _tile_dpbf16ps(c, a, b)

#endif
