/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "typefaces.h"

#include <dlfcn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "console.h"

static sg_text_calls calls;
static bool tried, loaded;
static FT_Library freetype;
static FcFontSet *fonts;       /* the system's fonts, the best first */
static sg_typeface *typefaces; /* one for each of them; those that were needed are open */

/* ---- the libraries ---- */

typedef struct call_name {
    const char *name;
    size_t offset;
} call_name;

#define CALL_NAME(name) {#name, offsetof(sg_text_calls, name)},
static const call_name fontconfig_names[] = {FONTCONFIG_FUNCTIONS(CALL_NAME){NULL, 0}};
static const call_name freetype_names[] = {FREETYPE_FUNCTIONS(CALL_NAME){NULL, 0}};
static const call_name fribidi_names[] = {FRIBIDI_FUNCTIONS(CALL_NAME){NULL, 0}};
static const call_name harfbuzz_names[] = {HARFBUZZ_FUNCTIONS(CALL_NAME){NULL, 0}};
#undef CALL_NAME

/* The numbers in the names are versions of binary interfaces: those of the headers that this file
 * was compiled with. */
static const struct {
    const char *file;
    const call_name *names;
} libraries[] = {
    {"libfontconfig.so.1", fontconfig_names},
    {"libfreetype.so.6", freetype_names},
    {"libfribidi.so.0", fribidi_names},
    {"libharfbuzz.so.0", harfbuzz_names},
};

/* Loads a library and finds its functions. It stays loaded until the process ends, even when
 * another one is missing. */
static bool load_library(const char *file, const call_name *names)
{
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    for (; library && names->name; names++) {
        void *found = dlsym(library, names->name);
        if (!found)
            return false;
        memcpy((char *)&calls + names->offset, &found, sizeof(found));
    }
    return library != NULL;
}

static bool load_libraries(void)
{
    /* A program without a loader of its own is a static one, which would load a second C library
     * together with these. */
    if (getauxval(AT_BASE) == 0)
        return false;
    for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
        if (!load_library(libraries[i].file, libraries[i].names))
            return false;
    }
    return true;
}

/* ---- the list of fonts ---- */

static FcFontSet *list_fonts(void)
{
    FcResult result;
    FcFontSet *list = NULL;
    FcPattern *wanted = calls.FcPatternCreate();
    if (wanted && calls.FcPatternAddString(wanted, FC_FAMILY, (const FcChar8 *)"sans-serif") &&
        calls.FcPatternAddBool(wanted, FC_SCALABLE, FcTrue) &&
        calls.FcPatternAddBool(wanted, FC_COLOR, FcFalse) &&
        calls.FcConfigSubstitute(NULL, wanted, FcMatchPattern)) {
        calls.FcDefaultSubstitute(wanted);
        list = calls.FcFontSort(NULL, wanted, FcTrue, NULL, &result);
    }
    if (wanted)
        calls.FcPatternDestroy(wanted);
    return list;
}

const sg_text_calls *typefaces_load(void)
{
    if (tried)
        return loaded ? &calls : NULL;
    tried = true;
    if (!load_libraries())
        return NULL;
    fonts = list_fonts();
    if (fonts && fonts->nfont > 0 && calls.FT_Init_FreeType(&freetype) == 0) {
        typefaces = memory_need((size_t)fonts->nfont, sizeof(*typefaces));
        memset(typefaces, 0, (size_t)fonts->nfont * sizeof(*typefaces));
        loaded = true;
        return &calls;
    }
    if (fonts)
        calls.FcFontSetDestroy(fonts);
    fonts = NULL;
    calls.FcFini();
    return NULL;
}

void typefaces_finish(void)
{
    if (loaded) {
        for (int i = 0; i < fonts->nfont; i++) {
            if (typefaces[i].shaper)
                calls.hb_font_destroy(typefaces[i].shaper);
            if (typefaces[i].face)
                calls.FT_Done_Face(typefaces[i].face);
        }
        free(typefaces);
        calls.FT_Done_FreeType(freetype);
        calls.FcFontSetDestroy(fonts);
        calls.FcFini();
        fonts = NULL;
        typefaces = NULL;
    }
    tried = loaded = false;
}

/* ---- choosing ---- */

/* The characters that a font has; NULL if its letters are made of pixels or of colours, not of
 * outlines. */
static const FcCharSet *characters_of(int font)
{
    FcBool scalable, coloured;
    FcCharSet *characters;
    const FcPattern *pattern = fonts->fonts[font];
    if (calls.FcPatternGetBool(pattern, FC_SCALABLE, 0, &scalable) == FcResultMatch && !scalable)
        return NULL;
    if (calls.FcPatternGetBool(pattern, FC_COLOR, 0, &coloured) == FcResultMatch && coloured)
        return NULL;
    if (calls.FcPatternGetCharSet(pattern, FC_CHARSET, 0, &characters) != FcResultMatch)
        return NULL;
    return characters;
}

