/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Models that are only examined (segent_model_options.examine_only): they say of themselves what
 * others do, take little memory, and cannot run. */

#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const test_network_shape shape = {
    .seed = 7, .blocks = {1, 2, 1, 1}, .width = 2, .aspp = 4, .classes = 3};
static const test_network_shape fcn_shape = {
    .seed = 7, .blocks = {1, 2, 1, 1}, .width = 4, .aspp = 0, .classes = 3};

typedef struct fixture {
    segent_context *context;
    /* Files: without metadata, with all of it, of an FCN. */
    char plain[RUN_PATH], told[RUN_PATH], fcn[RUN_PATH];
} fixture;

static int set_up(void **state)
{
    static fixture f;
    static const char *const metadata[] = {"segent.rates",
                                           "2,4,6",
                                           "segent.size",
                                           "320",
                                           "segent.temperature",
                                           "1.25",
                                           "segent.description",
                                           "of the file",
                                           "segent.palette",
                                           "#000000,#8000ff,#0116fe",
                                           NULL};
    f.context = run_context(2);
    run_write(f.plain, &shape, NULL);
    run_write(f.told, &shape, metadata);
    run_write(f.fcn, &fcn_shape, NULL);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    segent_context_destroy(f->context);
    return 0;
}

static void assert_same_text(const char *text, const char *expected)
{
    assert_non_null(text);
    assert_string_equal(text, expected);
}

/* Everything that can be asked of both, but for whether there are weights. */
static void assert_same_model(const segent_model *model, const segent_model *expected)
{
    segent_model_details a = segent_model_details_init(), b = a;
    assert_int_equal(segent_model_info(model, &a), SEGENT_OK);
    assert_int_equal(segent_model_info(expected, &b), SEGENT_OK);
    assert_same_text(a.architecture, b.architecture);
    assert_same_text(a.backbone, b.backbone);
    assert_same_text(a.head, b.head);
    assert_same_text(a.description, b.description);
    assert_same_text(a.prefix, b.prefix);
    assert_int_equal(a.classes, b.classes);
    assert_int_equal(a.output_stride, b.output_stride);
    assert_int_equal(a.size, b.size);
    assert_true(a.temperature == b.temperature);
    assert_int_equal(a.container, b.container);
    assert_int_equal(a.parameters, b.parameters);
    assert_int_equal(a.parameters_in_file, b.parameters_in_file);
    for (int32_t i = 0; i < a.classes; i++)
        assert_same_text(segent_model_class_name(model, i), segent_model_class_name(expected, i));
    int64_t colours, expected_colours;
    const uint8_t *palette = segent_model_palette(model, &colours);
    const uint8_t *expected_palette = segent_model_palette(expected, &expected_colours);
    assert_int_equal(colours, expected_colours);
    if (expected_palette)
        assert_memory_equal(palette, expected_palette, 3 * (size_t)colours);
    for (int32_t i = 0; segent_model_property_key(expected, i); i++) {
        const char *key = segent_model_property_key(expected, i);
        assert_same_text(segent_model_property_key(model, i), key);
        assert_same_text(segent_model_property(model, key), segent_model_property(expected, key));
    }
}

static segent_model *examine(segent_context *context, const char *path)
{
    segent_model_options options = segent_model_options_init();
    segent_model *model = NULL;
    options.examine_only = 1;
    test_assert_ok(context, segent_model_load(context, path, &options, &model));
    return model;
}

static void test_examined(void **state)
{
    const fixture *f = *state;
    const char *const paths[] = {f->plain, f->told, f->fcn};
    for (int i = 0; i < 3; i++) {
        segent_model_details details = segent_model_details_init();
        segent_model *model = examine(f->context, paths[i]),
                     *packed = run_load(f->context, paths[i], NULL);
        assert_same_model(model, packed);
        segent_model_info(model, &details);
        assert_int_equal(details.examined_only, 1);
        segent_model_info(packed, &details);
        assert_int_equal(details.examined_only, 0);
        segent_model_destroy(model);
        segent_model_destroy(packed);
    }
}

