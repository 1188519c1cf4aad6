/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The shared library (copies LIBSEGENT), opened by hand: several copies of it in one process, each
 * beside the static one that this program is linked with, and one that is opened and closed again
 * and again. What threads do that are left behind is tested in unload.c. */

#include "host.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sanitizers.h"

enum { N = HOST_HEIGHT * HOST_WIDTH };

static const char *library_path;
static char checkpoint[256];
static uint8_t pixels[3 * N];

/* ---- a copy ---- */

/* The functions that are used here. */
#define FUNCTIONS(_)     \
    _(context_create)    \
    _(context_destroy)   \
    _(last_error)        \
    _(version)           \
    _(softmax)           \
    _(model_load)        \
    _(model_destroy)     \
    _(image_from_pixels) \
    _(image_destroy)     \
    _(image_load)        \
    _(run)               \
    _(result_labels)     \
    _(result_entropy)    \
    _(result_destroy)

typedef struct copy {
    void *handle;
#define MEMBER(name) __typeof__(segent_##name) *name;
    FUNCTIONS(MEMBER)
#undef MEMBER
} copy;

static void find(void *handle, const char *name, void *function)
{
    void *const symbol = dlsym(handle, name);
    if (!symbol)
        fail_msg("%s", dlerror());
    memcpy(function, &symbol, sizeof(symbol));
}

static copy open_copy(const char *path)
{
    copy opened = {.handle = dlopen(path, RTLD_NOW | RTLD_LOCAL)};
    if (!opened.handle)
        fail_msg("%s", dlerror());
#define FIND(name) find(opened.handle, "segent_" #name, &opened.name);
    FUNCTIONS(FIND)
#undef FIND
    return opened;
}

/* A file of its own, which the loader takes for another library. */
static const char *write_copy(const char *name)
{
    size_t size;
    unsigned char *bytes = test_read_file(library_path, &size);
    const char *path = test_temporary(name);
    test_write_file(path, bytes, size);
    free(bytes);
    return path;
}

/* ---- what is done with each ---- */

typedef struct outputs {
    uint8_t labels[N];
    float entropy[N];
} outputs;

#define OK(copy, context, call)                                       \
    do {                                                              \
        if ((call) != SEGENT_OK)                                      \
            fail_msg("%s: %s", #call, (copy)->last_error((context))); \
    } while (0)

static segent_context *make_context(const copy *of, test_allocator *memory)
{
    segent_options options = test_allocator_options(memory);
    segent_context *context = NULL;
    OK(of, NULL, of->context_create(&options, &context));
    return context;
}

static void run(const copy *of, segent_context *context, outputs *out)
{
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_RGB, HOST_HEIGHT, HOST_WIDTH);
    segent_run_options options = segent_run_options_init();
    segent_model *model = NULL;
    segent_image *image = NULL;
    segent_result *result = NULL;
    options.size = SEGENT_SIZE_OWN;
    OK(of, context, of->model_load(context, checkpoint, NULL, &model));
    OK(of, context, of->image_from_pixels(context, &view, &image));
    OK(of, context, of->run(context, model, image, &options, &result));
    memcpy(out->labels, of->result_labels(result), sizeof(out->labels));
    memcpy(out->entropy, of->result_entropy(result), sizeof(out->entropy));
    of->result_destroy(result);
    of->image_destroy(image);
    of->model_destroy(model);
}

/* The outputs of the library that this program is linked with, for the same model and picture: the
 * copies have to give the same. */
static const outputs *expected(void)
{
    static outputs out;
    static bool made;
    if (made)
        return &out;
    segent_context *context = host_context(2);
    segent_model *model = NULL;
    segent_image *image = host_image(context);
    memcpy(pixels, segent_image_pixels(image), sizeof(pixels));
    test_assert_ok(context, segent_model_load(context, checkpoint, NULL, &model));
    segent_result *result = host_run(context, model, image);
    memcpy(out.labels, segent_result_labels(result), sizeof(out.labels));
    memcpy(out.entropy, segent_result_entropy(result), sizeof(out.entropy));
    segent_result_destroy(result);
    segent_image_destroy(image);
    segent_model_destroy(model);
    segent_context_destroy(context);
    made = true;
    return &out;
}

static void check_run(const copy *of, segent_context *context)
{
    static outputs out;
    const outputs *right = expected();
    run(of, context, &out);
    assert_memory_equal(&out, right, sizeof(out));
}

/* ---- several at once ---- */

/* Contexts of both live at the same time, work by turns, and know nothing of each other: neither of
 * the other's sentences nor of its memory. */
