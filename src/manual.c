/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Prints the manual page:    segent-manual docs/segent.1.in
 *
 * The template is copied as it is, but for lines such as @OPTIONS@. In their place stands what the
 * tables of the subcommands give, so that the page says what the command does. This program is
 * built with the tests, which compare the page in docs/ with what it prints; it is not installed.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "option_table.h"
#include "published.h"
#include "segent/segent.h"
#include "words.h"

/* The columns of the page's source; what roff is told of fonts and dashes comes on top. */
enum { COLUMNS = 60 };

/* ---- running text ---- */

/* What stands between two spaces of a sentence, in three parts: "(default)," is "(", "default" and
 * "),". */
typedef struct text_word {
    const char *text;
    int before, core, after; /* lengths */
} text_word;

static text_word next_word(const char *text)
{
    text_word word = {.text = text, .before = *text == '('};
    const int length = (int)strcspn(text, " ");
    word.core = length - word.before;
    while (word.core > 0 && strchr(",.;:)", text[word.before + word.core - 1]))
        word.core--;
    word.after = length - word.before - word.core;
    return word;
}

static bool is_command(const text_word *word)
{
    const char *core = word->text + word->before;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const char *name = command_list[i]->name;
        if ((int)strlen(name) == word->core && strncmp(name, core, strlen(name)) == 0)
            return true;
    }
    return false;
}

/* Whether these characters are one of the words that the option takes as its value. */
static bool is_value(const sg_option *option, const char *word, size_t length)
{
    if (option->kind == OPTION_CHOICE)
        return choice_index(option->choices, word, length) >= 0;
    bool found = length == 4 && strncmp(word, "none", length) == 0;
    for (int kind = 0; kind < SAVE_COUNT; kind++)
        found = found ||
                (strlen(save_name(kind)) == length && strncmp(word, save_name(kind), length) == 0);
    return found && option->kind == OPTION_SAVE;
}

/* Whether a word is one that is typed as it stands, or a list of such, which the page prints bold.
 */
static bool is_literal(const sg_option *option, const text_word *word)
{
    const char *core = word->text + word->before, *end = core + word->core;
    if (word->core > 1 && (*core == '-' || *core == '$'))
        return true;
    for (const char *part = core; option && part < end;) {
        const size_t rest = (size_t)(end - part), comma = strcspn(part, ",");
        const size_t length = comma < rest ? comma : rest;
        if (!is_value(option, part, length))
            return false;
        part += length + 1;
    }
    return option && word->core > 0;
}

static bool is_argument(const sg_option *option, const text_word *word)
{
    return option && option->argument && (int)strlen(option->argument) == word->core &&
           strncmp(word->text + word->before, option->argument, (size_t)word->core) == 0;
}

/* Characters as roff takes them. In what is typed a dash is a minus sign, not a hyphen. */
static void print_characters(const char *text, int length, bool typed)
{
    for (int i = 0; i < length; i++) {
        if (text[i] == '-' && typed)
            fputs("\\-", stdout);
        else if (text[i] == '\\')
            fputs("\\e", stdout);
        else
            putchar(text[i]);
    }
}

static void print_word(const text_word *word, const char *font, bool typed, bool line_begins)
{
    if (line_begins && strchr(".'", *word->text))
        fputs("\\&", stdout); /* a request begins with these */
    print_characters(word->text, word->before, false);
    fputs(font, stdout);
    print_characters(word->text + word->before, word->core, typed);
    fputs(*font ? "\\fR" : "", stdout);
    print_characters(word->text + word->before + word->core, word->after, false);
}

/* Whether a full stop follows the word. One inside a word, as in ".pth", belongs to the word. */
static bool ends_sentence(const text_word *word)
{
    return word->after > 0 && word->text[word->before + word->core + word->after - 1] == '.';
}

/* Sentences of the tables, in lines of the page's source; each sentence begins a new one. What is
 * typed becomes bold, the placeholder of the option's value italic. */
static void print_text(const char *text, const sg_option *option)
{
    int column = 0;
    bool after_name = false; /* the word before was "segent" */
    while (text && *text) {
        const text_word word = next_word(text);
        const int length = word.before + word.core + word.after;
        const text_word following = next_word(text + length + (text[length] == ' '));
        const bool name = word.core == 6 && strncmp(text + word.before, "segent", 6) == 0 &&
                          is_command(&following);
        const bool typed = name || (after_name && is_command(&word)) || is_literal(option, &word);
        const char *font = typed ? "\\fB" : is_argument(option, &word) ? "\\fI" : "";
        if (column > 0 && column + 1 + length > COLUMNS) {
            putchar('\n');
            column = 0;
        } else if (column > 0) {
            putchar(' ');
        }
        print_word(&word, font, typed || word.core == 1, column == 0);
        column += length + 1;
        text += length + (text[length] == ' ');
        after_name = name;
        if (*text && ends_sentence(&word)) {
            putchar('\n');
            column = 0;
        }
    }
    fputs(text ? "\n" : "", stdout);
}

/* ---- what stands in the place of the template's marks ---- */

/* "IMAGE..." or "[MODEL]", its names in italics. */
static void print_operands(const char *operands)
{
    while (*operands) {
        const int name = (int)strcspn(operands, "[] ");
        const char *dots = strstr(operands, "...");
        const int length = dots && dots - operands < name ? (int)(dots - operands) : name;
        if (length > 0)
            printf("\\fI%.*s\\fR", length, operands);
        operands += length;
        const int rest = *operands == '.' ? 3 : *operands != '\0';
        printf("%s%.*s", rest == 3 ? " " : "", rest, operands);
        operands += rest;
    }
}

