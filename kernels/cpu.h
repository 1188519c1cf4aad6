/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What is asked to find the instruction sets, and who answers: the processor and the operating
 * system, or a test in their place, for processors that it does not run on. */

#ifndef SG_KERNELS_CPU_H
#define SG_KERNELS_CPU_H

#include <stdint.h>

typedef struct sg_cpu_registers {
    uint32_t a, b, c, d;
} sg_cpu_registers;

/* FEAT_BF16 in AT_HWCAP2, a name that headers before Linux 5.6 do not have. */
#define SG_HWCAP2_BF16 (UINT64_C(1) << 14)

typedef struct sg_cpu_answers {
    /* x86: the instructions CPUID, which answers with some other leaf where there is none of that
     * number, and XGETBV, XCR0's lower half: which registers the operating system keeps. The latter
     * ends a program (SIGILL) unless CPUID has OSXSAVE. */
    sg_cpu_registers (*identify)(uint32_t leaf, uint32_t part);
    uint32_t (*kept)(void);
    /* And arch_prctl(2): 0, or errno's number. */
    int32_t (*permit)(int32_t code, uintptr_t argument);
    /* 64-bit ARM: AT_HWCAP2 as Linux gives it; other systems' answers have the same bits. */
    uint64_t (*capabilities)(void);
} sg_cpu_answers;

/* sg_cpu_detect() and sg_cpu_request() by these answers. Only those of this build's own family are
 * asked for. */
uint32_t sg_cpu_detect_by(const sg_cpu_answers *answers);
int32_t sg_cpu_request_by(const sg_cpu_answers *answers);

#endif
