/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the library takes of its caller's stack: everything is done on a thread whose stack is as
 * small as docs/hosting.md says is enough, with forbidden pages below it. With one thread the tasks
 * of the workers run on it, too. */

#include "host.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "sanitizers.h"

enum { ENOUGH = 64 << 10, GUARD = 64 << 10, PAINT = 0xa5 };

typedef struct everything {
    segent_options options;
    const char *checkpoint;
    char jpeg[256], png[256], written[256];
    const char *failed; /* the first call that failed, with its sentence */
    char sentence[256];
} everything;

static void check(everything *self, const segent_context *context, const char *call,
                  segent_status status)
{
    if (status == SEGENT_OK || status == SEGENT_ERROR_UNSUPPORTED || self->failed)
        return;
    self->failed = call;
    strncpy(self->sentence, segent_last_error(context), sizeof(self->sentence) - 1);
}

#define CHECK(call) check(self, context, #call, call)

static void do_pictures(everything *self, segent_context *context, const segent_image *image)
{
    segent_image *read = NULL, *resized = NULL;
    segent_labels *labels = NULL;
    const segent_label_view ids =
        segent_label_map(segent_image_pixels(image), SEGENT_LABEL_U8, HOST_WIDTH, HOST_HEIGHT);
    CHECK(segent_image_load(context, self->jpeg, NULL, &read));
    segent_image_destroy(read);
    read = NULL;
    CHECK(segent_image_load(context, self->png, NULL, &read));
    segent_image_destroy(read);
    CHECK(segent_image_resize(context, image, 300, 200, &resized));
    CHECK(segent_image_save_png(context, resized, self->written));
    const segent_status saved = segent_labels_save_png(context, &ids, NULL, 0, self->written);
    check(self, context, "segent_labels_save_png", saved);
    if (saved == SEGENT_OK) /* not in a build without PNG */
        CHECK(segent_labels_load_png(context, self->written, NULL, &labels));
    segent_labels_destroy(labels);
    segent_image_destroy(resized);
}

static void do_maps(everything *self, segent_context *context, const segent_result *result)
{
    static float room[HOST_CLASSES * HOST_HEIGHT * HOST_WIDTH];
    const float *logits = segent_result_logits(result);
    const segent_tensor_view planes =
        segent_tensor_chw(logits, HOST_CLASSES, HOST_HEIGHT, HOST_WIDTH);
    const segent_tensor_view last =
        segent_tensor_hwc(logits, HOST_HEIGHT, HOST_WIDTH, HOST_CLASSES);
    const segent_tensor_view softmax =
        segent_tensor_chw(room, HOST_CLASSES, HOST_HEIGHT, HOST_WIDTH);
    const segent_map_view map = segent_map(room, HOST_HEIGHT, HOST_WIDTH);
    const segent_map_view with_strides = {room, HOST_HEIGHT, HOST_WIDTH, HOST_WIDTH, 1};
    segent_entropy_options options = segent_entropy_options_init();
    segent_entropy_summary summary = segent_entropy_summary_init();
    options.temperature = -0.5f;
    (void)segent_entropy_map(context, &planes, &options, &map); /* a sentence */
    options.temperature = 1.0f;
    CHECK(segent_entropy_map(context, &planes, NULL, &map));
    CHECK(segent_entropy_map(context, &last, NULL, &map));
    CHECK(segent_image_entropy(context, &map, NULL, &summary));
    CHECK(segent_softmax(context, &planes, &softmax));
    options.source = SEGENT_SOURCE_PROBABILITIES;
    CHECK(segent_entropy_map(context, &planes, NULL, &with_strides));
}

static void do_run(everything *self, segent_context *context, const segent_image *image,
                   segent_engine engine)
{
    segent_run_options run = segent_run_options_init();
    segent_model *model = NULL;
    segent_result *result = NULL;
    run.engine = engine;
    run.size = SEGENT_SIZE_OWN;
    run.output_size = SEGENT_OUTPUT_ORIGINAL;
    run.keep = SEGENT_KEEP_LOGITS | SEGENT_KEEP_PROBABILITIES | SEGENT_KEEP_TOP_PROBABILITY |
               SEGENT_KEEP_MARGIN;
    CHECK(segent_model_load(context, self->checkpoint, NULL, &model));
    CHECK(segent_run(context, model, image, &run, &result));
    if (result)
        do_maps(self, context, result);
    segent_result_destroy(result);
    segent_model_destroy(model);
}

