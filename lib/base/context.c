/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "base/context.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "api.h"
#include "base/options.h"
#include "base/quota.h"
#include "base/text.h"
#include "nn/gemm.h"

enum { THREADS_MAX = 1024 };
static const int64_t MEMORY_LIMIT_DEFAULT = INT64_C(1) << 31;

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
        return sg_fail(NULL, SEGENT_ERROR_INVALID_ARGUMENT, "the context is NULL");
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
    sg_scratch_free(context);
    sg_kept_free(context);
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

/* The sentence of the calling thread's last failure without a context. */
static _Thread_local char error_without_context[256];

segent_status sg_fail(segent_context *context, segent_status status, const char *format, ...)
{
    char *error = context ? context->error : error_without_context;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, context ? sizeof(context->error) : sizeof(error_without_context), format,
              arguments);
    va_end(arguments);
    sg_text_clean(error);
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

/* The instruction set allowed by the environment; 0, which allows all, if there is none. A word
 * that is none of the names, small or large letters, is told to the host and counts as none. */
static uint32_t cpu_from_environment(segent_context *context)
{
    const char *name = getenv("SEGENT_CPU");
    if (!name || !*name || is_word(name, "auto"))
        return 0;
    for (uint32_t flag = SG_CPU_REF; flag <= SG_CPU_ALL; flag <<= 1) {
        if (flag & SG_CPU_ALL && is_word(name, sg_cpu_name(flag)))
            return flag;
    }
    sg_log(context, SEGENT_LOG_WARNING,
           "SEGENT_CPU=%.40s is not known and has no effect: auto, ref, avx2, avx512, "
           "avx512_bf16, amx, neon and neon_bf16 are",
           name);
    return 0;
}

