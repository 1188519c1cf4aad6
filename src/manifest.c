/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "console.h"
#include "json.h"

/* Lines that are longer than this are nobody's, and are passed over. */
static const size_t line_limit = (size_t)1 << 26;
enum { FIRST_ROOM = 1 << 18 };

/* What stands before the name of the input, and around the stamp. */
static const char head[] = "{\"image\": ", before_stamp[] = ", \"stamp\": \"",
                  after_stamp[] = "\"}";
enum {
    HEAD = sizeof(head) - 1,
    BEFORE = sizeof(before_stamp) - 1,
    AFTER = sizeof(after_stamp) - 1,
    TAIL = BEFORE + STAMP_LENGTH + AFTER
};

static bool fail(const sg_manifest *manifest, const char *what, int cause)
{
    console_say("%s: cannot %s the manifest: %s", manifest->path, what, strerror(cause));
    return false;
}

/* ---- the file ---- */

/* O_NONBLOCK, because opening a pipe that nobody reads would wait for ever. */
static const int open_flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

/* Waits for the lock, unless a signal comes. False: there is none. */
static bool lock(const sg_manifest *manifest)
{
    int result;
    do
        result = flock(manifest->descriptor, LOCK_EX);
    while (result != 0 && errno == EINTR && !console_interrupted());
    return result == 0;
}

bool manifest_open(sg_manifest *manifest, const char *path)
{
    struct stat status;
    *manifest = (sg_manifest){.path = path, .descriptor = open(path, open_flags)};
    if (manifest->descriptor < 0 && errno == ENOENT) {
        manifest->descriptor = open(path, open_flags | O_CREAT, 0666);
        manifest->made = manifest->descriptor >= 0;
    }
    if (manifest->descriptor < 0)
        return fail(manifest, "open", errno);
    if (fstat(manifest->descriptor, &status) == 0 && S_ISREG(status.st_mode))
        return true;
    console_say("%s: cannot be the manifest: not a regular file", path);
    manifest_close(manifest, false);
    return false;
}

void manifest_close(sg_manifest *manifest, bool drop)
{
    struct stat status;
    if (manifest->descriptor < 0)
        return;
    if (drop && manifest->made && lock(manifest) && fstat(manifest->descriptor, &status) == 0 &&
        status.st_size == 0)
        (void)unlink(manifest->path);
    (void)close(manifest->descriptor);
    for (size_t i = 0; i < manifest->count; i++)
        free(manifest->entries[i].name);
    free(manifest->entries);
    *manifest = (sg_manifest){.descriptor = -1};
}

/* Reads `count` bytes at an offset. False: they are not there; errno is 0 at the end of the file.
 */
static bool read_at(const sg_manifest *manifest, char *bytes, size_t count, off_t offset)
{
    while (count > 0) {
        const ssize_t got = pread(manifest->descriptor, bytes, count, offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            errno = got == 0 ? 0 : errno;
            return false;
        }
        bytes += got;
        offset += got;
        count -= (size_t)got;
    }
    return true;
}

/* ---- lines ---- */

/* The length of the text of JSON at the beginning of `line`, quotes included; 0: there is none. */
static size_t text_length(const char *line, size_t length)
{
    if (length == 0 || line[0] != '"')
        return 0;
    for (size_t i = 1; i < length; i++) {
        if (line[i] == '"')
            return i + 1;
        i += line[i] == '\\';
    }
    return 0;
}

/* Whether a line is one whole object: texts end, and brackets close at its end and not before. Two
 * pieces of lines that were joined are none. */
static bool is_whole(const char *line, size_t length)
{
    int64_t depth = 0;
    if (length == 0 || line[0] != '{')
        return false;
    for (size_t i = 0; i < length;) {
        if (line[i] == '"') {
            const size_t text = text_length(line + i, length - i);
            if (text == 0)
                return false;
            i += text;
            continue;
        }
        depth += line[i] == '{' || line[i] == '[';
        depth -= line[i] == '}' || line[i] == ']';
        i++;
        if (depth == 0)
            return i == length;
    }
    return false;
}

/* The name of an input as json_text() writes it. To free. */
static char *encode(const char *input)
{
    char *text = NULL;
    size_t size = 0;
    sg_json json = {.file = open_memstream(&text, &size)};
    if (!json.file)
        out_of_memory();
    json_text(&json, NULL, input);
    if (fclose(json.file) != 0)
        out_of_memory();
    return text;
}

