/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "segent/segent.h"

const char *segent_status_string(segent_status status)
{
    switch (status) {
    case SEGENT_OK:
        return "success";
    case SEGENT_ERROR_INVALID_ARGUMENT:
        return "invalid argument";
    case SEGENT_ERROR_UNSUPPORTED:
        return "not supported";
    case SEGENT_ERROR_BUSY:
        return "in use";
    case SEGENT_ERROR_OUT_OF_MEMORY:
        return "out of memory";
    case SEGENT_ERROR_LIMIT:
        return "over a limit";
    case SEGENT_ERROR_NOT_FINITE:
        return "not a finite number";
    case SEGENT_ERROR_NOT_PROBABILITY:
        return "not a probability";
    case SEGENT_ERROR_IO:
        return "input or output failed";
    case SEGENT_ERROR_NOT_FOUND:
        return "not found";
    case SEGENT_ERROR_FORMAT:
        return "unknown or damaged format";
    case SEGENT_ERROR_TRUNCATED:
        return "truncated";
    case SEGENT_ERROR_FORBIDDEN:
        return "forbidden content";
    case SEGENT_ERROR_MODEL:
        return "tensors do not make a network";
    case SEGENT_ERROR_CANCELLED:
        return "cancelled";
    case SEGENT_ERROR_INTERNAL:
        return "internal error";
    default:
        return "unknown status";
    }
}

const char *segent_version(void)
{
    return SEGENT_VERSION_STRING;
}
