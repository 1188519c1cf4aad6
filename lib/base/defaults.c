/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The initialisers of the header as functions, for callers that cannot compile it. */

#include "segent/segent.h"

/* NOLINTBEGIN(bugprone-macro-parentheses): a type cannot stand in parentheses. */
#define DEFAULTS(type)                \
    void type##_defaults(type *given) \
    {                                 \
        if (given)                    \
            *given = type##_init();   \
    }

/* NOLINTEND(bugprone-macro-parentheses) */

DEFAULTS(segent_options)
DEFAULTS(segent_cpu_info)
DEFAULTS(segent_entropy_options)
DEFAULTS(segent_entropy_summary)
DEFAULTS(segent_uncertainty_options)
DEFAULTS(segent_uncertainty_maps)
DEFAULTS(segent_evaluation_options)
DEFAULTS(segent_figures)
DEFAULTS(segent_class_figures)
DEFAULTS(segent_measure_figures)
DEFAULTS(segent_image_options)
DEFAULTS(segent_tensor_info)
DEFAULTS(segent_model_options)
DEFAULTS(segent_model_details)
DEFAULTS(segent_run_options)
DEFAULTS(segent_input)
DEFAULTS(segent_timings)
