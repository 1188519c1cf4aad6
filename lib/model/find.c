/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "model/find.h"

#include <stdio.h>
#include <string.h>

#include "model/signature.h"
#include "net/network.h"

enum { COMPARED_MAX = 16, LISTED_MAX = 8, TEXT_SIZE = 640 };

/* A place where a network begins. */
typedef struct candidate {
    const char *name; /* of its first convolution; the prefix is its beginning */
    size_t prefix;    /* bytes */
    bool complete;    /* it has a head, too */
    bool spare;       /* averaged weights, or a copy among a script's settings */
    bool alias;       /* the same tensors as a candidate before it */
} candidate;

typedef struct finder {
    segent_context *context;
    const segent_checkpoint *checkpoint;
    candidate *candidates;
    size_t count;
} finder;

/* ==== Candidates ==== */

/* Bytes before the name's ending, which must follow nothing or a dot; -1 if it does not end so. */
static int64_t bytes_before(const char *name, const char *ending)
{
    const size_t length = strlen(name), tail = strlen(ending);
    if (length < tail || strcmp(name + length - tail, ending) != 0)
        return -1;
    const size_t before = length - tail;
    return before == 0 || name[before - 1] == '.' ? (int64_t)before : -1;
}

/* Bytes before the name of a backbone's first convolution; -1: it is none's. */
static int64_t bytes_before_backbone(const char *name)
{
    int64_t before = -1;
    for (int i = 0; sg_backbones[i] && before < 0; i++)
        before = bytes_before(name, sg_backbones[i]->mark);
    return before;
}

static int64_t find_below(const finder *f, const candidate *c, const char *name)
{
    char full[SG_PREFIX_SIZE + 64];
    snprintf(full, sizeof(full), "%.*s%s", (int)c->prefix, c->name, name);
    return sg_checkpoint_find(f->checkpoint, full);
}

static bool equals(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

/* Whether a part of a prefix says that what is below is not what was trained last: the words of
 * averaged weights, and where Lightning keeps the arguments of a script. */
static bool is_spare_part(const char *part, size_t length)
{
    static const char *const parts[] = {"hyper_parameters", "hparams", "callbacks"};
    static const char *const words[] = {"ema", "swa", "averaged", "average", "shadow"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (equals(part, length, parts[i]))
            return true;
    }
    for (size_t begin = 0; begin < length;) {
        const char *bar = memchr(part + begin, '_', length - begin);
        const size_t end = bar ? (size_t)(bar - part) : length;
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
            if (equals(part + begin, end - begin, words[i]))
                return true;
        }
        begin = end + 1;
    }
    return false;
}

static bool is_spare(const char *prefix, size_t length)
{
    for (size_t begin = 0; begin < length;) {
        const char *dot = memchr(prefix + begin, '.', length - begin);
        const size_t end = dot ? (size_t)(dot - prefix) : length;
        if (is_spare_part(prefix + begin, end - begin))
            return true;
        begin = end + 1;
    }
    return false;
}

/* Whether there is a head that the library knows, perhaps in a Sequential, as source.c says.
 */
static bool has_head(const finder *f, const candidate *c)
{
    static const char part[] = "classifier.";
    for (int i = 0; sg_networks[i]; i++) {
        char inner[128];
        const char *mark = sg_networks[i]->mark;
        snprintf(inner, sizeof(inner), "%s0.%s", part, mark + sizeof(part) - 1);
        if (find_below(f, c, mark) >= 0 || find_below(f, c, inner) >= 0)
            return true;
    }
    return false;
}

static segent_status list_candidates(finder *f)
{
    const int64_t count = segent_checkpoint_count(f->checkpoint);
    size_t found = 0;
    for (int64_t i = 0; i < count; i++)
        found += bytes_before_backbone(sg_checkpoint_name(f->checkpoint, i)) >= 0;
    if (found == 0)
        return SEGENT_OK;
    f->candidates = sg_alloc(&f->context->allocator, found, sizeof(candidate));
    if (!f->candidates)
        return sg_fail_memory(f->context, "the list of networks", found * sizeof(candidate));
    for (int64_t i = 0; i < count; i++) {
        const char *name = sg_checkpoint_name(f->checkpoint, i);
        const int64_t before = bytes_before_backbone(name);
        if (before < 0)
            continue;
        candidate *c = &f->candidates[f->count++];
        *c = (candidate){.name = name, .prefix = (size_t)before};
        c->complete = has_head(f, c);
        c->spare = is_spare(name, c->prefix);
    }
    return SEGENT_OK;
}

