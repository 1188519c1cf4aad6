/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "evaluate_inputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clashes.h"
#include "console.h"
#include "input.h"
#include "outputs.h"
#include "session.h"

/* The name of an array without what `segent run` adds to it: cat.logits.npy becomes cat.npy. */
static char *plain_name(const sg_settings *settings, const char *input)
{
    const char *suffix = output_suffix(settings->probabilities ? SAVE_PROBS_NPY : SAVE_LOGITS_NPY);
    const size_t length = strlen(input), end = strlen(suffix);
    const bool longer = settings->logits && length > end && input[length - end - 1] != '/' &&
                        strcmp(input + length - end, suffix) == 0;
    return longer ? text_join("%.*s.npy", (int)(length - end), input) : text_join("%s", input);
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* That no two inputs are compared with one file of labels: one of them would be the wrong one. */
static bool check_distinct(const sg_pairs *pairs)
{
    const size_t count = pairs->labels.count;
    bool distinct = true;
    if (count == 0)
        return true;
    char **sorted = memory_need(count, sizeof(*sorted));
    memcpy(sorted, pairs->labels.names, count * sizeof(*sorted));
    qsort(sorted, count, sizeof(*sorted), by_text);
    for (size_t i = 1; i < count && distinct; i++) {
        distinct = strcmp(sorted[i - 1], sorted[i]) != 0;
        if (!distinct)
            console_say("two inputs would be compared with %s; nothing was done (give them one at "
                        "a time, and add the states up)",
                        sorted[i]);
    }
    free(sorted);
    return distinct;
}

/* That a state can be written, and would overwrite nothing. */
static bool check_state(const sg_settings *settings, const sg_pairs *pairs, const char *model)
{
    if (!settings->state)
        return true;
    const size_t inputs = pairs->inputs.count, all = inputs + pairs->labels.count;
    sg_settings files = *settings;
    files.inputs = memory_need(all + 1, sizeof(*files.inputs));
    files.input_count = (int)all;
    for (size_t i = 0; i < all; i++)
        files.inputs[i] = i < inputs ? pairs->inputs.names[i] : pairs->labels.names[i - inputs];
    const bool distinct = clashes_check_state(&files, model);
    free(files.inputs);
    if (!distinct)
        return false;
    const char *slash = strrchr(settings->state, '/');
    char *folder = slash ? text_join("%.*s/", (int)(slash - settings->state), settings->state)
                         : text_join(".");
    const bool writable = access(folder, W_OK | X_OK) == 0;
    if (!writable)
        console_fail(settings->state, strerror(errno));
    free(folder);
    return writable;
}

bool pairs_list(const sg_settings *settings, const char *model, sg_pairs *pairs)
{
    if (settings->logits)
        pairs->failed += !arrays_add(&pairs->inputs, settings->logits, settings->probabilities);
    for (int i = 0; i < settings->input_count; i++) {
        if (settings->merge)
            names_add(&pairs->inputs, text_join("%s", settings->inputs[i]));
        else
            pairs->failed += !pictures_add(&pairs->inputs, settings->inputs[i]);
    }
    for (size_t i = 0; i < pairs->inputs.count && !settings->merge; i++) {
        char *name = plain_name(settings, pairs->inputs.names[i]);
        names_add(&pairs->labels, output_path(settings->labels, name, ".png"));
        free(name);
    }
    return check_distinct(pairs) && check_state(settings, pairs, model);
}

void pairs_free(sg_pairs *pairs)
{
    pictures_free(&pairs->inputs);
    pictures_free(&pairs->labels);
}

/* ---- labels ---- */

bool pair_labels(segent_context *context, const sg_settings *settings, const char *input,
                 const char *path, segent_labels **labels)
{
    const segent_image_options options = session_image_options(settings);
    const segent_status status = segent_labels_load_png(context, path, &options, labels);
    if (status == SEGENT_OK)
        return true;
    char *cause = text_join("no labels: %s", segent_last_error(context));
    console_fail(input_name(input), cause);
    free(cause);
    return false;
}

bool pair_fits(const char *input, const segent_image *image, const segent_labels *labels)
{
    const int64_t width = segent_image_width(image), height = segent_image_height(image);
    const int64_t across = segent_labels_width(labels), down = segent_labels_height(labels);
    const int64_t longer = width > height ? width : height, far = across > down ? across : down;
    const int64_t difference = across * height - down * width;
    /* Whichever is smaller may be rounded to a whole pixel. */
    const int64_t most = longer > far ? longer : far;
    if (difference <= most && difference >= -most)
        return true;
    char *cause =
        text_join("its labels are of %lld x %lld, which are not the proportions of the "
                  "picture, %lld x %lld (--no-orient leaves a picture as it is stored)",
                  (long long)across, (long long)down, (long long)width, (long long)height);
    console_fail(input_name(input), cause);
    free(cause);
    return false;
}
