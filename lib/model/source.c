/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "model/source.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/signature.h"
#include "net/network.h"

enum { NAMES_ROOM = 4096 };

static const char head_part[] = "classifier.";

void sg_source_name(const sg_source *source, const char *name, char full[SG_FULL_NAME])
{
    const size_t part = sizeof(head_part) - 1;
    const char *before = "", *head = "", *last = "";
    if (strncmp(name, head_part, part) == 0) {
        before = head_part;
        head = source->head;
        name += part;
        if (strncmp(name, "4.", 2) == 0 && *source->last) {
            last = source->last;
            name += 2;
        }
    }
    snprintf(full, SG_FULL_NAME, "%s%s%s%s%s", source->prefix, before, head, last, name);
}

static int64_t find(const sg_source *source, const char *name)
{
    char full[SG_FULL_NAME];
    sg_source_name(source, name, full);
    return sg_checkpoint_find(source->checkpoint, full);
}

void sg_source_walk(sg_source *source, const char *part, sg_source_visitor visit, void *user)
{
    char full[SG_FULL_NAME];
    const segent_checkpoint *checkpoint = source->checkpoint;
    const int64_t count = segent_checkpoint_count(checkpoint);
    snprintf(full, sizeof(full), "%s%s", source->prefix, part);
    const size_t prefix = strlen(source->prefix), length = strlen(full);
    for (int64_t i = sg_checkpoint_lower(checkpoint, full); i < count; i++) {
        const int64_t index = sg_checkpoint_ordered(checkpoint, i);
        const char *name = sg_checkpoint_name(checkpoint, index);
        if (strncmp(name, full, length) != 0 || !visit(user, source, index, name + prefix))
            return;
    }
}

/* Whether the network's mark is there, under the name that the head's parts give it. */
static bool has_mark(const sg_source *source)
{
    for (int i = 0; sg_networks[i]; i++) {
        if (sg_source_holds(source, sg_networks[i]->mark))
            return true;
    }
    return false;
}

/* The head may be the first of a Sequential, as in Sequential(DeepLabHead, Dropout); its last
 * convolution may be one of another, as in Sequential(Dropout, Conv2d). */
static void find_head(sg_source *source)
{
    int64_t shape[SEGENT_RANK_MAX];
    if (!has_mark(source)) {
        snprintf(source->head, sizeof(source->head), "0.");
        if (!has_mark(source))
            source->head[0] = '\0';
    }
    for (int i = 0; i < 10 && !sg_source_holds(source, "classifier.4.weight"); i++) {
        snprintf(source->last, sizeof(source->last), "4.%d.", i);
        if (sg_source_shape(source, "classifier.4.weight", shape) != 4)
            source->last[0] = '\0';
    }
}

segent_status sg_source_open(sg_source *source)
{
    find_head(source);
    const int64_t count = segent_checkpoint_count(source->checkpoint);
    sg_used_tensors *used = &source->used;
    used->positions =
        sg_alloc_zero(&source->context->allocator, (size_t)count + 1, sizeof(*used->positions));
    used->count = count;
    if (!used->positions)
        source->status = sg_fail_memory(source->context, "the list of tensors", (size_t)count);
    return source->status;
}

/* Remembers that the network uses the tensor at `index`, and under which name. */
static void note_used(sg_source *source, int64_t index, const char *name)
{
    const sg_allocator *allocator = &source->context->allocator;
    sg_used_tensors *used = &source->used;
    const size_t size = strlen(name) + 1;
    if (used->positions[index] != 0)
        return;
    if (size > source->names_room - used->size) {
        const size_t room = 2 * source->names_room + NAMES_ROOM + size;
        char *names = sg_alloc(allocator, room, 1);
        if (!names) {
            source->status = sg_fail_memory(source->context, "the names of tensors", room);
            return;
        }
        if (used->size > 0)
            memcpy(names, used->names, used->size);
        sg_free(allocator, used->names);
        used->names = names;
        source->names_room = room;
    }
    memcpy(used->names + used->size, name, size);
    used->positions[index] = 1 + used->size;
    used->size += size;
}

void sg_used_tensors_free(const sg_allocator *allocator, sg_used_tensors *used)
{
    sg_free(allocator, used->names);
    sg_free(allocator, used->positions);
    *used = (sg_used_tensors){.names = NULL};
}

void sg_shape_text(const int64_t *shape, int32_t rank, char text[SG_SHAPE_TEXT])
{
    size_t length = 0;
    text[length++] = '(';
    for (int32_t i = 0; i < rank; i++)
        length += (size_t)snprintf(text + length, SG_SHAPE_TEXT - length,
                                   i ? ", %" PRId64 : "%" PRId64, shape[i]);
    snprintf(text + length, SG_SHAPE_TEXT - length, ")");
}

