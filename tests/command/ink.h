/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the tests of text ask of a canvas. */

#ifndef INK_H
#define INK_H

#include "font.h"

static const sg_colour black = {0, 0, 0};

static inline sg_text_style style_of(float cap_height)
{
    return (sg_text_style){cap_height, TEXT_REGULAR, black};
}

/* Smallest rectangle that holds all ink that shows (darker than light grey). */
static inline sg_rectangle find_ink(const sg_canvas *canvas)
{
    int32_t left = canvas->width, right = -1, top = canvas->height, bottom = -1;
    for (int32_t y = 0; y < canvas->height; y++) {
        for (int32_t x = 0; x < canvas->width; x++) {
            if (canvas->pixels[3 * (y * canvas->width + x)] > 160)
                continue;
            left = x < left ? x : left;
            right = x > right ? x : right;
            top = y < top ? y : top;
            bottom = y > bottom ? y : bottom;
        }
    }
    return (sg_rectangle){left, top, right - left + 1, bottom - top + 1};
}

static inline double amount_of_ink(const sg_canvas *canvas)
{
    double sum = 0;
    for (int32_t i = 0; i < canvas->width * canvas->height; i++)
        sum += 1 - canvas->pixels[3 * i] / 255.0;
    return sum;
}

#endif
