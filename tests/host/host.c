/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "host.h"

#include <dirent.h>
#include <stdlib.h>
#include <time.h>

static const char *write_network(const char *name, segent_container container,
                                 const test_writer_options *options)
{
    static const test_network_shape shape = {
        .seed = 11, .blocks = {1, 1, 1, 1}, .width = 4, .aspp = 8, .classes = HOST_CLASSES};
    const char *path = test_temporary(name);
    test_network *network = test_network_make(&shape);
    test_write_checkpoint(path, container, network->tensors, network->count, options);
    test_network_free(network);
    return path;
}

const char *host_checkpoint(void)
{
    return write_network("network.pth", SEGENT_CONTAINER_ZIP, NULL);
}

segent_model *host_model(segent_context *context)
{
    const char *const metadata[] = {"segent.size", HOST_SIZE, NULL};
    const test_writer_options options = {.metadata = metadata};
    const char *path = write_network("network.safetensors", SEGENT_CONTAINER_SAFETENSORS, &options);
    segent_model *model = NULL;
    test_assert_ok(context, segent_model_load(context, path, NULL, &model));
    return model;
}

segent_image *host_image(segent_context *context)
{
    static uint8_t pixels[HOST_HEIGHT * HOST_WIDTH * 3];
    uint64_t random = 5;
    segent_image *image = NULL;
    for (size_t i = 0; i < sizeof(pixels); i++)
        pixels[i] = (uint8_t)test_random(&random);
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_RGB, HOST_HEIGHT, HOST_WIDTH);
    test_assert_ok(context, segent_image_from_pixels(context, &view, &image));
    return image;
}

segent_result *host_run(segent_context *context, const segent_model *model,
                        const segent_image *image)
{
    segent_run_options options = segent_run_options_init();
    segent_result *result = NULL;
    options.size = SEGENT_SIZE_OWN;
    test_assert_ok(context, segent_run(context, model, image, &options, &result));
    return result;
}

segent_tensor_view host_logits(void)
{
    const size_t count = (size_t)HOST_CLASSES * HOST_HEIGHT * HOST_WIDTH;
    uint64_t random = 9;
    float *logits = malloc(count * sizeof(float));
    assert_non_null(logits);
    for (size_t i = 0; i < count; i++)
        logits[i] = test_random_uniform(&random, -8.0f, 8.0f);
    return segent_tensor_chw(logits, HOST_CLASSES, HOST_HEIGHT, HOST_WIDTH);
}

segent_context *host_context(int32_t threads)
{
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    options.threads = threads;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    return context;
}

int64_t host_count_threads(void)
{
    DIR *folder = opendir("/proc/self/task");
    int64_t count = 0;
    if (!folder)
        return 0;
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

bool host_threads_are(int64_t expected)
{
    enum { TRIES = 5000 };
    const struct timespec pause = {0, 1000000};
    for (int i = 0; i < TRIES && host_count_threads() != expected; i++)
        nanosleep(&pause, NULL);
    return host_count_threads() == expected;
}
