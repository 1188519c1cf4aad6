/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What stands between the command and the system it runs on: messages on stderr, a checked stdout,
 * signals, memory, the clock. */

#ifndef CONSOLE_H
#define CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The exit statuses of the command; commands.c has what the help says of them. */
enum {
    STATUS_DONE = 0,
    STATUS_FAILED = 1, /* some input failed, the others are done */
    STATUS_USAGE = 2,  /* the command line was refused, and nothing was begun */
    STATUS_MODEL = 3   /* the model cannot be used */
};

/* Opens what the caller left closed of descriptors 0 to 2, and takes over SIGINT, SIGTERM, SIGHUP,
 * SIGPIPE and SIGXFSZ. Call it first. */
void console_start(void);

/* Says one line on stderr, "segent: " and the text, whose control characters are replaced. */
void console_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A sentence of the library, in which the name of an option, "--pixel-limit", stands in the place
 * of the member of a struct that programs know it by, "segent_image_options.pixel_limit". To free.
 */
char *console_name_options(const char *sentence);

/* Says the failure of one input, "segent: FILE: cause"; `cause` may begin with the file already. */
void console_fail(const char *file, const char *cause);

/* A status line that the next message or status line replaces; NULL removes it. */
void console_status(const char *text);

/* Flushes stdout; false, after saying so once, when something could not be written. */
bool console_flush(void);

/* Whether a signal asked to stop; the work in hand is finished or cancelled, then
 * console_finish() ends the process as that signal would have. A second signal does so at once. */
bool console_interrupted(void);

/* The exit status at the end of main: `status`, unless stdout failed. From here on signals do what
 * they do by themselves. Does not return after one. */
int console_finish(int status);

/* `text` without what a terminal would obey and without bytes that are not UTF-8, in place; the
 * library makes its sentences harmless in the same way. */
void console_clean(char *text);

/* Prints a text from outside on stdout, made harmless by console_clean(). */
void console_print(const char *text);

/* Memory of `count` times `size` bytes, and text as printf() makes it. There is no failure to
 * handle: when memory is out, the process says so and ends with STATUS_FAILED. Free with free(). */
void out_of_memory(void) __attribute__((noreturn)); /* says so and ends with STATUS_FAILED */
void *memory_need(size_t count, size_t size);
void *memory_grow(void *memory, size_t count, size_t size);
char *text_join(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Seconds of a clock that nobody sets, from an arbitrary beginning. */
double clock_seconds(void);

#endif
