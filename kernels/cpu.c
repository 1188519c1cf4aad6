/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the processor is, and which instruction sets it has. */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "cpu.h"
#include "kernels.h"

#if defined(__x86_64__) || defined(__i386__)
#    include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#    include <sys/auxv.h>
#elif defined(__aarch64__) && defined(__APPLE__)
#    include <sys/sysctl.h>
#endif
#if defined(__x86_64__) && defined(__linux__)
#    include <sys/syscall.h>
#    include <unistd.h>
#endif

#if SG_SIMD && defined(__x86_64__)
static sg_cpu_registers identify(uint32_t leaf, uint32_t part)
{
    sg_cpu_registers r;
    __cpuid_count(leaf, part, r.a, r.b, r.c, r.d);
    return r;
}

static uint32_t kept(void)
{
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static int32_t permit(int32_t code, uintptr_t argument)
{
#    if defined(__linux__)
    const int before = errno;
    const int32_t error = syscall(SYS_arch_prctl, (long)code, argument) == 0 ? 0 : errno;
    errno = before;
    return error;
#    else
    (void)code, (void)argument;
    return ENOSYS;
#    endif
}

static const sg_cpu_answers own = {.identify = identify, .kept = kept, .permit = permit};

/* All zeros where the processor does not have that leaf: it would answer with another one. */
static sg_cpu_registers ask(const sg_cpu_answers *of, uint32_t leaf, uint32_t part)
{
    return leaf <= of->identify(0, 0).a ? of->identify(leaf, part) : (sg_cpu_registers){0, 0, 0, 0};
}

/* Whether the first palette has tiles as the kernels use them. Some virtual machines show AMX's
 * bits and no palettes: they end programs that use it. */
static bool has_tiles(const sg_cpu_answers *of)
{
    enum { LEAF = 0x1d, TILES = 8, BYTES = 1024, ROW_BYTES = 64, ROWS = 16 };
    if (ask(of, LEAF, 0).a == 0)
        return false;
    const sg_cpu_registers r = ask(of, LEAF, 1);
    return r.a == (TILES * BYTES | (uint32_t)BYTES << 16) &&
           r.b == (ROW_BYTES | (uint32_t)TILES << 16) && (r.c & 0xffff) == ROWS;
}

static bool has(uint32_t value, uint32_t bits)
{
    return (value & bits) == bits;
}

/* CPUID's bits as Intel's manual names them (volume 2, CPUID). The compiler's own check would be
 * 3 kB for features that no kernel asks for. */
static uint32_t offered(const sg_cpu_answers *of)
{
    enum { SSE = 1u << 1, AVX = 1u << 2, MASKS = 1u << 5, UPPER = 1u << 6, MORE = 1u << 7 };
    enum { PAIRS = 1u << 5 /* AVX512_BF16 */, TILE_PAIRS = 1u << 22, TILES = 1u << 24 /* AMX */ };
    enum { SIZES = 1u << 17, NUMBERS = 1u << 18 /* of tiles */ };
    const uint32_t first = ask(of, 1, 0).c;
    const sg_cpu_registers more = ask(of, 7, 0);
    const uint32_t saved = has(first, bit_OSXSAVE) ? of->kept() : 0;
    const bool avx2 =
        has(saved, SSE | AVX) && has(first, bit_AVX | bit_FMA) && has(more.b, bit_AVX2);
    const bool avx512 = avx2 && has(saved, MASKS | UPPER | MORE) &&
                        has(more.b, bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL);
    /* Leaf 7 says in its part 0 how many further ones it has. */
    const bool bf16 = avx512 && more.a >= 1 && has(ask(of, 7, 1).a, PAIRS);
    const bool amx =
        bf16 && has(saved, SIZES | NUMBERS) && has(more.d, TILE_PAIRS | TILES) && has_tiles(of);
    return SG_CPU_REF | (avx2 ? SG_CPU_AVX2 : 0u) | (avx512 ? SG_CPU_AVX512 : 0u) |
           (bf16 ? SG_CPU_AVX512_BF16 : 0u) | (amx ? SG_CPU_AMX : 0u);
}

/* Whether it is one of AMD's. */
bool sg_cpu_drops_fetches(void)
{
    const sg_cpu_registers r = ask(&own, 0, 0);
    return r.b == signature_AMD_ebx && r.c == signature_AMD_ecx && r.d == signature_AMD_edx;
}

/* Family 19h is Zen 3, which has no vectors of 512 bits and so no kernels that ask, and Zen 4. */
bool sg_cpu_adds_beside(void)
{
    const uint32_t a = ask(&own, 1, 0).a;
    return sg_cpu_drops_fetches() && (a >> 8 & 0xf) + (a >> 20 & 0xff) == 0x19;
}
#elif SG_SIMD && defined(__aarch64__)
static uint64_t capabilities(void)
{
#    if defined(__linux__)
    return getauxval(AT_HWCAP2);
#    elif defined(__APPLE__)
    int there = 0;
    size_t size = sizeof(there);
    return sysctlbyname("hw.optional.arm.FEAT_BF16", &there, &size, NULL, 0) == 0 && there != 0
               ? SG_HWCAP2_BF16
               : 0;
#    else
    return 0;
#    endif
}

static const sg_cpu_answers own = {.capabilities = capabilities};

/* Advanced SIMD (NEON) is part of the architecture. */
static uint32_t offered(const sg_cpu_answers *of)
{
    const bool bf16 = (of->capabilities() & SG_HWCAP2_BF16) != 0;
    return SG_CPU_REF | SG_CPU_NEON | (bf16 ? SG_CPU_NEON_BF16 : 0u);
}
#else
static const sg_cpu_answers own = {.identify = NULL};

static uint32_t offered(const sg_cpu_answers *of)
{
    (void)of;
    return SG_CPU_REF;
}
#endif

#if !(SG_SIMD && defined(__x86_64__))
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
    {SG_CPU_AVX512_BF16, "avx512_bf16", SG_CPU_REF | SG_CPU_AVX2 | SG_CPU_AVX512,
     SG_HAVE_AVX512_BF16},
    {SG_CPU_AMX, "amx", SG_CPU_REF | SG_CPU_AVX2 | SG_CPU_AVX512 | SG_CPU_AVX512_BF16, SG_HAVE_AMX},
    {SG_CPU_NEON_BF16, "neon_bf16", SG_CPU_REF | SG_CPU_NEON, SG_HAVE_NEON_BF16},
};
enum { SETS = sizeof(sets) / sizeof(sets[0]) };

