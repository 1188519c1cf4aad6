/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "modules.h"

#include <string.h>

/* Names of the attributes, in the order of sg_module.values. */
static const char *const attributes[SG_MODULE_ATTRIBUTES] = {
    "kernel_size", "stride", "padding", "dilation", "groups", "eps", "p"};

/* The argument of a module's BUILD is the dict of its attributes, or (dict, slots). */
sg_value sg_module_state(sg_pickle *p, sg_value value)
{
    sg_value state = sg_object_state(p, value);
    if (sg_tuple_count(p, state) == 2)
        state = sg_tuple_item(p, state, 0);
    return sg_value_tag(state) == SG_DICT && sg_dict_find(p, state, "_parameters") &&
                   sg_dict_find(p, state, "_modules")
               ? state
               : 0;
}

/* Reads a number, or a tuple or list of two, and returns how many there are; 0: the value is
 * neither.
 */
static int32_t read_numbers(sg_pickle *p, sg_value value, double numbers[2])
{
    sg_value first, second;
    sg_cursor cursor = sg_container_first(p, value);
    if (sg_value_number(p, value, numbers))
        return 1;
    if (sg_tuple_count(p, value) == 2) {
        first = sg_tuple_item(p, value, 0);
        second = sg_tuple_item(p, value, 1);
    } else if (sg_value_tag(value) != SG_LIST || !sg_container_next(p, &cursor, &first) ||
               !sg_container_next(p, &cursor, &second)) {
        return 0;
    }
    return sg_value_number(p, first, numbers) && sg_value_number(p, second, numbers + 1) ? 2 : 0;
}

segent_status sg_module_add(sg_pickle *p, sg_value state, sg_span path)
{
    segent_checkpoint *checkpoint = p->owner.checkpoint;
    sg_module module = {.name = path};
    int found = 0;
    for (size_t i = 0; i < SG_MODULE_ATTRIBUTES; i++) {
        module.counts[i] = read_numbers(p, sg_dict_find(p, state, attributes[i]), module.values[i]);
        found += module.counts[i];
    }
    if (found == 0)
        return SEGENT_OK;
    void *modules = checkpoint->modules;
    const segent_status status = sg_checkpoint_grow(
        p->owner.context, checkpoint, &modules, &checkpoint->module_capacity,
        checkpoint->module_count + 1, sizeof(module), "the attributes of modules");
    if (status != SEGENT_OK)
        return status;
    checkpoint->modules = modules;
    checkpoint->modules[checkpoint->module_count++] = module;
    return SEGENT_OK;
}

bool sg_checkpoint_attribute(const segent_checkpoint *checkpoint, const char *module,
                             const char *attribute, double values[2], int *count)
{
    const sg_span name = {module, strlen(module)};
    const size_t at = sg_names_lower(checkpoint->module_names, checkpoint->module_count, name);
    if (at == checkpoint->module_count ||
        sg_span_compare(checkpoint->module_names[at].name, name) != 0)
        return false;
    const sg_module *found = checkpoint->modules + checkpoint->module_names[at].index;
    for (size_t k = 0; k < SG_MODULE_ATTRIBUTES; k++) {
        if (strcmp(attributes[k], attribute) == 0 && found->counts[k] > 0) {
            memcpy(values, found->values[k], sizeof(found->values[k]));
            *count = found->counts[k];
            return true;
        }
    }
    return false;
}
