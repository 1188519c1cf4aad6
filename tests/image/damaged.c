/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Files that are damaged, cut short, hostile, or something else. */

#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static segent_status load_with(segent_context *context, const segent_image_options *options,
                               const void *data, size_t size)
{
    /* A copy that ends exactly where the data does, so that a sanitizer sees any byte too far. */
    unsigned char *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, data, size);
    segent_image *image = NULL;
    const segent_status status = segent_image_load_memory(context, copy, size, options, &image);
    assert_int_equal(image != NULL, status == SEGENT_OK);
    segent_image_destroy(image);
    free(copy);
    return status;
}

static segent_status load(segent_context *context, const void *data, size_t size)
{
    return load_with(context, NULL, data, size);
}

static const char *const samples[] = {
    "image/rgb8.png",       "image/rgba16i.png",  "image/palette4t.png",
    "image/filters.png",    "image/exif6.png",    "image/ycc420.jpg",
    "image/cmyk.jpg",       "image/restart.jpg",  "image/ycc420-progressive.jpg",
    "image/arithmetic.jpg", "image/exif6-MM.jpg", "image/chunks.png",
};
enum { SAMPLES = sizeof(samples) / sizeof(samples[0]) };

/* ---- the policy on damage: pixels that are all there, with a warning, or none ---- */

typedef struct witness {
    segent_context *context;
    segent_image *whole; /* what the undamaged file holds, as it is stored */
    int warnings;
} witness;

static void count_warning(void *user, int32_t level, const char *message)
{
    witness *self = user;
    assert_non_null(strstr(message, "memory: "));
    self->warnings += level == SEGENT_LOG_WARNING;
}

static void witness_open(witness *self, const void *data, size_t size)
{
    segent_options options = segent_options_init();
    segent_image_options stored = segent_image_options_init();
    *self = (witness){.context = NULL};
    options.threads = 1;
    options.log = count_warning;
    options.log_user = self;
    stored.orient = SEGENT_ORIENT_STORED;
    assert_int_equal(segent_context_create(&options, &self->context), SEGENT_OK);
    test_assert_ok(self->context,
                   segent_image_load_memory(self->context, data, size, &stored, &self->whole));
    assert_int_equal(self->warnings, 0);
}

static void witness_close(witness *self)
{
    segent_image_destroy(self->whole);
    segent_context_destroy(self->context);
}

/* Reads a damaged copy; true when it was read, which must give every pixel and a warning. */
static bool reads_damaged(witness *self, const char *name, const void *data, size_t size)
{
    segent_image_options stored = segent_image_options_init();
    segent_image *image = NULL;
    unsigned char *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, data, size);
    stored.orient = SEGENT_ORIENT_STORED;
    self->warnings = 0;
    const segent_status status =
        segent_image_load_memory(self->context, copy, size, &stored, &image);
    free(copy);
    if (status != SEGENT_OK)
        return false;
    const int width = segent_image_width(self->whole), height = segent_image_height(self->whole);
    if (self->warnings == 0)
        fail_msg("%s (%zu bytes): read without a warning", name, size);
    if (segent_image_width(image) != width || segent_image_height(image) != height ||
        memcmp(segent_image_pixels(image), segent_image_pixels(self->whole),
               (size_t)width * (size_t)height * 3) != 0)
        fail_msg("%s (%zu bytes): read with other pixels", name, size);
    segent_image_destroy(image);
    return true;
}

/* At every length: the file ends early, or all that is missing is behind the pixels. */
static void test_truncated(void **state)
{
    (void)state;
    for (int i = 0; i < SAMPLES; i++) {
        size_t size;
        witness self;
        int read = 0;
        unsigned char *data = test_read_file(test_data(samples[i]), &size);
        witness_open(&self, data, size);
        for (size_t cut = 0; cut < size; cut++) {
            if (reads_damaged(&self, samples[i], data, cut))
                read++;
            else
                test_assert_error_contains(self.context, cut > 0 ? "ends early" : "no bytes");
        }
        const bool arithmetic = strstr(samples[i], "arithmetic") != NULL;
        if (arithmetic ? read > 0 : read < 2 || read > 100)
            fail_msg("%s: read at %d of %zu lengths", samples[i], read, size);
        witness_close(&self);
        free(data);
    }
}

