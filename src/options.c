/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "options.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "option_table.h"
#include "segent/segent.h"

enum { SUGGESTIONS_MAX = 64, NAME_SIZE = 64 };

typedef struct command_line {
    const sg_command *command;
    sg_settings *settings;
    char **arguments;
    int count, next;
    bool failed;
} command_line;

static const char *const save_names[SAVE_COUNT] = {
    "panel", "labels", "overlay", "entropy", "entropy.npy", "logits.npy", "probs.npy"};

const char *save_name(sg_save_kind kind)
{
    return save_names[kind];
}

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

/* Edits (insert, delete, replace, swap neighbours) from one word to the other. */
static int edit_distance(const char *a, const char *b)
{
    enum { LONGEST = NAME_SIZE };
    int row[3][LONGEST + 1];
    const int n = (int)strlen(a), m = (int)strlen(b);
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (int j = 0; j <= m; j++)
        row[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *const now = row[i % 3];
        const int *const last = row[(i + 2) % 3], *const before = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            int best = last[j - 1] + (a[i - 1] != b[j - 1]);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
    }
    return row[n % 3][m];
}

const char *closest_word(const char *word, const char *const *words, size_t count)
{
    const char *closest = NULL;
    const size_t length = strlen(word);
    int fewest = length < 4 ? 2 : length < 8 ? 3 : 4; /* as many edits as are too many */
    for (size_t i = 0; i < count; i++) {
        const bool begins = length >= 3 && strncmp(word, words[i], length) == 0;
        const int edits = begins ? 0 : edit_distance(word, words[i]);
        if (edits < fewest) {
            fewest = edits;
            closest = words[i];
        }
    }
    return closest;
}

static void unknown_option(command_line *parser, const char *name)
{
    const char *words[SUGGESTIONS_MAX];
    size_t count = 0;
    bool elsewhere = false;
    for (size_t i = 0; i < option_count; i++) {
        if (option_table[i].commands & parser->command->id && count < SUGGESTIONS_MAX)
            words[count++] = option_table[i].name;
        elsewhere = elsewhere || strcmp(option_table[i].name, name) == 0;
    }
    const char *closest = closest_word(name, words, count);
    if (elsewhere)
        usage_error(parser, "'segent %s' takes no option '--%s'", parser->command->name, name);
    else if (closest)
        usage_error(parser, "unknown option '--%s'; did you mean '--%s'?", name, closest);
    else
        usage_error(parser, "unknown option '--%s'", name);
}

/* ---- values ---- */

static bool all_of(const char *text, const char *characters)
{
    return *text && text[strspn(text, characters)] == '\0';
}

/* A decimal number, nothing before or after it; not "nan", "inf" or hexadecimal. */
static bool read_real(const char *text, double *number)
{
    char *end;
    if (!all_of(text, "0123456789.eE+-"))
        return false;
    *number = strtod(text, &end);
    return *end == '\0' && end != text && isfinite(*number);
}

static bool read_integer(const char *text, const char **end, int64_t *number)
{
    char *after;
    const char first = text[*text == '-'];
    if (first < '0' || first > '9')
        return false;
    errno = 0;
    *number = strtoll(text, &after, 10);
    *end = after;
    return errno == 0;
}

static bool set_integer(const sg_option *option, const char *value, int64_t *target)
{
    const char *end;
    int64_t number;
    if (!read_integer(value, &end, &number) || *end)
        return false;
    *target = number;
    return (double)number >= option->minimum && (double)number <= option->maximum;
}

static bool set_dimensions(const sg_option *option, const char *value, sg_dimensions *target)
{
    const char *end;
    int64_t width, height;
    if (!read_integer(value, &end, &width) || *end != 'x' ||
        !read_integer(end + 1, &end, &height) || *end)
        return false;
    const int64_t low = (int64_t)option->minimum, high = (int64_t)option->maximum;
    if (width < low || height < low || width > high || height > high)
        return false;
    if (width > SEGENT_PIXEL_LIMIT_DEFAULT / height)
        return false;
    *target = (sg_dimensions){(int32_t)width, (int32_t)height};
    return true;
}

/* Position of `word` in "a|b|c", or -1. */
static int32_t choice_index(const char *choices, const char *word, size_t length)
{
    for (int32_t index = 0;; index++) {
        const size_t this_length = strcspn(choices, "|");
        if (this_length == length && strncmp(choices, word, length) == 0)
            return index;
        if (!choices[this_length])
            return -1;
        choices += this_length + 1;
    }
}

char *option_choice(const char *choices, int32_t index)
{
    for (; index > 0; index--)
        choices += strcspn(choices, "|") + 1;
    return text_join("%.*s", (int)strcspn(choices, "|"), choices);
}

