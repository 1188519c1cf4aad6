/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The outputs of segent_uncertainty_from_logits: where they may lie, and what sizes of 0 and views
 * without data mean. The values themselves are held by test_head.c. */

#include "truth.h"

#include <stdlib.h>
#include <string.h>

enum { C = 7, LOW_H = 3, LOW_W = 5, H = 11, W = 70, COUNT = C * H * W, ROOM = 8 * COUNT };

/* What lies between values that are written, and must stay. */
static const float untouched = -77.0f;

typedef struct fixture {
    segent_context *context;
    float *low;
    segent_tensor_view logits;
    /* The outputs that all others are compared with: dense, each with its sizes. */
    float full_logits[COUNT], probabilities[COUNT], entropy[H * W], top[H * W], margin[H * W];
    uint16_t labels[H * W];
    segent_entropy_summary summary;
} fixture;

static segent_uncertainty_maps empty_maps(void)
{
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = H;
    maps.width = W;
    return maps;
}

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    f->context = test_context();
    f->low = random_values(21, C * LOW_H * LOW_W, -6.0f, 6.0f);
    f->logits = segent_tensor_chw(f->low, C, LOW_H, LOW_W);
    f->summary = segent_entropy_summary_init();
    segent_uncertainty_maps maps = empty_maps();
    maps.labels = segent_label_map(f->labels, SEGENT_LABEL_U16, H, W);
    maps.entropy = segent_map(f->entropy, H, W);
    maps.top_probability = segent_map(f->top, H, W);
    maps.margin = segent_map(f->margin, H, W);
    maps.logits = segent_tensor_chw(f->full_logits, C, H, W);
    maps.probabilities = segent_tensor_chw(f->probabilities, C, H, W);
    test_assert_ok(f->context, segent_uncertainty_from_logits(f->context, &f->logits, NULL, &maps,
                                                              &f->summary));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    segent_context_destroy(f->context);
    free(f->low);
    free(f);
    return 0;
}

static void run(fixture *f, const segent_uncertainty_maps *maps)
{
    segent_entropy_summary summary = segent_entropy_summary_init();
    test_assert_ok(f->context,
                   segent_uncertainty_from_logits(f->context, &f->logits, NULL, maps, &summary));
    assert_memory_equal(&summary, &f->summary, sizeof(summary));
}

static float *clean_room(void)
{
    float *room = malloc(ROOM * sizeof(float));
    assert_non_null(room);
    for (int64_t i = 0; i < ROOM; i++)
        room[i] = untouched;
    return room;
}

/* That the tensor's values are those, and nothing else of the room was written. */
static void check_tensor(const float *room, const segent_tensor_view *view, const float *expected)
{
    int64_t written = 0;
    for (int64_t i = 0; i < COUNT; i++) {
        const int64_t c = i / (H * W), y = i / W % H, x = i % W;
        assert_true(
            view->data[c * view->channel_stride + y * view->row_stride + x * view->column_stride] ==
            expected[i]);
    }
    for (int64_t i = 0; i < ROOM; i++)
        written += room[i] != untouched;
    assert_int_equal(written, COUNT);
}

/* Logits and probabilities of full size, with strides of every kind. */
static void strided_tensors(void **state)
{
    fixture *f = *state;
    const struct {
        int64_t begin, channel, row, column;
    } strides[] = {
        {0, H * W, W, 1},                        /* dense */
        {0, 1, W * C, C},                        /* channels last */
        {0, 1, C, H * C},                        /* columns of pixels */
        {0, W, C * W, 1},                        /* rows of channels */
        {5, H * (W + 3), W + 3, 1},              /* padded rows */
        {5, H * 2 * W, 2 * W, 2},                /* every second value */
        {(H - 1) * W, H * W, -W, 1},             /* bottom-up */
        {COUNT - 1, -H * W, -W, -1},             /* all backwards */
        {C - 1 + 9, -1, W * (C + 2), C + 2},     /* channels last and backwards, padded */
        {(W - 1) * C * 2, 2, W * C * 2, -C * 2}, /* right to left */
    };
    for (size_t i = 0; i < sizeof(strides) / sizeof(strides[0]); i++) {
        float *first = clean_room(), *second = clean_room();
        segent_uncertainty_maps maps = empty_maps();
        maps.logits = (segent_tensor_view){
            first + strides[i].begin, C, H, W, strides[i].channel, strides[i].row,
            strides[i].column};
        maps.probabilities = maps.logits;
        maps.probabilities.data = second + strides[i].begin;
        run(f, &maps);
        check_tensor(first, &maps.logits, f->full_logits);
        check_tensor(second, &maps.probabilities, f->probabilities);
        free(first);
        free(second);
    }
}

static void check_map(const segent_map_view *view, const float *expected)
{
    for (int64_t i = 0; i < H * W; i++)
        assert_true(view->data[i / W * view->row_stride + i % W * view->column_stride] ==
                    expected[i]);
}

/* All three maps and both types of labels at once, each with strides of its own. */
static void strided_maps(void **state)
{
    fixture *f = *state;
    static float entropy[2 * H * W], top[H * (W + 9)], margin[H * W];
    static uint8_t bytes[3 * H * W];
    segent_uncertainty_maps maps = empty_maps();
    maps.entropy = (segent_map_view){entropy, H, W, 2 * W, 2};
    maps.top_probability = (segent_map_view){top + (H - 1) * (W + 9), H, W, -(W + 9), 1};
    maps.margin = (segent_map_view){margin, H, W, 1, H};
    maps.labels = (segent_label_view){bytes + 3 * H * W - 1, H, W, -3 * W, -3, SEGENT_LABEL_U8, 0};
    run(f, &maps);
    check_map(&maps.entropy, f->entropy);
    check_map(&maps.top_probability, f->top);
    check_map(&maps.margin, f->margin);
    for (int64_t i = 0; i < H * W; i++)
        assert_int_equal(bytes[3 * H * W - 1 - i / W * 3 * W - i % W * 3], f->labels[i]);
}

