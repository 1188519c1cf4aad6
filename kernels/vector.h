/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the kernel templates share, on top of a vector_<isa>.h included before. */

#ifndef SG_KERNELS_VECTOR_H
#define SG_KERNELS_VECTOR_H

/* Sanitizers' checks make unrolled bodies so large that they would take minutes to compile. */
#if defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define SANITIZED
#    endif
#elif defined(__SANITIZE_ADDRESS__)
#    define SANITIZED
#endif

#if defined(SANITIZED)
#    define UNROLL_ALL
#    define UNROLL_4
#elif defined(__GNUC__) && !defined(__clang__)
#    define UNROLL_ALL _Pragma("GCC unroll 16")
#    define UNROLL_4   _Pragma("GCC unroll 4")
#else
#    define UNROLL_ALL _Pragma("unroll")
#    define UNROLL_4   _Pragma("unroll 4")
#endif
#define INLINE static inline __attribute__((__always_inline__))

/* `count` lanes, 0 to LANES; where it is the constant LANES, plain loads and stores. */
INLINE VECTOR load_some(const float *from, int32_t count)
{
    return count == LANES ? v_load(from) : v_load_part(from, count);
}

INLINE void store_some(float *to, VECTOR value, int32_t count)
{
    if (count == LANES)
        v_store(to, value);
    else
        v_store_part(to, value, count);
}

#endif
