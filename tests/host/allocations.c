/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Whose memory it is: every block that the library, libpng or zlib asks for goes through the
 * allocator of segent_options and comes back, what other libraries take meanwhile is given back as
 * well, and a picture after the first of its size takes none from anybody. */

#include "interposed.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { N = HOST_HEIGHT * HOST_WIDTH, NAME_SIZE = 256 };

/* Files, made before anything is counted. */
static char checkpoint_path[NAME_SIZE], packed_path[NAME_SIZE], written_path[NAME_SIZE];
static char compressed_path[NAME_SIZE], jpeg_path[NAME_SIZE], png_path[NAME_SIZE];
static unsigned char *file;
static size_t file_size;
static segent_tensor_view logits;

static int set_up(void **state)
{
    (void)state;
    strcpy(packed_path, test_temporary("packed.segent"));
    strcpy(written_path, test_temporary("written"));
    strcpy(compressed_path, test_data("network/module_00.pth"));
    strcpy(jpeg_path, test_data("run/00.jpg"));
    strcpy(png_path, test_data("run/02.png"));
    strcpy(checkpoint_path, host_checkpoint());
    file = test_read_file(checkpoint_path, &file_size);
    logits = host_logits();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(file);
    free(logits.data);
    return 0;
}

/* Whether a context multiplies by a BLAS, or might: what that takes is its own. */
static bool may_have_blas(const segent_context *context)
{
    segent_cpu_info info = segent_cpu_info_init();
    assert_int_equal(segent_context_cpu_info(context, &info), SEGENT_OK);
    return info.used == SEGENT_CPU_REF && segent_supports("blas");
}

/* Fails the test where a call failed, but for "unsupported": a build without PNG, JPEG or zlib
 * rightly says that of files in those formats. */
static void check(const segent_context *context, segent_status status, const char *call, int line)
{
    if (status != SEGENT_OK && status != SEGENT_ERROR_UNSUPPORTED)
        fail_msg("line %d: %s: %s", line, call, segent_last_error(context));
}

#define CHECK(call) check(context, call, #call, __LINE__)

/* ---- what is done ---- */

static void do_buffers(segent_context *context)
{
    static float values[HOST_CLASSES * N], map_values[N];
    static uint8_t ids[N], rgb[3 * N];
    const segent_tensor_view softmax =
        segent_tensor_chw(values, HOST_CLASSES, HOST_HEIGHT, HOST_WIDTH);
    const segent_map_view map = segent_map(map_values, HOST_HEIGHT, HOST_WIDTH);
    const segent_label_view labels =
        segent_label_map(ids, SEGENT_LABEL_U8, HOST_HEIGHT, HOST_WIDTH);
    const segent_pixel_view pixels = segent_pixels(rgb, SEGENT_PIXEL_RGB, HOST_HEIGHT, HOST_WIDTH);
    segent_entropy_options options = segent_entropy_options_init();
    segent_entropy_summary summary = segent_entropy_summary_init();
    segent_class_statistics statistics[HOST_CLASSES];
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = HOST_HEIGHT;
    maps.width = HOST_WIDTH;
    maps.entropy.data = map_values;
    maps.labels.data = ids;
    CHECK(segent_softmax(context, &logits, &softmax));
    CHECK(segent_entropy_map(context, &logits, NULL, &map));
    CHECK(segent_image_entropy(context, &map, NULL, &summary));
    CHECK(segent_argmax(context, &logits, &labels));
    CHECK(segent_statistics_per_class(context, &labels, &map, statistics, HOST_CLASSES));
    CHECK(segent_palette_decode(context, &labels, NULL, 0, &pixels));
    CHECK(segent_colormap_apply(context, &map, SEGENT_COLORMAP_JET, 0.0f, 1.0f, &pixels));
    CHECK(segent_uncertainty_from_logits(context, &logits, NULL, &maps, &summary));
    CHECK(segent_map_save_npy(context, &map, written_path));
    CHECK(segent_tensor_save_npy(context, &logits, written_path));
    options.temperature = -1.0f; /* a sentence */
    assert_int_equal(segent_entropy_map(context, &logits, &options, &map),
                     SEGENT_ERROR_INVALID_ARGUMENT);
}

