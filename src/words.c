/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "words.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "console.h"

/* How many edits lead from one word to the other, where an edit inserts, deletes or replaces a
 * character or swaps two neighbours (the optimal string alignment distance). row[i % 3][j] is the
 * distance between the first i characters of `a` and the first j of `b`; three rows are enough,
 * because a swap looks back by two. */
static int edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 64 };
    int row[3][LONGEST + 1];
    const int n = (int)strlen(a), m = (int)strlen(b);
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (int j = 0; j <= m; j++)
        row[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *const now = row[i % 3];
        const int *const last = row[(i + 2) % 3], *const before = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            int best = last[j - 1] + (a[i - 1] != b[j - 1]);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
    }
    return row[n % 3][m];
}

const char *closest_word(const char *word, const char *const *words, size_t count)
{
    const char *closest = NULL;
    const size_t length = strlen(word);
    int fewest = length < 4 ? 2 : length < 8 ? 3 : 4; /* this many edits are too many */
    for (size_t i = 0; i < count; i++) {
        const bool begins = length >= 3 && strncmp(word, words[i], length) == 0;
        const int edits = begins ? 0 : edit_distance(word, words[i]);
        if (edits < fewest) {
            fewest = edits;
            closest = words[i];
        }
    }
    return closest;
}

int32_t choice_index(const char *choices, const char *word, size_t length)
{
    for (int32_t index = 0;; index++) {
        const size_t this_length = strcspn(choices, "|");
        if (this_length == length && strncmp(choices, word, length) == 0)
            return index;
        if (!choices[this_length])
            return -1;
        choices += this_length + 1;
    }
}

char *choice_word(const char *choices, int32_t index)
{
    for (; index > 0; index--)
        choices += strcspn(choices, "|") + 1;
    return text_join("%.*s", (int)strcspn(choices, "|"), choices);
}

const char *digits_grouped(int64_t number, char text[DIGITS_SIZE])
{
    char digits[DIGITS_SIZE];
    const int length = snprintf(digits, sizeof(digits), "%" PRId64, number);
    char *to = text;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-')
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return text;
}

const char *colour_text(const uint8_t rgb[3], char text[COLOUR_SIZE])
{
    snprintf(text, COLOUR_SIZE, "#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
    return text;
}
