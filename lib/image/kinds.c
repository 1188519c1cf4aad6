/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What a file is, by its first bytes: a table of the kinds that people have under a picture's name,
 * with what to do about each. */

#include "codec.h"

#include <string.h>

#define CONVERT  "JPEG and PNG can be read: convert it"
#define EXPORT   "JPEG and PNG can be read: export it as one of them"
#define DOWNLOAD "download the picture itself again"

/* A kind whose files have `bytes` at offset `at`; the first row that fits counts. `head`, if it is
 * not empty, must be at the beginning too. Bytes are in the row itself: a pointer to them would be
 * one more for the dynamic linker to adjust. */
typedef struct signature {
    uint16_t at;
    uint8_t size;
    char bytes[24];
    char head[5];
    const char *phrase;
    const char *advice;
} signature;

#define AT(offset, bytes) offset, sizeof(bytes) - 1, bytes, ""

/* clang-format off */
static const signature others[] = {
    {12, 4, "CgBI", "\x89PNG", "an Apple (CgBI) PNG picture", "revert it with Xcode's pngcrush -revert-iphone-optimizations"},
    {AT(0, "\x8aMNG\r\n"), "an MNG animation", CONVERT},
    {AT(0, "\x8bJNG\r\n"), "a JNG picture", CONVERT},
    {AT(0, "GIF87a"), "a GIF picture", CONVERT},
    {AT(0, "GIF89a"), "a GIF picture", CONVERT},
    {8, 4, "WEBP", "RIFF", "a WebP picture", CONVERT},
    {8, 4, "AVI ", "RIFF", "a video (AVI)", "take pictures out of it, with ffmpeg for one"},
    {8, 4, "CR\x02\0", "II*", "a raw camera picture (CR2)", EXPORT},
    {AT(0, "IIU\0"), "a raw camera picture (RW2)", EXPORT},
    {AT(0, "IIRO"), "a raw camera picture (ORF)", EXPORT},
    {AT(0, "FUJIFILMCCD-RAW"), "a raw camera picture (RAF)", EXPORT},
    {AT(4, "ftypcrx"), "a raw camera picture (CR3)", EXPORT},
    {AT(0, "II\xbc\x01"), "a JPEG XR picture", CONVERT},
    {AT(0, "II*\0"), "a TIFF picture, or a raw camera one (NEF, ARW, DNG)", CONVERT},
    {AT(0, "MM\0*"), "a TIFF picture, or a raw camera one (NEF, ARW, DNG)", CONVERT},
    {AT(0, "II+\0"), "a TIFF picture", CONVERT},
    {AT(0, "MM\0+"), "a TIFF picture", CONVERT},
    {AT(4, "ftypavif"), "an AVIF picture", CONVERT},
    {AT(4, "ftypavis"), "an AVIF picture", CONVERT},
    {AT(4, "ftyphei"), "a HEIC picture", CONVERT},
    {AT(4, "ftyphev"), "a HEIC picture", CONVERT},
    {AT(4, "ftypmif1"), "a HEIF picture", CONVERT},
    {AT(4, "ftypmsf1"), "a HEIF picture", CONVERT},
    {AT(4, "ftypqt"), "a video (QuickTime)", "take pictures out of it, with ffmpeg for one"},
    {AT(4, "ftyp3g"), "a video (3GP)", "take pictures out of it, with ffmpeg for one"},
    {AT(4, "ftypM4A"), "a sound (M4A)", "JPEG and PNG can be read"},
    {AT(4, "ftyp"), "a video (MP4)", "take pictures out of it, with ffmpeg for one"},
    {AT(4, "moov"), "a video (QuickTime)", "take pictures out of it, with ffmpeg for one"},
    {AT(4, "mdat"), "a video (QuickTime)", "take pictures out of it, with ffmpeg for one"},
    {AT(0, "\x1a\x45\xdf\xa3"), "a video (Matroska or WebM)", "take pictures out of it, with ffmpeg for one"},
    {AT(0, "\0\0\0\x0cjP  \r\n\x87\n"), "a JPEG 2000 picture", CONVERT},
    {AT(0, "\xff\x4f\xff\x51"), "a JPEG 2000 picture", CONVERT},
    {AT(0, "\0\0\0\x0cJXL \r\n\x87\n"), "a JPEG XL picture", CONVERT},
    {AT(0, "\xff\x0a"), "a JPEG XL picture", CONVERT},
    {AT(0, "8BPS"), "a Photoshop document", EXPORT},
    {AT(0, "gimp xcf"), "a GIMP document", EXPORT},
    {AT(0, "qoif"), "a QOI picture", CONVERT},
    {AT(0, "v/1\x01"), "an OpenEXR picture", CONVERT},
    {AT(0, "#?RADIANCE"), "a Radiance HDR picture", CONVERT},
    {AT(0, "#?RGBE"), "a Radiance HDR picture", CONVERT},
    {AT(0, "DDS "), "a DDS texture", CONVERT},
    {AT(0, "\xabKTX "), "a KTX texture", CONVERT},
    {AT(128, "DICM"), "a DICOM file", EXPORT},
    {AT(344, "n+1\0"), "a NIfTI volume", EXPORT},
    {AT(344, "ni1\0"), "a NIfTI volume", EXPORT},
    {AT(0, "\x5c\x01\0\0"), "a NIfTI volume", EXPORT},
    {AT(0, "\0\0\x01\x5c"), "a NIfTI volume", EXPORT},
    {AT(0, "SIMPLE  ="), "a FITS picture", CONVERT},
    {AT(0, "%PDF"), "a PDF document", "export its pages as PNG"},
    {AT(0, "%!PS"), "a PostScript document", EXPORT},
    {AT(0, "{\\rtf"), "a text document (RTF)", "JPEG and PNG can be read"},
    {AT(0, "\0\x05\x16\x07"), "a macOS \"._\" companion file", "the picture is the file of that name without the \"._\""},
    {AT(0, "\0\x05\x16\0"), "a macOS \"._\" companion file", "the picture is the file of that name without the \"._\""},
    {AT(0, "\0\0\0\x01" "Bud1"), "a macOS folder's .DS_Store", "JPEG and PNG can be read"},
    {AT(0, "version https://git-lfs"), "a Git LFS pointer, not the picture", "run git lfs pull"},
    {AT(0, "\x93NUMPY"), "a NumPy array", "segent entropy reads logits"},
    {AT(0, "\x89HDF\r\n"), "an HDF5 file", "JPEG and PNG can be read"},
    {AT(0, "PK\x03\x04"), "a zip archive", "unpack it; a checkpoint is given with -m, logits (.npz) one by one as .npy to segent entropy"},
    {AT(0, "PK\x05\x06"), "an empty zip archive", "JPEG and PNG can be read"},
    {AT(0, "\x1f\x8b"), "a gzip file", "unpack it"},
    {AT(0, "BZh"), "a bzip2 file", "unpack it"},
    {AT(0, "\xfd" "7zXZ"), "an xz file", "unpack it"},
    {AT(0, "\x28\xb5\x2f\xfd"), "a zstd file", "unpack it"},
    {AT(0, "7z\xbc\xaf"), "a 7-Zip archive", "unpack it"},
    {AT(0, "Rar!"), "a RAR archive", "unpack it"},
    {AT(257, "ustar"), "a tar archive", "unpack it"},
    {AT(0, "\x80\x02"), "a Python pickle", "a checkpoint is given with -m"},
    {AT(0, "\x80\x03"), "a Python pickle", "a checkpoint is given with -m"},
    {AT(0, "\x80\x04"), "a Python pickle", "a checkpoint is given with -m"},
    {AT(0, "\0\0\x01\0"), "a Windows icon", CONVERT},
    {AT(0, "icns"), "an Apple icon", CONVERT},
    {AT(0, "BM"), "a BMP picture", CONVERT},
    {AT(0, "P1"), "a PBM picture", CONVERT},
    {AT(0, "P4"), "a PBM picture", CONVERT},
    {AT(0, "P2"), "a PGM picture", CONVERT},
    {AT(0, "P5"), "a PGM picture", CONVERT},
    {AT(0, "P3"), "a PPM picture", CONVERT},
    {AT(0, "P6"), "a PPM picture", CONVERT},
    {AT(0, "P7\n"), "a PAM picture", CONVERT},
    {AT(0, "PF\n"), "a PFM picture", CONVERT},
    {AT(0, "data:image/"), "a data: address, not the picture", "decode its base64"},
    {AT(0, "/9j/"), "a JPEG picture in base64", "decode it"},
    {AT(0, "iVBORw0KGgo"), "a PNG picture in base64", "decode it"},
};