static void do_pictures(segent_context *context)
{
    static uint8_t pixels[3 * N];
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_BGR, HOST_HEIGHT, HOST_WIDTH);
    const segent_label_view ids =
        segent_label_map(pixels, SEGENT_LABEL_U8, HOST_HEIGHT, HOST_WIDTH);
    segent_image *image = NULL, *resized = NULL, *read[4] = {NULL, NULL, NULL, NULL};
    segent_labels *labels[2] = {NULL, NULL};
    segent_buffer *png[2] = {NULL, NULL};
    CHECK(segent_image_from_pixels(context, &view, &image));
    CHECK(segent_image_resize(context, image, 120, 90, &resized));
    CHECK(segent_image_load(context, jpeg_path, NULL, &read[0]));
    CHECK(segent_image_load(context, png_path, NULL, &read[1]));
    assert_int_equal(segent_image_load(context, "/none", NULL, &read[2]), SEGENT_ERROR_NOT_FOUND);
    assert_int_not_equal(segent_image_load(context, checkpoint_path, NULL, &read[2]), SEGENT_OK);
    CHECK(segent_image_save_png(context, resized, written_path));
    CHECK(segent_image_encode_png(context, resized, &png[0]));
    if (png[0]) {
        const void *data = segent_buffer_data(png[0]);
        const size_t size = segent_buffer_size(png[0]);
        CHECK(segent_image_load_memory(context, data, size, NULL, &read[2]));
        /* The half of a file is given up in the middle. */
        assert_int_not_equal(segent_image_load_memory(context, data, size / 2, NULL, &read[3]),
                             SEGENT_OK);
    }
    CHECK(segent_labels_encode_png(context, &ids, NULL, 0, &png[1]));
    if (png[1])
        CHECK(segent_labels_load_png_memory(context, segent_buffer_data(png[1]),
                                            segent_buffer_size(png[1]), NULL, &labels[0]));
    if (segent_labels_save_png(context, &ids, NULL, 0, written_path) == SEGENT_OK)
        CHECK(segent_labels_load_png(context, written_path, NULL, &labels[1]));
    for (int i = 0; i < 4; i++)
        segent_image_destroy(read[i]);
    for (int i = 0; i < 2; i++) {
        segent_labels_destroy(labels[i]);
        segent_buffer_destroy(png[i]);
    }
    segent_image_destroy(resized);
    segent_image_destroy(image);
}

static void do_checkpoints(segent_context *context)
{
    static float value[1 << 14];
    segent_checkpoint *read[3] = {NULL, NULL, NULL};
    segent_tensor_info info = segent_tensor_info_init();
    CHECK(segent_checkpoint_load(context, checkpoint_path, &read[0]));
    CHECK(segent_checkpoint_load_memory(context, file, file_size, &read[1]));
    CHECK(segent_checkpoint_load(context, compressed_path, &read[2]));
    assert_int_not_equal(segent_checkpoint_load_memory(context, file, file_size / 2, &read[1]),
                         SEGENT_OK);
    for (int i = 0; i < 3; i++) {
        if (!read[i])
            continue;
        CHECK(segent_checkpoint_tensor(context, read[i], 0, &info));
        assert_true(info.elements <= (int64_t)(sizeof(value) / sizeof(value[0])));
        CHECK(segent_checkpoint_read(context, read[i], 0, value, info.elements));
        segent_checkpoint_destroy(read[i]);
    }
}

static void run_all(segent_context *context, const segent_model *model)
{
    static uint8_t pixels[3 * N];
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_RGB, HOST_HEIGHT, HOST_WIDTH);
    segent_image *image = NULL;
    segent_run_options options = segent_run_options_init();
    options.output_size = SEGENT_OUTPUT_ORIGINAL;
    options.keep = SEGENT_KEEP_LOGITS | SEGENT_KEEP_PROBABILITIES | SEGENT_KEEP_TOP_PROBABILITY |
                   SEGENT_KEEP_MARGIN;
    CHECK(segent_image_from_pixels(context, &view, &image));
    for (segent_engine engine = SEGENT_ENGINE_FAST; engine <= SEGENT_ENGINE_SMALL; engine++) {
        segent_result *result = NULL;
        options.engine = engine;
        options.size = 40;
        CHECK(segent_run(context, model, image, &options, &result));
        assert_non_null(result);
        segent_result_destroy(result);
    }
    options.size = 2000000000; /* is refused */
    segent_result *none = NULL;
    assert_int_not_equal(segent_run(context, model, image, &options, &none), SEGENT_OK);
    CHECK(segent_context_trim(context));
    segent_image_destroy(image);
}

