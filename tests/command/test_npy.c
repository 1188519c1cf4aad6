/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "support.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "npy.h"

/* An .npy file in memory, being made. */
typedef struct npy_file {
    unsigned char bytes[4096];
    size_t size;
} npy_file;

static npy_file make_file(int version, const char *header, const void *values, size_t size)
{
    npy_file made = {.size = 0};
    const size_t length = strlen(header), start = version == 1 ? 10 : 12;
    memcpy(made.bytes, "\x93NUMPY", 6);
    made.bytes[6] = (unsigned char)version;
    for (size_t i = 8; i < start; i++)
        made.bytes[i] = (unsigned char)(length >> 8 * (i - 8));
    memcpy(made.bytes + start, header, length);
    memcpy(made.bytes + start + length, values, size);
    made.size = start + length + size;
    return made;
}

static float value_at(const sg_npy *array, int64_t c, int64_t y, int64_t x)
{
    const segent_tensor_view *view = &array->view;
    return view->data[c * view->channel_stride + y * view->row_stride + x * view->column_stride];
}

/* From a copy that ends where the file ends, so that a read beyond it is seen. */
static bool read_copy(const void *bytes, size_t size, sg_npy *array, char error[256])
{
    void *copy = malloc(size + 1);
    memcpy(copy, bytes, size);
    copy = realloc(copy, size > 0 ? size : 1);
    const bool good = npy_read(copy, size, array, error, 256);
    npy_free(array);
    free(copy);
    return good;
}

static void assert_refused(const npy_file *file, const char *part)
{
    char error[256] = "";
    sg_npy array;
    if (read_copy(file->bytes, file->size, &array, error))
        fail_msg("accepted, where an error with \"%s\" was expected", part);
    if (!strstr(error, part))
        fail_msg("error \"%s\" does not contain \"%s\"", error, part);
}

static void assert_header_refused(const char *header, const char *part)
{
    const float values[64] = {0};
    const npy_file file = make_file(1, header, values, sizeof(values));
    assert_refused(&file, part);
}

#define HEADER(type, fortran, shape) \
    "{'descr': '" type "', 'fortran_order': " fortran ", 'shape': (" shape "), }        \n"

static void test_versions(void **state)
{
    (void)state;
    const float values[6] = {0, 1, 2, 3, 4, 5};
    char error[256];
    for (int version = 1; version <= 3; version++) {
        sg_npy array;
        const npy_file file =
            make_file(version, HEADER("<f4", "False", "1, 2, 3"), values, sizeof(values));
        assert_true(npy_read(file.bytes, file.size, &array, error, sizeof(error)));
        assert_int_equal(array.view.channels, 1);
        assert_int_equal(array.view.height, 2);
        assert_int_equal(array.view.width, 3);
        for (int i = 0; i < 6; i++)
            assert_float_equal(value_at(&array, 0, i / 3, i % 3), values[i], 0);
        npy_free(&array);
    }
}

static void test_fortran_order(void **state)
{
    (void)state;
    /* (2, 1, 3), first index fastest */
    const float values[6] = {0, 10, 1, 11, 2, 12};
    char error[256];
    sg_npy array;
    const npy_file file = make_file(1, HEADER("<f4", "True", "1, 2, 1, 3"), values, sizeof(values));
    assert_true(npy_read(file.bytes, file.size, &array, error, sizeof(error)));
    for (int c = 0; c < 2; c++) {
        for (int x = 0; x < 3; x++)
            assert_float_equal(value_at(&array, c, 0, x), (float)(10 * c + x), 0);
    }
    npy_free(&array);
}

