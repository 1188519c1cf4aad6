/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The kernels that fill a block, `load`, `blend` and `stretch`: a part of uncertainty_vector.h,
 * which includes it in its place. */

/* ---- running maximum and its class ---- */

/* `c`: the class in every lane; counted up in a vector, since a number takes long to get there. */
ALWAYS_INLINE void track(vf value, vi c, vf *maximum, vi *label, bool labels)
{
    if (labels)
        *label = v_select_int(v_greater(value, *maximum), c, *label);
    *maximum = v_max(value, *maximum);
}

/* Where the values of a block come from: one class of one vector of pixels. */
typedef struct source {
    vf weight_first, weight_second;
    const float *first, *second;
    int64_t class_stride;
} source;

ALWAYS_INLINE vf read_source(const source *s, int64_t offset, int64_t n, bool blend)
{
    if (!blend)
        return load_first(s->first + offset, n);
    const vf second = v_mul(v_load(s->second + offset), s->weight_second);
    return v_fma(v_load(s->first + offset), s->weight_first, second);
}

/* Fills `count` vectors of columns, of which `pixels` columns count, and finds their maxima. */
ALWAYS_INLINE void fill_columns(const source *s, int64_t pixels, int64_t classes, float *block,
                                int64_t width, float *maximum, int32_t *label, int count,
                                bool blend, bool labels)
{
    vf most[UNROLL];
    vi id[UNROLL];
    for (int u = 0; u < count; u++) {
        most[u] = read_source(s, u * LANES, pixels - u * LANES, blend);
        id[u] = v_set_int(0);
        v_store(block + u * LANES, most[u]);
    }
    const vi one = v_set_int(1);
    vi class = one;
    for (int64_t c = 1; c < classes; c++, class = v_add_int(class, one)) {
        for (int u = 0; u < count; u++) {
            const vf value =
                read_source(s, c * s->class_stride + u * LANES, pixels - u * LANES, blend);
            v_store(block + c * width + u * LANES, value);
            track(value, class, &most[u], &id[u], labels);
        }
    }
    for (int u = 0; u < count; u++) {
        v_store(maximum + u * LANES, most[u]);
        if (labels)
            v_store_int(label + u * LANES, id[u]);
    }
}

/* `maximum` and `label` of pixels from x on. */
ALWAYS_INLINE void fill(source s, int64_t pixels, int64_t classes, float *block, int64_t width,
                        float *maximum, int32_t *label, bool blend, bool labels)
{
    int64_t j = 0;
    for (; j + UNROLL * LANES <= pixels; j += UNROLL * LANES) {
        fill_columns(&s, UNROLL * LANES, classes, block + j, width, maximum + j, label + j, UNROLL,
                     blend, labels);
        s.first += UNROLL * LANES;
        s.second += UNROLL * LANES;
    }
    for (; j < pixels; j += LANES) {
        fill_columns(&s, pixels - j, classes, block + j, width, maximum + j, label + j, 1, blend,
                     labels);
        s.first += LANES;
        s.second += LANES;
    }
}

/* Channels last: four classes of LANES pixels, turned around. Behind the pixel `last`, that one
 * again. */
ALWAYS_INLINE void load_turned(const float *from, int64_t pixel_stride, int64_t last, vf row[4])
{
    for (int i = 0; i < 4; i++) {
        const float *at[LANES / 4];
        for (int q = 0; q < LANES / 4; q++)
            at[q] = from + min_int(4 * q + i, last) * pixel_stride;
        row[i] = v_load_fours(at);
    }
    transpose(row);
}

/* Classes `first` + `from_row`, which is `class`, to `first` + 3 of a vector of pixels. */
ALWAYS_INLINE void fill_four(const float *from, int64_t pixel_stride, int64_t last, int64_t first,
                             int from_row, float *block, int64_t width, vi *class, vf *maximum,
                             vi *label, bool labels)
{
    const vi one = v_set_int(1);
    vf row[4];
    load_turned(from + first, pixel_stride, last, row);
    for (int i = from_row; i < 4; i++) {
        v_store(block + (first + i) * width, row[i]);
        track(row[i], *class, maximum, label, labels);
        *class = v_add_int(*class, one);
    }
}

/* A vector of pixels, of at least four classes. The last four are loaded together, of which the
 * first may have been there before. */
ALWAYS_INLINE void fill_turned(const float *from, int64_t pixel_stride, int64_t last,
                               int64_t classes, float *block, int64_t width, vf *maximum, vi *label,
                               bool labels)
{
    vi class = v_set_int(0);
    int64_t c = 0;
    *maximum = v_set(-__builtin_inff());
    *label = v_set_int(0);
    for (; c + 4 <= classes; c += 4)
        fill_four(from, pixel_stride, last, c, 0, block, width, &class, maximum, label, labels);
    switch (classes - c) { /* constants, so that what is not wanted is not made */
    case 1:
        fill_four(from, pixel_stride, last, classes - 4, 3, block, width, &class, maximum, label,
                  labels);
        break;
    case 2:
        fill_four(from, pixel_stride, last, classes - 4, 2, block, width, &class, maximum, label,
                  labels);
        break;
    case 3:
        fill_four(from, pixel_stride, last, classes - 4, 1, block, width, &class, maximum, label,
                  labels);
        break;
    default:
        break;
    }
}