static bool has_character(int font, uint32_t code)
{
    const FcCharSet *characters = font == TYPEFACE_NONE ? NULL : characters_of(font);
    return characters && calls.FcCharSetHasChar(characters, code);
}

static int find_font(uint32_t code)
{
    for (int font = 0; font < fonts->nfont; font++) {
        if (has_character(font, code))
            return font;
    }
    return TYPEFACE_NONE;
}

/* Whether a character is not seen itself, as joiners are, so that a font need not have it. */
static bool is_unseen(uint32_t code)
{
    const hb_unicode_general_category_t category =
        calls.hb_unicode_general_category(calls.hb_unicode_funcs_get_default(), code);
    return category == HB_UNICODE_GENERAL_CATEGORY_FORMAT || (code >= 0xfe00 && code <= 0xfe0f);
}

static int find_font_of_all(const uint32_t *codes, int count)
{
    int font = 0;
    FcCharSet *needed = calls.FcCharSetCreate();
    for (int i = 0; needed && i < count; i++) {
        if (!is_unseen(codes[i]))
            calls.FcCharSetAddChar(needed, codes[i]);
    }
    for (; needed && font < fonts->nfont; font++) {
        const FcCharSet *characters = characters_of(font);
        if (characters && calls.FcCharSetIsSubset(needed, characters))
            break;
    }
    if (needed)
        calls.FcCharSetDestroy(needed);
    return needed && font < fonts->nfont ? font : TYPEFACE_NONE;
}

bool typefaces_choose(const uint32_t *codes, int count, int *chosen)
{
    const int all = find_font_of_all(codes, count);
    int font = all;
    bool any = false;
    for (int i = 0; i < count; i++) {
        if (font == TYPEFACE_NONE ||
            (all == TYPEFACE_NONE && !is_unseen(codes[i]) && !has_character(font, codes[i]))) {
            const int other = find_font(codes[i]);
            font = other == TYPEFACE_NONE ? font : other;
        }
        chosen[i] = font;
        any |= codes[i] > 0x7e && codes[i] != TEXT_REPLACEMENT && has_character(font, codes[i]);
    }
    /* A character that no font has is given to the font of its neighbour, which draws its own sign
     * for a missing character. */
    for (int i = count - 1; i >= 0; i--) {
        font = chosen[i] == TYPEFACE_NONE ? font : chosen[i];
        chosen[i] = font;
    }
    return any;
}

/* ---- opening ---- */

/* The height of capital letters as a share of the font's size: what the font tells, or, where it
 * tells nothing credible, that of most fonts. */
static float find_cap_share(FT_Face face)
{
    const float usual = 0.72f;
    const TT_OS2 *table = calls.FT_Get_Sfnt_Table(face, FT_SFNT_OS2);
    if (!table || table->version < 2 || table->version == 0xffff || face->units_per_EM == 0)
        return usual;
    const float share = (float)table->sCapHeight / (float)face->units_per_EM;
    return share >= 0.5f && share <= 0.9f ? share : usual;
}

static bool open_face(int font, sg_typeface *typeface)
{
    FcChar8 *file;
    int index = 0;
    const FcPattern *pattern = fonts->fonts[font];
    if (calls.FcPatternGetString(pattern, FC_FILE, 0, &file) != FcResultMatch)
        return false;
    calls.FcPatternGetInteger(pattern, FC_INDEX, 0, &index);
    if (calls.FT_New_Face(freetype, (const char *)file, index, &typeface->face) != 0) {
        typeface->face = NULL;
        return false;
    }
    typeface->cap_share = find_cap_share(typeface->face);
    typeface->shaper = calls.hb_ft_font_create_referenced(typeface->face);
    calls.hb_ft_font_set_load_flags(typeface->shaper, TYPEFACE_FLAGS);
    return true;
}

const sg_typeface *typefaces_open(int font, float cap_height)
{
    sg_typeface *typeface = &typefaces[font];
    if (!typeface->face && !open_face(font, typeface))
        return NULL;
    const FT_F26Dot6 size = (FT_F26Dot6)lroundf(64 * cap_height / typeface->cap_share);
    if (typeface->size != size) {
        if (calls.FT_Set_Char_Size(typeface->face, 0, size, 72, 72) != 0)
            return NULL;
        calls.hb_ft_font_changed(typeface->shaper);
        typeface->size = size;
    }
    return typeface;
}
