/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "base/context.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/quota.h"
#include "base/text.h"
#include "nn/gemm.h"

enum { THREADS_MAX = 1024, STRUCT_SIZE_MAX = 4096 };

double sg_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- who is inside ---- */

/* Set in segent_context.user while its thread is still inside: sg_leave frees the context. */
enum { DOOMED = 1 };

/* The context that last refused this thread, until a call with it is done: its sentence is no
 * sentence of the context's own, which belongs to the thread inside. */
static _Thread_local uint64_t refused_by;

/* The calling thread, as no other living thread of this process is called; even. A thread that
 * calls fork() keeps its name in the child. */
static uintptr_t this_thread(void)
{
    return (uintptr_t)&refused_by;
}

segent_status sg_enter(segent_context *context)
{
    uintptr_t nobody = 0;
    if (!context)
        return SEGENT_ERROR_INVALID_ARGUMENT;
    if (!atomic_compare_exchange_strong(&context->user, &nobody, this_thread())) {
        refused_by = context->id;
        return SEGENT_ERROR_BUSY;
    }
    if (refused_by == context->id)
        refused_by = 0;
    atomic_store(&context->process, (int)getpid());
    fegetenv(&context->host);
    fesetenv(FE_DFL_ENV);
    return SEGENT_OK;
}

static void destroy(segent_context *context)
{
    const sg_allocator allocator = context->allocator;
    sg_pool_destroy(context->pool);
    sg_free(&allocator, context->block);
    for (int i = 0; i < SG_KEPT_MAX; i++)
        sg_free(&allocator, context->kept[i]);
    sg_free(&allocator, context);
}

segent_status sg_leave(segent_context *context, segent_status status)
{
    const fenv_t host = context->host;
    uintptr_t user = this_thread();
    /* What a callback was told meanwhile is no answer to this call. */
    if (refused_by == context->id)
        refused_by = 0;
    if (!atomic_compare_exchange_strong(&context->user, &user, 0))
        destroy(context);
    fesetenv(&host);
    return status;
}

/* Whether the thread inside did not come along when fork() made this process. */
static bool is_orphan(segent_context *context, uintptr_t user)
{
    return (user & ~(uintptr_t)DOOMED) != this_thread() &&
           atomic_load(&context->process) != (int)getpid();
}

void segent_context_destroy(segent_context *context)
{
    if (!context)
        return;
    uintptr_t user = atomic_load(&context->user);
    while (user != 0 && !is_orphan(context, user)) {
        if (atomic_compare_exchange_weak(&context->user, &user, user | DOOMED))
            return;
    }
    destroy(context);
}

void sg_host_begin(segent_context *context)
{
    if (atomic_load(&context->user) != 0)
        fesetenv(&context->host);
}

void sg_host_end(segent_context *context)
{
    if (atomic_load(&context->user) == 0)
        return;
    fegetenv(&context->host);
    fesetenv(FE_DFL_ENV);
}

/* ---- sentences ---- */

segent_status sg_fail(segent_context *context, segent_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(context->error, sizeof(context->error), format, arguments);
    va_end(arguments);
    sg_text_clean(context->error);
    return status;
}

const char *sg_number(char text[SG_NUMBER_SIZE], int digits, double value)
{
    char local[SG_NUMBER_SIZE];
    char *to = text;
    snprintf(local, sizeof(local), "%.*g", digits, value);
    for (const char *from = local; *from; from++) {
        const bool plain = (*from >= '0' && *from <= '9') || (*from >= 'a' && *from <= 'z') ||
                           *from == '+' || *from == '-';
        if (plain)
            *to++ = *from;
        else if (to == text || to[-1] != '.')
            *to++ = '.';
    }
    *to = '\0';
    return text;
}

segent_status sg_fail_memory(segent_context *context, const char *what, size_t bytes)
{
    return sg_fail(context, SEGENT_ERROR_OUT_OF_MEMORY, "out of memory (%zu bytes for %s)", bytes,
                   what);
}

segent_status sg_fail_prefix(segent_context *context, segent_status status, const char *prefix)
{
    char sentence[sizeof(context->error)];
    const size_t length = strlen(prefix);
    if (strncmp(context->error, prefix, length) == 0 && context->error[length] == ':')
        return status;
    memcpy(sentence, context->error, sizeof(sentence));
    return sg_fail(context, status, "%.400s: %.600s", prefix, sentence);
}

