/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Whole convolutions, by every algorithm on every instruction set of this processor, against sums
 * in double; and that results do not depend on the number of threads. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "layer.h"
#include "nn/gemm.h"
#include "nn/packed.h"
#include "nn/strassen.h"
#include "nn/way.h"

/* Maps of shapes whose types are not written down are SG_F32. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* Root mean square of the error over that of the result. */
static const double direct_bound = 1e-6, winograd_bound = 4e-6; /* and Strassen's */
static const double paired_bound = 6e-6;                        /* of both, with paired products */
static const double blas_bound = 2e-6;                          /* a BLAS may add term after term */

/* Whether contexts pair products, where their kernels can. */
static bool pairs_products;

/* Each instruction once is enough, as for valgrind, which takes 300 times as long over it: one
 * number of threads, and by the chosen engine only as contexts really are. */
static bool brief;

static segent_context *context_for(uint32_t cpu, int32_t threads)
{
    segent_context *context = NULL;
    segent_options options = segent_options_init();
    options.threads = threads;
    options.cpu = cpu;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    context->kernels.product.pairs = pairs_products ? sg_product_pairs(cpu) : NULL;
    return context;
}

static double fast_bound(void)
{
    return pairs_products ? paired_bound : winograd_bound;
}

static void check_error(const segent_context *context, const layer *l, const char *algorithm,
                        double bound)
{
    const double error = layer_error(l);
    if (!(error <= bound))
        fail_msg("%s, %s, %s: error %.2g, at most %.2g expected", layer_name(l),
                 context->kernels.product.name, algorithm, error, bound);
}

static void *workspace_of(int64_t bytes)
{
    const sg_allocator allocator = {0};
    float *workspace = sg_alloc(&allocator, (size_t)(bytes ? bytes : 1), 1);
    assert_non_null(workspace);
    for (int64_t i = 0; i < bytes / (int64_t)sizeof(float); i++)
        workspace[i] = NAN;
    return workspace;
}

/* The engine that is chosen, as a network uses it. */
static void run_chosen(segent_context *context, layer *l, segent_engine engine)
{
    const sg_allocator allocator = {0};
    sg_convolution *convolution;
    sg_convolution_call call = layer_call(l);
    test_assert_ok(context,
                   sg_convolution_create(context, &l->what.shape, &l->packing, &convolution));
    sg_convolution_way way;
    sg_convolution_choose(context, convolution, engine, l->what.height, l->what.width, INT64_MAX,
                          &way);
    call.workspace = workspace_of(way.workspace);
    layer_reset(l);
    sg_convolution_run(context, convolution, &way, &call);
    sg_free(&allocator, call.workspace);
    sg_convolution_destroy(convolution);
}

static void check_chosen(uint32_t cpu, layer *l)
{
    const size_t bytes = (size_t)(sg_tensor_pixels(&l->output) * l->output.pixel_stride) * 4;
    float *first = malloc(bytes);
    assert_non_null(first);
    for (segent_engine engine = SEGENT_ENGINE_FAST; engine <= SEGENT_ENGINE_SMALL; engine++) {
        const int32_t fewest = brief ? 2 : 1, most = brief ? 2 : 3;
        for (int32_t threads = fewest; threads <= most; threads++) {
            segent_context *context = context_for(cpu, threads);
            run_chosen(context, l, engine);
            check_error(context, l, "by the chosen engine",
                        engine != SEGENT_ENGINE_EXACT ? fast_bound()
                        : cpu == SG_CPU_REF           ? blas_bound
                                                      : direct_bound);
            if (threads == fewest)
                memcpy(first, l->output.data, bytes);
            else if (memcmp(first, l->output.data, bytes) != 0)
                fail_msg("%s: other bits with %d threads", layer_name(l), (int)threads);
            segent_context_destroy(context);
        }
    }
    free(first);
}

