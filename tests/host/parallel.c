/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A parallel loop of the host's own (segent_options.parallel): however it calls the tasks, results
 * are those of the library's threads to the bit, and no thread is started by the library. */

#include "host.h"

#include <fenv.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/context.h"

/* ---- loops ---- */

/* Those from TWICE on are not what the library asks for; they must do no harm all the same. */
typedef enum shape {
    IN_ORDER,
    REVERSED,
    ON_THREADS,
    LATE, /* on threads, all of which begin when the caller's own task is done */
    TWICE,
    TWICE_AT_ONCE,
    EVERY_OTHER,
    NOT_AT_ALL,
    BEYOND, /* with numbers that were not given */
    SHAPES
} shape;

static const char *const shape_names[SHAPES] = {"in order",    "reversed",   "on threads",
                                                "late",        "twice",      "twice at once",
                                                "every other", "not at all", "with other numbers"};

enum { THREADS_MAX = 8 };

typedef struct host_loop {
    shape how;
    int32_t threads; /* of the context */
    segent_context *context;
    pthread_t caller;
    atomic_int calls, tasks;
    atomic_int wrong; /* expectations that were not met, on any thread */
    atomic_bool inside;
    int rounding;     /* of the host's own environment */
    int64_t existing; /* threads of this process, the host's for its tasks not among them */
} host_loop;

typedef struct host_task {
    host_loop *loop;
    segent_task_fn task;
    void *argument;
    int32_t i;
} host_task;

/* A task leaves the environment of the thread that calls it alone. */
static void call(host_loop *loop, segent_task_fn task, void *argument, int32_t i)
{
    const int before = fegetround();
    task(argument, i);
    loop->wrong += fegetround() != before;
    loop->tasks++;
}

static void *thread_main(void *argument)
{
    const host_task *work = argument;
    fesetround(FE_DOWNWARD);
    call(work->loop, work->task, work->argument, work->i);
    return NULL;
}

/* All tasks but those below `first` on threads, `copies` of each. */
static void call_on_threads(host_loop *loop, int32_t first, int32_t count, int copies,
                            segent_task_fn task, void *argument)
{
    pthread_t threads[2 * THREADS_MAX];
    host_task work[2 * THREADS_MAX];
    int started = 0;
    for (int32_t i = first; i < count; i++) {
        for (int k = 0; k < copies; k++) {
            work[started] = (host_task){loop, task, argument, i};
            if (pthread_create(&threads[started], NULL, thread_main, &work[started]) == 0)
                started++;
            else
                loop->wrong++;
        }
    }
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}

static void call_tasks(host_loop *loop, int32_t count, segent_task_fn task, void *argument)
{
    static const int32_t others[] = {-1, INT32_MIN, INT32_MAX, THREADS_MAX, 1000};
    switch (loop->how) {
    case REVERSED:
        for (int32_t i = count - 1; i >= 0; i--)
            call(loop, task, argument, i);
        break;
    case ON_THREADS:
        call_on_threads(loop, 0, count, 1, task, argument);
        break;
    case LATE:
        call(loop, task, argument, 0);
        call_on_threads(loop, 1, count, 1, task, argument);
        break;
    case TWICE_AT_ONCE:
        call_on_threads(loop, 0, count, 2, task, argument);
        break;
    case EVERY_OTHER:
        for (int32_t i = 1; i < count; i += 2)
            call(loop, task, argument, i);
        break;
    case NOT_AT_ALL:
        break;
    case BEYOND:
        for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
            call(loop, task, argument, others[i]);
        /* fall through */
    default:
        for (int32_t i = 0; i < count; i++) {
            call(loop, task, argument, i);
            if (loop->how == TWICE)
                call(loop, task, argument, i);
        }
    }
}

