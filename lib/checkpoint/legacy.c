/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads torch's legacy form (torch.save before 1.6): five pickles in a row (a magic number, a
 * version, a description of the machine, the object, a list of storage keys), then for each key an
 * int64 number of elements and the raw data, without any alignment. */

#include <string.h>

#include "pickle.h"

enum { VERSION = 1001 };

/* ---- the first pickle ---- */

/* The first pickle is the number 0x1950a86a20f9469cfc6c. From protocol 2 on it is PROTO, in
 * protocols 4 and 5 a FRAME, then LONG1 with the number's 10 bytes, and STOP; before, it has the
 * digits. */
static const unsigned char magic[] = {0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9,
                                      0x20, 0x6a, 0xa8, 0x50, 0x19, '.'};
static const char magic_digits[] = "L119547037146038801333356L\n.";
enum { PROTO_BYTES = 2, FRAME_BYTES = 9 };

size_t sg_legacy_begin(const unsigned char *data, size_t size)
{
    const size_t digits = sizeof(magic_digits) - 1;
    size_t at = PROTO_BYTES;
    if (size >= digits && memcmp(data, magic_digits, digits) == 0)
        return digits;
    if (size < at + sizeof(magic) || data[0] != 0x80 || data[1] < 2 || data[1] > 5)
        return 0;
    if (data[at] == 0x95)
        at += FRAME_BYTES;
    if (size < at + sizeof(magic) || memcmp(data + at, magic, sizeof(magic)) != 0)
        return 0;
    return at + sizeof(magic);
}

bool sg_legacy_begins(const unsigned char *data, size_t size)
{
    static const unsigned char proto[PROTO_BYTES] = {0x80, 2};
    const size_t first = size < PROTO_BYTES ? size : PROTO_BYTES;
    return memcmp(data, proto, first) == 0 && memcmp(data + first, magic, size - first) == 0;
}

/* ---- the others ---- */

/* Checks the third pickle: {"protocol_version": 1001, "little_endian": True, "type_sizes": {...}}.
 */
static segent_status check_machine(sg_pickle *p, sg_value machine)
{
    segent_context *context = p->owner.context;
    if (sg_value_tag(machine) != SG_DICT)
        return sg_fail(context, SEGENT_ERROR_FORMAT,
                       "%s: the third pickle is %s, not a dict that describes a machine", p->label,
                       sg_value_name(p, machine));
    const sg_value little = sg_dict_find(p, machine, "little_endian");
    if (little && !sg_value_is_true(p, little))
        return sg_fail(context, SEGENT_ERROR_UNSUPPORTED, "%s: written on a big-endian machine",
                       p->label);
    return SEGENT_OK;
}

static segent_status check_version(sg_pickle *p, sg_value version)
{
    int64_t number = 0;
    if (sg_value_integer(p, version, &number) && number == VERSION)
        return SEGENT_OK;
    return sg_fail(p->owner.context, SEGENT_ERROR_FORMAT, "%s: the second pickle is not version %d",
                   p->label, VERSION);
}

/* ---- storages ---- */

/* The part of the file that is still to be read. */
typedef struct rest {
    segent_context *context;
    segent_checkpoint *checkpoint;
    size_t position;
} rest;

/* Says that the data of the storage of that key lies at the position, which moves behind it. */
static segent_status place_storage(rest *file, sg_pickle *object, sg_span key)
{
    const char *label = object->label;
    sg_storage *storage = sg_pickle_find_storage(object, key);
    if (!storage)
        return sg_fail(file->context, SEGENT_ERROR_FORMAT,
                       "%s: storage '%.*s' is listed but nothing uses it", label, SG_SPAN(key));
    if (storage->data)
        return sg_fail(file->context, SEGENT_ERROR_FORMAT, "%s: storage '%.*s' is listed twice",
                       label, SG_SPAN(key));
    if (!storage->type)
        return sg_fail(file->context, SEGENT_ERROR_UNSUPPORTED,
                       "%s: storage '%.*s' is of a type that is not known, so that nothing behind "
                       "it can be found",
                       label, SG_SPAN(key));
    const size_t left = file->checkpoint->size - file->position;
    const uint64_t bytes = (uint64_t)storage->count * storage->type->size;
    if (left < 8 || left - 8 < bytes)
        return sg_fail(file->context, SEGENT_ERROR_TRUNCATED,
                       "%s: truncated: storage '%.*s' takes %llu bytes at byte %zu and %zu are "
                       "there",
                       label, SG_SPAN(key), (unsigned long long)bytes + 8, file->position, left);
    const unsigned char *data = file->checkpoint->data + file->position;
    if (sg_le64(data) != (uint64_t)storage->count)
        return sg_fail(file->context, SEGENT_ERROR_FORMAT,
                       "%s: storage '%.*s' has %llu elements at byte %zu, where the pickle says "
                       "%lld",
                       label, SG_SPAN(key), (unsigned long long)sg_le64(data), file->position,
                       (long long)storage->count);
    storage->data = data + 8;
    file->position += 8 + (size_t)bytes;
    return SEGENT_OK;
}