static void test_conversions(void **state)
{
    (void)state;
    const struct {
        const char *header;
        size_t size;
        unsigned char bytes[16];
        float expected[2];
    } cases[] = {
        {HEADER(">f4", "False", "2, 1, 1"), 8, {0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0}, {1, -2}},
        {HEADER("<f8", "False", "2, 1, 1"),
         16,
         {0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0},
         {1, -2}},
        {HEADER("<f2", "False", "2, 1, 1"), 4, {0x00, 0x3c, 0x00, 0xc0}, {1, -2}},
        {HEADER("<f2", "False", "2, 1, 1"), 4, {0x01, 0x00, 0x00, 0xfc}, {0x1p-24f, -INFINITY}},
        {HEADER("<f2", "False", "2, 1, 1"), 4, {0xff, 0x7b, 0xff, 0x83}, {65504, -0x3ffp-24f}},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char error[256];
        sg_npy array;
        const npy_file file = make_file(1, cases[i].header, cases[i].bytes, cases[i].size);
        assert_true(npy_read(file.bytes, file.size, &array, error, sizeof(error)));
        for (int c = 0; c < 2; c++)
            assert_true(value_at(&array, c, 0, 0) == cases[i].expected[c]);
        npy_free(&array);
    }
}

/* Each spelling that some version of NumPy has written or that numpy.load takes. */
static void test_spellings(void **state)
{
    (void)state;
    const float singles[6] = {0, 1, 2, 3, 4, 5};
    const double doubles[6] = {0, 1, 2, 3, 4, 5};
    const struct {
        const char *header;
        bool wide;
    } cases[] = {
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1L, 2L, 3L), }", false},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1L,2L,3L,)}", false},
        {"{'shape': (1, 2, 3), 'fortran_order': False, 'descr': '<f4'}", false},
        {"{u'descr': u'<f4', u'fortran_order': False, u'shape': (1, 2, 3)}", false},
        {"{'descr': b'<f4', 'fortran_order': False, 'shape': (1, 2, 3)}", false},
        {"{\"descr\": \"<f4\", \"fortran_order\": False, \"shape\": (1, 2, 3)}\n", false},
        {" { 'descr' : '<f4' ,\n'fortran_order' : False , 'shape' : ( 1 , 2 , 3 , ) , } ", false},
        {HEADER("=f4", "False", "1, 2, 3"), false},
        {HEADER("|f4", "False", "1, 2, 3"), false},
        {HEADER("f4", "False", "1, 2, 3"), false},
        {HEADER("f", "False", "1, 2, 3"), false},
        {HEADER("float32", "False", "1, 2, 3"), false},
        {HEADER("single", "False", "1, 2, 3"), false},
        {HEADER("=f8", "False", "1, 2, 3"), true},
        {HEADER("d", "False", "1, 2, 3"), true},
        {HEADER("float", "False", "1, 2, 3"), true},
        {HEADER("float64", "False", "1, 2, 3"), true},
        {HEADER("double", "False", "1L, 1L, 2L, 3L"), true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char error[256] = "";
        sg_npy array;
        const npy_file file =
            make_file(1, cases[i].header, cases[i].wide ? (const void *)doubles : singles,
                      cases[i].wide ? sizeof(doubles) : sizeof(singles));
        if (!npy_read(file.bytes, file.size, &array, error, sizeof(error)))
            fail_msg("%s: %s", cases[i].header, error);
        for (int k = 0; k < 6; k++)
            assert_true(value_at(&array, 0, k / 3, k % 3) == singles[k]);
        npy_free(&array);
    }
}

static void read_doubles(const char *header, const double *values, size_t count, bool logits,
                         sg_npy *array)
{
    char error[256] = "";
    const npy_file file = make_file(1, header, values, count * sizeof(*values));
    if (!(logits ? npy_read_logits : npy_read)(file.bytes, file.size, array, error, sizeof(error)))
        fail_msg("%s", error);
}

/* float64 logits lose their pixel's largest value before they lose bits, in either order. */
static void test_large_offsets(void **state)
{
    (void)state;
    for (int fortran = 0; fortran < 2; fortran++) {
        double values[3][4];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < 4; i++) {
                double *value = fortran ? &values[0][0] + 3 * i + c : &values[c][i];
                *value = (i % 2 ? -1.0 : 1.0) * 1e12 + (c == i % 3 ? 0.25 : -0.5 * c);
            }
        }
        sg_npy array;
        read_doubles(fortran ? HEADER("=f8", "True", "3, 1, 4") : HEADER("=f8", "False", "3, 1, 4"),
                     &values[0][0], 12, true, &array);
        for (int i = 0; i < 4; i++) {
            for (int c = 0; c < 3; c++)
                assert_true(value_at(&array, c, 0, i) ==
                            (c == i % 3 ? 0.0f : -0.5f * (float)c - 0.25f));
        }
        npy_free(&array);
    }
}

