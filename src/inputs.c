/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "inputs.h"

#include <string.h>

#include "hash.h"

bool input_in_shard(const char *input, const sg_shard *shard)
{
    return hash_of(input, strlen(input)) % (uint64_t)shard->count == (uint64_t)shard->index - 1;
}

void inputs_keep_shard(sg_settings *settings)
{
    int kept = 0;
    if (settings->shard.count == 0)
        return;
    for (int i = 0; i < settings->input_count; i++) {
        if (input_in_shard(settings->inputs[i], &settings->shard))
            settings->inputs[kept++] = settings->inputs[i];
    }
    settings->input_count = kept;
}
