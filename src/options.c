/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "option_table.h"
#include "option_values.h"
#include "words.h"

enum { OPTIONS_MAX = 64 /* of a subcommand: the bits of sg_settings.given */, NAME_SIZE = 64 };

typedef struct command_line {
    const sg_command *command;
    sg_settings *settings;
    char **arguments;
    int count, next;
    bool failed;
} command_line;

/* ---- usage errors ---- */

static void usage_error(command_line *parser, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void usage_error(command_line *parser, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    const bool made = vasprintf(&text, format, arguments) >= 0;
    va_end(arguments);
    console_say("%s (see 'segent %s --help')", made ? text : "out of memory",
                parser->command->name);
    if (made)
        free(text);
    parser->failed = true;
}

/* Whether any subcommand has an option of this name. */
static bool is_known(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        for (const sg_option *const *option = command_list[i]->options; *option; option++) {
            if (strcmp((*option)->name, name) == 0)
                return true;
        }
    }
    return false;
}

static void unknown_option(command_line *parser, const char *name)
{
    const char *words[OPTIONS_MAX];
    size_t count = 0;
    for (const sg_option *const *option = parser->command->options; *option; option++)
        words[count++] = (*option)->name;
    const char *closest = closest_word(name, words, count);
    if (is_known(name))
        usage_error(parser, "'segent %s' takes no option '--%s'", parser->command->name, name);
    else if (closest)
        usage_error(parser, "unknown option '--%s'; did you mean '--%s'?", name, closest);
    else
        usage_error(parser, "unknown option '--%s'", name);
}

/* ---- one option ---- */

/* Position in the subcommand's table of the option with that letter, or, if that is 0, of the name
 * whose `length` characters are given; -1: it has none. */
static int find_option(const command_line *parser, const char *name, size_t length, char letter)
{
    const sg_option *const *options = parser->command->options;
    for (int i = 0; options[i]; i++) {
        if (letter ? options[i]->letter == letter
                   : strncmp(options[i]->name, name, length) == 0 && !options[i]->name[length])
            return i;
    }
    return -1;
}

static void set_value(command_line *parser, int index, const char *value)
{
    const sg_option *option = parser->command->options[index];
    char *cause = option_set(option, value, parser->settings);
    parser->settings->given |= UINT64_C(1) << index;
    if (cause)
        usage_error(parser, "--%s: %s", option->name, cause);
    free(cause);
}

/* --no-NAME of a switch. False: there is no such switch. */
static bool parse_negation(command_line *parser, const char *name)
{
    const int index =
        strncmp(name, "no-", 3) == 0 ? find_option(parser, name + 3, strlen(name + 3), 0) : -1;
    if (index < 0 || parser->command->options[index]->kind != OPTION_SWITCH)
        return false;
    option_negate(parser->command->options[index], parser->settings);
    parser->settings->given |= UINT64_C(1) << index;
    return true;
}

/* "NAME", "NAME=VALUE", or "NAME" with the value in the next argument. */
static void parse_long(command_line *parser, const char *name)
{
    const size_t length = strcspn(name, "=");
    const int index = find_option(parser, name, length, 0);
    const char *argument = index < 0 ? NULL : parser->command->options[index]->argument;
    const char *value = name[length] ? name + length + 1 : NULL;
    char bare[NAME_SIZE];
    snprintf(bare, sizeof(bare), "%.*s", (int)(length < NAME_SIZE ? length : NAME_SIZE - 1), name);
    if (index < 0) {
        if (value || !parse_negation(parser, name))
            unknown_option(parser, bare);
    } else if (!argument && value) {
        usage_error(parser, "option '--%s' takes no value", bare);
    } else if (argument && !value && parser->next == parser->count) {
        usage_error(parser, "option '--%s' needs a value, %s", bare, argument);
    } else {
        if (argument && !value)
            value = parser->arguments[parser->next++];
        set_value(parser, index, value);
    }
}