void sg_log(segent_context *context, int32_t level, const char *format, ...)
{
    char line[sizeof(context->error)];
    if (!context->log)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    sg_text_clean(line);
    sg_host_begin(context);
    context->log(context->log_user, level, line);
    sg_host_end(context);
}

/* ---- structs of the caller's ---- */

static bool size_of_given(const void *given, size_t *size)
{
    memcpy(size, given, sizeof(*size));
    return *size >= sizeof(size_t) && *size <= STRUCT_SIZE_MAX;
}

/* 0: read; else the member of the caller's struct that is wrong: 1 its size, 2 something newer than
 * this library. */
static int read_options(void *options, size_t size, const void *given)
{
    size_t given_size;
    if (!given)
        return 0;
    if (!size_of_given(given, &given_size))
        return 1;
    const unsigned char *bytes = given;
    for (size_t i = size; i < given_size; i++) {
        if (bytes[i] != 0)
            return 2;
    }
    memcpy(options, given, given_size < size ? given_size : size);
    memcpy(options, &size, sizeof(size));
    return 0;
}

static segent_status fail_unknown_member(segent_context *context, const char *name)
{
    return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                   "%s: sets a member that this library (%s) does not know", name,
                   SEGENT_VERSION_STRING);
}

segent_status sg_read_options(segent_context *context, const char *name, void *options, size_t size,
                              const void *given)
{
    switch (read_options(options, size, given)) {
    case 0:
        return SEGENT_OK;
    case 1:
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: struct_size is not set (use %s_init())", name, name);
    default:
        return fail_unknown_member(context, name);
    }
}

segent_status sg_check_reserved(segent_context *context, const char *name, int32_t reserved)
{
    return reserved == 0 ? SEGENT_OK : fail_unknown_member(context, name);
}

segent_status sg_write_info(segent_context *context, const char *name, void *given,
                            const void *info, size_t size)
{
    size_t given_size;
    if (!size_of_given(given, &given_size)) {
        if (context)
            return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: struct_size is not set",
                           name);
        return SEGENT_ERROR_INVALID_ARGUMENT;
    }
    const size_t copied = given_size < size ? given_size : size;
    memcpy((char *)given + sizeof(size_t), (const char *)info + sizeof(size_t),
           copied - sizeof(size_t));
    return SEGENT_OK;
}

/* ---- life cycle ---- */

/* Whether `text` is `word`, which has small letters, in whatever letters; in every locale. */
static bool is_word(const char *text, const char *word)
{
    for (; *word; text++, word++) {
        const char small = *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text;
        if (small != *word)
            return false;
    }
    return *text == '\0';
}

static const uint32_t cpu_flags[] = {[SEGENT_CPU_AUTO] = 0,
                                     [SEGENT_CPU_REF] = SG_CPU_REF,
                                     [SEGENT_CPU_AVX2] = SG_CPU_AVX2,
                                     [SEGENT_CPU_AVX512] = SG_CPU_AVX512,
                                     [SEGENT_CPU_NEON] = SG_CPU_NEON};

uint32_t sg_cpu_flag(segent_cpu cpu)
{
    return cpu_flags[cpu];
}

segent_cpu sg_cpu_best(uint32_t set)
{
    segent_cpu best = SEGENT_CPU_AUTO;
    for (segent_cpu cpu = SEGENT_CPU_REF; cpu <= SEGENT_CPU_NEON; cpu++) {
        if (set & cpu_flags[cpu])
            best = cpu;
    }
    return best;
}

/* The instruction set allowed by the environment; 0, which allows all, if there is none. A word
 * that is none of the names, small or large letters, is told to the host and counts as none. */
static uint32_t cpu_from_environment(segent_context *context)
{
    const char *name = getenv("SEGENT_CPU");
    if (!name || !*name || is_word(name, "auto"))
        return 0;
    for (uint32_t flag = SG_CPU_REF; flag & SG_CPU_ALL; flag <<= 1) {
        if (is_word(name, sg_cpu_name(flag)))
            return flag;
    }
    sg_log(context, SEGENT_LOG_WARNING,
           "SEGENT_CPU=%.40s is not known and has no effect: auto, ref, avx2, avx512 and neon are",
           name);
    return 0;
}

