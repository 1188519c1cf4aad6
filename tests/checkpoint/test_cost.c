/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Pickles of the worst shapes take at most eight times the file's size in memory, and a fixed
 * amount for pages that are begun. The context's memory functions count it. */

#include <stdlib.h>
#include <string.h>

#include "base/context.h"
#include "checkpoint/checkpoint.h"
#include "hostile.h"

enum { FILE_BYTES = 4 << 20, FACTOR = 8, FIXED = 256 << 10, PACKED_FACTOR = 32 };

/* Memory functions that keep the size of each block before it and count what is live. */
typedef struct meter {
    size_t live, peak;
} meter;

enum { HEAD = 64 };

static void *allocate(void *user, size_t size)
{
    meter *memory = user;
    char *block = malloc(size + HEAD);
    if (!block)
        return NULL;
    memcpy(block, &size, sizeof(size));
    memory->live += size;
    if (memory->live > memory->peak)
        memory->peak = memory->live;
    return block + HEAD;
}

static void release(void *user, void *block)
{
    meter *memory = user;
    size_t size;
    memcpy(&size, (char *)block - HEAD, sizeof(size));
    memory->live -= size;
    free((char *)block - HEAD);
}

static segent_context *metered_context(meter *memory, int64_t limit)
{
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    options.threads = 1;
    options.allocate = allocate;
    options.release = release;
    options.allocator_user = memory;
    options.memory_limit = limit;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    return context;
}

typedef struct shape {
    const char *name, *begin, *repeated, *end;
    size_t begin_size, repeated_size;
} shape;

#define SHAPE(name, begin, repeated, end)                                   \
    {                                                                       \
        name, begin, repeated, end, sizeof(begin) - 1, sizeof(repeated) - 1 \
    }

/* Pickles of a beginning, a middle that is repeated up to the file's size, and an end. Most are
 * refused, but only at the end, when all memory has been taken. */
static const shape shapes[] = {
    SHAPE("None", "(", "N", "l."),
    SHAPE("None in a tuple", "(", "N", "t."),
    SHAPE("None appended", "]", "Na", "."),
    SHAPE("None appended at once", "](", "N", "e."),
    SHAPE("lists", "(", "]", "l."),
    SHAPE("lists in each other", "]", "]", "."),
    SHAPE("lists of one", "(", "]Na", "t."),
    SHAPE("lists appended", "]", "]a", "."),
    SHAPE("dicts", "(", "}", "t."),
    SHAPE("dicts of one", "(", "}NNs", "t."),
    SHAPE("empty tuples", "(", ")", "t."),
    SHAPE("tuples of one", "N", "\x85", "."),
    SHAPE("tuples of two", "N", "2\x86", "."),
    SHAPE("tuples of three", "N", "22\x87", "."),
    SHAPE("marks", "N", "(", "."),
    SHAPE("copies", "N", "2", "."),
    SHAPE("memo", "N", "\x94", "."),
    SHAPE("memo and copies", "N", "2\x94", "."),
    SHAPE("objects", "cmine\nThing\nq\0000(", "h\0)R", "t."),
    SHAPE("state", "cmine\nThing\n)R", "Nb", "."),
    SHAPE("sets", "(", "\x8f", "t."),
    SHAPE("storages",
          "(U\7storagectorch\nFloatStorage\nU\1"
          "0U\3cpuK\0tq\0000(",
          "h\0Q", "t."),
    SHAPE("ids of one storage",
          "U\7storageq\0010ctorch\nFloatStorage\nq\0020U\1"
          "0q\0030K\5q\0040(",
          "(h\1h\2h\3h\3h\4tQ", "t."),
    SHAPE("tensors", "ctorch._utils\n_rebuild_meta_tensor_no_storage\n(N)))tRq\0000}(", "U\1ah\0",
          "u."),
};

static bytes worst(const shape *s)
{
    bytes object = {0};
    bytes_put(&object, s->begin, s->begin_size);
    while (s->repeated_size > 0 && object.size < FILE_BYTES)
        bytes_put(&object, s->repeated, s->repeated_size);
    bytes_text(&object, s->end);
    return legacy_file(&object, 0);
}

