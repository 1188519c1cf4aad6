/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Whole convolutions of bfloat16 maps, by every engine on every instruction set of this processor,
 * against sums in double of the same rounded numbers; and that sets with products of halves and
 * those without agree. AMX's plans are run with plain C in the place of its tiles. */

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "layer.h"
#include "nn/engine.h"
#include "tiles_ref.h"

/* Root mean square of the error over that of the result: of one rounding to bfloat16, which is what
 * direct convolutions and those in float32 do, and of Winograd's tiles of halves, whose points are
 * rounded as well: F(2x2), F(4x4) and mixed ones. */
static const double direct_bound = 2.5e-3,
                    winograd_bounds[SG_WINOGRAD_HALVES] = {8e-3, 1.5e-2, 1.6e-2};

/* The sums in float32, before they are rounded, are no further off than this. */
static const double sum_bound = 1e-5;

/* As for valgrind, which takes 300 times as long: one number of threads. */
static bool brief;

/* A set of its own: AMX's plans, whose products are plain C, whatever the processor. */
enum { PLAIN_TILES = SG_CPU_ALL + 1 };

/* The layer's numbers rounded to bfloat16, and its maps as halves: they end where `pad` begins. */
typedef struct half_layer {
    layer floats;
    sg_tensor input, output, residual;
    sg_bf16 *memory[3];
} half_layer;

static void round_all(float *values, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        values[i] = sg_bf16_widen(sg_bf16_round(values[i]));
}

static sg_tensor halves_of(const sg_tensor *floats, sg_bf16 **memory)
{
    sg_tensor t = *floats;
    const int64_t count = sg_tensor_pixels(&t) * t.pixel_stride;
    *memory = aligned_alloc(64, (size_t)(count * 2 + 63) / 64 * 64);
    assert_non_null(*memory);
    t.type = SG_BF16;
    t.data = *memory;
    for (int64_t i = 0; i < count; i++)
        (*memory)[i] = sg_bf16_round(((const float *)floats->data)[i]);
    return t;
}

/* The scale is in the weights before they are rounded, as when they are packed. */
static half_layer half_layer_make(const layer_case *what)
{
    half_layer h = {.floats = layer_make(what, 11)};
    layer *l = &h.floats;
    const sg_convolution_shape *s = &what->shape;
    const int64_t each = (int64_t)s->inputs * s->kernel * s->kernel;
    for (int64_t i = 0; i < each * s->outputs; i++)
        l->weights[i] = (float)((double)l->weights[i] * l->scale[i / each]);
    round_all(l->weights, each * s->outputs);
    for (int32_t o = 0; o < s->outputs; o++)
        l->scale[o] = 1;
    for (int64_t p = 0; p < sg_tensor_pixels(&l->input); p++)
        round_all(sg_tensor_f32(&l->input, p), s->inputs);
    for (int64_t p = 0; p < sg_tensor_pixels(&l->residual); p++)
        round_all(sg_tensor_f32(&l->residual, p), s->outputs);
    layer_truth(l);
    h.input = halves_of(&l->input, &h.memory[0]);
    h.residual = halves_of(&l->residual, &h.memory[1]);
    h.output = halves_of(&l->residual, &h.memory[2]);
    return h;
}

static void half_layer_free(half_layer *h)
{
    for (int32_t i = 0; i < 3; i++)
        free(h->memory[i]);
    layer_free(&h->floats);
}

static segent_context *context_for(uint32_t cpu, int32_t threads)
{
    segent_context *context = NULL;
    segent_options options = segent_options_init();
    options.threads = threads;
    options.cpu = cpu == PLAIN_TILES ? SG_CPU_REF : cpu;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    if (cpu == PLAIN_TILES) {
        context->used |= SG_CPU_AMX;
        context->kernels.halves = (sg_product_kernels){.name = "amx 32x32",
                                                       .fast = true,
                                                       .panel = 32,
                                                       .tile = 32,
                                                       .product = sg_product_bf16_tiles_ref,
                                                       .release = sg_release_tiles_ref,
                                                       .winograd = &sg_winograd_bf16_ref};
    } else {
        sg_context_request(context);
    }
    return context;
}

static sg_convolution *convolution_of(segent_context *context, const half_layer *h)
{
    sg_convolution *convolution = NULL;
    sg_convolution_shape shape = h->floats.what.shape;
    shape.input = shape.output = SG_BF16;
    test_assert_ok(context,
                   sg_convolution_create(context, &shape, &h->floats.packing, &convolution));
    return convolution;
}

