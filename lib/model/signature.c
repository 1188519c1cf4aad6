/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "model/signature.h"

#include <stdio.h>
#include <string.h>

enum { PATTERNS = SG_SIGNATURE_PATTERNS, ROWS_MAX = 128 };

/* Where a pattern stands in the table. */
typedef struct pattern_place {
    unsigned char row, pattern;
} pattern_place;

/* What has been seen, and the patterns in the order of their first characters, since files may have
 * names of very many parts: those of character c are first[c] to first[c + 1] - 1. */
typedef struct sighting {
    size_t rows;
    unsigned char found[ROWS_MAX]; /* a bit for each pattern of a row */
    size_t first[257];
    pattern_place places[ROWS_MAX * PATTERNS];
} sighting;

/* Whether a pattern stands at a place in a name, which follows the name's beginning or a dot. */
static bool stands_at(const char *pattern, const char *at)
{
    for (; *pattern && *pattern == *at; at++)
        pattern++;
    return *pattern == '\0' && (pattern[-1] == '.' || *at == '\0');
}

static bool is_ending(const char *pattern, const char *name)
{
    const size_t bytes = strlen(pattern), length = strlen(name);
    return length >= bytes && memcmp(name + length - bytes, pattern, bytes) == 0;
}

/* The character that a pattern is filed under: its first, without the mark of what must not be. */
static unsigned char first_of(const char *text)
{
    return (unsigned char)text[text[0] == '!'];
}

/* Sets the bits of the patterns under a character that are at `at`. */
static void look_at(const segent_tensor_info *tensor, const char *at, unsigned char character,
                    sighting *s)
{
    for (size_t i = s->first[character]; i < s->first[character + 1]; i++) {
        const pattern_place *place = &s->places[i];
        const char *text = sg_signatures[place->row].patterns[place->pattern].text;
        const int32_t rank = sg_signatures[place->row].patterns[place->pattern].rank;
        const unsigned char bit = (unsigned char)(1 << place->pattern);
        if ((s->found[place->row] & bit) || (rank != 0 && rank != tensor->rank))
            continue;
        if (character == '*' ? is_ending(text + 1, at) : stands_at(text + (text[0] == '!'), at))
            s->found[place->row] |= bit;
    }
}

/* Looks at a name, without the prefix of so many bytes that it has. */
static void look(const segent_tensor_info *tensor, size_t prefix, sighting *s)
{
    const char *at = tensor->name + prefix;
    look_at(tensor, at, '*', s);
    while (at) {
        if (*at != '*')
            look_at(tensor, at, (unsigned char)*at, s);
        const char *dot = strchr(at, '.');
        at = dot ? dot + 1 : NULL;
    }
}

static void prepare(sighting *s)
{
    size_t next[256];
    memset(s, 0, sizeof(*s));
    for (; s->rows < ROWS_MAX && sg_signatures[s->rows].what; s->rows++) {
        const sg_signature *row = &sg_signatures[s->rows];
        for (int i = 0; i < PATTERNS && row->patterns[i].text; i++)
            s->first[first_of(row->patterns[i].text) + 1]++;
    }
    for (size_t c = 0; c < 256; c++) {
        next[c] = s->first[c];
        s->first[c + 1] += s->first[c];
    }
    for (size_t row = 0; row < s->rows; row++) {
        for (int i = 0; i < PATTERNS && sg_signatures[row].patterns[i].text; i++) {
            const unsigned char c = first_of(sg_signatures[row].patterns[i].text);
            s->places[next[c]++] = (pattern_place){(unsigned char)row, (unsigned char)i};
        }
    }
}

static bool is_complete(size_t row, unsigned char found)
{
    for (int i = 0; i < PATTERNS && sg_signatures[row].patterns[i].text; i++) {
        const bool wanted = sg_signatures[row].patterns[i].text[0] != '!';
        if ((found >> i & 1) != wanted)
            return false;
    }
    return true;
}

/* Whether only an optimizer's numbers are there: no tensor has the name of a weight. */
static bool is_optimizer(const char *name, bool *weights)
{
    const char *dot = strrchr(name, '.');
    const char *last = dot ? dot + 1 : name;
    *weights = *weights || strcmp(last, "weight") == 0 || strcmp(last, "bias") == 0;
    return strcmp(last, "exp_avg") == 0 || strcmp(last, "momentum_buffer") == 0;
}

segent_status sg_signature_fail(segent_context *context, const segent_checkpoint *checkpoint,
                                const char *prefix)
{
    sighting s;
    bool optimizer = false, weights = false;
    const size_t length = strlen(prefix);
    const int64_t count = segent_checkpoint_count(checkpoint);
    const char *label = sg_checkpoint_label(checkpoint);
    prepare(&s);
    for (int64_t i = sg_checkpoint_lower(checkpoint, prefix); i < count; i++) {
        segent_tensor_info tensor = {.struct_size = sizeof(tensor)};
        const int64_t index = sg_checkpoint_ordered(checkpoint, i);
        const segent_status status = sg_checkpoint_tensor(context, checkpoint, index, &tensor);
        if (status != SEGENT_OK)
            return status;
        if (strncmp(tensor.name, prefix, length) != 0)
            break;
        look(&tensor, length, &s);
        optimizer = is_optimizer(tensor.name, &weights) || optimizer;
    }
    for (size_t row = 0; row < s.rows; row++) {
        if (is_complete(row, s.found[row]))
            return sg_fail(context, SEGENT_ERROR_MODEL, "%s: holds %s; %s", label,
                           sg_signatures[row].what, sg_signatures[row].advice);
    }
    if (optimizer && !weights)
        return sg_fail(context, SEGENT_ERROR_MODEL,
                       "%s: holds the state of an optimizer and no weights", label);
    return SEGENT_OK;
}

const char *sg_signature_of_missing(const segent_checkpoint *checkpoint, const char *name)
{
    static const struct {
        const char *ending, *what;
    } others[] = {
        {"_mask", "was pruned: call torch.nn.utils.prune.remove() on its module and save again"},
        {"_orig", "is there as ..._orig, which a hook of torch.nn.utils changes: remove that and "
                  "save again"},
        {"_v", "is under weight normalisation: call torch.nn.utils.remove_weight_norm() and save "
               "again"},
    };
    char other[1200];
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        snprintf(other, sizeof(other), "%s%s", name, others[i].ending);
        if (sg_checkpoint_find(checkpoint, other) >= 0)
            return others[i].what;
    }
    return NULL;
}
