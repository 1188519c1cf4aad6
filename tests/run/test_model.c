/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Models: what their files say, class names, rates, metadata. */

#include "common.h"

#include "model/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const test_network_shape tiny = {
    .seed = 5, .blocks = {1, 1, 1, 1}, .width = 2, .aspp = 4, .classes = 21};

static void test_details(void **state)
{
    (void)state;
    const test_network_shape shape = {
        .seed = 6, .blocks = {3, 4, 6, 3}, .width = 4, .aspp = 8, .classes = 19};
    segent_context *context = test_context();
    segent_model *model = NULL;
    segent_model_details details = segent_model_details_init();
    test_assert_ok(context,
                   segent_model_load(context, run_checkpoint(&shape, SEGENT_CONTAINER_ZIP, NULL),
                                     NULL, &model));
    assert_int_equal(segent_model_info(model, &details), SEGENT_OK);
    assert_string_equal(details.architecture, "deeplabv3_resnet(3,4,6,3)");
    assert_string_equal(details.description, "");
    assert_int_equal(details.classes, 19);
    assert_string_equal(details.backbone, "resnet(3,4,6,3)");
    assert_string_equal(details.head, "deeplabv3");
    assert_int_equal(details.output_stride, 8);
    assert_int_equal(details.examined_only, 0);
    assert_string_equal(segent_model_property(model, "width"), "4");
    assert_string_equal(segent_model_property(model, "blocks"), "3,4,6,3");
    assert_string_equal(segent_model_property(model, "rates"), "12,24,36");
    assert_int_equal(details.container, SEGENT_CONTAINER_ZIP);
    assert_int_equal(details.size, 640);
    assert_true(details.temperature == 1.0f);
    assert_true(details.parameters > 0 && details.parameters < details.parameters_in_file);
    assert_string_equal(segent_model_class_name(model, 18), "class 18");
    assert_null(segent_model_class_name(model, 19));
    assert_null(segent_model_class_name(model, -1));
    segent_model_destroy(model);
    segent_context_destroy(context);
}

/* An older program's shorter struct is filled as far as it goes. */
static void test_shorter_details(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_model *model = NULL;
    segent_model_details details = segent_model_details_init();
    test_assert_ok(context,
                   segent_model_load(context, run_checkpoint(&tiny, SEGENT_CONTAINER_LEGACY, NULL),
                                     NULL, &model));
    details.struct_size = offsetof(segent_model_details, classes) + sizeof(details.classes);
    details.output_stride = -7;
    assert_int_equal(segent_model_info(model, &details), SEGENT_OK);
    assert_int_equal(details.classes, 21);
    assert_int_equal(details.output_stride, -7);
    details.struct_size = 0;
    assert_int_equal(segent_model_info(model, &details), SEGENT_ERROR_INVALID_ARGUMENT);
    segent_model_destroy(model);
    segent_context_destroy(context);
}

static void test_metadata(void **state)
{
    (void)state;
    const test_network_shape shape = {
        .seed = 7, .blocks = {1, 1, 1, 1}, .width = 2, .aspp = 4, .classes = 3};
    const char *const metadata[] = {"segent.temperature",
                                    "1.25e0",
                                    "segent.size",
                                    "320",
                                    "segent.classes",
                                    "sky,,tree",
                                    "segent.rates",
                                    "6,12,18",
                                    "segent.description",
                                    "drawn scenes",
                                    NULL};
    const test_writer_options options = {.metadata = metadata};
    segent_context *context = test_context();
    segent_model *model = NULL;
    segent_model_details details = segent_model_details_init();
    const char *path = run_checkpoint(&shape, SEGENT_CONTAINER_SAFETENSORS, &options);
    test_assert_ok(context, segent_model_load(context, path, NULL, &model));
    segent_model_info(model, &details);
    assert_true(details.temperature == 1.25f);
    assert_int_equal(details.size, 320);
    assert_string_equal(segent_model_property(model, "rates"), "6,12,18");
    assert_string_equal(details.description, "drawn scenes");
    assert_string_equal(segent_model_class_name(model, 0), "sky");
    assert_string_equal(segent_model_class_name(model, 1), "");
    assert_string_equal(segent_model_class_name(model, 2), "tree");
    segent_model_destroy(model);

    /* What the caller says comes before what the file says. */
    const char *const names[] = {"a", NULL, "c"};
    segent_model_options given = segent_model_options_init();
    given.class_names = names;
    given.class_name_count = 3;
    given.settings = "rates=1,2,3";
    test_assert_ok(context, segent_model_load(context, path, &given, &model));
    assert_string_equal(segent_model_property(model, "rates"), "1,2,3");
    assert_string_equal(segent_model_class_name(model, 1), "");
    assert_string_equal(segent_model_class_name(model, 2), "c");
    segent_model_destroy(model);
    segent_context_destroy(context);
}

