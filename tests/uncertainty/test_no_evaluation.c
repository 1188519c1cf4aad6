/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A library that was built without evaluations says so, and makes none. */

#include "support.h"

#include <stdio.h>

static void nothing_is_made(void **state)
{
    segent_context *context = test_context();
    segent_evaluation *evaluation = NULL;
    segent_figures figures = segent_figures_init();
    (void)state;
    test_assert_status(context, segent_evaluation_create(context, 3, NULL, &evaluation),
                       SEGENT_ERROR_UNSUPPORTED);
    test_assert_error_contains(context, "this libsegent was built without evaluations");
    test_assert_status(context, segent_evaluation_load(context, "none", &evaluation),
                       SEGENT_ERROR_UNSUPPORTED);
    test_assert_status(context, segent_evaluation_figures(context, NULL, &figures),
                       SEGENT_ERROR_UNSUPPORTED);
    assert_null(evaluation);
    segent_evaluation_destroy(evaluation);
    segent_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_made)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
