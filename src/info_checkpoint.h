/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What `segent info FILE` tells of a checkpoint. */

#ifndef INFO_CHECKPOINT_H
#define INFO_CHECKPOINT_H

#include "options.h"
#include "segent/segent.h"

/* Reports on the first input: its container, its tensors, and the network that can be made of them.
 * Returns STATUS_MODEL, with the cause said, when it is no checkpoint or makes no network. */
int info_checkpoint(segent_context *context, const sg_settings *settings);

#endif
