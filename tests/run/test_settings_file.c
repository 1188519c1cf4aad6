/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A file of JSON beside a checkpoint, which says of the network what the checkpoint does not. */

#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const test_network_shape shape = {
    .seed = 7, .blocks = {1, 2, 1, 1}, .width = 2, .aspp = 4, .classes = 3};
static const test_network_shape fcn_shape = {
    .seed = 7, .blocks = {1, 2, 1, 1}, .width = 4, .classes = 3};

enum { NOTES = 4096 };

typedef struct fixture {
    segent_context *context; /* whose log goes to `notes` */
    char notes[NOTES];
    char plain[160], told[160], fcn[160]; /* checkpoints: without metadata, with some, of an FCN */
    char beside[160];                     /* the JSON of `plain` */
} fixture;

/* Without the line that every model has (tests/host/logs.c). */
static void note(void *user, segent_log_level level, const char *message)
{
    fixture *f = user;
    if (strstr(message, " parameters, from "))
        return;
    const size_t length = strlen(f->notes);
    snprintf(f->notes + length, NOTES - length, "%s: %s\n", segent_log_level_name(level), message);
}

static void write_to(char path[160], const test_network_shape *of, const char *const *metadata)
{
    const test_writer_options options = {.metadata = metadata};
    snprintf(path, 160, "%s.pth", run_checkpoint(of, SEGENT_CONTAINER_SAFETENSORS, &options));
    char written[160];
    snprintf(written, sizeof(written), "%.*s", (int)strlen(path) - 4, path);
    assert_int_equal(rename(written, path), 0);
}

static void name_beside(char beside[160], const char *path)
{
    snprintf(beside, 160, "%.*s.json", (int)strlen(path) - 4, path);
}

static int set_up(void **state)
{
    static fixture f;
    static const char *const metadata[] = {"segent.rates", "2,4,6", "segent.classes", "a,b,c",
                                           NULL};
    segent_options options = segent_options_init();
    options.threads = 2;
    options.log = note;
    options.log_user = &f;
    test_assert_ok(NULL, segent_context_create(&options, &f.context));
    write_to(f.plain, &shape, NULL);
    write_to(f.told, &shape, metadata);
    write_to(f.fcn, &fcn_shape, NULL);
    name_beside(f.beside, f.plain);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    segent_context_destroy(f->context);
    return 0;
}

static void put_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void put(const char *path, const char *text)
{
    put_bytes(path, text, strlen(text));
}

static segent_status try_load(fixture *f, const char *path, const segent_model_options *options,
                              segent_model **model)
{
    *model = NULL;
    f->notes[0] = '\0';
    return segent_model_load(f->context, path, options, model);
}

static segent_model *load(fixture *f, const char *path, const char *settings)
{
    segent_model_options options = segent_model_options_init();
    segent_model *model;
    options.settings = settings;
    test_assert_ok(f->context, try_load(f, path, &options, &model));
    return model;
}

static void check_property(const segent_model *model, const char *key, const char *expected)
{
    const char *value = segent_model_property(model, key);
    if (expected) {
        assert_non_null(value);
        assert_string_equal(value, expected);
    } else {
        assert_null(value);
    }
}

static const char *file_of(const segent_model *model)
{
    segent_model_details details = segent_model_details_init();
    assert_int_equal(segent_model_info(model, &details), SEGENT_OK);
    return details.settings_file;
}

static const char all[] = "{\"rates\": [6, 12, 18], \"output_stride\": 16, \"size\": 320,\n"
                          " \"temperature\": 1.25e0, \"mean\": [0.5, 0.25, -0.125],\n"
                          " \"std\": [0.5, 2e0, 0.0625], \"eps\": 0.03, \"precision_error\": 0.25, "
                          "\"description\": \"b\\u00e9\","
                          " \"classes\": [ \"sky\", \"sea, land\", \"\\\"\"]}\n";

