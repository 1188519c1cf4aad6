/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#ifndef NAMES_H
#define NAMES_H

#include "segent/segent.h"

enum { VOC_CLASSES = 21 };

extern const char *const voc_names[VOC_CLASSES];

/* Names of a network's classes: an array to free with names_free(). */
char **names_of_model(const segent_model *model, int32_t classes);

/* Where there is no model: VOC's for 21 classes, else "class 0" and so on. */
char **names_of_count(int32_t classes);

void names_free(char **names, int32_t classes);

#endif
