/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Prints what a shell needs to complete command lines of segent:    segent-completions SHELL
 *
 * SHELL is bash, zsh or fish. Commands, options and the words that options take come from the
 * tables that the command line is parsed with, so that a shell offers what the command understands.
 * This program is built with the tests, which compare the files in docs/completions with what it
 * prints; it is not installed. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "option_table.h"
#include "published.h"

/* What stands in the place of an option's value, or of a command's operands. */
typedef enum value_kind {
    VALUE_NONE,  /* the option takes none */
    VALUE_TEXT,  /* a number or a text: nothing is offered */
    VALUE_WORDS, /* one of some words */
    VALUE_LIST,  /* some words with commas between them */
    VALUE_FILE,
    VALUE_FOLDER,
    VALUE_NETWORK, /* the name of a published network */
    VALUE_MODEL    /* a file, or such a name */
} value_kind;

static value_kind kind_of_value(const sg_option *option)
{
    if (!option->argument)
        return VALUE_NONE;
    if (option->kind == OPTION_CHOICE)
        return VALUE_WORDS;
    if (option->kind == OPTION_SAVE)
        return VALUE_LIST;
    if (strcmp(option->name, "model") == 0)
        return VALUE_MODEL;
    if (strcmp(option->name, "arch") == 0)
        return VALUE_NETWORK;
    if (strcmp(option->argument, "FILE") == 0)
        return VALUE_FILE;
    return strcmp(option->argument, "DIR") == 0 ? VALUE_FOLDER : VALUE_TEXT;
}

static value_kind kind_of_operands(const sg_command *command)
{
    if (!*command->operands)
        return VALUE_NONE;
    if (strncmp(command->operands, "NAME", 4) == 0)
        return VALUE_NETWORK;
    return strstr(command->operands, "MODEL") ? VALUE_MODEL : VALUE_FILE;
}

/* ---- words ---- */

static void print_networks(void)
{
    for (size_t i = 0; i < PUBLISHED_COUNT; i++)
        printf("%s%s", i > 0 ? " " : "", published_files[i].network);
}

/* Whether a help names a kind of output: not all commands make all of them. */
static bool is_named(const char *help, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = help; (at = strstr(at, name)) != NULL; at += length) {
        if (at[length] == ',' || at[length] == ';')
            return true;
    }
    return false;
}

/* The words that an option takes as its value, with spaces between them. */
static void print_words(const sg_option *option)
{
    if (option->kind == OPTION_CHOICE) {
        for (const char *at = option->choices; *at; at++)
            putchar(*at == '|' ? ' ' : *at);
    } else {
        for (int kind = 0; kind < SAVE_COUNT; kind++) {
            if (is_named(option->help, save_name((sg_save_kind)kind)))
                printf("%s ", save_name((sg_save_kind)kind));
        }
        fputs("none", stdout);
    }
}

/* The first sentence of a text without its full stop, inside single quotes: each character of
 * `special` gets a backslash before it, and a single quote becomes `quote`. */
static void print_sentence(const char *text, const char *special, const char *quote)
{
    for (; *text && !(*text == '.' && (text[1] == ' ' || text[1] == '\0')); text++) {
        if (*text == '\'') {
            fputs(quote, stdout);
        } else {
            if (strchr(special, *text))
                putchar('\\');
            putchar(*text);
        }
    }
}

static void print_head(const char *line)
{
    printf("%s# SPDX-License-Identifier: BSD-2-Clause\n"
           "# Made from the tables of the command's options by segent-completions: do not edit.\n",
           line);
}

/* ---- bash ---- */

/* The options of a command as they are typed. */
static void bash_options(const sg_command *command)
{
    for (const sg_option *const *row = command->options; *row; row++) {
        if ((*row)->letter)
            printf("-%c ", (*row)->letter);
        printf("--%s%s", (*row)->name, row[1] ? " " : "");
        if ((*row)->kind == OPTION_SWITCH)
            printf("--no-%s ", (*row)->name);
    }
}

static const char *const bash_values[] = {
    [VALUE_NONE] = "none",  [VALUE_TEXT] = "text",     [VALUE_WORDS] = "words",
    [VALUE_LIST] = "list",  [VALUE_FILE] = "file",     [VALUE_FOLDER] = "folder",
    [VALUE_MODEL] = "file", [VALUE_NETWORK] = "words",
};

/* What is offered: how, and among which words. */
static void bash_value(value_kind kind, const sg_option *option)
{
    printf("kind=%s", bash_values[kind]);
    fputs(" words='", stdout);
    if (kind == VALUE_WORDS || kind == VALUE_LIST)
        print_words(option);
    if (kind == VALUE_MODEL || kind == VALUE_NETWORK)
        print_networks();
    puts("' ;;");
}

