/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "clashes.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "console.h"
#include "outputs.h"

/* ---- inputs with the same stem ---- */

typedef struct named_input {
    char *stem;
    char *key; /* made from the stem; inputs with equal keys are compared further */
    const char *input;
    int index; /* its place on the command line */
} named_input;

static int by_key(const void *left, const void *right)
{
    const named_input *a = left, *b = right;
    const int order = strcmp(a->key, b->key);
    return order ? order : a->index - b->index;
}

static char *same_key(const char *stem)
{
    return text_join("%s", stem);
}

/* A key that is the same for all stems that some file system takes as one. Letter case is left out,
 * and so is everything beyond ASCII, where each file system has rules of its own. */
static char *coarse_key(const char *stem)
{
    char *key = text_join("%s", stem);
    char *end = key;
    for (const char *next = stem; *next; next++) {
        if ((unsigned char)*next < 0x80)
            *end++ = (char)tolower((unsigned char)*next);
    }
    *end = '\0';
    return key;
}

/* The inputs sorted by the keys of their stems. To free with free_inputs(). */
static named_input *sort_inputs(const sg_settings *settings, char *(*make_key)(const char *))
{
    const size_t count = (size_t)settings->input_count;
    named_input *named = memory_need(count, sizeof(*named));
    for (size_t i = 0; i < count; i++) {
        char *stem = output_stem(settings->inputs[i]);
        named[i] = (named_input){stem, make_key(stem), settings->inputs[i], (int)i};
    }
    qsort(named, count, sizeof(*named), by_key);
    return named;
}

static void free_inputs(named_input *named, int count)
{
    for (int i = 0; i < count; i++) {
        free(named[i].stem);
        free(named[i].key);
    }
    free(named);
}

static void say_same(const named_input *first, const named_input *second, const char *where)
{
    console_say("%s and %s would have the same outputs%s, %s.*; nothing was done "
                "(run them one at a "
                "time, each with an --out of its own)",
                first->input, second->input, where, second->stem);
}

static bool check_stems(const sg_settings *settings)
{
    named_input *named = sort_inputs(settings, same_key);
    bool distinct = true;
    for (int i = 1; i < settings->input_count && distinct; i++) {
        distinct = strcmp(named[i - 1].key, named[i].key) != 0;
        if (!distinct)
            say_same(&named[i - 1], &named[i], "");
    }
    free_inputs(named, settings->input_count);
    return distinct;
}

/* ---- all outputs ---- */

typedef struct output {
    char *path;
    const char *input;
    char *place; /* the file that its path leads to, links followed; see check_places() */
} output;

typedef struct output_list {
    output *all;
    size_t count;
} output_list;

static output_list list_outputs(const sg_settings *settings, const char *const *suffixes, int kinds)
{
    const size_t inputs = (size_t)settings->input_count, count = inputs * (size_t)kinds;
    const output_list list = {memory_need(count, sizeof(*list.all)), count};
    for (size_t i = 0; i < count; i++) {
        const char *input = settings->inputs[i / (size_t)kinds];
        list.all[i] =
            (output){output_path(settings->out, input, suffixes[i % (size_t)kinds]), input, NULL};
    }
    return list;
}

static void free_outputs(output_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->all[i].path);
        free(list->all[i].place);
    }
    free(list->all);
}

/* ---- outputs that are something else ---- */

typedef struct known_file {
    dev_t device;
    ino_t inode;
    const char *role;
} known_file;

static int by_id(const void *left, const void *right)
{
    const known_file *a = left, *b = right;
    if (a->device != b->device)
        return a->device < b->device ? -1 : 1;
    return a->inode < b->inode ? -1 : a->inode > b->inode;
}

/* Adds a file to the list, if it is a regular one, and returns how many were added: 0 or 1. */
static size_t add_known(known_file *known, const struct stat *status, const char *role)
{
    if (!S_ISREG(status->st_mode))
        return 0;
    *known = (known_file){status->st_dev, status->st_ino, role};
    return 1;
}

