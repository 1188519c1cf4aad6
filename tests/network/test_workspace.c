/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What a run asks for: the engine, and a limit of the memory that its activations share. */

#include "common.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/network.h"

static int32_t height = 97, width = 129; /* of the picture */

/* Its largest steps are convolutions with much workspace, whose maps are small. */
static const test_network_shape shape = {
    .seed = 3, .blocks = {1, 1, 1, 1}, .width = 32, .aspp = 64, .classes = 3};

static network_fixture set_up(int32_t threads)
{
    return network_fixture_make(threads, &shape, standard_rates, height, width);
}

static segent_status measure(const network_fixture *f, segent_engine engine, int64_t limit,
                             int64_t *bytes)
{
    sg_network_size size;
    const segent_status status =
        sg_network_measure(f->context, f->network->network, height, width, engine, limit, &size);
    if (status == SEGENT_OK)
        *bytes = size.bytes;
    return status;
}

/* Bytes of a run without limit. */
static int64_t bytes_of(const network_fixture *f, segent_engine engine)
{
    int64_t bytes = 0;
    test_assert_ok(f->context, measure(f, engine, 0, &bytes));
    return bytes;
}

/* One network, engines by turns: what one run was asked for is not what the next one does. */
static void test_engines_by_turns(void **state)
{
    network_fixture f = set_up(2);
    const size_t bytes = f.count * sizeof(float);
    float *fast = network_fixture_run(&f, SEGENT_ENGINE_FAST, 0),
          *exact = network_fixture_run(&f, SEGENT_ENGINE_EXACT, 0);
    float *again[] = {network_fixture_run(&f, SEGENT_ENGINE_FAST, 0),
                      network_fixture_run(&f, SEGENT_ENGINE_EXACT, 0)};
    float *usual = malloc(bytes);
    (void)state;
    test_assert_ok(f.context,
                   network_run(f.context, f.network, f.picture, height, width, NULL, usual));
    assert_memory_equal(fast, again[0], bytes);
    assert_memory_equal(exact, again[1], bytes);
    assert_memory_equal(fast, usual, bytes);
    assert_true(network_fixture_distance(&f, exact, fast) < 1e-4);
    if (f.context->kernels.product.fast) { /* or else there is but one way */
        assert_memory_not_equal(fast, exact, bytes);
        assert_true(bytes_of(&f, SEGENT_ENGINE_EXACT) < bytes_of(&f, SEGENT_ENGINE_FAST));
    }
    free(fast);
    free(exact);
    free(again[0]);
    free(again[1]);
    free(usual);
    network_fixture_free(&f);
}

/* A limit that the engine's own way keeps changes nothing. */
static void test_limit_that_suffices(void **state)
{
    network_fixture f = set_up(2);
    (void)state;
    for (segent_engine engine = SEGENT_ENGINE_FAST; engine <= SEGENT_ENGINE_SMALL; engine++) {
        const int64_t bytes = bytes_of(&f, engine);
        int64_t limited = 0;
        test_assert_ok(f.context, measure(&f, engine, bytes, &limited));
        assert_int_equal(limited, bytes);
        float *free_run = network_fixture_run(&f, engine, 0),
              *limited_run = network_fixture_run(&f, engine, bytes);
        assert_memory_equal(free_run, limited_run, f.count * sizeof(float));
        free(free_run);
        free(limited_run);
    }
    network_fixture_free(&f);
}

/* The bytes that the sentence of a limit too low says would do. */
static int64_t least_of(const network_fixture *f, segent_engine engine)
{
    int64_t bytes = 0;
    long long least = 0;
    test_assert_status(f->context, measure(f, engine, 1, &bytes), SEGENT_ERROR_LIMIT);
    const char *takes = strstr(segent_last_error(f->context), "takes ");
    assert_non_null(takes);
    assert_int_equal(sscanf(takes, "takes %lld bytes of workspace at least", &least), 1);
    return least;
}

/* From what the fast engine takes down to the least: never more than the limit, the same network
 * within its rounding. */
