/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "packed.h"

size_t packed_json_size(const uint8_t *data, size_t size)
{
    const uint64_t json = fuzz_little(data + PACKED_JSON_SIZE, 8);
    return json < size - PACKED_FRONT ? (size_t)json : size - PACKED_FRONT;
}

size_t packed_begin(const uint8_t *data, size_t size)
{
    const uint64_t begin = fuzz_little(data + PACKED_BEGIN, 8);
    return begin >= PACKED_FRONT && begin < size ? (size_t)begin : size;
}

void packed_seal(fuzz_bytes *bytes)
{
    uint64_t sum = 0xcbf29ce484222325u;
    const size_t json = packed_json_size(bytes->data, bytes->size);
    for (size_t i = 0; i < PACKED_FRONT + json; i++)
        sum = i >= PACKED_SUM && i < PACKED_FRONT ? sum : (sum ^ bytes->data[i]) * 0x100000001b3u;
    fuzz_set_little(bytes->data + PACKED_SUM, sum, 8);
}

void packed_make(fuzz_bytes *bytes, const uint8_t *data, const uint8_t *json, size_t json_size,
                 const uint8_t *given, size_t given_size, size_t weights_size)
{
    const size_t end = PACKED_FRONT + json_size;
    const size_t begin = (end + PACKED_PAGE - 1) / PACKED_PAGE * PACKED_PAGE;
    fuzz_append(bytes, data, PACKED_FRONT);
    fuzz_append(bytes, json, json_size);
    fuzz_append_little(bytes, 0, begin - end);
    for (size_t made = 0, part; made < weights_size; made += part) {
        part = given_size < weights_size - made ? given_size : weights_size - made;
        if (given_size == 0)
            fuzz_append_little(bytes, 0, part = weights_size - made);
        else
            fuzz_append(bytes, given, part);
    }
    fuzz_set_little(bytes->data + PACKED_JSON_SIZE, json_size, 8);
    fuzz_set_little(bytes->data + PACKED_BEGIN, begin, 8);
    fuzz_set_little(bytes->data + PACKED_WEIGHTS, weights_size, 8);
    packed_seal(bytes);
}
