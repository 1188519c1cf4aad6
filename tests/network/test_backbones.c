/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Backbones and heads of every kind: what names and shapes say of them, and files that do not make
 * one, which are refused with a sentence that names the tensor. */

#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ==== What shapes say ==== */

/* A file that is only a list of names and shapes. */
typedef struct listed {
    const test_network *network;
    char failure[512];
} listed;

static const test_tensor *look_up(const listed *file, const char *name)
{
    for (size_t i = 0; i < file->network->count; i++) {
        if (strcmp(file->network->tensors[i].name, name) == 0)
            return &file->network->tensors[i];
    }
    return NULL;
}

static int32_t shape_of(void *file, const char *name, int64_t shape[SEGENT_RANK_MAX])
{
    const test_tensor *tensor = look_up(file, name);
    if (!tensor)
        return -1;
    memcpy(shape, tensor->shape, (size_t)tensor->rank * sizeof(*shape));
    return tensor->rank;
}

static bool attribute(void *file, const char *module, const char *name, double *value)
{
    (void)file;
    (void)module;
    (void)name;
    (void)value;
    return false;
}

static int32_t numbers(void *file, const char *words, int32_t tensors)
{
    const test_network *network = ((listed *)file)->network;
    int32_t found = 0;
    (void)tensors;
    for (size_t i = 0; i < network->count; i++) {
        const char *name = network->tensors[i].name;
        if (strncmp(name, words, strlen(words)) == 0 && atoi(name + strlen(words)) >= found)
            found = atoi(name + strlen(words)) + 1;
    }
    return found;
}

static void note_failure(void *file, const char *tensor, const char *problem)
{
    listed *f = file;
    if (!*f->failure)
        snprintf(f->failure, sizeof(f->failure), "%.200s %.300s", tensor, problem);
}

static sg_facts find(listed *file, const test_network *network)
{
    sg_facts facts = {.row = NULL};
    const sg_evidence evidence = {file, shape_of, attribute, numbers, note_failure};
    *file = (listed){.network = network};
    sg_network_find(&evidence, &facts);
    return facts;
}

/* Weights and biases of the network without its auxiliary classifier. */
static int64_t parameters(const test_network *network)
{
    int64_t sum = 0;
    for (size_t i = 0; i < network->count; i++) {
        const test_tensor *tensor = &network->tensors[i];
        int64_t elements = tensor->rank > 0;
        for (int d = 0; d < tensor->rank; d++)
            elements *= tensor->shape[d];
        if (!strstr(tensor->name, ".running_") && strncmp(tensor->name, "aux_", 4) != 0)
            sum += elements;
    }
    return sum;
}

/* Torchvision's networks of full size. Parameters and tensors, auxiliary classifiers' among them,
 * are those that torchvision counts. */
static const struct {
    const char *name;
    int64_t parameters;
    size_t tensors;
    int32_t output_stride, groups, inner;
} published[] = {
    {"fcn_resnet50", 32957013, 334, 8, 1, 64},
    {"fcn_resnet101", 51949141, 640, 8, 1, 64},
    {"deeplabv3_resnet50", 39638869, 370, 8, 1, 64},
    {"deeplabv3_resnet101", 58630997, 676, 8, 1, 64},
    {"deeplabv3_resnet152", 74274645, 982, 8, 1, 64},
    {"deeplabv3_resnet18", 15904085, 172, 32, 1, 64},
    {"deeplabv3_resnet34", 26012245, 268, 32, 1, 64},
    {"deeplabv3_wide_resnet50_2", 82965077, 370, 8, 1, 128},
    {"deeplabv3_wide_resnet101_2", 140968533, 676, 8, 1, 128},
    {"deeplabv3_resnext50_32x4d", 39110741, 370, 8, 32, 128},
    {"deeplabv3_resnext101_32x8d", 102873173, 676, 8, 32, 256},
    {"deeplabv3_resnext101_64x4d", 97537109, 676, 8, 64, 256},
    {"deeplabv3_mobilenet_v3_large", 11025477, 360, 16, 0, 0},
    {"lraspp_mobilenet_v3_large", 3221538, 319, 16, 0, 0},
    {"fcn_mobilenet_v3_large", 5051093, 324, 16, 0, 0},
};

