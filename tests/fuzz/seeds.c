/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Makes the inputs that fuzzing starts from:
 *     fuzz-seeds FOLDER DATA STAMP
 * FOLDER gets a folder for each target. DATA is tests/data, from which some inputs are copied.
 * STAMP is a file that is written last. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "network_weights.h"
#include "packed.h"

enum { PATH_SIZE = 4096, COPY_MAX = 1 << 16, WEIGHTS_MAX = 512 };

static const char *folder;

/* The path FOLDER/target/name, whose folders are made. */
static const char *seed_path(const char *target, const char *name)
{
    static char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/%s", folder, target);
    mkdir(path, 0777);
    snprintf(path, sizeof(path), "%s/%s/%s", folder, target, name);
    return path;
}

static void write_text(const char *target, int number, const void *text, size_t size)
{
    char name[32];
    snprintf(name, sizeof(name), "%02d", number);
    test_write_file(seed_path(target, name), text, size);
}

/* ---- copies of tests/data ---- */

static bool ends_with(const char *name, const char *tail)
{
    const size_t size = strlen(name), tail_size = strlen(tail);
    return size >= tail_size && strcmp(name + size - tail_size, tail) == 0;
}

static void copy_small(const char *data, const char *room, const char *tail, const char *target)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/%s", data, room);
    DIR *list = opendir(path);
    assert_non_null(list);
    for (const struct dirent *entry = readdir(list); entry; entry = readdir(list)) {
        struct stat status;
        snprintf(path, sizeof(path), "%s/%s/%s", data, room, entry->d_name);
        if (!ends_with(entry->d_name, tail) || stat(path, &status) != 0 ||
            status.st_size > COPY_MAX)
            continue;
        size_t size;
        unsigned char *bytes = test_read_file(path, &size);
        test_write_file(seed_path(target, entry->d_name), bytes, size);
        free(bytes);
    }
    closedir(list);
}

/* ---- checkpoints ---- */

static const struct {
    segent_container container;
    const char *target;
} containers[] = {{SEGENT_CONTAINER_LEGACY, "legacy"},
                  {SEGENT_CONTAINER_ZIP, "zip"},
                  {SEGENT_CONTAINER_SAFETENSORS, "safetensors"}};

static void write_checkpoints(const char *name, const test_tensor *tensors, size_t count,
                              const test_writer_options *options)
{
    for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++)
        test_write_checkpoint(seed_path(containers[i].target, name), containers[i].container,
                              tensors, count, options);
}

static void make_checkpoints(void)
{
    static const float values[8] = {0, 1, -2, 0.5f, 3, 4, 5, 6};
    static const char *const metadata[] = {"segent.classes", "cat,dog", "segent.size", "32",
                                           "format",         "pt",      NULL};
    const test_tensor tensors[] = {
        {.name = "a", .dtype = SEGENT_DTYPE_F32, .rank = 2, .shape = {2, 4}, .data = values},
        {.name = "b", .dtype = SEGENT_DTYPE_F16, .rank = 1, .shape = {4}, .data = values},
        {.name = "c", .dtype = SEGENT_DTYPE_I64, .rank = 0, .data = values},
        {.name = "d", .dtype = SEGENT_DTYPE_BOOL, .rank = 3, .shape = {1, 2, 3}, .data = values}};
    const test_writer_options plain = {.metadata = metadata};
    const test_writer_options wrapped = {.wrapper = "model", .prefix = "module.", .archive = "m"};
    write_checkpoints("one", tensors, 1, NULL);
    write_checkpoints("four", tensors, 4, &plain);
    write_checkpoints("wrapped", tensors, 4, &wrapped);
}

/* Makes checkpoints of the smallest networks there are, so that a target can load a model. */
static void make_networks(void)
{
    const test_network_shape shape = {
        .seed = 1, .blocks = {1, 1, 1, 1}, .width = 1, .aspp = 1, .classes = 2};
    test_network *network = test_network_make(&shape);
    write_checkpoints("network", network->tensors, network->count, NULL);
    test_network_free(network);
}

/* Makes files of packed weights, for the processor that the target runs on. The sizes of their
 * networks are unlike each other and unlike kernels, so that one can be changed by itself. Of the
 * weights only the first are left, since the target makes as many as the network takes. */
