/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the tests of models and runs share. */

#ifndef TEST_RUN_COMMON_H
#define TEST_RUN_COMMON_H

#include "network_weights.h"

/* Writes a network of seeded weights to a new file and returns its path, which is good until the
 * fourth call after. `options` may be NULL. */
const char *run_checkpoint(const test_network_shape *shape, segent_container container,
                           const test_writer_options *options);

enum { RUN_PATH = 128 };

/* Writes such a network, with metadata or without (NULL), to a safetensors file and its path to
 * `path`. */
void run_write(char path[RUN_PATH], const test_network_shape *shape, const char *const *metadata);

/* The model of a file, with the caller's settings (may be NULL). */
segent_model *run_load(segent_context *context, const char *path, const char *settings);

/* Expects that the caller's settings are refused with a sentence that has `part` in it. */
void run_refused(segent_context *context, const char *path, const char *settings, const char *part);

/* A model of such a network, which says of itself that it was trained for that size: a number as
 * text, or NULL. */
segent_model *run_model(segent_context *context, const test_network_shape *shape, const char *size);

/* Pixels of noise, H x W x 3; to free. */
uint8_t *run_noise(uint64_t seed, int32_t height, int32_t width);

/* A picture of dense RGB pixels. */
segent_image *run_image(segent_context *context, const uint8_t *rgb, int32_t height, int32_t width);

/* A context with that many threads. */
segent_context *run_context(int32_t threads);

/* Asserts that two results are the same in every bit: labels, entropy, sums, and the network's own
 * logits. */
void run_assert_same(const segent_result *result, const segent_result *expected);

/* Whether what runs here is slowed down so much by valgrind that each thing once has to do. */
bool run_is_brief(void);

#endif
