/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#ifndef REPORT_H
#define REPORT_H

#include "analysis.h"
#include "json.h"

/* What made the labels; path NULL: no model. */
typedef struct sg_report_model {
    const char *path, *architecture;
    int64_t parameters;
} sg_report_model;

/* Writes what is known of an input on stdout, as text or, with --json, as one line of JSON; with
 * --quiet nothing but JSON. False: stdout cannot be written, already said. */
bool report_analysis(const sg_analysis *analysis, const sg_report_model *model,
                     const sg_settings *settings);

/* The member "model" of an object; nothing if there is none. */
void report_json_model(sg_json *json, const sg_report_model *model);

#endif
