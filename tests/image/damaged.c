/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Files that are damaged, cut short, hostile, or something else. */

#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static segent_status load(segent_context *context, const void *data, size_t size)
{
    /* A copy that ends exactly where the data does, so that a sanitizer sees any byte too far. */
    unsigned char *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, data, size);
    segent_image *image = NULL;
    const segent_status status = segent_image_load_memory(context, copy, size, NULL, &image);
    assert_int_equal(image != NULL, status == SEGENT_OK);
    segent_image_destroy(image);
    free(copy);
    return status;
}

static const char *const samples[] = {
    "image/rgb8.png",       "image/rgba16i.png",  "image/palette4t.png",
    "image/filters.png",    "image/exif6.png",    "image/ycc420.jpg",
    "image/cmyk.jpg",       "image/restart.jpg",  "image/ycc420-progressive.jpg",
    "image/arithmetic.jpg", "image/exif6-MM.jpg", "image/chunks.png",
};
enum { SAMPLES = sizeof(samples) / sizeof(samples[0]) };

/* At every sixteenth of its length, and where only the end mark is missing. */
static void test_truncated(void **state)
{
    (void)state;
    segent_context *context = test_context();
    for (int i = 0; i < SAMPLES; i++) {
        size_t size;
        unsigned char *data = test_read_file(test_data(samples[i]), &size);
        for (size_t part = 0; part <= 18; part++) {
            const size_t cut = part < 16 ? size * part / 16 : size - 1 - (part - 16);
            const segent_status status = load(context, data, cut);
            if (status != SEGENT_ERROR_TRUNCATED)
                fail_msg("%s cut to %zu of %zu bytes: %s (%s)", samples[i], cut, size,
                         segent_status_string(status), segent_last_error(context));
            test_assert_error_contains(context, "memory: ");
        }
        free(data);
    }
    segent_context_destroy(context);
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

/* Every byte of a PNG file is in a check sum or is one. */
static void test_checksums(void **state)
{
    (void)state;
    segent_context *context = test_context();
    const char *const names[] = {"image/chunks.png", "image/exif6.png", "image/rgba16i.png"};
    for (int i = 0; i < 3; i++) {
        size_t size;
        unsigned char *data = test_read_file(test_data(names[i]), &size);
        for (size_t at = 0; at < size; at++) {
            data[at] ^= 0x10;
            if (load(context, data, size) == SEGENT_OK)
                fail_msg("%s: byte %zu changed and nothing noticed", names[i], at);
            data[at] ^= 0x10;
        }
        test_assert_ok(context, load(context, data, size));
        free(data);
    }
    segent_context_destroy(context);
}

/* Random bytes changed in good files: any answer will do, but for a crash or a leak. */
static void test_mutations(void **state)
{
    (void)state;
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    options.pixel_limit = 1000000;
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
            const segent_status status = load(context, changed, size);
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
    for (int64_t limit = 1072; limit <= 1073; limit++) {
        segent_options options = segent_options_init();
        segent_context *context = NULL;
        options.pixel_limit = limit;
        assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
        const char *const names[] = {"image/filters.png", "image/ycc420.jpg"};
        for (int i = 0; i < 2; i++) {
            segent_image *image = NULL;
            test_assert_status(context,
                               segent_image_load(context, test_data(names[i]), NULL, &image),
                               limit < 1073 ? SEGENT_ERROR_LIMIT : SEGENT_OK);
            segent_image_destroy(image);
        }
        segent_context_destroy(context);
    }
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
        {"%PDF-1.7 .......", "a PDF document"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        test_assert_status(context, load(context, cases[i].bytes, 16), SEGENT_ERROR_UNSUPPORTED);
        test_assert_error_contains(context, cases[i].phrase);
        test_assert_error_contains(context, "; JPEG and PNG can be read");
    }
    test_assert_status(context, load(context, "II*\0\x08\0\0\0", 8), SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(context, "memory: a TIFF picture");
    test_assert_status(context, load(context, "hello", 5), SEGENT_ERROR_FORMAT);
    test_assert_error_contains(context, "memory: not a JPEG or PNG picture");
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
        cmocka_unit_test(test_scan_bomb),     cmocka_unit_test(test_large_chunk),
        cmocka_unit_test(test_other_formats), cmocka_unit_test(test_paths),
    };
    return cmocka_run_group_tests_name("image: damaged files", tests, NULL, NULL);
}
