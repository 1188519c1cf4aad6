/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* segent fetch: the files that torchvision publishes. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "fetch_file.h"
#include "model_file.h"
#include "option_table.h"
#include "outputs.h"
#include "progress.h"
#include "published.h"
#include "words.h"

typedef struct fetch_job {
    const sg_settings *settings;
    fetch_target *targets;
    int count;
    sg_progress progress;
} fetch_job;

/* ---- all files ---- */

static int fetch_all(fetch_job *job)
{
    int done = 0;
    job->progress = progress_begin(job->settings, job->count);
    for (int i = 0; i < job->count && !console_interrupted() && console_flush(); i++) {
        fetch_target *target = &job->targets[i];
        progress_next(&job->progress, target->published->network);
        if (!target->right)
            fetch_examine(target); /* again, because a name may be given twice */
        if (!target->right && !fetch_file(job->settings, &job->progress, target))
            continue;
        done++;
        if (!job->settings->quiet) {
            progress_clear(&job->progress);
            console_print(target->path);
            putchar('\n');
        }
    }
    progress_clear(&job->progress);
    if (console_interrupted())
        console_say("interrupted: %d of %d done; the same command goes on from there", done,
                    job->count);
    return done == job->count ? STATUS_DONE : STATUS_FAILED;
}

/* Whether the files can be fetched at all: the folder can be written, and a sha256 be computed.
 * Returns an exit status; another than STATUS_DONE was said. */
static int prepare(const fetch_job *job, const char *folder)
{
    char sha256[SHA256_TEXT_SIZE];
    bool right = true;
    for (int i = 0; i < job->count; i++)
        right = right && job->targets[i].right;
    if (right)
        return STATUS_DONE;
    if (!sha256_text("", 0, sha256)) {
        console_say("nothing is fetched, because this build cannot check a sha256 (it was built "
                    "without libmd)");
        return STATUS_FAILED;
    }
    return outputs_folder(folder) ? STATUS_DONE : STATUS_USAGE;
}

/* The published files of the operands. False: one of them is none, already said. */
static bool find_targets(fetch_job *job)
{
    for (int i = 0; i < job->count; i++) {
        const char *name = job->settings->inputs[i], *closest = published_closest(name);
        job->targets[i] = (fetch_target){.published = published_by_name(name)};
        if (job->targets[i].published)
            continue;
        if (closest)
            console_say("no network '%s' is published; did you mean '%s'?", name, closest);
        else
            console_say("no network '%s' is published (see 'segent fetch --list')", name);
        return false;
    }
    return true;
}

/* Where the files come from and go to. */
static void place_targets(fetch_job *job, const char *folder)
{
    const char *base = job->settings->from ? job->settings->from : PUBLISHED_ADDRESS;
    const char *base_slash = base[strlen(base) - 1] == '/' ? "" : "/";
    const char *folder_slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
    for (int i = 0; i < job->count; i++) {
        fetch_target *target = &job->targets[i];
        const char *file = target->published->file;
        target->address = text_join("%s%s%s", base, base_slash, file);
        target->path = text_join("%s%s%s", folder, folder_slash, file);
        target->part = text_join("%s.part", target->path);
        fetch_examine(target);
    }
}

static void free_targets(fetch_job *job)
{
    for (int i = 0; i < job->count; i++) {
        free(job->targets[i].address);
        free(job->targets[i].path);
        free(job->targets[i].part);
        free(job->targets[i].fault);
    }
}

static int print_list(void)
{
    for (size_t i = 0; i < PUBLISHED_COUNT; i++) {
        const sg_published *published = &published_files[i];
        char number[DIGITS_SIZE];
        char *path = model_file_find(published->file);
        printf("%-28s  %11s  ", published->network, digits_grouped(published->bytes, number));
        if (path)
            console_print(path);
        else
            printf("%s%s", PUBLISHED_ADDRESS, published->file);
        putchar('\n');
        free(path);
    }
    return STATUS_DONE;
}

