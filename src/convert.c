/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* segent convert: the network of a checkpoint, alone, as safetensors. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clashes.h"
#include "commands.h"
#include "console.h"
#include "convert_notes.h"
#include "input.h"
#include "json.h"
#include "model_options.h"
#include "option_table.h"
#include "published.h"
#include "safetensors.h"
#include "session.h"
#include "words.h"

static const char ending[] = ".safetensors";

typedef struct conversion {
    const sg_settings *settings;
    segent_context *context;
    const char *input, *output; /* paths */
    char *model_settings; /* what the command line says of the model, for the library; to free */
    sg_input bytes;
    segent_checkpoint *checkpoint;
    segent_model *model;
    segent_model_details details;
    sg_weights *tensors;    /* that the network uses, in the order of their names */
    int64_t count, largest; /* of the tensors; elements of the largest */
    sg_notes notes;
    int64_t written; /* bytes of the output */
} conversion;

/* ---- what is converted ---- */

static int by_name(const void *left, const void *right)
{
    const sg_weights *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static void list_tensors(conversion *self)
{
    const int64_t all = segent_checkpoint_count(self->checkpoint);
    self->tensors = memory_need((size_t)all, sizeof(*self->tensors));
    for (int64_t i = 0; i < all; i++) {
        segent_tensor_info info = segent_tensor_info_init();
        const char *name = segent_model_tensor_name(self->model, i);
        if (!name ||
            segent_checkpoint_tensor(self->context, self->checkpoint, i, &info) != SEGENT_OK)
            continue;
        sg_weights *tensor = &self->tensors[self->count++];
        *tensor = (sg_weights){name, i, info.elements, info.rank, {0}};
        memcpy(tensor->shape, info.shape, sizeof(tensor->shape));
        self->largest = info.elements > self->largest ? info.elements : self->largest;
    }
    qsort(self->tensors, (size_t)self->count, sizeof(*self->tensors), by_name);
}

/* Opens the checkpoint and finds its network. False: it cannot be used, already said. */
static bool open_network(conversion *self)
{
    segent_model_options options = model_options(self->settings, &self->model_settings);
    options.examine_only = 1;
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
    self->details = segent_model_details_init();
    segent_model_info(self->model, &self->details);
    if (!self->settings->quiet)
        model_say_assumed(input_name(self->input), self->model);
    list_tensors(self);
    char sha256[SHA256_TEXT_SIZE];
    const char *slash = strrchr(self->input, '/');
    const sg_origin origin = {.checkpoint = self->checkpoint,
                              .options = &options,
                              .file = input_is_stream(self->input) ? NULL
                                      : slash                      ? slash + 1
                                                                   : self->input,
                              .sha256 = sha256_input(&self->bytes, sha256) ? sha256 : NULL};
    return notes_of_model(&self->notes, self->model, &origin, input_name(self->input));
}

/* ---- writing it ---- */

/* Says of which tensor a value cannot be stored. */
static void fail_value(const conversion *self, const sg_weights *tensor, float value)
{
    segent_tensor_info info = segent_tensor_info_init();
    segent_checkpoint_tensor(self->context, self->checkpoint, tensor->index, &info);
    char *word = choice_word(STORAGES, self->settings->storage);
    char *cause = value - value == 0.0f
                      ? text_join("tensor %s holds %g, which is too large for --dtype %s",
                                  info.name, (double)value, word)
                      : text_join("tensor %s holds a value that is not finite", info.name);
    console_fail(input_name(self->input), cause);
    free(cause);
    free(word);
}

/* Appends the values of the tensors, one tensor after another. Returns an exit status. */
static int write_tensors(conversion *self, sg_whole_file *file)
{
    int status = STATUS_DONE;
    float *values = memory_need((size_t)self->largest, sizeof(*values));
    for (int64_t i = 0; i < self->count && status == STATUS_DONE && file->cause == 0; i++) {
        const sg_weights *tensor = &self->tensors[i];
        if (console_interrupted()) {
            status = STATUS_FAILED;
        } else if (segent_checkpoint_read(self->context, self->checkpoint, tensor->index, values,
                                          tensor->elements) != SEGENT_OK) {
            console_fail(input_name(self->input), segent_last_error(self->context));
            status = STATUS_MODEL;
        } else {
            const int64_t bad = safetensors_write(file, values, tensor->elements,
                                                  (sg_storage)self->settings->storage);
            if (bad >= 0)
                fail_value(self, tensor, values[bad]);
            status = bad >= 0 ? STATUS_MODEL : STATUS_DONE;
        }
        input_release(&self->bytes);
    }
    free(values);
    return status;
}

/* Writes the output; `named` as in whole_file.h. */
static int write_once(conversion *self, bool named, sg_written *written)
{
    sg_whole_file file;
    const sg_storage storage = (sg_storage)self->settings->storage;
    size_t size;
    *written = WRITTEN_NOT;
    if (!whole_file_begin(&file, self->output, named))
        return STATUS_USAGE;
    char *header = safetensors_header(self->tensors, self->count, self->notes.all,
                                      self->notes.count, storage, &size);
    whole_file_write(&file, header, size);
    free(header);
    self->written = (int64_t)size;
    for (int64_t i = 0; i < self->count; i++)
        self->written += self->tensors[i].elements * (int64_t)storage_size(storage);
    const int status = write_tensors(self, &file);
    *written = whole_file_end(&file, status == STATUS_DONE);
    return status == STATUS_DONE && *written == WRITTEN_NOT ? STATUS_FAILED : status;
}

/* Whether the output can be begun at all, before anything is read for it. */
static bool can_begin(const conversion *self)
{
    sg_whole_file file;
    if (!whole_file_begin(&file, self->output, false))
        return false;
    (void)whole_file_end(&file, false);
    return true;
}

static int write_output(conversion *self)
{
    sg_written written;
    int status = write_once(self, false, &written);
    if (written == WRITTEN_NAMELESS)
        status = write_once(self, true, &written);
    return status;
}

/* ---- its report ---- */

static void report_text(const conversion *self)
{
    char tensors[DIGITS_SIZE], bytes[DIGITS_SIZE];
    char *dtype = choice_word("float32|float16|bfloat16", self->settings->storage);
    console_print(self->output);
    printf(": %s, %s tensors of %s, %s bytes\n", self->details.architecture,
           digits_grouped(self->count, tensors), dtype, digits_grouped(self->written, bytes));
    free(dtype);
}

static void report_json(const conversion *self)
{
    sg_json json = {.file = stdout};
    char *dtype = choice_word("float32|float16|bfloat16", self->settings->storage);
    json_open_object(&json, NULL);
    json_text(&json, "input", self->input);
    json_text(&json, "output", self->output);
    json_text(&json, "architecture", self->details.architecture);
    json_integer(&json, "parameters", self->details.parameters);
    json_integer(&json, "tensors", self->count);
    json_text(&json, "dtype", dtype);
    json_integer(&json, "bytes", self->written);
    json_open_object(&json, "metadata");
    for (int i = 0; i < self->notes.count; i++)
        json_text(&json, self->notes.all[i].key, self->notes.all[i].value);
    json_close_object(&json);
    json_close_object(&json);
    json_end(&json);
    free(dtype);
}

static void close_all(conversion *self)
{
    notes_free(&self->notes);
    free(self->tensors);
    free(self->model_settings);
    segent_model_destroy(self->model);
    segent_checkpoint_destroy(self->checkpoint);
    input_close(&self->bytes);
}

static int convert(conversion *self)
{
    const double start = clock_seconds();
    int status = can_begin(self) ? STATUS_MODEL : STATUS_USAGE;
    if (status == STATUS_MODEL && open_network(self))
        status = write_output(self);
    if (status == STATUS_DONE && self->settings->verbose)
        console_say("%s: written in %.3f s", self->output, clock_seconds() - start);
    if (status == STATUS_DONE && self->settings->json)
        report_json(self);
    else if (status == STATUS_DONE && !self->settings->quiet)
        report_text(self);
    close_all(self);
    return status;
}

static int convert_main(const sg_settings *settings)
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
            conversion self = {
                .settings = settings, .context = context, .input = input, .output = inputs[1]};
            status = convert(&self);
        }
        segent_context_destroy(context);
    }
    free(input);
    return status;
}

