/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Which instruction sets are found on processors that are made up here: each answer that a set
 * needs is missing in turn and together with any others, and answers that no set needs change
 * nothing. Whoever uses a set that is not there is ended (SIGILL), and so is whoever asks for XCR0
 * where it cannot be asked for. */

#include "check.h"

#include <errno.h>
#include <string.h>

#include "cpu.h"

/* That the chosen kernels are those of the best set, and no others. */
static void check_kernels(uint32_t set)
{
    sg_kernels kernels;
    sg_kernels_init(&kernels, set);
    const char *floats = sg_cpu_name(sg_cpu_floats(set)), *halves = sg_cpu_name(set);
    if (strncmp(kernels.product.name, floats, strcspn(kernels.product.name, " ")) != 0)
        check_fail("kernels of floats are \"%s\"", kernels.product.name);
    if (!(set & SG_CPU_HALVES))
        halves = "none";
    if (strncmp(kernels.halves.name, halves, strcspn(kernels.halves.name, " ")) != 0)
        check_fail("kernels of halves are \"%s\"", kernels.halves.name);
}

#if SG_SIMD && defined(__x86_64__)
/* The sets, each of which is built on the one before, as far as this build has them. */
enum level { LEVEL_REF, LEVEL_AVX2, LEVEL_AVX512, LEVEL_AVX512_BF16, LEVEL_AMX, LEVELS };
static const struct {
    uint32_t set;
    bool built;
} levels[LEVELS] = {{SG_CPU_REF, true},
                    {SG_CPU_AVX2, SG_HAVE_AVX2},
                    {SG_CPU_AVX512, SG_HAVE_AVX512},
                    {SG_CPU_AVX512_BF16, SG_HAVE_AVX512_BF16},
                    {SG_CPU_AMX, SG_HAVE_AMX}};

/* The words that are asked for: of CPUID's leaves 1 (register C) and 7 (its part 0: B, C, D; its
 * part 1: A), and XCR0. */
enum word { FIRST_C, MORE_B, MORE_C, MORE_D, FURTHER_A, KEPT, WORDS };

/* The processor that is made up: its highest leaf, the highest part of leaf 7, its words; its
 * highest palette of tiles, and what leaf 1DH says of the first: bytes in all and of a tile, bytes
 * of a row and tiles, rows. */
static struct {
    uint32_t highest, parts, words[WORDS], palettes;
    uint16_t bytes, tile_bytes, row_bytes, tiles, rows;
} made_up;

/* What a set needs, and what there is at most without it. */
static const struct {
    enum word word;
    uint32_t bit;
    enum level without;
} needs[] = {
    {FIRST_C, 27, LEVEL_REF},        /* OSXSAVE */
    {FIRST_C, 28, LEVEL_REF},        /* AVX */
    {FIRST_C, 12, LEVEL_REF},        /* FMA */
    {MORE_B, 5, LEVEL_REF},          /* AVX2 */
    {KEPT, 1, LEVEL_REF},            /* SSE */
    {KEPT, 2, LEVEL_REF},            /* AVX */
    {MORE_B, 16, LEVEL_AVX2},        /* AVX512F */
    {MORE_B, 17, LEVEL_AVX2},        /* AVX512DQ */
    {MORE_B, 30, LEVEL_AVX2},        /* AVX512BW */
    {MORE_B, 31, LEVEL_AVX2},        /* AVX512VL */
    {KEPT, 5, LEVEL_AVX2},           /* masks */
    {KEPT, 6, LEVEL_AVX2},           /* the upper halves of registers 0 to 15 */
    {KEPT, 7, LEVEL_AVX2},           /* registers 16 to 31 */
    {FURTHER_A, 5, LEVEL_AVX512},    /* AVX512_BF16 */
    {MORE_D, 22, LEVEL_AVX512_BF16}, /* AMX-BF16 */
    {MORE_D, 24, LEVEL_AVX512_BF16}, /* AMX-TILE */
    {KEPT, 17, LEVEL_AVX512_BF16},   /* sizes of tiles */
    {KEPT, 18, LEVEL_AVX512_BF16},   /* numbers in tiles */
};
enum { NEEDS = sizeof(needs) / sizeof(needs[0]), OSXSAVE = 27 };

/* Where there is no such leaf, Intel's processors answer with the highest one: here with all bits,
 * and so where a leaf has no such part. */
