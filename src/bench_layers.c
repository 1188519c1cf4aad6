/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "bench_layers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"

struct bench_layer {
    char *name;
    segent_layer_info info; /* but for the name, which is copied, and the time */
    double *seconds;        /* one of each run */
};

static int by_value(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

double bench_median(const double *values, int count)
{
    double *sorted = memory_need((size_t)count, sizeof(*sorted));
    memcpy(sorted, values, (size_t)count * sizeof(*sorted));
    qsort(sorted, (size_t)count, sizeof(*sorted), by_value);
    const double middle = 0.5 * (sorted[(count - 1) / 2] + sorted[count / 2]);
    free(sorted);
    return middle;
}

void bench_layers_begin_run(bench_layers *layers, int run)
{
    layers->run = run;
    layers->next = 0;
}

/* Makes room for one more layer. */
static void grow(bench_layers *layers)
{
    if (layers->count < layers->room)
        return;
    const int room = 2 * layers->room + 64;
    bench_layer *list = memory_need((size_t)room, sizeof(*list));
    if (layers->count > 0)
        memcpy(list, layers->list, (size_t)layers->count * sizeof(*list));
    free(layers->list);
    layers->list = list;
    layers->room = room;
}

void bench_layers_add(void *user, const segent_layer_info *layer)
{
    bench_layers *layers = user;
    if (layers->run < 0)
        return;
    if (layers->next == layers->count) {
        grow(layers);
        layers->list[layers->count++] = (bench_layer){
            .name = text_join("%s", layer->name),
            .info = *layer,
            .seconds = memory_need((size_t)layers->runs, sizeof(double)),
        };
    }
    layers->list[layers->next++].seconds[layers->run] = layer->seconds;
}

double bench_gflops(double multiply_adds, double seconds)
{
    return seconds > 0 ? 2e-9 * multiply_adds / seconds : 0;
}

/* What a layer computes, as in "3x3 256 -> 256, dilation 2, 107x80": window, channels, size of the
 * output. To free. */
static char *shape_text(const segent_layer_info *info)
{
    char *window = info->kernel_size > 0
                       ? text_join("%dx%d", (int)info->kernel_size, (int)info->kernel_size)
                       : text_join("all");
    char *stride =
        info->stride > 1 ? text_join(", stride %d", (int)info->stride) : text_join("%s", "");
    char *dilation =
        info->dilation > 1 ? text_join(", dilation %d", (int)info->dilation) : text_join("%s", "");
    char *text = text_join("%s %d -> %d%s%s, %dx%d", window, (int)info->inputs, (int)info->outputs,
                           stride, dilation, (int)info->width, (int)info->height);
    free(window);
    free(stride);
    free(dilation);
    return text;
}

void bench_layers_print(const bench_layers *layers, int runs)
{
    double total = 0;
    for (int i = 0; i < layers->count; i++)
        total += bench_median(layers->list[i].seconds, runs);
    printf("\n%-32s %-38s %-14s %-19s %9s %7s %6s\n", "layer", "shape", "algorithm", "kernel", "ms",
           "GFLOP/s", "share");
    for (int i = 0; i < layers->count; i++) {
        const bench_layer *layer = &layers->list[i];
        const double seconds = bench_median(layer->seconds, runs);
        char *shape = shape_text(&layer->info);
        printf("%-32s %-38s %-14s %-19s %9.3f %7.1f %5.1f%%\n", layer->name, shape,
               layer->info.algorithm, layer->info.kernel, 1e3 * seconds,
               bench_gflops(layer->info.multiply_adds, seconds),
               total > 0 ? 100 * seconds / total : 0);
        free(shape);
    }
}

void bench_layers_json(const bench_layers *layers, int runs, sg_json *json)
{
    json_open_list(json, "layers");
    for (int i = 0; i < layers->count; i++) {
        const bench_layer *layer = &layers->list[i];
        const double seconds = bench_median(layer->seconds, runs);
        char *shape = shape_text(&layer->info);
        json_open_object(json, NULL);
        json_text(json, "name", layer->name);
        json_text(json, "shape", shape);
        json_text(json, "algorithm", layer->info.algorithm);
        json_text(json, "kernel", layer->info.kernel);
        json_number(json, "seconds", seconds);
        json_number(json, "gflops", bench_gflops(layer->info.multiply_adds, seconds));
        json_number(json, "multiply_adds", layer->info.multiply_adds);
        json_close_object(json);
        free(shape);
    }
    json_close_list(json);
}

void bench_layers_free(bench_layers *layers)
{
    for (int i = 0; i < layers->count; i++) {
        free(layers->list[i].name);
        free(layers->list[i].seconds);
    }
    free(layers->list);
}
