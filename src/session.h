/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the subcommands set up alike: the context, and which model is meant. */

#ifndef SESSION_H
#define SESSION_H

#include "options.h"
#include "segent/segent.h"

/* A context as the command line asks for, whose notes are shown with --verbose; NULL: failed,
 * already said. */
segent_context *session_open(const sg_settings *settings);

/* A context for making output pictures: --pixel-limit is for what comes in, and a panel may be
 * larger than the picture it shows. */
segent_context *session_open_outputs(void);

/* The path that session_find_model() gives, without a word. To free; NULL: there is none. */
char *session_model_path(const sg_settings *settings);

/* Path of the model: -m, else $SEGENT_MODEL, else the bundled demonstration model, which is said on
 * stderr. To free; NULL: there is none, already said. */
char *session_find_model(const sg_settings *settings);

#endif
