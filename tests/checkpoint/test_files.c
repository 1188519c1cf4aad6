/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Files that are no checkpoint, or only a part of one. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hostile.h"

#include "checkpoint/checkpoint.h"

static void missing_file(void **state)
{
    (void)state;
    assert_file_refused(test_temporary("none.pth"), SEGENT_ERROR_NOT_FOUND,
                        "No such file or directory");
}

static void directory(void **state)
{
    (void)state;
    assert_file_refused(test_data("checkpoint"), SEGENT_ERROR_IO, "is a directory");
}

static void empty_file(void **state)
{
    (void)state;
    const char *path = test_temporary("empty.pth");
    test_write_file(path, "", 0);
    assert_file_refused(path, SEGENT_ERROR_TRUNCATED, "the file is empty");
}

static void named_pipe(void **state)
{
    (void)state;
    const char *path = test_temporary("pipe.pth");
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_file_refused(path, SEGENT_ERROR_IO, "not a regular file");
}

static void unreadable_file(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip(); /* root may read any file */
    const char *path = test_temporary("secret.pth");
    test_write_file(path, "x", 1);
    assert_int_equal(chmod(path, 0), 0);
    assert_file_refused(path, SEGENT_ERROR_IO, "Permission denied");
}

static void wrong_magic(void **state)
{
    (void)state;
    bytes b = {0};
    bytes_repeat(&b, "\x01\x02\x03", 100);
    assert_refused(&b, SEGENT_ERROR_FORMAT,
                   "not a checkpoint: neither torch's zip or legacy form nor safetensors");
}

