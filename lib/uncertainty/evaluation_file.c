/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Evaluations as files. Numbers are little-endian. In this order, without gaps:
 *
 * - 8 bytes of magic; u32 number of the form; u32 0; u64 bytes of the file;
 * - u32 classes, u32 ignored id (2^32 - 1: none), u32 source, temperature as float;
 * - u64 pictures, pixels, right ones, those of an impossible class;
 * - 15 x (u64 pixels, u64 right ones, confidence), Brier score, NLL: sums of 48 bytes;
 * - for each class u64 labelled, predicted, both;
 * - for each measure u32 level, u32 0, u64 bins, and then these in ascending order, as numbers of 7
 *   bits a byte: bins passed over, right pixels, wrong pixels;
 * - u64 sum over all bytes before it.
 *
 * Only bins that hold pixels are in it, so that the same counts are the same bytes. The sum is
 * against damage, not against malice: everything is checked as if there were none. */

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "uncertainty/evaluation.h"

enum {
    FORM = 1,
    AT_FORM = 8,
    AT_ZERO = 12,
    AT_SIZE = 16,
    FRONT = 24,
    SUM = 8,
    SEVEN = 7,
    VARIABLE_MAX = 10, /* bytes of a number of 64 bits */
    NO_IGNORE = -1
};

static const unsigned char magic[8] = {0x93, 'S', 'G', 'E', 'V', 'A', 'L', 0x0a};

/* FNV-1a, 64 bits. */
static uint64_t sum_of(const unsigned char *bytes, size_t size)
{
    uint64_t sum = 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ bytes[i]) * 0x100000001b3u;
    return sum;
}

/* ---- writing ---- */

typedef struct writer {
    const sg_allocator *allocator;
    unsigned char *data;
    size_t size, room;
    bool failed; /* out of memory */
} writer;

static void put_bytes(writer *w, const void *bytes, size_t size)
{
    if (!w->failed && size > w->room - w->size) {
        const size_t room = 2 * w->room + size;
        unsigned char *larger = sg_alloc(w->allocator, room, 1);
        w->failed = !larger;
        if (larger) {
            if (w->size > 0)
                memcpy(larger, w->data, w->size);
            sg_free(w->allocator, w->data);
            w->data = larger;
            w->room = room;
        }
    }
    if (w->failed)
        return;
    memcpy(w->data + w->size, bytes, size);
    w->size += size;
}

