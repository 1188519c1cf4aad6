/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* As matrix products: by the packed kernels (packed.h, strassen.h, winograd.h) where there are
 * some, else through gemm.h, which is what the rest of this comment and most of this file are
 * about. With M output pixels, N output channels and K = kernel * kernel * inputs, the weights are
 * packed once as B (K x N), k = tap * inputs + channel. A (M x K) is the input itself for 1x1
 * convolutions of stride 1; otherwise the patches of a bounded block of output pixels are gathered
 * into the workspace, for as many taps at a time as keeps K moderate: wide layers are sums over
 * groups of taps. Bias, residual and ReLU follow while the block is in cache. */

#include "convolution.h"

#include <math.h>

#include "gemm.h"
#include "packed.h"
#include "strassen.h"
#include "way.h"

enum {
    SMALL_WORKSPACE_FLOATS =
        6 << 20, /* of packed convolutions with SEGENT_ENGINE_SMALL, on two threads */
    WORKSPACE_FLOATS = 2 << 20, /* 8 MiB, unless one pixel's patch for one tap is larger */
    BLOCK_FLOATS = 1 << 20,     /* of output: 4 MiB, for the epilogue to find it in cache */
    BLOCK_PIXELS_MIN = 64,      /* so that a product is worth calling */
    GROUP_K = 4608,             /* aim for the K of one product */
    /* Of a map: below, weights' sums cost more than they save, at one level and at two. */
    STRASSEN_PIXELS = 256,
    STRASSEN_TWICE_PIXELS = 2048,
    PACK_OUTPUTS = 16, /* weights of that many outputs are transposed together */
    GATHER_GRAIN = 16,
    EPILOGUE_GRAIN = 64
};

struct sg_convolution {
    sg_allocator allocator;
    sg_convolution_shape shape;
    bool is_packed;
    sg_packed packed; /* if so, else: */
    float *weights;   /* (kernel * kernel * inputs, outputs) */
    float *own;       /* the same, or NULL if they lie in the room that was given */
    float *shift;     /* (outputs) */
};

typedef struct packing {
    const sg_convolution *convolution;
    const sg_convolution_weights *weights;
} packing;

/* Weights of input channels begin to end, for all outputs. */
static void pack(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const packing *job = argument;
    const sg_convolution_shape *shape = &job->convolution->shape;
    const double *scale = job->weights->scale;
    const int64_t taps = (int64_t)shape->kernel * shape->kernel;
    const int64_t stride =
        job->weights->output_stride ? job->weights->output_stride : taps * shape->inputs;
    (void)thread;
    for (int64_t first = 0; first < shape->outputs; first += PACK_OUTPUTS) {
        const int64_t last =
            first + PACK_OUTPUTS < shape->outputs ? first + PACK_OUTPUTS : shape->outputs;
        for (int64_t i = begin; i < end; i++) {
            for (int64_t tap = 0; tap < taps; tap++) {
                float *to = job->convolution->weights + (tap * shape->inputs + i) * shape->outputs;
                for (int64_t o = first; o < last; o++)
                    to[o] = (float)((double)sg_weight(job->weights, o * stride + i * taps + tap) *
                                    (scale ? scale[o] : 1.0));
            }
        }
    }
}

static bool all_finite(const float *values, size_t count)
{
    int finite = 1;
    for (size_t i = 0; i < count; i++)
        finite &= isfinite(values[i]) != 0;
    return finite;
}

static bool shape_valid(const sg_convolution_shape *shape)
{
    return shape->inputs >= 1 && shape->inputs <= SG_CHANNELS_MAX && shape->outputs >= 1 &&
           shape->outputs <= SG_CHANNELS_MAX && shape->kernel >= 1 &&
           shape->kernel <= SG_KERNEL_MAX && shape->stride >= 1 && shape->padding >= 0 &&
           shape->dilation >= 1;
}

static size_t plain_room(const sg_convolution_shape *shape)
{
    const size_t depth = (size_t)shape->kernel * (size_t)shape->kernel * (size_t)shape->inputs;
    size_t count = 0;
    return sg_size_multiply(depth, (size_t)shape->outputs, &count) ? count : 0;
}

size_t sg_convolution_room(const segent_context *context, const sg_convolution_shape *shape)
{
    enum { LINE = 64 / sizeof(float) };
    size_t count = 0;
    if (shape_valid(shape))
        count = sg_packed_suits(&context->kernels.product, shape)
                    ? sg_packed_room(&context->kernels.product, shape)
                    : plain_room(shape);
    return count > SIZE_MAX - LINE ? 0 : (count + LINE - 1) / LINE * LINE;
}

