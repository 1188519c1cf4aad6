/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What pickles hold around tensors: the containers that name them, wrappers that are looked
 * through, tensors whose values are not read, whole modules, other protocols. */

#include <string.h>

#include "hostile.h"

#include "checkpoint/checkpoint.h"

/* The arguments of a tensor of four floats in storage 0, up to its strides. */
#define STORAGE                            \
    "(U\7storagectorch\nFloatStorage\nU\1" \
    "0U\3cpuK\4tQ"
#define TENSOR "ctorch._utils\n_rebuild_tensor_v2\n(" STORAGE "K\0K\4\x85K\1\x85\x89}tR"

/* Loads a pickle (a literal that may hold NULs) with one storage. */
static segent_checkpoint *load_object(segent_context *context, bytes *file, const char *object,
                                      size_t size)
{
    bytes b = {0};
    bytes_put(&b, object, size);
    *file = legacy_file(&b, 1);
    return load_bytes(context, file);
}

/* Asserts that the pickle's tensors have the names of a list that ends with NULL, in that order,
 * and that their values are read. */
static void check_names(const char *object, size_t size, const char *const *names)
{
    bytes file;
    int64_t count = 0;
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = load_object(context, &file, object, size);
    for (; names[count]; count++) {
        segent_tensor_info info = segent_tensor_info_init();
        float values[4] = {0};
        test_assert_ok(context, segent_checkpoint_tensor(context, checkpoint, count, &info));
        assert_string_equal(info.name, names[count]);
        test_assert_ok(context, segent_checkpoint_read(context, checkpoint, count, values, 4));
        assert_true(values[0] == 1.0f && values[1] == 1.125f);
    }
    assert_int_equal(segent_checkpoint_count(checkpoint), count);
    segent_checkpoint_destroy(checkpoint);
    bytes_free(&file);
    segent_context_destroy(context);
}

#define assert_names(object, ...)                          \
    do {                                                   \
        const char *const names_[] = {__VA_ARGS__, NULL};  \
        check_names((object), sizeof(object) - 1, names_); \
    } while (0)

static void names_are_ways(void **state)
{
    (void)state;
    assert_names("}U\1w" TENSOR "s.", "w");
    assert_names("}U\5modelq\1}U\1w" TENSOR "ss.", "w");
    assert_names("}U\1a}U\1b}(U\1w" TENSOR "U\1v" TENSOR "uss.", "w", "v");
    assert_names("}(U\1a}U\1w" TENSOR "sU\1b}U\1w" TENSOR "su.", "a.w", "b.w");
    assert_names("}(U\1a}U\1b}U\1w" TENSOR "ssU\1c" TENSOR "u.", "a.b.w", "c");
    /* A list or a tuple adds a number to a name, but a number alone names no tensor. */
    assert_names("(}U\1w" TENSOR "sK\7t.", "w");
    assert_names("](K\1}U\1w" TENSOR "s" TENSOR "e.", "w");
    assert_names("(}U\1w" TENSOR "s}U\1w" TENSOR "st.", "0.w", "1.w");
    assert_names("}(U\1w" TENSOR "K\5" TENSOR "U\1s}K\1}U\1m" TENSOR "ssu.", "w");
    /* A dict in two places, and one that holds itself. */
    assert_names("}(U\1a}U\1w" TENSOR "sq\1U\1bh\1u.", "a.w", "b.w");
    assert_names("}q\1(U\1ah\1U\1w" TENSOR "U\1b](h\1eu.", "w");
    /* Python 2's OrderedDict, of pairs; a subclass of dict. */
    assert_names("ccollections\nOrderedDict\n]](U\1w" TENSOR "ea\x85R.", "w");
    assert_names("ccollections\nOrderedDict\n](U\1w" TENSOR "\x86K\1](K\1ee\x85R.", "w");
    assert_names("cmine\nAttributeDict\n)\x81U\1w" TENSOR "s.", "w");
}

static void wrappers_of_tensors(void **state)
{
    (void)state;
    assert_names("}U\1wctorch._utils\n_rebuild_parameter\n(" TENSOR "\x88}tRs.", "w");
    assert_names("}U\1wctorch._utils\n_rebuild_parameter_with_state\n(" TENSOR "\x88}}tRs.", "w");
    assert_names("}U\1wctorch.nn.parameter\nParameter\n" TENSOR "\x85Rs.", "w");
    assert_names("}U\1wctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\n"
                 "cmine\nMask\n(" STORAGE "K\0K\4\x85K\1\x85\x89}t}tRs.",
                 "w");
    assert_names("}U\1wctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_parameter\n"
                 "cmine\nMask\n(" TENSOR "\x88}t}tRs.",
                 "w");
    assert_names("}U\1wctorch._utils\n_rebuild_tensor\n(" STORAGE "K\0K\4\x85K\1\x85tRs.", "w");
    assert_names("}U\1wctorch._utils\n_rebuild_tensor_v3\n(" STORAGE
                 "K\0K\4\x85K\1\x85\x89}ctorch\nfloat32\ntRs.",
                 "w");
    assert_names("}U\1wctorch._utils\n_rebuild_tensor_v2\n(" STORAGE
                 "K\0ctorch\nSize\nK\4\x85\x85RK\1\x85\x89}tRs.",
                 "w");
}