/* Every family of tiles, and halves, whatever the cost model says. */
static void check_ways(uint32_t cpu, layer *l)
{
    const sg_allocator allocator = {0};
    segent_context *context = context_for(cpu, 2);
    const sg_convolution_shape *shape = &l->what.shape;
    sg_convolution_call call = layer_call(l);
    sg_packed packed = {0};
    if (sg_packed_suits(&context->kernels, shape))
        test_assert_ok(context, sg_packed_create(context, shape, &l->packing, &packed));
    for (int32_t family = 0; family < SG_WINOGRAD_FAMILIES; family++) {
        if (!packed.weights || !sg_winograd_suits(&packed, shape) ||
            !sg_winograd_fits(shape, l->what.height, l->what.width, family))
            continue;
        sg_winograd w = sg_winograd_plan(&packed, shape, l->what.height, l->what.width, family, 2);
        call.workspace = workspace_of(sg_winograd_workspace(&w));
        layer_reset(l);
        sg_winograd_run(context, &w, shape, &call);
        check_error(context, l, sg_winograd_name(family), fast_bound());
        if (w.depth_blocks > 1) { /* as on a map so large that it has no room for all products */
            for (int32_t i = 0; i < w.passes; i++)
                w.pass[i].group = i + 1 < w.pass[i].group ? i + 1 : 1;
            layer_reset(l);
            sg_winograd_run(context, &w, shape, &call);
            check_error(context, l, "groups of blocks", fast_bound());
        }
        sg_free(&allocator, call.workspace);
    }
    for (int32_t levels = 1; levels <= SG_STRASSEN_LEVELS; levels++) {
        if (!packed.weights || !sg_strassen_suits(&packed, shape, levels))
            continue;
        call.workspace = workspace_of(sg_strassen_workspace(&packed, levels, 2));
        layer_reset(l);
        sg_strassen_run(context, &packed, levels, shape, &call);
        check_error(context, l, levels == 1 ? "Strassen" : "Strassen^2", fast_bound());
        sg_free(&allocator, call.workspace);
    }
    sg_packed_destroy(&allocator, &packed);
    segent_context_destroy(context);
}

static void check(const layer_case *what)
{
    const uint32_t detected = sg_cpu_detect();
    layer l = layer_make(what, 7);
    layer_truth(&l);
    for (uint32_t flag = SG_CPU_REF; flag <= SG_CPU_ALL; flag <<= 1) {
        if (!(detected & flag))
            continue;
        const uint32_t cpu = sg_cpu_allow(detected, flag);
        const int32_t kinds = sg_product_pairs(cpu) ? 2 : 1;
        for (int32_t pairs = 0; pairs < kinds; pairs++) {
            pairs_products = pairs > 0;
            if (!brief || pairs == kinds - 1)
                check_chosen(cpu, &l);
            check_ways(cpu, &l);
        }
        pairs_products = false;
    }
    layer_free(&l);
}

static void test_pointwise(void **state)
{
    (void)state;
    check(&(layer_case){{16, 16, 1, 1, 0, 1, 1, SG_RELU, false}, 5, 7, 0, NO_RESIDUAL});
    check(&(layer_case){{600, 40, 1, 1, 0, 1, 1, SG_RELU, false}, 9, 11, 3, RESIDUAL});
    check(&(layer_case){{1030, 33, 1, 1, 0, 1, 1, SG_RELU, false}, 3, 5, 1, IN_PLACE});
    check(&(layer_case){{3, 21, 1, 1, 0, 1, 1, SG_IDENTITY, false}, 1, 1, 0, NO_RESIDUAL});
    check(&(layer_case){{24, 70, 1, 2, 0, 1, 1, SG_IDENTITY, false}, 12, 9, 16, NO_RESIDUAL});
    check(&(layer_case){{64, 256, 1, 1, 0, 1, 1, SG_RELU, false}, 20, 31, 16, IN_PLACE});
}

/* Behind every engine's sums, the last panel's few columns included. */
static void test_activations(void **state)
{
    (void)state;
    for (int32_t a = SG_HARD_SWISH; a < SG_ACTIVATIONS; a++) {
        check(&(layer_case){{24, 70, 1, 1, 0, 1, 1, a, false}, 12, 9, 16, RESIDUAL});
        check(&(layer_case){{256, 256, 1, 1, 0, 1, 1, a, false}, 17, 19, 0, IN_PLACE});
        check(&(layer_case){{3, 16, 3, 2, 1, 1, 1, a, false}, 31, 45, 0, NO_RESIDUAL});
        if (!brief)
            check(&(layer_case){{64, 64, 3, 1, 2, 2, 1, a, false}, 20, 37, 0, RESIDUAL});
    }
}

