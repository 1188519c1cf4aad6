/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A program that knows libsegent only by its installed header and pkg-config:
 *     cc consumer.c $(pkg-config --cflags --libs segent) -o consumer
 *     ./consumer [MODEL PICTURE]
 * It computes what can be checked by hand, runs a picture if it is given one, and exits 0 if all
 * is as expected. Written in the common subset of C99 and C++98, so that it is compiled as both. */

#include <segent/segent.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CLASSES = 3, HEIGHT = 1, WIDTH = 2 };

/* Pixel 0: all classes alike, entropy 1. Pixel 1: one class without doubt, entropy 0. C x H x W. */
static const float logits[CLASSES * HEIGHT * WIDTH] = {0.5f, 0.0f, 0.5f, 200.0f, 0.5f, 0.0f};

static int expect(int good, const char *what)
{
    if (!good)
        fprintf(stderr, "consumer: wrong: %s\n", what);
    return good;
}

static int check_numbers(segent_context *context)
{
    float probabilities[CLASSES * HEIGHT * WIDTH], entropy[HEIGHT * WIDTH];
    uint8_t labels[HEIGHT * WIDTH], rgb[HEIGHT * WIDTH * 3];
    const segent_tensor_view values = segent_tensor_chw(logits, CLASSES, HEIGHT, WIDTH);
    const segent_tensor_view softmax = segent_tensor_chw(probabilities, CLASSES, HEIGHT, WIDTH);
    const segent_map_view map = segent_map(entropy, HEIGHT, WIDTH);
    const segent_label_view ids = segent_label_map(labels, SEGENT_LABEL_U8, HEIGHT, WIDTH);
    const segent_pixel_view colours = segent_pixels(rgb, SEGENT_PIXEL_RGB, HEIGHT, WIDTH);
    segent_entropy_summary summary = segent_entropy_summary_init();

    if (segent_softmax(context, &values, &softmax) != SEGENT_OK ||
        segent_entropy_map(context, &values, NULL, &map) != SEGENT_OK ||
        segent_argmax(context, &values, &ids) != SEGENT_OK ||
        segent_palette_decode(context, &ids, NULL, 0, &colours) != SEGENT_OK ||
        segent_image_entropy(context, &map, NULL, &summary) != SEGENT_OK) {
        fprintf(stderr, "consumer: %s\n", segent_last_error(context));
        return 0;
    }
    return expect(fabs(probabilities[0] - 1.0 / 3.0) < 1e-6, "softmax") &
           expect(fabs(entropy[0] - 1.0) < 1e-6 && fabs(entropy[1]) < 1e-6, "entropy map") &
           expect(fabs(summary.sum - 1.0) < 1e-6 && fabs(summary.mean - 0.5) < 1e-6, "sums") &
           expect(labels[0] == 0 && labels[1] == 1, "argmax") &
           expect(rgb[0] == 0 && rgb[3] == 128 && rgb[4] == 0 && rgb[5] == 0, "palette");
}

static int check_errors(segent_context *context)
{
    segent_image *image = NULL;
    const segent_status status = segent_image_load(context, "/no/such/picture", NULL, &image);
    return expect(status == SEGENT_ERROR_NOT_FOUND && image == NULL, "status of a missing file") &
           expect(strstr(segent_last_error(context), "/no/such/picture") != NULL,
                  "sentence that names the missing file");
}

static int run_picture(segent_context *context, const char *model_path, const char *picture)
{
    segent_model *model = NULL;
    segent_image *image = NULL;
    segent_result *result = NULL;
    segent_entropy_summary summary = segent_entropy_summary_init();
    int good = 0;

    if (segent_model_load(context, model_path, NULL, &model) == SEGENT_OK &&
        segent_image_load(context, picture, NULL, &image) == SEGENT_OK &&
        segent_run(context, model, image, NULL, &result) == SEGENT_OK &&
        segent_result_summary(result, &summary) == SEGENT_OK) {
        printf("%.6f\n", summary.sum_nats);
        good = expect(summary.mean >= 0.0 && summary.mean <= 1.0, "mean entropy");
    } else {
        fprintf(stderr, "consumer: %s\n", segent_last_error(context));
    }
    segent_result_destroy(result);
    segent_image_destroy(image);
    segent_model_destroy(model);
    return good;
}

int main(int argc, char **argv)
{
    segent_context *context = NULL;
    int good;
    if (segent_context_create(NULL, &context) != SEGENT_OK)
        return 1;
    good = expect(strcmp(segent_version(), SEGENT_VERSION_STRING) == 0, "version");
    good = check_numbers(context) && good;
    good = check_errors(context) && good;
    if (argc == 3)
        good = run_picture(context, argv[1], argv[2]) && good;
    segent_context_destroy(context);
    return good ? 0 : 1;
}
