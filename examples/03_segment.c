/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A picture through the network: class ids to a PNG, the image entropy to stdout.
 *     cc 03_segment.c $(pkg-config --cflags --libs segent) -o segment
 *     ./segment MODEL PICTURE LABELS.png */

#include <segent/segent.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    segent_context *context = NULL;
    segent_model *model = NULL;
    segent_image *image = NULL;
    segent_result *result = NULL;
    segent_entropy_summary sums = segent_entropy_summary_init();

    int done = argc == 4 && segent_context_create(NULL, &context) == SEGENT_OK &&
               segent_model_load(context, argv[1], NULL, &model) == SEGENT_OK &&
               segent_image_load(context, argv[2], NULL, &image) == SEGENT_OK &&
               segent_run(context, model, image, NULL, &result) == SEGENT_OK &&
               segent_result_summary(result, &sums) == SEGENT_OK;
    if (done) {
        const segent_label_view labels = segent_result_label_view(result);
        done = segent_labels_save_png(context, &labels, NULL, 0, argv[3]) == SEGENT_OK;
    }
    if (done)
        printf("image entropy %.3f, mean %.6f\n", sums.sum, sums.mean);
    else
        fprintf(stderr, "%s\n",
                argc == 4 ? segent_last_error(context) : "MODEL PICTURE LABELS.png");
    segent_result_destroy(result);
    segent_image_destroy(image);
    segent_model_destroy(model);
    segent_context_destroy(context);
    return done ? 0 : 1;
}
