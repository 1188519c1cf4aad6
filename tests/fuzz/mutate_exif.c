/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "mutate_exif.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_ORIENTATION = 0x112, TYPES = 14 };

static void put(fuzz_bytes *out, bool big, uint64_t value, size_t size)
{
    if (big)
        fuzz_append_big(out, value, size);
    else
        fuzz_append_little(out, value, size);
}

static void put_entry(fuzz_bytes *out, bool big, fuzz_random *random)
{
    const uint64_t tag = fuzz_one_in(random, 3) ? fuzz_below(random, 0x200) : TAG_ORIENTATION;
    put(out, big, tag, 2);
    put(out, big, fuzz_one_in(random, 2) ? 3 : fuzz_below(random, TYPES), 2);
    put(out, big, fuzz_one_in(random, 2) ? 1 : fuzz_odd_number(random, 1), 4);
    if (fuzz_one_in(random, 2))
        put(out, big, fuzz_odd_number(random, 26), 4);
    else if (big)
        put(out, big, fuzz_below(random, 10) << 16, 4);
    else
        put(out, big, fuzz_below(random, 10), 4);
}

void fuzz_make_exif(fuzz_bytes *out, fuzz_random *random)
{
    static const char *const headers[] = {"II*\0", "MM\0*", "MM*\0", "II\0*", "II+\0"};
    const char *header = headers[fuzz_below(random, sizeof(headers) / sizeof(headers[0]))];
    const bool big = header[0] == 'M';
    const size_t entries = 1 + fuzz_below(random, 3);
    for (size_t i = fuzz_below(random, 3); i > 0; i--)
        fuzz_append(out, "Exif\0", 6);
    fuzz_append(out, header, 4);
    put(out, big, fuzz_one_in(random, 6) ? fuzz_odd_number(random, 8) : 8, 4);
    put(out, big, fuzz_one_in(random, 6) ? fuzz_odd_number(random, entries) : entries, 2);
    for (size_t i = 0; i < entries; i++)
        put_entry(out, big, random);
    put(out, big, 0, 4);
    for (size_t i = fuzz_below(random, 20); i > 0; i--)
        fuzz_append_byte(out, (unsigned)fuzz_below(random, 10));
}

void fuzz_make_raw_profile(fuzz_bytes *out, fuzz_random *random)
{
    fuzz_bytes exif = {NULL, 0, 0};
    char text[40];
    fuzz_make_exif(&exif, random);
    const uint64_t size = fuzz_one_in(random, 6) ? fuzz_odd_number(random, exif.size) : exif.size;
    snprintf(text, sizeof(text), "\nexif\n%8llu\n", (unsigned long long)size);
    fuzz_append_text(out, text);
    for (size_t i = 0; i < exif.size; i++) {
        snprintf(text, sizeof(text), "%02x%s", exif.data[i], i % 36 == 35 ? "\n" : "");
        fuzz_append_text(out, text);
    }
    fuzz_append_text(out, "\n");
    free(exif.data);
}

void fuzz_make_xmp(fuzz_bytes *out, fuzz_random *random)
{
    static const char *const forms[] = {
        "<x:xmpmeta><rdf:Description tiff:Orientation=\"#\"/></x:xmpmeta>",
        "<x:xmpmeta><tiff:Orientation>#</tiff:Orientation></x:xmpmeta>", "<tiff:Orientation='#'",
        "tiff:Orientation=\"#tiff:Orientation>3", "tiff:Orientation=\""};
    const char *form = forms[fuzz_below(random, sizeof(forms) / sizeof(forms[0]))];
    const char *number = strchr(form, '#');
    fuzz_append(out, form, number ? (size_t)(number - form) : strlen(form));
    if (!number)
        return;
    fuzz_append_byte(out, '0' + (unsigned)fuzz_below(random, 12));
    fuzz_append_text(out, number + 1);
}