/* Words at the beginning of a text, in small letters; spaces and a byte order mark before them do
 * not count. */
static const signature texts[] = {
    {AT(0, "<!doctype html"), "an HTML page", DOWNLOAD},
    {AT(0, "<html"), "an HTML page", DOWNLOAD},
    {AT(0, "<head"), "an HTML page", DOWNLOAD},
    {AT(0, "<body"), "an HTML page", DOWNLOAD},
    {AT(0, "<script"), "an HTML page", DOWNLOAD},
    {AT(0, "<svg"), "an SVG drawing", EXPORT},
    {AT(0, "<!doctype svg"), "an SVG drawing", EXPORT},
    {AT(0, "<!--"), "an HTML or XML document", DOWNLOAD},
    {AT(0, "<?xml"), "an XML document", "if it is a drawing (SVG), export it as PNG; if it is a server's answer, " DOWNLOAD},
    {AT(0, "<?php"), "a PHP script", DOWNLOAD},
    {AT(0, "<error"), "an XML document", DOWNLOAD},
    {AT(0, "{\""), "a JSON document", DOWNLOAD},
    {AT(0, "[{"), "a JSON document", DOWNLOAD},
    {AT(0, "http/1."), "a web server's answer", DOWNLOAD},
};
/* clang-format on */

