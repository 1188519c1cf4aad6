/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Runs a fuzz target over files and folders, as an ordinary test and for compilers without
 * libFuzzer: driver [--mutate N] FILE_OR_FOLDER... With --mutate, N changed inputs follow each
 * file, always the same ones. */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

enum { ROOM = 4096 };

static fuzz_random chance;
static size_t files, changes;
static size_t mutations; /* changed inputs that follow each file */
static bool done;

/* Makes the simplest changes there are, in the place of libFuzzer's function, which makes better
 * ones.
 */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
    const size_t at = fuzz_below(&chance, size);
    switch (fuzz_below(&chance, 4)) {
    case 0:
        if (size < 2)
            break;
        memmove(data + at, data + at + 1, size - at - 1);
        return size - 1;
    case 1:
        if (size == max_size)
            break;
        memmove(data + at + 1, data + at, size - at);
        data[at] = (uint8_t)fuzz_next(&chance);
        return size + 1;
    case 2:
        if (size > 0)
            data[at] = (uint8_t)(data[at] ^ 1u << fuzz_below(&chance, 8));
        return size;
    default:
        break;
    }
    if (size > 0)
        data[at] = (uint8_t)fuzz_odd_number(&chance, data[at]);
    return size;
}

/* Tries an input in a block that ends where the input ends, so that reads beyond it are seen. */
static void try_input(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    fuzz_check(copy != NULL, "no memory for an input");
    if (size > 0)
        memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

/* Tries changed inputs: each changes the one before it, every fourth is the file crossed with the
 * one before it, and every eighth begins with the file again. */
static void try_changes(const uint8_t *data, size_t size)
{
    const size_t room = size * 2 + ROOM;
    uint8_t *changed = malloc(room), *mixed = malloc(room);
    fuzz_check(changed && mixed, "no memory for changes");
    memcpy(changed, data, size);
    size_t changed_size = size;
    for (size_t i = 0; i < mutations; i++, changes++) {
        const unsigned seed = (unsigned)fuzz_next(&chance);
        if (i % 4 == 3) {
            const size_t mixed_size =
                LLVMFuzzerCustomCrossOver(data, size, changed, changed_size, mixed, room, seed);
            try_input(mixed, mixed_size);
            continue;
        }
        if (i % 8 == 0)
            memcpy(changed, data, changed_size = size);
        changed_size = LLVMFuzzerCustomMutator(changed, changed_size, room, seed);
        try_input(changed, changed_size);
    }
    free(changed);
    free(mixed);
}

static void run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat status;
    if (!file || fstat(fileno(file), &status) != 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(EXIT_FAILURE);
    }
    uint8_t *data = malloc((size_t)status.st_size + 1);
    fuzz_check(data != NULL, "no memory for a file");
    const size_t size = fread(data, 1, (size_t)status.st_size, file);
    fclose(file);
    files++;
    try_input(data, size);
    if (mutations > 0)
        try_changes(data, size);
    free(data);
}

static int is_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Tries a file, or all files of a folder in the order of their names, so that all runs are alike.
 */
static void run_path(const char *path)
{
    struct stat status;
    struct dirent **entries;
    if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode)) {
        run_file(path);
        return;
    }
    const int count = scandir(path, &entries, is_file, alphasort);
    if (count < 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(EXIT_FAILURE);
    }
    for (int i = 0; i < count; i++) {
        char inner[4096];
        snprintf(inner, sizeof(inner), "%s/%s", path, entries[i]->d_name);
        run_path(inner);
        free(entries[i]);
    }
    free(entries);
}

/* Fails when a target ends the process, which no input may make it do. */
static void on_exit_early(void)
{
    if (done)
        return;
    fputs("fuzz: the target ended the process\n", stderr);
    _exit(EXIT_FAILURE);
}

int main(int count, char **arguments)
{
    int next = 1;
    if (count > 2 && strcmp(arguments[1], "--mutate") == 0) {
        mutations = strtoul(arguments[2], NULL, 10);
        next = 3;
    }
    atexit(on_exit_early);
    for (; next < count; next++)
        run_path(arguments[next]);
    done = true;
    printf("%zu files, %zu changes of them\n", files, changes);
    return files > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
