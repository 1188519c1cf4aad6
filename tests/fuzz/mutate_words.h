/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Changes text that is made of words, numbers and punctuation: headers in JSON and in Python's
 * notation, and command lines. */

#ifndef MUTATE_WORDS_H
#define MUTATE_WORDS_H

#include "fuzz.h"

/* The marks of JSON, for lists of words. */
#define FUZZ_JSON_MARKS "{", "}", "[", "]", ",", ":"

/* Changes the text in one to four ways. `words` are the words of its language. */
void fuzz_mutate_words(fuzz_bytes *text, const char *const *words, size_t count,
                       fuzz_random *random);

/* Replaces a range of tokens by one of another text. */
void fuzz_cross_words(fuzz_bytes *text, const uint8_t *other, size_t other_size,
                      fuzz_random *random);

/* Puts a range of tokens of a text into another one: LLVMFuzzerCustomCrossOver of targets whose
 * input is nothing but text. */
size_t fuzz_cross_texts(const uint8_t *data1, size_t size1, const uint8_t *data2, size_t size2,
                        uint8_t *out, size_t max_out, unsigned seed);

#endif
