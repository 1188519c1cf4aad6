/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A picture through a model: resize, normalise, network, head. */

#include <math.h>

#include "image/image.h"
#include "model/model.h"
#include "model/result.h"

static const uint32_t keep_all = SEGENT_KEEP_LOGITS | SEGENT_KEEP_PROBABILITIES |
                                 SEGENT_KEEP_TOP_PROBABILITY | SEGENT_KEEP_MARGIN;

static segent_status check_options(segent_context *context, const segent_run_options *options)
{
    if (options->size < -1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "size %d: neither a number of pixels, 0 nor -1", (int)options->size);
    if (options->output_size != SEGENT_OUTPUT_NETWORK &&
        options->output_size != SEGENT_OUTPUT_ORIGINAL)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "unknown output size %d",
                       (int)options->output_size);
    if (!(options->temperature >= 0.0f) || !isfinite(options->temperature))
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "the temperature must be a positive number");
    if (options->keep & ~keep_all)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "unknown bits 0x%x in keep",
                       (unsigned)(options->keep & ~keep_all));
    return SEGENT_OK;
}

/* Room for the network's own logits. */
static segent_status make_logits(segent_context *context, const segent_model *model,
                                 segent_result *result)
{
    sg_network_size size;
    const segent_status status =
        sg_network_measure(context, model->built.network, segent_image_height(result->input),
                           segent_image_width(result->input), model->engine, 0, &size);
    if (status != SEGENT_OK)
        return status;
    result->lowres = segent_layout_chw(result->classes, size.logits_height, size.logits_width);
    const size_t features = (size_t)size.logits_height * (size_t)size.logits_width;
    const size_t bytes = (size_t)result->classes * sizeof(float);
    result->lowres_logits = sg_alloc(&context->allocator, features, bytes);
    return result->lowres_logits ? SEGENT_OK
                                 : sg_fail_memory(context, "the logits", features * bytes);
}

static segent_status run_network(segent_context *context, const segent_model *model,
                                 const segent_run_options *options, segent_result *result)
{
    const int32_t width = segent_image_width(result->input),
                  height = segent_image_height(result->input);
    const size_t pixels = (size_t)width * (size_t)height;
    const sg_network_run_options run_options = {.progress = options->progress,
                                                .progress_user = options->progress_user,
                                                .layer = options->layer,
                                                .layer_user = options->layer_user,
                                                .engine = model->engine};
    const double start = sg_seconds();
    float *input = sg_alloc(&context->allocator, pixels, 3 * sizeof(float));
    if (!input)
        return sg_fail_memory(context, "the network's input", pixels * 3 * sizeof(float));
    sg_image_normalize(context, result->input, input, 3);
    const double normalised = sg_seconds();
    result->timings.preprocess += normalised - start;

    segent_status status = make_logits(context, model, result);
    if (status == SEGENT_OK)
        status = sg_network_run(context, model->built.network, input, height, width, &run_options,
                                result->lowres_logits);
    sg_free(&context->allocator, input);
    result->timings.network = sg_seconds() - normalised;
    return status;
}

/* Room for `planes` values a pixel of the output; NULL with *status set once one allocation has
 * failed. */
static void *make_map(segent_context *context, const segent_result *result, int32_t planes,
                      size_t size, segent_status *status)
{
    if (*status != SEGENT_OK)
        return NULL;
    const size_t pixels = (size_t)result->width * (size_t)result->height;
    void *map = sg_alloc(&context->allocator, pixels, (size_t)planes * size);
    if (!map)
        *status =
            sg_fail(context, SEGENT_ERROR_OUT_OF_MEMORY, "out of memory (a map of %d x %d x %d)",
                    (int)planes, (int)result->height, (int)result->width);
    return map;
}