/* Files that people take for checkpoints, by how they begin. */
static void other_files(void **state)
{
#define FILE_OF(begins, part)            \
    {                                    \
        begins, sizeof(begins) - 1, part \
    }
    static const struct {
        const char *begins;
        size_t length;
        const char *part;
    } cases[] = {
        FILE_OF("<!DOCTYPE html><html>404</html>",
                "a web page, not a checkpoint; did the download"),
        FILE_OF("\xef\xbb\xbf\n  <HTML><head>", "a web page, not a checkpoint; did the download"),
        FILE_OF("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>", "an XML text"),
        FILE_OF("{\"error\": [{\"message\": \"no\"}]}", "a JSON text"),
        FILE_OF("{\"errors\":{\"message\": \"the ninth byte is not a brace, the tenth is\"}}",
                "a JSON text"),
        FILE_OF("{ \"err\":{\"code\": 404}}", "a JSON text"),
        FILE_OF("{\"weight_map\": {\"a\": \"model-00001-of-00003.safetensors\"}}",
                "shards such as 'model-00001-of-00003.safetensors'"),
        FILE_OF("{\"weight_map\": {\"a\": \"pytorch_model-00001-of-00002.bin\"}}",
                "shards such as 'pytorch_model-00001-of-00002.bin'"),
        FILE_OF("{\"weight_map\": {}}", "(shards)"),
        FILE_OF("Access to this file is denied.\nMore",
                "nor safetensors, but a text that begins 'Access to this file is denied.'"),
        FILE_OF("Zugriff verweigert: \xc3\xbc", "but a text that begins 'Zugriff verweigert: "),
        FILE_OF("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
                "a pointer of Git LFS"),
        FILE_OF("\x80\x04\x95\x0b\0\0\0\0\0\0\0}\x8c\x01w\x94K\x01s.",
                "a pickle that torch.save has not written, but pickle.dump"),
        FILE_OF("ccollections\nOrderedDict\np0\n", "pickle.dump"),
        FILE_OF("\x1f\x8b\x08\0\0\0\0\0\0\3", "a gzip file; unpack it first"),
        FILE_OF("BZh91AY&SY.....", "a bzip2 file; unpack"),
        FILE_OF("\xfd\x37zXZ\0\0\4\xe6\xd6", "an xz file; unpack"),
        FILE_OF("\x28\xb5\x2f\xfd......", "a Zstandard file; unpack"),
        FILE_OF("7z\xbc\xaf\x27\x1c\0\4....", "a 7-Zip archive; unpack"),
        FILE_OF("Rar!\x1a\x07\1\0......", "a RAR archive; unpack"),
        FILE_OF("PK\x07\x08PK\x03\x04......", "the first part of a split zip archive"),
        FILE_OF("\x89HDF\r\n\x1a\n....", "an HDF5 file, as of Keras"),
        FILE_OF("\x93NUMPY\1\0v\0{'descr'", "a NumPy array (.npy)"),
        FILE_OF("GGUF\3\0\0\0....", "a GGUF file"),
        FILE_OF("\x1c\0\0\0TFL3....", "a TensorFlow Lite model"),
        FILE_OF("\x08\x07\x12\x07pytorch\x1a\x05", "an ONNX model, which is a program"),
        FILE_OF("\x08\x09:\xff\x01\x0a\x03......", "an ONNX model"),
        FILE_OF("\x08\x01\x12\xc8\x05\x0a\x10........", "a SavedModel of TensorFlow"),
        FILE_OF("\x0a\x1d\x0a\x05input\x12\x0bPlaceholder*\x07\x0a\x05",
                "a frozen graph of TensorFlow"),
        FILE_OF("\x0a\xad\x02\x0a\x05image\x12\x05"
                "Const*\x07\x0a\x05",
                "a frozen graph of TensorFlow"),
        FILE_OF("\x0a\x05VGG16\xa2\x06\x20\x0a\x04", "weights of Caffe"),
        FILE_OF("\x0a\x05VGG16\x12\x20\x0a\x04", "weights of Caffe"),
        FILE_OF("\0\0\x0eheader\0\0\x57\xfb\x80\x8b\x24\x75\x47\xdb",
                "the index of a checkpoint of TensorFlow"),
        FILE_OF("\x80\x02}q\0X\x13\0\0\0matching_heuristicsq\1\x88s.", "Detectron2's model zoo"),
        FILE_OF("\x80\x04}\x8c\x1dsem_seg_head.predictor.weight\x94K\1s.",
                "Detectron2's model zoo"),
        FILE_OF("\x80\x02}q\0X\x1b\0\0\0StructuredToParameterName@@q\1}s.",
                "weights of PaddlePaddle"),
        FILE_OF("<?xml version=\"1.0\"?>\n<net name=\"x\" version=\"11\">", "an OpenVINO model"),
        FILE_OF("7767517\n3 3\nInput data 0 1 data\n", "a network of ncnn"),
        FILE_OF("\nVGG16\nmore", "nor safetensors, but a text that begins 'VGG16'"),
        FILE_OF("\x0a\x7fVGG16\xa2\x06\x20\x0a\x04", "not a checkpoint: neither"),
        FILE_OF("\x89PNG\r\n\x1a\n......", "a PNG picture"),
        FILE_OF("\xff\xd8\xff\xe0......", "a JPEG picture"),
        FILE_OF("%PDF-1.7......", "a PDF document"),
        FILE_OF("\x7f\x45LF\2\1\1......", "a program or library (ELF)"),
        FILE_OF("\0\5\x16\7\0\2\0\0....", "AppleDouble"),
    };
#undef FILE_OF
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        segent_context *context = test_context();
        segent_checkpoint *checkpoint = NULL;
        const segent_status status =
            segent_checkpoint_load_memory(context, cases[i].begins, cases[i].length, &checkpoint);
        assert_true(status == SEGENT_ERROR_FORMAT || status == SEGENT_ERROR_UNSUPPORTED);
        test_assert_error_contains(context, cases[i].part);
        segent_context_destroy(context);
    }
}

/* A file of zeros, as a download leaves it that reserved its room and was cut off. */
static void zeros(void **state)
{
    (void)state;
    const size_t size = 10000;
    bytes b = {calloc(1, size), size, size};
    assert_non_null(b.data);
    assert_refused(&b, SEGENT_ERROR_TRUNCATED, "truncated: it begins with zeros only");
}

/* Appends a member of `size` zeros to a tar file. */
static void put_member(bytes *b, const char *name, char type, size_t size)
{
    char header[512] = {0}, octal[16];
    unsigned sum = 0;
    memcpy(header, name, strlen(name));
    snprintf(octal, sizeof(octal), "%011o", (unsigned)size);
    memcpy(header + 124, octal, 12);
    header[156] = type;
    memset(header + 148, ' ', 8);
    for (size_t i = 0; i < sizeof(header); i++)
        sum += (unsigned char)header[i];
    snprintf(octal, sizeof(octal), "%06o", sum);
    memcpy(header + 148, octal, 7);
    bytes_put(b, header, sizeof(header));
    for (size_t i = 0; i < (size + 511) / 512 * 64; i++)
        bytes_number(b, 0, 8);
}