static void test_first_layers(void **state)
{
    (void)state;
    check(&(layer_case){{3, 64, 7, 2, 3, 1, 1, SG_RELU, false}, 31, 45, 0, NO_RESIDUAL});
    check(&(layer_case){{3, 5, 7, 2, 3, 1, 1, SG_RELU, false}, 1, 1, 0, NO_RESIDUAL});
    check(&(layer_case){{8, 17, 5, 1, 2, 1, 1, SG_RELU, false}, 6, 3, 2, RESIDUAL});
    check(&(layer_case){{1, 1, 3, 3, 0, 2, 1, SG_IDENTITY, false}, 11, 9, 0, IN_PLACE});
}

/* Sixteen outputs of a first layer, whose windows are read where they lie, have the bits of the
 * first of seventeen, whose windows are gathered. */
static void test_stem_bits(void **state)
{
    static const layer_case cases[] = {
        {{3, 17, 3, 2, 1, 1, 1, SG_HARD_SWISH, false}, 30, 52, 0, NO_RESIDUAL},
        {{3, 17, 3, 2, 1, 1, 1, SG_RELU, false}, 9, 23, 0, NO_RESIDUAL},
        {{3, 17, 3, 1, 1, 1, 1, SG_SIGMOID, false}, 7, 71, 0, NO_RESIDUAL},
        {{4, 17, 5, 3, 4, 1, 1, SG_RELU, false}, 11, 95, 0, NO_RESIDUAL},
        {{8, 17, 2, 2, 30, 1, 1, SG_IDENTITY, false}, 2, 5, 0, NO_RESIDUAL},
        {{1, 17, 7, 1, 0, 1, 1, SG_HARD_SIGMOID, false}, 8, 18, 0, NO_RESIDUAL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        layer gathered = layer_make(&cases[i], 5);
        layer_case less = cases[i];
        less.shape.outputs = SG_STEM_CHANNELS;
        layer read = layer_make(&less, 5);
        sg_convolution_weights packing = gathered.packing;
        sg_tensor input = read.input;
        read.packing = packing;
        read.input = gathered.input;
        for (uint32_t flag = SG_CPU_REF; flag <= SG_CPU_ALL; flag <<= 1) {
            if (!(sg_cpu_detect() & flag))
                continue;
            segent_context *context = context_for(sg_cpu_allow(sg_cpu_detect(), flag), 2);
            run_chosen(context, &gathered, SEGENT_ENGINE_EXACT);
            run_chosen(context, &read, SEGENT_ENGINE_EXACT);
            for (int64_t p = 0; p < sg_tensor_pixels(&read.output); p++) {
                if (memcmp(sg_tensor_f32(&gathered.output, p), sg_tensor_f32(&read.output, p),
                           SG_STEM_CHANNELS * sizeof(float)) != 0 &&
                    context->kernels.product.fast)
                    fail_msg("%s, %s: pixel %d has other bits", layer_name(&read),
                             context->kernels.product.name, (int)p);
            }
            segent_context_destroy(context);
        }
        read.input = input;
        layer_free(&read);
        layer_free(&gathered);
    }
}

/* A window a channel: with whole vectors and a rest, rows that are all ends, maps that need several
 * bands of channels. */
static void test_depthwise(void **state)
{
    (void)state;
    check(&(layer_case){{64, 64, 3, 2, 1, 1, 64, SG_RELU, false}, 30, 41, 0, NO_RESIDUAL});
    check(&(layer_case){{72, 72, 5, 1, 2, 1, 72, SG_HARD_SWISH, false}, 13, 29, 3, RESIDUAL});
    check(&(layer_case){{200, 200, 5, 1, 4, 2, 200, SG_RELU, false}, 17, 31, 16, IN_PLACE});
    check(&(layer_case){{45, 45, 3, 1, 40, 40, 45, SG_SIGMOID, false}, 9, 7, 1, NO_RESIDUAL});
    check(&(layer_case){{300, 300, 3, 1, 1, 1, 300, SG_RELU, false}, 4, 300, 0, NO_RESIDUAL});
}

/* Groups that share vectors, that fill them and that need several; several bands. */
static void test_grouped(void **state)
{
    (void)state;
    check(&(layer_case){{128, 128, 3, 1, 1, 1, 32, SG_RELU, false}, 9, 29, 0, NO_RESIDUAL});
    check(&(layer_case){{72, 72, 3, 2, 1, 1, 9, SG_RELU, false}, 13, 28, 3, RESIDUAL});
    check(&(layer_case){{128, 128, 3, 1, 2, 2, 8, SG_HARD_SWISH, false}, 11, 17, 16, IN_PLACE});
    check(&(layer_case){{128, 128, 3, 1, 4, 4, 4, SG_RELU, false}, 7, 19, 0, NO_RESIDUAL});
    check(&(layer_case){{512, 512, 3, 1, 1, 1, 64, SG_RELU, false}, 3, 200, 0, NO_RESIDUAL});
    check(&(layer_case){{30, 66, 5, 1, 2, 1, 3, SG_SIGMOID, false}, 6, 7, 1, RESIDUAL});
}

/* Halves of everything: no odd pixel, one left over, nothing but one; sums in several parts,
 * several chunks; every kind of residual. */
static void test_halved(void **state)
{
    (void)state;
    check(&(layer_case){{256, 256, 1, 1, 0, 1, 1, SG_RELU, false}, 4, 6, 0, NO_RESIDUAL});
    check(&(layer_case){{288, 320, 1, 1, 0, 1, 1, SG_RELU, false}, 5, 7, 3, RESIDUAL});
    check(&(layer_case){{256, 576, 1, 1, 0, 1, 1, SG_RELU, false}, 7, 15, 16, IN_PLACE});
    check(&(layer_case){{1056, 256, 1, 1, 0, 1, 1, SG_IDENTITY, false}, 5, 7, 16, NO_RESIDUAL});
    check(&(layer_case){{320, 256, 1, 1, 0, 1, 1, SG_RELU, false}, 1, 1, 0, NO_RESIDUAL});
    check(&(layer_case){{256, 320, 1, 1, 0, 1, 1, SG_RELU, false},
                        17,
                        19,
                        16,
                        IN_PLACE}); /* by the chosen engine, too */
}

/* Halves of halves: groups of four pixels, one, two or three left over, or no more than these. */
static void test_halved_twice(void **state)
{
    (void)state;
    for (int32_t width = 1; width <= 9; width++)
        check(&(layer_case){
            {256, 256, 1, 1, 0, 1, 1, width % 2 == 0, false}, 1, width, 3, width % 3});
    check(&(layer_case){{320, 384, 1, 1, 0, 1, 1, SG_RELU, false}, 17, 19, 16, IN_PLACE});
    check(&(layer_case){{512, 256, 1, 1, 0, 1, 1, SG_RELU, false}, 25, 31, 16, RESIDUAL});
    if (!brief) /* by the chosen engine, too */
        check(&(layer_case){{256, 256, 1, 1, 0, 1, 1, SG_RELU, false}, 43, 50, 0, IN_PLACE});
}

/* Centres of spatial convolutions, where the other taps see a part of the map or nothing of it. */
static void test_halved_centre(void **state)
{
    (void)state;
    check(&(layer_case){{256, 256, 3, 1, 12, 12, 1, SG_RELU, false}, 9, 11, 0, NO_RESIDUAL});
    if (brief)
        return;
    check(&(layer_case){{288, 256, 5, 1, 8, 4, 1, SG_RELU, false}, 7, 9, 1, RESIDUAL});
    check(&(layer_case){{256, 320, 3, 1, 18, 18, 1, SG_RELU, false},
                        18,
                        15,
                        3,
                        RESIDUAL}); /* by the chosen engine */
    check(&(layer_case){{256, 256, 3, 1, 12, 12, 1, SG_IDENTITY, false}, 13, 16, 16, IN_PLACE});
}

/* Weights whose sums may not be finite are not summed. */
static void test_not_halved(void **state)
{
    static const float largest[] = {1, 2.1e37f, 2.2e37f, -3e38f}; /* FLT_MAX / 16 is 2.13e37 */
    (void)state;
    if (sg_cpu_detect() == SG_CPU_REF)
        skip();
    const sg_allocator allocator = {0};
    segent_context *context = context_for(sg_cpu_detect(), 2);
    layer l = layer_make(
        &(layer_case){{256, 256, 1, 1, 0, 1, 1, SG_RELU, false}, 2, 2, 0, NO_RESIDUAL}, 1);
    l.packing.scale = NULL;
    sg_packed packed;
    for (int32_t i = 0; i < 4; i++) {
        l.weights[77 * 256 + 5] = largest[i];
        test_assert_ok(context, sg_packed_create(context, &l.what.shape, &l.packing, &packed));
        assert_true(sg_strassen_suits(&packed, &l.what.shape, 1) == (i < 2));
        sg_packed_destroy(&allocator, &packed);
    }
    layer_free(&l);
    segent_context_destroy(context);
}

/* Inputs that products are not paired for, or that are unlike others: nothing but zeros, one number
 * everywhere, a mean far from zero, large and small ones, one pixel like no other (which the
 * samples of 1x1 convolutions see or miss; missed, it is as far off as it is larger). */
static void test_odd_inputs(void **state)
{
    static const sg_convolution_shape shapes[] = {{256, 256, 1, 1, 0, 1, 1, SG_IDENTITY, false},
                                                  {96, 64, 3, 1, 1, 1, 1, SG_IDENTITY, false}};
    enum { ZERO, CONSTANT, FAR, LARGE, SMALL, SEEN, MISSED, KINDS };
    (void)state;
    for (int32_t kind = 0; kind < 2 * KINDS; kind++) {
        layer l = layer_make(&(layer_case){shapes[kind / KINDS], 17, 19, 0, NO_RESIDUAL}, 3);
        for (int64_t i = 0; i < sg_tensor_pixels(&l.input) * l.input.channels; i++) {
            float *x = sg_tensor_f32(&l.input, 0) + i;
            switch (kind % KINDS) {
            case ZERO:
                *x = 0;
                break;
            case CONSTANT:
                *x = 3;
                break;
            case FAR:
                *x += 5;
                break;
            case LARGE:
                *x *= 1e16f;
                break;
            case SMALL:
                *x *= 1e-20f;
                break;
            default:
                *x *= i / l.input.channels == (kind % KINDS == SEEN ? 100 : 101) ? 1e2f : 1;
            }
        }
        layer_truth(&l);
        const uint32_t cpu = sg_cpu_detect();
        for (int32_t pairs = 0; pairs < 2; pairs++) {
            pairs_products = pairs > 0;
            segent_context *context = context_for(cpu, 2);
            run_chosen(context, &l, SEGENT_ENGINE_FAST);
            check_error(context, &l, "odd inputs",
                        kind % KINDS == MISSED ? 16 * paired_bound : 4 * paired_bound);
            segent_context_destroy(context);
        }
        pairs_products = false;
        layer_free(&l);
    }
}

/* A map that is nearly flat but for 8 x 8 pixels, which the samples of tiles miss: each row and
 * each column, or each pixel, is off its channel's level by as much as `roughness` of it. */
static void make_flat(layer *l, float roughness, bool by_pixel)
{
    enum { FIRST = 30, SIDE = 8, LONGEST = 128 };
    uint64_t seed = 5;
    float rows[LONGEST], columns[LONGEST];
    assert_true(l->input.height <= LONGEST && l->input.width <= LONGEST);
    for (int32_t i = 0; i < LONGEST; i++) {
        rows[i] = 1 + roughness * test_random_uniform(&seed, -1, 1);
        columns[i] = 1 + roughness * test_random_uniform(&seed, -1, 1);
    }
    for (int32_t y = 0; y < l->input.height; y++) {
        for (int32_t x = 0; x < l->input.width; x++) {
            const bool object = y >= FIRST && y < FIRST + SIDE && x >= FIRST && x < FIRST + SIDE;
            const float own = 1 + roughness * test_random_uniform(&seed, -1, 1);
            float *pixel = sg_tensor_f32(&l->input, (int64_t)y * l->input.width + x);
            for (int32_t c = 0; c < l->input.channels && !object; c++)
                pixel[c] = (float)(c % 7 + 1) * 0.2f * (by_pixel ? own : rows[y] * columns[x]);
        }
    }
}

static void check_flat(const layer_case *what, float roughness, bool by_pixel)
{
    layer l = layer_make(what, 3);
    make_flat(&l, roughness, by_pixel);
    layer_truth(&l);
    for (int32_t pairs = 0; pairs < 2; pairs++) {
        pairs_products = pairs > 0;
        check_chosen(sg_cpu_detect(), &l);
    }
    pairs_products = false;
    layer_free(&l);
}

/* Paired products of inputs whose size the samples do not tell, or that no scale of rows and
 * columns suits: those of a picture with a plain background, or of one colour. */
static void test_flat_inputs(void **state)
{
    static const float roughness[] = {0, 1e-7f, 1e-5f, 1e-3f, 1e-1f};
    static const layer_case background = {
        {48, 32, 3, 1, 1, 1, 1, SG_IDENTITY, false}, 80, 107, 0, NO_RESIDUAL};
    static const layer_case one_colour = {
        {24, 24, 3, 1, 1, 1, 1, SG_IDENTITY, false}, 17, 17, 0, NO_RESIDUAL};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof(roughness) / sizeof(roughness[0]); i++) {
        if (!brief)
            check_flat(&background, roughness[i / 2], i % 2 == 1);
        check_flat(&one_colour, roughness[i / 2], i % 2 == 1);
    }
}

