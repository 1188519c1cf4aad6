/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Compares the values of real checkpoints with torch's (tests/data/checkpoint/make.py), and reads
 * what the tests' own writer writes. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "writer.h"

#include "checkpoint/checkpoint.h"

static segent_checkpoint *load(segent_context *context, const char *path)
{
    segent_checkpoint *checkpoint = NULL;
    test_assert_ok(context, segent_checkpoint_load(context, path, &checkpoint));
    return checkpoint;
}

/* Reads all values, tensor after tensor, to be freed with free(). */
static float *read_all(segent_context *context, const segent_checkpoint *checkpoint, int64_t *count)
{
    float *values = NULL;
    *count = 0;
    for (int64_t i = 0; i < segent_checkpoint_count(checkpoint); i++) {
        segent_tensor_info info = {.struct_size = sizeof(info)};
        test_assert_ok(context, segent_checkpoint_tensor(context, checkpoint, i, &info));
        values = realloc(values, (size_t)(*count + info.elements + 1) * sizeof(float));
        assert_non_null(values);
        test_assert_ok(context, segent_checkpoint_read(context, checkpoint, i, values + *count,
                                                       info.elements));
        *count += info.elements;
    }
    return values;
}

/* Asserts that a file's values are the expected ones, bit for bit. */
static void check_values(const char *file, const char *expected, segent_container container,
                         int64_t tensors)
{
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = load(context, test_data(file));
    test_array golden = test_load_npy(test_data(expected), "<f4");
    int64_t count = 0;
    assert_int_equal(segent_checkpoint_container(checkpoint), container);
    assert_int_equal(segent_checkpoint_count(checkpoint), tensors);
    float *values = read_all(context, checkpoint, &count);
    assert_int_equal(count, golden.count);
    assert_memory_equal(values, golden.data, (size_t)count * sizeof(float));
    free(values);
    test_free_array(&golden);
    segent_checkpoint_destroy(checkpoint);
    segent_context_destroy(context);
}

enum { TYPES = 21, WRAPPED = 7 };

static void all_types_legacy(void **state)
{
    (void)state;
    check_values("checkpoint/types.legacy.pth", "checkpoint/types.npy", SEGENT_CONTAINER_LEGACY,
                 TYPES);
}

static void all_types_zip(void **state)
{
    (void)state;
    check_values("checkpoint/types.zip.pth", "checkpoint/types.npy", SEGENT_CONTAINER_ZIP, TYPES);
}

static void all_types_safetensors(void **state)
{
    (void)state;
    check_values("checkpoint/types.safetensors", "checkpoint/types.npy",
                 SEGENT_CONTAINER_SAFETENSORS, TYPES);
}

static void training_checkpoint(void **state)
{
    (void)state;
    check_values("checkpoint/wrapped.legacy.pth", "checkpoint/wrapped.npy", SEGENT_CONTAINER_LEGACY,
                 WRAPPED);
    check_values("checkpoint/wrapped.zip.pth", "checkpoint/wrapped.npy", SEGENT_CONTAINER_ZIP,
                 WRAPPED);
}

