/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* segent pack: the network of a checkpoint, its weights as this processor's kernels read them. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clashes.h"
#include "commands.h"
#include "console.h"
#include "input.h"
#include "json.h"
#include "model_options.h"
#include "option_table.h"
#include "published.h"
#include "session.h"
#include "words.h"

static const char ending[] = ".segent";

typedef struct packing {
    const sg_settings *settings;
    segent_context *context;
    char *input, *output; /* paths */
    char *model_settings; /* what the command line says of the model, for the library; to free */
    sg_input bytes;
    segent_checkpoint *checkpoint;
    segent_model *model;
} packing;

static bool open_model(packing *self)
{
    segent_model_options options = model_options(self->settings, &self->model_settings);
    options.path = input_is_stream(self->input) ? NULL : self->input;
    if (!input_open(self->input, &self->bytes))
        return false;
    if (segent_checkpoint_load_memory(self->context, self->bytes.data, self->bytes.size,
                                      &self->checkpoint) != SEGENT_OK ||
        segent_model_from_checkpoint(self->context, self->checkpoint, &options, &self->model) !=
            SEGENT_OK) {
        console_fail(input_name(self->input), segent_last_error(self->context));
        return false;
    }
    if (!self->settings->quiet)
        model_say_assumed(input_name(self->input), self->model);
    return true;
}

/* Writes the file. A source that was converted before keeps the first name and hash. */
static int write_model(packing *self)
{
    char sha256[SHA256_TEXT_SIZE];
    const char *slash = strrchr(self->input, '/');
    const char *name = segent_checkpoint_metadata(self->checkpoint, "segent.source");
    const char *hash = segent_checkpoint_metadata(self->checkpoint, "segent.source_sha256");
    if (!name && !hash) {
        name = input_is_stream(self->input) ? NULL : slash ? slash + 1 : self->input;
        hash = sha256_input(&self->bytes, sha256) ? sha256 : NULL;
    }
    if (segent_model_pack(self->context, self->model, self->output, name, hash) == SEGENT_OK)
        return STATUS_DONE;
    console_fail(self->output, segent_last_error(self->context));
    return STATUS_FAILED;
}

static void report(const packing *self)
{
    char number[DIGITS_SIZE];
    struct stat written;
    segent_model_details details = segent_model_details_init();
    segent_model_info(self->model, &details);
    const char *kernels = segent_model_property(self->model, "kernels");
    const int64_t bytes = stat(self->output, &written) == 0 ? (int64_t)written.st_size : 0;
    if (!self->settings->json) {
        console_print(self->output);
        printf(": %s, packed for %s, %s bytes\n", details.architecture, kernels,
               digits_grouped(bytes, number));
        return;
    }
    sg_json json = {.file = stdout};
    json_open_object(&json, NULL);
    json_text(&json, "input", self->input);
    json_text(&json, "output", self->output);
    json_text(&json, "architecture", details.architecture);
    json_text(&json, "packed_for", kernels);
    json_text(&json, "packed_by", segent_version());
    json_integer(&json, "bytes", bytes);
    json_close_object(&json);
    json_end(&json);
}

static int pack(packing *self)
{
    const double start = clock_seconds();
    int status = STATUS_MODEL;
    if (open_model(self))
        status = write_model(self);
    if (status == STATUS_DONE && self->settings->verbose)
        console_say("%s: written in %.3f s", self->output, clock_seconds() - start);
    if (status == STATUS_DONE && (self->settings->json || !self->settings->quiet))
        report(self);
    free(self->model_settings);
    segent_model_destroy(self->model);
    segent_checkpoint_destroy(self->checkpoint);
    input_close(&self->bytes);
    return status;
}

static int pack_main(const sg_settings *settings)
{
    char *input = session_find_file(settings->inputs[0]);
    int status = STATUS_MODEL;
    if (input) {
        sg_settings found = *settings;
        char *inputs[] = {input, settings->inputs[1]};
        found.inputs = inputs;
        segent_context *context = NULL;
        status = STATUS_USAGE;
        if (clashes_check_path(&found, inputs[1])) {
            status = STATUS_FAILED;
            context = session_open(settings);
        }
        if (context) {
            packing self = {
                .settings = settings, .context = context, .input = input, .output = inputs[1]};
            status = pack(&self);
        }
        segent_context_destroy(context);
    }
    free(input);
    return status;
}

/* ---- the options ---- */

static const sg_option *const option_rows[] = {&prefix_option,        &rates_option,
                                               &output_stride_option, &settings_file_option,
                                               &set_option,           &memory_limit_option,
                                               &precision_option,     &threads_option,
                                               &json_option,          &quiet_option,
                                               &verbose_option,       &help_option,
                                               &version_option,       NULL};

static const char *conflict(const sg_settings *settings)
{
    const char *output = settings->input_count > 1 ? settings->inputs[1] : ending;
    const size_t length = strlen(output), tail = sizeof(ending) - 1;
    return length < tail || strcmp(output + length - tail, ending) != 0
               ? "the second file is the one to write, and its name ends in .segent"
               : NULL;
}

const sg_command pack_command = {
    .name = "pack",
    .operands = "MODEL OUT.segent",
    .summary = "the weights of a checkpoint, ready to run on this processor",
    .description = "Writes the weights as this processor's kernels read them, with all that is "
                   "known of the network. As -m, the new file is mapped instead of read: the first "
                   "result is there sooner, processes share its memory, and results are the same "
                   "bit by bit, with any engine.",
    .manual = "It fits this version of the library and processors that run the same kernels; "
              "elsewhere it is refused, and the checkpoint has to be packed anew. It names its "
              "source and the sha256 of that. It is replaced if it is there already, but never if "
              "it is the file that is read.",
    .examples = "  segent pack checkpoint.pth network.segent\n"
                "  segent run -m network.segent street.jpg\n",
    .options = option_rows,
    .fewest_inputs = 2,
    .most_inputs = 2,
    .conflict = conflict,
    .run = pack_main,
};
