/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "model_options.h"

#include <stdio.h>
#include <string.h>

#include "console.h"

segent_model_options model_options(const sg_settings *settings, char **text)
{
    static const int strides[] = {8, 16, 32}; /* as OUTPUT_STRIDES */
    segent_model_options options = segent_model_options_init();
    char rates[48] = "", stride[32] = "";
    if (settings->rates[0] != 0)
        snprintf(rates, sizeof(rates), "rates=%d,%d,%d;", (int)settings->rates[0],
                 (int)settings->rates[1], (int)settings->rates[2]);
    if (settings->output_stride >= 0)
        snprintf(stride, sizeof(stride), "output_stride=%d;", strides[settings->output_stride]);
    *text = text_join("%s%s%s", rates, stride, settings->set ? settings->set : "");
    options.prefix = settings->prefix;
    if (settings->settings_file)
        options.settings_file =
            strcmp(settings->settings_file, "none") == 0 ? "" : settings->settings_file;
    options.settings = *text;
    options.precision = settings->precision;
    return options;
}

void model_say_assumed(const char *path, const segent_model *model)
{
    const char *assumed = segent_model_property(model, "assumed");
    const char *rates = segent_model_property(model, "rates");
    const char *stride = segent_model_property(model, "output_stride");
    if (!assumed)
        return;
    if (strstr(assumed, "output_stride"))
        console_say("%s: does not tell its output stride; taken to be %s (--output-stride)", path,
                    stride);
    if (strstr(assumed, "rates"))
        console_say("%s: does not tell its rates; taken to be %s (--rates)", path, rates);
}