static segent_status make_maps(segent_context *context, uint32_t keep, segent_result *result)
{
    segent_status status = SEGENT_OK;
    const size_t label_size = result->label_type == SEGENT_LABEL_U8 ? 1 : 2;
    result->labels = make_map(context, result, 1, label_size, &status);
    result->entropy = make_map(context, result, 1, sizeof(float), &status);
    if (keep & SEGENT_KEEP_TOP_PROBABILITY)
        result->top_probability = make_map(context, result, 1, sizeof(float), &status);
    if (keep & SEGENT_KEEP_MARGIN)
        result->margin = make_map(context, result, 1, sizeof(float), &status);
    if (keep & SEGENT_KEEP_LOGITS)
        result->logits = make_map(context, result, result->classes, sizeof(float), &status);
    if (keep & SEGENT_KEEP_PROBABILITIES)
        result->probabilities = make_map(context, result, result->classes, sizeof(float), &status);
    if (status != SEGENT_OK)
        return status;
    result->statistics = sg_alloc_zero(&context->allocator, (size_t)result->classes,
                                       sizeof(segent_class_statistics));
    if (!result->statistics)
        return sg_fail_memory(context, "class statistics",
                              (size_t)result->classes * sizeof(segent_class_statistics));
    return SEGENT_OK;
}

static segent_status run_head(segent_context *context, const segent_model *model,
                              const segent_run_options *options, segent_result *result)
{
    const double start = sg_seconds();
    segent_status status = make_maps(context, options->keep, result);
    if (status != SEGENT_OK)
        return status;
    segent_uncertainty_options head = segent_uncertainty_options_init();
    head.temperature = options->temperature > 0.0f ? options->temperature : model->temperature;
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = result->height;
    maps.width = result->width;
    maps.labels = result->labels;
    maps.label_type = result->label_type;
    maps.entropy = result->entropy;
    maps.top_probability = result->top_probability;
    maps.margin = result->margin;
    maps.logits = result->logits;
    maps.probabilities = result->probabilities;
    status = sg_uncertainty_from_logits(context, result->lowres_logits, &result->lowres, &head,
                                        &maps, &result->summary);
    if (status == SEGENT_OK)
        status = sg_statistics_per_class(context, result->labels, result->label_type, NULL,
                                         result->entropy, NULL, result->height, result->width,
                                         result->classes, result->statistics);
    result->timings.head = sg_seconds() - start;
    return status;
}

static segent_status run(segent_context *context, const segent_model *model,
                         const segent_image *image, const segent_run_options *options,
                         segent_result *result)
{
    const int32_t size = options->size >= 0 ? options->size : model->size;
    const bool original = options->output_size == SEGENT_OUTPUT_ORIGINAL;
    const double start = sg_seconds();
    int32_t width, height;
    segent_status status = segent_image_fit(image->width, image->height, size, &width, &height);
    if (status != SEGENT_OK)
        return sg_fail(context, status, "a picture of %d x %d cannot be resized to shorter side %d",
                       (int)image->width, (int)image->height, (int)size);
    status = sg_image_resize(context, image, width, height, &result->input);
    if (status != SEGENT_OK)
        return status;
    result->timings.preprocess = sg_seconds() - start;
    result->width = original ? image->width : width;
    result->height = original ? image->height : height;
    result->classes = model->built.facts.classes;
    result->label_type = result->classes <= 256 ? SEGENT_LABEL_U8 : SEGENT_LABEL_U16;
    status = run_network(context, model, options, result);
    return status == SEGENT_OK ? run_head(context, model, options, result) : status;
}

segent_status sg_run(segent_context *context, const segent_model *model, const segent_image *image,
                     const segent_run_options *given, segent_result **out)
{
    segent_run_options options = segent_run_options_init();
    if (!model || !image || !out)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_run: model, image or result is NULL");
    segent_status status =
        sg_read_options(context, "segent_run_options", &options, sizeof(options), given);
    if (status == SEGENT_OK)
        status = check_options(context, &options);
    if (status != SEGENT_OK)
        return status;
    segent_result *result = sg_alloc_zero(&context->allocator, 1, sizeof(*result));
    if (!result)
        return sg_fail_memory(context, "a result", sizeof(*result));
    result->allocator = context->allocator;
    result->summary = segent_entropy_summary_init();
    result->timings.struct_size = sizeof(result->timings);
    status = run(context, model, image, &options, result);
    if (status != SEGENT_OK)
        segent_result_destroy(result);
    else
        *out = result;
    return status;
}
