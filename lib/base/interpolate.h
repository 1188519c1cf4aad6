/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Linear interpolation along one side of a map, as torch does it with align_corners=False. */

#ifndef SG_INTERPOLATE_H
#define SG_INTERPOLATE_H

#include <stdint.h>

/* Between two neighbours: value = (1 - lambda) * left + lambda * right. */
typedef struct sg_tap {
    int32_t left, right;
    float lambda;
} sg_tap;

/* Where an output position lies among `in` inputs: src = max(0, (dst + 0.5) * in / out - 0.5). As
 * in torch, the ratio is rounded to float32 and the rest is exact until lambda is rounded. */
static inline sg_tap sg_tap_of(int64_t position, int64_t in, int64_t out)
{
    if (in == out)
        return (sg_tap){(int32_t)position, (int32_t)position, 0.0f};
    const double ratio = (double)((float)in / (float)out);
    const double place = ratio * ((double)position + 0.5) - 0.5;
    const double source = place < 0.0 ? 0.0 : place;
    const int64_t left = source < (double)(in - 1) ? (int64_t)source : in - 1;
    const float offset = (float)(source - (double)left);
    return (sg_tap){(int32_t)left, (int32_t)(left + (left < in - 1)),
                    offset > 1.0f ? 1.0f : offset};
}

#endif