uint32_t sg_cpu_detect_by(const sg_cpu_answers *answers)
{
    const uint32_t there = offered(answers);
    uint32_t usable = 0;
    for (int32_t i = 0; i < SETS; i++) {
        const instruction_set *s = &sets[i];
        if (s->compiled && there & s->flag && (usable & s->basis) == s->basis)
            usable |= s->flag;
    }
    return usable;
}

uint32_t sg_cpu_detect(void)
{
    return sg_cpu_detect_by(&own);
}

/* What was granted is asked for, too: Linux's documentation (x86/xstate) wants that. */
int32_t sg_cpu_request_by(const sg_cpu_answers *answers)
{
    enum { GRANTED = 0x1022, REQUEST = 0x1023 /* ARCH_..._XCOMP_PERM */, TILE_NUMBERS = 18 };
    uint64_t granted = 0;
    if (!answers->permit)
        return ENOSYS;
    int32_t error = answers->permit(REQUEST, TILE_NUMBERS);
    if (error == 0)
        error = answers->permit(GRANTED, (uintptr_t)&granted);
    if (error == 0 && (granted >> TILE_NUMBERS & 1) == 0)
        error = EPERM;
    return error;
}

int32_t sg_cpu_request(void)
{
    return sg_cpu_request_by(&own);
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
