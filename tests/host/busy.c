/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A context that is in use, by the call from which a callback comes or by another thread, refuses
 * every call and stays as it is. */

#include "host.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct fixture {
    segent_context *context, *other;
    segent_model *model;
    segent_image *image;
    segent_checkpoint *checkpoint;
    segent_result *expected; /* of a run that nobody disturbs */
    segent_tensor_view logits;
    segent_map_view map;
    unsigned char *file;
    size_t file_size;
    char path[256], output[256];
    bool ready;
    int calls; /* of probe() */
} fixture;

/* The sentence that the calling thread gets a copy of. */
static void expect_copy(segent_context *context, const char *expected)
{
    char copy[512], cut[8];
    assert_int_equal(segent_last_error_copy(context, copy, sizeof(copy)), strlen(expected));
    assert_string_equal(copy, expected);
    assert_int_equal(segent_last_error_copy(context, cut, sizeof(cut)), strlen(expected));
    assert_memory_equal(cut, expected, sizeof(cut) - 1);
    assert_int_equal(cut[sizeof(cut) - 1], 0);
    assert_int_equal(segent_last_error_copy(context, NULL, 0), strlen(expected));
    assert_int_equal(segent_last_error_copy(context, NULL, 9), strlen(expected));
}

static void expect_copy_of_none(segent_context *context)
{
    char copy[8] = "before";
    assert_int_equal(segent_last_error_copy(context, copy, sizeof(copy)), 0);
    assert_string_equal(copy, "");
}

#define REFUSED(call)                                                                \
    do {                                                                             \
        assert_int_equal(call, SEGENT_ERROR_BUSY);                                   \
        assert_non_null(strstr(segent_last_error(f->context), "context is in use")); \
    } while (0)

static void probe_uncertainty(fixture *f)
{
    segent_context *c = f->context;
    static uint8_t ids[HOST_WIDTH * HOST_HEIGHT], rgb[HOST_WIDTH * HOST_HEIGHT * 3];
    const segent_label_view labels =
        segent_label_map(ids, SEGENT_LABEL_U8, HOST_HEIGHT, HOST_WIDTH);
    const segent_pixel_view pixels = segent_pixels(rgb, SEGENT_PIXEL_RGB, HOST_HEIGHT, HOST_WIDTH);
    segent_entropy_summary summary = segent_entropy_summary_init();
    segent_class_statistics statistics[HOST_CLASSES];
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = maps.width = 9;
    maps.entropy.data = f->map.data;
    REFUSED(segent_softmax(c, &f->logits, &f->logits));
    REFUSED(segent_entropy_map(c, &f->logits, NULL, &f->map));
    REFUSED(segent_image_entropy(c, &f->map, NULL, &summary));
    REFUSED(segent_argmax(c, &f->logits, &labels));
    REFUSED(segent_uncertainty_from_logits(c, &f->logits, NULL, &maps, &summary));
    REFUSED(segent_statistics_per_class(c, &labels, NULL, statistics, HOST_CLASSES));
    REFUSED(segent_palette_decode(c, &labels, NULL, 0, &pixels));
    REFUSED(segent_colormap_apply(c, &f->map, SEGENT_COLORMAP_JET, 0.0f, 1.0f, &pixels));
    REFUSED(segent_map_save_npy(c, &f->map, f->output));
    REFUSED(segent_tensor_save_npy(c, &f->logits, f->output));
}

static void probe_pictures(fixture *f)
{
    segent_context *c = f->context;
    segent_image *image = NULL;
    segent_labels *labels = NULL;
    segent_buffer *png = NULL;
    const uint8_t pixel[3] = {1, 2, 3};
    const segent_pixel_view pixels = segent_pixels(pixel, SEGENT_PIXEL_RGB, 1, 1);
    const segent_label_view ids = segent_label_map(pixel, SEGENT_LABEL_U8, 1, 1);
    REFUSED(segent_image_load(c, f->path, NULL, &image));
    REFUSED(segent_image_load_memory(c, f->file, f->file_size, NULL, &image));
    REFUSED(segent_image_from_pixels(c, &pixels, &image));
    REFUSED(segent_image_resize(c, f->image, 5, 5, &image));
    REFUSED(segent_image_save_png(c, f->image, f->output));
    REFUSED(segent_image_encode_png(c, f->image, &png));
    REFUSED(segent_labels_save_png(c, &ids, NULL, 0, f->output));
    REFUSED(segent_labels_encode_png(c, &ids, NULL, 0, &png));
    REFUSED(segent_labels_load_png(c, f->path, NULL, &labels));
    REFUSED(segent_labels_load_png_memory(c, f->file, f->file_size, NULL, &labels));
    assert_null(image);
    assert_null(labels);
    assert_null(png);
}