/* What direct convolution meets beside squares of odd kernels in the middle of their padding. */
static void test_shapes(void **state)
{
    (void)state;
    check(&(layer_case){{20, 24, 3, 2, 1, 1, 1, SG_RELU, false}, 15, 14, 0, NO_RESIDUAL});
    check(&(layer_case){{20, 24, 3, 2, 1, 1, 1, SG_RELU, false}, 8, 9, 4, IN_PLACE});
    check(&(layer_case){{12, 10, 5, 1, 4, 2, 1, SG_RELU, false}, 13, 6, 0, RESIDUAL});
    check(&(layer_case){{12, 10, 2, 1, 0, 1, 1, SG_RELU, false}, 7, 8, 0, NO_RESIDUAL});
    check(&(layer_case){{12, 10, 4, 2, 1, 1, 1, SG_IDENTITY, false}, 17, 8, 0, RESIDUAL});
    check(&(layer_case){{12, 10, 4, 3, 0, 2, 1, SG_IDENTITY, false}, 17, 18, 0, IN_PLACE});
    check(&(layer_case){
        {12, 10, 3, 1, 5, 2, 1, SG_RELU, false}, 7, 8, 0, NO_RESIDUAL}); /* no centre */
    check(&(layer_case){{520, 34, 3, 1, 1, 1, 1, SG_RELU, false}, 5, 6, 16, RESIDUAL});
}

