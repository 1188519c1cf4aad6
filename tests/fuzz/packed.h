/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Files of packed weights (docs/formats.md): where the numbers of their front lie. */

#ifndef FUZZ_PACKED_H
#define FUZZ_PACKED_H

#include "fuzz.h"

enum {
    PACKED_FRONT = 64,
    PACKED_JSON_SIZE = 16,
    PACKED_BEGIN = 24,
    PACKED_WEIGHTS = 32,
    PACKED_SUM = 56,
    PACKED_PAGE = 4096
};

/* Bytes of the JSON, as far as they are there. `size` is at least PACKED_FRONT. */
size_t packed_json_size(const uint8_t *data, size_t size);

/* Where the weights begin, or the end of the data if that is out of range. */
size_t packed_begin(const uint8_t *data, size_t size);

/* Appends a whole file to `bytes`, which are empty: the front of `data` with its numbers made
 * right, the JSON, and the weights, which are the given ones over and over. */
void packed_make(fuzz_bytes *bytes, const uint8_t *data, const uint8_t *json, size_t json_size,
                 const uint8_t *given, size_t given_size, size_t weights_size);

/* Makes the sum over front and JSON right. */
void packed_seal(fuzz_bytes *bytes);

#endif