static void do_runs(segent_context *context)
{
    segent_model *model = NULL, *again = NULL, *packed = NULL;
    segent_checkpoint *checkpoint = NULL;
    segent_cancel *cancel = NULL;
    segent_model_options options = segent_model_options_init();
    options.auxiliary = 1;
    CHECK(segent_model_load(context, checkpoint_path, &options, &model));
    run_all(context, model);
    CHECK(segent_model_load_memory(context, file, file_size, NULL, &again));
    CHECK(segent_model_pack(context, again, packed_path, "source", NULL));
    if (segent_model_load(context, packed_path, NULL, &packed) == SEGENT_OK)
        run_all(context, packed);
    segent_model_destroy(again);
    again = NULL;
    CHECK(segent_model_load(context, compressed_path, NULL, &again));
    CHECK(segent_checkpoint_load(context, checkpoint_path, &checkpoint));
    segent_model_destroy(segent_model_retain(again));
    segent_model_destroy(again);
    again = NULL;
    options.examine_only = 1;
    CHECK(segent_model_from_checkpoint(context, checkpoint, &options, &again));
    options.settings = "rates=none"; /* is refused */
    assert_int_not_equal(segent_model_from_checkpoint(context, checkpoint, &options, &packed),
                         SEGENT_OK);
    CHECK(segent_cancel_create(context, &cancel));
    segent_cancel_destroy(cancel);
    segent_checkpoint_destroy(checkpoint);
    segent_model_destroy(packed);
    segent_model_destroy(again);
    segent_model_destroy(model);
}

/* ---- whose it is ---- */

static const struct {
    const char *name;
    void (*do_it)(segent_context *context);
} works[] = {{"buffers", do_buffers},
             {"pictures", do_pictures},
             {"checkpoints", do_checkpoints},
             {"runs", do_runs}};

enum { WORKS = sizeof(works) / sizeof(works[0]) };

static void check_counts(int work, int32_t threads, segent_cpu cpu)
{
    interposed_memory memory = {0};
    segent_options options = interposed_options(&memory);
    segent_context *context = NULL;
    options.threads = threads;
    options.cpu = cpu;
    interposed_begin();
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    const bool blas = may_have_blas(context);
    works[work].do_it(context);
    segent_context_destroy(context);
    const interposed_counts counts = interposed_end();
    print_message("%s, %d threads: %lld blocks, at most %lld bytes; %lld by other libraries\n",
                  works[work].name, (int)threads, (long long)counts.hooked, (long long)memory.most,
                  (long long)counts.others);
    if (counts.strays != 0)
        fail_msg("%s, %d threads: %lld blocks of %lld bytes did not go through the allocator",
                 works[work].name, (int)threads, (long long)counts.strays,
                 (long long)counts.strays_bytes);
    assert_true(counts.hooked > 0);
    assert_int_equal(memory.wrong, 0);
    assert_int_equal(memory.blocks, 0);
    assert_int_equal(memory.bytes, 0);
    /* The C library keeps stacks of threads that ended, and a BLAS stays loaded. */
    if (threads == 1 && !blas)
        assert_int_equal(counts.others_live, 0);
}

static void test_every_block(void **state)
{
    (void)state;
    for (int work = 0; work < WORKS; work++) {
        check_counts(work, 1, 0);
        check_counts(work, 3, 0);
        check_counts(work, 2, SEGENT_CPU_REF);
    }
}

/* The counters see a block that is asked for past the allocator: this program asks for one by
 * itself, as a fault in the library would. */
static void test_strays_are_seen(void **state)
{
    (void)state;
    static void *(*volatile ask)(size_t size) = malloc;
    static void (*volatile give_back)(void *block) = free;
    interposed_begin();
    void *block = ask(100);
    interposed_counts counts = interposed_end();
    give_back(block);
    assert_int_equal(counts.strays, 1);
    assert_int_equal(counts.strays_bytes, 100);
    assert_int_equal(counts.hooked, 0);
    if (segent_supports("png"))
        assert_true(interposed_watches("libpng"));
    if (segent_supports("zlib"))
        assert_true(interposed_watches("libz."));
    /* One of the C library's own is not the library's. */
    interposed_begin();
    char *volatile text = strdup("text");
    counts = interposed_end();
    free(text);
    assert_int_equal(counts.strays, 0);
    assert_int_equal(counts.others, 1);
}

/* ---- pictures of one size ---- */

static void hear(void *user, segent_log_level level, const char *message)
{
    (void)level, (void)message;
    ++*(atomic_int *)user;
}

static int32_t see(void *user, double done)
{
    (void)done;
    ++*(atomic_int *)user;
    return 0;
}

typedef struct stream {
    segent_context *context;
    segent_model *model;
    segent_run_options options;
    uint8_t pixels[3 * N], labels[N];
    float entropy[N], low[HOST_CLASSES * N];
    segent_entropy_summary summary;
} stream;

