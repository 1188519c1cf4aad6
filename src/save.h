/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#ifndef SAVE_H
#define SAVE_H

#include "analysis.h"

/* The suffixes of the outputs that --save asks for; returns how many. */
int save_suffixes(const sg_settings *settings, const char *suffixes[SAVE_COUNT]);

/* Writes them, noting the path of each in analysis->files. */
segent_status save_outputs(segent_context *context, sg_analysis *analysis,
                           const sg_settings *settings);

#endif
