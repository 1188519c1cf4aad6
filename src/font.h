/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Text drawn with strokes of one weight, at any size: a rounded sans of our own with the printable
 * ASCII characters. A text that has others is drawn with the system's fonts (shaped.h); where there
 * are none that have them, such a character is a box. */

#ifndef FONT_H
#define FONT_H

#include <stdbool.h>

#include "draw.h"

typedef struct sg_text_style {
    float cap_height; /* of a capital letter, in pixels */
    float weight;     /* thickness of the strokes as a share of the cap height */
    sg_colour colour;
} sg_text_style;

#define TEXT_REGULAR 0.115f
#define TEXT_BOLD    0.155f

/* Width of a line of UTF-8 text in pixels. */
float text_width(const char *text, sg_text_style style);

/* Draws the text with its left end at x and its baseline at y. `upward`: it is turned by a quarter,
 * so that it reads from bottom to top, starting at y with its baseline at x. */
void draw_text(sg_canvas *canvas, float x, float y, const char *text, sg_text_style style,
               bool upward);

/* Shortens `text` in place, ending in "...", until it is at most `width` wide. */
void text_shorten(char *text, sg_text_style style, float width);

#endif
