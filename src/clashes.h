/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Whether outputs would overwrite an input, the model or each other. Files are told apart by device
 * and inode, because a name can be spelt in many ways: through links, in other letter case. */

#ifndef CLASHES_H
#define CLASHES_H

#include "options.h"

/* Checks that no two inputs have the same outputs, that no output would overwrite an input, the
 * file `model` (NULL: none) or the files that standard output and standard error go to, and that no
 * two outputs lead to one file. False: refused, already said. */
bool clashes_check(const sg_settings *settings, const char *const *suffixes, int suffix_count,
                   const char *model);

/* Checks that the lines of the manifest would go neither into an input nor into the file `model`
 * (NULL: none) nor where the streams go to. False: refused, already said. */
bool clashes_check_manifest(const sg_settings *settings, const char *model);

/* Checks that the file of a state, which is replaced at the end, is none of the inputs, nor the
 * file `model` (NULL: none), nor where the streams go to. False: refused, already said. */
bool clashes_check_state(const sg_settings *settings, const char *model);

/* Checks that `path`, an output of the first input, would not overwrite that input or the files of
 * the streams. False: refused, already said. */
bool clashes_check_path(const sg_settings *settings, char *path);

/* Checks the same for names that only some file systems take as one, such as a.jpg and A.JPG. It
 * tries this in the folder of the outputs, which must be there. */
bool clashes_probe(const sg_settings *settings, const char *const *suffixes);

#endif
