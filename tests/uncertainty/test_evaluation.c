/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Figures against labels: those of scikit-learn and SciPy, the same whatever the split, what is
 * undefined, what is refused, and states as files. */

#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEASURES = 5, PER_MEASURE = 5, C = 4, H = 23, W = 37, PIXELS = H * W };

static segent_context *context;

static int setup(void **state)
{
    (void)state;
    context = test_context();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    segent_context_destroy(context);
    return 0;
}

static segent_evaluation *create(int32_t classes, const segent_evaluation_options *options)
{
    segent_evaluation *evaluation = NULL;
    test_assert_ok(context, segent_evaluation_create(context, classes, options, &evaluation));
    return evaluation;
}

static segent_figures figures_of(const segent_evaluation *evaluation)
{
    segent_figures figures = segent_figures_init();
    test_assert_ok(context, segent_evaluation_figures(context, evaluation, &figures));
    return figures;
}

static segent_measure_figures measure_of(const segent_evaluation *evaluation,
                                         segent_measure measure)
{
    segent_measure_figures figures = segent_measure_figures_init();
    test_assert_ok(context,
                   segent_evaluation_measure_figures(context, evaluation, measure, &figures));
    return figures;
}

/* ---- golden figures ---- */

static void assert_near(const char *name, const char *what, double value, double expected,
                        double bound)
{
    if (isnan(expected) ? isnan(value) : fabs(value - expected) <= bound)
        return;
    fail_msg("%s: %s is %.12g instead of %.12g", name, what, value, expected);
}

/* Counts and scores to 1e-6 relative; what goes over bins of doubt to 1e-5. */
static void check_golden(const char *name, const segent_evaluation *evaluation,
                         const double *expected, int measures)
{
    static const char *const columns[] = {"AUROC", "AUPR", "FPR95", "AURC", "E-AURC"};
    const segent_figures figures = figures_of(evaluation);
    assert_int_equal(figures.images, 1);
    assert_int_equal(figures.pixels, (int64_t)expected[1]);
    assert_near(name, "accuracy", figures.pixel_accuracy, expected[2], 1e-12);
    assert_near(name, "mean IoU", figures.mean_iou, expected[3], 1e-12);
    assert_near(name, "ECE", figures.ece, expected[4], 1e-6 * expected[4]);
    assert_near(name, "ACE", figures.ace, expected[5], 1e-5);
    assert_near(name, "Brier score", figures.brier, expected[6], 1e-6 * expected[6]);
    assert_near(name, "NLL", figures.nll, expected[7], 1e-6 * expected[7]);
    for (int m = 0; m < measures; m++) {
        const segent_measure_figures of = measure_of(evaluation, m);
        const double values[PER_MEASURE] = {of.auroc, of.aupr, of.fpr95, of.aurc, of.eaurc};
        for (int i = 0; i < PER_MEASURE; i++) {
            char what[64];
            (void)snprintf(what, sizeof(what), "%s of %s", columns[i], segent_measure_name(m));
            assert_near(name, what, values[i], expected[8 + PER_MEASURE * m + i], 1e-5);
        }
    }
    for (int32_t c = 0; c < figures.classes; c++) {
        const double *row = expected + 8 + PER_MEASURE * measures + 2 * c;
        segent_class_figures of = segent_class_figures_init();
        test_assert_ok(context, segent_evaluation_class_figures(context, evaluation, c, &of));
        assert_int_equal(of.pixels, (int64_t)row[0]);
        assert_near(name, "IoU", of.iou, row[1], 1e-12);
    }
}

