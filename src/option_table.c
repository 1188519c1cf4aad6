/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "option_table.h"

const char *const option_group_titles[GROUP_COUNT] = {"Input", "Labels and entropy", "Running",
                                                      "Output", "Report"};

/* ---- input ---- */

const sg_option run_model_option = {
    .name = "model",
    .letter = 'm',
    .kind = OPTION_TEXT,
    .group = GROUP_INPUT,
    .offset = SETTING(model),
    .argument = "FILE",
    .help = "Checkpoint of weights, .pth or .safetensors, or the name of a network that "
            "torchvision publishes, such as fcn_resnet50. Without it $SEGENT_MODEL, then the "
            "bundled demonstration model.",
    .manual = "A .pth file may be in either of PyTorch's forms, the zip archive or the older one. "
              "The section PUBLISHED FILES says where the file of a name is looked for. "
              "That the demonstration model is used is said on standard error.",
};

const sg_option prefix_option = {
    .name = "prefix",
    .kind = OPTION_TEXT,
    .group = GROUP_INPUT,
    .offset = SETTING(prefix),
    .argument = "NAME",
    .help = "Which network to use of a checkpoint that holds several: the one whose tensors' names "
            "begin with NAME.",
    .manual = "A student and its teacher are an example. The last parts of what stands before the "
              "names will do, and a single dot stands for nothing before them. segent info lists "
              "the networks of a file. Without this option the only network is taken, or the only "
              "one that is neither an average of weights (EMA, SWA) nor a copy among a training "
              "script's settings.",
};

const sg_option rates_option = {
    .name = "rates",
    .kind = OPTION_RATES,
    .group = GROUP_INPUT,
    .offset = SETTING(rates),
    .argument = "A,B,C",
    .minimum = 1,
    .maximum = 4096,
    .help = "Dilations of the branches of a DeepLabV3's pyramid. Without it those that the file "
            "tells, or 12,24,36.",
    .manual =
        "A file of weights does not tell them, and with wrong ones the result is wrong "
        "without a word. Networks with an output stride of 16 are mostly trained with 6,12,18.",
};

const sg_option output_stride_option = {
    .name = "output-stride",
    .kind = OPTION_CHOICE,
    .group = GROUP_INPUT,
    .offset = SETTING(output_stride),
    .argument = "8|16|32",
    .choices = OUTPUT_STRIDES,
    .help = "Pixels of the picture for one of the backbone's last map. Without it what the file "
            "tells, or 8 for a ResNet of bottlenecks, 32 for one of basic blocks and 16 for a "
            "MobileNetV3.",
    .manual = "A file of weights does not tell it, and with a wrong one the result is wrong "
              "without a word. segent info says what was assumed.",
};

const sg_option settings_file_option = {
    .name = "settings",
    .kind = OPTION_TEXT,
    .group = GROUP_INPUT,
    .offset = SETTING(settings_file),
    .argument = "FILE",
    .help = "File of JSON with settings of the model, or none (default: MODEL.json, with .json in "
            "the place of the model's own ending, if there is one).",
    .manual = "The section FILES describes it. Options and what the model's own file says go "
              "before it.",
};

const sg_option set_option = {
    .name = "set",
    .kind = OPTION_TEXT,
    .group = GROUP_INPUT,
    .offset = SETTING(set),
    .argument = "KEY=VALUE",
    .help = "Other settings of the model, with semicolons between them: "
            "\"mean=0.5,0.5,0.5; std=0.5,0.5,0.5\".",
    .manual =
        "Keys are mean and std (what colours from 0 to 1 are normalised by), size (shorter side "
        "that the network was trained for), temperature, precision_error (as segent bench "
        "--accuracy measures it), eps (of all batch norms), description, "
        "palette (colours of the classes, #000000,#8000ff), rates and output_stride. They go "
        "before what the file says.",
};

const sg_option pixel_limit_option = {
    .name = "pixel-limit",
    .kind = OPTION_INTEGER,
    .group = GROUP_INPUT,
    .offset = SETTING(pixel_limit),
    .argument = "N",
    .minimum = 1,
    .maximum = 1e15,
    .help = "Refuse pictures of more than N pixels (default 178956970).",
    .manual = "A small file can claim to be a picture that fills all memory.",
};

const sg_option memory_limit_option = {
    .name = "memory-limit",
    .kind = OPTION_INTEGER,
    .group = GROUP_INPUT,
    .offset = SETTING(memory_limit),
    .argument = "BYTES",
    .minimum = 1,
    .maximum = 1e15,
    .help = "Refuse files that take more memory than this to read (default 2147483648).",
};

const sg_option no_orient_option = {
    .name = "no-orient",
    .kind = OPTION_FLAG,
    .group = GROUP_INPUT,
    .offset = SETTING(no_orient),
    .help = "Do not turn pictures by their EXIF orientation.",
    .manual =
        "A camera that was held upright notes the turn there in the place of turning the pixels.",
};

const sg_option background_option = {
    .name = "background",
    .kind = OPTION_COLOUR,
    .group = GROUP_INPUT,
    .offset = SETTING(background),
    .argument = "RRGGBB",
    .help = "Lay transparent pictures over this colour (default: drop the transparency).",
    .manual =
        "When the transparency is dropped, the colour underneath stays, which may be anything.",
};

const sg_option scan_limit_option = {
    .name = "scan-limit",
    .kind = OPTION_INTEGER,
    .group = GROUP_INPUT,
    .offset = SETTING(scan_limit),
    .argument = "N",
    .minimum = 1,
    .maximum = 2147483647,
    .help = "Refuse JPEG pictures of more than N scans (default 100).",
    .manual =
        "Each scan takes a pass over the whole picture, however short the file is; encoders write "
        "1 to some 12. A short file whose scans visit very many pixels is refused even with fewer.",
};