segent_status sg_convolution_create(segent_context *context, const sg_convolution_shape *shape,
                                    const sg_convolution_weights *weights, sg_convolution **out)
{
    if (!shape_valid(shape))
        return sg_fail(context, SEGENT_ERROR_MODEL, "a convolution of impossible shape");
    const sg_allocator *allocator = &context->allocator;
    const size_t outputs = (size_t)shape->outputs;
    sg_convolution *convolution = sg_alloc_zero(allocator, 1, sizeof(*convolution));
    if (!convolution)
        return sg_fail_memory(context, "a convolution", sizeof(*convolution));
    convolution->allocator = *allocator;
    convolution->shape = *shape;
    if (sg_packed_suits(&context->kernels.product, shape)) {
        segent_status status = sg_packed_create(context, shape, weights, &convolution->packed);
        convolution->is_packed = status == SEGENT_OK;
        if (status == SEGENT_OK)
            *out = convolution;
        else
            sg_convolution_destroy(convolution);
        return status;
    }
    const size_t count = plain_room(shape);
    if (!weights->room)
        convolution->own = sg_alloc(allocator, count, sizeof(float));
    convolution->weights = weights->room ? weights->room : convolution->own;
    convolution->shift = sg_alloc(allocator, outputs, sizeof(float));
    if (!convolution->weights || !convolution->shift) {
        sg_convolution_destroy(convolution);
        return sg_fail_memory(context, "weights", count * sizeof(float));
    }
    for (size_t o = 0; o < outputs; o++)
        convolution->shift[o] = weights->shift ? (float)weights->shift[o] : 0.0f;
    packing job = {convolution, weights};
    sg_parallel_for(context->pool, shape->inputs, 64, pack, &job);
    if (!all_finite(convolution->weights, count) || !all_finite(convolution->shift, outputs)) {
        sg_convolution_destroy(convolution);
        return sg_fail(context, SEGENT_ERROR_MODEL,
                       "weights are not finite once batch norm is folded in");
    }
    *out = convolution;
    return SEGENT_OK;
}

void sg_convolution_destroy(sg_convolution *convolution)
{
    if (!convolution)
        return;
    const sg_allocator allocator = convolution->allocator;
    if (convolution->is_packed)
        sg_packed_destroy(&allocator, &convolution->packed);
    sg_free(&allocator, convolution->own);
    sg_free(&allocator, convolution->shift);
    sg_free(&allocator, convolution);
}

const sg_convolution_shape *sg_convolution_describe(const sg_convolution *convolution)
{
    return &convolution->shape;
}

int64_t sg_convolution_output_size(const sg_convolution *convolution, int32_t n)
{
    const sg_convolution_shape *shape = &convolution->shape;
    const int64_t span =
        n + 2 * (int64_t)shape->padding - (int64_t)shape->dilation * (shape->kernel - 1);
    return span >= 1 ? (span - 1) / shape->stride + 1 : 0;
}

double sg_convolution_work(const sg_convolution *convolution, int32_t height, int32_t width)
{
    const sg_convolution_shape *shape = &convolution->shape;
    return (double)sg_convolution_output_size(convolution, height) *
           (double)sg_convolution_output_size(convolution, width) * shape->kernel * shape->kernel *
           shape->inputs * shape->outputs;
}

static bool is_pointwise(const sg_convolution_shape *shape)
{
    return shape->kernel == 1 && shape->stride == 1 && shape->padding == 0;
}

/* Taps of one product: all groups alike but for the last. */
static int64_t group_taps(const sg_convolution_shape *shape)
{
    const int64_t taps = (int64_t)shape->kernel * shape->kernel;
    const int64_t groups = (taps * shape->inputs - 1) / GROUP_K + 1;
    return groups >= taps ? 1 : (taps - 1) / groups + 1;
}

/* Output pixels of one block. */
static int64_t block_pixels(const sg_convolution_shape *shape)
{
    int64_t pixels = BLOCK_FLOATS / shape->outputs;
    if (pixels < BLOCK_PIXELS_MIN)
        pixels = BLOCK_PIXELS_MIN;
    if (is_pointwise(shape))
        return pixels;
    const int64_t gathered = WORKSPACE_FLOATS / (group_taps(shape) * shape->inputs);
    if (gathered < pixels)
        pixels = gathered > 1 ? gathered : 1;
    return pixels;
}