static void memory_is_linear(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        bytes b = worst(shapes + i);
        meter memory = {0, 0};
        segent_context *context = metered_context(&memory, 0);
        segent_checkpoint *checkpoint = NULL;
        const size_t before = memory.live;
        memory.peak = before;
        (void)segent_checkpoint_load_memory(context, b.data, b.size, &checkpoint);
        const size_t peak = memory.peak - before;
        if (getenv("SEGENT_TEST_VERBOSE"))
            print_message("%-24s %5.2f  %s\n", shapes[i].name, (double)peak / (double)b.size,
                          segent_last_error(context));
        if (peak > FACTOR * b.size + FIXED)
            fail_msg("%s: %zu bytes for a file of %zu", shapes[i].name, peak, b.size);
        segent_checkpoint_destroy(checkpoint);
        segent_context_destroy(context);
        assert_int_equal(memory.live, 0);
        bytes_free(&b);
    }
}

/* The header of a file of packed weights with the shortest members there are: a name and a shape.
 * What a table of them takes is the most that such a header can take. */
static void packed_headers(void **state)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    bytes json = {0};
    bytes_text(&json, "{");
    for (size_t i = 0; json.size < FILE_BYTES / 4; i++) {
        char member[] = "\"0000\":{\"shape\":[]},";
        for (size_t at = 4, rest = i; at > 0; at--, rest /= sizeof(digits) - 1)
            member[at] = digits[rest % (sizeof(digits) - 1)];
        bytes_text(&json, member);
    }
    bytes_text(&json, "\"-\":{\"shape\":[]}}");
    meter memory = {0, 0};
    segent_context *context = metered_context(&memory, 0);
    segent_checkpoint *checkpoint = NULL;
    size_t size = 0;
    void *front =
        sg_packed_front(&context->allocator, (const char *)json.data, json.size, 0, &size);
    assert_non_null(front);
    const size_t before = memory.live;
    memory.peak = before;
    (void)state;
    test_assert_ok(context, segent_checkpoint_load_memory(context, front, size, &checkpoint));
    const size_t peak = memory.peak - before;
    if (getenv("SEGENT_TEST_VERBOSE"))
        print_message("packed header %5.2f\n", (double)peak / (double)json.size);
    assert_true(peak <= PACKED_FACTOR * json.size + FIXED);
    segent_checkpoint_destroy(checkpoint);
    sg_free(&context->allocator, front);
    segent_context_destroy(context);
    assert_int_equal(memory.live, 0);
    bytes_free(&json);
}

static void memory_limit(void **state)
{
    (void)state;
    bytes b = worst(shapes);
    meter memory = {0, 0};
    segent_context *context = metered_context(&memory, 1 << 20);
    segent_checkpoint *checkpoint = NULL;
    const size_t before = memory.live;
    test_assert_status(context, segent_checkpoint_load_memory(context, b.data, b.size, &checkpoint),
                       SEGENT_ERROR_LIMIT);
    test_assert_error_contains(context, "segent_options.memory_limit");
    assert_true(memory.peak - before < (size_t)2 << 20);
    segent_context_destroy(context);
    bytes_free(&b);
}

/* Each dict holds the dict before it under two names, which makes 2^60 ways to one tensor. */
static void many_ways_to_a_tensor(void **state)
{
    (void)state;
    bytes object = {0};
    bytes_text(&object, "}");
    put_string(&object, "w");
    put_tensor(&object, (tensor_parts){0});
    bytes_literal(&object, "sq\1");
    for (int i = 0; i < 60; i++)
        bytes_literal(&object, "0}(U\1ah\1U\1bh\1uq\1");
    bytes_text(&object, ".");
    bytes file = legacy_file(&object, 1);
    assert_refused(&file, SEGENT_ERROR_LIMIT, "more than 10");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_linear), cmocka_unit_test(packed_headers),
        cmocka_unit_test(memory_limit), cmocka_unit_test(many_ways_to_a_tensor)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
