/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* lib/base/context.c */

#include "support.h"

#include "base/context.h"
#include "base/options.h"
#include "base/quota.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static segent_status create_with(const segent_options *options)
{
    segent_context *context = NULL;
    const segent_status status = segent_context_create(options, &context);
    assert_true((status == SEGENT_OK) == (context != NULL));
    segent_context_destroy(context);
    return status;
}

/* No context is made, and the sentence is the calling thread's. */
static void check_bad(const segent_options *options, segent_status expected, const char *part)
{
    assert_int_equal(create_with(options), expected);
    if (!strstr(segent_last_error(NULL), part))
        fail_msg("\"%s\" does not contain \"%s\"", segent_last_error(NULL), part);
}

static void test_defaults(void **state)
{
    (void)state;
    segent_context *context = NULL;
    assert_int_equal(segent_context_create(NULL, &context), SEGENT_OK);
    assert_string_equal(segent_last_error(context), "");
    assert_int_equal(context->memory_limit, INT64_C(2) << 30);
    assert_int_equal(context->threads, sg_default_threads());
    segent_context_destroy(context);
    segent_context_destroy(NULL);
}

static void test_bad_options(void **state)
{
    (void)state;
    const segent_status invalid = SEGENT_ERROR_INVALID_ARGUMENT;
    assert_int_equal(segent_context_create(NULL, NULL), invalid);
    assert_string_equal(segent_last_error(NULL), "segent_context_create: context is NULL");
    segent_options options = segent_options_init();
    options.threads = -1;
    check_bad(&options, invalid, "segent_options: -1 threads; 0 to 1024 are possible");
    options.threads = 1025;
    check_bad(&options, invalid, "segent_options: 1025 threads");
    options = segent_options_init();
    options.memory_limit = -1;
    check_bad(&options, invalid, "segent_options: a memory_limit of -1 bytes");
    test_allocator memory = {0};
    options = test_allocator_options(&memory);
    options.release = NULL;
    check_bad(&options, invalid, "segent_options: of allocate and release only one is set");
    assert_int_equal(memory.calls, 0);
}

/* Instruction sets and members that only a later version may know. */
static void test_unknown_options(void **state)
{
    (void)state;
    const segent_status unknown = SEGENT_ERROR_UNSUPPORTED;
    segent_options options = segent_options_init();
    options.cpu = 0x40000000;
    check_bad(&options, unknown, "segent_options: instruction sets 0x40000000 are unknown");
    options.cpu = SEGENT_CPU_REF | UINT32_C(1) << 31;
    check_bad(&options, unknown, "segent_options: instruction sets 0x80000000 are unknown");
    for (int i = 0; i < 4; i++) {
        options = segent_options_init();
        options.reserved[i] = UINT64_C(1) << 63;
        check_bad(&options, unknown, "segent_options: sets a member that this library");
    }
}

/* A program built against an older header passes a shorter struct, one built against a newer header
 * a longer one. */
typedef struct newer_options {
    segent_options known;
    int64_t later[2];
} newer_options;

static void test_struct_sizes(void **state)
{
    (void)state;
    segent_options options = segent_options_init();
    options.struct_size = 0;
    assert_int_equal(create_with(&options), SEGENT_ERROR_INVALID_ARGUMENT);
    options.struct_size = sizeof(size_t) - 1;
    assert_int_equal(create_with(&options), SEGENT_ERROR_INVALID_ARGUMENT);
    options.struct_size = SIZE_MAX;
    assert_int_equal(create_with(&options), SEGENT_ERROR_INVALID_ARGUMENT);

    /* Shorter: what lies behind its end is not read. */
    options = segent_options_init();
    options.memory_limit = -1;
    options.struct_size = offsetof(segent_options, memory_limit);
    assert_int_equal(create_with(&options), SEGENT_OK);
    options.threads = -1;
    options.struct_size = sizeof(size_t);
    assert_int_equal(create_with(&options), SEGENT_OK);

    newer_options newer = {.known = segent_options_init()};
    newer.known.struct_size = sizeof(newer);
    assert_int_equal(create_with(&newer.known), SEGENT_OK);
    newer.later[1] = 1;
    assert_int_equal(create_with(&newer.known), SEGENT_ERROR_UNSUPPORTED);
}

typedef struct sample {
    size_t struct_size;
    int32_t a, b;
    uint64_t reserved[2];
} sample;

