/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* shaped.h for builds without the libraries that shape and draw text: our own font has to do. */

#include "shaped.h"

bool shaped_text(sg_canvas *canvas, const char *text, sg_text_style style, sg_text_place at,
                 float *width)
{
    (void)canvas, (void)text, (void)style, (void)at, (void)width;
    return false;
}

void shaped_finish(void) {}