static void *do_everything(void *argument)
{
    static uint8_t pixels[HOST_HEIGHT * HOST_WIDTH * 3];
    everything *self = argument;
    segent_context *context = NULL;
    segent_checkpoint *checkpoint = NULL;
    segent_image *image = NULL, *none = NULL;
    CHECK(segent_context_create(&self->options, &context));
    if (self->failed)
        return NULL;
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_RGB, HOST_HEIGHT, HOST_WIDTH);
    CHECK(segent_image_from_pixels(context, &view, &image));
    CHECK(segent_checkpoint_load(context, self->checkpoint, &checkpoint));
    segent_checkpoint_destroy(checkpoint);
    (void)segent_image_load(context, "/none/of/these", NULL, &none);
    for (segent_engine engine = SEGENT_ENGINE_FAST; engine <= SEGENT_ENGINE_SMALL; engine++)
        do_run(self, context, image, engine);
    do_pictures(self, context, image);
    segent_image_destroy(image);
    segent_context_destroy(context);
    return NULL;
}

/* Bytes of a stack of `size` that were written to. */
static size_t measure(everything *self, size_t size)
{
    pthread_attr_t attributes;
    pthread_t thread;
    unsigned char *memory =
        mmap(NULL, GUARD + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(memory != MAP_FAILED);
    assert_int_equal(mprotect(memory, GUARD, PROT_NONE), 0);
    memset(memory + GUARD, PAINT, size);
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstack(&attributes, memory + GUARD, size), 0);
    assert_int_equal(pthread_create(&thread, &attributes, do_everything, self), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
    if (self->failed)
        fail_msg("%s: %s", self->failed, self->sentence);
    size_t clean = 0;
    while (clean < size && memory[GUARD + clean] == PAINT)
        clean++;
    munmap(memory, GUARD + size);
    return size - clean;
}

static everything prepare(int32_t threads, segent_cpu cpu)
{
    everything self = {.options = segent_options_init(), .failed = NULL};
    self.options.threads = threads;
    self.options.cpu = cpu;
    strcpy(self.written, test_temporary("written.png"));
    strcpy(self.jpeg, test_data("run/00.jpg"));
    strcpy(self.png, test_data("run/02.png"));
    self.checkpoint = host_checkpoint();
    return self;
}

/* The best kernels, those of smaller vectors, and plain C with a BLAS if there is one. */
static void test_caller(void **state)
{
    (void)state;
    static const segent_cpu caps[] = {0, SEGENT_CPU_AVX2, SEGENT_CPU_REF};
    for (int32_t threads = 1; threads <= 2; threads++) {
        for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
            everything self = prepare(threads, caps[i]);
            const size_t used = measure(&self, ENOUGH);
            print_message("%d threads, cap %d: %zu bytes\n", (int)threads, (int)caps[i], used);
            assert_true(used < ENOUGH);
        }
    }
}

/* Workers have a stack of the library's choice: neither a tiny limit nor a huge one is theirs. */
static void test_workers_ignore_the_limit(void **state)
{
    (void)state;
    struct rlimit before, tiny;
    assert_int_equal(getrlimit(RLIMIT_STACK, &before), 0);
    tiny = before;
    tiny.rlim_cur = 20 << 10;
    assert_int_equal(setrlimit(RLIMIT_STACK, &tiny), 0);
    everything self = prepare(4, 0);
    (void)measure(&self, ENOUGH);
    assert_int_equal(setrlimit(RLIMIT_STACK, &before), 0);
}

int main(void)
{
    /* Sanitizers make every function's share of the stack larger, and valgrind does not have what a
     * stack held read. */
    if (TEST_ADDRESS_SANITIZER || TEST_THREAD_SANITIZER || getenv("SEGENT_TEST_BRIEF"))
        return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_caller),
        cmocka_unit_test(test_workers_ignore_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
