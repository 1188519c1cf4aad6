/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* safetensors headers that break the rules. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hostile.h"

enum { FORMAT = SEGENT_ERROR_FORMAT };

static bytes safetensors(const char *header, size_t length, size_t data)
{
    bytes b = {0};
    bytes_number(&b, length, 8);
    bytes_put(&b, header, length);
    for (size_t i = 0; i < data; i++)
        bytes_number(&b, i, 1);
    return b;
}

static void assert_header_refused(const char *header, size_t data, segent_status status,
                                  const char *part)
{
    bytes b = safetensors(header, strlen(header), data);
    assert_refused(&b, status, part);
}

#define TENSOR(name, dtype, shape, offsets) \
    "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}"

static segent_checkpoint *load_header(segent_context *context, bytes *b, const char *header,
                                      size_t data)
{
    *b = safetensors(header, strlen(header), data);
    return load_bytes(context, b);
}

static void good_headers(void **state)
{
    static const struct {
        const char *header;
        size_t data;
        int64_t count;
    } cases[] = {
        {"{}", 0, 0},
        {"{ }  ", 0, 0},
        {"{" TENSOR("w", "U8", "[4]", "[0,4]") "}", 4, 1},
        {"{" TENSOR("w", "U8", "[ 2 , 2 ]", "[ 0 , 4 ]") "}\n\t ", 4, 1},
        {"{" TENSOR("w", "F32", "[]", "[0,4]") "}", 4, 1},
        {"{" TENSOR("w", "U8", "[2]", "[2,4]") "," TENSOR("v", "I16", "[1]", "[0,2]") "}", 4, 2},
        {"{" TENSOR("w", "F32", "[0,7]", "[0,0]") "," TENSOR("v", "U8", "[2]", "[0,2]") "," TENSOR(
             "x", "F32", "[9223372036854775807,0]", "[2,2]") "}",
         2, 3},
        {"{" TENSOR("w", "F32", "[0,3,8070450532247928839,2]", "[0,0]") "}", 0, 1},
        {"{\"__metadata__\":{}}", 0, 0},
        {"{\"w\":{\"data_offsets\":[0,1],\"shape\":[1],\"dtype\":\"BOOL\"}}", 1, 1}};
    (void)state;
    segent_context *context = test_context();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bytes b;
        segent_checkpoint *checkpoint = load_header(context, &b, cases[i].header, cases[i].data);
        assert_int_equal(segent_checkpoint_count(checkpoint), cases[i].count);
        segent_checkpoint_destroy(checkpoint);
        bytes_free(&b);
    }
    segent_context_destroy(context);
}