static void golden_case(const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "uncertainty/evaluation.%s.values.npy", name);
    test_array values = test_load_npy(test_data(path), "<f4");
    (void)snprintf(path, sizeof(path), "uncertainty/evaluation.%s.labels.npy", name);
    test_array labels = test_load_npy(test_data(path), "|u1");
    (void)snprintf(path, sizeof(path), "uncertainty/evaluation.%s.figures.npy", name);
    test_array expected = test_load_npy(test_data(path), "<f8");
    const double *figures = expected.data;
    const bool logits = strcmp(name, "probabilities") != 0;
    segent_evaluation_options options = segent_evaluation_options_init();
    options.source = logits ? SEGENT_SOURCE_LOGITS : SEGENT_SOURCE_PROBABILITIES;
    options.temperature = (float)figures[0];
    const int64_t c = values.shape[0], h = values.shape[1], w = values.shape[2];
    segent_tensor_view view = segent_tensor_chw(values.data, c, h, w);
    segent_label_view truth =
        segent_label_map(labels.data, SEGENT_LABEL_U8, labels.shape[0], labels.shape[1]);
    segent_evaluation *evaluation = create((int32_t)c, &options);
    test_assert_ok(context, segent_evaluation_add(context, evaluation, &truth, &view));
    check_golden(name, evaluation, figures, logits ? MEASURES : 3);
    segent_evaluation_destroy(evaluation);

    /* The same upside down, channels last, with wider labels. */
    float *last = malloc((size_t)values.count * sizeof(float));
    uint16_t *wide = malloc((size_t)labels.count * sizeof(uint16_t));
    assert_true(last && wide);
    for (int64_t i = 0; i < values.count; i++)
        last[(h - 1 - i / w % h) * w * c + i % w * c + i / w / h] = ((float *)values.data)[i];
    for (int64_t i = 0; i < labels.count; i++)
        wide[labels.count - 1 - i] = ((uint8_t *)labels.data)[i];
    view = (segent_tensor_view){last + (h - 1) * w * c, c, h, w, 1, -w * c, c};
    truth = (segent_label_view){wide + labels.count - 1,
                                labels.shape[0],
                                labels.shape[1],
                                -labels.shape[1],
                                -1,
                                SEGENT_LABEL_U16,
                                0};
    evaluation = create((int32_t)c, &options);
    test_assert_ok(context, segent_evaluation_add(context, evaluation, &truth, &view));
    check_golden(name, evaluation, figures, logits ? MEASURES : 3);
    segent_evaluation_destroy(evaluation);
    free(last);
    free(wide);
    test_free_array(&values);
    test_free_array(&labels);
    test_free_array(&expected);
}

static void golden(void **state)
{
    static const char *const names[] = {"spread", "sure",   "tempered", "stretched",    "shrunk",
                                        "ties",   "offset", "few",      "probabilities"};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        golden_case(names[i]);
}

/* ---- splits ---- */

typedef struct picture {
    float logits[C * PIXELS];
    uint8_t labels[PIXELS];
} picture;

/* Logits of `spread` + 1 orders of magnitude: the more, the more pages of bins. */
static void make_picture(picture *p, uint64_t seed, float spread)
{
    uint64_t random = seed;
    for (int i = 0; i < C * PIXELS; i++)
        p->logits[i] = test_random_uniform(&random, -1.0f, 1.0f) *
                       powf(10.0f, test_random_uniform(&random, -spread, 1.0f));
    for (int i = 0; i < PIXELS; i++) {
        const uint64_t draw = test_random(&random) % 100;
        int best = 0;
        for (int c = 1; c < C; c++)
            best = p->logits[c * PIXELS + i] > p->logits[best * PIXELS + i] ? c : best;
        p->labels[i] = (uint8_t)(draw < 5 ? 255 : draw < 30 ? draw % C : (uint64_t)best);
    }
}

static void add(segent_context *with, segent_evaluation *evaluation, const picture *p)
{
    const segent_tensor_view logits = segent_tensor_chw(p->logits, C, H, W);
    const segent_label_view labels = segent_label_map(p->labels, SEGENT_LABEL_U8, H, W);
    test_assert_ok(with, segent_evaluation_add(with, evaluation, &labels, &logits));
}

/* The bytes of an evaluation's file, to be freed. */
static unsigned char *bytes_of(const segent_evaluation *evaluation, size_t *size)
{
    const char *path = test_temporary("state");
    test_assert_ok(context, segent_evaluation_save(context, evaluation, path));
    return test_read_file(path, size);
}

static void assert_same_bytes(const segent_evaluation *a, const segent_evaluation *b)
{
    size_t first_size, second_size;
    unsigned char *first = bytes_of(a, &first_size), *second = bytes_of(b, &second_size);
    assert_int_equal(first_size, second_size);
    assert_memory_equal(first, second, first_size);
    free(first);
    free(second);
}

static void assert_same(const segent_evaluation *a, const segent_evaluation *b)
{
    const segent_figures one = figures_of(a), two = figures_of(b);
    assert_same_bytes(a, b);
    assert_memory_equal(&one, &two, sizeof(one));
    for (int m = 0; m < MEASURES; m++) {
        const segent_measure_figures of_one = measure_of(a, m), of_two = measure_of(b, m);
        assert_memory_equal(&of_one, &of_two, sizeof(of_one));
    }
}

/* Pictures in one go, backwards on one thread, and in parts that are merged by way of a file, give
 * the same bytes and digits. Logits of so many sizes take more pages of bins than there may be, so
 * that all of these make their bins wider on the way, each at another time. */
