/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads a file of settings, as one that was asked for and as one that may be another program's. */

#include <string.h>

#include "fuzz.h"
#include "model/settings.h"

static void read_settings(const uint8_t *data, size_t size, bool strict)
{
    segent_context *context = fuzz_begin();
    sg_settings settings;
    sg_settings_file file = {.allocator = &context->allocator, .strict = strict};
    file.path = sg_alloc_string(file.allocator, "a.json", 6);
    fuzz_check(file.path != NULL, "no memory for a path");
    fuzz_check(sg_enter(context) == SEGENT_OK, "a context in use");
    segent_status status = sg_settings_file_parse(context, data, size, &file);
    for (int i = 0; status == SEGENT_OK && i < SG_SETTINGS; i++) {
        const char *value = sg_settings_file_take(&file, i);
        fuzz_check(!value || strlen(value) <= size, "a value longer than the file");
    }
    if (status == SEGENT_OK)
        status = sg_settings_read(context, NULL, NULL, &file, &settings);
    fuzz_check_result(context, sg_leave(context, status), status == SEGENT_OK ? &settings : NULL);
    sg_settings_file_free(&file);
    fuzz_end();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) /* no empty file comes to the reader */
        return 0;
    read_settings(data, size, true);
    read_settings(data, size, false);
    return 0;
}
