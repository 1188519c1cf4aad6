/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Structs of the caller's that know their size: options, which are read, and information, which is
 * filled in. */

#ifndef SG_OPTIONS_H
#define SG_OPTIONS_H

#include "base/context.h"

/* What such a struct is, for sentences and checks. */
typedef struct sg_struct {
    const char *name; /* of the type */
    size_t size;      /* as this library has it */
    size_t reserved;  /* where its `reserved` member begins, which reaches to the end */
} sg_struct;

#define SG_STRUCT(type)                                                           \
    (sg_struct)                                                                   \
    {                                                                             \
        .name = #type, .size = sizeof(type), .reserved = offsetof(type, reserved) \
    }

/* Reads a struct of the caller's into one of ours, which holds the defaults. `given` may be NULL,
 * or of an older and shorter or newer and longer version, whose size is in its first member. All
 * that this library does not know must be zero, reserved members among it:
 * SEGENT_ERROR_UNSUPPORTED. The context may be NULL (sg_fail). */
segent_status sg_read_options(segent_context *context, sg_struct type, void *options,
                              const void *given);

/* SEGENT_ERROR_UNSUPPORTED if a reserved word of a struct is set: one day it means something. */
segent_status sg_check_reserved(segent_context *context, const char *name, int32_t reserved);

/* Writes our `info` to the caller's struct, whose first member says how large it is: never more
 * than that, and its struct_size stays as it was. The context may be NULL (sg_fail). */
segent_status sg_write_info(segent_context *context, sg_struct type, void *given, const void *info);

#endif
