/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The kernels that fill a block, `load`, `blend` and `stretch`. A part of uncertainty_template.h,
 * which includes it where it belongs. */

/* ---- running maximum and its class ---- */

/* Takes class c's values into the running maxima; ties keep the lower class. `c` is in every lane
 * and is counted up there, since it takes long to bring a number into a vector. */
INLINE void track(v_f32 value, v_i32 c, v_f32 *maximum, v_i32 *label, bool labels)
{
    if (labels)
        *label = v_select_int(v_greater(value, *maximum), c, *label);
    *maximum = v_max(value, *maximum);
}

/* Where the values of a block come from: the first pixel of class 0, and, where two rows are
 * blended, that of the second row with the weights of both. */
typedef struct source {
    v_f32 weight_first, weight_second;
    const float *first, *second;
    int64_t class_stride;
} source;

INLINE v_f32 read_source(const source *s, int64_t offset, int64_t n, bool blend)
{
    if (!blend)
        return load_first(s->first + offset, n);
    const v_f32 second = v_mul(v_load_aligned(s->second + offset), s->weight_second);
    return v_fma(v_load_aligned(s->first + offset), s->weight_first, second);
}

/* Fills `count` vectors of columns of the block and finds their maxima. Only the first `pixels`
 * columns are read; the others are scratch. */
INLINE void fill_columns(const source *s, int64_t pixels, int64_t classes, float *block,
                         int64_t width, float *maximum, int32_t *label, int count, bool blend,
                         bool labels)
{
    v_f32 most[ABREAST];
    v_i32 id[ABREAST];
    for (int u = 0; u < count; u++) {
        most[u] = read_source(s, u * LANES, pixels - u * LANES, blend);
        id[u] = v_set_int(0);
        v_store_aligned(block + u * LANES, most[u]);
    }
    const v_i32 one = v_set_int(1);
    v_i32 class = one;
    for (int64_t c = 1; c < classes; c++, class = v_add_int(class, one)) {
        for (int u = 0; u < count; u++) {
            const v_f32 value =
                read_source(s, c * s->class_stride + u * LANES, pixels - u * LANES, blend);
            v_store_aligned(block + c * width + u * LANES, value);
            track(value, class, &most[u], &id[u], labels);
        }
    }
    for (int u = 0; u < count; u++) {
        v_store_aligned(maximum + u * LANES, most[u]);
        if (labels)
            v_store_int_aligned(label + u * LANES, id[u]);
    }
}

/* Fills the block from `s` and finds `maximum` and `label` of all pixels, ABREAST vectors at a time
 * and then one by one. */
INLINE void fill(source s, int64_t pixels, int64_t classes, float *block, int64_t width,
                 float *maximum, int32_t *label, bool blend, bool labels)
{
    int64_t j = 0;
    for (; j + ABREAST * LANES <= pixels; j += ABREAST * LANES) {
        fill_columns(&s, ABREAST * LANES, classes, block + j, width, maximum + j, label + j,
                     ABREAST, blend, labels);
        s.first += ABREAST * LANES;
        s.second += ABREAST * LANES;
    }
    for (; j < pixels; j += LANES) {
        fill_columns(&s, pixels - j, classes, block + j, width, maximum + j, label + j, 1, blend,
                     labels);
        s.first += LANES;
        s.second += LANES;
    }
}

/* Four classes of LANES pixels whose classes lie side by side (channels-last), transposed so that a
 * vector holds one class. The pixel `last` stands in for all behind it, which are not read. */
INLINE void load_turned(const float *from, int64_t pixel_stride, int64_t last, v_f32 row[4])
{
    for (int i = 0; i < 4; i++) {
        const float *at[LANES / 4];
        for (int q = 0; q < LANES / 4; q++)
            at[q] = from + min_int(4 * q + i, last) * pixel_stride;
        row[i] = v_load_fours(at);
    }
    transpose(row);
}

/* Of a vector of pixels, the classes `first` + `from_row`, which is the number in `class`, to
 * `first` + 3 into the block. */
