/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "mutate_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOKENS_MAX = 12 };

typedef struct range {
    size_t begin, size;
} range;

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_word(uint8_t byte)
{
    return is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           byte == '_' || byte == '.' || byte >= 0x80;
}

/* The size of the token at `begin`, which is a word or one other character. */
static size_t token_size(const uint8_t *text, size_t size, size_t begin)
{
    size_t end = begin + 1;
    while (is_word(text[begin]) && end < size && is_word(text[end]))
        end++;
    return end - begin;
}

static range any_token(const uint8_t *text, size_t size, fuzz_random *random)
{
    if (size == 0)
        return (range){0, 0};
    size_t begin = fuzz_below(random, size);
    while (begin > 0 && is_word(text[begin]) && is_word(text[begin - 1]))
        begin--;
    return (range){begin, token_size(text, size, begin)};
}

static range some_tokens(const uint8_t *text, size_t size, fuzz_random *random)
{
    range chosen = any_token(text, size, random);
    const size_t more = fuzz_below(random, TOKENS_MAX);
    for (size_t i = 0; i < more && chosen.begin + chosen.size < size; i++)
        chosen.size += token_size(text, size, chosen.begin + chosen.size);
    return chosen;
}

/* Changes a number to one at a place where code goes wrong. */
static void change_number(fuzz_bytes *text, fuzz_random *random)
{
    char digits[40];
    size_t begin = fuzz_below(random, text->size);
    while (begin < text->size && !is_digit(text->data[begin]))
        begin++;
    if (begin == text->size)
        return;
    size_t end = begin;
    uint64_t value = 0;
    for (; end < text->size && is_digit(text->data[end]); end++)
        value = value * 10 + (text->data[end] - (uint64_t)'0');
    const uint64_t odd = fuzz_odd_number(random, value);
    const int length =
        snprintf(digits, sizeof(digits), fuzz_one_in(random, 8) ? "-%" PRIu64 : "%" PRIu64, odd);
    fuzz_replace(text, begin, end - begin, digits, (size_t)length);
}

static void change_once(fuzz_bytes *text, const char *const *words, size_t count,
                        fuzz_random *random)
{
    const char *word = words[fuzz_below(random, count)];
    const range token = any_token(text->data, text->size, random);
    const range tokens = some_tokens(text->data, text->size, random);
    switch (fuzz_below(random, 7)) {
    case 0:
        fuzz_replace(text, tokens.begin, tokens.size, NULL, 0);
        break;
    case 1:
        fuzz_replace(text, token.begin, token.size, word, strlen(word));
        break;
    case 2:
        fuzz_replace(text, token.begin, 0, word, strlen(word));
        break;
    case 3:
    case 4:
        change_number(text, random);
        break;
    case 5:
        fuzz_cross_words(text, text->data, text->size, random);
        break;
    default:
        fuzz_mutate_part(text, token.begin, token.size, 8);
    }
}

void fuzz_mutate_words(fuzz_bytes *text, const char *const *words, size_t count,
                       fuzz_random *random)
{
    const size_t rounds = 1 + fuzz_below(random, 4);
    for (size_t i = 0; i < rounds; i++)
        change_once(text, words, count, random);
}

void fuzz_cross_words(fuzz_bytes *text, const uint8_t *other, size_t other_size,
                      fuzz_random *random)
{
    const range from = some_tokens(other, other_size, random);
    const range to = some_tokens(text->data, text->size, random);
    fuzz_bytes copy = {NULL, 0, 0};
    fuzz_append(&copy, other + from.begin, from.size);
    fuzz_replace(text, to.begin, fuzz_one_in(random, 2) ? to.size : 0, copy.data, copy.size);
    free(copy.data);
}

size_t fuzz_cross_texts(const uint8_t *data1, size_t size1, const uint8_t *data2, size_t size2,
                        uint8_t *out, size_t max_out, unsigned seed)
{
    fuzz_random random = {seed};
    fuzz_bytes text = {NULL, 0, 0};
    fuzz_append(&text, data1, size1);
    fuzz_cross_words(&text, data2, size2, &random);
    return fuzz_deliver(&text, out, max_out);
}
