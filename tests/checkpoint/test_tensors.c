/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Tensors and storages that do not fit each other or the file, in the legacy form. */

#include "hostile.h"

enum { FORMAT = SEGENT_ERROR_FORMAT };

static void assert_tensor_refused(tensor_parts parts, segent_status status, const char *part)
{
    bytes file = legacy_tensor(parts);
    assert_refused(&file, status, part);
}

/* The file that all other tests change is read. */
static void plain_tensor_is_read(void **state)
{
    (void)state;
    segent_context *context = test_context();
    bytes file = legacy_tensor((tensor_parts){0});
    segent_checkpoint *checkpoint = load_bytes(context, &file);
    float values[4];
    test_assert_ok(context, segent_checkpoint_read(context, checkpoint, 0, values, 4));
    assert_true(values[0] == 1.0f && values[1] == 1.125f);
    segent_checkpoint_destroy(checkpoint);
    bytes_free(&file);
    segent_context_destroy(context);
}

static void sizes_overflow(void **state)
{
    (void)state;
    assert_tensor_refused(
        (tensor_parts){.rank = 3, .shape = {1LL << 31, 1LL << 31, 4}, .stride = {0, 0, 1}}, FORMAT,
        "tensor 'w': its number of elements overflows");
    assert_tensor_refused((tensor_parts){.shape = {INT64_MAX}, .stride = {1}}, FORMAT,
                          "tensor 'w': its number of elements overflows");
}

static void strides_overflow(void **state)
{
    (void)state;
    assert_tensor_refused((tensor_parts){.shape = {4}, .stride = {INT64_MAX / 2}}, FORMAT,
                          "tensor 'w': its strides overflow");
    assert_tensor_refused((tensor_parts){.rank = 2, .shape = {2, 2}, .stride = {INT64_MAX - 1, 2}},
                          FORMAT, "tensor 'w': its strides overflow");
    assert_tensor_refused((tensor_parts){.shape = {2}, .stride = {INT64_MAX}}, FORMAT,
                          "tensor 'w': its strides overflow");
}

static void tensor_outside_its_storage(void **state)
{
    (void)state;
    assert_tensor_refused((tensor_parts){.shape = {5}}, FORMAT,
                          "tensor 'w' needs 5 elements of a storage of 4");
    assert_tensor_refused((tensor_parts){.offset = 1}, FORMAT,
                          "tensor 'w' needs 5 elements of a storage of 4");
    assert_tensor_refused((tensor_parts){.stride = {2}}, FORMAT,
                          "tensor 'w' needs 7 elements of a storage of 4");
    assert_tensor_refused((tensor_parts){.offset = 5}, FORMAT,
                          "tensor 'w' begins at element 5 of a storage of 4");
    assert_tensor_refused((tensor_parts){.offset = INT64_MAX}, FORMAT,
                          "tensor 'w' begins at element");
}

static void negative_numbers(void **state)
{
    (void)state;
    assert_tensor_refused((tensor_parts){.offset = -1}, FORMAT,
                          "tensor 'w' begins at element -1 of a storage of 4");
    assert_tensor_refused((tensor_parts){.shape = {-4}}, FORMAT,
                          "tensor 'w': a size is not an integer of 0 or more");
    assert_tensor_refused((tensor_parts){.offset = 3, .stride = {-1}}, FORMAT,
                          "tensor 'w': a stride is not an integer of 0 or more");
    assert_tensor_refused((tensor_parts){.count = -4}, FORMAT,
                          "a persistent id is not that of a storage");
}

static void sizes_without_strides(void **state)
{
    (void)state;
    assert_tensor_refused(
        (tensor_parts){.rank = 2, .shape = {2, 2}, .stride = {2, 1}, .stride_rank = 1}, FORMAT,
        "tensor 'w' has 2 sizes and 1 strides");
}

static void storage_larger_than_the_file(void **state)
{
    (void)state;
    assert_tensor_refused((tensor_parts){.count = 5}, SEGENT_ERROR_TRUNCATED,
                          "truncated: storage '0' takes 28 bytes");
    assert_tensor_refused((tensor_parts){.count = INT64_MAX / 16}, SEGENT_ERROR_TRUNCATED,
                          "truncated: storage '0' takes 2305843009213693956 bytes");
    assert_tensor_refused((tensor_parts){.count = INT64_MAX / 4}, FORMAT,
                          "a persistent id is not that of a storage");
}

