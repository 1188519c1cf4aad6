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
    FUZZ_JSON_MARKS,
    "-1",
    "1e3"};

static bool is_member_end(const fuzz_bytes *json, size_t at)
{
    return at + 3 <= json->size && memcmp(json->data + at, "},\"", 3) == 0;
}

/* The number at *at, behind which *at is then; *listed tells whether it stands in a shape. */
static uint64_t read_number(const fuzz_bytes *json, size_t *at, bool *listed)
{
    const size_t begin = *at;
    uint64_t value = 0;
    for (; *at < json->size && isdigit(json->data[*at]); ++*at)
        value = value * 10 + (json->data[*at] - (uint64_t)'0');
    *listed = *at > begin && begin > 0 && strchr("[ ,", json->data[begin - 1]) &&
              *at < json->size && strchr("], ", json->data[*at]);
    return value;
}

/* Writes `by` for every `number` in a shape, twice `by` for twice the number and so on: the layers
 * of a network have so many channels. */
static void replace_family(fuzz_bytes *json, uint64_t number, uint64_t by)
{
    enum { DOUBLINGS = 12 };
    for (size_t at = 0; at < json->size; at++) {
        char digits[24];
        bool listed;
        const size_t begin = at;
        const uint64_t value = read_number(json, &at, &listed);
        int doubled = 0;
        while (doubled < DOUBLINGS && number << doubled < value)
            doubled++;
        if (!listed || number == 0 || number << doubled != value)
            continue;
        const size_t length =
            (size_t)snprintf(digits, sizeof(digits), "%llu", (unsigned long long)(by << doubled));
        fuzz_replace(json, begin, at - begin, digits, length);
        at = begin + length;
    }
}

/* Lets the names of the classes be those that are usual for their number. */
static void drop_class_names(fuzz_bytes *json)
{
    static const char key[] = "\"segent.classes\":\"";
    for (size_t at = 0; at + sizeof(key) < json->size; at++) {
        if (memcmp(json->data + at, key, sizeof(key) - 1) != 0)
            continue;
        size_t end = at + sizeof(key) - 1;
        while (end < json->size && (json->data[end] != '"' || json->data[end - 1] == '\\'))
            end++;
        if (end + 1 < json->size && json->data[end + 1] == ',')
            fuzz_replace(json, at, end + 2 - at, NULL, 0);
        return;
    }
}

/* Changes a size of the network wherever it stands in a shape. */
static void change_size(fuzz_bytes *json, fuzz_random *random)
{
    size_t at = fuzz_below(random, json->size);
    bool listed = false;
    while (at + 1 < json->size && (json->data[at] != '[' || !isdigit(json->data[at + 1])))
        at++;
    at++;
    if (at >= json->size)
        return;
    uint64_t number = read_number(json, &at, &listed);
    while (number % 2 == 0 && number > 2 && fuzz_one_in(random, 2))
        number /= 2;
    replace_family(json, number,
                   fuzz_one_in(random, 8) ? fuzz_odd_number(random, number)
                                          : 1 + fuzz_below(random, (size_t)(2 * number % 64) + 4));
    if (!fuzz_one_in(random, 8))
        drop_class_names(json);
}

/* Repeats a block of the backbone, all members that begin with its name, under the next number, or
 * takes it out. */
static void change_block(fuzz_bytes *json, fuzz_random *random)
{
    static const char part[] = "\"backbone.layer";
    enum { NUMBER = sizeof(part) + 1 }; /* of the block: "backbone.layer1.0. */
    size_t begin = fuzz_below(random, json->size);
    while (begin + NUMBER + 2 < json->size &&
           memcmp(json->data + begin, part, sizeof(part) - 1) != 0)
        begin++;
    if (begin + NUMBER + 2 >= json->size || !isdigit(json->data[begin + NUMBER]))
        return;
    fuzz_bytes name = {NULL, 0, 0}, copy = {NULL, 0, 0};
    fuzz_append(&name, json->data + begin, NUMBER + 2);
    /* Back to the block's first member, and on to the end of its last. */
    for (size_t at = begin; at > 2; at--) {
        if (!is_member_end(json, at - 2))
            continue;
        if (memcmp(json->data + at, name.data, name.size) != 0)
            break;
        begin = at;
    }
    size_t end = begin;
    while (end + name.size < json->size && memcmp(json->data + end, name.data, name.size) == 0) {
        while (end < json->size && !is_member_end(json, end))
            end++;
        end += 2;
    }
    if (end <= json->size && begin < end) {
        fuzz_append(&copy, json->data + begin, end - begin);
        for (size_t at = 0; at + name.size < copy.size; at++) {
            if (memcmp(copy.data + at, name.data, name.size) == 0)
                copy.data[at + NUMBER]++;
        }
        if (fuzz_one_in(random, 3))
            fuzz_replace(json, begin, end - begin, NULL, 0);
        else
            fuzz_replace(json, end, 0, copy.data, copy.size);
    }
    free(name.data);
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
    for (size_t rounds = 1 + fuzz_below(&random, 2); rounds > 0 && json.size > 0; rounds--) {
        switch (fuzz_below(&random, 6)) {
        case 0:
            fuzz_mutate_words(&json, words, sizeof(words) / sizeof(words[0]), &random);
            break;
        case 1:
        case 2:
        case 3:
            change_size(&json, &random);
            break;
        default:
            change_block(&json, &random);
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
