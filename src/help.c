/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The help of a subcommand, made from the table that its command line is parsed with. */

#include <stdio.h>
#include <string.h>

#include "option_table.h"

enum { COLUMNS = 78, HELP_COLUMN = 28 };

/* Prints `text` from column `indent` on, broken at spaces into lines of at most COLUMNS; all lines
 * but the first are indented. */
static void print_wrapped(const char *text, int indent)
{
    int column = indent;
    while (*text) {
        const int length = (int)strcspn(text, " ");
        if (column > indent && column + 1 + length > COLUMNS) {
            printf("\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            putchar(' ');
            column++;
        }
        printf("%.*s", length, text);
        column += length;
        text += length + (text[length] == ' ');
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
    print_wrapped(option->help, HELP_COLUMN);
}

static void print_group(const sg_command *command, sg_option_group group)
{
    bool titled = false;
    for (const sg_option *const *option = command->options; *option; option++) {
        if ((*option)->group != group)
            continue;
        if (!titled)
            printf("\n%s\n", option_group_titles[group]);
        titled = true;
        print_option(*option);
    }
}

void options_help(const sg_command *command)
{
    printf("Usage: segent %s [options]%s%s\n\n", command->name, *command->operands ? " " : "",
           command->operands);
    print_wrapped(command->description, 0);
    for (int group = 0; group < GROUP_COUNT; group++)
        print_group(command, (sg_option_group)group);
    printf("\nExamples\n%s", command->examples);
}
