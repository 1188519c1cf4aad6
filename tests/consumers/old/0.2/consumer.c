/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A program that was written for the header of version 0.2, which lies beside it in segent/. It is
 * built against that header for ever and runs with the library of today, whose results have to be
 * those of 0.2: consumer MODEL, the demonstration model. Neither this file nor the header is ever
 * changed; docs/abi.md says why. */

#include <segent/segent.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLASSES = 3, PIXELS = 2, WIDTH = 288, HEIGHT = 192, SIZE = 192, GUARD = 128, BOAT = 4 };

/* What 0.2.0 found in the picture of draw(). */
#define MEAN_ENTROPY_OF_0_2 0.054355
#define BOAT_OF_0_2         2905

static int wrong;

static void expect(int good, const char *what)
{
    if (!good) {
        fprintf(stderr, "wrong: %s\n", what);
        wrong = 1;
    }
}

static void expect_ok(segent_context *context, segent_status status, const char *what)
{
    expect(status == SEGENT_OK, what);
    if (status != SEGENT_OK)
        fprintf(stderr, "    %s\n", segent_last_error(context));
}

/* Both ways to the defaults give the same bytes, and nothing is written behind a struct that has
 * the size of this header. */
#define CHECK_DEFAULTS(type)                                                             \
    do {                                                                                 \
        struct {                                                                         \
            type value;                                                                  \
            unsigned char guard[GUARD];                                                  \
        } set;                                                                           \
        const type inline_ones = type##_init();                                          \
        memset(&set, 0xa5, sizeof(set));                                                 \
        type##_defaults(&set.value);                                                     \
        expect(memcmp(&set.value, &inline_ones, sizeof(type)) == 0, #type);              \
        expect(set.guard[0] == 0xa5 && memcmp(set.guard, set.guard + 1, GUARD - 1) == 0, \
               "what is behind " #type);                                                 \
    } while (0)

static void check_defaults(void)
{
    CHECK_DEFAULTS(segent_options);
    CHECK_DEFAULTS(segent_cpu_info);
    CHECK_DEFAULTS(segent_entropy_options);
    CHECK_DEFAULTS(segent_entropy_summary);
    CHECK_DEFAULTS(segent_uncertainty_options);
    CHECK_DEFAULTS(segent_uncertainty_maps);
    CHECK_DEFAULTS(segent_image_options);
    CHECK_DEFAULTS(segent_tensor_info);
    CHECK_DEFAULTS(segent_model_options);
    CHECK_DEFAULTS(segent_model_details);
    CHECK_DEFAULTS(segent_run_options);
    CHECK_DEFAULTS(segent_input);
    CHECK_DEFAULTS(segent_timings);
}

/* Pixel 0: all classes alike, entropy 1. Pixel 1: one class without doubt, entropy 0. */
static void check_maps(segent_context *context)
{
    static const float logits[CLASSES * PIXELS] = {0.5f, 0.0f, 0.5f, 200.0f, 0.5f, 0.0f};
    float entropy[PIXELS], spread[CLASSES * PIXELS];
    uint8_t labels[PIXELS], rgb[PIXELS * 3];
    const segent_tensor_view values = segent_tensor_chw(logits, CLASSES, 1, PIXELS);
    const segent_tensor_view softmax = segent_tensor_chw(spread, CLASSES, 1, PIXELS);
    const segent_map_view map = segent_map(entropy, 1, PIXELS);
    const segent_label_view ids = segent_label_map(labels, SEGENT_LABEL_U8, 1, PIXELS);
    const segent_pixel_view colours = segent_pixels(rgb, SEGENT_PIXEL_RGB, 1, PIXELS);
    segent_entropy_options options = segent_entropy_options_init();
    segent_entropy_summary summary = segent_entropy_summary_init();

    expect_ok(context, segent_softmax(context, &values, &softmax), "softmax");
    expect(fabs(spread[0] - 1.0 / 3.0) < 1e-6 && fabs(spread[3] - 1.0) < 1e-6, "probabilities");
    expect_ok(context, segent_argmax(context, &values, &ids), "argmax");
    expect(labels[0] == 0 && labels[1] == 1, "labels");
    expect_ok(context, segent_palette_decode(context, &ids, NULL, 0, &colours), "palette");
    expect(rgb[0] == 0 && rgb[3] == 128 && rgb[4] == 0 && rgb[5] == 0, "colours");
    expect_ok(context, segent_entropy_map(context, &values, NULL, &map), "entropy map");
    expect(fabs(entropy[0] - 1.0) < 1e-6 && fabs(entropy[1]) < 1e-6, "entropy");
    expect_ok(context, segent_image_entropy(context, &map, NULL, &summary), "image entropy");
    expect(fabs(summary.sum - 1.0) < 1e-6 && fabs(summary.mean - 0.5) < 1e-6, "sums");
    options.unit = SEGENT_UNIT_BITS;
    options.temperature = 2;
    expect_ok(context, segent_entropy_map(context, &values, &options, &map), "entropy in bits");
    expect(fabs(entropy[0] - log2(3.0)) < 1e-5, "bits");
}

static void check_refusals(segent_context *context)
{
    segent_image *image = NULL;
    segent_run_options options = segent_run_options_init();
    expect(segent_image_load(context, "/no/such/picture", NULL, &image) == SEGENT_ERROR_NOT_FOUND,
           "status of a missing file");
    expect(image == NULL && strstr(segent_last_error(context), "/no/such/picture") != NULL,
           "sentence of a missing file");
    options.struct_size = 4;
    expect(segent_run(context, NULL, NULL, &options, NULL) == SEGENT_ERROR_INVALID_ARGUMENT,
           "status of no model");
}

/* Something like a boat: sky, water, a dark hull and a white sail. */
static void draw(uint8_t *rgb)
{
    static const uint8_t sky[3] = {150, 190, 235}, water[3] = {40, 90, 130}, hull[3] = {90, 50, 30},
                         sail[3] = {245, 240, 230};
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        const int x = i % WIDTH / 3, y = i / WIDTH / 3;
        const uint8_t *colour = y < 40 ? sky : water;
        if (y >= 38 && y < 46 && x >= 24 + (y - 38) && x < 72 - (y - 38))
            colour = hull;
        else if (y >= 6 && y < 38 && x >= 50 - (y - 6) * 3 / 4 && x < 50)
            colour = sail;
        memcpy(rgb + 3 * i, colour, 3);
    }
}

static int32_t count_calls(void *user, double done)
{
    ++*(int *)user;
    return done < 0;
}

static void check_results(segent_context *context, const segent_model *model,
                          const segent_image *image)
{
    static uint8_t labels[WIDTH * HEIGHT];
    static float entropy[WIDTH * HEIGHT];
    segent_run_options options = segent_run_options_init();
    segent_input input = segent_input_init();
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    segent_entropy_summary summary = segent_entropy_summary_init(), again = summary;
    segent_timings timings = segent_timings_init();
    segent_result *result = NULL;
    const segent_class_statistics *classes;
    int64_t count = 0;
    int calls = 0;

    options.size = SIZE;
    options.engine = SEGENT_ENGINE_EXACT;
    options.progress = count_calls;
    options.progress_user = &calls;
    expect_ok(context, segent_run(context, model, image, &options, &result), "run");
    if (!result)
        return;
    expect(calls > 0, "progress");
    expect(segent_result_width(result) == WIDTH && segent_result_height(result) == HEIGHT, "size");
    expect_ok(context, segent_result_summary(result, &summary), "summary");
    expect_ok(context, segent_result_timings(result, &timings), "timings");
    expect(timings.network > 0, "seconds of the network");
    classes = segent_result_statistics(result, &count);
    expect(count == segent_result_classes(result) && llabs(classes[BOAT].pixels - BOAT_OF_0_2) <= 3,
           "pixels of the boat");
    printf("mean entropy %.6f, %lld pixels of a boat\n", summary.mean,
           (long long)classes[BOAT].pixels);
    expect(fabs(summary.mean - MEAN_ENTROPY_OF_0_2) < 1e-4, "mean entropy");

    input.image = image;
    maps.height = HEIGHT;
    maps.width = WIDTH;
    maps.labels = segent_label_map(labels, SEGENT_LABEL_U8, HEIGHT, WIDTH);
    maps.entropy = segent_map(entropy, HEIGHT, WIDTH);
    expect_ok(context, segent_run_into(context, model, &input, &options, &maps, &again),
              "run into buffers");
    expect(again.sum == summary.sum, "the same sum");
    expect(memcmp(labels, segent_result_labels(result), sizeof(labels)) == 0, "the same labels");
    expect(memcmp(entropy, segent_result_entropy(result), sizeof(entropy)) == 0,
           "the same entropy map");
    segent_result_destroy(result);
}

static void check_network(segent_context *context, const char *path)
{
    static uint8_t rgb[3 * WIDTH * HEIGHT];
    const segent_pixel_view pixels = segent_pixels(rgb, SEGENT_PIXEL_RGB, HEIGHT, WIDTH);
    segent_model_options options = segent_model_options_init();
    segent_model_details details = segent_model_details_init();
    segent_model *model = NULL;
    segent_image *image = NULL;

    draw(rgb);
    options.settings_file = "";
    expect_ok(context, segent_model_load(context, path, &options, &model), "model");
    expect_ok(context, segent_image_from_pixels(context, &pixels, &image), "picture");
    if (model && image) {
        expect_ok(context, segent_model_info(model, &details), "facts of the model");
        expect(details.classes == 21 && strcmp(segent_model_class_name(model, 15), "person") == 0,
               "classes");
        check_results(context, model, image);
    }
    segent_image_destroy(image);
    segent_model_destroy(model);
}

int main(int argc, char **argv)
{
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    segent_cpu_info processor = segent_cpu_info_init();
    options.threads = 2;
    if (argc != 2 || segent_context_create(&options, &context) != SEGENT_OK) {
        fprintf(stderr, "consumer MODEL\n");
        return 1;
    }
    expect_ok(context, segent_context_cpu_info(context, &processor), "processor");
    expect(processor.threads == 2, "threads");
    check_defaults();
    check_maps(context);
    check_refusals(context);
    check_network(context, argv[1]);
    segent_context_destroy(context);
    return wrong;
}
