/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The command line: what a subcommand is, the settings that its options fill, and the parser. */

#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One option; option_table.h has its members. */
typedef struct sg_option sg_option;

/* The kinds of output file, in the order in which --save's help names them. */
typedef enum sg_save_kind {
    SAVE_PANEL,
    SAVE_LABELS,
    SAVE_OVERLAY,
    SAVE_ENTROPY,
    SAVE_ENTROPY_NPY,
    SAVE_LOGITS_NPY,
    SAVE_PROBS_NPY,
    SAVE_COUNT
} sg_save_kind;

/* The word for a kind in --save's list, which is its key in JSON as well: "panel", "entropy.npy"
 * and so on. */
const char *save_name(sg_save_kind kind);

/* Values of options that are a choice among words: positions in their lists. */
enum { RANGE_FIXED = 0, RANGE_AUTO = 1 };

/* The words of --engine, in the order of the values of segent_engine. */
#define ENGINES "fast|exact|small"

/* The words of --precision, in the order of the values of segent_precision. */
#define PRECISIONS "f32|bf16"

/* The words of --output-stride, and their numbers. */
#define OUTPUT_STRIDES "8|16|32"

typedef struct sg_dimensions {
    int32_t width, height;
} sg_dimensions;

/* One of `count` parts of the work; the first has the index 1. */
typedef struct sg_shard {
    int32_t index, count; /* 0: all of the work */
} sg_shard;

/* What a command line says. One struct serves all subcommands; members that a subcommand has no
 * option for keep their defaults. */
typedef struct sg_settings {
    const sg_option *const *options; /* the subcommand's table */
    uint64_t given; /* bit i: options[i] stood on the command line; see option_given() */
    char **inputs;  /* the operands, in the caller's argv */
    int input_count;
    const char *model, *prefix, *arch, *out, *from;
    const char *labels, *logits; /* folders of right labels, and of any model's logits */
    const char *state;           /* file of what was counted; NULL: none */
    int64_t ignore;              /* the label of pixels that count in nothing; -1: none */
    uint32_t save;               /* bit mask of 1 << sg_save_kind */
    int64_t size, threads, runs, pixel_limit, memory_limit, scan_limit;
    sg_dimensions bench_size;
    int32_t rates[3];          /* zeros: none were given */
    bool check;                /* run every plausible reading of the model */
    bool accuracy;             /* compare with the exact engine in the place of timing */
    const char *settings_file; /* of JSON; "none"; NULL: the one beside the model */
    const char *set; /* further settings of the model, as the library reads them; NULL: none */
    int32_t output_stride; /* position among OUTPUT_STRIDES; -1: none was given */
    double temperature;
    int32_t background; /* 0xRRGGBB; -1: none was given */
    int32_t output_size, engine, precision, range, colormap, storage;
    sg_shard shard;
    const char *manifest; /* NULL: none */
    bool resume;
    bool merge; /* the operands are files of what was counted */
    bool no_orient, probabilities, list, json, quiet, verbose;
    int32_t progress; /* 1: asked for, 0: forbidden, -1: shown on a terminal */
    bool help, version;
} sg_settings;

/* A subcommand: what it takes, what its help and the manual page say of it, and what it does. */
typedef struct sg_command {
    const char *name;
    const char *operands;    /* as its usage writes them: "IMAGE..." */
    const char *summary;     /* a line in the list of subcommands */
    const char *description; /* a paragraph, for its help and the manual page */
    const char *manual;      /* a further paragraph for the manual page alone, or NULL */
    const char *examples;    /* command lines, each indented by two spaces and ended by a newline */
    const sg_option *const *options; /* its table, in the order of the help, ended by NULL */
    int fewest_inputs, most_inputs;  /* how many operands; -1: any number */

    /* Says what contradicts itself in the settings, or NULL. May be NULL. */
    const char *(*conflict)(const sg_settings *settings);

    /* Does it; an exit status of console.h. */
    int (*run)(const sg_settings *settings);
} sg_command;

/* Reads the arguments after the subcommand's name into *settings, whose `inputs` the caller frees
 * with free() whatever is returned. False: they cannot be understood, already said. */
bool options_parse(const sg_command *command, int count, char **arguments, sg_settings *settings);

/* Whether the option `name`, in its long form without the dashes, stood on the command line. */
bool option_given(const sg_settings *settings, const char *name);

/* Prints the subcommand's help on stdout, in lines of less than 80 columns. */
void options_help(const sg_command *command);

#endif