/* The end of a file that something has filled up: with what is no pixel, or what was none of it. */
static void test_filled(void **state)
{
    (void)state;
    for (int i = 0; i < SAMPLES; i++) {
        size_t size;
        witness self;
        unsigned char *data = test_read_file(test_data(samples[i]), &size);
        unsigned char *filled = malloc(size + 5000);
        assert_non_null(filled);
        witness_open(&self, data, size);
        for (size_t cut = size / 2; cut < size; cut++) {
            const size_t length = size + (cut % 2 ? 5000 : 0);
            memcpy(filled, data, cut);
            memset(filled + cut, cut % 3 ? 0 : 0xff, length - cut);
            reads_damaged(&self, samples[i], filled, length);
        }
        const bool jpeg = strstr(samples[i], ".jpg") != NULL;
        const size_t end = jpeg ? 2 : 12;
        memcpy(filled, data, size - end);
        memset(filled + size - end, 0, 600);
        const bool arithmetic = strstr(samples[i], "arithmetic") != NULL;
        if (reads_damaged(&self, samples[i], filled, size - end + 600) == arithmetic)
            fail_msg("%s without its end, filled up with zeros", samples[i]);
        witness_close(&self);
        free(filled);
        free(data);
    }
}

/* A restart marker with another number is taken for the right one; one that is not there is not. */
static void test_restart_markers(void **state)
{
    (void)state;
    size_t size;
    witness self;
    int read = 0, markers = 0;
    unsigned char *data = test_read_file(test_data("image/restart.jpg"), &size);
    witness_open(&self, data, size);
    for (size_t at = 0; at + 1 < size; at++) {
        const unsigned char number = data[at + 1];
        if (data[at] != 0xff || number < 0xd0 || number > 0xd7)
            continue;
        for (int other = 0xd0; other <= 0xd7; other++) {
            data[at + 1] = (unsigned char)other;
            markers += other != number;
            read += other != number && reads_damaged(&self, "restart.jpg", data, size);
        }
        data[at + 1] = number;
        unsigned char *gone = malloc(size);
        assert_non_null(gone);
        memcpy(gone, data, at);
        memcpy(gone + at, data + at + 2, size - at - 2);
        assert_false(reads_damaged(&self, "restart.jpg without a marker", gone, size - 2));
        free(gone);
    }
    assert_true(markers >= 7);
    assert_int_equal(read, markers);
    witness_close(&self);
    free(data);
}

/* A JPEG that says it is complete but whose scan is not. */
static void test_short_scan(void **state)
{
    (void)state;
    segent_context *context = test_context();
    size_t size;
    unsigned char *data = test_read_file(test_data("image/ycc420.jpg"), &size);
    memcpy(data + size / 2 + 200, "\xff\xd9", 2);
    test_assert_status(context, load(context, data, size / 2 + 202), SEGENT_ERROR_FORMAT);
    test_assert_error_contains(context, "damaged JPEG picture: Corrupt JPEG data");
    free(data);
    segent_context_destroy(context);
}

/* Every byte of a PNG file is in a check sum or is one: a change is refused or, where it is not in
 * the pixels, read with a warning. */
static void test_checksums(void **state)
{
    (void)state;
    const char *const names[] = {"image/chunks.png", "image/exif6.png", "image/rgba16i.png",
                                 "image/palette4t.png"};
    for (int i = 0; i < 4; i++) {
        size_t size, read = 0;
        witness self;
        unsigned char *data = test_read_file(test_data(names[i]), &size);
        witness_open(&self, data, size);
        for (size_t at = 0; at < size; at++) {
            data[at] ^= 0x10;
            read += reads_damaged(&self, names[i], data, size);
            data[at] ^= 0x10;
        }
        /* The sums of IDAT and IEND at least. */
        assert_in_range(read, 12, size - 100);
        witness_close(&self);
        free(data);
    }
}

