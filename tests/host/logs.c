/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the log function is told, when, and with which severity: what was loaded and what was
 * assumed for it, what was passed over, and how convolutions are done at a size of picture. Silence
 * otherwise. */

#include "host.h"

#include <stdio.h>
#include <string.h>

enum { LINES = 8, LINE_SIZE = 512 };

typedef struct fixture {
    segent_context *context;
    int count;
    segent_log_level levels[LINES];
    char lines[LINES][LINE_SIZE];
} fixture;

static void keep(void *user, segent_log_level level, const char *message)
{
    fixture *f = user;
    assert_true(f->count < LINES);
    assert_null(strchr(message, '\n'));
    f->levels[f->count] = level;
    snprintf(f->lines[f->count++], LINE_SIZE, "%s", message);
}

static int set_up(void **state)
{
    static fixture f;
    segent_options options = segent_options_init();
    memset(&f, 0, sizeof(f));
    options.threads = 2;
    options.log = keep;
    options.log_user = &f;
    assert_int_equal(segent_context_create(&options, &f.context), SEGENT_OK);
    assert_int_equal(f.count, 0);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    segent_context_destroy(f->context);
    return 0;
}

/* The i-th line has that severity and these parts, in this order. */
static void expect_line(const fixture *f, int i, segent_log_level level, const char *const *parts)
{
    const char *rest = f->lines[i];
    assert_true(i < f->count);
    assert_int_equal(f->levels[i], level);
    for (; *parts; parts++) {
        const char *found = strstr(rest, *parts);
        if (!found)
            fail_msg("'%s' is not in '%s'", *parts, f->lines[i]);
        rest = found + strlen(*parts);
    }
}

#define EXPECT_LINE(f, i, level, ...) \
    expect_line(f, i, level, (const char *const[]){__VA_ARGS__, NULL})

static segent_model *load(const fixture *f, const char *path, const segent_model_options *options)
{
    segent_model *model = NULL;
    test_assert_ok(f->context, segent_model_load(f->context, path, options, &model));
    return model;
}

/* A file that says nothing of itself; then somebody says what it lacks. */
static void test_load(void **state)
{
    fixture *f = *state;
    const char *path = host_checkpoint();
    segent_model_options options = segent_model_options_init();
    segent_model *model = load(f, path, NULL);
    assert_int_equal(f->count, 2);
    EXPECT_LINE(f, 0, SEGENT_LOG_DEBUG, path, " tensors, ");
    EXPECT_LINE(
        f, 1, SEGENT_LOG_INFO, path, "deeplabv3_resnet(1,1,1,1) with 5 classes and ",
        " parameters, from torch zip; as usual, since nobody says it: ", "output_stride,rates");
    segent_model_destroy(model);
    options.settings = "rates=2,4,6; output_stride=8";
    options.examine_only = 1;
    model = load(f, path, &options);
    assert_int_equal(f->count, 4);
    EXPECT_LINE(f, 3, SEGENT_LOG_DEBUG, path, " parameters, from torch zip, examined only");
    assert_null(strstr(f->lines[3], "as usual"));
    segent_model_destroy(model);
}

/* What fails has its sentence in the context and nothing in the log. */
static void test_failures_are_no_lines(void **state)
{
    fixture *f = *state;
    segent_model *model = NULL;
    segent_image *image = NULL;
    assert_int_equal(segent_model_load(f->context, "/none", NULL, &model), SEGENT_ERROR_NOT_FOUND);
    assert_int_equal(segent_image_load(f->context, "/none", NULL, &image), SEGENT_ERROR_NOT_FOUND);
    assert_int_equal(f->count, 0);
}

/* A file beside the checkpoint that is another program's. */
static void test_passed_over(void **state)
{
    fixture *f = *state;
    char path[256], beside[256];
    strcpy(path, host_checkpoint());
    snprintf(beside, sizeof(beside), "%.*s.json", (int)(strlen(path) - strlen(".pth")), path);
    test_write_file(beside, "{\"size\": \"many\", \"optimizer\": 1}", 32);
    segent_model *model = load(f, path, NULL);
    assert_int_equal(remove(beside), 0);
    assert_int_equal(f->count, 4);
    EXPECT_LINE(f, 1, SEGENT_LOG_WARNING, beside, "unknown keys have no effect: optimizer");
    EXPECT_LINE(f, 2, SEGENT_LOG_WARNING, beside, "size is \"many\"", "passed over");
    EXPECT_LINE(f, 3, SEGENT_LOG_INFO, path);
    segent_model_destroy(model);
}

/* Once for each size and engine, until it is forgotten. */
static void test_engine(void **state)
{
    fixture *f = *state;
    segent_run_options options = segent_run_options_init();
    segent_model *model = load(f, host_checkpoint(), NULL);
    segent_image *image = host_image(f->context);
    int64_t bytes = 0;
    char memory[64];
    f->count = 0;
    for (int i = 0; i < 3; i++)
        segent_result_destroy(host_run(f->context, model, image));
    options.size = SEGENT_SIZE_OWN;
    test_assert_ok(f->context, segent_model_memory(f->context, model, HOST_WIDTH, HOST_HEIGHT,
                                                   &options, &bytes));
    assert_int_equal(f->count, 1);
    snprintf(memory, sizeof(memory), "; %lld bytes of working memory", (long long)bytes);
    EXPECT_LINE(f, 0, SEGENT_LOG_DEBUG, "75 x 53 pixels, engine fast: convolutions are ", memory);
    options.engine = SEGENT_ENGINE_EXACT;
    test_assert_ok(f->context, segent_model_memory(f->context, model, HOST_WIDTH, HOST_HEIGHT,
                                                   &options, &bytes));
    assert_int_equal(f->count, 2);
    EXPECT_LINE(f, 1, SEGENT_LOG_DEBUG, "engine exact: convolutions are ");
    assert_null(strstr(f->lines[1], "Strassen"));
    assert_null(strstr(f->lines[1], "F("));
    test_assert_ok(f->context, segent_context_trim(f->context));
    segent_result_destroy(host_run(f->context, model, image));
    assert_int_equal(f->count, 3);
    assert_string_equal(f->lines[2], f->lines[0]);
    print_message("%s\n", f->lines[0]);
    segent_image_destroy(image);
    segent_model_destroy(model);
}

/* What does its work as it should says nothing. */
static void test_silence(void **state)
{
    fixture *f = *state;
    static float map[HOST_HEIGHT * HOST_WIDTH];
    segent_image *resized = NULL;
    segent_image *image = host_image(f->context);
    const segent_tensor_view values = segent_tensor_chw(map, 1, HOST_HEIGHT, HOST_WIDTH);
    const segent_map_view view = segent_map(map, HOST_HEIGHT, HOST_WIDTH);
    static float entropy[HOST_HEIGHT * HOST_WIDTH];
    const segent_map_view out = segent_map(entropy, HOST_HEIGHT, HOST_WIDTH);
    segent_entropy_summary summary = segent_entropy_summary_init();
    test_assert_ok(f->context, segent_image_resize(f->context, image, 20, 10, &resized));
    test_assert_ok(f->context, segent_entropy_map(f->context, &values, NULL, &out));
    test_assert_ok(f->context, segent_image_entropy(f->context, &view, NULL, &summary));
    test_assert_ok(f->context, segent_context_trim(f->context));
    segent_image_destroy(resized);
    segent_image_destroy(image);
    assert_int_equal(f->count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_load, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_failures_are_no_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_passed_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_engine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_silence, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
