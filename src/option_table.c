/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "option_table.h"

#define RUN     COMMAND_RUN
#define ENTROPY COMMAND_ENTROPY
#define PALETTE COMMAND_PALETTE
#define INFO    COMMAND_INFO
#define BENCH   COMMAND_BENCH
#define ALL     (RUN | ENTROPY | PALETTE | INFO | BENCH)

#define AT(member) offsetof(sg_settings, member)
#define MAP_GROUP  "Labels and entropy"

/* clang-format off */
const sg_option option_table[] = {
    {"model", 'm', OPTION_TEXT, AT(model), RUN, "FILE", NULL, 0, 0, "Input",
     "checkpoint of weights, .pth or .safetensors; without it $SEGENT_MODEL, "
     "then the bundled demonstration model"},
    {"model", 'm', OPTION_TEXT, AT(model), BENCH, "FILE", NULL, 0, 0, "Input",
     "checkpoint of weights, .pth or .safetensors (default: see --arch)"},
    {"prefix", 0, OPTION_TEXT, AT(prefix), RUN | INFO | BENCH, "NAME", NULL, 0, 0, "Input",
     "which of several networks in the checkpoint: what stands before the names of its tensors"},
    {"arch", 0, OPTION_CHOICE, AT(arch), BENCH, "NAME", ARCHITECTURES, 0, 0, "Input",
     "without a model file: seeded weights of full size, of resnet101 (default) or resnet50, which are "
     "DeepLabV3's, or of torchvision's deeplabv3_resnet50, 101, 152 or fcn_resnet50, 101, 152"},
    {"size", 0, OPTION_DIMENSIONS, AT(bench_size), BENCH, "WxH", NULL, 1, 65535, "Input",
     "size of the synthetic picture (default 856x640)"},
    {"no-orient", 0, OPTION_FLAG, AT(no_orient), RUN, NULL, NULL, 0, 0, "Input",
     "do not turn pictures by their EXIF orientation"},
    {"background", 0, OPTION_COLOUR, AT(background), RUN, "RRGGBB", NULL, 0, 0, "Input",
     "compose transparent pictures over this colour (default: drop the transparency)"},
    {"pixel-limit", 0, OPTION_INTEGER, AT(pixel_limit), RUN | PALETTE, "N", NULL, 1, 1e15, "Input",
     "refuse pictures of more pixels (default 178956970)"},
    {"memory-limit", 0, OPTION_INTEGER, AT(memory_limit), RUN | PALETTE, "BYTES", NULL, 1, 1e15, "Input",
     "refuse files that take more memory to read (default 2147483648)"},
    {"scan-limit", 0, OPTION_INTEGER, AT(scan_limit), RUN, "N", NULL, 1, 2147483647, "Input",
     "refuse JPEG pictures of more scans (default 100)"},
    {"probs", 0, OPTION_FLAG, AT(probabilities), ENTROPY, NULL, NULL, 0, 0, "Input",
     "the files hold probabilities, not logits"},

    {"size", 0, OPTION_INTEGER, AT(size), RUN, "N", NULL, 0, 65535, MAP_GROUP,
     "shorter side at the network; 0 keeps the picture's size (default: 640, or what the model "
     "was trained for)"},
    {"output-size", 0, OPTION_CHOICE, AT(output_size), RUN, "WHAT", "network|original", 0, 0, MAP_GROUP,
     "size of the outputs: network (default) or original"},
    {"temperature", 0, OPTION_REAL, AT(temperature), RUN, "T", NULL, 1e-6, 1e6, MAP_GROUP,
     "divide the logits by T (default: 1, or what the model says)"},
    {"temperature", 0, OPTION_REAL, AT(temperature), ENTROPY, "T", NULL, 1e-6, 1e6, MAP_GROUP,
     "divide the logits by T (default: 1)"},
    {"engine", 0, OPTION_CHOICE, AT(engine), RUN | BENCH, "NAME", "fast|exact|small", 0, 0, "Running",
     "fast (default), exact (direct convolution only) or small (less memory, more time)"},
    {"threads", 't', OPTION_INTEGER, AT(threads), RUN | ENTROPY | INFO | BENCH, "N", NULL, 0, 1024, "Running",
     "threads to use; 0 (default): all processors this process may run on"},
    {"runs", 0, OPTION_INTEGER, AT(runs), BENCH, "N", NULL, 1, 100000, "Running",
     "runs after the warm-up, of which the medians are taken (default 5)"},

    {"out", 'o', OPTION_TEXT, AT(out), RUN | ENTROPY | PALETTE, "DIR", NULL, 0, 0, "Output",
     "folder of the outputs, created if missing (default: the current one)"},
    {"save", 0, OPTION_SAVE, AT(save), RUN, "LIST", NULL, 0, 0, "Output",
     "what to write, comma-separated: panel, labels, overlay, entropy, entropy.npy, logits.npy, "
     "probs.npy; or none (default: panel,labels,entropy)"},
    {"save", 0, OPTION_SAVE, AT(save), ENTROPY, "LIST", NULL, 0, 0, "Output",
     "what to write, comma-separated: panel, labels, entropy, entropy.npy, probs.npy; or none "
     "(default: panel,labels,entropy)"},
    {"entropy-range", 0, OPTION_CHOICE, AT(range), RUN | ENTROPY, "WHAT", "fixed|auto", 0, 0, "Output",
     "colours span 0 to 1 (fixed, default), or each map's own minimum to maximum (auto)"},
    {"colormap", 0, OPTION_CHOICE, AT(colormap), RUN | ENTROPY, "NAME", "jet|viridis", 0, 0, "Output",
     "colours of the entropy map: jet (default) or viridis"},
    {"list", 0, OPTION_FLAG, AT(list), PALETTE, NULL, NULL, 0, 0, "Output",
     "print the VOC classes: id, red, green, blue, name"},

    {"json", 0, OPTION_FLAG, AT(json), RUN | ENTROPY | INFO | BENCH, NULL, NULL, 0, 0, "Report",
     "one JSON object a line on standard output"},
    {"quiet", 'q', OPTION_FLAG, AT(quiet), RUN | ENTROPY | PALETTE, NULL, NULL, 0, 0, "Report",
     "no report and no notes, only errors"},
    {"verbose", 'v', OPTION_FLAG, AT(verbose), RUN | ENTROPY, NULL, NULL, 0, 0, "Report",
     "also say what is being done and how long it takes, on standard error"},
    {"verbose", 'v', OPTION_FLAG, AT(verbose), INFO, NULL, NULL, 0, 0, "Report",
     "list every tensor"},
    {"verbose", 'v', OPTION_FLAG, AT(verbose), BENCH, NULL, NULL, 0, 0, "Report",
     "also the times of every single run, and of every layer"},
    {"progress", 0, OPTION_SWITCH, AT(progress), RUN | BENCH, NULL, NULL, 0, 0, "Report",
     "progress bar on standard error (default: only on a terminal)"},
    {"help", 'h', OPTION_FLAG, AT(help), ALL, NULL, NULL, 0, 0, "Report", "print this help"},
    {"version", 'V', OPTION_FLAG, AT(version), ALL, NULL, NULL, 0, 0, "Report", "print the version"},
};
/* clang-format on */

const size_t option_count = sizeof(option_table) / sizeof(option_table[0]);
