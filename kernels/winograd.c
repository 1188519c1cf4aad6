/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The matrices G by which weights are transformed. */

#include "winograd.h"

#include <string.h>

/* The value of g[0] + g[1] x + g[2] x^2 at a point, over a scale; at infinity, its highest
 * coefficient. */
static void point_row(double point, double scale, double g[3])
{
    g[0] = 1 / scale;
    g[1] = point / scale;
    g[2] = point * point / scale;
}

static void infinity_row(double g[3])
{
    g[0] = g[1] = 0;
    g[2] = 1;
}

/* The weights' factors of the products for whole sides in winograd.h. Those of three pixels, P+,
 * P-, Q+ and Q-, are divided by 6, 6, 2 and 2, so that y0 and y2 are sums of the four, and y1 is
 * 3/2 of the first two and 1/2 of the last two. */
static const double whole2[][3] = {{0, 1, 0}, {0, -1, 1}, {1, -1, 0}};
static const double whole3[][3] = {{1.0 / 6, 1.0 / 4, 1.0 / 6},
                                   {1.0 / 6, -1.0 / 4, 1.0 / 6},
                                   {1.0 / 2, 1.0 / 4, -1.0 / 2},
                                   {1.0 / 2, -1.0 / 4, -1.0 / 2}};

/* The row of a point p is (1, p, p^2) / product over the other points q of (p - q), that divisor
 * being taken out of B^T; the last row is that of infinity, (0, 0, 1). */
static void interpolated(const double *points, int32_t count, double g[SG_WINOGRAD_POINTS_MAX][3])
{
    for (int32_t i = 0; i < count; i++) {
        double scale = 1;
        for (int32_t l = 0; l < count; l++)
            scale *= l == i ? 1 : points[i] - points[l];
        point_row(points[i], scale, g[i]);
    }
    infinity_row(g[count]);
}

/* Infinity comes first, so that the rows of a shorter side are the first ones of a longer side, and
 * the divisors, which depend on the length, stay in B^T. */
static void mixed(int32_t count, double g[SG_WINOGRAD_POINTS_MAX][3])
{
    static const double points[] = {0, 1, -1, 0.5, -2, 2};
    infinity_row(g[0]);
    for (int32_t i = 0; i < count; i++)
        point_row(points[i], 1, g[i + 1]);
}

void sg_winograd_weight_matrix(sg_winograd_side side, double g[SG_WINOGRAD_POINTS_MAX][3])
{
    static const double points2[] = {0, 1, -1};
    static const double points4[] = {0, 0.75, -0.75, 1.5, -1.5};
    static const double points6[] = {0, 0.5, -0.5, 1, -1, 2, -2};
    switch (side) {
    case SG_SIDE_2:
        interpolated(points2, sizeof(points2) / sizeof(points2[0]), g);
        break;
    case SG_SIDE_4:
        interpolated(points4, sizeof(points4) / sizeof(points4[0]), g);
        break;
    case SG_SIDE_6:
        interpolated(points6, sizeof(points6) / sizeof(points6[0]), g);
        break;
    case SG_SIDE_WHOLE_2:
        memcpy(g, whole2, sizeof(whole2));
        break;
    case SG_SIDE_WHOLE_3:
        memcpy(g, whole3, sizeof(whole3));
        break;
    default:
        mixed(sg_winograd_side_counts(side).points - 1, g);
    }
}
