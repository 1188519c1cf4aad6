/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "uncertainty/histogram.h"

#include <string.h>

/* ---- keys ---- */

/* A float has an exponent and MANTISSA bits behind it. Of values from 0 to 1, those whose exponent
 * is below FINE keep COARSE_BITS of the mantissa; above, each next exponent has twice as wide a
 * range and keeps one bit more, so that bins stay equally wide, 2^-21. */
enum {
    MANTISSA = 23,
    COARSE_BITS = 12,
    FINE = 119, /* exponent of 2^-8 */
    ONE = 127   /* exponent of 1 */
};

/* First key of an exponent from FINE to ONE, which keeps COARSE_BITS + 1 bits and so on. */
static uint32_t first_of(int exponent)
{
    const uint32_t below = (uint32_t)FINE << COARSE_BITS;
    return below + (((1u << (exponent - FINE)) - 1) << (COARSE_BITS + 1));
}

uint32_t sg_last_share(void)
{
    return first_of(ONE);
}

uint32_t sg_key_of_share(float value)
{
    uint32_t bits;
    if (!(value > 0.0f))
        return 0;
    if (value >= 1.0f)
        return first_of(ONE);
    memcpy(&bits, &value, sizeof(bits));
    const int exponent = (int)(bits >> MANTISSA);
    if (exponent < FINE)
        return bits >> (MANTISSA - COARSE_BITS);
    const int kept = COARSE_BITS + 1 + exponent - FINE;
    const uint32_t mantissa = bits & ((1u << MANTISSA) - 1);
    return first_of(exponent) + (mantissa >> (MANTISSA - kept));
}

static double value_of_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof(value));
    return (double)value;
}

double sg_share_of_key(uint32_t key)
{
    if (key >= first_of(ONE))
        return 1.0;
    if (key < first_of(FINE)) {
        const int shift = MANTISSA - COARSE_BITS;
        return (value_of_bits(key << shift) + value_of_bits((key + 1) << shift)) / 2;
    }
    int exponent = FINE;
    while (key >= first_of(exponent + 1))
        exponent++;
    const int shift = MANTISSA - (COARSE_BITS + 1 + exponent - FINE);
    const uint32_t bits = ((uint32_t)exponent << MANTISSA) | ((key - first_of(exponent)) << shift);
    return (value_of_bits(bits) + value_of_bits(bits + (1u << shift))) / 2;
}

uint32_t sg_key_of_value(float value)
{
    const uint32_t sign = 1u << 31;
    const float without_minus_zero = value + 0.0f;
    uint32_t bits;
    memcpy(&bits, &without_minus_zero, sizeof(bits));
    return ((bits & sign) != 0 ? ~bits : bits | sign) >> (32 - SG_KEY_BITS);
}

/* ---- pages ---- */

enum { WORD = 64, WORDS = SG_PAGE_TABLE / WORD };

bool sg_histogram_create(const sg_allocator *allocator, sg_histogram *histogram)
{
    *histogram =
        (sg_histogram){.table = sg_alloc_zero(allocator, SG_PAGE_TABLE, sizeof(*histogram->table)),
                       .wanted = sg_alloc_zero(allocator, WORDS, sizeof(*histogram->wanted))};
    return histogram->table && histogram->wanted;
}

void sg_histogram_destroy(const sg_allocator *allocator, sg_histogram *histogram)
{
    for (int32_t i = 0; i < histogram->pages + histogram->spares; i++)
        sg_free(allocator, histogram->page[i]);
    sg_free(allocator, histogram->wanted);
    sg_free(allocator, histogram->table);
    *histogram = (sg_histogram){.table = NULL};
}

sg_page *sg_histogram_page(const sg_histogram *histogram, uint32_t number)
{
    const uint16_t place = histogram->table[number];
    return place > 0 ? histogram->page[place - 1] : NULL;
}

/* Makes a spare one. False: out of memory. */
static bool make_spare(const sg_allocator *allocator, sg_histogram *histogram)
{
    sg_page *page = sg_alloc_zero(allocator, 1, sizeof(*page));
    if (page)
        histogram->page[histogram->pages + histogram->spares++] = page;
    return page != NULL;
}

