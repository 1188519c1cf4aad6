/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Counts of right and wrong pixels by how large a measure of doubt is, in bounded memory.
 *
 * A measure's value becomes a key, an integer of 31 bits that grows with it. Values of a measure
 * between 0 and 1 have a fixed set of 2.6 million keys: finer than a millionth everywhere, and
 * finer than a value's 4096th part however small it is. All other measures have the upper 31 bits
 * of the value as a float. Bins are kept in pages, and only pages in which there is something;
 * where these become more than SG_HISTOGRAM_PAGES, the last bit of all bins' numbers is dropped, so
 * that two bins become one, until they are not.
 *
 * How many bits are dropped does not depend on the order in which values come, nor on how they are
 * split into histograms that are merged: the number of pages that a set of values takes at a level
 * never falls when values join, so that no part is made coarser than the whole must be, and the
 * whole is as fine as its pages allow. */

#ifndef SG_HISTOGRAM_H
#define SG_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/alloc.h"

enum {
    SG_KEY_BITS = 31,
    SG_PAGE_BITS = 12, /* bins of a page */
    SG_PAGE_BINS = 1 << SG_PAGE_BITS,
    SG_PAGE_TABLE = 1 << (SG_KEY_BITS - SG_PAGE_BITS),
    SG_HISTOGRAM_PAGES = 640 /* of 64 KiB each; measures between 0 and 1 have 629 in all */
};

/* A pixel: its key above, and in the lowest bit whether it is wrong. */
typedef uint32_t sg_mark;
#define SG_MARK_NONE UINT32_MAX /* a pixel that does not count */

typedef struct sg_bin {
    uint64_t count[2]; /* of pixels that are right, and of those that are wrong */
} sg_bin;

typedef struct sg_page {
    sg_bin bin[SG_PAGE_BINS];
} sg_page;

typedef struct sg_histogram {
    int level;        /* bits of keys that are dropped */
    int next_level;   /* when what is wanted has been added */
    int32_t pages;    /* that hold something */
    int32_t spares;   /* pages of zeros behind them */
    uint16_t *table;  /* of each page number: 1 + where in `page`, or 0 */
    uint64_t *wanted; /* of each page number at the next level: a bit, 1 if there is to be a page */
    sg_page *page[SG_HISTOGRAM_PAGES];
    uint32_t number[SG_HISTOGRAM_PAGES]; /* of each page that holds something */
} sg_histogram;

/* Key of a value from 0 to 1, and the middle of the values that have it. */
uint32_t sg_key_of_share(float value);
double sg_share_of_key(uint32_t key);
/* The largest of those keys, which 1 has. */
uint32_t sg_last_share(void);
/* Key of any finite value. */
uint32_t sg_key_of_value(float value);

/* False: out of memory. */
bool sg_histogram_create(const sg_allocator *allocator, sg_histogram *histogram);
void sg_histogram_destroy(const sg_allocator *allocator, sg_histogram *histogram);

/* Adding takes three steps, of which the last cannot fail, and until then all counts and bins are
 * as they were, so that several histograms change together or not at all: find out which pages are
 * wanted; make those that are missing (false: out of memory); add. No bin's count may pass 2^64. */
void sg_histogram_want(sg_histogram *histogram, const sg_mark *marks, int64_t count);
void sg_histogram_want_merge(sg_histogram *histogram, const sg_histogram *other);
bool sg_histogram_reserve(const sg_allocator *allocator, sg_histogram *histogram);
void sg_histogram_add(sg_histogram *histogram, const sg_mark *marks, int64_t count);
void sg_histogram_merge(sg_histogram *histogram, const sg_histogram *other);

/* The page with that number, or NULL. */
sg_page *sg_histogram_page(const sg_histogram *histogram, uint32_t number);
/* Makes a page that is missing, of which there may be SG_HISTOGRAM_PAGES in all. NULL: out of
 * memory. */
sg_page *sg_histogram_make_page(const sg_allocator *allocator, sg_histogram *histogram,
                                uint32_t number);

/* Calls `visit` for the bins that hold pixels, from the least doubt to the most, or the reverse. */
typedef void (*sg_bin_fn)(void *user, uint32_t bin, const sg_bin *counts);
void sg_histogram_walk(const sg_histogram *histogram, bool down, sg_bin_fn visit, void *user);

#endif