static void test_dilated(void **state)
{
    static const int32_t sides[][2] = {{1, 1}, {2, 9}, {5, 5}, {16, 3}, {12, 13}, {23, 31}};
    static const int32_t dilations[] = {1, 2, 3, 4, 12, 36};
    (void)state;
    for (size_t s = 0; s < sizeof(sides) / sizeof(sides[0]); s++) {
        for (size_t d = 0; d < sizeof(dilations) / sizeof(dilations[0]); d++) {
            const int32_t dilation = dilations[d];
            const int32_t inputs = 9 + 4 * (int32_t)d + (int32_t)s, outputs = 11 + 8 * (int32_t)s;
            check(&(layer_case){
                {inputs, outputs, 3, 1, dilation, dilation, 1, (s + d) % 2 == 0, false},
                sides[s][0],
                sides[s][1],
                (int32_t)(s * d) % 5,
                (int)(s + d) % 3});
        }
    }
}

/* Sub-grids of 2 and 3, 3 and 4 pixels a side, of which some share the longer ones' weights and
 * some are worth weights of their own: one pass to four. */
static void test_short_sides(void **state)
{
    static const int32_t sides[][2] = {{28, 28}, {80, 107}, {13, 35}, {35, 13}, {71, 40}, {47, 37}};
    static const int32_t dilations[] = {12, 36};
    (void)state;
    for (size_t s = 0; s < sizeof(sides) / sizeof(sides[0]); s++) {
        for (size_t d = 0; d < sizeof(dilations) / sizeof(dilations[0]); d++) {
            const int32_t dilation = dilations[d];
            check(&(layer_case){{16, 8, 3, 1, dilation, dilation, 1, SG_RELU, false},
                                sides[s][0],
                                sides[s][1],
                                (int32_t)s,
                                (int)(s + d) % 3});
        }
    }
}