static void parallel(void *user, int32_t count, segent_task_fn task, void *argument)
{
    host_loop *loop = user;
    loop->calls++;
    loop->wrong += atomic_exchange(&loop->inside, true); /* never nested */
    loop->wrong += !pthread_equal(pthread_self(), loop->caller);
    loop->wrong += count < 1 || count > loop->threads;
    loop->wrong += fegetround() != loop->rounding;
    loop->wrong += !host_threads_are(loop->existing);
    /* The context is in use, as in every callback. */
    loop->wrong += loop->context && segent_context_trim(loop->context) != SEGENT_ERROR_BUSY;
    call_tasks(loop, count, task, argument);
    loop->wrong += fegetround() != loop->rounding;
    loop->inside = false;
}

static void open_loop(host_loop *loop, shape how, int32_t threads)
{
    segent_options options = segent_options_init();
    memset(loop, 0, sizeof(*loop));
    loop->how = how;
    loop->threads = threads;
    loop->caller = pthread_self();
    loop->rounding = fegetround();
    loop->existing = host_count_threads();
    options.threads = threads;
    options.parallel = parallel;
    options.parallel_user = loop;
    assert_int_equal(segent_context_create(&options, &loop->context), SEGENT_OK);
}

static void close_loop(host_loop *loop)
{
    segent_context *context = loop->context;
    loop->context = NULL;
    segent_context_destroy(context);
    if (loop->wrong != 0)
        fail_msg("%s, %d threads: %d expectations were not met", shape_names[loop->how],
                 (int)loop->threads, (int)loop->wrong);
    assert_true(host_threads_are(loop->existing));
}

/* ---- everything that is done in parallel ---- */

enum { LOW_H = 20, LOW_W = 27, H = 155, W = 211, RESULTS = 16 };

/* A hash of each result, so that it can be told which one differs. */
typedef struct results {
    uint64_t hash[RESULTS];
    int count;
} results;

static void add(results *all, const void *data, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const unsigned char *)data)[i]) * 0x100000001b3u;
    assert_true(all->count < RESULTS);
    all->hash[all->count++] = hash;
}

/* The same values whatever the host's environment is. */
static float *random_floats(size_t count)
{
    const int rounding = fegetround();
    uint64_t random = 17;
    float *values = malloc(count * sizeof(float));
    assert_non_null(values);
    fesetround(FE_TONEAREST);
    for (size_t i = 0; i < count; i++)
        values[i] = test_random_uniform(&random, -6.0f, 6.0f);
    fesetround(rounding);
    return values;
}

static void do_head(segent_context *context, results *all)
{
    enum { N = H * W };
    static float floats[3][N];
    static uint8_t labels[N];
    float *low = random_floats(HOST_CLASSES * LOW_H * LOW_W);
    float *full = malloc(sizeof(float) * HOST_CLASSES * N);
    assert_non_null(full);
    const segent_tensor_view logits = segent_tensor_chw(low, HOST_CLASSES, LOW_H, LOW_W);
    segent_entropy_summary summary = segent_entropy_summary_init();
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = H;
    maps.width = W;
    maps.labels.data = labels;
    maps.entropy.data = floats[0];
    maps.top_probability.data = floats[1];
    maps.margin.data = floats[2];
    maps.logits.data = full;
    test_assert_ok(context,
                   segent_uncertainty_from_logits(context, &logits, NULL, &maps, &summary));
    add(all, labels, sizeof(labels));
    add(all, floats, sizeof(floats));
    add(all, full, sizeof(float) * HOST_CLASSES * N);
    add(all, &summary, sizeof(summary));
    free(low);
    free(full);
}

