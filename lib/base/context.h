/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The context as the library's own files see it: settings, error sentence, kernels, threads. */

#ifndef SG_CONTEXT_H
#define SG_CONTEXT_H

#include <fenv.h>
#include <stdatomic.h>

#include "base/alloc.h"
#include "base/kept.h"
#include "base/scratch.h"
#include "base/threads.h"
#include "kernels.h"
#include "segent/segent.h"

#if defined(__GNUC__)
#    define SG_PRINTF(text, first) __attribute__((__format__(__printf__, text, first)))
#else
#    define SG_PRINTF(text, first)
#endif

struct segent_context {
    sg_allocator allocator;
    uint64_t id;           /* no other context of this process has it */
    atomic_uintptr_t user; /* the thread inside the library with it, and whether it is doomed */
    atomic_int process;    /* that this thread belongs to */
    fenv_t host;           /* the floating-point environment of that thread's own code */
    segent_log_fn log;
    void *log_user;
    int64_t memory_limit;
    int32_t threads;
    uint32_t detected;        /* sets of instruction sets, SG_CPU_... */
    _Atomic uint32_t used;    /* of these; segent_context_cpu_info asks from any thread */
    uint32_t withheld;        /* allowed, but the process has to ask for it first */
    int32_t (*request)(void); /* sg_cpu_request, or a test's own */
    sg_kernels kernels;
    sg_pool *pool;
    segent_layer_fn layer; /* of segent_context_report_layers */
    void *layer_user;
    sg_scratch scratch[SG_SCRATCH_COUNT];
    sg_kept *kept[SG_KEPT_MAX]; /* see kept.h */
    uint64_t kept_uses;
    char processor[64];
    char error[1024];
};

/* Takes the context for the calling thread, until sg_leave: SEGENT_ERROR_BUSY, with nothing
 * changed, if a thread has it already, be it this one (a callback) or another. Between the two the
 * thread computes in the default floating-point environment, whatever its own is. No lock is held.
 * NULL is SEGENT_ERROR_INVALID_ARGUMENT, with a sentence for segent_last_error(NULL). */
segent_status sg_enter(segent_context *context);

/* Gives back the context, and to the thread its floating-point environment with its flags; returns
 * `status`. Frees a context that was destroyed meanwhile. */
segent_status sg_leave(segent_context *context, segent_status status);

/* Around a call of the host's code from within: it runs in its own floating-point environment, and
 * may change that. */
void sg_host_begin(segent_context *context);
void sg_host_end(segent_context *context);

/* Keeps the sentence (without a full stop) as the context's last error and returns `status`:
 *     return sg_fail(context, SEGENT_ERROR_FORMAT, "%s: not a PNG file", path);
 * With NULL, of a function that has no context, it is kept as the calling thread's.
 * Text that comes from files may be passed as it is: control characters are replaced by '?'. */
segent_status sg_fail(segent_context *context, segent_status status, const char *format, ...)
    SG_PRINTF(3, 4);

/* A number with that many significant digits (at most 9) as text, for a sentence. The point is a
 * point whatever the host's locale says. Returns `text`. */
enum { SG_NUMBER_SIZE = 40 };
const char *sg_number(char text[SG_NUMBER_SIZE], int digits, double value);

/* "out of memory (N bytes for WHAT)". */
segent_status sg_fail_memory(segent_context *context, const char *what, size_t bytes);

/* Puts "PREFIX: " before the last error, unless it already begins so; returns `status`. */
segent_status sg_fail_prefix(segent_context *context, segent_status status, const char *prefix);

/* One line to the host's log function, if there is one. */
void sg_log(segent_context *context, int32_t level, const char *format, ...) SG_PRINTF(3, 4);

/* Before weights are packed for bfloat16: asks for the instruction sets that have to be asked for,
 * and takes their kernels if they are granted. The log says which it was. */
void sg_context_request(segent_context *context);

/* Seconds of a clock that never goes back. */
double sg_seconds(void);

#endif
