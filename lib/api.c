/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The doors: every public function that takes a context and is not about the context itself. Each
 * takes the context for its caller, does the work (api.h) and gives it back. */

#include "api.h"

#include "base/context.h"

/* ---- uncertainty ---- */

segent_status segent_softmax(segent_context *context, const float *logits,
                             const segent_layout *layout, float *probabilities,
                             const segent_layout *output_layout)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK ? sg_leave(context, sg_softmax(context, logits, layout,
                                                              probabilities, output_layout))
                               : status;
}

segent_status segent_entropy_map(segent_context *context, const float *values,
                                 const segent_layout *layout, const segent_entropy_options *options,
                                 float *entropy, const segent_plane *plane)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_entropy_map(context, values, layout, options, entropy, plane))
               : status;
}

segent_status segent_image_entropy(segent_context *context, const float *entropy, int64_t height,
                                   int64_t width, const segent_plane *plane, const uint8_t *ignore,
                                   const segent_plane *ignore_plane,
                                   segent_entropy_summary *summary)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_image_entropy(context, entropy, height, width, plane, ignore,
                                                    ignore_plane, summary))
               : status;
}

segent_status segent_argmax(segent_context *context, const float *values,
                            const segent_layout *layout, void *labels, segent_label_type type,
                            const segent_plane *plane)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_argmax(context, values, layout, labels, type, plane))
               : status;
}

segent_status segent_uncertainty_from_logits(segent_context *context, const float *logits,
                                             const segent_layout *layout,
                                             const segent_uncertainty_options *options,
                                             const segent_uncertainty_maps *maps,
                                             segent_entropy_summary *summary)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_uncertainty_from_logits(context, logits, layout, options,
                                                              maps, summary))
               : status;
}

segent_status segent_statistics_per_class(segent_context *context, const void *labels,
                                          segent_label_type type, const segent_plane *labels_plane,
                                          const float *entropy, const segent_plane *entropy_plane,
                                          int64_t height, int64_t width, int64_t classes,
                                          segent_class_statistics *statistics)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_statistics_per_class(context, labels, type, labels_plane,
                                                           entropy, entropy_plane, height, width,
                                                           classes, statistics))
               : status;
}

/* ---- colours ---- */

segent_status segent_palette_decode(segent_context *context, const void *labels,
                                    segent_label_type type, const segent_plane *plane,
                                    int64_t height, int64_t width, const uint8_t *palette,
                                    int64_t palette_count, uint8_t *rgb, int64_t rgb_stride)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_palette_decode(context, labels, type, plane, height, width,
                                                     palette, palette_count, rgb, rgb_stride))
               : status;
}

segent_status segent_colormap_apply(segent_context *context, const float *values, int64_t height,
                                    int64_t width, const segent_plane *plane,
                                    segent_colormap colormap, float low, float high, uint8_t *rgb,
                                    int64_t rgb_stride)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_colormap_apply(context, values, height, width, plane,
                                                     colormap, low, high, rgb, rgb_stride))
               : status;
}

/* ---- pictures ---- */

segent_status segent_image_load(segent_context *context, const char *path,
                                const segent_image_options *options, segent_image **image)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK ? sg_leave(context, sg_image_load(context, path, options, image))
                               : status;
}

segent_status segent_image_load_memory(segent_context *context, const void *data, size_t size,
                                       const segent_image_options *options, segent_image **image)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_image_load_memory(context, data, size, options, image))
               : status;
}

segent_status segent_image_from_pixels(segent_context *context, const uint8_t *pixels,
                                       segent_pixel_format format, int32_t width, int32_t height,
                                       int64_t stride, segent_image **image)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_image_from_pixels(context, pixels, format, width, height,
                                                        stride, image))
               : status;
}

segent_status segent_image_resize(segent_context *context, const segent_image *image, int32_t width,
                                  int32_t height, segent_image **resized)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_image_resize(context, image, width, height, resized))
               : status;
}

segent_status segent_image_save_png(segent_context *context, const segent_image *image,
                                    const char *path)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK ? sg_leave(context, sg_image_save_png(context, image, path))
                               : status;
}

segent_status segent_labels_save_png(segent_context *context, const void *labels,
                                     segent_label_type type, const segent_plane *plane,
                                     int32_t width, int32_t height, const uint8_t *palette,
                                     int64_t palette_count, const char *path)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_labels_save_png(context, labels, type, plane, width, height,
                                                      palette, palette_count, path))
               : status;
}

segent_status segent_labels_load_png(segent_context *context, const char *path,
                                     segent_labels **labels)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK ? sg_leave(context, sg_labels_load_png(context, path, labels))
                               : status;
}

segent_status segent_labels_load_png_memory(segent_context *context, const void *data, size_t size,
                                            segent_labels **labels)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_labels_load_png_memory(context, data, size, labels))
               : status;
}

/* ---- checkpoints ---- */

segent_status segent_checkpoint_load(segent_context *context, const char *path,
                                     segent_checkpoint **checkpoint)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK ? sg_leave(context, sg_checkpoint_load(context, path, checkpoint))
                               : status;
}

segent_status segent_checkpoint_load_memory(segent_context *context, const void *data, size_t size,
                                            segent_checkpoint **checkpoint)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_checkpoint_load_memory(context, data, size, checkpoint))
               : status;
}

segent_status segent_checkpoint_seeded(segent_context *context, const char *architecture,
                                       uint64_t seed, segent_checkpoint **checkpoint)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_checkpoint_seeded(context, architecture, seed, checkpoint))
               : status;
}

segent_status segent_checkpoint_tensor(segent_context *context, const segent_checkpoint *checkpoint,
                                       int64_t index, segent_tensor_info *info)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_checkpoint_tensor(context, checkpoint, index, info))
               : status;
}

segent_status segent_checkpoint_read(segent_context *context, const segent_checkpoint *checkpoint,
                                     int64_t index, float *values, int64_t count)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_checkpoint_read(context, checkpoint, index, values, count))
               : status;
}

/* ---- models and runs ---- */

segent_status segent_model_load(segent_context *context, const char *path,
                                const segent_model_options *options, segent_model **model)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK ? sg_leave(context, sg_model_load(context, path, options, model))
                               : status;
}

segent_status segent_model_load_memory(segent_context *context, const void *data, size_t size,
                                       const segent_model_options *options, segent_model **model)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_model_load_memory(context, data, size, options, model))
               : status;
}

segent_status segent_model_from_checkpoint(segent_context *context,
                                           const segent_checkpoint *checkpoint,
                                           const segent_model_options *options,
                                           segent_model **model)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_model_from_checkpoint(context, checkpoint, options, model))
               : status;
}

segent_status segent_model_memory(segent_context *context, const segent_model *model, int32_t width,
                                  int32_t height, int64_t *bytes)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK
               ? sg_leave(context, sg_model_memory(context, model, width, height, bytes))
               : status;
}

segent_status segent_run(segent_context *context, const segent_model *model,
                         const segent_image *image, const segent_run_options *options,
                         segent_result **result)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK ? sg_leave(context, sg_run(context, model, image, options, result))
                               : status;
}

/* ---- files ---- */

segent_status segent_write_file(segent_context *context, const char *path,
                                const segent_bytes *parts, size_t count)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK ? sg_leave(context, sg_write_file(context, path, parts, count))
                               : status;
}
