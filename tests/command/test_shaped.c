/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Text with the system's fonts. Where they, or the libraries that draw with them, are missing,
 * these tests are skipped, unless the environment says SEGENT_TEST_FONTS=1, as tests/run.sh does.
 */

#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "ink.h"
#include "shaped.h"

enum { WIDTH = 600, HEIGHT = 120, LEFT = 60, BASELINE = 80, CAP = 20 };

/* Two words of each. */
static const struct script {
    const char *name, *text, *other;
} scripts[] = {
    {"accents", "Stra\u00dfe, v\u00e9lo", "\u0152uvre, \u010detn\u00edk"},
    {"Greek", "\u03b1\u03c5\u03c4\u03bf\u03ba\u03af\u03bd\u03b7\u03c4\u03bf",
     "\u03b4\u03c1\u03cc\u03bc\u03bf\u03c2"},
    {"Cyrillic", "\u043c\u0430\u0448\u0438\u043d\u0430", "\u0434\u043e\u0440\u043e\u0433\u0430"},
    {"Chinese", "\u6c7d\u8f66", "\u9053\u8def"},
    {"Japanese", "\u81ea\u52d5\u8eca\u306e", "\u30bf\u30a4\u30e4"},
    {"Korean", "\uc790\ub3d9\ucc28", "\ub3c4\ub85c"},
    {"Arabic", "\u0633\u064a\u0627\u0631\u0629", "\u0637\u0631\u064a\u0642"},
    {"Hebrew", "\u05de\u05db\u05d5\u05e0\u05d9\u05ea", "\u05db\u05d1\u05d9\u05e9"},
    {"Devanagari", "\u0915\u093e\u0930", "\u0938\u0921\u093c\u0915"},
    {"Thai", "\u0e23\u0e16\u0e22\u0e19\u0e15\u0e4c", "\u0e16\u0e19\u0e19"},
};

enum { SCRIPTS = sizeof(scripts) / sizeof(scripts[0]) };

static bool has_fonts(const char *text)
{
    float width = -1;
    if (shaped_text(NULL, text, style_of(CAP), (sg_text_place){0, 0, false}, &width)) {
        assert_true(width >= 0);
        return true;
    }
    const char *wanted = getenv("SEGENT_TEST_FONTS");
    if (wanted && strcmp(wanted, "1") == 0)
        fail_msg("no font has any character of \"%s\"", text);
    return false;
}

#define NEED_FONTS(text)      \
    do {                      \
        if (!has_fonts(text)) \
            skip();           \
    } while (0)

static sg_canvas draw(const char *text, bool upward)
{
    sg_canvas canvas = upward ? canvas_create(HEIGHT, WIDTH) : canvas_create(WIDTH, HEIGHT);
    if (upward)
        draw_text(&canvas, BASELINE, WIDTH - LEFT, text, style_of(CAP), true);
    else
        draw_text(&canvas, LEFT, BASELINE, text, style_of(CAP), false);
    return canvas;
}

/* Share of the ink in which two canvases of one size differ. */
static double difference(const sg_canvas *one, const sg_canvas *other)
{
    double sum = 0;
    for (int i = 0; i < one->width * one->height; i++)
        sum += abs(one->pixels[3 * i] - other->pixels[3 * i]) / 255.0;
    return sum / (amount_of_ink(one) + amount_of_ink(other));
}

/* Two words of one script look different, as boxes of one number would not, and so do they in the
 * two directions of writing; what is drawn is as wide as was said. */
static void test_scripts(void **state)
{
    (void)state;
    int tested = 0;
    for (int i = 0; i < SCRIPTS; i++) {
        const struct script *script = &scripts[i];
        if (!has_fonts(script->text) || !has_fonts(script->other))
            continue;
        sg_canvas text = draw(script->text, false), other = draw(script->other, false);
        const sg_rectangle ink = find_ink(&text);
        const float width = text_width(script->text, style_of(CAP));
        if (amount_of_ink(&text) < 100 || amount_of_ink(&other) < 100)
            fail_msg("%s: no ink", script->name);
        if (ink.x < LEFT - 5 || (float)(ink.x + ink.width) > LEFT + width + 5 ||
            (float)ink.width < 0.8f * width)
            fail_msg("%s: ink from %d, %d wide, of a text of %.1f", script->name, ink.x - LEFT,
                     ink.width, (double)width);
        if (difference(&text, &other) < 0.01)
            fail_msg("%s: two words look the same", script->name);
        canvas_free(&text);
        canvas_free(&other);
        tested++;
    }
    if (tested == 0)
        skip();
}

