/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Strassen's sums, written once in the words of vector.h. The file that includes this one has
 * included vector_<set>.h and has defined STRASSEN, the name of the table. The two cases of each
 * kernel are constants, so that no loop asks which one it is. */

#include "strassen.h"
#include "vector.h"

#include <stddef.h>

INLINE void sums_of(const sg_strassen_pair *p, const bool has_odd)
{
    float *const *s = p->sums;
    for (int64_t k = 0; k < p->half; k += LANES) {
        const v_f32 a11 = v_load(p->even + k), a12 = v_load(p->even + p->half + k);
        const v_f32 a21 = has_odd ? v_load(p->odd + k) : v_zero();
        const v_f32 a22 = has_odd ? v_load(p->odd + p->half + k) : v_zero();
        FETCH(p->even + p->next + k);
        FETCH(p->even + p->next + p->half + k);
        if (has_odd) {
            FETCH(p->odd + p->next + k);
            FETCH(p->odd + p->next + p->half + k);
        }
        const v_f32 s1 = v_add(a21, a22), s2 = v_sub(s1, a11);
        v_store(s[0] + k, s1);
        v_store(s[1] + k, s2);
        v_store(s[2] + k, v_sub(a11, a21));
        v_store(s[3] + k, v_sub(a12, s2));
    }
}

static void sums(const sg_strassen_pair *p)
{
    if (p->odd)
        sums_of(p, true);
    else
        sums_of(p, false);
}

INLINE void weights_of(const sg_strassen_weights *w, const bool paired)
{
    const v_f32 scale = v_set(w->scale), shift = v_set(w->shift);
    for (int64_t e = 0; e < w->count; e += LANES) {
        v_f32 b11 = v_load(w->b11 + e), b12 = v_load(w->b12 + e);
        v_f32 b21 = v_load(w->b21 + e), b22 = v_load(w->b22 + e);
        if (paired) {
            b11 = v_mul(b11, scale);
            b12 = v_mul(b12, scale);
            b21 = v_mul(b21, scale);
            b22 = v_mul(b22, scale);
            v_store(w->scaled[0] + e, v_sub(b11, shift));
            v_store(w->scaled[1] + e, v_sub(b21, shift));
            v_store(w->scaled[2] + e, b22);
        }
        v_f32 t1 = v_sub(b12, b11), t2 = v_sub(b22, t1), t4 = v_sub(b21, t2);
        if (paired) {
            t1 = v_sub(v_sub(t1, shift), shift);
            t2 = v_sub(t2, shift);
            t4 = v_sub(t4, shift);
        }
        v_store(w->sums[0] + e, t2);
        v_store(w->sums[1] + e, t1);
        v_store(w->sums[2] + e, v_sub(b22, b12));
        v_store(w->sums[3] + e, t4);
    }
}

static void weights(const sg_strassen_weights *w)
{
    if (w->scaled[0])
        weights_of(w, true);
    else
        weights_of(w, false);
}

const sg_strassen_kernels STRASSEN = {sums, weights};