static segent_status check_options(const segent_options *options)
{
    if (options->threads < 0 || options->threads > THREADS_MAX)
        return sg_fail(NULL, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_options: %d threads; 0 to %d are possible", (int)options->threads,
                       THREADS_MAX);
    if (options->cpu & ~(segent_cpu)SG_CPU_ALL)
        return sg_fail(NULL, SEGENT_ERROR_UNSUPPORTED,
                       "segent_options: instruction sets 0x%x are unknown to this library (%s)",
                       (unsigned)(options->cpu & ~(segent_cpu)SG_CPU_ALL), SEGENT_VERSION_STRING);
    if (!options->allocate != !options->release)
        return sg_fail(NULL, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_options: of allocate and release only one is set");
    if (options->memory_limit < 0)
        return sg_fail(NULL, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_options: a memory_limit of %lld bytes",
                       (long long)options->memory_limit);
    return SEGENT_OK;
}

static segent_status fail_creation(segent_context *context)
{
    segent_context_destroy(context);
    return sg_fail(NULL, SEGENT_ERROR_OUT_OF_MEMORY, "out of memory (for a context)");
}

segent_status segent_context_create(const segent_options *given, segent_context **out)
{
    static atomic_ullong contexts; /* made so far */
    segent_options options = segent_options_init();
    if (!out)
        return sg_fail(NULL, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_context_create: context is NULL");
    segent_status status = sg_read_options(NULL, SG_STRUCT(segent_options), &options, given);
    if (status == SEGENT_OK)
        status = check_options(&options);
    if (status != SEGENT_OK)
        return status;
    const sg_allocator allocator = {options.allocate, options.release, options.allocator_user};
    segent_context *context = sg_alloc_zero(&allocator, 1, sizeof(*context));
    if (!context)
        return fail_creation(NULL);
    context->allocator = allocator;
    context->id = atomic_fetch_add(&contexts, 1) + 1;
    context->log = options.log;
    context->log_user = options.log_user;
    context->memory_limit = options.memory_limit ? options.memory_limit : MEMORY_LIMIT_DEFAULT;
    context->threads = options.threads ? options.threads : sg_default_threads();
    context->detected = sg_cpu_detect();
    const uint32_t allowed =
        sg_cpu_allow(context->detected, options.cpu ? options.cpu : cpu_from_environment(context));
    context->used = allowed & ~(uint32_t)SG_CPU_ON_REQUEST;
    context->withheld = allowed & SG_CPU_ON_REQUEST;
    context->request = sg_cpu_request;
    sg_kernels_init(&context->kernels, context->used);
    sg_cpu_processor(context->processor, sizeof(context->processor));
    context->pool = sg_pool_create(&allocator, context->threads);
    if (!context->pool)
        return fail_creation(context);
    if (options.parallel)
        sg_pool_use_host(context->pool, context, options.parallel, options.parallel_user);
    *out = context;
    return SEGENT_OK;
}

void sg_context_request(segent_context *context)
{
    const char *name = sg_cpu_name(context->withheld);
    if (context->withheld == 0)
        return;
    const int32_t error = context->request();
    if (error != 0) {
        sg_log(context, SEGENT_LOG_INFO, "bfloat16 uses %s: the system does not grant %s, %s",
               sg_cpu_name(context->used), name,
               error == ENOSPC ? "as some thread's alternate signal stack is too small"
                               : "which this process asked for");
        return;
    }
    context->used |= context->withheld;
    context->withheld = 0;
    sg_half_kernels_init(&context->kernels.halves, context->used);
    sg_log(context, SEGENT_LOG_INFO, "bfloat16 uses %s, which the system granted to this process",
           name);
}

segent_status sg_context_trim(segent_context *context)
{
    sg_scratch_free(context);
    sg_kept_free(context);
    return SEGENT_OK;
}

segent_status sg_context_report_layers(segent_context *context, segent_layer_fn layer, void *user)
{
    context->layer = layer;
    context->layer_user = user;
    return SEGENT_OK;
}

static const char in_use[] = "the context is in use: by a callback, or by another thread";

const char *segent_last_error(const segent_context *context)
{
    if (!context)
        return error_without_context;
    return refused_by == context->id ? in_use : context->error;
}

/* The sentence as the calling thread is to see it, copied while nobody else writes it. */
static size_t copy_text(const char *text, char *buffer, size_t size)
{
    const size_t length = strlen(text), copied = length < size ? length : size - 1;
    if (size > 0) {
        memcpy(buffer, text, copied);
        buffer[copied] = '\0';
    }
    return length;
}

size_t segent_last_error_copy(segent_context *context, char *buffer, size_t size)
{
    uintptr_t nobody = 0;
    if (!buffer)
        size = 0;
    if (!context)
        return copy_text(error_without_context, buffer, size);
    if (refused_by == context->id)
        return copy_text(in_use, buffer, size);
    /* From a callback: this thread is inside. */
    if ((atomic_load(&context->user) & ~(uintptr_t)DOOMED) == this_thread())
        return copy_text(context->error, buffer, size);
    if (!atomic_compare_exchange_strong(&context->user, &nobody, this_thread()))
        return copy_text(in_use, buffer, size);
    atomic_store(&context->process, (int)getpid());
    const size_t length = copy_text(context->error, buffer, size);
    uintptr_t user = this_thread();
    if (!atomic_compare_exchange_strong(&context->user, &user, 0))
        destroy(context);
    return length;
}

segent_status segent_context_cpu_info(const segent_context *context, segent_cpu_info *info)
{
    if (!context || !info)
        return sg_fail(NULL, SEGENT_ERROR_INVALID_ARGUMENT, "segent_context_cpu_info: %s is NULL",
                       context ? "info" : "context");
    const segent_cpu_info ours = {.struct_size = sizeof(ours),
                                  .processor = context->processor,
                                  .kernels = sg_cpu_name(sg_cpu_floats(context->used)),
                                  .blas = sg_gemm_describe(!context->kernels.product.fast),
                                  .detected = context->detected,
                                  .used = context->used,
                                  .threads = context->threads};
    return sg_write_info(NULL, SG_STRUCT(segent_cpu_info), info, &ours);
}
