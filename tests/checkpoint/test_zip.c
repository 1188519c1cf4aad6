/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Zip archives whose records do not agree with what they hold. */

#include <stdlib.h>
#include <string.h>

#include "hostile.h"

#if SG_ZLIB
#    include <zlib.h>
#endif

enum { FORMAT = SEGENT_ERROR_FORMAT, ENTRIES_MAX = 8 };

/* An entry, and what to write about it that is not true. */
typedef struct zip_part {
    const char *name, *content;
    size_t size;            /* of the content; 0: strlen */
    const char *local_name; /* NULL: as `name` */
    uint16_t flags, method;
    uint32_t crc;            /* looked at for what is deflated only */
    uint64_t claimed_size;   /* in the directory; 0: the truth */
    uint64_t expanded_size;  /* size after decompression; 0: as the size in the file */
    uint64_t claimed_header; /* where the local header is said to be; 0: the truth */
    bool zip64;              /* sizes and position stand in the extra field */
} zip_part;

typedef struct zip_tail {
    uint64_t claimed_count, claimed_size, claimed_begin; /* 0: the truth */
    bool zip64;
    const char *comment;
} zip_tail;

static size_t content_size(const zip_part *part)
{
    return part->size ? part->size : strlen(part->content);
}

static void put_local(bytes *b, const zip_part *part)
{
    const char *name = part->local_name ? part->local_name : part->name;
    bytes_number(b, 0x04034b50, 4);
    bytes_number(b, 0, 8);
    bytes_number(b, 0, 8);
    bytes_number(b, 0, 6); /* sizes are in the directory, as in torch's files */
    bytes_number(b, strlen(name), 2);
    bytes_number(b, 0, 2);
    bytes_text(b, name);
    bytes_put(b, part->content, content_size(part));
}

static void put_central(bytes *b, const zip_part *part, uint64_t header)
{
    const uint64_t size = part->claimed_size ? part->claimed_size : content_size(part);
    const uint64_t at = part->claimed_header ? part->claimed_header : header;
    bytes_number(b, 0x02014b50, 4);
    bytes_number(b, 0, 4);
    bytes_number(b, part->flags, 2);
    bytes_number(b, part->method, 2);
    bytes_number(b, 0, 4);
    bytes_number(b, part->crc, 4);
    const uint64_t expanded = part->expanded_size ? part->expanded_size : size;
    bytes_number(b, part->zip64 ? UINT32_MAX : size, 4);
    bytes_number(b, part->zip64 ? UINT32_MAX : expanded, 4);
    bytes_number(b, strlen(part->name), 2);
    bytes_number(b, part->zip64 ? 28 + 5 : 0, 2);
    bytes_number(b, 0, 8);
    bytes_number(b, 0, 2);
    bytes_number(b, part->zip64 ? UINT32_MAX : at, 4);
    bytes_text(b, part->name);
    if (part->zip64) {
        bytes_literal(b, "\x99\x99\x01\0x"); /* another field before it */
        bytes_number(b, 1, 2);
        bytes_number(b, 24, 2);
        bytes_number(b, size, 8);
        bytes_number(b, size, 8);
        bytes_number(b, at, 8);
    }
}

static void put_end64(bytes *b, uint64_t count, uint64_t size, uint64_t begin)
{
    const uint64_t at = b->size;
    bytes_number(b, 0x06064b50, 4);
    bytes_number(b, 44, 8);
    bytes_number(b, 0, 8);
    bytes_number(b, 0, 4);
    bytes_number(b, count, 8);
    bytes_number(b, count, 8);
    bytes_number(b, size, 8);
    bytes_number(b, begin, 8);
    bytes_number(b, 0x07064b50, 4);
    bytes_number(b, 0, 4);
    bytes_number(b, at, 8);
    bytes_number(b, 1, 4);
}

