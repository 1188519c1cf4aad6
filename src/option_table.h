/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The rows that the parser and the help share. */

#ifndef OPTION_TABLE_H
#define OPTION_TABLE_H

#include "options.h"

typedef enum sg_option_kind {
    OPTION_FLAG,       /* bool, set to true */
    OPTION_SWITCH,     /* int32_t, 1; also --no-NAME, 0 */
    OPTION_TEXT,       /* const char *, not empty */
    OPTION_INTEGER,    /* int64_t, minimum to maximum */
    OPTION_REAL,       /* double, minimum to maximum */
    OPTION_CHOICE,     /* int32_t, index into the words of `choices` */
    OPTION_SAVE,       /* uint32_t, a list of kinds */
    OPTION_COLOUR,     /* int32_t, RRGGBB */
    OPTION_DIMENSIONS, /* dimensions, WxH */
} sg_option_kind;

typedef struct sg_option {
    const char *name;
    char letter; /* 0: none */
    sg_option_kind kind;
    size_t offset; /* in settings */
    int commands;
    const char *argument; /* its placeholder in the help, NULL if it takes none */
    const char *choices;  /* "fixed|auto" */
    double minimum, maximum;
    const char *group;
    const char *help;
} sg_option;

extern const sg_option option_table[];
extern const size_t option_count;

#endif
