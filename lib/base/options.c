/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "base/options.h"

#include <string.h>

enum { STRUCT_SIZE_MAX = 4096 };

static segent_status read_size(segent_context *context, sg_struct type, const void *given,
                               size_t *size)
{
    memcpy(size, given, sizeof(*size));
    if (*size >= sizeof(size_t) && *size <= STRUCT_SIZE_MAX)
        return SEGENT_OK;
    return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                   "%s: struct_size is not set (%s_init() and %s_defaults() set it)", type.name,
                   type.name, type.name);
}

static segent_status fail_unknown_member(segent_context *context, const char *name)
{
    return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                   "%s: sets a member that this library (%s) does not know", name,
                   SEGENT_VERSION_STRING);
}

segent_status sg_read_options(segent_context *context, sg_struct type, void *options,
                              const void *given)
{
    size_t size;
    if (!given)
        return SEGENT_OK;
    const segent_status status = read_size(context, type, given, &size);
    if (status != SEGENT_OK)
        return status;
    const unsigned char *bytes = given;
    for (size_t i = type.reserved; i < size; i++) {
        if (bytes[i] != 0)
            return fail_unknown_member(context, type.name);
    }
    memcpy(options, given, size < type.size ? size : type.size);
    memcpy(options, &type.size, sizeof(type.size));
    return SEGENT_OK;
}

segent_status sg_check_reserved(segent_context *context, const char *name, int32_t reserved)
{
    return reserved == 0 ? SEGENT_OK : fail_unknown_member(context, name);
}

segent_status sg_write_info(segent_context *context, sg_struct type, void *given, const void *info)
{
    size_t size;
    const segent_status status = read_size(context, type, given, &size);
    if (status != SEGENT_OK)
        return status;
    const size_t copied = size < type.size ? size : type.size;
    memcpy((char *)given + sizeof(size_t), (const char *)info + sizeof(size_t),
           copied - sizeof(size_t));
    return SEGENT_OK;
}
