/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The colours of a model's classes, which the caller or the file says. */

#include "common.h"

#include <stdio.h>
#include <string.h>

static const test_network_shape shape = {
    .seed = 7, .blocks = {1, 2, 1, 1}, .width = 2, .aspp = 4, .classes = 3};

typedef struct fixture {
    segent_context *context;
    char plain[RUN_PATH]; /* a file without metadata */
} fixture;

static int set_up(void **state)
{
    static fixture f;
    f.context = run_context(2);
    run_write(f.plain, &shape, NULL);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    segent_context_destroy(f->context);
    return 0;
}

static void check_palette(const segent_model *model, const uint8_t expected[9])
{
    int64_t count = -1;
    const uint8_t *palette = segent_model_palette(model, &count);
    assert_int_equal(count, expected ? 3 : 0);
    assert_ptr_equal(segent_model_palette(model, NULL), palette);
    if (expected)
        assert_memory_equal(palette, expected, 9);
    else
        assert_null(palette);
}

/* Every form of a list of colours, from the caller and from the file. */
static void test_forms(void **state)
{
    static const uint8_t colours[9] = {0, 0, 0, 128, 0, 255, 1, 22, 254};
    static const char *const forms[] = {"#000000,#8000ff,#0116fe",
                                        " #000000 ,\t#8000FF, #0116Fe ",
                                        "[#000000,#8000ff,#0116fe]",
                                        "[\"#000000\", \"#8000ff\", \"#0116fe\"]",
                                        "\"#000000\",\"#8000ff\",\"#0116fe\"",
                                        "0,0,0,128,0,255,1,22,254",
                                        "[0, 0, 0, 128, 0, 255, 1, 22, 254]",
                                        "[[0, 0, 0], [128, 0, 255], [1, 22, 254]]",
                                        " [ [0 ,0, 0 ],\n[128,0,255] , [ 1,22,254 ] ] ",
                                        "[0,0,0],[128,0,255],[1,22,254]",
                                        "[[0, 0, 0], \"#8000ff\", 1, 22, 254]",
                                        "#000000,#8000ff,#0116fe,#ffffff,#ffffff"};
    const fixture *f = *state;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        char path[RUN_PATH], settings[128];
        const char *const metadata[] = {"segent.palette", forms[i], NULL};
        snprintf(settings, sizeof(settings), "size=9; palette=%s; temperature=2", forms[i]);
        segent_model *model = run_load(f->context, f->plain, settings);
        check_palette(model, colours);
        segent_model_destroy(model);
        run_write(path, &shape, metadata);
        model = run_load(f->context, path, NULL);
        check_palette(model, colours);
        segent_model_destroy(model);
        /* What the caller says goes before. */
        model = run_load(f->context, path, "palette=9,8,7,6,5,4,3,2,1");
        check_palette(model, (const uint8_t[]){9, 8, 7, 6, 5, 4, 3, 2, 1});
        segent_model_destroy(model);
    }
    segent_model *model = run_load(f->context, f->plain, NULL);
    check_palette(model, NULL);
    check_palette(NULL, NULL);
    segent_model_destroy(model);
}

/* What the caller says that is no list of colours, or too short a one. */
static void test_refused(void **state)
{
    static const struct {
        const char *settings, *part;
    } cases[] = {
        {"palette=", "setting palette is \"\", expected 1 to 65536 colours"},
        {"palette=#", "setting palette is"},
        {"palette=#00000", "setting palette is"},
        {"palette=#0000000", "setting palette is"},
        {"palette=#00000g", "setting palette is"},
        {"palette=000000", "setting palette is"},
        {"palette=#000000,", "setting palette is"},
        {"palette=,#000000", "setting palette is"},
        {"palette=#000000 #000000", "setting palette is"},
        {"palette=\"#000000", "setting palette is"},
        {"palette=\"000000\"", "setting palette is"},
        {"palette=1,2", "setting palette is"},
        {"palette=1,2,3,4", "setting palette is"},
        {"palette=1,2,256", "setting palette is"},
        {"palette=1,2,-3", "setting palette is"},
        {"palette=1,2,3.0", "setting palette is"},
        {"palette=[1,2,3", "setting palette is"},
        {"palette=1,2,3]", "setting palette is"},
        {"palette=[1,2,3],4", "setting palette is"},
        {"palette=[[1,2],[3,4],[5,6]]", "setting palette is"},
        {"palette=[[1,2,3,4]]", "setting palette is"},
        {"palette=[[[1,2,3]]]", "setting palette is"},
        {"palette=[]", "setting palette is"},
        {"palette=[[]]", "setting palette is"},
        {"palette=[", "setting palette is"},
        {"palette=#000000,#ffffff", "palette has 2 colours, but the network has 3 classes"},
        {"palette=1,2,3;palette=1,2,3", "setting palette is given twice"},
    };
    const fixture *f = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        run_refused(f->context, f->plain, cases[i].settings, cases[i].part);
}

/* The same of the file. */
static void test_wrong_file(void **state)
{
    static const char *const cases[][2] = {
        {"", "metadata segent.palette is \"\", expected 1 to 65536 colours"},
        {"red,green,blue", "metadata segent.palette is \"red,green,blue\", expected"},
        {"#000000,#ffffff",
         "metadata segent.palette has 2 colours, but the network has 3 classes"}};
    const fixture *f = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char path[RUN_PATH];
        const char *const metadata[] = {"segent.palette", cases[i][0], NULL};
        segent_model *model = NULL;
        run_write(path, &shape, metadata);
        test_assert_status(f->context, segent_model_load(f->context, path, NULL, &model),
                           SEGENT_ERROR_MODEL);
        test_assert_error_contains(f->context, cases[i][1]);
        test_assert_error_contains(f->context, path);
        assert_null(model);
    }
}

/* More colours than there can be classes are none. */
static void test_longest(void **state)
{
    enum { MOST = 65536, LENGTH = 8 };
    static char text[8 + (MOST + 1) * LENGTH] = "palette=";
    const fixture *f = *state;
    segent_model_options options = segent_model_options_init();
    for (int count = MOST; count <= MOST + 1; count++) {
        segent_model *model = NULL;
        for (int i = 0; i < count; i++)
            memcpy(text + 8 + i * LENGTH, "#010203,", LENGTH);
        text[8 + count * LENGTH - 1] = '\0';
        options.settings = text;
        test_assert_status(f->context, segent_model_load(f->context, f->plain, &options, &model),
                           count == MOST ? SEGENT_OK : SEGENT_ERROR_INVALID_ARGUMENT);
        segent_model_destroy(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_wrong_file),
        cmocka_unit_test(test_longest),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
