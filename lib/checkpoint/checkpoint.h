/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Untrusted files to named tensors. This room knows nothing of networks. Its door is the checkpoint
 * section of the public header; what follows is what the library adds for itself. */

#ifndef SG_CHECKPOINT_H
#define SG_CHECKPOINT_H

#include "api.h"
#include "base/context.h"

/* Opens a checkpoint in memory of the context's allocator, which it takes over, also when this
 * fails. `label` is what it is called in sentences. */
segent_status sg_checkpoint_adopt(segent_context *context, const char *label, void *data,
                                  size_t size, segent_checkpoint **checkpoint);

/* Index of the tensor of that name, or -1. Fast: names are indexed. */
int64_t sg_checkpoint_find(const segent_checkpoint *checkpoint, const char *name);

/* Names in order: the position of the first that is not before `name` (the number of tensors if
 * there is none), and the index of the tensor at a position. */
int64_t sg_checkpoint_lower(const segent_checkpoint *checkpoint, const char *name);
int64_t sg_checkpoint_ordered(const segent_checkpoint *checkpoint, int64_t position);

/* Name of the tensor at an index. */
const char *sg_checkpoint_name(const segent_checkpoint *checkpoint, int64_t index);

/* Whether two tensors are the same values in the same place of the file. */
bool sg_checkpoint_same(const segent_checkpoint *checkpoint, int64_t a, int64_t b);

/* Writes a name without the parts that wrappers around modules add ("module.", "_orig_mod." and the
 * like, anywhere but at its end), NUL-terminated, to `to`, which has room for length + 1 bytes and
 * may be `name`; returns its length. */
size_t sg_name_unwrap(const char *name, size_t length, char *to);

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

/* An attribute of a whole module that was pickled: "kernel_size", "stride", "padding", "dilation",
 * "groups", "eps" or "p" of the module of that name ("backbone.conv1"), one number or two. False:
 * the file does not say. */
bool sg_checkpoint_attribute(const segent_checkpoint *checkpoint, const char *module,
                             const char *attribute, double values[2], int *count);

#endif
