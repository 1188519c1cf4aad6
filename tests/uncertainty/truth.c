/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "truth.h"

#include <math.h>
#include <stdlib.h>

long double truth_entropy(const float *logits, int64_t classes, int64_t class_stride,
                          double temperature)
{
    long double largest = -INFINITY, sum = 0, entropy = 0;
    for (int64_t c = 0; c < classes; c++)
        largest = fmaxl(largest, logits[c * class_stride]);
    for (int64_t c = 0; c < classes; c++)
        sum += expl((logits[c * class_stride] - largest) / temperature);
    for (int64_t c = 0; c < classes; c++) {
        const long double p = expl((logits[c * class_stride] - largest) / temperature) / sum;
        if (p > 0)
            entropy -= p * logl(p);
    }
    return entropy;
}

float *random_values(uint64_t seed, int64_t count, float low, float high)
{
    float *values = malloc((size_t)count * sizeof(float));
    assert_non_null(values);
    for (int64_t i = 0; i < count; i++)
        values[i] = test_random_uniform(&seed, low, high);
    return values;
}

float *channels_last(const float *chw, int64_t classes, int64_t height, int64_t width)
{
    float *hwc = malloc((size_t)(classes * height * width) * sizeof(float));
    assert_non_null(hwc);
    for (int64_t c = 0; c < classes; c++) {
        for (int64_t i = 0; i < height * width; i++)
            hwc[i * classes + c] = chw[c * height * width + i];
    }
    return hwc;
}
