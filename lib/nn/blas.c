/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "blas.h"

#include <cblas.h>
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/threads.h"
#include "segent_blas.h"

/* OpenBLAS starts a thread a processor when it is loaded, each of which maps a buffer and tries for
 * ever where that fails. So it is loaded only if there is room for all of them. The numbers are
 * those of OpenBLAS 0.3 for x86-64, whose buffers are its largest. */
enum { BUFFER_MIB = 128, STACK_MIB = 8, THREADS_MAX = 128 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static __typeof__(&cblas_sgemm) product; /* NULL: there is none */
static char description[160];

static bool has_room(void)
{
    const int32_t processors = sg_processor_count();
    const uint64_t threads = (uint64_t)(processors < THREADS_MAX ? processors : THREADS_MAX) + 1;
    const uint64_t size = threads * (BUFFER_MIB + STACK_MIB) << 20;
    if (size > SIZE_MAX / 2)
        return false;
    void *room = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return room != MAP_FAILED && munmap(room, (size_t)size) == 0;
}

static int program_has_loader(struct dl_phdr_info *program, size_t size, void *result)
{
    (void)size;
    for (int i = 0; i < program->dlpi_phnum; i++)
        *(bool *)result |= program->dlpi_phdr[i].p_type == PT_INTERP;
    return 1; /* the program is the first, and the only one of interest */
}

/* A program that is linked statically can load a shared library only together with a second C
 * library, whose threads do not know those of the first. */
static bool is_dynamic(void)
{
    bool dynamic = false;
    dl_iterate_phdr(program_has_loader, &dynamic);
    return dynamic;
}

/* POSIX lets a function be had from an object pointer, ISO C does not. */
static bool find_function(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof(found));
    return found != NULL;
}

static void describe(void *library)
{
    char *(*config)(void), *(*core)(void);
    if (find_function(library, "openblas_get_config", &config) &&
        find_function(library, "openblas_get_corename", &core))
        snprintf(description, sizeof(description), "%s, %s kernels", config(), core());
    else
        snprintf(description, sizeof(description), "%s", SG_BLAS_LIBRARY);
}

static void load(void)
{
    const char *problem = "was not found";
    void *library = NULL;
    if (!is_dynamic())
        problem = "cannot be loaded by a static program";
    else if (!has_room())
        problem = "has no room in memory";
    else
        library = dlopen(SG_BLAS_LIBRARY, RTLD_LAZY | RTLD_LOCAL);
    if (library && find_function(library, "cblas_sgemm", &product))
        describe(library);
    else
        snprintf(description, sizeof(description), "plain C: %s %s", SG_BLAS_LIBRARY, problem);
}

bool sg_blas_load(void)
{
    return pthread_once(&once, load) == 0 && product;
}

void sg_blas_multiply(int m, int n, int k, const float *a, int lda, const float *b, int ldb,
                      float *c, int ldc, bool accumulate)
{
    product(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1.0f, a, lda, b, ldb,
            accumulate ? 1.0f : 0.0f, c, ldc);
}

const char *sg_blas_describe(void)
{
    return description;
}