/* The first spare one becomes the page with that number. */
static sg_page *use_spare(sg_histogram *histogram, uint32_t number)
{
    const int32_t place = histogram->pages++;
    histogram->spares--;
    histogram->number[place] = number;
    histogram->table[number] = (uint16_t)(place + 1);
    return histogram->page[place];
}

sg_page *sg_histogram_make_page(const sg_allocator *allocator, sg_histogram *histogram,
                                uint32_t number)
{
    if (histogram->spares == 0 && !make_spare(allocator, histogram))
        return NULL;
    return use_spare(histogram, number);
}

/* A page becomes the first spare one; the last page takes its place. */
static void spare_page(sg_histogram *histogram, uint32_t number)
{
    const int32_t place = histogram->table[number] - 1, last = --histogram->pages;
    sg_page *page = histogram->page[place];
    histogram->page[place] = histogram->page[last];
    histogram->page[last] = page;
    histogram->number[place] = histogram->number[last];
    histogram->table[histogram->number[place]] = (uint16_t)(place + 1);
    histogram->table[number] = 0;
    histogram->spares++;
    memset(page, 0, sizeof(*page));
}

/* ---- levels ---- */

/* Bins become half as many, in the lower or upper half of the page; the other half is cleared. */
static void fold(sg_page *page, bool upper)
{
    const int half = SG_PAGE_BINS / 2;
    for (int i = 0; i < half; i++) {
        const sg_bin a = page->bin[2 * i], b = page->bin[2 * i + 1];
        page->bin[i] = (sg_bin){{a.count[0] + b.count[0], a.count[1] + b.count[1]}};
    }
    if (upper)
        memcpy(&page->bin[half], page->bin, (size_t)half * sizeof(sg_bin));
    memset(upper ? page->bin : &page->bin[half], 0, (size_t)half * sizeof(sg_bin));
}

static void add_page(sg_page *to, const sg_page *from)
{
    for (int i = 0; i < SG_PAGE_BINS; i++) {
        to->bin[i].count[0] += from->bin[i].count[0];
        to->bin[i].count[1] += from->bin[i].count[1];
    }
}

/* Drops the last bit of all bins' numbers. */
static void drop_bit(sg_histogram *histogram)
{
    for (uint32_t number = 0; number < SG_PAGE_TABLE; number++) {
        sg_page *page = sg_histogram_page(histogram, number);
        if (!page)
            continue;
        const uint16_t place = histogram->table[number];
        sg_page *other = sg_histogram_page(histogram, number / 2);
        fold(page, number % 2 == 1);
        if (number == 0)
            continue;
        /* What is at half the number already has one bit less, as numbers ascend. */
        if (other) {
            add_page(other, page);
            spare_page(histogram, number);
        } else {
            histogram->table[number] = 0;
            histogram->table[number / 2] = place;
            histogram->number[place - 1] = number / 2;
        }
    }
    histogram->level++;
}

/* ---- what is wanted ---- */

static void want_page(sg_histogram *histogram, uint32_t number)
{
    histogram->wanted[number / WORD] |= 1ull << number % WORD;
}

static uint64_t is_wanted(const sg_histogram *histogram, uint32_t number)
{
    return histogram->wanted[number / WORD] >> number % WORD & 1;
}

static int32_t count_wanted(const sg_histogram *histogram)
{
    int32_t count = 0;
    for (uint32_t i = 0; i < WORDS; i++) {
        for (uint64_t left = histogram->wanted[i]; left > 0; left &= left - 1)
            count++;
    }
    return count;
}

/* Wants the pages that there are, at a level not below that of the histogram. */
static void want_own(sg_histogram *histogram, int level)
{
    memset(histogram->wanted, 0, WORDS * sizeof(*histogram->wanted));
    histogram->next_level = level;
    for (int32_t i = 0; i < histogram->pages; i++)
        want_page(histogram, histogram->number[i] >> (level - histogram->level));
}