static void test_two_at_once(void **state)
{
    static test_allocator memory[2];
    const copy copies[2] = {open_copy(library_path), open_copy(write_copy("libsegent-other.so"))};
    segent_context *contexts[2];
    segent_image *none = NULL;
    (void)state;
    assert_true(copies[0].run != copies[1].run);
    assert_true(copies[0].run != segent_run);
    assert_string_equal(copies[0].version(), SEGENT_VERSION_STRING);
    for (int i = 0; i < 2; i++)
        contexts[i] = make_context(&copies[i], &memory[i]);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 2; i++)
            check_run(&copies[i], contexts[i]);
    }
    assert_int_equal(copies[0].image_load(contexts[0], "/none", NULL, &none),
                     SEGENT_ERROR_NOT_FOUND);
    assert_string_equal(copies[1].last_error(contexts[1]), "");
    /* Without a context, each thread has a sentence for each copy. */
    assert_int_equal(copies[0].context_create(NULL, NULL), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_string_not_equal(copies[0].last_error(NULL), "");
    assert_string_equal(copies[1].last_error(NULL), "");
    copies[0].context_destroy(contexts[0]);
    assert_int_equal(memory[0].live, 0);
    assert_int_equal(dlclose(copies[0].handle), 0);
    check_run(&copies[1], contexts[1]);
    copies[1].context_destroy(contexts[1]);
    assert_int_equal(memory[1].live, 0);
    assert_int_equal(dlclose(copies[1].handle), 0);
}

/* ---- again and again ---- */

/* Lines of a file; 0 if it cannot be read. */
static int64_t count_lines(const char *path)
{
    FILE *file = fopen(path, "r");
    int64_t lines = 0;
    if (!file)
        return 0;
    for (int character = fgetc(file); character != EOF; character = fgetc(file))
        lines += character == '\n';
    (void)fclose(file);
    return lines;
}

/* Bytes of this process's memory that are in use; 0 where nobody says. */
static int64_t resident(void)
{
    long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file)
        return 0;
    if (fscanf(file, "%*s %lld", &pages) != 1)
        pages = 0;
    (void)fclose(file);
    return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

/* Work for two threads that is quickly done. */
static void share_work(const copy *of, segent_context *context)
{
    enum { CLASSES = 4, SIDE = 256 };
    static float values[CLASSES * SIDE * SIDE];
    const segent_tensor_view view = segent_tensor_chw(values, CLASSES, SIDE, SIDE);
    OK(of, context, of->softmax(context, &view, &view));
}

/* Opened, used by a context with two threads, and closed; every tenth time with a network, which
 * takes long on busy processors. Memory stays what it was once the first rounds are over. */
static void test_again_and_again(void **state)
{
    const bool brief = getenv("SEGENT_TEST_BRIEF") != NULL;
    const bool bound = !brief && !TEST_ADDRESS_SANITIZER && !TEST_THREAD_SANITIZER;
    const int rounds = brief ? 6 : 100, first = rounds / 5;
    enum { SLACK = 2 << 20, MAPS_SLACK = 4 };
    int64_t before = 0, maps = 0;
    (void)state;
    for (int i = 0; i < rounds; i++) {
        test_allocator memory = {0};
        const int64_t threads = host_count_threads();
        const copy opened = open_copy(library_path);
        segent_context *context = make_context(&opened, &memory);
        assert_int_equal(host_count_threads(), threads); /* until there is work */
        share_work(&opened, context);
        if (i % 10 == 0)
            check_run(&opened, context);
        opened.context_destroy(context);
        assert_true(host_threads_are(threads));
        assert_int_equal(memory.live, 0);
        assert_int_equal(dlclose(opened.handle), 0);
        if (i == first) {
            before = resident();
            maps = count_lines("/proc/self/maps");
        }
    }
    const int64_t growth = resident() - before, more = count_lines("/proc/self/maps") - maps;
    print_message("%d rounds after the first %d: %lld bytes and %lld mappings more\n",
                  rounds - first - 1, first + 1, (long long)growth, (long long)more);
    if (bound) {
        assert_true(growth < SLACK);
        assert_true(more <= MAPS_SLACK);
    }
}

/* ---- at the end ---- */

/* A process may end with a context that was never destroyed, whose library was closed. It is no
 * leak, since something points to it. */
static segent_context *volatile kept;

static void test_closed_at_the_end(void **state)
{
    static test_allocator memory;
    (void)state;
    const copy opened = open_copy(library_path);
    kept = make_context(&opened, &memory);
    check_run(&opened, kept);
    assert_int_equal(dlclose(opened.handle), 0);
    assert_true(memory.live > 0);
}

int main(int count, char **arguments)
{
    if (count != 2)
        return 2;
    library_path = arguments[1];
    strcpy(checkpoint, host_checkpoint());
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_at_once),
        cmocka_unit_test(test_again_and_again),
        cmocka_unit_test(test_closed_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