static void do_buffers(segent_context *context, results *all)
{
    enum { N = H * W };
    static float map[N];
    static uint8_t ids[N], rgb[2][3 * N];
    float *values = random_floats(HOST_CLASSES * N);
    const segent_tensor_view tensor = segent_tensor_chw(values, HOST_CLASSES, H, W);
    const segent_map_view entropy = segent_map(map, H, W);
    const segent_label_view labels = segent_label_map(ids, SEGENT_LABEL_U8, H, W);
    const segent_pixel_view decoded = segent_pixels(rgb[0], SEGENT_PIXEL_RGB, H, W);
    const segent_pixel_view coloured = segent_pixels(rgb[1], SEGENT_PIXEL_RGB, H, W);
    segent_entropy_summary summary = segent_entropy_summary_init();
    test_assert_ok(context, segent_entropy_map(context, &tensor, NULL, &entropy));
    test_assert_ok(context, segent_image_entropy(context, &entropy, NULL, &summary));
    test_assert_ok(context, segent_argmax(context, &tensor, &labels));
    test_assert_ok(context, segent_palette_decode(context, &labels, NULL, 0, &decoded));
    test_assert_ok(context, segent_colormap_apply(context, &entropy, SEGENT_COLORMAP_JET, 0.0f,
                                                  1.0f, &coloured));
    test_assert_ok(context, segent_softmax(context, &tensor, &tensor));
    add(all, map, sizeof(map));
    add(all, &summary, sizeof(summary));
    add(all, ids, sizeof(ids));
    add(all, rgb, sizeof(rgb));
    add(all, values, sizeof(float) * HOST_CLASSES * N);
    free(values);
}

/* A picture of which several threads have something to do. */
static void do_resize(segent_context *context, results *all)
{
    enum { ROWS = 350, COLUMNS = 420 };
    uint8_t *pixels = malloc(ROWS * COLUMNS * 3);
    uint64_t random = 19;
    assert_non_null(pixels);
    for (int i = 0; i < ROWS * COLUMNS * 3; i++)
        pixels[i] = (uint8_t)test_random(&random);
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_RGB, ROWS, COLUMNS);
    segent_image *image = NULL, *resized = NULL;
    test_assert_ok(context, segent_image_from_pixels(context, &view, &image));
    test_assert_ok(context, segent_image_resize(context, image, 300, 400, &resized));
    add(all, segent_image_pixels(resized), 300 * 400 * 3);
    segent_image_destroy(resized);
    segent_image_destroy(image);
    free(pixels);
}

static void do_run(segent_context *context, segent_engine engine, results *all)
{
    enum { N = HOST_WIDTH * HOST_HEIGHT };
    segent_model *model = host_model(context);
    segent_image *image = host_image(context);
    segent_run_options options = segent_run_options_init();
    segent_result *result = NULL;
    segent_entropy_summary summary = segent_entropy_summary_init();
    options.engine = engine;
    options.keep = SEGENT_KEEP_LOGITS | SEGENT_KEEP_PROBABILITIES;
    test_assert_ok(context, segent_run(context, model, image, &options, &result));
    test_assert_ok(context, segent_result_summary(result, &summary));
    add(all, segent_result_logits(result), sizeof(float) * HOST_CLASSES * N);
    add(all, &summary, sizeof(summary));
    segent_result_destroy(result);
    segent_image_destroy(image);
    segent_model_destroy(model);
}

static results do_all(segent_context *context)
{
    results all = {.count = 0};
    do_head(context, &all);
    do_buffers(context, &all);
    do_resize(context, &all);
    do_run(context, SEGENT_ENGINE_FAST, &all);
    do_run(context, SEGENT_ENGINE_EXACT, &all);
    do_run(context, SEGENT_ENGINE_SMALL, &all);
    return all;
}

static results with_own_threads(int32_t threads)
{
    segent_context *context = host_context(threads);
    const results all = do_all(context);
    segent_context_destroy(context);
    return all;
}

static void compare(const results *all, const results *expected, const char *what)
{
    assert_in_range(all->count, 1, expected->count);
    for (int i = 0; i < all->count; i++) {
        if (all->hash[i] != expected->hash[i])
            fail_msg("%s: result %d differs", what, i);
    }
}

static void test_same_results(void **state)
{
    (void)state;
    const results expected = with_own_threads(1), of_three = with_own_threads(3);
    compare(&of_three, &expected, "three threads of the library's");
    for (int how = 0; how < SHAPES; how++) {
        for (int32_t threads = 2; threads <= THREADS_MAX; threads += 3) {
            host_loop loop;
            open_loop(&loop, (shape)how, threads);
            const results all = do_all(loop.context);
            assert_true(loop.calls > 20);
            assert_true(loop.tasks > 0 || how == NOT_AT_ALL);
            close_loop(&loop);
            assert_int_equal(all.count, expected.count);
            compare(&all, &expected, shape_names[how]);
        }
    }
}