static void bash_command(const sg_command *command)
{
    printf("    %s)\n        options='", command->name);
    bash_options(command);
    puts("'\n        case $option in");
    for (const sg_option *const *row = command->options; *row; row++) {
        if (!(*row)->argument)
            continue;
        fputs("        ", stdout);
        if ((*row)->letter)
            printf("-%c | ", (*row)->letter);
        printf("--%s) ", (*row)->name);
        bash_value(kind_of_value(*row), *row);
    }
    fputs("        *) option='' ", stdout);
    bash_value(kind_of_operands(command), NULL);
    puts("        esac ;;");
}

static void print_bash(void)
{
    print_head("");
    puts("_segent() {\n"
         "    local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} kind "
         "words options before\n"
         "    COMPREPLY=()");
    fputs("    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        mapfile -t COMPREPLY < <(compgen -W '",
          stdout);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("%s ", command_list[i]->name);
    puts("help --help --version' -- \"$current\")\n"
         "        return\n"
         "    fi\n"
         "    # bash makes three words of --option=value.\n"
         "    if [ \"$current\" = '=' ]; then\n"
         "        current=''\n"
         "    elif [ \"$option\" = '=' ]; then\n"
         "        option=${COMP_WORDS[COMP_CWORD - 2]}\n"
         "    fi\n"
         "    case ${COMP_WORDS[1]} in");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        bash_command(command_list[i]);
    fputs("    help) kind=words option='' options='' words='", stdout);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("%s%s", i > 0 ? " " : "", command_list[i]->name);
    puts("' ;;\n"
         "    *) return ;;\n"
         "    esac\n"
         "    if [ -z \"$option\" ] && [ \"${current#-}\" != \"$current\" ]; then\n"
         "        kind=words words=$options\n"
         "    fi\n"
         "    case $kind in\n"
         "    words) mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\") ;;\n"
         "    list)\n"
         "        before=''\n"
         "        [ \"${current%,*}\" = \"$current\" ] || before=${current%,*},\n"
         "        mapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$words\" -- "
         "\"${current##*,}\") ;;\n"
         "    file)\n"
         "        compopt -o filenames 2>/dev/null\n"
         "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\"; compgen -W \"$words\" -- "
         "\"$current\") ;;\n"
         "    folder)\n"
         "        compopt -o filenames 2>/dev/null\n"
         "        mapfile -t COMPREPLY < <(compgen -d -- \"$current\") ;;\n"
         "    esac\n"
         "}\n"
         "complete -F _segent segent");
}

/* ---- zsh ---- */

/* What may stand in a place, as _arguments wants it: a message and an action. */
static void zsh_value(value_kind kind, const char *name, const sg_option *option)
{
    if (kind == VALUE_NONE)
        return;
    putchar(':');
    print_sentence(name, ":[]\\", "'\\''");
    putchar(':');
    switch (kind) {
    case VALUE_WORDS:
        putchar('(');
        print_words(option);
        putchar(')');
        break;
    case VALUE_LIST:
        fputs("_values -s , kind ", stdout);
        print_words(option);
        break;
    case VALUE_FILE:
        fputs("_files", stdout);
        break;
    case VALUE_FOLDER:
        fputs("_files -/", stdout);
        break;
    case VALUE_NETWORK:
        putchar('(');
        print_networks();
        putchar(')');
        break;
    case VALUE_MODEL:
        fputs("_segent_model", stdout);
        break;
    default:
        putchar(' ');
    }
}

static void zsh_line(const char *dashes, const sg_option *option, const char *behind)
{
    printf("            '%s%s[", dashes, behind);
    print_sentence(option->help, "[]:\\", "'\\''");
    putchar(']');
    zsh_value(kind_of_value(option), option->argument ? option->argument : "", option);
    puts("' \\");
}

static void zsh_option(const sg_option *option)
{
    char dashes[80];
    const char letter[] = {'-', option->letter, '\0'};
    if (option->letter)
        zsh_line(letter, option, option->argument ? "+" : "");
    snprintf(dashes, sizeof(dashes), "--%s", option->name);
    zsh_line(dashes, option, option->argument ? "=" : "");
    if (option->kind == OPTION_SWITCH) {
        snprintf(dashes, sizeof(dashes), "--no-%s", option->name);
        zsh_line(dashes, option, "");
    }
}

static void zsh_command(const sg_command *command)
{
    printf("        %s)\n            _arguments -s -S \\\n", command->name);
    for (const sg_option *const *row = command->options; *row; row++)
        zsh_option(*row);
    const value_kind kind = kind_of_operands(command);
    fputs("            ", stdout);
    if (kind == VALUE_NONE) {
        puts("&& return 0 ;;");
        return;
    }
    fputs("'*", stdout);
    zsh_value(kind, "input", NULL);
    puts("' && return 0 ;;");
}

