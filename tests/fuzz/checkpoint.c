/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "checkpoint.h"

#include <stdlib.h>
#include <string.h>

enum {
    ELEMENTS_MAX = 1 << 20, /* tensors of more are not read: a view may repeat a value very often */
    TENSORS_TRIED = 1000,   /* of a file, in its order */
    PARAMETERS_MAX = 1 << 16, /* networks with more are built but not run */
    SIDE = 16,
    MEMORY_FACTOR = 8,
    MEMORY_BASE = 1 << 18
};

/* The number of elements of a tensor, or ELEMENTS_MAX + 1 if there are more than ELEMENTS_MAX. */
static int64_t count_elements(const segent_tensor_info *info)
{
    int64_t elements = 1;
    fuzz_check(info->rank >= 0 && info->rank <= SEGENT_RANK_MAX, "a rank out of range");
    for (int32_t i = 0; i < info->rank; i++) {
        fuzz_check(info->shape[i] >= 0, "a negative shape");
        if (info->shape[i] == 0)
            return 0;
    }
    for (int32_t i = 0; i < info->rank; i++) {
        if (info->shape[i] > ELEMENTS_MAX / elements)
            return ELEMENTS_MAX + 1;
        elements *= info->shape[i];
    }
    return elements;
}

static bool is_other_type(const segent_tensor_info *info)
{
    return info->dtype < SEGENT_DTYPE_F32 || info->dtype > SEGENT_DTYPE_BOOL;
}

static void read_tensor(segent_context *context, const segent_checkpoint *checkpoint, int64_t index)
{
    segent_tensor_info info = segent_tensor_info_init();
    fuzz_check(segent_checkpoint_tensor(context, checkpoint, index, &info) == SEGENT_OK,
               "a tensor that is counted is not there");
    fuzz_check(memchr(info.name, 0, 1 << 20) != NULL, "a name without an end");
    const int64_t elements = count_elements(&info);
    if (elements > ELEMENTS_MAX)
        return;
    float *values = malloc((size_t)elements * sizeof(float) + 1);
    fuzz_check(values != NULL, "no memory for values");
    const segent_status status =
        segent_checkpoint_read(context, checkpoint, index, values, elements);
    /* Tensors of types that the library does not read are listed as well. */
    fuzz_check(status == SEGENT_OK || (status == SEGENT_ERROR_UNSUPPORTED && is_other_type(&info)),
               segent_last_error(context));
    free(values);
}

static void walk(segent_context *context, const segent_checkpoint *checkpoint)
{
    static const char *const keys[] = {"segent.classes", "segent.rates", "format", ""};
    const int64_t count = segent_checkpoint_count(checkpoint);
    const segent_container container = segent_checkpoint_container(checkpoint);
    fuzz_check(container >= SEGENT_CONTAINER_LEGACY, "an unknown container");
    for (int64_t i = 0; i < count; i++)
        read_tensor(context, checkpoint, i);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const char *value = segent_checkpoint_metadata(checkpoint, keys[i]);
        fuzz_check(!value || strlen(value) < SIZE_MAX, "metadata without an end");
    }
}

/* FNV-1a over the class ids and entropies. */
static uint64_t sum_result(const segent_result *result)
{
    const size_t pixels =
        (size_t)segent_result_width(result) * (size_t)segent_result_height(result);
    const size_t label = segent_result_label_type(result) == SEGENT_LABEL_U8 ? 1 : 2;
    const struct {
        const void *data;
        size_t size;
    } maps[] = {{segent_result_labels(result), pixels * label},
                {segent_result_entropy(result), pixels * sizeof(float)}};
    uint64_t sum = 0xcbf29ce484222325u;
    for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
        const uint8_t *bytes = maps[i].data;
        for (size_t j = 0; j < maps[i].size; j++)
            sum = (sum ^ bytes[j]) * 0x100000001b3u;
    }
    return sum;
}

static uint64_t run(segent_context *context, const segent_model *model, segent_engine engine)
{
    uint8_t pixels[SIDE * SIDE];
    segent_image *image = NULL;
    segent_result *result = NULL;
    segent_run_options options = segent_run_options_init();
    for (size_t i = 0; i < sizeof(pixels); i++)
        pixels[i] = (uint8_t)(i * 7);
    options.size = SEGENT_SIZE_OWN;
    options.engine = engine;
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_GREY, SIDE, SIDE);
    fuzz_check(segent_image_from_pixels(context, &view, &image) == SEGENT_OK, "no picture");
    const segent_status status = segent_run(context, model, image, &options, &result);
    fuzz_check_result(context, status, result);
    const uint64_t sum = result ? sum_result(result) : 0;
    segent_result_destroy(result);
    segent_image_destroy(image);
    return sum;
}

uint64_t fuzz_use_model(segent_context *context, const segent_model *model, segent_engine engine)
{
    segent_model_details details = segent_model_details_init();
    for (int32_t i = 0; segent_model_property_key(model, i); i++)
        fuzz_check(segent_model_property(model, segent_model_property_key(model, i)) != NULL,
                   "a property without a value");
    fuzz_check(segent_model_info(model, &details) == SEGENT_OK, "a model without details");
    fuzz_check(segent_model_tensor_name(model, -1) == NULL, "a tensor before the first");
    for (int64_t i = 0; i < TENSORS_TRIED; i++) {
        const char *name = segent_model_tensor_name(model, i);
        fuzz_check(!name || *name != '\0', "a tensor without a name");
    }
    fuzz_check(segent_model_class_name(model, details.classes - 1) != NULL, "no class name");
    fuzz_check(segent_model_class_name(model, details.classes) == NULL, "a class too many");
    return details.parameters <= PARAMETERS_MAX ? run(context, model, engine) : 0;
}

/* Checks that the reader took no more memory than 8 times the file and the blocks of 64 KiB that it
 * begins with. Zip archives have another bound, since their entries may be deflated. */
static void check_memory(const uint8_t *data, size_t size)
{
    const bool zip = size >= 2 && data[0] == 'P' && data[1] == 'K';
    fuzz_check(zip || fuzz_peak() <= MEMORY_FACTOR * size + MEMORY_BASE, "too much memory");
}

segent_status fuzz_try_checkpoint(const uint8_t *data, size_t size)
{
    segent_context *context = fuzz_begin();
    segent_checkpoint *checkpoint = NULL;
    const segent_status status = segent_checkpoint_load_memory(context, data, size, &checkpoint);
    fuzz_check_result(context, status, checkpoint);
    if (checkpoint)
        walk(context, checkpoint);
    segent_checkpoint_destroy(checkpoint);
    check_memory(data, size);
    fuzz_end();
    return status;
}