ALWAYS_INLINE void load_channels_last(const float *from, int64_t pixel_stride, int64_t pixels,
                                      int64_t classes, float *block, int64_t width, float *maximum,
                                      int32_t *label, bool labels)
{
    for (int64_t j = 0; j < pixels; j += LANES) {
        const float *const at = from + j * pixel_stride;
        vf most;
        vi id;
        if (pixels - j >= LANES)
            fill_turned(at, pixel_stride, LANES - 1, classes, block + j, width, &most, &id, labels);
        else
            fill_turned(at, pixel_stride, pixels - j - 1, classes, block + j, width, &most, &id,
                        labels);
        v_store(maximum + j, most);
        if (labels)
            v_store_int(label + j, id);
    }
}

static void gather_scattered(const float *from, int64_t class_stride, int64_t pixel_stride,
                             int64_t pixels, int64_t classes, float *block, int64_t width)
{
    for (int64_t c = 0; c < classes; c++) {
        for (int64_t j = 0; j < pixels; j++)
            block[c * width + j] = from[c * class_stride + j * pixel_stride];
    }
}

static void load(const float *from, int64_t class_stride, int64_t pixel_stride, int64_t pixels,
                 int64_t classes, float *block, int64_t width, float *maximum, int32_t *label)
{
    source s = {.first = from, .second = from, .class_stride = class_stride};
    int32_t unused[SG_BLOCK_PIXELS];
    if (pixel_stride != 1 && class_stride == 1 && classes >= 4) {
        if (label)
            load_channels_last(from, pixel_stride, pixels, classes, block, width, maximum, label,
                               true);
        else
            load_channels_last(from, pixel_stride, pixels, classes, block, width, maximum, unused,
                               false);
        return;
    }
    if (pixel_stride != 1) {
        gather_scattered(from, class_stride, pixel_stride, pixels, classes, block, width);
        s = (source){.first = block, .second = block, .class_stride = width};
    }
    if (label)
        fill(s, pixels, classes, block, width, maximum, label, false, true);
    else
        fill(s, pixels, classes, block, width, maximum, unused, false, false);
}

static void blend(const float *top, const float *bottom, float weight_top, float weight_bottom,
                  int64_t pixels, int64_t classes, float *block, int64_t width, float *maximum,
                  int32_t *label)
{
    const source s = {v_set(weight_top), v_set(weight_bottom), top, bottom, width};
    int32_t unused[SG_BLOCK_PIXELS];
    if (label)
        fill(s, pixels, classes, block, width, maximum, label, true, true);
    else
        fill(s, pixels, classes, block, width, maximum, unused, true, false);
}

/* ---- interpolation along a row ---- */

/* One vector of output pixels, whose source pixels all lie within `reach` of the first. */
static void stretch_near(const float *from, int64_t class_stride, const int32_t *left,
                         const int32_t *right, int64_t reach, vf lambda, int64_t classes,
                         float *block, int64_t width)
{
    const vi base = v_set_int(left[0]);
    const vi left_at = v_sub_int(v_load_int(left), base);
    const vi right_at = v_sub_int(v_load_int(right), base);
    const vf other = v_sub(v_set(1.0f), lambda);
    const vm alone = v_not_positive(lambda);
    for (int64_t c = 0; c < classes; c++) {
        const vf near = load_first(from + c * class_stride + left[0], reach);
        const vf a = v_permute(near, left_at);
        const vf both = v_fma(a, other, v_mul(v_permute(near, right_at), lambda));
        v_store(block + c * width, v_select(alone, a, both));
    }
}

/* The same for source pixels that lie anywhere. */
static void stretch_far(const float *from, int64_t class_stride, int64_t pixel_stride,
                        const int32_t *left, const int32_t *right, vf lambda, int64_t classes,
                        float *block, int64_t width)
{
    const vf other = v_sub(v_set(1.0f), lambda);
    const vm alone = v_not_positive(lambda);
    for (int64_t c = 0; c < classes; c++) {
        _Alignas(64) float a[LANES], b[LANES];
        for (int i = 0; i < LANES; i++) {
            a[i] = from[c * class_stride + left[i] * pixel_stride];
            b[i] = from[c * class_stride + right[i] * pixel_stride];
        }
        const vf both = v_fma(v_load(a), other, v_mul(v_load(b), lambda));
        v_store(block + c * width, v_select(alone, v_load(a), both));
    }
}

static void stretch(const float *from, int64_t class_stride, int64_t pixel_stride, sg_taps taps,
                    int64_t pixels, int64_t classes, float *block, int64_t width)
{
    for (int64_t j = 0; j < pixels; j += LANES) {
        _Alignas(64) int32_t left[LANES], right[LANES];
        _Alignas(64) float lambda[LANES];
        for (int i = 0; i < LANES; i++) {
            const int64_t k = min_int(j + i, pixels - 1);
            left[i] = taps.left[k];
            right[i] = taps.right[k];
            lambda[i] = taps.lambda[k];
        }
        const int64_t reach = (int64_t)right[LANES - 1] - left[0] + 1;
        if (pixel_stride == 1 && reach <= LANES)
            stretch_near(from, class_stride, left, right, reach, v_load(lambda), classes, block + j,
                         width);
        else
            stretch_far(from, class_stride, pixel_stride, left, right, v_load(lambda), classes,
                        block + j, width);
    }
}
