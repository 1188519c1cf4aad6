/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The subcommands, and what the help and the manual page say of the command as a whole. */

#ifndef COMMANDS_H
#define COMMANDS_H

#include "options.h"

extern const sg_command run_command, entropy_command, palette_command, info_command,
    convert_command, pack_command, bench_command, fetch_command, evaluate_command;

enum { COMMAND_COUNT = 9, ENVIRONMENT_COUNT = 3, STATUS_COUNT = 4 };

/* All subcommands, in the order of the help. */
extern const sg_command *const command_list[COMMAND_COUNT];

/* A term and what it means. */
typedef struct sg_entry {
    const char *term;
    const char *help;   /* a line of the help, and the beginning of the manual page's paragraph */
    const char *manual; /* further sentences for the manual page alone, or NULL */
} sg_entry;

/* The variables of the environment that the command reads, and its exit statuses. */
extern const sg_entry environment_list[ENVIRONMENT_COUNT], status_list[STATUS_COUNT];

#endif
