/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Checkpoints that do not make a network: each is refused with a sentence that names file, tensor,
 * what was expected and what was found. */

#include "common.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static segent_context *context;

static int set_up(void **state)
{
    (void)state;
    context = test_context();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    segent_context_destroy(context);
    return 0;
}

/* Writes the network, expects that it is refused and that the sentence has these parts (may be
 * NULL); frees it. */
static void check_refused(test_network *source, const char *tensor, const char *problem)
{
    sg_deeplab *network = NULL;
    segent_checkpoint *checkpoint = network_checkpoint(context, source, SEGENT_CONTAINER_LEGACY);
    test_assert_status(
        context,
        sg_deeplab_create(context, checkpoint, standard_rates, SEGENT_ENGINE_FAST, &network),
        SEGENT_ERROR_MODEL);
    assert_null(network);
    test_assert_error_contains(context, "network.pth: ");
    if (tensor)
        test_assert_error_contains(context, tensor);
    test_assert_error_contains(context, problem);
    segent_checkpoint_destroy(checkpoint);
    test_network_free(source);
}

static void remove_at(test_network *network, size_t index)
{
    network->count--;
    memmove(&network->tensors[index], &network->tensors[index + 1],
            (network->count - index) * sizeof(network->tensors[0]));
}

static bool is_ignored(const char *name)
{
    return strncmp(name, "aux_classifier.", 15) == 0 || strstr(name, "num_batches_tracked");
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
        remove_at(source, i);
        check_refused(source, name, "is missing");
    }
    assert_true(count > 100);
}

/* What training left behind is not needed. */
static void test_missing_but_ignored(void **state)
{
    (void)state;
    sg_deeplab *network = NULL;
    test_network *source = test_network_make(&tiny_shape);
    for (size_t i = source->count; i-- > 0;) {
        if (is_ignored(source->tensors[i].name))
            remove_at(source, i);
    }
    segent_checkpoint *checkpoint = network_checkpoint(context, source, SEGENT_CONTAINER_ZIP);
    test_assert_ok(context, sg_deeplab_create(context, checkpoint, standard_rates,
                                              SEGENT_ENGINE_FAST, &network));
    sg_deeplab_destroy(network);
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
        check_refused(source, tensor->name, "expected (");
    }
}

static void test_messages(void **state)
{
    (void)state;
    test_network *source = test_network_make(&tiny_shape);
    test_network_find(source, "backbone.layer3.0.conv2.weight")->shape[2] = 5;
    check_refused(source, "tensor backbone.layer3.0.conv2.weight",
                  "has shape (8, 8, 5, 3), expected (8, 8, 3, 3)");

    source = test_network_make(&tiny_shape);
    test_network_find(source, "classifier.2.running_mean")->rank = 0;
    check_refused(source, "tensor classifier.2.running_mean", "has shape (), expected (3)");

    source = test_network_make(&tiny_shape);
    test_network_find(source, "backbone.layer2.0.bn2.bias")->name = "backbone.layer2.0.bn2.bios";
    check_refused(source, "tensor backbone.layer2.0.bn2.bias", "is missing (expected shape (4))");

    source = test_network_make(&tiny_shape);
    test_network_find(source, "backbone.bn1.weight")->dtype = SEGENT_DTYPE_I64;
    check_refused(source, "tensor backbone.bn1.weight", "floating-point");
}

static void test_left_over(void **state)
{
    static const char *const names[] = {"backbone.layer1.0.conv1.bias", "backbone.layer5.0.weight",
                                        "backbone.layer10.0.x", "extra", "classifier.3.weight"};
    static const float value[1] = {0};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        test_network *source = test_network_make(&tiny_shape);
        source->tensors[source->count++] = (test_tensor){
            .name = names[i], .dtype = SEGENT_DTYPE_F32, .rank = 1, .shape = {1}, .data = value};
        check_refused(source, names[i], "is left over");
    }
}

/* Strides may be any that do not repeat elements: a small file must not ask for much memory. */
static void test_strides(void **state)
{
    static const int64_t transposed[4] = {1, 8, 1, 1}, repeating[4] = {1, 0, 1, 1},
                         overlapping[4] = {1, 4, 1, 1};
    static const char name[] = "backbone.layer1.0.conv3.weight"; /* (8, 2, 1, 1) */
    sg_deeplab *network = NULL;
    (void)state;
    test_network *source = test_network_make(&tiny_shape);
    memcpy(test_network_find(source, name)->stride, transposed, sizeof(transposed));
    segent_checkpoint *checkpoint = network_checkpoint(context, source, SEGENT_CONTAINER_ZIP);
    test_assert_ok(context, sg_deeplab_create(context, checkpoint, standard_rates,
                                              SEGENT_ENGINE_FAST, &network));
    sg_deeplab_destroy(network);
    segent_checkpoint_destroy(checkpoint);
    test_network_free(source);

    source = test_network_make(&tiny_shape);
    memcpy(test_network_find(source, name)->stride, repeating, sizeof(repeating));
    check_refused(source, name, "repeat elements");
    source = test_network_make(&tiny_shape);
    memcpy(test_network_find(source, name)->stride, overlapping, sizeof(overlapping));
    check_refused(source, name, "repeat elements");
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
    check_refused(source, "backbone.layer3.1.conv1.weight", "is missing");

    /* Far more blocks than tensors: no work is done for them. */
    source = test_network_make(&tiny_shape);
    hint.name = "backbone.layer3.999999.bn1.bias";
    source->tensors[source->count++] = hint;
    check_refused(source, "backbone.layer3.1.conv1.weight", "is missing");

    source = test_network_make(&tiny_shape);
    hint.name = "backbone.layer3.99999999999999999999.bn1.bias";
    source->tensors[source->count++] = hint;
    check_refused(source, hint.name, "is left over");
}

