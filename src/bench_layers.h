/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What `segent bench -v` tells about each step of the network. */

#ifndef SG_BENCH_LAYERS_H
#define SG_BENCH_LAYERS_H

#include <segent/segent.h>

#include "json.h"

typedef struct bench_layer bench_layer;

typedef struct bench_layers {
    int runs;          /* how many there will be at most */
    int run;           /* the one that is being timed; negative: none */
    int count, room;   /* layers in the list, and those that it has room for */
    int next;          /* position in the list of the next layer of this run */
    bench_layer *list; /* in the order in which the network runs them */
} bench_layers;

/* Says that the layers that follow belong to the run of that number. */
void bench_layers_begin_run(bench_layers *layers, int run);

/* A segent_layer_fn that notes the time of a layer; `user` is the bench_layers. */
void bench_layers_add(void *user, const segent_layer_info *layer);

/* Prints the layers with the medians of their times over the first `runs` runs, as a table or as
 * the member "layers" of an object. */
void bench_layers_print(const bench_layers *layers, int runs);
void bench_layers_json(const bench_layers *layers, int runs, sg_json *json);
void bench_layers_free(bench_layers *layers);

/* Billions of floating point operations a second: two for each multiply-add. 0 for no time. */
double bench_gflops(double multiply_adds, double seconds);

/* The median of `count` values. */
double bench_median(const double *values, int count);

#endif
