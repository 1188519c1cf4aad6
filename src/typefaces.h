/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The system's fonts, and the libraries that shape and draw text with them. The command is not
 * linked with these libraries. They are loaded when a text needs them for the first time, because
 * most runs never do. All of this is for one thread. */

#ifndef TYPEFACES_H
#define TYPEFACES_H

#include <fontconfig/fontconfig.h>
#include <fribidi.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_TRUETYPE_TABLES_H
#include <hb-ft.h>
#include <hb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FONTCONFIG_FUNCTIONS(F) \
    F(FcCharSetAddChar)         \
    F(FcCharSetCreate)          \
    F(FcCharSetDestroy)         \
    F(FcCharSetHasChar)         \
    F(FcCharSetIsSubset)        \
    F(FcConfigSubstitute)       \
    F(FcDefaultSubstitute)      \
    F(FcFini)                   \
    F(FcFontSetDestroy)         \
    F(FcFontSort)               \
    F(FcPatternAddBool)         \
    F(FcPatternAddString)       \
    F(FcPatternCreate)          \
    F(FcPatternDestroy)         \
    F(FcPatternGetBool)         \
    F(FcPatternGetCharSet)      \
    F(FcPatternGetInteger)      \
    F(FcPatternGetString)

#define FREETYPE_FUNCTIONS(F) \
    F(FT_Done_Face)           \
    F(FT_Done_FreeType)       \
    F(FT_Get_Sfnt_Table)      \
    F(FT_Init_FreeType)       \
    F(FT_Load_Glyph)          \
    F(FT_New_Face)            \
    F(FT_Outline_Embolden)    \
    F(FT_Outline_Transform)   \
    F(FT_Outline_Translate)   \
    F(FT_Render_Glyph)        \
    F(FT_Set_Char_Size)

#define FRIBIDI_FUNCTIONS(F)     \
    F(fribidi_get_bidi_types)    \
    F(fribidi_get_bracket_types) \
    F(fribidi_get_par_embedding_levels_ex)

#define HARFBUZZ_FUNCTIONS(F)             \
    F(hb_buffer_add_codepoints)           \
    F(hb_buffer_clear_contents)           \
    F(hb_buffer_create)                   \
    F(hb_buffer_destroy)                  \
    F(hb_buffer_get_glyph_infos)          \
    F(hb_buffer_get_glyph_positions)      \
    F(hb_buffer_guess_segment_properties) \
    F(hb_buffer_set_direction)            \
    F(hb_font_destroy)                    \
    F(hb_ft_font_changed)                 \
    F(hb_ft_font_create_referenced)       \
    F(hb_ft_font_set_load_flags)          \
    F(hb_shape)                           \
    F(hb_unicode_funcs_get_default)       \
    F(hb_unicode_general_category)        \
    F(hb_unicode_script)

/* The libraries' functions under their own names. */
typedef struct sg_text_calls {
#define TEXT_CALL(name) __typeof__ (&(name))(name);
    FONTCONFIG_FUNCTIONS(TEXT_CALL)
    FREETYPE_FUNCTIONS(TEXT_CALL)
    FRIBIDI_FUNCTIONS(TEXT_CALL)
    HARFBUZZ_FUNCTIONS(TEXT_CALL)
#undef TEXT_CALL
} sg_text_calls;

/* A font that is open. */
typedef struct sg_typeface {
    FT_Face face;
    hb_font_t *shaper;
    float cap_share; /* height of a capital letter as a share of the size */
    FT_F26Dot6 size; /* that it is set to, in 1/64 of a pixel */
} sg_typeface;

/* The character that stands for bytes that are none. */
enum { TEXT_REPLACEMENT = 0xfffd };

enum { TYPEFACE_FLAGS = FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP, TYPEFACE_NONE = -1 };

/* Loads the libraries and the list of fonts, at the first call. NULL: they are not there. */
const sg_text_calls *typefaces_load(void);

/* Chooses a font for each character of a text: one for all of them if some font has them all,
 * otherwise for each the first font in the system's order that has it, staying with a font as long
 * as it has the characters that follow. False: no font has any of the characters outside ASCII,
 * where TEXT_REPLACEMENT does not count. */
bool typefaces_choose(const uint32_t *codes, int count, int *fonts);

/* A font that typefaces_choose() gave, at the size that makes capital letters `cap_height` pixels
 * high. NULL if it cannot be used. */
const sg_typeface *typefaces_open(int font, float cap_height);

/* Closes everything, after which it can be loaded again. */
void typefaces_finish(void);

#endif