/* Of the height that was asked for, like our own capital letters. */
static void test_height(void **state)
{
    (void)state;
    NEED_FONTS("\u041d\u0415");
    sg_canvas canvas = draw("\u041d\u0415", false); /* Cyrillic letters that look like H and E */
    const sg_rectangle ink = find_ink(&canvas);
    assert_in_range(ink.height, CAP - 1, CAP + 1);
    assert_int_equal(ink.y + ink.height, BASELINE);
    canvas_free(&canvas);
}

static void test_upward(void **state)
{
    (void)state;
    NEED_FONTS(scripts[1].text);
    sg_canvas across = draw(scripts[1].text, false), upward = draw(scripts[1].text, true);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            const int a = across.pixels[3 * (y * WIDTH + x)];
            const int b = upward.pixels[3 * ((WIDTH - 1 - x) * HEIGHT + y)];
            assert_in_range(a - b + 8, 0, 16); /* positions are whole 64ths of a pixel */
        }
    }
    canvas_free(&across);
    canvas_free(&upward);
}

/* A letter and a combining mark are the letter with that mark. */
static void test_combining_marks(void **state)
{
    (void)state;
    NEED_FONTS("\u00e9");
    assert_float_equal(text_width("e\u0301", style_of(CAP)), text_width("\u00e9", style_of(CAP)),
                       0.5);
}

/* Arabic letters take other forms where they are joined. */
static void test_joining(void **state)
{
    (void)state;
    NEED_FONTS("\u0633\u064a\u0637");
    const float apart = text_width("\u0633", style_of(CAP)) + text_width("\u064a", style_of(CAP)) +
                        text_width("\u0637", style_of(CAP));
    assert_true(text_width("\u0633\u064a\u0637", style_of(CAP)) < 0.95f * apart);
}

/* Hebrew runs from right to left, and numbers within it from left to right. */
static void test_direction(void **state)
{
    (void)state;
    NEED_FONTS("\u05d0\u05e9");
    const float last = text_width("\u05e9", style_of(CAP));
    sg_canvas word = draw("\u05d0\u05e9", false), letters = draw("\u05e9", false);
    draw_text(&letters, LEFT + last, BASELINE, "\u05d0", style_of(CAP), false);
    assert_true(difference(&word, &letters) < 0.02);
    canvas_free(&word);
    canvas_free(&letters);

    /* The number, which is written last, is the leftmost, and its first digit is its left one. */
    const float number =
        text_width("\u05d012", style_of(CAP)) - text_width("\u05d0", style_of(CAP));
    sg_canvas mixed = draw("\u05d012", false), parts = canvas_create(WIDTH, HEIGHT);
    draw_text(&parts, LEFT + number, BASELINE, "\u05d0", style_of(CAP), false);
    const sg_rectangle ink = find_ink(&mixed), letter = find_ink(&parts);
    assert_true(ink.x < letter.x - CAP / 2);
    assert_int_equal(ink.x + ink.width, letter.x + letter.width);
    sg_canvas reversed = draw("\u05d021", false);
    assert_true(difference(&mixed, &reversed) > 0.02);
    canvas_free(&mixed);
    canvas_free(&parts);
    canvas_free(&reversed);
}

/* Bold is heavier. */
static void test_bold(void **state)
{
    (void)state;
    NEED_FONTS(scripts[2].text);
    sg_text_style bold = style_of(CAP);
    bold.weight = TEXT_BOLD;
    sg_canvas one = draw(scripts[2].text, false), other = canvas_create(WIDTH, HEIGHT);
    draw_text(&other, LEFT, BASELINE, scripts[2].text, bold, false);
    assert_true(amount_of_ink(&other) > 1.05 * amount_of_ink(&one));
    canvas_free(&one);
    canvas_free(&other);
}

