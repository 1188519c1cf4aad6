/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Where in a file the network is: prefixes, wrappers' names, one of several, averages beside it,
 * and what is told of the rest. */

#include "changed.h"

#include "model/find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    network_rename(source, "backbone.", "backbone._orig_mod.");
    network_destroy(network_taken(source));
    source = test_network_make(&tiny_shape);
    network_rename(source, "classifier.", "classifier.module.");
    network_rename(source, "backbone.layer3.0.", "backbone.layer3.0._checkpoint_wrapped_module.");
    network_destroy(network_taken(source));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_wrapped_parts),
        cmocka_unit_test(test_wrappers_that_tell_apart),
        cmocka_unit_test(test_several),
        cmocka_unit_test(test_spares),
        cmocka_unit_test(test_half_a_network_is_none),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_normalisation),
    };
    return cmocka_run_group_tests(tests, group_set_up, group_tear_down);
}