static bytes zip_file(const zip_part *parts, size_t count, zip_tail tail)
{
    bytes b = {0};
    uint64_t headers[ENTRIES_MAX];
    for (size_t i = 0; i < count; i++) {
        headers[i] = b.size;
        put_local(&b, parts + i);
    }
    const uint64_t begin = tail.claimed_begin ? tail.claimed_begin : b.size;
    const size_t start = b.size;
    for (size_t i = 0; i < count; i++)
        put_central(&b, parts + i, headers[i]);
    const uint64_t size = tail.claimed_size ? tail.claimed_size : b.size - start;
    const uint64_t entries = tail.claimed_count ? tail.claimed_count : count;
    if (tail.zip64)
        put_end64(&b, entries, size, begin);
    const char *comment = tail.comment ? tail.comment : "";
    bytes_number(&b, 0x06054b50, 4);
    bytes_number(&b, 0, 4);
    bytes_number(&b, tail.zip64 ? UINT16_MAX : entries, 2);
    bytes_number(&b, tail.zip64 ? UINT16_MAX : entries, 2);
    bytes_number(&b, tail.zip64 ? UINT32_MAX : size, 4);
    bytes_number(&b, tail.zip64 ? UINT32_MAX : begin, 4);
    bytes_number(&b, strlen(comment), 2);
    bytes_text(&b, comment);
    return b;
}

/* {"w": four floats of storage "0"} */
static const char *object(size_t *size)
{
    static bytes b;
    if (!b.size) {
        bytes_literal(&b, "\x80\x02}");
        put_string(&b, "w");
        put_tensor(&b, (tensor_parts){0});
        bytes_text(&b, "s.");
    }
    *size = b.size;
    return (const char *)b.data;
}

static const char four_floats[16] = "\0\0\x80?\0\0\0@\0\0@@\0\0\x80@";

/* The entries of a good archive, a/data.pkl and a/data/0, which the tests spoil. */
static void good_parts(zip_part parts[2])
{
    memset(parts, 0, 2 * sizeof(parts[0]));
    parts[0].name = "a/data.pkl";
    parts[0].content = object(&parts[0].size);
    parts[1] = (zip_part){.name = "a/data/0", .content = four_floats, .size = sizeof(four_floats)};
}

static void assert_parts_refused(const zip_part *parts, size_t count, zip_tail tail,
                                 segent_status status, const char *part)
{
    bytes b = zip_file(parts, count, tail);
    assert_refused(&b, status, part);
}

static void check_read(const zip_part *parts, size_t count, zip_tail tail)
{
    segent_context *context = test_context();
    bytes b = zip_file(parts, count, tail);
    segent_checkpoint *checkpoint = load_bytes(context, &b);
    float values[4] = {0};
    test_assert_ok(context, segent_checkpoint_read(context, checkpoint, 0, values, 4));
    assert_true(values[0] == 1.0f && values[3] == 4.0f);
    segent_checkpoint_destroy(checkpoint);
    bytes_free(&b);
    segent_context_destroy(context);
}

static void good_archives(void **state)
{
    (void)state;
    zip_part parts[3];
    good_parts(parts);
    check_read(parts, 2, (zip_tail){0});
    check_read(parts, 2, (zip_tail){.comment = "made by a test, PK\x05\x06 and all"});
    check_read(parts, 2, (zip_tail){.zip64 = true});
    parts[1].zip64 = true;
    check_read(parts, 2, (zip_tail){.zip64 = true});
    parts[2] = (zip_part){.name = "a/byteorder", .content = "little"};
    check_read(parts, 3, (zip_tail){0});
    /* An entry that is not read may be compressed in any way. */
    parts[2] = (zip_part){.name = "a/.data/notes", .content = "xyz", .method = 8};
    check_read(parts, 3, (zip_tail){0});
}

static void big_endian(void **state)
{
    (void)state;
    zip_part parts[3];
    good_parts(parts);
    parts[2] = (zip_part){.name = "a/byteorder", .content = "big"};
    assert_parts_refused(parts, 3, (zip_tail){0}, SEGENT_ERROR_UNSUPPORTED,
                         "byte order is 'big', and only 'little' is read");
}

