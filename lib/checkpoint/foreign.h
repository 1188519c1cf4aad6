/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Files that people take for checkpoints: a sentence that says what such a file is and what to do
 * with it. */

#ifndef SG_CHECKPOINT_FOREIGN_H
#define SG_CHECKPOINT_FOREIGN_H

#include "directory.h"

/* Names what the checkpoint's file is by its content; SEGENT_OK when that is not known. */
segent_status sg_foreign_name(segent_context *context, const segent_checkpoint *checkpoint);

/* Names what a zip archive is that has no FOLDER/data.pkl; never SEGENT_OK. */
segent_status sg_foreign_name_zip(segent_context *context, const segent_checkpoint *checkpoint,
                                  const sg_directory *directory);

#endif