static void tensors_that_are_not_read(void **state)
{
    static const struct {
        const char *object;
        size_t size;
        const char *reason;
        int64_t elements;
    } cases[] = {
#define CASE(object, reason, elements) {object, sizeof(object) - 1, reason, elements}
        CASE("}U\1wctorch._utils\n_rebuild_qtensor\n(" STORAGE "K\0K\4\x85K\1\x85N\x89}tRs.",
             "quantised integers", 4),
        CASE("}U\1wctorch._utils\n_rebuild_sparse_tensor\nN" STORAGE "\x86Rs.", "a sparse tensor",
             1),
        CASE("}U\1wctorch._utils\n_rebuild_tensor_v3\n(" STORAGE
             "K\0K\4\x85K\1\x85\x89}ctorch\nfloat8_e4m3fn\ntRs.",
             "8-bit floating-point numbers", 4),
        CASE("}U\1wctorch._utils\n_rebuild_tensor_v3\n(" STORAGE
             "K\0K\4\x85K\1\x85\x89}ctorch\nfloat3\ntRs.",
             "a type that is not known", 4),
        CASE("}(U\1x" TENSOR
             "U\1wctorch._utils\n_rebuild_meta_tensor_no_storage\n(ctorch\nfloat32\n"
             "K\2K\3\x86K\3K\1\x86\x89tRu.",
             "a tensor without values", 6)};
    (void)state;
    segent_context *context = test_context();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bytes file;
        float values[6] = {0};
        segent_tensor_info info = segent_tensor_info_init();
        segent_checkpoint *checkpoint = load_object(context, &file, cases[i].object, cases[i].size);
        const int64_t index = sg_checkpoint_find(checkpoint, "w");
        test_assert_ok(context, segent_checkpoint_tensor(context, checkpoint, index, &info));
        assert_int_equal(info.dtype, 0);
        assert_int_equal(info.elements, cases[i].elements);
        test_assert_status(
            context, segent_checkpoint_read(context, checkpoint, index, values, info.elements),
            SEGENT_ERROR_UNSUPPORTED);
        test_assert_error_contains(context, cases[i].reason);
        segent_checkpoint_destroy(checkpoint);
        bytes_free(&file);
    }
    segent_context_destroy(context);
}

/* A convolution with a weight in a module named `net` in DataParallel, whose classes are written as
 * the legacy form writes them. */
#define CLASS(name) "(U\6modulecmine\n" name "\nU\4x.pyU\4codetQ"
#define MODULE(class, parameters, modules, more) \
    class ")\x81}(U\13_parameters" parameters "U\10_buffers}U\10_modules" modules more "ub"
#define CONVOLUTION                                                                          \
    MODULE(CLASS("Conv2d"), "}(U\6weight" TENSOR "U\4biasNu", "}",                           \
           "U\6strideK\2K\3\x86U\10dilation](K\4K\5eU\6groupsK\1U\3epsG\x3f\xe0\0\0\0\0\0\0" \
           "U\7paddingU\4same")
#define NETWORK MODULE(CLASS("Net"), "}", "}U\5conv1" CONVOLUTION "s", "U\4cfgs}")

static void whole_modules(void **state)
{
    double values[2] = {0, 0};
    int count = 0;
    bytes file;
    (void)state;
    assert_names(NETWORK ".", "conv1.weight");
    assert_names("}U\5model" NETWORK "s.", "conv1.weight");
    assert_names("}(U\5model" NETWORK "U\1w" TENSOR "u.", "model.conv1.weight", "w");
    segent_context *context = test_context();
    static const char wrapped[] =
        MODULE("cmine\nDataParallel\n", "}", "}U\6module" NETWORK "s", "") ".";
    segent_checkpoint *checkpoint = load_object(context, &file, wrapped, sizeof(wrapped) - 1);
    assert_int_equal(sg_checkpoint_find(checkpoint, "conv1.weight"), 0);
    assert_true(sg_checkpoint_attribute(checkpoint, "conv1", "stride", values, &count));
    assert_true(count == 2 && values[0] == 2 && values[1] == 3);
    assert_true(sg_checkpoint_attribute(checkpoint, "conv1", "dilation", values, &count));
    assert_true(count == 2 && values[0] == 4 && values[1] == 5);
    assert_true(sg_checkpoint_attribute(checkpoint, "conv1", "eps", values, &count));
    assert_true(count == 1 && values[0] == 0.5);
    assert_false(sg_checkpoint_attribute(checkpoint, "conv1", "padding", values, &count));
    segent_checkpoint_destroy(checkpoint);
    bytes_free(&file);
    segent_context_destroy(context);
}

