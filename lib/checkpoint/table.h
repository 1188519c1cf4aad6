/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the files of this folder share: the checkpoint itself, sorted names, an arena, and
 * little-endian bytes. */

#ifndef SG_CHECKPOINT_TABLE_H
#define SG_CHECKPOINT_TABLE_H

#include <stdatomic.h>

#include "base/file.h"
#include "checkpoint.h"

/* Text that lies in the file or in an arena, without a NUL behind it. */
typedef struct sg_span {
    const char *text;
    size_t length;
} sg_span;

/* The two arguments of printf's "%.*s" for a span; a text of 200 bytes or more is cut. */
#define SG_SPAN(span) ((span).length < 200 ? (int)(span).length : 200), (span).text

bool sg_span_is(sg_span span, const char *text);
int sg_span_compare(sg_span a, sg_span b);

/* Whether the text is UTF-8 without NUL: what can be a C string. */
bool sg_span_is_text(sg_span span);

/* ---- names in order ---- */

typedef struct sg_named {
    sg_span name;
    size_t index; /* of what has this name */
} sg_named;

/* A part of a file: [begin, end). */
typedef struct sg_extent {
    uint64_t begin, end;
    size_t index;
} sg_extent;

/* Sorts in the order of sg_span_compare. It looks at each byte of a name once, whatever the names
 * have in common, makes n log n comparisons of integers, and takes SG_SORT_BYTES a name meanwhile.
 * False: memory is out, and nothing has moved. */
enum { SG_SORT_BYTES = 32 };
bool sg_sort_names(const sg_allocator *allocator, sg_named *names, size_t count);

/* Sorts extents by heap sort, which takes n log n comparisons whatever the input and no memory. */
void sg_sort_extents(sg_extent *extents, size_t count);

/* Position of the first name that is not before `name`; `count` if there is none. */
size_t sg_names_lower(const sg_named *names, size_t count, sg_span name);

/* The first name that occurs twice in sorted names, or NULL. */
const sg_named *sg_names_duplicate(const sg_named *names, size_t count);

/* ---- memory ---- */

/* Makes room for `needed` items of `size` bytes, and for twice as many as before if that is more.
 * False: memory is out. */
bool sg_grow(const sg_allocator *allocator, void **items, size_t *capacity, size_t needed,
             size_t size);

/* Memory that is freed all at once. */
typedef struct sg_arena {
    const sg_allocator *allocator;
    struct sg_chunk *chunks;
    size_t used; /* of the first chunk */
} sg_arena;

/* Aligned for pointers and int64_t; NULL when memory is out or `bytes` is 0. */
void *sg_arena_take(sg_arena *arena, size_t bytes);
void sg_arena_release(sg_arena *arena);

/* ---- the checkpoint ---- */

typedef struct sg_stored_tensor {
    sg_span name;           /* NUL-terminated once the table is finished */
    segent_dtype dtype;     /* 0: a type that is not read */
    const char *unreadable; /* the name of that type, such as "U64"; NULL for those that are read.
                             * Lives as long as the checkpoint. */
    int32_t rank;
    int64_t shape[SEGENT_RANK_MAX];
    int64_t stride[SEGENT_RANK_MAX]; /* in elements, never negative */
    int64_t elements;
    const unsigned char *data; /* the first element, unaligned: in the file, or inflated from it */
} sg_stored_tensor;

/* The attributes of a pickled module that determine a network; `counts` says how many numbers each
 * has: 0 to 2. modules.c has their names. */
enum { SG_MODULE_ATTRIBUTES = 7 };
typedef struct sg_module {
    sg_span name;
    double values[SG_MODULE_ATTRIBUTES][2];
    int32_t counts[SG_MODULE_ATTRIBUTES];
} sg_module;

