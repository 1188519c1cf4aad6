/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "model/settings_file.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "checkpoint/json.h"

enum { BYTES_MAX = 1 << 20, NAMED_SIZE = 200 };

static const char *const kinds[] = {[SG_VALUE_TEXT] = "text",
                                    [SG_VALUE_NUMBER] = "a number",
                                    [SG_VALUE_NUMBERS] = "a list of numbers",
                                    [SG_VALUE_NAMES] = "a list of names",
                                    [SG_VALUE_COLOURS] = "a list of colours"};

/* A file that is being read. */
typedef struct reading {
    sg_json_reader json;
    sg_settings_file *file;
    char *to;                       /* where the next value goes */
    const char *wrong[SG_SETTINGS]; /* why a value cannot be used, or NULL */
    bool seen[SG_SETTINGS];
    size_t object; /* where the object "segent" begins; 0: there is none */
    int known, unknown;
    char unknown_names[NAMED_SIZE];
} reading;

/* ---- one value ---- */

/* Copies a list of numbers with commas between. False: it is another kind of list. */
static bool copy_numbers(reading *r, sg_json_reader *json)
{
    bool more = true;
    json->position++;
    for (bool first = true; more; first = false) {
        sg_span number;
        if (sg_json_decimal(json, &number) != SEGENT_OK ||
            sg_json_next(json, ']', &more) != SEGENT_OK)
            return false;
        if (!first)
            *r->to++ = ',';
        memcpy(r->to, number.text, number.length);
        r->to += number.length;
    }
    return true;
}

/* Copies a list of names as it stands in the file, but for white space before the first. */
static bool copy_names(reading *r, sg_json_reader *json)
{
    bool more = true;
    json->position++;
    (void)sg_json_peek(json);
    const size_t begin = json->position;
    while (more) {
        sg_span name;
        if (sg_json_string(json, &name) != SEGENT_OK || sg_json_next(json, ']', &more) != SEGENT_OK)
            return false;
    }
    *r->to++ = '[';
    memcpy(r->to, json->data + begin, json->position - begin);
    r->to += json->position - begin;
    return true;
}

static bool copy_text(reading *r, sg_json_reader *json)
{
    sg_span text;
    if (sg_json_string(json, &text) != SEGENT_OK)
        return false;
    memcpy(r->to, text.text, text.length);
    r->to += text.length;
    return true;
}

/* Copies a list of colours as it stands in the file. Whoever takes it reads the colours. */
static void copy_colours(reading *r, const sg_json_reader *json)
{
    const size_t length = json->end - json->position;
    memcpy(r->to, json->data + json->position, length);
    r->to += length;
}

/* Copies a value, which is valid JSON, in the form that metadata has. False: it is of another kind
 * than it must be. */
static bool copy_value(reading *r, sg_value_kind kind, sg_json_reader *json)
{
    const unsigned char first = json->data[json->position];
    sg_span number;
    if (first == '"')
        return copy_text(r, json);
    if (kind == SG_VALUE_NUMBERS && first == '[')
        return copy_numbers(r, json);
    if (kind == SG_VALUE_NAMES && first == '[')
        return copy_names(r, json);
    if (kind == SG_VALUE_COLOURS && first == '[') {
        copy_colours(r, json);
        return true;
    }
    if (kind != SG_VALUE_NUMBER || sg_json_decimal(json, &number) != SEGENT_OK)
        return false;
    memcpy(r->to, number.text, number.length);
    r->to += number.length;
    return true;
}

/* Whether a value is what programs write that have nothing to say: null, an empty list, and the
 * number of classes in the place of their names. */
static bool says_nothing(const unsigned char *value, size_t size, sg_value_kind kind)
{
    if (size == 4 && memcmp(value, "null", 4) == 0)
        return true;
    size_t at = 1;
    while (value[0] == '[' && at < size && strchr(" \t\r\n", value[at]))
        at++;
    return (value[0] == '[' && value[at] == ']') ||
           (kind == SG_VALUE_NAMES && value[0] >= '0' && value[0] <= '9');
}

static segent_status read_value(reading *r, int row)
{
    sg_json_reader json = r->json;
    const size_t begin = json.position;
    const segent_status status = sg_json_skip(&r->json);
    if (status != SEGENT_OK ||
        says_nothing(json.data + begin, r->json.position - begin, sg_setting_rows[row].kind))
        return status;
    char *start = r->to;
    json.end = r->json.position;
    if (r->seen[row])
        r->wrong[row] = "is given twice";
    else if (!copy_value(r, sg_setting_rows[row].kind, &json))
        r->wrong[row] = "is not what it must be";
    r->seen[row] = true;
    *r->to++ = '\0';
    r->file->values[row] = r->wrong[row] ? NULL : start;
    return SEGENT_OK;
}

