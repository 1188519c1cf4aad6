/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "support.h"

#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 1024, PATH_SLOTS = 4 };

static char *next_path(void)
{
    static char paths[PATH_SLOTS][PATH_SIZE];
    static unsigned next;
    return paths[next++ % PATH_SLOTS];
}

const char *test_data(const char *name)
{
    char *path = next_path();
    snprintf(path, PATH_SIZE, "%s/%s", TEST_DATA_DIR, name);
    return path;
}

static char temporary_directory[64];

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status, (void)kind, (void)where;
    return remove(path);
}

static void remove_temporary(void)
{
    nftw(temporary_directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *test_temporary(const char *name)
{
    if (!temporary_directory[0]) {
        strcpy(temporary_directory, "/tmp/segent-test-XXXXXX");
        assert_non_null(mkdtemp(temporary_directory));
        atexit(remove_temporary);
    }
    char *path = next_path();
    snprintf(path, PATH_SIZE, "%s/%s", temporary_directory, name);
    return path;
}

unsigned char *test_read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("cannot open %s", path);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    unsigned char *data = malloc(*size + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, *size, file), *size);
    data[*size] = 0;
    fclose(file);
    return data;
}

void test_write_file(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        fail_msg("cannot write %s", path);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

test_array test_load_npy(const char *path, const char *type)
{
    test_array array = {.count = 1};
    size_t size;
    unsigned char *bytes = test_read_file(path, &size);
    if (size < 12 || memcmp(bytes, "\x93NUMPY\x01", 7) != 0)
        fail_msg("%s: not an .npy file of version 1", path);
    const size_t start = 10u + bytes[8] + 256u * bytes[9];
    const char *header = (const char *)bytes + 10;
    const char *descr = strstr(header, "'descr': '");
    const char *shape = strstr(header, "'shape': (");
    if (!descr || !shape || strstr(header, "'fortran_order': True"))
        fail_msg("%s: unexpected header", path);
    sscanf(descr + 10, "%7[^']", array.type);
    if (strcmp(array.type, type) != 0)
        fail_msg("%s: holds %s, not %s", path, array.type, type);
    char *cursor = (char *)shape + 10;
    while (*cursor != ')' && array.rank < 8) {
        array.shape[array.rank] = strtoll(cursor, &cursor, 10);
        array.count *= array.shape[array.rank++];
        while (*cursor == ',' || *cursor == ' ')
            cursor++;
    }
    const size_t bytes_needed = (size_t)array.count * (size_t)(array.type[2] - '0');
    assert_int_equal(size - start, bytes_needed);
    array.data = malloc(bytes_needed + 1);
    assert_non_null(array.data);
    memcpy(array.data, bytes + start, bytes_needed);
    free(bytes);
    return array;
}

void test_free_array(test_array *array)
{
    free(array->data);
    array->data = NULL;
}

segent_context *test_context(void)
{
    segent_context *context = NULL;
    segent_options options = segent_options_init();
    options.threads = 2;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    return context;
}

void test_check_status(const segent_context *context, segent_status status, segent_status expected,
                       const char *text, const char *file, int line)
{
    if (status == expected)
        return;
    print_error("%s:%d: %s: %s (%d), expected %s (%d); last error: %s\n", file, line, text,
                segent_status_string(status), (int)status, segent_status_string(expected),
                (int)expected, segent_last_error(context));
    _fail(file, line);
}

void test_assert_error_contains(const segent_context *context, const char *part)
{
    const char *error = segent_last_error(context);
    if (!strstr(error, part))
        fail_msg("last error is \"%s\", which does not contain \"%s\"", error, part);
}

static pthread_mutex_t allocator_mutex = PTHREAD_MUTEX_INITIALIZER;

static void *allocate(void *user, size_t size)
{
    test_allocator *memory = user;
    pthread_mutex_lock(&allocator_mutex);
    const bool fails = ++memory->calls == memory->fail_at;
    void *block = fails ? NULL : malloc(size);
    memory->live += block != NULL;
    pthread_mutex_unlock(&allocator_mutex);
    return block;
}

static void release(void *user, void *block)
{
    test_allocator *memory = user;
    pthread_mutex_lock(&allocator_mutex);
    memory->live--;
    pthread_mutex_unlock(&allocator_mutex);
    free(block);
}

segent_options test_allocator_options(test_allocator *memory)
{
    segent_options options = segent_options_init();
    options.threads = 2;
    options.allocate = allocate;
    options.release = release;
    options.allocator_user = memory;
    return options;
}

uint64_t test_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

float test_random_uniform(uint64_t *state, float low, float high)
{
    return low + (high - low) * (float)(test_random(state) >> 40) * 0x1p-24f;
}