struct segent_checkpoint {
    sg_allocator allocator;
    atomic_int owners; /* that have not let go: the caller's, and models of packed weights */
    sg_file file;      /* empty when memory is read */
    void *own;         /* the memory that is read, where it is not the caller's */
    const unsigned char *data;
    size_t size;
    char *label;
    segent_container container;
    sg_stored_tensor *tensors; /* in the file's order */
    size_t count, capacity;
    sg_named *names;    /* of the tensors, in order */
    char *text;         /* where the names are */
    sg_named *metadata; /* keys in order; `index` is where in metadata_text the value begins */
    size_t metadata_count;
    char *metadata_text;
    int64_t taken;     /* bytes of memory that reading has taken so far */
    sg_arena inflated; /* what was compressed in the file */
    size_t inflated_size;
    sg_arena paths; /* names of a pickle's tensors and modules */
    sg_module *modules;
    size_t module_count, module_capacity;
    sg_named *module_names;           /* in order, without what wrappers added to them */
    char *module_text;                /* where these names are */
    struct sg_opaque *opaque;         /* names of globals without meaning; NULL: none */
    size_t packed_begin, packed_size; /* the block of packed weights in the file; 0, 0: none */
};

/* Counts memory that is about to be taken for reading the file. Beyond the context's memory limit
 * it fails with SEGENT_ERROR_LIMIT. Memory that is given back is not taken off. */
segent_status sg_checkpoint_charge(segent_context *context, segent_checkpoint *checkpoint,
                                   size_t bytes);

/* As sg_grow, and counts the bytes; `what` they are for is named in the error. */
segent_status sg_checkpoint_grow(segent_context *context, segent_checkpoint *checkpoint,
                                 void **items, size_t *capacity, size_t needed, size_t size,
                                 const char *what);

/* As sg_sort_names, and counts the bytes. */
segent_status sg_checkpoint_sort(segent_context *context, segent_checkpoint *checkpoint,
                                 sg_named *names, size_t count);

/* Adds a tensor whose members are all set. */
segent_status sg_table_add(segent_context *context, segent_checkpoint *checkpoint,
                           const sg_stored_tensor *tensor);

/* Copies the names and sorts them. What wrappers added to them is left out, unless two names would
 * become equal: then all stay as they are. A name that occurs twice is an error. */
segent_status sg_table_finish(segent_context *context, segent_checkpoint *checkpoint);

/* The number of elements of a shape. False: a tensor of that many cannot exist. */
bool sg_shape_elements(const int64_t *shape, int32_t rank, int64_t *elements);

/* Strides of a dense tensor in C order. */
void sg_shape_strides(const int64_t *shape, int32_t rank, int64_t *stride);

/* Bytes of an element. */
size_t sg_dtype_size(segent_dtype dtype);

/* The readers of the four forms: each fills an empty checkpoint whose data, size and label are
 * set. What they leave behind on failure is freed with the checkpoint. */
/* Size of the legacy form's first pickle, by which the form is known; 0: the file has another form.
 */
enum { SG_LEGACY_BEGIN_MIN = 15 };
size_t sg_legacy_begin(const unsigned char *data, size_t size);

/* Whether a file of less than SG_LEGACY_BEGIN_MIN bytes is the beginning of the legacy form. */
bool sg_legacy_begins(const unsigned char *data, size_t size);

segent_status sg_load_legacy(segent_context *context, segent_checkpoint *checkpoint);
segent_status sg_load_zip(segent_context *context, segent_checkpoint *checkpoint);
segent_status sg_load_safetensors(segent_context *context, segent_checkpoint *checkpoint);

/* Whether a file begins as packed weights do. */
bool sg_packed_begins(const unsigned char *data, size_t size);
segent_status sg_load_packed(segent_context *context, segent_checkpoint *checkpoint);

/* Reads the JSON of a safetensors header, which lies in the file. With `names_only` the tensors
 * have names and shapes alone, and no values that can be read. */
segent_status sg_read_safetensors_header(segent_context *context, segent_checkpoint *checkpoint,
                                         size_t begin, size_t size, bool names_only);

/* Whether a tensor's elements lie one after another in C order. */
bool sg_tensor_dense(const sg_stored_tensor *tensor);

/* Writes a tensor's values as float32, dense in C order. */
void sg_tensor_convert(const sg_stored_tensor *tensor, float *values);

/* ---- bytes ---- */

static inline uint16_t sg_le16(const unsigned char *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t sg_le32(const unsigned char *bytes)
{
    return sg_le16(bytes) | (uint32_t)sg_le16(bytes + 2) << 16;
}

static inline uint64_t sg_le64(const unsigned char *bytes)
{
    return sg_le32(bytes) | (uint64_t)sg_le32(bytes + 4) << 32;
}

#endif
