/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Text in any script, drawn with the system's fonts. */

#ifndef SHAPED_H
#define SHAPED_H

#include "font.h"

/* Where a text begins: its left end on its baseline, or, upward, its lower end. */
typedef struct sg_text_place {
    float x, y;
    bool upward;
} sg_text_place;

/* Measures a line of text, and draws it unless `canvas` is NULL, in such a way that its capital
 * letters are as high as those of our own font. No ink leaves the line: its height is bounded by
 * that of capital letters, its length by `width`. False, with nothing drawn, when our own font has
 * all of the text's characters, or no other font has any that it lacks. */
bool shaped_text(sg_canvas *canvas, const char *text, sg_text_style style, sg_text_place at,
                 float *width);

/* Closes the fonts that were opened. */
void shaped_finish(void);

#endif
