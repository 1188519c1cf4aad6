/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* segent info: what this library runs on, or what a checkpoint holds (info_checkpoint.c). */

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "info_check.h"
#include "info_checkpoint.h"
#include "json.h"
#include "option_table.h"
#include "session.h"

static int library_info(segent_context *context, const sg_settings *settings)
{
    segent_cpu_info cpu = segent_cpu_info_init();
    segent_context_cpu_info(context, &cpu);
    const bool png = segent_supports("png") == 1;
    const bool jpeg = segent_supports("jpeg") == 1;
    if (!settings->json) {
        printf("libsegent  %s\n", segent_version());
        printf("processor  %s\n", cpu.processor);
        printf("kernels    %s (the best here: %s)\n", cpu.kernels, segent_cpu_name(cpu.detected));
        printf("BLAS       %s\n", cpu.blas);
        printf("threads    %d\n", cpu.threads);
        printf("pictures   %s%s%s\n", png ? "PNG" : "", png && jpeg ? ", " : "",
               jpeg  ? "JPEG"
               : png ? ""
                     : "none");
        printf("weights    PyTorch's legacy and zip forms, safetensors, packed\n");
        return STATUS_DONE;
    }
    sg_json json = {.file = stdout};
    json_open_object(&json, NULL);
    json_text(&json, "version", segent_version());
    json_text(&json, "processor", cpu.processor);
    json_text(&json, "kernels", cpu.kernels);
    json_text(&json, "kernels_detected", segent_cpu_name(cpu.detected));
    json_text(&json, "blas", cpu.blas);
    json_integer(&json, "threads", cpu.threads);
    json_boolean(&json, "png", png);
    json_boolean(&json, "jpeg", jpeg);
    json_close_object(&json);
    json_end(&json);
    return STATUS_DONE;
}

static int info_main(const sg_settings *settings)
{
    /* Here --verbose asks for a list of tensors, and not, as elsewhere, for the library's notes. */
    sg_settings silent = *settings;
    silent.verbose = false;
    segent_context *context = session_open(&silent);
    if (!context)
        return STATUS_FAILED;
    const int status = settings->check             ? info_check(context, settings)
                       : settings->input_count > 0 ? info_checkpoint(context, settings)
                                                   : library_info(context, settings);
    segent_context_destroy(context);
    return status;
}

/* ---- the options ---- */

static const sg_option verbose_tensors_option = {
    .name = "verbose",
    .letter = 'v',
    .kind = OPTION_FLAG,
    .group = GROUP_REPORT,
    .offset = SETTING(verbose),
    .help = "Also list every tensor: name, type of its values, shape.",
};

static const sg_option check_option = {
    .name = "check",
    .kind = OPTION_FLAG,
    .group = GROUP_REPORT,
    .offset = SETTING(check),
    .help = "Run pictures, which stand before the model, with every plausible output stride and "
            "rates that the model does not tell, and report mean entropy and largest class of "
            "each.",
    .manual = "The lowest entropy is a hint, not a decision. What the model's file, the file "
              "beside it or options tell is not varied. It takes as long as up to nine runs.",
};

static const char *conflict(const sg_settings *settings)
{
    if (settings->check && settings->input_count < 2)
        return "--check takes pictures and then a model";
    return !settings->check && settings->input_count > 1 ? "only one model is looked at" : NULL;
}

static const sg_option *const option_rows[] = {
    &prefix_option,  &rates_option, &output_stride_option, &settings_file_option,   &set_option,
    &threads_option, &json_option,  &check_option,         &verbose_tensors_option, &help_option,
    &version_option, NULL};

const sg_command info_command = {
    .name = "info",
    .operands = "[[--check IMAGE...] MODEL]",
    .summary = "what the library runs on, or what a checkpoint holds",
    .description = "Without a file: the library's version, the processor and which kernels it "
                   "runs, the BLAS and the formats. With one: its container, tensors, network "
                   "and classes, its sha256, and whether it is a file that torchvision "
                   "publishes.",
    .examples = "  segent info\n"
                "  segent info deeplabv3_resnet101_coco-586e9e4e.pth\n"
                "  segent info -v model.safetensors\n"
                "  segent info --check street.jpg model.pth\n",
    .options = option_rows,
    .fewest_inputs = 0,
    .most_inputs = -1,
    .conflict = conflict,
    .run = info_main,
};
