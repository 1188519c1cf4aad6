/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* In the place of evaluations in a library that is built without them, to be smaller. None can
 * be made, so that the functions that take one are only there for programs to be linked with. */

#include "base/context.h"

static segent_status fail(segent_context *context)
{
    const segent_status entered = sg_enter(context);
    if (entered != SEGENT_OK)
        return entered;
    return sg_leave(context, sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                                     "this libsegent was built without evaluations "
                                     "(-Devaluation=false)"));
}

segent_status segent_evaluation_create(segent_context *context, int32_t classes,
                                       const segent_evaluation_options *options,
                                       segent_evaluation **evaluation)
{
    (void)classes;
    (void)options;
    (void)evaluation;
    return fail(context);
}

segent_status segent_evaluation_load(segent_context *context, const char *path,
                                     segent_evaluation **evaluation)
{
    (void)path;
    (void)evaluation;
    return fail(context);
}

segent_status segent_evaluation_add(segent_context *context, segent_evaluation *evaluation,
                                    const segent_label_view *labels,
                                    const segent_tensor_view *values)
{
    (void)evaluation;
    (void)labels;
    (void)values;
    return fail(context);
}

segent_status segent_evaluation_merge(segent_context *context, segent_evaluation *evaluation,
                                      const segent_evaluation *other)
{
    (void)evaluation;
    (void)other;
    return fail(context);
}

segent_status segent_evaluation_save(segent_context *context, const segent_evaluation *evaluation,
                                     const char *path)
{
    (void)evaluation;
    (void)path;
    return fail(context);
}

segent_status segent_evaluation_figures(segent_context *context,
                                        const segent_evaluation *evaluation,
                                        segent_figures *figures)
{
    (void)evaluation;
    (void)figures;
    return fail(context);
}

segent_status segent_evaluation_class_figures(segent_context *context,
                                              const segent_evaluation *evaluation, int32_t class_id,
                                              segent_class_figures *figures)
{
    (void)evaluation;
    (void)class_id;
    (void)figures;
    return fail(context);
}

segent_status segent_evaluation_measure_figures(segent_context *context,
                                                const segent_evaluation *evaluation,
                                                segent_measure measure,
                                                segent_measure_figures *figures)
{
    (void)evaluation;
    (void)measure;
    (void)figures;
    return fail(context);
}

void segent_evaluation_destroy(segent_evaluation *evaluation)
{
    (void)evaluation;
}
