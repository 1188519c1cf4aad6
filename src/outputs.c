/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "console.h"

static const char *const suffixes[SAVE_COUNT] = {".panel.png",   ".labels.png",  ".overlay.png",
                                                 ".entropy.png", ".entropy.npy", ".logits.npy",
                                                 ".probs.npy"};

const char *output_suffix(sg_save_kind kind)
{
    return suffixes[kind];
}

char *output_stem(const char *input)
{
    if (strcmp(input, "-") == 0)
        return text_join("stdin");
    const char *end = input + strlen(input);
    while (end > input + 1 && end[-1] == '/')
        end--;
    const char *base = end;
    while (base > input && base[-1] != '/')
        base--;
    /* A dot at the very beginning names a hidden file, not an extension. */
    for (const char *dot = end - 1; dot > base; dot--) {
        if (*dot == '.') {
            end = dot;
            break;
        }
    }
    return text_join("%.*s", (int)(end - base), base);
}

char *output_path(const char *folder, const char *input, const char *suffix)
{
    char *stem = output_stem(input);
    const size_t length = strlen(folder);
    const char *slash = length > 0 && folder[length - 1] == '/' ? "" : "/";
    char *path = strcmp(folder, ".") == 0 ? text_join("%s%s", stem, suffix)
                                          : text_join("%s%s%s%s", folder, slash, stem, suffix);
    free(stem);
    return path;
}

/* ---- name clashes ---- */

typedef struct named_input {
    char *stem;
    const char *input;
    int index; /* on the command line */
} named_input;

static int by_stem(const void *left, const void *right)
{
    const named_input *a = left, *b = right;
    const int order = strcmp(a->stem, b->stem);
    return order ? order : a->index - b->index;
}

static bool check_stems(const sg_settings *settings)
{
    const size_t count = (size_t)settings->input_count;
    named_input *named = memory_need(count, sizeof(*named));
    for (size_t i = 0; i < count; i++)
        named[i] = (named_input){output_stem(settings->inputs[i]), settings->inputs[i], (int)i};
    qsort(named, count, sizeof(*named), by_stem);
    bool distinct = true;
    for (size_t i = 1; i < count && distinct; i++) {
        distinct = strcmp(named[i - 1].stem, named[i].stem) != 0;
        if (!distinct)
            console_say("%s and %s would have the same outputs, %s.*; nothing was done",
                        named[i - 1].input, named[i].input, named[i].stem);
    }
    for (size_t i = 0; i < count; i++)
        free(named[i].stem);
    free(named);
    return distinct;
}

/* ---- outputs that are inputs ---- */

typedef struct file_id {
    dev_t device;
    ino_t inode;
} file_id;

static int by_id(const void *left, const void *right)
{
    const file_id *a = left, *b = right;
    if (a->device != b->device)
        return a->device < b->device ? -1 : 1;
    return a->inode < b->inode ? -1 : a->inode > b->inode;
}

static bool identify(const char *path, file_id *id)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return false;
    *id = (file_id){status.st_dev, status.st_ino};
    return true;
}

static bool overwrites(const char *path, const file_id *ids, size_t count)
{
    file_id id;
    return identify(path, &id) && bsearch(&id, ids, count, sizeof(id), by_id);
}

static bool check_overwriting(const sg_settings *settings, const char *const *wanted, int count)
{
    const size_t inputs = (size_t)settings->input_count;
    file_id *ids = memory_need(inputs, sizeof(*ids));
    size_t known = 0;
    for (size_t i = 0; i < inputs; i++)
        known += identify(settings->inputs[i], &ids[known]);
    qsort(ids, known, sizeof(*ids), by_id);
    bool safe = true;
    for (size_t i = 0; i < inputs && safe; i++) {
        for (int kind = 0; kind < count && safe; kind++) {
            char *path = output_path(settings->out, settings->inputs[i], wanted[kind]);
            safe = !overwrites(path, ids, known);
            if (!safe)
                console_say("%s: an output of %s would overwrite this input; nothing was done",
                            path, settings->inputs[i]);
            free(path);
        }
    }
    free(ids);
    return safe;
}

/* ---- the folder ---- */

/* What this program made, parents first. */
static char **made_folders;
static size_t made_count;

static bool make_one(const char *path)
{
    if (mkdir(path, 0777) != 0)
        return errno == EEXIST;
    made_folders = memory_grow(made_folders, made_count + 1, sizeof(*made_folders));
    made_folders[made_count++] = text_join("%s", path);
    return true;
}

/* With its parents. A part that exists as something else shows in the check afterwards. */
static bool make_folder(const char *folder)
{
    char *path = text_join("%s", folder);
    bool made = true;
    for (char *slash = strchr(path + 1, '/'); slash && made; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        made = make_one(path);
        *slash = '/';
    }
    made = made && make_one(path);
    const int cause = errno;
    free(path);
    errno = cause;
    return made;
}

static bool prepare_folder(const char *folder)
{
    struct stat status;
    if (stat(folder, &status) != 0 && !make_folder(folder)) {
        console_say("%s: cannot make this folder: %s", folder, strerror(errno));
        return false;
    }
    if (stat(folder, &status) != 0) {
        console_say("%s: %s", folder, strerror(errno));
        return false;
    }
    if (!S_ISDIR(status.st_mode)) {
        console_say("%s: not a folder", folder);
        return false;
    }
    if (access(folder, W_OK | X_OK) != 0) {
        console_say("%s: cannot write into this folder: %s", folder, strerror(errno));
        return false;
    }
    return true;
}

bool outputs_prepare(const sg_settings *settings, const char *const *wanted, int count)
{
    return count == 0 || (check_stems(settings) && check_overwriting(settings, wanted, count) &&
                          prepare_folder(settings->out));
}

void outputs_finish(void)
{
    while (made_count > 0) {
        char *path = made_folders[--made_count];
        (void)rmdir(path); /* refused when there is something in it */
        free(path);
    }
    free(made_folders);
    made_folders = NULL;
}
