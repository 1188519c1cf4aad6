/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the processor is, and which instruction sets it has. */

#include <stdbool.h>
#include <string.h>

#include "kernels.h"

#if defined(__x86_64__) || defined(__i386__)
#    include <cpuid.h>
#endif

#if SG_SIMD && defined(__x86_64__)
/* The compiler's own check reads CPUID and, through XGETBV, whether the operating system keeps the
 * registers. */
static uint32_t offered(void)
{
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    return SG_CPU_REF | (avx2 ? SG_CPU_AVX2 : 0u) | (avx512 ? SG_CPU_AVX512 : 0u);
}

bool sg_cpu_drops_fetches(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_is("amd") != 0;
}

/* Family 19h is Zen 3, which has no vectors of 512 bits and so no kernels that ask, and Zen 4. */
bool sg_cpu_adds_beside(void)
{
    unsigned a = 0, b, c, d;
    return sg_cpu_drops_fetches() && __get_cpuid(1, &a, &b, &c, &d) != 0 &&
           (a >> 8 & 0xf) + (a >> 20 & 0xff) == 0x19;
}
#elif SG_SIMD && defined(__aarch64__)
/* Advanced SIMD (NEON) is part of the architecture. */
static uint32_t offered(void)
{
    return SG_CPU_REF | SG_CPU_NEON;
}

bool sg_cpu_drops_fetches(void)
{
    return false;
}

bool sg_cpu_adds_beside(void)
{
    return false;
}
#else
static uint32_t offered(void)
{
    return SG_CPU_REF;
}

bool sg_cpu_drops_fetches(void)
{
    return false;
}

bool sg_cpu_adds_beside(void)
{
    return false;
}
#endif

/* An instruction set: its flag, its name, what it is built on, and whether this build has kernels
 * for it. The better of two comes later. */
typedef struct instruction_set {
    uint32_t flag;
    const char *name;
    uint32_t basis;
    bool compiled;
} instruction_set;

static const instruction_set sets[] = {
    {SG_CPU_REF, "ref", 0, true},
    {SG_CPU_AVX2, "avx2", SG_CPU_REF, SG_HAVE_AVX2},
    {SG_CPU_AVX512, "avx512", SG_CPU_REF | SG_CPU_AVX2, SG_HAVE_AVX512},
    {SG_CPU_NEON, "neon", SG_CPU_REF, SG_HAVE_NEON},
};
enum { SETS = sizeof(sets) / sizeof(sets[0]) };

uint32_t sg_cpu_detect(void)
{
    const uint32_t there = offered();
    uint32_t usable = 0;
    for (int32_t i = 0; i < SETS; i++) {
        const instruction_set *s = &sets[i];
        if (s->compiled && there & s->flag && (usable & s->basis) == s->basis)
            usable |= s->flag;
    }
    return usable;
}

uint32_t sg_cpu_allow(uint32_t detected, uint32_t allowed)
{
    if (allowed == 0)
        return detected;
    uint32_t with_basis = SG_CPU_REF;
    for (int32_t i = 0; i < SETS; i++) {
        if (allowed & sets[i].flag)
            with_basis |= sets[i].flag | sets[i].basis;
    }
    return detected & with_basis;
}

const char *sg_cpu_name(uint32_t set)
{
    const char *name = "unknown";
    for (int32_t i = 0; i < SETS; i++) {
        if (set & sets[i].flag)
            name = sets[i].name;
    }
    return name;
}

#if defined(__x86_64__) || defined(__i386__)
static void brand(char text[49])
{
    unsigned words[12] = {0};
    if ((unsigned)__get_cpuid_max(0x80000000u, NULL) >= 0x80000004u) {
        for (unsigned i = 0; i < 3; i++)
            __get_cpuid(0x80000002u + i, &words[4 * i], &words[4 * i + 1], &words[4 * i + 2],
                        &words[4 * i + 3]);
    }
    memcpy(text, words, 48);
    text[48] = '\0';
}
#else
static void brand(char text[49])
{
#    if defined(__aarch64__)
    strcpy(text, "aarch64");
#    else
    text[0] = '\0';
#    endif
}
#endif

void sg_cpu_processor(char *name, size_t size)
{
    char text[49];
    brand(text);
    const char *first = text + strspn(text, " ");
    size_t length = strlen(first);
    while (length > 0 && first[length - 1] == ' ')
        length--;
    if (length == 0) {
        first = "unknown processor";
        length = strlen(first);
    }
    if (length >= size)
        length = size - 1;
    memcpy(name, first, length);
    name[length] = '\0';
}
