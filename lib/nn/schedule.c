/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "schedule.h"

#include <stdio.h>
#include <string.h>

#include "joined.h"
#include "plan.h"

/* A map while the schedule is made. */
typedef struct map_place {
    sg_tensor tensor;
    int32_t last; /* the operation that needs it last */
    bool taken;   /* it has a place */
} map_place;

typedef struct scheduler {
    const segent_context *context;
    const sg_network *network;
    segent_engine engine;
    bool apart;
    size_t limit; /* bytes of the block */
    sg_plan plan;
    map_place *maps; /* by their numbers */
    sg_schedule *schedule;
} scheduler;

/* Side of an operation's output for an input side of n pixels. */
static int64_t side_of(const sg_op *op, const sg_convolution *convolution, int32_t n)
{
    switch (op->kind) {
    case SG_OP_CONVOLUTION:
        return sg_convolution_output_size(convolution, n);
    case SG_OP_MAX_POOL:
        return n / 2 + n % 2;
    case SG_OP_AVERAGE_POOL:
        return 1;
    default:
        return n;
    }
}

/* Whether an operation is a convolution whose output is a map of its own, with nothing added,
 * scaled or given at run time. */
static bool is_plain(const sg_ops *ops, const sg_op *op)
{
    return op->kind == SG_OP_CONVOLUTION && !op->addend && !op->bias && !op->scale && !op->like &&
           op->first_output == 0 && op->outputs == ops->channels[op->output];
}

/* Whether an operation's output goes to the next one and nowhere else, and both are plain. */
static bool feeds_next_alone(const sg_ops *ops, int32_t index)
{
    const sg_op *op = &ops->list[index], *next = op + 1;
    int32_t inputs = 0, others = 0; /* operations that have the map as their input, or otherwise */
    if (index + 1 == ops->count || !is_plain(ops, op) || !is_plain(ops, next))
        return false;
    for (int32_t i = 0; i < ops->count; i++) {
        const sg_op *other = &ops->list[i];
        inputs += other->input == op->output;
        others += other->addend == op->output || other->bias == op->output ||
                  other->scale == op->output || other->like == op->output ||
                  (other != op && other->output == op->output);
    }
    return inputs == 1 && others == 0 && next->input == op->output &&
           next->auxiliary == op->auxiliary;
}

/* Whether a step is joined with the next one: its way is chosen without a limit, since joined steps
 * need less memory than others. */
static bool joins(scheduler *s, int32_t index, const sg_tensor *input, sg_convolution_way *way)
{
    const sg_convolution *const *convolutions =
        (const sg_convolution *const *)s->network->convolutions;
    if (s->apart || !feeds_next_alone(&s->network->ops, index))
        return false;
    sg_convolution_choose(s->context, convolutions[index], s->engine, input->height, input->width,
                          INT64_MAX, way);
    return sg_joined_suits(convolutions[index], way, convolutions[index + 1]);
}

static void find_last_uses(scheduler *s)
{
    const sg_ops *ops = &s->network->ops;
    for (int32_t i = 0; i < ops->count; i++) {
        const sg_op *op = &ops->list[i];
        s->maps[op->input].last = i;
        s->maps[op->output].last = i;
        s->maps[op->addend].last = i;
        s->maps[op->bias].last = i;
        s->maps[op->scale].last = i;
    }
}

/* Gives the output its place, unless it has one: side by side with others, or in place. */
static bool take_output(scheduler *s, const sg_op *op, const sg_convolution *convolution,
                        const sg_tensor *input)
{
    map_place *map = &s->maps[op->output];
    if (op->output == SG_NO_MAP || map->taken)
        return true;
    const sg_tensor *like = op->like ? &s->maps[op->like].tensor : NULL;
    const int64_t height = like ? like->height : side_of(op, convolution, input->height);
    const int64_t width = like ? like->width : side_of(op, convolution, input->width);
    map->taken = sg_plan_take(&s->plan, s->network->types.maps[op->output], (int32_t)height,
                              (int32_t)width, s->network->ops.channels[op->output], &map->tensor);
    return map->taken;
}

static void give_unused(scheduler *s, const sg_op *op, int32_t index)
{
    const sg_map used[] = {op->input, op->output, op->addend, op->bias, op->scale};
    for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++) {
        map_place *map = &s->maps[used[i]];
        if (used[i] != SG_NO_MAP && map->taken && map->last == index) {
            sg_plan_give(&s->plan, map->tensor.offset);
            map->taken = false;
        }
    }
}

static void count_work(scheduler *s, sg_step *step)
{
    step->work = sg_convolution_work(step->convolution, step->input.height, step->input.width);
    s->schedule->work += step->work;
    s->schedule->auxiliary_work += step->op->auxiliary ? step->work : 0.0;
}

