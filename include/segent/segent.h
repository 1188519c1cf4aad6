/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What C and C++ programs include: the API of <segent/api.h>, which is the manual, and beside it
 * the version of this header, an initialiser for each struct, and short ways to write views. C99 or
 * later, and C++. */

#ifndef SEGENT_SEGENT_H
#define SEGENT_SEGENT_H

#include <stddef.h>
#include <stdint.h>

#define SEGENT_VERSION_MAJOR  0
#define SEGENT_VERSION_MINOR  9
#define SEGENT_VERSION_PATCH  0
#define SEGENT_VERSION_STRING "0.9.0"

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#    pragma GCC visibility push(default)
#endif

#include <segent/api.h>

#if defined(__GNUC__)
#    pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

/* ==== Initialisers ====
 *
 * `segent_run_options options = segent_run_options_init();` gives the defaults: zeros, and the
 * struct's size as this header has it. Since 0.1 */

#ifdef __cplusplus
#    define SEGENT_ZERO_ \
        {                \
        }
#else
#    define SEGENT_ZERO_ \
        {                \
            0            \
        }
#endif
#define SEGENT_INITIALISER_(type)                 \
    static inline type type##_init(void)          \
    {                                             \
        type with_defaults = SEGENT_ZERO_;        \
        with_defaults.struct_size = sizeof(type); \
        return with_defaults;                     \
    }

SEGENT_INITIALISER_(segent_options)
SEGENT_INITIALISER_(segent_cpu_info)
SEGENT_INITIALISER_(segent_entropy_options)
SEGENT_INITIALISER_(segent_entropy_summary)
SEGENT_INITIALISER_(segent_uncertainty_options)
SEGENT_INITIALISER_(segent_uncertainty_maps)
SEGENT_INITIALISER_(segent_evaluation_options)
SEGENT_INITIALISER_(segent_figures)
SEGENT_INITIALISER_(segent_class_figures)
SEGENT_INITIALISER_(segent_measure_figures)
SEGENT_INITIALISER_(segent_image_options)
SEGENT_INITIALISER_(segent_tensor_info)
SEGENT_INITIALISER_(segent_model_options)
SEGENT_INITIALISER_(segent_model_details)
SEGENT_INITIALISER_(segent_run_options)
SEGENT_INITIALISER_(segent_input)
SEGENT_INITIALISER_(segent_timings)

#undef SEGENT_INITIALISER_

/* ==== Views ====
 *
 * The data may be const: a function that only reads a view never writes its data. Since 0.2
 *
 * Each is one initialiser with every member, in the order of the struct, because GCC before 12.3
 * may take the zeros of two views of different types in one function for the same store and read
 * the second before it is written: its bug 106187, seen on aarch64. It happened where a view was
 * zeroed first and its members set one by one. */

/* C x H x W, dense: what PyTorch holds. */
static inline segent_tensor_view segent_tensor_chw(const float *data, int64_t channels,
                                                   int64_t height, int64_t width)
{
    const segent_tensor_view view = {(float *)(uintptr_t)data, channels, height, width,
                                     height * width,           width,    1};
    return view;
}

/* H x W x C, dense: channels last. */
static inline segent_tensor_view segent_tensor_hwc(const float *data, int64_t height, int64_t width,
                                                   int64_t channels)
{
    const segent_tensor_view view = {(float *)(uintptr_t)data, channels, height, width, 1,
                                     width * channels,         channels};
    return view;
}

/* H x W values, dense. */
static inline segent_map_view segent_map(const float *data, int64_t height, int64_t width)
{
    const segent_map_view view = {(float *)(uintptr_t)data, height, width, 0, 0};
    return view;
}

/* H x W class ids of a type, dense. */
static inline segent_label_view segent_label_map(const void *data, segent_label_type type,
                                                 int64_t height, int64_t width)
{
    const segent_label_view view = {(void *)(uintptr_t)data, height, width, 0, 0, type, 0};
    return view;
}

/* H x W pixels, dense. */
static inline segent_pixel_view segent_pixels(const uint8_t *data, segent_pixel_format format,
                                              int64_t height, int64_t width)
{
    const segent_pixel_view view = {(uint8_t *)(uintptr_t)data, height, width, 0, format, 0};
    return view;
}

/* The maps of a result. */
static inline segent_label_view segent_result_label_view(const segent_result *result)
{
    return segent_label_map(segent_result_labels(result), segent_result_label_type(result),
                            segent_result_height(result), segent_result_width(result));
}

static inline segent_map_view segent_result_entropy_view(const segent_result *result)
{
    return segent_map(segent_result_entropy(result), segent_result_height(result),
                      segent_result_width(result));
}

#undef SEGENT_ZERO_

#endif
