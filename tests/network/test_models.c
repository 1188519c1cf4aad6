/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Checkpoints that do not make a network: each is refused with a sentence that names file, tensor,
 * what was expected and what was found. */

#include "changed.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_ignored(const char *name)
{
    return strncmp(name, "aux_classifier.", 15) == 0 || strstr(name, "num_batches_tracked") ||
           strcmp(name, "classifier.4.bias") == 0;
}

static void test_missing(void **state)
{
    (void)state;
    size_t count = 1;
    for (size_t i = 0; i < count; i++) {
        char name[80];
        test_network *source = test_network_make(&tiny_shape);
        count = source->count;
        snprintf(name, sizeof(name), "%s", source->tensors[i].name);
        if (is_ignored(name)) {
            test_network_free(source);
            continue;
        }
        network_remove(source, i);
        network_refused(source, name, "is missing");
    }
    assert_true(count > 100);
}

/* What training left behind is not needed. */
static void test_missing_but_ignored(void **state)
{
    (void)state;
    sg_built *network = NULL;
    test_network *source = test_network_make(&tiny_shape);
    for (size_t i = source->count; i-- > 0;) {
        if (is_ignored(source->tensors[i].name))
            network_remove(source, i);
    }
    segent_checkpoint *checkpoint = network_checkpoint(group_context, source, SEGENT_CONTAINER_ZIP);
    test_assert_ok(group_context,
                   network_build(group_context, checkpoint, "", standard_rates, &network));
    network_destroy(network);
    segent_checkpoint_destroy(checkpoint);
    test_network_free(source);
}

/* The last dimension is not what any other tensor's shape follows from. */
static void test_wrong_shapes(void **state)
{
    (void)state;
    size_t count = 1;
    for (size_t i = 0; i < count; i++) {
        test_network *source = test_network_make(&tiny_shape);
        count = source->count;
        test_tensor *tensor = &source->tensors[i];
        if (is_ignored(tensor->name)) {
            test_network_free(source);
            continue;
        }
        tensor->shape[tensor->rank - 1] += 1;
        network_refused(source, tensor->name, "expected (");
    }
}

static void test_messages(void **state)
{
    (void)state;
    test_network *source = test_network_make(&tiny_shape);
    test_network_find(source, "backbone.layer3.0.conv2.weight")->shape[2] = 5;
    network_refused(source, "tensor backbone.layer3.0.conv2.weight",
                    "has shape (8, 8, 5, 3), expected (8, 8, 3, 3)");

    source = test_network_make(&tiny_shape);
    test_network_find(source, "classifier.2.running_mean")->rank = 0;
    network_refused(source, "tensor classifier.2.running_mean", "has shape (), expected (3)");

    source = test_network_make(&tiny_shape);
    test_network_find(source, "backbone.layer2.0.bn2.bias")->name = "backbone.layer2.0.bn2.bios";
    network_refused(source, "tensor backbone.layer2.0.bn2.bias", "is missing (expected shape (4))");

    source = test_network_make(&tiny_shape);
    test_network_find(source, "backbone.bn1.weight")->dtype = SEGENT_DTYPE_I64;
    network_refused(source, "tensor backbone.bn1.weight", "floating-point");
}

static void test_left_over(void **state)
{
    static const char *const names[] = {"backbone.layer1.0.conv4.bias", "backbone.layer5.0.weight",
                                        "backbone.layer10.0.x", "backbone.attention.weight",
                                        "classifier.3.weight"};
    static const float value[1] = {0};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        test_network *source = test_network_make(&tiny_shape);
        source->tensors[source->count++] = (test_tensor){
            .name = names[i], .dtype = SEGENT_DTYPE_F32, .rank = 1, .shape = {1}, .data = value};
        network_refused(source, names[i], "is left over");
    }
}

/* Strides may be any that do not repeat elements: a small file must not ask for much memory. */
static void test_strides(void **state)
{
    static const int64_t transposed[4] = {1, 8, 1, 1}, repeating[4] = {1, 0, 1, 1},
                         overlapping[4] = {1, 4, 1, 1};
    static const char name[] = "backbone.layer1.0.conv3.weight"; /* (8, 2, 1, 1) */
    sg_built *network = NULL;
    (void)state;
    test_network *source = test_network_make(&tiny_shape);
    memcpy(test_network_find(source, name)->stride, transposed, sizeof(transposed));
    segent_checkpoint *checkpoint = network_checkpoint(group_context, source, SEGENT_CONTAINER_ZIP);
    test_assert_ok(group_context,
                   network_build(group_context, checkpoint, "", standard_rates, &network));
    network_destroy(network);
    segent_checkpoint_destroy(checkpoint);
    test_network_free(source);

    source = test_network_make(&tiny_shape);
    memcpy(test_network_find(source, name)->stride, repeating, sizeof(repeating));
    network_refused(source, name, "repeat elements");
    source = test_network_make(&tiny_shape);
    memcpy(test_network_find(source, name)->stride, overlapping, sizeof(overlapping));
    network_refused(source, name, "repeat elements");
}

