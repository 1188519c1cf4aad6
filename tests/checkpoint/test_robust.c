/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Lets memory run out at each allocation in turn, and reads files with random damage. Each load
 * must return a status and must not touch memory outside the file, which sanitizers and valgrind
 * watch. */

#include <stdlib.h>
#include <string.h>

#include "support.h"

static const char *const files[] = {"checkpoint/types.legacy.pth",  "checkpoint/types.zip.pth",
                                    "checkpoint/types.safetensors", "checkpoint/wrapped.legacy.pth",
                                    "checkpoint/wrapped.zip.pth",   "checkpoint/view.legacy.pth"};
enum { FILES = sizeof(files) / sizeof(files[0]), MUTATIONS = 4000, VALUES_MAX = 1 << 16 };

/* Loads `path`, or the data if that is NULL, again and again while each allocation fails in turn,
 * until a load needs no more of them. */
static void check_allocations(const char *path, const unsigned char *data, size_t size)
{
    segent_status status = SEGENT_ERROR_OUT_OF_MEMORY;
    for (int64_t k = 1; status != SEGENT_OK; k++) {
        test_allocator memory = {.fail_at = 0};
        segent_options options = test_allocator_options(&memory);
        segent_context *context = NULL;
        segent_checkpoint *checkpoint = NULL;
        options.threads = 1;
        assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
        memory.fail_at = memory.calls + k;
        const int64_t before = memory.live;
        status = path ? segent_checkpoint_load(context, path, &checkpoint)
                      : segent_checkpoint_load_memory(context, data, size, &checkpoint);
        if (status != SEGENT_OK) {
            test_assert_status(context, status, SEGENT_ERROR_OUT_OF_MEMORY);
            test_assert_error_contains(context, "out of memory (");
            assert_null(checkpoint);
            assert_int_equal(memory.live, before);
        }
        segent_checkpoint_destroy(checkpoint);
        segent_context_destroy(context);
        assert_int_equal(memory.live, 0);
        assert_true(k < 1000);
    }
}

static void every_allocation_fails(void **state)
{
    (void)state;
    for (size_t f = 0; f < FILES; f++) {
        size_t size;
        unsigned char *data = test_read_file(test_data(files[f]), &size);
        check_allocations(test_data(files[f]), NULL, 0);
        check_allocations(NULL, data, size);
        free(data);
    }
}

/* Reads all tensors that are not absurdly large. */
static void read_everything(segent_context *context, const segent_checkpoint *checkpoint,
                            float *values)
{
    for (int64_t i = 0; i < segent_checkpoint_count(checkpoint); i++) {
        segent_tensor_info info = {.struct_size = sizeof(info)};
        test_assert_ok(context, segent_checkpoint_tensor(context, checkpoint, i, &info));
        assert_true(strlen(info.name) > 0);
        if (info.elements <= VALUES_MAX)
            test_assert_status(
                context, segent_checkpoint_read(context, checkpoint, i, values, info.elements),
                info.dtype == 0 ? SEGENT_ERROR_UNSUPPORTED : SEGENT_OK);
    }
}

/* Changes a few bytes, a bit or a length, or swaps two stretches. */
static void mutate(uint64_t *random, unsigned char *data, size_t size)
{
    static const unsigned char special[] = {0,   1,   0x7f, 0x80, 0xff, '(',
                                            ')', 't', 'q',  'h',  'Q',  'R'};
    const size_t count = 1 + test_random(random) % 4;
    for (size_t i = 0; i < count; i++) {
        const size_t at = test_random(random) % size;
        const uint64_t how = test_random(random) % 4;
        if (how == 0)
            data[at] = (unsigned char)test_random(random);
        else if (how == 1)
            data[at] ^= (unsigned char)(1u << test_random(random) % 8);
        else if (how == 2)
            data[at] = special[test_random(random) % sizeof(special)];
        else
            data[at] = data[test_random(random) % size];
    }
}

static void check_mutations(const char *name, uint64_t seed)
{
    segent_context *context = test_context();
    size_t size, loaded = 0;
    unsigned char *whole = test_read_file(test_data(name), &size);
    float *values = malloc(VALUES_MAX * sizeof(*values));
    assert_non_null(values);
    for (int i = 0; i < MUTATIONS; i++) {
        segent_checkpoint *checkpoint = NULL;
        unsigned char *copy = malloc(size);
        assert_non_null(copy);
        memcpy(copy, whole, size);
        mutate(&seed, copy, size);
        const segent_status status =
            segent_checkpoint_load_memory(context, copy, size, &checkpoint);
        if (status == SEGENT_OK) {
            read_everything(context, checkpoint, values);
            loaded++;
        } else {
            assert_null(checkpoint);
            test_assert_error_contains(context, "memory: ");
        }
        segent_checkpoint_destroy(checkpoint);
        free(copy);
    }
    assert_in_range(loaded, 1, MUTATIONS - 1);
    free(values);
    free(whole);
    segent_context_destroy(context);
}

static void random_damage(void **state)
{
    (void)state;
    for (size_t f = 0; f < FILES; f++)
        check_mutations(files[f], 1000 + f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_fails),
                                       cmocka_unit_test(random_damage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
