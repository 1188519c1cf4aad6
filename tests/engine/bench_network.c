/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Times every layer of DeepLabV3-ResNet101 with seeded weights:
 *     bench_network [-t THREADS] [-n RUNS] [-w WIDTH] [-h HEIGHT] [-e ENGINE]
 * Medians of wall-clock and processor milliseconds, from one layer's output to the next one's. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../network/common.h"

enum { LAYERS_MAX = 256, RUNS_MAX = 64 };

typedef struct timing {
    char name[64];
    int32_t height, width, channels;
    double wall[RUNS_MAX], cpu[RUNS_MAX];
} timing;

typedef struct timings {
    timing layers[LAYERS_MAX];
    int count, next, run;
    double wall, cpu; /* when the last layer ended */
} timings;

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void observe(void *user, const char *name, const float *data, int32_t height, int32_t width,
                    int32_t channels, int64_t pixel_stride)
{
    timings *all = user;
    const double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    (void)data, (void)pixel_stride;
    if (all->next < LAYERS_MAX && all->run >= 0) {
        timing *t = &all->layers[all->next++];
        snprintf(t->name, sizeof(t->name), "%s", name);
        t->height = height;
        t->width = width;
        t->channels = channels;
        t->wall[all->run] = wall - all->wall;
        t->cpu[all->run] = cpu - all->cpu;
    }
    all->wall = wall;
    all->cpu = cpu;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof(double), compare);
    return values[count / 2];
}

static void report(timings *all, int runs, double *wall, double *cpu)
{
    for (int i = 0; i < all->count; i++) {
        timing *t = &all->layers[i];
        printf("%-32s %4d x %4d x %4d %9.2f ms %9.2f ms\n", t->name, (int)t->width, (int)t->height,
               (int)t->channels, 1e3 * median(t->wall, runs), 1e3 * median(t->cpu, runs));
    }
    printf("%-51s %9.2f ms %9.2f ms\n", "network", 1e3 * median(wall, runs),
           1e3 * median(cpu, runs));
}

int main(int argc, char **argv)
{
    static timings all;
    double wall[RUNS_MAX], cpu[RUNS_MAX];
    int32_t threads = 2, runs = 3, width = 856, height = 640, engine = SEGENT_ENGINE_FAST;
    for (int i = 1; i + 1 < argc; i += 2) {
        const int32_t value = atoi(argv[i + 1]);
        switch (argv[i][1]) {
        case 't':
            threads = value;
            break;
        case 'n':
            runs = value;
            break;
        case 'w':
            width = value;
            break;
        case 'h':
            height = value;
            break;
        case 'e':
            engine = value;
            break;
        default:
            return 2;
        }
    }
    if (runs < 1 || runs > RUNS_MAX)
        return 2;
    const test_network_shape shape = {
        .seed = 1, .blocks = {3, 4, 23, 3}, .width = 64, .aspp = 256, .classes = 21};
    segent_context *context = NULL;
    segent_options options = segent_options_init();
    options.threads = threads;
    if (segent_context_create(&options, &context) != SEGENT_OK)
        return 1;
    sg_built *network = NULL;
    test_network *weights = test_network_make(&shape);
    segent_checkpoint *checkpoint = network_checkpoint(context, weights, SEGENT_CONTAINER_LEGACY);
    test_network_free(weights);
    const double load_start = seconds(CLOCK_MONOTONIC);
    test_assert_ok(context, network_build(context, checkpoint, "", standard_rates, &network));
    const double load = seconds(CLOCK_MONOTONIC) - load_start;
    segent_checkpoint_destroy(checkpoint);
    sg_network_size size;
    size_t count;
    test_assert_ok(context,
                   sg_network_measure(context, network->network, height, width, engine, 0, &size));
    printf("%s, %s, %d threads; built in %.2f s, activations %.1f MB\n", context->processor,
           context->kernels.product.name, (int)threads, load, 1e-6 * (double)size.bytes);
    float *picture = network_picture(1, height, width);
    float *logits = network_logits(network, height, width, &count);
    const sg_network_run_options run = {
        .observer = observe, .observer_user = &all, .engine = engine};
    for (all.run = -1; all.run < runs; all.run++) {
        const double wall_start = all.wall = seconds(CLOCK_MONOTONIC);
        const double cpu_start = all.cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        all.next = 0;
        test_assert_ok(context,
                       network_run(context, network, picture, height, width, &run, logits));
        if (all.run < 0)
            continue;
        wall[all.run] = seconds(CLOCK_MONOTONIC) - wall_start;
        cpu[all.run] = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_start;
        all.count = all.next;
    }
    report(&all, runs, wall, cpu);
    free(picture);
    free(logits);
    network_destroy(network);
    segent_context_destroy(context);
    return 0;
}
