/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Where outputs go: DIR/STEM and a suffix that tells the kind. All that can be refused is refused
 * before any work begins. */

#ifndef OUTPUTS_H
#define OUTPUTS_H

#include "options.h"

/* The base name of an input without its last extension; "stdin" for "-". To free. */
char *output_stem(const char *input);

/* The path of an output: the folder, the input's stem and the suffix. To free. */
char *output_path(const char *folder, const char *input, const char *suffix);

/* The suffix of a kind of output: ".panel.png", ".entropy.npy" and so on. */
const char *output_suffix(sg_save_kind kind);

/* Checks that no two inputs have the same outputs, that no output would overwrite an input, the
 * file `model` (NULL: none) or another output, and makes the folder, which must be writable. False:
 * refused, already said. */
bool outputs_prepare(const sg_settings *settings, const char *const *suffixes, int suffix_count,
                     const char *model);

/* Makes the folder and its parents, unless it is there; it must be writable. False: it is not,
 * already said. */
bool outputs_folder(const char *folder);

/* Removes the folders that these functions made and that nothing was written into. */
void outputs_finish(void);

#endif