static void other_compressions(void **state)
{
    (void)state;
    zip_part parts[2];
    good_parts(parts);
    parts[0].method = 9;
    assert_parts_refused(parts, 2, (zip_tail){0}, SEGENT_ERROR_UNSUPPORTED,
                         "entry 'a/data.pkl' is compressed by method 9");
    good_parts(parts);
    parts[1].method = 12;
    assert_parts_refused(parts, 2, (zip_tail){0}, SEGENT_ERROR_UNSUPPORTED,
                         "entry 'a/data/0' is compressed by method 12");
}

#if SG_ZLIB

/* Deflates an entry. Its content is valid until the next entry with the same slot. */
static zip_part deflated(zip_part part, int slot)
{
    static unsigned char room[2][1 << 16];
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)part.content,
                       .avail_in = (unsigned)content_size(&part),
                       .next_out = room[slot],
                       .avail_out = sizeof(room[slot])};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    part.crc = (uint32_t)crc32_z(0, (const unsigned char *)part.content, content_size(&part));
    part.expanded_size = content_size(&part);
    part.content = (const char *)room[slot];
    part.size = stream.total_out;
    part.method = 8;
    assert_int_equal(deflateEnd(&stream), Z_OK);
    return part;
}

static void deflated_entries(void **state)
{
    (void)state;
    zip_part parts[3];
    for (int which = 1; which < 4; which++) {
        good_parts(parts);
        for (int i = 0; i < 2; i++) {
            if (which >> i & 1)
                parts[i] = deflated(parts[i], i);
        }
        check_read(parts, 2, (zip_tail){0});
    }
    good_parts(parts);
    parts[2] = deflated((zip_part){.name = "a/byteorder", .content = "big"}, 0);
    assert_parts_refused(parts, 3, (zip_tail){0}, SEGENT_ERROR_UNSUPPORTED, "byte order is 'big'");
}

/* A storage that several tensors name is inflated once. */
static void deflated_storage_of_two_tensors(void **state)
{
    (void)state;
    zip_part parts[2];
    bytes pickle = {0};
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    enum { TENSORS = 8, FLOATS = 4096 };
    static const unsigned char zeros[4 * FLOATS];
    bytes_literal(&pickle, "\x80\x02}");
    for (int i = 0; i < TENSORS; i++) {
        const char name[] = {(char)('a' + i), 0};
        put_string(&pickle, name);
        put_tensor(&pickle, (tensor_parts){.count = FLOATS});
        bytes_text(&pickle, "s");
    }
    bytes_text(&pickle, ".");
    parts[0] =
        (zip_part){.name = "a/data.pkl", .content = (const char *)pickle.data, .size = pickle.size};
    parts[1] = deflated(
        (zip_part){.name = "a/data/0", .content = (const char *)zeros, .size = sizeof(zeros)}, 0);
    bytes b = zip_file(parts, 2, (zip_tail){0});
    options.memory_limit = 200 << 10;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    segent_checkpoint *checkpoint = load_bytes(context, &b);
    assert_int_equal(segent_checkpoint_count(checkpoint), TENSORS);
    segent_checkpoint_destroy(checkpoint);
    segent_context_destroy(context);
    options.memory_limit = 10 << 10; /* less than the storage takes */
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    test_assert_status(context, segent_checkpoint_load_memory(context, b.data, b.size, &checkpoint),
                       SEGENT_ERROR_LIMIT);
    test_assert_error_contains(context, "raise segent_options.memory_limit");
    segent_context_destroy(context);
    bytes_free(&b);
    bytes_free(&pickle);
}