static void splits(void **state)
{
    enum { PICTURES = 4 };
    static picture pictures[PICTURES];
    segent_options one_thread = segent_options_init();
    segent_context *other = NULL;
    (void)state;
    one_thread.threads = 1;
    test_assert_ok(NULL, segent_context_create(&one_thread, &other));
    segent_evaluation *all = create(C, NULL), *part[2] = {create(C, NULL), create(C, NULL)};
    for (int i = 0; i < PICTURES; i++) {
        make_picture(&pictures[i], (uint64_t)i, i == 2 ? 36.0f : 2.0f);
        add(context, all, &pictures[i]);
        add(context, part[i % 2], &pictures[i]);
    }
    const char *path = test_temporary("part");
    segent_evaluation *loaded = NULL;
    test_assert_ok(context, segent_evaluation_save(context, part[0], path));
    test_assert_ok(context, segent_evaluation_load(context, path, &loaded));
    assert_same_bytes(part[0], loaded);
    /* The coarser one into the finer one, and the reverse. */
    test_assert_ok(context, segent_evaluation_merge(context, loaded, part[1]));
    test_assert_ok(context, segent_evaluation_merge(context, part[1], part[0]));
    segent_evaluation_destroy(part[0]);
    assert_same_bytes(all, loaded);
    assert_same(all, part[1]);
    segent_evaluation_destroy(part[1]);
    segent_evaluation_destroy(loaded);
    segent_evaluation *backwards = create(C, NULL);
    for (int i = PICTURES - 1; i >= 0; i--)
        add(other, backwards, &pictures[i]);
    assert_same_bytes(all, backwards);
    segent_evaluation_destroy(backwards);
    segent_evaluation_destroy(all);
    segent_context_destroy(other);
}

static void merge_refused(segent_context *with, segent_evaluation *target,
                          const segent_evaluation *other, segent_status expected)
{
    size_t size, size_after;
    unsigned char *before = bytes_of(target, &size);
    test_assert_status(with, segent_evaluation_merge(with, target, other), expected);
    unsigned char *after = bytes_of(target, &size_after);
    assert_int_equal(size, size_after);
    assert_memory_equal(before, after, size);
    free(before);
    free(after);
}

/* A merge that is refused leaves its target as it was, to the byte, though what is merged would
 * have made its bins wider: where memory ends at one of the allocations, and where options differ.
 */
static void refused_merges(void **state)
{
    static picture near, far;
    test_allocator memory = {.fail_at = 0};
    const segent_options with_memory = test_allocator_options(&memory);
    segent_evaluation_options hotter = segent_evaluation_options_init();
    segent_context *other = NULL;
    segent_evaluation *target = NULL, *twin = NULL;
    (void)state;
    make_picture(&near, 1, 2.0f);
    make_picture(&far, 2, 36.0f);
    test_assert_ok(NULL, segent_context_create(&with_memory, &other));
    test_assert_ok(other, segent_evaluation_create(other, C, NULL, &target));
    test_assert_ok(other, segent_evaluation_create(other, C, NULL, &twin));
    hotter.temperature = 2.0f;
    segent_evaluation *source = create(C, NULL), *hot = create(C, &hotter);
    add(other, target, &near);
    add(other, twin, &near);
    add(context, source, &far);
    add(context, hot, &far);
    merge_refused(other, target, hot, SEGENT_ERROR_INVALID_ARGUMENT);
    segent_evaluation_destroy(hot);
    const int64_t before = memory.calls;
    test_assert_ok(other, segent_evaluation_merge(other, twin, source));
    const int64_t needed = memory.calls - before;
    /* Pages that were made are kept: first half of them, then all but the last. */
    assert_true(needed > 2);
    memory.fail_at = memory.calls + needed / 2 + 1;
    merge_refused(other, target, source, SEGENT_ERROR_OUT_OF_MEMORY);
    memory.fail_at = memory.calls + needed - needed / 2;
    merge_refused(other, target, source, SEGENT_ERROR_OUT_OF_MEMORY);
    memory.fail_at = 0;
    test_assert_ok(other, segent_evaluation_merge(other, target, source));
    assert_same_bytes(target, twin);
    segent_evaluation_destroy(source);
    segent_evaluation_destroy(target);
    segent_evaluation_destroy(twin);
    segent_context_destroy(other);
    assert_int_equal(memory.live, 0);
}