static void check_published(size_t i)
{
    const char *name = published[i].name;
    const bool mobile = strstr(name, "mobilenet") != NULL;
    listed file;
    char backbone[64], both[96];
    const test_network_shape shape = {.architecture = name,
                                      .width = mobile ? 16 : 64,
                                      .aspp = strncmp(name, "deep", 4) == 0     ? 256
                                              : strncmp(name, "lraspp", 6) == 0 ? 128
                                                                                : 0,
                                      .classes = 21};
    test_network *network = test_network_make(&shape);
    assert_int_equal(network->count, published[i].tensors);
    assert_int_equal(parameters(network), published[i].parameters);
    const sg_facts facts = find(&file, network);
    assert_string_equal(file.failure, "");
    facts.backbone->name(&facts, backbone, sizeof(backbone));
    snprintf(both, sizeof(both), "%s_%s", facts.row->name, backbone);
    assert_string_equal(both, name);
    assert_int_equal(facts.output_stride, published[i].output_stride);
    assert_int_equal(facts.stride_from, SG_ASSUMED);
    assert_int_equal(facts.rates[0], strncmp(name, "deep", 4) == 0 ? 12 : 0);
    assert_int_equal(facts.classes, 21);
    if (!mobile && !facts.basic) {
        assert_int_equal(facts.groups, published[i].groups);
        assert_int_equal(facts.inner, published[i].inner);
    }
    test_network_free(network);
}

static void test_published(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++)
        check_published(i);
}

/* ==== Files ==== */

static const test_network_shape basic_shape = {.seed = 1,
                                               .architecture = "fcn_resnet18",
                                               .blocks = {1, 1, 1, 1},
                                               .width = 4,
                                               .classes = 2},
                                grouped_shape = {.seed = 2,
                                                 .architecture = "deeplabv3_resnext50_32x4d",
                                                 .blocks = {1, 1, 1, 1},
                                                 .width = 2,
                                                 .inner = 8,
                                                 .groups = 4,
                                                 .aspp = 3,
                                                 .classes = 2},
                                mobile_shape = {.seed = 3,
                                                .architecture = "deeplabv3_mobilenet_v3_large",
                                                .width = 1,
                                                .aspp = 3,
                                                .classes = 2},
                                lraspp_shape = {.seed = 4,
                                                .architecture = "lraspp_mobilenet_v3_large",
                                                .width = 1,
                                                .aspp = 5,
                                                .classes = 1};
static const test_network_shape *const shapes[] = {&basic_shape, &grouped_shape, &mobile_shape,
                                                   &lraspp_shape};

enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

static segent_status build(test_network *source, const sg_facts *known, sg_built **network)
{
    segent_checkpoint *checkpoint =
        network_checkpoint(group_context, source, SEGENT_CONTAINER_LEGACY);
    const segent_status status = network_build_known(group_context, checkpoint, known, network);
    segent_checkpoint_destroy(checkpoint);
    test_network_free(source);
    return status;
}

/* Expects that the network is refused with a sentence that has these parts; frees it. */
static void check_refused(test_network *source, const char *tensor, const char *problem)
{
    static const sg_facts nothing;
    sg_built *network = NULL;
    test_assert_status(group_context, build(source, &nothing, &network), SEGENT_ERROR_MODEL);
    assert_null(network);
    test_assert_error_contains(group_context, "network.pth: tensor ");
    test_assert_error_contains(group_context, tensor);
    test_assert_error_contains(group_context, problem);
}

/* What a network does without, if need be. */
static bool may_lack(const test_tensor *tensor)
{
    static const char *const biases[] = {"_classifier.bias", "classifier.4.bias"};
    for (size_t i = 0; i < sizeof(biases) / sizeof(biases[0]); i++) {
        if (strstr(tensor->name, biases[i]))
            return true;
    }
    return strncmp(tensor->name, "aux_classifier.", 15) == 0 || tensor->rank == 0;
}

/* Whether the network is told from others by that tensor: without it, another's is missed. */
static bool is_mark(const char *name)
{
    for (int i = 0; sg_networks[i]; i++) {
        if (strcmp(name, sg_networks[i]->mark) == 0)
            return true;
    }
    for (int i = 0; sg_backbones[i]; i++) {
        if (strcmp(name, sg_backbones[i]->mark) == 0)
            return true;
    }
    return false;
}

