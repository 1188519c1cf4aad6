/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The matrix product and convolutions against naive loops in double. */

#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nn/convolution.h"
#include "nn/gemm.h"
#include "nn/way.h"

/* Maps of shapes whose types are not written down are SG_F32. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

static float *random_values(uint64_t *seed, size_t count)
{
    float *values = malloc((count + 1) * sizeof(float));
    assert_non_null(values);
    for (size_t i = 0; i < count; i++)
        values[i] = test_random_uniform(seed, -1.0f, 1.0f);
    return values;
}

/* |found - wanted| within rounding of a float32 sum of `terms` products below 1, in whatever order
 * the BLAS adds them: every addition rounds in proportion to the sum so far. */
static void check_close(float found, double wanted, double terms, const char *what)
{
    if (!(fabs((double)found - wanted) <= 1e-6 * sqrt(terms) * fmax(1.0, fabs(wanted)) + 1e-6))
        fail_msg("%s: %.9g, expected %.9g", what, (double)found, wanted);
}

/* ==== Matrix product ==== */

typedef void (*product_fn)(sg_pool *pool, int64_t m, int64_t n, int64_t k, const float *a,
                           int64_t lda, const float *b, int64_t ldb, float *c, int64_t ldc,
                           bool accumulate);

/* That of the system's BLAS if there is one, and the plain one. */
static const product_fn products[] = {sg_gemm, sg_gemm_plain};
enum { PRODUCTS = sizeof(products) / sizeof(products[0]) };

static sg_pool *make_pool(int32_t threads)
{
    static const sg_allocator allocator = {NULL, NULL, NULL};
    sg_pool *pool = sg_pool_create(&allocator, threads);
    assert_non_null(pool);
    return pool;
}

static void check_product(product_fn product, sg_pool *pool, int64_t m, int64_t n, int64_t k,
                          int64_t pad, bool accumulate)
{
    uint64_t seed = (uint64_t)(m * 1000003 + n * 1009 + k + pad);
    const int64_t lda = k + pad, ldb = n + 2 * pad, ldc = n + pad;
    float *a = random_values(&seed, (size_t)(m * lda)),
          *b = random_values(&seed, (size_t)(k * ldb));
    float *c = random_values(&seed, (size_t)(m * ldc)), *before = malloc((size_t)(m * ldc + 1) * 4);
    memcpy(before, c, (size_t)(m * ldc) * sizeof(float));
    product(pool, m, n, k, a, lda, b, ldb, c, ldc, accumulate);
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < ldc; j++) {
            double sum = accumulate || j >= n ? before[i * ldc + j] : 0.0;
            for (int64_t l = 0; j < n && l < k; l++)
                sum += (double)a[i * lda + l] * b[l * ldb + j];
            check_close(c[i * ldc + j], sum, (double)k, "product");
        }
    }
    free(a);
    free(b);
    free(c);
    free(before);
}

static void test_product(void **state)
{
    static const int64_t sizes[][3] = {{1, 1, 1},    {1, 5, 3},      {7, 1, 9},
                                       {3, 4, 5},    {17, 8, 1},     {33, 21, 7},
                                       {64, 48, 32}, {65, 129, 200}, {130, 9, 513}};
    sg_pool *pool = make_pool(2);
    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (int way = 0; way < 4 * PRODUCTS; way++)
            check_product(products[way / 4], pool, sizes[i][0], sizes[i][1], sizes[i][2],
                          way & 1 ? 3 : 0, (way & 2) != 0);
    }
    sg_pool_destroy(pool);
}

/* The plain product on one thread and on three, to the bit. */
static void test_plain_threads(void **state)
{
    enum { M = 333, N = 70, K = 600 };
    uint64_t seed = 5;
    float *a = random_values(&seed, M * K), *b = random_values(&seed, K * N);
    float *c[2];
    (void)state;
    for (int32_t i = 0; i < 2; i++) {
        sg_pool *pool = make_pool(1 + 2 * i);
        c[i] = malloc(M * N * sizeof(float));
        assert_non_null(c[i]);
        sg_gemm_plain(pool, M, N, K, a, K, b, N, c[i], N, false);
        sg_pool_destroy(pool);
    }
    assert_memory_equal(c[0], c[1], M * N * sizeof(float));
    free(a);
    free(b);
    free(c[0]);
    free(c[1]);
}