static void names_dtypes_and_shapes(void **state)
{
    static const struct {
        const char *name;
        segent_dtype dtype;
        int32_t rank;
        int64_t shape[4], stride[4];
    } expected[] = {{"f32", SEGENT_DTYPE_F32, 2, {2, 3}, {3, 1}},
                    {"f16", SEGENT_DTYPE_F16, 1, {9}, {1}},
                    {"bf16", SEGENT_DTYPE_BF16, 1, {6}, {1}},
                    {"f64", SEGENT_DTYPE_F64, 1, {7}, {1}},
                    {"i64", SEGENT_DTYPE_I64, 1, {5}, {1}},
                    {"i32", SEGENT_DTYPE_I32, 1, {3}, {1}},
                    {"i16", SEGENT_DTYPE_I16, 1, {2}, {1}},
                    {"i8", SEGENT_DTYPE_I8, 1, {2}, {1}},
                    {"u8", SEGENT_DTYPE_U8, 1, {2}, {1}},
                    {"bool", SEGENT_DTYPE_BOOL, 1, {3}, {1}},
                    {"base", SEGENT_DTYPE_F32, 2, {4, 6}, {6, 1}},
                    {"transposed", SEGENT_DTYPE_F32, 2, {6, 4}, {1, 6}},
                    {"row", SEGENT_DTYPE_F32, 1, {6}, {1}},
                    {"column", SEGENT_DTYPE_F32, 1, {4}, {6}},
                    {"steps", SEGENT_DTYPE_F32, 2, {2, 3}, {12, 2}},
                    {"expanded", SEGENT_DTYPE_F32, 2, {3, 6}, {0, 1}},
                    {"permuted", SEGENT_DTYPE_F32, 4, {5, 3, 2, 4}, {1, 20, 60, 5}},
                    {"channels_last", SEGENT_DTYPE_F32, 4, {2, 3, 4, 5}, {60, 1, 15, 3}},
                    {"scalar", SEGENT_DTYPE_I64, 0, {0}, {0}},
                    {"empty", SEGENT_DTYPE_F32, 2, {0, 3}, {3, 1}},
                    {"parameter", SEGENT_DTYPE_F32, 1, {3}, {1}}};
    static const char *const files[] = {"checkpoint/types.legacy.pth", "checkpoint/types.zip.pth"};
    (void)state;
    segent_context *context = test_context();
    for (size_t f = 0; f < 2; f++) {
        segent_checkpoint *checkpoint = load(context, test_data(files[f]));
        for (size_t i = 0; i < TYPES; i++) {
            segent_tensor_info info = {.struct_size = sizeof(info)};
            test_assert_ok(context,
                           segent_checkpoint_tensor(context, checkpoint, (int64_t)i, &info));
            assert_string_equal(info.name, expected[i].name);
            assert_int_equal(info.dtype, expected[i].dtype);
            assert_int_equal(info.rank, expected[i].rank);
            for (int32_t axis = 0; axis < info.rank; axis++) {
                assert_int_equal(info.shape[axis], expected[i].shape[axis]);
                assert_int_equal(info.stride[axis], expected[i].stride[axis]);
            }
            assert_int_equal(sg_checkpoint_find(checkpoint, expected[i].name), i);
        }
        assert_int_equal(sg_checkpoint_find(checkpoint, "f3"), -1);
        assert_int_equal(sg_checkpoint_find(checkpoint, "f322"), -1);
        assert_int_equal(sg_checkpoint_find(checkpoint, ""), -1);
        assert_string_equal(sg_checkpoint_label(checkpoint), test_data(files[f]));
        segent_checkpoint_destroy(checkpoint);
    }
    segent_context_destroy(context);
}

static void module_prefix_is_gone(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = load(context, test_data("checkpoint/wrapped.zip.pth"));
    assert_int_equal(sg_checkpoint_find(checkpoint, "0.weight"), 0);
    assert_int_equal(sg_checkpoint_find(checkpoint, "1.num_batches_tracked"), 6);
    assert_int_equal(sg_checkpoint_find(checkpoint, "module.0.weight"), -1);
    segent_checkpoint_destroy(checkpoint);
    segent_context_destroy(context);
}

static void cuda_location(void **state)
{
    static const char *const files[] = {"checkpoint/cuda.legacy.pth", "checkpoint/cuda.zip.pth"};
    (void)state;
    segent_context *context = test_context();
    for (size_t f = 0; f < 2; f++) {
        float values[2] = {0};
        segent_checkpoint *checkpoint = load(context, test_data(files[f]));
        test_assert_ok(context, segent_checkpoint_read(context, checkpoint, 0, values, 2));
        assert_true(values[0] == 1.0f && values[1] == 2.0f);
        segent_checkpoint_destroy(checkpoint);
    }
    segent_context_destroy(context);
}

static void view_of_a_storage(void **state)
{
    (void)state;
    segent_context *context = test_context();
    float values[6] = {0};
    segent_checkpoint *checkpoint = load(context, test_data("checkpoint/view.legacy.pth"));
    test_assert_ok(context, segent_checkpoint_read(context, checkpoint, 0, values, 6));
    for (int i = 0; i < 6; i++)
        assert_true(values[i] == (float)i);
    test_assert_ok(context, segent_checkpoint_read(context, checkpoint, 1, values, 3));
    assert_true(values[0] == 2.0f && values[1] == 3.0f && values[2] == 4.0f);
    segent_checkpoint_destroy(checkpoint);
    segent_context_destroy(context);
}

static void metadata_of_safetensors(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = load(context, test_data("checkpoint/types.safetensors"));
    assert_string_equal(segent_checkpoint_metadata(checkpoint, "segent.rates"), "1,2,3");
    assert_string_equal(segent_checkpoint_metadata(checkpoint, "q\"uo\\te"),
                        "l\xc3\xadne\nbreak \xf0\x9f\x98\x80");
    assert_string_equal(segent_checkpoint_metadata(checkpoint, "empty"), "");
    assert_null(segent_checkpoint_metadata(checkpoint, "segent.rate"));
    assert_null(segent_checkpoint_metadata(checkpoint, NULL));
    segent_checkpoint_destroy(checkpoint);
    checkpoint = load(context, test_data("checkpoint/types.zip.pth"));
    assert_null(segent_checkpoint_metadata(checkpoint, "empty"));
    segent_checkpoint_destroy(checkpoint);
    segent_context_destroy(context);
}

/* ---- halves, all of them ---- */

