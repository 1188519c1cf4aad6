/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Changes command lines, whose arguments end in NUL, and names in any encoding. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "mutate_words.h"

static const char *const words[] = {"--model",
                                    "--prefix",
                                    "--arch",
                                    "--size",
                                    "--no-orient",
                                    "--background",
                                    "--pixel-limit",
                                    "--memory-limit",
                                    "--scan-limit",
                                    "--probs",
                                    "--output-size",
                                    "--temperature",
                                    "--engine",
                                    "--threads",
                                    "--runs",
                                    "--out",
                                    "--save",
                                    "--entropy-range",
                                    "--colormap",
                                    "--list",
                                    "--json",
                                    "--quiet",
                                    "--verbose",
                                    "--no-progress",
                                    "--help",
                                    "--version",
                                    "--no-",
                                    "-qvt",
                                    "-m",
                                    "-o",
                                    "--",
                                    "-",
                                    "=",
                                    "=1",
                                    "640x480",
                                    "1e3",
                                    "0.5",
                                    "nan",
                                    "#ff8000",
                                    "fast",
                                    "exact",
                                    "original",
                                    "auto",
                                    "viridis",
                                    "resnet50",
                                    "panel,labels,overlay",
                                    "entropy.npy",
                                    "logits.npy",
                                    "none",
                                    ",",
                                    "a.jpg",
                                    "\xc2\x9b",
                                    "\xed\xa0\x80",
                                    "\xf4\x90\x80\x80",
                                    "\xe2\x80\xae",
                                    "\xf0\x9f\x98\x80",
                                    "\x1b[2J"};

/* Ends an argument somewhere, or joins two. */
static void change_ends(fuzz_bytes *text, fuzz_random *random)
{
    const size_t at = fuzz_below(random, text->size);
    if (fuzz_one_in(random, 2))
        fuzz_replace(text, at, 0, "", 1);
    else if (at < text->size)
        fuzz_replace(text, at, 1, "", text->data[at] != 0);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    fuzz_random random = {seed};
    fuzz_bytes text = {NULL, 0, 0};
    if (fuzz_one_in(&random, 4))
        return LLVMFuzzerMutate(data, size, max_size);
    fuzz_append(&text, data, size);
    fuzz_mutate_words(&text, words, sizeof(words) / sizeof(words[0]), &random);
    if (fuzz_one_in(&random, 3))
        change_ends(&text, &random);
    return fuzz_deliver(&text, data, max_size);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned seed)
{
    return fuzz_cross_texts(data1, size1, data2, size2, out, max_out, seed);
}
