/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The figures of segent bench --accuracy, on maps of a few pixels whose figures are known. */

#include "support.h"

#include <math.h>

#include "accuracy.h"

static void assert_near(double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-6 * fabs(expected)))
        fail_msg("%.17g is not %.17g", found, expected);
}

static void add(sg_accuracy *accuracy, const uint16_t labels[2][4], const float entropy[2][4],
                const double margin[2][4])
{
    double mean[2] = {0.0, 0.0};
    for (int way = 0; way < 2; way++) {
        for (int i = 0; i < 4; i++)
            mean[way] += (double)entropy[way][i] / 4;
    }
    const sg_accuracy_maps reference = {labels[0], entropy[0], margin[0], mean[0]};
    const sg_accuracy_maps other = {labels[1], entropy[1], margin[1], mean[1]};
    accuracy_add(accuracy, &reference, &other, 4);
}

static void figures_of_two_pictures(void **state)
{
    (void)state;
    static const uint16_t labels[][2][4] = {{{0, 1, 2, 300}, {0, 1, 2, 299}},
                                            {{5, 5, 5, 5}, {5, 5, 5, 5}}};
    static const float entropy[][2][4] = {
        {{0.5f, 0.25f, 0, 0}, {0.5f, 0.25f, 0.0625f, 0}},
        {{0.5f, 0.5f, 0.5f, 0.5f}, {0.5f, 0.5f, 0.5f, 0.5156250f}}};
    static const double margin[][2][4] = {{{1, 2, 3, 0.125f}, {1, 2.5f, 3, 0.25f}},
                                          {{4, 4, 4, 4}, {4, 4, 4, 3}}};
    sg_accuracy accuracy = {.pixels = 0};
    for (int i = 0; i < 2; i++)
        add(&accuracy, labels[i], entropy[i], margin[i]);
    const sg_accuracy_figures found = accuracy_figures(&accuracy);
    assert_int_equal(accuracy.pixels, 8);
    assert_int_equal(accuracy.count, 2);
    assert_int_equal(accuracy.worst, 0);
    assert_near(accuracy.worst_equal, 0.75);
    assert_near(found.labels_equal, 7.0 / 8.0);
    assert_near(found.entropy_mean, (0.0625 + 0.015625) / 8);
    assert_near(found.entropy_largest, 0.0625);
    /* Means are 0.1875 and 0.203125, 0.5 and 0.50390625. */
    assert_near(found.image_largest, 1.0 / 12.0);
    assert_near(found.image_mean, (1.0 / 12.0 + 1.0 / 128.0) / 2.0);
    assert_near(found.image_within, 0.5);
    assert_near(found.rank_correlation, 1.0);
    assert_int_equal(found.ranks_changed, 0);
    assert_near(found.margin_rms, sqrt((0.25 + 0.015625 + 1.0) / 8));
    assert_near(found.margin_largest, 1.0);
    assert_near(found.changed_margin, 0.25);
    assert_near(found.precision_error, 0.398); /* above the root mean square, 0.39774756... */
    accuracy_free(&accuracy);
    assert_int_equal(accuracy.count, 0);
}

/* Adds pictures of one pixel that have these mean entropies. */
static sg_accuracy_figures figures_of_means(const double (*means)[2], int count)
{
    static const uint16_t label = 0;
    static const float zero = 0.0f;
    static const double none = 0.0;
    sg_accuracy accuracy = {.pixels = 0};
    for (int i = 0; i < count; i++) {
        const sg_accuracy_maps reference = {&label, &zero, &none, means[i][0]};
        const sg_accuracy_maps other = {&label, &zero, &none, means[i][1]};
        accuracy_add(&accuracy, &reference, &other, 1);
    }
    const sg_accuracy_figures found = accuracy_figures(&accuracy);
    accuracy_free(&accuracy);
    return found;
}

static void order_of_pictures(void **state)
{
    (void)state;
    static const double ties[][2] = {{0.1, 0.1}, {0.2, 0.3}, {0.2, 0.2}, {0.4, 0.35}, {0.5, 0.2}};
    static const double reverse[][2] = {{0.3, 0.1}, {0.2, 0.2}, {0.1, 0.3}};
    static const double alike[][2] = {{0.3, 0.1}, {0.3, 0.2}};
    sg_accuracy_figures found = figures_of_means(ties, 5);
    /* Ranks 1, 2.5, 2.5, 4, 5 became 1, 4, 2.5, 5, 2.5: a covariance of 4.75 / 5, and variances of
     * 9.5 / 5 both. */
    assert_near(found.rank_correlation, 0.5);
    assert_int_equal(found.ranks_changed, 3);
    found = figures_of_means(reverse, 3);
    assert_near(found.rank_correlation, -1.0);
    assert_int_equal(found.ranks_changed, 2);
    assert_true(isnan(figures_of_means(alike, 2).rank_correlation));
    assert_true(isnan(figures_of_means(ties, 1).rank_correlation));
}

static void many_pictures(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    static double means[COUNT][2];
    for (int i = 0; i < COUNT; i++)
        means[i][0] = means[i][1] = (double)((i * 7919) % COUNT);
    means[0][1] = 1.0; /* in the place of 0: a tie with the next */
    const sg_accuracy_figures found = figures_of_means(means, COUNT);
    assert_int_equal(found.ranks_changed, 2);
    assert_true(found.rank_correlation < 1.0 && found.rank_correlation > 0.999999);
    /* One of 1000 pictures is off, from 0. */
    assert_near(found.image_largest, 1.0);
    assert_near(found.image_within, 0.999);
}

static void nothing_differs(void **state)
{
    (void)state;
    static const uint16_t label = 3;
    static const float zero = 0.0f;
    static const double margin = INFINITY;
    const sg_accuracy_maps maps = {&label, &zero, &margin, 0.0};
    sg_accuracy accuracy = {.pixels = 0};
    accuracy_add(&accuracy, &maps, &maps, 1);
    const sg_accuracy_figures found = accuracy_figures(&accuracy);
    accuracy_free(&accuracy);
    assert_near(found.labels_equal, 1.0);
    assert_true(found.margin_rms == 0.0 && found.changed_margin == 0.0);
    assert_true(found.precision_error == 0.0 && found.image_largest == 0.0);
}

static void ranks_are_shared(void **state)
{
    (void)state;
    static const double values[] = {3.0, -1.0, 3.0, 0.0, 3.0};
    static const double expected[] = {4.0, 1.0, 4.0, 2.0, 4.0};
    double ranks[5];
    accuracy_ranks(values, 5, ranks);
    assert_memory_equal(ranks, expected, sizeof(expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_of_two_pictures), cmocka_unit_test(order_of_pictures),
        cmocka_unit_test(many_pictures),           cmocka_unit_test(nothing_differs),
        cmocka_unit_test(ranks_are_shared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
