/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads those attributes of whole pickled modules that determine a network. */

#ifndef SG_CHECKPOINT_MODULES_H
#define SG_CHECKPOINT_MODULES_H

#include "pickle.h"

/* The dict of a module's attributes; 0: the value is no module. */
sg_value sg_module_state(sg_pickle *pickle, sg_value value);

/* Keeps the attributes of the module at that path, which lives as long as the checkpoint. */
segent_status sg_module_add(sg_pickle *pickle, sg_value state, sg_span path);

#endif
