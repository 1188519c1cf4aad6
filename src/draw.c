/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "draw.h"

#include <stdlib.h>
#include <string.h>

#include "console.h"

sg_canvas canvas_create(int32_t width, int32_t height)
{
    const size_t count = (size_t)width * (size_t)height;
    sg_canvas created = {width, height, memory_need(count, 3)};
    memset(created.pixels, 255, count * 3);
    return created;
}

void canvas_free(sg_canvas *canvas)
{
    free(canvas->pixels);
    *canvas = (sg_canvas){0, 0, NULL};
}

static int32_t clip(int32_t value, int32_t limit)
{
    return value < 0 ? 0 : value > limit ? limit : value;
}

static uint8_t *pixel_at(const sg_canvas *canvas, int32_t x, int32_t y)
{
    return canvas->pixels + ((size_t)y * (size_t)canvas->width + (size_t)x) * 3;
}

void draw_rectangle(sg_canvas *canvas, sg_rectangle area, sg_colour colour)
{
    const int32_t left = clip(area.x, canvas->width);
    const int32_t right = clip(area.x + area.width, canvas->width);
    const int32_t bottom = clip(area.y + area.height, canvas->height);
    for (int32_t y = clip(area.y, canvas->height); y < bottom; y++) {
        for (int32_t x = left; x < right; x++) {
            uint8_t *pixel = pixel_at(canvas, x, y);
            pixel[0] = colour.red;
            pixel[1] = colour.green;
            pixel[2] = colour.blue;
        }
    }
}

void draw_frame(sg_canvas *canvas, sg_rectangle area, int32_t thickness, sg_colour colour)
{
    const int32_t t = thickness, width = area.width + 2 * t, height = area.height + 2 * t;
    const int32_t x = area.x - t, y = area.y - t;
    draw_rectangle(canvas, (sg_rectangle){x, y, width, t}, colour);
    draw_rectangle(canvas, (sg_rectangle){x, y + height - t, width, t}, colour);
    draw_rectangle(canvas, (sg_rectangle){x, y, t, height}, colour);
    draw_rectangle(canvas, (sg_rectangle){x + width - t, y, t, height}, colour);
}

void draw_pixels(sg_canvas *canvas, int32_t x, int32_t y, const uint8_t *rgb, int32_t width,
                 int32_t height, int32_t zoom)
{
    const int32_t right = clip(x + width * zoom, canvas->width);
    const int32_t bottom = clip(y + height * zoom, canvas->height);
    for (int32_t row = clip(y, canvas->height); row < bottom; row++) {
        for (int32_t column = clip(x, canvas->width); column < right; column++) {
            const size_t source =
                (size_t)((row - y) / zoom) * (size_t)width + (size_t)((column - x) / zoom);
            memcpy(pixel_at(canvas, column, row), rgb + source * 3, 3);
        }
    }
}

static uint8_t mix(uint8_t under, uint8_t over, float coverage)
{
    return (uint8_t)((float)under + ((float)over - (float)under) * coverage + 0.5f);
}

void draw_blend(sg_canvas *canvas, int32_t x, int32_t y, sg_colour colour, float coverage)
{
    if (x < 0 || y < 0 || x >= canvas->width || y >= canvas->height)
        return;
    uint8_t *pixel = pixel_at(canvas, x, y);
    pixel[0] = mix(pixel[0], colour.red, coverage);
    pixel[1] = mix(pixel[1], colour.green, coverage);
    pixel[2] = mix(pixel[2], colour.blue, coverage);
}