static void test_missing(void **state)
{
    (void)state;
    for (size_t s = 0; s < SHAPES; s++) {
        size_t count = 1;
        for (size_t i = 0; i < count; i++) {
            char name[80];
            test_network *source = test_network_make(shapes[s]);
            count = source->count;
            if (may_lack(&source->tensors[i])) {
                test_network_free(source);
                continue;
            }
            snprintf(name, sizeof(name), "%s", source->tensors[i].name);
            source->count--;
            memmove(&source->tensors[i], &source->tensors[i + 1],
                    (count - 1 - i) * sizeof(source->tensors[0]));
            check_refused(source, is_mark(name) ? "weight" : name, "is missing");
        }
    }
}

/* The last dimension is not what any other tensor's shape follows from, but for the columns of
 * convolutions in groups, which layer1 to layer3 must agree on. */
static void test_wrong_shapes(void **state)
{
    (void)state;
    for (size_t s = 0; s < SHAPES; s++) {
        size_t count = 1;
        for (size_t i = 0; i < count; i++) {
            test_network *source = test_network_make(shapes[s]);
            test_tensor *tensor = &source->tensors[i];
            count = source->count;
            if (strncmp(tensor->name, "aux_classifier.", 15) == 0 || tensor->rank == 0) {
                test_network_free(source);
                continue;
            }
            char name[80];
            snprintf(name, sizeof(name), "%s", tensor->name);
            tensor->shape[tensor->rank - 1]++;
            check_refused(source, name, "expected (");
        }
    }
}

