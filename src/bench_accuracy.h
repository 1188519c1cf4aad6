/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* segent bench --accuracy: what the engine asked for costs on the user's own pictures. */

#ifndef BENCH_ACCURACY_H
#define BENCH_ACCURACY_H

#include "options.h"

/* Compares; returns the exit status. */
int bench_accuracy(const sg_settings *settings);

#endif