static segent_status check_placed(const rest *file, const sg_pickle *object)
{
    for (size_t i = 0; i < object->storage_count; i++) {
        if (!object->storages[i].data)
            return sg_fail(file->context, SEGENT_ERROR_FORMAT,
                           "%s: storage '%.*s' is used but its data is not in the file",
                           object->label, SG_SPAN(object->storages[i].key));
    }
    if (file->position != file->checkpoint->size)
        return sg_fail(file->context, SEGENT_ERROR_FORMAT,
                       "%s: %zu bytes follow the last storage, which ends at byte %zu",
                       object->label, file->checkpoint->size - file->position, file->position);
    return SEGENT_OK;
}

/* Places all storages. `keys` is the fifth pickle, and `list` the list of keys in it. */
static segent_status place_storages(rest *file, sg_pickle *object, sg_pickle *keys, sg_value list)
{
    sg_cursor cursor = sg_container_first(keys, list);
    sg_value item;
    if (sg_value_tag(list) != SG_LIST)
        return sg_fail(file->context, SEGENT_ERROR_FORMAT,
                       "%s: the fifth pickle is %s, not a list of storage keys", keys->label,
                       sg_value_name(keys, list));
    while (sg_container_next(keys, &cursor, &item)) {
        sg_span key;
        if (!sg_value_text(keys, item, &key))
            return sg_fail(file->context, SEGENT_ERROR_FORMAT,
                           "%s: a storage key is %s, not a string", keys->label,
                           sg_value_name(keys, item));
        const segent_status status = place_storage(file, object, key);
        if (status != SEGENT_OK)
            return status;
    }
    return check_placed(file, object);
}

/* ---- the whole ---- */

/* Reads the next pickle of the file, which the caller closes whether or not this fails. */
static segent_status next_pickle(rest *file, bool plain, sg_pickle *pickle, sg_value *value)
{
    const segent_status status =
        sg_pickle_load(file->context, file->checkpoint, file->checkpoint->data + file->position,
                       file->checkpoint->size - file->position, plain, pickle, value);
    file->position += pickle->position;
    return status;
}

/* Reads one of the pickles before the object and lets `check` judge its value. */
static segent_status read_plain(rest *file, segent_status (*check)(sg_pickle *, sg_value))
{
    sg_pickle pickle;
    sg_value value = 0;
    segent_status status = next_pickle(file, true, &pickle, &value);
    if (status == SEGENT_OK)
        status = check(&pickle, value);
    sg_pickle_close(&pickle);
    return status;
}

/* Reads the list of keys, and finds the data of the object's storages by it. */
static segent_status read_keys(rest *file, sg_pickle *object)
{
    sg_pickle keys;
    sg_value list = 0;
    segent_status status = next_pickle(file, true, &keys, &list);
    if (status == SEGENT_OK)
        status = place_storages(file, object, &keys, list);
    sg_pickle_close(&keys);
    return status;
}

segent_status sg_load_legacy(segent_context *context, segent_checkpoint *checkpoint)
{
    rest file = {context, checkpoint, sg_legacy_begin(checkpoint->data, checkpoint->size)};
    sg_pickle object;
    sg_value value = 0;
    segent_status status = read_plain(&file, check_version);
    if (status == SEGENT_OK)
        status = read_plain(&file, check_machine);
    if (status != SEGENT_OK)
        return status;
    status = next_pickle(&file, false, &object, &value);
    if (status == SEGENT_OK)
        status = sg_pickle_index_storages(&object);
    if (status == SEGENT_OK)
        status = read_keys(&file, &object);
    if (status == SEGENT_OK)
        status = sg_state_collect(&object, value, checkpoint);
    sg_pickle_close(&object);
    return status;
}