/* A picture that differs from the others, through the whole of the library and, once more, through
 * the network alone. */
static void take_picture(stream *s, uint64_t number)
{
    segent_input input = segent_input_init();
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    segent_run_options alone = s->options;
    uint64_t random = number;
    for (int i = 0; i < 3 * N; i++)
        s->pixels[i] = (uint8_t)test_random(&random);
    input.pixels = segent_pixels(s->pixels, SEGENT_PIXEL_BGR, HOST_HEIGHT, HOST_WIDTH);
    maps.height = HOST_HEIGHT;
    maps.width = HOST_WIDTH;
    maps.labels.data = s->labels;
    maps.entropy.data = s->entropy;
    test_assert_ok(s->context,
                   segent_run_into(s->context, s->model, &input, &s->options, &maps, &s->summary));
    alone.output_size = SEGENT_OUTPUT_NETWORK;
    const segent_tensor_view low =
        segent_tensor_chw(s->low, HOST_CLASSES, (HOST_HEIGHT + 7) / 8, (HOST_WIDTH + 7) / 8);
    test_assert_ok(s->context, segent_model_logits(s->context, s->model, &input, &alone, &low));
}

/* No block from the second one on: neither through the allocator nor by anybody in this process. */
static void check_stream(int32_t threads, bool with_allocator)
{
    enum { PICTURES = 12 };
    static stream s;
    static atomic_int heard;
    interposed_memory memory = {0};
    segent_options options = with_allocator ? interposed_options(&memory) : segent_options_init();
    double before = -1.0;
    memset(&s, 0, sizeof(s));
    options.threads = threads;
    options.log = hear;
    options.log_user = &heard;
    assert_int_equal(segent_context_create(&options, &s.context), SEGENT_OK);
    s.model = host_model(s.context);
    s.options = segent_run_options_init();
    s.options.output_size = SEGENT_OUTPUT_ORIGINAL;
    s.options.progress = see;
    s.options.progress_user = &heard;
    s.summary = segent_entropy_summary_init();
    const bool blas = may_have_blas(s.context);
    take_picture(&s, 1);
    for (uint64_t i = 2; i <= PICTURES; i++) {
        interposed_begin();
        take_picture(&s, i);
        interposed_counts counts = interposed_end();
        if (blas)
            counts.others = counts.others_live = 0;
        if (counts.hooked + counts.strays + counts.others != 0)
            fail_msg("%d threads: picture %d takes %lld blocks of the allocator, %lld beside it, "
                     "and other libraries take %lld",
                     (int)threads, (int)i, (long long)counts.hooked, (long long)counts.strays,
                     (long long)counts.others);
        assert_int_equal(counts.others_live, 0); /* nothing is freed either */
        assert_true(s.summary.sum != before);
        before = s.summary.sum;
    }
    segent_model_destroy(s.model);
    segent_context_destroy(s.context);
    assert_int_equal(memory.blocks, 0);
    assert_int_equal(memory.bytes, 0);
}

static void test_pictures_of_one_size(void **state)
{
    (void)state;
    for (int32_t threads = 1; threads <= 3; threads++) {
        check_stream(threads, true);
        check_stream(threads, false);
    }
}

/* Results are objects, which take memory: each as much as the one before, all of which comes
 * back. */
static void test_results_of_one_size(void **state)
{
    (void)state;
    interposed_memory memory = {0};
    segent_options options = interposed_options(&memory);
    segent_context *context = NULL;
    options.threads = 2;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    segent_model *model = host_model(context);
    segent_image *image = host_image(context);
    segent_result_destroy(host_run(context, model, image));
    const int64_t bytes = memory.bytes;
    int64_t blocks = -1;
    for (int i = 0; i < 4; i++) {
        interposed_begin();
        segent_result_destroy(host_run(context, model, image));
        const interposed_counts counts = interposed_end();
        assert_int_equal(counts.strays, 0);
        assert_true(counts.others == 0 || may_have_blas(context));
        assert_int_equal(memory.bytes, bytes);
        assert_true(blocks == -1 || counts.hooked == blocks);
        blocks = counts.hooked;
    }
    segent_image_destroy(image);
    segent_model_destroy(model);
    segent_context_destroy(context);
    assert_int_equal(memory.bytes, 0);
}

int main(void)
{
    if (!interposed_works())
        return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strays_are_seen),
        cmocka_unit_test(test_every_block),
        cmocka_unit_test(test_pictures_of_one_size),
        cmocka_unit_test(test_results_of_one_size),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
