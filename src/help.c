/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The help of a subcommand, made from the same table that parses its options. */

#include <stdio.h>
#include <string.h>

#include "option_table.h"

enum { COLUMNS = 78, HELP_COLUMN = 28 };

/* Prints `text`, breaking lines at spaces, from column `column` on; later lines are indented by
 * `indent`. A newline in the text begins a new line. */
static void print_wrapped(const char *text, int column, int indent)
{
    while (*text) {
        const int length = (int)strcspn(text, " \n");
        if (column > indent && column + length > COLUMNS) {
            printf("\n%*s", indent, "");
            column = indent;
        }
        printf("%.*s", length, text);
        column += length;
        text += length;
        if (*text == '\n') {
            printf("\n%*s", text[1] == '\n' || !text[1] ? 0 : indent, "");
            column = indent;
            text++;
        } else if (*text == ' ') {
            text++;
            if (column + 1 + (int)strcspn(text, " \n") <= COLUMNS) {
                putchar(' ');
                column++;
            } else {
                printf("\n%*s", indent, "");
                column = indent;
            }
        }
    }
    putchar('\n');
}

static void print_option(const sg_option *option)
{
    char left[80];
    const char letter[] = {'-', option->letter, ',', ' ', '\0'};
    const int length =
        snprintf(left, sizeof(left), "  %s--%s%s%s%s", option->letter ? letter : "    ",
                 option->kind == OPTION_SWITCH ? "[no-]" : "", option->name,
                 option->argument ? " " : "", option->argument ? option->argument : "");
    if (length + 2 > HELP_COLUMN)
        printf("%s\n%*s", left, HELP_COLUMN, "");
    else
        printf("%-*s", HELP_COLUMN, left);
    print_wrapped(option->help, HELP_COLUMN, HELP_COLUMN);
}

static void print_group(const sg_command *command, const char *group)
{
    bool titled = false;
    for (size_t i = 0; i < option_count; i++) {
        const sg_option *option = &option_table[i];
        if (!(option->commands & command->id) || strcmp(option->group, group) != 0)
            continue;
        if (!titled)
            printf("\n%s\n", group);
        titled = true;
        print_option(option);
    }
}

void options_help(const sg_command *command)
{
    printf("Usage: segent %s [options]%s%s\n\n", command->name, *command->operands ? " " : "",
           command->operands);
    print_wrapped(command->description, 0, 0);
    const char *done = "";
    for (size_t i = 0; i < option_count; i++) {
        const char *group = option_table[i].group;
        if (strcmp(group, done) != 0)
            print_group(command, group);
        done = group;
    }
    printf("\nExamples\n%s", command->examples);
}
