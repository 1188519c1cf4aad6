/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* From a checkpoint's tensors to a network. */

#ifndef SG_MODEL_BUILD_H
#define SG_MODEL_BUILD_H

#include "checkpoint/checkpoint.h"
#include "model/source.h"
#include "net/network.h"
#include "nn/network.h"

/* The eps of all batch norms. Where it is assumed, that of each is what the module says that the
 * file is a pickle of, or torchvision's. */
typedef struct sg_eps {
    double value;
    sg_origin from;
} sg_eps;

/* What the metadata of packed weights say beside settings: the version that packed them, the name
 * of the kernels that read them, the name of the file that they are of and the sha256 of that. */
#define SG_PACKED_BY     "segent.packed_by"
#define SG_PACKED_FOR    "segent.packed_for"
#define SG_PACKED_SOURCE "segent.source"
#define SG_PACKED_SHA256 "segent.source_sha256"
/* And the name of their precision, where it is not float32. */
#define SG_PACKED_PRECISION "segent.precision"

typedef struct sg_built {
    sg_network *network;
    segent_checkpoint *kept; /* whose mapped file the network's weights lie in, or NULL */
    segent_precision precision;
    const char *kernels; /* name of the instruction set that its weights are packed for; static */
    sg_facts facts;
    int64_t parameters; /* used, batch norm's statistics not counted */
    sg_used_tensors tensors;
    double eps;       /* of the first batch norm */
    bool eps_unusual; /* of some batch norm, which is not torchvision's */
    bool eps_mixed;   /* not the same of all */
} sg_built;

/* Builds the network from a checkpoint's tensors, before whose names `prefix` stands. `known` has
 * what was said beforehand of what tensors do not tell, and where that comes from; `eps` is that of
 * all batch norms, if anyone said. With `examine_only` names and shapes are checked, and the
 * network has no weights. `precision` is that of weights and maps. Of packed weights only names and
 * shapes are checked, and that they fit: they are taken as they are. Errors name the checkpoint,
 * the tensor, what was expected and what was found. */
segent_status sg_model_build(segent_context *context, const segent_checkpoint *checkpoint,
                             const char *prefix, const sg_facts *known, sg_eps eps,
                             bool examine_only, segent_precision precision, sg_built *built);

#endif
