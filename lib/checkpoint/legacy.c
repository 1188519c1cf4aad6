/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* torch's legacy form (torch.save before 1.6): five pickles in a row (a magic number, a version, a
 * description of the machine, the object, a list of storage keys), then for each key an int64
 * number of elements and the raw data, without any alignment. */

#include "pickle.h"

enum {
    MAGIC_END = 15, /* the first pickle, which told us the form */
    VERSION = 1001
};

/* {"protocol_version": 1001, "little_endian": True, "type_sizes": {...}} */
static segent_status check_machine(sg_pickle *pickle, sg_value machine)
{
    if (machine.kind != SG_DICT)
        return sg_fail(pickle->context, SEGENT_ERROR_FORMAT,
                       "%s: the third pickle is %s, not a dict that describes a machine",
                       pickle->label, sg_kind_name(machine.kind));
    for (size_t i = 0; i < machine.items->count; i += 2) {
        const sg_value *entry = machine.items->values + i;
        if (entry[0].kind == SG_STRING && sg_span_is(sg_value_span(entry[0]), "little_endian") &&
            !(entry[1].kind == SG_BOOL && entry[1].integer))
            return sg_fail(pickle->context, SEGENT_ERROR_UNSUPPORTED,
                           "%s: written on a big-endian machine", pickle->label);
    }
    return SEGENT_OK;
}

static segent_status check_version(sg_pickle *pickle, sg_value version)
{
    if (version.kind == SG_INTEGER && version.integer == VERSION)
        return SEGENT_OK;
    return sg_fail(pickle->context, SEGENT_ERROR_FORMAT, "%s: the second pickle is not version %d",
                   pickle->label, VERSION);
}

/* The storage of that key gets its data at `position`, which moves behind it. */
static segent_status place_storage(sg_pickle *pickle, sg_span key)
{
    const size_t count = pickle->storage_count;
    const size_t first = sg_names_lower(pickle->keys, count, key);
    if (first == count || sg_span_compare(pickle->keys[first].name, key) != 0)
        return sg_fail(pickle->context, SEGENT_ERROR_FORMAT,
                       "%s: storage '%.*s' is listed but nothing uses it", pickle->label,
                       SG_SPAN(key));
    const sg_storage *storage = pickle->storages + pickle->keys[first].index;
    if (storage->data)
        return sg_fail(pickle->context, SEGENT_ERROR_FORMAT, "%s: storage '%.*s' is listed twice",
                       pickle->label, SG_SPAN(key));
    const size_t left = pickle->end - pickle->position;
    const uint64_t bytes = (uint64_t)storage->count * storage->type->size;
    if (left < 8 || left - 8 < bytes)
        return sg_fail(pickle->context, SEGENT_ERROR_TRUNCATED,
                       "%s: truncated: storage '%.*s' takes %llu bytes at byte %zu and %zu are "
                       "there",
                       pickle->label, SG_SPAN(key), (unsigned long long)bytes + 8, pickle->position,
                       left);
    const unsigned char *data = pickle->data + pickle->position;
    if (sg_le64(data) != (uint64_t)storage->count)
        return sg_fail(pickle->context, SEGENT_ERROR_FORMAT,
                       "%s: storage '%.*s' has %llu elements at byte %zu, where the pickle says "
                       "%lld",
                       pickle->label, SG_SPAN(key), (unsigned long long)sg_le64(data),
                       pickle->position, (long long)storage->count);
    for (size_t i = first; i < count && sg_span_compare(pickle->keys[i].name, key) == 0; i++)
        pickle->storages[pickle->keys[i].index].data = data + 8;
    pickle->position += 8 + (size_t)bytes;
    return SEGENT_OK;
}

static segent_status place_storages(sg_pickle *pickle, sg_value list)
{
    if (list.kind != SG_LIST)
        return sg_fail(pickle->context, SEGENT_ERROR_FORMAT,
                       "%s: the fifth pickle is %s, not a list of storage keys", pickle->label,
                       sg_kind_name(list.kind));
    for (size_t i = 0; i < list.items->count; i++) {
        const sg_value key = list.items->values[i];
        if (key.kind != SG_STRING)
            return sg_fail(pickle->context, SEGENT_ERROR_FORMAT,
                           "%s: a storage key is %s, not a string", pickle->label,
                           sg_kind_name(key.kind));
        const segent_status status = place_storage(pickle, sg_value_span(key));
        if (status != SEGENT_OK)
            return status;
    }
    for (size_t i = 0; i < pickle->storage_count; i++) {
        if (!pickle->storages[i].data)
            return sg_fail(pickle->context, SEGENT_ERROR_FORMAT,
                           "%s: storage '%.*s' is used but its data is not in the file",
                           pickle->label, SG_SPAN(pickle->storages[i].key));
    }
    if (pickle->position != pickle->end)
        return sg_fail(pickle->context, SEGENT_ERROR_FORMAT,
                       "%s: %zu bytes follow the last storage, which ends at byte %zu",
                       pickle->label, pickle->end - pickle->position, pickle->position);
    return SEGENT_OK;
}

segent_status sg_load_legacy(segent_context *context, segent_checkpoint *checkpoint)
{
    sg_pickle pickle = sg_pickle_open(context, checkpoint, MAGIC_END, checkpoint->size);
    sg_value version, machine, object, keys;
    segent_status status = sg_pickle_load(&pickle, &version);
    if (status == SEGENT_OK)
        status = check_version(&pickle, version);
    if (status == SEGENT_OK)
        status = sg_pickle_load(&pickle, &machine);
    if (status == SEGENT_OK)
        status = check_machine(&pickle, machine);
    if (status == SEGENT_OK)
        status = sg_pickle_load(&pickle, &object);
    if (status == SEGENT_OK)
        status = sg_pickle_index_storages(&pickle);
    if (status == SEGENT_OK)
        status = sg_pickle_load(&pickle, &keys);
    if (status == SEGENT_OK)
        status = place_storages(&pickle, keys);
    if (status == SEGENT_OK)
        status = sg_state_collect(&pickle, object, checkpoint);
    sg_pickle_close(&pickle);
    return status;
}
