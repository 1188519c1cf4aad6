/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "console.h"
#include "model_file.h"
#include "published.h"

#define DEMO_NAME "segent-demo.safetensors"

static void log_line(void *user, int32_t level, const char *message)
{
    const sg_settings *settings = user;
    const int32_t wanted = settings->verbose ? SEGENT_LOG_INFO : SEGENT_LOG_WARNING;
    if (settings->quiet || level > wanted)
        return;
    char *sentence = console_name_options(message);
    console_say("%s", sentence);
    free(sentence);
}

static segent_context *create(const segent_options *options)
{
    segent_context *context = NULL;
    const segent_status status = segent_context_create(options, &context);
    if (status != SEGENT_OK)
        console_say("cannot start: %s", segent_last_error(NULL));
    return context;
}

segent_context *session_open(const sg_settings *settings)
{
    segent_options options = segent_options_init();
    options.threads = (int32_t)settings->threads;
    options.memory_limit = settings->memory_limit;
    options.log = log_line;
    options.log_user = (void *)settings;
    return create(&options);
}

segent_image_options session_image_options(const sg_settings *settings)
{
    segent_image_options options = segent_image_options_init();
    options.orient = settings->no_orient ? SEGENT_ORIENT_STORED : SEGENT_ORIENT_UPRIGHT;
    if (settings->background >= 0)
        options.background = settings->background ? settings->background : SEGENT_BACKGROUND_BLACK;
    options.pixel_limit = settings->pixel_limit;
    options.scan_limit = (int32_t)settings->scan_limit;
    return options;
}

segent_context *session_open_outputs(void)
{
    segent_options options = segent_options_init();
    options.threads = 1;
    options.memory_limit = INT64_MAX;
    return create(&options);
}

/* The path of the bundled model in the installed tree that this program stands in, wherever that
 * was moved to. To free; NULL: it is not there. */
static char *beside_program(void)
{
    char program[4096];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
    if (length <= 0)
        return NULL;
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash)
        return NULL;
    *slash = '\0';
    char *path = text_join("%s/../share/segent/%s", program, DEMO_NAME);
    char *plain = realpath(path, NULL);
    free(path);
    return plain;
}

static char *find_bundled(void)
{
    char *places[] = {beside_program(), text_join("%s/%s", SEGENT_DATA_DIR, DEMO_NAME),
                      text_join("%s/%s", SEGENT_SOURCE_DEMO_DIR, DEMO_NAME)};
    char *found = NULL;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (!found && places[i] && access(places[i], R_OK) == 0)
            found = places[i];
        else
            free(places[i]);
    }
    return found;
}

/* The model that the command line or the environment names, or NULL. */
static const char *named_model(const sg_settings *settings)
{
    const char *environment = getenv("SEGENT_MODEL");
    if (settings->model)
        return settings->model;
    return environment && *environment ? environment : NULL;
}

char *session_model_path(const sg_settings *settings)
{
    const char *named = named_model(settings);
    return named ? model_file_find(named) : find_bundled();
}

char *session_find_file(const char *named)
{
    char *path = model_file_find(named);
    if (!path)
        model_file_say_missing(named);
    return path;
}

char *session_find_model(const sg_settings *settings)
{
    const sg_published *published = &published_files[0];
    const char *named = named_model(settings);
    if (named)
        return session_find_file(named);
    char *path = find_bundled();
    if (!path)
        console_say("no model given (-m FILE or $SEGENT_MODEL) and no demonstration model found; "
                    "'segent fetch %s' fetches weights from %s%s",
                    published->network, PUBLISHED_ADDRESS, published->file);
    else if (!settings->quiet)
        console_say("no model given: using the bundled demonstration model (drawn scenes, not "
                    "photographs); 'segent fetch %s' fetches weights from %s%s",
                    published->network, PUBLISHED_ADDRESS, published->file);
    return path;
}