/* Everything that it can say. */
static void test_all(void **state)
{
    fixture *f = *state;
    segent_model_details details = segent_model_details_init();
    put(f->beside, all);
    segent_model *model = load(f, f->plain, NULL);
    check_property(model, "rates", "6,12,18");
    check_property(model, "output_stride", "16");
    check_property(model, "size", "320");
    check_property(model, "temperature", "1.25");
    check_property(model, "precision_error", "0.25");
    check_property(model, "mean", "0.5,0.25,-0.125");
    check_property(model, "std", "0.5,2,0.0625");
    check_property(model, "eps", "0.03");
    check_property(model, "assumed", NULL);
    check_property(
        model, "from_settings_file",
        "rates,output_stride,size,temperature,precision_error,mean,std,eps,description,classes");
    assert_int_equal(segent_model_info(model, &details), SEGENT_OK);
    assert_string_equal(details.description, "b\xc3\xa9");
    assert_string_equal(details.settings_file, f->beside);
    assert_string_equal(segent_model_class_name(model, 0), "sky");
    assert_string_equal(segent_model_class_name(model, 1), "sea, land");
    assert_string_equal(segent_model_class_name(model, 2), "\"");
    assert_non_null(strstr(f->notes, "information: "));
    assert_null(strstr(f->notes, "warning: "));
    segent_model_destroy(model);
}

/* Colours of the classes, in each form that a list of JSON may have. */
static void test_palette(void **state)
{
    static const uint8_t colours[9] = {0, 0, 0, 128, 0, 255, 1, 22, 254};
    static const char *const texts[] = {
        "{\"palette\": [[0, 0, 0], [128, 0, 255], [1, 22, 254]]}",
        "{\"palette\": [\"#000000\", \"#8000ff\", \"#0116FE\"]}",
        "{\"palette\": [0, 0, 0, 128, 0, 255, 1, 22, 254]}",
        "{\"palette\": [\n [0,0,0],\n [128,0,255],\n [1,22,254],\n [9,9,9]\n]\n}",
        "{\"palette\": \"#000000,#8000ff,\\u00230116fe\"}",
        "{\"lr\": 0.1, \"segent\": {\"palette\": [0, 0, 0, 128, 0, 255, 1, 22, 254]}}"};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        int64_t count;
        put(f->beside, texts[i]);
        segent_model *model = load(f, f->plain, NULL);
        assert_memory_equal(segent_model_palette(model, &count), colours, sizeof(colours));
        assert_int_equal(count, 3);
        check_property(model, "from_settings_file", "palette");
        segent_model_destroy(model);
        model = load(f, f->plain, "palette=1,2,3,4,5,6,7,8,9");
        assert_int_equal(segent_model_palette(model, NULL)[0], 1);
        check_property(model, "from_settings_file", NULL);
        segent_model_destroy(model);
    }
    put(f->beside, "{\"lr\": 0.1, \"palette\": [0, 0, 0], \"size\": 320}");
    segent_model *model = load(f, f->plain, NULL);
    assert_null(segent_model_palette(model, NULL));
    assert_non_null(strstr(f->notes, "palette has 1 colours, but the network has 3 classes; "
                                     "passed over"));
    check_property(model, "from_settings_file", "size");
    segent_model_destroy(model);
}

/* Key by key: the caller, the checkpoint's metadata, the file beside it. */
static void test_precedence(void **state)
{
    static const char *const names[] = {"x", "y", "z"};
    fixture *f = *state;
    char beside[160];
    segent_model_options options = segent_model_options_init();
    put(f->beside, all);
    segent_model *model = load(f, f->plain, "rates=1,2,3;description=");
    check_property(model, "rates", "1,2,3");
    check_property(model, "size", "320");
    check_property(model, "from_settings_file",
                   "output_stride,size,temperature,precision_error,mean,std,eps,classes");
    segent_model_destroy(model);
    name_beside(beside, f->told);
    put(beside, all);
    options.class_names = names;
    options.class_name_count = 3;
    for (int i = 0; i < 2; i++) {
        test_assert_ok(f->context, try_load(f, f->told, i ? &options : NULL, &model));
        check_property(model, "rates", "2,4,6");
        check_property(model, "size", "320");
        assert_string_equal(segent_model_class_name(model, 0), i ? "x" : "a");
        check_property(model, "from_settings_file",
                       "output_stride,size,temperature,precision_error,mean,std,eps,description");
        segent_model_destroy(model);
    }
    assert_int_equal(unlink(beside), 0);
}