/* A block that is only hinted at is a block with holes. */
static void test_holes_between_blocks(void **state)
{
    static const float value[1] = {0};
    test_tensor hint = {.name = "backbone.layer3.2.bn1.bias",
                        .dtype = SEGENT_DTYPE_F32,
                        .rank = 1,
                        .shape = {1},
                        .data = value};
    (void)state;
    test_network *source = test_network_make(&tiny_shape);
    source->tensors[source->count++] = hint;
    network_refused(source, "backbone.layer3.1.conv1.weight", "is missing");

    /* Far more blocks than tensors: no work is done for them. */
    source = test_network_make(&tiny_shape);
    hint.name = "backbone.layer3.999999.bn1.bias";
    source->tensors[source->count++] = hint;
    network_refused(source, "backbone.layer3.1.conv1.weight", "is missing");

    source = test_network_make(&tiny_shape);
    hint.name = "backbone.layer3.99999999999999999999.bn1.bias";
    source->tensors[source->count++] = hint;
    network_refused(source, hint.name, "is left over");
}

/* ==== Sizes that a network cannot have ==== */

static void test_class_counts(void **state)
{
    test_network_shape shape = tiny_shape;
    (void)state;
    shape.classes = 65537;
    network_refused(test_network_make(&shape), "classifier.4.weight", "the first 1 to 65536");
}

static void test_most_classes(void **state)
{
    test_network_shape shape = tiny_shape;
    size_t count;
    (void)state;
    shape.classes = 65536;
    sg_built *network =
        network_from_seed(group_context, &shape, standard_rates, SEGENT_CONTAINER_ZIP);
    float *picture = network_picture(1, 9, 5);
    float *logits = network_logits(network, 9, 5, &count);
    test_assert_ok(group_context, network_run(group_context, network, picture, 9, 5, NULL, logits));
    assert_int_equal(count, 2 * 65536);
    for (size_t i = 0; i < count; i++)
        assert_true(isfinite(logits[i]));
    free(picture);
    free(logits);
    network_destroy(network);
}

static void test_empty_tensors(void **state)
{
    static const char *const names[] = {"backbone.conv1.weight", "classifier.0.convs.0.0.weight",
                                        "classifier.4.weight"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        test_network *source = test_network_make(&tiny_shape);
        test_network_find(source, names[i])->shape[0] = 0;
        network_refused(source, names[i], "has shape (0, ");
    }
}

/* ==== Values ==== */

/* Replaces a tensor's values by `value` and another number at the end. */
static void check_value(const char *name, float value, const char *problem)
{
    test_network *source = test_network_make(&tiny_shape);
    test_tensor *tensor = test_network_find(source, name);
    size_t count = 1;
    for (int i = 0; i < tensor->rank; i++)
        count *= (size_t)tensor->shape[i];
    float *values = malloc(count * sizeof(float));
    assert_non_null(values);
    for (size_t i = 0; i < count; i++)
        values[i] = i + 1 < count ? 1.0f : value;
    tensor->data = values;
    network_refused(source, name, problem);
    free(values);
}

static void test_values(void **state)
{
    (void)state;
    check_value("backbone.layer1.0.bn2.running_var", -1e-3f, "negative variance");
    check_value("backbone.layer1.0.bn2.running_var", NAN, "not finite");
    check_value("backbone.layer4.0.conv3.weight", INFINITY, "not finite");
    check_value("classifier.0.project.1.weight", -INFINITY, "not finite");
    check_value("classifier.4.bias", NAN, "not finite");
}

/* Finite weights that overflow once they are scaled. */
static void test_overflow(void **state)
{
    static const float large[2] = {3e38f, 3e38f}, small[2] = {0.0f, 0.0f};
    (void)state;
    test_network *source = test_network_make(&tiny_shape);
    test_network_find(source, "backbone.bn1.weight")->data = large;
    test_network_find(source, "backbone.bn1.running_var")->data = small;
    network_refused(source, "backbone.conv1.weight", "batch norm");
}

/* ==== FCN ==== */

static test_network *make_fcn(void)
{
    test_network_shape shape = tiny_shape;
    shape.aspp = 0;
    return test_network_make(&shape);
}