/* More than 2^53 pixels are refused, and counted in nothing. */
static void too_many_pixels(void **state)
{
    static const float logits[2] = {0.0f, 1.0f};
    static const uint8_t label[1] = {1};
    const segent_tensor_view values = segent_tensor_chw(logits, 2, 1, 1);
    const segent_label_view truth = segent_label_map(label, SEGENT_LABEL_U8, 1, 1);
    segent_evaluation *a = create(2, NULL), *b = create(2, NULL);
    (void)state;
    test_assert_ok(context, segent_evaluation_add(context, a, &truth, &values));
    test_assert_ok(context, segent_evaluation_add(context, b, &truth, &values));
    /* As the numbers of Fibonacci grow, until one of both is too many. */
    segent_status status = SEGENT_OK;
    int merges = 0;
    for (; status == SEGENT_OK && merges < 100; merges++)
        status = merges % 2 == 0 ? segent_evaluation_merge(context, a, b)
                                 : segent_evaluation_merge(context, b, a);
    assert_int_equal(status, SEGENT_ERROR_LIMIT);
    test_assert_error_contains(context, "more than 2^53");
    const int64_t most =
        figures_of(a).pixels > figures_of(b).pixels ? figures_of(a).pixels : figures_of(b).pixels;
    assert_true(most > (int64_t)1 << 52 && most <= (int64_t)1 << 53);
    assert_true(figures_of(a).pixel_accuracy == 1.0 && figures_of(b).mean_iou == 1.0);
    segent_evaluation_destroy(a);
    segent_evaluation_destroy(b);
}

/* ---- what is undefined ---- */

static void add_small(segent_evaluation *evaluation, const float *logits, const uint8_t *labels,
                      int64_t classes, int64_t pixels)
{
    const segent_tensor_view view = segent_tensor_chw(logits, classes, 1, pixels);
    const segent_label_view truth = segent_label_map(labels, SEGENT_LABEL_U8, 1, pixels);
    test_assert_ok(context, segent_evaluation_add(context, evaluation, &truth, &view));
}

static void assert_undetectable(const segent_evaluation *evaluation, double aurc)
{
    for (int m = 0; m < MEASURES; m++) {
        const segent_measure_figures of = measure_of(evaluation, m);
        assert_true(isnan(of.auroc) && isnan(of.aupr) && isnan(of.fpr95));
        assert_true(isnan(aurc) ? isnan(of.aurc) && isnan(of.eaurc)
                                : of.aurc == aurc && fabs(of.eaurc) < 1e-15);
    }
}

static void undefined_figures(void **state)
{
    const float logits[2 * 3] = {2, 1, 0, 0, 0, 3};
    const uint8_t right[3] = {0, 0, 1}, wrong[3] = {1, 1, 0}, ignored[3] = {255, 255, 255};
    (void)state;
    segent_evaluation *evaluation = create(2, NULL);
    for (int pictures = 0; pictures < 2; pictures++) {
        const segent_figures of = figures_of(evaluation);
        assert_int_equal(of.images, pictures);
        assert_int_equal(of.pixels, 0);
        assert_true(isnan(of.pixel_accuracy) && isnan(of.mean_iou) && isnan(of.ece) &&
                    isnan(of.ace) && isnan(of.brier) && isnan(of.nll));
        assert_undetectable(evaluation, NAN);
        if (pictures == 0)
            add_small(evaluation, logits, ignored, 2, 3);
    }
    segent_evaluation_destroy(evaluation);

    evaluation = create(2, NULL);
    add_small(evaluation, logits, right, 2, 3);
    assert_true(figures_of(evaluation).pixel_accuracy == 1.0);
    assert_undetectable(evaluation, 0.0);
    segent_evaluation_destroy(evaluation);

    evaluation = create(2, NULL);
    add_small(evaluation, logits, wrong, 2, 3);
    assert_true(figures_of(evaluation).mean_iou == 0.0);
    assert_undetectable(evaluation, 1.0);
    segent_evaluation_destroy(evaluation);

    /* One class: sure and right. */
    evaluation = create(1, NULL);
    const uint8_t zeros[3] = {0, 0, 0};
    add_small(evaluation, logits, zeros, 1, 3);
    const segent_figures sure = figures_of(evaluation);
    assert_true(sure.pixel_accuracy == 1.0 && sure.mean_iou == 1.0 && sure.ece == 0.0 &&
                sure.ace == 0.0 && sure.brier == 0.0 && sure.nll == 0.0);
    segent_evaluation_destroy(evaluation);

    /* A class in neither has no IoU and does not count; one that is only predicted has 0. */
    evaluation = create(3, NULL);
    const float three[3 * 2] = {0, 5, 1, 0, -1, -1};
    const uint8_t zero[2] = {0, 0};
    add_small(evaluation, three, zero, 3, 2);
    segent_class_figures of_class = segent_class_figures_init();
    test_assert_ok(context, segent_evaluation_class_figures(context, evaluation, 1, &of_class));
    assert_true(of_class.pixels == 0 && of_class.predicted == 1 && of_class.iou == 0.0);
    test_assert_ok(context, segent_evaluation_class_figures(context, evaluation, 2, &of_class));
    assert_true(of_class.predicted == 0 && isnan(of_class.iou));
    assert_true(figures_of(evaluation).mean_iou == 0.25);
    segent_evaluation_destroy(evaluation);

    /* The right class was impossible. */
    evaluation = create(2, NULL);
    const float impossible[2] = {0, -INFINITY};
    const uint8_t one = 1;
    add_small(evaluation, impossible, &one, 2, 1);
    assert_true(figures_of(evaluation).nll == INFINITY && figures_of(evaluation).brier == 2.0);
    segent_evaluation_destroy(evaluation);
}

