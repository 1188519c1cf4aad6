/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The safetensors form: the size of a header (64 bits), the header, which is JSON, and the tensors'
 * values, one tensor after another and dense, little-endian. */

#ifndef SAFETENSORS_H
#define SAFETENSORS_H

#include <stdbool.h>

#include "segent/segent.h"
#include "whole_file.h"

/* How values are stored. The words of --dtype are in this order. */
typedef enum sg_storage { STORE_F32, STORE_F16, STORE_BF16 } sg_storage;
#define STORAGES "f32|f16|bf16"

/* Bytes of one value. */
size_t storage_size(sg_storage storage);

/* A text about the whole file. */
typedef struct sg_note {
    char *key, *value;
} sg_note;

/* A tensor that is written, and the index of the one of a checkpoint that it is. */
typedef struct sg_weights {
    const char *name;
    int64_t index, elements;
    int32_t rank;
    int64_t shape[SEGENT_RANK_MAX];
} sg_weights;

/* The text as UTF-8, which is all that a header may be: a byte that is none becomes U+FFFD. To
 * free. */
char *safetensors_text(const char *text);

/* The size and the header of a file with these tensors, in this order, and notes. Spaces at its end
 * let the values begin at a multiple of 64 bytes. Names and keys are printable ASCII without
 * quotation marks and backslashes. To free. */
char *safetensors_header(const sg_weights *tensors, int64_t count, const sg_note *notes,
                         int note_count, sg_storage storage, size_t *size);

/* Appends `count` values. Returns the position of the first that the storage cannot hold, because
 * it is too large or not finite, and then nothing else is appended; -1: there is none. Whether the
 * bytes could be written, the file knows. */
int64_t safetensors_write(sg_whole_file *file, const float *values, int64_t count,
                          sg_storage storage);

#endif