const sg_option probs_option = {
    .name = "probs",
    .kind = OPTION_FLAG,
    .group = GROUP_INPUT,
    .offset = SETTING(probabilities),
    .help = "The files hold probabilities, not logits.",
    .manual = "They are refused unless each is between 0 and 1 and their sum over the classes is "
              "within 0.001 of 1 at every pixel.",
};

/* ---- labels and entropy ---- */

const sg_option run_size_option = {
    .name = "size",
    .kind = OPTION_INTEGER,
    .group = GROUP_MAPS,
    .offset = SETTING(size),
    .argument = "N",
    .minimum = 0,
    .maximum = 65535,
    .help = "Shorter side of the picture as the network sees it; 0 keeps the picture's own size "
            "(default: what the model says it was trained for, or 640).",
    .manual = "The longer side follows in proportion, truncated to a whole number.",
};

const sg_option run_temperature_option = {
    .name = "temperature",
    .kind = OPTION_REAL,
    .group = GROUP_MAPS,
    .offset = SETTING(temperature),
    .argument = "T",
    .minimum = 1e-6,
    .maximum = 1e6,
    .help = "Divide the logits by T before the softmax (default: what the model says, or 1).",
    .manual = "Above 1 the probabilities become more alike and entropies larger, below 1 the "
              "reverse; labels stay.",
};

/* ---- running ---- */

const sg_option engine_option = {
    .name = "engine",
    .kind = OPTION_CHOICE,
    .group = GROUP_RUNNING,
    .offset = SETTING(engine),
    .argument = "NAME",
    .choices = ENGINES,
    .help = "How to compute convolutions: fast (default), exact (direct convolution only) or small "
            "(less memory, more time).",
};

const sg_option precision_option = {
    .name = "precision",
    .kind = OPTION_CHOICE,
    .group = GROUP_RUNNING,
    .offset = SETTING(precision),
    .argument = "NAME",
    .choices = PRECISIONS,
    .help =
        "The numbers that the network computes with: f32 (default), or bf16 (bfloat16, half the "
        "memory; faster where the processor multiplies them).",
    .manual = "What it does to labels and entropy depends on the network and the pictures: bench "
              "--accuracy measures it.",
};

const sg_option threads_option = {
    .name = "threads",
    .letter = 't',
    .kind = OPTION_INTEGER,
    .group = GROUP_RUNNING,
    .offset = SETTING(threads),
    .argument = "N",
    .minimum = 0,
    .maximum = 1024,
    .help = "Threads to use; 0 (default) means all processors this process may run on.",
    .manual = "Results do not depend on it.",
};

/* ---- output ---- */

const sg_option out_option = {
    .name = "out",
    .letter = 'o',
    .kind = OPTION_TEXT,
    .group = GROUP_OUTPUT,
    .offset = SETTING(out),
    .argument = "DIR",
    .help = "Folder of the outputs, made if it is missing (default: the current one).",
    .manual = "A folder that was made is removed again if nothing was written into it.",
};

const sg_option entropy_range_option = {
    .name = "entropy-range",
    .kind = OPTION_CHOICE,
    .group = GROUP_OUTPUT,
    .offset = SETTING(range),
    .argument = "WHAT",
    .choices = "fixed|auto",
    .help = "What the colours of the entropy map span: 0 to 1 (fixed, the default), or the map's "
            "own minimum to maximum (auto).",
    .manual = "With fixed, maps of different pictures can be compared; auto is what matplotlib's "
              "imshow does.",
};

const sg_option colormap_option = {
    .name = "colormap",
    .kind = OPTION_CHOICE,
    .group = GROUP_OUTPUT,
    .offset = SETTING(colormap),
    .argument = "NAME",
    .choices = "jet|viridis",
    .help = "Colours of the entropy map: jet (default) or viridis.",
    .manual = "viridis is perceptually uniform: equal steps of entropy look equally large.",
};

/* ---- report ---- */

const sg_option json_option = {
    .name = "json",
    .kind = OPTION_FLAG,
    .group = GROUP_REPORT,
    .offset = SETTING(json),
    .help = "Report as JSON on standard output, one object a line.",
    .manual = "The section JSON below lists its members.",
};

const sg_option quiet_option = {
    .name = "quiet",
    .letter = 'q',
    .kind = OPTION_FLAG,
    .group = GROUP_REPORT,
    .offset = SETTING(quiet),
    .help = "Print no report and no notes, only errors.",
    .manual = "JSON is printed if --json asks for it.",
};

const sg_option verbose_option = {
    .name = "verbose",
    .letter = 'v',
    .kind = OPTION_FLAG,
    .group = GROUP_REPORT,
    .offset = SETTING(verbose),
    .help = "Also say what is being done and how long it takes, on standard error.",
};

const sg_option progress_option = {
    .name = "progress",
    .kind = OPTION_SWITCH,
    .group = GROUP_REPORT,
    .offset = SETTING(progress),
    .help = "Show a progress bar on standard error, or never show one (default: only on a "
            "terminal).",
};

const sg_option help_option = {
    .name = "help",
    .letter = 'h',
    .kind = OPTION_FLAG,
    .group = GROUP_REPORT,
    .offset = SETTING(help),
    .help = "Print a short help.",
};

const sg_option version_option = {
    .name = "version",
    .letter = 'V',
    .kind = OPTION_FLAG,
    .group = GROUP_REPORT,
    .offset = SETTING(version),
    .help = "Print the version.",
};