static size_t add_path(known_file *known, const char *path, const char *role)
{
    struct stat status;
    return stat(path, &status) == 0 ? add_known(known, &status, role) : 0;
}

static size_t add_descriptor(known_file *known, int descriptor, const char *role)
{
    struct stat status;
    return fstat(descriptor, &status) == 0 ? add_known(known, &status, role) : 0;
}

/* The files that must not be overwritten, in the order of by_id(). To free. */
static known_file *list_known(const sg_settings *settings, const char *model, const char *manifest,
                              size_t *count)
{
    enum { OTHERS = 4 }; /* beside the inputs: the model, the manifest and two streams */
    known_file *known = memory_need((size_t)settings->input_count + OTHERS, sizeof(*known));
    size_t next = 0;
    for (int i = 0; i < settings->input_count; i++) {
        const char *input = settings->inputs[i];
        next += strcmp(input, "-") == 0 ? add_descriptor(&known[next], STDIN_FILENO, "this input")
                                        : add_path(&known[next], input, "this input");
    }
    if (model)
        next += add_path(&known[next], model, "the model");
    if (manifest)
        next += add_path(&known[next], manifest, "the manifest");
    next += add_descriptor(&known[next], STDOUT_FILENO, "the file of standard output");
    next += add_descriptor(&known[next], STDERR_FILENO, "the file of standard error");
    qsort(known, next, sizeof(*known), by_id);
    *count = next;
    return known;
}

static bool check_known(const output_list *list, const sg_settings *settings, const char *model)
{
    size_t count;
    known_file *known = list_known(settings, model, settings->manifest, &count);
    const known_file *hit = NULL;
    for (size_t i = 0; i < list->count && !hit; i++) {
        known_file self;
        if (add_path(&self, list->all[i].path, NULL) == 1)
            hit = bsearch(&self, known, count, sizeof(self), by_id);
        if (hit)
            console_say("%s: an output of %s would overwrite %s; nothing was done",
                        list->all[i].path, list->all[i].input, hit->role);
    }
    free(known);
    return !hit;
}

/* What a file at `path` is known as, or NULL: nothing. */
static const char *role_of(const sg_settings *settings, const char *model, const char *path)
{
    size_t count;
    known_file self, *known = list_known(settings, model, NULL, &count);
    const known_file *hit =
        add_path(&self, path, NULL) == 1 ? bsearch(&self, known, count, sizeof(self), by_id) : NULL;
    const char *role = hit ? hit->role : NULL;
    free(known);
    return role;
}

bool clashes_check_manifest(const sg_settings *settings, const char *model)
{
    const char *role = role_of(settings, model, settings->manifest);
    if (role)
        console_say("%s: the manifest would be appended to %s; nothing was done",
                    settings->manifest, role);
    return !role;
}

bool clashes_check_state(const sg_settings *settings, const char *model)
{
    const char *role = role_of(settings, model, settings->state);
    if (role)
        console_say("%s: the state would overwrite %s; nothing was done", settings->state, role);
    return !role;
}

/* ---- outputs that lead to one file ---- */

static int by_place(const void *left, const void *right)
{
    const output *a = left, *b = right;
    return strcmp(a->place, b->place);
}

