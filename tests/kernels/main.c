/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* clang-format off */
/* test-kernels                check all kernels that this processor has, and name those it has not;
 *                             with SEGENT_REQUIRE_CPU=avx512 (or another) it is an error to lack it
 * test-kernels --exhaustive   check exp and log with every float32
 * test-kernels --bench        time them */
/* clang-format on */

#include "check.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--bench") == 0) {
        time_uncertainty();
        time_product();
        time_depthwise();
        time_grouped();
        time_average();
        time_stem();
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--exhaustive") == 0) {
        check_uncertainty_exhaustively();
    } else if (argc == 1) {
        check_cpu();
        check_uncertainty();
        check_activation();
        check_average();
        check_depthwise();
        check_grouped();
        check_product();
        check_halves();
        check_winograd();
        check_stem();
        check_strassen();
        check_tiles();
    } else {
        fprintf(stderr, "usage: kernels [--exhaustive | --bench]\n");
        return 2;
    }
    printf("%d failures\n", check_failures());
    return check_not_tested() != 0 || check_failures() != 0;
}
