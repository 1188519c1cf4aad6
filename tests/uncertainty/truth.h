/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Long-double truth and random buffers for the tests of this room. */

#ifndef TEST_TRUTH_H
#define TEST_TRUTH_H

#include "support.h"

/* Entropy in nats, by the textbook: p = softmax(z / temperature), -sum p log p. */
long double truth_entropy(const float *logits, int64_t classes, int64_t class_stride,
                          double temperature);

/* `count` random values, to be freed. */
float *random_values(uint64_t seed, int64_t count, float low, float high);

/* The same values in another layout, dense: (H, W, C) of (C, H, W). To be freed. */
float *channels_last(const float *chw, int64_t classes, int64_t height, int64_t width);

#endif
