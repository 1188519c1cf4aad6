/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "model/result.h"

#include "base/options.h"

int32_t segent_result_width(const segent_result *result)
{
    return result ? result->width : 0;
}

int32_t segent_result_height(const segent_result *result)
{
    return result ? result->height : 0;
}

int32_t segent_result_classes(const segent_result *result)
{
    return result ? result->classes : 0;
}

segent_label_type segent_result_label_type(const segent_result *result)
{
    return result ? result->label_type : SEGENT_LABEL_U8;
}

const void *segent_result_labels(const segent_result *result)
{
    return result ? result->labels : NULL;
}

const float *segent_result_entropy(const segent_result *result)
{
    return result ? result->entropy : NULL;
}

const float *segent_result_logits(const segent_result *result)
{
    return result ? result->logits : NULL;
}

const float *segent_result_probabilities(const segent_result *result)
{
    return result ? result->probabilities : NULL;
}

const float *segent_result_top_probability(const segent_result *result)
{
    return result ? result->top_probability : NULL;
}

const float *segent_result_margin(const segent_result *result)
{
    return result ? result->margin : NULL;
}

const float *segent_result_lowres_logits(const segent_result *result, int32_t *height,
                                         int32_t *width)
{
    if (height)
        *height = result ? result->lowres_height : 0;
    if (width)
        *width = result ? result->lowres_width : 0;
    return result ? result->lowres_logits : NULL;
}

const float *segent_result_auxiliary_logits(const segent_result *result, int32_t *height,
                                            int32_t *width)
{
    if (height)
        *height = result ? result->auxiliary_height : 0;
    if (width)
        *width = result ? result->auxiliary_width : 0;
    return result ? result->auxiliary : NULL;
}

const segent_image *segent_result_input(const segent_result *result)
{
    return result ? result->input : NULL;
}

segent_status segent_result_summary(const segent_result *result, segent_entropy_summary *summary)
{
    if (!result || !summary)
        return sg_fail(NULL, SEGENT_ERROR_INVALID_ARGUMENT, "segent_result_summary: %s is NULL",
                       result ? "summary" : "result");
    return sg_write_info(NULL, SG_STRUCT(segent_entropy_summary), summary, &result->summary);
}

const segent_class_statistics *segent_result_statistics(const segent_result *result, int64_t *count)
{
    if (count)
        *count = result ? result->classes : 0;
    return result ? result->statistics : NULL;
}

segent_status segent_result_timings(const segent_result *result, segent_timings *timings)
{
    if (!result || !timings)
        return sg_fail(NULL, SEGENT_ERROR_INVALID_ARGUMENT, "segent_result_timings: %s is NULL",
                       result ? "timings" : "result");
    return sg_write_info(NULL, SG_STRUCT(segent_timings), timings, &result->timings);
}

void segent_result_destroy(segent_result *result)
{
    if (!result)
        return;
    const sg_allocator allocator = result->allocator;
    sg_free(&allocator, result->labels);
    sg_free(&allocator, result->entropy);
    sg_free(&allocator, result->top_probability);
    sg_free(&allocator, result->margin);
    sg_free(&allocator, result->logits);
    sg_free(&allocator, result->probabilities);
    sg_free(&allocator, result->lowres_logits);
    sg_free(&allocator, result->auxiliary);
    sg_free(&allocator, result->statistics);
    segent_image_destroy(result->input);
    sg_free(&allocator, result);
}
