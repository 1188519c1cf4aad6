/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "font.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "glyphs.h"
#include "shaped.h"
#include "utf8.h"

enum { SEGMENTS_MAX = 256, ARC_STEP_DEGREES = 8, CURVE_STEPS = 14 };

/* How square arcs are: the n of |x|^n + |y|^n = 1. With 2 they would be ellipses, which look
 * pinched in letters. */
#define SQUARENESS    2.25f
#define DIGIT_ADVANCE 11.8f

/* A stroke from one point to the other; a dot is one with its own radius and no length. */
typedef struct stroke {
    float x0, y0, x1, y1, radius; /* radius 0: the pen's */
} stroke;

/* A glyph as straight strokes, in glyph units. */
typedef struct strokes {
    stroke segments[SEGMENTS_MAX];
    int count;
    float left, right, low, high; /* extent of the strokes' middle lines */
    float x, y;                   /* where the pen is */
    bool down;                    /* whether moving it draws */
} strokes;

static void extend(strokes *outline, float x, float y)
{
    outline->left = x < outline->left ? x : outline->left;
    outline->right = x > outline->right ? x : outline->right;
    outline->low = y < outline->low ? y : outline->low;
    outline->high = y > outline->high ? y : outline->high;
}

static void add_segment(strokes *outline, stroke segment)
{
    if (outline->count == SEGMENTS_MAX)
        return;
    outline->segments[outline->count++] = segment;
    extend(outline, segment.x0, segment.y0);
    extend(outline, segment.x1, segment.y1);
}

static void move_to(strokes *outline, float x, float y)
{
    outline->x = x;
    outline->y = y;
    outline->down = true;
}

static void line_to(strokes *outline, float x, float y)
{
    if (outline->down)
        add_segment(outline, (stroke){outline->x, outline->y, x, y, 0});
    move_to(outline, x, y);
}

/* A cosine or sine, moved from the circle to the squarer curve. */
static float squared_off(float value)
{
    return copysignf(powf(fabsf(value), 2.0f / SQUARENESS), value);
}

/* The arc of a path's command A, whose numbers are v: cx cy rx ry from to (glyphs.h). */
static void arc(strokes *outline, const float *v)
{
    const int steps = (int)ceilf(fabsf(v[5] - v[4]) / ARC_STEP_DEGREES);
    for (int i = 0; i <= steps; i++) {
        const float degrees = v[4] + (v[5] - v[4]) * (float)i / (float)steps;
        const float angle = degrees * 0.017453292f;
        line_to(outline, v[0] + v[2] * squared_off(cosf(angle)),
                v[1] + v[3] * squared_off(sinf(angle)));
    }
}

static float cubic(float a, float b, float c, float d, float t)
{
    const float s = 1 - t;
    return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
}

/* The cubic curve of a path's command C, whose numbers are v: x1 y1 x2 y2 x y (glyphs.h). */
static void curve(strokes *outline, const float *v)
{
    const float x = outline->x, y = outline->y;
    for (int i = 1; i <= CURVE_STEPS; i++) {
        const float t = (float)i / CURVE_STEPS;
        line_to(outline, cubic(x, v[0], v[2], v[4], t), cubic(y, v[1], v[3], v[5], t));
    }
}

static void read_numbers(const char **path, float *values, int count)
{
    for (int i = 0; i < count; i++) {
        char *end;
        values[i] = strtof(*path, &end);
        *path = end;
    }
}

/* Turns the path of a glyph into straight strokes. */
static void trace(const sg_glyph *glyph, strokes *outline)
{
    float v[6];
    *outline = (strokes){.left = 1e9f, .right = -1e9f, .low = 1e9f, .high = -1e9f};
    for (const char *path = glyph->path; *path;) {
        const char command = *path++;
        switch (command) {
        case 'M':
            read_numbers(&path, v, 2);
            move_to(outline, v[0], v[1]);
            break;
        case 'L':
            read_numbers(&path, v, 2);
            line_to(outline, v[0], v[1]);
            break;
        case 'A':
            read_numbers(&path, v, 6);
            arc(outline, v);
            break;
        case 'C':
            read_numbers(&path, v, 6);
            curve(outline, v);
            break;
        case 'D':
            read_numbers(&path, v, 3);
            add_segment(outline, (stroke){v[0], v[1], v[0], v[1], v[2]});
            break;
        case ';':
            outline->down = false;
            break;
        default:
            break;
        }
    }
}

/* The space that stands at a side of that kind (glyphs.h), in glyph units. */
static float side_space(char side)
{
    return side == 's' ? 2.3f : side == 'r' ? 1.8f : 1.2f;
}

/* *origin: the distance from the left edge of the glyph's cell to its x = 0; *advance: the width of
 * the cell. */
static void measure(const sg_glyph *glyph, const strokes *outline, float *origin, float *advance)
{
    const float width = outline->right - outline->left;
    if (glyph->sides[0] == 't') {
        *advance = DIGIT_ADVANCE;
        *origin = 0.5f * (DIGIT_ADVANCE - width) - outline->left;
    } else {
        const float left = side_space(glyph->sides[0]), right = side_space(glyph->sides[1]);
        *advance = left + width + right;
        *origin = left - outline->left;
    }
}