static void escapes_in_names(void **state)
{
    (void)state;
    segent_context *context = test_context();
    bytes b;
    segent_tensor_info info = {.struct_size = sizeof(info)};
    segent_checkpoint *checkpoint =
        load_header(context, &b,
                    "{" TENSOR("\\u0061\\n\\\\\\/\\\"\\b\\f\\r\\t\\u00e9\\u20AC\\ud83d\\ude00",
                               "U8", "[1]", "[0,1]") "}",
                    1);
    test_assert_ok(context, segent_checkpoint_tensor(context, checkpoint, 0, &info));
    assert_string_equal(info.name, "a\n\\/\"\b\f\r\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    segent_checkpoint_destroy(checkpoint);
    bytes_free(&b);
    segent_context_destroy(context);
}

static void header_sizes(void **state)
{
    (void)state;
    bytes b = {0};
    bytes_number(&b, 100000001, 8);
    bytes_text(&b, "{}");
    assert_refused(&b, FORMAT, "a safetensors header of 100000001 bytes; at most 100000000");
    bytes_number(&b, UINT64_MAX, 8);
    bytes_text(&b, "{}");
    assert_refused(&b, FORMAT, "a safetensors header of 18446744073709551615 bytes");
    bytes_number(&b, 3, 8);
    bytes_text(&b, "{}");
    assert_refused(&b, SEGENT_ERROR_TRUNCATED, "the safetensors header takes 3 bytes and 2 are");
    bytes_number(&b, 0, 8);
    bytes_text(&b, "{}");
    assert_refused(&b, FORMAT, "a safetensors header of 0 bytes");
    bytes_number(&b, 1, 8);
    bytes_text(&b, "{}");
    assert_refused(&b, FORMAT, "a safetensors header of 1 bytes");
}

static void broken_json(void **state)
{
    static const struct {
        const char *header, *part;
    } cases[] = {{"{\"w\"}", "':' expected at byte 12"},
                 {"{w:1}", "'\"' expected at byte 9"},
                 {"{,}", "'\"' expected"},
                 {"{\"w\":1}", "'{' expected"},
                 {"{\"w\":{}}", "'\"' expected"},
                 {"{\"w\":[]}", "'{' expected"},
                 {"{\"w\":null}", "'{' expected"},
                 {"{\"w", "a string does not end"},
                 {"{\"w\\", "unknown escape in a string"},
                 {"{\"w\\u00", "unknown escape in a string"},
                 {"{}x", "text behind the closing '}'"},
                 {"{}{}", "text behind the closing '}'"},
                 {"{\"__metadata__\":{},}", "'\"' expected"},
                 {"{\"__metadata__\":{\"a\":1}}", "'\"' expected"},
                 {"{\"__metadata__\":[]}", "'{' expected"},
                 {"{\"__metadata__\":{\"a\":\"b\",}}", "'\"' expected"},
                 {"{\"__metadata__\":{\"a\":\"b\"]}", "',' or '}' expected"},
                 {"{\"__metadata__\":{}", "',' or '}' expected"}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_header_refused(cases[i].header, 0, FORMAT, cases[i].part);
}

static void broken_strings(void **state)
{
    static const struct {
        const char *header, *part;
    } cases[] = {{"{\"a\nb\":{}}", "a control character in a string"},
                 {"{\"\\x41\":{}}", "unknown escape in a string"},
                 {"{\"\\ud800\":{}}", "unknown escape in a string"},
                 {"{\"\\ud800\\u0041\":{}}", "unknown escape in a string"},
                 {"{\"\\udc00\":{}}", "unknown escape in a string"},
                 {"{\"\\u12g4\":{}}", "unknown escape in a string"},
                 {"{\"a\\u0000b\":{}}", "a string is not UTF-8 text without NUL"},
                 {"{\"\xff\":{}}", "a string is not UTF-8 text without NUL"},
                 {"{\"\xe2\x82\":{}}", "a string is not UTF-8 text without NUL"},
                 {"{\"\xf5\x80\x80\x80\":{}}", "a string is not UTF-8 text without NUL"}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_header_refused(cases[i].header, 0, FORMAT, cases[i].part);
}

static void nul_in_the_header(void **state)
{
    (void)state;
    bytes b = safetensors("{}\0", 3, 0);
    assert_refused(&b, FORMAT, "a NUL character at byte 10");
    b = safetensors("{\0}", 3, 0);
    assert_refused(&b, FORMAT, "'\"' expected at byte 9");
}

static void nested_values(void **state)
{
    (void)state;
    bytes header = {0};
    bytes_text(&header, "{\"w\":");
    bytes_repeat(&header, "{\"a\":", 100000);
    bytes b = safetensors((const char *)header.data, header.size, 0);
    bytes_free(&header);
    assert_refused(&b, FORMAT, "tensor 'w' has unknown key 'a'");
    bytes_text(&header, "{\"w\":{\"shape\":");
    bytes_repeat(&header, "[", 100000);
    b = safetensors((const char *)header.data, header.size, 0);
    bytes_free(&header);
    assert_refused(&b, FORMAT, "a whole number expected");
}

static void broken_numbers(void **state)
{
    static const struct {
        const char *header, *part;
    } cases[] = {{"{\"w\":{\"shape\":[-1]}}", "a whole number expected"},
                 {"{\"w\":{\"shape\":[1.5]}}", "',' or ']' expected"},
                 {"{\"w\":{\"shape\":[1e3]}}", "',' or ']' expected"},
                 {"{\"w\":{\"shape\":[01]}}", "a number begins with 0"},
                 {"{\"w\":{\"shape\":[9223372036854775808]}}", "a number is too large"},
                 {"{\"w\":{\"shape\":[99999999999999999999999]}}", "a number is too large"},
                 {"{\"w\":{\"shape\":[\"1\"]}}", "a whole number expected"},
                 {"{\"w\":{\"shape\":[1,]}}", "a whole number expected"},
                 {"{\"w\":{\"shape\":4}}", "'[' expected"},
                 {"{\"w\":{\"data_offsets\":[0]}}", "data_offsets are not two numbers"},
                 {"{\"w\":{\"data_offsets\":[]}}", "data_offsets are not two numbers"},
                 {"{\"w\":{\"dtype\":1}}", "'\"' expected"}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_header_refused(cases[i].header, 0, FORMAT, cases[i].part);
}

static void long_lists(void **state)
{
    (void)state;
    assert_header_refused("{\"w\":{\"data_offsets\":[0,1,2]}}", 0, SEGENT_ERROR_UNSUPPORTED,
                          "tensor 'w' has a list of more than 2 numbers");
    assert_header_refused("{\"w\":{\"shape\":[1,1,1,1,1,1,1,1,1]}}", 0, SEGENT_ERROR_UNSUPPORTED,
                          "tensor 'w' has a list of more than 8 numbers");
}

static void duplicate_keys(void **state)
{
    (void)state;
    assert_header_refused(
        "{" TENSOR("w", "U8", "[1]", "[0,1]") "," TENSOR("w", "U8", "[1]", "[1,2]") "}", 2, FORMAT,
        "tensor 'w' occurs twice");
    assert_header_refused(
        "{" TENSOR("w", "U8", "[1]", "[0,1]") "," TENSOR("\\u0077", "U8", "[1]", "[1,2]") "}", 2,
        FORMAT, "tensor 'w' occurs twice");
    assert_header_refused("{\"w\":{\"shape\":[1],\"shape\":[1]}}", 0, FORMAT,
                          "tensor 'w' has 'shape' twice");
    assert_header_refused("{\"__metadata__\":{\"a\":\"1\",\"b\":\"2\",\"a\":\"3\"}}", 0, FORMAT,
                          "metadata has key 'a' twice");
    assert_header_refused("{\"__metadata__\":{},\"__metadata__\":{}}", 0, FORMAT,
                          "'__metadata__' occurs twice");
}

static void missing_and_unknown_keys(void **state)
{
    (void)state;
    assert_header_refused("{\"w\":{\"dtype\":\"U8\",\"shape\":[]}}", 1, FORMAT,
                          "tensor 'w': dtype, shape or data_offsets is missing");
    assert_header_refused("{\"w\":{\"strides\":[1]}}", 1, FORMAT,
                          "tensor 'w' has unknown key 'strides'");
}

/* Tensors of other types are listed, and an error only for those who ask for their values. */
static void types_that_are_not_read(void **state)
{
    static const char *const types[] = {"F8_E4M3", "F8_E5M2", "U64", "U32", "U16", "f32", "later"};
    (void)state;
    segent_context *context = test_context();
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        char header[200];
        bytes b;
        float values[2] = {7, 7};
        segent_tensor_info info = segent_tensor_info_init();
        snprintf(header, sizeof(header),
                 "{" TENSOR("w", "%s", "[2]", "[0,2]") "," TENSOR("v", "U8", "[2]", "[2,4]") "}",
                 types[i]);
        segent_checkpoint *checkpoint = load_header(context, &b, header, 4);
        test_assert_ok(context, segent_checkpoint_tensor(context, checkpoint, 0, &info));
        assert_int_equal(info.dtype, 0);
        assert_int_equal(info.elements, 2);
        test_assert_status(context, segent_checkpoint_read(context, checkpoint, 0, values, 2),
                           SEGENT_ERROR_UNSUPPORTED);
        test_assert_error_contains(context, "memory: tensor 'w' is stored as ");
        test_assert_error_contains(context, types[i]);
        assert_true(values[0] == 7);
        test_assert_ok(context, segent_checkpoint_read(context, checkpoint, 1, values, 2));
        assert_true(values[0] == 2 && values[1] == 3);
        segent_checkpoint_destroy(checkpoint);
        bytes_free(&b);
    }
    segent_context_destroy(context);
    assert_header_refused("{" TENSOR("w", "U64", "[1]", "[4,0]") "}", 4, FORMAT,
                          "tensor 'w': data_offsets have no room for its elements");
    assert_header_refused("{" TENSOR("w", "F4", "[40]", "[0,4]") "}", 4, FORMAT,
                          "tensor 'w': data_offsets have no room for its elements");
    assert_header_refused("{" TENSOR("w", "U64", "[1]", "[0,8]") "}", 4, SEGENT_ERROR_TRUNCATED,
                          "truncated: tensor 'w' ends at byte 8 of the data, which has 4");
}

/* ---- many names ---- */

enum { KEYS = 4000 };

/* A file whose header has KEYS keys of metadata in an order that is neither rising nor falling.
 * Each key is `common` and a number, and its value is that number. `twice`: one key is there twice.
 */
static bytes metadata_file(const char *common, bool twice)
{
    bytes header = {0};
    bytes_text(&header, "{\"__metadata__\":{");
    for (unsigned i = 0; i < KEYS + (unsigned)twice; i++) {
        char entry[64];
        const unsigned number = i * 2551 % KEYS; /* 2551 is prime and no divisor of KEYS */
        bytes_text(&header, i ? ",\"" : "\"");
        bytes_text(&header, common);
        snprintf(entry, sizeof(entry), "%u\":\"%u\"", number, number);
        bytes_text(&header, entry);
    }
    bytes_text(&header, "}}");
    bytes b = safetensors((const char *)header.data, header.size, 0);
    bytes_free(&header);
    return b;
}

static void check_keys(const char *common)
{
    segent_context *context = test_context();
    bytes b = metadata_file(common, false);
    segent_checkpoint *checkpoint = load_bytes(context, &b);
    char *key = malloc(strlen(common) + 16), number[16];
    assert_non_null(key);
    for (unsigned i = 0; i <= KEYS; i++) {
        snprintf(number, sizeof(number), "%u", i);
        strcat(strcpy(key, common), number);
        const char *value = segent_checkpoint_metadata(checkpoint, key);
        if (i < KEYS)
            assert_string_equal(value, number);
        else
            assert_null(value);
    }
    free(key);
    segent_checkpoint_destroy(checkpoint);
    bytes_free(&b);
    segent_context_destroy(context);
}

/* Keys are found whether they have nothing, a little or very much in common. */
static void many_keys(void **state)
{
    char longest[1001];
    (void)state;
    memset(longest, 'n', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    check_keys("");
    check_keys("abcdef");
    check_keys("abcdefg");
    check_keys(longest);
    bytes b = metadata_file(longest, true);
    assert_refused(&b, FORMAT, "metadata has key 'nnnn");
    b = metadata_file("", true);
    assert_refused(&b, FORMAT, "metadata has key '0' twice");
}

static void memory_limit(void **state)
{
    (void)state;
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    segent_checkpoint *checkpoint = NULL;
    bytes b = metadata_file("", false);
    options.memory_limit = (int64_t)b.size;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    test_assert_status(context, segent_checkpoint_load_memory(context, b.data, b.size, &checkpoint),
                       SEGENT_ERROR_LIMIT);
    test_assert_error_contains(context, "raise segent_options.memory_limit");
    assert_null(checkpoint);
    segent_context_destroy(context);
    options.memory_limit = (int64_t)b.size * 16;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    checkpoint = load_bytes(context, &b);
    segent_checkpoint_destroy(checkpoint);
    segent_context_destroy(context);
    bytes_free(&b);
}

static void sizes_and_offsets(void **state)
{
    (void)state;
    assert_header_refused("{" TENSOR("w", "F32", "[2]", "[0,4]") "}", 4, FORMAT,
                          "tensor 'w' needs 8 bytes, but data_offsets are [0, 4]");
    assert_header_refused("{" TENSOR("w", "U8", "[4]", "[4,0]") "}", 4, FORMAT,
                          "tensor 'w' needs 4 bytes, but data_offsets are [4, 0]");
    assert_header_refused("{" TENSOR("w", "U8", "[4294967296,4294967296]", "[0,0]") "}", 0, FORMAT,
                          "tensor 'w': its number of elements overflows");
    assert_header_refused("{" TENSOR("w", "F64", "[2305843009213693952]", "[0,0]") "}", 0, FORMAT,
                          "tensor 'w': its number of elements overflows");
    assert_header_refused("{" TENSOR("w", "U8", "[4]", "[0,4]") "}", 3, SEGENT_ERROR_TRUNCATED,
                          "truncated: tensor 'w' ends at byte 4 of the data, which has 3");
    assert_header_refused(
        "{" TENSOR("w", "U8", "[4]", "[9223372036854775803,9223372036854775807]") "}", 4,
        SEGENT_ERROR_TRUNCATED, "truncated: tensor 'w' ends at byte 9223372036854775807");
}

static void gaps_and_overlaps(void **state)
{
    (void)state;
    assert_header_refused(
        "{" TENSOR("w", "U8", "[2]", "[0,2]") "," TENSOR("v", "U8", "[2]", "[1,3]") "}", 3, FORMAT,
        "tensor 'v': its data overlaps another tensor's");
    assert_header_refused(
        "{" TENSOR("w", "U8", "[1]", "[0,1]") "," TENSOR("v", "U8", "[1]", "[2,3]") "}", 3, FORMAT,
        "tensor 'v': there is a gap before its data");
    assert_header_refused("{" TENSOR("w", "U8", "[1]", "[1,2]") "}", 2, FORMAT,
                          "tensor 'w': there is a gap before its data");
    assert_header_refused("{" TENSOR("w", "U8", "[1]", "[0,1]") "}", 3, FORMAT,
                          "2 bytes follow the last tensor, whose data ends at byte");
    assert_header_refused("{}", 1, FORMAT, "1 bytes follow the last tensor");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_headers),
        cmocka_unit_test(escapes_in_names),
        cmocka_unit_test(header_sizes),
        cmocka_unit_test(broken_json),
        cmocka_unit_test(broken_strings),
        cmocka_unit_test(nul_in_the_header),
        cmocka_unit_test(nested_values),
        cmocka_unit_test(broken_numbers),
        cmocka_unit_test(long_lists),
        cmocka_unit_test(duplicate_keys),
        cmocka_unit_test(missing_and_unknown_keys),
        cmocka_unit_test(types_that_are_not_read),
        cmocka_unit_test(many_keys),
        cmocka_unit_test(memory_limit),
        cmocka_unit_test(sizes_and_offsets),
        cmocka_unit_test(gaps_and_overlaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
