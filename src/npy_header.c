/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "npy_header.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { HEADER_LIMIT = 65536, TYPE_SIZE = 16 };

/* The text of a header that is being read, a Python dictionary, and where to say what is wrong. */
typedef struct header_text {
    const char *next, *end;
    char *error;
    size_t error_size;
    bool have_descr, have_order, have_shape;
    sg_npy_header *header;
} header_text;

static bool fail(header_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(header_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text->error, text->error_size, format, arguments);
    va_end(arguments);
    return false;
}

bool is_little_endian(void)
{
    const uint16_t one = 1;
    return *(const unsigned char *)&one == 1;
}

/* ---- the types of values ---- */

/* The size in bytes of a floating point type by NumPy's name for it, without a sign of byte order;
 * 0: it is not one of them. */
static int float_bytes(const char *name)
{
    static const struct {
        const char *name;
        int bytes;
    } types[] = {{"f2", 2},      {"e", 2},      {"half", 2}, {"float16", 2}, {"f4", 4},
                 {"f", 4},       {"single", 4}, {"f8", 8},   {"d", 8},       {"float32", 4},
                 {"float64", 8}, {"double", 8}, {"float", 8}};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(name, types[i].name) == 0)
            return types[i].bytes;
    }
    return 0;
}

/* What the values of a type that cannot be used are, in words that follow the type's name in a
 * message; "" if the name says it all. */
static const char *describe_type(const char *name)
{
    static const struct {
        const char *begin, *words;
    } kinds[] = {{"f1", " (extended precision)"},
                 {"float128", " (extended precision)"},
                 {"float96", " (extended precision)"},
                 {"g", " (extended precision)"},
                 {"long", " (extended precision)"},
                 {"i", " (integers)"},
                 {"u", " (integers)"},
                 {"b", " (integers)"},
                 {"?", " (true or false)"},
                 {"c", " (complex numbers)"},
                 {"O", " (pickled Python objects, which are never read)"},
                 {"V", " (bytes of no known meaning, as bfloat16 is saved)"},
                 {"S", " (text)"},
                 {"a", " (text)"},
                 {"U", " (text)"},
                 {"M", " (dates)"},
                 {"m", " (times)"}};
    /* These two begin like the names of integers. */
    if (strncmp(name, "bool", 4) == 0 || strcmp(name, "b1") == 0)
        return " (true or false)";
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strncmp(name, kinds[i].begin, strlen(kinds[i].begin)) == 0)
            return kinds[i].words;
    }
    return "";
}

static bool take_type(header_text *text, const char *type)
{
    const char order = strchr("<>=|", type[0]) && type[0] ? type[0] : '=';
    const char *name = type + (order == type[0]);
    text->header->bytes = float_bytes(name);
    if (text->header->bytes == 0)
        return fail(text,
                    "holds values of type '%s'%s; floating point ('<f4') is needed: save "
                    "array.astype('float32')",
                    type, describe_type(name));
    text->header->big_endian = order == '>' || (order != '<' && !is_little_endian());
    return true;
}

/* ---- the header's text: a Python dict literal ---- */

static void skip_space(header_text *text)
{
    while (text->next < text->end && strchr(" \t\r\n", *text->next) && *text->next)
        text->next++;
}

/* Steps over white space and then over `word`. False: another text stands there. */
static bool accept(header_text *text, const char *word)
{
    skip_space(text);
    const size_t length = strlen(word);
    if ((size_t)(text->end - text->next) < length || memcmp(text->next, word, length) != 0)
        return false;
    text->next += length;
    return true;
}

/* Reads a string in either kind of quotes; Python 2 may have put a u or b before them. */
static bool read_string(header_text *text, char *string, size_t size)
{
    if (!accept(text, "u"))
        (void)accept(text, "b");
    if (text->next == text->end || (*text->next != '\'' && *text->next != '"'))
        return false;
    const char quote = *text->next++;
    const char *close = memchr(text->next, quote, (size_t)(text->end - text->next));
    if (!close || (size_t)(close - text->next) >= size)
        return false;
    memcpy(string, text->next, (size_t)(close - text->next));
    string[close - text->next] = '\0';
    text->next = close + 1;
    return true;
}

