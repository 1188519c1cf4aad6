/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "shaped.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "glyphs.h"
#include "typefaces.h"
#include "utf8.h"

/* How far the ink of a line may reach above its baseline, below it and beyond its ends, in heights
 * of a capital letter. */
#define INK_ABOVE  1.8f
#define INK_BELOW  0.65f
#define INK_BESIDE 0.25f

/* Characters of one font, one script and one direction. Levels are those of the Unicode
 * Bidirectional Algorithm: odd ones run from right to left. */
typedef struct text_run {
    int first, count, font, level;
} text_run;

typedef struct placed_glyph {
    int font;
    uint32_t glyph;
    float along, above; /* of its origin, in pixels from the text's beginning and its baseline */
} placed_glyph;

typedef struct shaped_line {
    const sg_text_calls *calls;
    float cap_height;
    uint32_t *codes;
    int *fonts;
    int count;
    text_run *runs; /* in the order in which they are seen */
    int run_count;
    placed_glyph *glyphs;
    size_t glyph_count;
    float width;
} shaped_line;

static bool is_ours(uint32_t code)
{
    return code == UTF8_INVALID || code <= GLYPH_LAST || utf8_is_control(code);
}

static bool needs_shaping(const char *text)
{
    while (*text) {
        if (!is_ours(utf8_next(&text)))
            return true;
    }
    return false;
}

/* Reads the characters of the text. A byte that is no character, or a character that would steer
 * the order of the text unseen, becomes a visible sign. */
static void decode(shaped_line *line, const char *text)
{
    const size_t length = strlen(text);
    line->codes = memory_need(length, sizeof(*line->codes));
    line->fonts = memory_need(length, sizeof(*line->fonts));
    while (*text) {
        const uint32_t code = utf8_next(&text);
        const bool harmless = code != UTF8_INVALID && !utf8_is_control(code);
        line->codes[line->count++] = harmless ? code : TEXT_REPLACEMENT;
    }
}

/* ---- runs ---- */

static bool find_levels(const shaped_line *line, FriBidiLevel *levels)
{
    const size_t count = (size_t)line->count;
    FriBidiCharType *types = memory_need(count, sizeof(*types));
    FriBidiBracketType *brackets = memory_need(count, sizeof(*brackets));
    FriBidiParType direction = FRIBIDI_PAR_ON;
    line->calls->fribidi_get_bidi_types(line->codes, line->count, types);
    line->calls->fribidi_get_bracket_types(line->codes, line->count, types, brackets);
    const bool found = line->calls->fribidi_get_par_embedding_levels_ex(
                           types, brackets, line->count, &direction, levels) != 0;
    free(types);
    free(brackets);
    return found;
}

/* The script of a character. One that belongs to no script, as marks and signs do, gets that of the
 * character before it. */
static hb_script_t script_after(const shaped_line *line, hb_script_t before, uint32_t code)
{
    const hb_script_t script =
        line->calls->hb_unicode_script(line->calls->hb_unicode_funcs_get_default(), code);
    const bool own = script != HB_SCRIPT_COMMON && script != HB_SCRIPT_INHERITED;
    return own || before == HB_SCRIPT_INVALID ? script : before;
}

static void split(shaped_line *line, const FriBidiLevel *levels)
{
    hb_script_t script = HB_SCRIPT_INVALID;
    line->runs = memory_need((size_t)line->count, sizeof(*line->runs));
    for (int i = 0; i < line->count; i++) {
        const hb_script_t before = script;
        script = script_after(line, before, line->codes[i]);
        text_run *run = line->run_count ? &line->runs[line->run_count - 1] : NULL;
        if (run && run->font == line->fonts[i] && run->level == levels[i] && before == script)
            run->count++;
        else
            line->runs[line->run_count++] = (text_run){i, 1, line->fonts[i], levels[i]};
    }
}

static void reverse(text_run *runs, int count)
{
    for (int i = 0; i < count / 2; i++) {
        const text_run other = runs[count - 1 - i];
        runs[count - 1 - i] = runs[i];
        runs[i] = other;
    }
}

/* Puts the runs into the order in which they are seen, by rule L2 of the Unicode Bidirectional
 * Algorithm: from the highest level down to 1, each row of runs of that level or above is reversed.
 * Levels are small numbers, because no character that could raise them is left in the text. */
static void order(shaped_line *line)
{
    int highest = 0;
    for (int i = 0; i < line->run_count; i++)
        highest = line->runs[i].level > highest ? line->runs[i].level : highest;
    for (int level = highest; level > 0; level--) {
        for (int begin = 0, end; begin < line->run_count; begin = end + 1) {
            for (end = begin; end < line->run_count && line->runs[end].level >= level;)
                end++;
            reverse(line->runs + begin, end - begin);
        }
    }
}

/* ---- glyphs ---- */

