/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The names of the globals in a checkpoint that stay without meaning. */

#ifndef SG_CHECKPOINT_OPAQUE_H
#define SG_CHECKPOINT_OPAQUE_H

#include "words.h"

enum { SG_OPAQUE_MAX = 1000 };

/* Keeps MODULE.NAME with the checkpoint, once, as long as there is room. */
segent_status sg_opaque_add(sg_owner owner, sg_span module, sg_span name);

/* Frees what it keeps. */
void sg_opaque_release(segent_checkpoint *checkpoint);

#endif
