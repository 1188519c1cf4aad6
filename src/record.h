/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What a run leaves so that another one can go on: --manifest and --resume. */

#ifndef RECORD_H
#define RECORD_H

#include "manifest.h"

typedef struct sg_record {
    const sg_settings *settings;
    sg_manifest manifest;
    bool kept;    /* there is a manifest */
    bool stamped; /* `run` is known, so that lines can have stamps */
    uint64_t run;
} sg_record;

/* The path of the manifest: what --manifest says, or with --resume a file in the folder of the
 * outputs. To free; NULL: there is none. */
char *record_path(const sg_settings *settings);

/* Opens the manifest that the settings name, if there is one, unless lines would go into an input,
 * the model (NULL: none) or a stream. False: refused, already said. */
bool record_open(sg_record *record, const sg_settings *settings, const char *model);

/* Notes the model, which was loaded from `path` while that file had the hash `file` (stamp_file()),
 * and with --resume reads the manifest. False: it cannot be read, already said. */
bool record_begin(sg_record *record, const char *path, uint64_t file,
                  const segent_model_details *details);

/* The JSON of an input whose result is there and would be the same again; else NULL. To free. */
char *record_keep(const sg_record *record, const char *input);

/* What is known of an input before it is read. */
sg_stamp record_stamp(const sg_record *record, const char *input);

/* Appends the line of an input whose outputs are written. False: it cannot, already said. */
bool record_add(sg_record *record, const char *input, const char *json, sg_stamp stamp);

/* Closes the manifest. `refused`: nothing was done, so a manifest that was made goes again. */
void record_close(sg_record *record, bool refused);

#endif