static void storage_of_another_size(void **state)
{
    (void)state;
    assert_tensor_refused((tensor_parts){.count = 3, .shape = {3}}, FORMAT,
                          "storage '0' has 4 elements at byte");
    assert_tensor_refused((tensor_parts){.storage = "torch\nByteStorage\n"}, FORMAT,
                          "12 bytes follow the last storage");
}

static void storage_without_data(void **state)
{
    (void)state;
    bytes object = {0};
    bytes_text(&object, "}");
    put_string(&object, "w");
    put_tensor(&object, (tensor_parts){0});
    bytes_text(&object, "s.");
    bytes file = legacy_file(&object, 0);
    assert_refused(&file, FORMAT, "storage '0' is used but its data is not in the file");
}

static void data_without_storage(void **state)
{
    (void)state;
    bytes object = {0};
    bytes_text(&object, "}");
    put_string(&object, "w");
    put_tensor(&object, (tensor_parts){0});
    bytes_text(&object, "s.");
    bytes file = legacy_file(&object, 2);
    assert_refused(&file, FORMAT, "storage '1' is listed but nothing uses it");
}

static void storage_listed_twice(void **state)
{
    (void)state;
    bytes file = legacy_tensor((tensor_parts){0});
    /* The last key of the list, before "e.", the count and four floats. */
    bytes b = {0};
    bytes_put(&b, file.data, file.size - 26);
    put_string(&b, "0");
    bytes_put(&b, file.data + file.size - 26, 26);
    bytes_free(&file);
    assert_refused(&b, FORMAT, "storage '0' is listed twice");
}

static void storage_of_two_types(void **state)
{
    (void)state;
    bytes object = {0};
    bytes_text(&object, "}(");
    put_string(&object, "w");
    put_tensor(&object, (tensor_parts){0});
    put_string(&object, "v");
    put_tensor(&object, (tensor_parts){.storage = "torch\nIntStorage\n"});
    bytes_text(&object, "u.");
    bytes file = legacy_file(&object, 1);
    assert_refused(&file, FORMAT, "storage '0' is 4 elements of ");
}

static void same_name_twice(void **state)
{
    (void)state;
    bytes object = {0};
    bytes_text(&object, "}(");
    put_string(&object, "w");
    put_tensor(&object, (tensor_parts){0});
    put_string(&object, "w");
    put_tensor(&object, (tensor_parts){0});
    bytes_text(&object, "u.");
    bytes file = legacy_file(&object, 1);
    assert_refused(&file, FORMAT, "tensor 'w' occurs twice");
}

static void names_that_are_no_names(void **state)
{
    static const struct {
        const char *name, *part;
    } cases[] = {{"", "a tensor has no name"},
                 {"\xff", "a tensor's name is not UTF-8 text"},
                 {"\xed\xa0\x80", "a tensor's name is not UTF-8 text"},
                 {"\xc0\xaf", "a tensor's name is not UTF-8 text"}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bytes object = {0};
        bytes_text(&object, "}");
        put_string(&object, cases[i].name);
        put_tensor(&object, (tensor_parts){0});
        bytes_text(&object, "s.");
        bytes file = legacy_file(&object, 1);
        assert_refused(&file, FORMAT, cases[i].part);
    }
}

static void long_name(void **state)
{
    (void)state;
    bytes object = {0};
    bytes_literal(&object, "}X\xe9\x03\0\0");
    bytes_repeat(&object, "x", 1001);
    put_tensor(&object, (tensor_parts){0});
    bytes_text(&object, "s.");
    bytes file = legacy_file(&object, 1);
    assert_refused(&file, FORMAT, "a tensor's name has 1001 bytes");
}

static void name_is_a_number(void **state)
{
    (void)state;
    bytes object = {0};
    bytes_text(&object, "}K\x07");
    put_tensor(&object, (tensor_parts){0});
    bytes_text(&object, "s.");
    bytes file = legacy_file(&object, 1);
    assert_refused(&file, FORMAT, "no state dict found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_tensor_is_read),
        cmocka_unit_test(sizes_overflow),
        cmocka_unit_test(strides_overflow),
        cmocka_unit_test(tensor_outside_its_storage),
        cmocka_unit_test(negative_numbers),
        cmocka_unit_test(sizes_without_strides),
        cmocka_unit_test(storage_larger_than_the_file),
        cmocka_unit_test(storage_of_another_size),
        cmocka_unit_test(storage_without_data),
        cmocka_unit_test(data_without_storage),
        cmocka_unit_test(storage_listed_twice),
        cmocka_unit_test(storage_of_two_types),
        cmocka_unit_test(same_name_twice),
        cmocka_unit_test(names_that_are_no_names),
        cmocka_unit_test(long_name),
        cmocka_unit_test(name_is_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
