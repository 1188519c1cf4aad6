/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "commands.h"

const sg_command *const command_list[COMMAND_COUNT] = {
    &run_command,     &entropy_command, &evaluate_command, &palette_command, &info_command,
    &convert_command, &pack_command,    &fetch_command,    &bench_command};

const sg_entry environment_list[ENVIRONMENT_COUNT] = {
    {"SEGENT_MODEL", "Checkpoint of weights to use when -m is not given.", NULL},
    {"SEGENT_HOME", "Folder of published files: -m NAME looks there, fetch fills it.",
     "The folders of torch hub come after it: hub/checkpoints in $TORCH_HOME, "
     "torch/hub/checkpoints in $XDG_CACHE_HOME, and the same in ~/.cache."},
    {"SEGENT_CPU",
     "Cap on the instruction set: ref, avx2, avx512, avx512_bf16, amx, neon or neon_bf16.",
     "ref is plain C; auto, which is the default, sets no cap. Large letters will do as well. Any "
     "other word gives a warning and sets no cap."},
};

const sg_entry status_list[STATUS_COUNT] = {
    {"0", "All inputs are done.", NULL},
    {"1", "Some input failed; the others are done.", "Each failure is one line on standard error."},
    {"2", "The command line cannot be understood, or the outputs cannot be written.",
     "Nothing was begun."},
    {"3", "The model cannot be used.", NULL},
};
