/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "names.h"

#include <stdlib.h>

#include "console.h"

const char *const voc_names[VOC_CLASSES] = {
    "background", "aeroplane", "bicycle",     "bird",  "boat",        "bottle", "bus",
    "car",        "cat",       "chair",       "cow",   "diningtable", "dog",    "horse",
    "motorbike",  "person",    "pottedplant", "sheep", "sofa",        "train",  "tvmonitor"};

char **names_of_model(const segent_model *model, int32_t classes)
{
    char **names = memory_need((size_t)classes, sizeof(*names));
    for (int32_t id = 0; id < classes; id++)
        names[id] = text_join("%s", segent_model_class_name(model, id));
    return names;
}

char **names_of_count(int32_t classes)
{
    char **names = memory_need((size_t)classes, sizeof(*names));
    for (int32_t id = 0; id < classes; id++)
        names[id] =
            classes == VOC_CLASSES ? text_join("%s", voc_names[id]) : text_join("class %d", id);
    return names;
}

void names_free(char **names, int32_t classes)
{
    for (int32_t id = 0; names && id < classes; id++)
        free(names[id]);
    free(names);
}
