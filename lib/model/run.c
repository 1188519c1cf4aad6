/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A picture through a model: resize, normalise, network, head. */

#include <math.h>

#include "base/cancel.h"
#include "base/layout.h"
#include "base/options.h"
#include "image/image.h"
#include "model/model.h"
#include "model/result.h"
#include "uncertainty/uncertainty.h"

static const uint32_t keep_all = SEGENT_KEEP_LOGITS | SEGENT_KEEP_PROBABILITIES |
                                 SEGENT_KEEP_TOP_PROBABILITY | SEGENT_KEEP_MARGIN;

/* One run, from what the caller gave to the network's logits. */
typedef struct run {
    segent_context *context;
    const segent_model *model;
    const char *function; /* the public one, for sentences */
    segent_run_options options;
    segent_pixel_view pixels;  /* of the picture, or */
    segent_tensor_view tensor; /* what the network is to see, if it has data */
    int64_t pixel_limit;
    int32_t given_width, given_height; /* of what the caller gave */
    int32_t width, height;             /* at the network */
    sg_network_run_options network;
    sg_network_size size;
    float *auxiliary; /* where the auxiliary classifier's logits go, or NULL: nowhere */
    segent_timings timings;
} run;

/* ---- options ---- */

static segent_status check_enums(const run *r)
{
    const segent_run_options *options = &r->options;
    if (options->output_size != SEGENT_OUTPUT_NETWORK &&
        options->output_size != SEGENT_OUTPUT_ORIGINAL)
        return sg_fail(r->context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: unknown output size %d",
                       r->function, (int)options->output_size);
    if (options->engine < SEGENT_ENGINE_FAST || options->engine > SEGENT_ENGINE_SMALL)
        return sg_fail(r->context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: %d is not an engine",
                       r->function, (int)options->engine);
    if (options->precision != SEGENT_PRECISION_F32 && options->precision != SEGENT_PRECISION_BF16)
        return sg_fail(r->context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: precision %d is not known",
                       r->function, (int)options->precision);
    if (options->precision != 0 && options->precision != r->model->built.precision)
        return sg_fail(r->context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: a run in %s, but the model was loaded for %s", r->function,
                       segent_precision_name(options->precision),
                       segent_precision_name(r->model->built.precision));
    if (options->keep & ~keep_all)
        return sg_fail(r->context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: unknown bits 0x%x in keep",
                       r->function, (unsigned)(options->keep & ~keep_all));
    return SEGENT_OK;
}

static segent_status check_numbers(const run *r)
{
    const segent_run_options *options = &r->options;
    if (options->size < 0 && options->size != SEGENT_SIZE_OWN)
        return sg_fail(r->context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: size %d: neither a number of pixels, 0 nor SEGENT_SIZE_OWN",
                       r->function, (int)options->size);
    if (options->workspace_limit < 0)
        return sg_fail(r->context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: a workspace_limit of %lld bytes", r->function,
                       (long long)options->workspace_limit);
    return sg_check_temperature(r->context, r->function, options->temperature);
}

/* Reads the options, and begins to watch the flag among them. */
static segent_status begin(run *r, const segent_run_options *given)
{
    segent_context *context = r->context;
    r->options = segent_run_options_init();
    if (!r->model)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: model is NULL", r->function);
    segent_status status =
        sg_read_options(context, SG_STRUCT(segent_run_options), &r->options, given);
    if (status == SEGENT_OK)
        status = check_enums(r);
    if (status == SEGENT_OK)
        status = check_numbers(r);
    if (status == SEGENT_OK)
        r->options.precision = r->model->built.precision;
    if (status != SEGENT_OK)
        return status;
    if (r->model->examined_only)
        return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                       "%s: the model was made with examine_only and has no weights", r->function);
    r->network = (sg_network_run_options){.progress = r->options.progress,
                                          .progress_user = r->options.progress_user,
                                          .layer = context->layer,
                                          .layer_user = context->layer_user,
                                          .engine = r->options.engine,
                                          .workspace_limit = r->options.workspace_limit};
    return SEGENT_OK;
}

