/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Public structs between programs and libraries of different ages (docs/abi.md): no struct has
 * padding, which a later version would read as a member; a shorter struct is an older program's, a
 * longer one a newer program's. */

#include "host.h"

#include <stdlib.h>
#include <string.h>

/* The members of each struct that knows its size, in order, and all these structs. */
/* clang-format off */
#define OPTIONS(M, T) M(T, struct_size) M(T, threads) M(T, cpu) M(T, allocate) M(T, release) \
    M(T, allocator_user) M(T, log) M(T, log_user) M(T, pixel_limit) M(T, memory_limit) \
    M(T, scan_limit) M(T, reserved)
#define CPU_INFO(M, T) M(T, struct_size) M(T, processor) M(T, detected) M(T, used) \
    M(T, used_name) M(T, blas) M(T, threads) M(T, reserved)
#define ENTROPY_OPTIONS(M, T) M(T, struct_size) M(T, source) M(T, unit) M(T, temperature) \
    M(T, strict) M(T, tolerance) M(T, reserved)
#define ENTROPY_SUMMARY(M, T) M(T, struct_size) M(T, pixels) M(T, sum) M(T, mean) \
    M(T, minimum) M(T, maximum) M(T, sum_nats)
#define UNCERTAINTY_OPTIONS(M, T) M(T, struct_size) M(T, unit) M(T, temperature)
#define UNCERTAINTY_MAPS(M, T) M(T, struct_size) M(T, height) M(T, width) M(T, labels) \
    M(T, label_type) M(T, reserved) M(T, labels_plane) M(T, entropy) M(T, entropy_plane) \
    M(T, top_probability) M(T, top_probability_plane) M(T, margin) M(T, margin_plane) \
    M(T, logits) M(T, probabilities)
#define IMAGE_OPTIONS(M, T) M(T, struct_size) M(T, orient) M(T, background)
#define TENSOR_INFO(M, T) M(T, struct_size) M(T, name) M(T, dtype) M(T, rank) M(T, shape) \
    M(T, stride) M(T, elements)
#define MODEL_OPTIONS(M, T) M(T, struct_size) M(T, engine) M(T, rates) M(T, class_names) \
    M(T, class_name_count) M(T, prefix)
#define MODEL_DETAILS(M, T) M(T, struct_size) M(T, architecture) M(T, description) \
    M(T, classes) M(T, width) M(T, blocks) M(T, rates) M(T, reserved) M(T, parameters) \
    M(T, parameters_in_file) M(T, container) M(T, engine) M(T, temperature) M(T, size) \
    M(T, prefix)
#define LAYER_INFO(M, T) M(T, struct_size) M(T, name) M(T, algorithm) M(T, kernel) \
    M(T, inputs) M(T, outputs) M(T, width) M(T, height) M(T, kernel_size) M(T, stride) \
    M(T, dilation) M(T, reserved) M(T, multiply_adds) M(T, seconds)
#define RUN_OPTIONS(M, T) M(T, struct_size) M(T, size) M(T, output_size) M(T, temperature) \
    M(T, keep) M(T, progress) M(T, progress_user) M(T, layer) M(T, layer_user)
#define TIMINGS(M, T) M(T, struct_size) M(T, preprocess) M(T, network) M(T, head)

#define STRUCTS(S) S(segent_options, OPTIONS) S(segent_cpu_info, CPU_INFO) \
    S(segent_entropy_options, ENTROPY_OPTIONS) S(segent_entropy_summary, ENTROPY_SUMMARY) \
    S(segent_uncertainty_options, UNCERTAINTY_OPTIONS) \
    S(segent_uncertainty_maps, UNCERTAINTY_MAPS) S(segent_image_options, IMAGE_OPTIONS) \
    S(segent_tensor_info, TENSOR_INFO) S(segent_model_options, MODEL_OPTIONS) \
    S(segent_model_details, MODEL_DETAILS) S(segent_layer_info, LAYER_INFO) \
    S(segent_run_options, RUN_OPTIONS) S(segent_timings, TIMINGS)

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

_Static_assert(sizeof(segent_layout) == 6 * sizeof(int64_t), "a plain value, frozen");
_Static_assert(sizeof(segent_plane) == 2 * sizeof(int64_t), "a plain value, frozen");
_Static_assert(sizeof(segent_bytes) == 2 * sizeof(size_t), "a plain value, frozen");
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
    float *logits, *map;
    segent_layout layout;
    char path[256];
} fixture;

static int set_up(void **state)
{
    static fixture f;
    f.context = test_context();
    f.model = host_model(f.context);
    f.image = host_image(f.context);
    f.result = host_run(f.context, f.model, f.image);
    f.logits = host_logits(&f.layout);
    f.map = malloc((size_t)(f.layout.height * f.layout.width) * sizeof(float));
    assert_non_null(f.map);
    strcpy(f.path, host_checkpoint());
    test_assert_ok(f.context, segent_checkpoint_load(f.context, f.path, &f.checkpoint));
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    free(f->map);
    free(f->logits);
    segent_checkpoint_destroy(f->checkpoint);
    segent_result_destroy(f->result);
    segent_image_destroy(f->image);
    segent_model_destroy(f->model);
    segent_context_destroy(f->context);
    return 0;
}

/* A call that takes or fills a struct. */
typedef segent_status (*call_fn)(fixture *f, void *given);