/* ECE's bins are closed above: 1/3, 1/5 and 1 as the top probability lie at edges. NLL is not
 * clipped, however large. */
static void edges(void **state)
{
    float equal[5] = {7, 7, 7, 7, 7};
    const float far[2] = {0, -3e38f};
    const uint8_t zero = 0, one = 1;
    (void)state;
    for (int32_t classes = 3; classes <= 5; classes += 2) {
        segent_evaluation *evaluation = create(classes, NULL);
        add_small(evaluation, equal, &zero, classes, 1);
        assert_true(fabs(figures_of(evaluation).ece - (1 - 1.0 / classes)) < 1e-15);
        assert_true(fabs(figures_of(evaluation).nll - log(classes)) < 1e-15);
        assert_true(measure_of(evaluation, SEGENT_MEASURE_ENTROPY).aurc == 0.0);
        segent_evaluation_destroy(evaluation);
    }
    segent_evaluation *evaluation = create(2, NULL);
    add_small(evaluation, far, &one, 2, 1);
    assert_true(figures_of(evaluation).nll == (double)3e38f);
    assert_true(figures_of(evaluation).ece == 1.0);
    segent_evaluation_destroy(evaluation);
}

/* ---- what is refused ---- */

static void refused(segent_evaluation *evaluation, const segent_label_view *labels,
                    const segent_tensor_view *values, segent_status status, const char *text)
{
    test_assert_status(context, segent_evaluation_add(context, evaluation, labels, values), status);
    test_assert_error_contains(context, text);
    assert_int_equal(figures_of(evaluation).images, 0);
    assert_int_equal(figures_of(evaluation).pixels, 0);
}

static void refused_pictures(void **state)
{
    static picture p;
    (void)state;
    make_picture(&p, 1, 0.0f);
    const segent_tensor_view logits = segent_tensor_chw(p.logits, C, H, W);
    segent_label_view labels = segent_label_map(p.labels, SEGENT_LABEL_U8, H, W);
    segent_evaluation *evaluation = create(C, NULL), *clean = create(C, NULL);
    p.labels[5 * W + 6] = C;
    refused(evaluation, &labels, &logits, SEGENT_ERROR_INVALID_ARGUMENT,
            "label 4 at (y, x) = (5, 6), but there are 4 classes");
    p.labels[5 * W + 6] = 0;
    p.logits[2 * PIXELS + 7] = NAN;
    refused(evaluation, &labels, &logits, SEGENT_ERROR_NOT_FINITE, "NaN at (y, x, class)");
    p.logits[2 * PIXELS + 7] = INFINITY;
    refused(evaluation, &labels, &logits, SEGENT_ERROR_NOT_FINITE, "+infinity at (y, x, class)");
    p.logits[2 * PIXELS + 7] = 0.0f;
    segent_tensor_view fewer = logits;
    fewer.channels = C - 1;
    refused(evaluation, &labels, &fewer, SEGENT_ERROR_INVALID_ARGUMENT,
            "logits of 3 channels, but the evaluation has 4 classes");
    refused(evaluation, NULL, &logits, SEGENT_ERROR_INVALID_ARGUMENT, "NULL");
    refused(evaluation, &labels, NULL, SEGENT_ERROR_INVALID_ARGUMENT, "NULL");
    /* Nothing is left of what was refused. */
    add(context, evaluation, &p);
    add(context, clean, &p);
    assert_same_bytes(evaluation, clean);
    segent_evaluation_destroy(evaluation);
    segent_evaluation_destroy(clean);

    /* Where a finite neighbour meets -infinity of another class, no class is possible. */
    const float walls[2 * 2] = {0, -INFINITY, -INFINITY, 0};
    const uint8_t zeros[4] = {0};
    const segent_tensor_view two = segent_tensor_chw(walls, 2, 1, 2);
    labels = segent_label_map(zeros, SEGENT_LABEL_U8, 1, 4);
    evaluation = create(2, NULL);
    refused(evaluation, &labels, &two, SEGENT_ERROR_NOT_FINITE, "no class is possible");
    segent_evaluation_destroy(evaluation);
}