/* Raises the level until there may be as many pages as are wanted. */
static void limit_wanted(sg_histogram *histogram)
{
    while (count_wanted(histogram) > SG_HISTOGRAM_PAGES) {
        for (uint32_t number = 0; number < SG_PAGE_TABLE / 2; number++) {
            const uint64_t any =
                is_wanted(histogram, 2 * number) | is_wanted(histogram, 2 * number + 1);
            histogram->wanted[number / WORD] &= ~(1ull << number % WORD);
            histogram->wanted[number / WORD] |= any << number % WORD;
        }
        memset(&histogram->wanted[WORDS / 2], 0, WORDS / 2 * sizeof(*histogram->wanted));
        histogram->next_level++;
    }
}

void sg_histogram_want(sg_histogram *histogram, const sg_mark *marks, int64_t count)
{
    const int shift = histogram->level + SG_PAGE_BITS + 1;
    want_own(histogram, histogram->level);
    for (int64_t i = 0; i < count; i++) {
        if (marks[i] != SG_MARK_NONE)
            want_page(histogram, marks[i] >> shift);
    }
    limit_wanted(histogram);
}

void sg_histogram_want_merge(sg_histogram *histogram, const sg_histogram *other)
{
    const int level = histogram->level > other->level ? histogram->level : other->level;
    want_own(histogram, level);
    for (int32_t i = 0; i < other->pages; i++)
        want_page(histogram, other->number[i] >> (level - other->level));
    limit_wanted(histogram);
}

bool sg_histogram_reserve(const sg_allocator *allocator, sg_histogram *histogram)
{
    /* Pages that become one when bits are dropped are spare ones then. */
    const int32_t count = count_wanted(histogram);
    while (histogram->pages + histogram->spares < count) {
        if (!make_spare(allocator, histogram))
            return false;
    }
    return true;
}

/* Drops the bits and takes the pages that were found out before. */
static void take_wanted(sg_histogram *histogram)
{
    while (histogram->level < histogram->next_level)
        drop_bit(histogram);
    for (uint32_t i = 0; i < WORDS; i++) {
        for (uint32_t number = i * WORD; histogram->wanted[i] && number < (i + 1) * WORD;
             number++) {
            if (is_wanted(histogram, number) && histogram->table[number] == 0)
                (void)use_spare(histogram, number);
        }
    }
}

/* ---- counting ---- */

void sg_histogram_add(sg_histogram *histogram, const sg_mark *marks, int64_t count)
{
    take_wanted(histogram);
    const int level = histogram->level;
    for (int64_t i = 0; i < count; i++) {
        if (marks[i] == SG_MARK_NONE)
            continue;
        const uint32_t bin = marks[i] >> (level + 1);
        sg_page *page = histogram->page[histogram->table[bin >> SG_PAGE_BITS] - 1];
        page->bin[bin % SG_PAGE_BINS].count[marks[i] & 1]++;
    }
}

void sg_histogram_merge(sg_histogram *histogram, const sg_histogram *other)
{
    take_wanted(histogram);
    const int bits = histogram->level - other->level;
    for (int32_t i = 0; i < other->pages; i++) {
        const sg_page *from = other->page[i];
        for (uint32_t j = 0; j < SG_PAGE_BINS; j++) {
            const uint32_t bin = (other->number[i] << SG_PAGE_BITS | j) >> bits;
            sg_bin *to =
                &sg_histogram_page(histogram, bin >> SG_PAGE_BITS)->bin[bin % SG_PAGE_BINS];
            to->count[0] += from->bin[j].count[0];
            to->count[1] += from->bin[j].count[1];
        }
    }
}

void sg_histogram_walk(const sg_histogram *histogram, bool down, sg_bin_fn visit, void *user)
{
    for (uint32_t i = 0; i < SG_PAGE_TABLE; i++) {
        const uint32_t number = down ? SG_PAGE_TABLE - 1 - i : i;
        const sg_page *page = sg_histogram_page(histogram, number);
        for (uint32_t j = 0; page && j < SG_PAGE_BINS; j++) {
            const uint32_t at = down ? SG_PAGE_BINS - 1 - j : j;
            const sg_bin *bin = &page->bin[at];
            if (bin->count[0] + bin->count[1] > 0)
                visit(user, number << SG_PAGE_BITS | at, bin);
        }
    }
}