/* More pixels than are taken at a time. */
static void test_offsets_of_many_pixels(void **state)
{
    (void)state;
    enum { PIXELS = 2500 };
    double *values = calloc(2 * PIXELS, sizeof(*values));
    char header[] = HEADER("=f8", "False", "2, 50, 50"), error[256] = "";
    const size_t length = strlen(header), size = 10 + length + 2 * PIXELS * sizeof(*values);
    for (int i = 0; i < PIXELS; i++) {
        values[i] = 1e10 * i;
        values[PIXELS + i] = 1e10 * i + (i % 7 - 3);
    }
    unsigned char *bytes = malloc(size);
    memcpy(bytes, "\x93NUMPY\1\0", 8);
    bytes[8] = (unsigned char)length;
    bytes[9] = 0;
    memcpy(bytes + 10, header, length);
    memcpy(bytes + 10 + length, values, 2 * PIXELS * sizeof(*values));
    sg_npy array;
    assert_true(npy_read_logits(bytes, size, &array, error, sizeof(error)));
    for (int i = 0; i < PIXELS; i++) {
        const int over = i % 7 - 3;
        assert_true(value_at(&array, 0, i / 50, i % 50) == (float)(over > 0 ? -over : 0));
        assert_true(value_at(&array, 1, i / 50, i % 50) == (float)(over < 0 ? over : 0));
    }
    npy_free(&array);
    free(bytes);
    free(values);
}

/* What is finite stays finite, what is not stays as it is, and the least difference is one. */
static void test_double_extremes(void **state)
{
    (void)state;
    const struct {
        double given[3];
        float logits[3], plain[3];
    } cases[] = {
        {{1e60, 0, -1e60}, {0, -FLT_MAX, -FLT_MAX}, {FLT_MAX, 0, -FLT_MAX}},
        {{DBL_MAX, -DBL_MAX, DBL_MAX}, {0, -FLT_MAX, 0}, {FLT_MAX, -FLT_MAX, FLT_MAX}},
        {{1e-60, 2e-60, 0}, {-FLT_MIN, 0, -FLT_MIN}, {0, 0, 0}},
        {{1, 1 + DBL_EPSILON, 1}, {-0x1p-52f, 0, -0x1p-52f}, {1, 1, 1}},
        {{INFINITY, 1e60, 0}, {INFINITY, FLT_MAX, 0}, {INFINITY, FLT_MAX, 0}},
        {{-INFINITY, 5, 3}, {-INFINITY, 0, -2}, {-INFINITY, 5, 3}},
        {{-INFINITY, -INFINITY, -INFINITY},
         {-INFINITY, -INFINITY, -INFINITY},
         {-INFINITY, -INFINITY, -INFINITY}},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        sg_npy logits, plain;
        read_doubles(HEADER("=f8", "False", "3, 1, 1"), cases[i].given, 3, true, &logits);
        read_doubles(HEADER("=f8", "False", "3, 1, 1"), cases[i].given, 3, false, &plain);
        for (int c = 0; c < 3; c++) {
            assert_true(value_at(&logits, c, 0, 0) == cases[i].logits[c]);
            assert_true(value_at(&plain, c, 0, 0) == cases[i].plain[c]);
        }
        npy_free(&logits);
        npy_free(&plain);
    }
    for (int c = 0; c < 3; c++) {
        double given[3] = {7, 8, 9};
        sg_npy logits;
        given[c] = NAN;
        read_doubles(HEADER("=f8", "False", "3, 1, 1"), given, 3, true, &logits);
        assert_true(isnan(value_at(&logits, c, 0, 0)));
        npy_free(&logits);
    }
}