static void probe_models(fixture *f)
{
    segent_context *c = f->context;
    segent_checkpoint *checkpoint = NULL;
    segent_model *model = NULL;
    segent_result *result = NULL;
    segent_cancel *cancel = NULL;
    segent_tensor_info info = segent_tensor_info_init();
    segent_input input = segent_input_init();
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    float value;
    int64_t bytes;
    input.image = f->image;
    maps.height = HOST_HEIGHT;
    maps.width = HOST_WIDTH;
    maps.entropy.data = f->map.data;
    REFUSED(segent_checkpoint_load(c, f->path, &checkpoint));
    REFUSED(segent_checkpoint_load_memory(c, f->file, f->file_size, &checkpoint));
    REFUSED(segent_checkpoint_tensor(c, f->checkpoint, 0, &info));
    REFUSED(segent_checkpoint_read(c, f->checkpoint, 0, &value, 1));
    REFUSED(segent_model_load(c, f->path, NULL, &model));
    REFUSED(segent_checkpoint_seeded(c, "resnet50", 1, &checkpoint));
    REFUSED(segent_model_load_memory(c, f->file, f->file_size, NULL, &model));
    REFUSED(segent_model_from_checkpoint(c, f->checkpoint, NULL, &model));
    REFUSED(segent_model_memory(c, f->model, 64, 64, NULL, &bytes));
    REFUSED(segent_run(c, f->model, f->image, NULL, &result));
    REFUSED(segent_run_into(c, f->model, &input, NULL, &maps, NULL));
    REFUSED(segent_model_logits(c, f->model, &input, NULL, &f->logits));
    REFUSED(segent_cancel_create(c, &cancel));
    REFUSED(segent_context_report_layers(c, NULL, NULL));
    REFUSED(segent_context_trim(c));
    assert_null(cancel);
    assert_null(checkpoint);
    assert_null(model);
    assert_null(result);
}

/* Calls everything with the context that is in use; what needs none works. */
static void probe(fixture *f)
{
    segent_cpu_info info = segent_cpu_info_init();
    segent_entropy_summary summary = segent_entropy_summary_init();
    f->calls++;
    probe_uncertainty(f);
    probe_pictures(f);
    probe_models(f);
    assert_int_equal(segent_context_cpu_info(f->context, &info), SEGENT_OK);
    assert_int_equal(segent_result_summary(f->expected, &summary), SEGENT_OK);
    /* With another context, everything works as always. */
    const segent_map_view few = segent_map(f->logits.data, 2, 2);
    test_assert_ok(f->other, segent_image_entropy(f->other, &few, NULL, &summary));
    REFUSED(segent_model_memory(f->context, f->model, 1, 1, NULL, &(int64_t){0}));
    expect_copy(f->context, "the context is in use: by a callback, or by another thread");
}

static int32_t probe_progress(void *user, double done)
{
    (void)done;
    probe(user);
    return 0;
}

static int32_t probe_and_stop(void *user, double done)
{
    (void)done;
    probe(user);
    return 1;
}

static void probe_layer(void *user, const segent_layer_info *layer)
{
    (void)layer;
    probe(user);
}

static void probe_log(void *user, int32_t level, const char *message)
{
    fixture *f = user;
    (void)level, (void)message;
    if (f->ready)
        probe(f);
}

/* ---- */

static int set_up(void **state)
{
    static fixture f;
    segent_options options = segent_options_init();
    memset(&f, 0, sizeof(f));
    options.threads = 2;
    options.log = probe_log;
    options.log_user = &f;
    assert_int_equal(segent_context_create(&options, &f.context), SEGENT_OK);
    f.other = host_context(1);
    f.model = host_model(f.context);
    f.image = host_image(f.context);
    f.expected = host_run(f.context, f.model, f.image);
    f.logits = host_logits();
    f.map = segent_map(calloc((size_t)HOST_WIDTH * HOST_HEIGHT, sizeof(float)), HOST_HEIGHT,
                       HOST_WIDTH);
    assert_non_null(f.map.data);
    strcpy(f.path, host_checkpoint());
    strcpy(f.output, test_temporary("never.png"));
    f.file = test_read_file(f.path, &f.file_size);
    test_assert_ok(f.context, segent_checkpoint_load(f.context, f.path, &f.checkpoint));
    f.ready = true;
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    free(f->file);
    free(f->map.data);
    free(f->logits.data);
    segent_checkpoint_destroy(f->checkpoint);
    segent_result_destroy(f->expected);
    segent_image_destroy(f->image);
    segent_model_destroy(f->model);
    segent_context_destroy(f->other);
    segent_context_destroy(f->context);
    return 0;
}

