/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Time of the uncertainty kernels, a pixel of 21 classes. */

#include "check.h"

#include <stdlib.h>

enum { C = 21, N = SG_BLOCK_PIXELS, ROW = 856, LOW = 107 };

typedef struct bench {
    sg_kernels kernels;
    float *values, *block, *top, *bottom;
    float *maximum, *sum, *nats, *row_sum, *row_nats;
    int32_t *label, *left, *right;
    float *lambda;
} bench;

static void *room(size_t count)
{
    void *memory = aligned_alloc(64, (count * 4 + 63) / 64 * 64);
    if (!memory)
        abort();
    return memory;
}

static void load_first(void *argument)
{
    bench *b = argument;
    b->kernels.uncertainty.load(b->values, ROW, 1, N, C, b->block, N, b->maximum, b->label);
}

static void load_last(void *argument)
{
    bench *b = argument;
    b->kernels.uncertainty.load(b->values, 1, C, N, C, b->block, N, b->maximum, b->label);
}

static void blend(void *argument)
{
    bench *b = argument;
    b->kernels.uncertainty.blend(b->top, b->bottom, 0.3f, 0.7f, N, C, b->block, N, b->maximum,
                                 b->label);
}

static void stretch(void *argument)
{
    bench *b = argument;
    b->kernels.uncertainty.stretch(b->values, LOW, 1, (sg_taps){b->left, b->right, b->lambda}, N, C,
                                   b->block, N);
}

static void entropy(void *argument)
{
    bench *b = argument;
    b->kernels.uncertainty.entropy(b->top, N, N, C, b->maximum, 1.0f, b->sum, b->nats);
}

static void stream(void *argument)
{
    bench *b = argument;
    b->kernels.uncertainty.stream(b->values, ROW, ROW, C, 1.0f, (sg_unit_scale){0.3f, 1.0f},
                                  b->row_nats);
}

static void softmax(void *argument)
{
    bench *b = argument;
    const sg_uncertainty_kernels *k = &b->kernels.uncertainty;
    k->load(b->top, N, 1, N, C, b->block, N, b->maximum, NULL);
    k->exponential(b->block, N, N, C, b->maximum, 1.0f, b->sum);
    k->store(b->block, N, N, C, b->sum, b->bottom, N, 1);
}

static void probability(void *argument)
{
    bench *b = argument;
    b->kernels.uncertainty.probability(b->block, N, N, C, b->nats, b->sum, b->row_sum, b->row_nats);
}

static void accumulate(void *argument)
{
    bench *b = argument;
    sg_row_sum sum = {.minimum = 1.0f};
    b->kernels.uncertainty.accumulate(b->values, ROW, &sum);
    b->sum[0] = (float)sum.lane[0];
}

static bench make_bench(void)
{
    bench b = {.values = room(C * ROW),
               .block = room(C * N),
               .top = room(C * N),
               .bottom = room(C * N),
               .maximum = room(N),
               .sum = room(N),
               .nats = room(N),
               .row_sum = room(ROW),
               .row_nats = room(ROW),
               .label = room(N),
               .left = room(N),
               .right = room(N),
               .lambda = room(N)};
    uint64_t seed = 1;
    for (int i = 0; i < C * ROW; i++)
        b.values[i] = check_random(&seed, -10.0f, 10.0f);
    for (int i = 0; i < C * N; i++) {
        b.top[i] = check_random(&seed, -10.0f, 10.0f);
        b.bottom[i] = check_random(&seed, -10.0f, 10.0f);
        b.block[i] = check_random(&seed, 0.0f, 0.1f);
    }
    for (int j = 0; j < N; j++) {
        b.maximum[j] = 10.0f;
        b.left[j] = j / 8;
        b.right[j] = j / 8 + 1;
        b.lambda[j] = (float)(j % 8) / 8.0f;
    }
    return b;
}

void time_uncertainty(void)
{
    static const struct {
        const char *name;
        void (*run)(void *);
        int64_t pixels;
    } kernels[] = {{"probability", probability, N},
                   {"load, classes first", load_first, N},
                   {"load, classes last", load_last, N},
                   {"stretch", stretch, N},
                   {"blend", blend, N},
                   {"entropy", entropy, N},
                   {"stream", stream, ROW},
                   {"softmax", softmax, N},
                   {"accumulate", accumulate, ROW}};
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    bench b = make_bench();
    for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
        for (int c = 0; c < count; c++) {
            sg_kernels_init(&b.kernels, sets[c]);
            check_time(kernels[i].name, sets[c], kernels[i].pixels, kernels[i].run, &b);
        }
    }
    void *const all[] = {b.values,  b.block,    b.top,   b.bottom, b.maximum, b.sum,   b.nats,
                         b.row_sum, b.row_nats, b.label, b.left,   b.right,   b.lambda};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        free(all[i]);
}