static void check_nothing(fixture *f, const char *path, const segent_model_options *options)
{
    segent_model *model;
    test_assert_ok(f->context, try_load(f, path, options, &model));
    check_property(model, "size", "640");
    check_property(model, "from_settings_file", NULL);
    assert_string_equal(file_of(model), "");
    segent_model_destroy(model);
}

/* It is read, not read, or another one is, as the caller wishes. */
static void test_where(void **state)
{
    fixture *f = *state;
    char other[192];
    size_t size;
    segent_model *model;
    segent_model_options options = segent_model_options_init();
    snprintf(other, sizeof(other), "%s.other", f->beside);
    put(other, "{\"size\": 99}");
    put(f->beside, "{\"size\": 320}");
    options.settings_file = "";
    check_nothing(f, f->plain, &options);
    assert_string_equal(f->notes, "");
    options.settings_file = other;
    test_assert_ok(f->context, try_load(f, f->plain, &options, &model));
    check_property(model, "size", "99");
    assert_string_equal(file_of(model), other);
    segent_model_destroy(model);
    options.settings_file = NULL;
    void *bytes = test_read_file(f->plain, &size);
    test_assert_ok(f->context, segent_model_load_memory(f->context, bytes, size, NULL, &model));
    check_property(model, "size", "640");
    segent_model_destroy(model);
    options.path = f->plain;
    test_assert_ok(f->context, segent_model_load_memory(f->context, bytes, size, &options, &model));
    check_property(model, "size", "320");
    segent_model_destroy(model);
    free(bytes);
    assert_int_equal(unlink(f->beside), 0);
    options.path = NULL;
    check_nothing(f, f->plain, NULL);
    assert_string_equal(f->notes, ""); /* one that is missing is none */
    options.settings_file = f->beside;
    test_assert_status(f->context, try_load(f, f->plain, &options, &model), SEGENT_ERROR_NOT_FOUND);
    test_assert_error_contains(f->context, f->beside);
    assert_int_equal(unlink(other), 0);
}