/* A view's sizes that are 0 stand for those of all outputs, and the number of classes. */
static void sizes_of_zero(void **state)
{
    fixture *f = *state;
    static float logits[COUNT], probabilities[COUNT], entropy[H * W], top[H * W];
    static float margin[2 * H * W];
    static uint16_t labels[2 * H * W];
    segent_uncertainty_maps maps = empty_maps();
    maps.logits.data = logits;
    maps.probabilities.data = probabilities;
    maps.probabilities.height = H;
    maps.entropy.data = entropy;
    maps.top_probability.data = top;
    maps.top_probability.width = W;
    /* With strides of their own. */
    maps.margin = (segent_map_view){margin, 0, 0, 2 * W, 2};
    maps.labels = (segent_label_view){labels, 0, 0, 2 * W, 2, SEGENT_LABEL_U16, 0};
    run(f, &maps);
    assert_memory_equal(logits, f->full_logits, sizeof(logits));
    assert_memory_equal(probabilities, f->probabilities, sizeof(probabilities));
    assert_memory_equal(entropy, f->entropy, sizeof(entropy));
    assert_memory_equal(top, f->top, sizeof(top));
    check_map(&maps.margin, f->margin);
    for (int64_t i = 0; i < H * W; i++)
        assert_int_equal(labels[2 * i], f->labels[i]);

    /* The same with channels last, of which the number of channels follows from the classes. */
    memset(logits, 0, sizeof(logits));
    maps = empty_maps();
    maps.logits = (segent_tensor_view){logits, 0, 0, 0, 1, W * C, C};
    run(f, &maps);
    for (int64_t i = 0; i < COUNT; i++)
        assert_true(logits[i % (H * W) * C + i / (H * W)] == f->full_logits[i]);
}

/* Of a view without data nothing else is looked at. */
static void views_without_data(void **state)
{
    fixture *f = *state;
    float entropy[H * W];
    segent_uncertainty_maps maps = empty_maps();
    maps.labels = (segent_label_view){NULL, -1, INT64_MAX, 0, 1, 77, 88};
    maps.top_probability = (segent_map_view){NULL, -1, 1, INT64_MIN, INT64_MIN};
    maps.margin = (segent_map_view){NULL, INT64_MAX, INT64_MAX, 1, 1};
    maps.logits = (segent_tensor_view){NULL, -5, 1, 1, INT64_MAX, INT64_MAX, INT64_MAX};
    maps.probabilities = (segent_tensor_view){NULL, C + 1, H, W, 0, 1, 0};
    maps.entropy.data = entropy;
    run(f, &maps);
    assert_memory_equal(entropy, f->entropy, sizeof(entropy));
    /* None at all: only the sums. */
    maps = empty_maps();
    run(f, &maps);
}

static void check_refused(fixture *f, const segent_uncertainty_maps *maps, const char *text)
{
    segent_entropy_summary summary = segent_entropy_summary_init();
    test_assert_status(f->context,
                       segent_uncertainty_from_logits(f->context, &f->logits, NULL, maps, &summary),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(f->context, text);
    assert_int_equal(summary.pixels, 0);
}

/* Sizes that are neither 0 nor those of all outputs, in each view. */
static void other_sizes(void **state)
{
    fixture *f = *state;
    static float room[2 * COUNT];
    static const int64_t sizes[][2] = {{H - 1, W}, {H, W - 1}, {H + 1, 0}, {0, W + 1},
                                       {W, H},     {-H, W},    {H, -1},    {INT64_MAX, 0}};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        const int64_t height = sizes[i][0], width = sizes[i][1];
        const segent_map_view map = segent_map(room, height, width);
        const segent_tensor_view tensor = {room, C, height, width, 0, 0, 0};
        segent_uncertainty_maps maps = empty_maps();
        maps.labels = segent_label_map(room, SEGENT_LABEL_U8, height, width);
        check_refused(f, &maps, "(height x width), where 11 x 70 are meant");
        test_assert_error_contains(f->context, "the labels are ");
        maps = empty_maps();
        maps.entropy = map;
        check_refused(f, &maps, "the values of the entropy map are ");
        maps = empty_maps();
        maps.top_probability = map;
        check_refused(f, &maps, "the top probabilities are ");
        maps = empty_maps();
        maps.margin = map;
        check_refused(f, &maps, "the margins are ");
        maps = empty_maps();
        maps.logits = tensor;
        check_refused(f, &maps, "the logits of full size are ");
        maps = empty_maps();
        maps.probabilities = tensor;
        check_refused(f, &maps, "the probabilities of full size are ");
    }
    static const int64_t channels[] = {C - 1, C + 1, -1, INT64_MAX};
    for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++) {
        segent_uncertainty_maps maps = empty_maps();
        maps.logits = (segent_tensor_view){room, channels[i], H, W, 0, 0, 0};
        check_refused(f, &maps, "channels, but there are 7 classes");
        maps.probabilities = maps.logits;
        maps.logits.data = NULL;
        check_refused(f, &maps, "the probabilities of full size have ");
    }
    segent_uncertainty_maps maps = empty_maps();
    maps.height = 0;
    check_refused(f, &maps, "a size of 0 x 70 (height x width)");
    maps.height = -1;
    check_refused(f, &maps, "a size of -1 x 70 (height x width)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strided_tensors), cmocka_unit_test(strided_maps),
        cmocka_unit_test(sizes_of_zero),   cmocka_unit_test(views_without_data),
        cmocka_unit_test(other_sizes),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
