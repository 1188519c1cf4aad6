/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads a checkpoint in memory, of any container: every tensor and its values, the metadata, and
 * the network that may be in it, which is then run on a picture. */

#include "checkpoint.h"

static void try_model(const uint8_t *data, size_t size)
{
    segent_context *context = fuzz_begin();
    segent_model *model = NULL;
    const segent_status status = segent_model_load_memory(context, data, size, NULL, &model);
    fuzz_check_result(context, status, model);
    if (model)
        (void)fuzz_use_model(context, model, SEGENT_ENGINE_SMALL);
    segent_model_destroy(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (fuzz_try_checkpoint(data, size) == SEGENT_OK)
        try_model(data, size);
    return 0;
}