/* ==== The same network twice ==== */

/* Whether every tensor below PREFIX + PART of one candidate is there in the other, and is the same
 * place in the file. */
static bool same_part(const finder *f, const candidate *a, const candidate *b, const char *part)
{
    char full[SG_PREFIX_SIZE + 64];
    snprintf(full, sizeof(full), "%.*s%s", (int)a->prefix, a->name, part);
    const size_t length = strlen(full);
    const int64_t count = segent_checkpoint_count(f->checkpoint);
    for (int64_t i = sg_checkpoint_lower(f->checkpoint, full); i < count; i++) {
        const int64_t index = sg_checkpoint_ordered(f->checkpoint, i);
        const char *name = sg_checkpoint_name(f->checkpoint, index);
        if (strncmp(name, full, length) != 0)
            return true;
        char other[2 * SG_PREFIX_SIZE];
        snprintf(other, sizeof(other), "%.*s%s", (int)b->prefix, b->name, name + a->prefix);
        const int64_t twin = sg_checkpoint_find(f->checkpoint, other);
        if (twin < 0 || !sg_checkpoint_same(f->checkpoint, index, twin))
            return false;
    }
    return true;
}

/* Only the first few are compared with each other: more are too many to choose from anyway. */
static void mark_aliases(finder *f)
{
    candidate *compared[COMPARED_MAX];
    size_t count = 0;
    for (size_t i = 0; i < f->count && count < COMPARED_MAX; i++) {
        candidate *c = &f->candidates[i];
        for (size_t j = 0; j < count && c->complete && !c->alias; j++) {
            if (same_part(f, c, compared[j], "backbone.") &&
                same_part(f, c, compared[j], "classifier.")) {
                c->alias = true;
                /* The trained place of the two is the one to speak of. */
                compared[j]->spare = compared[j]->spare && c->spare;
            }
        }
        if (c->complete && !c->alias)
            compared[count++] = c;
    }
}

/* ==== The choice ==== */

static void append(char text[TEXT_SIZE], const char *format, const char *part, int length)
{
    const size_t used = strlen(text);
    snprintf(text + used, TEXT_SIZE - used, format, length, part);
}

/* "student, teacher and 3 more": the prefixes of complete candidates, or of all if none is,
 * `except` left out. */
static void list_prefixes(const finder *f, const candidate *except, char text[TEXT_SIZE])
{
    size_t listed = 0, more = 0;
    bool complete = false;
    for (size_t i = 0; i < f->count; i++)
        complete = complete || f->candidates[i].complete;
    text[0] = '\0';
    for (size_t i = 0; i < f->count; i++) {
        const candidate *c = &f->candidates[i];
        if (c == except || c->alias || c->complete != complete)
            continue;
        if (listed == LISTED_MAX) {
            more++;
            continue;
        }
        append(text, listed++ > 0 ? ", '%.*s'" : "'%.*s'", c->prefix > 0 ? c->name : ".",
               c->prefix == 0   ? 1
               : c->prefix < 60 ? (int)c->prefix - 1
                                : 60);
    }
    if (more > 0) {
        const size_t used = strlen(text);
        snprintf(text + used, TEXT_SIZE - used, " and %zu more", more);
    }
}

/* Whether the prefix is `wanted`, or ends with it after a dot. */
static bool matches(const candidate *c, const char *wanted, size_t length, bool whole)
{
    const size_t own = c->prefix > 0 ? c->prefix - 1 : 0;
    if (own < length || memcmp(c->name + own - length, wanted, length) != 0)
        return false;
    return own == length || (!whole && length > 0 && c->name[own - length - 1] == '.');
}

