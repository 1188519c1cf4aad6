/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* segent fetch: the files that torchvision publishes. A file grows under the name NAME.part, and
 * takes its own name when its size and its sha256 are right, so that a file of that name is whole.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "console.h"
#include "download.h"
#include "input.h"
#include "model_file.h"
#include "option_table.h"
#include "outputs.h"
#include "progress.h"
#include "published.h"
#include "words.h"

/* A file to fetch. */
typedef struct fetch_target {
    const sg_published *published;
    char *path, *part, *address;
    char
        *fault; /* what is wrong with the file that is there; NULL: it is right, or none is there */
    bool right; /* the published file is there */
} fetch_target;

typedef struct fetch_job {
    const sg_settings *settings;
    fetch_target *targets;
    int count;
    sg_progress progress;
} fetch_job;

/* ---- checks ---- */

/* What is wrong with the file, to free; NULL: it is the published one. */
static char *find_fault(const sg_published *published, const char *path)
{
    char cause[256], sha256[SHA256_TEXT_SIZE], here[DIGITS_SIZE], there[DIGITS_SIZE];
    sg_input bytes;
    if (!input_try(path, &bytes, cause, sizeof(cause)))
        return text_join("%s", cause);
    char *fault = NULL;
    if ((int64_t)bytes.size != published->bytes)
        fault = text_join("its size is %s bytes, not %s", digits_grouped((int64_t)bytes.size, here),
                          digits_grouped(published->bytes, there));
    else if (!sha256_text(bytes.data, bytes.size, sha256))
        fault = text_join("its sha256 cannot be computed in this build");
    else if (!published_matches(published, (int64_t)bytes.size, sha256))
        fault = text_join("its sha256 is %s, %s %s", sha256,
                          published_hash_known(published) ? "not" : "which does not begin with",
                          published->sha256);
    input_close(&bytes);
    return fault;
}

/* Looks at what is there already. */
static void examine(fetch_target *target)
{
    struct stat status;
    free(target->fault);
    target->fault = NULL;
    if (lstat(target->path, &status) != 0)
        return;
    target->fault = find_fault(target->published, target->path);
    target->right = target->fault == NULL;
}

/* ---- one file ---- */

static bool fail(const fetch_target *target, const char *cause)
{
    console_fail(target->published->network, cause);
    return false;
}

/* Whether the place of the file can be taken: nothing is there, or a file that another may replace.
 */
static bool place_is_free(const sg_settings *settings, const fetch_target *target)
{
    struct stat status;
    if (lstat(target->path, &status) != 0)
        return true;
    if (!S_ISREG(status.st_mode)) {
        char *cause = text_join("%s is in the way, which is no plain file; remove it or choose "
                                "another folder by --out",
                                target->path);
        fail(target, cause);
        free(cause);
        return false;
    }
    if (!settings->quiet)
        console_say("%s: not the published file, but replaced by it: %s", target->path,
                    target->fault);
    return true;
}

/* Opens the file that grows, and locks it against another process that fetches the same. What is
 * there of it stays, unless it cannot be the beginning. A descriptor; -1: failed, already said. */
static int open_part(const fetch_target *target)
{
    struct stat status;
    const int part =
        open(target->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    char *cause = NULL;
    if (part < 0 && errno == ELOOP)
        cause = text_join("cannot write %s: it is a symbolic link", target->part);
    else if (part < 0 || fstat(part, &status) != 0)
        cause = text_join("cannot write %s: %s", target->part, strerror(errno));
    else if (!S_ISREG(status.st_mode))
        cause = text_join("cannot write %s: not a plain file", target->part);
    else if (flock(part, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        cause = text_join("another process is fetching %s", target->part);
    else if (status.st_size >= target->published->bytes) {
        char *fault = find_fault(target->published, target->part);
        if (fault && ftruncate(part, 0) != 0)
            cause = text_join("cannot empty %s: %s", target->part, strerror(errno));
        free(fault);
    }
    if (!cause)
        return part;
    if (part >= 0)
        close(part);
    fail(target, cause);
    free(cause);
    return -1;
}

/* Says why the download failed. What came is kept, if it can be the beginning. */
static void fail_download(const fetch_target *target, int part, const char *cause)
{
    struct stat status;
    const bool known = fstat(part, &status) == 0;
    const bool kept = known && status.st_size > 0 && status.st_size <= target->published->bytes;
    char *sentence = text_join("cannot fetch %s: %s%s%s", target->address, cause,
                               kept ? "; the next try goes on behind what is in " : "",
                               kept ? target->part : "");
    if (!kept)
        unlink(target->part);
    if (!console_interrupted())
        fail(target, sentence);
    free(sentence);
}

static bool fill_part(fetch_job *job, const fetch_target *target, int part)
{
    struct stat status;
    if (fstat(part, &status) == 0 && status.st_size == target->published->bytes)
        return true;
    const sg_download download = {.address = target->address,
                                  .path = target->part,
                                  .bytes = target->published->bytes,
                                  .progress = &job->progress,
                                  .verbose = job->settings->verbose};
    char *cause = download_file(&download);
    if (cause)
        fail_download(target, part, cause);
    free(cause);
    return cause == NULL;
}

/* Checks the file that has grown, and gives it its name. */
static bool finish_part(const fetch_target *target, int part)
{
    char *fault = find_fault(target->published, target->part), *cause = NULL;
    if (fault) {
        unlink(target->part);
        cause = text_join("what came from %s is not %s, and was removed: %s", target->address,
                          target->published->file, fault);
    } else if (fsync(part) != 0 || rename(target->part, target->path) != 0) {
        cause = text_join("cannot write %s: %s", target->path, strerror(errno));
    }
    if (cause)
        fail(target, cause);
    free(fault);
    free(cause);
    return cause == NULL;
}

static bool fetch_file(fetch_job *job, const fetch_target *target)
{
    if (!place_is_free(job->settings, target))
        return false;
    const int part = open_part(target);
    if (part < 0)
        return false;
    const double start = clock_seconds();
    const bool done = fill_part(job, target, part) && finish_part(target, part);
    close(part);
    if (done && job->settings->verbose)
        console_say("%s: fetched and checked in %.1f s", target->path, clock_seconds() - start);
    return done;
}

/* ---- all files ---- */

static int fetch_all(fetch_job *job)
{
    int done = 0;
    job->progress = progress_begin(job->settings, job->count);
    for (int i = 0; i < job->count && !console_interrupted() && console_flush(); i++) {
        fetch_target *target = &job->targets[i];
        progress_next(&job->progress, target->published->network);
        if (!target->right)
            examine(target); /* again, because a name may be given twice */
        if (!target->right && !fetch_file(job, target))
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
        examine(target);
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
