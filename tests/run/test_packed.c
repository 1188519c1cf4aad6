/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Packed weights (segent_model_pack): the same results bit by bit, without a copy of the weights,
 * and damaged or foreign files are refused. */

#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRONT = 64, AT_FORM = 8, AT_JSON = 16, AT_BEGIN = 24, AT_SIZE = 32, AT_SUM = 56, SIDE = 24 };

static const test_network_shape shape = {
    .seed = 7, .blocks = {1, 2, 1, 1}, .width = 8, .aspp = 8, .classes = 3};

/* ---- files as bytes ---- */

typedef struct bytes {
    unsigned char *data;
    size_t size;
} bytes;

static bytes read_file(const char *path)
{
    bytes b = {malloc(8 << 20), 0};
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    b.size = fread(b.data, 1, 8 << 20, file);
    assert_int_equal(fclose(file), 0);
    return b;
}

static uint64_t number(const bytes *b, size_t at)
{
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--)
        value = value << 8 | b->data[at + (size_t)i];
    return value;
}

static void set_number(bytes *b, size_t at, uint64_t value)
{
    for (size_t i = 0; i < 8; i++)
        b->data[at + i] = (unsigned char)(value >> (8 * i));
}

/* Makes the sum right again after a change: what is checked behind it has to hold by itself. */
static void seal(bytes *b)
{
    uint64_t sum = 0xcbf29ce484222325u;
    const size_t json = (size_t)number(b, AT_JSON);
    for (size_t i = 0; i < FRONT + json; i++)
        sum = i >= AT_SUM && i < FRONT ? sum : (sum ^ b->data[i]) * 0x100000001b3u;
    set_number(b, AT_SUM, sum);
}

static void assert_refused(segent_context *context, const bytes *b, segent_status expected,
                           const char *part)
{
    segent_model *model = NULL;
    const segent_status status = segent_model_load_memory(context, b->data, b->size, NULL, &model);
    assert_null(model);
    if (status != expected)
        fail_msg("%s, not %s: %s", segent_status_string(status), segent_status_string(expected),
                 segent_last_error(context));
    test_assert_error_contains(context, part);
}

/* ---- packing ---- */

/* Packs a model to a file of its own and returns its path, as test_temporary does. */
static const char *pack(segent_context *context, const segent_model *model)
{
    static int files;
    char name[32];
    snprintf(name, sizeof(name), "packed-%d.segent", files++);
    const char *path = test_temporary(name);
    test_assert_ok(context, segent_model_pack(context, model, path, "net.pth", "0123"));
    return path;
}

static segent_status try_run(segent_context *context, const segent_model *model,
                             segent_engine engine, segent_result **result)
{
    uint8_t *rgb = run_noise(3, SIDE, SIDE + 9);
    segent_image *image = run_image(context, rgb, SIDE, SIDE + 9);
    segent_run_options options = segent_run_options_init();
    options.engine = engine;
    options.size = SEGENT_SIZE_OWN;
    const segent_status status = segent_run(context, model, image, &options, result);
    segent_image_destroy(image);
    free(rgb);
    return status;
}

static segent_result *run(segent_context *context, const segent_model *model, segent_engine engine)
{
    segent_result *result = NULL;
    test_assert_ok(context, try_run(context, model, engine, &result));
    return result;
}

static void assert_same_runs(segent_context *context, const segent_model *model,
                             const segent_model *packed)
{
    for (segent_engine engine = SEGENT_ENGINE_FAST; engine <= SEGENT_ENGINE_SMALL; engine++) {
        segent_result *expected = run(context, model, engine);
        segent_result *result = run(context, packed, engine);
        run_assert_same(result, expected);
        segent_result_destroy(result);
        segent_result_destroy(expected);
    }
}

static segent_context *context_of(segent_cpu cpu)
{
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    options.threads = 2;
    options.cpu = cpu;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    return context;
}

static void check_round_trip(segent_cpu cpu, const test_network_shape *network)
{
    segent_context *context = context_of(cpu);
    const char *path = run_checkpoint(network, SEGENT_CONTAINER_ZIP, NULL);
    segent_model *model = run_load(context, path, "temperature=1.5; mean=0.5,0.4,0.3");
    assert_int_equal(remove(path), 0);
    path = pack(context, model);
    segent_model *packed = run_load(context, path, NULL);
    assert_same_runs(context, model, packed);
    bytes b = read_file(path);
    assert_int_equal(remove(path), 0);
    segent_model *copied = NULL; /* of memory that no alignment is known of, and that goes away */
    memmove(b.data + 1, b.data, b.size);
    test_assert_ok(context, segent_model_load_memory(context, b.data + 1, b.size, NULL, &copied));
    memset(b.data, 0x55, b.size);
    assert_same_runs(context, model, copied);
    free(b.data);
    segent_model_destroy(copied);
    segent_model_destroy(packed);
    segent_model_destroy(model);
    segent_context_destroy(context);
}