static bool begins(const sg_encoded *source, const char *bytes, size_t size)
{
    return memcmp(source->data, bytes, source->size < size ? source->size : size) == 0;
}

static bool fits(const signature *kind, const sg_encoded *source)
{
    return source->size >= (size_t)kind->at + kind->size &&
           memcmp(source->data + kind->at, kind->bytes, kind->size) == 0 &&
           memcmp(source->data, kind->head, strlen(kind->head)) == 0;
}

static bool is_blank(unsigned char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Spaces within are left out of what may be JSON, where they mean nothing. */
static const signature *find_text(const sg_encoded *source)
{
    unsigned char start[32] = "";
    size_t at = begins(source, "\xef\xbb\xbf", 3) ? 3 : 0, length = 0;
    while (at < source->size && at < 1024 && is_blank(source->data[at]))
        at++;
    for (; at < source->size && at < 2048 && length < sizeof(start) - 1; at++) {
        const unsigned char byte = source->data[at];
        if (is_blank(byte) && (start[0] == '{' || start[0] == '['))
            continue;
        start[length++] = byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
    }
    const sg_encoded beginning = {.name = source->name, .data = start, .size = length};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (fits(&texts[i], &beginning))
            return &texts[i];
    }
    return NULL;
}

static const signature *find_kind(const sg_encoded *source)
{
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (fits(&others[i], source))
            return &others[i];
    }
    return find_text(source);
}

/* Letters, spaces and bytes of UTF-8 only. */
static bool is_text(const sg_encoded *source)
{
    for (size_t i = 0; i < source->size && i < 512; i++) {
        const unsigned char byte = source->data[i];
        if (byte == 0x7f || (byte < 0x20 && (byte < '\t' || byte > '\r')))
            return false;
    }
    return true;
}

static bool is_zero(const sg_encoded *source)
{
    for (size_t i = 0; i < source->size && i < 4096; i++) {
        if (source->data[i] != 0)
            return false;
    }
    return true;
}

sg_picture_kind sg_picture_detect(const sg_encoded *source, const char **phrase,
                                  const char **advice)
{
    *phrase = NULL;
    *advice = NULL;
    const signature *other = find_kind(source);
    if (other) {
        *phrase = other->phrase;
        *advice = other->advice;
        return SG_PICTURE_OTHER;
    }
    if (begins(source, "\x89PNG", 4)) {
        *phrase = "a PNG picture";
        return SG_PICTURE_PNG;
    }
    if (begins(source, "\xff\xd8\xff", 3)) {
        *phrase = "a JPEG picture";
        return SG_PICTURE_JPEG;
    }
    if (is_zero(source))
        *phrase = "zeros";
    else if (is_text(source))
        *phrase = "a text";
    return SG_PICTURE_UNKNOWN;
}