/* Levels of Strassen's recursion that pay on a map of so many pixels; 0: none. */
static int32_t strassen_levels(const sg_packed *packed, const sg_convolution_shape *shape,
                               int64_t pixels)
{
    const int32_t twice = packed->kernels.twice;
    if (twice > 0 && shape->inputs >= twice && shape->outputs >= twice &&
        pixels >= STRASSEN_TWICE_PIXELS && sg_strassen_suits(packed, shape, 2))
        return 2;
    return pixels >= STRASSEN_PIXELS && sg_strassen_suits(packed, shape, 1) ? 1 : 0;
}

/* The cheapest of the ways with packed weights. */
static void choose_packed(const segent_context *context, const sg_convolution *convolution,
                          segent_engine engine, int32_t height, int32_t width,
                          sg_convolution_way *way)
{
    const sg_packed *packed = &convolution->packed;
    const sg_convolution_shape *shape = &convolution->shape;
    const int32_t threads = sg_pool_threads(context->pool);
    way->kind = SG_WAY_DIRECT;
    if (engine == SEGENT_ENGINE_EXACT)
        return;
    way->levels = strassen_levels(packed, shape, (int64_t)height * width);
    if (way->levels > 0) {
        way->kind = SG_WAY_STRASSEN;
        return;
    }
    if (!sg_winograd_suits(packed, shape))
        return;
    double least = sg_packed_work(packed, shape, height, width);
    for (int32_t family = 0; family < SG_WINOGRAD_FAMILIES; family++) {
        if (!sg_winograd_fits(shape, height, width, family))
            continue;
        /* On as many threads as usual: what is chosen must not depend on them. */
        const sg_winograd usual =
            sg_winograd_plan(packed, shape, height, width, family, SG_WINOGRAD_USUAL_THREADS);
        if (engine == SEGENT_ENGINE_SMALL && sg_winograd_workspace(&usual) > SMALL_WORKSPACE_FLOATS)
            continue;
        if (sg_winograd_work(&usual) < least) {
            least = sg_winograd_work(&usual);
            way->winograd = sg_winograd_plan(packed, shape, height, width, family, threads);
            way->kind = SG_WAY_WINOGRAD;
        }
    }
}

/* What is said of a way with packed weights, and the floats that it needs. */
static void describe_packed(const segent_context *context, const sg_convolution *convolution,
                            sg_convolution_way *way)
{
    const sg_packed *packed = &convolution->packed;
    const sg_product_kernels *kernels = &packed->kernels;
    const char *fewer = kernels->pairs ? kernels->paired_name : kernels->name;
    const int32_t threads = sg_pool_threads(context->pool);
    switch (way->kind) {
    case SG_WAY_STRASSEN:
        way->algorithm = way->levels == 2 ? "Strassen^2" : "Strassen";
        way->kernel = way->levels == 2 ? kernels->name : fewer;
        way->workspace = sg_strassen_workspace(packed, way->levels, threads);
        break;
    case SG_WAY_WINOGRAD:
        way->algorithm = sg_winograd_name(way->winograd.family);
        way->kernel = fewer;
        way->workspace = sg_winograd_workspace(&way->winograd);
        break;
    default:
        way->algorithm = "direct";
        way->kernel = kernels->name;
        way->workspace = sg_packed_workspace(packed, threads);
    }
}

static int64_t gemm_workspace(const sg_convolution *convolution, int32_t height, int32_t width)
{
    const sg_convolution_shape *shape = &convolution->shape;
    if (is_pointwise(shape))
        return 0;
    const double pixels = (double)sg_convolution_output_size(convolution, height) *
                          (double)sg_convolution_output_size(convolution, width);
    const int64_t block = block_pixels(shape);
    return (pixels < (double)block ? (int64_t)pixels : block) * group_taps(shape) * shape->inputs;
}

void sg_convolution_choose(const segent_context *context, const sg_convolution *convolution,
                           segent_engine engine, int32_t height, int32_t width,
                           sg_convolution_way *way)
{
    *way = (sg_convolution_way){.kind = SG_WAY_GEMM, .kernel = ""};
    if (convolution->is_packed) {
        choose_packed(context, convolution, engine, height, width, way);
        describe_packed(context, convolution, way);
    } else {
        way->algorithm = sg_gemm_name();
        way->workspace = gemm_workspace(convolution, height, width);
    }
}

