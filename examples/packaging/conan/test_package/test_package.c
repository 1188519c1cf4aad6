/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Three classes alike have the entropy 1. The arguments are what the library was to be built with,
 * of png, jpeg and zlib: it has to have these and no other. */

#include <segent/segent.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

static int check_features(int count, char **wanted)
{
    static const char *const features[] = {"png", "jpeg", "zlib"};
    int good = 1;
    for (int i = 0; i < 3; i++) {
        int is_wanted = 0;
        for (int j = 0; j < count; j++)
            is_wanted = is_wanted || strcmp(wanted[j], features[i]) == 0;
        if (segent_supports(features[i]) != is_wanted) {
            fprintf(stderr, "test_package: %s is %s\n", features[i],
                    is_wanted ? "missing" : "there");
            good = 0;
        }
    }
    return good;
}

int main(int argc, char **argv)
{
    const float logits[3] = {0.5f, 0.5f, 0.5f};
    float entropy[1] = {0.0f};
    const segent_tensor_view values = segent_tensor_chw(logits, 3, 1, 1);
    const segent_map_view map = segent_map(entropy, 1, 1);
    segent_context *context = NULL;
    segent_status status = segent_context_create(NULL, &context);
    if (status == SEGENT_OK)
        status = segent_entropy_map(context, &values, NULL, &map);
    if (status != SEGENT_OK)
        fprintf(stderr, "test_package: %s\n", segent_last_error(context));
    segent_context_destroy(context);
    if (status != SEGENT_OK || !check_features(argc - 1, argv + 1))
        return 1;
    printf("libsegent %s, entropy %.6f\n", segent_version(), entropy[0]);
    return strcmp(segent_version(), SEGENT_VERSION_STRING) != 0 || fabsf(entropy[0] - 1.0f) > 1e-6f;
}
