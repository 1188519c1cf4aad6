/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The work behind the public functions that take a context: sg_x does what segent_x promises, of a
 * context that its caller has entered (sg_enter). The library's own files call these and never the
 * public ones, which would find the context in use. */

#ifndef SG_API_H
#define SG_API_H

#include "segent/segent.h"

/* ---- uncertainty ---- */

segent_status sg_softmax(segent_context *context, const float *logits, const segent_layout *layout,
                         float *probabilities, const segent_layout *output_layout);
segent_status sg_entropy_map(segent_context *context, const float *values,
                             const segent_layout *layout, const segent_entropy_options *options,
                             float *entropy, const segent_plane *plane);
segent_status sg_image_entropy(segent_context *context, const float *entropy, int64_t height,
                               int64_t width, const segent_plane *plane, const uint8_t *ignore,
                               const segent_plane *ignore_plane, segent_entropy_summary *summary);
segent_status sg_argmax(segent_context *context, const float *values, const segent_layout *layout,
                        void *labels, segent_label_type type, const segent_plane *plane);
segent_status sg_uncertainty_from_logits(segent_context *context, const float *logits,
                                         const segent_layout *layout,
                                         const segent_uncertainty_options *options,
                                         const segent_uncertainty_maps *maps,
                                         segent_entropy_summary *summary);
segent_status sg_statistics_per_class(segent_context *context, const void *labels,
                                      segent_label_type type, const segent_plane *labels_plane,
                                      const float *entropy, const segent_plane *entropy_plane,
                                      int64_t height, int64_t width, int64_t classes,
                                      segent_class_statistics *statistics);

/* ---- colours ---- */

segent_status sg_palette_decode(segent_context *context, const void *labels, segent_label_type type,
                                const segent_plane *plane, int64_t height, int64_t width,
                                const uint8_t *palette, int64_t palette_count, uint8_t *rgb,
                                int64_t rgb_stride);
segent_status sg_colormap_apply(segent_context *context, const float *values, int64_t height,
                                int64_t width, const segent_plane *plane, segent_colormap colormap,
                                float low, float high, uint8_t *rgb, int64_t rgb_stride);

/* ---- pictures ---- */

segent_status sg_image_load(segent_context *context, const char *path,
                            const segent_image_options *options, segent_image **image);
segent_status sg_image_load_memory(segent_context *context, const void *data, size_t size,
                                   const segent_image_options *options, segent_image **image);
segent_status sg_image_from_pixels(segent_context *context, const uint8_t *pixels,
                                   segent_pixel_format format, int32_t width, int32_t height,
                                   int64_t stride, segent_image **image);
segent_status sg_image_resize(segent_context *context, const segent_image *image, int32_t width,
                              int32_t height, segent_image **resized);
segent_status sg_image_save_png(segent_context *context, const segent_image *image,
                                const char *path);
segent_status sg_labels_save_png(segent_context *context, const void *labels,
                                 segent_label_type type, const segent_plane *plane, int32_t width,
                                 int32_t height, const uint8_t *palette, int64_t palette_count,
                                 const char *path);
segent_status sg_labels_load_png(segent_context *context, const char *path, segent_labels **labels);
segent_status sg_labels_load_png_memory(segent_context *context, const void *data, size_t size,
                                        segent_labels **labels);

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
segent_status sg_model_memory(segent_context *context, const segent_model *model, int32_t width,
                              int32_t height, int64_t *bytes);
segent_status sg_run(segent_context *context, const segent_model *model, const segent_image *image,
                     const segent_run_options *options, segent_result **result);

/* ---- files ---- */

segent_status sg_write_file(segent_context *context, const char *path, const segent_bytes *parts,
                            size_t count);

#endif