static void test_limits_between(void **state)
{
    enum { STEPS = 7 };
    network_fixture f = set_up(2);
    const int64_t most = bytes_of(&f, SEGENT_ENGINE_FAST);
    const int64_t least = least_of(&f, SEGENT_ENGINE_FAST);
    float *exact = network_fixture_run(&f, SEGENT_ENGINE_EXACT, 0);
    (void)state;
    assert_true(least <= bytes_of(&f, SEGENT_ENGINE_EXACT));
    for (int64_t i = 0; i <= STEPS; i++) {
        const int64_t limit = least + (most - least) * i / STEPS;
        int64_t bytes = 0;
        test_assert_ok(f.context, measure(&f, SEGENT_ENGINE_FAST, limit, &bytes));
        assert_in_range(bytes, 1, limit);
        float *logits = network_fixture_run(&f, SEGENT_ENGINE_FAST, limit);
        assert_true(network_fixture_distance(&f, exact, logits) < 1e-4);
        free(logits);
    }
    free(exact);
    network_fixture_free(&f);
}

/* One byte less than the least is refused, and a refusal leaves nothing behind. */
static void test_limit_too_low(void **state)
{
    char size[32];
    (void)state;
    snprintf(size, sizeof(size), "%d x %d", (int)width, (int)height);
    for (int32_t threads = 1; threads <= 3; threads++) {
        network_fixture f = set_up(threads);
        for (segent_engine engine = SEGENT_ENGINE_FAST; engine <= SEGENT_ENGINE_SMALL; engine++) {
            const int64_t least = least_of(&f, engine);
            int64_t bytes = -1;
            float *logits = malloc(f.count * sizeof(float));
            const sg_network_run_options options = {.engine = engine, .workspace_limit = least - 1};
            test_assert_status(f.context, measure(&f, engine, least - 1, &bytes),
                               SEGENT_ERROR_LIMIT);
            assert_int_equal(bytes, -1);
            test_assert_status(
                f.context,
                network_run(f.context, f.network, f.picture, height, width, &options, logits),
                SEGENT_ERROR_LIMIT);
            test_assert_error_contains(f.context, size);
            test_assert_ok(f.context, measure(&f, engine, least, &bytes));
            assert_int_equal(bytes, least);
            free(logits);
        }
        network_fixture_free(&f);
    }
}

/* All that the exact engine does stays exact under a limit. */
static void test_exact_stays_exact(void **state)
{
    network_fixture f = set_up(2);
    float *exact = network_fixture_run(&f, SEGENT_ENGINE_EXACT, 0);
    float *limited =
        network_fixture_run(&f, SEGENT_ENGINE_EXACT, least_of(&f, SEGENT_ENGINE_EXACT));
    (void)state;
    assert_memory_equal(exact, limited, f.count * sizeof(float));
    free(exact);
    free(limited);
    network_fixture_free(&f);
}

static void test_bad_wishes(void **state)
{
    network_fixture f = set_up(1);
    int64_t bytes = 0;
    (void)state;
    test_assert_status(f.context, measure(&f, 77, 0, &bytes), SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(f.context, "77 is not an engine");
    test_assert_status(f.context, measure(&f, -1, 0, &bytes), SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(f.context, measure(&f, SEGENT_ENGINE_FAST, -5, &bytes),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(f.context, "-5 bytes");
    test_assert_ok(f.context, measure(&f, SEGENT_ENGINE_FAST, INT64_MAX, &bytes));
    assert_int_equal(bytes, bytes_of(&f, SEGENT_ENGINE_FAST));
    network_fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limit_that_suffices), cmocka_unit_test(test_exact_stays_exact),
        cmocka_unit_test(test_bad_wishes),          cmocka_unit_test(test_limit_too_low),
        cmocka_unit_test(test_engines_by_turns),    cmocka_unit_test(test_limits_between),
    };
    /* Each instruction once is enough for valgrind, which takes 300 times as long over it. */
    const struct CMUnitTest brief[] = {
        cmocka_unit_test(test_exact_stays_exact),
        cmocka_unit_test(test_bad_wishes),
    };
    if (!getenv("SEGENT_TEST_BRIEF"))
        return cmocka_run_group_tests(tests, NULL, NULL);
    height = 25;
    width = 33;
    return cmocka_run_group_tests(brief, NULL, NULL);
}
