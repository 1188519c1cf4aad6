/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads class ids from a PNG file in memory, and asks for their colours. */

#include <stdlib.h>

#include "fuzz.h"

/* Asks for the colour of every class id, which the VOC palette has. */
static void decode(segent_context *context, const segent_labels *labels)
{
    const int32_t width = segent_labels_width(labels), height = segent_labels_height(labels);
    uint8_t *rgb = malloc((size_t)width * (size_t)height * 3);
    fuzz_check(rgb != NULL, "no memory for colours");
    const segent_label_view ids =
        segent_label_map(segent_labels_data(labels), segent_labels_type(labels), height, width);
    const segent_pixel_view pixels = segent_pixels(rgb, SEGENT_PIXEL_RGB, height, width);
    const segent_status status = segent_palette_decode(context, &ids, NULL, 0, &pixels);
    fuzz_check(status == SEGENT_OK, "class ids without colours");
    free(rgb);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    segent_context *context = fuzz_begin();
    segent_labels *labels = NULL;
    const segent_image_options options = fuzz_image_options();
    const segent_status status =
        segent_labels_load_png_memory(context, data, size, &options, &labels);
    fuzz_check_result(context, status, labels);
    if (labels)
        decode(context, labels);
    segent_labels_destroy(labels);
    fuzz_end();
    return 0;
}
