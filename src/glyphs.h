/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The letters of our own font, as strokes of a pen. One unit is 1/14 of the cap height; y points up
 * from the baseline, lower-case letters are 10 high, ascenders 15, descenders reach -4.3. A path is
 * made of
 *
 *     M x y                   lifts the pen and puts it there
 *     L x y                   a line
 *     C x1 y1 x2 y2 x y       a cubic curve
 *     A cx cy rx ry from to   an arc, in degrees counter-clockwise from the right; a line leads to
 *                             its beginning when the pen is down
 *     ;                       lifts the pen
 *     D x y r                 a dot
 *
 * `sides` tells how much space stands left and right: s beside a straight stem, r beside a round, d
 * beside a diagonal, t a digit (all digits are equally wide). */

#ifndef GLYPHS_H
#define GLYPHS_H

enum { GLYPH_FIRST = 0x21, GLYPH_LAST = 0x7e };

#define GLYPH_CAP       14.0f
#define GLYPH_ASCENDER  15.0f
#define GLYPH_DESCENDER 4.3f
#define GLYPH_SPACE     5.6f

typedef struct sg_glyph {
    const char *sides;
    const char *path;
} sg_glyph;

/* The glyphs of the characters GLYPH_FIRST to GLYPH_LAST, and after them a box for all others. */
extern const sg_glyph glyph_table[GLYPH_LAST - GLYPH_FIRST + 2];

#endif
