/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A picture through the network: class ids to a PNG; what the network is, the image entropy and
 * the pixels of each class to stdout.
 *     cc 03_segment.c $(pkg-config --cflags --libs segent) -o segment
 *     ./segment MODEL PICTURE LABELS.png */

#include <segent/segent.h>
#include <stdio.h>

static void print(const segent_model *model, const segent_result *result)
{
    segent_model_details facts = segent_model_details_init();
    segent_entropy_summary sums = segent_entropy_summary_init();
    int64_t classes = 0;
    const segent_class_statistics *found = segent_result_statistics(result, &classes);
    segent_model_info(model, &facts);
    segent_result_summary(result, &sums);
    printf("%s, %d classes\n", facts.architecture, (int)facts.classes);
    printf("image entropy %.3f, mean %.6f\n", sums.sum, sums.mean);
    for (int i = 0; i < classes; i++) {
        if (found[i].pixels > 0)
            printf("%s: %lld pixels\n", segent_model_class_name(model, i),
                   (long long)found[i].pixels);
    }
}

int main(int argc, char **argv)
{
    segent_context *context = NULL;
    segent_model *model = NULL;
    segent_image *image = NULL;
    segent_result *result = NULL;

    int done = argc == 4 && segent_context_create(NULL, &context) == SEGENT_OK &&
               segent_model_load(context, argv[1], NULL, &model) == SEGENT_OK &&
               segent_image_load(context, argv[2], NULL, &image) == SEGENT_OK &&
               segent_run(context, model, image, NULL, &result) == SEGENT_OK;
    if (done) {
        const segent_label_view labels = segent_result_label_view(result);
        done = segent_labels_save_png(context, &labels, NULL, 0, argv[3]) == SEGENT_OK;
    }
    if (done)
        print(model, result);
    else
        fprintf(stderr, "%s\n",
                argc == 4 ? segent_last_error(context) : "MODEL PICTURE LABELS.png");
    segent_result_destroy(result);
    segent_image_destroy(image);
    segent_model_destroy(model);
    segent_context_destroy(context);
    return done ? 0 : 1;
}
