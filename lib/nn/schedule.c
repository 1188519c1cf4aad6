/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "schedule.h"

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
    map->taken = sg_plan_take(&s->plan, SG_F32, (int32_t)height, (int32_t)width,
                              s->network->ops.channels[op->output], &map->tensor);
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

/* How the step's convolution is done, and its workspace: what its maps leave of the limit bounds
 * it. */
static bool choose_way(scheduler *s, sg_step *step)
{
    const size_t room = sg_plan_room(&s->plan, s->limit);
    sg_convolution_choose(s->context, step->convolution, s->engine, step->input.height,
                          step->input.width, (int64_t)room, &step->way);
    step->work = sg_convolution_work(step->convolution, step->input.height, step->input.width);
    s->schedule->work += step->work;
    s->schedule->auxiliary_work += step->op->auxiliary ? step->work : 0.0;
    if (step->way.workspace == 0)
        return true;
    if (!sg_plan_take_bytes(&s->plan, step->way.workspace, &step->workspace))
        return false;
    sg_plan_give(&s->plan, step->workspace);
    return true;
}

static bool schedule_step(scheduler *s, int32_t index)
{
    const sg_op *op = &s->network->ops.list[index];
    const sg_convolution *convolution = s->network->convolutions[index];
    sg_step *step = &s->schedule->steps[index];
    const sg_tensor *input = &s->maps[op->input].tensor;
    *step = (sg_step){.op = op, .convolution = convolution, .input = *input};
    if (!take_output(s, op, convolution, input))
        return false;
    step->output = s->maps[op->output].tensor;
    step->output.channels = op->outputs;
    step->addend = s->maps[op->addend].tensor;
    step->bias = s->maps[op->bias].tensor;
    step->scale = s->maps[op->scale].tensor;
    if (convolution && !choose_way(s, step))
        return false;
    give_unused(s, op, index);
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
    const uint64_t numbers[SG_KEPT_KEY] = {key->network->id, (uint64_t)key->height,
                                           (uint64_t)key->width, (uint64_t)key->engine,
                                           (uint64_t)key->limit};
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
    *out = schedule;
    return SEGENT_OK;
}
