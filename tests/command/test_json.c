/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "utf8.h"

/* A writer into memory. */
typedef struct memory_json {
    sg_json json;
    char *text;
    size_t size;
} memory_json;

static void begin(memory_json *memory)
{
    *memory = (memory_json){.text = NULL};
    memory->json.file = open_memstream(&memory->text, &memory->size);
    assert_non_null(memory->json.file);
}

static void assert_written(memory_json *memory, const char *expected)
{
    fclose(memory->json.file);
    assert_string_equal(memory->text, expected);
    free(memory->text);
}

static void test_structure(void **state)
{
    (void)state;
    memory_json memory;
    begin(&memory);
    sg_json *json = &memory.json;
    json_open_object(json, NULL);
    json_integer(json, "a", INT64_MIN);
    json_open_list(json, "b");
    json_close_list(json);
    json_open_list(json, "c");
    json_integer(json, NULL, 1);
    json_open_object(json, NULL);
    json_close_object(json);
    json_boolean(json, NULL, true);
    json_close_list(json);
    json_boolean(json, "d", false);
    json_close_object(json);
    json_end(json);
    assert_written(&memory, "{\"a\": -9223372036854775808, \"b\": [], \"c\": [1, {}, true], "
                            "\"d\": false}\n");
}

static void test_strings(void **state)
{
    (void)state;
    const struct {
        const char *text, *expected;
    } cases[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"a\"b\\c/", "\"a\\\"b\\\\c/\""},
        {"\n\t\x01\x7f", "\"\\u000a\\u0009\\u0001\\u007f\""},
        {"caf\xc3\xa9 \xe7\x8c\xab \xf0\x9f\x90\x88",
         "\"caf\xc3\xa9 \xe7\x8c\xab \xf0\x9f\x90\x88\""},
        {"\xff", "\"\\udcff\""},
        {"\x80\x9b", "\"\\udc80\\udc9b\""},
        {"a\xc3", "\"a\\udcc3\""},                                  /* cut short */
        {"\xc0\xaf", "\"\\udcc0\\udcaf\""},                         /* overlong */
        {"\xed\xa0\x80", "\"\\udced\\udca0\\udc80\""},              /* half a surrogate pair */
        {"\xed\xb3\xbf", "\"\\udced\\udcb3\\udcbf\""},              /* what \udcff would be */
        {"\xf4\x90\x80\x80z", "\"\\udcf4\\udc90\\udc80\\udc80z\""}, /* beyond the last character */
        {"\xc2\x9b\xe2\x80\xae\xe2\x81\xa6", "\"\\u009b\\u202e\\u2066\""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        memory_json memory;
        begin(&memory);
        json_text(&memory.json, NULL, cases[i].text);
        assert_written(&memory, cases[i].expected);
    }
}

static void test_numbers(void **state)
{
    (void)state;
    const struct {
        double number;
        const char *expected;
    } cases[] = {{0, "0"},
                 {1.5, "1.5"},
                 {-0.1, "-0.1"},
                 {1e300, "1e+300"},
                 {1.0 / 3, "0.3333333333333333"},
                 {NAN, "null"},
                 {INFINITY, "null"},
                 {-INFINITY, "null"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        memory_json memory;
        begin(&memory);
        json_number(&memory.json, NULL, cases[i].number);
        assert_written(&memory, cases[i].expected);
    }
}

static void test_numbers_round_trip(void **state)
{
    (void)state;
    uint64_t random = 7;
    for (int i = 0; i < 1000; i++) {
        const uint64_t bits = test_random(&random);
        double number;
        memcpy(&number, &bits, sizeof(number));
        if (!isfinite(number))
            continue;
        memory_json memory;
        begin(&memory);
        json_number(&memory.json, NULL, number);
        fclose(memory.json.file);
        assert_true(strtod(memory.text, NULL) == number);
        free(memory.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_structure),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_numbers_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
