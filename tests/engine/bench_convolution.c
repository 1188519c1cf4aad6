/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Times the layers of DeepLabV3-ResNet101 on a picture (856x640), each algorithm in turn:
 *     bench_convolution [-t THREADS] [-n RUNS] [-p FLOATS BETWEEN PIXELS] [-s WIDTHxHEIGHT]
 *                       [LAYER...]
 * and prints medians: milliseconds, GFLOP/s of the direct convolution's work, the same a second of
 * processor time (which a busy machine disturbs less), and how far the result is from the direct
 * one's. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "layer.h"
#include "nn/packed.h"
#include "nn/strassen.h"
#include "nn/winograd.h"

/* Maps of shapes whose types are not written down are SG_F32. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

typedef struct named {
    const char *name;
    sg_convolution_shape shape;
    int32_t reduced; /* pixels of the picture's side to one of the layer's input */
    int residual;
} named;

#define SQUARE(k, in, out, dilation)                                       \
    {                                                                      \
        in, out, k, 1, (dilation) * ((k) / 2), dilation, 1, SG_RELU, false \
    }

static const named LAYERS[] = {
    {"stem", {3, 64, 7, 2, 3, 1, 1, SG_RELU, false}, 1, NO_RESIDUAL},
    {"l1.reduce", SQUARE(1, 256, 64, 1), 4, NO_RESIDUAL},
    {"l1.3x3", SQUARE(3, 64, 64, 1), 4, NO_RESIDUAL},
    {"l1.expand", SQUARE(1, 64, 256, 1), 4, RESIDUAL},
    {"l2.3x3s2", {128, 128, 3, 2, 1, 1, 1, SG_RELU, false}, 4, NO_RESIDUAL},
    {"l2.down", {256, 512, 1, 2, 0, 1, 1, SG_IDENTITY, false}, 4, NO_RESIDUAL},
    {"l2.3x3", SQUARE(3, 128, 128, 1), 8, NO_RESIDUAL},
    {"l2.expand", SQUARE(1, 128, 512, 1), 8, RESIDUAL},
    {"l3.reduce", SQUARE(1, 1024, 256, 1), 8, NO_RESIDUAL},
    {"l3.3x3", SQUARE(3, 256, 256, 2), 8, NO_RESIDUAL},
    {"l3.expand", SQUARE(1, 256, 1024, 1), 8, RESIDUAL},
    {"l4.reduce", SQUARE(1, 2048, 512, 1), 8, NO_RESIDUAL},
    {"l4.3x3", SQUARE(3, 512, 512, 4), 8, NO_RESIDUAL},
    {"l4.expand", SQUARE(1, 512, 2048, 1), 8, RESIDUAL},
    {"aspp12", SQUARE(3, 2048, 256, 12), 8, NO_RESIDUAL},
    {"aspp24", SQUARE(3, 2048, 256, 24), 8, NO_RESIDUAL},
    {"aspp36", SQUARE(3, 2048, 256, 36), 8, NO_RESIDUAL},
    {"head", SQUARE(3, 256, 256, 1), 8, NO_RESIDUAL},
    {"classes", {256, 21, 1, 1, 0, 1, 1, SG_IDENTITY, false}, 8, NO_RESIDUAL},
};

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct bench {
    segent_context *context;
    int32_t threads, runs, pad, width, height;
} bench;

typedef void (*run_fn)(segent_context *context, const void *convolution,
                       const sg_convolution_shape *shape, const sg_convolution_call *call);

static void run_packed(segent_context *context, const void *convolution,
                       const sg_convolution_shape *shape, const sg_convolution_call *call)
{
    sg_packed_run(context, convolution, shape, call);
}

static void run_strassen(segent_context *context, const void *convolution,
                         const sg_convolution_shape *shape, const sg_convolution_call *call)
{
    sg_strassen_run(context, convolution, 1, shape, call);
}

static void run_strassen_twice(segent_context *context, const void *convolution,
                               const sg_convolution_shape *shape, const sg_convolution_call *call)
{
    sg_strassen_run(context, convolution, 2, shape, call);
}

static void run_winograd(segent_context *context, const void *convolution,
                         const sg_convolution_shape *shape, const sg_convolution_call *call)
{
    sg_winograd_run(context, convolution, shape, call);
}