/* Once, in that way; the result as floats is the layer's output. */
static void run(segent_context *context, const sg_convolution *convolution,
                const sg_convolution_way *way, half_layer *h)
{
    const sg_allocator allocator = {0};
    layer *l = &h->floats;
    sg_convolution_call call = {.input = h->input, .output = h->output};
    if (l->what.residual != NO_RESIDUAL)
        call.residual = l->what.residual == IN_PLACE ? &h->output : &h->residual;
    const int64_t count = sg_tensor_pixels(&h->output) * h->output.pixel_stride;
    memcpy(h->output.data, h->residual.data, (size_t)count * sizeof(sg_bf16));
    call.workspace = sg_alloc(&allocator, (size_t)way->workspace + 1, 1);
    assert_non_null(call.workspace);
    memset(call.workspace, 0xff, (size_t)way->workspace + 1);
    sg_convolution_run(context, convolution, way, &call);
    sg_free(&allocator, call.workspace);
    assert_int_equal(atomic_load(&sg_tiles_ref_held), 0);
    for (int64_t p = 0; p < sg_tensor_pixels(&h->output); p++) {
        const sg_bf16 *found = sg_tensor_half(&h->output, p);
        const sg_bf16 *before = sg_tensor_half(&h->residual, p);
        for (int32_t c = 0; c < h->output.channels; c++)
            sg_tensor_f32(&l->output, p)[c] = sg_bf16_widen(found[c]);
        for (int64_t c = h->output.channels; c < h->output.pixel_stride; c++) {
            if (found[c] != before[c])
                fail_msg("%s: wrote behind pixel %d", layer_name(l), (int)p);
        }
    }
}

static void check_error(const segent_context *context, const half_layer *h, const char *algorithm,
                        double bound)
{
    const double error = layer_error(&h->floats);
    if (!(error <= bound))
        fail_msg("%s, %s, %s: error %.2g, at most %.2g expected", layer_name(&h->floats),
                 context->kernels.halves.name, algorithm, error, bound);
}

/* Each number is the sum of its set's products, rounded once. */
static void check_exact(const segent_context *context, const half_layer *h)
{
    const layer *l = &h->floats;
    for (int64_t p = 0; p < sg_tensor_pixels(&l->output); p++) {
        for (int32_t c = 0; c < l->output.channels; c++) {
            const double truth = l->truth[p * l->output.channels + c];
            const double found = (double)sg_tensor_f32(&l->output, p)[c];
            if (!(fabs(found - truth) <= 0x1p-8 * fabs(truth) + sum_bound))
                fail_msg("%s, %s: pixel %d, channel %d is %.8g, expected %.8g rounded",
                         layer_name(l), context->kernels.halves.name, (int)p, (int)c, found, truth);
        }
    }
}

/* By the chosen engine, with the same bits for any number of threads. `exact` gets what
 * SEGENT_ENGINE_EXACT makes. */
static void check_chosen(uint32_t cpu, half_layer *h, sg_bf16 *exact)
{
    const size_t bytes =
        (size_t)(sg_tensor_pixels(&h->output) * h->output.pixel_stride) * sizeof(sg_bf16);
    sg_bf16 *first = malloc(bytes);
    assert_non_null(first);
    for (segent_engine engine = SEGENT_ENGINE_FAST; engine <= SEGENT_ENGINE_SMALL; engine++) {
        const int32_t fewest = brief ? 2 : 1, most = brief ? 2 : 3;
        for (int32_t threads = fewest; threads <= most; threads++) {
            segent_context *context = context_for(cpu, threads);
            sg_convolution *convolution = convolution_of(context, h);
            sg_convolution_way way;
            sg_convolution_choose(context, convolution, engine, h->input.height, h->input.width,
                                  INT64_MAX, &way);
            run(context, convolution, &way, h);
            check_error(context, h, way.algorithm,
                        engine == SEGENT_ENGINE_EXACT ? direct_bound : winograd_bounds[2]);
            if (engine == SEGENT_ENGINE_EXACT)
                check_exact(context, h);
            if (threads == fewest)
                memcpy(first, h->output.data, bytes);
            else if (memcmp(first, h->output.data, bytes) != 0)
                fail_msg("%s: other bits with %d threads", layer_name(&h->floats), (int)threads);
            sg_convolution_destroy(convolution);
            segent_context_destroy(context);
        }
        if (engine == SEGENT_ENGINE_EXACT)
            memcpy(exact, first, bytes);
    }
    free(first);
}

/* Winograd's tiles of halves, whatever the cost model says. */
static void check_tiles(uint32_t cpu, half_layer *h)
{
    segent_context *context = context_for(cpu, 2);
    sg_convolution *convolution = convolution_of(context, h);
    const sg_engine_request request = {context, convolution, SEGENT_ENGINE_FAST, h->input.height,
                                       h->input.width};
    for (int32_t i = 0; i < SG_WINOGRAD_HALVES; i++) {
        const sg_engine *row = &sg_engine_winograd_halves[i];
        sg_convolution_way way = {.engine = row, .algorithm = row->name, .kernel = ""};
        if (convolution->form != row->form || !row->fits(&request, &way))
            continue;
        way.workspace = way.row_workspace = row->room(&request, &way);
        run(context, convolution, &way, h);
        check_error(context, h, row->name, winograd_bounds[i]);
    }
    sg_convolution_destroy(convolution);
    segent_context_destroy(context);
}