static void print_zsh(void)
{
    print_head("#compdef segent\n");
    fputs("_segent_model() {\n    _alternative 'files:file:_files' 'networks:published network:(",
          stdout);
    print_networks();
    puts(")'\n}\n"
         "_segent() {\n"
         "    local curcontext=$curcontext state line\n"
         "    typeset -A opt_args\n"
         "    _arguments -C '(- *)'{-h,--help}'[print a short help]' '(- *)'{-V,--version}'[print "
         "the version]' \\\n"
         "        '1:command:->command' '*::argument:->argument' && return 0\n"
         "    case $state in\n"
         "    command)\n"
         "        local -a commands=(");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        printf("            '%s:", command_list[i]->name);
        print_sentence(command_list[i]->summary, ":\\", "'\\''");
        puts("'");
    }
    puts("            'help:explain a command')\n"
         "        _describe -t commands command commands ;;\n"
         "    argument)\n"
         "        case $words[1] in");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        zsh_command(command_list[i]);
    fputs("        help) _arguments '1:command:(", stdout);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("%s%s", i > 0 ? " " : "", command_list[i]->name);
    puts(")' ;;\n"
         "        esac ;;\n"
         "    esac\n"
         "}\n"
         "_segent \"$@\"");
}

/* ---- fish ---- */

static void fish_value(value_kind kind, const sg_option *option)
{
    switch (kind) {
    case VALUE_NONE:
        break;
    case VALUE_TEXT:
        fputs(" -x", stdout);
        break;
    case VALUE_WORDS:
        fputs(" -x -a '", stdout);
        print_words(option);
        putchar('\'');
        break;
    case VALUE_LIST:
        fputs(" -x -a '(__fish_append , ", stdout);
        print_words(option);
        fputs(")'", stdout);
        break;
    case VALUE_FILE:
        fputs(" -r -F", stdout);
        break;
    case VALUE_FOLDER:
        fputs(" -x -a '(__fish_complete_directories)'", stdout);
        break;
    case VALUE_NETWORK:
    case VALUE_MODEL:
        fputs(kind == VALUE_MODEL ? " -r -F -a '" : " -x -a '", stdout);
        print_networks();
        putchar('\'');
        break;
    }
}

static void fish_option(const sg_command *command, const sg_option *option)
{
    printf("complete -c segent -n '__fish_seen_subcommand_from %s'", command->name);
    if (option->letter)
        printf(" -s %c", option->letter);
    printf(" -l %s", option->name);
    fish_value(kind_of_value(option), option);
    fputs(" -d '", stdout);
    print_sentence(option->help, "\\", "\\'");
    puts("'");
    if (option->kind == OPTION_SWITCH)
        printf("complete -c segent -n '__fish_seen_subcommand_from %s' -l no-%s\n", command->name,
               option->name);
}

static void fish_operands(const sg_command *command)
{
    const value_kind kind = kind_of_operands(command);
    if (kind == VALUE_FILE)
        return; /* as fish does of itself */
    printf("complete -c segent -n '__fish_seen_subcommand_from %s'%s", command->name,
           kind == VALUE_MODEL ? "" : " -f");
    if (kind != VALUE_NONE) {
        fputs(" -a '", stdout);
        print_networks();
        putchar('\'');
    }
    putchar('\n');
}

static void print_fish(void)
{
    print_head("");
    puts("complete -c segent -n __fish_use_subcommand -f\n"
         "complete -c segent -n __fish_use_subcommand -s h -l help -d 'Print a short help'\n"
         "complete -c segent -n __fish_use_subcommand -s V -l version -d 'Print the version'");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        printf("complete -c segent -n __fish_use_subcommand -a %s -d '", command_list[i]->name);
        print_sentence(command_list[i]->summary, "\\", "\\'");
        puts("'");
    }
    puts("complete -c segent -n __fish_use_subcommand -a help -d 'Explain a command'");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fish_operands(command_list[i]);
        for (const sg_option *const *row = command_list[i]->options; *row; row++)
            fish_option(command_list[i], *row);
    }
}

static const struct {
    const char *shell;
    void (*print)(void);
} shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};

int main(int count, char **arguments)
{
    for (size_t i = 0; count == 2 && i < sizeof(shells) / sizeof(shells[0]); i++) {
        if (strcmp(arguments[1], shells[i].shell) == 0) {
            shells[i].print();
            return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
        }
    }
    fputs("usage: segent-completions bash|zsh|fish\n", stderr);
    return EXIT_FAILURE;
}
