/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Pieces of text, and the numbers in them, read the same in every locale. */

#ifndef SG_DECIMAL_H
#define SG_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A piece of text that does not end with a NUL. */
typedef struct sg_piece {
    const char *text;
    size_t length;
} sg_piece;

/* The first character; NUL: there is none. */
char sg_first_of(sg_piece s);

/* Takes so many characters off the beginning. */
void sg_skip(sg_piece *s, size_t count);

/* Without the blanks, tabs and ends of lines at both ends. */
sg_piece sg_trim(sg_piece s);

/* Takes a whole number of at most nine digits off the beginning. */
bool sg_take_integer(sg_piece *s, int32_t *value);

/* Reads a number such as 1.25 or 8e-1, without a sign, of the whole text. */
bool sg_parse_decimal(sg_piece s, double *value);

#endif
