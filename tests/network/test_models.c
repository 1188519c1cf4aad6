/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Checkpoints that do not make a network: each is refused with a sentence that names file, tensor,
 * what was expected and what was found. */

#include "common.h"

#include "model/find.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Finds the network in a checkpoint and builds it. */
static segent_status create(const segent_checkpoint *checkpoint, const char *wanted,
                            sg_built **network)
{
    char prefix[SG_PREFIX_SIZE];
    const segent_status status = sg_model_find(group_context, checkpoint, wanted, prefix);
    return status == SEGENT_OK
               ? network_build(group_context, checkpoint, prefix, standard_rates, network)
               : status;
}

/* Writes the network, expects that it is refused and that the sentence has these parts (may be
 * NULL); frees it. */
static void check_refused(test_network *source, const char *tensor, const char *problem)
{
    sg_built *network = NULL;
    segent_checkpoint *checkpoint =
        network_checkpoint(group_context, source, SEGENT_CONTAINER_LEGACY);
    test_assert_status(group_context, create(checkpoint, NULL, &network), SEGENT_ERROR_MODEL);
    assert_null(network);
    test_assert_error_contains(group_context, "network.pth: ");
    if (tensor)
        test_assert_error_contains(group_context, tensor);
    test_assert_error_contains(group_context, problem);
    segent_checkpoint_destroy(checkpoint);
    test_network_free(source);
}

/* Writes the network, expects that it is taken; frees it. */
static sg_built *check_taken(test_network *source)
{
    sg_built *network = NULL;
    segent_checkpoint *checkpoint = network_checkpoint(group_context, source, SEGENT_CONTAINER_ZIP);
    test_assert_ok(group_context, create(checkpoint, NULL, &network));
    segent_checkpoint_destroy(checkpoint);
    test_network_free(source);
    return network;
}

static void remove_at(test_network *network, size_t index)
{
    network->count--;
    memmove(&network->tensors[index], &network->tensors[index + 1],
            (network->count - index) * sizeof(network->tensors[0]));
}

static void rename_prefix(test_network *network, const char *from, const char *to)
{
    const size_t length = strlen(from);
    for (size_t i = 0; i < network->count; i++) {
        const char *name = network->tensors[i].name;
        if (strncmp(name, from, length) != 0)
            continue;
        char renamed[2 * sizeof(network->names[0])];
        snprintf(renamed, sizeof(renamed), "%.79s%.79s", to, name + length);
        assert_true(strlen(renamed) < sizeof(network->names[0]));
        memcpy((char *)name, renamed, strlen(renamed) + 1); /* one of network->names */
    }
}

static void remove_prefix(test_network *network, const char *prefix)
{
    for (size_t i = network->count; i-- > 0;) {
        if (strncmp(network->tensors[i].name, prefix, strlen(prefix)) == 0)
            remove_at(network, i);
    }
}

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
        remove_at(source, i);
        check_refused(source, name, "is missing");
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
            remove_at(source, i);
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
    static const char *const names[] = {"backbone.layer1.0.conv4.bias", "backbone.layer5.0.weight",
                                        "backbone.layer10.0.x", "backbone.attention.weight",
                                        "classifier.3.weight"};
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

/* ==== Where the network is ==== */

static char notes[4096];

static void collect_notes(void *user, int32_t level, const char *message)
{
    (void)user;
    if (level <= SEGENT_LOG_WARNING) {
        strncat(notes, message, sizeof(notes) - strlen(notes) - 1);
        strncat(notes, "\n", sizeof(notes) - strlen(notes) - 1);
    }
}

/* Appends a network to a list of tensors, PREFIX before each name (to free with the list). */
static size_t add_network(test_tensor *tensors, size_t count, const test_network *network,
                          const char *prefix)
{
    for (size_t i = 0; i < network->count; i++) {
        const test_tensor *tensor = &network->tensors[i];
        const size_t size = strlen(prefix) + strlen(tensor->name) + 1;
        char *name = malloc(size);
        assert_non_null(name);
        snprintf(name, size, "%s%s", prefix, tensor->name);
        tensors[count] = *tensor;
        tensors[count++].name = name;
    }
    return count;
}

/* A file with a network at each of the prefixes (at most four), of seeds 1, 2, ..., and `extra`
 * tensors of one number. */