/* Names with commas are a list of JSON. One between commas that only begins like it is none. */
static void test_listed_names(void **state)
{
    (void)state;
    static const struct {
        const char *classes, *names[3];
    } cases[] = {
        {"[\"sky, blue\", \"\\u00e4\\n\\\"\",\"\"]", {"sky, blue", "\xc3\xa4\n\"", ""}},
        {"[\"a\"\n,\t\"b\" , \"c\"] ", {"a", "b", "c"}},
        {"[a,b,c]", {"[a", "b", "c]"}},
    };
    const test_network_shape shape = {
        .seed = 7, .blocks = {1, 1, 1, 1}, .width = 2, .aspp = 4, .classes = 3};
    segent_context *context = test_context();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *const metadata[] = {"segent.classes", cases[i].classes, NULL};
        const test_writer_options options = {.metadata = metadata};
        segent_model *model = NULL;
        test_assert_ok(context,
                       segent_model_load(
                           context, run_checkpoint(&shape, SEGENT_CONTAINER_SAFETENSORS, &options),
                           NULL, &model));
        for (int32_t id = 0; id < 3; id++)
            assert_string_equal(segent_model_class_name(model, id), cases[i].names[id]);
        segent_model_destroy(model);
    }
    segent_context_destroy(context);
}

static void expect_bad_metadata(segent_context *context, const char *key, const char *value)
{
    const char *const metadata[] = {key, value, NULL};
    const test_writer_options options = {.metadata = metadata};
    const char *path = run_checkpoint(&tiny, SEGENT_CONTAINER_SAFETENSORS, &options);
    segent_model *model = NULL;
    test_assert_status(context, segent_model_load(context, path, NULL, &model), SEGENT_ERROR_MODEL);
    test_assert_error_contains(context, key);
    test_assert_error_contains(context, path);
    assert_null(model);
}

static void test_bad_metadata(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"segent.temperature", "0"},
        {"segent.temperature", "-1"},
        {"segent.temperature", "nan"},
        {"segent.temperature", "1e999"},
        {"segent.temperature", ""},
        {"segent.temperature", "1.5x"},
        {"segent.temperature", "1e"},
        {"segent.size", "0"},
        {"segent.size", "99999999999"},
        {"segent.size", "320 "},
        {"segent.rates", "12,24"},
        {"segent.rates", "12,24,36,48"},
        {"segent.rates", "0,24,36"},
        {"segent.rates", "12,24,99999"},
        {"segent.rates", "12,-24,36"},
        {"segent.classes", "one,two,three"},
        {"segent.classes", ""},
        {"segent.classes", "[\"one\"]"},
        {"segent.eps", "-1"},
        {"segent.eps", "1.5"},
        {"segent.precision_error", "0"},
        {"segent.precision_error", "1001"},
        {"segent.precision_error", "-1"},
        {"segent.precision_error", "x"},
    };
    segent_context *context = test_context();
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        expect_bad_metadata(context, bad[i][0], bad[i][1]);
    segent_context_destroy(context);
}

static void test_voc_names(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_model *model = NULL;
    test_assert_ok(context,
                   segent_model_load(context, run_checkpoint(&tiny, SEGENT_CONTAINER_LEGACY, NULL),
                                     NULL, &model));
    assert_string_equal(segent_model_class_name(model, 0), "background");
    assert_string_equal(segent_model_class_name(model, 20), "tvmonitor");
    segent_model_destroy(model);
    segent_context_destroy(context);
}

