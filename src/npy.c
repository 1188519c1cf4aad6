/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "npy.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "npy_header.h"

enum { BLOCK = 1024 }; /* how many pixels' largest logits are kept at a time */

/* An array that is being read, and where to say what is wrong with it. */
typedef struct reader {
    sg_npy_header header;
    char *error;
    size_t error_size;
} reader;

static bool fail(reader *self, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(reader *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(self->error, self->error_size, format, arguments);
    va_end(arguments);
    return false;
}

/* Makes a view, C x H x W, of the header's shape, still without values; *count is the number of
 * values. */
static bool make_view(reader *self, segent_tensor_view *view, size_t *count)
{
    const sg_npy_header *header = &self->header;
    const int64_t *shape = header->shape;
    if (header->rank == 4 && shape[0] != 1)
        return fail(self,
                    "a batch of %" PRId64 " arrays; 1 x C x H x W is needed: save array[0], "
                    "array[1] and so on",
                    shape[0]);
    if (header->rank == 2)
        return fail(self, "has 2 dimensions; C x H x W or 1 x C x H x W is needed, a value for "
                          "every class (one of a sigmoid: numpy.stack([0 * z, z]))");
    if (header->rank != 3 && header->rank != 4)
        return fail(self, "has %d dimensions; C x H x W or 1 x C x H x W is needed", header->rank);
    shape += header->rank - 3;
    size_t values = 1;
    for (int i = 0; i < 3; i++) {
        if (shape[i] < 1)
            return fail(self, "an empty array: %" PRId64 " x %" PRId64 " x %" PRId64, shape[0],
                        shape[1], shape[2]);
        if ((uint64_t)shape[i] > (SIZE_MAX / 16) / values)
            return fail(self, "damaged header: the shape is too large");
        values *= (size_t)shape[i];
    }
    *view = segent_tensor_chw(NULL, shape[0], shape[1], shape[2]);
    if (header->fortran) {
        view->channel_stride = 1;
        view->row_stride = shape[0];
        view->column_stride = shape[0] * shape[1];
    }
    *count = values;
    return true;
}

static float half_to_float(uint16_t half)
{
    const int exponent = half >> 10 & 31, fraction = half & 1023;
    const float sign = half & 0x8000 ? -1.0f : 1.0f;
    if (exponent == 0)
        return sign * (float)fraction * 0x1p-24f;
    const uint32_t bits = exponent == 31
                              ? 0x7f800000u | (uint32_t)fraction << 13
                              : (uint32_t)(exponent + 112) << 23 | (uint32_t)fraction << 13;
    float value;
    memcpy(&value, &bits, sizeof(value));
    return sign * value;
}

static double read_value(const sg_npy_header *header, const unsigned char *data, size_t index)
{
    const bool swapped = header->big_endian == is_little_endian();
    uint16_t half;
    uint32_t single;
    uint64_t full;
    float narrow_value;
    double value;
    switch (header->bytes) {
    case 2:
        memcpy(&half, data + index * sizeof(half), sizeof(half));
        return half_to_float(swapped ? __builtin_bswap16(half) : half);
    case 4:
        memcpy(&single, data + index * sizeof(single), sizeof(single));
        single = swapped ? __builtin_bswap32(single) : single;
        memcpy(&narrow_value, &single, sizeof(narrow_value));
        return narrow_value;
    default:
        memcpy(&full, data + index * sizeof(full), sizeof(full));
        full = swapped ? __builtin_bswap64(full) : full;
        memcpy(&value, &full, sizeof(value));
        return value;
    }
}

/* The nearest float, but a finite value stays finite. */
static float narrow(double value)
{
    if (isfinite(value) && fabs(value) > (double)FLT_MAX)
        return value > 0 ? FLT_MAX : -FLT_MAX;
    return (float)value;
}

/* A logit minus its pixel's largest one, as a float. What is smaller than the largest stays
 * smaller, however little, because the label depends on it. NaN, infinities and the logits of their
 * pixels go through as they are: the library judges them. */
static float below(double value, double largest)
{
    if (!isfinite(value) || !isfinite(largest))
        return narrow(value);
    const float difference = (float)fmax(value - largest, -(double)FLT_MAX);
    return value < largest && difference > -FLT_MIN ? -FLT_MIN : difference;
}

/* Makes floats of float64 logits. The softmax stays the same when one number is subtracted from all
 * logits of a pixel, so the largest is, while they still have their 53 bits: what is left is small
 * and loses little as a float. */
static void narrow_logits(const sg_npy_header *header, const unsigned char *data,
                          const segent_tensor_view *view, float *values)
{
    double largest[BLOCK];
    const size_t classes = (size_t)view->channels;
    const size_t pixels = (size_t)view->height * (size_t)view->width;
    const size_t pixel_stride = header->fortran ? classes : 1;
    const size_t class_stride = header->fortran ? 1 : pixels;
    for (size_t first = 0; first < pixels; first += BLOCK) {
        const size_t count = pixels - first < BLOCK ? pixels - first : BLOCK;
        for (size_t c = 0; c < classes; c++) {
            for (size_t i = 0; i < count; i++) {
                const size_t at = (first + i) * pixel_stride + c * class_stride;
                const double value = read_value(header, data, at);
                if (c == 0 || value > largest[i])
                    largest[i] = value;
            }
        }
        for (size_t c = 0; c < classes; c++) {
            for (size_t i = 0; i < count; i++) {
                const size_t at = (first + i) * pixel_stride + c * class_stride;
                values[at] = below(read_value(header, data, at), largest[i]);
            }
        }
    }
}

static bool take_values(reader *self, const unsigned char *data, size_t count, bool logits,
                        sg_npy *array)
{
    const sg_npy_header *header = &self->header;
    const bool native = header->bytes == 4 && header->big_endian != is_little_endian();
    if (native && (uintptr_t)data % _Alignof(float) == 0) {
        array->view.data = (float *)(uintptr_t)data; /* which nobody writes to */
        return true;
    }
    array->converted = malloc(count * sizeof(float));
    if (!array->converted)
        return fail(self, "out of memory (%zu bytes for the values)", count * sizeof(float));
    if (logits && header->bytes == 8) {
        narrow_logits(header, data, &array->view, array->converted);
    } else {
        for (size_t i = 0; i < count; i++)
            array->converted[i] = narrow(read_value(header, data, i));
    }
    array->view.data = array->converted;
    return true;
}

static bool read_array(const void *bytes, size_t size, bool logits, sg_npy *array, char *error,
                       size_t error_size)
{
    reader self = {.error = error, .error_size = error_size};
    size_t count = 1;
    *array = (sg_npy){.converted = NULL};
    if (!npy_header_read(bytes, size, &self.header, error, error_size) ||
        !make_view(&self, &array->view, &count))
        return false;
    const size_t needed = count * (size_t)self.header.bytes, there = size - self.header.start;
    if (there < needed)
        return fail(&self, "truncated: %zu bytes of values, of which %zu are there", needed, there);
    if (there > needed)
        return fail(&self, "%zu bytes left over after the values", there - needed);
    return take_values(&self, (const unsigned char *)bytes + self.header.start, count, logits,
                       array);
}

bool npy_read(const void *bytes, size_t size, sg_npy *array, char *error, size_t error_size)
{
    return read_array(bytes, size, false, array, error, error_size);
}

bool npy_read_logits(const void *bytes, size_t size, sg_npy *array, char *error, size_t error_size)
{
    return read_array(bytes, size, true, array, error, error_size);
}

void npy_free(sg_npy *array)
{
    free(array->converted);
    *array = (sg_npy){.converted = NULL};
}
