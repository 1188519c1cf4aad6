/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "console.h"
#include "hash.h"
#include "inputs.h"
#include "manifest.h"

static const sg_stamp some_stamp = {1, 2, 0xfedcba9876543210, 4};

/* ---- XXH64 ---- */

/* Values of the specification's own examples, and of Debian's xxhsum -H64. */
static void test_hash(void **state)
{
    (void)state;
    const struct {
        const char *text;
        uint64_t hash;
    } cases[] = {{"", 0xef46db3751d8e999},
                 {"a", 0xd24ec4f1a98c6e5b},
                 {"abc", 0x44bc2cf5ad770999},
                 {"Nobody inspects the spammish repetition", 0xfbcea83c8a378bf1}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const size_t length = strlen(cases[i].text);
        assert_true(hash_of(cases[i].text, length) == cases[i].hash);
        for (size_t cut = 0; cut <= length; cut++) {
            sg_hash hash = hash_begin();
            hash_add(&hash, cases[i].text, cut);
            hash_add(&hash, cases[i].text + cut, length - cut);
            assert_true(hash_end(&hash) == cases[i].hash);
        }
    }
}

static void test_shards(void **state)
{
    (void)state;
    enum { NAMES = 3000, SHARDS = 3 };
    int counts[SHARDS] = {0};
    for (int i = 0; i < NAMES; i++) {
        char name[32];
        int owners = 0;
        snprintf(name, sizeof(name), "pictures/%d.jpg", i);
        for (int32_t s = 0; s < SHARDS; s++) {
            const sg_shard shard = {s + 1, SHARDS};
            const bool in = input_in_shard(name, &shard);
            owners += in;
            counts[s] += in;
        }
        assert_int_equal(owners, 1);
    }
    for (int s = 0; s < SHARDS; s++)
        assert_in_range(counts[s], NAMES / SHARDS * 9 / 10, NAMES / SHARDS * 11 / 10);
}

/* ---- the manifest ---- */

static sg_manifest opened(const char *path)
{
    sg_manifest manifest;
    assert_true(manifest_open(&manifest, path));
    return manifest;
}

static char *text_of(const char *path)
{
    size_t size;
    unsigned char *bytes = test_read_file(path, &size);
    char *text = memory_need(size + 1, 1);
    memcpy(text, bytes, size);
    text[size] = '\0';
    free(bytes);
    return text;
}

static void test_lines(void **state)
{
    (void)state;
    char *inputs[] = {"a \"b\"\n.jpg", "missing.jpg", "plain.jpg", "a"};
    sg_manifest manifest = opened(test_temporary("lines"));
    assert_true(manifest.made);
    assert_true(manifest_append(&manifest, "{\"image\": \"a \\\"b\\\"\\u000a.jpg\", \"x\": 1}",
                                &some_stamp));
    assert_true(manifest_append(&manifest, "{\"image\": \"plain.jpg\"}", &some_stamp));
    assert_true(manifest_append(&manifest, "{\"image\": \"plain.jpg\", \"x\": 2}", NULL));
    assert_true(manifest_append(&manifest, "{\"image\": \"a\", \"x\": 3}", &some_stamp));
    assert_true(manifest_append(&manifest, "{\"image\": \"a\", \"x\": 4}", &some_stamp));
    assert_true(manifest_load(&manifest, inputs, 4));
    assert_null(manifest_find(&manifest, "missing.jpg"));
    assert_null(manifest_find(&manifest, "plain.jpg")); /* the last line counts: it has no stamp */
    const sg_manifest_entry *entry = manifest_find(&manifest, inputs[0]);
    assert_non_null(entry);
    assert_memory_equal(&entry->stamp, &some_stamp, sizeof(some_stamp));
    char *kept = manifest_kept(&manifest, entry);
    assert_string_equal(kept, "{\"image\": \"a \\\"b\\\"\\u000a.jpg\", \"x\": 1, \"kept\": true}");
    free(kept);
    kept = manifest_kept(&manifest, manifest_find(&manifest, "a"));
    assert_string_equal(kept, "{\"image\": \"a\", \"x\": 4, \"kept\": true}");
    free(kept);
    manifest_close(&manifest, true); /* something is in it, so it stays */
    struct stat status;
    assert_int_equal(stat(test_temporary("lines"), &status), 0);
}

