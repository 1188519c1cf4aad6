/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Heads as people change them: one output, convolutions in a Sequential, biases, layers that
 * nothing comes to. */

#include "changed.h"

#include <math.h>
#include <stdlib.h>

static float *logits_of(const sg_built *network, size_t *count)
{
    float *picture = network_picture(3, 17, 25);
    float *logits = network_logits(network, 17, 25, count);
    test_assert_ok(group_context,
                   network_run(group_context, network, picture, 17, 25, NULL, logits));
    free(picture);
    return logits;
}

/* One output z: logits 0 and z. The seed's first row of weights is the same for one and for two
 * classes. */
static void test_one_output(void **state)
{
    test_network_shape shape = tiny_shape;
    size_t ones, twos;
    (void)state;
    sg_built *two = network_from_seed(group_context, &shape, standard_rates, SEGENT_CONTAINER_ZIP);
    shape.classes = 1;
    sg_built *one = network_from_seed(group_context, &shape, standard_rates, SEGENT_CONTAINER_ZIP);
    assert_int_equal(one->facts.classes, 2);
    assert_true(one->facts.sigmoid);
    assert_false(two->facts.sigmoid);
    assert_int_equal(two->parameters - one->parameters, tiny_shape.aspp + 1);
    float *single = logits_of(one, &ones), *both = logits_of(two, &twos);
    assert_int_equal(ones, twos);
    for (size_t i = 0; i < ones / 2; i++) {
        assert_true(single[i] == 0.0f);
        assert_true(fabsf(single[ones / 2 + i] - both[i]) <= 1e-5f * (1.0f + fabsf(both[i])));
        assert_true(both[i] != 0.0f);
    }
    free(single);
    free(both);
    network_destroy(one);
    network_destroy(two);
}

/* Sequential(Conv2d), Sequential(Dropout, Conv2d), Sequential(DeepLabHead, Dropout). */
static void test_sequential_heads(void **state)
{
    static const char *const from[] = {"classifier.4.", "classifier.4.", "classifier."},
                             *const to[] = {"classifier.4.0.", "classifier.4.1.", "classifier.0."};
    (void)state;
    for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++) {
        test_network *source = test_network_make(&tiny_shape);
        network_rename(source, from[i], to[i]);
        sg_built *network = network_taken(source);
        assert_int_equal(network->facts.classes, tiny_shape.classes);
        network_destroy(network);
    }
    /* A second convolution behind the first is another network. */
    static const float zeros[4] = {0};
    test_network *source = test_network_make(&tiny_shape);
    network_rename(source, "classifier.4.", "classifier.4.0.");
    source->tensors[source->count++] = (test_tensor){.name = "classifier.4.2.weight",
                                                     .dtype = SEGENT_DTYPE_F32,
                                                     .rank = 4,
                                                     .shape = {2, 2, 1, 1},
                                                     .data = zeros};
    network_refused(source, "classifier.4.2.weight", "is left over");
    /* Both at once, and a tensor is missing: the sentence has its name in the file. */
    source = test_network_make(&tiny_shape);
    network_rename(source, "classifier.4.", "classifier.4.1.");
    network_rename(source, "classifier.", "classifier.0.");
    network_rename(source, "classifier.0.2.", "classifier.0.3.");
    network_refused(source, "tensor classifier.0.2.weight", "is missing");
}

/* A convolution may have a bias although a batch norm follows, which takes it off again with its
 * mean; and the last convolution may have none. */
static void test_biases(void **state)
{
    static const float bias[2] = {0.25f, -0.5f}, zeros[2] = {0.0f, 0.0f};
    float mean[2], shifted[2];
    size_t count, same;
    (void)state;
    test_network *source = test_network_make(&tiny_shape);
    test_tensor *tensor = test_network_find(source, "backbone.bn1.running_mean");
    test_network_fill(source, tensor, 0, 2, mean);
    for (int i = 0; i < 2; i++)
        shifted[i] = mean[i] + bias[i];
    tensor->data = shifted;
    source->tensors[source->count++] = (test_tensor){.name = "backbone.conv1.bias",
                                                     .dtype = SEGENT_DTYPE_F32,
                                                     .rank = 1,
                                                     .shape = {2},
                                                     .data = bias};
    test_network_find(source, "classifier.4.bias")->data = zeros;
    sg_built *with = network_taken(source);
    source = test_network_make(&tiny_shape);
    test_tensor *last = test_network_find(source, "classifier.4.bias");
    network_remove(source, (size_t)(last - source->tensors));
    sg_built *without = network_taken(source);
    float *first = logits_of(with, &count), *second = logits_of(without, &same);
    assert_int_equal(count, same);
    for (size_t i = 0; i < count; i++)
        assert_true(fabsf(first[i] - second[i]) <= 1e-4f * (1.0f + fabsf(second[i])));
    free(first);
    free(second);
    network_destroy(with);
    network_destroy(without);
}

/* Layers and counts that nothing comes to: a whole ResNet as backbone has a last layer, and thop
 * leaves its counts in every module. */
static void test_unused_tensors(void **state)
{
    static const float zeros[4] = {0};
    static const struct {
        const char *name;
        int rank;
    } unused[] = {{"backbone.fc.weight", 2},
                  {"backbone.total_ops", 1},
                  {"backbone.layer1.0.conv1.total_params", 1},
                  {"classifier.4.total_ops", 1}};
    (void)state;
    test_network *source = test_network_make(&tiny_shape);
    for (size_t i = 0; i < sizeof(unused) / sizeof(unused[0]); i++)
        source->tensors[source->count++] = (test_tensor){.name = unused[i].name,
                                                         .dtype = SEGENT_DTYPE_F32,
                                                         .rank = unused[i].rank,
                                                         .shape = {2, 2},
                                                         .data = zeros};
    network_destroy(network_taken(source));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_output),
        cmocka_unit_test(test_sequential_heads),
        cmocka_unit_test(test_biases),
        cmocka_unit_test(test_unused_tensors),
    };
    return cmocka_run_group_tests(tests, group_set_up, group_tear_down);
}
