/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Lists of colours in text. */

#ifndef SG_COLOURS_H
#define SG_COLOURS_H

#include "model/decimal.h"

enum { SG_COLOURS_MAX = 65536 };

/* Reads a list of colours with commas between them, in brackets or not. Each colour is "#rrggbb",
 * in quotation marks or not, or red, green and blue from 0 to 255 with commas between them, in
 * brackets or not. Returns how many there are, or 0 if the text is no such list or has more than
 * SG_COLOURS_MAX, and writes 3 bytes each to `rgb`, which may be NULL. */
int64_t sg_colours_read(sg_piece text, uint8_t *rgb);

#endif
