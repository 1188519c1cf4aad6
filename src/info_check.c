/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "info_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "json.h"
#include "model_options.h"
#include "session.h"

static const char *const strides[] = {"8", "16", "32"};
static const char *const rates[] = {"12,24,36", "6,12,18", "24,48,72"};

enum { STRIDES = 3, RATES = 3, READINGS_MAX = STRIDES * RATES };

/* One way to read the file, and what the pictures say of it. */
typedef struct reading {
    char stride[16], rates[48]; /* as the model has them; "" where it has no rates */
    double entropy;             /* mean over pixels, of pictures alike */
    double share;               /* of the pixels, of the largest class */
    char *largest;              /* name of that class; to free */
    bool assumed;               /* it is the one that is taken without --check */
} reading;

typedef struct check {
    segent_context *context;
    const sg_settings *settings;
    char *path, *given; /* of the model; what the command line says of it */
    segent_model_options options;
    bool vary_stride, vary_rates;
    reading readings[READINGS_MAX];
    int count;
} check;

/* ---- one reading ---- */

static bool run_picture(check *self, const segent_model *model, const char *path, reading *r,
                        double *pixels)
{
    segent_image *image = NULL;
    segent_result *result = NULL;
    segent_entropy_summary summary = segent_entropy_summary_init();
    const segent_image_options options = session_image_options(self->settings);
    bool done = segent_image_load(self->context, path, &options, &image) == SEGENT_OK &&
                segent_run(self->context, model, image, NULL, &result) == SEGENT_OK &&
                segent_result_summary(result, &summary) == SEGENT_OK;
    if (done) {
        int64_t count = 0;
        const segent_class_statistics *classes = segent_result_statistics(result, &count);
        r->entropy += summary.mean;
        for (int64_t i = 0; i < count; i++)
            pixels[i] += (double)classes[i].pixels / (double)summary.pixels;
    } else {
        console_fail(path, segent_last_error(self->context));
    }
    segent_result_destroy(result);
    segent_image_destroy(image);
    return done;
}

static bool run_pictures(check *self, const segent_model *model, reading *r)
{
    segent_model_details details = segent_model_details_init();
    const int pictures = self->settings->input_count - 1;
    segent_model_info(model, &details);
    double *pixels = memory_need((size_t)details.classes, sizeof(*pixels));
    memset(pixels, 0, (size_t)details.classes * sizeof(*pixels));
    bool done = true;
    for (int i = 0; i < pictures && done; i++)
        done = !console_interrupted() &&
               run_picture(self, model, self->settings->inputs[i], r, pixels);
    int32_t largest = 0;
    for (int32_t i = 0; i < details.classes; i++)
        largest = pixels[i] > pixels[largest] ? i : largest;
    r->entropy /= pictures;
    r->share = pixels[largest] / pictures;
    r->largest = text_join("%s", segent_model_class_name(model, largest));
    free(pixels);
    return done;
}

static void note_settings(const segent_model *model, reading *r)
{
    const char *rates_of = segent_model_property(model, "rates");
    snprintf(r->stride, sizeof(r->stride), "%s", segent_model_property(model, "output_stride"));
    snprintf(r->rates, sizeof(r->rates), "%s", rates_of ? rates_of : "");
}

/* Adds the reading of some settings, unless the network cannot have them. False: a failure, already
 * said. */
static bool add_reading(check *self, const char *stride, const char *rates_of, bool assumed)
{
    segent_model *model = NULL;
    segent_model_options options = self->options;
    char *text =
        text_join("%s;%s%s;%s%s", self->given, stride ? "output_stride=" : "", stride ? stride : "",
                  rates_of ? "rates=" : "", rates_of ? rates_of : "");
    options.settings = text;
    const segent_status status = segent_model_load(self->context, self->path, &options, &model);
    free(text);
    if (status == SEGENT_ERROR_MODEL && !assumed)
        return true;
    if (status != SEGENT_OK) {
        console_fail(self->path, segent_last_error(self->context));
        return false;
    }
    reading *r = &self->readings[self->count++];
    *r = (reading){.assumed = assumed};
    note_settings(model, r);
    const bool done = run_pictures(self, model, r);
    segent_model_destroy(model);
    return done;
}

/* ---- all of them ---- */