static void check_result(const fixture *f, segent_result *result)
{
    const size_t pixels = (size_t)HOST_WIDTH * HOST_HEIGHT;
    assert_memory_equal(segent_result_labels(result), segent_result_labels(f->expected), pixels);
    assert_memory_equal(segent_result_entropy(result), segent_result_entropy(f->expected),
                        pixels * sizeof(float));
    segent_result_destroy(result);
}

static segent_run_options run_options(void)
{
    segent_run_options options = segent_run_options_init();
    options.size = SEGENT_SIZE_OWN;
    return options;
}

static void test_from_progress_and_layer(void **state)
{
    fixture *f = *state;
    segent_run_options options = run_options();
    segent_result *result = NULL;
    options.progress = probe_progress;
    options.progress_user = f;
    test_assert_ok(f->context, segent_context_report_layers(f->context, probe_layer, f));
    test_assert_ok(f->context, segent_run(f->context, f->model, f->image, &options, &result));
    assert_true(f->calls > 20);
    check_result(f, result);
    assert_string_equal(segent_last_error(f->context), "");
    /* The sentence of a run is its own, whatever its callbacks were told. */
    options.progress = probe_and_stop;
    test_assert_status(f->context, segent_run(f->context, f->model, f->image, &options, &result),
                       SEGENT_ERROR_CANCELLED);
    test_assert_error_contains(f->context, "the run was cancelled");
    test_assert_ok(f->context, segent_context_report_layers(f->context, NULL, NULL));
}

/* Loading a model says what the file holds. */
static void test_from_log(void **state)
{
    fixture *f = *state;
    segent_model *model = NULL;
    f->calls = 0;
    test_assert_ok(f->context, segent_model_load(f->context, f->path, NULL, &model));
    assert_true(f->calls > 0);
    segent_model_destroy(model);
}

/* ---- allocator ---- */

typedef struct probing_memory {
    fixture f;
    bool probing;
    atomic_int refused;
} probing_memory;

static void *allocate(void *user, size_t size)
{
    probing_memory *self = user;
    int64_t bytes;
    if (self->probing) {
        assert_int_equal(segent_model_memory(self->f.context, self->f.model, 8, 8, NULL, &bytes),
                         SEGENT_ERROR_BUSY);
        self->refused++;
    }
    return malloc(size);
}

static void release(void *user, void *block)
{
    (void)user;
    free(block);
}

static void test_from_the_allocator(void **state)
{
    fixture *shared = *state;
    probing_memory self = {.probing = false};
    segent_options options = segent_options_init();
    options.threads = 2;
    options.allocate = allocate;
    options.release = release;
    options.allocator_user = &self;
    assert_int_equal(segent_context_create(&options, &self.f.context), SEGENT_OK);
    self.f.model = host_model(self.f.context);
    self.probing = true;
    segent_result *result = host_run(self.f.context, self.f.model, shared->image);
    self.probing = false;
    assert_true(self.refused > 0);
    check_result(shared, result);
    segent_model_destroy(self.f.model);
    segent_context_destroy(self.f.context);
}

/* ---- other threads ---- */

static void *probe_thread(void *argument)
{
    probe(argument);
    return NULL;
}

/* The run waits while another thread tries everything. */
static int32_t let_other_probe(void *user, double done)
{
    pthread_t other;
    (void)done;
    assert_int_equal(pthread_create(&other, NULL, probe_thread, user), 0);
    assert_int_equal(pthread_join(other, NULL), 0);
    return 0;
}

static void test_from_another_thread(void **state)
{
    fixture *f = *state;
    segent_run_options options = run_options();
    segent_result *result = NULL;
    options.progress = let_other_probe;
    options.progress_user = f;
    f->calls = 0;
    test_assert_ok(f->context, segent_run(f->context, f->model, f->image, &options, &result));
    assert_true(f->calls > 10);
    check_result(f, result);
}

/* Threads that know nothing of each other, each with maps of its own: a call does all its work or
 * none, and a sentence is that of the thread's own call. */
typedef struct rival {
    fixture *f;
    int number, done, refused, wrong;
    atomic_bool *start;
} rival;

