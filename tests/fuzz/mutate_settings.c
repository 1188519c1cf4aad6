/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Changes files of settings: words, numbers and punctuation of JSON. */

#include <stdlib.h>

#include "fuzz.h"
#include "mutate_words.h"

static const char *const words[] = {"\"segent\":",
                                    "\"rates\":",
                                    "\"output_stride\":",
                                    "\"size\":",
                                    "\"temperature\":",
                                    "\"mean\":",
                                    "\"std\":",
                                    "\"eps\":",
                                    "\"description\":",
                                    "\"classes\":",
                                    "\"class_names\":",
                                    "\"palette\":",
                                    "\"other\":",
                                    "[6, 12, 18]",
                                    "[0.5, -0.5, 1e0]",
                                    "[\"a\", \"b\"]",
                                    "\"6,12,18\"",
                                    "\"\\u00e9\"",
                                    "\"\\ud83d\\ude00\"",
                                    "[[0, 255, 256]]",
                                    "\"#8000ff\"",
                                    "#",
                                    "null",
                                    "true",
                                    "[]",
                                    "{}",
                                    FUZZ_JSON_MARKS,
                                    "\"",
                                    "\\",
                                    "-",
                                    "1e999",
                                    "0.5",
                                    "16",
                                    "\xef\xbb\xbf",
                                    "\n"};

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    fuzz_random random = {seed};
    fuzz_bytes text = {NULL, 0, 0};
    if (fuzz_one_in(&random, 4))
        return LLVMFuzzerMutate(data, size, max_size);
    fuzz_append(&text, data, size);
    fuzz_mutate_words(&text, words, sizeof(words) / sizeof(words[0]), &random);
    return fuzz_deliver(&text, data, max_size);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned seed)
{
    return fuzz_cross_texts(data1, size1, data2, size2, out, max_out, seed);
}
