/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Untrusted files to named tensors. This room knows nothing of networks. Its door is the checkpoint
 * section of the public header; what follows is what the library adds for itself. */

#ifndef SG_CHECKPOINT_H
#define SG_CHECKPOINT_H

#include "api.h"
#include "context.h"

/* Index of the tensor of that name, or -1. Fast: names are indexed. */
int64_t sg_checkpoint_find(const segent_checkpoint *checkpoint, const char *name);

/* What the file is called in error messages: its path, or "memory". */
const char *sg_checkpoint_label(const segent_checkpoint *checkpoint);

/* The values of a tensor where they lie in the file, at any address, if that is as dense float32 of
 * this machine; else NULL. */
const void *sg_checkpoint_view(const segent_checkpoint *checkpoint, int64_t index);

/* The name of a type that is not read, of a tensor of dtype 0; else NULL. */
const char *sg_checkpoint_unreadable(const segent_checkpoint *checkpoint, int64_t index);

/* Lets go of the pages of a mapped file that hold a tensor, for now: what is looked at again is
 * read again. */
void sg_checkpoint_release(const segent_checkpoint *checkpoint, int64_t index);

/* Bytes that values can lie in: those of the whole file, and what was inflated from it. */
size_t sg_checkpoint_size(const segent_checkpoint *checkpoint);

#endif
