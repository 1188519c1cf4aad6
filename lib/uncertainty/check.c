/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Checks of options, and units. */

#include "uncertainty/uncertainty.h"

#include <float.h>
#include <math.h>

segent_status sg_check_unit(segent_context *context, const char *function, segent_unit unit)
{
    if (unit >= SEGENT_UNIT_NORMALIZED && unit <= SEGENT_UNIT_BITS)
        return SEGENT_OK;
    return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: unknown unit %d", function,
                   (int)unit);
}

segent_status sg_check_temperature(segent_context *context, const char *function, float temperature)
{
    char number[SG_NUMBER_SIZE];
    if (temperature >= 0.0f && isfinite(temperature))
        return SEGENT_OK;
    return sg_fail(
        context, SEGENT_ERROR_INVALID_ARGUMENT,
        "%s: a temperature of %s; it must be finite and at least 0, which stands for the "
        "default",
        function, sg_number(number, 6, (double)temperature));
}

float sg_scale_of_temperature(float temperature)
{
    const float scale = temperature == 0.0f ? 1.0f : 1.0f / temperature;
    return scale > FLT_MAX ? FLT_MAX : scale;
}

sg_unit_scale sg_unit_scale_of(segent_unit unit, int64_t classes)
{
    const double nats = log((double)classes);
    switch (unit) {
    case SEGENT_UNIT_NORMALIZED:
        return classes > 1 ? (sg_unit_scale){(float)(1.0 / nats), 1.0f}
                           : (sg_unit_scale){0.0f, 0.0f};
    case SEGENT_UNIT_BITS:
        return (sg_unit_scale){(float)(1.0 / log(2.0)), (float)log2((double)classes)};
    default:
        return (sg_unit_scale){1.0f, (float)nats};
    }
}

void sg_unit_apply(sg_unit_scale scale, const float *nats, int64_t n, float *values)
{
    for (int64_t i = 0; i < n; i++) {
        const float value = nats[i] * scale.factor;
        const float positive = value < 0.0f ? 0.0f : value;
        values[i] = positive > scale.highest ? scale.highest : positive;
    }
}
