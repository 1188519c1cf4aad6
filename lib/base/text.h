/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#ifndef SG_TEXT_H
#define SG_TEXT_H

#include <stdint.h>

/* The bytes of the UTF-8 character that stands here, and its code; 0: none does. A NUL is a
 * character of one byte. */
int sg_text_character(const char *text, uint32_t *code);

/* Makes a text harmless to whatever shows it, in place: control characters (C0, DEL and C1, which
 * terminals obey), marks that turn the direction of writing, separators of lines, and bytes that
 * are not UTF-8 each become a question mark. */
void sg_text_clean(char *text);

#endif
