/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The entropy map and sum of full-size logits (21 x 640 x 856), beside the rate at which one core
 * reads them:    bench-entropy [--json] [ROUNDS]
 *
 * Once from one buffer, which a large last-level cache may hold, and once from buffers that take
 * turns and exceed any cache together, so that every pass comes from memory. One thread; medians of
 * passes that take turns. With --json, one line for peers.py: seconds by kind of buffers. */

#include <segent/segent.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "instruction_set.h"

enum { CLASSES = 21, HEIGHT = 640, WIDTH = 856, PIXELS = HEIGHT * WIDTH };
enum { MANY = 16, ROUNDS_MAX = 1000, KINDS = 2 };

static const size_t COUNT = (size_t)CLASSES * PIXELS;

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, ascending);
    return values[count / 2];
}

/* Logits between -8 and 8, the same on every machine; NULL without memory. */
static float *make_logits(uint32_t seed)
{
    float *const logits = malloc(COUNT * sizeof *logits);
    for (size_t i = 0; logits && i < COUNT; i++) {
        seed = seed * 1664525u + 1013904223u;
        logits[i] = (float)(seed >> 8) * 0x1p-20f - 8.0f;
    }
    return logits;
}

static int entropy_and_sum(segent_context *context, const float *logits, float *map)
{
    const segent_tensor_view values = segent_tensor_chw(logits, CLASSES, HEIGHT, WIDTH);
    const segent_map_view entropy = segent_map(map, HEIGHT, WIDTH);
    segent_entropy_summary summary = {.struct_size = sizeof summary};
    return segent_entropy_map(context, &values, NULL, &entropy) == SEGENT_OK &&
           segent_image_entropy(context, &entropy, NULL, &summary) == SEGENT_OK;
}

/* Medians over passes that take turns; seconds[0] of reading, [1] of entropy map and sum. */
static int measure(segent_context *context, float *const *logits, int buffers, int rounds,
                   double seconds[KINDS])
{
    static double times[KINDS][ROUNDS_MAX];
    static float map[PIXELS];
    const instruction_set isa = widest();
    volatile float kept = 0.0f; /* so that no compiler drops the reading */
    int turn = 0;
    for (int i = 0; i < rounds; i++) {
        const double start = seconds_now();
        kept = isa.read(logits[turn++ % buffers], COUNT);
        const double between = seconds_now();
        if (!entropy_and_sum(context, logits[turn++ % buffers], map)) {
            fprintf(stderr, "bench-entropy: %s\n", segent_last_error(context));
            return 0;
        }
        times[0][i] = between - start;
        times[1][i] = seconds_now() - between;
    }
    (void)kept;
    for (int kind = 0; kind < KINDS; kind++)
        seconds[kind] = median(times[kind], rounds);
    return 1;
}

static void report(const char *title, const double seconds[KINDS])
{
    const double bytes = (double)COUNT * sizeof(float);
    printf("%-30s reading %6.3f ms, %5.1f GB/s; entropy map and sum %6.3f ms, %5.1f GB/s: %.2f of "
           "reading\n",
           title, seconds[0] * 1e3, bytes / seconds[0] * 1e-9, seconds[1] * 1e3,
           bytes / seconds[1] * 1e-9, seconds[0] / seconds[1]);
}

int main(int argc, char **argv)
{
    const int json = argc > 1 && strcmp(argv[1], "--json") == 0;
    const int rounds = argc == 2 + json ? atoi(argv[1 + json]) : 61;
    const segent_options options = {.struct_size = sizeof options, .threads = 1};
    float *logits[MANY];
    double cache[KINDS], memory[KINDS];
    segent_context *context = NULL;
    if (argc > 2 + json || rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench-entropy [--json] [ROUNDS]\n");
        return 2;
    }
    int done = segent_context_create(&options, &context) == SEGENT_OK;
    for (int i = 0; i < MANY; i++) {
        logits[i] = make_logits((uint32_t)i + 1);
        done = done && logits[i];
    }
    if (!done)
        fprintf(stderr, "bench-entropy: out of memory\n");
    done = done && measure(context, logits, 1, rounds, cache) &&
           measure(context, logits, MANY, rounds, memory);
    if (done && json) {
        printf("{\"one_buffer\": {\"read\": %.6f, \"entropy\": %.6f}, "
               "\"many_buffers\": {\"read\": %.6f, \"entropy\": %.6f}}\n",
               cache[0], cache[1], memory[0], memory[1]);
    } else if (done) {
        report("one buffer of 46 MB:", cache);
        report("16 buffers in turn, 736 MB:", memory);
    }
    for (int i = 0; i < MANY; i++)
        free(logits[i]);
    segent_context_destroy(context);
    return done ? 0 : 1;
}