INLINE void fill_four(const float *from, int64_t pixel_stride, int64_t last, int64_t first,
                      int from_row, float *block, int64_t width, v_i32 *class, v_f32 *maximum,
                      v_i32 *label, bool labels)
{
    const v_i32 one = v_set_int(1);
    v_f32 row[4];
    load_turned(from + first, pixel_stride, last, row);
    for (int i = from_row; i < 4; i++) {
        v_store_aligned(block + (first + i) * width, row[i]);
        track(row[i], *class, maximum, label, labels);
        *class = v_add_int(*class, one);
    }
}

/* A vector of pixels of at least four classes, four at a time. What is left at the end is part of
 * the last four classes, of which the first have been dealt with before. */
INLINE void fill_turned(const float *from, int64_t pixel_stride, int64_t last, int64_t classes,
                        float *block, int64_t width, v_f32 *maximum, v_i32 *label, bool labels)
{
    v_i32 class = v_set_int(0);
    int64_t c = 0;
    *maximum = v_set(-__builtin_inff());
    *label = v_set_int(0);
    for (; c + 4 <= classes; c += 4)
        fill_four(from, pixel_stride, last, c, 0, block, width, &class, maximum, label, labels);
    switch (classes - c) { /* by constants, so that no time goes into what is not wanted */
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

INLINE void load_channels_last(const float *from, int64_t pixel_stride, int64_t pixels,
                               int64_t classes, float *block, int64_t width, float *maximum,
                               int32_t *label, bool labels)
{
    for (int64_t j = 0; j < pixels; j += LANES) {
        const float *const at = from + j * pixel_stride;
        v_f32 most;
        v_i32 id;
        if (pixels - j >= LANES)
            fill_turned(at, pixel_stride, LANES - 1, classes, block + j, width, &most, &id, labels);
        else
            fill_turned(at, pixel_stride, pixels - j - 1, classes, block + j, width, &most, &id,
                        labels);
        v_store_aligned(maximum + j, most);
        if (labels)
            v_store_int_aligned(label + j, id);
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

/* One vector of output pixels whose source pixels are among `reach` pixels side by side, so few
 * that they fit a vector: they are loaded once and permuted. */
static void stretch_near(const float *from, int64_t class_stride, const int32_t *left,
                         const int32_t *right, int64_t reach, v_f32 lambda, int64_t classes,
                         float *block, int64_t width)
{
    const v_i32 base = v_set_int(left[0]);
    const v_i32 left_at = v_sub_int(v_load_int_aligned(left), base);
    const v_i32 right_at = v_sub_int(v_load_int_aligned(right), base);
    const v_f32 other = v_sub(v_set(1.0f), lambda);
    const v_mask alone = v_not_positive(lambda);
    for (int64_t c = 0; c < classes; c++) {
        const v_f32 near = load_first(from + c * class_stride + left[0], reach);
        const v_f32 a = v_permute(near, left_at);
        const v_f32 both = v_fma(a, other, v_mul(v_permute(near, right_at), lambda));
        v_store_aligned(block + c * width, v_select(alone, a, both));
    }
}

/* The same for source pixels that lie anywhere: they are gathered one by one. */
static void stretch_far(const float *from, int64_t class_stride, int64_t pixel_stride,
                        const int32_t *left, const int32_t *right, v_f32 lambda, int64_t classes,
                        float *block, int64_t width)
{
    const v_f32 other = v_sub(v_set(1.0f), lambda);
    const v_mask alone = v_not_positive(lambda);
    for (int64_t c = 0; c < classes; c++) {
        _Alignas(64) float a[LANES], b[LANES];
        for (int i = 0; i < LANES; i++) {
            a[i] = from[c * class_stride + left[i] * pixel_stride];
            b[i] = from[c * class_stride + right[i] * pixel_stride];
        }
        const v_f32 both = v_fma(v_load_aligned(a), other, v_mul(v_load_aligned(b), lambda));
        v_store_aligned(block + c * width, v_select(alone, v_load_aligned(a), both));
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
            stretch_near(from, class_stride, left, right, reach, v_load_aligned(lambda), classes,
                         block + j, width);
        else
            stretch_far(from, class_stride, pixel_stride, left, right, v_load_aligned(lambda),
                        classes, block + j, width);
    }
}
