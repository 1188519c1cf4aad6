/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Public structs between programs and libraries of different ages (docs/abi.md): no struct has
 * padding, which a later version would read as a member; a shorter struct is an older program's, a
 * longer one a newer program's. */

#include "host.h"

#include <stdlib.h>
#include <string.h>

/* The members of each struct that knows its size, in order; those of them that have a function that
 * sets the defaults; and all of them. */
/* clang-format off */
#define OPTIONS(M, T) M(T, struct_size) M(T, threads) M(T, cpu) M(T, allocate) M(T, release) \
    M(T, allocator_user) M(T, log) M(T, log_user) M(T, parallel) M(T, parallel_user) \
    M(T, memory_limit) M(T, reserved)
#define CPU_INFO(M, T) M(T, struct_size) M(T, processor) M(T, kernels) M(T, blas) \
    M(T, detected) M(T, used) M(T, threads) M(T, reserved_word) M(T, reserved)
#define ENTROPY_OPTIONS(M, T) M(T, struct_size) M(T, source) M(T, unit) M(T, temperature) \
    M(T, strict) M(T, tolerance) M(T, reserved_word) M(T, reserved)
#define ENTROPY_SUMMARY(M, T) M(T, struct_size) M(T, pixels) M(T, sum) M(T, mean) \
    M(T, minimum) M(T, maximum) M(T, sum_nats) M(T, undecided) \
    M(T, undecided_below) M(T, reserved)
#define UNCERTAINTY_OPTIONS(M, T) M(T, struct_size) M(T, unit) M(T, temperature) \
    M(T, undecided_below) M(T, reserved)
#define UNCERTAINTY_MAPS(M, T) M(T, struct_size) M(T, height) M(T, width) M(T, labels) \
    M(T, entropy) M(T, top_probability) M(T, margin) M(T, logits) M(T, probabilities) \
    M(T, reserved)
#define IMAGE_OPTIONS(M, T) M(T, struct_size) M(T, orient) \
    M(T, background) M(T, scan_limit) M(T, reserved_word) M(T, pixel_limit) M(T, cancel) M(T, reserved)
#define TENSOR_INFO(M, T) M(T, struct_size) M(T, name) M(T, dtype) M(T, rank) M(T, shape) \
    M(T, stride) M(T, elements) M(T, reserved)
#define MODEL_OPTIONS(M, T) M(T, struct_size) M(T, prefix) M(T, settings) \
    M(T, settings_file) M(T, path) M(T, class_names) M(T, class_name_count) M(T, examine_only) M(T, auxiliary) M(T, cancel) M(T, precision) M(T, reserved_word) \
    M(T, reserved)
#define MODEL_DETAILS(M, T) M(T, struct_size) M(T, architecture) M(T, backbone) M(T, head) \
    M(T, description) M(T, prefix) M(T, settings_file) M(T, classes) M(T, output_stride) M(T, size) \
    M(T, temperature) M(T, container) M(T, examined_only) M(T, auxiliary) \
    M(T, precision) M(T, parameters) \
    M(T, parameters_in_file) M(T, reserved)
#define RUN_OPTIONS(M, T) M(T, struct_size) M(T, size) M(T, output_size) M(T, engine) \
    M(T, precision) M(T, temperature) M(T, keep) M(T, workspace_limit) M(T, progress) \
    M(T, progress_user) M(T, cancel) M(T, reserved)
#define INPUT(M, T) M(T, struct_size) M(T, image) M(T, pixels) M(T, tensor) M(T, reserved)
#define TIMINGS(M, T) M(T, struct_size) M(T, preprocess) M(T, network) M(T, head) M(T, reserved)
#define LAYER_INFO(M, T) M(T, struct_size) M(T, name) M(T, algorithm) M(T, kernel) \
    M(T, inputs) M(T, outputs) M(T, width) M(T, height) M(T, kernel_size) M(T, stride) \
    M(T, dilation) M(T, reserved) M(T, multiply_adds) M(T, seconds)

#define WITH_DEFAULTS(S) S(segent_options, OPTIONS) S(segent_cpu_info, CPU_INFO) \
    S(segent_entropy_options, ENTROPY_OPTIONS) S(segent_entropy_summary, ENTROPY_SUMMARY) \
    S(segent_uncertainty_options, UNCERTAINTY_OPTIONS) \
    S(segent_uncertainty_maps, UNCERTAINTY_MAPS) S(segent_image_options, IMAGE_OPTIONS) \
    S(segent_tensor_info, TENSOR_INFO) S(segent_model_options, MODEL_OPTIONS) \
    S(segent_model_details, MODEL_DETAILS) S(segent_run_options, RUN_OPTIONS) \
    S(segent_input, INPUT) S(segent_timings, TIMINGS)
