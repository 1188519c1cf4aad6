/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Results do not depend on the floating-point environment of the host, whatever it was when the
 * workers were born; the host finds its own as it left it; and its callbacks run in it. */

#include "host.h"

#include <fenv.h>
#include <stdlib.h>
#include <string.h>
#if defined(__SSE__)
#    include <xmmintrin.h>
#endif

/* ---- environments ---- */

enum { FLUSH = 1, TRAPS = 2, NARROW = 4, RAISED = 8 };

typedef struct environment {
    const char *name;
    int rounding, more;
} environment;

static const environment environments[] = {
    {"to nearest", FE_TONEAREST, 0},
    {"upward", FE_UPWARD, 0},
    {"downward", FE_DOWNWARD, 0},
    {"toward zero", FE_TOWARDZERO, 0},
    {"flags raised", FE_TONEAREST, RAISED},
    {"denormals flushed", FE_TONEAREST, FLUSH},
    {"denormals flushed, upward", FE_UPWARD, FLUSH},
    {"x87 of 24 bits", FE_TONEAREST, NARROW},
    {"traps", FE_TONEAREST, TRAPS},
    {"traps, toward zero", FE_TOWARDZERO, TRAPS},
};
enum { ENVIRONMENTS = sizeof(environments) / sizeof(environments[0]) };

/* What else than rounding there is depends on the processor, and valgrind knows only rounding. */
static bool is_possible(int more)
{
    if (more != 0 && getenv("SEGENT_TEST_BRIEF"))
        return false;
#if defined(__SSE__)
    return true;
#else
    return more == 0 || more == RAISED;
#endif
}

static void set(const environment *e)
{
    fesetenv(FE_DFL_ENV);
    fesetround(e->rounding);
    if (e->more & RAISED)
        feraiseexcept(FE_DIVBYZERO | FE_INEXACT);
#if defined(__SSE__)
    if (e->more & FLUSH)
        _mm_setcsr(_mm_getcsr() | 0x8040);
    if (e->more & NARROW) {
        uint16_t control;
        __asm__ volatile("fnstcw %0" : "=m"(control));
        control &= (uint16_t)~0x300;
        __asm__ volatile("fldcw %0" : : "m"(control));
    }
    if (e->more & TRAPS)
        feenableexcept(FE_ALL_EXCEPT);
#endif
}

/* All that a host can see of it: control and flags. */
typedef struct view {
    uint64_t control;
    int rounding, flags;
} view;

static view look(void)
{
    view seen = {0, fegetround(), fetestexcept(FE_ALL_EXCEPT)};
#if defined(__SSE__)
    uint16_t control;
    __asm__ volatile("fnstcw %0" : "=m"(control));
    seen.control = (uint64_t)control << 32 | _mm_getcsr();
#endif
    return seen;
}

/* In the default environment again, whatever comes of the comparison. */
static void expect_view(const environment *e, const char *what, view before)
{
    const view after = look();
    fesetenv(FE_DFL_ENV);
    if (after.control != before.control || after.rounding != before.rounding ||
        after.flags != before.flags)
        fail_msg("%s, %s: control 0x%llx became 0x%llx, rounding %d %d, flags 0x%x 0x%x", e->name,
                 what, (unsigned long long)before.control, (unsigned long long)after.control,
                 before.rounding, after.rounding, (unsigned)before.flags, (unsigned)after.flags);
}

/* ---- results ---- */

enum {
    PIXELS = HOST_WIDTH * HOST_HEIGHT,
    OTHER_WIDTH = 101,
    OTHER_HEIGHT = 67,
    OTHER_PIXELS = OTHER_WIDTH * OTHER_HEIGHT
};

/* Of every function that computes with floating point. */
typedef struct results {
    float run_logits[HOST_CLASSES * PIXELS], run_entropy[PIXELS];
    uint8_t run_labels[PIXELS];
    segent_class_statistics run_statistics[HOST_CLASSES], statistics[HOST_CLASSES];
    float softmax[HOST_CLASSES * PIXELS], entropy[PIXELS], bits[PIXELS], again[PIXELS];
    uint8_t labels[PIXELS], colours[3 * PIXELS], resized[3 * OTHER_PIXELS];
    float head_entropy[OTHER_PIXELS], head_margin[OTHER_PIXELS];
    segent_entropy_summary run_summary, summary, head_summary;
    int32_t fitted[2];
} results;

