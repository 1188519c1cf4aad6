/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the caller says of a file (segent_model_options.settings), and what a model says of itself
 * (segent_model_property). */

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
    static const char *const metadata[] = {
        "segent.rates",       "2,4,6",       "segent.size", "320", "segent.temperature", "1.25",
        "segent.description", "of the file", NULL};
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

/* Loads with the settings and compares all that they can say. */
static void expect(const fixture *f, const char *path, const char *settings, const char *rates,
                   int32_t size, const char *temperature, const char *description)
{
    segent_model_details details = segent_model_details_init();
    segent_model *model = run_load(f->context, path, settings);
    char number[16];
    snprintf(number, sizeof(number), "%d", (int)size);
    assert_int_equal(segent_model_info(model, &details), SEGENT_OK);
    assert_string_equal(segent_model_property(model, "rates"), rates);
    assert_string_equal(segent_model_property(model, "size"), number);
    const float value = strtof(temperature, NULL);
    assert_true(strtof(segent_model_property(model, "temperature"), NULL) == value);
    assert_int_equal(details.size, size);
    assert_true(details.temperature == value);
    assert_string_equal(details.description, description);
    segent_model_destroy(model);
}

static void test_settings(void **state)
{
    const fixture *f = *state;
    expect(f, f->plain, NULL, "12,24,36", 640, "1", "");
    expect(f, f->plain, "", "12,24,36", 640, "1", "");
    expect(f, f->plain, " ; ;; \t\n", "12,24,36", 640, "1", "");
    expect(f, f->plain, "rates=6,12,18", "6,12,18", 640, "1", "");
    expect(f, f->plain, "rates=6,12,18; size=512", "6,12,18", 512, "1", "");
    expect(f, f->plain, " size = 512 ;\n rates\t= 6,12,18 ;", "6,12,18", 512, "1", "");
    expect(f, f->plain, "temperature=1.5e0", "12,24,36", 640, "1.5", "");
    expect(f, f->plain, "temperature=0.001;size=1", "12,24,36", 1, "0.001", "");
    expect(f, f->plain, "temperature=1000;size=65536;rates=1,1,4096", "1,1,4096", 65536, "1000",
           "");
    expect(f, f->plain, "description= two words, a = b ", "12,24,36", 640, "1", "two words, a = b");
    expect(f, f->plain, "description=", "12,24,36", 640, "1", "");
    expect(f, f->plain, "description=\xc3\xa9t\xc3\xa9;size=9", "12,24,36", 9, "1",
           "\xc3\xa9t\xc3\xa9");
}

/* What the caller says goes before what the file says, key by key. */
static void test_before_the_file(void **state)
{
    const fixture *f = *state;
    expect(f, f->told, NULL, "2,4,6", 320, "1.25", "of the file");
    expect(f, f->told, "rates=6,12,18", "6,12,18", 320, "1.25", "of the file");
    expect(f, f->told, "size=64", "2,4,6", 64, "1.25", "of the file");
    expect(f, f->told, "temperature=2", "2,4,6", 320, "2", "of the file");
    expect(f, f->told, "description=", "2,4,6", 320, "1.25", "");
    expect(f, f->told, "description=mine;temperature=3;size=8;rates=1,2,3", "1,2,3", 8, "3",
           "mine");
}

/* The error that was measured comes from the file or the caller, and a run counts what is below it.
 */
static void test_precision_error(void **state)
{
    const fixture *f = *state;
    static const char *const metadata[] = {"segent.precision_error", "1e3", NULL};
    static const uint8_t grey[32 * 32] = {0};
    const segent_pixel_view view = segent_pixels(grey, SEGENT_PIXEL_GREY, 32, 32);
    segent_run_options options = segent_run_options_init();
    segent_image *image = NULL;
    char path[RUN_PATH];
    options.size = SEGENT_SIZE_OWN;
    run_write(path, &shape, metadata);
    test_assert_ok(f->context, segent_image_from_pixels(f->context, &view, &image));
    static const struct {
        const char *settings;
        double below;
        int64_t least, most; /* undecided pixels */
    } cases[] = {{NULL, 1e3, 32 * 32, 32 * 32},
                 {"precision_error=1e-9", 1e-9, 0, 32},
                 {"precision_error=0.221", 0.221, 0, 32 * 32}};
    for (int i = 0; i < 3; i++) {
        segent_entropy_summary summary = segent_entropy_summary_init();
        segent_result *result = NULL;
        segent_model *model = run_load(f->context, path, cases[i].settings);
        const float told = strtof(segent_model_property(model, "precision_error"), NULL);
        assert_true(told == (float)cases[i].below);
        test_assert_ok(f->context, segent_run(f->context, model, image, &options, &result));
        assert_int_equal(segent_result_summary(result, &summary), SEGENT_OK);
        assert_true(summary.undecided_below == (double)told);
        assert_in_range(summary.undecided, cases[i].least, cases[i].most);
        segent_result_destroy(result);
        segent_model_destroy(model);
    }
    segent_model *model = run_load(f->context, f->plain, NULL);
    assert_null(segent_model_property(model, "precision_error"));
    segent_model_destroy(model);
    segent_image_destroy(image);
}