/* What the parallel parts of one block share. */
typedef struct block {
    segent_context *context;
    const sg_convolution_call *call;
    const sg_convolution_shape *shape;
    const float *bias, *residual;
    sg_window window;
    int64_t first, pixels;
    int64_t first_tap, taps;
} block;

static void gather(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const block *b = argument;
    (void)thread;
    b->context->kernels.convolution.gather(
        &b->window, b->first + begin, end - begin, b->first_tap, b->taps,
        b->call->workspace + begin * b->taps * b->window.channels);
}

static void finish(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const block *b = argument;
    const sg_tensor *output = &b->call->output;
    const int64_t pixel = b->first + begin;
    const int64_t residual_stride = b->residual ? b->call->residual->pixel_stride : 0;
    (void)thread;
    b->context->kernels.convolution.epilogue(
        output->data + pixel * output->pixel_stride, output->pixel_stride, b->bias,
        b->residual ? b->residual + pixel * residual_stride : NULL, residual_stride, end - begin,
        b->shape->outputs, b->shape->activation == SG_RELU);
}

static void multiply(const sg_convolution *convolution, const block *b, const float *a, int64_t lda,
                     bool accumulate)
{
    const sg_convolution_shape *shape = b->shape;
    const sg_tensor *output = &b->call->output;
    sg_gemm(b->context->pool, b->pixels, shape->outputs, b->taps * shape->inputs, a, lda,
            convolution->weights + b->first_tap * shape->inputs * shape->outputs, shape->outputs,
            output->data + b->first * output->pixel_stride, output->pixel_stride, accumulate);
}

static void run_block(segent_context *context, const sg_convolution *convolution, block *b,
                      bool accumulate)
{
    const sg_convolution_shape *shape = b->shape;
    const sg_tensor *input = &b->call->input;
    const int64_t taps = (int64_t)shape->kernel * shape->kernel;
    const int64_t group = group_taps(shape);
    b->first_tap = 0;
    b->taps = taps;
    if (is_pointwise(shape)) {
        multiply(convolution, b, input->data + b->first * input->pixel_stride, input->pixel_stride,
                 accumulate);
    }
    for (int64_t tap = 0; !is_pointwise(shape) && tap < taps; tap += group) {
        b->first_tap = tap;
        b->taps = taps - tap < group ? taps - tap : group;
        sg_parallel_for(context->pool, b->pixels, GATHER_GRAIN, gather, b);
        multiply(convolution, b, b->call->workspace, b->taps * shape->inputs,
                 accumulate || tap > 0);
    }
    sg_parallel_for(context->pool, b->pixels, EPILOGUE_GRAIN, finish, b);
}

static void run_gemm(segent_context *context, const sg_convolution *convolution,
                     const sg_convolution_call *call)
{
    const sg_convolution_shape *shape = &convolution->shape;
    const sg_tensor *input = &call->input;
    const int64_t pixels = sg_tensor_pixels(&call->output);
    const int64_t step = block_pixels(shape);
    /* A residual in the output's own place is what the product is added to. */
    const bool in_place = call->residual && call->residual->data == call->output.data;
    block b = {.context = context,
               .call = call,
               .shape = shape,
               .bias = call->bias ? call->bias : convolution->shift,
               .residual = call->residual && !in_place ? call->residual->data : NULL,
               .window = {input->data, input->height, input->width, input->channels,
                          input->pixel_stride, call->output.width, shape->kernel, shape->stride,
                          shape->padding, shape->dilation}};
    for (int64_t first = 0; first < pixels; first += step) {
        b.first = first;
        b.pixels = pixels - first < step ? pixels - first : step;
        run_block(context, convolution, &b, in_place);
    }
}

void sg_convolution_run(segent_context *context, const sg_convolution *convolution,
                        const sg_convolution_way *way, const sg_convolution_call *call)
{
    switch (way->kind) {
    case SG_WAY_STRASSEN:
        sg_strassen_run(context, &convolution->packed, way->levels, &convolution->shape, call);
        break;
    case SG_WAY_WINOGRAD:
        sg_winograd_run(context, &way->winograd, &convolution->shape, call);
        break;
    case SG_WAY_DIRECT:
        sg_packed_run(context, &convolution->packed, &convolution->shape, call);
        break;
    default:
        run_gemm(context, convolution, call);
    }
}
