/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Changes files of packed weights: words and numbers of the JSON, a size of the network in all
 * shapes that have it, a block of it under another number, numbers of the front, and weights. Sizes
 * and sum are made right again. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mutate_words.h"
#include "packed.h"

static const char *const words[] = {
    "\"shape\":[1]",
    "\"shape\":[]",
    "[1,1,1,1,1,1,1,1,1]",
    "[2,1,1,1]",
    "[1048576,1,1,1]",
    "[1048577]",
    "[4611686018427387904,2]",
    "\"__metadata__\":{\"format\":\"pt\"}",
    "\"a\":{\"shape\":[0]}",
    "\"a\":{\"shape\":[1],\"dtype\":\"F32\",\"data_offsets\":[0,4]}",
    "\"segent.rates\":\"1,2,3\"",
    "\"segent.output_stride\":\"16\"",
    "\"segent.temperature\":\"1.5\"",
    "\"segent.size\":\"32\"",
    "\"segent.eps\":\"0.5\"",
    "\"segent.packed_for\":\"ref\"",
    "\"classifier.0.convs.1.0.weight\"",
    "\"classifier.4.bias\"",
    "\"aux_classifier.0.weight\":{\"shape\":[1,4,3,3]}",
    "\"backbone.layer1.0.conv2.weight\"",
    "\"backbone.layer4.0.downsample.0.weight\"",
    "\"\\ud800\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "-1",
    "1e3"};

/* Writes `by` for every number of the JSON that is `number`. */
static void replace_number(fuzz_bytes *json, uint64_t number, uint64_t by)
{
    char digits[24];
    const size_t length = (size_t)snprintf(digits, sizeof(digits), "%llu", (unsigned long long)by);
    for (size_t at = 0; at < json->size; at++) {
        size_t end = at;
        uint64_t value = 0;
        for (; end < json->size && isdigit(json->data[end]); end++)
            value = value * 10 + (json->data[end] - (uint64_t)'0');
        const bool listed =
            end > at && at > 0 && (json->data[at - 1] == '[' || json->data[at - 1] == ' ');
        if (listed && value == number)
            fuzz_replace(json, at, end - at, digits, length);
        at = listed && value == number ? at + length : end;
    }
}

/* Changes a size of the network wherever it stands in a shape. */
static void change_size(fuzz_bytes *json, fuzz_random *random)
{
    size_t at = fuzz_below(random, json->size);
    uint64_t number = 0;
    while (at < json->size && (json->data[at] != '[' || !isdigit(json->data[at + 1])))
        at++;
    if (at + 1 >= json->size)
        return;
    for (at++; at < json->size && isdigit(json->data[at]); at++)
        number = number * 10 + (json->data[at] - (uint64_t)'0');
    const uint64_t by = fuzz_one_in(random, 4) ? fuzz_odd_number(random, number)
                                               : 1 + fuzz_below(random, 2 * number + 8);
    replace_number(json, number, by);
}

/* Repeats some members of the JSON with another digit in their names, as blocks of a network have
 * them. */
static void repeat_members(fuzz_bytes *json, fuzz_random *random)
{
    static const char between[] = "},\"";
    fuzz_bytes copy = {NULL, 0, 0};
    size_t begin = fuzz_below(random, json->size), end;
    while (begin + 3 < json->size && memcmp(json->data + begin, between, 3) != 0)
        begin++;
    if (begin + 3 >= json->size)
        return;
    end = begin + 3 + fuzz_below(random, json->size - begin - 3);
    while (end > begin + 3 && memcmp(json->data + end, between, 3) != 0)
        end--;
    fuzz_append(&copy, json->data + begin, end - begin);
    const uint8_t from = (uint8_t)('0' + fuzz_below(random, 5));
    const uint8_t to = (uint8_t)('0' + fuzz_below(random, 8));
    for (size_t i = 1; i + 1 < copy.size; i++) {
        if (copy.data[i - 1] == '.' && copy.data[i] == from && copy.data[i + 1] == '.')
            copy.data[i] = to;
    }
    fuzz_replace(json, end, 0, copy.data, copy.size);
    free(copy.data);
}

static void change_front(fuzz_bytes *bytes, fuzz_random *random)
{
    static const size_t places[] = {8, 12, PACKED_JSON_SIZE, PACKED_BEGIN, PACKED_WEIGHTS, 40, 48};
    const size_t place = places[fuzz_below(random, sizeof(places) / sizeof(places[0]))];
    const size_t size = place < PACKED_JSON_SIZE ? 4 : 8;
    fuzz_set_little(bytes->data + place,
                    fuzz_odd_number(random, fuzz_little(bytes->data + place, size)), size);
}

/* Makes the file with this JSON, which it frees. */
static size_t assemble(const uint8_t *data, size_t size, fuzz_bytes *json, uint8_t *out,
                       size_t max_out, fuzz_random *random)
{
    fuzz_bytes bytes = {NULL, 0, 0};
    const size_t begin = packed_begin(data, size);
    packed_make(&bytes, data, json->data, json->size, data + begin, size - begin, size - begin);
    free(json->data);
    if (fuzz_one_in(random, 8) && size > begin)
        fuzz_mutate_part(&bytes, bytes.size - (size - begin), size - begin, 64);
    if (fuzz_one_in(random, 16)) {
        change_front(&bytes, random);
        packed_seal(&bytes);
    }
    return fuzz_deliver(&bytes, out, max_out);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    fuzz_random random = {seed};
    fuzz_bytes json = {NULL, 0, 0};
    if (size <= PACKED_FRONT || fuzz_one_in(&random, 20))
        return LLVMFuzzerMutate(data, size, max_size);
    fuzz_append(&json, data + PACKED_FRONT, packed_json_size(data, size));
    for (size_t rounds = 1 + fuzz_below(&random, 3); rounds > 0 && json.size > 0; rounds--) {
        switch (fuzz_below(&random, 4)) {
        case 0:
            fuzz_mutate_words(&json, words, sizeof(words) / sizeof(words[0]), &random);
            break;
        case 1:
        case 2:
            change_size(&json, &random);
            break;
        default:
            repeat_members(&json, &random);
        }
    }
    return assemble(data, size, &json, data, max_size, &random);
}

/* Makes a file with the members of both JSONs and the first file's weights. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned seed)
{
    fuzz_random random = {seed};
    fuzz_bytes json = {NULL, 0, 0};
    if (size1 <= PACKED_FRONT || size2 <= PACKED_FRONT)
        return 0;
    fuzz_append(&json, data1 + PACKED_FRONT, packed_json_size(data1, size1));
    fuzz_cross_words(&json, data2 + PACKED_FRONT, packed_json_size(data2, size2), &random);
    return assemble(data1, size1, &json, out, max_out, &random);
}