/* A file that says something wrong can be used by someone who knows better. */
static void test_wrong_file(void **state)
{
    const fixture *f = *state;
    static const char *const metadata[] = {"segent.rates", "none", "segent.size", "0", NULL};
    char path[RUN_PATH];
    segent_model_options options = segent_model_options_init();
    segent_model *model = NULL;
    run_write(path, &shape, metadata);
    test_assert_status(f->context, segent_model_load(f->context, path, NULL, &model),
                       SEGENT_ERROR_MODEL);
    test_assert_error_contains(f->context, "metadata segent.rates is \"none\"");
    options.settings = "rates=1,2,3";
    test_assert_status(f->context, segent_model_load(f->context, path, &options, &model),
                       SEGENT_ERROR_MODEL);
    test_assert_error_contains(f->context, "metadata segent.size is \"0\"");
    assert_null(model);
    expect(f, path, "rates=1,2,3;size=16", "1,2,3", 16, "1", "");
}

/* A setting that the network has no use for is no setting that may be passed over. */
static void test_rates_of_an_fcn(void **state)
{
    const fixture *f = *state;
    segent_model_options options = segent_model_options_init();
    segent_model *model = NULL;
    options.settings = "rates=1,2,3";
    test_assert_status(f->context, segent_model_load(f->context, f->fcn, &options, &model),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(f->context, "an FCN has no branches with rates");
    assert_null(model);
}

/* The temperature is told in as few digits as it takes to read it back. */
static void test_shortest_numbers(void **state)
{
    const fixture *f = *state;
    expect(f, f->plain, "temperature=0.001", "12,24,36", 640, "0.001", "");
    expect(f, f->plain, "temperature=1.3", "12,24,36", 640, "1.3", "");
    expect(f, f->plain, "temperature=0.333333343", "12,24,36", 640, "0.33333334", "");
}

static void test_refused(void **state)
{
    static const struct {
        const char *settings, *part;
    } cases[] = {
        {"dilation=1,2,3", "no setting \"dilation\""},
        {"Rates=1,2,3", "no setting \"Rates\""},
        {"segent.size=3", "no setting \"segent.size\""},
        {"width=4", "no setting \"width\""}, /* a property, but not one to be set */
        {"blocks=1,2,1,1", "no setting \"blocks\""},
        {"classes=a,b,c", "no setting \"classes\""},
        {"=3", "no setting \"\""},
        {"3", "no setting \"3\""},
        {"size", "setting size has no value"},
        {"rates=1,2,3;temperature", "setting temperature has no value"},
        {"size=3;size=3", "setting size is given twice"},
        {"description=a;size=1;description=b", "setting description is given twice"},
        {"size=", "setting size is \"\""},
        {"size=0", "setting size is \"0\""},
        {"size=-1", "setting size is \"-1\""},
        {"size=65537", "setting size is \"65537\""},
        {"size=3x", "setting size is \"3x\""},
        {"size=1e2", "setting size is \"1e2\""},
        {"size=99999999999", "setting size is"},
        {"mean=", "setting mean is \"\", expected three numbers from -16 to 16"},
        {"mean=0.5", "setting mean is"},
        {"mean=0.5,0.5", "setting mean is"},
        {"mean=0.5,0.5,", "setting mean is"},
        {"mean=0.5,0.5,0.5,0.5", "setting mean is"},
        {"mean=0.5,0.5,0.5,", "setting mean is"},
        {"mean=0.5,,0.5", "setting mean is"},
        {"mean=123.675,116.28,103.53", "of colours from 0 to 1"},
        {"mean=nan,0,0", "setting mean is"},
        {"mean=0,--1,0", "setting mean is"},
        {"std=1,1,0", "setting std is \"1,1,0\", expected three numbers from 0.000001"},
        {"std=1,-1,1", "setting std is"},
        {"std=1,inf,1", "setting std is"},
        {"std=58.395,57.12,57.375", "of colours from 0 to 1"},
        {"std=1,1,1;std=1,1,1", "setting std is given twice"},
        {"rates=", "setting rates is"},
        {"rates=12", "setting rates is \"12\", expected three numbers"},
        {"rates=12,24", "setting rates is"},
        {"rates=12,24,36,48", "setting rates is"},
        {"rates=0,24,36", "setting rates is"},
        {"rates=12,24,4097", "setting rates is"},
        {"rates=12, 24, 36", "setting rates is"},
        {"temperature=0", "setting temperature is"},
        {"temperature=-1", "setting temperature is"},
        {"temperature=nan", "setting temperature is"},
        {"temperature=inf", "setting temperature is"},
        {"temperature=1e4", "setting temperature is"},
        {"temperature=1,5", "setting temperature is"},
        {"temperature=1e999", "setting temperature is"},
    };
    const fixture *f = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        run_refused(f->context, f->plain, cases[i].settings, cases[i].part);
}

/* A text of any length ends in a sentence, not beyond it. */
static void test_long_text(void **state)
{
    enum { LENGTH = 100000 };
    const fixture *f = *state;
    segent_model_options options = segent_model_options_init();
    segent_model *model = NULL;
    char *text = malloc(LENGTH + 32);
    assert_non_null(text);
    memset(text, 'x', LENGTH);
    text[LENGTH] = '\0';
    options.settings = text;
    test_assert_status(f->context, segent_model_load(f->context, f->plain, &options, &model),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    memcpy(text, "size=", 5);
    test_assert_status(f->context, segent_model_load(f->context, f->plain, &options, &model),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    memcpy(text, "description=", 12);
    model = run_load(f->context, f->plain, text);
    segent_model_details details = segent_model_details_init();
    segent_model_info(model, &details);
    assert_string_equal(details.description, text + 12);
    segent_model_destroy(model);
    free(text);
}

/* The settings are not only told but used: another network, another size, other probabilities. */
static void test_used(void **state)
{
    const fixture *f = *state;
    uint8_t *rgb = run_noise(4, 40, 56);
    segent_image *image = run_image(f->context, rgb, 40, 56);
    segent_model *told = run_load(f->context, f->told, NULL);
    segent_model *same = run_load(f->context, f->plain, "rates=2,4,6;size=320;temperature=1.25");
    segent_model *sized = run_load(f->context, f->told, "size=24");
    segent_model *rated = run_load(f->context, f->told, "rates=1,4,6;size=24");
    segent_model *hot = run_load(f->context, f->told, "temperature=4;size=24");
    segent_model *const models[] = {told, same, sized, rated, hot};
    segent_result *results[5] = {NULL};
    segent_run_options options = segent_run_options_init();
    for (int i = 0; i < 5; i++)
        test_assert_ok(f->context, segent_run(f->context, models[i], image, NULL, &results[i]));
    run_assert_same(results[1], results[0]);
    assert_int_equal(segent_result_height(results[0]), 320);
    assert_int_equal(segent_result_height(results[2]), 24);
    segent_entropy_summary sums[3];
    for (int i = 0; i < 3; i++) {
        sums[i] = segent_entropy_summary_init();
        segent_result_summary(results[2 + i], &sums[i]);
    }
    assert_true(sums[1].sum != sums[0].sum);
    assert_true(sums[2].sum > sums[0].sum);
    segent_result_destroy(results[4]);
    results[4] = NULL;
    options.temperature = 1.25f; /* that of the run goes before that of the model */
    test_assert_ok(f->context, segent_run(f->context, hot, image, &options, &results[4]));
    run_assert_same(results[4], results[2]);
    for (int i = 0; i < 5; i++) {
        segent_result_destroy(results[i]);
        segent_model_destroy(models[i]);
    }
    segent_image_destroy(image);
    free(rgb);
}

static void run_tensor(const fixture *f, const segent_model *model,
                       const segent_tensor_view *tensor, const segent_uncertainty_maps *maps)
{
    segent_input input = segent_input_init();
    segent_run_options options = segent_run_options_init();
    input.tensor = *tensor;
    options.size = SEGENT_SIZE_OWN;
    test_assert_ok(f->context, segent_run_into(f->context, model, &input, &options, maps, NULL));
}

/* A picture normalised by the model is the same as one normalised before. */
static void test_normalisation(void **state)
{
    enum { HEIGHT = 24, WIDTH = 32, PIXELS = HEIGHT * WIDTH };
    static const float mean[3] = {0.5f, 0.25f, -0.125f},
                       deviation[3] = {0.5f, 2.0f, 0.00392156886f};
    static const char given[] = "mean=0.5,0.25,-0.125;std=0.5,2e0,0.00392156886";
    static const char *const metadata[] = {"segent.mean", "0.5,0.25,-0.125", "segent.std",
                                           "0.5,2e0,0.00392156886", NULL};
    static float tensor[PIXELS * 3], entropy[2][PIXELS];
    const fixture *f = *state;
    char path[RUN_PATH];
    uint8_t *rgb = run_noise(4, HEIGHT, WIDTH);
    for (int i = 0; i < PIXELS * 3; i++) {
        const float unit = (float)rgb[i] / 255.0f;
        const float centred = unit - mean[i % 3];
        tensor[i] = centred / deviation[i % 3];
    }
    run_write(path, &shape, metadata);
    segent_model *const models[] = {run_load(f->context, f->plain, given),
                                    run_load(f->context, path, NULL),
                                    run_load(f->context, f->plain, NULL)};
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = HEIGHT;
    maps.width = WIDTH;
    maps.entropy.data = entropy[0];
    const segent_tensor_view view = {tensor, 3, HEIGHT, WIDTH, 1, (int64_t)WIDTH * 3, 3};
    run_tensor(f, models[2], &view, &maps);
    maps.entropy.data = entropy[1];
    segent_image *image = run_image(f->context, rgb, HEIGHT, WIDTH);
    segent_input input = segent_input_init();
    segent_run_options options = segent_run_options_init();
    input.image = image;
    options.size = SEGENT_SIZE_OWN;
    for (int i = 0; i < 3; i++) {
        test_assert_ok(f->context,
                       segent_run_into(f->context, models[i], &input, &options, &maps, NULL));
        assert_int_equal(memcmp(entropy[0], entropy[1], sizeof(entropy[0])) == 0, i < 2);
        assert_string_equal(segent_model_property(models[i], "mean"),
                            i < 2 ? "0.5,0.25,-0.125" : "0.485,0.456,0.406");
        assert_string_equal(segent_model_property(models[i], "std"),
                            i < 2 ? "0.5,2,0.003921569" : "0.229,0.224,0.225");
        segent_model_destroy(models[i]);
    }
    segent_image_destroy(image);
    free(rgb);
}

/* ---- properties ---- */

static void check_keys(const segent_model *model, const char *const *keys)
{
    int32_t count = 0;
    for (; segent_model_property_key(model, count); count++) {
        const char *key = segent_model_property_key(model, count);
        assert_non_null(segent_model_property(model, key));
        for (int32_t i = 0; i < count; i++)
            assert_string_not_equal(segent_model_property_key(model, i), key);
    }
    int32_t expected = 0;
    for (; keys[expected]; expected++)
        assert_non_null(segent_model_property(model, keys[expected]));
    assert_int_equal(count, expected);
    assert_null(segent_model_property_key(model, count));
    assert_null(segent_model_property_key(model, INT32_MAX));
    assert_null(segent_model_property_key(model, -1));
    assert_null(segent_model_property_key(model, INT32_MIN));
    assert_null(segent_model_property(model, ""));
    assert_null(segent_model_property(model, "nothing"));
    assert_null(segent_model_property(model, NULL));
}

static void test_properties(void **state)
{
    static const char *const deeplab[] = {"blocks",  "width", "output_stride", "rates",
                                          "assumed", "read",  "size",          "temperature",
                                          "mean",    "std",   "kernels",       NULL};
    static const char *const fcn[] = {"blocks",      "width", "output_stride", "assumed", "size",
                                      "temperature", "mean",  "std",           "kernels", NULL};
    const fixture *f = *state;
    segent_model_details details = segent_model_details_init();
    segent_model *model = run_load(f->context, f->told, NULL);
    check_keys(model, deeplab);
    assert_string_equal(segent_model_property(model, "blocks"), "1,2,1,1");
    assert_string_equal(segent_model_property(model, "width"), "2");
    assert_string_equal(segent_model_property(model, "assumed"), "output_stride");
    assert_string_equal(segent_model_property(model, "read"), "rates");
    segent_model_destroy(model);
    model = run_load(f->context, f->fcn, NULL);
    check_keys(model, fcn);
    assert_null(segent_model_property(model, "rates"));
    assert_string_equal(segent_model_property(model, "output_stride"), "8");
    assert_string_equal(segent_model_property(model, "assumed"), "output_stride");
    assert_string_equal(segent_model_property(model, "width"), "4");
    assert_int_equal(segent_model_info(model, &details), SEGENT_OK);
    assert_string_equal(details.head, "fcn");
    assert_string_equal(details.backbone, "resnet(1,2,1,1)");
    assert_string_equal(details.architecture, "fcn_resnet(1,2,1,1)");
    segent_model_destroy(model);
    assert_null(segent_model_property(NULL, "size"));
    assert_null(segent_model_property_key(NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_before_the_file),
        cmocka_unit_test(test_precision_error),
        cmocka_unit_test(test_wrong_file),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_used),
        cmocka_unit_test(test_normalisation),
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_rates_of_an_fcn),
        cmocka_unit_test(test_shortest_numbers),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
