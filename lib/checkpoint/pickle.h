/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A reader of the pickles that torch.save writes. Nothing in them is executed: opcodes and globals
 * come from closed lists, and what a global would have computed becomes an inert value. Values lie
 * in an arena; containers may contain themselves, so nothing here follows them. */

#ifndef SG_CHECKPOINT_PICKLE_H
#define SG_CHECKPOINT_PICKLE_H

#include "table.h"

typedef enum sg_role {
    SG_ROLE_DICT,      /* called: an empty dict */
    SG_ROLE_TENSOR,    /* called: a tensor of its arguments */
    SG_ROLE_PARAMETER, /* called: its first argument, a tensor */
    SG_ROLE_STORAGE,   /* names the type of a storage */
    SG_ROLE_INERT      /* called: something that is carried along and never looked at */
} sg_role;

typedef struct sg_global {
    const char *module, *name;
    sg_role role;
    segent_dtype dtype; /* of a storage; 0: one whose values this library does not read */
    size_t size;        /* bytes of its elements */
} sg_global;

/* NULL when the name is not on the closed list. */
const sg_global *sg_global_find(sg_span module, sg_span name);

typedef enum sg_kind {
    SG_UNSET, /* a place in the memo that nothing was put in */
    SG_NONE,
    SG_BOOL,
    SG_INTEGER,
    SG_BIG_INTEGER, /* beyond 64 bits; its value is not kept */
    SG_FLOAT,       /* nor is this one's */
    SG_STRING,
    SG_TUPLE,
    SG_LIST,
    SG_DICT, /* items: key, value, key, value, ... */
    SG_GLOBAL,
    SG_STORAGE,
    SG_TENSOR, /* `items` are the arguments of _rebuild_tensor_v2 */
    SG_INERT
} sg_kind;

typedef struct sg_items {
    struct sg_value *values;
    size_t count, capacity;
} sg_items;

typedef struct sg_value {
    sg_kind kind;
    uint32_t length; /* of a string */
    union {
        int64_t integer; /* SG_BOOL, SG_INTEGER; SG_STORAGE: index in sg_pickle.storages */
        const char *text;
        const sg_global *global;
        sg_items *items;
    };
} sg_value;

static inline sg_span sg_value_span(sg_value value)
{
    return (sg_span){value.text, value.length};
}

/* What is called a storage in a pickle: the place of a tensor's values, or a view of one. */
typedef struct sg_storage {
    sg_span key;
    const sg_global *type;
    int64_t count;             /* elements of the whole storage */
    int64_t first, view_count; /* the part that is meant: all of it unless it is a view */
    const unsigned char *data; /* of the whole storage; NULL until the container has found it */
} sg_storage;

typedef struct sg_pickle {
    segent_context *context;
    const char *label; /* of the file */
    const unsigned char *data;
    size_t position, end; /* in the file; each load goes on from `position` */
    sg_arena arena;
    sg_storage *storages;
    size_t storage_count, storage_capacity;
    sg_named *keys; /* the storages' keys in order, once indexed */
    bool closed;    /* indexed: a persistent id would add a storage that nothing has checked */
    size_t steps;   /* opcodes so far */
    /* The machine. */
    sg_value *stack, *memo;
    size_t *marks;
    size_t stack_count, stack_capacity, memo_count, memo_capacity, mark_count, mark_capacity;
    size_t begin; /* where this pickle begins */
} sg_pickle;

/* Pickles of the checkpoint's file in [begin, end). */
sg_pickle sg_pickle_open(segent_context *context, const segent_checkpoint *checkpoint, size_t begin,
                         size_t end);

/* Reads one pickle and leaves `position` behind it. */
segent_status sg_pickle_load(sg_pickle *pickle, sg_value *value);

/* Sorts the storages' keys into `keys` and closes the table of storages: in a pickle that is loaded
 * after that a persistent id is an error. Several storages of one key must agree. */
segent_status sg_pickle_index_storages(sg_pickle *pickle);

/* Idempotent. */
void sg_pickle_close(sg_pickle *pickle);

/* What a value is, in words: "a list", "a tensor". */
const char *sg_kind_name(sg_kind kind);

/* Finds the state dict in what a checkpoint's pickle holds and puts its tensors in the table. All
 * storages must have been found. */
segent_status sg_state_collect(const sg_pickle *pickle, sg_value value,
                               segent_checkpoint *checkpoint);

#endif