/* More than one block of tiles, whole panels, many channels. */
static void test_wide(void **state)
{
    (void)state;
    check(&(layer_case){{64, 64, 3, 1, 2, 2, 1, SG_RELU, false}, 50, 37, 0, NO_RESIDUAL});
    check(&(layer_case){{256, 160, 3, 1, 1, 1, 1, SG_RELU, false}, 13, 22, 16, RESIDUAL});
    /* Sums over two blocks of channels of several kinds of tiles, blocks of each. */
    check(&(layer_case){{528, 40, 3, 1, 5, 5, 1, SG_RELU, false}, 31, 28, 16, IN_PLACE});
}

/* Sums of several products, transformed weights that fit no cache. */
static void test_deep(void **state)
{
    (void)state;
    check(&(layer_case){{8200, 32, 3, 1, 12, 12, 1, SG_RELU, false}, 13, 25, 16, RESIDUAL});
    check(&(layer_case){{1040, 256, 3, 1, 3, 3, 1, SG_IDENTITY, false}, 13, 10, 0, NO_RESIDUAL});
}

static void check_choice(uint32_t cpu, const sg_convolution_shape *shape, segent_engine engine,
                         const char *expected)
{
    segent_context *context = context_for(cpu, 2);
    sg_convolution *convolution;
    layer l = layer_make(&(layer_case){*shape, 1, 1, 0, NO_RESIDUAL}, 1);
    test_assert_ok(context, sg_convolution_create(context, shape, &l.packing, &convolution));
    sg_convolution_way way;
    sg_convolution_choose(context, convolution, engine, 80, 107, INT64_MAX, &way);
    assert_string_equal(way.algorithm, expected);
    sg_convolution_destroy(convolution);
    layer_free(&l);
    segent_context_destroy(context);
}

