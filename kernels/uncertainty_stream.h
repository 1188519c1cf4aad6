/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The kernel `stream`: a part of uncertainty_vector.h, which includes it in its place. */

/* How far `stream` fetches ahead at least, and how far when it fetches once more, in pixels. */
#ifndef AHEAD
#    define AHEAD 288
#endif
#ifndef AGAIN
#    define AGAIN 192
#endif

/* Pages of all classes are met at once, before anything else is fetched from them: so many pixels
 * ahead, every PAGE pixels. One by one, as a row of a class reaches its next page, each would wait
 * for its own walk through the page tables, longer than the processor can look ahead. */
#ifndef PAGE_AHEAD
#    define PAGE_AHEAD 2000
#endif
enum { PAGE = 4096 / sizeof(float) };

/* Up to so many classes, `stream` keeps a vector's values from when it finds their maximum until it
 * reduces them. Class planes are often a multiple of 4 KiB apart, so that all their lines fall into
 * one set of the first cache and the first of them are gone when the last have been read. */
enum { KEPT_CLASSES = 64 };

/* Pixels whose S and T wait for their logarithm and quotient, which take long one by one. */
enum { WAITING = 512 };

/* What `stream` knows of a vector of pixels: where its values are, how many pixels count, and their
 * maximum. */
typedef struct streamed {
    const float *at;
    int64_t class_stride, pixels;
    vf maximum;
} streamed;

/* What `stream` fetches ahead while it reduces a vector: twice as many vectors as there are
 * classes. */
typedef struct fetched {
    const float *first, *again;
    int64_t step, again_step;
} fetched;

ALWAYS_INLINE vf read_streamed(const streamed *s, int64_t c, bool full)
{
    const float *at = s->at + c * s->class_stride;
    return full ? v_loadu(at) : load_first(at, s->pixels);
}

/* The next value of a vector whose maximum is sought; copied to `kept`, unless that is NULL. */
ALWAYS_INLINE void meet(const streamed *s, int64_t c, bool full, float *kept, vf *most)
{
    const vf value = read_streamed(s, c, full);
    *most = v_max(value, *most);
    if (kept)
        v_store(kept + c * LANES, value);
}

/* Reduces one vector of pixels while it finds the maximum of the next, so that the arithmetic of
 * the one hides the memory's latency of the other. `full`: all lanes of both count. */
ALWAYS_INLINE sums stream_vector(const streamed *now, streamed *next, int64_t classes, float *kept,
                                 fetched ahead, float scale, bool scaled, bool full)
{
    const v_table table = v_exp_table();
    const vf zero = v_set(0.0f);
    sums total = {zero, zero};
    vf most = v_set(-__builtin_inff());
    for (int64_t begin = 0; begin < classes; begin += GROUP) {
        const int64_t end = min_int(classes, begin + GROUP);
        sums part = {zero, zero};
        for (int64_t c = begin; c < end; c++) {
            add_class(&part, read_streamed(now, c, full), now->maximum, v_set(scale), table, scaled,
                      !EXP_FAST_UNBOUNDED);
            if (full || next->pixels > 0)
                meet(next, c, full, kept, &most);
            __builtin_prefetch(ahead.first + c * ahead.step, 0, 2);
            if (kept)
                __builtin_prefetch(ahead.again + c * ahead.again_step, 0, 2);
        }
        add_sums(&total, part);
    }
    next->maximum = most;
    if (EXP_FAST_UNBOUNDED && v_any_nan(total.s))
        total = mend(total, now->at, now->class_stride, full ? LANES : now->pixels, classes,
                     now->maximum, scale);
    return total;
}

/* With few classes, a row of vectors of the class whose turn it is, which memory likes better than
 * one vector of every class: after a round of all classes, a row is used up. Some processors drop
 * what they are to fetch while too much is on its way, so that nearer by one vector of every class
 * is fetched again, mostly in vain. */
ALWAYS_INLINE fetched fetch_ahead(const float *next, int64_t class_stride, int64_t turn, bool keep)
{
    if (keep)
        return (fetched){next + turn * class_stride + AHEAD, next + AGAIN, LANES, class_stride};
    return (fetched){next + AHEAD, next, class_stride, 0};
}

static inline void meet_pages(const float *next, int64_t class_stride, int64_t classes)
{
    for (int64_t c = 0; c < classes; c++)
        __builtin_prefetch(next + PAGE_AHEAD + c * class_stride, 0, 2);
}

