/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A host that opens the library while it runs and closes it again, as an interpreter does when it
 * ends, although a context with threads is left: unload LIBRARY. The threads look for work for a
 * moment after the last call, and the code that they run must still be there. */

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "segent/segent.h"

enum { CLASSES = 4, SIDE = 512 };

typedef segent_status create_fn(const segent_options *options, segent_context **context);
typedef segent_status softmax_fn(segent_context *context, const segent_tensor_view *logits,
                                 const segent_tensor_view *probabilities);
typedef void destroy_fn(segent_context *context);

static void check(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "%s\n", what);
    exit(EXIT_FAILURE);
}

/* The address of a function, which ISO C does not let a pointer to data be turned into. */
static void find(void *library, const char *name, void *function)
{
    *(void **)function = dlsym(library, name);
    check(*(void **)function != NULL, name);
}

int main(int count, char **arguments)
{
    static float values[CLASSES * SIDE * SIDE];
    const segent_tensor_view view = segent_tensor_chw(values, CLASSES, SIDE, SIDE);
    /* Without a call of the library's own. */
    const segent_options options = {.struct_size = sizeof(options), .threads = 3};
    const struct timespec moment = {0, 20 * 1000 * 1000};
    segent_context *context = NULL;
    create_fn *create;
    softmax_fn *softmax;
    destroy_fn *destroy;
    check(count == 2, "unload LIBRARY");
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    check(library != NULL, "the library cannot be opened");
    find(library, "segent_context_create", &create);
    find(library, "segent_softmax", &softmax);
    find(library, "segent_context_destroy", &destroy);
    check(create(&options, &context) == SEGENT_OK, "no context");
    check(softmax(context, &view, &view) == SEGENT_OK, "no probabilities");
    check(dlclose(library) == 0, "the library cannot be closed");
    nanosleep(&moment, NULL);
    check(dlopen(arguments[1], RTLD_NOW | RTLD_NOLOAD) != NULL, "the library is gone");
    check(softmax(context, &view, &view) == SEGENT_OK, "no probabilities afterwards");
    destroy(context);
    return EXIT_SUCCESS;
}