typedef struct fixture {
    segent_tensor_view logits; /* some are so small that they are denormal */
} fixture;

static void expect_ok(segent_status status)
{
    if (status != SEGENT_OK)
        abort(); /* cmocka is not called in an odd environment */
}

static void compute_maps(segent_context *context, const fixture *f, results *r)
{
    segent_entropy_options options = segent_entropy_options_init();
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    options.unit = SEGENT_UNIT_BITS;
    options.temperature = 1.7f;
    maps.width = OTHER_WIDTH;
    maps.height = OTHER_HEIGHT;
    maps.entropy.data = r->head_entropy;
    maps.margin.data = r->head_margin;
    const segent_tensor_view softmax =
        segent_tensor_chw(r->softmax, HOST_CLASSES, HOST_HEIGHT, HOST_WIDTH);
    const segent_map_view entropy = segent_map(r->entropy, HOST_HEIGHT, HOST_WIDTH),
                          bits = segent_map(r->bits, HOST_HEIGHT, HOST_WIDTH),
                          again = segent_map(r->again, HOST_HEIGHT, HOST_WIDTH);
    const segent_label_view labels =
        segent_label_map(r->labels, SEGENT_LABEL_U8, HOST_HEIGHT, HOST_WIDTH);
    const segent_pixel_view colours =
        segent_pixels(r->colours, SEGENT_PIXEL_RGB, HOST_HEIGHT, HOST_WIDTH);
    r->summary = r->head_summary = segent_entropy_summary_init();
    expect_ok(segent_softmax(context, &f->logits, &softmax));
    expect_ok(segent_entropy_map(context, &f->logits, NULL, &entropy));
    expect_ok(segent_entropy_map(context, &f->logits, &options, &bits));
    options = segent_entropy_options_init();
    options.source = SEGENT_SOURCE_PROBABILITIES;
    expect_ok(segent_entropy_map(context, &softmax, &options, &again));
    expect_ok(segent_image_entropy(context, &entropy, NULL, &r->summary));
    expect_ok(segent_argmax(context, &f->logits, &labels));
    expect_ok(segent_statistics_per_class(context, &labels, &entropy, r->statistics, HOST_CLASSES));
    expect_ok(segent_colormap_apply(context, &entropy, SEGENT_COLORMAP_JET, 0.0f, 1.0f, &colours));
    expect_ok(segent_uncertainty_from_logits(context, &f->logits, NULL, &maps, &r->head_summary));
}

static void compute_run(segent_context *context, const char *path, const segent_image *image,
                        results *r)
{
    segent_run_options options = segent_run_options_init();
    segent_model *model = NULL;
    segent_image *resized = NULL;
    segent_result *result = NULL;
    int64_t count;
    options.size = SEGENT_SIZE_OWN;
    options.keep = SEGENT_KEEP_LOGITS;
    r->run_summary = segent_entropy_summary_init();
    expect_ok(segent_model_load(context, path, NULL, &model));
    expect_ok(segent_run(context, model, image, &options, &result));
    memcpy(r->run_logits, segent_result_logits(result), sizeof(r->run_logits));
    memcpy(r->run_entropy, segent_result_entropy(result), sizeof(r->run_entropy));
    memcpy(r->run_labels, segent_result_labels(result), sizeof(r->run_labels));
    memcpy(r->run_statistics, segent_result_statistics(result, &count), sizeof(r->run_statistics));
    expect_ok(segent_result_summary(result, &r->run_summary));
    expect_ok(segent_image_resize(context, image, OTHER_WIDTH, OTHER_HEIGHT, &resized));
    memcpy(r->resized, segent_image_pixels(resized), sizeof(r->resized));
    expect_ok(segent_image_fit(1023, 3071, 341, &r->fitted[0], &r->fitted[1]));
    segent_image_destroy(resized);
    segent_result_destroy(result);
    segent_model_destroy(model);
}

static results *compute(segent_context *context, const fixture *f, const char *path,
                        const segent_image *image, const environment *e)
{
    results *r = calloc(1, sizeof(*r));
    assert_non_null(r);
    set(e);
    const view before = look();
    compute_maps(context, f, r);
    compute_run(context, path, image, r);
    expect_view(e, "after everything", before);
    return r;
}