/* Finds out what nobody tells, and notes the reading that is usual. False: already said. */
static bool find_assumed(check *self, reading *usual)
{
    segent_model *model = NULL;
    segent_model_options options = self->options;
    options.examine_only = 1;
    options.settings = self->given;
    if (segent_model_load(self->context, self->path, &options, &model) != SEGENT_OK) {
        console_fail(self->path, segent_last_error(self->context));
        return false;
    }
    const char *assumed = segent_model_property(model, "assumed");
    self->vary_stride = assumed && strstr(assumed, "output_stride");
    self->vary_rates = assumed && strstr(assumed, "rates");
    note_settings(model, usual);
    segent_model_destroy(model);
    return true;
}

/* An exit status of console.h. */
static int run_readings(check *self)
{
    reading usual;
    if (!find_assumed(self, &usual))
        return STATUS_MODEL;
    bool done = true;
    for (int s = 0; s < (self->vary_stride ? STRIDES : 1) && done; s++) {
        for (int r = 0; r < (self->vary_rates ? RATES : 1) && done; r++) {
            const bool assumed = (!self->vary_stride || strcmp(strides[s], usual.stride) == 0) &&
                                 (!self->vary_rates || strcmp(rates[r], usual.rates) == 0);
            done = add_reading(self, self->vary_stride ? strides[s] : NULL,
                               self->vary_rates ? rates[r] : NULL, assumed);
        }
    }
    return done ? STATUS_DONE : STATUS_FAILED;
}

static int by_entropy(const void *left, const void *right)
{
    const reading *a = left, *b = right;
    return (a->entropy > b->entropy) - (a->entropy < b->entropy);
}

/* ---- the report ---- */

static void print_text(const check *self)
{
    printf("output stride  rates     mean entropy  largest class\n");
    for (int i = 0; i < self->count; i++) {
        const reading *r = &self->readings[i];
        char *name = text_join("%s", r->largest);
        console_clean(name);
        printf("%-13s  %-8s  %-12.4f  %5.1f %% %s%s%s\n", r->stride, *r->rates ? r->rates : "none",
               r->entropy, 100.0 * r->share, name, r->assumed ? "  (what is used)" : "",
               i == 0 && self->count > 1 ? "  (lowest)" : "");
        free(name);
    }
    if (self->count > 1)
        printf(
            "The lowest mean entropy is a hint, not a decision: a network that is read wrongly is "
            "mostly less\nsure, but not always. Look at the labels of both, on pictures like "
            "those it was trained for.\n");
    else
        printf("Nothing is assumed: output stride and rates are told.\n");
}

static void print_list(sg_json *json, const char *key, const char *numbers)
{
    json_open_list(json, key);
    while (*numbers) {
        char *end;
        json_integer(json, NULL, strtol(numbers, &end, 10));
        numbers = *end == ',' ? end + 1 : end;
    }
    json_close_list(json);
}

static void print_json(const check *self)
{
    sg_json json = {.file = stdout};
    json_open_object(&json, NULL);
    json_text(&json, "model", self->path);
    json_integer(&json, "images", self->settings->input_count - 1);
    json_open_list(&json, "readings");
    for (int i = 0; i < self->count; i++) {
        const reading *r = &self->readings[i];
        json_open_object(&json, NULL);
        json_integer(&json, "output_stride", strtol(r->stride, NULL, 10));
        print_list(&json, "rates", r->rates);
        json_number(&json, "entropy_mean", r->entropy);
        json_text(&json, "largest_class", r->largest);
        json_number(&json, "largest_share", r->share);
        json_boolean(&json, "used", r->assumed);
        json_close_object(&json);
    }
    json_close_list(&json);
    json_close_object(&json);
    json_end(&json);
}

int info_check(segent_context *context, const sg_settings *settings)
{
    check self = {.context = context, .settings = settings};
    self.path = session_find_file(settings->inputs[settings->input_count - 1]);
    if (!self.path)
        return STATUS_MODEL;
    self.options = model_options(settings, &self.given);
    const int status = run_readings(&self);
    qsort(self.readings, (size_t)self.count, sizeof(self.readings[0]), by_entropy);
    if (status == STATUS_DONE && settings->json)
        print_json(&self);
    else if (status == STATUS_DONE)
        print_text(&self);
    for (int i = 0; i < self.count; i++)
        free(self.readings[i].largest);
    free(self.given);
    free(self.path);
    return status;
}
