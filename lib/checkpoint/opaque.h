/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Keeps the names of those globals in a checkpoint that mean nothing to the library. */

#ifndef SG_CHECKPOINT_OPAQUE_H
#define SG_CHECKPOINT_OPAQUE_H

#include "words.h"

enum { SG_OPAQUE_MAX = 1000 };

/* Keeps MODULE.NAME with the checkpoint unless it is kept already or SG_OPAQUE_MAX names are. */
segent_status sg_opaque_add(sg_owner owner, sg_span module, sg_span name);

/* Frees all names that the checkpoint keeps. */
void sg_opaque_release(segent_checkpoint *checkpoint);

#endif