static void print_title(void)
{
    printf(".TH SEGENT 1 \"2026-11-29\" \"segent %s\" \"User commands\"\n", segent_version());
}

static void print_synopsis(void)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const sg_command *command = command_list[i];
        printf("%s\\fBsegent %s\\fR [\\fIoptions\\fR]%s", i > 0 ? ".br\n" : "", command->name,
               *command->operands ? " " : "");
        print_operands(command->operands);
        putchar('\n');
    }
}

static void print_commands(void)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        printf(".TP\n.B %s\n", command_list[i]->name);
        print_text(command_list[i]->description, NULL);
        print_text(command_list[i]->manual, NULL);
    }
}

static bool takes(const sg_command *command, const sg_option *option)
{
    for (const sg_option *const *row = command->options; *row; row++) {
        if (*row == option)
            return true;
    }
    return false;
}

/* The subcommands that take the option, unless all do: "(run, bench)". */
static void print_takers(const sg_option *option)
{
    const char *names[COMMAND_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (takes(command_list[i], option))
            names[count++] = command_list[i]->name;
    }
    if (count == COMMAND_COUNT)
        return;
    printf(".RB ( %s", names[0]);
    for (size_t i = 1; i < count; i++)
        printf(" \", \" %s", names[i]);
    puts(" )");
}

static void print_option(const sg_option *option)
{
    fputs(option->argument ? ".TP\n.BI \"" : ".TP\n.B ", stdout);
    if (option->letter)
        printf("\\-%c, ", option->letter);
    printf("\\-\\-%s", option->kind == OPTION_SWITCH ? "[no\\-]" : "");
    print_characters(option->name, (int)strlen(option->name), true);
    printf("%s%s\n", option->argument ? " \" " : "", option->argument ? option->argument : "");
    print_takers(option);
    print_text(option->help, option);
    print_text(option->manual, option);
}

/* Whether a subcommand before command_list[limit] has this row, which is then printed already. */
static bool taken_before(const sg_option *option, size_t limit)
{
    for (size_t i = 0; i < limit; i++) {
        if (takes(command_list[i], option))
            return true;
    }
    return false;
}

/* The rows of one name in a group, each once: those of a later subcommand may differ. */
static void print_name(const char *name, sg_option_group group)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        for (const sg_option *const *row = command_list[i]->options; *row; row++) {
            if (strcmp((*row)->name, name) == 0 && (*row)->group == group && !taken_before(*row, i))
                print_option(*row);
        }
    }
}

/* Whether a subcommand before command_list[limit] has an option of this name in the group. */
static bool named_before(const char *name, sg_option_group group, size_t limit)
{
    for (size_t i = 0; i < limit; i++) {
        for (const sg_option *const *row = command_list[i]->options; *row; row++) {
            if (strcmp((*row)->name, name) == 0 && (*row)->group == group)
                return true;
        }
    }
    return false;
}

static void print_group(sg_option_group group)
{
    printf(".SS %s\n", option_group_titles[group]);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        for (const sg_option *const *row = command_list[i]->options; *row; row++) {
            if ((*row)->group == group && !named_before((*row)->name, group, i))
                print_name((*row)->name, group);
        }
    }
}

static void print_options(void)
{
    for (int group = 0; group < GROUP_COUNT; group++)
        print_group((sg_option_group)group);
}

static void print_networks(void)
{
    for (size_t i = 0; i < PUBLISHED_COUNT; i++)
        printf(".B %s%s\n", published_files[i].network, i + 1 < PUBLISHED_COUNT ? "\n.br" : ".");
}

static void print_entries(const sg_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        printf(".TP\n.B %s\n", entries[i].term);
        print_text(entries[i].help, NULL);
        print_text(entries[i].manual, NULL);
    }
}

static void print_environment(void)
{
    print_entries(environment_list, ENVIRONMENT_COUNT);
}

static void print_statuses(void)
{
    print_entries(status_list, STATUS_COUNT);
}

static void print_examples(void)
{
    puts(".nf");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        for (const char *line = command_list[i]->examples; *line;) {
            const int length = (int)strcspn(line, "\n");
            print_characters(line + 2, length - 2, true);
            putchar('\n');
            line += length + 1;
        }
    }
    puts(".fi");
}

static const struct {
    const char *mark;
    void (*print)(void);
} parts[] = {
    {"@TITLE@\n", print_title},       {"@SYNOPSIS@\n", print_synopsis},
    {"@COMMANDS@\n", print_commands}, {"@OPTIONS@\n", print_options},
    {"@NETWORKS@\n", print_networks}, {"@ENVIRONMENT@\n", print_environment},
    {"@STATUSES@\n", print_statuses}, {"@EXAMPLES@\n", print_examples},
};

static void print_line(const char *line)
{
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (strcmp(line, parts[i].mark) == 0) {
            parts[i].print();
            return;
        }
    }
    fputs(line, stdout);
}

int main(int count, char **arguments)
{
    char *line = NULL;
    size_t room = 0;
    FILE *template = count == 2 ? fopen(arguments[1], "r") : NULL;
    if (!template) {
        fputs("usage: segent-manual TEMPLATE\n", stderr);
        return EXIT_FAILURE;
    }
    while (getline(&line, &room, template) >= 0)
        print_line(line);
    free(line);
    fclose(template);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
