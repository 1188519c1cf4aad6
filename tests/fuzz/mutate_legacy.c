/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Changes checkpoints of the legacy form: five pickles in a row, then the storages that the fifth
 * lists. */

#include <stdlib.h>
#include <string.h>

#include "mutate_pickle.h"

enum { PICKLES = 5, STORAGES_MAX = 256 };

/* Appends the number of elements and the values of every storage that the fifth pickle names. */
static void append_storages(const pickle_list *list, fuzz_bytes *out)
{
    pickle_storage storages[STORAGES_MAX];
    const size_t count = pickle_storages(list, storages, STORAGES_MAX);
    size_t pickle = 0;
    for (size_t i = 0; i < list->count; i++) {
        const uint8_t *text;
        size_t size, found = 0;
        pickle += list->ops[i].code == OP_STOP;
        if (pickle < PICKLES - 1 || list->ops[i].code != OP_BINUNICODE ||
            !pickle_text(list->ops + i, &text, &size))
            continue;
        while (found < count &&
               (storages[found].key_size != size || memcmp(storages[found].key, text, size) != 0))
            found++;
        if (found == count)
            continue;
        fuzz_append_little(out, storages[found].count, 8);
        pickle_append_data(storages + found, out);
    }
}

/* Writes the list and what follows it: storages that are made anew, or what followed it before. */
static size_t finish(const pickle_list *list, const uint8_t *rest, size_t rest_size, uint8_t *out,
                     size_t max_out, fuzz_random *random)
{
    fuzz_bytes bytes = {NULL, 0, 0};
    pickle_write(list, &bytes);
    const size_t pickles = bytes.size;
    if (fuzz_one_in(random, 2))
        append_storages(list, &bytes);
    else
        fuzz_append(&bytes, rest, rest_size);
    if (fuzz_one_in(random, 8))
        fuzz_mutate_part(&bytes, pickles, bytes.size - pickles, 16);
    return fuzz_deliver(&bytes, out, max_out);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    fuzz_random random = {seed};
    pickle_list list = {NULL, 0, 0, NULL};
    if (fuzz_one_in(&random, 10))
        return LLVMFuzzerMutate(data, size, max_size);
    const size_t used = pickle_parse(&list, data, size, PICKLES);
    pickle_mutate(&list, &random);
    const size_t changed = finish(&list, data + used, size - used, data, max_size, &random);
    pickle_free(&list);
    return changed;
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned seed)
{
    fuzz_random random = {seed};
    pickle_list list = {NULL, 0, 0, NULL}, other = list;
    const size_t used = pickle_parse(&list, data1, size1, PICKLES);
    pickle_parse(&other, data2, size2, PICKLES);
    pickle_cross(&list, &other, &random);
    const size_t crossed = finish(&list, data1 + used, size1 - used, out, max_out, &random);
    pickle_free(&list);
    pickle_free(&other);
    return crossed;
}