/* Not what it should be, in a file that says nothing but what is known here. */
static void test_wrong(void **state)
{
    static const struct {
        const char *text, *part;
        segent_status status;
    } cases[] = {
        {"{\"rates\": [6, 12]}", "rates is \"6,12\", expected three numbers", SEGENT_ERROR_MODEL},
        {"{\"rates\": [6, 12, true]}", "rates is not what it must be; expected a list of numbers",
         SEGENT_ERROR_MODEL},
        {"{\"rates\": {\"a\": 1}}", "rates is not what it must be", SEGENT_ERROR_MODEL},
        {"{\"rates\": 6}", "rates is not what it must be", SEGENT_ERROR_MODEL},
        {"{\"rates\": [6, 12, 18.5]}", "rates is \"6,12,18.5\"", SEGENT_ERROR_MODEL},
        {"{\"size\": 0}", "size is \"0\", expected a number of pixels", SEGENT_ERROR_MODEL},
        {"{\"size\": [320]}", "size is not what it must be; expected a number", SEGENT_ERROR_MODEL},
        {"{\"size\": false}", "size is not what it must be", SEGENT_ERROR_MODEL},
        {"{\"size\": -1}", "size is \"-1\"", SEGENT_ERROR_MODEL},
        {"{\"size\": 1, \"size\": 1}", "size is given twice", SEGENT_ERROR_MODEL},
        {"{\"output_stride\": 12}", "output_stride is \"12\", expected 8, 16 or 32",
         SEGENT_ERROR_MODEL},
        {"{\"std\": [1, 1, 0]}", "std is \"1,1,0\"", SEGENT_ERROR_MODEL},
        {"{\"mean\": [123, 116, 103]}", "of colours from 0 to 1", SEGENT_ERROR_MODEL},
        {"{\"description\": 3}", "description is not what it must be; expected text",
         SEGENT_ERROR_MODEL},
        {"{\"classes\": [\"a\", \"b\"]}", "expected a list of 3 strings", SEGENT_ERROR_MODEL},
        {"{\"classes\": [1, 2, 3]}", "classes is not what it must be", SEGENT_ERROR_MODEL},
        {"{\"classes\": \"a,b\"}", "names 2, but the network has 3 classes", SEGENT_ERROR_MODEL},
        {"{\"classes\": [\"a\", \"b\", \"c\"], \"class_names\": [\"a\", \"b\", \"c\"]}",
         "classes is given twice", SEGENT_ERROR_MODEL},
        {"{\"palette\": 3}", "palette is not what it must be; expected a list of colours",
         SEGENT_ERROR_MODEL},
        {"{\"palette\": {\"sky\": [1, 2, 3]}}", "palette is not what it must be",
         SEGENT_ERROR_MODEL},
        {"{\"palette\": [[0, 0, 0], [0, 0, 256], [0, 0, 0]]}", "expected 1 to 65536 colours",
         SEGENT_ERROR_MODEL},
        {"{\"palette\": [\"red\", \"green\", \"blue\"]}",
         "palette is \"[\"red\", \"green\", \"blue\"]\", expected", SEGENT_ERROR_MODEL},
        {"{\"palette\": [[0, 0, 0], [0, 0, 255]]}",
         "palette has 2 colours, but the network has 3 classes", SEGENT_ERROR_MODEL},
        {"{\"segent\": {\"size\": 0}, \"size\": 3, \"epochs\": 9}", "size is \"0\"",
         SEGENT_ERROR_MODEL},
        {"{\"segent\": {\"size\": 0, \"epochs\": 9}}", "size is \"0\"", SEGENT_ERROR_MODEL},
        {"{\"size\": 320,}", "'\"' expected at byte 13", SEGENT_ERROR_FORMAT},
        {"{\"size\": 320", "',' or '}' expected at byte 12", SEGENT_ERROR_FORMAT},
        {"{\"size\": 320} {}", "text behind the closing '}' at byte 14", SEGENT_ERROR_FORMAT},
        {"{\"size\": 0320}", "a number expected", SEGENT_ERROR_FORMAT},
        {"{\"size\": 3., \"rates\": 0}", "a number expected", SEGENT_ERROR_FORMAT},
        {"{\"size\": 3e}", "a number expected", SEGENT_ERROR_FORMAT},
        {"{\"size\": nan}", "a value expected", SEGENT_ERROR_FORMAT},
        {"{\"size\": 3, \"description\": \"\\ud800\"}", "unknown escape", SEGENT_ERROR_FORMAT},
        {"{\"size\": 3, \"description\": \"\xff\"}", "not UTF-8", SEGENT_ERROR_FORMAT},
        {"{\"size\": 3, \"rates\" [6, 12, 18]}", "':' expected", SEGENT_ERROR_FORMAT},
        {"{\"size\": 3, \"rates\": [6, 12, 18}", "',' or ']' expected", SEGENT_ERROR_FORMAT},
    };
    fixture *f = *state;
    segent_model *model;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put(f->beside, cases[i].text);
        const segent_status status = try_load(f, f->plain, NULL, &model);
        if (status != cases[i].status)
            fail_msg("%s: %s", cases[i].text, segent_status_string(status));
        test_assert_error_contains(f->context, cases[i].part);
        test_assert_error_contains(f->context, f->beside);
        assert_null(model);
    }
}