static int by_name(const void *left, const void *right)
{
    const sg_manifest_entry *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static sg_manifest_entry *find(const sg_manifest *manifest, char *name)
{
    const sg_manifest_entry wanted = {.name = name};
    return manifest->count == 0
               ? NULL
               : bsearch(&wanted, manifest->entries, manifest->count, sizeof(wanted), by_name);
}

/* Notes a line if it is one of an input that is asked for. The line is changed and restored. */
static void note_line(sg_manifest *manifest, char *line, size_t length, off_t offset)
{
    if (length <= HEAD || line[length - 1] != '}' || memcmp(line, head, HEAD) != 0)
        return;
    const size_t name = text_length(line + HEAD, length - HEAD);
    if (name == 0 || HEAD + name >= length || memchr(line + HEAD, '\0', name))
        return;
    const char after = line[HEAD + name];
    line[HEAD + name] = '\0';
    sg_manifest_entry *entry = find(manifest, line + HEAD);
    line[HEAD + name] = after;
    if (!entry)
        return;
    const char *tail = line + length - TAIL;
    entry->offset = offset;
    entry->length = length;
    entry->stamped = length > HEAD + name + TAIL && memcmp(tail, before_stamp, BEFORE) == 0 &&
                     memcmp(tail + BEFORE + STAMP_LENGTH, after_stamp, AFTER) == 0 &&
                     stamp_read(tail + BEFORE, &entry->stamp);
}

/* ---- reading all of them ---- */

/* A window of the file that slides over it. */
typedef struct window {
    char *bytes;
    size_t room, filled;
    off_t offset;  /* of bytes[0] in the file */
    bool skipping; /* bytes[0] is amid a line that is too long */
} window;

/* Notes the lines that end in the window, and leaves what follows the last of them. */
static void take_lines(sg_manifest *manifest, window *w, size_t scanned)
{
    size_t start = 0;
    for (;;) {
        const size_t from = start > scanned ? start : scanned;
        const char *end = memchr(w->bytes + from, '\n', w->filled - from);
        if (!end)
            break;
        const size_t length = (size_t)(end - (w->bytes + start));
        if (!w->skipping)
            note_line(manifest, w->bytes + start, length, w->offset + (off_t)start);
        w->skipping = false;
        start += length + 1;
    }
    if (w->skipping)
        start = w->filled;
    memmove(w->bytes, w->bytes + start, w->filled - start);
    w->offset += (off_t)start;
    w->filled -= start;
    if (w->filled < w->room)
        return;
    if (w->room < line_limit) {
        w->room *= 2;
        w->bytes = memory_grow(w->bytes, w->room, 1);
    } else {
        w->skipping = true;
        w->offset += (off_t)w->filled;
        w->filled = 0;
    }
}

bool manifest_load(sg_manifest *manifest, char *const *inputs, int count)
{
    manifest->count = (size_t)count;
    manifest->entries = memory_need((size_t)count, sizeof(*manifest->entries));
    for (int i = 0; i < count; i++)
        manifest->entries[i] = (sg_manifest_entry){.name = encode(inputs[i])};
    qsort(manifest->entries, manifest->count, sizeof(*manifest->entries), by_name);
    window w = {.bytes = memory_need(FIRST_ROOM, 1), .room = FIRST_ROOM};
    ssize_t got = 1;
    while (count > 0 && got != 0 && !console_interrupted()) {
        got = pread(manifest->descriptor, w.bytes + w.filled, w.room - w.filled,
                    w.offset + (off_t)w.filled);
        if (got < 0 && errno != EINTR)
            break;
        const size_t scanned = w.filled;
        w.filled += got > 0 ? (size_t)got : 0;
        take_lines(manifest, &w, scanned);
    }
    const int cause = errno;
    free(w.bytes);
    return got >= 0 ? !console_interrupted() : fail(manifest, "read", cause);
}

const sg_manifest_entry *manifest_find(const sg_manifest *manifest, const char *input)
{
    char *name = encode(input);
    const sg_manifest_entry *entry = find(manifest, name);
    free(name);
    return entry && entry->stamped ? entry : NULL;
}

char *manifest_kept(const sg_manifest *manifest, const sg_manifest_entry *entry)
{
    char *kept = NULL;
    char *line = memory_need(entry->length, 1);
    if (read_at(manifest, line, entry->length, entry->offset) && is_whole(line, entry->length) &&
        !memchr(line, '\0', entry->length))
        kept = text_join("%.*s, \"kept\": true}", (int)(entry->length - TAIL), line);
    free(line);
    return kept;
}

/* ---- appending ---- */

/* Where the last line begins in the first `size` bytes of the file; `*line` is that line, to free.
 * -1: it cannot be read, or is too long for a line. */
static off_t last_line(const sg_manifest *manifest, off_t size, char **line)
{
    for (off_t length = 1 << 16;; length *= 2) {
        if (length > size)
            length = size;
        *line = memory_need((size_t)length, 1);
        if (!read_at(manifest, *line, (size_t)length, size - length))
            break;
        const char *end = memrchr(*line, '\n', (size_t)length);
        if (end || length == size) {
            const size_t before = end ? (size_t)(end - *line) + 1 : 0;
            memmove(*line, *line + before, (size_t)length - before);
            return size - length + (off_t)before;
        }
        if ((size_t)length >= line_limit)
            break;
        free(*line);
    }
    free(*line);
    *line = NULL;
    return -1;
}

/* Looks at the end of the file. Under the lock, what is left of a line is removed, and *size
 * becomes the size without it. Returns what has to stand before the next line: nothing, or the end
 * of a line that has none. */
static const char *mend(const sg_manifest *manifest, off_t *size, bool locked)
{
    char last = '\n', *line;
    if (*size == 0 || (read_at(manifest, &last, 1, *size - 1) && last == '\n'))
        return "";
    if (!locked)
        return "\n";
    const off_t start = last_line(manifest, *size, &line);
    const bool torn = start >= 0 && !is_whole(line, (size_t)(*size - start));
    free(line);
    if (!torn || ftruncate(manifest->descriptor, start) != 0)
        return "\n";
    *size = start;
    return "";
}

/* Writes all of the bytes, at once unless the disk is full. 0, or the cause. */
static int write_all(int descriptor, const char *bytes, size_t count)
{
    while (count > 0) {
        const ssize_t written = write(descriptor, bytes, count);
        if (written < 0 && errno != EINTR)
            return errno;
        bytes += written > 0 ? written : 0;
        count -= written > 0 ? (size_t)written : 0;
    }
    return 0;
}

/* Takes the file of this name, which is made if it is missing, in the place of one that was removed
 * meanwhile, such as by another process that made it and had no model. 0, or the cause. */
static int make_again(sg_manifest *manifest)
{
    const int descriptor = open(manifest->path, open_flags | O_CREAT, 0666);
    struct stat status;
    if (descriptor < 0)
        return errno;
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        (void)close(descriptor);
        return EINVAL;
    }
    (void)close(manifest->descriptor);
    manifest->descriptor = descriptor;
    return 0;
}

bool manifest_append(sg_manifest *manifest, const char *json, const sg_stamp *stamp)
{
    char text[STAMP_LENGTH + 1] = "";
    struct stat status;
    bool locked = lock(manifest);
    int cause = fstat(manifest->descriptor, &status) == 0 ? 0 : errno;
    if (cause == 0 && locked && status.st_nlink == 0) {
        cause = make_again(manifest);
        locked = cause == 0 && lock(manifest);
        if (cause == 0 && fstat(manifest->descriptor, &status) != 0)
            cause = errno;
    }
    if (cause == 0) {
        const char *before = mend(manifest, &status.st_size, locked);
        if (stamp)
            stamp_write(stamp, text);
        char *line = text_join("%s%.*s%s%s%s\n", before, (int)(strlen(json) - (stamp ? 1 : 0)),
                               json, stamp ? before_stamp : "", text, stamp ? after_stamp : "");
        cause = write_all(manifest->descriptor, line, strlen(line));
        if (cause != 0 && locked)
            (void)!ftruncate(manifest->descriptor, status.st_size);
        free(line);
    }
    if (locked)
        (void)flock(manifest->descriptor, LOCK_UN);
    return cause == 0 || fail(manifest, "write", cause);
}
