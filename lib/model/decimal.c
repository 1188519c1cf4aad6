/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "model/decimal.h"

#include <math.h>

char sg_first_of(sg_piece s)
{
    return s.length > 0 ? *s.text : '\0';
}

void sg_skip(sg_piece *s, size_t count)
{
    s->text += count;
    s->length -= count;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

sg_piece sg_trim(sg_piece s)
{
    while (s.length > 0 && is_blank(*s.text))
        sg_skip(&s, 1);
    while (s.length > 0 && is_blank(s.text[s.length - 1]))
        s.length--;
    return s;
}

static bool is_digit(sg_piece s)
{
    return sg_first_of(s) >= '0' && sg_first_of(s) <= '9';
}

bool sg_take_integer(sg_piece *s, int32_t *value)
{
    int32_t number = 0;
    int digits = 0;
    for (; is_digit(*s) && digits < 10; sg_skip(s, 1), digits++)
        number = digits < 9 ? number * 10 + (sg_first_of(*s) - '0') : number;
    *value = number;
    return digits >= 1 && digits <= 9;
}

bool sg_parse_decimal(sg_piece s, double *value)
{
    double number = 0.0;
    int digits = 0, exponent = 0;
    for (; is_digit(s); sg_skip(&s, 1), digits++)
        number = number * 10.0 + (sg_first_of(s) - '0');
    if (sg_first_of(s) == '.') {
        for (sg_skip(&s, 1); is_digit(s); sg_skip(&s, 1), digits++, exponent--)
            number = number * 10.0 + (sg_first_of(s) - '0');
    }
    if (digits == 0 || digits > 40)
        return false;
    if (sg_first_of(s) == 'e' || sg_first_of(s) == 'E') {
        int32_t power;
        sg_skip(&s, 1);
        const bool negative = sg_first_of(s) == '-';
        if (negative || sg_first_of(s) == '+')
            sg_skip(&s, 1);
        if (!sg_take_integer(&s, &power) || power > 300)
            return false;
        exponent += negative ? -power : power;
    }
    /* Powers of ten up to 22 are exact, those of a tenth are not. */
    *value = exponent < 0 ? number / pow(10.0, -exponent) : number * pow(10.0, exponent);
    return s.length == 0 && isfinite(*value);
}
