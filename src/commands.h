/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The subcommands. Each returns an exit status of console.h. */

#ifndef COMMANDS_H
#define COMMANDS_H

#include "options.h"

extern const sg_command run_command, entropy_command, palette_command, info_command, bench_command;

#endif