static segent_checkpoint *several(segent_context *into, const char *const *prefixes,
                                  const char *const *extra)
{
    static const float one[1] = {1};
    segent_checkpoint *checkpoint = NULL;
    test_network *networks[4] = {NULL};
    test_tensor *tensors = calloc(2048, sizeof(*tensors));
    assert_non_null(tensors);
    size_t count = 0, own;
    /* The names of weights decide their values, so those of a network are streamed by its own. */
    for (size_t i = 0; prefixes[i]; i++) {
        test_network_shape shape = tiny_shape;
        shape.classes = 2 + (int32_t)i;
        networks[i] = test_network_make(&shape);
        for (size_t t = 0; t < networks[i]->count; t++)
            networks[i]->tensors[t].data = NULL;
        count = add_network(tensors, count, networks[i], prefixes[i]);
    }
    own = count;
    for (size_t i = 0; extra && extra[i]; i++)
        tensors[count++] = (test_tensor){
            .name = extra[i], .dtype = SEGENT_DTYPE_F32, .rank = 1, .shape = {1}, .data = one};
    const char *path = test_temporary("several.safetensors");
    test_write_checkpoint(path, SEGENT_CONTAINER_SAFETENSORS, tensors, count, NULL);
    test_assert_ok(into, segent_checkpoint_load(into, path, &checkpoint));
    for (size_t i = 0; i < own; i++)
        free((char *)tensors[i].name);
    free(tensors);
    for (size_t i = 0; i < 4; i++)
        test_network_free(networks[i]);
    return checkpoint;
}

