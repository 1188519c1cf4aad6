/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads NumPy's arrays with the command's reader. Every value that it promises is looked at, and
 * the array is written and read again. */

#include <string.h>

#include "fuzz.h"
#include "npy.h"

static float sum_values(const sg_npy *array)
{
    const segent_layout *layout = &array->layout;
    float sum = 0.0f;
    fuzz_check(layout->classes > 0 && layout->height > 0 && layout->width > 0, "an empty array");
    for (int64_t c = 0; c < layout->classes; c++) {
        for (int64_t y = 0; y < layout->height; y++) {
            for (int64_t x = 0; x < layout->width; x++)
                sum += array->values[c * layout->class_stride + y * layout->row_stride +
                                     x * layout->column_stride];
        }
    }
    return sum;
}

/* Writes NumPy's header of an array with that shape. */
static void write_header(const segent_layout *layout)
{
    const int64_t shape[] = {layout->classes, layout->height, layout->width};
    char header[NPY_HEADER_MAX];
    const size_t size = npy_header(header, 3, shape);
    fuzz_check(size > 0 && size <= sizeof(header) && header[size - 1] == '\n', "a bad header");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static volatile float sink;
    char error[256] = "";
    sg_npy array;
    if (npy_read(data, size, &array, error, sizeof(error))) {
        sink = sum_values(&array);
        write_header(&array.layout);
    } else {
        fuzz_check(error[0] && memchr(error, 0, sizeof(error)), "a failure without a sentence");
    }
    npy_free(&array);
    (void)sink;
    return 0;
}
