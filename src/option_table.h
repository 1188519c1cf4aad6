/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What an option is: one row of a table. Every subcommand has a table in its own file; the parser,
 * the suggestions after a typing error, the help and the manual page are all made from it, so that
 * they cannot disagree. A row that several subcommands take alike is written once, in
 * option_table.c. */

#ifndef OPTION_TABLE_H
#define OPTION_TABLE_H

#include <stddef.h>

#include "options.h"

/* What the value of an option is, and the type of the member of sg_settings that receives it. */
typedef enum sg_option_kind {
    OPTION_FLAG,       /* bool: takes no value, sets true */
    OPTION_SWITCH,     /* int32_t: takes no value, sets 1; as --no-NAME it sets 0 */
    OPTION_TEXT,       /* const char *: any text that is not empty */
    OPTION_INTEGER,    /* int64_t: from `minimum` to `maximum` */
    OPTION_REAL,       /* double: from `minimum` to `maximum` */
    OPTION_CHOICE,     /* int32_t: the position of the value among `choices` */
    OPTION_SAVE,       /* uint32_t: the kinds of output in a list, bit by bit */
    OPTION_COLOUR,     /* int32_t: 0xRRGGBB */
    OPTION_RATES,      /* int32_t[3]: three numbers with commas between them */
    OPTION_DIMENSIONS, /* sg_dimensions: WIDTHxHEIGHT, each from `minimum` to `maximum` */
    OPTION_SHARD,      /* sg_shard: I/N, from 1/1 to N/N, N up to `maximum` */
} sg_option_kind;

/* The headings under which options stand in the help and in the manual page, in this order. */
typedef enum sg_option_group {
    GROUP_INPUT,
    GROUP_MAPS,
    GROUP_RUNNING,
    GROUP_OUTPUT,
    GROUP_REPORT,
    GROUP_COUNT
} sg_option_group;

extern const char *const option_group_titles[GROUP_COUNT];

struct sg_option {
    const char *name; /* without the dashes */
    char letter;      /* its short form, or 0 */
    sg_option_kind kind;
    sg_option_group group;
    size_t offset;        /* of the member of sg_settings that receives the value */
    const char *argument; /* what stands for the value in the help; NULL: the option takes none */
    const char *choices;  /* of an OPTION_CHOICE, as in "fixed|auto" */
    double minimum, maximum;
    const char *help;   /* whole sentences, for the help and the manual page */
    const char *manual; /* further sentences for the manual page alone, or NULL */
};

/* The `offset` of a member. */
#define SETTING(member) offsetof(sg_settings, member)

/* Rows that more than one subcommand takes. Those that begin with run_ are for what puts pictures
 * through a network. */
extern const sg_option run_model_option, no_orient_option, background_option, scan_limit_option,
    probs_option, run_size_option, run_temperature_option;
extern const sg_option prefix_option, rates_option, output_stride_option, settings_file_option,
    set_option, pixel_limit_option, memory_limit_option, engine_option, precision_option,
    threads_option, out_option, entropy_range_option, colormap_option, json_option, quiet_option,
    verbose_option, progress_option, help_option, version_option;

#endif
