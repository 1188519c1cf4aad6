/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The kernel `stream`. A part of uncertainty_template.h, which includes it where it belongs.
 * docs/kernels.md says what each of its means to keep memory busy gains. */

/* Pixels that are reduced together: ABREAST vectors, side by side in memory. */
enum { STEP = ABREAST * LANES };

/* How many pixels ahead of the next step every class is fetched into the second cache. A processor
 * that drops what it cannot fetch at the moment is asked at all of these distances, so that one of
 * the requests is heard; others are asked at the first two. Where classes are many, each is fetched
 * once, and so near ahead that it is still in the cache when it is read. */
static const int16_t FETCHES[] = {144, 448, 288, 608, 800};
enum { FETCHES_OFTEN = sizeof(FETCHES) / sizeof(*FETCHES), FETCHES_ELSE = 2, FETCH_OF_MANY = 96 };
enum { LINE = 64 / sizeof(float) };

/* Every PAGE pixels, the pages that are PAGE_AHEAD pixels ahead in all classes are touched one
 * right after the other, before anything else is fetched from them: so the walks through the page
 * tables run side by side. Touched class by class, each would hold up the loop for longer than the
 * processor can look ahead. */
enum { PAGE = 4096 / sizeof(float), PAGE_AHEAD = 2000 };

/* Up to so many classes, the values of a step are copied when their maxima are sought, and reduced
 * from the copy. Class planes are often a multiple of 4 KiB apart, so that all their lines fall
 * into one set of the first cache: the first of them would be gone when the last have been read. */
enum { KEPT_CLASSES = 64 };

/* So many pixels wait with their S and T until logarithms and quotients are made for all of them:
 * one vector alone would take as long as several, whose operations overlap. */
enum { WAITING = 512 };

/* A step of `stream`: STEP pixels or the last few. */
typedef struct streamed {
    const float *at; /* first pixel of class 0 */
    int64_t class_stride;
    int64_t pixels; /* that there are; none behind the end, where nothing is read */
    v_f32 maximum[ABREAST];
} streamed;

/* How a run of pixels is gone through; constants wherever this is inlined. */
typedef struct manner {
    bool scaled; /* whether there is a scale other than 1 */
    bool keep;   /* whether values are copied, see KEPT_CLASSES */
    bool often;  /* whether they are fetched at all distances of FETCHES */
} manner;

INLINE v_f32 read_streamed(const streamed *s, int64_t c, int u, bool full)
{
    const float *at = s->at + c * s->class_stride + u * LANES;
    if (full)
        return v_load(at);
    return s->pixels > u * LANES ? load_first(at, s->pixels - u * LANES) : v_set(0.0f);
}

/* Takes class c of a step into its maxima, and copies the values to `kept` if they are to be. */
INLINE void meet(streamed *s, int64_t c, bool full, bool keep, float *kept)
{
    for (int u = 0; u < ABREAST; u++) {
        const v_f32 value = read_streamed(s, c, u, full);
        s->maximum[u] = v_max(value, s->maximum[u]);
        if (keep)
            v_store_aligned(kept + c * STEP + u * LANES, value);
    }
}

/* Fetches one class ahead of `next`, where it will be read in the next step. */
INLINE void fetch(const float *next, manner m)
{
    const int count = !m.keep ? 1 : m.often ? FETCHES_OFTEN : FETCHES_ELSE;
    for (int k = 0; k < count; k++) {
        const float *const at = next + (m.keep ? FETCHES[k] : FETCH_OF_MANY);
        for (int j = 0; j < STEP; j += LINE)
            FETCH_L2(at + j);
    }
}

/* Touches the pages of all classes that will be wanted later, see PAGE. */
static inline void touch_pages(const float *next, int64_t class_stride, int64_t classes)
{
    for (int64_t c = 0; c < classes; c++)
        FETCH_L2(next + PAGE_AHEAD + c * class_stride);
}

/* Reduces one step to S and T, and finds the maxima of the next meanwhile, so that the arithmetic
 * of the one hides the time that memory takes for the other. `full`: both have STEP pixels. */
INLINE void stream_step(const streamed *now, streamed *next, int64_t classes, float *kept,
                        float scale, manner m, bool full, sums *total)
{
    const exp_table table = load_exp_table();
    const v_f32 zero = v_set(0.0f);
    for (int u = 0; u < ABREAST; u++) {
        total[u] = (sums){zero, zero};
        next->maximum[u] = v_set(-__builtin_inff());
    }
    for (int64_t begin = 0; begin < classes; begin += GROUP) {
        const int64_t end = min_int(classes, begin + GROUP);
        sums part[ABREAST];
        for (int u = 0; u < ABREAST; u++)
            part[u] = (sums){zero, zero};
        for (int64_t c = begin; c < end; c++) {
            fetch(next->at + c * next->class_stride, m);
            for (int u = 0; u < ABREAST; u++)
                add_class(&part[u], read_streamed(now, c, u, full || m.keep), now->maximum[u],
                          v_set(scale), table, m.scaled, !EXP_FAST_UNBOUNDED);
            if (full || next->pixels > 0)
                meet(next, c, full, m.keep, kept);
        }
        for (int u = 0; u < ABREAST; u++)
            add_sums(&total[u], part[u]);
    }
    for (int u = 0; u < ABREAST; u++) {
        const int64_t readable = (full || m.keep ? STEP : now->pixels) - u * LANES;
        if (readable > 0 && EXP_FAST_UNBOUNDED && v_any_nan(total[u].s))
            total[u] = mend(total[u], now->at + u * LANES, now->class_stride, readable, classes,
                            now->maximum[u], scale);
    }
}