/* More rows than one call of BLAS is given. */
static void test_many_rows(void **state)
{
    (void)state;
    const int64_t m = (1 << 20) + 3;
    float *a = malloc((size_t)m * sizeof(float)), *c = malloc((size_t)m * sizeof(float));
    const float b = 2.0f;
    assert_non_null(a);
    assert_non_null(c);
    for (int64_t i = 0; i < m; i++)
        a[i] = (float)(i % 1000);
    sg_pool *pool = make_pool(1);
    for (int way = 0; way < PRODUCTS; way++) {
        products[way](pool, m, 1, 1, a, 1, &b, 1, c, 1, false);
        for (int64_t i = 0; i < m; i++)
            assert_true(c[i] == 2.0f * (float)(i % 1000));
    }
    sg_pool_destroy(pool);
    free(a);
    free(c);
}

static void test_description(void **state)
{
    (void)state;
    assert_non_null(strstr(sg_gemm_describe(false), "none is needed"));
    const bool plain = strcmp(sg_gemm_name(), "plain") == 0;
    assert_true(plain || strcmp(sg_gemm_name(), "blas") == 0);
    assert_int_equal(strncmp(sg_gemm_describe(true), "plain C: ", 9) == 0, plain);
    assert_true(strlen(sg_gemm_describe(true)) > 3);
}

/* ==== Convolution ==== */

/* Where the residual of a case lies. */
enum residual { NO_RESIDUAL, SEPARATE, IN_PLACE };

typedef struct convolution_case {
    sg_convolution_shape shape;
    int32_t height, width;
    int32_t input_pad, output_pad; /* pixel stride beyond the channels */
    enum residual residual;
    bool scaled, other_bias;
} convolution_case;

/* Everything one case needs. */
typedef struct fixture {
    segent_context *context;
    sg_convolution *convolution;
    sg_convolution_call call;
    sg_convolution_way way;
    sg_tensor residual;
    float *weights, *input, *output, *before, *separate, *bias, *input_scale, *workspace;
    double *scale, *shift;
    size_t output_count;
} fixture;

static fixture set_up_for(const convolution_case *c, int32_t threads, uint32_t cpu,
                          segent_engine engine)
{
    uint64_t seed = 5;
    fixture f = {0};
    segent_options options = segent_options_init();
    options.threads = threads;
    options.cpu = cpu;
    assert_int_equal(segent_context_create(&options, &f.context), SEGENT_OK);
    const size_t outputs = (size_t)c->shape.outputs;
    const int64_t taps = c->shape.kernel * c->shape.kernel;
    f.weights = random_values(&seed, outputs * (size_t)(c->shape.inputs / c->shape.groups * taps));
    f.bias = random_values(&seed, outputs);
    f.input_scale = random_values(&seed, (size_t)c->shape.inputs);
    f.scale = malloc(outputs * sizeof(double));
    f.shift = malloc(outputs * sizeof(double));
    for (size_t o = 0; o < outputs; o++) {
        f.scale[o] = test_random_uniform(&seed, -2.0f, 2.0f);
        f.shift[o] = test_random_uniform(&seed, -1.0f, 1.0f);
    }
    const sg_convolution_weights weights = {f.weights, 0, c->scaled ? f.scale : NULL,
                                            c->scaled ? f.shift : NULL, NULL};
    test_assert_ok(f.context,
                   sg_convolution_create(f.context, &c->shape, &weights, &f.convolution));

    sg_tensor *input = &f.call.input, *output = &f.call.output;
    *input = (sg_tensor){
        NULL, SG_F32, c->height, c->width, c->shape.inputs, c->shape.inputs + c->input_pad, 0};
    *output = (sg_tensor){NULL,
                          SG_F32,
                          (int32_t)sg_convolution_output_size(f.convolution, c->height),
                          (int32_t)sg_convolution_output_size(f.convolution, c->width),
                          c->shape.outputs,
                          c->shape.outputs + c->output_pad,
                          0};
    f.output_count = (size_t)(sg_tensor_pixels(output) * output->pixel_stride);
    input->data = f.input =
        random_values(&seed, (size_t)(sg_tensor_pixels(input) * input->pixel_stride));
    output->data = f.output = random_values(&seed, f.output_count);
    f.separate = random_values(&seed, f.output_count);
    f.before = malloc((f.output_count + 1) * sizeof(float));
    memcpy(f.before, f.output, f.output_count * sizeof(float));
    f.residual = *output;
    if (c->residual == SEPARATE)
        f.residual.data = f.separate;
    f.call.bias = c->other_bias ? f.bias : NULL;
    f.call.input_scale = c->shape.scaled ? f.input_scale : NULL;
    sg_convolution_choose(f.context, f.convolution, engine, c->height, c->width, INT64_MAX, &f.way);
    f.workspace = malloc((size_t)f.way.workspace + 1);
    f.call.workspace = f.workspace;
    return f;
}