/* How the step's convolution is done, and its workspace: what its maps leave of the limit bounds
 * it. */
static bool choose_way(scheduler *s, sg_step *step)
{
    const size_t room = sg_plan_room(&s->plan, s->limit);
    sg_convolution_choose(s->context, step->convolution, s->engine, step->input.height,
                          step->input.width, (int64_t)room, &step->way);
    count_work(s, step);
    if (step->joined)
        step->way.workspace =
            sg_joined_workspace(step->joined->convolution, step->convolution, step->input.height,
                                step->input.width, sg_pool_threads(s->context->pool));
    if (step->way.workspace == 0)
        return true;
    if (!sg_plan_take_bytes(&s->plan, step->way.workspace, &step->workspace))
        return false;
    sg_plan_give(&s->plan, step->workspace);
    return true;
}

/* A step that the next one does: its output has a size, but no place. */
static void schedule_joined(scheduler *s, sg_step *step, int32_t index)
{
    const sg_op *op = step->op;
    step->with_next = true;
    count_work(s, step);
    step->output = step->input;
    step->output.channels = op->outputs;
    map_place *map = &s->maps[op->input];
    map->last = map->last > index ? map->last : index + 1;
}

/* Whether an operation can leave the sums of its output's rows to the average of them that is the
 * next one. */
static bool feeds_average(const sg_ops *ops, const sg_convolution *convolution, int32_t index)
{
    const sg_op *op = &ops->list[index], *next = op + 1;
    return index + 1 < ops->count && next->kind == SG_OP_AVERAGE_POOL &&
           next->input == op->output && op->first_output == 0 &&
           op->outputs == ops->channels[op->output] && convolution &&
           sg_convolution_sums_rows(convolution);
}

/* Room for the sums of the output's rows, until the average behind has been made of them. */
static bool take_row_sums(scheduler *s, sg_step *step, int32_t index)
{
    size_t bytes;
    step->sums_rows = feeds_average(&s->network->ops, step->convolution, index);
    return !step->sums_rows ||
           (sg_size_multiply((size_t)step->output.height, (size_t)step->output.channels, &bytes) &&
            sg_size_multiply(bytes, sizeof(double), &bytes) && bytes <= PTRDIFF_MAX &&
            sg_plan_take_bytes(&s->plan, (int64_t)bytes, &step->row_sums));
}

/* The average that has such sums gives their room back. */
static void give_row_sums(scheduler *s, sg_step *step, int32_t index)
{
    step->sums_rows = index > 0 && step[-1].convolution && step[-1].sums_rows;
    if (!step->sums_rows)
        return;
    step->row_sums = step[-1].row_sums;
    sg_plan_give(&s->plan, step->row_sums);
}

static bool schedule_step(scheduler *s, int32_t index)
{
    const sg_op *op = &s->network->ops.list[index];
    const sg_convolution *convolution = s->network->convolutions[index];
    sg_step *step = &s->schedule->steps[index];
    const sg_step *before = index > 0 && step[-1].with_next ? step - 1 : NULL;
    const sg_tensor *input = before ? &before->input : &s->maps[op->input].tensor;
    *step = (sg_step){.op = op, .convolution = convolution, .input = *input, .joined = before};
    if (joins(s, index, input, &step->way)) {
        schedule_joined(s, step, index);
        return true;
    }
    if (!take_output(s, op, convolution, input))
        return false;
    step->output = s->maps[op->output].tensor;
    step->output.channels = op->outputs;
    step->addend = s->maps[op->addend].tensor;
    step->bias = s->maps[op->bias].tensor;
    step->scale = s->maps[op->scale].tensor;
    if (convolution && (!take_row_sums(s, step, index) || !choose_way(s, step)))
        return false;
    if (op->kind == SG_OP_AVERAGE_POOL)
        give_row_sums(s, step, index);
    give_unused(s, op, index);
    if (before)
        give_unused(s, before->op, index);
    return true;
}

/* The network's input, without gaps: who makes it knows nothing of the network's layouts. */
static bool take_picture(scheduler *s, int32_t height, int32_t width)
{
    map_place *map = &s->maps[SG_PICTURE];
    size_t bytes;
    if (!sg_size_multiply((size_t)height, (size_t)width, &bytes) ||
        !sg_size_multiply(bytes, 3 * sizeof(float), &bytes) || bytes > PTRDIFF_MAX)
        return false;
    map->tensor = (sg_tensor){.height = height, .width = width, .channels = 3, .pixel_stride = 3};
    map->taken = sg_plan_take_bytes(&s->plan, (int64_t)bytes, &map->tensor.offset);
    s->schedule->picture = map->tensor;
    return map->taken;
}