static void refused_probabilities(void **state)
{
    float p[2 * 4] = {0.5f, 0.25f, 1.0f, 0.0f, 0.5f, 0.75f, 0.0f, 1.0f};
    const uint8_t zeros[8] = {0};
    const segent_tensor_view values = segent_tensor_chw(p, 2, 1, 4);
    segent_label_view labels = segent_label_map(zeros, SEGENT_LABEL_U8, 1, 4);
    segent_evaluation_options options = segent_evaluation_options_init();
    segent_measure_figures of = segent_measure_figures_init();
    (void)state;
    options.source = SEGENT_SOURCE_PROBABILITIES;
    segent_evaluation *evaluation = create(2, &options);
    p[1] = 0.5f;
    refused(evaluation, &labels, &values, SEGENT_ERROR_NOT_PROBABILITY, "sum to 1.25");
    p[1] = -0.25f;
    refused(evaluation, &labels, &values, SEGENT_ERROR_NOT_PROBABILITY, "is not in [0, 1]");
    p[1] = NAN;
    refused(evaluation, &labels, &values, SEGENT_ERROR_NOT_FINITE, "NaN");
    p[1] = 0.25f;
    labels.width = 8;
    refused(evaluation, &labels, &values, SEGENT_ERROR_INVALID_ARGUMENT, "1 x 8 are meant");
    labels.width = 4;
    test_assert_ok(context, segent_evaluation_add(context, evaluation, &labels, &values));
    assert_true(figures_of(evaluation).nll == INFINITY);
    test_assert_status(
        context, segent_evaluation_measure_figures(context, evaluation, SEGENT_MEASURE_ENERGY, &of),
        SEGENT_ERROR_UNSUPPORTED);
    segent_evaluation_destroy(evaluation);
}

static void refused_arguments(void **state)
{
    segent_evaluation *evaluation = NULL, *other;
    segent_evaluation_options options = segent_evaluation_options_init();
    segent_figures figures = segent_figures_init();
    segent_class_figures of_class = segent_class_figures_init();
    segent_measure_figures of_measure = segent_measure_figures_init();
    const segent_status invalid = SEGENT_ERROR_INVALID_ARGUMENT;
    (void)state;
    test_assert_status(context, segent_evaluation_create(context, 0, NULL, &evaluation), invalid);
    test_assert_status(context, segent_evaluation_create(context, 65537, NULL, &evaluation),
                       invalid);
    test_assert_status(context, segent_evaluation_create(context, 3, NULL, NULL), invalid);
    options.source = 2;
    test_assert_status(context, segent_evaluation_create(context, 3, &options, &evaluation),
                       invalid);
    options = segent_evaluation_options_init();
    for (int32_t ignore = -3; ignore <= 65536; ignore += 65539) {
        options.ignore = ignore;
        test_assert_status(context, segent_evaluation_create(context, 3, &options, &evaluation),
                           invalid);
    }
    options = segent_evaluation_options_init();
    options.temperature = -1.0f;
    test_assert_status(context, segent_evaluation_create(context, 3, &options, &evaluation),
                       invalid);
    options.temperature = 2.0f;
    options.source = SEGENT_SOURCE_PROBABILITIES;
    test_assert_status(context, segent_evaluation_create(context, 3, &options, &evaluation),
                       invalid);
    assert_null(evaluation);
    evaluation = create(3, NULL);
    assert_int_equal(figures_of(evaluation).ignore, 255);
    test_assert_status(context, segent_evaluation_figures(context, NULL, &figures), invalid);
    test_assert_status(context, segent_evaluation_figures(context, evaluation, NULL), invalid);
    for (int32_t c = -1; c <= 3; c += 4)
        test_assert_status(
            context, segent_evaluation_class_figures(context, evaluation, c, &of_class), invalid);
    for (int32_t m = -1; m <= MEASURES; m += MEASURES + 1)
        test_assert_status(context,
                           segent_evaluation_measure_figures(context, evaluation, m, &of_measure),
                           invalid);
    test_assert_status(context, segent_evaluation_merge(context, evaluation, evaluation), invalid);
    test_assert_status(context, segent_evaluation_merge(context, evaluation, NULL), invalid);
    test_assert_status(context, segent_evaluation_save(context, NULL, "x"), invalid);
    test_assert_status(context, segent_evaluation_load(context, "x", NULL), invalid);
    test_assert_status(context, segent_evaluation_load(context, test_temporary("none"), &other),
                       SEGENT_ERROR_NOT_FOUND);

    /* Of other classes, ids, temperatures, sources. */
    for (int i = 0; i < 4; i++) {
        options = segent_evaluation_options_init();
        options.ignore = i == 1 ? SEGENT_IGNORE_ZERO : 0;
        options.temperature = i == 2 ? 2.0f : 0.0f;
        options.source = i == 3 ? SEGENT_SOURCE_PROBABILITIES : SEGENT_SOURCE_LOGITS;
        other = create(i == 0 ? 4 : 3, &options);
        test_assert_status(context, segent_evaluation_merge(context, evaluation, other), invalid);
        segent_evaluation_destroy(other);
    }
    segent_evaluation_destroy(evaluation);
    segent_evaluation_destroy(NULL);
}