/* What the module is called in the file: a tensor's name without its last part. */
static void module_name(const sg_source *source, const char *module, char full[SG_FULL_NAME])
{
    char tensor[SG_FULL_NAME / 2];
    snprintf(tensor, sizeof(tensor), "%s.", module);
    sg_source_name(source, tensor, full);
    full[strlen(full) - 1] = '\0';
}

static void fail_attribute(sg_source *source, const char *module, const char *attribute,
                           double value, const char *expected)
{
    char full[SG_FULL_NAME], number[SG_NUMBER_SIZE];
    module_name(source, module, full);
    source->status =
        sg_fail(source->context, SEGENT_ERROR_MODEL,
                "%s: module %.300s has a %s of %s, expected %s: networks of another output stride "
                "or structure cannot be used",
                sg_checkpoint_label(source->checkpoint), full, attribute,
                sg_number(number, 6, value), expected);
}

bool sg_source_attribute(sg_source *source, const char *module, const char *attribute,
                         double *value)
{
    char full[SG_FULL_NAME];
    double values[2];
    int count;
    if (source->status != SEGENT_OK)
        return false;
    module_name(source, module, full);
    if (!sg_checkpoint_attribute(source->checkpoint, full, attribute, values, &count))
        return false;
    if (count == 2 && values[0] != values[1]) {
        fail_attribute(source, module, attribute, values[1], "the same both ways");
        return false;
    }
    *value = values[0];
    return true;
}

void sg_source_expect(sg_source *source, const char *module, const char *attribute,
                      int32_t expected)
{
    double value;
    char number[16];
    if (sg_source_attribute(source, module, attribute, &value) && value != (double)expected) {
        snprintf(number, sizeof(number), "%d", (int)expected);
        fail_attribute(source, module, attribute, value, number);
    }
}

void sg_source_fail(sg_source *source, const char *name, const char *problem)
{
    char full[SG_FULL_NAME];
    sg_source_name(source, name, full);
    source->status = sg_fail(source->context, SEGENT_ERROR_MODEL, "%s: tensor %.300s %s",
                             sg_checkpoint_label(source->checkpoint), full, problem);
}

bool sg_source_holds(const sg_source *source, const char *name)
{
    return find(source, name) >= 0;
}

int32_t sg_source_shape(const sg_source *source, const char *name, int64_t shape[SEGENT_RANK_MAX])
{
    segent_tensor_info info = {.struct_size = sizeof(info)};
    const int64_t index = find(source, name);
    if (index < 0 ||
        sg_checkpoint_tensor(source->context, source->checkpoint, index, &info) != SEGENT_OK)
        return -1;
    memcpy(shape, info.shape, sizeof(info.shape));
    return info.rank;
}

enum { NUMBER_MAX = 1000000 }; /* from here on it is not one that counts anything */

typedef struct number_search {
    size_t length; /* of the words */
    int32_t found;
} number_search;

static bool look_at_number(void *user, sg_source *source, int64_t index, const char *rest)
{
    number_search *search = user;
    const char *digit = rest + search->length;
    int32_t number = 0;
    (void)source;
    (void)index;
    if (*digit < '0' || *digit > '9')
        return true;
    for (; *digit >= '0' && *digit <= '9' && number < NUMBER_MAX; digit++)
        number = number * 10 + (*digit - '0');
    if (number < NUMBER_MAX && number >= search->found)
        search->found = number + 1;
    return true;
}

int32_t sg_source_numbers(sg_source *source, const char *words, int32_t tensors)
{
    const int64_t most = segent_checkpoint_count(source->checkpoint) / tensors + 1;
    number_search search = {strlen(words), 0};
    sg_source_walk(source, words, look_at_number, &search);
    return search.found < most ? search.found : (int32_t)most;
}

static bool is_float(segent_dtype dtype)
{
    return dtype == SEGENT_DTYPE_F32 || dtype == SEGENT_DTYPE_F16 || dtype == SEGENT_DTYPE_BF16 ||
           dtype == SEGENT_DTYPE_F64;
}

static bool same_shape(const segent_tensor_info *info, const int64_t *shape, int32_t rank)
{
    return info->rank == rank && memcmp(info->shape, shape, (size_t)rank * sizeof(*shape)) == 0;
}

/* Whether elements share their place in the file, as they do with a stride of 0: a small file could
 * then ask for any amount of memory. Every dimension must step over all that the dimensions of
 * smaller strides span. The checkpoint has seen to it that spans do not overflow. */
