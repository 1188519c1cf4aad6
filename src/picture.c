/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "picture.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "console.h"
#include "input.h"
#include "outputs.h"
#include "session.h"

segent_status picture_load(segent_context *context, const sg_settings *settings, const char *path,
                           segent_image **image)
{
    const segent_image_options options = session_image_options(settings);
    if (input_refuse_folder(path, ".jpg"))
        return SEGENT_ERROR_IO;
    if (!input_is_stream(path)) {
        const segent_status status = segent_image_load(context, path, &options, image);
        if (status != SEGENT_OK)
            console_fail(input_name(path), segent_last_error(context));
        return status;
    }
    sg_input bytes;
    if (!input_open(path, &bytes))
        return SEGENT_ERROR_IO;
    const segent_status status =
        segent_image_load_memory(context, bytes.data, bytes.size, &options, image);
    if (status != SEGENT_OK)
        console_fail(input_name(path), segent_last_error(context));
    input_close(&bytes);
    return status;
}

/* ---- folders ---- */

static bool ends_with(const char *name, const char *ending)
{
    const size_t length = strlen(name), end = strlen(ending);
    return length > end && strcasecmp(name + length - end, ending) == 0;
}

static bool is_output(const char *name)
{
    for (int kind = 0; kind < SAVE_COUNT; kind++) {
        if (ends_with(name, output_suffix(kind)))
            return true;
    }
    return false;
}

static bool is_picture(const char *name)
{
    const bool kind =
        ends_with(name, ".jpg") || ends_with(name, ".jpeg") || ends_with(name, ".png");
    return name[0] != '.' && kind && !is_output(name);
}

void names_add(sg_names *list, char *name)
{
    if (list->count == list->room) {
        list->room = list->room ? list->room * 2 : 64;
        list->names = memory_grow(list->names, list->room, sizeof(*list->names));
    }
    list->names[list->count++] = name;
}

static int by_name(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Adds the files of a folder that are accepted, in the order of their names' bytes. `none` says
 * what is missing if there is none. False: that, or it cannot be read, already said. */
static bool add_folder(sg_names *list, const char *folder, bool (*accept)(const char *name),
                       const char *none)
{
    const size_t before = list->count;
    const char *slash = ends_with(folder, "/") || strcmp(folder, "/") == 0 ? "" : "/";
    DIR *stream = opendir(folder);
    if (!stream) {
        console_fail(folder, strerror(errno));
        return false;
    }
    for (const struct dirent *entry = readdir(stream); entry; entry = readdir(stream)) {
        if (accept(entry->d_name))
            names_add(list, text_join("%s%s%s", folder, slash, entry->d_name));
    }
    closedir(stream);
    if (list->count == before) {
        console_fail(folder, none);
        return false;
    }
    qsort(list->names + before, list->count - before, sizeof(*list->names), by_name);
    return true;
}

bool pictures_add(sg_names *list, const char *input)
{
    struct stat status;
    if (!input_is_stream(input) && stat(input, &status) == 0 && S_ISDIR(status.st_mode))
        return add_folder(list, input, is_picture,
                          "no picture (.jpg, .jpeg or .png) in this folder");
    names_add(list, text_join("%s", input));
    return true;
}

static bool is_array(const char *name)
{
    return name[0] != '.' && ends_with(name, ".npy") &&
           !ends_with(name, output_suffix(SAVE_ENTROPY_NPY));
}

static bool is_logits(const char *name)
{
    return is_array(name) && !ends_with(name, output_suffix(SAVE_PROBS_NPY));
}

static bool is_probabilities(const char *name)
{
    return is_array(name) && !ends_with(name, output_suffix(SAVE_LOGITS_NPY));
}

bool arrays_add(sg_names *list, const char *folder, bool probabilities)
{
    return add_folder(list, folder, probabilities ? is_probabilities : is_logits,
                      "no array (.npy) in this folder");
}

void pictures_free(sg_names *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->names[i]);
    free(list->names);
    *list = (sg_names){.names = NULL};
}
