/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A checkpoint's tensors as a network wants them: by torchvision's names, of a given shape, every
 * one of them and no other in its backbone and classifier. */

#ifndef SG_MODEL_SOURCE_H
#define SG_MODEL_SOURCE_H

#include "checkpoint/checkpoint.h"

enum { SG_SHAPE_TEXT = 192, SG_FULL_NAME = 1200, SG_PART_NAME = 32, SG_NETWORK_TITLE = 64 };

/* The tensors of a file that a network uses. */
typedef struct sg_used_tensors {
    char *names;       /* torchvision's, NUL-terminated, one after another */
    size_t size;       /* of all names */
    size_t *positions; /* one a tensor of the file: 1 + where its name begins, or 0 */
    int64_t count;     /* of the file's tensors */
} sg_used_tensors;

void sg_used_tensors_free(const sg_allocator *allocator, sg_used_tensors *used);

typedef struct sg_source {
    segent_context *context;
    const segent_checkpoint *checkpoint;
    const char *prefix;      /* what stands before all names, such as "model."; of at most 1000
                              * bytes */
    char head[SG_PART_NAME]; /* what stands between "classifier." and the head's layers: mostly
                              * nothing */
    char last[SG_PART_NAME]; /* the last convolution below the head: mostly "4." */
    char network[SG_NETWORK_TITLE]; /* what the file looks like, for sentences; "": not known */
    segent_status status;           /* after a failure no step does anything */
    sg_used_tensors used;           /* that have been asked for */
    size_t names_room;              /* of used.names */
    int64_t largest;                /* elements of the largest tensor of them */
} sg_source;

/* Looks for the head's parts, too. */
segent_status sg_source_open(sg_source *source);

/* "(64, 3, 7, 7)" */
void sg_shape_text(const int64_t *shape, int32_t rank, char text[SG_SHAPE_TEXT]);

/* What the tensor with that name of torchvision's is called in the file. */
void sg_source_name(const sg_source *source, const char *name, char full[SG_FULL_NAME]);

/* Calls `visit` for the tensors whose names in the file begin with the prefix and `part`, until it
 * returns false; `rest` is what follows the prefix. */
typedef bool (*sg_source_visitor)(void *user, sg_source *source, int64_t index, const char *rest);
void sg_source_walk(sg_source *source, const char *part, sg_source_visitor visit, void *user);

/* An attribute of the module of that name of torchvision's, of which a pair must be twice the same
 * number; false where the file does not say, as in every state dict. */
bool sg_source_attribute(sg_source *source, const char *module, const char *attribute,
                         double *value);

/* Fails if the file says that an attribute of the module is another number. */
void sg_source_expect(sg_source *source, const char *module, const char *attribute,
                      int32_t expected);

/* Fails with "FILE: tensor NAME PROBLEM". */
void sg_source_fail(sg_source *source, const char *name, const char *problem);

bool sg_source_holds(const sg_source *source, const char *name);

/* The rank of a tensor, or -1 if there is none of that name. */
int32_t sg_source_shape(const sg_source *source, const char *name, int64_t shape[SEGENT_RANK_MAX]);

/* One more than the largest number that follows these words in the tensors' names, so that a hole
 * is found as a missing tensor; 0 if none does. Where each number has at least so many `tensors`,
 * it is no larger than the file can fill, and one. */
int32_t sg_source_numbers(sg_source *source, const char *words, int32_t tensors);

/* Fails unless the tensor is there with that shape and holds floating-point numbers. */
void sg_source_check(sg_source *source, const char *name, const int64_t *shape, int32_t rank);

/* The `count` values of a tensor that was checked; fails if one is not finite. */
void sg_source_read(sg_source *source, const char *name, float *values, int64_t count);

/* The same without the check: where they lie in the file, or else read into `values`. */
const void *sg_source_view(sg_source *source, const char *name, float *values, int64_t count);

/* Once what sg_source_view returned is no longer needed. */
void sg_source_release(sg_source *source, const char *name);

/* Fails if one of the values, float32 at any address, is not finite. */
void sg_source_check_values(sg_source *source, const char *name, const void *values, int64_t count);

/* Fails if there is a tensor in the backbone or the classifier that was never asked for and is not
 * ignored. */
void sg_source_refuse_others(sg_source *source, bool (*ignored)(const char *name));

#endif