/* The prefix that is found, or NULL: then the sentence is in the context. */
static const char *found(const char *const *prefixes, const char *const *extra, const char *wanted)
{
    static char prefix[SG_PREFIX_SIZE];
    segent_checkpoint *checkpoint = several(group_context, prefixes, extra);
    const segent_status status = sg_model_find(group_context, checkpoint, wanted, prefix);
    if (status == SEGENT_OK) {
        sg_built *network = NULL;
        test_assert_ok(group_context,
                       network_build(group_context, checkpoint, prefix, standard_rates, &network));
        network_destroy(network);
    } else {
        assert_int_equal(status, SEGENT_ERROR_MODEL);
    }
    segent_checkpoint_destroy(checkpoint);
    return status == SEGENT_OK ? prefix : NULL;
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_prefixes(void **state)
{
    static const struct {
        const char *in_file, *found;
    } cases[] = {
        {"", ""},
        {"model.", "model."},
        {"state_dict.net.", "state_dict.net."},
        {"a.word.of.its.own.", "a.word.of.its.own."},
        {"0.", "0."},
        {"backbone.", "backbone."},
        {"module.", ""},
        {"module._orig_mod.", ""},
        {"model.module._orig_mod.net.", "model.net."},
        {"_fsdp_wrapped_module.model._checkpoint_wrapped_module.", "model."},
        {"_forward_module.", ""},
        {"ema_model.", "ema_model."},
        {"my_module.", "my_module."},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(found(LIST(cases[i].in_file), NULL, NULL), cases[i].found);
}

/* Wrappers inside the network's own names. */
static void test_wrapped_parts(void **state)
{
    (void)state;
    test_network *source = test_network_make(&tiny_shape);
    rename_prefix(source, "backbone.", "backbone._orig_mod.");
    network_destroy(check_taken(source));
    source = test_network_make(&tiny_shape);
    rename_prefix(source, "classifier.", "classifier.module.");
    rename_prefix(source, "backbone.layer3.0.", "backbone.layer3.0._checkpoint_wrapped_module.");
    network_destroy(check_taken(source));
}

/* Where wrappers tell two tensors apart, all names are as they are in the file. */
static void test_wrappers_that_tell_apart(void **state)
{
    (void)state;
    assert_null(found(LIST("", "module."), NULL, NULL));
    test_assert_error_contains(group_context, "holds 2 networks, at '.', 'module'");
    assert_string_equal(found(LIST("", "module."), NULL, "module"), "module.");
    assert_string_equal(found(LIST("", "module."), NULL, "."), "");
}

static void test_several(void **state)
{
    static const char *const pair[] = {"student.", "teacher.", NULL};
    static const char *const deep[] = {"state_dict.a.net.", "state_dict.b.net.", "c.", NULL};
    (void)state;
    assert_null(found(pair, NULL, NULL));
    test_assert_error_contains(group_context,
                               "holds 2 networks, at 'student', 'teacher'; choose one");
    test_assert_error_contains(group_context, "segent_model_options.prefix");
    assert_string_equal(found(pair, NULL, "teacher"), "teacher.");
    assert_string_equal(found(pair, NULL, "student."), "student.");
    assert_string_equal(found(pair, NULL, "module.student"), "student.");
    assert_null(found(pair, NULL, "nobody"));
    test_assert_error_contains(group_context, "'nobody' is the place of no network; there are "
                                              "'student', 'teacher'");
    assert_null(found(pair, NULL, "udent"));
    assert_null(found(pair, NULL, ""));
    assert_string_equal(found(deep, NULL, "b.net"), "state_dict.b.net.");
    assert_string_equal(found(deep, NULL, "c"), "c.");
    assert_null(found(deep, NULL, "net"));
    test_assert_error_contains(group_context, "'net' is the place of more than one network");
    assert_null(found(LIST("model."), NULL, "ema"));
    test_assert_error_contains(group_context, "there are 'model'");
}

/* Averages and copies among a script's settings give way to what was trained. */
static void test_spares(void **state)
{
    static const char *const spares[] = {"model_ema.",         "state_dict_ema.", "ema.net.",
                                         "averaged_model.",    "swa_model.",      "shadow.params.",
                                         "hyper_parameters.m."};
    (void)state;
    for (size_t i = 0; i < sizeof(spares) / sizeof(spares[0]); i++) {
        assert_string_equal(found(LIST(spares[i], "model."), NULL, NULL), "model.");
        assert_string_equal(found(LIST(spares[i], "model."), NULL, spares[i]), spares[i]);
        assert_string_equal(found(LIST(spares[i]), NULL, NULL), spares[i]);
    }
    assert_null(found(LIST("model_ema.", "swa."), NULL, NULL));
    test_assert_error_contains(group_context, "'model_ema', 'swa'");
    assert_null(found(LIST("model_ema.", "student.", "teacher."), NULL, NULL));
    /* Part of a word is not the word. */
    assert_null(found(LIST("schema.", "model."), NULL, NULL));
}

static void test_half_a_network_is_none(void **state)
{
    static const char *const half[] = {"pretrained.backbone.conv1.weight", NULL};
    (void)state;
    assert_string_equal(found(LIST("model."), half, NULL), "model.");
}

static segent_context *noting(void)
{
    segent_context *other = NULL;
    segent_options options = segent_options_init();
    options.log = collect_notes;
    assert_int_equal(segent_context_create(&options, &other), SEGENT_OK);
    notes[0] = '\0';
    return other;
}

static void test_notes(void **state)
{
    static const char *const extra[] = {
        "model.projection_head.0.weight", "model.loss.weight", "model.a", "model.b", "model.c",
        "optimizer.state.0.exp_avg",      "model.n_averaged",  NULL};
    char prefix[SG_PREFIX_SIZE];
    (void)state;
    segent_context *other = noting();
    segent_checkpoint *checkpoint = several(other, LIST("model.", "model_ema."), extra);
    test_assert_ok(other, sg_model_find(other, checkpoint, NULL, prefix));
    assert_non_null(strstr(notes, "takes the network at 'model' and passes over 'model_ema'; "
                                  "segent_model_options.prefix chooses another"));
    sg_model_note_others(other, checkpoint, prefix, &sg_imagenet);
    assert_non_null(strstr(notes, "beside the network's backbone and classifier: "
                                  "model.projection_head.0.weight, model.loss.weight, model.a, "
                                  "model.b and 1 more"));
    assert_null(strstr(notes, "exp_avg"));
    segent_checkpoint_destroy(checkpoint);

    /* A choice needs no note. */
    notes[0] = '\0';
    checkpoint = several(other, LIST("model.", "model_ema."), NULL);
    test_assert_ok(other, sg_model_find(other, checkpoint, "model_ema", prefix));
    assert_string_equal(prefix, "model_ema.");
    assert_string_equal(notes, "");
    segent_checkpoint_destroy(checkpoint);
    segent_context_destroy(other);
}

/* Numbers that pictures were normalised by are told of if they are not what this library uses. */
static void test_normalisation(void **state)
{
    static const float usual[3] = {0.485f, 0.456f, 0.406f}, bytes[3] = {123.675f, 116.28f, 103.53f},
                       half[3] = {0.5f, 0.5f, 0.5f}, half_bytes[3] = {127.5f, 127.5f, 127.5f};
    static const sg_normalization halves = {{0.5f, 0.5f, 0.5f}, {0.25f, 0.25f, 0.25f}};
    static const struct {
        const char *name;
        const float *values;
        const sg_normalization *used;
        const char *told;
    } cases[] = {
        {"pixel_mean", usual, &sg_imagenet, NULL},
        {"pixel_mean", bytes, &sg_imagenet, NULL},
        {"pixel_mean", half, &sg_imagenet,
         "pixel_mean is 0.5, 0.5, 0.5, but pictures are normalised by another mean"},
        {"pixel_mean", half, &sg_imagenet, "the setting \"mean=0.5,0.5,0.5\""},
        {"pixel_mean", half_bytes, &sg_imagenet, "pixel_mean is 127.5, 127.5, 127.5, "},
        {"pixel_mean", half_bytes, &sg_imagenet, "the setting \"mean=0.5,0.5,0.5\""},
        {"pixel_mean", half, &halves, NULL},
        {"pixel_mean", half_bytes, &halves, NULL},
        {"pixel_mean", usual, &halves, "the setting \"mean=0.485,0.456,0.406\""},
        {"image_std", half, &halves, "the setting \"std=0.5,0.5,0.5\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        segent_context *other = noting();
        segent_checkpoint *checkpoint;
        test_network *source = test_network_make(&tiny_shape);
        source->tensors[source->count++] = (test_tensor){.name = cases[i].name,
                                                         .dtype = SEGENT_DTYPE_F32,
                                                         .rank = 3,
                                                         .shape = {3, 1, 1},
                                                         .data = cases[i].values};
        checkpoint = network_checkpoint(other, source, SEGENT_CONTAINER_ZIP);
        sg_model_note_others(other, checkpoint, "", cases[i].used);
        if (cases[i].told)
            assert_non_null(strstr(notes, cases[i].told));
        else
            assert_null(strstr(notes, "normalised by"));
        segent_checkpoint_destroy(checkpoint);
        test_network_free(source);
        segent_context_destroy(other);
    }
}

/* ==== Sizes that a network cannot have ==== */

static void test_class_counts(void **state)
{
    test_network_shape shape = tiny_shape;
    (void)state;
    shape.classes = 65537;
    check_refused(test_network_make(&shape), "classifier.4.weight", "the first 1 to 65536");
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
        check_refused(source, names[i], "has shape (0, ");
    }
}

/* ==== Heads as people change them ==== */

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
        rename_prefix(source, from[i], to[i]);
        sg_built *network = check_taken(source);
        assert_int_equal(network->facts.classes, tiny_shape.classes);
        network_destroy(network);
    }
    /* A second convolution behind the first is another network. */
    static const float zeros[4] = {0};
    test_network *source = test_network_make(&tiny_shape);
    rename_prefix(source, "classifier.4.", "classifier.4.0.");
    source->tensors[source->count++] = (test_tensor){.name = "classifier.4.2.weight",
                                                     .dtype = SEGENT_DTYPE_F32,
                                                     .rank = 4,
                                                     .shape = {2, 2, 1, 1},
                                                     .data = zeros};
    check_refused(source, "classifier.4.2.weight", "is left over");
    /* Both at once, and a tensor is missing: the sentence has its name in the file. */
    source = test_network_make(&tiny_shape);
    rename_prefix(source, "classifier.4.", "classifier.4.1.");
    rename_prefix(source, "classifier.", "classifier.0.");
    rename_prefix(source, "classifier.0.2.", "classifier.0.3.");
    check_refused(source, "tensor classifier.0.2.weight", "is missing");
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
    sg_built *with = check_taken(source);
    source = test_network_make(&tiny_shape);
    test_tensor *last = test_network_find(source, "classifier.4.bias");
    remove_at(source, (size_t)(last - source->tensors));
    sg_built *without = check_taken(source);
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
    network_destroy(check_taken(source));
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
    sg_built *network = check_taken(make_fcn());
    assert_string_equal(network->facts.row->name, "fcn");
    assert_int_equal(network->facts.classes, tiny_shape.classes);
    assert_int_equal(network->facts.head, 8 * tiny_shape.width);
    assert_int_equal(network->facts.rates[0], 0);
    network_destroy(network);

    test_network *source = make_fcn();
    rename_prefix(source, "", "net.module.");
    network_destroy(check_taken(source));

    source = make_fcn();
    rename_prefix(source, "classifier.", "classifier.0.");
    network_destroy(check_taken(source));

    source = make_fcn();
    remove_prefix(source, "classifier.4.");
    check_refused(source, "tensor classifier.4.weight",
                  "is missing, so this is not an FCN network");

    source = make_fcn();
    test_network_find(source, "classifier.1.running_mean")->shape[0]++;
    check_refused(source, "tensor classifier.1.running_mean", "has shape (17), expected (16)");

    source = make_fcn();
    test_network_find(source, "classifier.0.weight")->rank = 2;
    check_refused(source, "tensor classifier.0.weight", "expected 4 dimensions");
}