/* Random bytes changed in good files: any answer will do, but for a crash or a leak. */
static void test_mutations(void **state)
{
    (void)state;
    segent_options options = segent_options_init();
    segent_image_options limited = segent_image_options_init();
    segent_context *context = NULL;
    limited.pixel_limit = 1000000;
    options.threads = 1;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    uint64_t random = 2024;
    int accepted = 0, refused = 0;
    for (int i = 0; i < SAMPLES; i++) {
        size_t size;
        unsigned char *data = test_read_file(test_data(samples[i]), &size);
        unsigned char *changed = malloc(size);
        assert_non_null(changed);
        for (int round = 0; round < 200; round++) {
            memcpy(changed, data, size);
            for (uint64_t flips = 1 + test_random(&random) % 4; flips > 0; flips--)
                changed[test_random(&random) % size] ^=
                    (unsigned char)(1 + test_random(&random) % 255);
            const segent_status status = load_with(context, &limited, changed, size);
            accepted += status == SEGENT_OK;
            refused += status != SEGENT_OK;
        }
        free(changed);
        free(data);
    }
    /* Both happen: a changed pixel of a JPEG is a valid picture. */
    assert_true(accepted > 100);
    assert_true(refused > 1000);
    segent_context_destroy(context);
}

/* ---- headers ---- */

static uint32_t crc32_of(const unsigned char *data, size_t size)
{
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
    return crc ^ 0xffffffffu;
}

static void put32(unsigned char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(value >> (24 - 8 * i));
}

/* The good picture with another size in its header, and the check sum made right. */
static segent_status load_png_of_size(segent_context *context, uint32_t width, uint32_t height)
{
    size_t size;
    unsigned char *data = test_read_file(test_data("image/rgb8.png"), &size);
    put32(data + 16, width);
    put32(data + 20, height);
    put32(data + 29, crc32_of(data + 12, 17));
    const segent_status status = load(context, data, size);
    free(data);
    return status;
}

/* Offset of the frame header's height in a baseline JPEG. */
static size_t find_frame(const unsigned char *data, size_t size)
{
    for (size_t at = 0; at + 9 < size; at++) {
        if (data[at] == 0xff && data[at + 1] == 0xc0)
            return at + 5;
    }
    fail_msg("no frame header");
    return 0;
}

static segent_status load_jpeg_of_size(segent_context *context, unsigned width, unsigned height)
{
    size_t size;
    unsigned char *data = test_read_file(test_data("image/ycc420.jpg"), &size);
    unsigned char *at = data + find_frame(data, size);
    at[0] = (unsigned char)(height >> 8);
    at[1] = (unsigned char)height;
    at[2] = (unsigned char)(width >> 8);
    at[3] = (unsigned char)width;
    const segent_status status = load(context, data, size);
    free(data);
    return status;
}

/* Refused by the header, before anything of that size is allocated. */
static void test_pixel_limit(void **state)
{
    (void)state;
    test_allocator memory = {0};
    const segent_options options = test_allocator_options(&memory);
    segent_context *context = NULL;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    test_assert_status(context, load_png_of_size(context, 100000, 100000), SEGENT_ERROR_LIMIT);
    test_assert_error_contains(context, "memory: 100000 x 100000");
    test_assert_error_contains(context, "178956970");
    /* A row of more bytes than a size_t counts is no PNG to libpng. */
    const int32_t most = sizeof(size_t) < 8 ? 0x0fffffff : 0x7fffffff;
    test_assert_status(context, load_png_of_size(context, most, most), SEGENT_ERROR_LIMIT);
    test_assert_status(context, load_jpeg_of_size(context, 60000, 60000), SEGENT_ERROR_LIMIT);
    test_assert_error_contains(context, "memory: 60000 x 60000");
    segent_context_destroy(context);
    assert_int_equal(memory.live, 0);
}