static void expect_same(const environment *e, int32_t threads, const char *cpu, const results *a,
                        const results *b)
{
    if (memcmp(a, b, sizeof(*a)) == 0)
        return;
    for (size_t i = 0; i < sizeof(*a); i++) {
        if (((const char *)a)[i] != ((const char *)b)[i])
            fail_msg("%s, %d threads, %s: results differ from byte %zu on", e->name, (int)threads,
                     cpu, i);
    }
}

static segent_context *context_of(int32_t threads, segent_cpu cpu)
{
    segent_options options = segent_options_init();
    segent_context *context = NULL;
    options.threads = threads;
    options.cpu = cpu;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    return context;
}

/* Each environment with workers born in the default one, and in itself; and in another one. */
static void check_all(const fixture *f, segent_cpu cpu, const char *name)
{
    char path[256];
    strcpy(path, host_checkpoint());
    segent_context *first = context_of(1, cpu);
    segent_image *image = host_image(first);
    results *expected = compute(first, f, path, image, &environments[0]);
    for (int32_t threads = 1; threads <= 2; threads++) {
        segent_context *old = context_of(threads, cpu);
        free(compute(old, f, path, image, &environments[threads]));
        for (int i = 0; i < ENVIRONMENTS; i++) {
            const environment *e = &environments[i];
            if (!is_possible(e->more))
                continue;
            results *r = compute(old, f, path, image, e);
            expect_same(e, threads, name, expected, r);
            free(r);
            segent_context *fresh = context_of(threads, cpu);
            r = compute(fresh, f, path, image, e);
            expect_same(e, threads, name, expected, r);
            free(r);
            segent_context_destroy(fresh);
        }
        segent_context_destroy(old);
    }
    free(expected);
    segent_image_destroy(image);
    segent_context_destroy(first);
}

static void test_same_results(void **state)
{
    check_all(*state, 0, "the best kernels");
}

static void test_same_results_in_plain_c(void **state)
{
    check_all(*state, SEGENT_CPU_REF, "plain C");
}

/* ---- callbacks ---- */

typedef struct watcher {
    int calls, wrong;
    view expected;
    bool change;
} watcher;

static int32_t watch(void *user, double done)
{
    watcher *self = user;
    const view seen = look();
    (void)done;
    self->calls++;
    self->wrong += seen.rounding != self->expected.rounding ||
                   seen.control != self->expected.control || seen.flags != self->expected.flags;
    /* What the host changes in it stays. */
    if (self->change && self->calls == 3) {
        fesetround(FE_DOWNWARD);
        feraiseexcept(FE_OVERFLOW);
        self->expected = look();
    }
    return 0;
}

static void watch_layer(void *user, const segent_layer_info *layer)
{
    (void)layer;
    (void)watch(user, 0.0);
}

static void test_callbacks(void **state)
{
    (void)state;
    segent_context *context = host_context(2);
    segent_model *model = host_model(context);
    segent_image *image = host_image(context);
    segent_result *expected = host_run(context, model, image);
    for (int i = 0; i < ENVIRONMENTS; i++) {
        const environment *e = &environments[i];
        watcher self = {.change = !(e->more & TRAPS)};
        segent_run_options options = segent_run_options_init();
        segent_result *result = NULL;
        if (!is_possible(e->more))
            continue;
        options.size = SEGENT_SIZE_OWN;
        options.progress = watch;
        options.progress_user = &self;
        test_assert_ok(context, segent_context_report_layers(context, watch_layer, &self));
        set(e);
        self.expected = look();
        expect_ok(segent_run(context, model, image, &options, &result));
        expect_view(e, "after the callbacks", self.expected);
        assert_true(self.calls > 10);
        assert_int_equal(self.wrong, 0);
        assert_memory_equal(segent_result_entropy(result), segent_result_entropy(expected),
                            PIXELS * sizeof(float));
        segent_result_destroy(result);
    }
    segent_result_destroy(expected);
    segent_image_destroy(image);
    segent_model_destroy(model);
    segent_context_destroy(context);
}

/* ---- */

static int set_up(void **state)
{
    static fixture f;
    f.logits = host_logits();
    for (size_t i = 0; i < (size_t)HOST_CLASSES * PIXELS; i += 7)
        f.logits.data[i] = (float)(i % 3 + 1) * 0x1p-140f;
    for (size_t i = 3; i < (size_t)HOST_CLASSES * PIXELS; i += 11)
        f.logits.data[i] = -95.0f;
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    free(f->logits.data);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_results),
        cmocka_unit_test(test_same_results_in_plain_c),
        cmocka_unit_test(test_callbacks),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
