/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the subcommands set up alike: the library's context, and the file of the model. */

#ifndef SESSION_H
#define SESSION_H

#include "options.h"
#include "segent/segent.h"

/* Makes a context with the threads and limits that the command line asks for. The library's
 * warnings are shown unless --quiet forbids it, its notes with --verbose. NULL: it failed, already
 * said. */
segent_context *session_open(const sg_settings *settings);

/* How pictures and labels are read. */
segent_image_options session_image_options(const sg_settings *settings);

/* Makes a context without limits to write pictures with: --pixel-limit is for what comes in, and a
 * panel may be larger than the picture that it shows. NULL: it failed, already said. */
segent_context *session_open_outputs(void);

/* The path that session_find_model() gives, but nothing is said. To free; NULL: there is none. */
char *session_model_path(const sg_settings *settings);

/* The path of a model that the user named by a path or by the name of a published network
 * (model_file.h). To free; NULL: there is none, already said. */
char *session_find_file(const char *named);

/* The path of the model: what -m names, else what $SEGENT_MODEL names, else the bundled
 * demonstration model. That the last one is used is said on stderr. To free; NULL: there is none,
 * already said. */
char *session_find_model(const sg_settings *settings);

#endif