static void test_round_trips(void **state)
{
    static const test_network_shape networks[] = {
        {.seed = 7, .blocks = {1, 2, 1, 1}, .width = 8, .aspp = 8, .classes = 3},
        {.seed = 8, .blocks = {1, 1, 1, 1}, .width = 8, .aspp = 0, .classes = 21},
        {.seed = 9, .blocks = {1, 1, 1, 1}, .width = 8, .aspp = 8, .classes = 2, .groups = 2},
        {.seed = 1,
         .width = 8,
         .aspp = 8,
         .classes = 4,
         .architecture = "deeplabv3_mobilenet_v3_large"},
        {.seed = 2,
         .width = 8,
         .aspp = 8,
         .classes = 4,
         .architecture = "lraspp_mobilenet_v3_large"}};
    static const segent_cpu cpus[] = {0, SEGENT_CPU_REF, SEGENT_CPU_AVX2};
    (void)state;
    for (size_t i = 0; i < sizeof(networks) / sizeof(networks[0]); i++) {
        for (size_t c = 0; c < (run_is_brief() || i > 0 ? 1 : sizeof(cpus) / sizeof(cpus[0])); c++)
            check_round_trip(cpus[c], &networks[i]);
    }
}

/* ---- what is told of it ---- */

static void test_what_it_tells(void **state)
{
    static const char *const names[] = {"sky, or \"air\"", "s\xc3\xa9\\a", "\xff"};
    segent_context *context = run_context(2);
    segent_model_options options = segent_model_options_init();
    segent_model *model = NULL;
    (void)state;
    options.class_names = names;
    options.class_name_count = 3;
    options.auxiliary = 1;
    options.settings =
        "rates=2,4,6; size=77; eps=0.5; precision_error=0.125; palette=#000000,#8000ff,#0116fe; "
        "description=a \"b\"";
    const char *path = run_checkpoint(&shape, SEGENT_CONTAINER_LEGACY, NULL);
    test_assert_ok(context, segent_model_load(context, path, &options, &model));
    segent_model *packed = run_load(context, pack(context, model), NULL);
    segent_model_details a = segent_model_details_init(), b = a;
    segent_model_info(model, &a);
    segent_model_info(packed, &b);
    assert_string_equal(a.architecture, b.architecture);
    assert_string_equal(a.description, b.description);
    assert_int_equal(a.parameters, b.parameters);
    assert_int_equal(b.container, SEGENT_CONTAINER_PACKED);
    assert_string_equal(segent_container_name(b.container), "packed weights");
    assert_int_equal(b.auxiliary, 1);
    for (int32_t i = 0; i < 2; i++)
        assert_string_equal(segent_model_class_name(packed, i), names[i]);
    assert_string_equal(segent_model_class_name(packed, 2), "\xef\xbf\xbd"); /* U+FFFD */
    static const char *const keys[] = {
        "rates", "size", "eps", "mean", "std", "temperature", "precision_error", "output_stride"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        assert_string_equal(segent_model_property(packed, keys[i]),
                            segent_model_property(model, keys[i]));
    assert_memory_equal(segent_model_palette(packed, NULL), segent_model_palette(model, NULL), 9);
    assert_string_equal(segent_model_property(packed, "assumed"), "output_stride");
    assert_same_runs(context, model, packed);
    segent_model_destroy(packed);
    segent_model_destroy(model);
    segent_context_destroy(context);
}

/* ---- memory ---- */

static void *count_bytes(void *user, size_t size)
{
    *(size_t *)user += size;
    return malloc(size);
}

static void free_bytes(void *user, void *memory)
{
    (void)user;
    free(memory);
}

static void test_nothing_is_copied(void **state)
{
    segent_context *context = run_context(1), *counting = NULL;
    static const test_network_shape wide = {
        .seed = 7, .blocks = {1, 1, 1, 1}, .width = 16, .aspp = 32, .classes = 3};
    segent_model *model = run_model(context, &wide, NULL);
    const char *path = pack(context, model);
    size_t taken = 0;
    segent_options options = segent_options_init();
    (void)state;
    options.threads = 1;
    options.allocate = count_bytes;
    options.release = free_bytes;
    options.allocator_user = &taken;
    assert_int_equal(segent_context_create(&options, &counting), SEGENT_OK);
    bytes b = read_file(path);
    taken = 0;
    segent_model *packed = run_load(counting, path, NULL);
    if (taken * 4 > number(&b, AT_SIZE))
        fail_msg("%zu bytes taken for %llu bytes of weights", taken,
                 (unsigned long long)number(&b, AT_SIZE));
    segent_model_destroy(packed);
    free(b.data);
    segent_model_destroy(model);
    segent_context_destroy(counting);
    segent_context_destroy(context);
}

/* ---- what is refused ---- */

static bytes packed_bytes(segent_context *context)
{
    segent_model *model = run_model(context, &shape, NULL);
    const bytes b = read_file(pack(context, model));
    segent_model_destroy(model);
    return b;
}

static void test_damaged(void **state)
{
    segent_context *context = run_context(2);
    bytes b = packed_bytes(context);
    const size_t whole = b.size, json = (size_t)number(&b, AT_JSON);
    (void)state;
    for (b.size = 8; b.size < whole; b.size += b.size < 80 ? 1 : whole / 16)
        assert_refused(context, &b, SEGENT_ERROR_TRUNCATED, "truncated");
    b.size = whole - 1;
    assert_refused(context, &b, SEGENT_ERROR_TRUNCATED, "truncated");
    b.size = whole + 1;
    assert_refused(context, &b, SEGENT_ERROR_FORMAT, "something follows the weights");
    b.size = whole;
    for (size_t at = 0; at < FRONT + json; at += at < FRONT ? 1 : json / 64 + 1) {
        segent_model *model = NULL;
        b.data[at] ^= 0x10;
        assert_int_not_equal(segent_model_load_memory(context, b.data, b.size, NULL, &model),
                             SEGENT_OK);
        b.data[at] ^= 0x10;
    }
    free(b.data);
    segent_context_destroy(context);
}

/* Replaces a text of the JSON by another of the same length, and has the sum fit. */
static void replace(bytes *b, const char *text, const char *by)
{
    const size_t json = (size_t)number(b, AT_JSON), length = strlen(text);
    size_t at = FRONT;
    assert_int_equal(length, strlen(by));
    while (at + length < FRONT + json && memcmp(b->data + at, text, length) != 0)
        at++;
    assert_true(at + length < FRONT + json);
    memcpy(b->data + at, by, length);
    seal(b);
}

static void refuse_number(segent_context *context, bytes *b, size_t at, uint64_t value,
                          segent_status status, const char *part)
{
    const uint64_t before = number(b, at);
    set_number(b, at, value);
    if (at != AT_JSON)
        seal(b);
    assert_refused(context, b, status, part);
    set_number(b, at, before);
    seal(b);
}

static void test_hostile(void **state)
{
    segent_context *context = run_context(2);
    bytes b = packed_bytes(context);
    const uint64_t begin = number(&b, AT_BEGIN), size = number(&b, AT_SIZE);
    static const char json_size[] = "size of the header", behind[] = "begin behind the header";
    (void)state;
    assert_refused(context, (seal(&b), &(bytes){b.data, b.size - 64}), SEGENT_ERROR_TRUNCATED,
                   "truncated");
    refuse_number(context, &b, AT_JSON, 0, SEGENT_ERROR_FORMAT, json_size);
    refuse_number(context, &b, AT_JSON, UINT64_MAX, SEGENT_ERROR_FORMAT, json_size);
    refuse_number(context, &b, AT_JSON, 99999999, SEGENT_ERROR_FORMAT, behind);
    refuse_number(context, &b, AT_BEGIN, 0, SEGENT_ERROR_FORMAT, behind);
    refuse_number(context, &b, AT_BEGIN, begin + 4, SEGENT_ERROR_FORMAT, behind);
    refuse_number(context, &b, AT_BEGIN, begin + 4096, SEGENT_ERROR_FORMAT, behind);
    refuse_number(context, &b, AT_BEGIN, UINT64_MAX / 4096 * 4096, SEGENT_ERROR_FORMAT, behind);
    refuse_number(context, &b, AT_SIZE, UINT64_MAX, SEGENT_ERROR_TRUNCATED, "truncated");
    refuse_number(context, &b, AT_SIZE, size + 64, SEGENT_ERROR_TRUNCATED, "truncated");
    refuse_number(context, &b, AT_SIZE, size - 64, SEGENT_ERROR_FORMAT, "something follows");
    refuse_number(context, &b, AT_FORM, number(&b, AT_FORM) + 1, SEGENT_ERROR_UNSUPPORTED,
                  "pack the model anew");
    /* Sizes that fit the file, and not the network. */
    set_number(&b, AT_SIZE, size - 64);
    seal(&b);
    b.size -= 64;
    assert_refused(context, &b, SEGENT_ERROR_MODEL, "but its network takes");
    b.size += 64;
    set_number(&b, AT_SIZE, size);
    replace(&b, "[3, 8, 1, 1]", "[9, 8, 1, 1]"); /* a network of more classes than weights */
    assert_refused(context, &b, SEGENT_ERROR_MODEL, "");
    free(b.data);
    segent_context_destroy(context);
}

static void test_foreign(void **state)
{
    segent_context *context = run_context(2), *plain = context_of(SEGENT_CPU_REF);
    bytes b = packed_bytes(context);
    segent_cpu_info cpu = segent_cpu_info_init();
    segent_model *model = NULL;
    segent_model_options options = segent_model_options_init();
    char from[64], to[64];
    (void)state;
    test_assert_ok(context, segent_context_cpu_info(context, &cpu));
    if (strcmp(cpu.kernels, "ref") != 0)
        assert_refused(plain, &b, SEGENT_ERROR_UNSUPPORTED, "but here are ref");
    snprintf(from, sizeof(from), "\"%s\"", segent_version());
    snprintf(to, sizeof(to), "\"%s\"", segent_version());
    to[1] = '9';
    replace(&b, from, to);
    assert_refused(context, &b, SEGENT_ERROR_UNSUPPORTED, "pack net.pth anew");
    /* It can be asked what it is nevertheless. */
    options.examine_only = 1;
    test_assert_ok(context, segent_model_load_memory(context, b.data, b.size, &options, &model));
    /* A model without weights has none to pack. */
    test_assert_status(context, segent_model_pack(context, model, "x.segent", NULL, NULL),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(context, segent_model_pack(context, NULL, "x.segent", NULL, NULL),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    segent_model_destroy(model);
    free(b.data);
    segent_context_destroy(plain);
    segent_context_destroy(context);
}

/* What is folded in cannot be set any more. */
static void test_settings(void **state)
{
    segent_context *context = run_context(2);
    segent_model *model = run_model(context, &shape, NULL);
    char path[RUN_PATH];
    (void)state;
    snprintf(path, sizeof(path), "%s", pack(context, model));
    run_refused(context, path, "eps=0.5", "pack the model anew");
    segent_model *packed = run_load(context, path, "rates=2,4,6; temperature=2");
    assert_string_equal(segent_model_property(packed, "rates"), "2,4,6");
    segent_model_destroy(packed);
    segent_model_destroy(model);
    segent_context_destroy(context);
}

/* The weights may be any bits: a run gives something, and reads and writes nothing else. */
static void test_any_weights(void **state)
{
    segent_context *context = run_context(2);
    bytes b = packed_bytes(context);
    const size_t begin = (size_t)number(&b, AT_BEGIN);
    uint64_t seed = 5;
    (void)state;
    for (int pass = 0; pass < 3; pass++) {
        segent_model *model = NULL;
        for (size_t i = begin; i < b.size; i++)
            b.data[i] = pass == 0 ? 0xff : pass == 1 ? 0x7f : (unsigned char)test_random(&seed);
        test_assert_ok(context, segent_model_load_memory(context, b.data, b.size, NULL, &model));
        segent_result *result = NULL;
        const segent_status status = try_run(context, model, SEGENT_ENGINE_FAST, &result);
        if (status != SEGENT_OK)
            assert_int_equal(status, SEGENT_ERROR_NOT_FINITE);
        segent_result_destroy(result);
        segent_model_destroy(model);
    }
    free(b.data);
    segent_context_destroy(context);
}

/* Files have no values that could be read one by one. */
static void test_as_checkpoint(void **state)
{
    segent_context *context = run_context(1);
    bytes b = packed_bytes(context);
    segent_checkpoint *checkpoint = NULL;
    segent_tensor_info info = segent_tensor_info_init();
    float value;
    (void)state;
    test_assert_ok(context, segent_checkpoint_load_memory(context, b.data, b.size, &checkpoint));
    assert_string_equal(segent_checkpoint_metadata(checkpoint, "segent.source"), "net.pth");
    assert_string_equal(segent_checkpoint_metadata(checkpoint, "segent.source_sha256"), "0123");
    test_assert_ok(context, segent_checkpoint_tensor(context, checkpoint, 0, &info));
    assert_int_equal(info.dtype, 0);
    test_assert_status(context,
                       segent_checkpoint_read(context, checkpoint, 0, &value, info.elements),
                       SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(context, "packed weights");
    segent_checkpoint_destroy(checkpoint);
    free(b.data);
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),       cmocka_unit_test(test_what_it_tells),
        cmocka_unit_test(test_nothing_is_copied), cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_hostile),           cmocka_unit_test(test_foreign),
        cmocka_unit_test(test_settings),          cmocka_unit_test(test_any_weights),
        cmocka_unit_test(test_as_checkpoint)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