/* ==== Other networks ==== */

static void test_other_networks(void **state)
{
    (void)state;
    test_network *source = test_network_make(&tiny_shape);
    rename_prefix(source, "backbone.conv1.", "backbone.0.0.");
    check_refused(source, "tensor backbone.0.0.weight", "expected (2, 3, 3, 3)");

    source = test_network_make(&tiny_shape);
    remove_prefix(source, "classifier.");
    rename_prefix(source, "aux_classifier.", "classifier.");
    check_refused(source, "classifier.0.weight", "has shape (8, 32, 3, 3), expected (8, 64, 3, 3)");

    source = test_network_make(&tiny_shape);
    remove_prefix(source, "classifier.");
    rename_prefix(source, "backbone.", "");
    rename_prefix(source, "aux_classifier.4.", "fc.");
    test_network_find(source, "fc.weight")->rank = 2;
    check_refused(source, NULL, "a classification ResNet");

    source = test_network_make(&tiny_shape);
    remove_prefix(source, "backbone.");
    check_refused(source, "backbone.conv1.weight", "not a DeepLabV3");

    source = test_network_make(&tiny_shape);
    source->count = 1;
    source->tensors[0].name = "weight";
    check_refused(source, "backbone.conv1.weight", "not a DeepLabV3");
}

