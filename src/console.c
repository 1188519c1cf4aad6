/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "console.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "utf8.h"

/* The signals that ask to stop. `taken` tells which of them have our handler. */
static const int stopping[] = {SIGINT, SIGTERM, SIGHUP};
enum { STOPPING = sizeof(stopping) / sizeof(stopping[0]) };
static volatile sig_atomic_t taken[STOPPING];
static volatile sig_atomic_t caught_signal;
static bool status_shown, output_failed;

/* Takes our handler away, so that these signals end the process again. */
static void restore_signals(void)
{
    const struct sigaction action = {.sa_handler = SIG_DFL};
    for (size_t i = 0; i < STOPPING; i++) {
        if (taken[i])
            sigaction(stopping[i], &action, NULL);
    }
}

/* The first signal is only noted: the work sees it between two steps and stops. The handler is gone
 * then, so that a second one ends the process, whatever it waits for. */
static void on_signal(int number)
{
    restore_signals();
    caught_signal = number;
}

static void take_signals(void)
{
    struct sigaction old, action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < STOPPING; i++)
        sigaddset(&action.sa_mask, stopping[i]);
    for (size_t i = 0; i < STOPPING; i++) {
        /* What the caller ignores (nohup, a background job) stays ignored. */
        taken[i] = sigaction(stopping[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN;
        if (taken[i])
            sigaction(stopping[i], &action, NULL);
    }
}

/* A file that is opened while descriptor 1 is closed gets that number, and what is printed would go
 * into it. So descriptors that the caller closed are opened, but in the wrong direction: reading or
 * writing still fails, as it should. */
static void fill_descriptors(void)
{
    for (int descriptor = 0; descriptor < 3; descriptor++) {
        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF)
            (void)open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY);
    }
}

void console_start(void)
{
    /* Any help is written at once, so that its failure has a cause to tell. */
    static char output[1 << 16];
    if (!isatty(STDOUT_FILENO))
        (void)setvbuf(stdout, output, _IOFBF, sizeof(output));
    fill_descriptors();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    take_signals();
}

void console_clean(char *text)
{
    char *end = text;
    for (const char *next = text; *next;) {
        const char *start = next;
        const uint32_t code = utf8_next(&next);
        if (code == UTF8_INVALID || utf8_is_control(code)) {
            *end++ = '?';
        } else {
            memmove(end, start, (size_t)(next - start));
            end += next - start;
        }
    }
    *end = '\0';
}

void console_print(const char *text)
{
    char *clean = text_join("%s", text);
    console_clean(clean);
    fputs(clean, stdout);
    free(clean);
}

void console_status(const char *text)
{
    if (text)
        fprintf(stderr, "\r\x1b[K%s", text);
    else if (status_shown)
        fputs("\r\x1b[K", stderr);
    status_shown = text != NULL;
    fflush(stderr);
}

enum { LINE_SIZE = 4096, HEAD = 2000, TAIL = 1000 };

/* Replaces the middle of a line that became too long, from a value without end on the command line,
 * say. Its end stays, because that tells what is wrong. */
static void shorten(char line[LINE_SIZE], const char *format, va_list arguments)
{
    char *whole = NULL;
    const int length = vasprintf(&whole, format, arguments);
    if (length >= LINE_SIZE)
        snprintf(line + HEAD, LINE_SIZE - HEAD, " ... %s", whole + length - TAIL);
    if (length >= 0)
        free(whole);
}

static void say(const char *format, va_list arguments)
{
    char line[LINE_SIZE];
    va_list again;
    va_copy(again, arguments);
    if (vsnprintf(line, sizeof(line), format, arguments) >= LINE_SIZE)
        shorten(line, format, again);
    va_end(again);
    console_clean(line);
    console_status(NULL);
    fprintf(stderr, "segent: %s\n", line);
}

void console_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
}

/* The sentence without the function's name that it may begin with, or "memory: " for bytes that the
 * command read itself: neither means anything to a user of the command. */
static const char *skip_origin(const char *cause)
{
    const size_t length = strspn(cause, "abcdefghijklmnopqrstuvwxyz_");
    const bool named = strncmp(cause, "segent_", 7) == 0 || strncmp(cause, "memory:", 7) == 0;
    return named && strncmp(cause + length, ": ", 2) == 0 ? cause + length + 2 : cause;
}

char *console_name_options(const char *sentence)
{
    static const struct {
        const char *member, *option;
    } names[] = {{"segent_image_options.pixel_limit", "--pixel-limit"},
                 {"segent_options.memory_limit", "--memory-limit"},
                 {"segent_image_options.scan_limit", "--scan-limit"},
                 {"segent_model_options.prefix", "--prefix"},
                 {"segent_model_options.settings", "--set"},
                 {"segent_uncertainty_from_logits", "'segent entropy'"}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *found = strstr(sentence, names[i].member);
        if (found)
            return text_join("%.*s%s%s", (int)(found - sentence), sentence, names[i].option,
                             found + strlen(names[i].member));
    }
    return text_join("%s", sentence);
}

void console_fail(const char *file, const char *cause)
{
    char *sentence = console_name_options(skip_origin(cause));
    char *clean = text_join("%s:", file);
    console_clean(clean);
    if (strncmp(sentence, clean, strlen(clean)) == 0)
        console_say("%s", sentence);
    else
        console_say("%s %s", clean, sentence);
    free(clean);
    free(sentence);
}

bool console_flush(void)
{
    if (output_failed)
        return false;
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    const int cause = errno ? errno : EIO;
    output_failed = true;
    if (!caught_signal) /* after a signal, interrupted writing is what was asked for */
        console_say("cannot write to standard output: %s", strerror(cause));
    return false;
}

bool console_interrupted(void)
{
    return caught_signal != 0;
}

int console_finish(int status)
{
    restore_signals();
    console_status(NULL);
    const bool written = console_flush();
    if (caught_signal)
        raise(caught_signal);
    return !written && status == STATUS_DONE ? STATUS_FAILED : status;
}

void out_of_memory(void)
{
    restore_signals();
    console_say("out of memory");
    exit(STATUS_FAILED);
}

void *memory_grow(void *memory, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        out_of_memory();
    void *grown = realloc(memory, count * size > 0 ? count * size : 1);
    if (!grown)
        out_of_memory();
    return grown;
}

void *memory_need(size_t count, size_t size)
{
    return memory_grow(NULL, count, size);
}

char *text_join(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        out_of_memory();
    va_end(arguments);
    return text;
}

double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
