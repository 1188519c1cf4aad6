/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Networks and files that people have and that cannot be used, told by the names of their tensors:
 * one table of patterns and sentences (signatures.c). */

#ifndef SG_MODEL_SIGNATURE_H
#define SG_MODEL_SIGNATURE_H

#include "checkpoint/checkpoint.h"

enum { SG_SIGNATURE_PATTERNS = 3 };

/* A kind of file. A pattern stands anywhere in a name after its beginning or a dot. One that ends
 * in a dot may be followed by anything, and any other stands for all that is left of the name. One
 * that begins with '*' is an ending of the whole name, and one that begins with '!' must be in no
 * name. Rank 0 is any rank. */
typedef struct sg_signature {
    struct {
        const char *text; /* NULL: no such pattern */
        int32_t rank;
    } patterns[SG_SIGNATURE_PATTERNS];
    const char *what;   /* the file holds this */
    const char *advice; /* what to do */
} sg_signature;

/* All rows, and one of zeros behind the last. The first row whose patterns are all met is the
 * answer, so special kinds stand before general ones. */
extern const sg_signature sg_signatures[];

/* Looks at all tensors whose names begin with `prefix`. SEGENT_OK: nothing that is known. Else
 * SEGENT_ERROR_MODEL, and the sentence says what the file holds. */
segent_status sg_signature_fail(segent_context *context, const segent_checkpoint *checkpoint,
                                const char *prefix);

/* What has become of a tensor that is missing, such as "was pruned ...", when another name shows
 * it; else NULL. `name` is the full name. */
const char *sg_signature_of_missing(const segent_checkpoint *checkpoint, const char *name);

#endif
