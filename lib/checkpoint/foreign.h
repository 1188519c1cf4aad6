/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Files that people take for checkpoints: a sentence that says what such a file is and what to do
 * with it. */

#ifndef SG_CHECKPOINT_FOREIGN_H
#define SG_CHECKPOINT_FOREIGN_H

#include "directory.h"

/* Fails with a sentence that names what the checkpoint's file is, judged by its content. SEGENT_OK:
 * that is not known. */
segent_status sg_foreign_name(segent_context *context, const segent_checkpoint *checkpoint);

/* Fails with a sentence that names what a zip archive without FOLDER/data.pkl is. Never SEGENT_OK.
 */
segent_status sg_foreign_name_zip(segent_context *context, const segent_checkpoint *checkpoint,
                                  const sg_directory *directory);

#endif
