/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "winograd.h"

int32_t sg_winograd_side_outputs(sg_winograd_side side)
{
    static const int32_t outputs[SG_WINOGRAD_SIDES] = {2, 4, 6, 2, 3, 4, 5};
    return outputs[side];
}

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

/* Row of a point p: (1, p, p^2) / prod over the other points q of (p - q); of infinity: (0, 0, 1).
 * The mixed sides have that divisor in B^T, since it depends on their length. */
void sg_winograd_weight_matrix(sg_winograd_side side, double g[SG_WINOGRAD_POINTS_MAX][3])
{
    static const double points2[] = {0, 1, -1};
    static const double points4[] = {0, 0.75, -0.75, 1.5, -1.5};
    static const double points6[] = {0, 0.5, -0.5, 1, -1, 2, -2};
    static const double mixed[] = {0, 1, -1, 0.5, -2, 2};
    if (side >= SG_SIDE_MIXED_2) {
        infinity_row(g[0]);
        for (int32_t i = 0; i <= sg_winograd_side_outputs(side); i++)
            point_row(mixed[i], 1, g[i + 1]);
        return;
    }
    const double *points = side == SG_SIDE_2 ? points2 : side == SG_SIDE_4 ? points4 : points6;
    const int32_t count = sg_winograd_side_outputs(side) + 1;
    for (int32_t i = 0; i < count; i++) {
        double scale = 1;
        for (int32_t l = 0; l < count; l++)
            scale *= l == i ? 1 : points[i] - points[l];
        point_row(points[i], scale, g[i]);
    }
    infinity_row(g[count]);
}
