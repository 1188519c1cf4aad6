/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Checks and times kernels, one against another and against a truth. Needs nothing but the kernels
 * and the C library, so that it can be built for another processor and run in an emulator. */

#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels.h"

/* What kernels can be made for on this processor: for each instruction set that it has, that set
 * and what it is built on; plain C alone first. */
enum { CHECK_SETS = 32 };
int check_sets(uint32_t sets[CHECK_SETS]);

/* Prints which instruction sets of this family of processors were not tested. Not 0: the one that
 * SEGENT_REQUIRE_CPU names is among them. */
int check_not_tested(void);

/* Begins a check; what fails until the next is counted and printed under this name. */
void check_begin(const char *kernel, uint32_t set);
void check_fail(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));
/* Prints a line for the last check, with a remark. */
void check_end(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));
int check_failures(void);

/* Memory for `bytes` bytes that ends at a page which cannot be touched; a page before it cannot be
 * touched either. Filled with NaN. One is as aligned as its size. */
typedef struct check_memory {
    void *data, *base;
    size_t mapped;
} check_memory;
check_memory check_allocate(size_t bytes);
void check_free(check_memory *memory);

/* A seeded generator. */
float check_random(uint64_t *state, float low, float high);

/* Memory for `count` floats as above, filled with random ones from -1 to 1. */
check_memory check_floats(int64_t count, uint64_t *state);

/* A window that slides over a map, and the map. */
typedef struct check_shape {
    int32_t kernel, stride, padding, dilation;
    int32_t height, width;
} check_shape;

/* Side of the output for a side of n pixels of the map. */
int64_t check_side(const check_shape *shape, int32_t n);

/* What a kernel that makes a row of output gets: random floats; `before` is a copy of what the
 * output holds until it is written. */
typedef struct check_operands {
    check_memory input, weights, bias, output, residual, before;
    int64_t output_count;
} check_operands;
check_operands check_operands_make(int64_t inputs, int64_t weights, int64_t biases, int64_t outputs,
                                   uint64_t *state);
void check_operands_free(check_operands *operands);

/* The window of a shape on a map of so many channels, which is the operands' input. */
sg_window check_window(const check_shape *shape, const check_operands *operands, int64_t channels,
                       int64_t pixel_stride, int64_t output_width);

/* Distance in units of the last place of the truth as a float32. */
double check_ulps(float value, long double truth);

/* Times `run` and prints nanoseconds and ticks of the processor's time-stamp counter an item. The
 * first call with a name remembers the time, others print how many times faster they are. */
void check_time(const char *kernel, uint32_t set, int64_t items, void (*run)(void *),
                void *argument);

/* The choice of kernels, and their families. */
void check_cpu(void);
void check_activation(void);
void check_average(void);
void time_average(void);
void check_depthwise(void);
void time_depthwise(void);
void check_grouped(void);
void time_grouped(void);
void check_uncertainty(void);
void check_uncertainty_exhaustively(void);
void time_uncertainty(void);
void check_product(void);
void time_product(void);
void check_halves(void);
void check_winograd(void);
void check_stem(void);
void time_stem(void);
void check_strassen(void);
void check_tiles(void);

/* Calls `run`, whose instructions of AMX are done in plain C. Only where AMX's kernels are built
 * (SG_HAVE_AMX). */
void check_emulated(void (*run)(void));

#endif
