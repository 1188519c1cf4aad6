/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "winograd.h"

/* Row of a point p: (1, p, p^2) / prod over the other points q of (p - q); of infinity: (0, 0, 1).
 */
void sg_winograd_weight_matrix(int32_t m, double g[SG_WINOGRAD_SIDE_MAX][3])
{
    static const double points2[] = {0, 1, -1};
    static const double points4[] = {0, 0.75, -0.75, 1.5, -1.5};
    const double *points = m == 2 ? points2 : points4;
    for (int32_t i = 0; i <= m; i++) {
        double scale = 1;
        for (int32_t l = 0; l <= m; l++)
            scale *= l == i ? 1 : points[i] - points[l];
        for (int32_t k = 0; k < 3; k++)
            g[i][k] = (k == 0 ? 1 : k == 1 ? points[i] : points[i] * points[i]) / scale;
    }
    g[m + 1][0] = g[m + 1][1] = 0;
    g[m + 1][2] = 1;
}
