/* SPDX-License-Identifier: BSD-2-Clause */

/* The functions that the Go package calls in the place of the library's own where cgo's rules ask
 * for it. Go's memory may be given to C as an argument, but not inside of a struct: so views come
 * without data, and their data beside them, which are never void *, for of that cgo looks through
 * all of the Go object around it and refuses one with pointers. What Go hands to a callback is a
 * number, which is no pointer in Go: so it is put into the library's structs here. */

#ifndef SEGENT_GO_SHIM_H
#define SEGENT_GO_SHIM_H

#include <segent/segent.h>

/* The calling thread, as no other living one is called. */
uintptr_t shim_thread(void);

/* Lets a context log to Go, and a run tell Go of its progress. */
void shim_log_to(segent_options *options, uintptr_t handle);
void shim_progress_to(segent_run_options *options, uintptr_t handle);

segent_status shim_softmax(segent_context *context, const segent_tensor_view *logits, float *from,
                           const segent_tensor_view *probabilities, float *to);
segent_status shim_entropy_map(segent_context *context, const segent_tensor_view *values,
                               float *from, const segent_entropy_options *options,
                               const segent_map_view *entropy, float *to);
segent_status shim_image_entropy(segent_context *context, const segent_map_view *entropy,
                                 float *from, const segent_label_view *ignore, uint8_t *ignored,
                                 segent_entropy_summary *summary);
segent_status shim_argmax(segent_context *context, const segent_tensor_view *values, float *from,
                          const segent_label_view *labels, uint8_t *to);
segent_status shim_statistics(segent_context *context, const segent_label_view *labels,
                              uint8_t *ids, const segent_map_view *entropy, float *from,
                              segent_class_statistics *statistics, int64_t classes);
segent_status shim_palette_decode(segent_context *context, const segent_label_view *labels,
                                  uint8_t *ids, const uint8_t *palette, int64_t count,
                                  const segent_pixel_view *pixels, uint8_t *to);
segent_status shim_colormap_apply(segent_context *context, const segent_map_view *values,
                                  float *from, segent_colormap colormap, const float *range,
                                  const segent_pixel_view *pixels, uint8_t *to);
segent_status shim_image_from_pixels(segent_context *context, const segent_pixel_view *pixels,
                                     uint8_t *from, segent_image **image);
segent_status shim_labels_save_png(segent_context *context, const segent_label_view *labels,
                                   uint8_t *ids, const uint8_t *palette, int64_t count,
                                   const char *path);
segent_status shim_labels_encode_png(segent_context *context, const segent_label_view *labels,
                                     uint8_t *ids, const uint8_t *palette, int64_t count,
                                     segent_buffer **png);
segent_status shim_map_save_npy(segent_context *context, const segent_map_view *map, float *from,
                                const char *path);
segent_status shim_tensor_save_npy(segent_context *context, const segent_tensor_view *tensor,
                                   float *from, const char *path);

/* `maps` has sizes and strides; a view is made if there is a place for it. */
segent_status shim_uncertainty(segent_context *context, const segent_tensor_view *logits,
                               float *from, const segent_uncertainty_options *options,
                               const segent_uncertainty_maps *maps, uint8_t *labels, float *entropy,
                               float *top_probability, float *margin, float *full,
                               float *probabilities, segent_entropy_summary *summary);
segent_status shim_run_into(segent_context *context, const segent_model *model,
                            const segent_input *input, uint8_t *pixels, float *tensor,
                            const segent_run_options *options, const segent_uncertainty_maps *maps,
                            uint8_t *labels, float *entropy, float *top_probability, float *margin,
                            float *full, float *probabilities, segent_entropy_summary *summary);
segent_status shim_model_logits(segent_context *context, const segent_model *model,
                                const segent_input *input, uint8_t *pixels, float *tensor,
                                const segent_run_options *options, const segent_tensor_view *logits,
                                float *to);

#endif