#define STRUCTS(S) WITH_DEFAULTS(S) S(segent_layer_info, LAYER_INFO)

/* clang-format on */

/* Where int64_t wants no more than size_t (64 bits, i386), there is no padding at all. Elsewhere a
 * hole can only be between members, where no version will ever put one. */
struct alignment {
    char first;
    int64_t second;
};
#define SIZE_OF(type, member) +sizeof(((type *)0)->member)
#define IS_PACKED(type, list)                                             \
    _Static_assert(offsetof(struct alignment, second) > sizeof(size_t) || \
                       sizeof(type) == 0 list(SIZE_OF, type),             \
                   #type " has padding, or a member that the list above does not have");
STRUCTS(IS_PACKED)

/* Views have no size of their own and no room to grow: a pointer, and numbers of 64 bits. */
#define POINTER (sizeof(void *) > 4 ? sizeof(void *) : offsetof(struct alignment, second))
_Static_assert(sizeof(segent_tensor_view) == POINTER + 6 * sizeof(int64_t), "frozen");
_Static_assert(sizeof(segent_map_view) == POINTER + 4 * sizeof(int64_t), "frozen");
_Static_assert(sizeof(segent_label_view) == POINTER + 5 * sizeof(int64_t), "frozen");
_Static_assert(sizeof(segent_pixel_view) == POINTER + 4 * sizeof(int64_t), "frozen");
_Static_assert(sizeof(segent_class_statistics) == 16, "a plain value, frozen");

/* Where the members end: the sizes that the struct had or could have had in older headers. */
#define END_OF(type, member) offsetof(type, member) + sizeof(((type *)0)->member),
#define ENDS(type, list)     static const size_t type##_ends[] = {list(END_OF, type)};
STRUCTS(ENDS)
#define COUNT(array) (sizeof(array) / sizeof(array[0]))

#define ENDS_WITH_LAST(type, list) \
    assert_int_equal(type##_ends[COUNT(type##_ends) - 1], sizeof(type));
static void test_no_padding_at_the_end(void **state)
{
    (void)state;
    STRUCTS(ENDS_WITH_LAST)
}

/* ---- what the structs are given to ---- */

typedef struct fixture {
    segent_context *context;
    segent_model *model;
    segent_checkpoint *checkpoint;
    segent_image *image;
    segent_result *result;
    segent_tensor_view logits;
    segent_map_view map;
    char path[256];
    uint64_t seen; /* a hash of what the last call gave */
} fixture;

static int set_up(void **state)
{
    static fixture f;
    f.context = test_context();
    f.model = host_model(f.context);
    f.image = host_image(f.context);
    f.result = host_run(f.context, f.model, f.image);
    f.logits = host_logits();
    f.map = segent_map(malloc((size_t)HOST_HEIGHT * HOST_WIDTH * sizeof(float)), HOST_HEIGHT,
                       HOST_WIDTH);
    assert_non_null(f.map.data);
    strcpy(f.path, host_checkpoint());
    test_assert_ok(f.context, segent_checkpoint_load(f.context, f.path, &f.checkpoint));
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    free(f->map.data);
    free(f->logits.data);
    segent_checkpoint_destroy(f->checkpoint);
    segent_result_destroy(f->result);
    segent_image_destroy(f->image);
    segent_model_destroy(f->model);
    segent_context_destroy(f->context);
    return 0;
}

/* A call that takes or fills a struct. It leaves a hash of what it gave in `seen`. */
typedef segent_status (*call_fn)(fixture *f, void *given);

static void see(fixture *f, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++)
        f->seen = (f->seen ^ bytes[i]) * 0x100000001b3u;
}

static void see_map(fixture *f, segent_status status)
{
    if (status == SEGENT_OK)
        see(f, f->map.data, (size_t)HOST_HEIGHT * HOST_WIDTH * sizeof(float));
}

static segent_status call_create(fixture *f, void *given)
{
    segent_context *context = NULL;
    segent_cpu_info info = segent_cpu_info_init();
    const segent_status status = segent_context_create(given, &context);
    if (status == SEGENT_OK) {
        assert_int_equal(segent_context_cpu_info(context, &info), SEGENT_OK);
        see(f, &info.used, sizeof(info.used));
        see(f, &info.threads, sizeof(info.threads));
    }
    segent_context_destroy(context);
    return status;
}

static segent_status call_entropy_map(fixture *f, void *given)
{
    const segent_status status = segent_entropy_map(f->context, &f->logits, given, &f->map);
    see_map(f, status);
    return status;
}

static segent_status call_uncertainty(fixture *f, void *given)
{
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = HOST_HEIGHT;
    maps.width = HOST_WIDTH;
    maps.entropy.data = f->map.data;
    const segent_status status =
        segent_uncertainty_from_logits(f->context, &f->logits, given, &maps, NULL);
    see_map(f, status);
    return status;
}

static segent_status call_maps(fixture *f, void *given)
{
    segent_entropy_summary summary = segent_entropy_summary_init();
    const segent_status status =
        segent_uncertainty_from_logits(f->context, &f->logits, NULL, given, &summary);
    see(f, &summary, sizeof(summary));
    return status;
}

/* A picture that says it lies on its side. A build without libraries for pictures reads the options
 * all the same, before it says that it has none. */
static segent_status call_image_load(fixture *f, void *given)
{
    segent_image *image = NULL;
    segent_status status =
        segent_image_load(f->context, test_data("image/exif6-II.jpg"), given, &image);
    if (status == SEGENT_OK) {
        const int32_t width = segent_image_width(image), height = segent_image_height(image);
        see(f, &width, sizeof(width));
        see(f, segent_image_pixels(image), (size_t)width * (size_t)height * 3);
    } else if (!segent_supports("jpeg")) {
        status = segent_image_load_memory(f->context, "not a picture", 13, given, &image);
        status = status == SEGENT_ERROR_FORMAT ? SEGENT_OK : status;
        see(f, "no picture", 10);
    }
    segent_image_destroy(image);
    return status;
}

static segent_status call_model_load(fixture *f, void *given)
{
    segent_model *model = NULL;
    const segent_status status = segent_model_load(f->context, f->path, given, &model);
    for (int32_t i = 0; segent_model_property_key(model, i); i++) {
        const char *key = segent_model_property_key(model, i);
        see(f, key, strlen(key));
        see(f, segent_model_property(model, key), strlen(segent_model_property(model, key)));
    }
    segent_model_destroy(model);
    return status;
}

static segent_status call_run(fixture *f, void *given)
{
    segent_result *result = NULL;
    const segent_status status = segent_run(f->context, f->model, f->image, given, &result);
    if (status == SEGENT_OK)
        see(f, segent_result_entropy(result),
            (size_t)segent_result_width(result) * (size_t)segent_result_height(result) *
                sizeof(float));
    segent_result_destroy(result);
    return status;
}

static segent_status call_run_into(fixture *f, void *given)
{
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = HOST_HEIGHT;
    maps.width = HOST_WIDTH;
    maps.entropy.data = f->map.data;
    const segent_status status = segent_run_into(f->context, f->model, given, NULL, &maps, NULL);
    see_map(f, status);
    return status;
}

static segent_status fill_cpu_info(fixture *f, void *given)
{
    return segent_context_cpu_info(f->context, given);
}

static segent_status fill_image_entropy(fixture *f, void *given)
{
    const segent_map_view entropy = segent_result_entropy_view(f->result);
    return segent_image_entropy(f->context, &entropy, NULL, given);
}

static segent_status fill_uncertainty(fixture *f, void *given)
{
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = maps.width = 20;
    return segent_uncertainty_from_logits(f->context, &f->logits, NULL, &maps, given);
}

static segent_status fill_summary(fixture *f, void *given)
{
    return segent_result_summary(f->result, given);
}

static segent_status fill_timings(fixture *f, void *given)
{
    return segent_result_timings(f->result, given);
}

static segent_status fill_tensor(fixture *f, void *given)
{
    return segent_checkpoint_tensor(f->context, f->checkpoint, 0, given);
}

static segent_status fill_details(fixture *f, void *given)
{
    return segent_model_info(f->model, given);
}

/* ---- options ---- */

typedef struct options_case {
    call_fn call;
    const void *defaults;
    size_t size;
    const size_t *ends;
    size_t count;
    size_t needed;   /* below that the call lacks what it cannot do without */
    size_t reserved; /* where the reserved members begin that reach to the end */
    size_t word;     /* where one more is, of 32 bits; 0: there is none */
} options_case;

/* A copy of the defaults that says it is `told` bytes, in a block of `size`: bytes behind the
 * defaults are `beyond`. */
static unsigned char *make(const options_case *c, size_t told, size_t size, int beyond)
{
    unsigned char *bytes = malloc(size);
    assert_non_null(bytes);
    memset(bytes, beyond, size);
    memcpy(bytes, c->defaults, size < c->size ? size : c->size);
    memcpy(bytes, &told, sizeof(told));
    return bytes;
}

static void expect(fixture *f, const options_case *c, unsigned char *bytes, segent_status expected)
{
    test_assert_status(f->context, c->call(f, bytes), expected);
    free(bytes);
}

static void check_options(fixture *f, const options_case *c)
{
    enum { MORE = 24, MOST = 4096 };
    for (size_t i = 0; i < c->count; i++) {
        const size_t end = c->ends[i];
        if (end < c->needed)
            continue;
        /* Nothing lies behind an older struct, or something that is no member. */
        expect(f, c, make(c, end, end, 0), SEGENT_OK);
        unsigned char *bytes = make(c, end, c->size + MORE, 0xff);
        memset(bytes + end, 0xff, c->size + MORE - end);
        expect(f, c, bytes, SEGENT_OK);
    }
    expect(f, c, make(c, c->size + MORE, c->size + MORE, 0xff), SEGENT_ERROR_UNSUPPORTED);
    expect(f, c, make(c, c->size + MORE, c->size + MORE, 0), SEGENT_OK);
    unsigned char *last = make(c, c->size + MORE, c->size + MORE, 0);
    last[c->size + MORE - 1] = 0xff;
    expect(f, c, last, SEGENT_ERROR_UNSUPPORTED);
    expect(f, c, make(c, MOST, MOST, 0), SEGENT_OK);
    expect(f, c, make(c, MOST + 1, MOST + 1, 0), SEGENT_ERROR_INVALID_ARGUMENT);
    expect(f, c, make(c, sizeof(size_t) - 1, c->size, 0), SEGENT_ERROR_INVALID_ARGUMENT);
    expect(f, c, make(c, 0, c->size, 0), SEGENT_ERROR_INVALID_ARGUMENT);
    for (size_t at = c->reserved; at < c->size; at++) {
        unsigned char *reserved = make(c, c->size, c->size, 0);
        reserved[at] = 1;
        expect(f, c, reserved, SEGENT_ERROR_UNSUPPORTED);
    }
    for (size_t at = c->word; c->word > 0 && at < c->word + sizeof(int32_t); at++) {
        unsigned char *word = make(c, c->size, c->size, 0);
        word[at] = 1;
        expect(f, c, word, SEGENT_ERROR_UNSUPPORTED);
    }
}

static void test_options(void **state)
{
    fixture *f = *state;
    const segent_options context = segent_options_init();
    const segent_entropy_options entropy = segent_entropy_options_init();
    const segent_uncertainty_options uncertainty = segent_uncertainty_options_init();
    const segent_image_options image = segent_image_options_init();
    const segent_model_options model = segent_model_options_init();
    const segent_run_options run = segent_run_options_init();
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    segent_input input = segent_input_init();
    maps.height = maps.width = 20;
    input.image = f->image;
#define CASE(type, call, defaults, needed, word)                                  \
    {                                                                             \
        call, &(defaults), sizeof(type), type##_ends, COUNT(type##_ends), needed, \
            offsetof(type, reserved), word                                        \
    }
    const options_case cases[] = {
        CASE(segent_options, call_create, context, 0, 0),
        CASE(segent_entropy_options, call_entropy_map, entropy, 0,
             offsetof(segent_entropy_options, reserved_word)),
        CASE(segent_uncertainty_options, call_uncertainty, uncertainty, 0, 0),
        CASE(segent_uncertainty_maps, call_maps, maps, offsetof(segent_uncertainty_maps, labels),
             0),
        CASE(segent_image_options, call_image_load, image, 0, 0),
        CASE(segent_model_options, call_model_load, model, 0, 0),
        CASE(segent_run_options, call_run, run, 0, 0),
        CASE(segent_input, call_run_into, input, offsetof(segent_input, pixels), 0),
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_options(f, &cases[i]);
}

/* Views have reserved members, too. */
static void test_views(void **state)
{
    fixture *f = *state;
    static uint8_t ids[4], rgb[12];
    segent_label_view labels = segent_label_map(ids, SEGENT_LABEL_U8, 2, 2);
    segent_pixel_view pixels = segent_pixels(rgb, SEGENT_PIXEL_RGB, 2, 2);
    segent_input input = segent_input_init();
    segent_image *image = NULL;
    test_assert_ok(f->context, segent_palette_decode(f->context, &labels, NULL, 0, &pixels));
    labels.reserved = 1;
    test_assert_status(f->context, segent_palette_decode(f->context, &labels, NULL, 0, &pixels),
                       SEGENT_ERROR_UNSUPPORTED);
    labels.reserved = 0;
    pixels.reserved = 1 << 24;
    test_assert_status(f->context, segent_palette_decode(f->context, &labels, NULL, 0, &pixels),
                       SEGENT_ERROR_UNSUPPORTED);
    test_assert_status(f->context, segent_image_from_pixels(f->context, &pixels, &image),
                       SEGENT_ERROR_UNSUPPORTED);
    input.pixels = pixels;
    test_assert_status(f->context, call_run_into(f, &input), SEGENT_ERROR_UNSUPPORTED);
    assert_null(image);
}

/* ---- the same defaults by three ways ---- */

typedef void (*make_fn)(void *given);

/* The initialiser of the header, the library's function, and a struct of zeros that knows its size.
 */
#define WAYS(type, list)                           \
    static void type##_by_initialiser(void *given) \
    {                                              \
        const type value = type##_init();          \
        memcpy(given, &value, sizeof(value));      \
    }                                              \
    static void type##_by_function(void *given)    \
    {                                              \
        type##_defaults(given);                    \
    }                                              \
    static void type##_by_zeros(void *given)       \
    {                                              \
        const size_t size = sizeof(type);          \
        memset(given, 0, sizeof(type));            \
        memcpy(given, &size, sizeof(size));        \
    }
WITH_DEFAULTS(WAYS)

enum { WAY_COUNT = 3 };

typedef struct defaults_case {
    const char *name;
    size_t size;
    make_fn ways[WAY_COUNT];
    call_fn use;
    bool or_null; /* NULL means the same */
} defaults_case;

/* What a call needs beside the defaults. */
static segent_status use_maps(fixture *f, void *given)
{
    segent_uncertainty_maps *maps = given;
    maps->height = maps->width = 20;
    return call_maps(f, maps);
}

static segent_status use_input(fixture *f, void *given)
{
    segent_input *input = given;
    input->image = f->image;
    return call_run_into(f, input);
}

/* Fills the struct and looks at all of it. */
#define USE_INFO(type, fill)                                 \
    static segent_status use_##type(fixture *f, void *given) \
    {                                                        \
        const segent_status status = fill(f, given);         \
        see(f, given, sizeof(type));                         \
        return status;                                       \
    }
USE_INFO(segent_cpu_info, fill_cpu_info)
USE_INFO(segent_entropy_summary, fill_image_entropy)
USE_INFO(segent_tensor_info, fill_tensor)
USE_INFO(segent_model_details, fill_details)
USE_INFO(segent_timings, fill_timings)

static uint64_t use(fixture *f, const defaults_case *c, void *given)
{
    f->seen = 0;
    const segent_status status = c->use(f, given);
    if (status != SEGENT_OK)
        fail_msg("%s: %s", c->name, segent_last_error(f->context));
    assert_true(f->seen != 0);
    return f->seen;
}

static void check_defaults(fixture *f, const defaults_case *c)
{
    unsigned char *made[WAY_COUNT];
    uint64_t seen[WAY_COUNT];
    for (int way = 0; way < WAY_COUNT; way++) {
        made[way] = malloc(c->size);
        assert_non_null(made[way]);
        memset(made[way], 0xaa, c->size);
        c->ways[way](made[way]);
        assert_memory_equal(made[way], made[0], c->size);
    }
    for (int way = 0; way < WAY_COUNT; way++) {
        seen[way] = use(f, c, made[way]);
        assert_true(seen[way] == seen[0]);
    }
    if (c->or_null)
        assert_true(use(f, c, NULL) == seen[0]);
    for (int way = 0; way < WAY_COUNT; way++)
        free(made[way]);
}

static void test_defaults(void **state)
{
#define DEFAULTS(type, use, or_null)                                                    \
    {                                                                                   \
#        type, sizeof(type),                                                            \
            {type##_by_initialiser, type##_by_function, type##_by_zeros }, use, or_null \
    }
    static const defaults_case cases[] = {
        DEFAULTS(segent_options, call_create, true),
        DEFAULTS(segent_cpu_info, use_segent_cpu_info, false),
        DEFAULTS(segent_entropy_options, call_entropy_map, true),
        DEFAULTS(segent_entropy_summary, use_segent_entropy_summary, false),
        DEFAULTS(segent_uncertainty_options, call_uncertainty, true),
        DEFAULTS(segent_uncertainty_maps, use_maps, false),
        DEFAULTS(segent_image_options, call_image_load, true),
        DEFAULTS(segent_tensor_info, use_segent_tensor_info, false),
        DEFAULTS(segent_model_options, call_model_load, true),
        DEFAULTS(segent_model_details, use_segent_model_details, false),
        DEFAULTS(segent_run_options, call_run, true),
        DEFAULTS(segent_input, use_input, false),
        DEFAULTS(segent_timings, use_segent_timings, false),
    };
#define ONE(type, list) +1
    _Static_assert(COUNT(cases) == 0 WITH_DEFAULTS(ONE), "each of them");
    for (size_t i = 0; i < COUNT(cases); i++)
        check_defaults(*state, &cases[i]);
#define PASSED_OVER(type, list) type##_defaults(NULL);
    WITH_DEFAULTS(PASSED_OVER)
}

/* ---- structs that the library fills ---- */

typedef struct info_case {
    call_fn fill;
    size_t size;
    const size_t *ends;
    size_t count;
} info_case;

/* Fills a struct of `told` bytes in a block of 0xff and gives it back. */
static unsigned char *fill(fixture *f, const info_case *c, size_t told, size_t size)
{
    unsigned char *bytes = malloc(size);
    assert_non_null(bytes);
    memset(bytes, 0xff, size);
    memcpy(bytes, &told, sizeof(told));
    test_assert_ok(f->context, c->fill(f, bytes));
    assert_memory_equal(bytes, &told, sizeof(told));
    return bytes;
}

static void check_info(fixture *f, const info_case *c)
{
    enum { MORE = 24 };
    unsigned char *whole = fill(f, c, c->size, c->size), *bytes;
    for (size_t i = 0; i < c->count; i++) {
        const size_t end = c->ends[i];
        free(fill(f, c, end, end)); /* nothing lies behind it */
        bytes = fill(f, c, end, c->size + MORE);
        assert_memory_equal(bytes + sizeof(size_t), whole + sizeof(size_t), end - sizeof(size_t));
        for (size_t k = end; k < c->size + MORE; k++)
            assert_int_equal(bytes[k], 0xff);
        free(bytes);
    }
    /* What this library does not know stays as it was. */
    bytes = fill(f, c, c->size + MORE, c->size + MORE);
    assert_memory_equal(bytes + sizeof(size_t), whole + sizeof(size_t), c->size - sizeof(size_t));
    for (size_t k = c->size; k < c->size + MORE; k++)
        assert_int_equal(bytes[k], 0xff);
    size_t none = 0;
    memcpy(bytes, &none, sizeof(none));
    test_assert_status(f->context, c->fill(f, bytes), SEGENT_ERROR_INVALID_ARGUMENT);
    free(bytes);
    free(whole);
}

static void test_info(void **state)
{
#define INFO(type, fill)                                    \
    {                                                       \
        fill, sizeof(type), type##_ends, COUNT(type##_ends) \
    }
    const info_case cases[] = {
        INFO(segent_cpu_info, fill_cpu_info),
        INFO(segent_entropy_summary, fill_image_entropy),
        INFO(segent_entropy_summary, fill_uncertainty),
        INFO(segent_entropy_summary, fill_summary),
        INFO(segent_timings, fill_timings),
        INFO(segent_tensor_info, fill_tensor),
        INFO(segent_model_details, fill_details),
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_info(*state, &cases[i]);
}

/* The layer callback's struct is the library's own, and has the library's size. */
static void look_at_layer(void *user, const segent_layer_info *layer)
{
    ++*(int *)user;
    assert_int_equal(layer->struct_size, segent_layer_info_ends[COUNT(segent_layer_info_ends) - 1]);
    assert_int_equal(layer->reserved, 0);
}

static void test_layer_info(void **state)
{
    fixture *f = *state;
    segent_result *result = NULL;
    int count = 0;
    test_assert_ok(f->context, segent_context_report_layers(f->context, look_at_layer, &count));
    test_assert_ok(f->context, segent_run(f->context, f->model, f->image, NULL, &result));
    test_assert_ok(f->context, segent_context_report_layers(f->context, NULL, NULL));
    segent_result_destroy(result);
    assert_true(count > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_padding_at_the_end),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_views),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_info),
        cmocka_unit_test(test_layer_info),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