static void damaged_deflated_entries(void **state)
{
    (void)state;
    zip_part parts[2];
    good_parts(parts);
    const zip_part good = deflated(parts[0], 0);
    parts[0] = good;
    parts[0].crc ^= 1;
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT,
                         "entry 'a/data.pkl', compressed at byte 40: its sum is wrong");
    for (int change = 0; change < 4; change++) {
        parts[0] = good;
        parts[0].expanded_size += change == 0 ? 1 : change == 1 ? (uint64_t)-1 : 0;
        parts[0].claimed_size = change == 2 ? good.size - 1 : 0;
        bytes b = zip_file(parts, 2, (zip_tail){0});
        if (change == 3)
            b.data[40] = 0xff; /* a kind of block that does not exist */
        assert_refused(&b, FORMAT, "compressed at byte 40: its data or its size is wrong");
    }
    /* More than any deflated data of that size can hold: nothing is allocated for it. */
    parts[0] = good;
    parts[0].expanded_size = 1100 * good.size;
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT,
                         "it cannot be as large as the archive says");
}

#else

static void compression_without_zlib(void **state)
{
    (void)state;
    zip_part parts[2];
    good_parts(parts);
    parts[0].method = 8;
    assert_parts_refused(parts, 2, (zip_tail){0}, SEGENT_ERROR_UNSUPPORTED,
                         "entry 'a/data.pkl' is compressed, and this build reads what is stored");
}

#endif

static void encrypted_entry(void **state)
{
    (void)state;
    zip_part parts[2];
    good_parts(parts);
    parts[1].flags = 1;
    assert_parts_refused(parts, 2, (zip_tail){0}, SEGENT_ERROR_UNSUPPORTED,
                         "entry 'a/data/0' is encrypted");
}

static void duplicate_entries(void **state)
{
    (void)state;
    zip_part parts[3];
    good_parts(parts);
    parts[2] = parts[1];
    assert_parts_refused(parts, 3, (zip_tail){0}, FORMAT, "entry 'a/data/0' occurs twice");
    parts[2] = parts[0];
    parts[2].name = "b/data.pkl";
    assert_parts_refused(parts, 3, (zip_tail){0}, FORMAT, "both 'a/data.pkl' and 'b/data.pkl'");
}

static void overlapping_entries(void **state)
{
    (void)state;
    zip_part parts[3];
    good_parts(parts);
    parts[0].claimed_size = parts[0].size + 1;
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT, "two entries overlap at byte");
}

static void two_names_for_one_entry(void **state)
{
    (void)state;
    zip_part parts[2];
    good_parts(parts);
    parts[1].local_name = "a/data/1";
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT, "an entry has two different names");
}

static void entries_outside_the_file(void **state)
{
    (void)state;
    zip_part parts[2];
    good_parts(parts);
    parts[1].claimed_size = 4000;
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT, "entry 'a/data/0' of 4000 bytes at byte");
    good_parts(parts);
    parts[1].zip64 = true;
    parts[1].claimed_size = UINT64_MAX;
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT,
                         "entry 'a/data/0' of 18446744073709551615 bytes at byte");
    good_parts(parts);
    parts[1].claimed_header = 1 << 20;
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT,
                         "an entry's header was expected at byte 1048576");
    parts[1].zip64 = true;
    parts[1].claimed_header = UINT64_MAX - 8;
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT,
                         "an entry's header was expected at byte 18446744073709551607");
}

static void sizes_that_disagree(void **state)
{
    (void)state;
    zip_part parts[2];
    good_parts(parts);
    parts[1].claimed_size = 12;
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT,
                         "entry 'a/data/0' has 12 bytes, where the pickle says 16 (4 elements of "
                         "FloatStorage)");
    good_parts(parts);
    parts[1].claimed_size = 15;
    parts[1].expanded_size = 16;
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT,
                         "entry 'a/data/0' is stored as 15 bytes of 16");
    good_parts(parts);
    parts[0].claimed_size = parts[0].size - 1;
    assert_parts_refused(parts, 2, (zip_tail){0}, SEGENT_ERROR_TRUNCATED,
                         "truncated: the pickle that begins at byte 40");
}

