/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Parses a command line: the first byte chooses the subcommand, and then come arguments, each ended
 * by a NUL. Standard error must get whole lines without control characters. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "fuzz.h"

enum { ARGUMENTS_MAX = 64 };

/* Splits `text`, which has a NUL behind its last byte, into arguments. */
static int split(char *text, size_t size, char **arguments)
{
    int count = 0;
    for (size_t at = 0; at < size && count < ARGUMENTS_MAX; at += strlen(text + at) + 1)
        arguments[count++] = text + at;
    return count;
}

static void check_settings(const sg_settings *settings, int count)
{
    fuzz_check(settings->input_count >= 0 && settings->input_count <= count, "inputs from nowhere");
    for (int i = 0; i < settings->input_count; i++)
        fuzz_check(strlen(settings->inputs[i]) < SIZE_MAX, "an input without an end");
    fuzz_check(settings->out && settings->threads >= 0 && settings->threads <= 1024,
               "settings out of range");
    (void)option_given(settings, "out");
}

/* Checks the lines on standard error. */
static void check_said(const char *said, size_t size, bool parsed)
{
    fuzz_check(parsed == (size == 0), "a refusal without a sentence, or a sentence without one");
    for (size_t i = 0; i < size; i++)
        fuzz_check(said[i] == '\n' || ((unsigned char)said[i] >= 0x20 && said[i] != 0x7f),
                   "a control character on the terminal");
    fuzz_check(size == 0 || said[size - 1] == '\n', "half a line");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const sg_command *command = command_list[data[0] % COMMAND_COUNT];
    char *text = malloc(size), *arguments[ARGUMENTS_MAX], *said = NULL;
    size_t said_size = 0;
    fuzz_check(text != NULL, "no memory for a command line");
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    const int count = split(text, size - 1, arguments);
    FILE *const terminal = stderr;
    stderr = open_memstream(&said, &said_size);
    sg_settings settings;
    const bool parsed = options_parse(command, count, arguments, &settings);
    fclose(stderr);
    stderr = terminal;
    if (parsed)
        check_settings(&settings, count);
    check_said(said, said_size, parsed);
    free(settings.inputs);
    free(said);
    free(text);
    return 0;
}