static segent_status fail_size(segent_context *context, const sg_schedule_key *key)
{
    return sg_fail(context, SEGENT_ERROR_LIMIT,
                   "a picture of %d x %d pixels takes more memory than can be addressed",
                   (int)key->width, (int)key->height);
}

static segent_status make(segent_context *context, const sg_schedule_key *key, map_place *maps,
                          sg_schedule *schedule)
{
    scheduler s = {.context = context,
                   .network = key->network,
                   .engine = key->engine,
                   .apart = key->apart,
                   .limit = PTRDIFF_MAX,
                   .maps = maps,
                   .schedule = schedule};
    if (key->limit > 0 && (uint64_t)key->limit < s.limit)
        s.limit = (size_t)key->limit;
    if (!take_picture(&s, key->height, key->width))
        return fail_size(context, key);
    find_last_uses(&s);
    schedule->count = s.network->ops.count;
    schedule->work = schedule->auxiliary_work = 0.0;
    for (int32_t i = 0; i < schedule->count; i++) {
        if (!schedule_step(&s, i))
            return fail_size(context, key);
    }
    schedule->size = s.plan.size;
    if (schedule->size > s.limit)
        return sg_fail(context, SEGENT_ERROR_LIMIT,
                       "a picture of %d x %d pixels takes %zu bytes of workspace at least, and the "
                       "limit is %lld",
                       (int)key->width, (int)key->height, schedule->size, (long long)key->limit);
    return SEGENT_OK;
}

/* Tells the log in which ways convolutions are done, and how many in each: those once
 * for each size of picture. */
static void tell(segent_context *context, const sg_schedule_key *key, const sg_schedule *schedule)
{
    enum { WAYS = 16 };
    const char *names[WAYS] = {NULL};
    int counts[WAYS] = {0}, kinds = 0;
    char text[320] = "";
    size_t length = 0;
    for (int32_t i = 0; i < schedule->count; i++) {
        const sg_step *step = &schedule->steps[i];
        int kind = 0;
        if (!step->convolution || !step->way.algorithm)
            continue;
        while (kind < kinds && strcmp(names[kind], step->way.algorithm) != 0)
            kind++;
        if (kind == WAYS)
            continue;
        names[kind] = step->way.algorithm;
        counts[kind]++;
        kinds = kind == kinds ? kinds + 1 : kinds;
    }
    for (int kind = 0; kind < kinds && length < sizeof(text); kind++)
        length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%d %s",
                                   kind > 0 ? ", " : "", counts[kind], names[kind]);
    sg_log(context, SEGENT_LOG_DEBUG,
           "%d x %d pixels, engine %s: convolutions are %s; %zu bytes of working memory",
           (int)key->width, (int)key->height, segent_engine_name(key->engine), text,
           schedule->size);
}

static segent_status check(segent_context *context, const sg_schedule_key *key)
{
    if (key->height < 1 || key->width < 1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "a picture of %d x %d pixels has no pixels", (int)key->width,
                       (int)key->height);
    if (key->engine < SEGENT_ENGINE_FAST || key->engine > SEGENT_ENGINE_SMALL)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%d is not an engine",
                       (int)key->engine);
    if (key->limit < 0)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "a limit of %lld bytes of workspace is negative", (long long)key->limit);
    return SEGENT_OK;
}

segent_status sg_schedule_get(segent_context *context, const sg_schedule_key *key,
                              const sg_schedule **out)
{
    const uint64_t numbers[SG_KEPT_KEY] = {
        key->network->id, (uint64_t)key->height, (uint64_t)key->width,
        (uint64_t)key->engine * 2 + key->apart, (uint64_t)key->limit};
    sg_schedule *schedule = (sg_schedule *)sg_kept_find(context, numbers);
    *out = schedule;
    if (schedule)
        return SEGENT_OK;
    segent_status status = check(context, key);
    if (status != SEGENT_OK)
        return status;
    const sg_allocator *allocator = &context->allocator;
    const sg_ops *ops = &key->network->ops;
    const size_t size = sizeof(*schedule) + (size_t)ops->count * sizeof(sg_step);
    schedule = sg_alloc(allocator, size, 1);
    map_place *maps = sg_alloc_zero(allocator, (size_t)ops->maps + 1, sizeof(*maps));
    status = schedule && maps ? make(context, key, maps, schedule)
                              : sg_fail_memory(context, "a network's schedule", size);
    sg_free(allocator, maps);
    if (status != SEGENT_OK) {
        sg_free(allocator, schedule);
        return status;
    }
    memcpy(schedule->kept.key, numbers, sizeof(numbers));
    sg_kept_add(context, &schedule->kept);
    if (context->log)
        tell(context, key, schedule);
    *out = schedule;
    return SEGENT_OK;
}
