/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The vocabulary in which kernels are written once for all instruction sets. vector_<set>.h gives
 * the words their meaning for one of them, and is included before this file:
 *
 *   LANES                         floats in a vector: 1 (plain C), 4 (NEON), 8 (AVX2), 16 (AVX-512)
 *   v_f32                         a vector of floats
 *   v_load v_store                from and to any address
 *   v_load_part(p, n)             the first n lanes, 0 to LANES, and zeros in the others, which are
 *                                 not read; v_store_part(p, a, n): the first n lanes alone
 *   v_stream                      stores past the caches, aligned; STREAM_END after the last one
 *   v_zero() v_set(x)             all lanes alike; v_broadcast(p): all are what p points to
 *   v_add v_sub v_mul             a + b, a - b, a * b
 *   v_fma v_fnma                  a * b + c, c - a * b: rounded once, but twice in plain C
 *   v_relu(a)                     max(a, 0); NaN stays
 *
 * Plain C has no more than these, for the transforms of winograd_template.h and
 * strassen_template.h. All others have:
 *
 *   v_i32 v_mask v_f64            vectors of LANES int32, of LANES / 2 doubles; a mask of lanes
 *   v_load_aligned and so on      at a multiple of the vector's size
 *   v_div                         a / b; v_fms (x86): a * b - c
 *   v_max(a, b) v_min(a, b)       b where either is NaN
 *   v_greater v_not_positive      masks: a > b, a <= 0
 *   v_select(m, a, b)             a where m, else b; v_nan_else(n, a, b): a where n is NaN
 *   v_any_nan(a)                  whether a lane is NaN
 *   v_lowest v_highest            over the lanes
 *   v_as_int v_as_float           the same bits; v_to_float: the same number
 *   v_set_int and so on           of int32; shifts by a constant, to the right keep the sign
 *   v_permute(a, i)               lane k is lane i[k] of a
 *   v_zip_low v_zip_high          of every four lanes: a0 b0 a1 b1, and a2 b2 a3 b3
 *   v_pairs_low v_pairs_high      of every four lanes: a0 a1 b0 b1, and a2 a3 b2 b3
 *   v_spread_4(a, i)              the i-th of every four lanes, a constant, in all four (x86)
 *   v_load_fours v_store_fours    4 floats at each of LANES / 4 places, at any address
 *   vd_load vd_store vd_add       of doubles, at any address; vd_from(p): LANES / 2 floats at p
 *   vd_round(a, b)                the doubles of a, then those of b, as floats
 *   V_KEPT(x)                     an operand of asm that is in a vector register
 *
 * What a single instruction set has beside these is said in its file. */

#ifndef SG_KERNELS_VECTOR_H
#define SG_KERNELS_VECTOR_H

#include <stdbool.h>
#include <stdint.h>

/* The bodies of loops with constant bounds, side by side, so that arrays of vectors are registers.
 * Sanitizers' checks would make them so large that they take minutes to compile. */
#if defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define SANITIZED
#    endif
#elif defined(__SANITIZE_ADDRESS__)
#    define SANITIZED
#endif

#if defined(SANITIZED) || LANES == 1
#    define UNROLL_ALL
#    define UNROLL_4
#elif defined(__GNUC__) && !defined(__clang__)
#    define UNROLL_ALL _Pragma("GCC unroll 16")
#    define UNROLL_4   _Pragma("GCC unroll 4")
#else
#    define UNROLL_ALL _Pragma("unroll")
#    define UNROLL_4   _Pragma("unroll 4")
#endif

/* Functions whose arguments are constants where they are called, and that are made for these. A
 * compiler that does not optimise cannot inline what is called through a pointer, constant or not.
 */
#ifdef __OPTIMIZE__
#    define INLINE static inline __attribute__((__always_inline__))
#else
#    define INLINE static inline
#endif

/* Functions that are one piece of code, wherever and with whatever constants they are called. */
#if defined(__GNUC__) && !defined(__clang__)
#    define NOINLINE __attribute__((__noinline__, __noclone__))
#else
#    define NOINLINE __attribute__((__noinline__))
#endif

/* Fetching into the caches ahead of use; the address may be anything. */
#if LANES > 1
#    define FETCH(p)       __builtin_prefetch((p), 0, 3) /* into the first, to be read */
#    define FETCH_L2(p)    __builtin_prefetch((p), 0, 2) /* into the second */
#    define FETCH_WRITE(p) __builtin_prefetch((p), 1, 3) /* into the first, to be written */
#else
#    define FETCH(p)       ((void)(p))
#    define FETCH_WRITE(p) ((void)(p))
#endif

/* The first n lanes, 0 to LANES; where n is the constant LANES, plain loads and stores. */
INLINE v_f32 v_load_some(const float *from, int32_t n)
{
    return n == LANES ? v_load(from) : v_load_part(from, n);
}

INLINE void v_store_some(float *to, v_f32 value, int32_t n)
{
    if (n == LANES)
        v_store(to, value);
    else
        v_store_part(to, value, n);
}

#endif
