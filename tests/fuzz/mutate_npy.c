/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Changes NumPy's arrays: words and numbers of the header, whose length is made right again. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "mutate_words.h"

enum { VERSION = 6, LENGTH = 8, SIZE_MIN = 12 };

static const char *const words[] = {"'descr': '<f4', ",
                                    "'<f2'",
                                    "'>f8'",
                                    "'=f4'",
                                    "'float32'",
                                    "'|u1'",
                                    "'<i8'",
                                    "'<c8'",
                                    "'fortran_order': True, ",
                                    "'fortran_order': False, ",
                                    "True",
                                    "False",
                                    "'shape': (2, 2, 2), ",
                                    "(1, 2, 2, 1)",
                                    "(2L, 2L, 2L)",
                                    "[('a', '<f4')]",
                                    "(",
                                    ")",
                                    "{",
                                    "}",
                                    ",",
                                    "'",
                                    "\"",
                                    " ",
                                    "\n",
                                    "\\",
                                    "0",
                                    "-1"};

/* The number of bytes before the header's text. */
static size_t text_begin(const uint8_t *data)
{
    return data[VERSION] > 1 ? 12 : 10;
}

static size_t text_end(const uint8_t *data, size_t size)
{
    const size_t begin = text_begin(data);
    const uint64_t length = fuzz_little(data + LENGTH, begin - LENGTH);
    return length <= size - begin ? begin + (size_t)length : size;
}

static size_t assemble(const uint8_t *data, size_t size, fuzz_bytes *text, uint8_t *out,
                       size_t max_out, fuzz_random *random)
{
    fuzz_bytes bytes = {NULL, 0, 0};
    const size_t begin = text_begin(data), end = text_end(data, size);
    fuzz_append(&bytes, data, LENGTH);
    fuzz_append_little(&bytes, text->size, begin - LENGTH);
    fuzz_append(&bytes, text->data, text->size);
    fuzz_append(&bytes, data + end, size - end);
    free(text->data);
    if (fuzz_one_in(random, 8))
        fuzz_mutate_part(&bytes, 0, bytes.size, 32);
    return fuzz_deliver(&bytes, out, max_out);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    fuzz_random random = {seed};
    fuzz_bytes text = {NULL, 0, 0};
    if (size < SIZE_MIN || fuzz_one_in(&random, 8))
        return LLVMFuzzerMutate(data, size, max_size);
    const size_t begin = text_begin(data);
    fuzz_append(&text, data + begin, text_end(data, size) - begin);
    fuzz_mutate_words(&text, words, sizeof(words) / sizeof(words[0]), &random);
    return assemble(data, size, &text, data, max_size, &random);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned seed)
{
    fuzz_random random = {seed};
    fuzz_bytes text = {NULL, 0, 0};
    if (size1 < SIZE_MIN || size2 < SIZE_MIN)
        return 0;
    const size_t begin1 = text_begin(data1), begin2 = text_begin(data2);
    fuzz_append(&text, data1 + begin1, text_end(data1, size1) - begin1);
    fuzz_cross_words(&text, data2 + begin2, text_end(data2, size2) - begin2, &random);
    return assemble(data1, size1, &text, out, max_out, &random);
}