/* ---- what the caller gave ---- */

static segent_status take_pixels(run *r, const segent_pixel_view *given)
{
    const segent_status status = sg_check_pixels(
        (sg_view_check){r->context, r->function, "pixels", false}, given, &r->pixels);
    if (status == SEGENT_OK)
        r->pixel_limit = sg_image_own_limit(&r->pixels);
    return status;
}

static segent_status take_tensor(run *r, const segent_tensor_view *given)
{
    const segent_status status = sg_check_tensor(
        (sg_view_check){r->context, r->function, "values of the tensor", false}, given, &r->tensor);
    r->pixel_limit = INT64_MAX; /* it is not resized */
    if (status != SEGENT_OK)
        return status;
    if (r->tensor.channels != 3)
        return sg_fail(r->context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: a tensor of %lld channels; red, green and blue are meant", r->function,
                       (long long)r->tensor.channels);
    if (r->options.size != 0 && r->options.size != SEGENT_SIZE_OWN)
        return sg_fail(r->context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: a tensor is not resized: size %d", r->function, (int)r->options.size);
    return SEGENT_OK;
}

static segent_status take_input(run *r, const segent_input *given)
{
    segent_input input = segent_input_init();
    if (!given)
        return sg_fail(r->context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: input is NULL", r->function);
    const segent_status status =
        sg_read_options(r->context, SG_STRUCT(segent_input), &input, given);
    if (status != SEGENT_OK)
        return status;
    const int kinds = !!input.image + !!input.pixels.data + !!input.tensor.data;
    if (kinds != 1)
        return sg_fail(r->context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: of image, pixels and tensor, %s", r->function,
                       kinds == 0 ? "none is given" : "only one may be given");
    if (input.tensor.data)
        return take_tensor(r, &input.tensor);
    if (input.pixels.data)
        return take_pixels(r, &input.pixels);
    r->pixel_limit = input.image->pixel_limit;
    r->pixels = sg_image_view(input.image);
    return SEGENT_OK;
}

/* Finds the sizes: of what was given, at the network, and of what a run takes. */
static segent_status measure(run *r)
{
    const bool is_tensor = r->tensor.data != NULL;
    const int64_t height = is_tensor ? r->tensor.height : r->pixels.height;
    const int64_t width = is_tensor ? r->tensor.width : r->pixels.width;
    if (height > INT32_MAX || width > INT32_MAX)
        return sg_fail(r->context, SEGENT_ERROR_LIMIT,
                       "%s: an input of %lld x %lld (height x width); sides of up to %ld are "
                       "possible",
                       r->function, (long long)height, (long long)width, (long)INT32_MAX);
    r->given_height = (int32_t)height;
    r->given_width = (int32_t)width;
    const int32_t wanted = r->options.size == 0 ? r->model->size : r->options.size;
    const int32_t size = is_tensor ? SEGENT_SIZE_OWN : wanted;
    segent_status status =
        segent_image_fit(r->given_width, r->given_height, size, &r->width, &r->height);
    if (status != SEGENT_OK)
        return sg_fail(r->context, status,
                       "a picture of %d x %d cannot be resized to shorter side %d",
                       (int)r->given_width, (int)r->given_height, (int)size);
    status = sg_image_check_size(r->context, r->pixel_limit, r->width, r->height);
    if (status == SEGENT_OK)
        status = sg_network_measure(r->context, r->model->built.network, r->height, r->width,
                                    r->options.engine, r->options.workspace_limit, &r->size);
    return status;
}

/* ---- from a picture to the network's input ---- */

static segent_status check_cancelled(const run *r)
{
    return sg_cancel_check(r->context, "the run");
}

/* The picture as the network is to see it, in `rgb` (H x W x 3); NULL: where the caller's pixels
 * are, if they have the size, else in the context's working memory. */
static segent_status resize(run *r, uint8_t *rgb)
{
    const size_t pixels = (size_t)r->width * (size_t)r->height;
    if (r->tensor.data || (!rgb && r->width == r->given_width && r->height == r->given_height))
        return SEGENT_OK;
    if (!rgb)
        rgb = sg_scratch_take(r->context, SG_SCRATCH_PICTURE, pixels, 3);
    if (!rgb)
        return sg_fail_memory(r->context, "the resized picture", pixels * 3);
    const segent_status status =
        sg_image_resize_pixels(r->context, &r->pixels, r->width, r->height, rgb);
    r->pixels = (segent_pixel_view){.data = rgb,
                                    .height = r->height,
                                    .width = r->width,
                                    .row_stride = (int64_t)r->width * 3,
                                    .format = SEGENT_PIXEL_RGB};
    return status;
}

typedef struct tensor_job {
    const segent_tensor_view *tensor;
    float *input;
    int64_t *faults; /* of each row: the first pixel that is not finite, or -1 */
} tensor_job;

static void take_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const tensor_job *job = argument;
    const segent_tensor_view *tensor = job->tensor;
    (void)thread;
    for (int64_t y = begin; y < end; y++) {
        float *to = job->input + y * tensor->width * 3;
        int64_t fault = -1;
        for (int64_t x = 0; x < tensor->width; x++, to += 3) {
            const float *from = tensor->data + sg_tensor_at(tensor, y, x);
            for (int c = 0; c < 3; c++) {
                to[c] = from[c * tensor->channel_stride];
                if (fault < 0 && !isfinite(to[c]))
                    fault = x;
            }
        }
        job->faults[y] = fault;
    }
}

/* Red, green and blue of a pixel side by side, as the network wants them. */
static segent_status interleave(run *r, float *input)
{
    const size_t rows = (size_t)r->height;
    tensor_job job = {&r->tensor, input, NULL};
    job.faults = sg_scratch_take(r->context, SG_SCRATCH_FAULTS, rows, sizeof(*job.faults));
    if (!job.faults)
        return sg_fail_memory(r->context, "rows of the tensor", rows * sizeof(*job.faults));
    sg_parallel_for(r->context->pool, r->height, 16, take_rows, &job);
    const segent_status status = check_cancelled(r);
    for (int64_t y = 0; status == SEGENT_OK && y < r->height; y++) {
        if (job.faults[y] >= 0)
            return sg_fail(r->context, SEGENT_ERROR_NOT_FINITE,
                           "%s: the tensor holds a value that is not finite at (y, x) = (%lld, "
                           "%lld)",
                           r->function, (long long)y, (long long)job.faults[y]);
    }
    return status;
}

/* Everything up to the network's logits, dense, at `logits`. The resized picture goes to `rgb`, as
 * `resize` says. */
static segent_status run_network(run *r, uint8_t *rgb, float *logits)
{
    segent_context *context = r->context;
    const sg_network *network = r->model->built.network;
    float *input = NULL;
    const double start = sg_seconds();
    /* First of all the block in its full size: the resize uses a part of it. */
    segent_status status =
        sg_network_input(context, network, r->height, r->width, &r->network, &input);
    if (status == SEGENT_OK)
        status = resize(r, rgb);
    if (status == SEGENT_OK)
        status = sg_network_input(context, network, r->height, r->width, &r->network, &input);
    if (status != SEGENT_OK)
        return status;
    if (r->tensor.data)
        status = interleave(r, input);
    else
        sg_image_normalize(context, &r->pixels, &r->model->normalization, input, 3);
    if (status == SEGENT_OK)
        status = check_cancelled(r);
    const double normalised = sg_seconds();
    r->timings.preprocess = normalised - start;
    if (status == SEGENT_OK)
        status = sg_network_run(context, network, input, r->height, r->width, &r->network, logits,
                                r->auxiliary);
    r->timings.network = sg_seconds() - normalised;
    return status;
}

static size_t logit_count(const run *r)
{
    return (size_t)r->model->built.facts.classes * (size_t)r->size.logits_height *
           (size_t)r->size.logits_width;
}

static segent_status run_head(run *r, float *logits, const segent_uncertainty_maps *maps,
                              segent_entropy_summary *summary)
{
    const double start = sg_seconds();
    const segent_tensor_view view = segent_tensor_chw(logits, r->model->built.facts.classes,
                                                      r->size.logits_height, r->size.logits_width);
    segent_uncertainty_options head = segent_uncertainty_options_init();
    head.temperature =
        r->options.temperature > 0.0f ? r->options.temperature : r->model->temperature;
    head.undecided_below = (double)r->model->precision_error;
    const segent_status status =
        sg_uncertainty_from_logits(r->context, &view, &head, maps, summary);
    r->timings.head = sg_seconds() - start;
    const segent_status cancelled = check_cancelled(r);
    return cancelled == SEGENT_OK ? status : cancelled;
}

/* A run owns the model until its end, and watches the flag. */
static segent_model *hold(run *r)
{
    sg_cancel_watch(r->context, r->options.cancel);
    return segent_model_retain((segent_model *)(uintptr_t)r->model);
}

static void let_go(run *r, segent_model *model)
{
    sg_cancel_unwatch(r->context);
    segent_model_destroy(model);
}

/* ---- a result of the library's ---- */

/* Room for `planes` values a pixel of the output; NULL with *status set once one allocation has
 * failed. */
static void *make_map(segent_context *context, const segent_result *result, int32_t planes,
                      size_t size, segent_status *status)
{
    if (*status != SEGENT_OK)
        return NULL;
    const size_t pixels = (size_t)result->width * (size_t)result->height;
    void *map = sg_alloc(&context->allocator, pixels, (size_t)planes * size);
    if (!map)
        *status =
            sg_fail(context, SEGENT_ERROR_OUT_OF_MEMORY, "out of memory (a map of %d x %d x %d)",
                    (int)planes, (int)result->height, (int)result->width);
    return map;
}

static segent_status make_maps(segent_context *context, uint32_t keep, segent_result *result)
{
    segent_status status = SEGENT_OK;
    result->labels = make_map(context, result, 1, sg_label_size(result->label_type), &status);
    result->entropy = make_map(context, result, 1, sizeof(float), &status);
    if (keep & SEGENT_KEEP_TOP_PROBABILITY)
        result->top_probability = make_map(context, result, 1, sizeof(float), &status);
    if (keep & SEGENT_KEEP_MARGIN)
        result->margin = make_map(context, result, 1, sizeof(float), &status);
    if (keep & SEGENT_KEEP_LOGITS)
        result->logits = make_map(context, result, result->classes, sizeof(float), &status);
    if (keep & SEGENT_KEEP_PROBABILITIES)
        result->probabilities = make_map(context, result, result->classes, sizeof(float), &status);
    if (status != SEGENT_OK)
        return status;
    result->statistics = sg_alloc_zero(&context->allocator, (size_t)result->classes,
                                       sizeof(segent_class_statistics));
    if (!result->statistics)
        return sg_fail_memory(context, "class statistics",
                              (size_t)result->classes * sizeof(segent_class_statistics));
    return SEGENT_OK;
}

/* The head's outputs are the result's maps. */
static segent_status fill_result(run *r, segent_result *result)
{
    const double start = sg_seconds();
    segent_status status = make_maps(r->context, r->options.keep, result);
    if (status != SEGENT_OK)
        return status;
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    maps.height = result->height;
    maps.width = result->width;
    maps.labels.data = result->labels;
    maps.labels.type = result->label_type;
    maps.entropy.data = result->entropy;
    maps.top_probability.data = result->top_probability;
    maps.margin.data = result->margin;
    maps.logits.data = result->logits;
    maps.probabilities.data = result->probabilities;
    status = run_head(r, result->lowres_logits, &maps, &result->summary);
    if (status != SEGENT_OK)
        return status;
    const segent_label_view labels = segent_result_label_view(result);
    const segent_map_view entropy = segent_result_entropy_view(result);
    status =
        sg_statistics_per_class(r->context, &labels, &entropy, result->statistics, result->classes);
    r->timings.head = sg_seconds() - start;
    return status;
}

/* Room for the logits of the auxiliary classifier, if the model has it. */
static segent_status make_auxiliary(run *r, segent_result *result)
{
    const size_t count = (size_t)r->model->built.facts.classes * (size_t)r->size.auxiliary_height *
                         (size_t)r->size.auxiliary_width;
    if (count == 0)
        return SEGENT_OK;
    r->auxiliary = result->auxiliary = sg_alloc(&r->context->allocator, count, sizeof(float));
    result->auxiliary_height = r->size.auxiliary_height;
    result->auxiliary_width = r->size.auxiliary_width;
    return r->auxiliary ? SEGENT_OK
                        : sg_fail_memory(r->context, "the auxiliary logits", count * sizeof(float));
}

static segent_status make_result(run *r, segent_result *result)
{
    const bool original = r->options.output_size == SEGENT_OUTPUT_ORIGINAL;
    result->width = original ? r->given_width : r->width;
    result->height = original ? r->given_height : r->height;
    result->classes = r->model->built.facts.classes;
    result->label_type = result->classes <= 256 ? SEGENT_LABEL_U8 : SEGENT_LABEL_U16;
    result->lowres_height = r->size.logits_height;
    result->lowres_width = r->size.logits_width;
    segent_status status =
        sg_image_create(r->context, r->pixel_limit, r->width, r->height, &result->input);
    if (status != SEGENT_OK)
        return status;
    result->lowres_logits = sg_alloc(&r->context->allocator, logit_count(r), sizeof(float));
    if (!result->lowres_logits)
        return sg_fail_memory(r->context, "the logits", logit_count(r) * sizeof(float));
    status = make_auxiliary(r, result);
    if (status == SEGENT_OK)
        status = run_network(r, result->input->pixels, result->lowres_logits);
    if (status == SEGENT_OK)
        status = fill_result(r, result);
    result->timings = r->timings;
    return status;
}

segent_status sg_run(segent_context *context, const segent_model *model, const segent_image *image,
                     const segent_run_options *given, segent_result **out)
{
    run r = {.context = context,
             .model = model,
             .function = "segent_run",
             .timings = segent_timings_init()};
    if (!image || !out)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "segent_run: %s is NULL",
                       image ? "result" : "image");
    segent_status status = begin(&r, given);
    if (status != SEGENT_OK)
        return status;
    r.pixels = sg_image_view(image);
    r.pixel_limit = image->pixel_limit;
    segent_model *held = hold(&r);
    status = measure(&r);
    segent_result *result =
        status == SEGENT_OK ? sg_alloc_zero(&context->allocator, 1, sizeof(*result)) : NULL;
    if (status == SEGENT_OK && !result)
        status = sg_fail_memory(context, "a result", sizeof(*result));
    if (result) {
        result->allocator = context->allocator;
        result->summary = segent_entropy_summary_init();
        status = make_result(&r, result);
    }
    let_go(&r, held);
    if (status != SEGENT_OK)
        segent_result_destroy(result);
    else
        *out = result;
    return status;
}