static void tar_archives(void **state)
{
    (void)state;
    bytes b = {0};
    put_member(&b, "run/", '5', 0);
    put_member(&b, "run/readme.txt", '0', 700);
    put_member(&b, "run/._model_best.pth", '0', 10);
    put_member(&b, "run/model_best.pth", '0', 10);
    assert_refused(&b, SEGENT_ERROR_UNSUPPORTED,
                   "a tar archive with 'run/model_best.pth' inside; unpack it and give");
    put_member(&b, "readme.txt", 0, 700);
    assert_refused(&b, SEGENT_ERROR_FORMAT, "a tar archive without a checkpoint inside; unpack");
    /* A member that reaches beyond the file ends the search. */
    put_member(&b, "weights.pt", '0', 1 << 20);
    b.size = 1024;
    assert_refused(&b, SEGENT_ERROR_UNSUPPORTED, "a tar archive with 'weights.pt' inside");
}

static void old_tar_form(void **state)
{
    (void)state;
    assert_file_refused(test_data("checkpoint/old.tar"), SEGENT_ERROR_UNSUPPORTED,
                        "a tar archive, the form of checkpoints before torch 0.1.10");
}

static void torchscript_archive(void **state)
{
    (void)state;
    assert_file_refused(test_data("checkpoint/script.pth"), SEGENT_ERROR_UNSUPPORTED,
                        "a TorchScript archive");
}

static void forbidden_global_legacy(void **state)
{
    (void)state;
    assert_file_refused(test_data("checkpoint/system.legacy.pth"), SEGENT_ERROR_FORBIDDEN,
                        "the pickle asks for posix.system, which no checkpoint needs");
}

static void forbidden_global_zip(void **state)
{
    (void)state;
    assert_file_refused(test_data("checkpoint/system.zip.pth"), SEGENT_ERROR_FORBIDDEN,
                        "the pickle asks for posix.system,");
}

/* A whole Sequential of a convolution and a batch norm, and the attributes that it tells of them.
 */
static void whole_module(void **state)
{
    static const char *const names[] = {"0.weight",
                                        "0.bias",
                                        "1.weight",
                                        "1.bias",
                                        "1.running_mean",
                                        "1.running_var",
                                        "1.num_batches_tracked"};
    (void)state;
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = NULL;
    double values[2] = {0, 0};
    int count = 0;
    test_assert_ok(context, segent_checkpoint_load(context, test_data("checkpoint/module.zip.pth"),
                                                   &checkpoint));
    assert_int_equal(segent_checkpoint_count(checkpoint), sizeof(names) / sizeof(names[0]));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_int_equal(sg_checkpoint_find(checkpoint, names[i]), i);
    assert_true(sg_checkpoint_attribute(checkpoint, "0", "kernel_size", values, &count));
    assert_true(count == 2 && values[0] == 3 && values[1] == 3);
    assert_true(sg_checkpoint_attribute(checkpoint, "0", "dilation", values, &count));
    assert_true(count == 2 && values[0] == 1 && values[1] == 1);
    assert_true(sg_checkpoint_attribute(checkpoint, "0", "groups", values, &count));
    assert_true(count == 1 && values[0] == 1);
    assert_true(sg_checkpoint_attribute(checkpoint, "1", "eps", values, &count));
    assert_true(count == 1 && values[0] == 1e-5);
    assert_false(sg_checkpoint_attribute(checkpoint, "1", "stride", values, &count));
    assert_false(sg_checkpoint_attribute(checkpoint, "2", "eps", values, &count));
    assert_false(sg_checkpoint_attribute(checkpoint, "1", "momentum", values, &count));
    segent_checkpoint_destroy(checkpoint);
    segent_context_destroy(context);
}

static void dict_that_holds_itself(void **state)
{
    (void)state;
    assert_file_refused(test_data("checkpoint/cyclic.legacy.pth"), SEGENT_ERROR_FORMAT,
                        "no state dict found");
}

