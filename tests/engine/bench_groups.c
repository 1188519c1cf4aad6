/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Times the convolutions in groups of MobileNetV3-Large and ResNeXt on a picture of 520x520, by the
 * engine that is chosen:
 *     bench_groups [-t THREADS] [-n RUNS] [LAYER...]
 * and prints medians: milliseconds, GFLOP/s and the GB/s of maps read and written once, and these
 * two a second of processor time, which a busy machine disturbs less; and what the processor can
 * do: a convolution in one group, and copying memory that no cache holds. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "layer.h"
#include "nn/way.h"

/* Maps of shapes whose types are not written down are SG_F32. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

typedef struct named {
    const char *name;
    sg_convolution_shape shape;
    int32_t side; /* of the input */
} named;

/* k x k, channels, stride, dilation, groups. */
#define GROUPS(k, channels, stride, dilation, groups, activation)                                  \
    {                                                                                              \
        channels, channels, k, stride, (dilation) * ((k) / 2), dilation, groups, activation, false \
    }

static const named LAYERS[] = {
    {"product", {256, 256, 1, 1, 0, 1, 1, SG_RELU, false}, 65},
    {"dw1", GROUPS(3, 16, 1, 1, 16, SG_RELU), 260},
    {"dw2", GROUPS(3, 64, 2, 1, 64, SG_RELU), 260},
    {"dw3", GROUPS(3, 72, 1, 1, 72, SG_RELU), 130},
    {"dw4", GROUPS(5, 72, 2, 1, 72, SG_RELU), 130},
    {"dw5", GROUPS(5, 120, 1, 1, 120, SG_RELU), 65},
    {"dw7", GROUPS(3, 240, 2, 1, 240, SG_HARD_SWISH), 65},
    {"dw8", GROUPS(3, 200, 1, 1, 200, SG_HARD_SWISH), 33},
    {"dw11", GROUPS(3, 480, 1, 1, 480, SG_HARD_SWISH), 33},
    {"dw13", GROUPS(5, 672, 1, 2, 672, SG_HARD_SWISH), 33},
    {"dw14", GROUPS(5, 960, 1, 2, 960, SG_HARD_SWISH), 33},
    {"32x4d.1", GROUPS(3, 128, 1, 1, 32, SG_RELU), 130},
    {"32x4d.2s", GROUPS(3, 256, 2, 1, 32, SG_RELU), 130},
    {"32x4d.2", GROUPS(3, 256, 1, 1, 32, SG_RELU), 65},
    {"32x4d.3", GROUPS(3, 512, 1, 2, 32, SG_RELU), 65},
    {"32x4d.4", GROUPS(3, 1024, 1, 4, 32, SG_RELU), 65},
    {"32x8d.1", GROUPS(3, 256, 1, 1, 32, SG_RELU), 130},
    {"32x8d.4", GROUPS(3, 2048, 1, 4, 32, SG_RELU), 65},
    {"64x4d.2", GROUPS(3, 512, 1, 1, 64, SG_RELU), 65},
};

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *times, int32_t count)
{
    qsort(times, (size_t)count, sizeof(*times), compare);
    return times[count / 2];
}

static double processor_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* On one thread. */
static void bench_copy(int32_t runs)
{
    const size_t bytes = (size_t)128 << 20;
    char *from = malloc(bytes), *to = malloc(bytes);
    double times[64];
    assert_non_null(from);
    assert_non_null(to);
    memset(from, 1, bytes);
    memset(to, 2, bytes);
    for (int32_t i = 0; i < runs; i++) {
        const double start = sg_seconds();
        memcpy(to, from, bytes);
        times[i] = sg_seconds() - start;
    }
    printf("copy      %7.3f ms %29.1f GB/s read and written\n", 1e3 * median(times, runs),
           2e-9 * (double)bytes / times[runs / 2]);
    free(from);
    free(to);
}

static void bench_layer(segent_context *context, const named *n, int32_t runs)
{
    const sg_allocator allocator = {0};
    /* Gaps as networks' maps have them (plan.c). */
    const int32_t pad = n->shape.inputs % 256 == 0 ? 16 : 0;
    const layer_case what = {n->shape, n->side, n->side, pad, NO_RESIDUAL};
    layer l = layer_make(&what, 1);
    sg_convolution *convolution;
    sg_convolution_call call = layer_call(&l);
    sg_convolution_way way;
    double times[64], work[64];
    test_assert_ok(context, sg_convolution_create(context, &n->shape, &l.packing, &convolution));
    sg_convolution_choose(context, convolution, SEGENT_ENGINE_FAST, n->side, n->side, INT64_MAX,
                          &way);
    call.workspace = sg_alloc(&allocator, (size_t)way.workspace + 1, 1);
    for (int32_t i = -1; i < runs; i++) {
        const double start = sg_seconds(), processor = processor_seconds();
        sg_convolution_run(context, convolution, &way, &call);
        if (i >= 0) {
            times[i] = sg_seconds() - start;
            work[i] = processor_seconds() - processor;
        }
    }
    const double seconds = median(times, runs), spent = median(work, runs);
    const double bytes = 4.0 * ((double)sg_tensor_pixels(&l.input) * n->shape.inputs +
                                (double)sg_tensor_pixels(&l.output) * n->shape.outputs);
    const double flops = 2.0 * sg_convolution_work(convolution, n->side, n->side);
    printf(
        "%-9s %7.3f ms %7.1f GFLOP/s %6.1f GB/s; of processor time %7.3f ms %7.1f %6.1f  %s, %s, "
        "%s\n",
        n->name, 1e3 * seconds, 1e-9 * flops / seconds, 1e-9 * bytes / seconds, 1e3 * spent,
        1e-9 * flops / spent, 1e-9 * bytes / spent, layer_name(&l), way.algorithm, way.kernel);
    fflush(stdout);
    sg_free(&allocator, call.workspace);
    sg_convolution_destroy(convolution);
    layer_free(&l);
}

int main(int argc, char **argv)
{
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    int32_t runs = 21;
    int first = 1;
    options.threads = 2;
    for (; first + 1 < argc && argv[first][0] == '-'; first += 2) {
        if (argv[first][1] == 't')
            options.threads = atoi(argv[first + 1]);
        else
            runs = atoi(argv[first + 1]);
    }
    if (options.threads < 1 || runs < 1 || runs > 64)
        return 2;
    if (segent_context_create(&options, &context) != SEGENT_OK)
        return 1;
    printf("%s, %s, %d threads\n", context->processor, sg_cpu_name(context->used),
           (int)options.threads);
    if (first >= argc)
        bench_copy(runs);
    for (size_t i = 0; i < sizeof(LAYERS) / sizeof(LAYERS[0]); i++) {
        bool wanted = first >= argc;
        for (int a = first; a < argc; a++)
            wanted |= strcmp(argv[a], LAYERS[i].name) == 0;
        if (wanted)
            bench_layer(context, &LAYERS[i], runs);
    }
    segent_context_destroy(context);
    return 0;
}