/* The same algorithm on any number of threads, or results would depend on it. */
static void test_same_choice(void **state)
{
    static const sg_convolution_shape shapes[] = {{128, 128, 3, 1, 1, 1, 1, SG_RELU, false},
                                                  {256, 256, 3, 1, 2, 2, 1, SG_RELU, false},
                                                  {512, 512, 3, 1, 4, 4, 1, SG_RELU, false},
                                                  {1024, 128, 3, 1, 12, 12, 1, SG_RELU, false},
                                                  {256, 256, 1, 1, 0, 1, 1, SG_RELU, false}};
    static const int32_t sizes[] = {17, 32, 33, 40, 64, 107, 256};
    (void)state;
    for (size_t s = 0; s < sizeof(shapes) / sizeof(shapes[0]); s++) {
        layer l = layer_make(&(layer_case){shapes[s], 1, 1, 0, NO_RESIDUAL}, 1);
        const char *found[2][sizeof(sizes) / sizeof(sizes[0])];
        for (int32_t threads = 1; threads <= (brief ? 2 : 64); threads *= 2) {
            segent_context *context = context_for(sg_cpu_detect(), threads);
            sg_convolution *convolution;
            test_assert_ok(context,
                           sg_convolution_create(context, &shapes[s], &l.packing, &convolution));
            for (size_t i = 0; i < 2 * sizeof(sizes) / sizeof(sizes[0]); i++) {
                sg_convolution_way way;
                sg_convolution_choose(context, convolution,
                                      i % 2 ? SEGENT_ENGINE_SMALL : SEGENT_ENGINE_FAST,
                                      sizes[i / 2], sizes[i / 2] + 1, INT64_MAX, &way);
                if (threads == 1)
                    found[i % 2][i / 2] = way.algorithm;
                assert_string_equal(way.algorithm, found[i % 2][i / 2]);
            }
            sg_convolution_destroy(convolution);
            segent_context_destroy(context);
        }
        layer_free(&l);
    }
}