/* ---- the options ---- */

static const sg_option dtype_option = {
    .name = "dtype",
    .kind = OPTION_CHOICE,
    .group = GROUP_OUTPUT,
    .offset = SETTING(storage),
    .argument = "TYPE",
    .choices = STORAGES,
    .help = "How numbers are stored: f32 (default), or half as large f16 or bf16, rounded to the "
            "nearest.",
    .manual = "A number that is too large for the type is an error that names its tensor.",
};

static const sg_option *const option_rows[] = {&prefix_option,
                                               &rates_option,
                                               &output_stride_option,
                                               &settings_file_option,
                                               &set_option,
                                               &memory_limit_option,
                                               &dtype_option,
                                               &json_option,
                                               &quiet_option,
                                               &verbose_option,
                                               &help_option,
                                               &version_option,
                                               NULL};

static const char *conflict(const sg_settings *settings)
{
    const char *output = settings->input_count > 1 ? settings->inputs[1] : ending;
    const size_t length = strlen(output), tail = sizeof(ending) - 1;
    return length < tail || strcmp(output + length - tail, ending) != 0
               ? "the second file is the one to write, and its name ends in .safetensors"
               : NULL;
}

const sg_command convert_command = {
    .name = "convert",
    .operands = "MODEL OUT.safetensors",
    .summary = "the network of a checkpoint, alone, as safetensors",
    .description = "Writes the tensors that the network uses under torchvision's names, without "
                   "auxiliary classifier, optimizer and whatever else is in the file, and with "
                   "them what names and shapes do not say: classes, rates, size, temperature. "
                   "The network of the new file gives the same results bit by bit, unless --dtype "
                   "rounds its numbers.",
    .manual = "The new file also names its source and the sha256 of that; one that is converted "
              "again keeps the first source. It is replaced if it is there already, but never if "
              "it is the file that is read. PyTorch and the safetensors packages read it.",
    .examples = "  segent convert checkpoint.pth network.safetensors\n"
                "  segent convert --dtype f16 --prefix teacher run.ckpt teacher.safetensors\n",
    .options = option_rows,
    .fewest_inputs = 2,
    .most_inputs = 2,
    .conflict = conflict,
    .run = convert_main,
};
