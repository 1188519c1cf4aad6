/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Convolutions in groups by kernels of their own (kernels/grouped.h), on processors that have them;
 * others, and groups of too few outputs to fill a vector, go through plain.h. */

#ifndef SG_NN_GROUPED_H
#define SG_NN_GROUPED_H

#include "convolution.h"
#include "kernels.h"
#include "room.h"

typedef struct sg_grouped_weights {
    sg_groups groups;
    sg_grouped_fn kernel; /* of the context that packed them */
    sg_room room;         /* weights as the kernel wants them */
} sg_grouped_weights;

#endif