/* Backbones that shapes tell apart. */
static void test_other_backbones(void **state)
{
    (void)state;
    test_network *source = test_network_make(&tiny_shape);
    test_network_find(source, "backbone.conv1.weight")->shape[1] = 4;
    check_refused(source, NULL, "pictures of 4 channels");

    source = test_network_make(&tiny_shape);
    for (size_t i = source->count; i-- > 0;) {
        if (strstr(source->tensors[i].name, ".running_"))
            remove_at(source, i);
    }
    check_refused(source, NULL, "GroupNorm");

    source = test_network_make(&tiny_shape);
    rename_prefix(source, "backbone.layer2.0.conv1.weight", "backbone.layer2.0.conv1.weight_orig");
    check_refused(source, "tensor backbone.layer2.0.conv1.weight is missing",
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
        check_refused(source, NULL, cases[i].sentence);
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
        cmocka_unit_test(test_normalisation),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_half_a_network_is_none),
        cmocka_unit_test(test_spares),
        cmocka_unit_test(test_several),
        cmocka_unit_test(test_wrappers_that_tell_apart),
        cmocka_unit_test(test_wrapped_parts),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_class_counts),
        cmocka_unit_test(test_most_classes),
        cmocka_unit_test(test_empty_tensors),
        cmocka_unit_test(test_one_output),
        cmocka_unit_test(test_sequential_heads),
        cmocka_unit_test(test_biases),
        cmocka_unit_test(test_unused_tensors),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_overflow),
        cmocka_unit_test(test_fcn),
        cmocka_unit_test(test_other_networks),
        cmocka_unit_test(test_no_network),
        cmocka_unit_test(test_other_backbones),
    };
    return cmocka_run_group_tests(tests, group_set_up, group_tear_down);
}
