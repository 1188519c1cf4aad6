/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads a file of packed weights: as it is, and with as many weights as its network takes, since no
 * chance would ever find that number. The latter is loaded from memory, where reads behind the
 * weights are seen, and from a mapped file, and both are run with the engine that believes what the
 * file says of its weights; their results must be the same. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "checkpoint.h"
#include "packed.h"

enum {
    WEIGHTS_TRIED =
        1 << 18, /* bytes; tensors of more elements than the file has bytes are refused */
    WEIGHTS_MAX = 4 << 20
};

/* Loads a model, from a mapped file or else from memory, and uses it. */
static segent_status load(const uint8_t *data, size_t size, bool mapped, uint64_t *sum)
{
    segent_context *context = fuzz_begin();
    segent_model *model = NULL;
    segent_status status;
    *sum = 0;
    if (mapped) {
        char path[64];
        const int file = memfd_create("packed", MFD_CLOEXEC);
        fuzz_check(file >= 0 && write(file, data, size) == (ssize_t)size, "no file in memory");
        snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
        status = segent_model_load(context, path, NULL, &model);
        close(file);
    } else {
        status = segent_model_load_memory(context, data, size, NULL, &model);
    }
    fuzz_check_result(context, status, model);
    if (model)
        *sum = fuzz_use_model(context, model, SEGENT_ENGINE_FAST);
    segent_model_destroy(model);
    return status;
}

/* The bytes of weights that the network takes, of which the sentence speaks if the file has
 * another number of them; 0: it failed for another reason. */
static size_t wanted_size(void)
{
    static const char words[] = "but its network takes ";
    const char *sentence = segent_last_error(fuzz_begin());
    const char *found = strstr(sentence, words);
    return found ? strtoull(found + sizeof(words) - 1, NULL, 10) : 0;
}

static void try_fitting(const uint8_t *data, size_t size)
{
    const size_t json = packed_json_size(data, size), begin = packed_begin(data, size);
    fuzz_bytes file = {NULL, 0, 0};
    uint64_t sums[2];
    packed_make(&file, data, data + PACKED_FRONT, json, NULL, 0, WEIGHTS_TRIED);
    segent_status status = load(file.data, file.size, false, &sums[0]);
    const size_t wanted = status == SEGENT_ERROR_MODEL ? wanted_size() : 0;
    if (wanted > 0 && wanted <= WEIGHTS_MAX) {
        free(file.data);
        file = (fuzz_bytes){NULL, 0, 0};
        packed_make(&file, data, data + PACKED_FRONT, json, data + begin, size - begin, wanted);
        uint8_t *exact = malloc(file.size); /* ends where the weights end */
        fuzz_check(exact != NULL, "no memory for a file");
        memcpy(exact, file.data, file.size);
        status = load(exact, file.size, false, &sums[0]);
        free(exact);
        fuzz_check(load(file.data, file.size, true, &sums[1]) == status && sums[0] == sums[1],
                   "a mapped file and one in memory differ");
    }
    free(file.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t sum;
    if (fuzz_try_checkpoint(data, size) == SEGENT_OK)
        (void)load(data, size, false, &sum);
    if (size >= PACKED_FRONT)
        try_fitting(data, size);
    return 0;
}