/* Ids of 0, none and one that is also a class. */
static void ignored_ids(void **state)
{
    const float logits[3 * 3] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    const uint8_t labels[3] = {0, 1, 2};
    const int32_t given[] = {SEGENT_IGNORE_ZERO, SEGENT_IGNORE_NONE, 2};
    const int32_t told[] = {0, -1, 2}, pixels[] = {2, 3, 2};
    (void)state;
    for (int i = 0; i < 3; i++) {
        segent_evaluation_options options = segent_evaluation_options_init();
        options.ignore = given[i];
        segent_evaluation *evaluation = create(3, &options);
        add_small(evaluation, logits, labels, 3, 3);
        assert_int_equal(figures_of(evaluation).ignore, told[i]);
        assert_int_equal(figures_of(evaluation).pixels, pixels[i]);
        segent_evaluation_destroy(evaluation);
    }
}

/* ---- files ---- */

static uint64_t sum_of(const unsigned char *bytes, size_t size)
{
    uint64_t sum = 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ bytes[i]) * 0x100000001b3u;
    return sum;
}

static segent_status load_bytes(const unsigned char *bytes, size_t size)
{
    segent_evaluation *evaluation = NULL;
    const char *path = test_temporary("changed");
    test_write_file(path, bytes, size);
    const segent_status status = segent_evaluation_load(context, path, &evaluation);
    if (status != SEGENT_OK) {
        assert_null(evaluation);
        test_assert_error_contains(context, path);
    }
    segent_evaluation_destroy(evaluation);
    return status;
}

static void put_sum_of(unsigned char *bytes, size_t size)
{
    const uint64_t sum = sum_of(bytes, size - 8);
    for (int j = 0; j < 8; j++)
        bytes[size - 8 + (size_t)j] = (unsigned char)(sum >> (8 * j));
}

/* Files that end early, have a byte changed, or have one changed and a sum that is right. */
static void damaged_files(void **state)
{
    static picture p;
    size_t size;
    (void)state;
    make_picture(&p, 3, 2.0f);
    segent_evaluation *evaluation = create(C, NULL);
    add_small(evaluation, p.logits, p.labels, C, 10);
    unsigned char *bytes = bytes_of(evaluation, &size);
    assert_int_equal(load_bytes(bytes, size), SEGENT_OK);
    for (size_t cut = 8; cut < size; cut += size / 16) {
        assert_int_equal(load_bytes(bytes, cut), SEGENT_ERROR_TRUNCATED);
        test_assert_error_contains(context, "torn");
    }
    assert_int_equal(load_bytes(bytes, 7), SEGENT_ERROR_FORMAT);
    unsigned char *changed = malloc(size + 1);
    assert_non_null(changed);
    memcpy(changed, bytes, size);
    changed[size] = 0;
    assert_int_equal(load_bytes(changed, size + 1), SEGENT_ERROR_FORMAT);
    int survivors = 0;
    for (size_t i = 0; i < size - 8; i += 1 + i / 20) {
        memcpy(changed, bytes, size);
        changed[i] ^= (unsigned char)(1 + i % 255);
        assert_int_not_equal(load_bytes(changed, size), SEGENT_OK);
        put_sum_of(changed, size);
        survivors += load_bytes(changed, size) == SEGENT_OK;
    }
    /* Options, pictures and sums may be others; counts that disagree are found. */
    assert_in_range(survivors, 1, 60);
    free(changed);
    free(bytes);
    segent_evaluation_destroy(evaluation);
}

