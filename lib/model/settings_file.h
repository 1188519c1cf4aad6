/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A file of JSON beside a checkpoint, which says of the network what the checkpoint does not. */

#ifndef SG_SETTINGS_FILE_H
#define SG_SETTINGS_FILE_H

#include "base/context.h"
#include "model/setting_rows.h"

typedef struct sg_settings_file {
    const sg_allocator *allocator;
    char *path;                      /* NULL: there is none */
    char *room;                      /* of the values */
    const char *values[SG_SETTINGS]; /* as metadata would have them; NULL: nothing is said */
    bool used[SG_SETTINGS];
    /* What does not fit is an error. Otherwise the file may be another program's, and what does not
     * fit is passed over with a warning. */
    bool strict;
} sg_settings_file;

/* Reads the file `given`; NULL: the one that stands beside `checkpoint`, a path or NULL, if there
 * is one; "": none. It is to be freed in any case. */
segent_status sg_settings_file_read(segent_context *context, const char *given,
                                    const char *checkpoint, sg_settings_file *file);

/* The same of a text of JSON in memory: `path` and `strict` are set, and `allocator`. */
segent_status sg_settings_file_parse(segent_context *context, const void *data, size_t size,
                                     sg_settings_file *file);

void sg_settings_file_free(sg_settings_file *file);

/* The file's value of a setting, in the form that metadata has, which counts as used from now on.
 * NULL: the file has none. */
const char *sg_settings_file_take(sg_settings_file *file, sg_setting setting);

/* Tells that a value that was taken cannot be used: by the error "FILE: KEY PROBLEM" if the file is
 * strict, or else by a warning and SEGENT_OK. */
segent_status sg_settings_file_refuse(segent_context *context, sg_settings_file *file,
                                      sg_setting setting, const char *problem);

/* A value that was taken does not count as used: something else had the say. */
void sg_settings_file_forget(sg_settings_file *file, sg_setting setting);

/* Writes the keys that are used, with commas between them, as many as there is room for. Returns
 * whether there are any. */
bool sg_settings_file_used(const sg_settings_file *file, char *text, size_t size);

#endif
