/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The figures of an evaluation, as a table or as JSON. */

#ifndef EVALUATE_REPORT_H
#define EVALUATE_REPORT_H

#include "options.h"
#include "segent/segent.h"

/* Prints the figures on stdout, as one line of JSON with --json, otherwise as tables unless --quiet
 * forbids it, and says on stderr which are undefined. `names` are those of the classes. False:
 * stdout cannot be written, already said. */
bool evaluate_report(segent_context *context, const segent_evaluation *evaluation,
                     char *const *names, const sg_settings *settings);

#endif