static void test_left_over(void **state)
{
    static const float value[1] = {0};
    static const struct {
        const test_network_shape *shape;
        const char *name;
    } cases[] = {
        {&basic_shape, "backbone.layer1.0.conv4.weight"},
        {&basic_shape, "backbone.layer5.0.conv1.weight"},
        {&mobile_shape, "backbone.17.0.weight"},
        {&mobile_shape, "backbone.3.block.3.0.weight"},
        {&mobile_shape, "backbone.1.block.2.fc1.weight"},
        {&lraspp_shape, "backbone.16.2.weight"},
        {&lraspp_shape, "classifier.scale.1.bias.more"},
        {&lraspp_shape, "classifier.4.weight"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_network *source = test_network_make(cases[i].shape);
        source->tensors[source->count++] = (test_tensor){.name = cases[i].name,
                                                         .dtype = SEGENT_DTYPE_F32,
                                                         .rank = 1,
                                                         .shape = {1},
                                                         .data = value};
        check_refused(source, cases[i].name, "is left over");
    }
}

/* One tensor of three that say the same is the one that is named. */
static void test_contradictions(void **state)
{
    static const struct {
        const char *name;
        int which;
        int64_t found;
        const char *problem;
    } cases[] = {
        {"backbone.layer1.0.conv2.weight", 1, 4, "has shape (8, 4, 3, 3), expected (8, 2, 3, 3)"},
        {"backbone.layer2.0.conv2.weight", 1, 16, "(16, 16, 3, 3), expected (16, 4, 3, 3)"},
        {"backbone.layer3.0.conv2.weight", 1, 3, "has shape (32, 3, 3, 3), expected (32, 8, 3, 3)"},
        {"backbone.layer4.0.conv2.weight", 1, 1, "(64, 1, 3, 3), expected (64, 16, 3, 3)"},
        {"backbone.layer1.0.conv1.weight", 0, 16, "has shape (16, 2, 1, 1), expected (8, 2, 1, 1)"},
        {"backbone.layer1.0.conv2.weight", 0, 4, "has shape (4, 2, 3, 3), expected (8, 2, 3, 3)"},
        {"backbone.layer1.0.conv3.weight", 1, 4, "has shape (8, 4, 1, 1), expected (8, 8, 1, 1)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_network *source = test_network_make(&grouped_shape);
        test_network_find(source, cases[i].name)->shape[cases[i].which] = cases[i].found;
        check_refused(source, cases[i].name, cases[i].problem);
    }
}

/* Four tensors of a network name it all the same. */
static void test_stubs(void **state)
{
    static const struct {
        const test_network_shape *shape;
        const char *kept[2], *sentence;
    } cases[] = {
        {&mobile_shape,
         {"backbone.0.0.weight", "classifier."},
         "backbone.0.1.weight is missing (expected shape (8)) from what looks like a DeepLabV3 on "
         "a MobileNetV3-Large"},
        {&lraspp_shape,
         {"backbone.0.0.weight", "classifier."},
         "from what looks like an LR-ASPP on a MobileNetV3-Large"},
        {&basic_shape,
         {"backbone.conv1.", "classifier."},
         "backbone.bn1.weight is missing (expected shape (4)) from what looks like an FCN on a "
         "ResNet"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_network *source = test_network_make(cases[i].shape);
        size_t kept = 0;
        for (size_t t = 0; t < source->count; t++) {
            const char *name = source->tensors[t].name;
            if (strncmp(name, cases[i].kept[0], strlen(cases[i].kept[0])) == 0 ||
                strncmp(name, cases[i].kept[1], strlen(cases[i].kept[1])) == 0)
                source->tensors[kept++] = source->tensors[t];
        }
        source->count = kept;
        check_refused(source, "backbone.", cases[i].sentence);
    }
}

/* ==== Output strides that the caller gives ==== */

static void check_stride(const test_network_shape *shape, int32_t given, int32_t logits_side)
{
    enum { SIDE = 65 };
    const sg_facts known = {.output_stride = given, .stride_from = given ? SG_GIVEN : SG_ASSUMED};
    sg_built *network = NULL;
    sg_network_size size;
    test_assert_ok(group_context, build(test_network_make(shape), &known, &network));
    if (given)
        assert_int_equal(network->facts.output_stride, given);
    test_assert_ok(group_context, sg_network_measure(group_context, network->network, SIDE, SIDE,
                                                     SEGENT_ENGINE_FAST, 0, &size));
    assert_int_equal(size.logits_height, logits_side);
    assert_int_equal(size.logits_width, logits_side);
    assert_int_equal(network_side(SIDE, network->facts.logits_stride), logits_side);
    network_destroy(network);
}

static void test_output_strides(void **state)
{
    static const test_network_shape *const resnets[] = {&basic_shape, &grouped_shape};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        check_stride(resnets[i], 8, 9);
        check_stride(resnets[i], 16, 5);
        check_stride(resnets[i], 32, 3);
    }
    check_stride(&basic_shape, 0, 3);
    check_stride(&grouped_shape, 0, 9);
    check_stride(&mobile_shape, 0, 5);
    check_stride(&mobile_shape, 16, 5);
    check_stride(&mobile_shape, 32, 3);
    /* An LR-ASPP's logits are always at 1/8. */
    check_stride(&lraspp_shape, 16, 9);
    check_stride(&lraspp_shape, 32, 9);
}

static void test_stride_of_a_mobilenet(void **state)
{
    static const sg_facts known = {.output_stride = 8, .stride_from = SG_GIVEN};
    sg_built *network = NULL;
    (void)state;
    test_assert_status(group_context, build(test_network_make(&mobile_shape), &known, &network),
                       SEGENT_ERROR_MODEL);
    test_assert_error_contains(group_context, "MobileNetV3, whose output stride is 16 or 32");
    assert_null(network);
}

/* ==== Numbers of channels that no network has ==== */

static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    return z ^ (z >> 31);
}

/* Changes up to three tensors of rank 4: extreme numbers, in any dimension. */
static void spoil(test_network *network, uint64_t *state)
{
    static const int64_t extremes[] = {0,
                                       1,
                                       SG_CHANNELS_MAX - 1,
                                       SG_CHANNELS_MAX,
                                       SG_CHANNELS_MAX + 1,
                                       SG_CHANNELS_MAX / 4,
                                       SG_CHANNELS_MAX / 32,
                                       INT32_MAX,
                                       (int64_t)INT32_MAX + 2,
                                       (int64_t)1 << 40,
                                       INT64_MAX};
    for (uint64_t changes = 1 + next(state) % 3; changes > 0;) {
        test_tensor *tensor = &network->tensors[next(state) % network->count];
        if (tensor->rank != 4)
            continue;
        changes--;
        tensor->shape[next(state) % 4 * (next(state) % 2)] =
            extremes[next(state) % (sizeof(extremes) / sizeof(extremes[0]))];
    }
}

/* Whatever shapes say, the operations that follow from them have numbers that can be counted on. */
static void check_operations(const sg_facts *facts)
{
    const sg_allocator allocator = {0};
    sg_graph graph;
    sg_graph_begin(&graph, &allocator);
    sg_network_emit(&graph, facts);
    assert_false(graph.failed);
    for (int32_t i = 0; i < graph.ops.count; i++) {
        const sg_op *op = &graph.ops.list[i];
        assert_in_range(op->inputs, 1, SG_CHANNELS_MAX);
        assert_in_range(op->outputs, 1, SG_CHANNELS_MAX);
        assert_in_range(op->groups, 1, op->inputs);
        assert_int_equal(op->inputs % op->groups, 0);
    }
    sg_ops_free(&allocator, &graph.ops);
}

static void test_extreme_shapes(void **state)
{
    enum { ROUNDS = 2000 };
    uint64_t random = 1;
    int refused = 0;
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        listed file;
        test_network *network = test_network_make(shapes[round % SHAPES]);
        spoil(network, &random);
        const sg_facts facts = find(&file, network);
        refused += *file.failure != '\0';
        if (!*file.failure)
            check_operations(&facts);
        test_network_free(network);
    }
    assert_in_range(refused, 1, ROUNDS - 1); /* most are found out by other tensors */
}