/* A limit of the caller's: the picture of 37 x 29 is just within 1073 pixels. */
static void test_own_limit(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const char *const names[] = {"image/filters.png", "image/ycc420.jpg"};
    for (int64_t limit = 1072; limit <= 1073; limit++) {
        segent_image_options options = segent_image_options_init();
        options.pixel_limit = limit;
        for (int i = 0; i < 2; i++) {
            segent_image *image = NULL;
            test_assert_status(context,
                               segent_image_load(context, test_data(names[i]), &options, &image),
                               limit < 1073 ? SEGENT_ERROR_LIMIT : SEGENT_OK);
            segent_image_destroy(image);
        }
    }
    segent_context_destroy(context);
}

static void test_zero_size(void **state)
{
    (void)state;
    segent_context *context = test_context();
    test_assert_status(context, load_png_of_size(context, 0, 5), SEGENT_ERROR_FORMAT);
    test_assert_status(context, load_png_of_size(context, 5, 0), SEGENT_ERROR_FORMAT);
    test_assert_status(context, load_png_of_size(context, 0x80000000u, 5), SEGENT_ERROR_FORMAT);
    test_assert_status(context, load_jpeg_of_size(context, 0, 5), SEGENT_ERROR_UNSUPPORTED);
    test_assert_status(context, load_jpeg_of_size(context, 5, 0), SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(context, "memory: Empty JPEG image");
    segent_context_destroy(context);
}

/* JPEG of 12 bits, of the lossless process, and of two components. */
static void test_unsupported_jpeg(void **state)
{
    (void)state;
    segent_context *context = test_context();
    size_t size;
    unsigned char *data = test_read_file(test_data("image/ycc420.jpg"), &size);
    const size_t frame = find_frame(data, size);
    data[frame - 1] = 12;
    test_assert_status(context, load(context, data, size), SEGENT_ERROR_UNSUPPORTED);
    data[frame - 1] = 8;
    data[frame - 4] = 0xc3;
    test_assert_status(context, load(context, data, size), SEGENT_ERROR_UNSUPPORTED);
    data[frame - 4] = 0xc0;
    test_assert_ok(context, load(context, data, size));
    free(data);
    static const unsigned char two[] = {0xff, 0xd8, 0xff, 0xc0, 0, 14,   8,  0,    8,    0,   8,
                                        2,    1,    0x11, 0,    2, 0x11, 0,  0xff, 0xda, 0,   10,
                                        2,    1,    0,    2,    0, 0,    63, 0,    0xff, 0xd9};
    test_assert_status(context, load(context, two, sizeof(two)), SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(context, "2 components");
    segent_context_destroy(context);
}

/* A progressive JPEG with its last scan repeated a thousand times. */
static void test_scan_bomb(void **state)
{
    (void)state;
    enum { REPEATS = 1000 };
    segent_context *context = test_context();
    size_t size, scan = 0;
    unsigned char *data = test_read_file(test_data("image/grey-progressive.jpg"), &size);
    for (size_t at = 0; at + 1 < size; at++) {
        if (data[at] == 0xff && data[at + 1] == 0xda)
            scan = at;
    }
    const size_t length = size - 2 - scan;
    unsigned char *bomb = malloc(size + REPEATS * length);
    assert_non_null(bomb);
    memcpy(bomb, data, size - 2);
    for (size_t i = 0; i < REPEATS; i++)
        memcpy(bomb + size - 2 + i * length, data + scan, length);
    memcpy(bomb + size - 2 + REPEATS * length, "\xff\xd9", 2);
    test_assert_status(context, load(context, bomb, size + REPEATS * length), SEGENT_ERROR_LIMIT);
    test_assert_error_contains(context, "scans");
    free(bomb);
    free(data);
    segent_context_destroy(context);
}

/* Scans in a number that is allowed, but that together visit more blocks than so short a file pays
 * for: the size in its header is 12,000 times what it was. */
static void test_scan_cost(void **state)
{
    (void)state;
    segent_context *context = test_context();
    size_t size, scan = 0;
    unsigned char *data = test_read_file(test_data("image/grey-progressive.jpg"), &size);
    unsigned char *bomb = malloc(size * 60);
    assert_non_null(bomb);
    for (size_t at = 0; at + 1 < size; at++) {
        if (data[at] == 0xff && data[at + 1] == 0xc2)
            memcpy(data + at + 5, "\x2e\xe0\x2e\xe0", 4);
        if (data[at] == 0xff && data[at + 1] == 0xda)
            scan = at;
    }
    size_t length = size - 2;
    memcpy(bomb, data, length);
    for (int i = 0; i < 40; i++, length += size - 2 - scan)
        memcpy(bomb + length, data + scan, size - 2 - scan);
    memcpy(bomb + length, "\xff\xd9", 2);
    test_assert_status(context, load(context, bomb, length + 2), SEGENT_ERROR_LIMIT);
    test_assert_error_contains(context, "for so short a file (segent_image_options.scan_limit)");
    free(bomb);
    free(data);
    segent_context_destroy(context);
}

/* What a picture takes to read is reckoned before it is allocated; the limits can be set. */
static void test_own_limits(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t memory;
        int32_t scans;
        const char *member; /* NULL: read */
    } cases[] = {
        {"image/ycc420-progressive.jpg", 0, 9, "segent_image_options.scan_limit"},
        {"image/ycc420-progressive.jpg", 0, 10, NULL},
        {"image/ycc420-progressive.jpg", 1 << 20, 0, "segent_options.memory_limit"},
        {"image/ycc420-progressive.jpg", 2 << 20, 0, NULL},
        {"image/ycc420.jpg", 0, 1, NULL},
        {"image/filters.png", 3 * 37 * 29 + 3 * 37 - 1, 0, "segent_options.memory_limit"},
        {"image/filters.png", 3 * 37 * 29 + 3 * 37, 0, NULL},
        {"image/rgb8i.png", 6 * 11 * 13 - 1, 0, "segent_options.memory_limit"},
        {"image/rgb8i.png", 6 * 11 * 13, 0, NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        segent_options options = segent_options_init();
        segent_image_options reading = segent_image_options_init();
        segent_context *context = NULL;
        segent_image *image = NULL;
        options.memory_limit = cases[i].memory;
        reading.scan_limit = cases[i].scans;
        assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
        test_assert_status(context,
                           segent_image_load(context, test_data(cases[i].name), &reading, &image),
                           cases[i].member ? SEGENT_ERROR_LIMIT : SEGENT_OK);
        if (cases[i].member)
            test_assert_error_contains(context, cases[i].member);
        segent_image_destroy(image);
        segent_context_destroy(context);
    }
}

/* An allocator that refuses blocks of 8 MB. */
static void *allocate_small(void *user, size_t size)
{
    (void)user;
    return size < 8 << 20 ? malloc(size) : NULL;
}

static void release_small(void *user, void *memory)
{
    (void)user;
    free(memory);
}

/* Few bytes cannot hold many pixels: refused before room for them is made. */
static void test_hollow_png(void **state)
{
    (void)state;
    segent_context *context = NULL;
    segent_options options = segent_options_init();
    options.allocate = allocate_small;
    options.release = release_small;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    test_assert_status(context, load_png_of_size(context, 12000, 12000), SEGENT_ERROR_TRUNCATED);
    test_assert_error_contains(context, "cannot hold 12000 x 12000 pixels");
    segent_context_destroy(context);
}

/* A chunk that says it is of 20 MB and is not, and one that is: never held in memory. */
static void test_large_chunk(void **state)
{
    (void)state;
    enum { SIZE = 20 << 20 };
    segent_context *context = NULL;
    segent_options options = segent_options_init();
    options.allocate = allocate_small;
    options.release = release_small;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    size_t size;
    unsigned char *data = test_read_file(test_data("image/rgb8.png"), &size);
    unsigned char *large = calloc(1, size + SIZE + 12);
    assert_non_null(large);
    const char *const kinds[] = {"eXIf", "tEXt", "iCCP", "prIV"};
    for (int i = 0; i < 4; i++) {
        memcpy(large, data, 33);
        put32(large + 33, SIZE);
        memcpy(large + 37, kinds[i], 4);
        test_assert_status(context, load(context, large, 1000), SEGENT_ERROR_TRUNCATED);
        put32(large + 41 + SIZE, crc32_of(large + 37, SIZE + 4));
        memcpy(large + 33 + 12 + SIZE, data + 33, size - 33);
        test_assert_ok(context, load(context, large, size + SIZE + 12));
    }
    free(large);
    free(data);
    segent_context_destroy(context);
}

/* ---- files that are something else ---- */

static void test_other_formats(void **state)
{
    (void)state;
    segent_context *context = test_context();
    static const struct {
        const char *bytes;
        const char *phrase;
    } cases[] = {
        {"RIFF\1\1\1\1WEBPVP8 ", "a WebP picture"},  {"GIF89a..........", "a GIF picture"},
        {"BM..............", "a BMP picture"},       {"\1\1\1\1ftypheic....", "a HEIC picture"},
        {"\1\1\1\1ftypavif....", "an AVIF picture"}, {"P6 3 3 255 ......", "a PPM picture"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_assert_status(context, load(context, cases[i].bytes, 16), SEGENT_ERROR_UNSUPPORTED);
        test_assert_error_contains(context, cases[i].phrase);
        test_assert_error_contains(context, "; JPEG and PNG can be read");
    }
    test_assert_status(context, load(context, "II*\0\x08\0\0\0", 8), SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(context, "memory: a TIFF picture");
    test_assert_status(context, load(context, "\1\2hello", 7), SEGENT_ERROR_FORMAT);
    test_assert_error_contains(context, "memory: not a JPEG or PNG picture");
    segent_context_destroy(context);
}

/* Files that people have under a picture's name: what they are, and what to do. */
static void test_named(void **state)
{
    (void)state;
    segent_context *context = test_context();
    static const struct {
        const char *bytes;
        size_t size;
        const char *phrase;
    } cases[] = {
#define CASE(bytes, phrase) {bytes, sizeof(bytes) - 1, phrase}
        CASE("\xef\xbb\xbf \n <!DOCTYPE HTML><title>", "an HTML page; download"),
        CASE("\r\n<HTML lang=en>", "an HTML page; download"),
        CASE("{\n  \"message\": 1}", "a JSON document; download"),
        CASE("<?xml version='1.0'?><Error/>", "an XML document; "),
        CASE("<svg xmlns=", "an SVG drawing; "),
        CASE("\0\5\x16\7\0\2\0\0Mac OS X", "a macOS \"._\" companion file; the picture"),
        CASE("version https://git-lfs.github.com/spec/v1\n",
             "a Git LFS pointer, not the picture; run"),
        CASE("\0\0\0\x20"
             "ftypisom\0\0\2\0",
             "a video (MP4); take"),
        CASE("\0\0\0\x14"
             "ftypqt  \0\0",
             "a video (QuickTime); take"),
        CASE("\x1a\x45\xdf\xa3\x93\x42", "a video (Matroska or WebM); take"),
        CASE("II*\0\x10\0\0\0CR\2\0", "a raw camera picture (CR2); JPEG and PNG"),
        CASE("II\xbc\x01\x20\0\0\0", "a JPEG XR picture; "),
        CASE("\x89PNG\r\n\x1a\n\0\0\0\4CgBI\x50\0\x20\2", "an Apple (CgBI) PNG picture; revert"),
        CASE("\x8aMNG\r\n\x1a\n", "an MNG animation; "),
        CASE("\x8bJNG\r\n\x1a\n", "a JNG picture; "),
        CASE("%PDF-1.4\n", "a PDF document; export"),
        CASE("\x93NUMPY\1\0", "a NumPy array; segent entropy"),
        CASE("PK\3\4\0\0", "a zip archive; unpack"),
        CASE("\x80\2}q\0", "a Python pickle; a checkpoint"),
        CASE("\x5c\1\0\0\0\0", "a NIfTI volume; "),
        CASE("\xff\xd8\xff\xf7\0\x0b\x08\0\x08\0\x08\1\1\x11\0", "a JPEG-LS picture; ordinary"),
        CASE("\xff\xd8\xff\xc3\0\x0b\x08\0\x08\0\x08\1\1\x11\0",
             "a lossless JPEG picture; ordinary"),
        CASE("\xff\xd8\xff\xc1\0\x0b\x0c\0\x08\0\x08\1\1\x11\0",
             "a JPEG picture of 12 bits a sample; "),
#undef CASE
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_assert_status(context, load(context, cases[i].bytes, cases[i].size),
                           SEGENT_ERROR_UNSUPPORTED);
        test_assert_error_contains(context, cases[i].phrase);
    }
    unsigned char dicom[140] = {0};
    memcpy(dicom + 128, "DICM", 4);
    test_assert_status(context, load(context, dicom, sizeof(dicom)), SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(context, "a DICOM file; ");
    test_assert_status(context, load(context, "Hello, world\n", 13), SEGENT_ERROR_FORMAT);
    test_assert_error_contains(context, "not a JPEG or PNG picture, but a text");
    test_assert_status(context, load(context, dicom, 100), SEGENT_ERROR_FORMAT);
    test_assert_error_contains(context, "not a JPEG or PNG picture, but zeros");
    segent_context_destroy(context);
}

static void test_paths(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_image *image = NULL;
    const char *empty = test_temporary("empty.png"), *text = test_temporary("text.jpg");
    const char *directory = test_temporary("directory");
    test_write_file(empty, "", 0);
    test_write_file(text, "not a picture", 13);
    assert_int_equal(mkdir(directory, 0700), 0);
    test_assert_status(context, segent_image_load(context, "missing.jpg", NULL, &image),
                       SEGENT_ERROR_NOT_FOUND);
    test_assert_error_contains(context, "missing.jpg: ");
    test_assert_status(context, segent_image_load(context, empty, NULL, &image),
                       SEGENT_ERROR_TRUNCATED);
    test_assert_error_contains(context, "empty.png: ");
    test_assert_status(context, segent_image_load(context, directory, NULL, &image),
                       SEGENT_ERROR_IO);
    test_assert_status(context, segent_image_load(context, text, NULL, &image),
                       SEGENT_ERROR_FORMAT);
    test_assert_error_contains(context, "text.jpg: not a JPEG or PNG picture");
    test_assert_status(context, load(context, "", 0), SEGENT_ERROR_TRUNCATED);
    assert_null(image);
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truncated),     cmocka_unit_test(test_short_scan),
        cmocka_unit_test(test_checksums),     cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_pixel_limit),   cmocka_unit_test(test_own_limit),
        cmocka_unit_test(test_zero_size),     cmocka_unit_test(test_unsupported_jpeg),
        cmocka_unit_test(test_scan_bomb),     cmocka_unit_test(test_scan_cost),
        cmocka_unit_test(test_own_limits),    cmocka_unit_test(test_hollow_png),
        cmocka_unit_test(test_filled),        cmocka_unit_test(test_restart_markers),
        cmocka_unit_test(test_named),         cmocka_unit_test(test_large_chunk),
        cmocka_unit_test(test_other_formats), cmocka_unit_test(test_paths),
    };
    return cmocka_run_group_tests_name("image: damaged files", tests, NULL, NULL);
}
