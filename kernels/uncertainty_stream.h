/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The kernel `stream`: a part of uncertainty_template.h, which includes it in its place. */

/* Vectors that are reduced together, side by side in memory. */
enum { STEP = ABREAST * LANES };

/* How many pixels ahead every class is fetched into the second cache. A processor that drops what
 * it cannot fetch at the moment is asked again and again, mostly in vain; others twice. Many
 * classes are fetched once, and not so far ahead that they would not stay there. */
static const int16_t FETCHES[] = {144, 448, 288, 608, 800};
enum { FETCHES_OFTEN = sizeof(FETCHES) / sizeof(*FETCHES), FETCHES_ELSE = 2, FETCH_OF_MANY = 96 };
enum { LINE = 64 / sizeof(float) };

/* Pages of all classes are met at once, before anything else is fetched from them: so many pixels
 * ahead, every PAGE pixels. One by one, each would wait for its own walk through the page tables,
 * longer than the processor can look ahead. */
enum { PAGE = 4096 / sizeof(float), PAGE_AHEAD = 2000 };

/* Up to so many classes, `stream` keeps a step's values from when it finds their maxima until it
 * reduces them. Class planes are often a multiple of 4 KiB apart, so that all their lines fall into
 * one set of the first cache and the first of them are gone when the last have been read. */
enum { KEPT_CLASSES = 64 };

/* Pixels whose S and T wait for their logarithm and quotient, which take long one by one. */
enum { WAITING = 512 };

/* What `stream` knows of a step: where its values are, how many pixels count (of none of them one
 * need be there), and their maxima. */
typedef struct streamed {
    const float *at;
    int64_t class_stride, pixels;
    v_f32 maximum[ABREAST];
} streamed;

/* How a run is gone through: constants where it is inlined. */
typedef struct manner {
    bool scaled, keep, often;
} manner;

INLINE v_f32 read_streamed(const streamed *s, int64_t c, int u, bool full)
{
    const float *at = s->at + c * s->class_stride + u * LANES;
    if (full)
        return v_load(at);
    return s->pixels > u * LANES ? load_first(at, s->pixels - u * LANES) : v_set(0.0f);
}

/* The next values of a step whose maxima are sought; copied to `kept` if they are to be. */
INLINE void meet(streamed *s, int64_t c, bool full, bool keep, float *kept)
{
    for (int u = 0; u < ABREAST; u++) {
        const v_f32 value = read_streamed(s, c, u, full);
        s->maximum[u] = v_max(value, s->maximum[u]);
        if (keep)
            v_store_aligned(kept + c * STEP + u * LANES, value);
    }
}

/* One class, as far ahead of where the next step begins as is wanted. */
INLINE void fetch(const float *next, manner m)
{
    const int count = !m.keep ? 1 : m.often ? FETCHES_OFTEN : FETCHES_ELSE;
    for (int k = 0; k < count; k++) {
        const float *const at = next + (m.keep ? FETCHES[k] : FETCH_OF_MANY);
        for (int j = 0; j < STEP; j += LINE)
            FETCH_L2(at + j);
    }
}

static inline void meet_pages(const float *next, int64_t class_stride, int64_t classes)
{
    for (int64_t c = 0; c < classes; c++)
        FETCH_L2(next + PAGE_AHEAD + c * class_stride);
}

/* Reduces one step while it finds the maxima of the next, so that the arithmetic of the one hides
 * the memory's latency of the other. `full`: all lanes of both count. */
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

/* Pixels before the first that starts a step in memory, if such pixels start a vector in every
 * class. */
static inline int64_t pixels_to_alignment(const float *from, int64_t class_stride, int64_t pixels)
{
    const int64_t past = (int64_t)((uintptr_t)from / sizeof(float) % STEP);
    const bool alike = (uintptr_t)from % sizeof(float) == 0 && class_stride % LANES == 0;
    return past == 0 || !alike ? 0 : min_int(STEP - past, pixels);
}

/* From S and T, of whole vectors, to the values of `pixels`; the first pixel whose S is NaN, or -1.
 */
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
            meet_pages(next.at, class_stride, classes);
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