static void assert_named(const void *bytes, size_t size, const char *part)
{
    npy_file file = {.size = size};
    memcpy(file.bytes, bytes, size);
    assert_refused(&file, part);
}

/* Files of other kinds are called by their names, also where they are cut at any byte. */
static void test_other_kinds(void **state)
{
    (void)state;
    unsigned char archive[64] = "PK\3\4";
    archive[26] = 10;
    memcpy(archive + 30, "scores.npy", 10);
    assert_named(archive, 64, "an .npz archive (zip)");
    assert_named(archive, 64, "numpy.load(FILE)['scores']");
    for (size_t size = 4; size < 40; size++)
        assert_named(archive, size, "a zip archive");
    archive[27] = 1;
    assert_named(archive, 64, "a zip archive");
    assert_named("PK\5\6", 4, "holds nothing");
    assert_named("\x89PNG\r\n\x1a\n", 8, "a PNG picture");
    assert_named("\xff\xd8\xff\xe0", 4, "a JPEG picture");
    assert_named("\x80\4\x95", 3, "a Python pickle");
    assert_named("\x89HDF\r\n\x1a\n", 8, "an HDF5 file");
    assert_named("MATLAB 5.0 MAT-file", 19, "a MATLAB file");
    assert_named("BZh9", 4, "bzip2");
    assert_named("\xfd\x37zXZ\0", 6, "compressed with xz");
    assert_named("II*\0\b\0\0\0", 8, "a TIFF file");
    assert_named("\0\5\x16\7\0\2", 6, "a macOS '._' companion file");
    assert_named("<!DOCTYPE html>", 15, "a web page");
    assert_named("\xef\xbb\xbf\r\n <html>", 12, "a web page");
    assert_named("<", 1, "not an .npy file");
    assert_named("\x1f\x8b\b", 3, "gzip");
    assert_named("version https://git-lfs.github.com/spec/v1", 42, "a Git LFS pointer");
    assert_named("0.5,0.25\n", 9, "not an .npy file");
}

static void test_bad_headers(void **state)
{
    (void)state;
    assert_header_refused(HEADER("<i4", "False", "1, 8, 8"), "type '<i4' (integers)");
    assert_header_refused(HEADER("|b1", "False", "1, 8, 8"), "(true or false)");
    assert_header_refused(HEADER("<c8", "False", "1, 8, 8"), "(complex numbers)");
    assert_header_refused(HEADER("|O", "False", "1, 8, 8"), "pickled Python objects");
    assert_header_refused(HEADER("<V2", "False", "1, 8, 8"), "as bfloat16 is saved");
    assert_header_refused(HEADER("<f16", "False", "1, 8, 8"), "(extended precision)");
    assert_header_refused(HEADER("longdouble", "False", "1, 8, 8"), "(extended precision)");
    assert_header_refused(HEADER("<M8[ns]", "False", "1, 8, 8"), "(dates)");
    assert_header_refused(HEADER("", "False", "1, 8, 8"), "type ''");
    assert_header_refused(HEADER("|O", "False", "1, 8, 8"), "type '|O'");
    assert_header_refused(HEADER("<f16", "False", "1, 8, 8"), "type '<f16'");
    assert_header_refused("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (64,)}",
                          "not a plain one");
    assert_header_refused(HEADER("<f4", "Maybe", "1, 8, 8"), "neither True nor False");
    assert_header_refused(HEADER("<f4", "False", "8, 8"), "has 2 dimensions");
    assert_header_refused(HEADER("<f4", "False", ""), "has 0 dimensions");
    assert_header_refused(HEADER("<f4", "False", "1,1,1,1,1,1,1,1,1"), "more than 8");
    assert_header_refused(HEADER("<f4", "False", "2, 1, 4, 8"), "a batch of 2");
    assert_header_refused(HEADER("<f4", "False", "0, 8, 8"), "an empty array");
    assert_header_refused(HEADER("<f4", "False", "-1, 8, 8"), "not a tuple of numbers");
    assert_header_refused(HEADER("<f4", "False", "99999999999999999999, 1, 1"), "too large");
    assert_header_refused(HEADER("<f4", "False", "4294967296, 4294967296, 1"), "too large");
    assert_header_refused(HEADER("<f4", "False", "1, 8, 9"), "truncated: 288 bytes");
    assert_header_refused(HEADER("<f4", "False", "1, 8, 7"), "32 bytes left over");
    assert_header_refused("{'descr': '<f4', 'shape': (1, 8, 8)}", "missing");
    assert_header_refused("{'descr': '<f4', 'descr': '<f4'}", "unexpected key 'descr'");
    assert_header_refused("{'evil': 1}", "unexpected key 'evil'");
    assert_header_refused("{'descr': '<f4", "not a plain one");
    assert_header_refused("[]", "not a dictionary");
    assert_header_refused("", "not a dictionary");
    assert_header_refused(HEADER("<f4", "False", "1, 8, 8") "x", "text after");
}

