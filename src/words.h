/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Words that a user types: which of a list is meant, and lists written as "a|b|c"; and numbers and
 * colours as people read them. */

#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>
#include <stdint.h>

/* The one of `count` words that `word` was probably meant to be, for "did you mean ...?", or NULL
 * if none is near enough. */
const char *closest_word(const char *word, const char *const *words, size_t count);

/* The position in "a|b|c" of the `length` characters at `word`, or -1. */
int32_t choice_index(const char *choices, const char *word, size_t length);

/* The word at that position in "a|b|c". To free. */
char *choice_word(const char *choices, int32_t index);

enum { DIGITS_SIZE = 32 };

/* Writes a number with its digits in groups, 58630997 as "58,630,997". Returns `text`. */
const char *digits_grouped(int64_t number, char text[DIGITS_SIZE]);

enum { COLOUR_SIZE = 8 };

/* Writes a colour as "#rrggbb". Returns `text`. */
const char *colour_text(const uint8_t rgb[3], char text[COLOUR_SIZE]);

#endif