/* A manifest that was made for nothing goes again. A process that has it open as well writes into a
 * new one, and one that is not empty stays. */
static void test_dropped(void **state)
{
    (void)state;
    char path[256];
    struct stat status;
    snprintf(path, sizeof(path), "%s", test_temporary("dropped"));
    sg_manifest first = opened(path), second = opened(path);
    assert_true(first.made);
    assert_false(second.made);
    manifest_close(&first, true);
    assert_int_equal(stat(path, &status), -1);
    assert_true(manifest_append(&second, "{\"image\": \"a\"}", NULL));
    first = opened(path);
    assert_true(manifest_append(&second, "{\"image\": \"b\"}", NULL));
    manifest_close(&second, true);
    manifest_close(&first, true);
    char *text = text_of(path);
    assert_string_equal(text, "{\"image\": \"a\"}\n{\"image\": \"b\"}\n");
    free(text);
}

/* What a writer that was killed left at the end, and what the file holds after the next line. */
static void test_torn(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
    } cases[] = {
        {"{\"image\": \"a\"}\n{\"image\": \"b", "{\"image\": \"a\"}\n{\"image\": \"c\"}\n"},
        {"{\"image\": \"a\"}\n{\"image\": \"b\", \"x\": [",
         "{\"image\": \"a\"}\n{\"image\": \"c\"}\n"},
        {"{", "{\"image\": \"c\"}\n"},
        {"{\"image\": \"b\\", "{\"image\": \"c\"}\n"},
        {"{\"image\": \"a\"}", "{\"image\": \"a\"}\n{\"image\": \"c\"}\n"},
        {"{\"image\": \"a\"}\n", "{\"image\": \"a\"}\n{\"image\": \"c\"}\n"},
        {"", "{\"image\": \"c\"}\n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char path[256];
        snprintf(path, sizeof(path), "%s", test_temporary("torn"));
        test_write_file(path, cases[i].before, strlen(cases[i].before));
        sg_manifest manifest = opened(path);
        assert_false(manifest.made);
        assert_true(manifest_append(&manifest, "{\"image\": \"c\"}", NULL));
        manifest_close(&manifest, false);
        char *text = text_of(path);
        assert_string_equal(text, cases[i].after);
        free(text);
    }
}

/* Lines that this program did not write, or that were joined, give no result to keep. */
static void test_foreign(void **state)
{
    (void)state;
    static const char stamp[] = "\"stamp\": \"0000000000000001-0000000000000002-"
                                "fedcba9876543210-0000000000000004\"}";
    static const char *const lines[] = {"{\"image\": \"a\", \"wid{\"image\": \"b\", %s\n",
                                        "{\"image\": \"a\"}{\"image\": \"b\", %s\n",
                                        "{\"image\": \"a\", {%s\n",
                                        "{\"image\":\"a\", %s\n",
                                        "{\"image\": \"a\", %sx\n",
                                        "{\"image\": \"a\", %s", /* no end of the line */
                                        "{\"image\": \"a\", \"x\": \"%s\n"};
    char *inputs[] = {"a"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char path[256], before[300], *kept = NULL;
        snprintf(path, sizeof(path), "%s", test_temporary("foreign"));
        char *text = strstr(lines[i], "%s");
        snprintf(before, sizeof(before), "%.*s%s%s", (int)(text - lines[i]), lines[i], stamp,
                 text + 2);
        test_write_file(path, before, strlen(before));
        sg_manifest manifest = opened(path);
        assert_true(manifest_load(&manifest, inputs, 1));
        const sg_manifest_entry *entry = manifest_find(&manifest, "a");
        if (entry)
            kept = manifest_kept(&manifest, entry);
        assert_null(kept);
        manifest_close(&manifest, false);
    }
}