static segent_status choose_wanted(finder *f, const char *wanted, const candidate **chosen)
{
    char plain[SG_PREFIX_SIZE], text[TEXT_SIZE];
    size_t length = strlen(wanted), found = 0;
    while (length > 0 && wanted[length - 1] == '.')
        length--;
    /* The dot behind it lets a last "module" count as the wrapper that it is. */
    if (length + 2 < sizeof(plain)) {
        char dotted[SG_PREFIX_SIZE];
        snprintf(dotted, sizeof(dotted), "%.*s.", (int)length, wanted);
        const size_t unwrapped = length > 0 ? sg_name_unwrap(dotted, length + 1, plain) : 0;
        for (int pass = 0; pass < 4 && found == 0; pass++) {
            const bool whole = pass % 2 == 0;
            const char *name = pass < 2 ? wanted : plain;
            const size_t bytes = pass < 2 ? length : unwrapped > 0 ? unwrapped - 1 : 0;
            for (size_t i = 0; i < f->count; i++) {
                if (!matches(&f->candidates[i], name, bytes, whole) ||
                    (found > 0 && f->candidates[i].alias))
                    continue;
                *chosen = &f->candidates[i];
                found++;
            }
        }
    }
    if (found == 1)
        return SEGENT_OK;
    list_prefixes(f, NULL, text);
    return sg_fail(f->context, SEGENT_ERROR_MODEL, "%s: '%.60s' is the place of %s network; %s%s",
                   sg_checkpoint_label(f->checkpoint), wanted, found == 0 ? "no" : "more than one",
                   f->count > 0 ? "there are " : "no place has one", text);
}

/* What the file is instead. */
static segent_status fail_without(finder *f)
{
    const char *head = sg_networks[0]->mark, *backbone = sg_backbones[0]->mark;
    const candidate *first = f->count > 0 ? f->candidates : NULL;
    const segent_status status = sg_signature_fail(f->context, f->checkpoint, "");
    if (status != SEGENT_OK)
        return status;
    return sg_fail(
        f->context, SEGENT_ERROR_MODEL,
        "%s: tensor %.*s%s is missing, so this is not a DeepLabV3, FCN or LR-ASPP network%s",
        sg_checkpoint_label(f->checkpoint), first ? (int)first->prefix : 0,
        first ? first->name : "", first ? head : backbone,
        first ? ", or only a part of one: several shards have to be joined first" : "");
}

static segent_status choose(finder *f, const candidate **chosen)
{
    char text[TEXT_SIZE];
    size_t complete = 0, plain = 0;
    const candidate *any = NULL, *trained = NULL;
    for (size_t i = 0; i < f->count; i++) {
        const candidate *c = &f->candidates[i];
        if (!c->complete || c->alias)
            continue;
        any = c;
        complete++;
        if (!c->spare) {
            trained = c;
            plain++;
        }
    }
    if (complete == 0)
        return fail_without(f);
    *chosen = complete == 1 ? any : trained;
    if (complete > 1 && plain != 1) {
        list_prefixes(f, NULL, text);
        return sg_fail(f->context, SEGENT_ERROR_MODEL,
                       "%s: holds %zu networks, at %s; choose one with "
                       "segent_model_options.prefix",
                       sg_checkpoint_label(f->checkpoint), complete, text);
    }
    if (complete > 1) {
        list_prefixes(f, *chosen, text);
        const size_t length = (*chosen)->prefix;
        sg_log(f->context, SEGENT_LOG_WARNING,
               "%s: takes the network at '%.*s' and passes over %s; "
               "segent_model_options.prefix chooses another",
               sg_checkpoint_label(f->checkpoint), length > 0 ? (int)length - 1 : 1,
               length > 0 ? (*chosen)->name : ".", text);
    }
    return SEGENT_OK;
}

segent_status sg_model_find(segent_context *context, const segent_checkpoint *checkpoint,
                            const char *wanted, char prefix[SG_PREFIX_SIZE])
{
    finder f = {.context = context, .checkpoint = checkpoint};
    const candidate *chosen = NULL;
    segent_status status = list_candidates(&f);
    if (status == SEGENT_OK) {
        mark_aliases(&f);
        status = wanted ? choose_wanted(&f, wanted, &chosen) : choose(&f, &chosen);
    }
    if (status == SEGENT_OK) {
        memcpy(prefix, chosen->name, chosen->prefix);
        prefix[chosen->prefix] = '\0';
    }
    if (status == SEGENT_OK && !chosen->complete) {
        status = sg_signature_fail(context, checkpoint, prefix);
        status = status != SEGENT_OK ? status : SEGENT_OK;
    }
    sg_free(&context->allocator, f.candidates);
    return status;
}
