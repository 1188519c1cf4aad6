/* SPDX-License-Identifier: BSD-2-Clause */

#include "shim.h"

#include <errno.h>

#include "_cgo_export.h"

uintptr_t shim_thread(void)
{
    return (uintptr_t)&errno;
}

/* ---- callbacks ---- */

static void on_log(void *user, segent_log_level level, const char *message)
{
    segentGoLog((uintptr_t)user, level, (char *)(uintptr_t)message);
}

static int32_t on_progress(void *user, double done)
{
    return segentGoProgress((uintptr_t)user, done);
}

void shim_log_to(segent_options *options, uintptr_t handle)
{
    options->log = on_log;
    options->log_user = (void *)handle;
}

void shim_progress_to(segent_run_options *options, uintptr_t handle)
{
    options->progress = on_progress;
    options->progress_user = (void *)handle;
}

/* ---- views and their data ---- */

static segent_tensor_view tensor_at(const segent_tensor_view *view, float *data)
{
    segent_tensor_view whole = *view;
    whole.data = data;
    return whole;
}

static segent_map_view map_at(const segent_map_view *view, float *data)
{
    segent_map_view whole = *view;
    whole.data = data;
    return whole;
}

static segent_label_view labels_at(const segent_label_view *view, uint8_t *ids)
{
    segent_label_view whole = *view;
    whole.data = ids;
    return whole;
}

static segent_pixel_view pixels_at(const segent_pixel_view *view, uint8_t *data)
{
    segent_pixel_view whole = *view;
    whole.data = data;
    return whole;
}

/* ---- functions on buffers ---- */

segent_status shim_softmax(segent_context *context, const segent_tensor_view *logits, float *from,
                           const segent_tensor_view *probabilities, float *to)
{
    const segent_tensor_view input = tensor_at(logits, from);
    const segent_tensor_view output = tensor_at(probabilities, to);
    return segent_softmax(context, &input, &output);
}

segent_status shim_entropy_map(segent_context *context, const segent_tensor_view *values,
                               float *from, const segent_entropy_options *options,
                               const segent_map_view *entropy, float *to)
{
    const segent_tensor_view input = tensor_at(values, from);
    const segent_map_view output = map_at(entropy, to);
    return segent_entropy_map(context, &input, options, &output);
}

segent_status shim_image_entropy(segent_context *context, const segent_map_view *entropy,
                                 float *from, const segent_label_view *ignore, uint8_t *ignored,
                                 segent_entropy_summary *summary)
{
    const segent_map_view input = map_at(entropy, from);
    const segent_label_view mask = labels_at(ignore, ignored);
    return segent_image_entropy(context, &input, ignored ? &mask : NULL, summary);
}

segent_status shim_argmax(segent_context *context, const segent_tensor_view *values, float *from,
                          const segent_label_view *labels, uint8_t *to)
{
    const segent_tensor_view input = tensor_at(values, from);
    const segent_label_view output = labels_at(labels, to);
    return segent_argmax(context, &input, &output);
}

segent_status shim_statistics(segent_context *context, const segent_label_view *labels,
                              uint8_t *ids, const segent_map_view *entropy, float *from,
                              segent_class_statistics *statistics, int64_t classes)
{
    const segent_label_view input = labels_at(labels, ids);
    const segent_map_view map = map_at(entropy, from);
    return segent_statistics_per_class(context, &input, from ? &map : NULL, statistics, classes);
}

segent_status shim_palette_decode(segent_context *context, const segent_label_view *labels,
                                  uint8_t *ids, const uint8_t *palette, int64_t count,
                                  const segent_pixel_view *pixels, uint8_t *to)
{
    const segent_label_view input = labels_at(labels, ids);
    const segent_pixel_view output = pixels_at(pixels, to);
    return segent_palette_decode(context, &input, palette, count, &output);
}

