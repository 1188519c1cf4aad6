/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Writing the outputs. */

#ifndef SAVE_H
#define SAVE_H

#include "analysis.h"

/* Writes the suffixes of the outputs that --save asks for to `suffixes`. Returns how many. */
int save_suffixes(const sg_settings *settings, const char *suffixes[SAVE_COUNT]);

/* Writes the outputs that --save asks for, and notes the path of each in analysis->files. */
segent_status save_outputs(segent_context *context, sg_analysis *analysis,
                           const sg_settings *settings);

/* Writes an RGB picture (height x width x 3 bytes, dense) as PNG. */
segent_status save_rgb(segent_context *context, const uint8_t *rgb, int32_t width, int32_t height,
                       const char *path);

#endif