/* The network of a file in which that tensor has no elements, but so many outputs. */
static segent_status build_extreme(const test_network_shape *shape, size_t index, int64_t outputs)
{
    static const sg_facts nothing;
    sg_built *built = NULL;
    segent_checkpoint *checkpoint = NULL;
    test_network *network = test_network_make(shape);
    network->tensors[index].shape[0] = outputs;
    network->tensors[index].shape[1] = 0;
    const char *path = test_temporary("extreme.pth");
    test_write_checkpoint(path, SEGENT_CONTAINER_ZIP, network->tensors, network->count, NULL);
    segent_status status = segent_checkpoint_load(group_context, path, &checkpoint);
    if (status == SEGENT_OK)
        status = network_build_known(group_context, checkpoint, &nothing, &built);
    assert_null(built);
    segent_checkpoint_destroy(checkpoint);
    test_network_free(network);
    return status;
}

/* The same in files, where tensors without elements may have any other dimensions. */
static void test_extreme_files(void **state)
{
    static const int64_t most[] = {SG_CHANNELS_MAX, (int64_t)1 << 40};
    (void)state;
    for (size_t s = 0; s < SHAPES; s++) {
        test_network *list = test_network_make(shapes[s]);
        for (size_t i = 0; i < list->count; i++) {
            const test_tensor *tensor = &list->tensors[i];
            if (tensor->rank != 4 || strncmp(tensor->name, "aux_classifier.", 15) == 0)
                continue;
            for (size_t m = 0; m < sizeof(most) / sizeof(most[0]); m++)
                assert_int_equal(build_extreme(shapes[s], i, most[m]), SEGENT_ERROR_MODEL);
        }
        test_network_free(list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),      cmocka_unit_test(test_missing),
        cmocka_unit_test(test_wrong_shapes),   cmocka_unit_test(test_left_over),
        cmocka_unit_test(test_contradictions), cmocka_unit_test(test_stubs),
        cmocka_unit_test(test_output_strides), cmocka_unit_test(test_stride_of_a_mobilenet),
        cmocka_unit_test(test_extreme_shapes), cmocka_unit_test(test_extreme_files),
    };
    /* Each instruction once is enough for valgrind, which takes 50 times as long over it. */
    const struct CMUnitTest brief[] = {
        cmocka_unit_test(test_left_over),
        cmocka_unit_test(test_contradictions),
        cmocka_unit_test(test_stubs),
        cmocka_unit_test(test_output_strides),
        cmocka_unit_test(test_stride_of_a_mobilenet),
    };
    if (getenv("SEGENT_TEST_BRIEF"))
        return cmocka_run_group_tests(brief, group_set_up, group_tear_down);
    return cmocka_run_group_tests(tests, group_set_up, group_tear_down);
}