segent_status shim_colormap_apply(segent_context *context, const segent_map_view *values,
                                  float *from, segent_colormap colormap, const float *range,
                                  const segent_pixel_view *pixels, uint8_t *to)
{
    const segent_map_view input = map_at(values, from);
    const segent_pixel_view output = pixels_at(pixels, to);
    return segent_colormap_apply(context, &input, colormap, range[0], range[1], &output);
}

segent_status shim_image_from_pixels(segent_context *context, const segent_pixel_view *pixels,
                                     uint8_t *from, segent_image **image)
{
    const segent_pixel_view input = pixels_at(pixels, from);
    return segent_image_from_pixels(context, &input, image);
}

segent_status shim_labels_save_png(segent_context *context, const segent_label_view *labels,
                                   uint8_t *ids, const uint8_t *palette, int64_t count,
                                   const char *path)
{
    const segent_label_view input = labels_at(labels, ids);
    return segent_labels_save_png(context, &input, palette, count, path);
}

segent_status shim_labels_encode_png(segent_context *context, const segent_label_view *labels,
                                     uint8_t *ids, const uint8_t *palette, int64_t count,
                                     segent_buffer **png)
{
    const segent_label_view input = labels_at(labels, ids);
    return segent_labels_encode_png(context, &input, palette, count, png);
}

segent_status shim_map_save_npy(segent_context *context, const segent_map_view *map, float *from,
                                const char *path)
{
    const segent_map_view input = map_at(map, from);
    return segent_map_save_npy(context, &input, path);
}

segent_status shim_tensor_save_npy(segent_context *context, const segent_tensor_view *tensor,
                                   float *from, const char *path)
{
    const segent_tensor_view input = tensor_at(tensor, from);
    return segent_tensor_save_npy(context, &input, path);
}

/* ---- runs ---- */

static segent_uncertainty_maps maps_at(const segent_uncertainty_maps *maps, uint8_t *labels,
                                       float *entropy, float *top_probability, float *margin,
                                       float *logits, float *probabilities)
{
    segent_uncertainty_maps whole = *maps;
    whole.labels.data = labels;
    whole.entropy.data = entropy;
    whole.top_probability.data = top_probability;
    whole.margin.data = margin;
    whole.logits.data = logits;
    whole.probabilities.data = probabilities;
    return whole;
}

static segent_input input_at(const segent_input *input, uint8_t *pixels, float *tensor)
{
    segent_input whole = *input;
    whole.pixels.data = pixels;
    whole.tensor.data = tensor;
    return whole;
}

segent_status shim_uncertainty(segent_context *context, const segent_tensor_view *logits,
                               float *from, const segent_uncertainty_options *options,
                               const segent_uncertainty_maps *maps, uint8_t *labels, float *entropy,
                               float *top_probability, float *margin, float *full,
                               float *probabilities, segent_entropy_summary *summary)
{
    const segent_tensor_view input = tensor_at(logits, from);
    const segent_uncertainty_maps output =
        maps_at(maps, labels, entropy, top_probability, margin, full, probabilities);
    return segent_uncertainty_from_logits(context, &input, options, &output, summary);
}

segent_status shim_run_into(segent_context *context, const segent_model *model,
                            const segent_input *input, uint8_t *pixels, float *tensor,
                            const segent_run_options *options, const segent_uncertainty_maps *maps,
                            uint8_t *labels, float *entropy, float *top_probability, float *margin,
                            float *full, float *probabilities, segent_entropy_summary *summary)
{
    const segent_input given = input_at(input, pixels, tensor);
    const segent_uncertainty_maps output =
        maps_at(maps, labels, entropy, top_probability, margin, full, probabilities);
    return segent_run_into(context, model, &given, options, &output, summary);
}

segent_status shim_model_logits(segent_context *context, const segent_model *model,
                                const segent_input *input, uint8_t *pixels, float *tensor,
                                const segent_run_options *options, const segent_tensor_view *logits,
                                float *to)
{
    const segent_input given = input_at(input, pixels, tensor);
    const segent_tensor_view output = tensor_at(logits, to);
    return segent_model_logits(context, model, &given, options, &output);
}
