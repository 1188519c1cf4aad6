/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Where the packed weights of one convolution lie: in one piece of memory, without pointers, so
 * that it can be a part of a file. Whether the file of packed weights fits a network is a matter of
 * sizes alone: each room follows from the convolution's shape.
 *
 *     [ weights ... | shift ... | facts ]    each begins a cache line */

#ifndef SG_NN_ROOM_H
#define SG_NN_ROOM_H

#include <stdint.h>

#include "base/alloc.h"

/* What is known of the weights and would take a look at them to find out. In a file they may be
 * anything; a run is safe with any values, as it is with any weights. */
typedef struct sg_weight_facts {
    double square;     /* mean of the weights' squares, about */
    uint32_t summable; /* not 0: sums of four weights are finite */
    uint32_t reserved; /* 0 */
} sg_weight_facts;

typedef struct sg_room {
    float *weights; /* as the form of the convolution wants them */
    float *shift;   /* (outputs) */
    sg_weight_facts *facts;
    void *own; /* the memory, or NULL if it is somebody else's */
} sg_room;

/* Bytes of a room for so many floats of weights, whole cache lines; 0: more than there can be, or
 * none. */
size_t sg_room_bytes(size_t floats, int32_t outputs);

/* Lays a room out in `given`, or if that is NULL in memory of its own. Where nothing is packed in
 * it yet, what no weight will be written to becomes 0, so that a file of rooms tells nothing of
 * what was in memory before. False: memory is out. */
bool sg_room_take(const sg_allocator *allocator, void *given, bool packed, size_t floats,
                  int32_t outputs, sg_room *room);

/* Idempotent. */
void sg_room_release(const sg_allocator *allocator, sg_room *room);

#endif
