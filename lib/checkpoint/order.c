/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Sorts names and extents. Files choose their names, so a sort that compares whole names could be
 * made to read a long common beginning again and again. This one reads seven bytes of every name
 * into an integer, sorts the integers, and goes on with the next seven bytes only among names that
 * were equal so far. */

#include <string.h>

#include "table.h"

/* ---- names ---- */

typedef struct item {
    uint64_t word; /* seven bytes of the name, and below them how many are left of it, up to 8 */
    size_t index;  /* of the name before it is moved */
} item;

_Static_assert(2 * sizeof(item) <= SG_SORT_BYTES, "the items and as many to merge into");
_Static_assert(sizeof(sg_span) <= sizeof(item), "spare items have room for as many spans");

enum { WORD_BYTES = 7 };

static bool ends(uint64_t word)
{
    return (word & 255) <= WORD_BYTES;
}

/* The word of a name from `depth` on. Words have the order of the names' next seven bytes, and that
 * of a name that ends is less than that of one that goes on. Equal words of names that end mean
 * equal names. */
static uint64_t word_at(sg_span name, size_t depth)
{
    const size_t left = name.length - depth;
    uint64_t word = 0;
    for (size_t i = 0; i < WORD_BYTES; i++)
        word = word << 8 | (i < left ? (unsigned char)name.text[depth + i] : 0);
    return word << 8 | (left > WORD_BYTES ? WORD_BYTES + 1 : left);
}

static void merge(const item *from, item *to, size_t middle, size_t end)
{
    size_t left = 0, right = middle;
    for (size_t i = 0; i < end; i++) {
        const bool take_left =
            right == end || (left < middle && from[left].word <= from[right].word);
        to[i] = take_left ? from[left++] : from[right++];
    }
}

/* Merge sort from runs of one item upward; `spare` has room for `count` items. */
static void sort_words(item *items, item *spare, size_t count)
{
    item *from = items, *to = spare;
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t begin = 0; begin < count; begin += 2 * run) {
            const size_t left = count - begin;
            merge(from + begin, to + begin, run < left ? run : left,
                  2 * run < left ? 2 * run : left);
        }
        item *const sorted = to;
        to = from;
        from = sorted;
    }
    if (from != items)
        memcpy(items, from, count * sizeof(*items));
}

/* End of the items from `begin` on that have the same word. */
static size_t run_end(const item *items, size_t begin, size_t count)
{
    size_t end = begin + 1;
    while (end < count && items[end].word == items[begin].word)
        end++;
    return end;
}

/* Sorts items whose names are equal up to `depth`. Of the groups that are equal further on, the
 * largest is the loop's next turn, and each other one, which is at most half as large, is a
 * recursive call: there are at most as many levels as `count` has bits. */
static void sort_items(const sg_named *names, item *items, item *spare, size_t count, size_t depth)
{
    while (count > 1) {
        size_t largest = 0, largest_count = 0;
        for (size_t i = 0; i < count; i++)
            items[i].word = word_at(names[items[i].index].name, depth);
        sort_words(items, spare, count);
        depth += WORD_BYTES;
        for (size_t begin = 0, end; begin < count; begin = end) {
            end = run_end(items, begin, count);
            if (!ends(items[begin].word) && end - begin > largest_count) {
                largest = begin;
                largest_count = end - begin;
            }
        }
        for (size_t begin = 0, end; begin < count; begin = end) {
            end = run_end(items, begin, count);
            if (!ends(items[begin].word) && begin != largest)
                sort_items(names, items + begin, spare, end - begin, depth);
        }
        items += largest;
        count = largest_count;
    }
}

/* Moves each name to where its item is. Gathering reads anywhere and writes in order, which a
 * processor does many at a time; following the permutation's cycles would be one at a time. */
static void permute(sg_named *names, item *items, void *spare, size_t count)
{
    sg_span *spans = spare;
    for (size_t i = 0; i < count; i++) {
        const sg_named *from = names + items[i].index;
        spans[i] = from->name;
        items[i].word = from->index;
    }
    for (size_t i = 0; i < count; i++)
        names[i] = (sg_named){spans[i], (size_t)items[i].word};
}

bool sg_sort_names(const sg_allocator *allocator, sg_named *names, size_t count)
{
    if (count < 2)
        return true;
    item *items = count <= SIZE_MAX / 2 ? sg_alloc(allocator, 2 * count, sizeof(*items)) : NULL;
    if (!items)
        return false;
    for (size_t i = 0; i < count; i++)
        items[i].index = i;
    sort_items(names, items, items + count, count, 0);
    permute(names, items, items + count, count);
    sg_free(allocator, items);
    return true;
}

size_t sg_names_lower(const sg_named *names, size_t count, sg_span name)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sg_span_compare(names[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const sg_named *sg_names_duplicate(const sg_named *names, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (sg_span_compare(names[i - 1].name, names[i].name) == 0)
            return names + i;
    }
    return NULL;
}

/* ---- extents ---- */

static bool before(const sg_extent *a, const sg_extent *b)
{
    return a->begin != b->begin ? a->begin < b->begin : a->end < b->end;
}

static void swap(sg_extent *a, sg_extent *b)
{
    const sg_extent other = *a;
    *a = *b;
    *b = other;
}

static void sift_down(sg_extent *extents, size_t root, size_t count)
{
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && before(extents + child, extents + child + 1))
            child++;
        if (!before(extents + root, extents + child))
            return;
        swap(extents + root, extents + child);
        root = child;
    }
}

void sg_sort_extents(sg_extent *extents, size_t count)
{
    for (size_t root = count / 2; root > 0; root--)
        sift_down(extents, root - 1, count);
    for (size_t last = count; last > 1; last--) {
        swap(extents, extents + last - 1);
        sift_down(extents, 0, last - 1);
    }
}