static bool set_colour(const char *value, int32_t *target)
{
    value += *value == '#';
    if (strlen(value) != 6 || !all_of(value, "0123456789abcdefABCDEF"))
        return false;
    *target = (int32_t)strtol(value, NULL, 16);
    return true;
}

/* "panel,labels" or "none". Says itself what is wrong. */
static void set_save(command_line *parser, const char *value, uint32_t *target)
{
    uint32_t kinds = 0;
    if (strcmp(value, "none") == 0) {
        *target = 0;
        return;
    }
    for (const char *word = value;; word++) {
        const size_t length = strcspn(word, ",");
        char name[NAME_SIZE];
        snprintf(name, sizeof(name), "%.*s", (int)(length < NAME_SIZE ? length : NAME_SIZE - 1),
                 word);
        size_t kind = 0;
        while (kind < SAVE_COUNT && strcmp(name, save_names[kind]) != 0)
            kind++;
        if (kind == SAVE_COUNT) {
            const char *closest = closest_word(name, save_names, SAVE_COUNT);
            usage_error(parser, "--save: there is no output '%s'%s%s%s", name,
                        closest ? "; did you mean '" : "", closest ? closest : "",
                        closest ? "'?" : "");
            return;
        }
        kinds |= 1u << kind;
        word += length;
        if (!*word)
            break;
    }
    *target = kinds;
}

static void describe_value(const sg_option *option, char *text, size_t size)
{
    switch (option->kind) {
    case OPTION_INTEGER:
        snprintf(text, size, "a whole number from %.0f to %.0f", option->minimum, option->maximum);
        break;
    case OPTION_REAL:
        snprintf(text, size, "a number from %g to %g", option->minimum, option->maximum);
        break;
    case OPTION_DIMENSIONS:
        snprintf(text, size, "WIDTHxHEIGHT, each from %.0f to %.0f, of at most %d pixels",
                 option->minimum, option->maximum, SEGENT_PIXEL_LIMIT_DEFAULT);
        break;
    case OPTION_COLOUR:
        snprintf(text, size, "a colour as RRGGBB, six hexadecimal digits");
        break;
    case OPTION_CHOICE:
        snprintf(text, size, "one of %s", option->choices);
        break;
    default:
        snprintf(text, size, "a name");
    }
}

static void set_value(command_line *parser, const sg_option *option, const char *value)
{
    void *target = (char *)parser->settings + option->offset;
    bool valid = true;
    switch (option->kind) {
    case OPTION_FLAG:
        *(bool *)target = true;
        break;
    case OPTION_SWITCH:
        *(int32_t *)target = 1;
        break;
    case OPTION_TEXT:
        *(const char **)target = value;
        valid = *value != '\0';
        break;
    case OPTION_INTEGER:
        valid = set_integer(option, value, target);
        break;
    case OPTION_REAL:
        valid = read_real(value, target) && *(double *)target >= option->minimum &&
                *(double *)target <= option->maximum;
        break;
    case OPTION_CHOICE:
        *(int32_t *)target = choice_index(option->choices, value, strlen(value));
        valid = *(int32_t *)target >= 0;
        break;
    case OPTION_SAVE:
        set_save(parser, value, target);
        break;
    case OPTION_COLOUR:
        valid = set_colour(value, target);
        break;
    case OPTION_DIMENSIONS:
        valid = set_dimensions(option, value, target);
        break;
    }
    parser->settings->given |= UINT64_C(1) << (option - option_table);
    if (!valid) {
        char expected[128];
        describe_value(option, expected, sizeof(expected));
        usage_error(parser, "--%s: '%s' is not %s", option->name, value, expected);
    }
}

/* ---- the command line ---- */

static const sg_option *find_option(const command_line *parser, const char *name, size_t length,
                                    char letter)
{
    for (size_t i = 0; i < option_count; i++) {
        const sg_option *option = &option_table[i];
        if (!(option->commands & parser->command->id))
            continue;
        if (letter ? option->letter == letter
                   : strncmp(option->name, name, length) == 0 && !option->name[length])
            return option;
    }
    return NULL;
}

/* --no-NAME of a switch. */
static bool parse_negation(command_line *parser, const char *name)
{
    const sg_option *option =
        strncmp(name, "no-", 3) == 0 ? find_option(parser, name + 3, strlen(name + 3), 0) : NULL;
    if (!option || option->kind != OPTION_SWITCH)
        return false;
    *(int32_t *)((char *)parser->settings + option->offset) = 0;
    parser->settings->given |= UINT64_C(1) << (option - option_table);
    return true;
}