static segent_status call_create(fixture *f, void *given)
{
    segent_context *context = NULL;
    (void)f;
    const segent_status status = segent_context_create(given, &context);
    segent_context_destroy(context);
    return status;
}

static segent_status call_entropy_map(fixture *f, void *given)
{
    return segent_entropy_map(f->context, f->logits, &f->layout, given, f->map, NULL);
}

static segent_status call_uncertainty(fixture *f, void *given)
{
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = maps.width = 20;
    return segent_uncertainty_from_logits(f->context, f->logits, &f->layout, given, &maps, NULL);
}

static segent_status call_maps(fixture *f, void *given)
{
    return segent_uncertainty_from_logits(f->context, f->logits, &f->layout, NULL, given, NULL);
}

/* No picture: the options are read before. */
static segent_status call_image_load(fixture *f, void *given)
{
    segent_image *image = NULL;
    const segent_status status =
        segent_image_load_memory(f->context, "not a picture", 13, given, &image);
    assert_null(image);
    return status == SEGENT_ERROR_FORMAT ? SEGENT_OK : status;
}

static segent_status call_model_load(fixture *f, void *given)
{
    segent_model *model = NULL;
    const segent_status status = segent_model_load(f->context, f->path, given, &model);
    segent_model_destroy(model);
    return status;
}

static segent_status call_run(fixture *f, void *given)
{
    segent_result *result = NULL;
    const segent_status status = segent_run(f->context, f->model, f->image, given, &result);
    segent_result_destroy(result);
    return status;
}

static segent_status fill_cpu_info(fixture *f, void *given)
{
    return segent_context_cpu_info(f->context, given);
}

static segent_status fill_image_entropy(fixture *f, void *given)
{
    return segent_image_entropy(f->context, segent_result_entropy(f->result), HOST_HEIGHT,
                                HOST_WIDTH, NULL, NULL, NULL, given);
}

static segent_status fill_uncertainty(fixture *f, void *given)
{
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = maps.width = 20;
    return segent_uncertainty_from_logits(f->context, f->logits, &f->layout, NULL, &maps, given);
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
    size_t needed;                 /* below that the call lacks what it cannot do without */
    segent_status newer, reserved; /* what a member that is not known gives */
    size_t reserved_at;            /* 0: there is none */
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
    expect(f, c, make(c, c->size + MORE, c->size + MORE, 0xff), c->newer);
    expect(f, c, make(c, c->size + MORE, c->size + MORE, 0), SEGENT_OK);
    unsigned char *last = make(c, c->size + MORE, c->size + MORE, 0);
    last[c->size + MORE - 1] = 0xff;
    expect(f, c, last, c->newer);
    expect(f, c, make(c, MOST, MOST, 0), SEGENT_OK);
    expect(f, c, make(c, MOST + 1, MOST + 1, 0), SEGENT_ERROR_INVALID_ARGUMENT);
    expect(f, c, make(c, sizeof(size_t) - 1, c->size, 0), SEGENT_ERROR_INVALID_ARGUMENT);
    expect(f, c, make(c, 0, c->size, 0), SEGENT_ERROR_INVALID_ARGUMENT);
    if (c->reserved_at > 0) {
        unsigned char *reserved = make(c, c->size, c->size, 0);
        memset(reserved + c->reserved_at, 0xff, sizeof(int32_t));
        expect(f, c, reserved, c->reserved);
    }
}

static void test_options(void **state)
{
    const segent_options context = segent_options_init();
    const segent_entropy_options entropy = segent_entropy_options_init();
    const segent_uncertainty_options uncertainty = segent_uncertainty_options_init();
    const segent_image_options image = segent_image_options_init();
    const segent_model_options model = segent_model_options_init();
    const segent_run_options run = segent_run_options_init();
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = maps.width = 20;
    const segent_status invalid = SEGENT_ERROR_INVALID_ARGUMENT, unknown = SEGENT_ERROR_UNSUPPORTED;
#define CASE(type, call, defaults, needed, newer, reserved_at)                                  \
    {                                                                                           \
        call, &(defaults), sizeof(type), type##_ends, COUNT(type##_ends), needed, newer, newer, \
            reserved_at                                                                         \
    }
    const options_case cases[] = {
        CASE(segent_options, call_create, context, 0, invalid, offsetof(segent_options, reserved)),
        CASE(segent_entropy_options, call_entropy_map, entropy, 0, unknown,
             offsetof(segent_entropy_options, reserved)),
        CASE(segent_uncertainty_options, call_uncertainty, uncertainty, 0, unknown, 0),
        CASE(segent_uncertainty_maps, call_maps, maps, offsetof(segent_uncertainty_maps, labels),
             unknown, offsetof(segent_uncertainty_maps, reserved)),
        CASE(segent_image_options, call_image_load, image, 0, unknown, 0),
        CASE(segent_model_options, call_model_load, model, 0, unknown, 0),
        CASE(segent_run_options, call_run, run, 0, unknown, 0),
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_options(*state, &cases[i]);
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
    segent_run_options options = segent_run_options_init();
    segent_result *result = NULL;
    int count = 0;
    options.layer = look_at_layer;
    options.layer_user = &count;
    test_assert_ok(f->context, segent_run(f->context, f->model, f->image, &options, &result));
    segent_result_destroy(result);
    assert_true(count > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_padding_at_the_end),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_info),
        cmocka_unit_test(test_layer_info),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