/* ---- results in the caller's buffers ---- */

static segent_status check_output(run *r, const segent_uncertainty_maps *given)
{
    const bool original = r->options.output_size == SEGENT_OUTPUT_ORIGINAL;
    const sg_view_check check = {r->context, r->function, "maps", true};
    segent_uncertainty_maps maps;
    if (r->options.keep != 0)
        return sg_fail(r->context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: keep is for segent_run; here the views say what is kept", r->function);
    const segent_status status = sg_uncertainty_check_maps(r->context, r->function, given,
                                                           r->model->built.facts.classes, &maps);
    if (status != SEGENT_OK)
        return status;
    return sg_check_same_size(check, maps.height, maps.width,
                              original ? r->given_height : r->height,
                              original ? r->given_width : r->width);
}

/* The logits' place in the context's working memory. */
static segent_status take_logits(run *r, float **logits)
{
    *logits = sg_scratch_take(r->context, SG_SCRATCH_LOGITS, logit_count(r), sizeof(float));
    return *logits ? SEGENT_OK
                   : sg_fail_memory(r->context, "the logits", logit_count(r) * sizeof(float));
}

segent_status sg_run_into(segent_context *context, const segent_model *model,
                          const segent_input *input, const segent_run_options *given,
                          const segent_uncertainty_maps *maps, segent_entropy_summary *summary)
{
    run r = {.context = context,
             .model = model,
             .function = "segent_run_into",
             .timings = segent_timings_init()};
    float *logits = NULL;
    segent_status status = begin(&r, given);
    if (status == SEGENT_OK)
        status = take_input(&r, input);
    if (status != SEGENT_OK)
        return status;
    segent_model *held = hold(&r);
    status = measure(&r);
    if (status == SEGENT_OK)
        status = check_output(&r, maps);
    if (status == SEGENT_OK)
        status = take_logits(&r, &logits);
    if (status == SEGENT_OK)
        status = run_network(&r, NULL, logits);
    if (status == SEGENT_OK)
        status = run_head(&r, logits, maps, summary);
    let_go(&r, held);
    return status;
}

/* ---- the network alone ---- */

static segent_status check_logits(run *r, const segent_tensor_view *given, segent_tensor_view *view)
{
    const sg_view_check check = {r->context, r->function, "logits", true};
    const int32_t classes = r->model->built.facts.classes;
    if (r->options.keep != 0 || r->options.temperature != 0.0f || r->options.output_size != 0)
        return sg_fail(r->context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: keep, temperature and output_size have no meaning here", r->function);
    segent_status status = sg_check_tensor(check, given, view);
    if (status == SEGENT_OK && view->channels != classes)
        status = sg_fail(r->context, SEGENT_ERROR_INVALID_ARGUMENT,
                         "%s: logits of %lld channels, but the model has %d classes", r->function,
                         (long long)view->channels, (int)classes);
    if (status == SEGENT_OK)
        status = sg_check_same_size(check, view->height, view->width, r->size.logits_height,
                                    r->size.logits_width);
    return status;
}

static void copy_logits(const float *from, const segent_tensor_view *to)
{
    for (int64_t c = 0; c < to->channels; c++) {
        for (int64_t y = 0; y < to->height; y++) {
            float *row = to->data + c * to->channel_stride + y * to->row_stride;
            for (int64_t x = 0; x < to->width; x++)
                row[x * to->column_stride] = *from++;
        }
    }
}

segent_status sg_model_logits(segent_context *context, const segent_model *model,
                              const segent_input *input, const segent_run_options *given,
                              const segent_tensor_view *given_logits)
{
    run r = {.context = context,
             .model = model,
             .function = "segent_model_logits",
             .timings = segent_timings_init()};
    segent_tensor_view view = {.data = NULL};
    segent_status status = begin(&r, given);
    if (status == SEGENT_OK)
        status = take_input(&r, input);
    if (status != SEGENT_OK)
        return status;
    segent_model *held = hold(&r);
    status = measure(&r);
    if (status == SEGENT_OK)
        status = check_logits(&r, given_logits, &view);
    const bool dense = status == SEGENT_OK && sg_tensor_is_dense(&view);
    float *logits = view.data;
    if (status == SEGENT_OK && !dense)
        status = take_logits(&r, &logits);
    if (status == SEGENT_OK)
        status = run_network(&r, NULL, logits);
    if (status == SEGENT_OK)
        status = check_cancelled(&r);
    if (status == SEGENT_OK && !dense)
        copy_logits(logits, &view);
    let_go(&r, held);
    return status;
}

/* ---- what a run takes ---- */

segent_status sg_model_memory(segent_context *context, const segent_model *model, int32_t width,
                              int32_t height, const segent_run_options *given, int64_t *bytes)
{
    run r = {.context = context, .model = model, .function = "segent_model_memory"};
    if (!bytes || width < 1 || height < 1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: bytes is NULL, or the size is not positive", r.function);
    segent_status status = begin(&r, given);
    if (status == SEGENT_OK)
        status = sg_network_measure(context, model->built.network, height, width, r.options.engine,
                                    r.options.workspace_limit, &r.size);
    if (status == SEGENT_OK)
        *bytes = r.size.bytes;
    return status;
}