static bool options_valid(const segent_options *options)
{
    return options->threads >= 0 && options->threads <= THREADS_MAX &&
           options->cpu >= SEGENT_CPU_AUTO && options->cpu <= SEGENT_CPU_NEON &&
           !options->allocate == !options->release && options->pixel_limit >= 0 &&
           options->memory_limit >= 0 && options->scan_limit >= 0 && options->reserved == 0;
}

segent_status segent_context_create(const segent_options *given, segent_context **out)
{
    static atomic_ullong contexts; /* made so far */
    segent_options options = segent_options_init();
    if (!out || read_options(&options, sizeof(options), given) != 0 || !options_valid(&options))
        return SEGENT_ERROR_INVALID_ARGUMENT;
    const sg_allocator allocator = {options.allocate, options.release, options.allocator_user};
    segent_context *context = sg_alloc_zero(&allocator, 1, sizeof(*context));
    if (!context)
        return SEGENT_ERROR_OUT_OF_MEMORY;
    context->allocator = allocator;
    context->id = atomic_fetch_add(&contexts, 1) + 1;
    context->log = options.log;
    context->log_user = options.log_user;
    context->pixel_limit = options.pixel_limit ? options.pixel_limit : SEGENT_PIXEL_LIMIT_DEFAULT;
    context->memory_limit =
        options.memory_limit ? options.memory_limit : SEGENT_MEMORY_LIMIT_DEFAULT;
    context->scan_limit = options.scan_limit ? options.scan_limit : SEGENT_SCAN_LIMIT_DEFAULT;
    context->threads = options.threads ? options.threads : sg_default_threads();
    context->detected = sg_cpu_detect();
    context->used = sg_cpu_allow(context->detected, options.cpu == SEGENT_CPU_AUTO
                                                        ? cpu_from_environment(context)
                                                        : sg_cpu_flag(options.cpu));
    sg_kernels_init(&context->kernels, context->used);
    sg_cpu_processor(context->processor, sizeof(context->processor));
    context->pool = sg_pool_create(&allocator, context->threads);
    if (!context->pool) {
        segent_context_destroy(context);
        return SEGENT_ERROR_OUT_OF_MEMORY;
    }
    *out = context;
    return SEGENT_OK;
}

/* ---- the block ---- */

enum { PIECE = 1 << 20 }; /* bytes of the block that a thread has mapped at a time */

static void populate(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const segent_context *context = argument;
    const size_t first = (size_t)begin * PIECE, last = (size_t)end * PIECE;
    (void)thread;
    sg_alloc_populate(&context->allocator, (char *)context->block + first,
                      (last < context->block_size ? last : context->block_size) - first);
}

void *sg_context_block(segent_context *context, size_t size)
{
    if (context->block_size >= size)
        return context->block;
    /* Never a pointer to memory that is free: fork() may come at any time from another thread. */
    void *before = context->block;
    context->block = NULL;
    context->block_size = 0;
    sg_free(&context->allocator, before);
    context->block = sg_alloc(&context->allocator, size, 1);
    context->block_size = context->block ? size : 0;
    if (context->block)
        sg_parallel_for(context->pool, (int64_t)((size - 1) / PIECE + 1), 1, populate, context);
    return context->block;
}

const char *segent_last_error(const segent_context *context)
{
    if (!context)
        return "the context could not be created";
    return refused_by == context->id ? "the context is in use: by a callback, or by another thread"
                                     : context->error;
}

segent_status segent_context_cpu_info(const segent_context *context, segent_cpu_info *info)
{
    if (!context || !info)
        return SEGENT_ERROR_INVALID_ARGUMENT;
    const segent_cpu_info ours = {.struct_size = sizeof(ours),
                                  .processor = context->processor,
                                  .detected = sg_cpu_best(context->detected),
                                  .used = sg_cpu_best(context->used),
                                  .used_name = sg_cpu_name(context->used),
                                  .blas = sg_gemm_describe(!context->kernels.product.fast),
                                  .threads = context->threads};
    return sg_write_info(NULL, "segent_cpu_info", info, &ours, sizeof(ours));
}