/* Pixels before the first that starts a vector in memory, if such pixels do so in every class. */
static inline int64_t pixels_to_alignment(const float *from, int64_t class_stride, int64_t pixels)
{
    const int64_t past = (int64_t)((uintptr_t)from % sizeof(vf) / sizeof(float));
    const bool alike = (uintptr_t)from % sizeof(float) == 0 && class_stride % LANES == 0;
    return past == 0 || !alike ? 0 : min_int(LANES - past, pixels);
}

/* From S and T, of whole vectors, to the values of `pixels`; the first pixel whose S is NaN, or -1.
 */
static int64_t end_waiting(const float *s, const float *t, int64_t pixels, sg_unit_scale unit,
                           float *values)
{
    const v_log_table table = v_log_tables();
    const vf factor = v_set(unit.factor), highest = v_set(unit.highest);
    vf worst = v_set(0.0f);
    for (int64_t j = 0; j < pixels; j += LANES) {
        const vf sum = v_load(s + j);
        worst = v_nan_else(sum, sum, worst);
        const vf h = entropy_of(sum, v_load(t + j), table);
        __builtin_prefetch(values + j + WAITING, 1, 3);
        store_first(values + j, pixels - j, v_min(v_mul(h, factor), highest));
    }
    for (int64_t j = 0; v_any_nan(worst) && j < pixels; j++) {
        if (s[j] != s[j])
            return j;
    }
    return -1;
}

ALWAYS_INLINE int64_t stream_scaled(const float *from, int64_t class_stride, int64_t pixels,
                                    int64_t classes, float scale, sg_unit_scale unit, float *values,
                                    bool scaled, bool keep)
{
    _Alignas(64) float kept[2][KEPT_CLASSES * LANES], s[WAITING] = {0}, t[WAITING] = {0};
    const int64_t head = pixels_to_alignment(from, class_stride, pixels);
    streamed next = {from, class_stride, head > 0 ? head : min_int(LANES, pixels),
                     v_set(-__builtin_inff())};
    int64_t turn = (int64_t)((uintptr_t)from / sizeof(vf) % (uintptr_t)classes);
    float *keeping = keep ? kept[0] : NULL, *kept_next = keep ? kept[1] : NULL;
    int64_t bad = -1, done = 0, waiting = 0, step = 0;
    for (int64_t c = 0; c < classes; c++)
        meet(&next, c, false, keeping, &next.maximum);
    while (done + waiting < pixels) {
        streamed now = next;
        next.at = now.at + now.pixels;
        if (keep) {
            now.at = keeping;
            now.class_stride = LANES;
        }
        next.pixels = min_int(LANES, pixels - done - waiting - now.pixels);
        const fetched ahead = fetch_ahead(next.at, class_stride, turn, keep);
        turn = turn + 1 == classes ? 0 : turn + 1;
        if (keep && step++ % (PAGE / LANES) == 0)
            meet_pages(next.at, class_stride, classes);
        sums total;
        if (now.pixels == LANES && next.pixels == LANES)
            total = stream_vector(&now, &next, classes, kept_next, ahead, scale, scaled, true);
        else
            total = stream_vector(&now, &next, classes, kept_next, ahead, scale, scaled, false);
        store_first(s + waiting, now.pixels, total.s);
        store_first(t + waiting, now.pixels, total.t);
        waiting += now.pixels;
        if (waiting > WAITING - LANES || next.pixels == 0) {
            const int64_t found = end_waiting(s, t, waiting, unit, values + done);
            bad = bad < 0 && found >= 0 ? done + found : bad;
            done += waiting;
            waiting = 0;
        }
        float *const last = keeping;
        keeping = kept_next;
        kept_next = last;
    }
    return bad;
}

static int64_t stream(const float *from, int64_t class_stride, int64_t pixels, int64_t classes,
                      float scale, sg_unit_scale unit, float *values)
{
    const bool scaled = scale != 1.0f, keep = classes <= KEPT_CLASSES;
    if (!scaled && keep)
        return stream_scaled(from, class_stride, pixels, classes, 1.0f, unit, values, false, true);
    if (!scaled)
        return stream_scaled(from, class_stride, pixels, classes, 1.0f, unit, values, false, false);
    if (keep)
        return stream_scaled(from, class_stride, pixels, classes, scale, unit, values, true, true);
    return stream_scaled(from, class_stride, pixels, classes, scale, unit, values, true, false);
}
