/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "panel.h"
#include "tiles.h"

/* An analysis of made-up maps, owned. */
typedef struct panel_scene {
    sg_analysis analysis;
    segent_image *picture;
    uint16_t *labels;
    float *entropy;
    segent_class_statistics *statistics;
    char **names;
} panel_scene;

/* Labels in vertical stripes of equal width, one a class; entropy rises from left to right. */
static panel_scene make_scene(segent_context *context, int32_t width, int32_t height,
                              int32_t classes)
{
    panel_scene scene = {.picture = NULL};
    const size_t count = (size_t)width * (size_t)height;
    uint8_t *pixels = malloc(count * 3);
    scene.labels = malloc(count * sizeof(*scene.labels));
    scene.entropy = malloc(count * sizeof(*scene.entropy));
    scene.statistics = calloc((size_t)classes, sizeof(*scene.statistics));
    scene.names = names_of_count(classes);
    for (size_t i = 0; i < count; i++) {
        const int64_t x = (int64_t)(i % (size_t)width);
        scene.labels[i] = (uint16_t)(x * classes / width);
        scene.entropy[i] = (float)x / (float)width;
        memset(pixels + 3 * i, (int)(x % 251), 3);
    }
    sg_analysis *analysis = &scene.analysis;
    const segent_pixel_view rgb = segent_pixels(pixels, SEGENT_PIXEL_RGB, height, width);
    const segent_label_view labels =
        segent_label_map(scene.labels, SEGENT_LABEL_U16, height, width);
    const segent_map_view entropy = segent_map(scene.entropy, height, width);
    test_assert_ok(context, segent_image_from_pixels(context, &rgb, &scene.picture));
    test_assert_ok(context, segent_statistics_per_class(context, &labels, &entropy,
                                                        scene.statistics, classes));
    analysis->summary = segent_entropy_summary_init();
    test_assert_ok(context, segent_image_entropy(context, &entropy, NULL, &analysis->summary));
    analysis->input = "scene";
    analysis->picture = scene.picture;
    analysis->width = width;
    analysis->height = height;
    analysis->classes = classes;
    analysis->label_type = SEGENT_LABEL_U16;
    analysis->labels = scene.labels;
    analysis->entropy = scene.entropy;
    analysis->statistics = scene.statistics;
    analysis->class_names = (const char *const *)scene.names;
    free(pixels);
    return scene;
}

static void free_scene(panel_scene *scene)
{
    segent_image_destroy(scene->picture);
    free(scene->labels);
    free(scene->entropy);
    free(scene->statistics);
    names_free(scene->names, scene->analysis.classes);
}

static bool has_colour(const segent_image *image, const uint8_t *rgb)
{
    const uint8_t *pixels = segent_image_pixels(image);
    const int64_t count = (int64_t)segent_image_width(image) * (int64_t)segent_image_height(image);
    for (int64_t i = 0; i < count; i++) {
        if (memcmp(pixels + 3 * i, rgb, 3) == 0)
            return true;
    }
    return false;
}

/* All sizes are composed, leave a white margin, and are no larger than a page can show. */
static void test_sizes(void **state)
{
    segent_context *context = *state;
    const int32_t sizes[][3] = {{1, 1, 2},     {8, 6, 3},         {640, 480, 21},
                                {1, 900, 2},   {900, 1, 5},       {12, 1500, 21},
                                {3000, 20, 1}, {2500, 1500, 300}, {320, 320, 1000}};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        panel_scene scene = make_scene(context, sizes[i][0], sizes[i][1], sizes[i][2]);
        const sg_settings settings = {.range = i % 2 ? RANGE_AUTO : RANGE_FIXED};
        segent_image *panel = NULL;
        test_assert_ok(context, panel_compose(context, &scene.analysis, &settings, &panel));
        const int32_t width = segent_image_width(panel), height = segent_image_height(panel);
        assert_in_range(width, 300, 3800);
        assert_in_range(height, 150, 1700);
        const uint8_t *pixels = segent_image_pixels(panel);
        for (int32_t x = 0; x < width; x++) {
            for (int32_t y = 0; y < 8; y++) {
                assert_int_equal(pixels[3 * (y * width + x)], 255);
                assert_int_equal(pixels[3 * ((height - 1 - y) * width + x)], 255);
            }
        }
        for (int32_t y = 0; y < height; y++) {
            for (int32_t x = 0; x < 8; x++) {
                assert_int_equal(pixels[3 * (y * width + x)], 255);
                assert_int_equal(pixels[3 * (y * width + width - 1 - x)], 255);
            }
        }
        segent_image_destroy(panel);
        free_scene(&scene);
    }
}

