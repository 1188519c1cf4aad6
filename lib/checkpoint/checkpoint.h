/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Turns untrusted files into named tensors. This room knows nothing of networks. Programs use it
 * through the checkpoint section of the public header; this header has what the rest of the library
 * needs besides. */

#ifndef SG_CHECKPOINT_H
#define SG_CHECKPOINT_H

#include "api.h"
#include "base/context.h"

/* Opens a checkpoint that lies in memory of the context's allocator. The checkpoint owns that
 * memory from then on, and it is freed if this fails. `label` is the file's name in error
 * sentences. */
segent_status sg_checkpoint_adopt(segent_context *context, const char *label, void *data,
                                  size_t size, segent_checkpoint **checkpoint);

/* Index of the tensor of that name, or -1: a binary search in sorted names. */
int64_t sg_checkpoint_find(const segent_checkpoint *checkpoint, const char *name);

/* Tensors in the order of their names: the position of the first whose name is not before `name`
 * (the number of tensors if there is none), and the index of the tensor at a position. */
int64_t sg_checkpoint_lower(const segent_checkpoint *checkpoint, const char *name);
int64_t sg_checkpoint_ordered(const segent_checkpoint *checkpoint, int64_t position);

/* Name of the tensor at an index. */
const char *sg_checkpoint_name(const segent_checkpoint *checkpoint, int64_t index);

/* Whether two tensors are the same values in the same place of the file. */
bool sg_checkpoint_same(const segent_checkpoint *checkpoint, int64_t a, int64_t b);

/* Writes a name to `to` without the parts that wrappers around modules add ("module.", "_orig_mod."
 * and the like, anywhere but at the name's end). `to` has room for length + 1 bytes, may be `name`,
 * and becomes NUL-terminated. Returns the length that is left. */
size_t sg_name_unwrap(const char *name, size_t length, char *to);

/* What the file is called in error messages: its path, or "memory". */
const char *sg_checkpoint_label(const segent_checkpoint *checkpoint);

/* SEGENT_ERROR_CANCELLED, with the label, once the flag that the context watches is set
 * (base/cancel.h). For all loops whose length a file says. */
segent_status sg_checkpoint_check_cancelled(segent_context *context,
                                            const segent_checkpoint *checkpoint);

/* A tensor's values where they lie in the file, which may be at any address, if they are dense
 * float32 in this machine's order of bytes. NULL: they are not. */
const void *sg_checkpoint_view(const segent_checkpoint *checkpoint, int64_t index);

/* The name of the type of a tensor whose values cannot be read (its dtype is 0). NULL: they can. */
const char *sg_checkpoint_unreadable(const segent_checkpoint *checkpoint, int64_t index);

/* Takes the pages of a mapped file that hold a tensor out of memory: whoever looks at them again
 * reads them from the file again. */
void sg_checkpoint_release(const segent_checkpoint *checkpoint, int64_t index);

/* The block of packed weights in the file (docs/formats.md), *size bytes, aligned as the file is.
 * NULL: the file has tensors whose values can be read instead. `*mapped` tells whether it lies in a
 * mapped file: then it is there as long as the checkpoint, and otherwise as long as the caller's
 * memory. */
const void *sg_checkpoint_packed(const segent_checkpoint *checkpoint, size_t *size, bool *mapped);

/* One more owner, for whom segent_checkpoint_destroy is to be called once more. */
segent_checkpoint *sg_checkpoint_retain(const segent_checkpoint *checkpoint);

/* What a file of packed weights is but for its metadata and tensors: the part in front of the
 * weights, which begin behind it. `json` is the text that names them. NULL: out of memory, or the
 * text is too long. */
void *sg_packed_front(const sg_allocator *allocator, const char *json, size_t json_size,
                      size_t weights_size, size_t *size);

/* Reads a list of JSON that is exactly `count` strings, such as ["sky", "sea, land"]. They go to
 * `room`, which has space for as many bytes as the text with its NUL. */
segent_status sg_checkpoint_strings(segent_context *context, const char *text, int32_t count,
                                    const char **strings, char *room);

/* Bytes that values can lie in: the whole file and what was inflated from it. */
size_t sg_checkpoint_size(const segent_checkpoint *checkpoint);

/* Reads an attribute of a whole module that was pickled, one number or two: "kernel_size",
 * "stride", "padding", "dilation", "groups", "eps" or "p" of the module of that name, such as
 * "backbone.conv1". False: the file does not say. */
bool sg_checkpoint_attribute(const segent_checkpoint *checkpoint, const char *module,
                             const char *attribute, double values[2], int *count);

#endif
