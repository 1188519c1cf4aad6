/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Where in a checkpoint the network is. Training scripts put it below names of their own, such as
 * "state_dict.model.", and beside other networks, optimizers and losses: it is found by the names
 * of its own tensors. */

#ifndef SG_MODEL_FIND_H
#define SG_MODEL_FIND_H

#include "checkpoint/checkpoint.h"
#include "image/image.h"

enum { SG_PREFIX_SIZE = 1024 /* a tensor's name has at most 1000 bytes */ };

/* What stands before the names of the network's tensors: empty, or ending in a dot. `wanted` is the
 * caller's choice among several networks (with or without the last dot, or only its last parts; "."
 * for names with nothing before them), or NULL. Errors name the networks there are, or what the
 * file holds instead. */
segent_status sg_model_find(segent_context *context, const segent_checkpoint *checkpoint,
                            const char *wanted, char prefix[SG_PREFIX_SIZE]);

/* Logs what the file holds beside the network: a warning for tensors that stand beside its backbone
 * and classifier, and for a mean and a standard deviation that pictures were normalised by in
 * training and that are not those that are used. */
void sg_model_note_others(segent_context *context, const segent_checkpoint *checkpoint,
                          const char *prefix, const sg_normalization *used);

#endif