/* How many pixels there are before the first whose address is a multiple of a step's size, if the
 * vectors of all classes can be aligned together; otherwise, or if the first is such a pixel, 0. */
static inline int64_t pixels_to_alignment(const float *from, int64_t class_stride, int64_t pixels)
{
    const int64_t past = (int64_t)((uintptr_t)from / sizeof(float) % STEP);
    const bool alike = (uintptr_t)from % sizeof(float) == 0 && class_stride % LANES == 0;
    return past == 0 || !alike ? 0 : min_int(STEP - past, pixels);
}

/* Makes the values of pixels that were waiting from their S and T, which are whole vectors. Returns
 * the first pixel whose S is NaN, or -1. */
static int64_t end_waiting(const float *s, const float *t, int64_t pixels, sg_unit_scale unit,
                           float *values)
{
    const log_table table = load_log_table();
    const v_f32 factor = v_set(unit.factor), highest = v_set(unit.highest);
    v_f32 worst = v_set(0.0f);
    for (int64_t j = 0; j < pixels; j += LANES) {
        const v_f32 sum = v_load_aligned(s + j);
        worst = v_nan_else(sum, sum, worst);
        const v_f32 h = entropy_of(sum, v_load_aligned(t + j), table);
        FETCH_WRITE(values + j + WAITING);
        store_first(values + j, v_min(v_mul(h, factor), highest), pixels - j);
    }
    for (int64_t j = 0; v_any_nan(worst) && j < pixels; j++) {
        if (s[j] != s[j])
            return j;
    }
    return -1;
}

/* A run of pixels side by side: a first step that is short where that aligns the others, then step
 * after step. In each turn of the loop `now` is reduced and `next` is met for the first time. */
INLINE int64_t stream_run(const float *from, int64_t class_stride, int64_t pixels, int64_t classes,
                          float scale, sg_unit_scale unit, float *values, manner m)
{
    _Alignas(64) float kept[2][KEPT_CLASSES * STEP], s[WAITING] = {0}, t[WAITING] = {0};
    const int64_t head = pixels_to_alignment(from, class_stride, pixels);
    streamed next = {.at = from,
                     .class_stride = class_stride,
                     .pixels = head > 0 ? head : min_int(STEP, pixels)};
    float *keeping = kept[0], *kept_next = kept[1];
    int64_t bad = -1, done = 0, waiting = 0, step = 0;
    for (int u = 0; u < ABREAST; u++)
        next.maximum[u] = v_set(-__builtin_inff());
    for (int64_t c = 0; c < classes; c++)
        meet(&next, c, false, m.keep, keeping);
    while (done + waiting < pixels) {
        streamed now = next;
        next.at = now.at + now.pixels;
        if (m.keep) {
            now.at = keeping;
            now.class_stride = STEP;
        }
        next.pixels = min_int(STEP, pixels - done - waiting - now.pixels);
        if (m.keep && step++ % (PAGE / STEP) == 0)
            touch_pages(next.at, class_stride, classes);
        sums total[ABREAST];
        if (now.pixels == STEP && next.pixels == STEP)
            stream_step(&now, &next, classes, kept_next, scale, m, true, total);
        else
            stream_step(&now, &next, classes, kept_next, scale, m, false, total);
        for (int u = 0; u * LANES < now.pixels; u++) {
            store_first(s + waiting + u * LANES, total[u].s, now.pixels - u * LANES);
            store_first(t + waiting + u * LANES, total[u].t, now.pixels - u * LANES);
        }
        waiting += now.pixels;
        if (waiting > WAITING - STEP || next.pixels == 0) {
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

/* Chooses among the versions of stream_run. */
INLINE int64_t stream_manner(const float *from, int64_t class_stride, int64_t pixels,
                             int64_t classes, float scale, sg_unit_scale unit, float *values,
                             bool often)
{
    const bool scaled = scale != 1.0f, keep = classes <= KEPT_CLASSES;
    if (!scaled && keep)
        return stream_run(from, class_stride, pixels, classes, 1.0f, unit, values,
                          (manner){false, true, often});
    if (!scaled)
        return stream_run(from, class_stride, pixels, classes, 1.0f, unit, values,
                          (manner){false, false, false});
    if (keep)
        return stream_run(from, class_stride, pixels, classes, scale, unit, values,
                          (manner){true, true, often});
    return stream_run(from, class_stride, pixels, classes, scale, unit, values,
                      (manner){true, false, false});
}

static int64_t stream_often(const float *from, int64_t class_stride, int64_t pixels,
                            int64_t classes, float scale, sg_unit_scale unit, float *values)
{
    return stream_manner(from, class_stride, pixels, classes, scale, unit, values, true);
}

static int64_t stream_else(const float *from, int64_t class_stride, int64_t pixels, int64_t classes,
                           float scale, sg_unit_scale unit, float *values)
{
    return stream_manner(from, class_stride, pixels, classes, scale, unit, values, false);
}
