/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "fetch_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "console.h"
#include "download.h"
#include "input.h"
#include "words.h"

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

void fetch_examine(fetch_target *target)
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
        console_say("%s: not the published file, and will be replaced by it: %s", target->path,
                    target->fault);
    return true;
}

/* Opens the file that grows, and locks it against another process that fetches the same. What is
 * there of it stays, unless it cannot be the beginning. A descriptor; -1: failed, already said. */
static int open_part(const fetch_target *target)
{
    struct stat status;
    /* The program that downloads inherits the descriptor, and with it the lock, which so lasts as
     * long as anybody writes. */
    const int part = open(target->part, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0666);
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

static bool fill_part(const sg_settings *settings, sg_progress *progress,
                      const fetch_target *target, int part)
{
    struct stat status;
    if (fstat(part, &status) == 0 && status.st_size == target->published->bytes)
        return true;
    const sg_download download = {.address = target->address,
                                  .path = target->part,
                                  .bytes = target->published->bytes,
                                  .progress = progress,
                                  .verbose = settings->verbose};
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

bool fetch_file(const sg_settings *settings, sg_progress *progress, const fetch_target *target)
{
    if (!place_is_free(settings, target))
        return false;
    const int part = open_part(target);
    if (part < 0)
        return false;
    const double start = clock_seconds();
    const bool done = fill_part(settings, progress, target, part) && finish_part(target, part);
    close(part);
    if (done && settings->verbose)
        console_say("%s: fetched and checked in %.1f s", target->path, clock_seconds() - start);
    return done;
}
