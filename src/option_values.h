/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The values of options: from the text on the command line to a member of the settings. */

#ifndef OPTION_VALUES_H
#define OPTION_VALUES_H

#include "option_table.h"

/* Reads `value`, NULL for an option that takes none, into the option's member of *settings. NULL:
 * done; otherwise what is wrong with the value, without the option's name. To free. */
char *option_set(const sg_option *option, const char *value, sg_settings *settings);

/* Sets an OPTION_SWITCH to 0, as --no-NAME does. */
void option_negate(const sg_option *option, sg_settings *settings);

#endif
