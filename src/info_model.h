/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The part of `segent info` that is about a network, in lines of text and in JSON. */

#ifndef INFO_MODEL_H
#define INFO_MODEL_H

#include "json.h"
#include "segent/segent.h"

/* Prints a title and a text that may come from anywhere. */
void info_line(const char *title, const char *text);

void info_model_text(const segent_model *model);

/* Adds members to an object that is open. */
void info_model_json(sg_json *json, const segent_model *model);

#endif
