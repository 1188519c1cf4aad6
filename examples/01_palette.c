/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Class ids to the colours of Pascal VOC:
 *     cc 01_palette.c $(pkg-config --cflags --libs segent) -o palette
 *     ./palette                          the colours of the first 21 classes
 *     ./palette LABELS.png COLOURS.png   a PNG of class ids as an RGB picture */

#include <segent/segent.h>
#include <stdio.h>
#include <stdlib.h>

static segent_status print_palette(void)
{
    uint8_t rgb[21 * 3];
    const segent_status status = segent_palette_voc(rgb, 21);
    for (int id = 0; status == SEGENT_OK && id < 21; id++)
        printf("%2d  #%02x%02x%02x\n", id, rgb[3 * id], rgb[3 * id + 1], rgb[3 * id + 2]);
    return status;
}

static segent_status decode(segent_context *context, const char *input, const char *output)
{
    segent_labels *labels = NULL;
    segent_image *image = NULL;
    uint8_t *rgb = NULL;
    segent_status status = segent_labels_load_png(context, input, NULL, &labels);
    if (status == SEGENT_OK) {
        const int32_t width = segent_labels_width(labels), height = segent_labels_height(labels);
        rgb = malloc((size_t)width * (size_t)height * 3);
        if (!rgb)
            status = SEGENT_ERROR_OUT_OF_MEMORY;
        const segent_label_view ids =
            segent_label_map(segent_labels_data(labels), segent_labels_type(labels), height, width);
        const segent_pixel_view pixels = segent_pixels(rgb, SEGENT_PIXEL_RGB, height, width);
        if (status == SEGENT_OK)
            status = segent_palette_decode(context, &ids, NULL, 0, &pixels);
        if (status == SEGENT_OK)
            status = segent_image_from_pixels(context, &pixels, &image);
        if (status == SEGENT_OK)
            status = segent_image_save_png(context, image, output);
    }
    segent_image_destroy(image);
    free(rgb);
    segent_labels_destroy(labels);
    return status;
}

int main(int argc, char **argv)
{
    segent_context *context = NULL;
    segent_status status = segent_context_create(NULL, &context);
    if (status == SEGENT_OK)
        status = argc == 3 ? decode(context, argv[1], argv[2]) : print_palette();
    if (status != SEGENT_OK)
        fprintf(stderr, "%s: %s\n", segent_status_string(status), segent_last_error(context));
    segent_context_destroy(context);
    return status == SEGENT_OK ? 0 : 1;
}
