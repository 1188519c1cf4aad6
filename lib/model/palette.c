/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The colours of a model's classes. */

#include <inttypes.h>
#include <stdio.h>

#include "model/colours.h"
#include "model/model.h"

/* Refuses a palette that has too few colours, in the words of whoever said it. */
static segent_status refuse(segent_context *context, const segent_checkpoint *checkpoint,
                            const sg_settings *settings, int64_t colours, sg_settings_file *file,
                            int32_t classes)
{
    const sg_origin from = settings->from[SG_SETTING_PALETTE];
    char problem[96];
    snprintf(problem, sizeof(problem), "has %" PRId64 " colours, but the network has %d classes",
             colours, (int)classes);
    if (from == SG_GIVEN)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_model_options: setting palette %s", problem);
    if (from == SG_READ)
        return sg_fail(context, SEGENT_ERROR_MODEL, "%s: metadata segent.palette %s",
                       sg_checkpoint_label(checkpoint), problem);
    return sg_settings_file_refuse(context, file, SG_SETTING_PALETTE, problem);
}

segent_status sg_model_colour_classes(segent_context *context, const segent_checkpoint *checkpoint,
                                      const sg_settings *settings, sg_settings_file *file,
                                      segent_model *model)
{
    const int32_t classes = model->built.facts.classes;
    const int64_t colours = sg_colours_read(settings->palette, NULL);
    if (settings->palette.length == 0)
        return SEGENT_OK;
    if (colours < classes)
        return refuse(context, checkpoint, settings, colours, file, classes);
    model->palette = sg_alloc(&model->allocator, (size_t)colours, 3);
    if (!model->palette)
        return sg_fail_memory(context, "the palette", 3 * (size_t)colours);
    (void)sg_colours_read(settings->palette, model->palette);
    return SEGENT_OK;
}

const uint8_t *segent_model_palette(const segent_model *model, int64_t *count)
{
    const uint8_t *palette = model ? model->palette : NULL;
    if (count)
        *count = palette ? model->built.facts.classes : 0;
    return palette;
}
