/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The command line: one table of options shared by all subcommands. */

#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Subcommands, as bits: an option names those that take it. */
enum {
    COMMAND_RUN = 1,
    COMMAND_ENTROPY = 2,
    COMMAND_PALETTE = 4,
    COMMAND_INFO = 8,
    COMMAND_BENCH = 16
};

/* Kinds of output file, in the order of --save's list; SAVE_COUNT of them. */
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

/* "panel", "entropy.npy" and so on: the word in --save and the key in JSON. */
const char *save_name(sg_save_kind kind);

enum { RANGE_FIXED = 0, RANGE_AUTO = 1 };
enum { ARCH_RESNET101 = 0, ARCH_RESNET50 = 1 };

typedef struct sg_dimensions {
    int32_t width, height;
} sg_dimensions;

typedef struct sg_settings {
    uint64_t given; /* which options stood on the command line, see option_given() */
    char **inputs;  /* the operands, in the caller's argv */
    int input_count;
    const char *model, *prefix, *out;
    uint32_t save; /* bit mask of 1 << save_kind */
    int64_t size, threads, runs, pixel_limit, memory_limit, scan_limit;
    sg_dimensions bench_size;
    double temperature;
    int32_t background; /* 0xRRGGBB, or -1 */
    int32_t output_size, engine, range, colormap, arch;
    bool no_orient, probabilities, list, json, quiet, verbose;
    int32_t progress; /* 1: forced, 0: never, -1: on a terminal */
    bool help, version;
} sg_settings;

/* A subcommand, for dispatch and help. */
typedef struct sg_command {
    int id;
    const char *name;
    const char *operands;    /* "IMAGE..." */
    const char *summary;     /* one line */
    const char *description; /* paragraphs of its help */
    const char *examples;
    int fewest_inputs, most_inputs; /* -1: any number */
    int (*run)(const sg_settings *settings);
} sg_command;

/* Reads argv (without the command's own name) into *settings. False: usage error, already said. */
bool options_parse(const sg_command *command, int count, char **arguments, sg_settings *settings);

/* Whether the long option `name` stood on the command line. */
bool option_given(const sg_settings *settings, const char *name);

/* The subcommand's help, below 80 columns, on stdout. */
void options_help(const sg_command *command);

/* The one of `count` words that `word` was probably meant to be, or NULL. */
const char *closest_word(const char *word, const char *const *words, size_t count);

/* The networks of segent_checkpoint_seeded, as the choices of --arch. */
#define ARCHITECTURES                                                                \
    "resnet101|resnet50|deeplabv3_resnet50|deeplabv3_resnet101|deeplabv3_resnet152|" \
    "fcn_resnet50|fcn_resnet101|fcn_resnet152"

/* The word of that index in "a|b|c", to free. */
char *option_choice(const char *choices, int32_t index);

#endif