static bool is_link(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

/* Only symbolic links can lead two outputs to one place. Their names differ already, and hard links
 * are no matter, because a file is replaced, not written into, which parts them. */
static bool check_places(output_list *list, const char *folder)
{
    bool links = false, distinct = true;
    for (size_t i = 0; i < list->count && !links; i++)
        links = is_link(list->all[i].path);
    if (!links)
        return true;
    char *base = realpath(folder, NULL);
    for (size_t i = 0; i < list->count; i++) {
        output *one = &list->all[i];
        const char *slash = strrchr(one->path, '/');
        one->place = is_link(one->path) ? realpath(one->path, NULL) : NULL;
        if (!one->place)
            one->place = text_join("%s/%s", base ? base : folder, slash ? slash + 1 : one->path);
    }
    free(base);
    qsort(list->all, list->count, sizeof(*list->all), by_place);
    for (size_t i = 1; i < list->count && distinct; i++) {
        const output *a = &list->all[i - 1], *b = &list->all[i];
        distinct = strcmp(a->place, b->place) != 0;
        if (!distinct)
            console_say("%s and %s are links to one file, %s; nothing was done", a->path, b->path,
                        a->place);
    }
    return distinct;
}

bool clashes_check(const sg_settings *settings, const char *const *suffixes, int suffix_count,
                   const char *model)
{
    if (!check_stems(settings))
        return false;
    output_list list = list_outputs(settings, suffixes, suffix_count);
    const bool fine = check_known(&list, settings, model) && check_places(&list, settings->out);
    free_outputs(&list);
    return fine;
}

bool clashes_check_path(const sg_settings *settings, char *path)
{
    sg_settings first = *settings;
    output one = {path, settings->inputs[0], NULL};
    const output_list list = {&one, 1};
    first.input_count = 1;
    return check_known(&list, &first, NULL);
}

/* ---- names that the file system takes as one ---- */

/* Makes an empty file of the output's name. False: the file system says that it exists, so its name
 * is the same as that of one made before. */
static bool make_probe(const char *folder, const char *stem, const char *suffix)
{
    char *path = text_join("%s/%s%s", folder, stem, suffix);
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool distinct = descriptor >= 0 || errno != EEXIST;
    if (descriptor >= 0)
        (void)close(descriptor);
    free(path);
    return distinct;
}

/* The position of the input before group[index] whose empty file is that of group[index]. */
static int find_probe(const char *folder, const named_input *group, int index, const char *suffix)
{
    int found = 0;
    char *path = text_join("%s/%s%s", folder, group[index].stem, suffix);
    for (int i = 0; i < index; i++) {
        struct stat one, other;
        char *earlier = text_join("%s/%s%s", folder, group[i].stem, suffix);
        if (lstat(path, &one) == 0 && lstat(earlier, &other) == 0 && one.st_ino == other.st_ino)
            found = i;
        free(earlier);
    }
    free(path);
    return found;
}

static void remove_probe(const char *folder, const char *stem, const char *suffix)
{
    char *path = text_join("%s/%s%s", folder, stem, suffix);
    (void)unlink(path);
    free(path);
}

/* Whether inputs with the same coarse key have different outputs on this file system: makes an
 * empty file for each in a new folder, which is removed again. Where no folder can be made, they
 * count as different. */
static bool probe_group(const named_input *group, int count, const char *out, const char *suffix)
{
    char *folder = text_join("%s/.segent-XXXXXX", out);
    bool distinct = true;
    if (mkdtemp(folder)) {
        int made = 0;
        while (made < count && make_probe(folder, group[made].stem, suffix))
            made++;
        distinct = made == count;
        if (!distinct)
            say_same(&group[find_probe(folder, group, made, suffix)], &group[made],
                     " on this file system");
        for (int i = 0; i < made; i++)
            remove_probe(folder, group[i].stem, suffix);
        (void)rmdir(folder);
    }
    free(folder);
    return distinct;
}

bool clashes_probe(const sg_settings *settings, const char *const *suffixes)
{
    named_input *named = sort_inputs(settings, coarse_key);
    bool distinct = true;
    for (int first = 0, end; first < settings->input_count && distinct; first = end) {
        end = first + 1;
        while (end < settings->input_count && strcmp(named[first].key, named[end].key) == 0)
            end++;
        if (end - first > 1)
            distinct = probe_group(named + first, end - first, settings->out, suffixes[0]);
    }
    free_inputs(named, settings->input_count);
    return distinct;
}
