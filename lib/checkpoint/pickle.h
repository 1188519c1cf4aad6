/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A reader of the pickles that torch.save writes. Nothing in them is executed: what Python would
 * call is kept as an object without behaviour, of which one can ask what it was to be called with.
 * The memory taken is linear in the pickle: a value is one word, numbers and texts stay where they
 * lie in the file, and what is put into containers is a log that is put in order at the end. */

#ifndef SG_CHECKPOINT_PICKLE_H
#define SG_CHECKPOINT_PICKLE_H

#include "words.h"

/* A value has its sg_tag in the lowest four bits and above them what the comment on the tag says. 0
 * is no value. */
typedef uint32_t sg_value;
enum { SG_TAG_BITS = 4, SG_PICKLE_MAX = (1 << 28) - 16 /* bytes of a pickle */ };
typedef enum sg_tag {
    SG_NOTHING,
    SG_SCALAR,      /* where its opcode is: None, a bool, a number, a text */
    SG_GLOBAL,      /* where its opcode is, with the names behind it */
    SG_GLOBAL_PAIR, /* where in `tuples` the values of its two names are */
    SG_TUPLE0,      /* 0 */
    SG_TUPLE1,      /* where in `tuples` its item is */
    SG_TUPLE2,      /* where in `tuples` its two items are */
    SG_TUPLE3,      /* where in `tuples` its three items are */
    SG_TUPLE,       /* where in `tuples` the number of its items is; they follow */
    SG_LIST,        /* its number among the containers */
    SG_DICT,        /* its number among the containers */
    SG_OBJECT,      /* its number among the containers: what Python would have called */
    SG_SET,         /* 0: what is in a set is not kept */
    SG_PERSISTENT,  /* as SG_TUPLE: a persistent id */
    SG_TAG_COUNT
} sg_tag;

static inline sg_tag sg_value_tag(sg_value value)
{
    return (sg_tag)(value & ((1 << SG_TAG_BITS) - 1));
}

static inline uint32_t sg_value_payload(sg_value value)
{
    return value >> SG_TAG_BITS;
}

/* A storage is torch's word for the memory that tensors' values lie in. */
typedef struct sg_storage {
    sg_span key;
    const struct sg_storage_type *type; /* NULL: its name is not known */
    int64_t count;                      /* elements */
    const unsigned char *data;          /* NULL until the container has found it */
} sg_storage;

typedef struct sg_storage_type {
    const char *name;
    segent_dtype dtype;     /* 0: values that are not read */
    size_t size;            /* bytes of an element */
    const char *unreadable; /* name of a type whose values are not read */
} sg_storage_type;

typedef struct sg_pickle {
    sg_owner owner;
    const char *label; /* of the file */
    const unsigned char *data;
    size_t size, position; /* of the data; where the next opcode is */
    size_t origin;         /* where the data begins in the file, for sentences */
    bool plain;            /* a pickle beside the object's: a persistent id in it is an error */
    /* What the machine works with. */
    sg_words stack, marks, memo;
    sg_words seen; /* a bit for each word of `tuples` that a kept persistent id begins at */
    uint32_t memo_entries;
    /* What the machine leaves behind. */
    sg_words tuples;
    sg_words log;        /* what was put into containers; see values.c */
    sg_words used;       /* a bit for each container that something was put into */
    sg_words ranks;      /* of each word of `used`, the bits that are set before it */
    sg_words heads;      /* of each such container, its first entry in the log, plus 1 */
    sg_words persistent; /* ids */
    uint32_t containers;
    uint64_t work; /* entries of the log that were looked at */
    sg_storage *storages;
    size_t storage_count;
} sg_pickle;

/* Reads one pickle that begins at `data`, and leaves `position` behind it. `plain`: it must hold
 * nothing but plain values. The pickle has to be closed whether or not this fails. */
segent_status sg_pickle_load(segent_context *context, segent_checkpoint *checkpoint,
                             const unsigned char *data, size_t size, bool plain, sg_pickle *pickle,
                             sg_value *value);

/* Idempotent. */
void sg_pickle_close(sg_pickle *pickle);