/* ---- the object ---- */

static int find_row(sg_span key)
{
    for (int i = 0; i < SG_SETTINGS; i++) {
        if (sg_span_is(key, sg_setting_rows[i].key) ||
            (sg_setting_rows[i].other && sg_span_is(key, sg_setting_rows[i].other)))
            return i;
    }
    return -1;
}

static void note_unknown(reading *r, sg_span key)
{
    const size_t length = strlen(r->unknown_names);
    if (r->unknown++ < 4)
        snprintf(r->unknown_names + length, NAMED_SIZE - length, "%s%.*s", length > 0 ? ", " : "",
                 key.length < 40 ? (int)key.length : 40, key.text);
}

static segent_status read_member(reading *r, bool inner)
{
    sg_span key;
    segent_status status = sg_json_string(&r->json, &key);
    if (status == SEGENT_OK)
        status = sg_json_expect(&r->json, ':');
    if (status != SEGENT_OK)
        return status;
    const unsigned char first = sg_json_peek(&r->json);
    const int row = find_row(key);
    if (row >= 0) {
        r->known++;
        return read_value(r, row);
    }
    if (!inner && sg_span_is(key, "segent") && first == '{')
        r->object = r->json.position;
    else
        note_unknown(r, key);
    return sg_json_skip(&r->json);
}

static segent_status read_members(reading *r, bool inner)
{
    segent_status status = sg_json_expect(&r->json, '{');
    if (status == SEGENT_OK && sg_json_peek(&r->json) == '}')
        return sg_json_expect(&r->json, '}');
    for (bool more = true; status == SEGENT_OK && more;) {
        status = read_member(r, inner);
        if (status == SEGENT_OK)
            status = sg_json_next(&r->json, '}', &more);
    }
    return status;
}

/* Reads the object "segent" in the place of the whole, which is another program's. */
static segent_status read_inner(reading *r)
{
    r->json.position = r->object;
    r->known = r->unknown = 0;
    r->unknown_names[0] = '\0';
    memset(r->file->values, 0, sizeof(r->file->values));
    memset(r->wrong, 0, sizeof(r->wrong));
    memset(r->seen, 0, sizeof(r->seen));
    return read_members(r, true);
}

static segent_status read_all(reading *r)
{
    static const char mark[] = "\xef\xbb\xbf"; /* that some editors put before UTF-8 */
    if (r->json.end >= 3 && memcmp(r->json.data, mark, 3) == 0)
        r->json.position = 3;
    if (sg_json_peek(&r->json) != '{')
        return sg_json_fail(&r->json, "an object '{' expected");
    segent_status status = read_members(r, false);
    (void)sg_json_peek(&r->json);
    if (status == SEGENT_OK && r->json.position != r->json.end)
        status = sg_json_fail(&r->json, "text behind the closing '}'");
    if (status == SEGENT_OK && r->object > 0)
        status = read_inner(r);
    return status;
}

/* ---- the file ---- */

/* Whether the file is certainly about the network, given what of it could be read. */
static bool is_ours(const reading *r)
{
    return r->object > 0 || (r->known > 0 && r->unknown == 0);
}

/* Nothing of the file is used. */
static segent_status give_up(segent_context *context, sg_settings_file *file, segent_status status)
{
    memset(file->values, 0, sizeof(file->values));
    if (file->strict || status == SEGENT_ERROR_OUT_OF_MEMORY)
        return status;
    sg_log(context, SEGENT_LOG_WARNING, "passed over: %s", context->error);
    return SEGENT_OK;
}

/* Says what of the file is not used. */
static segent_status report(segent_context *context, reading *r)
{
    segent_status status = SEGENT_OK;
    char problem[96];
    if (r->known == 0 && r->object == 0)
        sg_log(context, SEGENT_LOG_INFO, "%s: says nothing of a network; passed over",
               r->file->path);
    else if (r->unknown > 0)
        sg_log(context, SEGENT_LOG_WARNING, "%s: unknown keys have no effect: %s%s", r->file->path,
               r->unknown_names, r->unknown > 4 ? " and more" : "");
    for (int i = 0; i < SG_SETTINGS && status == SEGENT_OK; i++) {
        if (!r->wrong[i])
            continue;
        snprintf(problem, sizeof(problem), "%s; expected %s", r->wrong[i],
                 kinds[sg_setting_rows[i].kind]);
        status = sg_settings_file_refuse(context, r->file, i, problem);
    }
    return status;
}

