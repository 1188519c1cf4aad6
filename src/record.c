/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "record.h"

#include <stdlib.h>

#include "clashes.h"
#include "console.h"
#include "outputs.h"

char *record_path(const sg_settings *settings)
{
    if (settings->manifest)
        return text_join("%s", settings->manifest);
    return settings->resume ? text_join("%s/segent.manifest.jsonl", settings->out) : NULL;
}

bool record_open(sg_record *record, const sg_settings *settings, const char *model)
{
    *record = (sg_record){.settings = settings, .manifest = {.descriptor = -1}};
    if (!settings->manifest)
        return true;
    /* The manifest may lie in the folder of the outputs. */
    record->kept = clashes_check_manifest(settings, model) &&
                   (settings->save == 0 || outputs_folder(settings->out)) &&
                   manifest_open(&record->manifest, settings->manifest);
    return record->kept;
}

bool record_begin(sg_record *record, const char *path, uint64_t file,
                  const segent_model_details *details)
{
    const sg_settings *settings = record->settings;
    if (!record->kept)
        return true;
    record->stamped =
        stamp_run(settings, path, details, &record->run) && file != 0 && stamp_file(path) == file;
    if (!record->stamped)
        console_say("%s: changed while it was read, or is not a regular file: no result of this "
                    "run can be kept by a later one",
                    path);
    return !settings->resume ||
           manifest_load(&record->manifest, settings->inputs, settings->input_count);
}

char *record_keep(const sg_record *record, const char *input)
{
    uint64_t bytes;
    if (!record->stamped || !record->settings->resume)
        return NULL;
    const sg_manifest_entry *entry = manifest_find(&record->manifest, input);
    if (!entry || entry->stamp.run != record->run)
        return NULL;
    const uint64_t file = stamp_file(input);
    if (file == 0 || entry->stamp.outputs != stamp_outputs(record->settings, input))
        return NULL;
    if (entry->stamp.file != file && !(stamp_bytes(input, &bytes) && entry->stamp.picture == bytes))
        return NULL;
    return manifest_kept(&record->manifest, entry);
}

sg_stamp record_stamp(const sg_record *record, const char *input)
{
    sg_stamp stamp = {.run = record->run};
    if (record->stamped) {
        stamp.file = stamp_file(input);
        if (stamp.file != 0 && !stamp_bytes(input, &stamp.picture))
            stamp.file = 0;
    }
    return stamp;
}

bool record_add(sg_record *record, const char *input, const char *json, sg_stamp stamp)
{
    if (!record->kept)
        return true;
    /* A picture that changed meanwhile may be read as neither the old nor the new one. */
    const bool stamped = stamp.file != 0 && stamp.file == stamp_file(input);
    if (stamped)
        stamp.outputs = stamp_outputs(record->settings, input);
    return manifest_append(&record->manifest, json, stamped && stamp.outputs != 0 ? &stamp : NULL);
}

void record_close(sg_record *record, bool refused)
{
    manifest_close(&record->manifest, refused);
}
