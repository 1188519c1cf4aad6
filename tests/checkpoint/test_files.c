/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What is no checkpoint, or not all of one. */

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hostile.h"

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
        skip(); /* root reads everything */
    const char *path = test_temporary("secret.pth");
    test_write_file(path, "x", 1);
    assert_int_equal(chmod(path, 0), 0);
    assert_file_refused(path, SEGENT_ERROR_IO, "Permission denied");
}

static void wrong_magic(void **state)
{
    (void)state;
    bytes b = {0};
    bytes_repeat(&b, "segment ", 100);
    assert_refused(&b, SEGENT_ERROR_FORMAT,
                   "not a checkpoint: neither torch's zip or legacy form nor safetensors");
}

static void web_page(void **state)
{
    (void)state;
    bytes b = {0};
    bytes_text(&b, "<!DOCTYPE html><html>404</html>");
    assert_refused(&b, SEGENT_ERROR_FORMAT, "a web page, not a checkpoint");
}

static void lfs_pointer(void **state)
{
    (void)state;
    bytes b = {0};
    bytes_text(&b, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
    assert_refused(&b, SEGENT_ERROR_FORMAT, "a pointer of Git LFS");
}

static void bare_pickle(void **state)
{
    (void)state;
    bytes b = {0};
    bytes_literal(&b, "\x80\x04\x95\x0b\0\0\0\0\0\0\0}\x8c\x01w\x94K\x01s.");
    assert_refused(&b, SEGENT_ERROR_FORMAT, "a pickle that torch.save has not written");
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
                        "the pickle asks for posix.system, which is not on the list of things a "
                        "checkpoint needs");
}

static void forbidden_global_zip(void **state)
{
    (void)state;
    assert_file_refused(test_data("checkpoint/system.zip.pth"), SEGENT_ERROR_FORBIDDEN,
                        "the pickle asks for posix.system,");
}

static void whole_module(void **state)
{
    (void)state;
    assert_file_refused(test_data("checkpoint/module.zip.pth"), SEGENT_ERROR_FORBIDDEN,
                        "torch.nn.modules.container.Sequential, which is not on the list of things "
                        "a checkpoint needs; if a whole module was saved, save its state_dict()");
}

static void dict_that_holds_itself(void **state)
{
    (void)state;
    assert_file_refused(test_data("checkpoint/cyclic.legacy.pth"), SEGENT_ERROR_FORMAT,
                        "more than 4 dicts around the state dict");
}

static void complex_numbers(void **state)
{
    (void)state;
    assert_file_refused(test_data("checkpoint/complex.legacy.pth"), SEGENT_ERROR_UNSUPPORTED,
                        "tensor 'weight' is stored as ComplexFloatStorage");
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
        cmocka_unit_test(web_page),
        cmocka_unit_test(lfs_pointer),
        cmocka_unit_test(bare_pickle),
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
