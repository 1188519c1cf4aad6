// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
// Made by generate.mjs from the description of the API; not to be edited.

/** An address, or NULL. */
export type Pointer = bigint | null;
/** An address, or an array whose memory is meant. */
export type Memory = Pointer | NodeJS.TypedArray;

export interface segent_options {
  struct_size: number;
  threads: number;
  cpu: number;
  allocate: Pointer;
  release: Pointer;
  allocator_user: Pointer;
  log: Pointer;
  log_user: Pointer;
  parallel: Pointer;
  parallel_user: Pointer;
  memory_limit: number;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_cpu_info {
  struct_size: number;
  processor: string | null;
  kernels: string | null;
  blas: string | null;
  detected: number;
  used: number;
  threads: number;
  reserved_word: number;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_tensor_view {
  data: Memory;
  channels: number;
  height: number;
  width: number;
  channel_stride: number;
  row_stride: number;
  column_stride: number;
}
export interface segent_map_view {
  data: Memory;
  height: number;
  width: number;
  row_stride: number;
  column_stride: number;
}
export interface segent_label_view {
  data: Memory;
  height: number;
  width: number;
  row_stride: number;
  column_stride: number;
  type: number;
  reserved: number;
}
export interface segent_pixel_view {
  data: Memory;
  height: number;
  width: number;
  row_stride: number;
  format: number;
  reserved: number;
}
export interface segent_entropy_options {
  struct_size: number;
  source: number;
  unit: number;
  temperature: number;
  strict: number;
  tolerance: number;
  reserved_word: number;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_entropy_summary {
  struct_size: number;
  pixels: number;
  sum: number;
  mean: number;
  minimum: number;
  maximum: number;
  sum_nats: number;
  undecided: number;
  undecided_below: number;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_uncertainty_options {
  struct_size: number;
  unit: number;
  temperature: number;
  undecided_below: number;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_uncertainty_maps {
  struct_size: number;
  height: number;
  width: number;
  labels: segent_label_view;
  entropy: segent_map_view;
  top_probability: segent_map_view;
  margin: segent_map_view;
  logits: segent_tensor_view;
  probabilities: segent_tensor_view;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_class_statistics {
  pixels: number;
  entropy_mean: number;
}
export interface segent_evaluation_options {
  struct_size: number;
  source: number;
  ignore: number;
  temperature: number;
  reserved_word: number;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_figures {
  struct_size: number;
  images: number;
  pixels: number;
  classes: number;
  ignore: number;
  source: number;
  temperature: number;
  pixel_accuracy: number;
  mean_iou: number;
  ece: number;
  ace: number;
  brier: number;
  nll: number;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_class_figures {
  struct_size: number;
  pixels: number;
  predicted: number;
  right: number;
  iou: number;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_measure_figures {
  struct_size: number;
  auroc: number;
  aupr: number;
  fpr95: number;
  aurc: number;
  eaurc: number;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_image_options {
  struct_size: number;
  orient: number;
  background: number;
  scan_limit: number;
  reserved_word: number;
  pixel_limit: number;
  cancel: Pointer;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_tensor_info {
  struct_size: number;
  name: string | null;
  dtype: number;
  rank: number;
  shape: ArrayLike<number | bigint>;
  stride: ArrayLike<number | bigint>;
  elements: number;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_model_options {
  struct_size: number;
  prefix: string | null;
  settings: string | null;
  settings_file: string | null;
  path: string | null;
  class_names: readonly string[] | null;
  class_name_count: number;
  examine_only: number;
  auxiliary: number;
  cancel: Pointer;
  precision: number;
  reserved_word: number;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_model_details {
  struct_size: number;
  architecture: string | null;
  backbone: string | null;
  head: string | null;
  description: string | null;
  prefix: string | null;
  settings_file: string | null;
  classes: number;
  output_stride: number;
  size: number;
  temperature: number;
  container: number;
  examined_only: number;
  auxiliary: number;
  precision: number;
  parameters: number;
  parameters_in_file: number;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_run_options {
  struct_size: number;
  size: number;
  output_size: number;
  engine: number;
  precision: number;
  temperature: number;
  keep: number;
  workspace_limit: number;
  progress: Pointer;
  progress_user: Pointer;
  cancel: Pointer;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_input {
  struct_size: number;
  image: Pointer;
  pixels: segent_pixel_view;
  tensor: segent_tensor_view;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_timings {
  struct_size: number;
  preprocess: number;
  network: number;
  head: number;
  reserved: ArrayLike<number | bigint>;
}
export interface segent_layer_info {
  struct_size: number;
  name: string | null;
  algorithm: string | null;
  kernel: string | null;
  inputs: number;
  outputs: number;
  width: number;
  height: number;
  kernel_size: number;
  stride: number;
  dilation: number;
  reserved: number;
  multiply_adds: number;
  seconds: number;
}

export interface Constants {
  readonly SEGENT_OK: 0;
  readonly SEGENT_ERROR_INVALID_ARGUMENT: 10;
  readonly SEGENT_ERROR_UNSUPPORTED: 11;
  readonly SEGENT_ERROR_BUSY: 12;
  readonly SEGENT_ERROR_OUT_OF_MEMORY: 20;
  readonly SEGENT_ERROR_LIMIT: 21;
  readonly SEGENT_ERROR_NOT_FINITE: 30;
  readonly SEGENT_ERROR_NOT_PROBABILITY: 31;
  readonly SEGENT_ERROR_IO: 40;
  readonly SEGENT_ERROR_NOT_FOUND: 41;
  readonly SEGENT_ERROR_FORMAT: 50;
  readonly SEGENT_ERROR_TRUNCATED: 51;
  readonly SEGENT_ERROR_FORBIDDEN: 52;
  readonly SEGENT_ERROR_MODEL: 60;
  readonly SEGENT_ERROR_CANCELLED: 70;
  readonly SEGENT_ERROR_INTERNAL: 90;
  readonly SEGENT_LOG_ERROR: 0;
  readonly SEGENT_LOG_WARNING: 1;
  readonly SEGENT_LOG_INFO: 2;
  readonly SEGENT_LOG_DEBUG: 3;
  readonly SEGENT_CPU_REF: 1;
  readonly SEGENT_CPU_AVX2: 2;
  readonly SEGENT_CPU_AVX512: 4;
  readonly SEGENT_CPU_NEON: 8;
  readonly SEGENT_CPU_AVX512_BF16: 16;
  readonly SEGENT_CPU_AMX: 32;
  readonly SEGENT_CPU_NEON_BF16: 64;
  readonly SEGENT_LABEL_U8: 0;
  readonly SEGENT_LABEL_U16: 1;
  readonly SEGENT_PIXEL_RGB: 0;
  readonly SEGENT_PIXEL_BGR: 1;
  readonly SEGENT_PIXEL_RGBA: 2;
  readonly SEGENT_PIXEL_BGRA: 3;
  readonly SEGENT_PIXEL_GREY: 4;
  readonly SEGENT_UNIT_NORMALIZED: 0;
  readonly SEGENT_UNIT_NATS: 1;
  readonly SEGENT_UNIT_BITS: 2;
  readonly SEGENT_SOURCE_LOGITS: 0;
  readonly SEGENT_SOURCE_PROBABILITIES: 1;
  readonly SEGENT_MEASURE_ENTROPY: 0;
  readonly SEGENT_MEASURE_TOP: 1;
  readonly SEGENT_MEASURE_MARGIN: 2;
  readonly SEGENT_MEASURE_ENERGY: 3;
  readonly SEGENT_MEASURE_MAXLOGIT: 4;
  readonly SEGENT_IGNORE_NONE: -1;
  readonly SEGENT_IGNORE_ZERO: -2;
  readonly SEGENT_COLORMAP_JET: 0;
  readonly SEGENT_COLORMAP_VIRIDIS: 1;
  readonly SEGENT_ORIENT_DEFAULT: 0;
  readonly SEGENT_ORIENT_UPRIGHT: 1;
  readonly SEGENT_ORIENT_STORED: 2;
  readonly SEGENT_BACKGROUND_BLACK: 16777216;
  readonly SEGENT_SIZE_OWN: -1;
  readonly SEGENT_CONTAINER_LEGACY: 1;
  readonly SEGENT_CONTAINER_ZIP: 2;
  readonly SEGENT_CONTAINER_SAFETENSORS: 3;
  readonly SEGENT_CONTAINER_PACKED: 4;
  readonly SEGENT_DTYPE_F32: 1;
  readonly SEGENT_DTYPE_F16: 2;
  readonly SEGENT_DTYPE_BF16: 3;
  readonly SEGENT_DTYPE_F64: 4;
  readonly SEGENT_DTYPE_I64: 5;
  readonly SEGENT_DTYPE_I32: 6;
  readonly SEGENT_DTYPE_I16: 7;
  readonly SEGENT_DTYPE_I8: 8;
  readonly SEGENT_DTYPE_U8: 9;
  readonly SEGENT_DTYPE_BOOL: 10;
  readonly SEGENT_RANK_MAX: 8;
  readonly SEGENT_PRECISION_F32: 0;
  readonly SEGENT_PRECISION_BF16: 1;
  readonly SEGENT_ENGINE_FAST: 0;
  readonly SEGENT_ENGINE_EXACT: 1;
  readonly SEGENT_ENGINE_SMALL: 2;
  readonly SEGENT_OUTPUT_NETWORK: 0;
  readonly SEGENT_OUTPUT_ORIGINAL: 1;
  readonly SEGENT_KEEP_LOGITS: 1;
  readonly SEGENT_KEEP_PROBABILITIES: 2;
  readonly SEGENT_KEEP_TOP_PROBABILITY: 4;
  readonly SEGENT_KEEP_MARGIN: 8;
}

/** Functions as in C; each also has `async(...parameters, callback)`. */
export interface Native {
  segent_version(): string | null;
  segent_supports(feature: string | null): number;
  segent_status_string(status: number): string | null;
  segent_log_level_name(level: number): string | null;
  segent_cpu_name(cpu: number): string | null;
  segent_context_create(options: Partial<segent_options> | null, context: Pointer[]): number;
  segent_context_destroy(context: Pointer): void;
  segent_context_trim(context: Pointer): number;
  segent_last_error(context: Pointer): string | null;
  segent_last_error_copy(context: Pointer, buffer: Memory, size: number): number;
  segent_cancel_create(context: Pointer, cancel: Pointer[]): number;
  segent_cancel_set(cancel: Pointer): void;
  segent_cancel_reset(cancel: Pointer): void;
  segent_cancel_is_set(cancel: Pointer): number;
  segent_cancel_destroy(cancel: Pointer): void;
  segent_context_cpu_info(context: Pointer, info: Partial<segent_cpu_info>): number;
  segent_label_type_name(type: number): string | null;
  segent_pixel_format_name(format: number): string | null;
  segent_unit_name(unit: number): string | null;
  segent_source_name(source: number): string | null;
  segent_softmax(context: Pointer, logits: Partial<segent_tensor_view> | null, probabilities: Partial<segent_tensor_view> | null): number;
  segent_entropy_map(context: Pointer, values: Partial<segent_tensor_view> | null, options: Partial<segent_entropy_options> | null, entropy: Partial<segent_map_view> | null): number;
  segent_image_entropy(context: Pointer, entropy: Partial<segent_map_view> | null, ignore: Partial<segent_label_view> | null, summary: Partial<segent_entropy_summary>): number;
  segent_argmax(context: Pointer, values: Partial<segent_tensor_view> | null, labels: Partial<segent_label_view> | null): number;
  segent_uncertainty_from_logits(context: Pointer, logits: Partial<segent_tensor_view> | null, options: Partial<segent_uncertainty_options> | null, maps: Partial<segent_uncertainty_maps> | null, summary: Partial<segent_entropy_summary>): number;
  segent_statistics_per_class(context: Pointer, labels: Partial<segent_label_view> | null, entropy: Partial<segent_map_view> | null, statistics: Memory, classes: number): number;
  segent_measure_name(measure: number): string | null;
  segent_evaluation_create(context: Pointer, classes: number, options: Partial<segent_evaluation_options> | null, evaluation: Pointer[]): number;
  segent_evaluation_add(context: Pointer, evaluation: Pointer, labels: Partial<segent_label_view> | null, values: Partial<segent_tensor_view> | null): number;
  segent_evaluation_merge(context: Pointer, evaluation: Pointer, other: Pointer): number;
  segent_evaluation_save(context: Pointer, evaluation: Pointer, path: string | null): number;
  segent_evaluation_load(context: Pointer, path: string | null, evaluation: Pointer[]): number;
  segent_evaluation_figures(context: Pointer, evaluation: Pointer, figures: Partial<segent_figures>): number;
  segent_evaluation_class_figures(context: Pointer, evaluation: Pointer, class_id: number, figures: Partial<segent_class_figures>): number;
  segent_evaluation_measure_figures(context: Pointer, evaluation: Pointer, measure: number, figures: Partial<segent_measure_figures>): number;
  segent_evaluation_destroy(evaluation: Pointer): void;
  segent_palette_voc(rgb: Memory, count: number): number;
  segent_palette_decode(context: Pointer, labels: Partial<segent_label_view> | null, palette: Memory, palette_count: number, pixels: Partial<segent_pixel_view> | null): number;
  segent_colormap_name(colormap: number): string | null;
  segent_colormap_apply(context: Pointer, values: Partial<segent_map_view> | null, colormap: number, low: number, high: number, pixels: Partial<segent_pixel_view> | null): number;
  segent_orientation_name(orientation: number): string | null;
  segent_image_load(context: Pointer, path: string | null, options: Partial<segent_image_options> | null, image: Pointer[]): number;
  segent_image_load_memory(context: Pointer, data: Memory, size: number, options: Partial<segent_image_options> | null, image: Pointer[]): number;
  segent_image_from_pixels(context: Pointer, pixels: Partial<segent_pixel_view> | null, image: Pointer[]): number;
  segent_image_resize(context: Pointer, image: Pointer, width: number, height: number, resized: Pointer[]): number;
  segent_image_fit(width: number, height: number, size: number, fitted_width: number[] | null, fitted_height: number[] | null): number;
  segent_image_width(image: Pointer): number;
  segent_image_height(image: Pointer): number;
  segent_image_pixels(image: Pointer): Pointer;
  segent_image_destroy(image: Pointer): void;
  segent_image_save_png(context: Pointer, image: Pointer, path: string | null): number;
  segent_labels_save_png(context: Pointer, labels: Partial<segent_label_view> | null, palette: Memory, palette_count: number, path: string | null): number;
  segent_map_save_npy(context: Pointer, map: Partial<segent_map_view> | null, path: string | null): number;
  segent_tensor_save_npy(context: Pointer, tensor: Partial<segent_tensor_view> | null, path: string | null): number;
  segent_buffer_data(buffer: Pointer): Pointer;
  segent_buffer_size(buffer: Pointer): number;
  segent_buffer_destroy(buffer: Pointer): void;
  segent_image_encode_png(context: Pointer, image: Pointer, png: Pointer[]): number;
  segent_labels_encode_png(context: Pointer, labels: Partial<segent_label_view> | null, palette: Memory, palette_count: number, png: Pointer[]): number;
  segent_labels_load_png(context: Pointer, path: string | null, options: Partial<segent_image_options> | null, labels: Pointer[]): number;
  segent_labels_load_png_memory(context: Pointer, data: Memory, size: number, options: Partial<segent_image_options> | null, labels: Pointer[]): number;
  segent_labels_width(labels: Pointer): number;
  segent_labels_height(labels: Pointer): number;
  segent_labels_type(labels: Pointer): number;
  segent_labels_data(labels: Pointer): Pointer;
  segent_labels_destroy(labels: Pointer): void;
  segent_container_name(container: number): string | null;
  segent_dtype_name(dtype: number): string | null;
  segent_checkpoint_load(context: Pointer, path: string | null, checkpoint: Pointer[]): number;
  segent_checkpoint_load_memory(context: Pointer, data: Memory, size: number, checkpoint: Pointer[]): number;
  segent_checkpoint_container(checkpoint: Pointer): number;
  segent_checkpoint_count(checkpoint: Pointer): number;
  segent_checkpoint_tensor(context: Pointer, checkpoint: Pointer, index: number, info: Partial<segent_tensor_info>): number;
  segent_checkpoint_metadata(checkpoint: Pointer, key: string | null): string | null;
  segent_checkpoint_opaque_count(checkpoint: Pointer): number;
  segent_checkpoint_opaque(checkpoint: Pointer, index: number): string | null;
  segent_checkpoint_read(context: Pointer, checkpoint: Pointer, index: number, values: Memory, count: number): number;
  segent_checkpoint_destroy(checkpoint: Pointer): void;
  segent_precision_name(precision: number): string | null;
  segent_model_load(context: Pointer, path: string | null, options: Partial<segent_model_options> | null, model: Pointer[]): number;
  segent_model_load_memory(context: Pointer, data: Memory, size: number, options: Partial<segent_model_options> | null, model: Pointer[]): number;
  segent_model_from_checkpoint(context: Pointer, checkpoint: Pointer, options: Partial<segent_model_options> | null, model: Pointer[]): number;
  segent_model_retain(model: Pointer): Pointer;
  segent_model_destroy(model: Pointer): void;
  segent_model_pack(context: Pointer, model: Pointer, path: string | null, source: string | null, source_sha256: string | null): number;
  segent_model_info(model: Pointer, details: Partial<segent_model_details>): number;
  segent_model_property(model: Pointer, key: string | null): string | null;
  segent_model_property_key(model: Pointer, index: number): string | null;
  segent_model_tensor_name(model: Pointer, index: number): string | null;
  segent_model_class_name(model: Pointer, class_id: number): string | null;
  segent_model_palette(model: Pointer, count: number[] | null): Pointer;
  segent_engine_name(engine: number): string | null;
  segent_output_size_name(size: number): string | null;
  segent_model_memory(context: Pointer, model: Pointer, width: number, height: number, options: Partial<segent_run_options> | null, bytes: number[] | null): number;
  segent_run(context: Pointer, model: Pointer, image: Pointer, options: Partial<segent_run_options> | null, result: Pointer[]): number;
  segent_run_into(context: Pointer, model: Pointer, input: Partial<segent_input> | null, options: Partial<segent_run_options> | null, maps: Partial<segent_uncertainty_maps> | null, summary: Partial<segent_entropy_summary>): number;
  segent_model_logits(context: Pointer, model: Pointer, input: Partial<segent_input> | null, options: Partial<segent_run_options> | null, logits: Partial<segent_tensor_view> | null): number;
  segent_result_width(result: Pointer): number;
  segent_result_height(result: Pointer): number;
  segent_result_classes(result: Pointer): number;
  segent_result_label_type(result: Pointer): number;
  segent_result_labels(result: Pointer): Pointer;
  segent_result_entropy(result: Pointer): Pointer;
  segent_result_logits(result: Pointer): Pointer;
  segent_result_probabilities(result: Pointer): Pointer;
  segent_result_top_probability(result: Pointer): Pointer;
  segent_result_margin(result: Pointer): Pointer;
  segent_result_lowres_logits(result: Pointer, height: number[] | null, width: number[] | null): Pointer;
  segent_result_auxiliary_logits(result: Pointer, height: number[] | null, width: number[] | null): Pointer;
  segent_result_input(result: Pointer): Pointer;
  segent_result_summary(result: Pointer, summary: Partial<segent_entropy_summary>): number;
  segent_result_statistics(result: Pointer, count: number[] | null): Pointer;
  segent_result_timings(result: Pointer, timings: Partial<segent_timings>): number;
  segent_result_destroy(result: Pointer): void;
  segent_options_defaults(options: Partial<segent_options>): void;
  segent_cpu_info_defaults(info: Partial<segent_cpu_info>): void;
  segent_entropy_options_defaults(options: Partial<segent_entropy_options>): void;
  segent_entropy_summary_defaults(summary: Partial<segent_entropy_summary>): void;
  segent_uncertainty_options_defaults(options: Partial<segent_uncertainty_options>): void;
  segent_uncertainty_maps_defaults(maps: Partial<segent_uncertainty_maps>): void;
  segent_image_options_defaults(options: Partial<segent_image_options>): void;
  segent_tensor_info_defaults(info: Partial<segent_tensor_info>): void;
  segent_model_options_defaults(options: Partial<segent_model_options>): void;
  segent_model_details_defaults(details: Partial<segent_model_details>): void;
  segent_run_options_defaults(options: Partial<segent_run_options>): void;
  segent_input_defaults(input: Partial<segent_input>): void;
  segent_timings_defaults(timings: Partial<segent_timings>): void;
  segent_evaluation_options_defaults(options: Partial<segent_evaluation_options>): void;
  segent_figures_defaults(figures: Partial<segent_figures>): void;
  segent_class_figures_defaults(figures: Partial<segent_class_figures>): void;
  segent_measure_figures_defaults(figures: Partial<segent_measure_figures>): void;
  segent_context_report_layers(context: Pointer, layer: Pointer, user: Memory): number;
  segent_checkpoint_seeded(context: Pointer, architecture: string | null, seed: number, checkpoint: Pointer[]): number;
}
