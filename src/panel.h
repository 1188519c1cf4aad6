/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The panel: picture, segmentation and entropy side by side, with a legend of the classes and a
 * colour bar. */

#ifndef PANEL_H
#define PANEL_H

#include "analysis.h"

/* Composes the panel of an analysis; without a picture it has two tiles. */
segent_status panel_compose(segent_context *context, const sg_analysis *analysis,
                            const sg_settings *settings, segent_image **panel);

#endif
