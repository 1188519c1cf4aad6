/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The report on an input, as text or as JSON. */

#ifndef REPORT_H
#define REPORT_H

#include "analysis.h"
#include "json.h"

/* The model that made the labels; its path is NULL if no model did. */
typedef struct sg_report_model {
    const char *path, *architecture;
    int64_t parameters;
} sg_report_model;

/* What is known of an input, as one object of JSON without the end of a line. To free. */
char *report_json(const sg_analysis *analysis, const sg_report_model *model);

/* Prints what is known of an input on stdout: as one line of JSON with --json, which is `json`
 * unless that is NULL, otherwise as text unless --quiet forbids it. False: stdout cannot be
 * written, already said. */
bool report_analysis(const sg_analysis *analysis, const sg_report_model *model, const char *json,
                     const sg_settings *settings);

/* Prints that the result of an input is kept; `json` says so as well. False: stdout cannot be
 * written, already said. */
bool report_kept(const char *input, const char *json, const sg_settings *settings);

/* Writes the member "model" of an object, if there is a model. */
void report_json_model(sg_json *json, const sg_report_model *model);

#endif
