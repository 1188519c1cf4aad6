/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* segent: the command. It uses nothing of the project but the public header. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "outputs.h"
#include "segent/segent.h"
#include "shaped.h"
#include "words.h"

static const sg_command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(command_list[i]->name, name) == 0)
            return command_list[i];
    }
    return NULL;
}

static int print_version(void)
{
    printf("segent %s\n", segent_version());
    return STATUS_DONE;
}

static void print_entries(const char *title, const sg_entry *entries, int count, int width)
{
    printf("\n%s\n", title);
    for (int i = 0; i < count; i++)
        printf("  %-*s  %s\n", width, entries[i].term, entries[i].help);
}

static int print_help(void)
{
    puts("Usage: segent COMMAND [options] [files]\n"
         "\n"
         "Semantic segmentation with its uncertainty: class labels, a per-pixel entropy\n"
         "map and one entropy number for each picture.\n"
         "\n"
         "Commands");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %-9s %s\n", command_list[i]->name, command_list[i]->summary);
    puts("\n"
         "'segent COMMAND --help' explains a command, 'segent --version' prints the\n"
         "version.");
    print_entries("Environment", environment_list, ENVIRONMENT_COUNT, 12);
    print_entries("Exit status", status_list, STATUS_COUNT, 1);
    puts("\n"
         "Examples\n"
         "  segent run cat.jpg\n"
         "  segent fetch deeplabv3_resnet101\n"
         "  segent run -m deeplabv3_resnet101 -o out *.jpg\n"
         "  segent info model.pth");
    return STATUS_DONE;
}

static int unknown_command(const char *name)
{
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = command_list[i]->name;
    const char *closest = closest_word(name, names, COMMAND_COUNT);
    if (strchr(name, '.'))
        console_say("unknown command '%s'; did you mean 'segent run %s'?", name, name);
    else if (closest)
        console_say("unknown command '%s'; did you mean 'segent %s'?", name, closest);
    else
        console_say("unknown command '%s' (see 'segent --help')", name);
    return STATUS_USAGE;
}

static int run_command_line(const sg_command *command, int count, char **arguments)
{
    sg_settings settings;
    int status = STATUS_USAGE;
    if (options_parse(command, count, arguments, &settings)) {
        status = STATUS_DONE;
        if (settings.help)
            options_help(command);
        else if (settings.version)
            print_version();
        else
            status = command->run(&settings);
        outputs_finish();
        shaped_finish();
    }
    free(settings.inputs);
    return status;
}

static int dispatch(int count, char **arguments)
{
    static char help_option[] = "--help";
    if (count == 0) {
        console_say("no command given (see 'segent --help')");
        return STATUS_USAGE;
    }
    const char *name = arguments[0];
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
        return print_version();
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return print_help();
    if (strcmp(name, "help") == 0) {
        if (count == 1)
            return print_help();
        const sg_command *explained = find_command(arguments[1]);
        char *ask_help[] = {help_option};
        return explained ? run_command_line(explained, 1, ask_help) : unknown_command(arguments[1]);
    }
    const sg_command *command = find_command(name);
    if (command)
        return run_command_line(command, count - 1, arguments + 1);
    if (name[0] == '-') {
        console_say("the command comes before options such as '%s' (see 'segent --help')", name);
        return STATUS_USAGE;
    }
    return unknown_command(name);
}

int main(int count, char **arguments)
{
    console_start();
    return console_finish(dispatch(count > 0 ? count - 1 : 0, arguments + 1));
}