/* The other engines round more: tests/engine. */
static fixture set_up(const convolution_case *c, int32_t threads)
{
    return set_up_for(c, threads, 0, SEGENT_ENGINE_EXACT);
}

static void tear_down(fixture *f)
{
    sg_convolution_destroy(f->convolution);
    segent_context_destroy(f->context);
    free(f->weights);
    free(f->input);
    free(f->output);
    free(f->before);
    free(f->separate);
    free(f->bias);
    free(f->input_scale);
    free(f->workspace);
    free(f->scale);
    free(f->shift);
}

static void run(fixture *f, const convolution_case *c)
{
    f->call.residual = c->residual == NO_RESIDUAL ? NULL : &f->residual;
    sg_convolution_run(f->context, f->convolution, &f->way, &f->call);
}

/* Output channel o of pixel (y, x), from the definition. */
static double expected(const fixture *f, const convolution_case *c, int64_t y, int64_t x, int64_t o)
{
    const sg_convolution_shape *s = &c->shape;
    const sg_tensor *input = &f->call.input, *output = &f->call.output;
    const int64_t inputs = s->inputs / s->groups; /* that the output depends on, from there on */
    const int64_t first = o / (s->outputs / s->groups) * inputs;
    double sum = 0.0;
    for (int64_t i = 0; i < inputs; i++) {
        for (int64_t ky = 0; ky < s->kernel; ky++) {
            for (int64_t kx = 0; kx < s->kernel; kx++) {
                const int64_t row = y * s->stride - s->padding + ky * s->dilation;
                const int64_t column = x * s->stride - s->padding + kx * s->dilation;
                if (row >= 0 && row < c->height && column >= 0 && column < c->width)
                    sum += (f->call.input_scale ? (double)f->call.input_scale[first + i] : 1.0) *
                           (double)sg_tensor_f32(input, row * c->width + column)[first + i] *
                           f->weights[((o * inputs + i) * s->kernel + ky) * s->kernel + kx];
            }
        }
    }
    const int64_t place = (y * output->width + x) * output->pixel_stride + o;
    sum = sum * (c->scaled ? f->scale[o] : 1.0) + (c->other_bias ? f->bias[o]
                                                   : c->scaled   ? f->shift[o]
                                                                 : 0.0);
    if (c->residual != NO_RESIDUAL)
        sum += c->residual == SEPARATE ? f->separate[place] : f->before[place];
    return (double)sg_activate(s->activation, (float)sum);
}

