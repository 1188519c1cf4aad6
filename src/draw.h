/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A canvas of RGB bytes, and the few shapes that a figure needs. Everything is clipped to it. */

#ifndef DRAW_H
#define DRAW_H

#include <stdbool.h>
#include <stdint.h>

typedef struct sg_colour {
    uint8_t red, green, blue;
} sg_colour;

typedef struct sg_canvas {
    int32_t width, height;
    uint8_t *pixels; /* height x width x 3, dense */
} sg_canvas;

typedef struct sg_rectangle {
    int32_t x, y, width, height;
} sg_rectangle;

/* Makes a white canvas. Without memory the process ends, as in console.h. */
sg_canvas canvas_create(int32_t width, int32_t height);
void canvas_free(sg_canvas *canvas);

void draw_rectangle(sg_canvas *canvas, sg_rectangle area, sg_colour colour);

/* Draws lines of that thickness around the area, outside of it. */
void draw_frame(sg_canvas *canvas, sg_rectangle area, int32_t thickness, sg_colour colour);

/* Draws RGB pixels, width x height of them in dense rows, each as a square of `zoom` pixels. */
void draw_pixels(sg_canvas *canvas, int32_t x, int32_t y, const uint8_t *rgb, int32_t width,
                 int32_t height, int32_t zoom);

/* Mixes a colour into one pixel; `coverage` is its share, 0 to 1. */
void draw_blend(sg_canvas *canvas, int32_t x, int32_t y, sg_colour colour, float coverage);

#endif