static float half_by_definition(uint16_t bits)
{
    const int exponent = bits >> 10 & 31, fraction = bits & 0x3ff;
    const double value = exponent == 31  ? (double)INFINITY
                         : exponent == 0 ? ldexp(fraction, -24)
                                         : ldexp(1024 + fraction, exponent - 25);
    return (float)(bits & 0x8000 ? -value : value);
}

static void every_half(void **state)
{
    (void)state;
    enum { HALVES = 65536 };
    segent_context *context = test_context();
    uint16_t *halves = malloc(HALVES * sizeof(*halves));
    float *values = malloc(HALVES * sizeof(*values));
    assert_true(halves && values);
    for (uint32_t i = 0; i < HALVES; i++)
        halves[i] = (uint16_t)i;
    const test_tensor tensor = {
        .name = "h", .dtype = SEGENT_DTYPE_F16, .rank = 1, .shape = {HALVES}, .data = halves};
    const char *path = test_temporary("halves.pth");
    test_write_checkpoint(path, SEGENT_CONTAINER_LEGACY, &tensor, 1, NULL);
    segent_checkpoint *checkpoint = load(context, path);
    test_assert_ok(context, segent_checkpoint_read(context, checkpoint, 0, values, HALVES));
    for (uint32_t i = 0; i < HALVES; i++) {
        const float expected = half_by_definition((uint16_t)i);
        if ((i & 0x7c00) == 0x7c00 && (i & 0x3ff) != 0)
            assert_true(isnan(values[i]));
        else
            assert_memory_equal(values + i, &expected, sizeof(expected));
    }
    segent_checkpoint_destroy(checkpoint);
    free(halves);
    free(values);
    segent_context_destroy(context);
}

/* ---- the writer's files ---- */

/* Element i of a storage holds i modulo 251. */
static void count_up(void *user, const test_tensor *tensor, int64_t first, int64_t count,
                     void *elements)
{
    (void)user;
    for (int64_t i = 0; i < count; i++) {
        const int64_t value = (first + i) % 251;
        const float number = (float)value;
        if (tensor->dtype == SEGENT_DTYPE_F32)
            memcpy((char *)elements + 4 * i, &number, sizeof(number));
        else
            memcpy((char *)elements + 8 * i, &value, sizeof(value));
    }
}

static const test_tensor written[] = {
    {"wide", SEGENT_DTYPE_F32, 4, {3, 50, 7, 80}, {0}, NULL, count_up, NULL},
    {"counter", SEGENT_DTYPE_I64, 0, {0}, {0}, NULL, count_up, NULL},
    {"nothing", SEGENT_DTYPE_F32, 2, {4, 0}, {0}, NULL, count_up, NULL},
    {"deep", SEGENT_DTYPE_F32, 8, {2, 1, 3, 1, 2, 1, 1, 2}, {0}, NULL, count_up, NULL},
    {"apart", SEGENT_DTYPE_F32, 3, {5, 4, 3}, {2, 1, 100}, NULL, count_up, NULL}};

enum { WRITTEN = 5 };

static void check_written(segent_context *context, const segent_checkpoint *checkpoint, size_t k)
{
    segent_tensor_info info = {.struct_size = sizeof(info)};
    const int64_t index = sg_checkpoint_find(checkpoint, written[k].name);
    assert_int_equal(index, k);
    test_assert_ok(context, segent_checkpoint_tensor(context, checkpoint, index, &info));
    float *values = malloc(((size_t)info.elements + 1) * sizeof(float));
    assert_non_null(values);
    test_assert_ok(context,
                   segent_checkpoint_read(context, checkpoint, index, values, info.elements));
    for (int64_t i = 0; i < info.elements; i++) {
        int64_t rest = i, at = 0;
        for (int32_t axis = info.rank - 1; axis >= 0; axis--) {
            at += rest % info.shape[axis] * info.stride[axis];
            rest /= info.shape[axis];
        }
        assert_true(values[i] == (float)(at % 251));
    }
    free(values);
}

static void written_files(void **state)
{
    static const test_writer_options variants[] = {
        {0},
        {.wrapper = "model"},
        {.wrapper = "state_dict", .prefix = "module."},
        {.wrapper = "model_state_dict", .prefix = "module._orig_mod.", .location = "cuda:3"},
        {.prefix = "_orig_mod.", .archive = "deeplab v3 \xc3\xa9"}};
    static const segent_container containers[] = {SEGENT_CONTAINER_LEGACY, SEGENT_CONTAINER_ZIP,
                                                  SEGENT_CONTAINER_SAFETENSORS};
    (void)state;
    segent_context *context = test_context();
    for (size_t v = 0; v < sizeof(variants) / sizeof(variants[0]); v++) {
        for (size_t c = 0; c < 3; c++) {
            const size_t count =
                containers[c] == SEGENT_CONTAINER_SAFETENSORS ? WRITTEN - 1 : WRITTEN;
            const char *path = test_temporary("written");
            test_write_checkpoint(path, containers[c], written, count, variants + v);
            segent_checkpoint *checkpoint = load(context, path);
            assert_int_equal(segent_checkpoint_container(checkpoint), containers[c]);
            assert_int_equal(segent_checkpoint_count(checkpoint), count);
            for (size_t k = 0; k < count; k++)
                check_written(context, checkpoint, k);
            segent_checkpoint_destroy(checkpoint);
        }
    }
    segent_context_destroy(context);
}

