/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Weights of full size for measuring without a file of weights: seeded random numbers, the same
 * everywhere, in a safetensors image in memory. They segment nothing. */

#ifndef SEEDED_H
#define SEEDED_H

#include <stddef.h>
#include <stdint.h>

/* DeepLabV3 on a ResNet with these bottlenecks per layer, VOC's 21 classes. Free with free(). */
void *seeded_checkpoint(const int32_t blocks[4], size_t *size);

#endif
