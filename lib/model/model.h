/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A model: the network and what its file says about it. */

#ifndef SG_MODEL_H
#define SG_MODEL_H

#include "api.h"
#include "model/build.h"

struct segent_model {
    sg_allocator allocator;
    sg_built built;
    char architecture[64];
    char *description;
    char *prefix;
    char *names;        /* of the classes, NUL-terminated, one after another */
    char **class_names; /* into `names` */
    segent_container container;
    segent_engine engine; /* of its runs */
    int64_t parameters_in_file;
    float temperature;
    int32_t size;
};

#endif