/* Bins that no pixel can be in, in files whose sum is right: measures between 0 and 1 drop no bits
 * of their bins' numbers, and have none above that of 1. */
static void impossible_bins(void **state)
{
    enum { TWO = 2, LEVEL = 24 + 16 + 8 + 24 + 15 * (8 + 8 + 48) + 2 * 48 + TWO * 24 };
    static const float logits[TWO] = {1.0f, 1.0f};
    static const uint8_t labels[1] = {0};
    size_t size;
    (void)state;
    segent_evaluation *evaluation = create(TWO, NULL);
    add_small(evaluation, logits, labels, TWO, 1);
    unsigned char *bytes = bytes_of(evaluation, &size);
    /* One bin, entropy 1: the highest there is, as a number of 4 bytes. */
    assert_int_equal(bytes[LEVEL], 0);
    assert_int_equal(bytes[LEVEL + 8], 1);
    put_sum_of(bytes, size);
    assert_int_equal(load_bytes(bytes, size), SEGENT_OK);
    bytes[LEVEL] = 1;
    put_sum_of(bytes, size);
    assert_int_equal(load_bytes(bytes, size), SEGENT_ERROR_FORMAT);
    bytes[LEVEL] = 0;
    bytes[LEVEL + 16]++;
    put_sum_of(bytes, size);
    assert_int_equal(load_bytes(bytes, size), SEGENT_ERROR_FORMAT);
    free(bytes);
    segent_evaluation_destroy(evaluation);
}

/* ---- memory ---- */

static segent_status all_steps(segent_context *with, const picture *p, const char *path)
{
    const segent_tensor_view logits = segent_tensor_chw(p->logits, C, H, W);
    const segent_label_view labels = segent_label_map(p->labels, SEGENT_LABEL_U8, H, W);
    segent_evaluation *first = NULL, *second = NULL;
    segent_figures figures = segent_figures_init();
    segent_status status = segent_evaluation_create(with, C, NULL, &first);
    if (status == SEGENT_OK) {
        status = segent_evaluation_add(with, first, &labels, &logits);
        assert_int_equal(segent_evaluation_figures(with, first, &figures), SEGENT_OK);
        assert_int_equal(figures.images, status == SEGENT_OK);
    }
    if (status == SEGENT_OK)
        status = segent_evaluation_save(with, first, path);
    if (status == SEGENT_OK)
        status = segent_evaluation_load(with, path, &second);
    if (status == SEGENT_OK) {
        status = segent_evaluation_merge(with, second, first);
        assert_int_equal(segent_evaluation_figures(with, second, &figures), SEGENT_OK);
        assert_int_equal(figures.images, status == SEGENT_OK ? 2 : 1);
    }
    segent_evaluation_destroy(first);
    segent_evaluation_destroy(second);
    return status;
}

/* Each allocation fails in turn. */
static void failing_allocations(void **state)
{
    static picture p;
    const char *path = test_temporary("memory");
    segent_status status = SEGENT_ERROR_OUT_OF_MEMORY;
    (void)state;
    make_picture(&p, 4, 0.0f);
    for (int i = 4; i < PIXELS; i++)
        p.labels[i] = 255;
    for (int64_t k = 1; status != SEGENT_OK; k++) {
        test_allocator memory = {.fail_at = k};
        const segent_options options = test_allocator_options(&memory);
        segent_context *with = NULL;
        status = segent_context_create(&options, &with);
        if (status == SEGENT_OK)
            status = all_steps(with, &p, path);
        if (status != SEGENT_OK)
            assert_int_equal(status, SEGENT_ERROR_OUT_OF_MEMORY);
        segent_context_destroy(with);
        assert_int_equal(memory.live, 0);
        assert_true(k < 500);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden),
        cmocka_unit_test(splits),
        cmocka_unit_test(refused_merges),
        cmocka_unit_test(too_many_pixels),
        cmocka_unit_test(undefined_figures),
        cmocka_unit_test(edges),
        cmocka_unit_test(refused_pictures),
        cmocka_unit_test(refused_probabilities),
        cmocka_unit_test(refused_arguments),
        cmocka_unit_test(ignored_ids),
        cmocka_unit_test(damaged_files),
        cmocka_unit_test(impossible_bins),
        cmocka_unit_test(failing_allocations),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