static void test_names_that_disagree(void **state)
{
    (void)state;
    const char *const names[] = {"cat", "dog"};
    segent_context *context = test_context();
    segent_model_options options = segent_model_options_init();
    segent_model *model = NULL;
    options.class_names = names;
    options.class_name_count = 2;
    const char *path = run_checkpoint(&tiny, SEGENT_CONTAINER_LEGACY, NULL);
    test_assert_status(context, segent_model_load(context, path, &options, &model),
                       SEGENT_ERROR_MODEL);
    test_assert_error_contains(context, "21 classes");
    test_assert_error_contains(context, "2 names");
    options = segent_model_options_init();
    options.settings = "rates=12";
    test_assert_status(context, segent_model_load(context, path, &options, &model),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    assert_null(model);
    segent_context_destroy(context);
}

/* Tensors that are all views of one storage could ask for any amount of memory. */
static void test_shared_storage(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_model *model = NULL;
    const char *path = test_data("run/shared.pth");
    test_assert_status(context, segent_model_load(context, path, NULL, &model), SEGENT_ERROR_MODEL);
    test_assert_error_contains(context, "more elements than the file has bytes");
    assert_null(model);
    segent_context_destroy(context);
}

/* The logits of a file of tests/data/run, of which the caller gives the rates or not. */
static float *logits_of_file(segent_context *context, const char *name, const char *rates,
                             size_t *count)
{
    enum { SIDE = 40 };
    segent_model_options options = segent_model_options_init();
    segent_model_details details = segent_model_details_init();
    segent_model *model = NULL;
    float *picture = malloc((size_t)SIDE * SIDE * 3 * sizeof(float));
    assert_non_null(picture);
    test_network_picture(5, SIDE, SIDE, picture);
    options.settings = rates;
    test_assert_ok(context, segent_model_load(context, test_data(name), &options, &model));
    test_assert_ok(context, segent_model_info(model, &details));
    assert_string_equal(segent_model_property(model, "rates"), "2,3,5");
    assert_string_equal(details.prefix, "");
    *count = (size_t)details.classes * (SIDE / 8) * (SIDE / 8);
    float *logits = malloc(*count * sizeof(float));
    assert_non_null(logits);
    test_assert_ok(context, sg_network_run(context, model->built.network, picture, SIDE, SIDE, NULL,
                                           logits, NULL));
    free(picture);
    segent_model_destroy(model);
    return logits;
}

/* A whole module says what a state dict does not: rates and eps, which here are not the usual ones;
 * a module of another output stride is refused, not run as another network. */
static void test_whole_module(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_model *model = NULL;
    size_t count, same;
    float *module = logits_of_file(context, "run/module.pth", NULL, &count);
    float *tensors = logits_of_file(context, "run/module_tensors.pth", "rates=2,3,5", &same);
    assert_int_equal(count, same);
    for (size_t i = 0; i < count; i++)
        assert_true(fabsf(module[i] - tensors[i]) <= 1e-4f * (1.0f + fabsf(tensors[i])));
    free(module);
    free(tensors);
    test_assert_status(context,
                       segent_model_load(context, test_data("run/module_stride.pth"), NULL, &model),
                       SEGENT_ERROR_MODEL);
    test_assert_error_contains(context, "module backbone.layer4.0.conv2 has a dilation of 1, "
                                        "expected 2");
    assert_null(model);
    segent_context_destroy(context);
}

static void test_from_memory(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_model *model = NULL;
    segent_model_details details = segent_model_details_init();
    size_t size;
    unsigned char *bytes = test_read_file(run_checkpoint(&tiny, SEGENT_CONTAINER_ZIP, NULL), &size);
    test_assert_ok(context, segent_model_load_memory(context, bytes, size, NULL, &model));
    free(bytes); /* is not kept */
    segent_model_info(model, &details);
    assert_int_equal(details.classes, 21);
    segent_model_destroy(model);
    segent_context_destroy(context);
}

/* A model of a checkpoint that is open is that of its file. */
static void test_from_checkpoint(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = NULL;
    segent_model *model = NULL;
    segent_model_details details = segent_model_details_init();
    test_assert_ok(
        context, segent_checkpoint_load(context, run_checkpoint(&tiny, SEGENT_CONTAINER_ZIP, NULL),
                                        &checkpoint));
    test_assert_ok(context, segent_model_from_checkpoint(context, checkpoint, NULL, &model));
    segent_checkpoint_destroy(checkpoint); /* is not needed */
    segent_model_info(model, &details);
    assert_int_equal(details.classes, 21);
    assert_int_equal(details.container, SEGENT_CONTAINER_ZIP);
    segent_model_destroy(model);
    model = NULL;
    test_assert_status(context, segent_model_from_checkpoint(context, NULL, NULL, &model),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    assert_null(model);
    segent_context_destroy(context);
}

/* The eps of batch norms can be given, and is told where it is not torchvision's. */
static void test_eps(void **state)
{
    (void)state;
    static const struct {
        const char *file, *settings, *eps;
    } cases[] = {
        {"run/module.pth", NULL, "0.03"},
        {"run/module.pth", "eps=0.125", "0.125"},
        {"run/module.pth", "eps=0.00001", NULL},
        {"run/module_tensors.pth", NULL, NULL},
        {"run/module_tensors.pth", "eps=0.3", "0.3"},
        {"run/module_tensors.pth", "eps=0", "0"},
        {"run/module_tensors.pth", "eps=1.2345678901234567e-3", "0.0012345678901234567"},
    };
    enum { SIDE = 40 };
    segent_context *context = test_context();
    float picture[SIDE * SIDE * 3], logits[2][3 * (SIDE / 8) * (SIDE / 8)];
    test_network_picture(5, SIDE, SIDE, picture);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        segent_model_options options = segent_model_options_init();
        segent_model *model = NULL;
        options.settings = cases[i].settings;
        test_assert_ok(context,
                       segent_model_load(context, test_data(cases[i].file), &options, &model));
        const char *eps = segent_model_property(model, "eps");
        assert_int_equal(eps != NULL, cases[i].eps != NULL);
        if (eps)
            assert_string_equal(eps, cases[i].eps);
        assert_int_equal(model->built.facts.classes, 3);
        test_assert_ok(context, sg_network_run(context, model->built.network, picture, SIDE, SIDE,
                                               NULL, logits[i % 2], NULL));
        if (i == 1) /* other eps, other logits */
            assert_memory_not_equal(logits[0], logits[1], sizeof(logits[0]));
        segent_model_destroy(model);
    }
    segent_context_destroy(context);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* The tensors that a network uses are those of its backbone and classifier without the counters,
 * under torchvision's names, wherever in the file they stand. */
static void test_tensor_names(void **state)
{
    (void)state;
    static const char counter[] = "num_batches_tracked";
    const test_writer_options writer = {.prefix = "student.module.net."};
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = NULL;
    segent_model *model = NULL;
    segent_model_options options = segent_model_options_init();
    options.examine_only = 1;
    test_assert_ok(
        context,
        segent_checkpoint_load(
            context, run_checkpoint(&tiny, SEGENT_CONTAINER_SAFETENSORS, &writer), &checkpoint));
    test_assert_ok(context, segent_model_from_checkpoint(context, checkpoint, &options, &model));
    const int64_t count = segent_checkpoint_count(checkpoint);
    const size_t prefix = strlen("student.net.");
    int64_t used = 0;
    for (int64_t i = 0; i < count; i++) {
        segent_tensor_info tensor = segent_tensor_info_init();
        test_assert_ok(context, segent_checkpoint_tensor(context, checkpoint, i, &tensor));
        const char *name = segent_model_tensor_name(model, i);
        const char *own = tensor.name + prefix;
        if (begins(own, "aux_classifier.") || strstr(own, counter)) {
            assert_null(name);
        } else {
            assert_non_null(name);
            assert_string_equal(name, own);
            used++;
        }
    }
    assert_true(used > 100 && used < count);
    assert_null(segent_model_tensor_name(model, count));
    assert_null(segent_model_tensor_name(model, -1));
    segent_model_destroy(model);
    segent_checkpoint_destroy(checkpoint);
    segent_context_destroy(context);
}

/* A head in parts of its own, "classifier.0.0.convs" and "classifier.0.4.1", has torchvision's
 * names all the same. */
static void test_tensor_names_of_head(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = NULL;
    segent_model *model = NULL;
    test_network *network = test_network_make(&tiny);
    for (size_t i = 0; i < network->count; i++) {
        char *name = network->names[i], rest[80];
        if (!begins(name, "classifier."))
            continue;
        snprintf(rest, sizeof(rest), "%s", name + strlen("classifier."));
        if (begins(rest, "4."))
            snprintf(name, sizeof(rest), "classifier.0.4.1.%.40s", rest + 2);
        else
            snprintf(name, sizeof(rest), "classifier.0.%.60s", rest);
    }
    const char *path = test_temporary("head.pth");
    test_write_checkpoint(path, SEGENT_CONTAINER_ZIP, network->tensors, network->count, NULL);
    test_assert_ok(context, segent_checkpoint_load(context, path, &checkpoint));
    test_assert_ok(context, segent_model_from_checkpoint(context, checkpoint, NULL, &model));
    int found = 0;
    for (int64_t i = 0; i < segent_checkpoint_count(checkpoint); i++) {
        const char *name = segent_model_tensor_name(model, i);
        found += name && strcmp(name, "classifier.0.convs.0.0.weight") == 0;
        found += name && strcmp(name, "classifier.4.weight") == 0;
        found += name && strcmp(name, "classifier.4.bias") == 0;
    }
    assert_int_equal(found, 3);
    segent_model_destroy(model);
    segent_checkpoint_destroy(checkpoint);
    test_network_free(network);
    segent_context_destroy(context);
}

/* Every name that is promised is the model of that name, with the parameters that torchvision
 * counts in it without its auxiliary classifier; the same seed gives the same weights. */
static void test_seeded(void **state)
{
    static const struct {
        const char *name, *architecture;
        int64_t parameters;
    } cases[] = {
        {"resnet50", "deeplabv3_resnet50", 39638869},
        {"deeplabv3_resnet101", "deeplabv3_resnet101", 58630997},
        {"fcn_resnet50", "fcn_resnet50", 32957013},
        {"fcn_resnet101", "fcn_resnet101", 51949141},
        {"deeplabv3_mobilenet_v3_large", "deeplabv3_mobilenet_v3_large", 11025477},
        {"lraspp_mobilenet_v3_large", "lraspp_mobilenet_v3_large", 3221538},
        {"fcn_mobilenet_v3_large", "fcn_mobilenet_v3_large", 5051093},
        {"deeplabv3_resnet18", "deeplabv3_resnet18", 15904085},
        {"deeplabv3_resnet34", "deeplabv3_resnet34", 26012245},
        {"deeplabv3_resnet152", "deeplabv3_resnet152", 74274645},
        {"deeplabv3_wide_resnet50_2", "deeplabv3_wide_resnet50_2", 82965077},
        {"deeplabv3_resnext50_32x4d", "deeplabv3_resnext50_32x4d", 39110741},
    };
    (void)state;
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = NULL, *same = NULL, *other = NULL;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        segent_model *model = NULL;
        segent_model_details details = segent_model_details_init();
        test_assert_ok(context, segent_checkpoint_seeded(context, cases[i].name, 1, &checkpoint));
        test_assert_ok(context, segent_model_from_checkpoint(context, checkpoint, NULL, &model));
        segent_checkpoint_destroy(checkpoint);
        segent_model_info(model, &details);
        assert_string_equal(details.architecture, cases[i].architecture);
        assert_int_equal(details.parameters, cases[i].parameters);
        segent_model_destroy(model);
    }
    test_assert_ok(context, segent_checkpoint_seeded(context, "resnet50", 1, &checkpoint));
    test_assert_ok(context, segent_checkpoint_seeded(context, "deeplabv3_resnet50", 1, &same));
    test_assert_ok(context, segent_checkpoint_seeded(context, "resnet50", 2, &other));
    float values[3][21];
    segent_checkpoint *const all[3] = {checkpoint, same, other};
    for (int i = 0; i < 3; i++) {
        const int64_t last = segent_checkpoint_count(all[i]) - 1; /* the classes' bias */
        test_assert_ok(context, segent_checkpoint_read(context, all[i], last, values[i], 21));
        segent_checkpoint_destroy(all[i]);
    }
    assert_memory_equal(values[0], values[1], sizeof(values[0]));
    assert_memory_not_equal(values[0], values[2], sizeof(values[0]));

    static const char *const unknown[] = {
        "",          "resnet",           "resnet19",      "deeplabv3",   "fcn_",
        "_resnet50", "deeplab_resnet50", "fcn_resnet50 ", "FCN_resnet50"};
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        checkpoint = NULL;
        test_assert_status(context, segent_checkpoint_seeded(context, unknown[i], 1, &checkpoint),
                           SEGENT_ERROR_INVALID_ARGUMENT);
        test_assert_error_contains(context, unknown[i]);
        assert_null(checkpoint);
    }
    assert_int_equal(segent_checkpoint_seeded(context, NULL, 1, &checkpoint),
                     SEGENT_ERROR_INVALID_ARGUMENT);
    segent_context_destroy(context);
}