static float squared_distance(const stroke *segment, float x, float y)
{
    const float dx = segment->x1 - segment->x0, dy = segment->y1 - segment->y0;
    const float squared = dx * dx + dy * dy;
    float t = 0;
    if (squared > 0) {
        t = ((x - segment->x0) * dx + (y - segment->y0) * dy) / squared;
        t = t < 0 ? 0 : t > 1 ? 1 : t;
    }
    const float away_x = x - segment->x0 - t * dx, away_y = y - segment->y0 - t * dy;
    return away_x * away_x + away_y * away_y;
}

/* How far (x, y) is inside the strokes, in glyph units; negative outside. */
static float depth(const strokes *outline, float x, float y, float pen)
{
    float nearest = 1e9f, deepest_dot = -1e9f;
    for (int i = 0; i < outline->count; i++) {
        const stroke *segment = &outline->segments[i];
        const float squared = squared_distance(segment, x, y);
        if (segment->radius > 0) /* radii of dots are for a pen of 0.8 and grow with a bolder one */
            deepest_dot = fmaxf(deepest_dot, segment->radius + pen - 0.8f - sqrtf(squared));
        else
            nearest = squared < nearest ? squared : nearest;
    }
    return fmaxf(pen - sqrtf(nearest), deepest_dot);
}

/* How glyph units become pixels: where x = 0 on the baseline lies on the canvas, and how many
 * pixels a unit is. */
typedef struct placement {
    float x, y, scale;
    bool upward;
} placement;

static void draw_outline(sg_canvas *canvas, const strokes *outline, placement at, float pen,
                         sg_colour colour)
{
    const float margin = 2 * pen + 1 / at.scale;
    const float low = outline->low - margin, high = outline->high + margin;
    const float left = outline->left - margin, right = outline->right + margin;
    const float x0 = at.upward ? at.x - high * at.scale : at.x + left * at.scale;
    const float x1 = at.upward ? at.x - low * at.scale : at.x + right * at.scale;
    const float y0 = at.upward ? at.y - right * at.scale : at.y - high * at.scale;
    const float y1 = at.upward ? at.y - left * at.scale : at.y - low * at.scale;
    for (int32_t y = (int32_t)floorf(y0); y <= (int32_t)ceilf(y1); y++) {
        for (int32_t x = (int32_t)floorf(x0); x <= (int32_t)ceilf(x1); x++) {
            const float right_of = ((float)x + 0.5f - at.x) / at.scale;
            const float below = ((float)y + 0.5f - at.y) / at.scale;
            const float inside = at.upward ? depth(outline, -below, -right_of, pen)
                                           : depth(outline, right_of, -below, pen);
            const float coverage = inside * at.scale + 0.5f;
            if (coverage > 0)
                draw_blend(canvas, x, y, colour, coverage < 1 ? coverage : 1);
        }
    }
}

static const sg_glyph *find_glyph(uint32_t code)
{
    const bool known = code >= GLYPH_FIRST && code <= GLYPH_LAST;
    return &glyph_table[(known ? code : GLYPH_LAST + 1) - GLYPH_FIRST];
}

/* Half the thickness of the strokes in glyph units, and the pixels of a unit: the ink of a capital
 * letter is GLYPH_CAP and a whole pen high. */
static float pen_radius(sg_text_style style)
{
    return 0.5f * style.weight * GLYPH_CAP;
}

static float unit_pixels(sg_text_style style)
{
    return style.cap_height / (GLYPH_CAP + 2 * pen_radius(style));
}

/* Walks along the text; draws it unless `canvas` is NULL. Returns its width in glyph units. */
static float walk(sg_canvas *canvas, const char *text, placement at, sg_text_style style)
{
    float along = 0;
    while (*text) {
        const uint32_t code = utf8_next(&text);
        if (code == ' ') {
            along += GLYPH_SPACE;
            continue;
        }
        strokes outline;
        float origin, advance;
        const sg_glyph *glyph = find_glyph(code);
        trace(glyph, &outline);
        measure(glyph, &outline, &origin, &advance);
        if (canvas) {
            placement glyph_at = at;
            if (at.upward)
                glyph_at.y -= (along + origin) * at.scale;
            else
                glyph_at.x += (along + origin) * at.scale;
            draw_outline(canvas, &outline, glyph_at, pen_radius(style), style.colour);
        }
        along += advance;
    }
    return along;
}

float text_width(const char *text, sg_text_style style)
{
    float width;
    if (shaped_text(NULL, text, style, (sg_text_place){0, 0, false}, &width))
        return width;
    return walk(NULL, text, (placement){0}, style) * unit_pixels(style);
}

void draw_text(sg_canvas *canvas, float x, float y, const char *text, sg_text_style style,
               bool upward)
{
    float width;
    if (shaped_text(canvas, text, style, (sg_text_place){x, y, upward}, &width))
        return;
    /* The middle of the lowest stroke lies half a pen above the baseline. */
    const float scale = unit_pixels(style), lift = pen_radius(style) * scale;
    const placement at = {upward ? x - lift : x, upward ? y : y - lift, scale, upward};
    walk(canvas, text, at, style);
}

void text_shorten(char *text, sg_text_style style, float width)
{
    const size_t length = strlen(text);
    for (size_t cut = length; cut > 0 && text_width(text, style) > width;) {
        do /* to the beginning of the character before */
            cut--;
        while (cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80);
        if (length - cut >= 3)
            strcpy(text + cut, "...");
    }
}
