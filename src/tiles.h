/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The pictures in a panel, at a size at which they can be seen: huge ones are reduced, tiny ones
 * enlarged. */

#ifndef TILES_H
#define TILES_H

#include "analysis.h"

enum { TILE_PICTURE, TILE_LABELS, TILE_ENTROPY, TILE_COUNT };

typedef struct sg_tiles {
    int32_t width, height;    /* of the pixels below */
    int32_t zoom;             /* the whole factor by which the panel enlarges them */
    uint8_t *rgb[TILE_COUNT]; /* dense; NULL: no such tile */
} sg_tiles;

/* Makes the tiles of an analysis; there is none of the picture if the analysis has none. To free
 * with tiles_free(). */
segent_status tiles_make(segent_context *context, const sg_analysis *analysis,
                         const sg_settings *settings, sg_tiles *tiles);
void tiles_free(sg_tiles *tiles);

#endif
