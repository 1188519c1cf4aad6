/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Networks and files that people have and that cannot be used, told by the names of their tensors:
 * one table of patterns and sentences. */

#ifndef SG_MODEL_SIGNATURE_H
#define SG_MODEL_SIGNATURE_H

#include "checkpoint/checkpoint.h"

/* Looks at all tensors whose names begin with `prefix`. SEGENT_OK: nothing that is known. Else
 * SEGENT_ERROR_MODEL, and the sentence says what the file holds. */
segent_status sg_signature_fail(segent_context *context, const segent_checkpoint *checkpoint,
                                const char *prefix);

/* What has become of a tensor that is missing, such as "was pruned ...", when another name shows
 * it; else NULL. `name` is the full name. */
const char *sg_signature_of_missing(const segent_checkpoint *checkpoint, const char *name);

#endif