static void *contend(void *argument)
{
    enum { ROUNDS = 400 };
    rival *self = argument;
    fixture *f = self->f;
    const size_t count = (size_t)HOST_WIDTH * HOST_HEIGHT;
    const segent_map_view map = segent_map(calloc(count, sizeof(float)), HOST_HEIGHT, HOST_WIDTH);
    while (!map.data || !atomic_load(self->start))
        ;
    for (int i = 0; i < ROUNDS; i++) {
        const bool bad = i % 8 == self->number;
        const segent_status status =
            segent_entropy_map(f->context, &f->logits, NULL, bad ? NULL : &map);
        if (status == SEGENT_ERROR_BUSY) {
            self->refused++;
            self->wrong += strstr(segent_last_error(f->context), "in use") == NULL;
        } else {
            self->done++;
            self->wrong += status != (bad ? SEGENT_ERROR_INVALID_ARGUMENT : SEGENT_OK);
            self->wrong += !bad && memcmp(map.data, f->map.data, count * sizeof(float)) != 0;
        }
    }
    free(map.data);
    return NULL;
}

static void test_rivals(void **state)
{
    enum { RIVALS = 3 };
    fixture *f = *state;
    pthread_t threads[RIVALS];
    rival rivals[RIVALS];
    atomic_bool start = false;
    int done = 0;
    test_assert_ok(f->context, segent_entropy_map(f->context, &f->logits, NULL, &f->map));
    for (int i = 0; i < RIVALS; i++) {
        rivals[i] = (rival){.f = f, .number = i, .start = &start};
        assert_int_equal(pthread_create(&threads[i], NULL, contend, &rivals[i]), 0);
    }
    atomic_store(&start, true);
    for (int i = 0; i < RIVALS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(rivals[i].wrong, 0);
        done += rivals[i].done;
    }
    assert_true(done > 0);
}

/* ---- copies of the sentence ---- */

static int32_t copy_inside(void *user, double done)
{
    (void)done;
    expect_copy(user, segent_last_error(user));
    return 0;
}

static void test_copies(void **state)
{
    fixture *f = *state;
    segent_run_options options = run_options();
    segent_result *result = NULL;
    segent_context *fresh = host_context(1);
    expect_copy_of_none(fresh);
    segent_context_destroy(fresh);
    assert_int_equal(segent_argmax(f->context, NULL, NULL), SEGENT_ERROR_INVALID_ARGUMENT);
    expect_copy(f->context, segent_last_error(f->context));
    assert_int_equal(segent_argmax(NULL, NULL, NULL), SEGENT_ERROR_INVALID_ARGUMENT);
    expect_copy(NULL, "the context is NULL");
    /* From a callback, and no call is disturbed. */
    options.progress = copy_inside;
    options.progress_user = f->context;
    test_assert_ok(f->context, segent_run(f->context, f->model, f->image, &options, &result));
    check_result(f, result);
}

/* ---- destroy ---- */

typedef struct ending {
    segent_context *context;
    test_allocator *memory;
    bool from_thread;
    int calls;
} ending;

static void *destroy_thread(void *argument)
{
    segent_context_destroy(argument);
    return NULL;
}

static int32_t destroy_while_running(void *user, double done)
{
    ending *self = user;
    const int64_t live = self->memory->live;
    pthread_t other;
    (void)done;
    if (self->calls++ > 0)
        return 0;
    if (self->from_thread) {
        assert_int_equal(pthread_create(&other, NULL, destroy_thread, self->context), 0);
        assert_int_equal(pthread_join(other, NULL), 0);
    } else {
        segent_context_destroy(self->context);
    }
    /* It lives until the run is over. */
    assert_int_equal(self->memory->live, live);
    return 0;
}

static void check_ending(const fixture *f, bool from_thread)
{
    test_allocator memory = {0};
    const segent_options options = test_allocator_options(&memory);
    segent_run_options run = run_options();
    segent_result *result = NULL;
    ending self = {.memory = &memory, .from_thread = from_thread};
    assert_int_equal(segent_context_create(&options, &self.context), SEGENT_OK);
    run.progress = destroy_while_running;
    run.progress_user = &self;
    assert_int_equal(segent_run(self.context, f->model, f->image, &run, &result), SEGENT_OK);
    assert_true(self.calls > 1);
    check_result(f, result);
    assert_int_equal(memory.live, 0);
}

static void test_destroy_from_a_callback(void **state)
{
    check_ending(*state, false);
    check_ending(*state, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_from_progress_and_layer),
        cmocka_unit_test(test_from_log),
        cmocka_unit_test(test_from_the_allocator),
        cmocka_unit_test(test_from_another_thread),
        cmocka_unit_test(test_rivals),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_destroy_from_a_callback),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
