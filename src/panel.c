/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "draw.h"
#include "font.h"
#include "tiles.h"

enum { LEGEND_ROWS_MAX = 8, TICKS_MAX = 5, TEXT_SIZE = 128 };

static const sg_colour ink = {30, 30, 30}, faint = {110, 110, 110}, frame_grey = {150, 150, 150};

/* A tile with its title above and its caption below. */
typedef struct panel_column {
    const uint8_t *rgb;
    const char *title;
    char caption[TEXT_SIZE];
    int32_t x, width;
} panel_column;

/* A mark beside the colour bar. */
typedef struct bar_tick {
    float where; /* from 0 at the bottom to 1 at the top */
    char text[24];
} bar_tick;

/* Where everything stands, in pixels. All distances are multiples of the height of capital letters,
 * `cap`, so that the panel looks alike at any size. */
typedef struct panel_layout {
    const sg_analysis *analysis;
    sg_tiles tiles;
    int32_t cap, line; /* height of capital letters, thickness of frames */
    sg_text_style title, text, note;
    panel_column columns[TILE_COUNT];
    int column_count;
    int32_t tile_width, tile_height; /* as they are shown, enlarged or not */
    int32_t margin, tile_top, row_height;
    bar_tick ticks[TICKS_MAX];
    int tick_count;
    int32_t bar_x, bar_width, tick_width;
    int32_t *present, present_count; /* ids of the classes that occur, most pixels first */
    uint8_t *voc;                    /* VOC's colours, or NULL where the classes have their own */
    const uint8_t *palette;          /* the colours of all classes */
    int32_t legend_columns, legend_rows, legend_shown;
    int32_t name_width, share_width, entry_width, legend_top;
    int32_t width, height;
} panel_layout;

