/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Whole modules, as torch.save(model) writes them: they say what names and shapes of tensors do
 * not, strides and dilations. tests/data/network/make.py made the files, whose weights are zeros.
 */

#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct module_case {
    const char *file;
    test_network_shape shape;
    int32_t output_stride, rates[SG_ATROUS];
} module_case;

static const module_case cases[] = {
    {"network/module_00.pth",
     {.architecture = "deeplabv3_resnet50",
      .blocks = {1, 2, 1, 2},
      .width = 2,
      .aspp = 3,
      .classes = 2},
     16,
     {6, 12, 18}},
    {"network/module_01.pth",
     {.architecture = "fcn_resnet18", .blocks = {1, 1, 1, 2}, .width = 4, .classes = 2},
     32,
     {0}},
    {"network/module_02.pth",
     {.architecture = "deeplabv3_resnext50_32x4d",
      .blocks = {1, 1, 2, 1},
      .width = 2,
      .inner = 4,
      .groups = 2,
      .aspp = 3,
      .classes = 2},
     32,
     {1, 2, 3}},
    {"network/module_03.pth",
     {.architecture = "lraspp_mobilenet_v3_large", .width = 1, .aspp = 8, .classes = 2},
     32,
     {0}},
    {"network/module_04.pth",
     {.architecture = "fcn_mobilenet_v3_large", .width = 1, .classes = 1},
     16,
     {0}},
};

enum { CASES = sizeof(cases) / sizeof(cases[0]) };

static sg_built *build_module(segent_context *context, const module_case *c, const sg_facts *known)
{
    sg_built *built = NULL;
    segent_checkpoint *checkpoint = NULL;
    test_assert_ok(context, segent_checkpoint_load(context, test_data(c->file), &checkpoint));
    test_assert_ok(context, network_build_known(context, checkpoint, known, &built));
    segent_checkpoint_destroy(checkpoint);
    return built;
}

/* A network of the same shapes from a list of tensors, of which the caller has to say the rest. */
static sg_built *build_tensors(segent_context *context, const module_case *c, const sg_facts *known)
{
    sg_built *built = NULL;
    test_network *network = test_network_make(&c->shape);
    segent_checkpoint *checkpoint = network_checkpoint(context, network, SEGENT_CONTAINER_ZIP);
    test_assert_ok(context, network_build_known(context, checkpoint, known, &built));
    segent_checkpoint_destroy(checkpoint);
    test_network_free(network);
    return built;
}

static void assert_same_operations(const sg_built *left, const sg_built *right)
{
    const sg_ops *a = &left->network->ops, *b = &right->network->ops;
    assert_int_equal(a->count, b->count);
    for (int32_t i = 0; i < a->count; i++) {
        const sg_op *x = &a->list[i], *y = &b->list[i];
        assert_string_equal(x->name, y->name);
        assert_int_equal(x->outputs, y->outputs);
        assert_int_equal(x->stride, y->stride);
        assert_int_equal(x->dilation, y->dilation);
        assert_int_equal(x->padding, y->padding);
        assert_int_equal(x->groups, y->groups);
    }
}

static void test_read(void **state)
{
    static const sg_facts nothing;
    segent_context *context = test_context();
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        sg_facts given = {.output_stride = cases[i].output_stride, .stride_from = SG_GIVEN};
        given.rates_from = cases[i].rates[0] > 0 ? SG_GIVEN : SG_ASSUMED;
        memcpy(given.rates, cases[i].rates, sizeof(given.rates));
        sg_built *module = build_module(context, &cases[i], &nothing);
        sg_built *tensors = build_tensors(context, &cases[i], &given);
        assert_int_equal(module->facts.stride_from, SG_READ);
        assert_int_equal(module->facts.output_stride, cases[i].output_stride);
        assert_memory_equal(module->facts.rates, cases[i].rates, sizeof(given.rates));
        assert_int_equal(module->facts.rates_from, given.rates_from ? SG_READ : SG_ASSUMED);
        assert_false(module->eps_unusual);
        assert_same_operations(module, tensors);
        network_destroy(module);
        network_destroy(tensors);
    }
    segent_context_destroy(context);
}

/* What the caller says comes before what the file says. */
static void test_given(void **state)
{
    segent_context *context = test_context();
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        const int32_t other = cases[i].output_stride == 16 ? 32 : 16;
        sg_facts given = {.output_stride = other, .stride_from = SG_GIVEN};
        sg_built *module = build_module(context, &cases[i], &given);
        assert_int_equal(module->facts.stride_from, SG_GIVEN);
        assert_int_equal(module->facts.output_stride, other);
        memcpy(given.rates, cases[i].rates, sizeof(given.rates));
        given.rates_from = cases[i].rates[0] > 0 ? SG_GIVEN : SG_ASSUMED;
        sg_built *tensors = build_tensors(context, &cases[i], &given);
        assert_same_operations(module, tensors);
        network_destroy(module);
        network_destroy(tensors);
    }
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
