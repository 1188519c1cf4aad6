/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "winograd.h"

#include <stddef.h>
#include <string.h>

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

/* Of the products in winograd.h, scaled so that the outputs are their plain sums and, for the
 * middle one of three, 3/2 and 1/2 of them. */
static const double whole2[][3] = {{0, 1, 0}, {0, -1, 1}, {1, -1, 0}};
static const double whole3[][3] = {{1.0 / 6, 1.0 / 4, 1.0 / 6},
                                   {1.0 / 6, -1.0 / 4, 1.0 / 6},
                                   {1.0 / 2, 1.0 / 4, -1.0 / 2},
                                   {1.0 / 2, -1.0 / 4, -1.0 / 2}};

/* Row of a point p: (1, p, p^2) / prod over the other points q of (p - q); of infinity: (0, 0, 1).
 * The mixed sides have that divisor in B^T, since it depends on their length. */
void sg_winograd_weight_matrix(sg_winograd_side side, double g[SG_WINOGRAD_POINTS_MAX][3])
{
    static const double points2[] = {0, 1, -1};
    static const double points4[] = {0, 0.75, -0.75, 1.5, -1.5};
    static const double points6[] = {0, 0.5, -0.5, 1, -1, 2, -2};
    static const double mixed[] = {0, 1, -1, 0.5, -2, 2};
    const int32_t count = sg_winograd_side_counts(side).points - 1; /* without infinity */
    const double *points = NULL;
    switch (side) {
    case SG_SIDE_WHOLE_2:
        memcpy(g, whole2, sizeof(whole2));
        return;
    case SG_SIDE_WHOLE_3:
        memcpy(g, whole3, sizeof(whole3));
        return;
    case SG_SIDE_2:
        points = points2;
        break;
    case SG_SIDE_4:
        points = points4;
        break;
    case SG_SIDE_6:
        points = points6;
        break;
    default:
        infinity_row(g[0]);
        for (int32_t i = 0; i < count; i++)
            point_row(mixed[i], 1, g[i + 1]);
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        double scale = 1;
        for (int32_t l = 0; l < count; l++)
            scale *= l == i ? 1 : points[i] - points[l];
        point_row(points[i], scale, g[i]);
    }
    infinity_row(g[count]);
}
