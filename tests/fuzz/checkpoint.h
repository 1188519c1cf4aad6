/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Functions that a fuzz target calls with a checkpoint of any container, and with the model that is
 * in it: they read and use everything that a program could. */

#ifndef FUZZ_CHECKPOINT_H
#define FUZZ_CHECKPOINT_H

#include "fuzz.h"

/* Reads a checkpoint in memory, every tensor and its values, and the metadata. */
segent_status fuzz_try_checkpoint(const uint8_t *data, size_t size);

/* Looks at all that a model says of itself and runs it on a picture with that engine, unless it is
 * large. Returns a sum over the bits of the result, or 0 if there is none. */
uint64_t fuzz_use_model(segent_context *context, const segent_model *model, segent_engine engine);

#endif