/* A module that has the same module as two parts, and a module that is a part of itself. */
static void modules_in_circles(void **state)
{
    (void)state;
    assert_names(MODULE("cmine\nNet\n", "}", "}(U\1a" CONVOLUTION "q\1U\1bh\1u", "") ".",
                 "a.weight", "b.weight");
    assert_names("cmine\nNet\n)\x81q\1}(U\13_parameters}U\1w" TENSOR
                 "sU\10_buffersNU\10_modules}U\4selfh\1sub.",
                 "w");
}

/* Tensors in the opcodes of all protocols: short texts, texts and bytes with long lengths, frames,
 * a memo without numbers, sets, and the lines of protocol 0. */
static void other_protocols(void **state)
{
    (void)state;
    assert_names("\x80\x04\x95\x10\0\0\0\0\0\0\0}\x94\x8c\1w\x94" TENSOR "s.", "w");
    assert_names(
        "\x80\x05}(\x8d\1\0\0\0\0\0\0\0w" TENSOR "\x8c\1b\x96\2\0\0\0\0\0\0\0xy"
        "\x8c\1c\x8e\1\0\0\0\0\0\0\0xU\1eB\1\0\0\0y\x8c\1d\x8b\x09\0\0\0\1\2\3\4\5\6\7\x08\x09"
        "u.",
        "w");
    assert_names("\x80\3}(X\1\0\0\0w" TENSOR "U\1bC\1xu.", "w");
    assert_names("(dp0\nS'w'\np1\n" TENSOR "sVv\nI12\nsS'l'\nL12L\nsS'f'\nF1.5\ns.", "w");
    assert_names("}(T\1\0\0\0w" TENSOR "U\1b(lp7\nI01\naU\1cg7\nu.", "w");
    assert_names("N0}2U\1w" TENSOR "s0(K\1K\0021.", "w");
}

static void numpy_weights(void **state)
{
    (void)state;
    bytes object = {0};
    bytes_literal(&object,
                  "}U\1wcnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85U\1b"
                  "tR(K\1K\2\x85NU\2xytbs.");
    bytes file = legacy_file(&object, 0);
    assert_refused(&file, SEGENT_ERROR_FORMAT, "holds numpy arrays, not torch's tensors");
}

/* Asserts that a file with these bytes as its first pickle is known to have the legacy form. */
static void assert_legacy_form(const char *first, size_t size)
{
    enum { FIRST_OF_PROTOCOL_2 = 15 };
    segent_context *context = test_context();
    bytes object = {0}, file = {0};
    bytes_literal(&object, "}U\1w" TENSOR "s.");
    bytes old = legacy_file(&object, 1);
    bytes_put(&file, first, size);
    bytes_put(&file, old.data + FIRST_OF_PROTOCOL_2, old.size - FIRST_OF_PROTOCOL_2);
    segent_checkpoint *checkpoint = load_bytes(context, &file);
    assert_int_equal(segent_checkpoint_container(checkpoint), SEGENT_CONTAINER_LEGACY);
    assert_int_equal(segent_checkpoint_count(checkpoint), 1);
    segent_checkpoint_destroy(checkpoint);
    bytes_free(&old);
    bytes_free(&file);
    segent_context_destroy(context);
}

/* The legacy form with its first pickle in protocols 1, 3 and 4. */
static void legacy_form_of_other_protocols(void **state)
{
    static const char one[] = "L119547037146038801333356L\n.",
                      three[] = "\x80\x03\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.",
                      four[] = "\x80\x04\x95\x0d\0\0\0\0\0\0\0\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a"
                               "\xa8\x50\x19.";
    (void)state;
    assert_legacy_form(one, sizeof(one) - 1);
    assert_legacy_form(three, sizeof(three) - 1);
    assert_legacy_form(four, sizeof(four) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_are_ways),
                                       cmocka_unit_test(wrappers_of_tensors),
                                       cmocka_unit_test(tensors_that_are_not_read),
                                       cmocka_unit_test(whole_modules),
                                       cmocka_unit_test(modules_in_circles),
                                       cmocka_unit_test(other_protocols),
                                       cmocka_unit_test(numpy_weights),
                                       cmocka_unit_test(legacy_form_of_other_protocols)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
