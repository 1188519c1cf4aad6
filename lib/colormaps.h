/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Colour maps: 256 entries of red, green, blue. */

#ifndef SG_COLORMAPS_H
#define SG_COLORMAPS_H

#include <stdint.h>

extern const uint8_t sg_jet[256][3];
extern const uint8_t sg_viridis[256][3];

#endif
