/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* segent palette: class ids to colours. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "input.h"
#include "names.h"
#include "option_table.h"
#include "outputs.h"
#include "save.h"
#include "session.h"

static const char *const suffix = ".palette.png";

enum { PALETTE_ENTRIES = 256, VOID_CLASS = 255 };

static void print_entry(const uint8_t *palette, int id, const char *name)
{
    const uint8_t *rgb = palette + 3 * id;
    printf("%3d  %3d %3d %3d  %s\n", id, rgb[0], rgb[1], rgb[2], name);
}

static int print_list(void)
{
    uint8_t palette[3 * PALETTE_ENTRIES];
    segent_palette_voc(palette, PALETTE_ENTRIES);
    for (int id = 0; id < VOC_CLASSES; id++)
        print_entry(palette, id, voc_names[id]);
    print_entry(palette, VOID_CLASS, "void");
    return STATUS_DONE;
}

/* Reads a picture of class ids. NULL: it cannot be read, already said. */
static segent_labels *load_labels(segent_context *context, const sg_settings *settings,
                                  const char *path)
{
    segent_labels *labels = NULL;
    const segent_image_options options = session_image_options(settings);
    if (input_refuse_folder(path, ".png"))
        return NULL;
    if (!input_is_stream(path)) {
        if (segent_labels_load_png(context, path, &options, &labels) != SEGENT_OK)
            console_fail(path, segent_last_error(context));
        return labels;
    }
    sg_input bytes;
    if (!input_open(path, &bytes))
        return NULL;
    if (segent_labels_load_png_memory(context, bytes.data, bytes.size, &options, &labels) !=
        SEGENT_OK)
        console_fail(input_name(path), segent_last_error(context));
    input_close(&bytes);
    return labels;
}

static segent_status save_colours(segent_context *context, const segent_labels *labels,
                                  const char *path)
{
    const int32_t width = segent_labels_width(labels), height = segent_labels_height(labels);
    uint8_t *rgb = memory_need((size_t)width * (size_t)height, 3);
    const segent_label_view view =
        segent_label_map(segent_labels_data(labels), segent_labels_type(labels), height, width);
    const segent_pixel_view pixels = segent_pixels(rgb, SEGENT_PIXEL_RGB, height, width);
    segent_status status = segent_palette_decode(context, &view, NULL, 0, &pixels);
    if (status == SEGENT_OK)
        status = save_rgb(context, rgb, width, height, path);
    free(rgb);
    return status;
}

static bool colour_file(segent_context *context, const sg_settings *settings, const char *input)
{
    segent_labels *labels = load_labels(context, settings, input);
    if (!labels)
        return false;
    char *path = output_path(settings->out, input, suffix);
    const bool saved = save_colours(context, labels, path) == SEGENT_OK;
    if (!saved) {
        console_fail(input_name(input), segent_last_error(context));
    } else if (!settings->quiet) {
        console_print(path);
        putchar('\n');
    }
    segent_labels_destroy(labels);
    free(path);
    return saved;
}

static int palette_main(const sg_settings *settings)
{
    if (settings->list)
        return print_list();
    if (!outputs_prepare(settings, &suffix, 1, NULL))
        return STATUS_USAGE;
    segent_context *context = session_open(settings);
    if (!context)
        return STATUS_FAILED;
    int done = 0;
    for (int i = 0; i < settings->input_count && !console_interrupted() && console_flush(); i++)
        done += colour_file(context, settings, settings->inputs[i]);
    segent_context_destroy(context);
    return done == settings->input_count ? STATUS_DONE : STATUS_FAILED;
}

/* ---- the options ---- */

static const sg_option list_option = {
    .name = "list",
    .kind = OPTION_FLAG,
    .group = GROUP_OUTPUT,
    .offset = SETTING(list),
    .help = "Print the VOC classes and take no files: id, red, green, blue, name.",
};

static const sg_option *const option_rows[] = {
    &pixel_limit_option, &memory_limit_option, &out_option,     &list_option,
    &quiet_option,       &help_option,         &version_option, NULL};

static const char *conflict(const sg_settings *settings)
{
    return settings->list && (settings->input_count > 0 || option_given(settings, "out"))
               ? "--list prints the palette and takes no files"
               : NULL;
}

const sg_command palette_command = {
    .name = "palette",
    .operands = "LABELS.png...",
    .summary = "class ids to VOC colours",
    .description = "Reads pictures of class ids (8-bit palette-indexed or grey, or 16-bit grey; - "
                   "is standard input) and writes each in the colours of the VOC palette, as "
                   "NAME.palette.png. Prints the names of the files it wrote.",
    .examples = "  segent palette -o colours annotations/*.png\n"
                "  segent palette --list\n",
    .options = option_rows,
    .fewest_inputs = 1,
    .most_inputs = -1,
    .conflict = conflict,
    .run = palette_main,
};
