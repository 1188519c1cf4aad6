/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Whether outputs would spoil an input, the model or each other. Files are told apart by device
 * and inode, so that no other spelling, link or letter case of a name hides one. */

#ifndef CLASHES_H
#define CLASHES_H

#include "options.h"

/* No two inputs have the same outputs, no output would overwrite an input, the file `model` (NULL:
 * none) or what this program's standard output goes to, and no two outputs lead to one file.
 * False: refused, already said. */
bool clashes_check(const sg_settings *settings, const char *const *suffixes, int suffix_count,
                   const char *model);

/* The same of names that only the file system takes as one, such as a.jpg and A.JPG; the folder of
 * the outputs must be there. */
bool clashes_probe(const sg_settings *settings, const char *const *suffixes);

#endif