static bool read_descr(header_text *text)
{
    char type[TYPE_SIZE];
    if (!read_string(text, type, sizeof(type)))
        return fail(text, "its type is not a plain one (fields of records, or a longer name than "
                          "numbers have); one array of float32 is needed");
    text->have_descr = true;
    return take_type(text, type);
}

static bool read_order(header_text *text)
{
    text->header->fortran = accept(text, "True");
    if (!text->header->fortran && !accept(text, "False"))
        return fail(text, "damaged header: fortran_order is neither True nor False");
    text->have_order = true;
    return true;
}

/* Reads one number of the shape, which Python 2 may have written as a long integer, 10L. */
static bool read_side(header_text *text, int64_t *side)
{
    skip_space(text);
    const char *first = text->next;
    *side = 0;
    while (text->next < text->end && *text->next >= '0' && *text->next <= '9') {
        if (*side > (INT64_MAX - 9) / 10)
            return fail(text, "damaged header: a side of the shape is too large");
        *side = *side * 10 + (*text->next++ - '0');
    }
    if (text->next == first)
        return fail(text, "damaged header: the shape is not a tuple of numbers");
    (void)accept(text, "L");
    return true;
}

static bool read_shape(header_text *text)
{
    sg_npy_header *header = text->header;
    if (!accept(text, "("))
        return fail(text, "damaged header: the shape is not a tuple");
    header->rank = 0;
    while (!accept(text, ")")) {
        if (header->rank == NPY_RANK_MAX)
            return fail(text, "has more than %d dimensions", NPY_RANK_MAX);
        if (!read_side(text, &header->shape[header->rank++]))
            return false;
        if (!accept(text, ",")) {
            if (!accept(text, ")"))
                return fail(text, "damaged header: the shape is not closed");
            break;
        }
    }
    text->have_shape = true;
    return true;
}

static bool read_member(header_text *text)
{
    char key[32];
    if (!read_string(text, key, sizeof(key)) || !accept(text, ":"))
        return fail(text, "damaged header: not a dictionary");
    if (strcmp(key, "descr") == 0 && !text->have_descr)
        return read_descr(text);
    if (strcmp(key, "fortran_order") == 0 && !text->have_order)
        return read_order(text);
    if (strcmp(key, "shape") == 0 && !text->have_shape)
        return read_shape(text);
    return fail(text, "damaged header: unexpected key '%s'", key);
}

static bool read_dictionary(header_text *text)
{
    if (!accept(text, "{"))
        return fail(text, "damaged header: not a dictionary");
    while (!accept(text, "}")) {
        if (!read_member(text))
            return false;
        if (!accept(text, ",")) {
            if (!accept(text, "}"))
                return fail(text, "damaged header: the dictionary is not closed");
            break;
        }
    }
    skip_space(text);
    if (text->next != text->end)
        return fail(text, "damaged header: text after the dictionary");
    if (!text->have_descr || !text->have_order || !text->have_shape)
        return fail(text, "damaged header: descr, fortran_order or shape is missing");
    return true;
}

/* ---- where the header lies ---- */

/* Says what a zip file is. If its first member is an array, by its local header, numpy.savez wrote
 * it, and the array's name is part of the advice. */
static bool fail_zip(header_text *text, const unsigned char *bytes, size_t size)
{
    enum { LOCAL_HEADER = 30, NAME_LENGTH = 26, SUFFIX = 4 };
    const char *name = (const char *)bytes + LOCAL_HEADER;
    const size_t length =
        size < LOCAL_HEADER ? 0 : bytes[NAME_LENGTH] | (size_t)bytes[NAME_LENGTH + 1] << 8;
    if (length < SUFFIX || length > 100 || size - LOCAL_HEADER < length ||
        memcmp(name + length - SUFFIX, ".npy", SUFFIX) != 0)
        return fail(text, "a zip archive, not an .npy file");
    return fail(text,
                "an .npz archive (zip); give one array as .npy: "
                "numpy.save('logits.npy', numpy.load(FILE)['%.*s'])",
                (int)(length - SUFFIX), name);
}