/* Every class and both ends of the colour bar are there; without a picture it is narrower. */
static void test_contents(void **state)
{
    segent_context *context = *state;
    panel_scene scene = make_scene(context, 400, 300, 21);
    const sg_settings settings = {.range = RANGE_FIXED};
    segent_image *panel = NULL, *narrow = NULL;
    test_assert_ok(context, panel_compose(context, &scene.analysis, &settings, &panel));
    uint8_t palette[3 * 21];
    segent_palette_voc(palette, 21);
    for (int id = 0; id < 21; id++)
        assert_true(has_colour(panel, palette + 3 * id));
    assert_true(has_colour(panel, (const uint8_t[]){0, 0, 127}));
    assert_true(has_colour(panel, (const uint8_t[]){127, 0, 0}));
    scene.analysis.picture = NULL;
    test_assert_ok(context, panel_compose(context, &scene.analysis, &settings, &narrow));
    assert_true(segent_image_width(narrow) < segent_image_width(panel) - 400);
    segent_image_destroy(panel);
    segent_image_destroy(narrow);
    free_scene(&scene);
}

/* Labels and legend have the colours of the model, where it has some. */
static void test_own_colours(void **state)
{
    static const uint8_t own[] = {10, 20, 30, 40, 250, 60, 201, 103, 5}, voc[] = {128, 0, 0};
    segent_context *context = *state;
    panel_scene scene = make_scene(context, 300, 200, 3);
    const sg_settings settings = {.range = RANGE_FIXED};
    segent_image *panel = NULL;
    sg_tiles tiles;
    scene.analysis.palette = own;
    test_assert_ok(context, tiles_make(context, &scene.analysis, &settings, &tiles));
    for (int id = 0; id < 3; id++)
        assert_memory_equal(tiles.rgb[TILE_LABELS] + 3 * (100 * id + 50), own + 3 * id, 3);
    tiles_free(&tiles);
    memset(scene.labels, 0, (size_t)300 * 200 * sizeof(*scene.labels)); /* in the legend alone */
    test_assert_ok(context, panel_compose(context, &scene.analysis, &settings, &panel));
    for (int id = 0; id < 3; id++)
        assert_true(has_colour(panel, own + 3 * id));
    assert_false(has_colour(panel, voc));
    segent_image_destroy(panel);
    free_scene(&scene);
}

/* Reduced labels are labels that were there, and reduced entropy keeps its mean. */
static void test_reduced_tiles(void **state)
{
    segent_context *context = *state;
    panel_scene scene = make_scene(context, 3001, 40, 2);
    const sg_settings settings = {.range = RANGE_FIXED};
    sg_tiles tiles;
    test_assert_ok(context, tiles_make(context, &scene.analysis, &settings, &tiles));
    assert_int_equal(tiles.width, 1000);
    assert_int_equal(tiles.height, 13);
    assert_int_equal(tiles.zoom, 1);
    uint8_t palette[6];
    segent_palette_voc(palette, 2);
    for (int32_t i = 0; i < tiles.width * tiles.height; i++) {
        const uint8_t *rgb = tiles.rgb[TILE_LABELS] + 3 * i;
        assert_true(memcmp(rgb, palette, 3) == 0 || memcmp(rgb, palette + 3, 3) == 0);
    }
    /* A ramp from 0 to 1 stays one: its middle is green in jet, its ends blue and red. */
    const uint8_t *row = tiles.rgb[TILE_ENTROPY];
    assert_true(row[0] == 0 && row[2] > 120);
    assert_true(row[3 * 500 + 1] == 255);
    assert_true(row[3 * 999] > 120 && row[3 * 999 + 2] == 0);
    tiles_free(&tiles);
    free_scene(&scene);
}

static void test_enlarged_tiles(void **state)
{
    segent_context *context = *state;
    panel_scene scene = make_scene(context, 8, 6, 2);
    const sg_settings settings = {.range = RANGE_FIXED};
    sg_tiles tiles;
    test_assert_ok(context, tiles_make(context, &scene.analysis, &settings, &tiles));
    assert_int_equal(tiles.width, 8);
    assert_int_equal(tiles.zoom, 40);
    assert_memory_equal(tiles.rgb[TILE_PICTURE], segent_image_pixels(scene.picture), 8 * 6 * 3);
    tiles_free(&tiles);
    free_scene(&scene);
}

static void test_order_of_classes(void **state)
{
    segent_context *context = *state;
    panel_scene scene = make_scene(context, 10, 1, 4); /* stripes of 3, 2, 3 and 2 pixels */
    int32_t ids[4];
    assert_int_equal(analysis_present(&scene.analysis, ids), 4);
    assert_int_equal(ids[0], 0);
    assert_int_equal(ids[1], 2);
    assert_int_equal(ids[2], 1);
    assert_int_equal(ids[3], 3);
    free_scene(&scene);
}

static int make_context(void **state)
{
    *state = test_context();
    return 0;
}

static int destroy_context(void **state)
{
    segent_context_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),          cmocka_unit_test(test_contents),
        cmocka_unit_test(test_own_colours),    cmocka_unit_test(test_reduced_tiles),
        cmocka_unit_test(test_enlarged_tiles), cmocka_unit_test(test_order_of_classes),
    };
    return cmocka_run_group_tests(tests, make_context, destroy_context);
}
