/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "download.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "console.h"
#include "words.h"

enum {
    ARGUMENTS_MAX = 20,
    TICK_MILLISECONDS = 50,
    SAID_SIZE = 1024, /* of what a program said last */
    PIPE_READS = 128, /* after which a pipe of 64 KiB is empty */
    CURL_CANNOT_RESUME = 33
};

/* A program that downloads. Its arguments end with the option that takes the path; the path and the
 * address follow. An address that sends nothing for a minute is given up. */
typedef struct fetcher {
    const char *name;
    const char *arguments[ARGUMENTS_MAX - 4];
    int cannot_resume; /* its exit status where a site sends whole files only; 0: it copes */
} fetcher;

static const fetcher fetchers[] = {
    {"curl",
     {"--fail", "--location", "--globoff", "--silent", "--show-error", "--connect-timeout", "60",
      "--speed-time", "60", "-C", "-", "-o", NULL},
     CURL_CANNOT_RESUME},
    {"wget", {"-nv", "-T", "60", "-t", "3", "-c", "-O", NULL}, 0}};
enum { FETCHERS = sizeof(fetchers) / sizeof(fetchers[0]) };

/* A program at work. */
typedef struct fetcher_run {
    const fetcher *program;
    pid_t process;
    int errors; /* the reading end of its stderr; -1: it closed that */
    char said[SAID_SIZE];
    size_t said_length; /* of the last that it said */
    bool stopped, overrun;
} fetcher_run;

static int64_t size_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (int64_t)status.st_size : 0;
}

/* ---- starting it ---- */

/* Starts the program with `errors` as its stderr. 0, or an error number. */
static int spawn(const fetcher *program, const sg_download *download, int errors, pid_t *process)
{
    const char *arguments[ARGUMENTS_MAX] = {program->name};
    size_t count = 1;
    for (; program->arguments[count - 1]; count++)
        arguments[count] = program->arguments[count - 1];
    arguments[count++] = download->path;
    arguments[count] = download->address;

    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE); /* which this process ignores */
    if (posix_spawn_file_actions_init(&files) != 0)
        return ENOMEM;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    int cause = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    if (cause == 0)
        cause = posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    if (cause == 0)
        cause = posix_spawn_file_actions_adddup2(&files, errors, 2);
    if (cause == 0)
        cause =
            posix_spawnp(process, program->name, &files, &attributes, (char **)arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return cause;
}

/* Starts the first program that is there. NULL, or the cause, to free. */
static char *start(const sg_download *download, fetcher_run *run)
{
    int ends[2], cause = ENOENT;
    signal(SIGCHLD,
           SIG_DFL); /* who ignores it, as a caller may have left it, gets no exit status */
    if (pipe2(ends, O_CLOEXEC) != 0)
        return text_join("cannot make a pipe: %s", strerror(errno));
    for (size_t i = 0; i < FETCHERS && (cause == ENOENT || cause == EACCES); i++) {
        run->program = &fetchers[i];
        cause = spawn(run->program, download, ends[1], &run->process);
    }
    close(ends[1]);
    run->errors = ends[0];
    if (cause == 0 && download->verbose)
        console_say("%s fetches %s", run->program->name, download->address);
    if (cause == 0)
        return NULL;
    close(ends[0]);
    return cause == ENOENT || cause == EACCES
               ? text_join("neither curl nor wget is on the PATH; install one of them")
               : text_join("%s cannot be started: %s", run->program->name, strerror(cause));
}

/* ---- waiting for it ---- */

/* Waits for a moment, or until the program says something, of which the end is kept. */
static void listen_to(fetcher_run *run, int milliseconds)
{
    char bytes[SAID_SIZE / 2];
    struct pollfd ready = {.fd = run->errors, .events = POLLIN};
    if (poll(&ready, 1, milliseconds) <= 0 || run->errors < 0)
        return;
    const ssize_t got = read(run->errors, bytes, sizeof(bytes));
    if (got <= 0) {
        close(run->errors);
        run->errors = -1;
        return;
    }
    const size_t room = SAID_SIZE - 1 - (size_t)got;
    const size_t dropped = run->said_length > room ? run->said_length - room : 0;
    memmove(run->said, run->said + dropped, run->said_length - dropped);
    run->said_length -= dropped;
    memcpy(run->said + run->said_length, bytes, (size_t)got);
    run->said_length += (size_t)got;
}

/* Ends the program if a signal asks for it, or if it brings more than there should be. */
static void supervise(const sg_download *download, fetcher_run *run)
{
    const int64_t here = size_of(download->path);
    run->overrun = here > download->bytes;
    const bool stop =
        progress_report(download->progress, (double)here / (double)download->bytes) != 0;
    if ((stop || run->overrun) && !run->stopped) {
        kill(run->process, SIGTERM);
        run->stopped = true;
    }
}

/* Waits for the program's end; how it ended, as waitpid() has it. It is not enough to wait until it
 * closes its stderr, which a program that it started may hold open. */
static int wait_for(const sg_download *download, fetcher_run *run)
{
    int how = 0;
    pid_t ended = 0;
    while (ended == 0 || (ended < 0 && errno == EINTR)) {
        listen_to(run, TICK_MILLISECONDS);
        supervise(download, run);
        ended = waitpid(run->process, &how, WNOHANG);
    }
    for (int i = 0; i < PIPE_READS && run->errors >= 0; i++)
        listen_to(run, 0);
    if (run->errors >= 0)
        close(run->errors);
    run->overrun = size_of(download->path) > download->bytes;
    run->said[run->said_length] = '\0';
    return how;
}

/* ---- what it says ---- */

/* The last line that the program said, without its name before it and a full stop behind; "" if
 * there is none. */
static const char *last_line(fetcher_run *run)
{
    char *said = run->said;
    size_t length = strlen(said);
    while (length > 0 && strchr("\r\n .", said[length - 1]))
        said[--length] = '\0';
    const char *line = strrchr(said, '\n');
    line = line ? line + 1 : said;
    const size_t name = strlen(run->program->name);
    return strncmp(line, run->program->name, name) == 0 && strncmp(line + name, ": ", 2) == 0
               ? line + name + 2
               : line;
}

/* Why the program did not succeed, to free; NULL: it did. */
static char *describe(const sg_download *download, fetcher_run *run, int how)
{
    char number[DIGITS_SIZE];
    const char *name = run->program->name, *line = last_line(run);
    if (run->overrun)
        return text_join("more than its %s bytes come", digits_grouped(download->bytes, number));
    if (WIFEXITED(how) && WEXITSTATUS(how) == 0)
        return NULL;
    if (*line)
        return text_join("%s: %s", name, line);
    return WIFEXITED(how) ? text_join("%s ended with exit status %d", name, WEXITSTATUS(how))
                          : text_join("%s was ended by signal %d", name, WTERMSIG(how));
}

char *download_file(const sg_download *download)
{
    for (;;) {
        fetcher_run run = {0};
        char *cause = start(download, &run);
        if (cause)
            return cause;
        const int how = wait_for(download, &run);
        const bool resumes = !WIFEXITED(how) || !run.program->cannot_resume ||
                             WEXITSTATUS(how) != run.program->cannot_resume;
        /* A site that sends whole files only is asked again, for all of the file. */
        if (resumes || size_of(download->path) == 0 || truncate(download->path, 0) != 0)
            return describe(download, &run, how);
    }
}
