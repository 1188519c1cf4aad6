/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Changes safetensors: words and numbers of the header, whose length is made right again. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "mutate_words.h"

enum { LENGTH_SIZE = 8 };

static const char *const words[] = {
    "\"dtype\":\"F32\"",
    "\"dtype\":\"BF16\"",
    "\"dtype\":\"F8_E4M3\"",
    "\"F16\"",
    "\"F64\"",
    "\"I64\"",
    "\"BOOL\"",
    "\"U8\"",
    "\"shape\":[2,2]",
    "\"data_offsets\":[0,16]",
    "[1,1,1,1,1,1,1,1,1]",
    "\"__metadata__\":{\"format\":\"pt\"}",
    "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}",
    "\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}",
    "\"segent.classes\":\"a,b\"",
    "\"segent.rates\":\"1,2,3\"",
    "\"segent.temperature\":\"1.5\"",
    "\"segent.size\":\"32\"",
    "\"segent.precision_error\":\"0.5\"",
    "\"module.a\"",
    "\"\\u00e9\\ud83d\\ude00\"",
    "\"\\ud800\"",
    "\"\\n\\\"\"",
    FUZZ_JSON_MARKS,
    "null",
    "-1",
    "1e3",
    "1.0"};

/* Where the header ends: at the file's end if the header's length is out of range. */
static size_t header_end(const uint8_t *data, size_t size)
{
    const uint64_t length = fuzz_little(data, LENGTH_SIZE);
    return length <= size - LENGTH_SIZE ? LENGTH_SIZE + (size_t)length : size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    fuzz_random random = {seed};
    fuzz_bytes header = {NULL, 0, 0}, bytes = header;
    if (size < LENGTH_SIZE || fuzz_one_in(&random, 10))
        return LLVMFuzzerMutate(data, size, max_size);
    const size_t end = header_end(data, size);
    fuzz_append(&header, data + LENGTH_SIZE, end - LENGTH_SIZE);
    fuzz_mutate_words(&header, words, sizeof(words) / sizeof(words[0]), &random);
    const uint64_t length =
        fuzz_one_in(&random, 20) ? fuzz_odd_number(&random, header.size) : header.size;
    fuzz_append_little(&bytes, length, LENGTH_SIZE);
    fuzz_append(&bytes, header.data, header.size);
    fuzz_append(&bytes, data + end, size - end);
    if (fuzz_one_in(&random, 8))
        fuzz_mutate_part(&bytes, bytes.size - (size - end), size - end, 32);
    free(header.data);
    return fuzz_deliver(&bytes, data, max_size);
}

/* Makes a file with the members of both headers and the first file's values. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned seed)
{
    fuzz_random random = {seed};
    fuzz_bytes header = {NULL, 0, 0}, bytes = header;
    if (size1 < LENGTH_SIZE || size2 < LENGTH_SIZE)
        return 0;
    const size_t end1 = header_end(data1, size1), end2 = header_end(data2, size2);
    fuzz_append(&header, data1 + LENGTH_SIZE, end1 - LENGTH_SIZE);
    fuzz_cross_words(&header, data2 + LENGTH_SIZE, end2 - LENGTH_SIZE, &random);
    fuzz_append_little(&bytes, header.size, LENGTH_SIZE);
    fuzz_append(&bytes, header.data, header.size);
    fuzz_append(&bytes, data1 + end1, size1 - end1);
    free(header.data);
    return fuzz_deliver(&bytes, out, max_out);
}
