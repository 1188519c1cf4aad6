/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Which of a command line's pictures this process does. */

#ifndef INPUTS_H
#define INPUTS_H

#include "options.h"

/* Whether an input belongs to a shard: the XXH64 of its name, modulo the number of shards, is the
 * shard's number less one. So it stays in its shard when other inputs come or go. */
bool input_in_shard(const char *input, const sg_shard *shard);

/* Leaves the inputs of the settings' shard, in their order. */
void inputs_keep_shard(sg_settings *settings);

#endif