segent_status sg_settings_file_parse(segent_context *context, const void *data, size_t size,
                                     sg_settings_file *file)
{
    /* Strings are not longer than they stand in the file, nor are values, but for a NUL each. */
    char *text = sg_alloc(file->allocator, size + 1, 1);
    file->room = sg_alloc(file->allocator, size + 2 * SG_SETTINGS, 2);
    if (!text || !file->room) {
        sg_free(file->allocator, text);
        return sg_fail_memory(context, "a file of settings", size);
    }
    reading r = {
        .json = {.context = context, .label = file->path, .data = data, .end = size, .text = text},
        .file = file,
        .to = file->room};
    segent_status status = read_all(&r);
    file->strict = file->strict || is_ours(&r);
    status = status == SEGENT_OK ? report(context, &r) : give_up(context, file, status);
    sg_free(file->allocator, text);
    return status;
}

/* Reads file->path. A file that cannot be read is like one that cannot be understood. */
static segent_status load(segent_context *context, sg_settings_file *file)
{
    sg_file bytes = {NULL, 0};
    segent_status status = sg_file_open(context, file->path, &bytes);
    if (status == SEGENT_ERROR_NOT_FOUND && !file->strict) {
        sg_free(file->allocator, file->path);
        file->path = NULL;
        return SEGENT_OK;
    }
    if (status == SEGENT_OK && bytes.size > BYTES_MAX)
        status =
            sg_fail(context, SEGENT_ERROR_LIMIT, "%s: larger than %d bytes", file->path, BYTES_MAX);
    status = status == SEGENT_OK ? sg_settings_file_parse(context, bytes.data, bytes.size, file)
                                 : give_up(context, file, status);
    sg_file_close(&bytes);
    return status;
}

/* The path with ".json" in the place of what follows its last point. NULL: memory is out. */
static char *path_beside(const sg_allocator *allocator, const char *checkpoint)
{
    static const char ending[] = ".json";
    const char *slash = strrchr(checkpoint, '/');
    const char *name = slash ? slash + 1 : checkpoint;
    const char *point = strrchr(name, '.');
    const size_t kept = point && point > name ? (size_t)(point - checkpoint) : strlen(checkpoint);
    char *path = sg_alloc(allocator, kept + sizeof(ending), 1);
    if (path) {
        memcpy(path, checkpoint, kept);
        memcpy(path + kept, ending, sizeof(ending));
    }
    return path;
}

segent_status sg_settings_file_read(segent_context *context, const char *given,
                                    const char *checkpoint, sg_settings_file *file)
{
    *file = (sg_settings_file){.allocator = &context->allocator, .strict = given != NULL};
    if (given ? !*given : !checkpoint)
        return SEGENT_OK;
    file->path = given ? sg_alloc_string(file->allocator, given, strlen(given))
                       : path_beside(file->allocator, checkpoint);
    if (!file->path)
        return sg_fail_memory(context, "a path", strlen(given ? given : checkpoint));
    if (!given && strcmp(file->path, checkpoint) == 0)
        return SEGENT_OK;
    return load(context, file);
}

void sg_settings_file_free(sg_settings_file *file)
{
    sg_free(file->allocator, file->path);
    sg_free(file->allocator, file->room);
}

/* ---- what it says ---- */

const char *sg_settings_file_take(sg_settings_file *file, sg_setting setting)
{
    file->used[setting] = file->values[setting] != NULL;
    return file->values[setting];
}

void sg_settings_file_forget(sg_settings_file *file, sg_setting setting)
{
    file->used[setting] = false;
}

segent_status sg_settings_file_refuse(segent_context *context, sg_settings_file *file,
                                      sg_setting setting, const char *problem)
{
    const char *key = sg_setting_rows[setting].key;
    sg_settings_file_forget(file, setting);
    if (file->strict)
        return sg_fail(context, SEGENT_ERROR_MODEL, "%s: %s %s", file->path, key, problem);
    sg_log(context, SEGENT_LOG_WARNING, "%s: %s %s; passed over", file->path, key, problem);
    return SEGENT_OK;
}

bool sg_settings_file_used(const sg_settings_file *file, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (int i = 0; i < SG_SETTINGS; i++) {
        if (!file->used[i] || length >= size)
            continue;
        const int more = snprintf(text + length, size - length, "%s%s", length > 0 ? "," : "",
                                  sg_setting_rows[i].key);
        length += more > 0 ? (size_t)more : 0;
    }
    return length > 0;
}