/* Text of ASCII characters alone is our own font's, whatever the system has. */
static void test_ascii(void **state)
{
    (void)state;
    float width = -1;
    for (int code = 1; code < 0x80; code++) {
        const char text[] = {(char)code, '\0'};
        assert_false(shaped_text(NULL, text, style_of(CAP), (sg_text_place){0, 0, false}, &width));
    }
    assert_false(shaped_text(NULL, "", style_of(CAP), (sg_text_place){0, 0, false}, &width));
    assert_true(width == -1);
}

/* Two hundred marks above one letter stay in the line. */
static void test_stacked_marks(void **state)
{
    (void)state;
    NEED_FONTS("e\u0301");
    char text[500] = "e";
    for (int i = 0; i < 200; i++)
        strcat(text, i % 2 ? "\u0301" : "\u0316");
    sg_canvas canvas = draw(text, false);
    const sg_rectangle ink = find_ink(&canvas);
    assert_in_range(ink.y, BASELINE - 2 * CAP, BASELINE);
    assert_in_range(ink.y + ink.height, BASELINE, BASELINE + CAP);
    assert_true(ink.width < 4 * CAP);
    canvas_free(&canvas);
}

/* Any characters in any order, shortened and drawn at any size. */
static void test_random_text(void **state)
{
    (void)state;
    const float sizes[] = {0.5f, 8, 20, 300};
    uint32_t seed = 1;
    for (int round = 0; round < 400; round++) {
        char text[160];
        size_t length = 0;
        while (length < 120) {
            seed = seed * 1664525u + 1013904223u;
            const uint32_t range = seed >> 30 == 0   ? 0x80
                                   : seed >> 30 == 1 ? 0x1000
                                   : seed >> 30 == 2 ? 0xd800
                                                     : 0x110000;
            const uint32_t code = 1 + (seed >> 4) % (range - 1);
            if (code < 0x80) {
                text[length++] = (char)code;
            } else if (code < 0x800) {
                text[length++] = (char)(0xc0 | code >> 6);
                text[length++] = (char)(0x80 | (code & 0x3f));
            } else {
                if (code >= 0x10000)
                    text[length++] = (char)(0xf0 | code >> 18);
                text[length++] = code >= 0x10000 ? (char)(0x80 | (code >> 12 & 0x3f))
                                                 : (char)(0xe0 | code >> 12);
                text[length++] = (char)(0x80 | (code >> 6 & 0x3f));
                text[length++] = (char)(0x80 | (code & 0x3f));
            }
        }
        text[length] = '\0';
        const sg_text_style style = style_of(sizes[round % 4]);
        sg_canvas canvas = canvas_create(80, 60);
        draw_text(&canvas, 10, 30, text, style, round % 3 == 0);
        assert_true(text_width(text, style) >= 0);
        text_shorten(text, style, 40);
        draw_text(&canvas, 10, 30, text, style, false);
        canvas_free(&canvas);
    }
}

static int finish(void **state)
{
    (void)state;
    shaped_finish();
    return 0;
}

/* What was closed opens again. */
static void test_finish(void **state)
{
    NEED_FONTS("\u00e9");
    const float before = text_width("\u00e9t\u00e9", style_of(CAP));
    finish(state);
    finish(state);
    assert_float_equal(text_width("\u00e9t\u00e9", style_of(CAP)), before, 1e-4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scripts),       cmocka_unit_test(test_height),
        cmocka_unit_test(test_upward),        cmocka_unit_test(test_combining_marks),
        cmocka_unit_test(test_joining),       cmocka_unit_test(test_direction),
        cmocka_unit_test(test_bold),          cmocka_unit_test(test_ascii),
        cmocka_unit_test(test_stacked_marks), cmocka_unit_test(test_random_text),
        cmocka_unit_test(test_finish),
    };
    return cmocka_run_group_tests(tests, NULL, finish);
}
