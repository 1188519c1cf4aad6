/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the tests of the host contract (docs/hosting.md) share: a small network and a picture. */

#ifndef TEST_HOST_H
#define TEST_HOST_H

#include "network_weights.h"

enum { HOST_CLASSES = 5, HOST_WIDTH = 75, HOST_HEIGHT = 53 };

/* The picture's shorter side, for which the model says it was trained: quick in the emulators that
 * run these tests, too. */
#define HOST_SIZE "53"

/* A network of seeded weights with HOST_CLASSES classes, and a file of torch's with the same. */
segent_model *host_model(segent_context *context);
const char *host_checkpoint(void);

/* A picture of noise, HOST_WIDTH x HOST_HEIGHT. */
segent_image *host_image(segent_context *context);

/* A run of the two at the picture's own size; the caller destroys the result. */
segent_result *host_run(segent_context *context, const segent_model *model,
                        const segent_image *image);

/* Logits for entropy maps: HOST_CLASSES x HOST_HEIGHT x HOST_WIDTH, dense. The caller frees the
 * data. */
segent_tensor_view host_logits(void);

/* A context with that many threads. */
segent_context *host_context(int32_t threads);

/* Threads of this process; 0 where nobody says. */
int64_t host_count_threads(void);

/* Whether there are so many, in a moment: one that was joined may still be on its way out of the
 * system's list. */
bool host_threads_are(int64_t expected);

#endif
