/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reading UTF-8 that nobody vouches for. */

#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stdint.h>

#define UTF8_INVALID UINT32_MAX

/* The character at *text, which is not at its end, and steps over it. A byte that begins no valid
 * sequence is stepped over alone and gives UTF8_INVALID. */
static inline uint32_t utf8_next(const char **text)
{
    const unsigned char *bytes = (const unsigned char *)*text;
    const int length = bytes[0] < 0x80   ? 1
                       : bytes[0] < 0xc2 ? 0
                       : bytes[0] < 0xe0 ? 2
                       : bytes[0] < 0xf0 ? 3
                       : bytes[0] < 0xf5 ? 4
                                         : 0;
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    *text += 1;
    if (length == 0)
        return UTF8_INVALID;
    if (length == 1)
        return bytes[0];
    uint32_t code = bytes[0] & (0x7fu >> length);
    for (int i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return UTF8_INVALID;
        code = code << 6 | (bytes[i] & 0x3fu);
    }
    if (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return UTF8_INVALID;
    *text += length - 1;
    return code;
}

/* Whether a terminal would obey the character, or whether it hides the order of a text: control
 * characters (C0, DEL and C1), separators of lines, and marks that turn the direction of writing.
 */
static inline bool utf8_is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c || code == 0x200e ||
           code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

#endif
