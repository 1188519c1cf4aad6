/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A network as data: a list of operations, in the order in which they are done. Files in lib/net
 * write such lists; everything that is done for each operation (looking for its weights, packing
 * them, planning memory, running, reporting) walks the list once and knows no network. */

#ifndef SG_NN_OPS_H
#define SG_NN_OPS_H

#include <stdbool.h>
#include <stdint.h>

#include "activation.h"

/* A feature map by its number; each is the output of one operation or more. */
typedef int32_t sg_map;
enum { SG_NO_MAP = 0, SG_PICTURE = 1 /* the network's input: red, green and blue, normalised */ };

typedef enum sg_op_kind {
    SG_OP_CONVOLUTION,  /* with batch norm or bias, an addition and an activation behind it */
    SG_OP_MAX_POOL,     /* 3x3, stride 2, padding 1 */
    SG_OP_AVERAGE_POOL, /* of the whole map: to one pixel */
    SG_OP_RESIZE,       /* bilinear, to the size of another map */
    SG_OP_LOGITS        /* an end: from channels-last to the caller's planes */
} sg_op_kind;

/* The largest number of channels and the largest kernel: index arithmetic relies on them. */
enum { SG_OP_NAME = 64, SG_CHANNELS_MAX = 1 << 20, SG_KERNEL_MAX = 32 };

typedef struct sg_op {
    sg_op_kind kind;
    char name[SG_OP_NAME];    /* torchvision's name of the module that does it */
    char weights[SG_OP_NAME]; /* the module whose tensors are its weights, or "" */
    char norm[SG_OP_NAME];    /* the batch norm that is folded into them, or "" */
    char module[SG_OP_NAME];  /* the module whose output the output is, or "" */
    sg_map input, output;
    int32_t first_output; /* channel of the output map that its first output goes to */
    sg_map addend;        /* added before the activation; or SG_NO_MAP */
    sg_map scale;         /* one pixel, whose values the inputs are multiplied by; or SG_NO_MAP */
    sg_map like;          /* the map whose size the output gets; or SG_NO_MAP */
    sg_map bias; /* one pixel, in the place of the batch norm's shift or the bias; or SG_NO_MAP */
    int32_t inputs, outputs; /* channels */
    int32_t kernel, stride, padding, dilation;
    int32_t groups; /* the weights' tensor is (outputs, inputs / groups, kernel, kernel) */
    sg_activation activation;
    double epsilon;        /* of the batch norm */
    int32_t first_input;   /* its weights are those of the inputs from there on, */
    int32_t weight_inputs; /* among so many of an output that the tensor has */
    bool geometry_given;   /* stride and dilation, by the caller, whatever the file says of them */
    bool auxiliary;        /* a part of the auxiliary classifier, which a run may leave out */
    bool needs_bias; /* its bias must be there; that of others may be missing, and is 0 then */
    bool no_bias;    /* there is neither a batch norm nor a bias */
    bool background; /* the tensor lacks the first output, whose weights and bias are zeros */
} sg_op;

typedef struct sg_ops {
    sg_op *list;
    int32_t count;
    int32_t maps;      /* they are numbered from SG_PICTURE to this number */
    int32_t *channels; /* of each map, by its number */
} sg_ops;

#endif
