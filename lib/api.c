/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Every public function that takes a context and is not about the context itself. Each takes the
 * context for its caller, does the work (api.h) and gives it back. */

#include "api.h"

#include "base/context.h"

/* The body of such a function: `work` is a call of what stands behind it. */
#define INSIDE(context, work)                                            \
    do {                                                                 \
        const segent_status entered = sg_enter(context);                 \
        return entered == SEGENT_OK ? sg_leave(context, work) : entered; \
    } while (0)

/* ---- context ---- */

segent_status segent_context_trim(segent_context *context)
{
    INSIDE(context, sg_context_trim(context));
}

segent_status segent_context_report_layers(segent_context *context, segent_layer_fn layer,
                                           void *user)
{
    INSIDE(context, sg_context_report_layers(context, layer, user));
}

segent_status segent_cancel_create(segent_context *context, segent_cancel **cancel)
{
    INSIDE(context, sg_cancel_create(context, cancel));
}

/* ---- uncertainty ---- */

segent_status segent_softmax(segent_context *context, const segent_tensor_view *logits,
                             const segent_tensor_view *probabilities)
{
    INSIDE(context, sg_softmax(context, logits, probabilities));
}

segent_status segent_entropy_map(segent_context *context, const segent_tensor_view *values,
                                 const segent_entropy_options *options,
                                 const segent_map_view *entropy)
{
    INSIDE(context, sg_entropy_map(context, values, options, entropy));
}

segent_status segent_image_entropy(segent_context *context, const segent_map_view *entropy,
                                   const segent_label_view *ignore, segent_entropy_summary *summary)
{
    INSIDE(context, sg_image_entropy(context, entropy, ignore, summary));
}

segent_status segent_argmax(segent_context *context, const segent_tensor_view *values,
                            const segent_label_view *labels)
{
    INSIDE(context, sg_argmax(context, values, labels));
}

segent_status segent_uncertainty_from_logits(segent_context *context,
                                             const segent_tensor_view *logits,
                                             const segent_uncertainty_options *options,
                                             const segent_uncertainty_maps *maps,
                                             segent_entropy_summary *summary)
{
    INSIDE(context, sg_uncertainty_from_logits(context, logits, options, maps, summary));
}

segent_status segent_statistics_per_class(segent_context *context, const segent_label_view *labels,
                                          const segent_map_view *entropy,
                                          segent_class_statistics *statistics, int64_t classes)
{
    INSIDE(context, sg_statistics_per_class(context, labels, entropy, statistics, classes));
}

#if SG_EVALUATION /* else api_none.c has them */
segent_status segent_evaluation_create(segent_context *context, int32_t classes,
                                       const segent_evaluation_options *options,
                                       segent_evaluation **evaluation)
{
    INSIDE(context, sg_evaluation_create(context, classes, options, evaluation));
}

segent_status segent_evaluation_add(segent_context *context, segent_evaluation *evaluation,
                                    const segent_label_view *labels,
                                    const segent_tensor_view *values)
{
    INSIDE(context, sg_evaluation_add(context, evaluation, labels, values));
}

segent_status segent_evaluation_merge(segent_context *context, segent_evaluation *evaluation,
                                      const segent_evaluation *other)
{
    INSIDE(context, sg_evaluation_merge(context, evaluation, other));
}

segent_status segent_evaluation_save(segent_context *context, const segent_evaluation *evaluation,
                                     const char *path)
{
    INSIDE(context, sg_evaluation_save(context, evaluation, path));
}

segent_status segent_evaluation_load(segent_context *context, const char *path,
                                     segent_evaluation **evaluation)
{
    INSIDE(context, sg_evaluation_load(context, path, evaluation));
}

segent_status segent_evaluation_figures(segent_context *context,
                                        const segent_evaluation *evaluation,
                                        segent_figures *figures)
{
    INSIDE(context, sg_evaluation_figures(context, evaluation, figures));
}

segent_status segent_evaluation_class_figures(segent_context *context,
                                              const segent_evaluation *evaluation, int32_t class_id,
                                              segent_class_figures *figures)
{
    INSIDE(context, sg_evaluation_class_figures(context, evaluation, class_id, figures));
}

segent_status segent_evaluation_measure_figures(segent_context *context,
                                                const segent_evaluation *evaluation,
                                                segent_measure measure,
                                                segent_measure_figures *figures)
{
    INSIDE(context, sg_evaluation_measure_figures(context, evaluation, measure, figures));
}
#endif

/* ---- colours ---- */

segent_status segent_palette_decode(segent_context *context, const segent_label_view *labels,
                                    const uint8_t *palette, int64_t palette_count,
                                    const segent_pixel_view *pixels)
{
    INSIDE(context, sg_palette_decode(context, labels, palette, palette_count, pixels));
}

segent_status segent_colormap_apply(segent_context *context, const segent_map_view *values,
                                    segent_colormap colormap, float low, float high,
                                    const segent_pixel_view *pixels)
{
    INSIDE(context, sg_colormap_apply(context, values, colormap, low, high, pixels));
}

/* ---- pictures and files ---- */

segent_status segent_image_load(segent_context *context, const char *path,
                                const segent_image_options *options, segent_image **image)
{
    INSIDE(context, sg_image_load(context, path, options, image));
}

segent_status segent_image_load_memory(segent_context *context, const void *data, size_t size,
                                       const segent_image_options *options, segent_image **image)
{
    INSIDE(context, sg_image_load_memory(context, data, size, options, image));
}

