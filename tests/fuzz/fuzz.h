/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the fuzz targets and their mutators share. Each target is a program of three parts: a file
 * target_*.c that tries one input, a file mutate_*.c that changes inputs of that form, and
 * libFuzzer's main function or the one in driver.c. */

#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "segent/segent.h"

/* ---- the interface of libFuzzer ---- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned seed);

/* Changes some bytes in any way. libFuzzer provides this function, and driver.c a simple one. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* ---- a target's surroundings ---- */

/* Returns the context that all inputs are tried in. It has one thread, and counts its memory, of
 * which there are 256 MiB at most. */
segent_context *fuzz_begin(void);

/* The options of all pictures: 2^20 pixels at most. */
segent_image_options fuzz_image_options(void);

/* Ends one input. Aborts if something that was allocated since fuzz_begin is still there. */
void fuzz_end(void);

/* The most bytes that were allocated at once since fuzz_begin. */
size_t fuzz_peak(void);

/* Aborts with a sentence unless the condition holds. */
void fuzz_check(bool condition, const char *what);

/* Checks what must hold after every call: success made an object, or failure made none and set a
 * sentence, and the status is not one that only a defect of the library would return. */
void fuzz_check_result(segent_context *context, segent_status status, const void *object);

/* ---- chance ---- */

typedef struct fuzz_random {
    uint64_t state;
} fuzz_random;

uint64_t fuzz_next(fuzz_random *random);
size_t fuzz_below(fuzz_random *random, size_t count); /* 0 to count - 1; 0 if count is 0 */
bool fuzz_one_in(fuzz_random *random, size_t count);

/* A number at a place where code often goes wrong: near 0, a power of two, or `hint`. */
uint64_t fuzz_odd_number(fuzz_random *random, uint64_t hint);

/* ---- bytes ---- */

typedef struct fuzz_bytes {
    uint8_t *data;
    size_t size, capacity;
} fuzz_bytes;

void fuzz_append(fuzz_bytes *bytes, const void *data, size_t size);
void fuzz_append_byte(fuzz_bytes *bytes, unsigned value);
void fuzz_append_text(fuzz_bytes *bytes, const char *text);
void fuzz_append_little(fuzz_bytes *bytes, uint64_t value, size_t size); /* little-endian */
void fuzz_append_big(fuzz_bytes *bytes, uint64_t value, size_t size);    /* big-endian */
void fuzz_set_little(uint8_t *data, uint64_t value, size_t size);
void fuzz_set_big(uint8_t *data, uint64_t value, size_t size);
uint64_t fuzz_little(const uint8_t *data, size_t size);
uint64_t fuzz_big(const uint8_t *data, size_t size);

/* Changes a part of the bytes by LLVMFuzzerMutate, which may make it longer by up to `room` bytes.
 */
void fuzz_mutate_part(fuzz_bytes *bytes, size_t begin, size_t size, size_t room);

/* Replaces `size` bytes at `begin` by `data`. */
void fuzz_replace(fuzz_bytes *bytes, size_t begin, size_t size, const void *data, size_t data_size);

/* Copies the bytes to `out`, as many as fit, frees them, and returns the count. */
size_t fuzz_deliver(fuzz_bytes *bytes, uint8_t *out, size_t max_out);

uint32_t fuzz_crc32(const uint8_t *data, size_t size);

#endif
