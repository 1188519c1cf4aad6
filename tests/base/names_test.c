/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* lib/base/names.c: names of the public enumerations' values, and what this build can do. */

#include "support.h"

#include <string.h>

typedef const char *(*namer)(int32_t value);

typedef struct named {
    int32_t value;
    const char *name;
} named;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Each value has its name, and no number around them or far away has one. */
static void check_names(namer name_of, const named *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_string_equal(name_of(all[i].value), all[i].name);
    for (int32_t value = -20; value <= 300; value++) {
        bool known = false;
        for (size_t i = 0; i < count; i++)
            known |= all[i].value == value;
        if (!known)
            assert_string_equal(name_of(value), "unknown");
    }
    assert_string_equal(name_of(INT32_MIN), "unknown");
    assert_string_equal(name_of(INT32_MAX), "unknown");
}

#define CHECK(name_of, ...)                       \
    do {                                          \
        static const named all[] = {__VA_ARGS__}; \
        check_names((name_of), all, COUNT(all));  \
    } while (0)

static void test_names(void **state)
{
    (void)state;
    CHECK(segent_log_level_name, {SEGENT_LOG_ERROR, "error"}, {SEGENT_LOG_WARNING, "warning"},
          {SEGENT_LOG_INFO, "information"}, {SEGENT_LOG_DEBUG, "debug"});
    CHECK(segent_label_type_name, {SEGENT_LABEL_U8, "uint8"}, {SEGENT_LABEL_U16, "uint16"});
    CHECK(segent_orientation_name, {SEGENT_ORIENT_DEFAULT, "default"},
          {SEGENT_ORIENT_UPRIGHT, "upright"}, {SEGENT_ORIENT_STORED, "stored"});
    CHECK(segent_pixel_format_name, {SEGENT_PIXEL_RGB, "RGB"}, {SEGENT_PIXEL_BGR, "BGR"},
          {SEGENT_PIXEL_RGBA, "RGBA"}, {SEGENT_PIXEL_BGRA, "BGRA"}, {SEGENT_PIXEL_GREY, "grey"});
    CHECK(segent_unit_name, {SEGENT_UNIT_NORMALIZED, "normalized"}, {SEGENT_UNIT_NATS, "nats"},
          {SEGENT_UNIT_BITS, "bits"});
    CHECK(segent_source_name, {SEGENT_SOURCE_LOGITS, "logits"},
          {SEGENT_SOURCE_PROBABILITIES, "probabilities"});
    CHECK(segent_colormap_name, {SEGENT_COLORMAP_JET, "jet"}, {SEGENT_COLORMAP_VIRIDIS, "viridis"});
    CHECK(segent_container_name, {SEGENT_CONTAINER_LEGACY, "torch legacy"},
          {SEGENT_CONTAINER_ZIP, "torch zip"}, {SEGENT_CONTAINER_SAFETENSORS, "safetensors"},
          {SEGENT_CONTAINER_PACKED, "packed weights"});
    CHECK(segent_dtype_name, {SEGENT_DTYPE_F32, "float32"}, {SEGENT_DTYPE_F16, "float16"},
          {SEGENT_DTYPE_BF16, "bfloat16"}, {SEGENT_DTYPE_F64, "float64"},
          {SEGENT_DTYPE_I64, "int64"}, {SEGENT_DTYPE_I32, "int32"}, {SEGENT_DTYPE_I16, "int16"},
          {SEGENT_DTYPE_I8, "int8"}, {SEGENT_DTYPE_U8, "uint8"}, {SEGENT_DTYPE_BOOL, "bool"});
    CHECK(segent_engine_name, {SEGENT_ENGINE_FAST, "fast"}, {SEGENT_ENGINE_EXACT, "exact"},
          {SEGENT_ENGINE_SMALL, "small"});
    CHECK(segent_precision_name, {SEGENT_PRECISION_F32, "float32"},
          {SEGENT_PRECISION_BF16, "bfloat16"});
    CHECK(segent_output_size_name, {SEGENT_OUTPUT_NETWORK, "network"},
          {SEGENT_OUTPUT_ORIGINAL, "original"});
}

/* Of a set of instruction sets the best one's; bits without a meaning do not count. */
static void test_instruction_sets(void **state)
{
    (void)state;
    static const struct {
        segent_cpu cpu;
        const char *name;
    } all[] = {{SEGENT_CPU_REF, "ref"},
               {SEGENT_CPU_AVX2, "avx2"},
               {SEGENT_CPU_AVX512, "avx512"},
               {SEGENT_CPU_NEON, "neon"},
               {SEGENT_CPU_AVX512_BF16, "avx512_bf16"},
               {SEGENT_CPU_REF | SEGENT_CPU_AVX2, "avx2"},
               {SEGENT_CPU_REF | SEGENT_CPU_AVX2 | SEGENT_CPU_AVX512, "avx512"},
               {SEGENT_CPU_REF | SEGENT_CPU_NEON, "neon"},
               {SEGENT_CPU_AMX, "amx"},
               {SEGENT_CPU_AVX512_BF16 | SEGENT_CPU_AMX, "amx"},
               {SEGENT_CPU_NEON_BF16, "neon_bf16"},
               {SEGENT_CPU_REF | SEGENT_CPU_NEON | SEGENT_CPU_NEON_BF16, "neon_bf16"},
               {SEGENT_CPU_REF | SEGENT_CPU_AVX2 | SEGENT_CPU_AVX512 | SEGENT_CPU_AVX512_BF16,
                "avx512_bf16"},
               {SEGENT_CPU_REF | UINT32_C(1) << 30, "ref"},
               {0, "unknown"},
               {UINT32_C(1) << 30, "unknown"},
               {UINT32_C(1) << 31, "unknown"}};
    for (size_t i = 0; i < COUNT(all); i++)
        assert_string_equal(segent_cpu_name(all[i].cpu), all[i].name);
}

/* What the build was configured with; and the library does it, or says that it does not. */
static void test_features(void **state)
{
    (void)state;
    assert_int_equal(segent_supports("png"), SG_PNG);
    assert_int_equal(segent_supports("jpeg"), SG_JPEG);
    assert_int_equal(segent_supports("zlib"), SG_ZLIB);
    assert_int_equal(segent_supports("simd"), SG_SIMD);
    assert_int_equal(segent_supports("blas"), SG_BLAS);
    static const char *const words[] = {"",    "PNG",  "png ", "pn",      "pngjpeg",
                                        "jpg", "webp", "cuda", "threads", "png\njpeg"};
    for (size_t i = 0; i < COUNT(words); i++)
        assert_int_equal(segent_supports(words[i]), 0);
    assert_int_equal(segent_supports(NULL), 0);

    segent_context *context = test_context();
    segent_cpu_info info = segent_cpu_info_init();
    segent_image *image = NULL;
    assert_int_equal(segent_context_cpu_info(context, &info), SEGENT_OK);
    if (!segent_supports("simd"))
        assert_int_equal(info.detected, SEGENT_CPU_REF);
    assert_int_equal(segent_image_load(context, test_data("image/rgb8.png"), NULL, &image),
                     segent_supports("png") ? SEGENT_OK : SEGENT_ERROR_UNSUPPORTED);
    segent_image_destroy(image);
    image = NULL;
    assert_int_equal(segent_image_load(context, test_data("image/grey.jpg"), NULL, &image),
                     segent_supports("jpeg") ? SEGENT_OK : SEGENT_ERROR_UNSUPPORTED);
    segent_image_destroy(image);
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_instruction_sets),
        cmocka_unit_test(test_features),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