static sg_cpu_registers identify(uint32_t leaf, uint32_t part)
{
    const uint32_t *words = made_up.words, all = UINT32_MAX;
    if (leaf == 0)
        return (sg_cpu_registers){.a = made_up.highest};
    if (leaf > made_up.highest)
        return (sg_cpu_registers){all, all, all, all};
    if (leaf == 1)
        return (sg_cpu_registers){.c = words[FIRST_C]};
    if (leaf == 0x1d && part == 0)
        return (sg_cpu_registers){.a = made_up.palettes};
    if (leaf == 0x1d && part <= made_up.palettes)
        return (sg_cpu_registers){made_up.bytes | (uint32_t)made_up.tile_bytes << 16,
                                  made_up.row_bytes | (uint32_t)made_up.tiles << 16,
                                  made_up.rows | 0xffff0000u, 0};
    if (leaf == 0x1d)
        return (sg_cpu_registers){all, all, all, all};
    if (leaf != 7)
        return (sg_cpu_registers){.a = 0};
    if (part > made_up.parts)
        return (sg_cpu_registers){all, all, all, all};
    if (part == 0)
        return (sg_cpu_registers){made_up.parts, words[MORE_B], words[MORE_C], words[MORE_D]};
    return (sg_cpu_registers){.a = part == 1 ? words[FURTHER_A] : 0};
}

static uint32_t kept(void)
{
    if ((made_up.words[FIRST_C] >> OSXSAVE & 1) == 0)
        check_fail("XCR0 is asked for where that ends the program");
    return made_up.words[KEPT];
}

static void check_found(enum level best, const char *processor)
{
    uint32_t expected = 0;
    for (int level = 0; level <= (int)best && levels[level].built; level++)
        expected |= levels[level].set;
    const uint32_t found = sg_cpu_detect_by(&(sg_cpu_answers){.identify = identify, .kept = kept});
    if (found != expected)
        check_fail("%s: sets 0x%x, expected 0x%x", processor, found, expected);
    check_kernels(found);
}

/* All words with all bits, or none. */
static void make_up(uint32_t bits)
{
    made_up.highest = 0x20;
    made_up.parts = 2;
    made_up.palettes = 1;
    made_up.bytes = 8192;
    made_up.tile_bytes = 1024;
    made_up.row_bytes = 64;
    made_up.tiles = 8;
    made_up.rows = 16;
    for (int w = 0; w < WORDS; w++)
        made_up.words[w] = bits;
}

static void flip(size_t need)
{
    made_up.words[needs[need].word] ^= UINT32_C(1) << needs[need].bit;
}

/* Every subset of the needs is missing, between words that are otherwise full, or empty. */
static void check_needs(uint32_t others)
{
    for (uint32_t missing = 0; missing < UINT32_C(1) << NEEDS; missing++) {
        enum level best = LEVELS - 1;
        make_up(others);
        for (size_t n = 0; n < NEEDS; n++) {
            const bool there = (missing >> n & 1) == 0;
            if (there != (others != 0))
                flip(n);
            if (!there && needs[n].without < best)
                best = needs[n].without;
        }
        check_found(best, others ? "with all other bits" : "with no other bits");
    }
}

/* Bits that nothing needs are missing in turn. */
static void check_others(void)
{
    for (int bit = 0; bit < 32 * WORDS; bit++) {
        bool needed = false;
        for (size_t n = 0; n < NEEDS; n++)
            needed = needed || (int)needs[n].word * 32 + (int)needs[n].bit == bit;
        make_up(UINT32_MAX);
        made_up.words[bit / 32] &= ~(UINT32_C(1) << bit % 32);
        if (!needed)
            check_found(LEVELS - 1, "without a bit that nothing needs");
    }
}

/* Leaves and parts of leaves that are not there, whatever the processor answers to them. */
static void check_leaves(void)
{
    for (uint32_t highest = 0; highest <= 0x20; highest++) {
        make_up(UINT32_MAX);
        made_up.highest = highest;
        check_found(highest < 7      ? LEVEL_REF
                    : highest < 0x1d ? LEVEL_AVX512_BF16
                                     : LEVEL_AMX,
                    "leaves end early");
    }
    make_up(UINT32_MAX);
    made_up.parts = 0;
    check_found(LEVEL_AVX512, "leaf 7 has one part");
}

/* Tiles of other sizes, or no palettes, as some virtual machines have it. */
static void check_palettes(void)
{
    uint16_t *sizes[] = {&made_up.bytes, &made_up.tile_bytes, &made_up.row_bytes, &made_up.tiles,
                         &made_up.rows};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (int32_t factor = 0; factor <= 3; factor++) {
            make_up(UINT32_MAX);
            *sizes[i] = (uint16_t)(*sizes[i] * factor);
            check_found(factor == 1 ? LEVEL_AMX : LEVEL_AVX512_BF16, "tiles of other sizes");
        }
    }
    for (uint32_t palettes = 0; palettes <= 2; palettes++) {
        make_up(UINT32_MAX);
        made_up.palettes = palettes;
        check_found(palettes == 0 ? LEVEL_AVX512_BF16 : LEVEL_AMX, "palettes");
    }
}