/* Whether it is HTML or XML: the first byte after white space and UTF-8's mark opens a tag. */
static bool is_page(const unsigned char *bytes, size_t size)
{
    size_t at = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < size && (bytes[at] == ' ' || (bytes[at] >= '\t' && bytes[at] <= '\r')))
        at++;
    return at + 1 < size && bytes[at] == '<' && bytes[at + 1] > ' ' && bytes[at + 1] < 0x7f;
}

/* Says what a file is that is no .npy file, and what to do about it, where its first bytes tell. */
static bool fail_foreign(header_text *text, const unsigned char *bytes, size_t size)
{
    static const struct {
        const char *magic;
        size_t length;
        const char *words;
    } kinds[] = {
        {"PK\5\6", 4, "an .npz archive (zip) that holds nothing"},
        {"\x89PNG", 4, "a PNG picture, not an .npy file; 'segent run' takes pictures"},
        {"\xff\xd8\xff", 3, "a JPEG picture, not an .npy file; 'segent run' takes pictures"},
        {"\x80", 1, "a Python pickle, which is never read; numpy.save writes .npy files"},
        {"\x89HDF\r\n", 6, "an HDF5 file, not an .npy file; save one of its arrays as .npy"},
        {"MATLAB 5.0", 10, "a MATLAB file, not an .npy file; save one of its arrays as .npy"},
        {"\x1f\x8b", 2, "compressed with gzip; decompress it first"},
        {"BZh", 3, "compressed with bzip2; decompress it first"},
        {"\xfd\x37zXZ", 5, "compressed with xz; decompress it first"},
        {"\x28\xb5\x2f\xfd", 4, "compressed with Zstandard; decompress it first"},
        {"7z\xbc\xaf", 4, "a 7-Zip archive; unpack it first"},
        {"Rar!", 4, "a RAR archive; unpack it first"},
        {"II*\0", 4, "a TIFF file, not an .npy file; save its values as an array in .npy"},
        {"MM\0*", 4, "a TIFF file, not an .npy file; save its values as an array in .npy"},
        {"\0\5\x16\7", 4, "a macOS '._' companion file, which holds no values"},
        {"version https://git-lfs", 23,
         "a Git LFS pointer, not the file that it stands for; 'git lfs pull' fetches that"},
    };
    if (size >= 4 && memcmp(bytes, "PK\3\4", 4) == 0)
        return fail_zip(text, bytes, size);
    if (is_page(bytes, size))
        return fail(text, "a web page or other XML, not an .npy file; download the file again");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (size >= kinds[i].length && memcmp(bytes, kinds[i].magic, kinds[i].length) == 0)
            return fail(text, "%s", kinds[i].words);
    }
    return fail(text, "not an .npy file");
}

static bool find_text(header_text *text, const unsigned char *bytes, size_t size)
{
    if (size < NPY_PREAMBLE || memcmp(bytes, "\x93NUMPY", 6) != 0)
        return fail_foreign(text, bytes, size);
    const unsigned version = bytes[6];
    if (version < 1 || version > 3 || bytes[7] != 0)
        return fail(text, "an .npy file of version %u.%u, which is not known", version, bytes[7]);
    size_t start = NPY_PREAMBLE, length = bytes[8] | (size_t)bytes[9] << 8;
    if (version > 1) {
        if (size < NPY_PREAMBLE + 2)
            return fail(text, "truncated: the file ends inside its header");
        length |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
        start += 2;
    }
    if (length > HEADER_LIMIT)
        return fail(text, "damaged header: %zu bytes long", length);
    if (length > size - start)
        return fail(text, "truncated: the file ends inside its header");
    text->next = (const char *)bytes + start;
    text->end = text->next + length;
    text->header->start = start + length;
    return true;
}

bool npy_header_read(const void *bytes, size_t size, sg_npy_header *header, char *error,
                     size_t error_size)
{
    header_text text = {.error = error, .error_size = error_size, .header = header};
    *header = (sg_npy_header){.rank = 0};
    return find_text(&text, bytes, size) && read_dictionary(&text);
}