/* What is taken for the layers of the network. */
static void test_choice(void **state)
{
    static const sg_convolution_shape dilated = {64, 64, 3, 1, 2, 2, 1, SG_RELU, false};
    static const sg_convolution_shape pyramid = {128, 64, 3, 1, 12, 12, 1, SG_RELU, false};
    static const sg_convolution_shape strided = {64, 64, 3, 2, 1, 1, 1, SG_RELU, false};
    static const sg_convolution_shape pointwise = {64, 64, 1, 1, 0, 1, 1, SG_RELU, false};
    static const sg_convolution_shape wide = {512, 1024, 1, 1, 0, 1, 1, SG_RELU, false};
    static const sg_convolution_shape uneven = {288, 320, 1, 1, 0, 1, 1, SG_RELU, false};
    (void)state;
    check_choice(SG_CPU_REF, &dilated, SEGENT_ENGINE_FAST, sg_gemm_name());
    if (sg_cpu_detect() == SG_CPU_REF)
        skip();
    sg_product_kernels kernels;
    sg_product_kernels_init(&kernels, sg_cpu_detect());
    const int32_t least = sg_costs_of(&kernels)->twice_channels;
    const bool twice = least > 0 && least <= wide.inputs;
    check_choice(sg_cpu_detect(), &dilated, SEGENT_ENGINE_FAST, "F(4x6,3x3)");
    check_choice(sg_cpu_detect(), &dilated, SEGENT_ENGINE_EXACT, "direct");
    check_choice(sg_cpu_detect(), &pyramid, SEGENT_ENGINE_FAST, "F(mixed,3x3)");
    check_choice(sg_cpu_detect(), &strided, SEGENT_ENGINE_FAST, "direct");
    check_choice(sg_cpu_detect(), &pointwise, SEGENT_ENGINE_FAST, "direct");
    check_choice(sg_cpu_detect(), &wide, SEGENT_ENGINE_FAST, twice ? "Strassen^2" : "Strassen");
    check_choice(sg_cpu_detect(), &uneven, SEGENT_ENGINE_FAST, "Strassen");
    check_choice(sg_cpu_detect(), &wide, SEGENT_ENGINE_EXACT, "direct");
    check_choice(sg_cpu_detect(), &wide, SEGENT_ENGINE_SMALL, twice ? "Strassen^2" : "Strassen");
}

/* With an argument: what takes longer. With SEGENT_TEST_BRIEF in the environment: less. */
int main(int argc, char **argv)
{
    (void)argv;
    brief = getenv("SEGENT_TEST_BRIEF") != NULL;
    const struct CMUnitTest longer[] = {cmocka_unit_test(test_deep)};
    if (argc > 1)
        return cmocka_run_group_tests_name("deep", longer, NULL, NULL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pointwise),     cmocka_unit_test(test_activations),
        cmocka_unit_test(test_depthwise),     cmocka_unit_test(test_grouped),
        cmocka_unit_test(test_first_layers),  cmocka_unit_test(test_stem_bits),
        cmocka_unit_test(test_halved),        cmocka_unit_test(test_not_halved),
        cmocka_unit_test(test_halved_centre), cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_dilated),       cmocka_unit_test(test_short_sides),
        cmocka_unit_test(test_choice),        cmocka_unit_test(test_same_choice),
        cmocka_unit_test(test_flat_inputs)};
    /* The same instructions as above, with wider layers. */
    const struct CMUnitTest wider[] = {cmocka_unit_test(test_wide),
                                       cmocka_unit_test(test_halved_twice),
                                       cmocka_unit_test(test_odd_inputs)};
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return brief ? failed : failed + cmocka_run_group_tests_name("wider", wider, NULL, NULL);
}
