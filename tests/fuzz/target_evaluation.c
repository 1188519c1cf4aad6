/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads the state of an evaluation, asks for its figures, which must make sense whatever the state
 * says, and adds it to itself. */

#include <math.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

/* Reads a state from a file that is in memory alone. */
static segent_evaluation *load(segent_context *context, const uint8_t *data, size_t size)
{
    char path[64];
    segent_evaluation *evaluation = NULL;
    const int descriptor = memfd_create("state", MFD_CLOEXEC);
    fuzz_check(descriptor >= 0 && write(descriptor, data, size) == (ssize_t)size, "no file");
    snprintf(path, sizeof(path), "/proc/self/fd/%d", descriptor);
    const segent_status status = segent_evaluation_load(context, path, &evaluation);
    fuzz_check_result(context, status, evaluation);
    close(descriptor);
    return evaluation;
}

static void check_share(double value, const char *what)
{
    fuzz_check(isnan(value) || (value >= 0.0 && value <= 1.0 + 1e-9), what);
}

/* Returns how many pixels are counted. */
static int64_t check_figures(segent_context *context, const segent_evaluation *evaluation)
{
    segent_figures figures = segent_figures_init();
    segent_class_figures of_class = segent_class_figures_init();
    segent_measure_figures of_measure = segent_measure_figures_init();
    fuzz_check(segent_evaluation_figures(context, evaluation, &figures) == SEGENT_OK, "figures");
    check_share(figures.pixel_accuracy, "accuracy");
    check_share(figures.mean_iou, "mean IoU");
    for (int32_t id = 0; id < figures.classes; id += 1 + id / 8) {
        fuzz_check(segent_evaluation_class_figures(context, evaluation, id, &of_class) == SEGENT_OK,
                   "figures of a class");
        check_share(of_class.iou, "IoU");
    }
    const int last =
        figures.source == SEGENT_SOURCE_LOGITS ? SEGENT_MEASURE_MAXLOGIT : SEGENT_MEASURE_MARGIN;
    for (int measure = 0; measure <= last; measure++) {
        fuzz_check(segent_evaluation_measure_figures(context, evaluation, measure, &of_measure) ==
                       SEGENT_OK,
                   "figures of a measure");
        check_share(of_measure.auroc, "AUROC");
        check_share(of_measure.aupr, "AUPR");
        check_share(of_measure.fpr95, "FPR95");
        check_share(of_measure.aurc, "AURC");
    }
    return figures.pixels;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    segent_context *context = fuzz_begin();
    segent_evaluation *evaluation = load(context, data, size);
    segent_evaluation *other = evaluation ? load(context, data, size) : NULL;
    if (other) {
        const int64_t pixels = check_figures(context, evaluation);
        const segent_status status = segent_evaluation_merge(context, evaluation, other);
        fuzz_check(status == SEGENT_OK || status == SEGENT_ERROR_LIMIT ||
                       status == SEGENT_ERROR_OUT_OF_MEMORY,
                   "a state that cannot be added to itself");
        fuzz_check(check_figures(context, evaluation) ==
                       (status == SEGENT_OK ? 2 * pixels : pixels),
                   "pixels that are lost");
    }
    segent_evaluation_destroy(other);
    segent_evaluation_destroy(evaluation);
    fuzz_end();
    return 0;
}