segent_status segent_image_from_pixels(segent_context *context, const segent_pixel_view *pixels,
                                       segent_image **image)
{
    INSIDE(context, sg_image_from_pixels(context, pixels, image));
}

segent_status segent_image_resize(segent_context *context, const segent_image *image, int32_t width,
                                  int32_t height, segent_image **resized)
{
    INSIDE(context, sg_image_resize(context, image, width, height, resized));
}

segent_status segent_image_save_png(segent_context *context, const segent_image *image,
                                    const char *path)
{
    INSIDE(context, sg_image_save_png(context, image, path));
}

segent_status segent_image_encode_png(segent_context *context, const segent_image *image,
                                      segent_buffer **png)
{
    INSIDE(context, sg_image_encode_png(context, image, png));
}

segent_status segent_labels_save_png(segent_context *context, const segent_label_view *labels,
                                     const uint8_t *palette, int64_t palette_count,
                                     const char *path)
{
    INSIDE(context, sg_labels_save_png(context, labels, palette, palette_count, path));
}

segent_status segent_labels_encode_png(segent_context *context, const segent_label_view *labels,
                                       const uint8_t *palette, int64_t palette_count,
                                       segent_buffer **png)
{
    INSIDE(context, sg_labels_encode_png(context, labels, palette, palette_count, png));
}

segent_status segent_labels_load_png(segent_context *context, const char *path,
                                     const segent_image_options *options, segent_labels **labels)
{
    INSIDE(context, sg_labels_load_png(context, path, options, labels));
}

segent_status segent_labels_load_png_memory(segent_context *context, const void *data, size_t size,
                                            const segent_image_options *options,
                                            segent_labels **labels)
{
    INSIDE(context, sg_labels_load_png_memory(context, data, size, options, labels));
}

segent_status segent_map_save_npy(segent_context *context, const segent_map_view *map,
                                  const char *path)
{
    INSIDE(context, sg_map_save_npy(context, map, path));
}

segent_status segent_tensor_save_npy(segent_context *context, const segent_tensor_view *tensor,
                                     const char *path)
{
    INSIDE(context, sg_tensor_save_npy(context, tensor, path));
}

/* ---- checkpoints ---- */

segent_status segent_checkpoint_load(segent_context *context, const char *path,
                                     segent_checkpoint **checkpoint)
{
    INSIDE(context, sg_checkpoint_load(context, path, checkpoint));
}

segent_status segent_checkpoint_load_memory(segent_context *context, const void *data, size_t size,
                                            segent_checkpoint **checkpoint)
{
    INSIDE(context, sg_checkpoint_load_memory(context, data, size, checkpoint));
}

segent_status segent_checkpoint_seeded(segent_context *context, const char *architecture,
                                       uint64_t seed, segent_checkpoint **checkpoint)
{
    INSIDE(context, sg_checkpoint_seeded(context, architecture, seed, checkpoint));
}

segent_status segent_checkpoint_tensor(segent_context *context, const segent_checkpoint *checkpoint,
                                       int64_t index, segent_tensor_info *info)
{
    INSIDE(context, sg_checkpoint_tensor(context, checkpoint, index, info));
}

segent_status segent_checkpoint_read(segent_context *context, const segent_checkpoint *checkpoint,
                                     int64_t index, float *values, int64_t count)
{
    INSIDE(context, sg_checkpoint_read(context, checkpoint, index, values, count));
}

/* ---- models and runs ---- */

segent_status segent_model_load(segent_context *context, const char *path,
                                const segent_model_options *options, segent_model **model)
{
    INSIDE(context, sg_model_load(context, path, options, model));
}

segent_status segent_model_load_memory(segent_context *context, const void *data, size_t size,
                                       const segent_model_options *options, segent_model **model)
{
    INSIDE(context, sg_model_load_memory(context, data, size, options, model));
}

segent_status segent_model_from_checkpoint(segent_context *context,
                                           const segent_checkpoint *checkpoint,
                                           const segent_model_options *options,
                                           segent_model **model)
{
    INSIDE(context, sg_model_from_checkpoint(context, checkpoint, options, model));
}

segent_status segent_model_pack(segent_context *context, const segent_model *model,
                                const char *path, const char *source, const char *source_sha256)
{
    INSIDE(context, sg_model_pack(context, model, path, source, source_sha256));
}

segent_status segent_model_memory(segent_context *context, const segent_model *model, int32_t width,
                                  int32_t height, const segent_run_options *options, int64_t *bytes)
{
    INSIDE(context, sg_model_memory(context, model, width, height, options, bytes));
}

segent_status segent_run(segent_context *context, const segent_model *model,
                         const segent_image *image, const segent_run_options *options,
                         segent_result **result)
{
    INSIDE(context, sg_run(context, model, image, options, result));
}

segent_status segent_run_into(segent_context *context, const segent_model *model,
                              const segent_input *input, const segent_run_options *options,
                              const segent_uncertainty_maps *maps, segent_entropy_summary *summary)
{
    INSIDE(context, sg_run_into(context, model, input, options, maps, summary));
}

segent_status segent_model_logits(segent_context *context, const segent_model *model,
                                  const segent_input *input, const segent_run_options *options,
                                  const segent_tensor_view *logits)
{
    INSIDE(context, sg_model_logits(context, model, input, options, logits));
}