static void parse_long(command_line *parser, const char *name)
{
    const size_t length = strcspn(name, "=");
    const sg_option *option = find_option(parser, name, length, 0);
    const char *value = name[length] ? name + length + 1 : NULL;
    char bare[NAME_SIZE];
    snprintf(bare, sizeof(bare), "%.*s", (int)(length < NAME_SIZE ? length : NAME_SIZE - 1), name);
    if (!option) {
        if (value || !parse_negation(parser, name))
            unknown_option(parser, bare);
    } else if (!option->argument && value) {
        usage_error(parser, "option '--%s' takes no value", bare);
    } else if (option->argument && !value && parser->next == parser->count) {
        usage_error(parser, "option '--%s' needs a value, %s", bare, option->argument);
    } else {
        if (option->argument && !value)
            value = parser->arguments[parser->next++];
        set_value(parser, option, value);
    }
}

/* "-qt4", "-t 4": letters up to the first that takes a value. */
static void parse_short(command_line *parser, const char *letters)
{
    for (; *letters && !parser->failed; letters++) {
        const sg_option *option = find_option(parser, "", 0, *letters);
        if (!option) {
            usage_error(parser, "unknown option '-%c'", *letters);
            return;
        }
        if (!option->argument) {
            set_value(parser, option, NULL);
            continue;
        }
        if (!letters[1] && parser->next == parser->count)
            usage_error(parser, "option '-%c' needs a value, %s", *letters, option->argument);
        else
            set_value(parser, option, letters[1] ? letters + 1 : parser->arguments[parser->next++]);
        return;
    }
}

bool option_given(const sg_settings *settings, const char *name)
{
    for (size_t i = 0; i < option_count; i++) {
        if (settings->given >> i & 1 && strcmp(option_table[i].name, name) == 0)
            return true;
    }
    return false;
}

/* What contradicts itself is refused rather than guessed at. */
static void check_conflicts(command_line *parser)
{
    const sg_settings *settings = parser->settings;
    const struct {
        bool conflict;
        const char *sentence;
    } rules[] = {
        {settings->quiet && settings->verbose, "--quiet and --verbose contradict each other"},
        {settings->quiet && settings->progress == 1,
         "--quiet and --progress contradict each other"},
        {settings->list && (settings->input_count > 0 || option_given(settings, "out")),
         "--list prints the palette and takes no files"},
        {settings->probabilities && option_given(settings, "temperature"),
         "--temperature divides logits, but --probs says there are none"},
        {settings->probabilities && settings->save >> SAVE_PROBS_NPY & 1,
         "--save probs.npy would copy the input of --probs"},
        {parser->command->id == COMMAND_ENTROPY && settings->save >> SAVE_OVERLAY & 1,
         "--save overlay needs a picture, and logits are given"},
        {parser->command->id == COMMAND_ENTROPY && settings->save >> SAVE_LOGITS_NPY & 1,
         "--save logits.npy would copy the input"},
        {option_given(settings, "arch") && option_given(settings, "model"),
         "--model and --arch contradict each other"},
        {option_given(settings, "out") && option_given(settings, "save") && settings->save == 0,
         "--out has nothing to receive with --save none"},
    };
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && !parser->failed; i++) {
        if (rules[i].conflict)
            usage_error(parser, "%s", rules[i].sentence);
    }
}

static void check_inputs(command_line *parser)
{
    const sg_command *command = parser->command;
    const int count = parser->settings->input_count;
    int from_stdin = 0;
    for (int i = 0; i < count; i++)
        from_stdin += strcmp(parser->settings->inputs[i], "-") == 0;
    if (count < command->fewest_inputs && !parser->settings->list)
        usage_error(parser, "no %.*s given", (int)strcspn(command->operands, "."),
                    command->operands);
    else if (command->most_inputs >= 0 && count > command->most_inputs)
        usage_error(parser, "too many operands: '%s'",
                    parser->settings->inputs[command->most_inputs]);
    else if (from_stdin > 1)
        usage_error(parser, "standard input, '-', can be read only once");
}

bool options_parse(const sg_command *command, int count, char **arguments, sg_settings *given)
{
    *given = (sg_settings){.inputs = memory_need((size_t)count + 1, sizeof(char *)),
                           .out = ".",
                           .save = 1u << SAVE_PANEL | 1u << SAVE_LABELS | 1u << SAVE_ENTROPY,
                           .size = -1,
                           .runs = 5,
                           .bench_size = {856, 640},
                           .background = -1,
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
        if (!parser.failed)
            check_conflicts(&parser);
    }
    return !parser.failed;
}