static void put_number(writer *w, uint64_t number, int size)
{
    unsigned char bytes[8];
    for (int i = 0; i < size; i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
    put_bytes(w, bytes, (size_t)size);
}

static void put_variable(writer *w, uint64_t number)
{
    unsigned char bytes[VARIABLE_MAX];
    size_t size = 0;
    for (; number >> SEVEN > 0; number >>= SEVEN)
        bytes[size++] = (unsigned char)(0x80 | (number & 0x7f));
    bytes[size++] = (unsigned char)number;
    put_bytes(w, bytes, size);
}

static void put_sum(writer *w, const sg_exact *sum)
{
    for (int i = 0; i < SG_EXACT_LIMBS; i++)
        put_number(w, sum->limb[i], 8);
}

static void put_tally(writer *w, const sg_tally *tally, int32_t classes)
{
    put_number(w, (uint64_t)tally->pixels, 8);
    put_number(w, (uint64_t)tally->right, 8);
    put_number(w, (uint64_t)tally->infinite, 8);
    for (int i = 0; i < SG_CALIBRATION_BINS; i++) {
        put_number(w, (uint64_t)tally->bin_pixels[i], 8);
        put_number(w, (uint64_t)tally->bin_right[i], 8);
        put_sum(w, &tally->bin_confidence[i]);
    }
    put_sum(w, &tally->brier);
    put_sum(w, &tally->nll);
    for (int32_t c = 0; c < classes; c++) {
        put_number(w, (uint64_t)tally->classes[c].labelled, 8);
        put_number(w, (uint64_t)tally->classes[c].predicted, 8);
        put_number(w, (uint64_t)tally->classes[c].both, 8);
    }
}

static void count_bin(void *user, uint32_t bin, const sg_bin *counts)
{
    (void)bin;
    (void)counts;
    ++*(uint64_t *)user;
}

typedef struct bin_writer {
    writer *to;
    uint32_t next; /* the bin behind the last one */
} bin_writer;

static void put_bin(void *user, uint32_t bin, const sg_bin *counts)
{
    bin_writer *b = user;
    put_variable(b->to, bin - b->next);
    put_variable(b->to, counts->count[0]);
    put_variable(b->to, counts->count[1]);
    b->next = bin + 1;
}

static void put_histogram(writer *w, const sg_histogram *histogram)
{
    uint64_t bins = 0;
    bin_writer b = {w, 0};
    sg_histogram_walk(histogram, false, count_bin, &bins);
    put_number(w, (uint64_t)histogram->level, 4);
    put_number(w, 0, 4);
    put_number(w, bins, 8);
    sg_histogram_walk(histogram, false, put_bin, &b);
}

static void put_all(writer *w, const segent_evaluation *evaluation)
{
    uint32_t temperature;
    memcpy(&temperature, &evaluation->temperature, sizeof(temperature));
    put_bytes(w, magic, sizeof(magic));
    put_number(w, FORM, 4);
    put_number(w, 0, 4);
    put_number(w, 0, 8); /* the size, when it is known */
    put_number(w, (uint64_t)evaluation->classes, 4);
    put_number(w, (uint32_t)evaluation->ignore, 4);
    put_number(w, (uint64_t)evaluation->source, 4);
    put_number(w, temperature, 4);
    put_number(w, (uint64_t)evaluation->images, 8);
    put_tally(w, evaluation->tally, evaluation->classes);
    for (int i = 0; i < sg_evaluation_measures(evaluation); i++)
        put_histogram(w, &evaluation->histogram[i]);
    if (w->failed)
        return;
    const uint64_t size = w->size + SUM;
    for (int i = 0; i < 8; i++)
        w->data[AT_SIZE + i] = (unsigned char)(size >> (8 * i));
    put_number(w, sum_of(w->data, w->size), SUM);
}

segent_status sg_evaluation_save(segent_context *context, const segent_evaluation *evaluation,
                                 const char *path)
{
    if (!evaluation)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_evaluation_save: evaluation is NULL");
    writer w = {.allocator = &context->allocator};
    put_all(&w, evaluation);
    const sg_bytes part = {w.data, w.size};
    const segent_status status = w.failed ? sg_fail_memory(context, "an evaluation's file", w.room)
                                          : sg_write_file(context, path, &part, 1);
    sg_free(&context->allocator, w.data);
    return status;
}

/* ---- reading ---- */

typedef struct reader {
    segent_context *context;
    const char *path;
    const unsigned char *data;
    size_t at, size; /* without the sum at the end */
    int64_t taken;   /* bytes of pages of the measures before */
    bool failed;     /* it ended, or a number was too large */
} reader;

static uint64_t get_number(reader *r, size_t size)
{
    uint64_t number = 0;
    r->failed |= size > r->size - r->at;
    if (r->failed)
        return 0;
    for (size_t i = 0; i < size; i++)
        number |= (uint64_t)r->data[r->at + i] << (8 * i);
    r->at += size;
    return number;
}

/* A count of pixels, or of something of which there are no more. */
static int64_t get_count(reader *r, int64_t most)
{
    const uint64_t number = get_number(r, 8);
    r->failed |= number > (uint64_t)most;
    return r->failed ? 0 : (int64_t)number;
}

/* At most `most`, in as few bytes as it takes. */
static uint64_t get_variable(reader *r, uint64_t most)
{
    uint64_t number = 0;
    for (int i = 0; i < VARIABLE_MAX; i++) {
        const uint64_t byte = get_number(r, 1), digits = byte & 0x7f;
        if (r->failed || digits > most >> (SEVEN * i) || (i > 0 && byte == 0))
            break;
        number |= digits << (SEVEN * i);
        if (byte < 0x80 && number <= most)
            return number;
        if (byte < 0x80 || SEVEN * (i + 1) >= 64)
            break;
    }
    r->failed = true;
    return 0;
}

/* A sum of `count` values of at most `most`. */
static sg_exact get_sum(reader *r, int64_t count, double most)
{
    sg_exact sum;
    for (int i = 0; i < SG_EXACT_LIMBS; i++)
        sum.limb[i] = get_number(r, 8);
    r->failed |= !(sg_exact_value(&sum) <= most * (double)count);
    return sum;
}

static void get_tally(reader *r, sg_tally *tally, int32_t classes)
{
    int64_t pixels = 0, right = 0, labelled = 0, predicted = 0, both = 0;
    const int64_t all = tally->pixels = get_count(r, SG_EVALUATION_PIXELS);
    tally->right = get_count(r, all);
    tally->infinite = get_count(r, all);
    for (int i = 0; i < SG_CALIBRATION_BINS; i++) {
        tally->bin_pixels[i] = get_count(r, all - pixels);
        tally->bin_right[i] = get_count(r, tally->bin_pixels[i]);
        tally->bin_confidence[i] = get_sum(r, tally->bin_pixels[i], 1.0);
        pixels += tally->bin_pixels[i];
        right += tally->bin_right[i];
    }
    tally->brier = get_sum(r, all, 4.0);
    tally->nll = get_sum(r, all, SG_EXACT_MAX);
    for (int32_t c = 0; c < classes && !r->failed; c++) {
        sg_class_count *count = &tally->classes[c];
        count->labelled = get_count(r, all - labelled);
        count->predicted = get_count(r, all - predicted);
        count->both =
            get_count(r, count->labelled < count->predicted ? count->labelled : count->predicted);
        labelled += count->labelled;
        predicted += count->predicted;
        both += count->both;
    }
    r->failed |= pixels != all || labelled != all || predicted != all || right != tally->right ||
                 both != tally->right;
}

static segent_status damaged(const reader *r, const char *what)
{
    return sg_fail(r->context, SEGENT_ERROR_FORMAT, "%s: the state of an evaluation is damaged: %s",
                   r->path, what);
}

/* The bins of a measure, which hold the pixels of the tally. Those of a measure between 0 and 1 all
 * fit into their pages, so that no bits are dropped, and end at 1. */
static segent_status get_histogram(reader *r, const segent_evaluation *evaluation, int measure,
                                   sg_histogram *histogram)
{
    const bool share = measure <= SEGENT_MEASURE_MARGIN;
    const uint64_t most_level = share ? 0 : SG_KEY_BITS - SG_PAGE_BITS;
    const sg_allocator *allocator = &evaluation->allocator;
    const uint64_t level = get_number(r, 4), zero = get_number(r, 4), bins = get_number(r, 8);
    uint64_t right = (uint64_t)evaluation->tally->right, next = 0;
    uint64_t wrong = (uint64_t)evaluation->tally->pixels - right;
    if (r->failed || level > most_level || zero != 0)
        return damaged(r, "a measure's bins have no sense");
    const uint64_t end = share ? sg_last_share() + 1ull : 1ull << (SG_KEY_BITS - level);
    histogram->level = (int)level;
    for (uint64_t i = 0; i < bins && !r->failed; i++) {
        r->failed |= next >= end;
        const uint64_t bin = next + get_variable(r, end - 1 - next);
        const uint64_t rights = get_variable(r, right), wrongs = get_variable(r, wrong);
        if (r->failed)
            break;
        const uint32_t number = (uint32_t)(bin >> SG_PAGE_BITS);
        sg_page *page = sg_histogram_page(histogram, number);
        if (!page && histogram->pages == SG_HISTOGRAM_PAGES)
            return damaged(r, "a measure has too many bins");
        if (!page)
            page = sg_histogram_make_page(allocator, histogram, number);
        if (!page)
            return sg_fail_memory(r->context, "counts of an evaluation", sizeof(*page));
        if ((int64_t)histogram->pages * (int64_t)sizeof(*page) >
            r->context->memory_limit - r->taken)
            return sg_fail(r->context, SEGENT_ERROR_LIMIT,
                           "%s: the state of an evaluation takes more than %lld bytes "
                           "(segent_options.memory_limit)",
                           r->path, (long long)r->context->memory_limit);
        r->failed |= rights + wrongs == 0;
        page->bin[bin % SG_PAGE_BINS] = (sg_bin){{rights, wrongs}};
        right -= rights;
        wrong -= wrongs;
        next = bin + 1;
    }
    if (r->failed || right != 0 || wrong != 0)
        return damaged(r, "the bins of a measure do not hold the pixels that were counted");
    r->taken += (int64_t)histogram->pages * (int64_t)sizeof(sg_page);
    return SEGENT_OK;
}

/* Magic, form, size and sum. */
static segent_status check_file(reader *r)
{
    if (r->size < sizeof(magic) || memcmp(r->data, magic, sizeof(magic)) != 0)
        return sg_fail(r->context, SEGENT_ERROR_FORMAT, "%s: not the state of an evaluation",
                       r->path);
    const size_t whole = r->size;
    r->at = AT_FORM;
    const uint64_t form = get_number(r, 4);
    if (!r->failed && form != FORM)
        return sg_fail(r->context, SEGENT_ERROR_UNSUPPORTED,
                       "%s: the state of an evaluation in form %u, but libsegent %s reads form %d",
                       r->path, (unsigned)form, segent_version(), FORM);
    const uint64_t zero = get_number(r, 4), size = get_number(r, 8);
    if (r->failed || size > whole)
        return sg_fail(r->context, SEGENT_ERROR_TRUNCATED,
                       "%s: torn: the state of an evaluation takes %llu bytes and %zu are there",
                       r->path, (unsigned long long)(r->failed ? FRONT + SUM : size), whole);
    if (size < whole || size < FRONT + SUM || zero != 0)
        return damaged(r, "its size is another");
    r->at = whole - SUM;
    if (get_number(r, SUM) != sum_of(r->data, whole - SUM))
        return damaged(r, "the sum over it is another");
    r->size = whole - SUM;
    r->at = FRONT;
    return SEGENT_OK;
}

static segent_status get_all(reader *r, segent_evaluation **made)
{
    const uint64_t classes = get_number(r, 4), ignored = get_number(r, 4);
    const uint64_t source = get_number(r, 4), bits = get_number(r, 4);
    const uint32_t temperature_bits = (uint32_t)bits;
    float temperature;
    memcpy(&temperature, &temperature_bits, sizeof(temperature));
    const int32_t ignore = ignored == UINT32_MAX ? NO_IGNORE : (int32_t)(ignored & UINT16_MAX);
    if (r->failed || classes < 1 || classes > SG_EVALUATION_CLASSES || source > 1 ||
        (ignored > UINT16_MAX && ignored != UINT32_MAX) ||
        !(temperature > 0.0f && isfinite(temperature)))
        return damaged(r, "its options are impossible");
    if (r->size - r->at < classes * sizeof(sg_class_count))
        return damaged(r, "there is less than its classes take");
    segent_evaluation *evaluation = NULL;
    segent_status status = sg_evaluation_make(r->context, (int32_t)classes, (segent_source)source,
                                              ignore, temperature, &evaluation);
    if (status != SEGENT_OK)
        return status;
    evaluation->images = get_count(r, SG_EVALUATION_PIXELS);
    get_tally(r, evaluation->tally, evaluation->classes);
    if (r->failed)
        status = damaged(r, "its counts contradict each other");
    for (int i = 0; status == SEGENT_OK && i < sg_evaluation_measures(evaluation); i++)
        status = get_histogram(r, evaluation, i, &evaluation->histogram[i]);
    if (status == SEGENT_OK && r->at != r->size)
        status = damaged(r, "something follows its bins");
    if (status == SEGENT_OK)
        *made = evaluation;
    else
        segent_evaluation_destroy(evaluation);
    return status;
}

segent_status sg_evaluation_load(segent_context *context, const char *path,
                                 segent_evaluation **evaluation)
{
    sg_file file;
    if (!evaluation)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_evaluation_load: evaluation is NULL");
    segent_status status = sg_file_open(context, path, &file);
    if (status != SEGENT_OK)
        return status;
    reader r = {.context = context, .path = path, .data = file.data, .size = file.size};
    status = check_file(&r);
    if (status == SEGENT_OK)
        status = get_all(&r, evaluation);
    sg_file_close(&file);
    return status;
}
