/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What a command line says of the model. */

#ifndef MODEL_OPTIONS_H
#define MODEL_OPTIONS_H

#include <segent/segent.h>

#include "options.h"

/* The library's options of making the model. They point into `settings` and `text`, which is to
 * free. */
segent_model_options model_options(const sg_settings *settings, char **text);

/* Says on stderr what of the network nobody told and was assumed, if anything was. */
void model_say_assumed(const char *path, const segent_model *model);

#endif