static bool overlaps(const segent_tensor_info *info)
{
    for (int32_t i = 0; i < info->rank; i++) {
        int64_t span = 1;
        for (int32_t j = 0; j < info->rank; j++) {
            const bool inner =
                info->stride[j] < info->stride[i] || (info->stride[j] == info->stride[i] && j < i);
            if (inner && info->shape[j] > 1)
                span += (info->shape[j] - 1) * info->stride[j];
        }
        if (info->shape[i] > 1 && info->stride[i] < span)
            return true;
    }
    return false;
}

void sg_source_check(sg_source *source, const char *name, const int64_t *shape, int32_t rank)
{
    char expected[SG_SHAPE_TEXT], found[SG_SHAPE_TEXT], problem[2 * SG_SHAPE_TEXT + 128];
    segent_tensor_info info = {.struct_size = sizeof(info)};
    const int64_t index = find(source, name);
    sg_shape_text(shape, rank, expected);
    if (index < 0) {
        char full[SG_FULL_NAME];
        sg_source_name(source, name, full);
        const char *fate = sg_signature_of_missing(source->checkpoint, full);
        snprintf(problem, sizeof(problem), "is missing (expected shape %s)%s%s%s%s", expected,
                 *source->network ? " from what looks like " : "", source->network,
                 fate ? "; it " : "", fate ? fate : "");
        sg_source_fail(source, name, problem);
        return;
    }
    source->status = sg_checkpoint_tensor(source->context, source->checkpoint, index, &info);
    if (source->status != SEGENT_OK)
        return;
    note_used(source, index, name);
    if (source->status != SEGENT_OK)
        return;
    if (!same_shape(&info, shape, rank)) {
        sg_shape_text(info.shape, info.rank, found);
        snprintf(problem, sizeof(problem), "has shape %s, expected %s", found, expected);
        sg_source_fail(source, name, problem);
    } else if (segent_checkpoint_container(source->checkpoint) == SEGENT_CONTAINER_PACKED) {
        return; /* its values are among the packed weights */
    } else if (info.dtype == 0) {
        snprintf(problem, sizeof(problem), "is stored as %.64s, which is not read",
                 sg_checkpoint_unreadable(source->checkpoint, index));
        sg_source_fail(source, name, problem);
    } else if (!is_float(info.dtype)) {
        sg_source_fail(source, name, "does not hold floating-point numbers");
    } else if (overlaps(&info)) {
        sg_source_fail(source, name, "has strides that repeat elements");
    } else if (info.elements > source->largest) {
        source->largest = info.elements;
    }
}

void sg_source_check_values(sg_source *source, const char *name, const void *values, int64_t count)
{
    int finite = 1;
    for (int64_t i = 0; i < count; i++) {
        float value;
        memcpy(&value, (const char *)values + i * (int64_t)sizeof(value), sizeof(value));
        finite &= isfinite(value) != 0;
    }
    if (!finite)
        sg_source_fail(source, name, "holds a value that is not finite");
}

static void read_values(sg_source *source, const char *name, float *values, int64_t count)
{
    const int64_t index = find(source, name);
    source->status = sg_checkpoint_read(source->context, source->checkpoint, index, values, count);
}

void sg_source_read(sg_source *source, const char *name, float *values, int64_t count)
{
    read_values(source, name, values, count);
    if (source->status == SEGENT_OK)
        sg_source_check_values(source, name, values, count);
}

const void *sg_source_view(sg_source *source, const char *name, float *values, int64_t count)
{
    const void *view = sg_checkpoint_view(source->checkpoint, find(source, name));
    if (!view)
        read_values(source, name, values, count);
    return view ? view : values;
}

void sg_source_release(sg_source *source, const char *name)
{
    sg_checkpoint_release(source->checkpoint, find(source, name));
}

static bool refuse_other(void *user, sg_source *source, int64_t index, const char *rest)
{
    bool (*const *ignored)(const char *name) = user;
    if (source->used.positions[index] == 0 && !(*ignored)(rest)) {
        char problem[] = "is left over: it is not part of the network";
        source->status =
            sg_fail(source->context, SEGENT_ERROR_MODEL, "%s: tensor %s%.300s %s",
                    sg_checkpoint_label(source->checkpoint), source->prefix, rest, problem);
    }
    return source->status == SEGENT_OK;
}

void sg_source_refuse_others(sg_source *source, bool (*ignored)(const char *name))
{
    static const char *const parts[] = {"backbone.", head_part};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && source->status == SEGENT_OK; i++)
        sg_source_walk(source, parts[i], refuse_other, &ignored);
}