/* ---- arguments ---- */

static void bad_arguments(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = NULL;
    float value = 0;
    segent_tensor_info info = {.struct_size = sizeof(info)};
    const segent_status invalid = SEGENT_ERROR_INVALID_ARGUMENT;
    const char *path = test_data("checkpoint/cuda.zip.pth");
    assert_int_equal(segent_checkpoint_load(NULL, path, &checkpoint), invalid);
    assert_int_equal(segent_checkpoint_load_memory(NULL, "x", 1, &checkpoint), invalid);
    test_assert_status(context, segent_checkpoint_load(context, NULL, &checkpoint), invalid);
    test_assert_status(context, segent_checkpoint_load(context, path, NULL), invalid);
    test_assert_status(context, segent_checkpoint_load_memory(context, NULL, 1, &checkpoint),
                       invalid);
    test_assert_status(context, segent_checkpoint_load_memory(context, "", 0, &checkpoint),
                       SEGENT_ERROR_TRUNCATED);
    checkpoint = load(context, path);
    assert_int_equal(segent_checkpoint_tensor(NULL, checkpoint, 0, &info), invalid);
    assert_int_equal(segent_checkpoint_read(NULL, checkpoint, 0, &value, 1), invalid);
    test_assert_status(context, segent_checkpoint_tensor(context, NULL, 0, &info), invalid);
    test_assert_status(context, segent_checkpoint_tensor(context, checkpoint, 0, NULL), invalid);
    test_assert_status(context, segent_checkpoint_tensor(context, checkpoint, -1, &info), invalid);
    test_assert_error_contains(context, "tensor -1 of 1");
    test_assert_status(context, segent_checkpoint_tensor(context, checkpoint, 1, &info), invalid);
    test_assert_status(context, segent_checkpoint_read(context, NULL, 0, &value, 1), invalid);
    test_assert_status(context, segent_checkpoint_read(context, checkpoint, 1, &value, 1), invalid);
    test_assert_status(context, segent_checkpoint_read(context, checkpoint, 0, &value, 1), invalid);
    test_assert_error_contains(context, "room for 1 values");
    test_assert_error_contains(context, "tensor 'weight' has 2");
    test_assert_status(context, segent_checkpoint_read(context, checkpoint, 0, NULL, 2), invalid);
    info.struct_size = 0;
    test_assert_status(context, segent_checkpoint_tensor(context, checkpoint, 0, &info), invalid);
    segent_checkpoint_destroy(checkpoint);
    segent_checkpoint_destroy(NULL);
    assert_int_equal(segent_checkpoint_count(NULL), 0);
    assert_int_equal(segent_checkpoint_container(NULL), 0);
    segent_context_destroy(context);
}

static void older_and_shorter_info(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = load(context, test_data("checkpoint/cuda.zip.pth"));
    segent_tensor_info info = {.struct_size = offsetof(segent_tensor_info, shape), .elements = -7};
    test_assert_ok(context, segent_checkpoint_tensor(context, checkpoint, 0, &info));
    assert_string_equal(info.name, "weight");
    assert_int_equal(info.elements, -7);
    segent_checkpoint_destroy(checkpoint);
    segent_context_destroy(context);
}

static void outlives_its_context(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = load(context, test_data("checkpoint/cuda.zip.pth"));
    segent_context_destroy(context);
    context = test_context();
    float values[2] = {0};
    test_assert_ok(context, segent_checkpoint_read(context, checkpoint, 0, values, 2));
    assert_true(values[1] == 2.0f);
    segent_context_destroy(context);
    segent_checkpoint_destroy(checkpoint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_types_legacy),        cmocka_unit_test(all_types_zip),
        cmocka_unit_test(all_types_safetensors),   cmocka_unit_test(training_checkpoint),
        cmocka_unit_test(names_dtypes_and_shapes), cmocka_unit_test(module_prefix_is_gone),
        cmocka_unit_test(cuda_location),           cmocka_unit_test(view_of_a_storage),
        cmocka_unit_test(metadata_of_safetensors), cmocka_unit_test(every_half),
        cmocka_unit_test(written_files),           cmocka_unit_test(bad_arguments),
        cmocka_unit_test(older_and_shorter_info),  cmocka_unit_test(outlives_its_context)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