/* ==== Sizes that a network cannot have ==== */

static void test_class_counts(void **state)
{
    test_network_shape shape = tiny_shape;
    (void)state;
    shape.classes = 1;
    check_refused(test_network_make(&shape), "classifier.4.weight", "the first 2 to 65536");
    shape.classes = 65537;
    check_refused(test_network_make(&shape), "classifier.4.weight", "the first 2 to 65536");
}

static void test_most_classes(void **state)
{
    test_network_shape shape = tiny_shape;
    size_t count;
    (void)state;
    shape.classes = 65536;
    sg_deeplab *network = network_from_seed(context, &shape, standard_rates, SEGENT_CONTAINER_ZIP);
    float *picture = network_picture(1, 9, 5);
    float *logits = network_logits(network, 9, 5, &count);
    test_assert_ok(context, sg_deeplab_run(context, network, picture, 9, 5, NULL, logits));
    assert_int_equal(count, 2 * 65536);
    for (size_t i = 0; i < count; i++)
        assert_true(isfinite(logits[i]));
    free(picture);
    free(logits);
    sg_deeplab_destroy(network);
}

static void test_empty_tensors(void **state)
{
    static const char *const names[] = {"backbone.conv1.weight", "classifier.0.convs.0.0.weight",
                                        "classifier.4.weight"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        test_network *source = test_network_make(&tiny_shape);
        test_network_find(source, names[i])->shape[0] = 0;
        check_refused(source, names[i], "has shape (0, ");
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
    check_refused(source, name, problem);
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
    check_refused(source, "backbone.conv1.weight", "batch norm");
}

/* ==== Other networks ==== */

static void rename_prefix(test_network *network, const char *from, const char *to)
{
    const size_t length = strlen(from);
    for (size_t i = 0; i < network->count; i++) {
        const char *name = network->tensors[i].name;
        if (strncmp(name, from, length) != 0)
            continue;
        char renamed[sizeof(network->names[0])];
        snprintf(renamed, sizeof(renamed), "%s%.60s", to, name + length);
        memcpy((char *)name, renamed, sizeof(renamed)); /* one of network->names */
    }
}

static void remove_prefix(test_network *network, const char *prefix)
{
    for (size_t i = network->count; i-- > 0;) {
        if (strncmp(network->tensors[i].name, prefix, strlen(prefix)) == 0)
            remove_at(network, i);
    }
}

static void test_other_networks(void **state)
{
    (void)state;
    test_network *source = test_network_make(&tiny_shape);
    rename_prefix(source, "backbone.conv1.", "backbone.0.0.");
    check_refused(source, NULL, "MobileNetV3");

    source = test_network_make(&tiny_shape);
    remove_prefix(source, "classifier.");
    rename_prefix(source, "aux_classifier.", "classifier.");
    check_refused(source, NULL, "an FCN");

    source = test_network_make(&tiny_shape);
    remove_prefix(source, "classifier.");
    rename_prefix(source, "backbone.", "");
    rename_prefix(source, "aux_classifier.4.", "fc.");
    check_refused(source, NULL, "a classification ResNet");

    source = test_network_make(&tiny_shape);
    for (int l = 1; l <= 4; l++) {
        char name[64];
        snprintf(name, sizeof(name), "backbone.layer%d.0.conv3", l);
        remove_prefix(source, name);
        snprintf(name, sizeof(name), "backbone.layer%d.0.bn3", l);
        remove_prefix(source, name);
        snprintf(name, sizeof(name), "backbone.layer%d.0.conv1.weight", l);
        test_tensor *conv1 = test_network_find(source, name);
        conv1->shape[2] = conv1->shape[3] = 3;
    }
    check_refused(source, NULL, "basic-block ResNet");

    source = test_network_make(&tiny_shape);
    remove_prefix(source, "backbone.");
    check_refused(source, "backbone.conv1.weight", "not a DeepLabV3");

    source = test_network_make(&tiny_shape);
    source->count = 1;
    source->tensors[0].name = "weight";
    check_refused(source, "backbone.conv1.weight", "not a DeepLabV3");
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
        cmocka_unit_test(test_other_networks),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
