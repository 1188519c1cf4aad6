/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Which library, which processor, which kernels:
 *     cc 00_version.c $(pkg-config --cflags --libs segent) -o version && ./version */

#include <segent/segent.h>
#include <stdio.h>

int main(void)
{
    segent_context *context = NULL;
    segent_cpu_info info = segent_cpu_info_init();
    const segent_status status = segent_context_create(NULL, &context);
    if (status != SEGENT_OK) {
        fprintf(stderr, "no context: %s\n", segent_last_error(NULL));
        return 1;
    }
    segent_context_cpu_info(context, &info);
    printf("libsegent %s (header %s)\n", segent_version(), SEGENT_VERSION_STRING);
    printf("processor %s\n", info.processor);
    printf("kernels   %s\n", info.kernels);
    printf("BLAS      %s\n", info.blas);
    printf("threads   %d\n", (int)info.threads);
    segent_context_destroy(context);
    return 0;
}