static void test_fcn(void **state)
{
    (void)state;
    sg_built *network = network_taken(make_fcn());
    assert_string_equal(network->facts.row->name, "fcn");
    assert_int_equal(network->facts.classes, tiny_shape.classes);
    assert_int_equal(network->facts.head, 8 * tiny_shape.width);
    assert_int_equal(network->facts.rates[0], 0);
    network_destroy(network);

    test_network *source = make_fcn();
    network_rename(source, "", "net.module.");
    network_destroy(network_taken(source));

    source = make_fcn();
    network_rename(source, "classifier.", "classifier.0.");
    network_destroy(network_taken(source));

    source = make_fcn();
    network_remove_all(source, "classifier.4.");
    network_refused(source, "tensor classifier.4.weight",
                    "is missing, so this is not an FCN network");

    source = make_fcn();
    test_network_find(source, "classifier.1.running_mean")->shape[0]++;
    network_refused(source, "tensor classifier.1.running_mean", "has shape (17), expected (16)");

    source = make_fcn();
    test_network_find(source, "classifier.0.weight")->rank = 2;
    network_refused(source, "tensor classifier.0.weight", "expected 4 dimensions");
}

/* ==== Other networks ==== */

static void test_other_networks(void **state)
{
    (void)state;
    test_network *source = test_network_make(&tiny_shape);
    network_rename(source, "backbone.conv1.", "backbone.0.0.");
    network_refused(source, "tensor backbone.0.0.weight", "expected (2, 3, 3, 3)");

    source = test_network_make(&tiny_shape);
    network_remove_all(source, "classifier.");
    network_rename(source, "aux_classifier.", "classifier.");
    network_refused(source, "classifier.0.weight",
                    "has shape (8, 32, 3, 3), expected (8, 64, 3, 3)");

    source = test_network_make(&tiny_shape);
    network_remove_all(source, "classifier.");
    network_rename(source, "backbone.", "");
    network_rename(source, "aux_classifier.4.", "fc.");
    test_network_find(source, "fc.weight")->rank = 2;
    network_refused(source, NULL, "a classification ResNet");

    source = test_network_make(&tiny_shape);
    network_remove_all(source, "backbone.");
    network_refused(source, "backbone.conv1.weight", "not a DeepLabV3");

    source = test_network_make(&tiny_shape);
    source->count = 1;
    source->tensors[0].name = "weight";
    network_refused(source, "backbone.conv1.weight", "not a DeepLabV3");
}

/* Backbones that shapes tell apart. */
static void test_other_backbones(void **state)
{
    (void)state;
    test_network *source = test_network_make(&tiny_shape);
    test_network_find(source, "backbone.conv1.weight")->shape[1] = 4;
    network_refused(source, NULL, "pictures of 4 channels");

    source = test_network_make(&tiny_shape);
    for (size_t i = source->count; i-- > 0;) {
        if (strstr(source->tensors[i].name, ".running_"))
            network_remove(source, i);
    }
    network_refused(source, NULL, "GroupNorm");

    source = test_network_make(&tiny_shape);
    network_rename(source, "backbone.layer2.0.conv1.weight", "backbone.layer2.0.conv1.weight_orig");
    network_refused(source, "tensor backbone.layer2.0.conv1.weight is missing",
                    "a hook of torch.nn.utils");
}

/* Files that hold no network, or half of one. */
static void test_no_network(void **state)
{
    static const struct {
        const char *names[3];
        int rank;
        const char *sentence;
    } cases[] = {
        {{"state.0.exp_avg", "state.0.exp_avg_sq"}, 4, "the state of an optimizer"},
        {{"backbone.conv1.weight", "x"}, 4, "several shards have to be joined"},
    };
    static const float zero[1] = {0};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_network *source = test_network_make(&tiny_shape);
        source->count = 0;
        for (size_t n = 0; n < 3 && cases[i].names[n]; n++)
            source->tensors[source->count++] = (test_tensor){.name = cases[i].names[n],
                                                             .dtype = SEGENT_DTYPE_F32,
                                                             .rank = cases[i].rank,
                                                             .shape = {1, 1, 1, 1},
                                                             .data = zero};
        network_refused(source, NULL, cases[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_missing_but_ignored),
        cmocka_unit_test(test_wrong_shapes),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_left_over),
        cmocka_unit_test(test_strides),
        cmocka_unit_test(test_holes_between_blocks),
        cmocka_unit_test(test_class_counts),
        cmocka_unit_test(test_most_classes),
        cmocka_unit_test(test_empty_tensors),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_overflow),
        cmocka_unit_test(test_fcn),
        cmocka_unit_test(test_other_networks),
        cmocka_unit_test(test_other_backbones),
        cmocka_unit_test(test_no_network),
    };
    return cmocka_run_group_tests(tests, group_set_up, group_tear_down);
}