static void test_bad_files(void **state)
{
    (void)state;
    const float values[4] = {0};
    npy_file file = make_file(1, HEADER("<f4", "False", "1, 2, 2"), values, sizeof(values));
    file.bytes[0] = 'x';
    assert_refused(&file, "not an .npy file");
    file.bytes[0] = 0x93;
    file.bytes[6] = 4;
    assert_refused(&file, "version 4.0");
    file.bytes[6] = 2;
    file.bytes[10] = file.bytes[11] = 0xff;
    assert_refused(&file, "bytes long");
}

static void test_truncated_anywhere(void **state)
{
    (void)state;
    const float values[4] = {0};
    for (int version = 1; version <= 2; version++) {
        const npy_file whole =
            make_file(version, HEADER("<f4", "False", "1, 2, 2"), values, sizeof(values));
        for (size_t size = 0; size < whole.size; size++) {
            char error[256] = "";
            sg_npy array;
            assert_false(read_copy(whole.bytes, size, &array, error));
            assert_true(error[0] != '\0');
        }
    }
}

/* Any single wrong byte of the header is refused or harmless, and never read out of bounds. */
static void test_damaged_anywhere(void **state)
{
    (void)state;
    const float values[4] = {0};
    npy_file file = make_file(1, HEADER("<f4", "False", "1, 2, 2"), values, sizeof(values));
    for (size_t at = 0; at < file.size - sizeof(values); at++) {
        const unsigned char good = file.bytes[at];
        for (int bad = 0; bad < 256; bad++) {
            char error[256];
            sg_npy array;
            file.bytes[at] = (unsigned char)bad;
            (void)read_copy(file.bytes, file.size, &array, error);
        }
        file.bytes[at] = good;
    }
}

/* What the library writes is read back as it was. */
static void test_round_trip(void **state)
{
    (void)state;
    const float values[6] = {0, 0.25f, -1, 3e38f, 1e-45f, 5};
    const segent_tensor_view view = segent_tensor_chw(values, 2, 1, 3);
    const char *path = test_temporary("round-trip.npy");
    segent_context *context = test_context();
    char error[256];
    size_t size;
    sg_npy array;
    test_assert_ok(context, segent_tensor_save_npy(context, &view, path));
    unsigned char *bytes = test_read_file(path, &size);
    assert_true(npy_read(bytes, size, &array, error, sizeof(error)));
    assert_int_equal(array.view.channels, 2);
    assert_int_equal(array.view.height, 1);
    assert_int_equal(array.view.width, 3);
    for (int i = 0; i < 6; i++)
        assert_true(value_at(&array, i / 3, 0, i % 3) == values[i]);
    npy_free(&array);
    free(bytes);
    remove(path);
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_fortran_order),
        cmocka_unit_test(test_conversions),
        cmocka_unit_test(test_bad_headers),
        cmocka_unit_test(test_bad_files),
        cmocka_unit_test(test_truncated_anywhere),
        cmocka_unit_test(test_damaged_anywhere),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_spellings),
        cmocka_unit_test(test_large_offsets),
        cmocka_unit_test(test_offsets_of_many_pixels),
        cmocka_unit_test(test_double_extremes),
        cmocka_unit_test(test_other_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