/* Fetches the operands into a folder. */
static int fetch_into(const sg_settings *settings, const char *folder)
{
    fetch_job job = {.settings = settings,
                     .targets = memory_need((size_t)settings->input_count, sizeof(fetch_target)),
                     .count = settings->input_count};
    int status = STATUS_USAGE;
    if (find_targets(&job)) {
        place_targets(&job, folder);
        status = prepare(&job, folder);
        if (status == STATUS_DONE)
            status = fetch_all(&job);
        free_targets(&job);
    }
    free(job.targets);
    return status;
}

static int fetch_main(const sg_settings *settings)
{
    if (settings->list)
        return print_list();
    char *folder =
        option_given(settings, "out") ? text_join("%s", settings->out) : model_file_home();
    if (!folder) {
        console_say("no folder to write to: $SEGENT_HOME and $HOME are not set; --out names one");
        return STATUS_USAGE;
    }
    const int status = fetch_into(settings, folder);
    free(folder);
    return status;
}

/* ---- the options ---- */

static const sg_option from_option = {
    .name = "from",
    .kind = OPTION_TEXT,
    .group = GROUP_INPUT,
    .offset = SETTING(from),
    .argument = "URL",
    .help = "Where the files are (default: " PUBLISHED_ADDRESS ").",
    .manual = "The name of the file is put behind it. What comes from a mirror is checked in the "
              "same way.",
};

static const sg_option folder_option = {
    .name = "out",
    .letter = 'o',
    .kind = OPTION_TEXT,
    .group = GROUP_OUTPUT,
    .offset = SETTING(out),
    .argument = "DIR",
    .help = "Folder of the files, made if it is missing (default: $SEGENT_HOME, or else torch "
            "hub's, where -m finds them by name).",
};

static const sg_option list_option = {
    .name = "list",
    .kind = OPTION_FLAG,
    .group = GROUP_REPORT,
    .offset = SETTING(list),
    .help = "Print the published files and fetch none: name, bytes, and the path of the file that "
            "-m finds, or else its address.",
};

static const sg_option *const option_rows[] = {&from_option,  &folder_option,  &list_option,
                                               &quiet_option, &verbose_option, &progress_option,
                                               &help_option,  &version_option, NULL};

static const char *conflict(const sg_settings *settings)
{
    if (settings->list && (settings->input_count > 0 || option_given(settings, "out") ||
                           option_given(settings, "from")))
        return "--list prints the table and takes no names";
    if (settings->from && (!strstr(settings->from, "://") || settings->from[0] == '-'))
        return "--from needs an address such as " PUBLISHED_ADDRESS;
    return NULL;
}

const sg_command fetch_command = {
    .name = "fetch",
    .operands = "NAME...",
    .summary = "download files that torchvision publishes",
    .description =
        "Downloads checkpoints that torchvision publishes, by curl or wget: NAME is that of the "
        "network, such as fcn_resnet50, or of the file. Each is checked by its size and its "
        "sha256; what an interrupted download left, in FILE.part, is taken up by the next one. A "
        "file that is there already is checked, and stays if it is right. Prints the paths of the "
        "files.",
    .manual = "Of some files only the first eight digits of the sha256 are known, which their "
              "names have, and only these are compared. If the hash differs, what came is removed. "
              "A file of that name that is not the published one is replaced. The programs are "
              "looked for on the PATH, curl first, and called without a shell; their own files of "
              "settings and the variables for proxies hold.",
    .examples = "  segent fetch deeplabv3_resnet101\n"
                "  segent run -m deeplabv3_resnet101 cat.jpg\n"
                "  segent fetch --from https://mirror.example/models/ -o weights fcn_resnet50\n",
    .options = option_rows,
    .fewest_inputs = 1,
    .most_inputs = -1,
    .conflict = conflict,
    .run = fetch_main,
};