static void test_examined_cannot_run(void **state)
{
    const fixture *f = *state;
    static float values[40 * 56];
    uint8_t *rgb = run_noise(4, 40, 56);
    segent_image *image = run_image(f->context, rgb, 40, 56);
    segent_model *model = examine(f->context, f->plain);
    segent_result *result = NULL;
    segent_run_options options = segent_run_options_init();
    segent_input input = segent_input_init();
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    const segent_tensor_view logits = segent_tensor_chw(values, 3, 5, 7);
    options.size = SEGENT_SIZE_OWN;
    input.image = image;
    maps.height = 40;
    maps.width = 56;
    maps.entropy.data = values;
    test_assert_status(f->context, segent_run(f->context, model, image, &options, &result),
                       SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(f->context, "examine_only");
    assert_null(result);
    test_assert_status(f->context,
                       segent_run_into(f->context, model, &input, &options, &maps, NULL),
                       SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(f->context, "examine_only");
    test_assert_status(f->context,
                       segent_model_logits(f->context, model, &input, &options, &logits),
                       SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(f->context, "examine_only");
    segent_model_destroy(model);
    segent_image_destroy(image);
    free(rgb);
}

/* What a run takes hangs on the weights, which were not read. */
static void test_examined_memory(void **state)
{
    const fixture *f = *state;
    int64_t bytes = 0;
    segent_model *model = examine(f->context, f->plain);
    test_assert_status(f->context, segent_model_memory(f->context, model, 320, 240, NULL, &bytes),
                       SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(f->context, "examine_only");
    assert_int_equal(bytes, 0);
    segent_model_destroy(model);
}

/* Names and shapes are checked all the same. */
static void test_examined_checks(void **state)
{
    const fixture *f = *state;
    segent_model_options options = segent_model_options_init();
    segent_model *model = NULL;
    options.examine_only = 1;
    for (int i = 0; i < 2; i++) {
        test_network *network = test_network_make(&shape);
        const char *path = test_temporary("damaged");
        test_tensor *tensor = test_network_find(network, "backbone.layer2.1.conv2.weight");
        if (i == 0)
            tensor->shape[0]++;
        else
            tensor->name = "backbone.layer2.1.conv2.wait";
        test_write_checkpoint(path, SEGENT_CONTAINER_ZIP, network->tensors, network->count, NULL);
        test_network_free(network);
        test_assert_status(f->context, segent_model_load(f->context, path, &options, &model),
                           SEGENT_ERROR_MODEL);
        test_assert_error_contains(f->context, "backbone.layer2.1.conv2.w");
        assert_null(model);
    }
    options.settings = "size=none";
    test_assert_status(f->context, segent_model_load(f->context, f->plain, &options, &model),
                       SEGENT_ERROR_INVALID_ARGUMENT);
}

/* ---- with little memory ---- */

typedef struct meter {
    size_t live, peak;
} meter;

enum { HEADER = 64 };

/* One thread: nothing is counted at once. */
static void *allocate(void *user, size_t size)
{
    meter *self = user;
    char *block = malloc(size + HEADER);
    if (!block)
        return NULL;
    memcpy(block, &size, sizeof(size));
    self->live += size;
    self->peak = self->live > self->peak ? self->live : self->peak;
    return block + HEADER;
}

static void release(void *user, void *memory)
{
    meter *self = user;
    char *block = (char *)memory - HEADER;
    size_t size;
    memcpy(&size, block, sizeof(size));
    self->live -= size;
    free(block);
}

static size_t peak_of(const char *path, bool examine_only, size_t *kept)
{
    meter memory = {0, 0};
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    segent_model *model = NULL;
    segent_model_options given = segent_model_options_init();
    options.threads = 1;
    options.allocate = allocate;
    options.release = release;
    options.allocator_user = &memory;
    given.examine_only = examine_only;
    test_assert_ok(NULL, segent_context_create(&options, &context));
    const size_t before = memory.live;
    memory.peak = before;
    test_assert_ok(context, segent_model_load(context, path, &given, &model));
    *kept = memory.live - before;
    const size_t peak = memory.peak - before;
    segent_model_destroy(model);
    segent_context_destroy(context);
    assert_int_equal(memory.live, 0);
    return peak;
}

/* Both read what the file has inside; only one makes room for weights. */
static void test_examined_with_little_memory(void **state)
{
    static const test_network_shape wide = {
        .seed = 9, .blocks = {1, 1, 1, 1}, .width = 32, .aspp = 64, .classes = 21};
    (void)state;
    char path[RUN_PATH];
    size_t size, examined_kept, packed_kept;
    run_write(path, &wide, NULL);
    free(test_read_file(path, &size));
    const size_t examined = peak_of(path, true, &examined_kept);
    const size_t packed = peak_of(path, false, &packed_kept);
    if (!(packed > size / 2 && examined < packed / 10 && examined_kept < packed_kept / 20))
        fail_msg("a file of %zu bytes: %zu at most and %zu kept when it is examined, %zu and %zu "
                 "when it is packed",
                 size, examined, examined_kept, packed, packed_kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examined),
        cmocka_unit_test(test_examined_cannot_run),
        cmocka_unit_test(test_examined_memory),
        cmocka_unit_test(test_examined_checks),
        cmocka_unit_test(test_examined_with_little_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