/* In the host's own environment, which the tasks are not done in. */
static void test_environment(void **state)
{
    (void)state;
    const results expected = with_own_threads(2);
    const shape shapes[] = {IN_ORDER, ON_THREADS, LATE, NOT_AT_ALL};
    assert_int_equal(fesetround(FE_UPWARD), 0);
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        host_loop loop;
        open_loop(&loop, shapes[i], 4);
        results all = {.count = 0};
        do_head(loop.context, &all);
        close_loop(&loop);
        compare(&all, &expected, shape_names[shapes[i]]);
        assert_int_equal(fegetround(), FE_UPWARD);
    }
    assert_int_equal(fesetround(FE_TONEAREST), 0);
}

/* One thread is the caller: there is nothing to share. */
static void test_one_thread(void **state)
{
    (void)state;
    host_loop loop;
    open_loop(&loop, IN_ORDER, 1);
    do_all(loop.context);
    assert_int_equal(loop.calls, 0);
    close_loop(&loop);
}

/* ---- each item once ---- */

enum { ITEMS = 300 };

typedef struct counted {
    atomic_int done[ITEMS], busy[THREADS_MAX], wrong;
    int32_t threads;
} counted;

static void count_items(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    counted *work = argument;
    if (thread < 0 || thread >= work->threads || begin < 0 || end > ITEMS) {
        work->wrong++;
        return;
    }
    work->wrong += atomic_fetch_add(&work->busy[thread], 1) != 0;
    for (int64_t i = begin; i < end; i++)
        work->done[i]++;
    work->busy[thread]--;
}

/* However many items there are, each is done once; and no two threads ever have the same number at
 * the same time, since working memory belongs to a number. */
static void test_every_item_once(void **state)
{
    (void)state;
    static const int64_t counts[] = {1, 2, 7, 8, 9, 64, ITEMS}, grains[] = {1, 3, 8, 64};
    for (int how = 0; how < SHAPES; how++) {
        for (int32_t threads = 2; threads <= THREADS_MAX; threads += 2) {
            host_loop loop;
            open_loop(&loop, (shape)how, threads);
            for (size_t i = 0; i < 28; i++) {
                static counted work;
                memset(&work, 0, sizeof(work));
                work.threads = threads;
                test_assert_ok(loop.context, sg_enter(loop.context));
                sg_parallel_grains(loop.context->pool, counts[i % 7], grains[i / 7], i % 2 ? 1 : 5,
                                   count_items, &work);
                test_assert_ok(loop.context, sg_leave(loop.context, SEGENT_OK));
                assert_int_equal(work.wrong, 0);
                for (int64_t k = 0; k < ITEMS; k++)
                    assert_int_equal(work.done[k], k < counts[i % 7]);
            }
            close_loop(&loop);
        }
    }
}

/* A run that is cancelled ends in every loop, and the context serves again. */
static void test_cancelled(void **state)
{
    (void)state;
    for (int how = 0; how < SHAPES; how++) {
        host_loop loop;
        open_loop(&loop, (shape)how, 4);
        segent_model *model = host_model(loop.context);
        segent_image *image = host_image(loop.context);
        segent_cancel *cancel = NULL;
        segent_result *result = NULL;
        segent_run_options options = segent_run_options_init();
        test_assert_ok(loop.context, segent_cancel_create(loop.context, &cancel));
        options.cancel = cancel;
        segent_cancel_set(cancel);
        test_assert_status(loop.context, segent_run(loop.context, model, image, &options, &result),
                           SEGENT_ERROR_CANCELLED);
        assert_null(result);
        segent_cancel_reset(cancel);
        test_assert_ok(loop.context, segent_run(loop.context, model, image, &options, &result));
        segent_result_destroy(result);
        segent_cancel_destroy(cancel);
        segent_image_destroy(image);
        segent_model_destroy(model);
        close_loop(&loop);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_results), cmocka_unit_test(test_environment),
        cmocka_unit_test(test_one_thread),   cmocka_unit_test(test_every_item_once),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
