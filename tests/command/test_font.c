/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "font.h"
#include "glyphs.h"
#include "ink.h"
#include "shaped.h"

/* Paths hold nothing but commands with as many numbers as they take. */
static void test_paths_are_well_formed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(glyph_table) / sizeof(glyph_table[0]); i++) {
        const char *path = glyph_table[i].path;
        while (*path) {
            const char command = *path++;
            const int numbers = command == 'M' || command == 'L'   ? 2
                                : command == 'A' || command == 'C' ? 6
                                : command == 'D'                   ? 3
                                                                   : 0;
            if (!strchr("MLACD; ", command))
                fail_msg("glyph '%c': command '%c'", (char)(GLYPH_FIRST + i), command);
            for (int k = 0; k < numbers; k++) {
                char *end;
                strtof(path, &end);
                if (end == path)
                    fail_msg("glyph '%c': a number is missing", (char)(GLYPH_FIRST + i));
                path = end;
            }
        }
        assert_int_equal(strlen(glyph_table[i].sides), 2);
        assert_int_equal(strspn(glyph_table[i].sides, "srdt"), 2);
    }
}

/* Every character has ink, inside its own width and between ascender and descender. */
static void test_every_character(void **state)
{
    (void)state;
    for (int code = GLYPH_FIRST; code <= GLYPH_LAST; code++) {
        const char text[] = {(char)code, '\0'};
        const sg_text_style style = style_of(28);
        sg_canvas canvas = canvas_create(100, 80);
        draw_text(&canvas, 20, 50, text, style, false);
        const sg_rectangle ink = find_ink(&canvas);
        const float width = text_width(text, style);
        if (ink.width < 1 || ink.x < 20 || (float)(ink.x + ink.width) > 20 + width + 1)
            fail_msg("'%c': ink from %d, %d wide, in a cell of %.1f", code, ink.x, ink.width,
                     (double)width);
        if (ink.y < 12 || ink.y + ink.height > 62)
            fail_msg("'%c': ink from row %d, %d high", code, ink.y, ink.height);
        canvas_free(&canvas);
    }
}

static void test_capitals_are_as_high_as_asked(void **state)
{
    (void)state;
    const int heights[] = {12, 16, 20, 40};
    for (size_t i = 0; i < sizeof(heights) / sizeof(heights[0]); i++) {
        sg_canvas canvas = canvas_create(400, 100);
        draw_text(&canvas, 10, 60, "HEI", style_of((float)heights[i]), false);
        const sg_rectangle ink = find_ink(&canvas);
        assert_int_equal(ink.height, heights[i]);
        assert_int_equal(ink.y + ink.height, 60);
        canvas_free(&canvas);
    }
}

/* The area of ink is the same wherever between pixels the text stands: no hard edges. */
static void test_antialiasing(void **state)
{
    (void)state;
    double ink[4];
    for (int i = 0; i < 4; i++) {
        sg_canvas canvas = canvas_create(300, 40);
        draw_text(&canvas, 10 + 0.25f * (float)i, 30 + 0.25f * (float)i, "Segmentation",
                  style_of(14), false);
        ink[i] = amount_of_ink(&canvas);
        assert_true(ink[i] > 100);
        assert_true(ink[i] < ink[0] * 1.02 && ink[i] > ink[0] * 0.98);
        canvas_free(&canvas);
    }
}

/* Text turned upward is the same text, a quarter turn to the left. */
static void test_upward(void **state)
{
    (void)state;
    enum { SIDE = 200 };
    sg_canvas across = canvas_create(SIDE, SIDE), upward = canvas_create(SIDE, SIDE);
    draw_text(&across, 20, 100, "Entropy gap", style_of(16), false);
    draw_text(&upward, 100, SIDE - 20, "Entropy gap", style_of(16), true);
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            const int a = across.pixels[3 * (y * SIDE + x)];
            const int b = upward.pixels[3 * ((SIDE - 1 - x) * SIDE + y)];
            assert_in_range(a - b + 2, 0, 4);
        }
    }
    canvas_free(&across);
    canvas_free(&upward);
}

static void test_widths(void **state)
{
    (void)state;
    const sg_text_style style = style_of(14);
    assert_true(text_width("", style) == 0);
    assert_true(text_width(" ", style) > 0);
    const float one = text_width("i", style), two = text_width("im", style);
    assert_float_equal(two, one + text_width("m", style), 1e-3);
    for (char digit[] = "0"; digit[0] <= '9'; digit[0]++)
        assert_float_equal(text_width(digit, style), text_width("8", style), 1e-4);
    assert_float_equal(text_width("wide", style_of(28)), 2 * text_width("wide", style), 1e-2);
    /* One box for each character that no font has (here two that Unicode has not
     * assigned), whatever its length, and for each stray byte. */
    const float box = text_width("\x7f", style);
    assert_float_equal(text_width("\xcd\xb8", style), box, 1e-4);
    assert_float_equal(text_width("\xf0\x9f\xbf\xbd\xff", style), 2 * box, 1e-4);
}

static void test_shorten(void **state)
{
    (void)state;
    const sg_text_style style = style_of(14);
    char fits[] = "short", text[] = "a rather long name of a class", tiny[] = "ab",
         accents[] = "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9";
    text_shorten(fits, style, 1000);
    assert_string_equal(fits, "short");
    text_shorten(text, style, 100);
    assert_true(text_width(text, style) <= 100);
    assert_true(strlen(text) > 5);
    assert_string_equal(text + strlen(text) - 3, "...");
    text_shorten(tiny, style, 1);
    assert_string_equal(tiny, "ab"); /* no room even for the dots */
    text_shorten(accents, style, 40);
    assert_int_equal((strlen(accents) - 3) % 2, 0);
}

/* Clipped, not written outside. */
static void test_outside(void **state)
{
    (void)state;
    sg_canvas canvas = canvas_create(20, 10);
    draw_text(&canvas, -30, 4, "clipped on all sides", style_of(20), false);
    draw_text(&canvas, 5, 1000, "clipped", style_of(20), true);
    draw_rectangle(&canvas, (sg_rectangle){-5, -5, 100, 100}, black);
    draw_frame(&canvas, (sg_rectangle){-5, -5, 100, 100}, 3, black);
    assert_true(amount_of_ink(&canvas) == 200);
    canvas_free(&canvas);
}

static int finish(void **state)
{
    (void)state;
    shaped_finish();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths_are_well_formed),
        cmocka_unit_test(test_every_character),
        cmocka_unit_test(test_capitals_are_as_high_as_asked),
        cmocka_unit_test(test_antialiasing),
        cmocka_unit_test(test_upward),
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_shorten),
        cmocka_unit_test(test_outside),
    };
    return cmocka_run_group_tests(tests, NULL, finish);
}