static int32_t larger(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static int32_t units(const panel_layout *layout, float caps)
{
    return (int32_t)lroundf(caps * (float)layout->cap);
}

static int32_t width_of(const char *text, sg_text_style style)
{
    return (int32_t)ceilf(text_width(text, style));
}

/* ---- texts ---- */

static void share_text(const sg_analysis *analysis, int32_t id, char text[TEXT_SIZE])
{
    const double percent = 100.0 * analysis_share(analysis, id);
    if (percent < 0.05)
        snprintf(text, TEXT_SIZE, "<0.1 %%");
    else
        snprintf(text, TEXT_SIZE, "%.1f %%", percent);
}

/* The name of a class, shortened to fit into the legend. */
static void name_text(const panel_layout *layout, int32_t id, char text[TEXT_SIZE])
{
    snprintf(text, TEXT_SIZE, "%s", layout->analysis->class_names[id]);
    console_clean(text);
    text_shorten(text, layout->text, 14.0f * (float)layout->cap);
}

static void write_captions(panel_layout *layout)
{
    const sg_analysis *analysis = layout->analysis;
    panel_column *column = layout->columns;
    if (analysis->picture) {
        *column = (panel_column){.rgb = layout->tiles.rgb[TILE_PICTURE], .title = "Picture"};
        snprintf(column->caption, TEXT_SIZE, "%d x %d pixels", analysis->width, analysis->height);
        column++;
    }
    *column = (panel_column){.rgb = layout->tiles.rgb[TILE_LABELS], .title = "Segmentation"};
    snprintf(column->caption, TEXT_SIZE, "%d of %d class%s", layout->present_count,
             analysis->classes, analysis->classes == 1 ? "" : "es");
    column++;
    *column = (panel_column){.rgb = layout->tiles.rgb[TILE_ENTROPY], .title = "Entropy"};
    snprintf(column->caption, TEXT_SIZE, "image entropy %.*f, mean %.4f",
             analysis->summary.sum < 100 ? 3 : 1, analysis->summary.sum, analysis->summary.mean);
    layout->column_count = (int)(column + 1 - layout->columns);
}

static void write_ticks(panel_layout *layout, const sg_settings *settings)
{
    float low, high;
    analysis_range(layout->analysis, settings->range, &low, &high);
    const int intervals = layout->row_height < 9 * layout->cap ? 2 : TICKS_MAX - 1;
    const int digits = high - low > 0.1f ? 2 : high - low > 0.01f ? 3 : 4;
    layout->tick_count = high > low ? intervals + 1 : 1;
    for (int i = 0; i < layout->tick_count; i++) {
        const float where = (float)i / (float)intervals;
        layout->ticks[i].where = where;
        snprintf(layout->ticks[i].text, sizeof(layout->ticks[i].text), "%.*f", digits,
                 (double)(low + (high - low) * where));
        layout->tick_width =
            larger(layout->tick_width, width_of(layout->ticks[i].text, layout->note));
    }
}

static void choose_palette(panel_layout *layout)
{
    const sg_analysis *analysis = layout->analysis;
    layout->palette = analysis->palette;
    if (analysis->palette)
        return;
    layout->palette = layout->voc = memory_need((size_t)analysis->classes, 3);
    segent_palette_voc(layout->voc, analysis->classes);
}

/* ---- places ---- */

static void choose_sizes(panel_layout *layout)
{
    layout->tile_width = layout->tiles.width * layout->tiles.zoom;
    layout->tile_height = layout->tiles.height * layout->tiles.zoom;
    /* The text has some 8 points when the panel is printed as wide as a page. */
    const int32_t cap = layout->tile_width / 29;
    layout->cap = cap < 11 ? 11 : cap > 30 ? 30 : cap;
    layout->line = layout->cap < 18 ? 1 : 2;
    const float height = (float)layout->cap;
    layout->title = (sg_text_style){height, TEXT_BOLD, ink};
    layout->text = (sg_text_style){height, TEXT_REGULAR, ink};
    layout->note = (sg_text_style){0.9f * height, TEXT_REGULAR, faint};
    layout->margin = units(layout, 1.6f);
    layout->tile_top = layout->margin + units(layout, 2.0f);
    layout->row_height = larger(layout->tile_height, units(layout, 8));
}

/* Places the tiles from left to right, then the colour bar with its ticks and its name. */
static void place_columns(panel_layout *layout)
{
    int32_t x = layout->margin;
    for (int i = 0; i < layout->column_count; i++) {
        panel_column *column = &layout->columns[i];
        column->width = larger(layout->tile_width, width_of(column->title, layout->title));
        column->width = larger(column->width, width_of(column->caption, layout->note));
        column->x = x;
        x += column->width + units(layout, 1.5f);
    }
    const panel_column *last = &layout->columns[layout->column_count - 1];
    layout->bar_x = last->x + (last->width + layout->tile_width) / 2 + units(layout, 0.9f);
    layout->bar_width = units(layout, 1.1f);
    const int32_t bar_right = layout->bar_x + layout->bar_width + units(layout, 0.8f) +
                              layout->tick_width + units(layout, 2.2f);
    layout->width = larger(bar_right, last->x + last->width) + layout->margin;
}

static void measure_legend(panel_layout *layout)
{
    char text[TEXT_SIZE];
    for (int32_t i = 0; i < layout->present_count; i++) {
        name_text(layout, layout->present[i], text);
        layout->name_width = larger(layout->name_width, width_of(text, layout->text));
        share_text(layout->analysis, layout->present[i], text);
        layout->share_width = larger(layout->share_width, width_of(text, layout->note));
    }
    layout->entry_width =
        units(layout, 1.9f) + layout->name_width + units(layout, 0.9f) + layout->share_width;
}

static void place_legend(panel_layout *layout)
{
    const int32_t gap = units(layout, 2.4f), count = layout->present_count;
    layout->width = larger(layout->width, layout->entry_width + 2 * layout->margin);
    const int32_t room = layout->width - 2 * layout->margin;
    const int32_t columns = (room + gap) / (layout->entry_width + gap);
    const int32_t capacity = columns * LEGEND_ROWS_MAX;
    layout->legend_shown = count <= capacity ? count : capacity - 1;
    const int32_t entries = count <= capacity ? count : capacity;
    layout->legend_rows = (entries + columns - 1) / columns;
    layout->legend_columns = (entries + layout->legend_rows - 1) / layout->legend_rows;
    layout->legend_top = layout->tile_top + layout->row_height + units(layout, 3.6f);
    layout->height = layout->legend_top + layout->legend_rows * units(layout, 1.9f) -
                     units(layout, 0.6f) + layout->margin;
}

/* ---- drawing ---- */

static void draw_centred(sg_canvas *canvas, const panel_column *column, int32_t baseline,
                         const char *text, sg_text_style style)
{
    const float x = (float)column->x + 0.5f * ((float)column->width - text_width(text, style));
    draw_text(canvas, x, (float)baseline, text, style, false);
}

static void draw_columns(const panel_layout *layout, sg_canvas *canvas)
{
    for (int i = 0; i < layout->column_count; i++) {
        const panel_column *column = &layout->columns[i];
        const sg_rectangle area = {column->x + (column->width - layout->tile_width) / 2,
                                   layout->tile_top +
                                       (layout->row_height - layout->tile_height) / 2,
                                   layout->tile_width, layout->tile_height};
        draw_centred(canvas, column, layout->margin + layout->cap, column->title, layout->title);
        draw_pixels(canvas, area.x, area.y, column->rgb, layout->tiles.width, layout->tiles.height,
                    layout->tiles.zoom);
        draw_frame(canvas, area, layout->line, frame_grey);
        draw_centred(canvas, column, layout->tile_top + layout->row_height + units(layout, 1.9f),
                     column->caption, layout->note);
    }
}

static segent_status draw_bar(const panel_layout *layout, segent_context *context,
                              const sg_settings *settings, sg_canvas *canvas)
{
    const sg_rectangle area = {layout->bar_x, layout->tile_top, layout->bar_width,
                               layout->row_height};
    const size_t height = (size_t)area.height;
    float *values = memory_need(height, sizeof(*values));
    uint8_t *rgb = memory_need(height, 3);
    for (size_t y = 0; y < height; y++)
        values[y] = ((float)(height - y) - 0.5f) / (float)height;
    const segent_map_view map = segent_map(values, (int64_t)height, 1);
    const segent_pixel_view pixels = segent_pixels(rgb, SEGENT_PIXEL_RGB, (int64_t)height, 1);
    const segent_status status =
        segent_colormap_apply(context, &map, settings->colormap, 0, 1, &pixels);
    for (int32_t y = 0; y < area.height && status == SEGENT_OK; y++) {
        const uint8_t *c = rgb + 3 * y;
        draw_rectangle(canvas, (sg_rectangle){area.x, area.y + y, area.width, 1},
                       (sg_colour){c[0], c[1], c[2]});
    }
    free(values);
    free(rgb);
    draw_frame(canvas, area, layout->line, frame_grey);
    return status;
}

static void draw_ticks(const panel_layout *layout, sg_canvas *canvas)
{
    const int32_t x = layout->bar_x + layout->bar_width + layout->line;
    const int32_t length = units(layout, 0.35f), text_x = x + units(layout, 0.7f);
    for (int i = 0; i < layout->tick_count; i++) {
        const int32_t y =
            layout->tile_top + layout->row_height -
            (int32_t)lroundf(layout->ticks[i].where * (float)(layout->row_height - layout->line));
        draw_rectangle(canvas, (sg_rectangle){x, y - layout->line, length, layout->line},
                       frame_grey);
        const float half = 0.5f * layout->note.cap_height;
        draw_text(canvas, (float)text_x, roundf((float)y + half), layout->ticks[i].text,
                  layout->note, false);
    }
    const char *name = "normalised entropy";
    sg_text_style style = layout->note;
    const float length_of_name = text_width(name, style);
    if (length_of_name > (float)layout->row_height)
        style.cap_height *= (float)layout->row_height / length_of_name;
    const float middle = (float)layout->tile_top + 0.5f * (float)layout->row_height;
    draw_text(canvas, (float)(text_x + layout->tick_width + units(layout, 1.7f)),
              middle + 0.5f * text_width(name, style), name, style, true);
}

static void draw_entry(const panel_layout *layout, sg_canvas *canvas, int32_t index, int32_t x,
                       int32_t baseline)
{
    char text[TEXT_SIZE];
    if (index == layout->legend_shown) {
        snprintf(text, sizeof(text), "+ %d more", layout->present_count - index);
        draw_text(canvas, (float)x, (float)baseline, text, layout->note, false);
        return;
    }
    const int32_t id = layout->present[index], side = units(layout, 1.2f);
    const uint8_t *rgb = layout->palette + 3 * (size_t)id;
    const sg_rectangle swatch = {x, baseline - layout->cap - (side - layout->cap) / 2, side, side};
    draw_rectangle(canvas, swatch, (sg_colour){rgb[0], rgb[1], rgb[2]});
    draw_frame(canvas, swatch, layout->line, frame_grey);
    name_text(layout, id, text);
    const int32_t name_x = x + units(layout, 1.9f);
    draw_text(canvas, (float)name_x, (float)baseline, text, layout->text, false);
    share_text(layout->analysis, id, text);
    const int32_t right = name_x + layout->name_width + units(layout, 0.9f) + layout->share_width;
    draw_text(canvas, (float)right - text_width(text, layout->note), (float)baseline, text,
              layout->note, false);
}

static void draw_legend(const panel_layout *layout, sg_canvas *canvas)
{
    const int32_t entries = layout->legend_shown + (layout->legend_shown < layout->present_count);
    for (int32_t i = 0; i < entries; i++) {
        const int32_t column = i / layout->legend_rows, row = i % layout->legend_rows;
        draw_entry(layout, canvas, i,
                   layout->margin + column * (layout->entry_width + units(layout, 2.4f)),
                   layout->legend_top + layout->cap + row * units(layout, 1.9f));
    }
}

segent_status panel_compose(segent_context *context, const sg_analysis *analysis,
                            const sg_settings *settings, segent_image **panel)
{
    panel_layout layout = {.analysis = analysis};
    segent_status status = tiles_make(context, analysis, settings, &layout.tiles);
    if (status != SEGENT_OK)
        return status;
    layout.present = memory_need((size_t)analysis->classes, sizeof(*layout.present));
    layout.present_count = analysis_present(analysis, layout.present);
    choose_palette(&layout);
    choose_sizes(&layout);
    write_captions(&layout);
    write_ticks(&layout, settings);
    place_columns(&layout);
    measure_legend(&layout);
    place_legend(&layout);
    sg_canvas canvas = canvas_create(layout.width, layout.height);
    draw_columns(&layout, &canvas);
    status = draw_bar(&layout, context, settings, &canvas);
    draw_ticks(&layout, &canvas);
    draw_legend(&layout, &canvas);
    const segent_pixel_view pixels =
        segent_pixels(canvas.pixels, SEGENT_PIXEL_RGB, canvas.height, canvas.width);
    if (status == SEGENT_OK)
        status = segent_image_from_pixels(context, &pixels, panel);
    canvas_free(&canvas);
    tiles_free(&layout.tiles);
    free(layout.present);
    free(layout.voc);
    return status;
}
