/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clashes.h"
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

/* ---- the folder ---- */

/* The folders that this program made, parents before what is in them. */
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

/* Makes a folder and its parents. A part of the path that exists as something else than a folder is
 * found by the check that follows. */
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

bool outputs_folder(const char *folder)
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

bool outputs_prepare(const sg_settings *settings, const char *const *wanted, int count,
                     const char *model)
{
    return count == 0 || (clashes_check(settings, wanted, count, model) &&
                          outputs_folder(settings->out) && clashes_probe(settings, wanted));
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