static void shape(shaped_line *line, const text_run *run, hb_buffer_t *buffer)
{
    const sg_text_calls *calls = line->calls;
    const sg_typeface *typeface = typefaces_open(run->font, line->cap_height);
    if (!typeface)
        return;
    calls->hb_buffer_clear_contents(buffer);
    calls->hb_buffer_add_codepoints(buffer, line->codes, line->count, (unsigned)run->first,
                                    run->count);
    calls->hb_buffer_set_direction(buffer, run->level % 2 ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
    calls->hb_buffer_guess_segment_properties(buffer);
    calls->hb_shape(typeface->shaper, buffer, NULL, 0);
    unsigned count = 0;
    const hb_glyph_info_t *infos = calls->hb_buffer_get_glyph_infos(buffer, &count);
    const hb_glyph_position_t *positions = calls->hb_buffer_get_glyph_positions(buffer, &count);
    line->glyphs = memory_grow(line->glyphs, line->glyph_count + count + 1, sizeof(*line->glyphs));
    for (unsigned i = 0; i < count; i++) {
        line->glyphs[line->glyph_count++] = (placed_glyph){
            run->font, infos[i].codepoint, line->width + (float)positions[i].x_offset / 64,
            (float)positions[i].y_offset / 64};
        line->width += (float)positions[i].x_advance / 64;
    }
}

static void free_line(shaped_line *line)
{
    free(line->codes);
    free(line->fonts);
    free(line->runs);
    free(line->glyphs);
}

static bool make_line(shaped_line *line, const char *text)
{
    decode(line, text);
    FriBidiLevel *levels = memory_need((size_t)line->count, sizeof(*levels));
    const bool possible =
        typefaces_choose(line->codes, line->count, line->fonts) && find_levels(line, levels);
    if (possible) {
        split(line, levels);
        order(line);
        hb_buffer_t *buffer = line->calls->hb_buffer_create();
        for (int i = 0; i < line->run_count; i++)
            shape(line, &line->runs[i], buffer);
        line->calls->hb_buffer_destroy(buffer);
        line->width = line->width > 0 ? line->width : 0;
    }
    free(levels);
    return possible;
}

/* ---- drawing ---- */

/* The part of the canvas that the line's ink may use. */
static sg_rectangle find_room(const shaped_line *line, sg_text_place at)
{
    const float cap = line->cap_height, beside = INK_BESIDE * cap;
    const int32_t length = (int32_t)ceilf(line->width + 2 * beside);
    const int32_t thickness = (int32_t)ceilf((INK_ABOVE + INK_BELOW) * cap);
    if (at.upward)
        return (sg_rectangle){(int32_t)floorf(at.x - INK_ABOVE * cap),
                              (int32_t)floorf(at.y + beside) - length, thickness, length};
    return (sg_rectangle){(int32_t)floorf(at.x - beside), (int32_t)floorf(at.y - INK_ABOVE * cap),
                          length, thickness};
}

static bool holds(sg_rectangle room, int32_t x, int32_t y)
{
    return x >= room.x && x < room.x + room.width && y >= room.y && y < room.y + room.height;
}

static void draw_bitmap(sg_canvas *canvas, const FT_Bitmap *bitmap, int32_t left, int32_t top,
                        sg_rectangle room, sg_colour colour)
{
    for (int32_t row = 0; row < (int32_t)bitmap->rows; row++) {
        const unsigned char *coverage = bitmap->buffer + (ptrdiff_t)row * bitmap->pitch;
        for (int32_t column = 0; column < (int32_t)bitmap->width; column++) {
            const int32_t x = left + column, y = top + row;
            if (coverage[column] && holds(room, x, y))
                draw_blend(canvas, x, y, colour, (float)coverage[column] / 255);
        }
    }
}

static void draw_glyph(sg_canvas *canvas, const shaped_line *line, const placed_glyph *glyph,
                       sg_text_place at, sg_text_style style)
{
    static const FT_Matrix quarter = {0, -0x10000, 0x10000, 0};
    const sg_text_calls *calls = line->calls;
    const sg_typeface *typeface = typefaces_open(glyph->font, line->cap_height);
    if (!typeface || calls->FT_Load_Glyph(typeface->face, glyph->glyph, TYPEFACE_FLAGS) != 0)
        return;
    const FT_GlyphSlot slot = typeface->face->glyph;
    if (slot->format != FT_GLYPH_FORMAT_OUTLINE)
        return;
    const float x = at.x + (at.upward ? -glyph->above : glyph->along);
    const float y = at.y - (at.upward ? glyph->along : glyph->above);
    if (style.weight > TEXT_REGULAR)
        calls->FT_Outline_Embolden(&slot->outline,
                                   lroundf(64 * (style.weight - TEXT_REGULAR) * style.cap_height));
    if (at.upward)
        calls->FT_Outline_Transform(&slot->outline, &quarter);
    calls->FT_Outline_Translate(&slot->outline, lroundf(64 * (x - floorf(x))),
                                -lroundf(64 * (y - floorf(y))));
    if (calls->FT_Render_Glyph(slot, FT_RENDER_MODE_NORMAL) == 0)
        draw_bitmap(canvas, &slot->bitmap, (int32_t)floorf(x) + slot->bitmap_left,
                    (int32_t)floorf(y) - slot->bitmap_top, find_room(line, at), style.colour);
}

bool shaped_text(sg_canvas *canvas, const char *text, sg_text_style style, sg_text_place at,
                 float *width)
{
    if (!needs_shaping(text))
        return false;
    shaped_line line = {.calls = typefaces_load(), .cap_height = style.cap_height};
    if (!line.calls)
        return false;
    const bool possible = make_line(&line, text);
    for (size_t i = 0; canvas && i < line.glyph_count; i++)
        draw_glyph(canvas, &line, &line.glyphs[i], at, style);
    if (possible)
        *width = line.width;
    free_line(&line);
    return possible;
}

void shaped_finish(void)
{
    typefaces_finish();
}