/* Makes the list of all storages that the pickle names, each once, in the order of their keys.
 * Several persistent ids with the same key must agree. */
segent_status sg_pickle_index_storages(sg_pickle *pickle);

/* The storage with that key. NULL: there is none. */
sg_storage *sg_pickle_find_storage(const sg_pickle *pickle, sg_span key);

/* ---- values.c: what a value is ---- */

/* What a value is, in words for a sentence: "a list", "a tensor". */
const char *sg_value_name(const sg_pickle *pickle, sg_value value);

bool sg_value_integer(const sg_pickle *pickle, sg_value value, int64_t *integer);
bool sg_value_number(const sg_pickle *pickle, sg_value value, double *number);
bool sg_value_text(const sg_pickle *pickle, sg_value value, sg_span *text);
bool sg_value_is_text(const sg_pickle *pickle, sg_value value, const char *text);
bool sg_value_is_true(const sg_pickle *pickle, sg_value value);
bool sg_value_is_none(const sg_pickle *pickle, sg_value value);

/* The number of items of a tuple or of a persistent id; -1: the value is neither. */
int64_t sg_tuple_count(const sg_pickle *pickle, sg_value tuple);
sg_value sg_tuple_item(const sg_pickle *pickle, sg_value tuple, uint32_t index);

/* The names of a global or, through its persistent id, of a class of modules. */
bool sg_value_global(const sg_pickle *pickle, sg_value value, sg_span *module, sg_span *name);
bool sg_value_is_global(const sg_pickle *pickle, sg_value value, const char *module,
                        const char *name);

/* A walk over what was put into a list, a dict or an object, in order; a dict's are key, value,
 * key, value. Starts as {sg_container_first(...), 0}. */
typedef struct sg_cursor {
    uint32_t batch, item;
} sg_cursor;
sg_cursor sg_container_first(const sg_pickle *pickle, sg_value container);
bool sg_container_next(sg_pickle *pickle, sg_cursor *cursor, sg_value *value);

/* Empties a container, so that nobody walks it again. */
void sg_container_forget(sg_pickle *pickle, sg_value container);

/* What Python would have called to make an object, and the arguments. */
bool sg_object_call(const sg_pickle *pickle, sg_value object, sg_value *callee,
                    sg_value *arguments);

/* The state that an object was given last; 0: it was given none. */
sg_value sg_object_state(sg_pickle *pickle, sg_value object);

/* The value of a key in a dict, of several the last one; 0: the key is not there. */
sg_value sg_dict_find(sg_pickle *pickle, sg_value dict, const char *key);

/* ---- globals.c ---- */

/* Whether a pickle that names this is an attack: see docs/security.md. */
bool sg_global_denied(sg_span module, sg_span name);

/* Whether the library knows what a global stands for, so that it is not listed as an opaque one. */
bool sg_global_known(sg_span module, sg_span name);

const sg_storage_type *sg_storage_type_find(sg_span module, sg_span name);

/* The type of values that a torch.dtype names; NULL: an unknown one. */
const sg_storage_type *sg_dtype_find(sg_span name);

/* ---- state.c, tensor.c ---- */

/* Puts all tensors that names lead to into the table. The data of all storages must have been
 * found.
 */
segent_status sg_state_collect(sg_pickle *pickle, sg_value value, segent_checkpoint *checkpoint);

/* What Python would make of a value that is a Parameter or another wrapper around a tensor: the
 * call that makes the tensor. False: it is no object. */
typedef struct sg_call {
    sg_value callee, arguments;
} sg_call;
bool sg_call_of(const sg_pickle *pickle, sg_value value, sg_call *call);

/* Whether a call makes a tensor. */
bool sg_call_is_tensor(const sg_pickle *pickle, const sg_call *call);

/* Reads the tensor that a call makes, whose name is set already. A tensor whose values this library
 * does not read gets the dtype 0 and the name of its type. */
segent_status sg_tensor_read(const sg_pickle *pickle, const sg_call *call,
                             sg_stored_tensor *tensor);

#endif
