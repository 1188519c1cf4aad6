/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "model/colours.h"

static bool take(sg_piece *s, char character)
{
    const bool found = sg_first_of(*s) == character;
    if (found)
        sg_skip(s, 1);
    return found;
}

/* Takes a character and the blanks around it. */
static bool take_mark(sg_piece *s, char character)
{
    *s = sg_trim(*s);
    const bool found = take(s, character);
    *s = sg_trim(*s);
    return found;
}

static int hexadecimal(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Takes the six digits of #rrggbb. */
static bool take_digits(sg_piece *s, uint8_t rgb[3])
{
    for (int i = 0; i < 3; i++) {
        const int high = s->length < 2 ? -1 : hexadecimal(s->text[0]);
        const int low = s->length < 2 ? -1 : hexadecimal(s->text[1]);
        if (high < 0 || low < 0)
            return false;
        rgb[i] = (uint8_t)(16 * high + low);
        sg_skip(s, 2);
    }
    return true;
}

/* Takes three numbers with commas between them. */
static bool take_numbers(sg_piece *s, uint8_t rgb[3])
{
    for (int i = 0; i < 3; i++) {
        int32_t value;
        if ((i > 0 && !take_mark(s, ',')) || !sg_take_integer(s, &value) || value > 255)
            return false;
        rgb[i] = (uint8_t)value;
    }
    return true;
}

static bool take_colour(sg_piece *s, uint8_t rgb[3])
{
    if (take(s, '#'))
        return take_digits(s, rgb);
    if (take(s, '"'))
        return take(s, '#') && take_digits(s, rgb) && take(s, '"');
    if (take_mark(s, '['))
        return take_numbers(s, rgb) && take_mark(s, ']');
    return take_numbers(s, rgb);
}

static int64_t read_list(sg_piece s, uint8_t *rgb)
{
    uint8_t colour[3];
    int64_t count = 0;
    do {
        if (count == SG_COLOURS_MAX || !take_colour(&s, colour))
            return 0;
        for (int i = 0; rgb && i < 3; i++)
            rgb[3 * count + i] = colour[i];
        count++;
    } while (take_mark(&s, ','));
    return s.length == 0 ? count : 0;
}

int64_t sg_colours_read(sg_piece text, uint8_t *rgb)
{
    sg_piece s = sg_trim(text);
    const bool bracketed = s.length >= 2 && s.text[0] == '[' && s.text[s.length - 1] == ']';
    if (bracketed && read_list(s, NULL) == 0) /* [0, 0, 0] is one colour in brackets */
        s = sg_trim((sg_piece){s.text + 1, s.length - 2});
    return read_list(s, rgb);
}
