/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Entropy of the logits of any model of one's own, which are made up here: three classes, more and
 * more alike from left to right.
 *     cc 02_entropy.c $(pkg-config --cflags --libs segent) -o entropy && ./entropy [ENTROPY.png] */

#include <segent/segent.h>
#include <stdio.h>

enum { CLASSES = 3, HEIGHT = 64, WIDTH = 256 };

static float logits[HEIGHT * WIDTH * CLASSES]; /* H x W x C, as channels-last frameworks have it */
static float entropy[HEIGHT * WIDTH];
static uint8_t colours[HEIGHT * WIDTH * 3];

static segent_status run(segent_context *context, segent_entropy_summary *summary)
{
    const segent_tensor_view values = segent_tensor_hwc(logits, HEIGHT, WIDTH, CLASSES);
    const segent_map_view map = segent_map(entropy, HEIGHT, WIDTH);
    const segent_pixel_view pixels = segent_pixels(colours, SEGENT_PIXEL_RGB, HEIGHT, WIDTH);
    segent_status status = segent_entropy_map(context, &values, NULL, &map);
    if (status == SEGENT_OK)
        status = segent_image_entropy(context, &map, NULL, summary);
    if (status == SEGENT_OK)
        status = segent_colormap_apply(context, &map, SEGENT_COLORMAP_JET, 0.0f, 1.0f, &pixels);
    return status;
}

static segent_status save(segent_context *context, const char *path)
{
    segent_image *image = NULL;
    const segent_pixel_view pixels = segent_pixels(colours, SEGENT_PIXEL_RGB, HEIGHT, WIDTH);
    segent_status status = segent_image_from_pixels(context, &pixels, &image);
    if (status == SEGENT_OK)
        status = segent_image_save_png(context, image, path);
    segent_image_destroy(image);
    return status;
}

int main(int argc, char **argv)
{
    segent_context *context = NULL;
    segent_entropy_summary summary = segent_entropy_summary_init();

    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++)
            logits[(y * WIDTH + x) * CLASSES] = 10.0f * (float)(WIDTH - 1 - x) / (WIDTH - 1);
    }

    segent_status status = segent_context_create(NULL, &context);
    if (status == SEGENT_OK)
        status = run(context, &summary);
    if (status == SEGENT_OK && argc > 1)
        status = save(context, argv[1]);
    if (status == SEGENT_OK)
        printf("left %.3f, right %.3f, mean %.6f, sum %.3f\n", entropy[0], entropy[WIDTH - 1],
               summary.mean, summary.sum);
    else
        fprintf(stderr, "%s: %s\n", segent_status_string(status), segent_last_error(context));
    segent_context_destroy(context);
    return status == SEGENT_OK ? 0 : 1;
}
