/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Runs into the caller's buffers ask for no memory after the first of a size. */

#include "into.h"

#include <stdlib.h>
#include <string.h>

typedef segent_status (*again_fn)(const into_fixture *f, const segent_input *input,
                                  const segent_run_options *options, into_outputs *out);

static segent_status again_into(const into_fixture *f, const segent_input *input,
                                const segent_run_options *options, into_outputs *out)
{
    return segent_run_into(f->context, f->model, input, options, &out->maps, &out->summary);
}

/* Into a tensor that is not dense, which takes memory of the context's. */
static segent_status again_logits(const into_fixture *f, const segent_input *input,
                                  const segent_run_options *options, into_outputs *out)
{
    const int32_t width = (int32_t)out->maps.width, height = (int32_t)out->maps.height;
    const segent_tensor_view logits =
        segent_tensor_hwc(out->values[3], (height + 7) / 8, (width + 7) / 8, CLASSES);
    return segent_model_logits(f->context, f->model, input, options, &logits);
}

/* The first call of a size may allocate, and the next ones do not; nor does anything else of the
 * context's when runs of other sizes were in between. */
static void check_no_allocation(const into_fixture *f, const test_allocator *memory, again_fn again,
                                const segent_input *input, const segent_run_options *options,
                                int32_t height, int32_t width)
{
    into_outputs out = into_make_outputs(height, width, CLASSES, SEGENT_LABEL_U8, true);
    test_assert_ok(f->context, again(f, input, options, &out));
    for (int i = 0; i < 3; i++) {
        const int64_t before = memory->calls;
        test_assert_ok(f->context, again(f, input, options, &out));
        if (memory->calls != before)
            fail_msg("%d blocks of memory were asked for by call %d", (int)(memory->calls - before),
                     i + 2);
    }
    into_free_outputs(&out);
}

static void test_no_allocation(void **state)
{
    (void)state;
    for (int32_t threads = 1; threads <= 3; threads++) {
        test_allocator memory = {0};
        segent_options given = test_allocator_options(&memory);
        segent_context *context = NULL;
        given.threads = threads;
        test_assert_ok(NULL, segent_context_create(&given, &context));
        into_fixture f = into_begin_with(context);
        for (int size = 0; size < SIZES; size++) {
            segent_run_options options = segent_run_options_init();
            int32_t height, width;
            options.size = into_sizes[size];
            segent_image_fit(WIDTH, HEIGHT, into_sizes[size] ? into_sizes[size] : 37, &width,
                             &height);
            into_pixels held = into_hold_pixels(f.rgb, SEGENT_PIXEL_BGR, PADDED);
            segent_input inputs[3] = {segent_input_init(), segent_input_init(),
                                      segent_input_init()};
            inputs[0].image = f.image;
            inputs[1].pixels = held.view;
            float *room = into_make_normalised(f.image, LAST, &inputs[2].tensor);
            for (int i = 0; i < 3; i++) {
                if (i == 2 && into_sizes[size] > 0) /* tensors are not resized */
                    continue;
                height = i == 2 ? HEIGHT : height;
                width = i == 2 ? WIDTH : width;
                check_no_allocation(&f, &memory, again_into, &inputs[i], &options, height, width);
                check_no_allocation(&f, &memory, again_logits, &inputs[i], &options, height, width);
            }
            free(room);
            free(held.room);
        }
        into_end(&f);
        assert_int_equal(memory.live, 0);
    }
}

/* A stream of pictures of two sizes, by turns; and what is trimmed comes back. */
static void test_sizes_by_turns(void **state)
{
    enum { ROUNDS = 4 };
    test_allocator memory = {0};
    const segent_options given = test_allocator_options(&memory);
    segent_context *context = NULL;
    (void)state;
    test_assert_ok(NULL, segent_context_create(&given, &context));
    into_fixture f = into_begin_with(context);
    segent_input input = segent_input_init();
    segent_run_options options[2] = {into_options(1, SEGENT_OUTPUT_ORIGINAL),
                                     into_options(3, SEGENT_OUTPUT_ORIGINAL)};
    segent_result *expected[2] = {into_run_all(&f, f.image, &options[0]),
                                  into_run_all(&f, f.image, &options[1])};
    input.pixels = segent_pixels(f.rgb, SEGENT_PIXEL_RGB, HEIGHT, WIDTH);
    test_assert_ok(context, segent_context_trim(context));
    int64_t before = 0;
    for (int i = 0; i < 2 * ROUNDS; i++) {
        into_outputs out = into_make_outputs(HEIGHT, WIDTH, CLASSES, SEGENT_LABEL_U8, false);
        if (i == 2 * ROUNDS - 2) {
            const int64_t live = memory.live;
            assert_true(memory.calls == before);
            test_assert_ok(context, segent_context_trim(context));
            assert_true(memory.live < live);
        }
        test_assert_ok(context, segent_run_into(context, f.model, &input, &options[i % 2],
                                                &out.maps, &out.summary));
        into_check_outputs(&out, expected[i % 2]);
        into_free_outputs(&out);
        before = i == 1 ? memory.calls : before;
    }
    assert_true(memory.calls > before); /* after trimming */
    segent_result_destroy(expected[0]);
    segent_result_destroy(expected[1]);
    into_end(&f);
    assert_int_equal(memory.live, 0);
}

/* Every allocation of the first run fails in turn; nothing leaks, and the context goes on. */
static void test_allocation_failures(void **state)
{
    segent_status status = SEGENT_ERROR_OUT_OF_MEMORY;
    (void)state;
    into_fixture f = into_begin();
    const segent_run_options options = into_options(1, SEGENT_OUTPUT_NETWORK);
    segent_result *expected = into_run_all(&f, f.image, &options);
    segent_input input = segent_input_init();
    input.pixels = segent_pixels(f.rgb, SEGENT_PIXEL_RGB, HEIGHT, WIDTH);
    for (int64_t k = 1; status != SEGENT_OK; k++) {
        test_allocator memory = {0};
        const segent_options given = test_allocator_options(&memory);
        segent_context *context = NULL;
        into_outputs out =
            into_make_outputs(segent_result_height(expected), segent_result_width(expected),
                              CLASSES, SEGENT_LABEL_U8, false);
        test_assert_ok(NULL, segent_context_create(&given, &context));
        memory.fail_at = memory.calls + k;
        status = segent_run_into(context, f.model, &input, &options, &out.maps, &out.summary);
        if (status != SEGENT_OK)
            test_assert_status(context, status, SEGENT_ERROR_OUT_OF_MEMORY);
        else
            assert_true(k > 5);
        if (status != SEGENT_OK)
            test_assert_ok(context, segent_run_into(context, f.model, &input, &options, &out.maps,
                                                    &out.summary));
        into_check_outputs(&out, expected);
        into_free_outputs(&out);
        segent_context_destroy(context);
        assert_int_equal(memory.live, 0);
    }
    segent_result_destroy(expected);
    into_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_allocation),
        cmocka_unit_test(test_sizes_by_turns),
        cmocka_unit_test(test_allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
