/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What `segent info --check IMAGE... MODEL` tells: pictures through every plausible reading of a
 * model whose file does not tell its output stride or its rates. */

#ifndef INFO_CHECK_H
#define INFO_CHECK_H

#include "options.h"
#include "segent/segent.h"

/* The last input is the model, the others are pictures. Returns an exit status, with the cause said
 * if something failed. */
int info_check(segent_context *context, const sg_settings *settings);

#endif
