/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Files that people take for checkpoints: a sentence that says what such a file is and what to do
 * with it. */

#ifndef SG_CHECKPOINT_FOREIGN_H
#define SG_CHECKPOINT_FOREIGN_H

#include "directory.h"

/* What a sentence says to do with weights of another framework. */
#define SG_FOREIGN_CONVERT "; convert its weights to a state_dict of torch"

/* Fails with a sentence that names what the checkpoint's file is, judged by its content. SEGENT_OK:
 * that is not known. */
segent_status sg_foreign_name(segent_context *context, const segent_checkpoint *checkpoint);

/* Fails with a sentence that names what a zip archive without FOLDER/data.pkl is. Never SEGENT_OK.
 */
segent_status sg_foreign_name_zip(segent_context *context, const segent_checkpoint *checkpoint,
                                  const sg_directory *directory);

/* What a file of at least one byte is that another framework wrote without a magic number at its
 * beginning. NULL: that is not known. */
const char *sg_foreign_framework(const unsigned char *data, size_t size);

#endif
