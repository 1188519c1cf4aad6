/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads NumPy's arrays with the command's reader. Every value that it promises is looked at. */

#include <string.h>

#include "fuzz.h"
#include "npy.h"

static float sum_values(const sg_npy *array)
{
    const segent_tensor_view *view = &array->view;
    float sum = 0.0f;
    fuzz_check(view->channels > 0 && view->height > 0 && view->width > 0, "an empty array");
    for (int64_t c = 0; c < view->channels; c++) {
        for (int64_t y = 0; y < view->height; y++) {
            for (int64_t x = 0; x < view->width; x++)
                sum += view->data[c * view->channel_stride + y * view->row_stride +
                                  x * view->column_stride];
        }
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static volatile float sink;
    char error[256] = "";
    sg_npy array;
    if (npy_read(data, size, &array, error, sizeof(error)))
        sink = sum_values(&array);
    else
        fuzz_check(error[0] && memchr(error, 0, sizeof(error)), "a failure without a sentence");
    npy_free(&array);
    (void)sink;
    return 0;
}
