/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Changes states of evaluations: numbers of the fixed part, which have 4 or 8 bytes, and bytes of
 * the bins. The size at the front and the sum at the end are made right again. */

#include <stdlib.h>

#include "fuzz.h"

enum { AT_SIZE = 16, FRONT = 24, SUM = 8, BINS = 64 };

/* Writes the size and the sum (FNV-1a). */
static void seal(fuzz_bytes *bytes)
{
    uint64_t sum = 0xcbf29ce484222325u;
    fuzz_set_little(bytes->data + AT_SIZE, bytes->size, 8);
    for (size_t i = 0; i < bytes->size - SUM; i++)
        sum = (sum ^ bytes->data[i]) * 0x100000001b3u;
    fuzz_set_little(bytes->data + bytes->size - SUM, sum, SUM);
}

/* A number at a place that is a multiple of 4. */
static void change_number(fuzz_bytes *bytes, fuzz_random *random)
{
    const size_t size = fuzz_one_in(random, 2) ? 4 : 8, room = bytes->size - SUM - FRONT;
    if (room < 2 * size)
        return;
    const size_t place = FRONT + fuzz_below(random, (room - size) / 4 + 1) * 4;
    const uint64_t before = fuzz_little(bytes->data + place, size);
    fuzz_set_little(bytes->data + place, fuzz_odd_number(random, before), size);
}

/* A pixel more of two counts that have to be equal, or may have to. */
static void change_pair(fuzz_bytes *bytes, fuzz_random *random)
{
    for (int i = 0; i < 2; i++) {
        const size_t room = bytes->size - SUM - FRONT;
        bytes->data[FRONT + fuzz_below(random, room)]++;
    }
}

static void change_bins(fuzz_bytes *bytes, fuzz_random *random)
{
    const size_t room = bytes->size - SUM - FRONT, size = room < BINS ? room : BINS;
    fuzz_mutate_part(bytes, FRONT + fuzz_below(random, room - size + 1), size, 4);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    fuzz_random random = {seed};
    fuzz_bytes bytes = {NULL, 0, 0};
    if (size <= FRONT + SUM || max_size < size + 4 || fuzz_one_in(&random, 20))
        return LLVMFuzzerMutate(data, size, max_size);
    fuzz_append(&bytes, data, size);
    switch (fuzz_below(&random, 3)) {
    case 0:
        change_number(&bytes, &random);
        break;
    case 1:
        change_pair(&bytes, &random);
        break;
    default:
        change_bins(&bytes, &random);
    }
    seal(&bytes);
    return fuzz_deliver(&bytes, data, max_size);
}

/* The first state's begin and the second one's end. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned seed)
{
    fuzz_random random = {seed};
    fuzz_bytes bytes = {NULL, 0, 0};
    if (size1 <= FRONT + SUM || size2 <= FRONT + SUM)
        return 0;
    const size_t first = FRONT + fuzz_below(&random, size1 - FRONT - SUM);
    const size_t second = FRONT + fuzz_below(&random, size2 - FRONT - SUM);
    if (first + (size2 - second) > max_out)
        return 0;
    fuzz_append(&bytes, data1, first);
    fuzz_append(&bytes, data2 + second, size2 - second);
    seal(&bytes);
    return fuzz_deliver(&bytes, out, max_out);
}
