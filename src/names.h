/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The names of classes. */

#ifndef NAMES_H
#define NAMES_H

#include "segent/segent.h"

enum { VOC_CLASSES = 21 };

/* The classes of the VOC data set, on which torchvision's networks were trained. */
extern const char *const voc_names[VOC_CLASSES];

/* The names of a model's classes, an array to free with names_free(). */
char **names_of_model(const segent_model *model, int32_t classes);

/* Names for that many classes of which nothing is known, because there is no model: those of VOC
 * for 21 classes, otherwise "class 0" and so on. To free with names_free(). */
char **names_of_count(int32_t classes);

void names_free(char **names, int32_t classes);

#endif