/* "-qt4", "-t 4": letters up to the first that takes a value. */
static void parse_short(command_line *parser, const char *letters)
{
    for (; *letters && !parser->failed; letters++) {
        const int index = find_option(parser, "", 0, *letters);
        if (index < 0) {
            usage_error(parser, "unknown option '-%c'", *letters);
            return;
        }
        const char *argument = parser->command->options[index]->argument;
        if (!argument) {
            set_value(parser, index, NULL);
            continue;
        }
        if (!letters[1] && parser->next == parser->count)
            usage_error(parser, "option '-%c' needs a value, %s", *letters, argument);
        else
            set_value(parser, index, letters[1] ? letters + 1 : parser->arguments[parser->next++]);
        return;
    }
}

bool option_given(const sg_settings *settings, const char *name)
{
    for (int i = 0; settings->options[i]; i++) {
        if (settings->given >> i & 1 && strcmp(settings->options[i]->name, name) == 0)
            return true;
    }
    return false;
}

/* ---- the command line ---- */

/* What contradicts itself is refused rather than guessed at: here what any subcommand may have, and
 * in its own `conflict` what only it has. */
static const char *find_conflict(const sg_command *command, const sg_settings *settings)
{
    if (settings->quiet && settings->verbose)
        return "--quiet and --verbose contradict each other";
    if (settings->quiet && settings->progress == 1)
        return "--quiet and --progress contradict each other";
    if (option_given(settings, "out") && option_given(settings, "save") && settings->save == 0)
        return "--out has nothing to receive with --save none";
    return command->conflict ? command->conflict(settings) : NULL;
}

static void check_inputs(command_line *parser)
{
    const sg_command *command = parser->command;
    const int count = parser->settings->input_count;
    int from_stdin = 0;
    for (int i = 0; i < count; i++)
        from_stdin += strcmp(parser->settings->inputs[i], "-") == 0;
    /* The name of the first operand that is missing. */
    const char *missing = command->operands;
    for (int i = 0; i < count && strchr(missing, ' '); i++)
        missing = strchr(missing, ' ') + 1;
    if (count < command->fewest_inputs && !parser->settings->list)
        usage_error(parser, "no %.*s given", (int)strcspn(missing, ". "), missing);
    else if (command->most_inputs >= 0 && count > command->most_inputs)
        usage_error(parser, "too many operands: '%s'",
                    parser->settings->inputs[command->most_inputs]);
    else if (from_stdin > 1)
        usage_error(parser, "standard input, '-', can be read only once");
}

bool options_parse(const sg_command *command, int count, char **arguments, sg_settings *given)
{
    *given = (sg_settings){.options = command->options,
                           .inputs = memory_need((size_t)count + 1, sizeof(char *)),
                           .out = ".",
                           .save = 1u << SAVE_PANEL | 1u << SAVE_LABELS | 1u << SAVE_ENTROPY,
                           .size = -1,
                           .runs = 5,
                           .bench_size = {856, 640},
                           .background = -1,
                           .output_stride = -1,
                           .ignore = 255,
                           .progress = -1};
    command_line parser = {
        .command = command, .settings = given, .arguments = arguments, .count = count};
    bool operands_only = false;
    while (parser.next < count && !parser.failed && !given->help && !given->version) {
        char *argument = arguments[parser.next++];
        if (operands_only || argument[0] != '-' || !argument[1])
            given->inputs[given->input_count++] = argument;
        else if (strcmp(argument, "--") == 0)
            operands_only = true;
        else if (argument[1] == '-')
            parse_long(&parser, argument + 2);
        else
            parse_short(&parser, argument + 1);
    }
    if (!parser.failed && !given->help && !given->version) {
        check_inputs(&parser);
        const char *conflict = find_conflict(command, given);
        if (!parser.failed && conflict)
            usage_error(&parser, "%s", conflict);
    }
    return !parser.failed;
}