/* Runs, compares and frees it. */
static void check_outputs(fixture f, const convolution_case *c)
{
    run(&f, c);
    const sg_tensor *output = &f.call.output;
    const double terms =
        4.0 * c->shape.kernel * c->shape.kernel * (c->shape.inputs / c->shape.groups);
    for (int64_t p = 0; p < sg_tensor_pixels(output); p++) {
        for (int64_t o = 0; o < output->pixel_stride; o++) {
            const size_t place = (size_t)(p * output->pixel_stride + o);
            if (o < output->channels)
                check_close(f.output[place],
                            expected(&f, c, p / output->width, p % output->width, o), terms,
                            "convolution");
            else if (f.output[place] != f.before[place])
                fail_msg("a channel beyond the output was written");
        }
    }
    tear_down(&f);
}

static void test_kinds(void **state)
{
    static const convolution_case cases[] = {
        /* inputs, outputs, kernel, stride, padding, dilation, activation; height, width; pads */
        {{3, 8, 7, 2, 3, 1, 1, SG_RELU, false}, 11, 14, 0, 0, NO_RESIDUAL, true, false},
        {{5, 7, 1, 1, 0, 1, 1, SG_RELU, false}, 6, 9, 0, 0, NO_RESIDUAL, true, false},
        {{5, 7, 1, 1, 0, 1, 1, SG_IDENTITY, false}, 6, 9, 3, 2, NO_RESIDUAL, false, false},
        {{5, 7, 1, 1, 0, 1, 1, SG_HARD_SIGMOID, false}, 6, 9, 0, 2, NO_RESIDUAL, true, false},
        {{4, 6, 3, 1, 1, 1, 1, SG_HARD_SWISH, false}, 8, 5, 2, 5, SEPARATE, true, false},
        {{5, 7, 1, 1, 0, 1, 1, SG_SIGMOID, false}, 1, 1, 0, 0, NO_RESIDUAL, false, false},
        {{6, 4, 1, 1, 0, 1, 1, SG_RELU, false}, 5, 5, 1, 3, SEPARATE, true, false},
        {{6, 4, 1, 1, 0, 1, 1, SG_RELU, false}, 5, 5, 0, 3, IN_PLACE, true, false},
        {{6, 9, 1, 2, 0, 1, 1, SG_IDENTITY, false}, 7, 10, 2, 1, NO_RESIDUAL, true, false},
        {{4, 6, 3, 1, 1, 1, 1, SG_RELU, false}, 8, 5, 2, 5, SEPARATE, true, false},
        {{4, 6, 3, 1, 2, 2, 1, SG_IDENTITY, false}, 9, 13, 0, 1, IN_PLACE, true, false},
        {{4, 6, 3, 2, 1, 1, 1, SG_RELU, false}, 9, 6, 0, 0, NO_RESIDUAL, true, false},
        {{3, 2, 3, 1, 12, 12, 1, SG_RELU, false}, 13, 17, 0, 4, NO_RESIDUAL, true, true},
        {{3, 2, 3, 1, 36, 36, 1, SG_IDENTITY, false}, 5, 40, 0, 0, NO_RESIDUAL, false, true},
        {{2, 3, 3, 1, 1, 1, 1, SG_RELU, false}, 1, 1, 0, 0, SEPARATE, true, true},
        {{2, 3, 3, 2, 0, 1, 1, SG_RELU, false}, 3, 5, 0, 0, NO_RESIDUAL, true, false},
        {{1, 1, 2, 1, 0, 3, 1, SG_IDENTITY, false}, 4, 8, 0, 0, NO_RESIDUAL, false, false},
        /* several groups of taps, and several blocks of pixels */
        {{700, 3, 3, 1, 2, 2, 1, SG_RELU, false}, 6, 5, 4, 1, IN_PLACE, true, false},
        {{600, 2, 3, 1, 1, 1, 1, SG_RELU, false}, 25, 24, 0, 0, SEPARATE, true, false},
        {{2, 20000, 1, 1, 0, 1, 1, SG_RELU, false}, 9, 15, 0, 0, NO_RESIDUAL, true, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_outputs(set_up(&cases[i], 2), &cases[i]);
}

/* What convolutions in groups go through: kernels of their own where every channel is one, which
 * plain C has too, or where a fourth of a vector is filled; and the matrices in memory. */
static const char *algorithm_of(const sg_product_kernels *kernels, const sg_convolution_shape *s)
{
    if (s->groups == s->inputs && s->groups == s->outputs)
        return "depthwise";
    return kernels->fast && s->outputs / s->groups * 4 >= kernels->lanes ? "grouped"
                                                                         : sg_gemm_name();
}

/* On every instruction set of the processor, with every engine. */
static void test_groups(void **state)
{
    static const convolution_case cases[] = {
        {{12, 8, 3, 1, 1, 1, 1, SG_RELU, false}, 7, 9, 0, 0, NO_RESIDUAL, true, false},
        {{12, 8, 3, 1, 1, 1, 2, SG_RELU, false}, 7, 9, 0, 0, NO_RESIDUAL, true, false},
        {{12, 8, 3, 1, 1, 1, 4, SG_IDENTITY, false}, 7, 9, 3, 2, NO_RESIDUAL, true, true},
        {{12, 12, 3, 1, 1, 1, 12, SG_RELU, false}, 7, 9, 0, 0, NO_RESIDUAL, true, false},
        {{5, 15, 3, 1, 1, 1, 5, SG_IDENTITY, false}, 6, 5, 1, 4, SEPARATE, true, false},
        {{6, 4, 1, 1, 0, 1, 2, SG_RELU, false}, 5, 4, 0, 3, IN_PLACE, true, false},
        {{8, 8, 1, 2, 0, 1, 8, SG_IDENTITY, false}, 5, 6, 0, 0, NO_RESIDUAL, false, false},
        {{12, 8, 3, 2, 1, 1, 4, SG_RELU, false}, 9, 8, 2, 0, NO_RESIDUAL, true, false},
        {{12, 8, 3, 1, 1, 1, 4, SG_HARD_SWISH, false}, 9, 8, 2, 0, SEPARATE, true, false},
        {{12, 12, 5, 2, 2, 1, 12, SG_RELU, false}, 9, 8, 0, 1, SEPARATE, true, false},
        {{12, 8, 3, 1, 4, 4, 4, SG_RELU, false}, 11, 8, 0, 0, IN_PLACE, true, false},
        {{6, 6, 3, 2, 3, 3, 6, SG_IDENTITY, false}, 12, 13, 0, 0, NO_RESIDUAL, true, true},
        {{72, 72, 5, 2, 2, 1, 72, SG_RELU, false}, 29, 30, 0, 8, NO_RESIDUAL, true, false},
        {{120, 120, 5, 1, 4, 2, 120, SG_HARD_SWISH, false}, 11, 26, 8, 0, SEPARATE, true, false},
        {{128, 128, 3, 1, 1, 1, 32, SG_RELU, false}, 7, 13, 0, 0, NO_RESIDUAL, true, false},
        {{64, 64, 3, 2, 1, 1, 8, SG_RELU, false}, 9, 14, 0, 4, SEPARATE, true, false},
        {{64, 64, 3, 1, 2, 2, 4, SG_IDENTITY, false}, 6, 9, 4, 0, IN_PLACE, true, true},
        {{64, 64, 3, 1, 4, 4, 2, SG_HARD_SWISH, false}, 5, 9, 0, 0, NO_RESIDUAL, true, false},
        {{12, 60, 1, 1, 0, 1, 3, SG_RELU, false}, 5, 6, 0, 1, NO_RESIDUAL, true, false},
        {{41, 41, 3, 1, 20, 20, 41, SG_RELU, false}, 9, 12, 3, 1, IN_PLACE, true, true},
        {{700, 700, 3, 1, 1, 1, 700, SG_SIGMOID, false}, 3, 70, 4, 4, NO_RESIDUAL, true, false},
        /* several rounds of taps, and several blocks of pixels */
        {{1400, 4, 3, 1, 2, 2, 2, SG_RELU, false}, 6, 5, 4, 1, IN_PLACE, true, false},
        {{2, 20000, 1, 1, 0, 1, 2, SG_RELU, false}, 9, 15, 0, 0, NO_RESIDUAL, true, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (uint32_t cpu = SEGENT_CPU_REF; cpu <= SG_CPU_ALL; cpu <<= 1) {
            if (sg_cpu_detect() & cpu)
                check_outputs(set_up_for(&cases[i], 2, cpu, SEGENT_ENGINE_EXACT), &cases[i]);
        }
        for (segent_engine e = SEGENT_ENGINE_FAST; e <= SEGENT_ENGINE_SMALL; e++) {
            fixture f = set_up_for(&cases[i], 2, 0, e);
            if (cases[i].shape.groups > 1)
                assert_string_equal(f.way.algorithm,
                                    algorithm_of(&f.context->kernels.product, &cases[i].shape));
            if (cases[i].shape.groups > 1 || e == SEGENT_ENGINE_EXACT)
                check_outputs(f, &cases[i]);
            else
                tear_down(&f);
        }
    }
}

/* Factors of the inputs, on every instruction set, with every engine and with any number of
 * threads; and a call that gives none. */
static void test_input_scale(void **state)
{
    static const convolution_case cases[] = {
        {{5, 7, 1, 1, 0, 1, 1, SG_RELU, true}, 6, 9, 3, 2, NO_RESIDUAL, true, false},
        {{72, 40, 1, 1, 0, 1, 1, SG_IDENTITY, true}, 9, 7, 0, 0, IN_PLACE, true, false},
        {{600, 90, 1, 1, 0, 1, 1, SG_HARD_SWISH, true}, 5, 11, 0, 4, SEPARATE, true, true},
        {{6, 9, 1, 2, 0, 1, 1, SG_IDENTITY, true}, 7, 10, 2, 1, NO_RESIDUAL, true, false},
        {{6, 4, 1, 1, 2, 1, 1, SG_RELU, true}, 3, 2, 0, 1, NO_RESIDUAL, true, false},
        {{300, 40, 1, 1, 0, 1, 1, SG_RELU, true}, 13, 15, 0, 0, NO_RESIDUAL, true, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const convolution_case *c = &cases[i];
        for (uint32_t cpu = SEGENT_CPU_REF; cpu <= SG_CPU_ALL; cpu <<= 1) {
            for (segent_engine e = SEGENT_ENGINE_FAST; e <= SEGENT_ENGINE_SMALL; e++) {
                if (!(sg_cpu_detect() & cpu))
                    continue;
                fixture one = set_up_for(c, 1, cpu, e), three = set_up_for(c, 3, cpu, e);
                run(&one, c);
                run(&three, c);
                assert_memory_equal(one.output, three.output, one.output_count * sizeof(float));
                tear_down(&one);
                tear_down(&three);
                check_outputs(set_up_for(c, 2, cpu, e), c);
                fixture without = set_up_for(c, 2, cpu, e);
                without.call.input_scale = NULL;
                check_outputs(without, c);
            }
        }
    }
}

static void test_work_of_groups(void **state)
{
    static const float weights[2 * 4 * 9] = {0};
    const sg_convolution_shape shape = {8, 4, 3, 1, 1, 1, 4, SG_IDENTITY, false};
    const sg_convolution_weights source = {weights, 0, NULL, NULL, NULL};
    segent_context *context = test_context();
    sg_convolution *convolution = NULL;
    (void)state;
    assert_int_equal(sg_convolution_room(context, &shape),
                     (sizeof(weights) + 63) / 64 * 64 + 2 * 64);
    test_assert_ok(context, sg_convolution_create(context, &shape, &source, &convolution));
    assert_true(sg_convolution_work(convolution, 5, 7) == 5.0 * 7 * 9 * 2 * 4);
    sg_convolution_destroy(convolution);
    segent_context_destroy(context);
}

/* Only some inputs of a wider layer. */
static void test_slice_of_weights(void **state)
{
    (void)state;
    static const float weights[2 * 3] = {1, 2, 3, 4, 5, 6}; /* (2, 3, 1, 1) */
    static const float pixel[2] = {10, 100};
    float result[2];
    segent_context *context = test_context();
    sg_convolution *convolution = NULL;
    const sg_convolution_shape shape = {2, 2, 1, 1, 0, 1, 1, SG_IDENTITY, false};
    const sg_convolution_weights last = {weights + 1, 3, NULL, NULL, NULL};
    test_assert_ok(context, sg_convolution_create(context, &shape, &last, &convolution));
    sg_convolution_call call = {.input = {(float *)pixel, SG_F32, 1, 1, 2, 2, 0},
                                .output = {result, SG_F32, 1, 1, 2, 2, 0}};
    sg_convolution_way way;
    sg_convolution_choose(context, convolution, SEGENT_ENGINE_FAST, 1, 1, INT64_MAX, &way);
    float *workspace = malloc((size_t)way.workspace + 1);
    call.workspace = workspace;
    sg_convolution_run(context, convolution, &way, &call);
    free(workspace);
    assert_true(result[0] == 320.0f);
    assert_true(result[1] == 650.0f);
    sg_convolution_destroy(convolution);
    segent_context_destroy(context);
}

/* A NaN in the input must not be hidden by the ReLU. */
static void test_nan_stays(void **state)
{
    static const convolution_case c = {
        {1, 1, 1, 1, 0, 1, 1, SG_RELU, false}, 1, 3, 0, 0, NO_RESIDUAL, false, false};
    (void)state;
    fixture f = set_up(&c, 1);
    f.input[1] = NAN;
    run(&f, &c);
    assert_false(isnan(f.output[0]));
    assert_true(isnan(f.output[1]));
    assert_false(isnan(f.output[2]));
    tear_down(&f);
}

static void test_same_bits_for_any_threads(void **state)
{
    static const convolution_case cases[] = {
        {{40, 24, 3, 1, 2, 2, 1, SG_RELU, false}, 37, 41, 0, 8, SEPARATE, true, false},
        {{64, 32, 1, 1, 0, 1, 1, SG_RELU, false}, 37, 41, 0, 0, IN_PLACE, true, false},
        {{600, 600, 5, 1, 4, 2, 600, SG_HARD_SWISH, false}, 37, 41, 0, 8, SEPARATE, true, false},
        {{512, 512, 3, 1, 4, 4, 64, SG_RELU, false}, 19, 41, 0, 8, IN_PLACE, true, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fixture one = set_up(&cases[i], 1);
        run(&one, &cases[i]);
        for (int32_t threads = 2; threads <= 3; threads++) {
            fixture several = set_up(&cases[i], threads);
            run(&several, &cases[i]);
            assert_memory_equal(one.output, several.output, one.output_count * sizeof(float));
            tear_down(&several);
        }
        tear_down(&one);
    }
}

/* ==== Creation ==== */

static void test_refusals(void **state)
{
    static const sg_convolution_shape impossible[] = {
        {0, 1, 1, 1, 0, 1, 1, SG_IDENTITY, false},  {1, 0, 1, 1, 0, 1, 1, SG_IDENTITY, false},
        {1, 1, 0, 1, 0, 1, 1, SG_IDENTITY, false},  {1, 1, 1, 0, 0, 1, 1, SG_IDENTITY, false},
        {1, 1, 1, 1, -1, 1, 1, false, false},       {1, 1, 1, 1, 0, 0, 1, SG_IDENTITY, false},
        {1 << 21, 1, 1, 1, 0, 1, 1, false, false},  {1, 1 << 21, 1, 1, 0, 1, 1, false, false},
        {1, 1, 33, 1, 0, 1, 1, SG_IDENTITY, false}, {1, 1, 1, 1, 0, 1, 0, SG_IDENTITY, false},
        {6, 4, 1, 1, 0, 1, 4, SG_IDENTITY, false},  {4, 6, 1, 1, 0, 1, 4, SG_IDENTITY, false},
        {4, 4, 1, 1, 0, 1, -2, SG_IDENTITY, false}, {4, 4, 3, 1, 1, 1, 1, SG_IDENTITY, true},
        {4, 4, 1, 1, 0, 1, 2, SG_IDENTITY, true},
    };
    static const sg_convolution_shape shape = {1, 1, 1, 1, 0, 1, 1, SG_IDENTITY, false};
    const float one = 1.0f, infinite = INFINITY;
    const double huge = 1e300;
    const sg_convolution_weights good = {&one, 0, NULL, NULL, NULL},
                                 bad = {&infinite, 0, NULL, NULL, NULL},
                                 large = {&one, 0, &huge, NULL, NULL},
                                 shifted = {&one, 0, NULL, &huge, NULL};
    segent_context *context = test_context();
    sg_convolution *convolution = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++)
        test_assert_status(context,
                           sg_convolution_create(context, &impossible[i], &good, &convolution),
                           SEGENT_ERROR_MODEL);
    test_assert_status(context, sg_convolution_create(context, &shape, &bad, &convolution),
                       SEGENT_ERROR_MODEL);
    test_assert_error_contains(context, "not finite");
    test_assert_status(context, sg_convolution_create(context, &shape, &large, &convolution),
                       SEGENT_ERROR_MODEL);
    test_assert_status(context, sg_convolution_create(context, &shape, &shifted, &convolution),
                       SEGENT_ERROR_MODEL);
    assert_null(convolution);
    sg_convolution_destroy(NULL);
    segent_context_destroy(context);
}

static void test_sizes(void **state)
{
    static const float weights[9] = {0};
    static const sg_convolution_shape shape = {1, 1, 3, 2, 0, 2, 1, SG_IDENTITY, false};
    const sg_convolution_weights source = {weights, 0, NULL, NULL, NULL};
    segent_context *context = NULL;
    segent_options options = segent_options_init();
    sg_convolution *convolution = NULL;
    (void)state;
    options.cpu = SEGENT_CPU_REF; /* through BLAS, whose blocks the numbers below are about */
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    test_assert_ok(context, sg_convolution_create(context, &shape, &source, &convolution));
    assert_int_equal(sg_convolution_output_size(convolution, 4), 0);
    assert_int_equal(sg_convolution_output_size(convolution, 5), 1);
    assert_int_equal(sg_convolution_output_size(convolution, 7), 2);
    assert_true(sg_convolution_work(convolution, 5, 7) == 18.0);
    sg_convolution_way way;
    sg_convolution_choose(context, convolution, SEGENT_ENGINE_FAST, 5, 7, INT64_MAX, &way);
    assert_int_equal(way.workspace, 18 * sizeof(float));
    /* Bounded, however large the picture. */
    sg_convolution_choose(context, convolution, SEGENT_ENGINE_FAST, INT32_MAX, INT32_MAX, INT64_MAX,
                          &way);
    assert_true(way.workspace > 0 && way.workspace <= 8 << 20);
    assert_true(sg_convolution_output_size(convolution, INT32_MAX) ==
                ((int64_t)INT32_MAX - 5) / 2 + 1);
    sg_convolution_destroy(convolution);
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_product),        cmocka_unit_test(test_plain_threads),
        cmocka_unit_test(test_many_rows),      cmocka_unit_test(test_description),
        cmocka_unit_test(test_kinds),          cmocka_unit_test(test_slice_of_weights),
        cmocka_unit_test(test_nan_stays),      cmocka_unit_test(test_same_bits_for_any_threads),
        cmocka_unit_test(test_groups),         cmocka_unit_test(test_input_scale),
        cmocka_unit_test(test_work_of_groups), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
