/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

int sg_text_character(const char *text, uint32_t *code)
{
    const unsigned char *bytes = (const unsigned char *)text;
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const int length = bytes[0] < 0x80   ? 1
                       : bytes[0] < 0xc2 ? 0
                       : bytes[0] < 0xe0 ? 2
                       : bytes[0] < 0xf0 ? 3
                       : bytes[0] < 0xf5 ? 4
                                         : 0;
    *code = length > 1 ? bytes[0] & (0x7fu >> length) : bytes[0];
    for (int i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (bytes[i] & 0x3fu);
    }
    const bool surrogate = *code >= 0xd800 && *code < 0xe000;
    return length == 0 || *code < smallest[length] || *code > 0x10ffff || surrogate ? 0 : length;
}

static bool is_harmful(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c || code == 0x200e ||
           code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

void sg_text_clean(char *text)
{
    char *end = text;
    while (*text) {
        uint32_t code;
        const int length = sg_text_character(text, &code);
        if (length == 0 || is_harmful(code)) {
            *end++ = '?';
            text += length > 0 ? length : 1;
        } else {
            memmove(end, text, (size_t)length);
            end += length;
            text += length;
        }
    }
    *end = '\0';
}
