/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The work behind the public functions that take a context: sg_x does what segent_x promises, of a
 * context that its caller has entered (sg_enter). The library's own files call these and never the
 * public ones, which would find the context in use. */

#ifndef SG_API_H
#define SG_API_H

#include "segent/segent.h"

/* ---- context ---- */

segent_status sg_context_trim(segent_context *context);
segent_status sg_context_report_layers(segent_context *context, segent_layer_fn layer, void *user);
segent_status sg_cancel_create(segent_context *context, segent_cancel **cancel);

/* ---- uncertainty ---- */

segent_status sg_softmax(segent_context *context, const segent_tensor_view *logits,
                         const segent_tensor_view *probabilities);
segent_status sg_entropy_map(segent_context *context, const segent_tensor_view *values,
                             const segent_entropy_options *options, const segent_map_view *entropy);
segent_status sg_image_entropy(segent_context *context, const segent_map_view *entropy,
                               const segent_label_view *ignore, segent_entropy_summary *summary);
segent_status sg_argmax(segent_context *context, const segent_tensor_view *values,
                        const segent_label_view *labels);
segent_status sg_uncertainty_from_logits(segent_context *context, const segent_tensor_view *logits,
                                         const segent_uncertainty_options *options,
                                         const segent_uncertainty_maps *maps,
                                         segent_entropy_summary *summary);
segent_status sg_statistics_per_class(segent_context *context, const segent_label_view *labels,
                                      const segent_map_view *entropy,
                                      segent_class_statistics *statistics, int64_t classes);
segent_status sg_evaluation_create(segent_context *context, int32_t classes,
                                   const segent_evaluation_options *options,
                                   segent_evaluation **evaluation);
segent_status sg_evaluation_add(segent_context *context, segent_evaluation *evaluation,
                                const segent_label_view *labels, const segent_tensor_view *values);
segent_status sg_evaluation_merge(segent_context *context, segent_evaluation *evaluation,
                                  const segent_evaluation *other);
segent_status sg_evaluation_save(segent_context *context, const segent_evaluation *evaluation,
                                 const char *path);
segent_status sg_evaluation_load(segent_context *context, const char *path,
                                 segent_evaluation **evaluation);
segent_status sg_evaluation_figures(segent_context *context, const segent_evaluation *evaluation,
                                    segent_figures *figures);
segent_status sg_evaluation_class_figures(segent_context *context,
                                          const segent_evaluation *evaluation, int32_t class_id,
                                          segent_class_figures *figures);
segent_status sg_evaluation_measure_figures(segent_context *context,
                                            const segent_evaluation *evaluation,
                                            segent_measure measure,
                                            segent_measure_figures *figures);

/* ---- colours ---- */

segent_status sg_palette_decode(segent_context *context, const segent_label_view *labels,
                                const uint8_t *palette, int64_t palette_count,
                                const segent_pixel_view *pixels);
segent_status sg_colormap_apply(segent_context *context, const segent_map_view *values,
                                segent_colormap colormap, float low, float high,
                                const segent_pixel_view *pixels);

/* ---- pictures and files ---- */

segent_status sg_image_load(segent_context *context, const char *path,
                            const segent_image_options *options, segent_image **image);
segent_status sg_image_load_memory(segent_context *context, const void *data, size_t size,
                                   const segent_image_options *options, segent_image **image);
segent_status sg_image_from_pixels(segent_context *context, const segent_pixel_view *pixels,
                                   segent_image **image);
segent_status sg_image_resize(segent_context *context, const segent_image *image, int32_t width,
                              int32_t height, segent_image **resized);
segent_status sg_image_save_png(segent_context *context, const segent_image *image,
                                const char *path);
segent_status sg_image_encode_png(segent_context *context, const segent_image *image,
                                  segent_buffer **png);
segent_status sg_labels_save_png(segent_context *context, const segent_label_view *labels,
                                 const uint8_t *palette, int64_t palette_count, const char *path);
segent_status sg_labels_encode_png(segent_context *context, const segent_label_view *labels,
                                   const uint8_t *palette, int64_t palette_count,
                                   segent_buffer **png);
segent_status sg_labels_load_png(segent_context *context, const char *path,
                                 const segent_image_options *options, segent_labels **labels);
segent_status sg_labels_load_png_memory(segent_context *context, const void *data, size_t size,
                                        const segent_image_options *options,
                                        segent_labels **labels);
segent_status sg_map_save_npy(segent_context *context, const segent_map_view *map,
                              const char *path);
segent_status sg_tensor_save_npy(segent_context *context, const segent_tensor_view *tensor,
                                 const char *path);

/* ---- checkpoints ---- */

segent_status sg_checkpoint_load(segent_context *context, const char *path,
                                 segent_checkpoint **checkpoint);
segent_status sg_checkpoint_load_memory(segent_context *context, const void *data, size_t size,
                                        segent_checkpoint **checkpoint);
segent_status sg_checkpoint_seeded(segent_context *context, const char *architecture, uint64_t seed,
                                   segent_checkpoint **checkpoint);
segent_status sg_checkpoint_tensor(segent_context *context, const segent_checkpoint *checkpoint,
                                   int64_t index, segent_tensor_info *info);
segent_status sg_checkpoint_read(segent_context *context, const segent_checkpoint *checkpoint,
                                 int64_t index, float *values, int64_t count);

/* ---- models and runs ---- */

segent_status sg_model_load(segent_context *context, const char *path,
                            const segent_model_options *options, segent_model **model);
segent_status sg_model_load_memory(segent_context *context, const void *data, size_t size,
                                   const segent_model_options *options, segent_model **model);
segent_status sg_model_from_checkpoint(segent_context *context, const segent_checkpoint *checkpoint,
                                       const segent_model_options *options, segent_model **model);
segent_status sg_model_pack(segent_context *context, const segent_model *model, const char *path,
                            const char *source, const char *source_sha256);
segent_status sg_model_memory(segent_context *context, const segent_model *model, int32_t width,
                              int32_t height, const segent_run_options *options, int64_t *bytes);
segent_status sg_run(segent_context *context, const segent_model *model, const segent_image *image,
                     const segent_run_options *options, segent_result **result);
segent_status sg_run_into(segent_context *context, const segent_model *model,
                          const segent_input *input, const segent_run_options *options,
                          const segent_uncertainty_maps *maps, segent_entropy_summary *summary);
segent_status sg_model_logits(segent_context *context, const segent_model *model,
                              const segent_input *input, const segent_run_options *options,
                              const segent_tensor_view *logits);

#endif