/* Files of other programs do not stand in the way, and what they say that is known here is used. */
static void test_of_others(void **state)
{
    static const struct {
        const char *text, *size, *note; /* the note may be NULL: none */
    } cases[] = {
        {"{}", "640", "information: "},
        {"{\"lr\": 0.1, \"epochs\": 90}", "640", "says nothing of a network"},
        {"[1, 2, 3]", "640", "warning: passed over: "},
        {"[{\"size\": 3}]", "640", "an object '{' expected at byte 0"},
        {"", "640", "warning: passed over: "},
        {"\n", "640", "warning: passed over: "},
        {"<html>", "640", "warning: passed over: "},
        {"{\"lr\": 0.1}\n{\"lr\": 0.2}\n", "640", "text behind the closing '}'"},
        {"{\"lr\": 0.1, \"size\": 3", "640", "warning: passed over: "},
        {"{\"lr\": 0.1, \"size\": 320}", "320", "unknown keys have no effect: lr\n"},
        {"{\"a\": 1, \"b\": 1, \"c\": [{}], \"d\": {\"e\": []}, \"f\": 1, \"size\": 320}", "320",
         "unknown keys have no effect: a, b, c, d and more"},
        {"{\"lr\": 0.1, \"size\": 0}", "640",
         "size is \"0\", expected a number of pixels from 1 to "
         "65536; passed over"},
        {"{\"lr\": 0.1, \"size\": {\"height\": 3}}", "640", "size is not what it must be"},
        {"{\"lr\": 0.1, \"classes\": [\"a\"], \"size\": 320}", "320", "expected a list of 3"},
        {"{\"lr\": 0.1, \"size\": [0], \"segent\": {\"size\": 320}}", "320", NULL},
        {"{\"lr\": 0.1, \"segent\": {\"size\": 320, \"lr\": 1}}", "320", "no effect: lr\n"},
        {"{\"lr\": 0.1, \"segent\": {}, \"size\": 320}", "640", NULL},
        {"{\"lr\": 0.1, \"segent\": 3, \"size\": 320}", "320", "no effect: lr, segent\n"},
        {"\xef\xbb\xbf{\"size\": 320}", "320", NULL},
        {"{\"size\": 320, \"rates\": null, \"mean\": [], \"std\": [ \n], \"classes\": 3}", "320",
         NULL},
        {"{\"size\": \"320\"}", "320", NULL},
        {"{\"rates\": \"6,12,18\", \"class_names\": \"a,b,c\"}", "640", NULL},
    };
    fixture *f = *state;
    char before[1024];
    segent_model *model;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put(f->beside, cases[i].text);
        snprintf(before, sizeof(before), "%s", segent_last_error(f->context));
        const segent_status status = try_load(f, f->plain, NULL, &model);
        if (status != SEGENT_OK)
            fail_msg("%s: %s", cases[i].text, segent_last_error(f->context));
        assert_string_equal(segent_last_error(f->context), before); /* it is no failure */
        check_property(model, "size", cases[i].size);
        if (cases[i].note ? !strstr(f->notes, cases[i].note) : !!strstr(f->notes, "warning"))
            fail_msg("%s: %s", cases[i].text, f->notes);
        segent_model_destroy(model);
    }
    segent_model_options options = segent_model_options_init();
    options.settings_file = f->beside; /* one that was asked for must be right */
    put(f->beside, "{\"lr\": 0.1, \"size\": 0}");
    test_assert_status(f->context, try_load(f, f->plain, &options, &model), SEGENT_ERROR_MODEL);
    put(f->beside, "[]");
    test_assert_status(f->context, try_load(f, f->plain, &options, &model), SEGENT_ERROR_FORMAT);
}

/* `text` with `count` times `part` in the place of its '*'. To free. */
static char *repeat(const char *text, size_t count, const char *part)
{
    const char *star = strchr(text, '*');
    const size_t before = (size_t)(star - text), length = strlen(part);
    char *made = malloc(strlen(text) + count * length);
    assert_non_null(made);
    memcpy(made, text, before);
    for (size_t i = 0; i < count; i++)
        memcpy(made + before + i * length, part, length);
    strcpy(made + before + count * length, star + 1);
    return made;
}

