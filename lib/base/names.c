/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The names of the public enums' values, the version, and what this build can do. */

#include <string.h>

#include "kernels.h"
#include "segent/segent.h"

typedef struct name_of {
    int32_t value;
    const char *name;
} name_of;

static const char *find(const name_of *names, size_t count, int32_t value, const char *otherwise)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i].value == value)
            return names[i].name;
    }
    return otherwise;
}

#define FIND(names, value) find(names, sizeof(names) / sizeof((names)[0]), value, "unknown")

const char *segent_status_string(segent_status status)
{
    static const name_of names[] = {
        {SEGENT_OK, "success"},
        {SEGENT_ERROR_INVALID_ARGUMENT, "invalid argument"},
        {SEGENT_ERROR_UNSUPPORTED, "not supported"},
        {SEGENT_ERROR_BUSY, "in use"},
        {SEGENT_ERROR_OUT_OF_MEMORY, "out of memory"},
        {SEGENT_ERROR_LIMIT, "over a limit"},
        {SEGENT_ERROR_NOT_FINITE, "not a finite number"},
        {SEGENT_ERROR_NOT_PROBABILITY, "not a probability"},
        {SEGENT_ERROR_IO, "input or output failed"},
        {SEGENT_ERROR_NOT_FOUND, "not found"},
        {SEGENT_ERROR_FORMAT, "unknown or damaged format"},
        {SEGENT_ERROR_TRUNCATED, "truncated"},
        {SEGENT_ERROR_FORBIDDEN, "forbidden content"},
        {SEGENT_ERROR_MODEL, "tensors do not make a network"},
        {SEGENT_ERROR_CANCELLED, "cancelled"},
        {SEGENT_ERROR_INTERNAL, "internal error"},
    };
    return find(names, sizeof(names) / sizeof(names[0]), status, "unknown status");
}

const char *segent_log_level_name(segent_log_level level)
{
    static const name_of names[] = {{SEGENT_LOG_ERROR, "error"},
                                    {SEGENT_LOG_WARNING, "warning"},
                                    {SEGENT_LOG_INFO, "information"},
                                    {SEGENT_LOG_DEBUG, "debug"}};
    return FIND(names, level);
}

_Static_assert((int)SEGENT_CPU_REF == (int)SG_CPU_REF && (int)SEGENT_CPU_AVX2 == (int)SG_CPU_AVX2 &&
                   (int)SEGENT_CPU_AVX512 == (int)SG_CPU_AVX512 &&
                   (int)SEGENT_CPU_NEON == (int)SG_CPU_NEON &&
                   (int)SEGENT_CPU_AVX512_BF16 == (int)SG_CPU_AVX512_BF16 &&
                   (int)SEGENT_CPU_AMX == (int)SG_CPU_AMX &&
                   (int)SEGENT_CPU_NEON_BF16 == (int)SG_CPU_NEON_BF16,
               "the kernels' flags are the public ones");

const char *segent_cpu_name(segent_cpu cpu)
{
    return sg_cpu_name(cpu);
}

const char *segent_label_type_name(segent_label_type type)
{
    static const name_of names[] = {{SEGENT_LABEL_U8, "uint8"}, {SEGENT_LABEL_U16, "uint16"}};
    return FIND(names, type);
}

const char *segent_pixel_format_name(segent_pixel_format format)
{
    static const name_of names[] = {{SEGENT_PIXEL_RGB, "RGB"},
                                    {SEGENT_PIXEL_BGR, "BGR"},
                                    {SEGENT_PIXEL_RGBA, "RGBA"},
                                    {SEGENT_PIXEL_BGRA, "BGRA"},
                                    {SEGENT_PIXEL_GREY, "grey"}};
    return FIND(names, format);
}

const char *segent_unit_name(segent_unit unit)
{
    static const name_of names[] = {{SEGENT_UNIT_NORMALIZED, "normalized"},
                                    {SEGENT_UNIT_NATS, "nats"},
                                    {SEGENT_UNIT_BITS, "bits"}};
    return FIND(names, unit);
}