static void text_behind_the_pickle(void **state)
{
    (void)state;
    zip_part parts[2];
    good_parts(parts);
    bytes longer = {0};
    bytes_put(&longer, parts[0].content, parts[0].size);
    bytes_text(&longer, "more");
    parts[0].content = (const char *)longer.data;
    parts[0].size = longer.size;
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT,
                         "4 bytes follow the pickle in 'a/data.pkl'");
    bytes_free(&longer);
}

/* A storage's key that is longer than any entry's name may be. */
static void endless_key(void **state)
{
    (void)state;
    zip_part parts[2];
    char key[1500];
    memset(key, 'k', sizeof(key));
    key[sizeof(key) - 1] = '\0';
    good_parts(parts);
    bytes pickle = {0};
    bytes_literal(&pickle, "\x80\x02}");
    put_string(&pickle, "w");
    put_tensor(&pickle, (tensor_parts){.key = key});
    bytes_text(&pickle, "s.");
    parts[0].content = (const char *)pickle.data;
    parts[0].size = pickle.size;
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT,
                         "is used but there is no entry 'a/data/k");
    bytes_free(&pickle);
}

static void missing_entries(void **state)
{
    (void)state;
    zip_part parts[2];
    good_parts(parts);
    assert_parts_refused(parts, 1, (zip_tail){0}, FORMAT,
                         "storage '0' is used but there is no entry 'a/data/0'");
    assert_parts_refused(parts + 1, 1, (zip_tail){0}, FORMAT,
                         "a zip archive without FOLDER/data.pkl, so not a checkpoint");
    parts[0].name = "data.pkl";
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT, "without FOLDER/data.pkl");
    parts[0].name = "a/b/data.pkl";
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT, "without FOLDER/data.pkl");
}

/* Archives that are no checkpoints, by what is in them. */
static void other_archives(void **state)
{
    static const struct {
        const char *name;
        segent_status status;
        const char *part;
    } cases[] = {
        {"run/best_model.pth", SEGENT_ERROR_UNSUPPORTED,
         "a zip archive with 'run/best_model.pth' inside; unpack it and give"},
        {"model.safetensors", SEGENT_ERROR_UNSUPPORTED, "'model.safetensors' inside; unpack"},
        {"weight.npy", FORMAT, "a NumPy archive (.npz), not a checkpoint"},
        {"model.weights.h5", FORMAT, "a model of Keras"},
        {"m/saved_model.pb", FORMAT, "a SavedModel of TensorFlow"},
        {"m/archive_format", FORMAT, "an exported program (torch.export)"},
        {"m/.data/extern_modules", FORMAT, "a package (torch.package)"},
        {"model.onnx", FORMAT, "an ONNX model inside"},
        {"__MACOSX/._best_model.pth", FORMAT, "unpack it to see what it holds"},
        {"notes.txt", FORMAT, "unpack it to see what it holds"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const zip_part part = {.name = cases[i].name, .content = "x"};
        assert_parts_refused(&part, 1, (zip_tail){0}, cases[i].status, cases[i].part);
    }
}

static void damaged_directories(void **state)
{
    (void)state;
    zip_part parts[2];
    good_parts(parts);
    assert_parts_refused(parts, 2, (zip_tail){.claimed_begin = 1 << 20}, FORMAT,
                         "a directory outside the file");
    assert_parts_refused(parts, 2, (zip_tail){.claimed_begin = 1}, FORMAT,
                         "an entry of the directory was expected at byte 1");
    assert_parts_refused(parts, 2, (zip_tail){.claimed_count = 1}, FORMAT,
                         "the directory is longer than its entries");
    assert_parts_refused(parts, 2, (zip_tail){.claimed_count = 3}, FORMAT,
                         "an impossible number of entries");
    assert_parts_refused(parts, 2, (zip_tail){.claimed_size = 104}, FORMAT,
                         "an entry that reaches past the directory");
    assert_parts_refused(parts, 2, (zip_tail){.zip64 = true, .claimed_count = UINT64_MAX}, FORMAT,
                         "an impossible number of entries");
    assert_parts_refused(
        parts, 2, (zip_tail){.zip64 = true, .claimed_begin = UINT64_MAX - 4, .claimed_size = 8},
        FORMAT, "a directory outside the file");
}

static void damaged_zip64(void **state)
{
    (void)state;
    zip_part parts[2];
    good_parts(parts);
    /* A size of all ones without the extra field that has to tell it. */
    parts[1].claimed_size = UINT32_MAX;
    assert_parts_refused(parts, 2, (zip_tail){0}, FORMAT, "an entry's ZIP64 sizes are missing");
    good_parts(parts);
    parts[1].zip64 = true;
    static const struct {
        size_t position; /* in the extra fields, which end the directory */
        unsigned char value;
    } changes[] = {{2, 200}, {5, 2}, {7, 23}, {7, 25}};
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        bytes spoilt = zip_file(parts, 2, (zip_tail){0});
        spoilt.data[spoilt.size - 22 - 33 + changes[i].position] = changes[i].value;
        assert_refused(&spoilt, FORMAT, "an entry's ZIP64 sizes are missing");
    }
    good_parts(parts);
    bytes b = zip_file(parts, 2, (zip_tail){.zip64 = true});
    b.data[b.size - 22 - 12] ^= 1; /* the locator's position */
    assert_refused(&b, FORMAT, "a ZIP64 end record was expected");
    b = zip_file(parts, 2, (zip_tail){.zip64 = true});
    memset(b.data + b.size - 22 - 12, 0xff, 8);
    assert_refused(&b, FORMAT, "a ZIP64 end record was expected at byte 18446744073709551615");
}