/* Complex tensors are listed, and an error only for those who ask for their values. */
static void complex_numbers(void **state)
{
    (void)state;
    segent_context *context = test_context();
    segent_checkpoint *checkpoint = NULL;
    segent_tensor_info info = segent_tensor_info_init();
    float values[2] = {0};
    test_assert_ok(context, segent_checkpoint_load(
                                context, test_data("checkpoint/complex.legacy.pth"), &checkpoint));
    test_assert_ok(context, segent_checkpoint_tensor(context, checkpoint, 0, &info));
    assert_int_equal(info.dtype, 0);
    assert_int_equal(info.elements, 2);
    test_assert_status(context, segent_checkpoint_read(context, checkpoint, 0, values, 2),
                       SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(context, "tensor 'weight' is stored as complex numbers");
    segent_checkpoint_destroy(checkpoint);
    segent_context_destroy(context);
}

static void nine_dimensions(void **state)
{
    (void)state;
    assert_file_refused(test_data("checkpoint/rank9.legacy.pth"), SEGENT_ERROR_UNSUPPORTED,
                        "tensor 'weight' has 9 dimensions; at most 8 are supported");
}

/* ---- truncation: at every byte, so at every sixteenth of the length too ---- */

static void check_truncation(const char *name)
{
    segent_context *context = test_context();
    size_t size;
    unsigned char *whole = test_read_file(test_data(name), &size);
    for (size_t length = 1; length < size; length++) {
        segent_checkpoint *checkpoint = NULL;
        unsigned char *part = malloc(length);
        assert_non_null(part);
        memcpy(part, whole, length);
        test_assert_status(context,
                           segent_checkpoint_load_memory(context, part, length, &checkpoint),
                           SEGENT_ERROR_TRUNCATED);
        test_assert_error_contains(context, "memory: truncated: ");
        assert_null(checkpoint);
        free(part);
    }
    free(whole);
    segent_context_destroy(context);
}

static void truncated_legacy(void **state)
{
    (void)state;
    check_truncation("checkpoint/types.legacy.pth");
    check_truncation("checkpoint/wrapped.legacy.pth");
}

static void truncated_zip(void **state)
{
    (void)state;
    check_truncation("checkpoint/types.zip.pth");
    check_truncation("checkpoint/wrapped.zip.pth");
}

static void truncated_safetensors(void **state)
{
    (void)state;
    check_truncation("checkpoint/types.safetensors");
}

static void truncated_files_are_named(void **state)
{
    static const char *const names[] = {"checkpoint/types.legacy.pth", "checkpoint/types.zip.pth",
                                        "checkpoint/types.safetensors"};
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        size_t size;
        unsigned char *whole = test_read_file(test_data(names[k]), &size);
        for (size_t sixteenth = 1; sixteenth < 16; sixteenth++) {
            const char *path = test_temporary("truncated.pth");
            test_write_file(path, whole, size * sixteenth / 16);
            assert_file_refused(path, SEGENT_ERROR_TRUNCATED, ": truncated: ");
        }
        free(whole);
    }
}

static void something_behind_the_end(void **state)
{
    static const char *const names[] = {"checkpoint/types.legacy.pth",
                                        "checkpoint/types.safetensors"};
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        bytes b = {0};
        size_t size;
        unsigned char *whole = test_read_file(test_data(names[k]), &size);
        bytes_put(&b, whole, size);
        bytes_text(&b, "more");
        free(whole);
        assert_refused(&b, SEGENT_ERROR_FORMAT, "4 bytes follow the last ");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_file),
        cmocka_unit_test(directory),
        cmocka_unit_test(empty_file),
        cmocka_unit_test(named_pipe),
        cmocka_unit_test(unreadable_file),
        cmocka_unit_test(wrong_magic),
        cmocka_unit_test(other_files),
        cmocka_unit_test(zeros),
        cmocka_unit_test(tar_archives),
        cmocka_unit_test(old_tar_form),
        cmocka_unit_test(torchscript_archive),
        cmocka_unit_test(forbidden_global_legacy),
        cmocka_unit_test(forbidden_global_zip),
        cmocka_unit_test(whole_module),
        cmocka_unit_test(dict_that_holds_itself),
        cmocka_unit_test(complex_numbers),
        cmocka_unit_test(nine_dimensions),
        cmocka_unit_test(truncated_legacy),
        cmocka_unit_test(truncated_zip),
        cmocka_unit_test(truncated_safetensors),
        cmocka_unit_test(truncated_files_are_named),
        cmocka_unit_test(something_behind_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