const char *segent_measure_name(segent_measure measure)
{
    static const name_of names[] = {{SEGENT_MEASURE_ENTROPY, "entropy"},
                                    {SEGENT_MEASURE_TOP, "top"},
                                    {SEGENT_MEASURE_MARGIN, "margin"},
                                    {SEGENT_MEASURE_ENERGY, "energy"},
                                    {SEGENT_MEASURE_MAXLOGIT, "maxlogit"}};
    return FIND(names, measure);
}

const char *segent_source_name(segent_source source)
{
    static const name_of names[] = {{SEGENT_SOURCE_LOGITS, "logits"},
                                    {SEGENT_SOURCE_PROBABILITIES, "probabilities"}};
    return FIND(names, source);
}

const char *segent_colormap_name(segent_colormap colormap)
{
    static const name_of names[] = {{SEGENT_COLORMAP_JET, "jet"},
                                    {SEGENT_COLORMAP_VIRIDIS, "viridis"}};
    return FIND(names, colormap);
}

const char *segent_orientation_name(segent_orientation orientation)
{
    static const name_of names[] = {{SEGENT_ORIENT_DEFAULT, "default"},
                                    {SEGENT_ORIENT_UPRIGHT, "upright"},
                                    {SEGENT_ORIENT_STORED, "stored"}};
    return FIND(names, orientation);
}

const char *segent_container_name(segent_container container)
{
    static const name_of names[] = {{SEGENT_CONTAINER_LEGACY, "torch legacy"},
                                    {SEGENT_CONTAINER_ZIP, "torch zip"},
                                    {SEGENT_CONTAINER_SAFETENSORS, "safetensors"},
                                    {SEGENT_CONTAINER_PACKED, "packed weights"}};
    return FIND(names, container);
}

const char *segent_dtype_name(segent_dtype dtype)
{
    static const name_of names[] = {{SEGENT_DTYPE_F32, "float32"},   {SEGENT_DTYPE_F16, "float16"},
                                    {SEGENT_DTYPE_BF16, "bfloat16"}, {SEGENT_DTYPE_F64, "float64"},
                                    {SEGENT_DTYPE_I64, "int64"},     {SEGENT_DTYPE_I32, "int32"},
                                    {SEGENT_DTYPE_I16, "int16"},     {SEGENT_DTYPE_I8, "int8"},
                                    {SEGENT_DTYPE_U8, "uint8"},      {SEGENT_DTYPE_BOOL, "bool"}};
    return FIND(names, dtype);
}

const char *segent_engine_name(segent_engine engine)
{
    static const name_of names[] = {{SEGENT_ENGINE_FAST, "fast"},
                                    {SEGENT_ENGINE_EXACT, "exact"},
                                    {SEGENT_ENGINE_SMALL, "small"}};
    return FIND(names, engine);
}

const char *segent_precision_name(segent_precision precision)
{
    static const name_of names[] = {{SEGENT_PRECISION_F32, "float32"},
                                    {SEGENT_PRECISION_BF16, "bfloat16"}};
    return FIND(names, precision);
}

const char *segent_output_size_name(segent_output_size size)
{
    static const name_of names[] = {{SEGENT_OUTPUT_NETWORK, "network"},
                                    {SEGENT_OUTPUT_ORIGINAL, "original"}};
    return FIND(names, size);
}

const char *segent_version(void)
{
    return SEGENT_VERSION_STRING;
}

int32_t segent_supports(const char *feature)
{
    static const struct {
        const char *name;
        int32_t there;
    } features[] = {{"png", SG_PNG},
                    {"jpeg", SG_JPEG},
                    {"zlib", SG_ZLIB},
                    {"simd", SG_SIMD},
                    {"blas", SG_BLAS}};
    for (size_t i = 0; feature && i < sizeof(features) / sizeof(features[0]); i++) {
        if (strcmp(features[i].name, feature) == 0)
            return features[i].there;
    }
    return 0;
}