/* Two roundings of sums that are nearly the same: a unit in the last place apart, at most. */
static void check_agreement(const half_layer *h, const sg_bf16 *one, const sg_bf16 *other)
{
    for (int64_t p = 0; p < sg_tensor_pixels(&h->output); p++) {
        for (int32_t c = 0; c < h->output.channels; c++) {
            const int64_t at = p * h->output.pixel_stride + c;
            const double x = (double)sg_bf16_widen(one[at]), y = (double)sg_bf16_widen(other[at]);
            if (!(fabs(x - y) <= 0x1p-7 * fmax(fabs(x), fabs(y)) + 2 * sum_bound))
                fail_msg("%s: pixel %d, channel %d is %.8g on one instruction set and %.8g on "
                         "another",
                         layer_name(&h->floats), (int)p, (int)c, x, y);
        }
    }
}

static void check(const layer_case *what)
{
    const uint32_t detected = sg_cpu_detect();
    half_layer h = half_layer_make(what);
    const size_t count = (size_t)(sg_tensor_pixels(&h.output) * h.output.pixel_stride);
    sg_bf16 *first = calloc(count, sizeof(*first)), *exact = calloc(count, sizeof(*exact));
    assert_non_null(first);
    assert_non_null(exact);
    for (uint32_t flag = SG_CPU_REF; flag <= SG_CPU_ALL; flag <<= 1) {
        if (!(detected & flag))
            continue;
        check_chosen(sg_cpu_allow(detected, flag), &h, exact);
        check_tiles(sg_cpu_allow(detected, flag), &h);
        if (flag == SG_CPU_REF)
            memcpy(first, exact, count * sizeof(*first));
        check_agreement(&h, first, exact);
    }
    check_chosen(PLAIN_TILES, &h, exact);
    check_tiles(PLAIN_TILES, &h);
    check_agreement(&h, first, exact);
    free(first);
    free(exact);
    half_layer_free(&h);
}

static const sg_dtype F = SG_F32; /* of maps that layer.h makes; halves are made of them */

static void test_pointwise(void **state)
{
    (void)state;
    check(
        &(layer_case){{16, 16, 1, 1, 0, 1, 1, SG_RELU, false, F, F, false}, 5, 7, 0, NO_RESIDUAL});
    check(&(layer_case){{600, 40, 1, 1, 0, 1, 1, SG_RELU, false, F, F, false}, 5, 7, 2, RESIDUAL});
    check(&(layer_case){{1030, 34, 1, 1, 0, 1, 1, SG_RELU, false, F, F, false}, 3, 5, 2, IN_PLACE});
    check(&(layer_case){
        {2100, 6, 1, 1, 0, 1, 1, SG_IDENTITY, false, F, F, false}, 2, 3, 0, IN_PLACE});
    check(&(layer_case){
        {24, 70, 1, 2, 0, 1, 1, SG_HARD_SWISH, false, F, F, false}, 12, 9, 4, RESIDUAL});
}

static void test_windows(void **state)
{
    (void)state;
    check(&(layer_case){
        {64, 40, 3, 1, 1, 1, 1, SG_RELU, false, F, F, false}, 13, 18, 0, NO_RESIDUAL});
    check(
        &(layer_case){{34, 22, 3, 1, 2, 2, 1, SG_SIGMOID, false, F, F, false}, 9, 11, 2, IN_PLACE});
    check(&(layer_case){
        {34, 22, 3, 1, 12, 12, 1, SG_RELU, false, F, F, false}, 41, 98, 2, NO_RESIDUAL});
    check(&(layer_case){
        {16, 40, 3, 1, 9, 9, 1, SG_IDENTITY, false, F, F, false}, 21, 26, 0, RESIDUAL});
    check(&(layer_case){{20, 10, 3, 2, 1, 1, 1, SG_RELU, false, F, F, false}, 11, 8, 2, RESIDUAL});
    check(
        &(layer_case){{8, 18, 5, 1, 2, 1, 1, SG_IDENTITY, false, F, F, false}, 6, 3, 2, RESIDUAL});
}

/* Which have no products of halves anywhere: an odd number of inputs, and a padding so wide that no
 * tap sees the map always. */
static void test_others(void **state)
{
    (void)state;
    check(&(layer_case){{7, 11, 3, 1, 1, 1, 1, SG_RELU, false, F, F, false}, 6, 7, 1, NO_RESIDUAL});
    check(
        &(layer_case){{12, 10, 1, 1, 1, 1, 1, SG_RELU, false, F, F, false}, 4, 5, 0, NO_RESIDUAL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pointwise),
                                       cmocka_unit_test(test_windows),
                                       cmocka_unit_test(test_others)};
    brief = getenv("SEGENT_TEST_BRIEF") != NULL;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
