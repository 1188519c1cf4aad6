/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "stamp.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "console.h"
#include "hash.h"
#include "outputs.h"

/* ---- as text ---- */

void stamp_write(const sg_stamp *stamp, char text[STAMP_LENGTH + 1])
{
    snprintf(text, STAMP_LENGTH + 1, "%016" PRIx64 "-%016" PRIx64 "-%016" PRIx64 "-%016" PRIx64,
             stamp->run, stamp->file, stamp->picture, stamp->outputs);
}

bool stamp_read(const char text[STAMP_LENGTH], sg_stamp *stamp)
{
    static const char digits[] = "0123456789abcdef";
    uint64_t *const parts[] = {&stamp->run, &stamp->file, &stamp->picture, &stamp->outputs};
    for (int i = 0; i < STAMP_LENGTH; i++) {
        const bool dash = i % 17 == 16;
        const char *digit = text[i] ? strchr(digits, text[i]) : NULL;
        if (dash ? text[i] != '-' : !digit)
            return false;
        if (!dash)
            *parts[i / 17] = *parts[i / 17] << 4 | (uint64_t)(digit - digits);
    }
    return true;
}

/* ---- files ---- */

static void add_time(sg_hash *hash, const struct timespec *time)
{
    hash_add_number(hash, (uint64_t)time->tv_sec);
    hash_add_number(hash, (uint64_t)time->tv_nsec);
}

static uint64_t not_zero(const sg_hash *hash)
{
    const uint64_t value = hash_end(hash);
    return value ? value : 1;
}

static uint64_t hash_of_status(const struct stat *status)
{
    sg_hash hash = hash_begin();
    hash_add_number(&hash, (uint64_t)status->st_size);
    hash_add_number(&hash, (uint64_t)status->st_ino);
    add_time(&hash, &status->st_mtim);
    add_time(&hash, &status->st_ctim);
    return not_zero(&hash);
}

uint64_t stamp_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? hash_of_status(&status) : 0;
}

bool stamp_bytes(const char *path, uint64_t *bytes)
{
    sg_hash hash = hash_begin();
    /* O_NONBLOCK, because opening a pipe that nobody writes to would wait for ever. */
    const int descriptor = stamp_file(path) ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    const bool done = descriptor >= 0 && hash_add_file(&hash, descriptor);
    if (descriptor >= 0) {
        const int cause = errno;
        (void)close(descriptor);
        errno = cause;
    }
    if (done)
        *bytes = hash_end(&hash);
    return done;
}

uint64_t stamp_outputs(const sg_settings *settings, const char *input)
{
    sg_hash hash = hash_begin();
    bool there = true;
    for (int kind = 0; kind < SAVE_COUNT && there; kind++) {
        if (!(settings->save >> kind & 1))
            continue;
        struct stat status;
        char *path = output_path(settings->out, input, output_suffix((sg_save_kind)kind));
        there = stat(path, &status) == 0 && S_ISREG(status.st_mode);
        if (there) {
            hash_add_text(&hash, path);
            hash_add_number(&hash, (uint64_t)status.st_size);
            add_time(&hash, &status.st_mtim);
        }
        free(path);
    }
    return there ? not_zero(&hash) : 0;
}

/* ---- what all pictures share ---- */

/* Options that change a result. What only limits, reports or speeds up does not count, and the
 * number of threads changes nothing. */
static void add_options(sg_hash *hash, const sg_settings *settings)
{
    const int64_t numbers[] = {settings->size,          settings->save,        settings->rates[0],
                               settings->rates[1],      settings->rates[2],    settings->background,
                               settings->output_stride, settings->output_size, settings->engine,
                               settings->precision,     settings->range,       settings->colormap,
                               settings->no_orient};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        hash_add_number(hash, (uint64_t)numbers[i]);
    hash_add(hash, &settings->temperature, sizeof(settings->temperature));
    hash_add_text(hash, settings->prefix);
    hash_add_text(hash, settings->set);
    hash_add_text(hash, settings->settings_file);
}

/* Adds the bytes of a file that did not change since the library read it. */
static bool add_file(sg_hash *hash, const char *path)
{
    uint64_t bytes;
    if (!stamp_file(path))
        return false;
    if (!stamp_bytes(path, &bytes)) {
        console_say("%s: cannot read: %s", path, strerror(errno));
        return false;
    }
    hash_add_number(hash, bytes);
    return true;
}

bool stamp_run(const sg_settings *settings, const char *path, const segent_model_details *details,
               uint64_t *run)
{
    sg_hash hash = hash_begin();
    const char *beside = details->settings_file;
    hash_add_text(&hash, segent_version());
    add_options(&hash, settings);
    if (!add_file(&hash, path) || (beside && *beside && !add_file(&hash, beside)))
        return false;
    *run = hash_end(&hash);
    return true;
}