static void make_packed(void)
{
    static const test_network_shape shapes[] = {
        {.seed = 1, .blocks = {2, 1, 1, 1}, .width = 2, .aspp = 5, .classes = 11},
        {.seed = 2, .blocks = {1, 2, 1, 1}, .width = 2, .aspp = 0, .classes = 11},
        {.seed = 3, .blocks = {1, 1, 2, 1}, .width = 4, .aspp = 5, .classes = 11, .groups = 2},
        {.seed = 4,
         .width = 8,
         .aspp = 8,
         .classes = 11,
         .architecture = "lraspp_mobilenet_v3_large"}};
    char source[PATH_SIZE];
    segent_context *context = NULL;
    assert_int_equal(segent_context_create(NULL, &context), SEGENT_OK);
    snprintf(source, sizeof(source), "%s", seed_path("packed", "network"));
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        test_network *network = test_network_make(&shapes[i]);
        segent_model_options options = segent_model_options_init();
        segent_model *model = NULL;
        size_t size;
        options.auxiliary = i == 1;
        test_write_checkpoint(source, SEGENT_CONTAINER_SAFETENSORS, network->tensors,
                              network->count, NULL);
        test_network_free(network);
        test_assert_ok(context, segent_model_load(context, source, &options, &model));
        test_assert_ok(context, segent_model_pack(context, model, source, "net.pth", NULL));
        segent_model_destroy(model);
        unsigned char *bytes = test_read_file(source, &size);
        const size_t begin = (size_t)fuzz_little(bytes + PACKED_BEGIN, 8);
        write_text("packed", (int)i, bytes,
                   size < begin + WEIGHTS_MAX ? size : begin + WEIGHTS_MAX);
        free(bytes);
    }
    assert_int_equal(remove(source), 0);
    segent_context_destroy(context);
}

/* ---- states of evaluations ---- */

/* States of logits and of probabilities, of no picture and of one; a library that was built without
 * evaluations makes none. */
static void make_states(void)
{
    enum { CLASSES = 3, HEIGHT = 2, WIDTH = 4, VALUES = CLASSES * HEIGHT * WIDTH };
    static const uint8_t ids[HEIGHT * WIDTH] = {0, 1, 2, 255, 2, 1, 0, 0};
    float values[VALUES];
    segent_context *context = NULL;
    assert_int_equal(segent_context_create(NULL, &context), SEGENT_OK);
    for (int i = 0; i < 4; i++) {
        char name[32];
        const bool shares = i % 2 == 1;
        segent_evaluation *evaluation = NULL;
        segent_evaluation_options options = segent_evaluation_options_init();
        const segent_label_view labels = segent_label_map(ids, SEGENT_LABEL_U8, HEIGHT, WIDTH);
        const segent_tensor_view view = segent_tensor_chw(values, CLASSES, HEIGHT, WIDTH);
        for (int j = 0; j < VALUES; j++)
            values[j] = shares ? (j < HEIGHT * WIDTH ? 0.5f : 0.25f) : (float)(j * j % 11) - 4.5f;
        options.source = shares ? SEGENT_SOURCE_PROBABILITIES : SEGENT_SOURCE_LOGITS;
        if (segent_evaluation_create(context, CLASSES, &options, &evaluation) != SEGENT_OK)
            break;
        if (i < 2)
            test_assert_ok(context, segent_evaluation_add(context, evaluation, &labels, &view));
        snprintf(name, sizeof(name), "%02d", i);
        test_assert_ok(context,
                       segent_evaluation_save(context, evaluation, seed_path("evaluation", name)));
        segent_evaluation_destroy(evaluation);
    }
    segent_context_destroy(context);
}

/* ---- arrays, command lines, names ---- */

static void make_array(int number, int version, const char *header, size_t values)
{
    fuzz_bytes bytes = {NULL, 0, 0};
    fuzz_append_text(&bytes, "\x93NUMPY");
    fuzz_append_little(&bytes, (uint64_t)version, 2);
    fuzz_append_little(&bytes, strlen(header), version == 1 ? 2 : 4);
    fuzz_append_text(&bytes, header);
    for (size_t i = 0; i < values; i++)
        fuzz_append_byte(&bytes, (unsigned)(i * 5 % 64));
    write_text("npy", number, bytes.data, bytes.size);
    free(bytes.data);
}