static void test_refused(void **state)
{
    (void)state;
    sg_manifest manifest;
    struct stat status;
    char path[256];
    assert_false(manifest_open(&manifest, "/"));
    assert_false(manifest_open(&manifest, test_temporary("no-folder/manifest")));
    snprintf(path, sizeof(path), "%s", test_temporary("pipe"));
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_false(manifest_open(&manifest, path));
    snprintf(path, sizeof(path), "%s", test_temporary("dropped"));
    manifest = opened(path);
    manifest_close(&manifest, true);
    assert_int_not_equal(stat(path, &status), 0);
}

/* Two processes append lines that span pages; all of them are whole. */
static void test_two_writers(void **state)
{
    (void)state;
    enum { LINES = 500, LENGTH = 9000 };
    char path[256];
    snprintf(path, sizeof(path), "%s", test_temporary("two"));
    pid_t children[2];
    for (int child = 0; child < 2; child++) {
        children[child] = fork();
        if (children[child] == 0) {
            char json[LENGTH + 1];
            sg_manifest manifest;
            memset(json, 'a' + child, LENGTH);
            memcpy(json, "{\"", 2);
            memcpy(json + LENGTH - 5, "\": 1}", 6);
            bool done = manifest_open(&manifest, path);
            for (int i = 0; i < LINES && done; i++)
                done = manifest_append(&manifest, json, NULL);
            _exit(done ? 0 : 1);
        }
    }
    for (int child = 0; child < 2; child++) {
        int status;
        assert_int_equal(waitpid(children[child], &status, 0), children[child]);
        assert_int_equal(status, 0);
    }
    int counts[2] = {0};
    char *text = text_of(path), *line = text;
    for (char *end = strchr(line, '\n'); end; line = end + 1, end = strchr(line, '\n')) {
        assert_int_equal(end - line, LENGTH);
        assert_int_equal(strspn(line + 2, (char[]){line[2], '\0'}), LENGTH - 7);
        counts[line[2] - 'a']++;
    }
    assert_int_equal(*line, '\0');
    assert_int_equal(counts[0], LINES);
    assert_int_equal(counts[1], LINES);
    free(text);
}

/* 100,000 lines: doubling them doubles the time where it does not grow faster, so a time limit that
 * a quadratic search misses by far is enough. */
static void test_many(void **state)
{
    (void)state;
    enum { LINES = 100000 };
    char path[256], **inputs = memory_need(LINES, sizeof(*inputs));
    snprintf(path, sizeof(path), "%s", test_temporary("many"));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < LINES; i++) {
        inputs[i] = text_join("pictures/%06d.jpg", i);
        fprintf(file,
                "{\"image\": \"%s\", \"filler\": \"%01000d\", \"stamp\": \"%016x-%016x-%016x-"
                "%016x\"}\n",
                inputs[i], 0, i, 1, 2, 3);
    }
    assert_int_equal(fclose(file), 0);
    const double start = clock_seconds();
    sg_manifest manifest = opened(path);
    assert_true(manifest_load(&manifest, inputs, LINES));
    for (int i = 0; i < LINES; i++) {
        const sg_manifest_entry *entry = manifest_find(&manifest, inputs[i]);
        assert_non_null(entry);
        assert_int_equal(entry->stamp.run, i);
        free(inputs[i]);
    }
    const double seconds = clock_seconds() - start;
    print_message("%d lines in %.2f s\n", LINES, seconds);
    assert_true(seconds < 60);
    manifest_close(&manifest, false);
    free(inputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash),        cmocka_unit_test(test_shards),
        cmocka_unit_test(test_lines),       cmocka_unit_test(test_torn),
        cmocka_unit_test(test_foreign),     cmocka_unit_test(test_refused),
        cmocka_unit_test(test_two_writers), cmocka_unit_test(test_many),
        cmocka_unit_test(test_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