static void test_limits(void **state)
{
    static const struct {
        const char *text, *part;
        size_t count;
        const char *end; /* of the error; NULL: there is none */
    } cases[] = {
        {"{\"size\": 320*}", " ", (1 << 20) - 13, NULL},
        {"{\"size\": 320*}", " ", (1 << 20) - 12, "larger than 1048576 bytes"},
        {"{\"size\": 320, \"rates\": *", "[", 64, "a value expected"},
        {"{\"size\": 320, \"rates\": *", "[", 65, "more than 64"},
        {"{\"size\": 320, \"rates\": *", "{\"a\":", 100000, "more than 64"},
        {"{\"rates\": [*1]}", "1,", 200000, "expected three numbers"},
        {"{\"classes\": [*\"\"]}", "\"\",", 300000, "expected a list of 3 strings"},
        {"{\"size\": *}", "1", 100000, "expected a number of pixels"},
        {"{\"palette\": [*[1, 2, 3]]}", "[1,2,3],", 65535, NULL},
        {"{\"palette\": [*[1, 2, 3]]}", "[1,2,3],", 65536, "expected 1 to 65536 colours"},
        {"{\"palette\": [*[1, 2, 3]]}", "[", 60, "',' or ']' expected"},
        {"{\"description\": \"*\"}", "\\u00e9", 100000, NULL},
    };
    fixture *f = *state;
    segent_model *model;
    segent_model_options options = segent_model_options_init();
    options.settings_file = f->beside;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = repeat(cases[i].text, cases[i].count, cases[i].part);
        put(f->beside, text);
        free(text);
        const segent_status status = try_load(f, f->plain, &options, &model);
        assert_int_equal(status == SEGENT_OK, cases[i].end == NULL);
        if (cases[i].end)
            test_assert_error_contains(f->context, cases[i].end);
        segent_model_destroy(model);
    }
    put_bytes(f->beside, "{\"size\": 320}\0", 14);
    test_assert_status(f->context, try_load(f, f->plain, &options, &model), SEGENT_ERROR_FORMAT);
}

/* What is no plain file is not opened, and does not stand in the way. */
static void test_no_file(void **state)
{
    fixture *f = *state;
    unlink(f->beside);
    assert_int_equal(mkfifo(f->beside, 0600), 0);
    check_nothing(f, f->plain, NULL);
    assert_non_null(strstr(f->notes, "not a regular file"));
    assert_int_equal(unlink(f->beside), 0);
    assert_int_equal(mkdir(f->beside, 0700), 0);
    check_nothing(f, f->plain, NULL);
    assert_non_null(strstr(f->notes, "is a directory"));
    assert_int_equal(rmdir(f->beside), 0);
}

/* A whole module says its rates and eps itself; an FCN has no use for rates. */
static void test_overruled(void **state)
{
    fixture *f = *state;
    segent_model_options options = segent_model_options_init();
    segent_model *model;
    options.settings_file = f->beside;
    put(f->beside, "{\"rates\": [1, 2, 3], \"eps\": 0.5, \"size\": 320}");
    test_assert_ok(f->context, try_load(f, test_data("run/module.pth"), &options, &model));
    check_property(model, "rates", "2,3,5");
    check_property(model, "eps", "0.03");
    check_property(model, "from_settings_file", "size");
    segent_model_destroy(model);
    test_assert_ok(f->context, try_load(f, f->fcn, &options, &model));
    check_property(model, "rates", NULL);
    check_property(model, "from_settings_file", "size,eps");
    segent_model_destroy(model);
}

/* The file's text cut anywhere, and with any byte changed. */
static void test_damaged(void **state)
{
    fixture *f = *state;
    segent_model_options options = segent_model_options_init();
    options.examine_only = 1;
    for (size_t i = 0; i < sizeof(all) - 1; i++) {
        char text[sizeof(all)];
        for (int change = 0; change < 3; change++) {
            segent_model *model;
            memcpy(text, all, sizeof(all));
            text[i] = change == 0 ? '\xff' : change == 1 ? '"' : text[i];
            put_bytes(f->beside, text, change == 2 ? i : sizeof(all) - 1);
            if (try_load(f, f->plain, &options, &model) != SEGENT_OK)
                test_assert_error_contains(f->context, f->beside);
            segent_model_destroy(model);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),        cmocka_unit_test(test_palette),
        cmocka_unit_test(test_precedence), cmocka_unit_test(test_where),
        cmocka_unit_test(test_wrong),      cmocka_unit_test(test_of_others),
        cmocka_unit_test(test_limits),     cmocka_unit_test(test_no_file),
        cmocka_unit_test(test_overruled),  cmocka_unit_test(test_damaged),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
