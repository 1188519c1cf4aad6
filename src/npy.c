/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "npy.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PREAMBLE = 10, HEADER_LIMIT = 65536, RANK_MAX = 8 };

/* The dict in the header, being read. */
typedef struct header_text {
    const char *next, *end;
    char *error;
    size_t error_size;
    bool have_descr, have_order, have_shape;
    bool big_endian, fortran;
    int bytes; /* of one value: 2, 4 or 8 */
    int rank;
    int64_t shape[RANK_MAX];
} header_text;

static bool fail(header_text *header, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(header_text *header, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(header->error, header->error_size, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- the header's text: a Python dict literal ---- */

static void skip_space(header_text *header)
{
    while (header->next < header->end && strchr(" \t\r\n", *header->next) && *header->next)
        header->next++;
}

/* Steps over `text` after white space, if it stands there. */
static bool accept(header_text *header, const char *text)
{
    skip_space(header);
    const size_t length = strlen(text);
    if ((size_t)(header->end - header->next) < length || memcmp(header->next, text, length) != 0)
        return false;
    header->next += length;
    return true;
}

static bool read_string(header_text *header, char *text, size_t size)
{
    skip_space(header);
    if (header->next == header->end || (*header->next != '\'' && *header->next != '"'))
        return false;
    const char quote = *header->next++;
    const char *close = memchr(header->next, quote, (size_t)(header->end - header->next));
    if (!close || (size_t)(close - header->next) >= size)
        return false;
    memcpy(text, header->next, (size_t)(close - header->next));
    text[close - header->next] = '\0';
    header->next = close + 1;
    return true;
}

static bool read_descr(header_text *header)
{
    char type[16];
    if (!read_string(header, type, sizeof(type)))
        return fail(header, "its type is not a plain one; float32 is needed");
    if (!strchr("<>", type[0]) || !type[0] || type[1] != 'f' || !strchr("248", type[2]) ||
        !type[2] || type[3])
        return fail(header, "holds values of type '%s'; floating point ('<f4') is needed", type);
    header->big_endian = type[0] == '>';
    header->bytes = type[2] - '0';
    header->have_descr = true;
    return true;
}

static bool read_order(header_text *header)
{
    header->fortran = accept(header, "True");
    if (!header->fortran && !accept(header, "False"))
        return fail(header, "damaged header: fortran_order is neither True nor False");
    header->have_order = true;
    return true;
}

static bool read_shape(header_text *header)
{
    if (!accept(header, "("))
        return fail(header, "damaged header: the shape is not a tuple");
    header->rank = 0;
    while (!accept(header, ")")) {
        int64_t side = 0;
        if (header->rank == RANK_MAX)
            return fail(header, "has more than %d dimensions", RANK_MAX);
        skip_space(header);
        const char *first = header->next;
        while (header->next < header->end && *header->next >= '0' && *header->next <= '9') {
            if (side > (INT64_MAX - 9) / 10)
                return fail(header, "damaged header: a side of the shape is too large");
            side = side * 10 + (*header->next++ - '0');
        }
        if (header->next == first)
            return fail(header, "damaged header: the shape is not a tuple of numbers");
        header->shape[header->rank++] = side;
        if (!accept(header, ",")) {
            if (!accept(header, ")"))
                return fail(header, "damaged header: the shape is not closed");
            break;
        }
    }
    header->have_shape = true;
    return true;
}

static bool read_member(header_text *header)
{
    char key[32];
    if (!read_string(header, key, sizeof(key)) || !accept(header, ":"))
        return fail(header, "damaged header: not a dictionary");
    if (strcmp(key, "descr") == 0 && !header->have_descr)
        return read_descr(header);
    if (strcmp(key, "fortran_order") == 0 && !header->have_order)
        return read_order(header);
    if (strcmp(key, "shape") == 0 && !header->have_shape)
        return read_shape(header);
    return fail(header, "damaged header: unexpected key '%s'", key);
}

static bool read_dictionary(header_text *header)
{
    if (!accept(header, "{"))
        return fail(header, "damaged header: not a dictionary");
    while (!accept(header, "}")) {
        if (!read_member(header))
            return false;
        if (!accept(header, ",")) {
            if (!accept(header, "}"))
                return fail(header, "damaged header: the dictionary is not closed");
            break;
        }
    }
    skip_space(header);
    if (header->next != header->end)
        return fail(header, "damaged header: text after the dictionary");
    if (!header->have_descr || !header->have_order || !header->have_shape)
        return fail(header, "damaged header: descr, fortran_order or shape is missing");
    return true;
}

/* ---- the values ---- */

/* Finds the header in the bytes; *data is where the values begin. */
static bool find_header(header_text *header, const unsigned char *bytes, size_t size, size_t *data)
{
    if (size < PREAMBLE || memcmp(bytes, "\x93NUMPY", 6) != 0)
        return fail(header, "not an .npy file");
    const unsigned version = bytes[6];
    if (version < 1 || version > 3 || bytes[7] != 0)
        return fail(header, "an .npy file of version %u.%u, which is not known", version, bytes[7]);
    size_t start = PREAMBLE, length = bytes[8] | (size_t)bytes[9] << 8;
    if (version > 1) {
        if (size < PREAMBLE + 2)
            return fail(header, "truncated: the file ends inside its header");
        length |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
        start += 2;
    }
    if (length > HEADER_LIMIT)
        return fail(header, "damaged header: %zu bytes long", length);
    if (length > size - start)
        return fail(header, "truncated: the file ends inside its header");
    header->next = (const char *)bytes + start;
    header->end = header->next + length;
    *data = start + length;
    return true;
}

/* C x H x W from the shape; *count is the number of values. */
static bool make_layout(header_text *header, segent_layout *layout, size_t *count)
{
    const int64_t *shape = header->shape;
    if (header->rank == 4 && shape[0] != 1)
        return fail(header, "a batch of %" PRId64 " arrays; 1 x C x H x W is needed", shape[0]);
    if (header->rank != 3 && header->rank != 4)
        return fail(header, "has %d dimensions; C x H x W or 1 x C x H x W is needed",
                    header->rank);
    shape += header->rank - 3;
    size_t values = 1;
    for (int i = 0; i < 3; i++) {
        if (shape[i] < 1)
            return fail(header, "an empty array: %" PRId64 " x %" PRId64 " x %" PRId64, shape[0],
                        shape[1], shape[2]);
        if ((uint64_t)shape[i] > (SIZE_MAX / 16) / values)
            return fail(header, "damaged header: the shape is too large");
        values *= (size_t)shape[i];
    }
    *layout = segent_layout_chw(shape[0], shape[1], shape[2]);
    if (header->fortran) {
        layout->class_stride = 1;
        layout->row_stride = shape[0];
        layout->column_stride = shape[0] * shape[1];
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

static float read_value(const unsigned char *bytes, int size, bool big_endian)
{
    uint64_t bits = 0;
    for (int i = 0; i < size; i++)
        bits = bits << 8 | bytes[big_endian ? i : size - 1 - i];
    if (size == 2)
        return half_to_float((uint16_t)bits);
    if (size == 4) {
        const uint32_t narrow = (uint32_t)bits;
        float value;
        memcpy(&value, &narrow, sizeof(value));
        return value;
    }
    double value;
    memcpy(&value, &bits, sizeof(value));
    return (float)value;
}

static bool is_little_endian(void)
{
    const uint16_t one = 1;
    return *(const unsigned char *)&one == 1;
}

static bool take_values(header_text *header, const unsigned char *data, size_t count, sg_npy *array)
{
    const bool native = header->bytes == 4 && header->big_endian != is_little_endian();
    if (native && (uintptr_t)data % _Alignof(float) == 0) {
        array->values = (const float *)(const void *)data;
        return true;
    }
    array->converted = malloc(count * sizeof(float));
    if (!array->converted)
        return fail(header, "out of memory (%zu bytes for the values)", count * sizeof(float));
    for (size_t i = 0; i < count; i++)
        array->converted[i] =
            read_value(data + i * (size_t)header->bytes, header->bytes, header->big_endian);
    array->values = array->converted;
    return true;
}

bool npy_read(const void *bytes, size_t size, sg_npy *array, char *error, size_t error_size)
{
    header_text header = {.error = error, .error_size = error_size};
    size_t start = 0, count = 1;
    *array = (sg_npy){.values = NULL};
    if (!find_header(&header, bytes, size, &start) || !read_dictionary(&header) ||
        !make_layout(&header, &array->layout, &count))
        return false;
    const size_t needed = count * (size_t)header.bytes;
    if (size - start < needed)
        return fail(&header, "truncated: %zu bytes of values, of which %zu are there", needed,
                    size - start);
    if (size - start > needed)
        return fail(&header, "%zu bytes left over after the values", size - start - needed);
    return take_values(&header, (const unsigned char *)bytes + start, count, array);
}

void npy_free(sg_npy *array)
{
    free(array->converted);
    *array = (sg_npy){.values = NULL};
}

size_t npy_header(char header[NPY_HEADER_MAX], int rank, const int64_t *shape)
{
    memcpy(header, "\x93NUMPY\x01", 8);
    size_t end = PREAMBLE;
    end += (size_t)snprintf(header + end, NPY_HEADER_MAX - end,
                            "{'descr': '%cf4', 'fortran_order': False, 'shape': (",
                            is_little_endian() ? '<' : '>');
    for (int i = 0; i < rank; i++)
        end += (size_t)snprintf(header + end, NPY_HEADER_MAX - end, "%s%" PRId64, i > 0 ? ", " : "",
                                shape[i]);
    end += (size_t)snprintf(header + end, NPY_HEADER_MAX - end, "%s), }", rank == 1 ? "," : "");
    const size_t total = (end + 1 + 63) / 64 * 64;
    memset(header + end, ' ', total - end);
    header[8] = (char)((total - PREAMBLE) & 255);
    header[9] = (char)((total - PREAMBLE) >> 8);
    header[total - 1] = '\n';
    return total;
}