static void several_parts(void **state)
{
    (void)state;
    zip_part parts[2];
    good_parts(parts);
    bytes b = zip_file(parts, 2, (zip_tail){0});
    b.data[b.size - 18] = 1;
    assert_refused(&b, FORMAT, "an archive of several parts");
}

static void no_end_record(void **state)
{
    (void)state;
    bytes b = {0};
    bytes_literal(&b, "PK\x03\x04");
    bytes_repeat(&b, "PK\x05\x06", 30000);
    assert_refused(&b, SEGENT_ERROR_TRUNCATED, "truncated: a zip archive without its end record");
}

static void script_by_its_code(void **state)
{
    (void)state;
    zip_part parts[3];
    good_parts(parts);
    parts[2] = (zip_part){.name = "a/code/__torch__.py", .content = "pass"};
    assert_parts_refused(parts, 3, (zip_tail){0}, SEGENT_ERROR_UNSUPPORTED,
                         "a TorchScript archive");
    parts[2] = (zip_part){.name = "a/constants.pkl", .content = "N."};
    assert_parts_refused(parts, 3, (zip_tail){0}, SEGENT_ERROR_UNSUPPORTED,
                         "a TorchScript archive");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_archives),
        cmocka_unit_test(big_endian),
        cmocka_unit_test(other_compressions),
#if SG_ZLIB
        cmocka_unit_test(deflated_entries),
        cmocka_unit_test(deflated_storage_of_two_tensors),
        cmocka_unit_test(damaged_deflated_entries),
#else
        cmocka_unit_test(compression_without_zlib),
#endif
        cmocka_unit_test(encrypted_entry),
        cmocka_unit_test(duplicate_entries),
        cmocka_unit_test(overlapping_entries),
        cmocka_unit_test(two_names_for_one_entry),
        cmocka_unit_test(entries_outside_the_file),
        cmocka_unit_test(sizes_that_disagree),
        cmocka_unit_test(text_behind_the_pickle),
        cmocka_unit_test(endless_key),
        cmocka_unit_test(missing_entries),
        cmocka_unit_test(other_archives),
        cmocka_unit_test(damaged_directories),
        cmocka_unit_test(damaged_zip64),
        cmocka_unit_test(several_parts),
        cmocka_unit_test(no_end_record),
        cmocka_unit_test(script_by_its_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
