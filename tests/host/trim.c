/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What a context keeps from call to call: the second call of a kind asks for no memory,
 * segent_context_trim gives everything back, and later calls give the same as before. */

#include "host.h"

#include <stdlib.h>
#include <string.h>

enum { H = 97, W = 131, N = H * W };

typedef struct fixture {
    segent_context *other; /* which owns what lives longer than the contexts under test */
    segent_model *model;
    segent_image *image;
    segent_tensor_view logits;
} fixture;

static int set_up(void **state)
{
    static fixture f;
    f.other = test_context();
    f.model = host_model(f.other);
    f.image = host_image(f.other);
    f.logits = host_logits();
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    free(f->logits.data);
    segent_image_destroy(f->image);
    segent_model_destroy(f->model);
    segent_context_destroy(f->other);
    return 0;
}

static segent_context *open_context(test_allocator *memory)
{
    segent_context *context = NULL;
    const segent_options options = test_allocator_options(memory);
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    return context;
}

/* Entropy and labels of the functions that need working memory. */
typedef struct outputs {
    float entropy[N], map[HOST_HEIGHT * HOST_WIDTH];
    uint8_t labels[N], rgb[HOST_HEIGHT * HOST_WIDTH * 3];
    segent_entropy_summary summary;
} outputs;

/* 0: the functions on buffers; 1: a run with its outputs in the caller's buffers. */
enum { KINDS = 2 };

static segent_status work_on_buffers(segent_context *context, const fixture *f, outputs *out)
{
    const segent_map_view map = segent_map(out->map, HOST_HEIGHT, HOST_WIDTH);
    const segent_pixel_view rgb =
        segent_pixels(out->rgb, SEGENT_PIXEL_RGB, HOST_HEIGHT, HOST_WIDTH);
    const segent_label_view labels =
        segent_label_map(out->labels, SEGENT_LABEL_U8, HOST_HEIGHT, HOST_WIDTH);
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    segent_status status = segent_argmax(context, &f->logits, &labels);
    maps.height = H;
    maps.width = W;
    maps.entropy.data = out->entropy;
    maps.labels.data = out->labels;
    if (status == SEGENT_OK)
        status = segent_entropy_map(context, &f->logits, NULL, &map);
    if (status == SEGENT_OK)
        status = segent_image_entropy(context, &map, NULL, &out->summary);
    if (status == SEGENT_OK)
        status = segent_colormap_apply(context, &map, SEGENT_COLORMAP_JET, 0.0f, 1.0f, &rgb);
    if (status == SEGENT_OK)
        status = segent_uncertainty_from_logits(context, &f->logits, NULL, &maps, NULL);
    return status;
}

static segent_status run_into(segent_context *context, const fixture *f, outputs *out)
{
    segent_run_options options = segent_run_options_init();
    segent_input input = segent_input_init();
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    input.image = f->image;
    options.size = 64; /* the picture is resized */
    options.output_size = SEGENT_OUTPUT_ORIGINAL;
    maps.height = HOST_HEIGHT;
    maps.width = HOST_WIDTH;
    maps.entropy.data = out->map;
    maps.labels.data = out->labels;
    return segent_run_into(context, f->model, &input, &options, &maps, &out->summary);
}

static segent_status work(segent_context *context, const fixture *f, int kind, outputs *out)
{
    memset(out, 0, sizeof(*out));
    out->summary = segent_entropy_summary_init();
    return kind == 0 ? work_on_buffers(context, f, out) : run_into(context, f, out);
}

static void test_memory_is_kept_and_given_back(void **state)
{
    const fixture *f = *state;
    static outputs first, next;
    for (int kind = 0; kind < KINDS; kind++) {
        test_allocator memory = {0};
        segent_context *context = open_context(&memory);
        const int64_t fresh = memory.live;
        test_assert_ok(context, work(context, f, kind, &first));
        const int64_t kept = memory.live, calls = memory.calls;
        assert_true(kept > fresh);
        test_assert_ok(context, work(context, f, kind, &next));
        assert_int_equal(memory.calls, calls);
        assert_memory_equal(&next, &first, sizeof(first));
        for (int round = 0; round < 3; round++) {
            test_assert_ok(context, segent_context_trim(context));
            assert_int_equal(memory.live, fresh);
            test_assert_ok(context, segent_context_trim(context)); /* of nothing */
            assert_int_equal(memory.live, fresh);
            test_assert_ok(context, work(context, f, kind, &next));
            assert_int_equal(memory.live, kept);
            assert_memory_equal(&next, &first, sizeof(first));
        }
        segent_context_destroy(context);
        assert_int_equal(memory.live, 0);
    }
}

/* What was made with the context stays: only what it keeps for itself is freed. */
static void test_objects_stay(void **state)
{
    const fixture *f = *state;
    test_allocator memory = {0};
    segent_context *context = open_context(&memory);
    segent_model *model = host_model(context);
    segent_image *image = host_image(context);
    segent_result *result = host_run(context, model, image);
    segent_result *expected = host_run(f->other, f->model, f->image);
    test_assert_ok(context, segent_context_trim(context));
    segent_result *again = host_run(context, model, image);
    const size_t size = sizeof(float) * HOST_WIDTH * HOST_HEIGHT;
    assert_memory_equal(segent_result_entropy(result), segent_result_entropy(expected), size);
    assert_memory_equal(segent_result_entropy(again), segent_result_entropy(expected), size);
    segent_result_destroy(again);
    segent_result_destroy(expected);
    segent_result_destroy(result);
    segent_image_destroy(image);
    segent_model_destroy(model);
    segent_context_destroy(context);
    assert_int_equal(memory.live, 0);
}

/* After it, memory may run out at each allocation; then the same call succeeds. */
static void test_memory_runs_out(void **state)
{
    const fixture *f = *state;
    static outputs first, next;
    for (int kind = 0; kind < KINDS; kind++) {
        test_allocator memory = {0};
        segent_context *context = open_context(&memory);
        const int64_t fresh = memory.live;
        segent_status status = SEGENT_ERROR_OUT_OF_MEMORY;
        test_assert_ok(context, work(context, f, kind, &first));
        for (int64_t k = 1; status != SEGENT_OK; k++) {
            assert_true(k < 300);
            test_assert_ok(context, segent_context_trim(context));
            assert_int_equal(memory.live, fresh);
            memory.calls = 0;
            memory.fail_at = k;
            status = work(context, f, kind, &next);
            if (status != SEGENT_OK)
                test_assert_status(context, status, SEGENT_ERROR_OUT_OF_MEMORY);
            memory.fail_at = 0;
            test_assert_ok(context, work(context, f, kind, &next));
            assert_memory_equal(&next, &first, sizeof(first));
        }
        segent_context_destroy(context);
        assert_int_equal(memory.live, 0);
    }
}

static void test_new_context(void **state)
{
    (void)state;
    test_allocator memory = {0};
    segent_context *context = open_context(&memory);
    const int64_t fresh = memory.live;
    test_assert_ok(context, segent_context_trim(context));
    assert_int_equal(memory.live, fresh);
    assert_string_equal(segent_last_error(context), "");
    segent_context_destroy(context);
    assert_int_equal(memory.live, 0);
    assert_int_equal(segent_context_trim(NULL), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_string_equal(segent_last_error(NULL), "the context is NULL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_kept_and_given_back),
        cmocka_unit_test(test_objects_stay),
        cmocka_unit_test(test_memory_runs_out),
        cmocka_unit_test(test_new_context),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
