/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Inside the pickle machine: what its two files, pickle.c (the stack) and call.c (globals, calls,
 * storages), need of each other. */

#ifndef SG_CHECKPOINT_MACHINE_H
#define SG_CHECKPOINT_MACHINE_H

#include "pickle.h"

enum { SG_GLOBAL_MAX = 200 /* bytes of a module's or a class's name */ };

/* "FILE: damaged pickle: WHAT, before byte N". */
segent_status sg_machine_damaged(const sg_pickle *p, const char *what);
segent_status sg_machine_no_memory(const sg_pickle *p, size_t bytes);

segent_status sg_machine_push(sg_pickle *p, sg_value value);
segent_status sg_machine_push_integer(sg_pickle *p, sg_kind kind, int64_t integer);

/* Replaces the `count` topmost values by a container of them. */
segent_status sg_machine_push_container(sg_pickle *p, sg_kind kind, size_t count);

/* The `count` topmost values, which stay where they are. */
segent_status sg_machine_top(const sg_pickle *p, size_t count, sg_value **values);

/* Opcodes GLOBAL, REDUCE and NEWOBJ, BUILD, BINPERSID. */
segent_status sg_machine_global(sg_pickle *p);
segent_status sg_machine_call(sg_pickle *p);
segent_status sg_machine_build(sg_pickle *p);
segent_status sg_machine_storage(sg_pickle *p);

#endif