static void check_made_up(void)
{
    check_needs(UINT32_MAX);
    check_needs(0);
    check_others();
    check_leaves();
    check_palettes();
}

/* What arch_prctl does: errno's numbers for the request and for the question what was granted, and
 * the answer to the latter. */
static struct {
    int32_t request, question, requests;
    uint64_t granted;
} ruling;

static int32_t permit(int32_t code, uintptr_t argument)
{
    if (code == 0x1023) { /* ARCH_REQ_XCOMP_PERM */
        if (argument != 18)
            check_fail("component %d is asked for", (int)argument);
        ruling.requests++;
        return ruling.request;
    }
    if (code != 0x1022 /* ARCH_GET_XCOMP_PERM */)
        check_fail("arch_prctl with code 0x%x", (unsigned)code);
    if (ruling.requests == 0)
        check_fail("what was granted is asked for before there was a request");
    if (ruling.question == 0)
        memcpy((void *)argument, &ruling.granted, sizeof(ruling.granted));
    return ruling.question;
}

/* The request is granted only where Linux says so both times. */
static void check_request(void)
{
    enum { TILES = 1 << 18 };
    static const struct {
        int32_t request, question;
        uint64_t granted;
        int32_t expected;
    } cases[] = {
        {0, 0, TILES, 0},       {0, 0, UINT64_MAX, 0},          {0, 0, ~(uint64_t)TILES, EPERM},
        {0, 0, 0, EPERM},       {ENOSPC, 0, TILES, ENOSPC},     {EINVAL, 0, TILES, EINVAL},
        {0, EINVAL, 0, EINVAL}, {EOPNOTSUPP, 0, 0, EOPNOTSUPP}, {EPERM, EPERM, TILES, EPERM}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ruling.request = cases[i].request;
        ruling.question = cases[i].question;
        ruling.granted = cases[i].granted;
        ruling.requests = 0;
        errno = ERANGE;
        const int32_t error = sg_cpu_request_by(&(sg_cpu_answers){.permit = permit});
        if (error != cases[i].expected)
            check_fail("request %d: %d, expected %d", (int)i, error, cases[i].expected);
        if (ruling.requests != 1 || errno != ERANGE)
            check_fail("request %d: asked %d times, errno is %d", (int)i, ruling.requests, errno);
    }
}
#else
/* There is nothing that has to be asked for. */
static void check_request(void)
{
    if (sg_cpu_request() != ENOSYS)
        check_fail("a request is granted");
}
#endif

#if SG_SIMD && defined(__aarch64__)
static uint64_t told; /* AT_HWCAP2 */

static uint64_t capabilities(void)
{
    return told;
}

static void check_found(uint64_t word)
{
    enum { BF16 = 14 };
    const bool bf16 = SG_HAVE_NEON_BF16 && (word >> BF16 & 1) != 0;
    uint32_t expected = SG_CPU_REF;
    if (SG_HAVE_NEON)
        expected |= SG_CPU_NEON | (bf16 ? SG_CPU_NEON_BF16 : 0u);
    told = word;
    const uint32_t found = sg_cpu_detect_by(&(sg_cpu_answers){.capabilities = capabilities});
    if (found != expected)
        check_fail("AT_HWCAP2 is 0x%llx: sets 0x%x, expected 0x%x", (unsigned long long)word, found,
                   expected);
    check_kernels(found);
}

/* Each bit alone, and each one missing. */
static void check_made_up(void)
{
    for (int bit = 0; bit < 64; bit++) {
        check_found(UINT64_C(1) << bit);
        check_found(~(UINT64_C(1) << bit));
    }
    check_found(0);
    check_found(UINT64_MAX);
}
#elif !(SG_SIMD && defined(__x86_64__))
static void check_made_up(void)
{
    const uint32_t found = sg_cpu_detect_by(&(sg_cpu_answers){.identify = NULL});
    if (found != SG_CPU_REF)
        check_fail("sets 0x%x without any vectors", found);
    check_kernels(found);
}
#endif

void check_cpu(void)
{
    check_begin("detection", SG_CPU_REF);
    check_made_up();
    check_end("each answer is missing in turn");
    check_begin("request", SG_CPU_REF);
    check_request();
    check_end("each answer of arch_prctl");
}
