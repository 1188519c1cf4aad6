/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "model_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "console.h"
#include "published.h"
#include "words.h"

/* The folders of published files: a variable of the environment and what follows its value. The
 * order is that of the search; torch itself looks into the first of its three that is set. */
static const struct {
    const char *variable, *below;
} places[] = {{"SEGENT_HOME", ""},
              {"TORCH_HOME", "/hub/checkpoints"},
              {"XDG_CACHE_HOME", "/torch/hub/checkpoints"},
              {"HOME", "/.cache/torch/hub/checkpoints"}};
enum { PLACES = sizeof(places) / sizeof(places[0]) };

/* The folder of a place, or NULL if its variable is not set. A "~" at the beginning, which a file
 * of settings passes on as it is, is the home folder, as it is to torch. To free. */
static char *folder_of(int place)
{
    const char *value = getenv(places[place].variable), *home = getenv("HOME");
    if (!value || !*value)
        return NULL;
    if (strncmp(value, "~/", 2) == 0 && home && *home)
        return text_join("%s%s%s", home, value + 1, places[place].below);
    return text_join("%s%s", value, places[place].below);
}

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

/* The published network that is nearly the name, or NULL. Only bare names are looked at: with a
 * slash or a dot it is more likely the path of a file. */
static const char *nearly(const char *named)
{
    return strpbrk(named, "/.") ? NULL : published_closest(named);
}

char *model_file_find(const char *named)
{
    const sg_published *published = published_by_name(named);
    if (is_file(named) || (!published && !nearly(named)))
        return text_join("%s", named);
    char *found = NULL;
    for (int place = 0; published && place < PLACES && !found; place++) {
        char *folder = folder_of(place);
        char *path = folder ? text_join("%s/%s", folder, published->file) : NULL;
        if (path && is_file(path))
            found = path;
        else
            free(path);
        free(folder);
    }
    return found;
}

/* The folders that were looked into, as in "a, b and c"; "no folder" if there are none. To free. */
static char *describe_folders(void)
{
    char *text = NULL;
    int left = 0;
    for (int place = 0; place < PLACES; place++) {
        char *folder = folder_of(place);
        left += folder != NULL;
        free(folder);
    }
    for (int place = 0; place < PLACES; place++) {
        char *folder = folder_of(place), *before = text;
        if (!folder)
            continue;
        left--;
        text = text_join("%s%s%s", before ? before : "",
                         !before    ? ""
                         : left > 0 ? ", "
                                    : " or ",
                         folder);
        free(before);
        free(folder);
    }
    return text ? text : text_join("any folder, because $SEGENT_HOME and $HOME are not set");
}

void model_file_say_missing(const char *named)
{
    const sg_published *published = published_by_name(named);
    if (!published) {
        console_say("%s: there is no such file, and no published network of this name; did you "
                    "mean '%s'?",
                    named, nearly(named));
        return;
    }
    char number[DIGITS_SIZE];
    char *folders = describe_folders();
    const bool by_file = strcmp(named, published->file) == 0;
    console_say("%s: %s %s %s; 'segent fetch %s' fetches it from %s%s (%s bytes)", named,
                by_file ? "the file" : published->file,
                by_file ? "is neither here nor in" : "is not in", folders, published->network,
                PUBLISHED_ADDRESS, published->file, digits_grouped(published->bytes, number));
    free(folders);
}

char *model_file_home(void)
{
    char *folder = NULL;
    for (int place = 0; place < PLACES && !folder; place++)
        folder = folder_of(place);
    return folder;
}