static void test_read_options(void **state)
{
    segent_context *context = *state;
    const sg_struct type = SG_STRUCT(sample);
    const sample defaults = {sizeof(sample), 1, 2, {0, 0}};
    sample ours = defaults;
    test_assert_ok(context, sg_read_options(context, type, &ours, NULL));
    assert_memory_equal(&ours, &defaults, sizeof(ours));

    const sample older = {offsetof(sample, b), 5, 6, {7, 8}};
    test_assert_ok(context, sg_read_options(context, type, &ours, &older));
    assert_int_equal(ours.struct_size, sizeof(sample));
    assert_int_equal(ours.a, 5);
    assert_int_equal(ours.b, 2);
    assert_int_equal(ours.reserved[0], 0);

    struct {
        sample known;
        char later;
    } newer = {{sizeof(newer), 7, 8, {0, 0}}, 0};
    memset(&newer.later, 0, sizeof(newer) - sizeof(sample));
    test_assert_ok(context, sg_read_options(context, type, &ours, &newer));
    assert_int_equal(ours.b, 8);
    newer.later = 1;
    test_assert_status(context, sg_read_options(context, type, &ours, &newer),
                       SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(context, "sample: sets a member");

    const sample reserved = {sizeof(sample), 9, 10, {0, 1}};
    test_assert_status(context, sg_read_options(context, type, &ours, &reserved),
                       SEGENT_ERROR_UNSUPPORTED);
    assert_int_equal(ours.a, 7); /* nothing has been read */

    const sample unset = {0, 0, 0, {0, 0}};
    test_assert_status(context, sg_read_options(context, type, &ours, &unset),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "sample_init() and sample_defaults()");
    assert_int_equal(sg_read_options(NULL, type, &ours, &unset), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_string_equal(segent_last_error(NULL), segent_last_error(context));

    test_assert_ok(context, sg_check_reserved(context, "sample", 0));
    test_assert_status(context, sg_check_reserved(context, "sample", -1), SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(context, "sample: sets a member");
}

static void test_write_info(void **state)
{
    segent_context *context = *state;
    const sg_struct type = SG_STRUCT(sample);
    const sample ours = {sizeof(sample), 1, 2, {0, 0}};
    sample given = {offsetof(sample, b), 10, 20, {30, 40}};
    test_assert_ok(context, sg_write_info(context, type, &given, &ours));
    assert_int_equal(given.struct_size, offsetof(sample, b));
    assert_int_equal(given.a, 1);
    assert_int_equal(given.b, 20);
    given.struct_size = sizeof(given);
    test_assert_ok(context, sg_write_info(context, type, &given, &ours));
    assert_memory_equal(&given, &ours, sizeof(ours)); /* reserved members are set to 0 */
    given.struct_size = 0;
    test_assert_status(context, sg_write_info(context, type, &given, &ours),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "sample: struct_size is not set");
    assert_int_equal(sg_write_info(NULL, type, &given, &ours), SEGENT_ERROR_INVALID_ARGUMENT);
}

static void test_error_sentence(void **state)
{
    segent_context *context = *state;
    assert_int_equal(sg_fail(context, SEGENT_ERROR_FORMAT, "%s: bad %d", "a\nb\x1b[31m\x7f", 7),
                     SEGENT_ERROR_FORMAT);
    assert_string_equal(segent_last_error(context), "a?b?[31m?: bad 7");
    /* C1 controls, which terminals obey as well, marks that turn the direction of writing, bytes
     * that are not UTF-8. */
    sg_fail(context, SEGENT_ERROR_IO, "%s",
            "\xc2\x9b"
            "31m \xe2\x80\xae\xe2\x81\xa6\xd8\x9c \x9b\xff\xc0\xaf\xed\xa0\x80 "
            "\xe2\x80\xa8\xf4\x90\x80\x80\xc3");
    assert_string_equal(segent_last_error(context), "?31m ??? ??????? ??????");
    /* UTF-8 stays as it is. */
    sg_fail(context, SEGENT_ERROR_IO, "%s", "\xc2\xa0\xe7\x8c\xab\xef\xbf\xbd\xf4\x8f\xbf\xbf");
    assert_string_equal(segent_last_error(context),
                        "\xc2\xa0\xe7\x8c\xab\xef\xbf\xbd\xf4\x8f\xbf\xbf");
    sg_fail(context, SEGENT_ERROR_IO, "%s", "f\xc3\xb6\xc3\xb6.png");
    assert_string_equal(segent_last_error(context), "f\xc3\xb6\xc3\xb6.png");

    assert_int_equal(sg_fail_prefix(context, SEGENT_ERROR_IO, "model.pth"), SEGENT_ERROR_IO);
    assert_string_equal(segent_last_error(context), "model.pth: f\xc3\xb6\xc3\xb6.png");
    sg_fail_prefix(context, SEGENT_ERROR_IO, "model.pth");
    assert_string_equal(segent_last_error(context), "model.pth: f\xc3\xb6\xc3\xb6.png");

    assert_int_equal(sg_fail_memory(context, "weights", 123), SEGENT_ERROR_OUT_OF_MEMORY);
    assert_string_equal(segent_last_error(context), "out of memory (123 bytes for weights)");
}

static void test_long_sentences_are_cut(void **state)
{
    segent_context *context = *state;
    char text[5000];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    sg_fail(context, SEGENT_ERROR_FORMAT, "%s", text);
    assert_int_equal(strlen(segent_last_error(context)), sizeof(context->error) - 1);
    sg_fail_prefix(context, SEGENT_ERROR_FORMAT, text);
    assert_true(strlen(segent_last_error(context)) < sizeof(context->error));
}

typedef struct log_line {
    int32_t level;
    char text[200];
    int count;
} log_line;

static void keep_line(void *user, int32_t level, const char *message)
{
    log_line *line = user;
    line->level = level;
    line->count++;
    snprintf(line->text, sizeof(line->text), "%s", message);
}

static void test_log(void **state)
{
    sg_log(*state, SEGENT_LOG_INFO, "%s", "nobody listens");
    log_line line = {0};
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    options.log = keep_line;
    options.log_user = &line;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    sg_log(context, SEGENT_LOG_WARNING, "odd name: %s", "a\tb");
    assert_int_equal(line.count, 1);
    assert_int_equal(line.level, SEGENT_LOG_WARNING);
    assert_string_equal(line.text, "odd name: a?b");
    segent_context_destroy(context);
}

static segent_cpu_info info_with(segent_cpu cap, const char *environment)
{
    segent_cpu_info info = segent_cpu_info_init();
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    options.cpu = cap;
    if (environment)
        setenv("SEGENT_CPU", environment, 1);
    else
        unsetenv("SEGENT_CPU");
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    assert_int_equal(segent_context_cpu_info(context, &info), SEGENT_OK);
    assert_string_equal(info.kernels, segent_cpu_name(sg_cpu_floats(info.used)));
    assert_true(strlen(info.processor) > 0);
    assert_true(strlen(info.blas) > 0);
    assert_int_equal(info.threads, sg_default_threads());
    assert_int_equal(info.detected, sg_cpu_detect());
    assert_int_equal(info.reserved_word, 0);
    /* The strings are the context's; none is used after it. */
    segent_context_destroy(context);
    return info;
}

/* Sets of instruction sets: those detected, and those of them that may be used. */
static void test_cpu_cap(void **state)
{
    (void)state;
    char *before = getenv("SEGENT_CPU") ? strdup(getenv("SEGENT_CPU")) : NULL;
    /* What the system has to be asked for is not used before that. */
    const segent_cpu detected = sg_cpu_detect() & ~(segent_cpu)SG_CPU_ON_REQUEST;
    assert_int_equal(info_with(0, NULL).used, detected);
    assert_int_equal(info_with(SEGENT_CPU_REF, NULL).used, SEGENT_CPU_REF);
    assert_int_equal(info_with(0, "ref").used, SEGENT_CPU_REF);
    /* What is not a name, or more than the processor has, changes nothing for the worse. */
    assert_int_equal(info_with(0, "").used, detected);
    assert_int_equal(info_with(0, "AVX2 ").used, detected);
    assert_int_equal(info_with(0, "auto").used, detected);
    assert_int_equal(info_with(0, "avx512").used, sg_cpu_allow(detected, SG_CPU_AVX512));
    assert_int_equal(info_with(0, "avx512_bf16").used, sg_cpu_allow(detected, SG_CPU_AVX512_BF16));
    assert_int_equal(info_with(0, "amx").used, sg_cpu_allow(detected, SG_CPU_AMX));
    /* The program's own cap wins over the environment. */
    assert_int_equal(info_with(detected, "ref").used, detected);
    /* A set has what its members are built on, named or not. */
    assert_int_equal(info_with(SEGENT_CPU_AVX512, NULL).used,
                     sg_cpu_allow(detected, SG_CPU_AVX512));
    assert_int_equal(info_with(SEGENT_CPU_AVX2 | SEGENT_CPU_NEON, NULL).used,
                     sg_cpu_allow(detected, SG_CPU_AVX2 | SG_CPU_NEON));
    assert_true(info_with(SEGENT_CPU_NEON, NULL).used & SEGENT_CPU_REF);
    if (before)
        setenv("SEGENT_CPU", before, 1);
    else
        unsetenv("SEGENT_CPU");
    free(before);
}

/* A word that is none of the names is told, and the names with it. */
static void test_cpu_word(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        uint32_t allowed;
        int warnings;
    } cases[] = {{"ref", SG_CPU_REF, 0},
                 {"Ref", SG_CPU_REF, 0},
                 {"AVX2", SG_CPU_AVX2, 0},
                 {"AVX512", SG_CPU_AVX512, 0},
                 {"AVX512_bf16", SG_CPU_AVX512_BF16, 0},
                 {"AMX", SG_CPU_AMX, 0},
                 {"NEON", SG_CPU_NEON, 0},
                 {"Neon_BF16", SG_CPU_NEON_BF16, 0},
                 {"auto", 0, 0},
                 {"", 0, 0},
                 {"avx2 ", 0, 1},
                 {"sse2", 0, 1},
                 {"avx", 0, 1},
                 {"avx2\n\x1b", 0, 1},
                 {"unknown", 0, 1},
                 {"1", 0, 1}};
    char *before = getenv("SEGENT_CPU") ? strdup(getenv("SEGENT_CPU")) : NULL;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        log_line line = {0};
        segent_options options = segent_options_init();
        segent_context *context = NULL;
        options.log = keep_line;
        options.log_user = &line;
        setenv("SEGENT_CPU", cases[i].word, 1);
        assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
        assert_int_equal(context->used | context->withheld,
                         sg_cpu_allow(context->detected, cases[i].allowed));
        assert_int_equal(context->used & SG_CPU_ON_REQUEST, 0);
        assert_int_equal(line.count, cases[i].warnings);
        segent_context_destroy(context);
        if (line.count == 0)
            continue;
        assert_int_equal(line.level, SEGENT_LOG_WARNING);
        assert_non_null(strstr(line.text, "SEGENT_CPU="));
        assert_non_null(
            strstr(line.text, "auto, ref, avx2, avx512, avx512_bf16, amx, neon and neon_bf16 are"));
        assert_null(strpbrk(line.text, "\n\x1b"));
        /* The program's own cap: nobody looks at the environment. */
        line.count = 0;
        options.cpu = SEGENT_CPU_REF;
        assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
        assert_int_equal(line.count, 0);
        segent_context_destroy(context);
    }
    if (before)
        setenv("SEGENT_CPU", before, 1);
    else
        unsetenv("SEGENT_CPU");
    free(before);
}

/* What is allowed, with all that it is built on, and never more than there is. */
static void test_allowed_sets(void **state)
{
    (void)state;
    const uint32_t ref = SG_CPU_REF, avx2 = ref | SG_CPU_AVX2, avx512 = avx2 | SG_CPU_AVX512;
    const uint32_t bf16 = avx512 | SG_CPU_AVX512_BF16, amx = bf16 | SG_CPU_AMX;
    const uint32_t neon = ref | SG_CPU_NEON, neon_bf16 = neon | SG_CPU_NEON_BF16;
    assert_int_equal(sg_cpu_allow(avx512, 0), avx512);
    assert_int_equal(sg_cpu_allow(avx512, SG_CPU_AVX512), avx512);
    assert_int_equal(sg_cpu_allow(avx512, SG_CPU_AVX2), avx2);
    assert_int_equal(sg_cpu_allow(avx512, SG_CPU_AVX2 | SG_CPU_NEON), avx2);
    assert_int_equal(sg_cpu_allow(avx512, SG_CPU_REF), ref);
    assert_int_equal(sg_cpu_allow(avx512, SG_CPU_NEON), ref);
    assert_int_equal(sg_cpu_allow(amx, 0), amx);
    assert_int_equal(sg_cpu_allow(amx, SG_CPU_AMX), amx);
    assert_int_equal(sg_cpu_allow(amx, SG_CPU_AVX512_BF16), bf16);
    assert_int_equal(sg_cpu_allow(bf16, SG_CPU_AMX), bf16);
    assert_int_equal(sg_cpu_allow(avx2, SG_CPU_AVX512), avx2);
    assert_int_equal(sg_cpu_allow(neon, SG_CPU_AVX2), ref);
    assert_int_equal(sg_cpu_allow(neon, SG_CPU_NEON), neon);
    assert_int_equal(sg_cpu_allow(neon, SG_CPU_NEON_BF16), neon);
    assert_int_equal(sg_cpu_allow(neon_bf16, SG_CPU_NEON_BF16), neon_bf16);
    assert_int_equal(sg_cpu_allow(neon_bf16, SG_CPU_NEON), neon);
    assert_int_equal(sg_cpu_allow(neon_bf16, SG_CPU_AVX512_BF16), ref);
    assert_int_equal(sg_cpu_allow(ref, SG_CPU_AVX512), ref);
    assert_int_equal(sg_cpu_allow(neon, ~(uint32_t)SG_CPU_ALL), ref);
    assert_int_equal(sg_cpu_allow(sg_cpu_detect(), SG_CPU_ALL), sg_cpu_detect());
    assert_true(sg_cpu_detect() & SG_CPU_REF);
}

/* A flag's own name; of a set, that of the best one in it. */
static void test_instruction_set_names(void **state)
{
    (void)state;
    assert_string_equal(sg_cpu_name(SG_CPU_REF), "ref");
    assert_string_equal(sg_cpu_name(SG_CPU_AVX2), "avx2");
    assert_string_equal(sg_cpu_name(SG_CPU_AVX512), "avx512");
    assert_string_equal(sg_cpu_name(SG_CPU_NEON), "neon");
    assert_string_equal(sg_cpu_name(SG_CPU_AMX), "amx");
    assert_string_equal(sg_cpu_name(SG_CPU_AVX512_BF16 | SG_CPU_AMX), "amx");
    assert_string_equal(sg_cpu_name(SG_CPU_NEON_BF16), "neon_bf16");
    assert_string_equal(sg_cpu_name(SG_CPU_REF | SG_CPU_AVX2), "avx2");
    assert_string_equal(sg_cpu_name(SG_CPU_REF | SG_CPU_AVX2 | SG_CPU_AVX512), "avx512");
    assert_string_equal(sg_cpu_name(SG_CPU_REF | SG_CPU_NEON), "neon");
    assert_string_equal(sg_cpu_name(SG_CPU_REF | SG_CPU_NEON | SG_CPU_NEON_BF16), "neon_bf16");
    assert_string_equal(sg_cpu_name(0), "unknown");
    assert_string_equal(sg_cpu_name(~(uint32_t)SG_CPU_ALL), "unknown");
}

static void test_processor_name_fits(void **state)
{
    (void)state;
    char name[5] = "zzzz";
    sg_cpu_processor(name, sizeof(name));
    assert_true(strlen(name) < sizeof(name));
    sg_cpu_processor(name, 1);
    assert_string_equal(name, "");
}

static void test_info_needs_a_size(void **state)
{
    segent_cpu_info info = {.struct_size = 0};
    assert_int_equal(segent_context_cpu_info(*state, &info), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_non_null(strstr(segent_last_error(NULL), "segent_cpu_info: struct_size is not set"));
    assert_int_equal(segent_context_cpu_info(*state, NULL), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_string_equal(segent_last_error(NULL), "segent_context_cpu_info: info is NULL");
    assert_int_equal(segent_context_cpu_info(NULL, &info), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_string_equal(segent_last_error(NULL), "segent_context_cpu_info: context is NULL");
}

static void test_every_allocation_can_fail(void **state)
{
    (void)state;
    segent_status status = SEGENT_ERROR_OUT_OF_MEMORY;
    for (int64_t k = 1; status != SEGENT_OK; k++) {
        assert_true(k < 100);
        test_allocator memory = {.fail_at = k};
        const segent_options options = test_allocator_options(&memory);
        status = create_with(&options);
        assert_true(status == SEGENT_OK || status == SEGENT_ERROR_OUT_OF_MEMORY);
        assert_int_equal(memory.live, 0);
        assert_true((status == SEGENT_OK) == (memory.calls < k));
        if (status != SEGENT_OK)
            assert_string_equal(segent_last_error(NULL), "out of memory (for a context)");
    }
}

static int make(void **state)
{
    *state = test_context();
    return 0;
}

static int destroy(void **state)
{
    segent_context_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_bad_options),
        cmocka_unit_test(test_unknown_options),
        cmocka_unit_test(test_struct_sizes),
        cmocka_unit_test(test_read_options),
        cmocka_unit_test(test_write_info),
        cmocka_unit_test(test_error_sentence),
        cmocka_unit_test(test_long_sentences_are_cut),
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_cpu_cap),
        cmocka_unit_test(test_cpu_word),
        cmocka_unit_test(test_allowed_sets),
        cmocka_unit_test(test_instruction_set_names),
        cmocka_unit_test(test_processor_name_fits),
        cmocka_unit_test(test_info_needs_a_size),
        cmocka_unit_test(test_every_allocation_can_fail),
    };
    return cmocka_run_group_tests(tests, make, destroy);
}
