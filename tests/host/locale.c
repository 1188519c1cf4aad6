/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Numbers in sentences and in files have a point, whatever the host's locale has. */

#include "host.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/context.h"

/* Makes a locale whose decimal point is a comma and sets it; false if this machine cannot. */
static bool set_comma(void)
{
    char folder[256], command[1024], number[16];
    snprintf(folder, sizeof(folder), "%s", test_temporary("de_DE"));
    /* What localedef says besides, and that it warns of, does not matter: the next lines do. */
    snprintf(command, sizeof(command), "localedef -i de_DE -f UTF-8 %s >/dev/null 2>&1", folder);
    if (system(command) == -1)
        return false;
    *strrchr(folder, '/') = '\0';
    setenv("LOCPATH", folder, 1);
    if (!setlocale(LC_ALL, "de_DE"))
        return false;
    snprintf(number, sizeof(number), "%.1f", 0.5);
    return strcmp(number, "0,5") == 0;
}

static void test_sentences(void **state)
{
    segent_context *context = *state;
    const float below[2] = {0.25f, 0.5f}, beyond[2] = {1.5f, -0.5f};
    float value;
    uint8_t rgb[3];
    const segent_tensor_view values = segent_tensor_chw(below, 2, 1, 1),
                             outside = segent_tensor_chw(beyond, 2, 1, 1);
    const segent_map_view entropy = segent_map(&value, 1, 1), map = segent_map(below, 1, 1);
    const segent_pixel_view pixel = segent_pixels(rgb, SEGENT_PIXEL_RGB, 1, 1);
    segent_entropy_options options = segent_entropy_options_init();
    options.temperature = -0.5f;
    test_assert_status(context, segent_entropy_map(context, &values, &options, &entropy),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "temperature of -0.5;");
    options = segent_entropy_options_init();
    options.tolerance = -2.5e-7f;
    test_assert_status(context, segent_entropy_map(context, &values, &options, &entropy),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "tolerance of -2.5e-07;");
    options = segent_entropy_options_init();
    options.source = SEGENT_SOURCE_PROBABILITIES;
    options.strict = 1;
    test_assert_status(context, segent_entropy_map(context, &values, &options, &entropy),
                       SEGENT_ERROR_NOT_PROBABILITY);
    test_assert_error_contains(context, "sum to 0.75 instead");
    test_assert_status(context, segent_entropy_map(context, &outside, &options, &entropy),
                       SEGENT_ERROR_NOT_PROBABILITY);
    test_assert_error_contains(context, " 1.5 at (y, x, class)");
    test_assert_status(
        context, segent_colormap_apply(context, &map, SEGENT_COLORMAP_JET, 0.5f, 0.25f, &pixel),
        SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "0.5 to 0.25;");
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        double value;
        int digits;
        const char *text;
    } cases[] = {{0.0, 6, "0"},
                 {-1.25, 6, "-1.25"},
                 {1e300, 6, "1e+300"},
                 {123456789.0, 6, "1.23457e+08"},
                 {1.0 / 3.0, 9, "0.333333333"},
                 {-1.2345678e-300, 9, "-1.2345678e-300"}};
    char text[SG_NUMBER_SIZE];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(sg_number(text, cases[i].digits, cases[i].value), cases[i].text);
}

static void test_numbers_in_files(void **state)
{
    segent_context *context = *state;
    static const test_network_shape shape = {
        .seed = 11, .blocks = {1, 1, 1, 1}, .width = 2, .aspp = 4, .classes = 3};
    const char *const metadata[] = {"segent.temperature", "1.25e0", NULL};
    const test_writer_options options = {.metadata = metadata};
    const char *path = test_temporary("decimal.safetensors");
    segent_model_details details = segent_model_details_init();
    segent_model *model = NULL;
    test_network *network = test_network_make(&shape);
    test_write_checkpoint(path, SEGENT_CONTAINER_SAFETENSORS, network->tensors, network->count,
                          &options);
    test_network_free(network);
    test_assert_ok(context, segent_model_load(context, path, NULL, &model));
    assert_int_equal(segent_model_info(model, &details), SEGENT_OK);
    assert_true(details.temperature == 1.25f);
    segent_model_destroy(model);
}

static int set_up(void **state)
{
    if (!set_comma()) {
        print_message("no locale with a decimal comma can be made: localedef and its sources are "
                      "in Debian's packages libc-bin and locales\n");
        exit(77);
    }
    *state = test_context();
    return 0;
}

static int tear_down(void **state)
{
    segent_context_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_numbers_in_files),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