static void test_memory_plan(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_model *model = NULL;
    int64_t small = 0, large = 0;
    test_assert_ok(context,
                   segent_model_load(context, run_checkpoint(&tiny, SEGENT_CONTAINER_LEGACY, NULL),
                                     NULL, &model));
    test_assert_ok(context, segent_model_memory(context, model, 64, 48, NULL, &small));
    test_assert_ok(context, segent_model_memory(context, model, 640, 480, NULL, &large));
    assert_true(small > 0 && large > small);
    test_assert_status(context, segent_model_memory(context, model, 0, 48, NULL, &small),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    segent_model_destroy(model);
    segent_context_destroy(context);
}

static void test_bad_arguments(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_model *model = NULL;
    segent_model_details details = segent_model_details_init();
    assert_int_equal(segent_model_load(NULL, "x", NULL, &model), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(segent_model_load(context, NULL, NULL, &model), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(segent_model_load(context, "x", NULL, NULL), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(segent_model_load_memory(context, NULL, 4, NULL, &model),
                     SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(segent_model_info(NULL, &details), SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(context, segent_model_load(context, "/nowhere/at/all", NULL, &model),
                       SEGENT_ERROR_NOT_FOUND);
    test_assert_error_contains(context, "/nowhere/at/all");
    segent_model_destroy(NULL);
    segent_context_destroy(context);
}

/* Every allocation of a load fails in turn; nothing leaks. */
static void test_allocation_failures(void **state)
{
    (void)state;
#define SEVEN "#010203,#040506,#070809,#0a0b0c,#0d0e0f,#101112,#131415"
    static const char colours[] = SEVEN "," SEVEN "," SEVEN;
    const char *const metadata[] = {"segent.description", "x",     "segent.size", "64",
                                    "segent.palette",     colours, NULL};
    const test_writer_options writer = {.metadata = metadata};
    const char *path = run_checkpoint(&tiny, SEGENT_CONTAINER_SAFETENSORS, &writer);
    segent_status status = SEGENT_ERROR_OUT_OF_MEMORY;
    for (int64_t k = 1; status != SEGENT_OK; k++) {
        test_allocator memory = {0};
        segent_options options = test_allocator_options(&memory);
        segent_context *context = NULL;
        segent_model *model = NULL;
        assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
        memory.fail_at = memory.calls + k;
        status = segent_model_load(context, path, NULL, &model);
        if (status == SEGENT_OK) {
            assert_true(k > 20);
            assert_non_null(segent_model_palette(model, NULL));
        } else {
            test_assert_status(context, status, SEGENT_ERROR_OUT_OF_MEMORY);
            assert_null(model);
        }
        segent_model_destroy(model);
        segent_context_destroy(context);
        assert_int_equal(memory.live, 0);
    }
}

/* The auxiliary classifier, which is kept when it is asked for and changes nothing else. */
static void test_auxiliary(void **state)
{
    enum { SIDE = 40 };
    (void)state;
    segent_context *context = test_context();
    segent_model_options options = segent_model_options_init();
    segent_model_details details = segent_model_details_init();
    segent_model *model = NULL, *plain = NULL;
    segent_result *result = NULL, *expected = NULL;
    int32_t height = -1, width = -1, low_height, low_width;
    const char *path = run_checkpoint(&tiny, SEGENT_CONTAINER_ZIP, NULL);
    uint8_t *rgb = run_noise(3, SIDE, SIDE);
    segent_image *image = run_image(context, rgb, SIDE, SIDE);
    segent_run_options run = segent_run_options_init();
    run.size = SEGENT_SIZE_OWN;
    options.auxiliary = 1;
    test_assert_ok(context, segent_model_load(context, path, &options, &model));
    test_assert_ok(context, segent_model_load(context, path, NULL, &plain));
    assert_int_equal(segent_model_info(model, &details), SEGENT_OK);
    assert_int_equal(details.auxiliary, 1);
    assert_int_equal(details.parameters, details.parameters_in_file);
    assert_int_equal(segent_model_info(plain, &details), SEGENT_OK);
    assert_int_equal(details.auxiliary, 0);
    assert_true(details.parameters < details.parameters_in_file);
    test_assert_ok(context, segent_run(context, model, image, &run, &result));
    test_assert_ok(context, segent_run(context, plain, image, &run, &expected));
    run_assert_same(result, expected);
    assert_null(segent_result_auxiliary_logits(expected, &height, &width));
    assert_int_equal(height, 0);
    assert_int_equal(width, 0);
    assert_null(segent_result_auxiliary_logits(NULL, NULL, NULL));
    const float *auxiliary = segent_result_auxiliary_logits(result, &height, &width);
    const float *logits = segent_result_lowres_logits(result, &low_height, &low_width);
    assert_non_null(auxiliary);
    assert_int_equal(height, low_height); /* both of them are at 1/8 */
    assert_int_equal(width, low_width);
    assert_memory_not_equal(auxiliary, logits, (size_t)height * (size_t)width * sizeof(float));
    segent_result_destroy(result);
    segent_result_destroy(expected);
    segent_model_destroy(model);
    segent_model_destroy(plain);

    /* The network alone leaves it out. */
    segent_input input = segent_input_init();
    input.image = image;
    test_assert_ok(context, segent_model_load(context, path, &options, &model));
    float *low = malloc((size_t)details.classes * (size_t)height * (size_t)width * sizeof(float));
    assert_non_null(low);
    const segent_tensor_view view = segent_tensor_chw(low, details.classes, height, width);
    test_assert_ok(context, segent_model_logits(context, model, &input, &run, &view));
    free(low);
    segent_model_destroy(model);
    assert_int_equal(remove(path), 0);
    segent_image_destroy(image);
    free(rgb);
    segent_context_destroy(context);
}

static void test_no_auxiliary(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = NULL;
    segent_model_options options = segent_model_options_init();
    segent_model *model = NULL;
    options.auxiliary = 1;
    options.examine_only = 1;
    test_assert_ok(context,
                   segent_checkpoint_seeded(context, "lraspp_mobilenet_v3_large", 1, &checkpoint));
    test_assert_status(context, segent_model_from_checkpoint(context, checkpoint, &options, &model),
                       SEGENT_ERROR_MODEL);
    test_assert_error_contains(context, "aux_classifier.0.weight is missing");
    assert_null(model);
    segent_checkpoint_destroy(checkpoint);
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_details),        cmocka_unit_test(test_shorter_details),
        cmocka_unit_test(test_metadata),       cmocka_unit_test(test_bad_metadata),
        cmocka_unit_test(test_voc_names),      cmocka_unit_test(test_names_that_disagree),
        cmocka_unit_test(test_shared_storage), cmocka_unit_test(test_whole_module),
        cmocka_unit_test(test_from_memory),    cmocka_unit_test(test_from_checkpoint),
        cmocka_unit_test(test_listed_names),   cmocka_unit_test(test_eps),
        cmocka_unit_test(test_tensor_names),   cmocka_unit_test(test_tensor_names_of_head),
        cmocka_unit_test(test_seeded),         cmocka_unit_test(test_auxiliary),
        cmocka_unit_test(test_no_auxiliary),   cmocka_unit_test(test_memory_plan),
        cmocka_unit_test(test_bad_arguments),  cmocka_unit_test(test_allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
