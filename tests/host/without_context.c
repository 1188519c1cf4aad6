/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* segent_last_error(NULL): the sentence of the calling thread's last failure of a function that
 * takes no context, of segent_context_create, and of every other function that is given none. */

#include "host.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* The expression fails with that status, and the sentence begins with those words. */
#define FAILS(expression, expected, text) \
    check_failure((expression), SEGENT_ERROR_##expected, (text), __LINE__)

static void check_failure(segent_status status, segent_status expected, const char *text, int line)
{
    const char *sentence = segent_last_error(NULL);
    if (status != expected || strncmp(sentence, text, strlen(text)) != 0)
        fail_msg("line %d: %s, \"%s\"; expected %s, \"%s\"", line, segent_status_string(status),
                 sentence, segent_status_string(expected), text);
    /* From here on the sentence is another one, so that the next failure must bring its own. */
    assert_int_equal(segent_palette_voc(NULL, 0), SEGENT_ERROR_INVALID_ARGUMENT);
}

static void *first_failures(void *argument)
{
    const bool clean = strcmp(segent_last_error(NULL), "") == 0;
    segent_context *context = NULL;
    /* What succeeds, and what fails with a context, says nothing here. */
    const bool made = segent_context_create(NULL, &context) == SEGENT_OK;
    const bool failed = segent_softmax(context, NULL, NULL) == SEGENT_ERROR_INVALID_ARGUMENT;
    const bool still_clean = strcmp(segent_last_error(NULL), "") == 0;
    const bool said = strcmp(segent_last_error(context), "") != 0;
    segent_context_destroy(context);
    const bool wrong = segent_image_fit(0, 0, 1, NULL, NULL) == SEGENT_ERROR_INVALID_ARGUMENT;
    const bool told = strstr(segent_last_error(NULL), "segent_image_fit: ") != NULL;
    *(bool *)argument = clean && made && failed && still_clean && said && wrong && told;
    return NULL;
}

/* First of all, while nothing has failed. Each thread has its own. */
static void test_each_thread(void **state)
{
    (void)state;
    bool good = false;
    pthread_t thread;
    assert_string_equal(segent_last_error(NULL), "");
    assert_int_equal(pthread_create(&thread, NULL, first_failures, &good), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(good);
    assert_string_equal(segent_last_error(NULL), "");
    first_failures(&good);
    assert_true(good);
    assert_int_equal(pthread_create(&thread, NULL, first_failures, &good), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(good);
}

static void test_functions_without_a_context(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_model *model = host_model(context);
    segent_image *image = host_image(context);
    segent_result *result = host_run(context, model, image);
    segent_cpu_info info = segent_cpu_info_init();
    segent_model_details details = segent_model_details_init();
    segent_entropy_summary summary = segent_entropy_summary_init();
    segent_timings timings = segent_timings_init();
    uint8_t rgb[3];
    int32_t width, height;

    FAILS(segent_palette_voc(rgb, -1), INVALID_ARGUMENT, "segent_palette_voc: -1 entries");
    FAILS(segent_image_fit(1, 1, 0, &width, &height), INVALID_ARGUMENT,
          "segent_image_fit: a shorter side of 0");
    FAILS(segent_image_fit(1, 0, 5, &width, &height), INVALID_ARGUMENT, "segent_image_fit: a side");
    FAILS(segent_image_fit(1, INT32_MAX, INT32_MAX, &width, &height), LIMIT,
          "segent_image_fit: a picture of 1 x 2147483647");
    FAILS(segent_context_cpu_info(NULL, &info), INVALID_ARGUMENT,
          "segent_context_cpu_info: context is NULL");
    FAILS(segent_context_cpu_info(context, NULL), INVALID_ARGUMENT,
          "segent_context_cpu_info: info is NULL");
    FAILS(segent_model_info(NULL, &details), INVALID_ARGUMENT, "segent_model_info: model is NULL");
    FAILS(segent_model_info(model, NULL), INVALID_ARGUMENT, "segent_model_info: details is NULL");
    FAILS(segent_result_summary(NULL, &summary), INVALID_ARGUMENT,
          "segent_result_summary: result is NULL");
    FAILS(segent_result_summary(result, NULL), INVALID_ARGUMENT,
          "segent_result_summary: summary is NULL");
    FAILS(segent_result_timings(NULL, &timings), INVALID_ARGUMENT,
          "segent_result_timings: result is NULL");
    FAILS(segent_result_timings(result, NULL), INVALID_ARGUMENT,
          "segent_result_timings: timings is NULL");
    info.struct_size = details.struct_size = summary.struct_size = timings.struct_size = 0;
    FAILS(segent_context_cpu_info(context, &info), INVALID_ARGUMENT,
          "segent_cpu_info: struct_size is not set");
    FAILS(segent_model_info(model, &details), INVALID_ARGUMENT,
          "segent_model_details: struct_size is not set");
    FAILS(segent_result_summary(result, &summary), INVALID_ARGUMENT,
          "segent_entropy_summary: struct_size is not set");
    FAILS(segent_result_timings(result, &timings), INVALID_ARGUMENT,
          "segent_timings: struct_size is not set");
    assert_string_equal(segent_last_error(context), "");
    segent_result_destroy(result);
    segent_image_destroy(image);
    segent_model_destroy(model);
    segent_context_destroy(context);
}

static void test_creation(void **state)
{
    (void)state;
    segent_context *context = NULL;
    segent_options options = segent_options_init();
    FAILS(segent_context_create(&options, NULL), INVALID_ARGUMENT,
          "segent_context_create: context is NULL");
    options.threads = -5;
    FAILS(segent_context_create(&options, &context), INVALID_ARGUMENT,
          "segent_options: -5 threads");
    options = segent_options_init();
    options.struct_size = 3;
    FAILS(segent_context_create(&options, &context), INVALID_ARGUMENT,
          "segent_options: struct_size is not set");
    options = segent_options_init();
    options.reserved[0] = 1;
    FAILS(segent_context_create(&options, &context), UNSUPPORTED,
          "segent_options: sets a member that this library");
    test_allocator memory = {.fail_at = 1};
    options = test_allocator_options(&memory);
    FAILS(segent_context_create(&options, &context), OUT_OF_MEMORY,
          "out of memory (for a context)");
    assert_null(context);
}

/* Every function that takes a context: it is looked at before anything else. */
static void test_functions_with_a_context(void **state)
{
    (void)state;
#define NO_CONTEXT(...) FAILS((__VA_ARGS__), INVALID_ARGUMENT, "the context is NULL")
    NO_CONTEXT(segent_context_trim(NULL));
    NO_CONTEXT(segent_context_report_layers(NULL, NULL, NULL));
    NO_CONTEXT(segent_cancel_create(NULL, NULL));
    NO_CONTEXT(segent_softmax(NULL, NULL, NULL));
    NO_CONTEXT(segent_entropy_map(NULL, NULL, NULL, NULL));
    NO_CONTEXT(segent_image_entropy(NULL, NULL, NULL, NULL));
    NO_CONTEXT(segent_argmax(NULL, NULL, NULL));
    NO_CONTEXT(segent_uncertainty_from_logits(NULL, NULL, NULL, NULL, NULL));
    NO_CONTEXT(segent_statistics_per_class(NULL, NULL, NULL, NULL, 0));
    NO_CONTEXT(segent_palette_decode(NULL, NULL, NULL, 0, NULL));
    NO_CONTEXT(segent_colormap_apply(NULL, NULL, SEGENT_COLORMAP_JET, 0.0f, 1.0f, NULL));
    NO_CONTEXT(segent_image_load(NULL, NULL, NULL, NULL));
    NO_CONTEXT(segent_image_load_memory(NULL, NULL, 0, NULL, NULL));
    NO_CONTEXT(segent_image_from_pixels(NULL, NULL, NULL));
    NO_CONTEXT(segent_image_resize(NULL, NULL, 1, 1, NULL));
    NO_CONTEXT(segent_image_save_png(NULL, NULL, NULL));
    NO_CONTEXT(segent_image_encode_png(NULL, NULL, NULL));
    NO_CONTEXT(segent_labels_save_png(NULL, NULL, NULL, 0, NULL));
    NO_CONTEXT(segent_labels_encode_png(NULL, NULL, NULL, 0, NULL));
    NO_CONTEXT(segent_labels_load_png(NULL, NULL, NULL, NULL));
    NO_CONTEXT(segent_labels_load_png_memory(NULL, NULL, 0, NULL, NULL));
    NO_CONTEXT(segent_map_save_npy(NULL, NULL, NULL));
    NO_CONTEXT(segent_tensor_save_npy(NULL, NULL, NULL));
    NO_CONTEXT(segent_checkpoint_load(NULL, NULL, NULL));
    NO_CONTEXT(segent_checkpoint_load_memory(NULL, NULL, 0, NULL));
    NO_CONTEXT(segent_checkpoint_seeded(NULL, NULL, 0, NULL));
    NO_CONTEXT(segent_checkpoint_tensor(NULL, NULL, 0, NULL));
    NO_CONTEXT(segent_checkpoint_read(NULL, NULL, 0, NULL, 0));
    NO_CONTEXT(segent_model_load(NULL, NULL, NULL, NULL));
    NO_CONTEXT(segent_model_load_memory(NULL, NULL, 0, NULL, NULL));
    NO_CONTEXT(segent_model_from_checkpoint(NULL, NULL, NULL, NULL));
    NO_CONTEXT(segent_model_memory(NULL, NULL, 1, 1, NULL, NULL));
    NO_CONTEXT(segent_run(NULL, NULL, NULL, NULL, NULL));
    NO_CONTEXT(segent_run_into(NULL, NULL, NULL, NULL, NULL, NULL));
    NO_CONTEXT(segent_model_logits(NULL, NULL, NULL, NULL, NULL));
#undef NO_CONTEXT
}

/* What cannot fail takes NULL as well: nothing is there, and nothing happens. */
static void test_nothing(void **state)
{
    (void)state;
    int32_t height = 3, width = 3;
    int64_t count = 3;
    segent_context_destroy(NULL);
    segent_image_destroy(NULL);
    segent_buffer_destroy(NULL);
    segent_labels_destroy(NULL);
    segent_checkpoint_destroy(NULL);
    segent_model_destroy(NULL);
    segent_cancel_destroy(NULL);
    segent_result_destroy(NULL);
    segent_cancel_set(NULL);
    segent_cancel_reset(NULL);
    assert_int_equal(segent_cancel_is_set(NULL), 0);
    assert_null(segent_model_retain(NULL));
    assert_null(segent_model_property(NULL, "size"));
    assert_null(segent_model_property_key(NULL, 0));
    assert_null(segent_model_class_name(NULL, 0));
    assert_null(segent_model_tensor_name(NULL, 0));
    assert_int_equal(segent_checkpoint_container(NULL), 0);
    assert_int_equal(segent_checkpoint_count(NULL), 0);
    assert_null(segent_checkpoint_metadata(NULL, "key"));
    assert_int_equal(segent_checkpoint_opaque_count(NULL), 0);
    assert_null(segent_checkpoint_opaque(NULL, 0));
    assert_int_equal(segent_image_width(NULL), 0);
    assert_int_equal(segent_image_height(NULL), 0);
    assert_null(segent_image_pixels(NULL));
    assert_null(segent_buffer_data(NULL));
    assert_int_equal(segent_buffer_size(NULL), 0);
    assert_int_equal(segent_labels_width(NULL), 0);
    assert_int_equal(segent_labels_height(NULL), 0);
    assert_int_equal(segent_labels_type(NULL), 0);
    assert_null(segent_labels_data(NULL));
    assert_int_equal(segent_result_width(NULL), 0);
    assert_int_equal(segent_result_height(NULL), 0);
    assert_int_equal(segent_result_classes(NULL), 0);
    assert_int_equal(segent_result_label_type(NULL), 0);
    assert_null(segent_result_labels(NULL));
    assert_null(segent_result_entropy(NULL));
    assert_null(segent_result_logits(NULL));
    assert_null(segent_result_probabilities(NULL));
    assert_null(segent_result_top_probability(NULL));
    assert_null(segent_result_margin(NULL));
    assert_null(segent_result_lowres_logits(NULL, &height, &width));
    assert_null(segent_result_input(NULL));
    assert_null(segent_result_statistics(NULL, &count));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_thread), cmocka_unit_test(test_functions_without_a_context),
        cmocka_unit_test(test_creation),    cmocka_unit_test(test_functions_with_a_context),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