static void make_arrays(void)
{
    make_array(0, 1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 2), }\n", 32);
    make_array(1, 2, "{'descr': '>f8', 'fortran_order': True, 'shape': (1, 2, 1, 2), }\n", 32);
    make_array(2, 3, "{\"descr\": \"<f2\", \"fortran_order\": False, \"shape\": (3, 1, 1,)}", 6);
    make_array(3, 1, "{'shape': (2L, 1L, 2L), 'fortran_order': False, 'descr': '=f4'}\n", 16);
}

/* A command line: the subcommand's number, then arguments that end in NUL. */
#define LINE(text)         \
    {                      \
        text, sizeof(text) \
    }

static void make_texts(void)
{
    static const struct {
        const char *text;
        size_t size;
    } lines[] = {
        LINE("\0-m\0w.pth\0-t4\0--size=320\0-o\0out\0a.jpg\0b.png"),
        LINE("\0--save\0panel,labels,entropy.npy\0--background\0#ff8000\0--temperature\0001.5\0a"),
        LINE("\0--output-size\0original\0--engine\0exact\0--no-progress\0--\0-a"),
        LINE("\1--probs\0--colormap\0viridis\0--entropy-range=auto\0a.npy"),
        LINE("\2--labels\0truth\0--ignore\0-1\0--state\0a.state\0a.jpg"),
        LINE("\2--merge\0a.state\0b.state"),
        LINE("\3--list"),
        LINE("\4-v\0--json\0a.pth"),
        LINE("\10--size\000640x480\0--runs\0003\0--arch\0resnet50"),
        LINE("\0--sise\0003\0a"),
    };
    static const char *const names[] = {"cat.jpg",
                                        "a b\"c\\d\n\t\x7f.png",
                                        "\xc3\xa9\xe6\xa8\xa1\xf0\x9f\x98\x80",
                                        "\xc2\x9b"
                                        "31m",
                                        "\xe2\x80\xae"
                                        "gpj.a",
                                        "\xed\xa0\x80\xff\xc0\x80"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        write_text("options", (int)i, lines[i].text, lines[i].size);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        write_text("text", (int)i, names[i], strlen(names[i]));
}

static void make_settings(void)
{
    static const char *const texts[] = {
        "{\"rates\": [6, 12, 18], \"output_stride\": 16, \"size\": 320, \"temperature\": 1.25e0,\n"
        " \"mean\": [0.5, 0.25, -0.125], \"std\": [0.5, 2e0, 0.0625], \"eps\": 0.03,\n"
        " \"description\": \"b\\u00e9\", \"classes\": [\"sky\", \"sea, land\"]}\n",
        "{\"palette\": [[0, 0, 0], [128, 0, 255]]}",
        "{\"palette\": [\"#000000\", \"#8000fF\"], \"size\": 3}",
        "{\"segent\": {\"palette\": [0, 0, 0, 128, 0, 255]}}",
        "{\"lr\": [{\"a\": null}, true], \"segent\": {\"size\": \"320\", \"class_names\": []}}",
        "\xef\xbb\xbf{\"size\": 0, \"size\": 1, \"epochs\": 90}",
        "[[[[{}]]]]"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        write_text("settings", (int)i, texts[i], strlen(texts[i]));
}

int main(int count, char **arguments)
{
    assert_int_equal(count, 4);
    folder = arguments[1];
    const char *data = arguments[2];
    mkdir(folder, 0777);
    make_checkpoints();
    make_networks();
    make_packed();
    make_states();
    make_arrays();
    make_texts();
    make_settings();
    copy_small(data, "checkpoint", ".legacy.pth", "legacy");
    copy_small(data, "checkpoint", ".zip.pth", "zip");
    copy_small(data, "checkpoint", "script.pth", "zip");
    copy_small(data, "checkpoint", ".safetensors", "safetensors");
    copy_small(data, "command", ".npy", "npy");
    copy_small(data, "command", ".png", "labels");
    copy_small(data, "image", ".png", "png");
    copy_small(data, "image", ".png", "labels");
    copy_small(data, "image", ".jpg", "jpeg");
    test_write_file(arguments[3], "", 0);
    return EXIT_SUCCESS;
}