static void time_runs(const bench *b, layer *l, const char *algorithm, run_fn run,
                      const void *convolution, void *workspace)
{
    double times[64], work[64], error = 0, size = 0;
    const sg_convolution_shape *shape = &l->what.shape;
    sg_convolution_call call = layer_call(l);
    call.workspace = workspace;
    for (int32_t i = -1; i < b->runs; i++) {
        const double start = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        run(b->context, convolution, shape, &call);
        if (i >= 0) {
            times[i] = seconds(CLOCK_MONOTONIC) - start;
            work[i] = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        }
    }
    qsort(times, (size_t)b->runs, sizeof(double), compare);
    qsort(work, (size_t)b->runs, sizeof(double), compare);
    const double flops = 2.0 * (double)sg_tensor_pixels(&l->output) * shape->kernel *
                         shape->kernel * shape->inputs * shape->outputs;
    if (!l->truth) {
        l->truth = calloc((size_t)(sg_tensor_pixels(&l->output) * shape->outputs), sizeof(double));
        for (int64_t p = 0; p < sg_tensor_pixels(&l->output) * shape->outputs; p++)
            l->truth[p] = (double)sg_tensor_f32(&l->output, p / shape->outputs)[p % shape->outputs];
    }
    for (int64_t p = 0; p < sg_tensor_pixels(&l->output) * shape->outputs; p++) {
        const double e =
            (double)sg_tensor_f32(&l->output, p / shape->outputs)[p % shape->outputs] - l->truth[p];
        error += e * e;
        size += l->truth[p] * l->truth[p];
    }
    printf("  %-12s %8.2f ms (best %8.2f), %6.1f GFLOP/s; %6.1f GFLOP per CPU second; apart %.1e\n",
           algorithm, 1e3 * times[b->runs / 2], 1e3 * times[0], 1e-9 * flops / times[b->runs / 2],
           1e-9 * flops / work[b->runs / 2], sqrt(error / size));
    fflush(stdout);
}

static void bench_layer(const bench *b, const named *n)
{
    const layer_case what = {n->shape, (b->height - 1) / n->reduced + 1,
                             (b->width - 1) / n->reduced + 1, b->pad, n->residual};
    layer l = layer_make(&what, 1);
    const sg_convolution_shape *shape = &n->shape;
    const sg_allocator allocator = {0};
    sg_packed packed;
    printf("%s: %s\n", n->name, layer_name(&l));
    test_assert_ok(b->context, sg_packed_create(b->context, shape, &l.packing, &packed));
    void *workspace = sg_alloc(&allocator, (size_t)sg_packed_workspace(&packed, b->threads) + 1, 1);
    time_runs(b, &l, "direct", run_packed, &packed, workspace);
    sg_free(&allocator, workspace);
    for (int32_t family = 0; family < SG_WINOGRAD_FAMILIES; family++) {
        if (!sg_winograd_suits(&packed, shape) ||
            !sg_winograd_fits(shape, l.output.height, l.output.width, family))
            continue;
        const sg_winograd w =
            sg_winograd_plan(&packed, shape, l.output.height, l.output.width, family, b->threads);
        workspace = sg_alloc(&allocator, (size_t)sg_winograd_workspace(&w), 1);
        time_runs(b, &l, sg_winograd_name(family), run_winograd, &w, workspace);
        sg_free(&allocator, workspace);
    }
    for (int32_t levels = 1; levels <= SG_STRASSEN_LEVELS; levels++) {
        if (!sg_strassen_suits(&packed, shape, levels))
            continue;
        workspace =
            sg_alloc(&allocator, (size_t)sg_strassen_workspace(&packed, levels, b->threads), 1);
        time_runs(b, &l, levels == 1 ? "Strassen" : "Strassen^2",
                  levels == 1 ? run_strassen : run_strassen_twice, &packed, workspace);
        sg_free(&allocator, workspace);
    }
    sg_packed_destroy(&allocator, &packed);
    layer_free(&l);
}

int main(int argc, char **argv)
{
    bench b = {NULL, 2, 5, 16, 856, 640};
    int first = 1;
    for (; first + 1 < argc && argv[first][0] == '-'; first += 2) {
        if (argv[first][1] == 't')
            b.threads = atoi(argv[first + 1]);
        else if (argv[first][1] == 'p')
            b.pad = atoi(argv[first + 1]);
        else if (argv[first][1] == 's')
            sscanf(argv[first + 1], "%dx%d", &b.width, &b.height);
        else
            b.runs = atoi(argv[first + 1]);
    }
    if (b.threads < 1 || b.runs < 1 || b.runs > 64 || b.width < 1 || b.height < 1)
        return 2;
    segent_options options = segent_options_init();
    options.threads = b.threads;
    if (segent_context_create(&options, &b.context) != SEGENT_OK)
        return 1;
    printf("%s, %s, %d threads\n", b.context->processor, b.context->kernels.product.name,
           (int)b.threads);
    for (size_t i = 0; i < sizeof(LAYERS) / sizeof(LAYERS[0]); i++) {
        bool wanted = first >= argc;
        for (int a = first; a < argc; a++)
            wanted |= strcmp(argv[a], LAYERS[i].name) == 0;
        if (wanted)
            bench_layer(&b, &LAYERS[i]);
    }
    segent_context_destroy(b.context);
    return 0;
}
