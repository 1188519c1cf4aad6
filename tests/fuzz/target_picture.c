/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads a picture in memory, with and without its orientation and a background. */

#include "fuzz.h"

static uint64_t sum_pixels(const segent_image *image)
{
    const size_t width = (size_t)segent_image_width(image);
    const size_t height = (size_t)segent_image_height(image);
    const uint8_t *pixels = segent_image_pixels(image);
    uint64_t sum = 0;
    fuzz_check(width > 0 && height > 0, "a picture without pixels");
    for (size_t i = 0; i < width * height * 3; i++)
        sum += pixels[i];
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    segent_context *context = fuzz_begin();
    uint64_t sums[2] = {0, 0};
    segent_status status[2];
    for (int32_t keep = 0; keep < 2; keep++) {
        segent_image *image = NULL;
        segent_image_options options = fuzz_image_options();
        options.orient = keep ? SEGENT_ORIENT_STORED : SEGENT_ORIENT_UPRIGHT;
        /* The last byte chooses, so that transparency is both dropped and composed. */
        options.background = size > 0 && data[size - 1] & 1 ? 0x102030 : 0;
        status[keep] = segent_image_load_memory(context, data, size, &options, &image);
        fuzz_check_result(context, status[keep], image);
        sums[keep] = image ? sum_pixels(image) : 0;
        segent_image_destroy(image);
    }
    fuzz_check(status[0] == status[1], "the orientation changed whether a picture is read");
    fuzz_check(sums[0] == sums[1], "the orientation changed pixels");
    fuzz_end();
    return 0;
}
