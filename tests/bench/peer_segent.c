/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* libsegent as a peer of peers.py, through nothing but the public header:
 *     peer-segent FOLDER THREADS fast|exact|small
 *
 * Loads once and prints a line of JSON, then answers each line on stdin with one: run; head N and
 * maps N (labels, entropy and sum from the network's logits, and entropy and sum from full-size
 * logits, the median of N); labels FILE (the last run's); quit. */

#include <segent/segent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REPEATS_MAX = 99, SIDE_MAX = 16384, CLASSES_MAX = 256 };

/* What prepare.py says of the folder: the picture's sides, those of the logits, classes. */
typedef struct shape {
    int classes, height, width, low_height, low_width;
} shape;

typedef struct peer {
    const char *folder;
    shape shape;
    segent_context *context;
    segent_model *model;
    segent_image *image;
    segent_result *result;       /* the last one */
    segent_run_options options;  /* of all runs */
    float *low, *full, *entropy; /* (C, h, w), (C, H, W), (H, W): of the head's part */
    uint8_t *labels;
    const char *failure; /* what is wrong when the library has nothing to say */
} peer;

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* `size` bytes of a file in the folder, or NULL. The caller frees them. */
static void *read_file(peer *self, const char *name, size_t size)
{
    char path[4096];
    FILE *file = NULL;
    void *data = malloc(size);
    if (snprintf(path, sizeof(path), "%s/%s", self->folder, name) < (int)sizeof(path))
        file = fopen(path, "rb");
    if (!file || !data || fread(data, 1, size, file) != size) {
        self->failure = name;
        free(data);
        data = NULL;
    }
    if (file)
        fclose(file);
    return data;
}

static size_t pixel_count(const peer *self)
{
    return (size_t)self->shape.height * (size_t)self->shape.width;
}

static int in_range(int value, int most)
{
    return value >= 1 && value <= most;
}

/* Reads shape.json, whose members stand in this order. */
static int read_shape(peer *self)
{
    char path[4096];
    shape *const s = &self->shape;
    FILE *file = NULL;
    if (snprintf(path, sizeof(path), "%s/shape.json", self->folder) < (int)sizeof(path))
        file = fopen(path, "r");
    const int done =
        file &&
        fscanf(file,
               "{\"classes\": %d, \"height\": %d, \"width\": %d, \"low_height\": %d, "
               "\"low_width\": %d",
               &s->classes, &s->height, &s->width, &s->low_height, &s->low_width) == 5 &&
        in_range(s->classes, CLASSES_MAX) && in_range(s->height, SIDE_MAX) &&
        in_range(s->width, SIDE_MAX) && in_range(s->low_height, SIDE_MAX) &&
        in_range(s->low_width, SIDE_MAX);
    if (file)
        fclose(file);
    if (!done)
        self->failure = "shape.json";
    return done;
}

static int load(peer *self, int threads, const char *engine)
{
    char path[4096];
    segent_options options = segent_options_init();
    options.threads = threads;
    self->options = segent_run_options_init();
    self->options.size = SEGENT_SIZE_OWN;
    if (strcmp(engine, "exact") == 0)
        self->options.engine = SEGENT_ENGINE_EXACT;
    else if (strcmp(engine, "small") == 0)
        self->options.engine = SEGENT_ENGINE_SMALL;
    snprintf(path, sizeof(path), "%s/model.pth", self->folder);

    uint8_t *pixels = read_file(self, "picture.rgb", pixel_count(self) * 3);
    const segent_pixel_view view =
        segent_pixels(pixels, SEGENT_PIXEL_RGB, self->shape.height, self->shape.width);
    const int done = pixels && segent_context_create(&options, &self->context) == SEGENT_OK &&
                     segent_model_load(self->context, path, NULL, &self->model) == SEGENT_OK &&
                     segent_image_from_pixels(self->context, &view, &self->image) == SEGENT_OK;
    free(pixels);
    return done;
}

static int say_ready(const peer *self, double began)
{
    segent_cpu_info cpu = segent_cpu_info_init();
    int64_t bytes = 0;
    if (segent_context_cpu_info(self->context, &cpu) != SEGENT_OK ||
        segent_model_memory(self->context, self->model, self->shape.width, self->shape.height,
                            &self->options, &bytes) != SEGENT_OK)
        return 0;
    printf("{\"ready\": true, \"load\": %.6f, \"note\": \"\", \"threads\": %d, "
           "\"activation_bytes\": %lld, \"versions\": {\"segent\": \"%s\", \"segent kernels\": "
           "\"%s\", \"segent blas\": \"%s\"}}\n",
           seconds_now() - began, cpu.threads, (long long)bytes, segent_version(), cpu.kernels,
           cpu.blas);
    return 1;
}

static int run(peer *self)
{
    segent_timings timings = segent_timings_init();
    segent_entropy_summary summary = segent_entropy_summary_init();
    segent_result_destroy(self->result);
    self->result = NULL;
    const double start = seconds_now();
    if (segent_run(self->context, self->model, self->image, &self->options, &self->result) !=
        SEGENT_OK)
        return 0;
    const double total = seconds_now() - start;
    if (segent_result_timings(self->result, &timings) != SEGENT_OK ||
        segent_result_summary(self->result, &summary) != SEGENT_OK)
        return 0;
    printf("{\"preprocess\": %.6f, \"network\": %.6f, \"head\": %.6f, \"total\": %.6f, "
           "\"entropy_sum_nats\": %.4f}\n",
           timings.preprocess, timings.network, timings.head, total, summary.sum_nats);
    return 1;
}

static int write_labels(peer *self, const char *path)
{
    if (!self->result) {
        self->failure = "labels asked for before a run";
        return 0;
    }
    FILE *file = fopen(path, "wb");
    const size_t count = pixel_count(self);
    int done = file && fwrite(segent_result_labels(self->result), 1, count, file) == count;
    done = file && fclose(file) == 0 && done;
    if (!done)
        self->failure = path;
    else
        puts("{}");
    return done;
}

/* Low-resolution logits to labels, entropy and sum; and to full-size logits if `full`. */
static int head(peer *self, float *full)
{
    const shape *const s = &self->shape;
    const segent_tensor_view logits =
        segent_tensor_chw(self->low, s->classes, s->low_height, s->low_width);
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    segent_entropy_summary summary = segent_entropy_summary_init();
    maps.height = s->height;
    maps.width = s->width;
    maps.labels.data = self->labels;
    maps.entropy.data = self->entropy;
    maps.logits.data = full;
    return segent_uncertainty_from_logits(self->context, &logits, NULL, &maps, &summary) ==
           SEGENT_OK;
}

static int fused_head(peer *self)
{
    return head(self, NULL);
}

/* Full-size logits to entropy and sum. */
static int full_size_maps(peer *self)
{
    const shape *const s = &self->shape;
    const segent_tensor_view logits =
        segent_tensor_chw(self->full, s->classes, s->height, s->width);
    const segent_map_view entropy = segent_map(self->entropy, s->height, s->width);
    segent_entropy_summary summary = segent_entropy_summary_init();
    return segent_entropy_map(self->context, &logits, NULL, &entropy) == SEGENT_OK &&
           segent_image_entropy(self->context, &entropy, NULL, &summary) == SEGENT_OK;
}

static int prepare_maps(peer *self)
{
    if (self->low)
        return 1;
    const shape *const s = &self->shape;
    const size_t classes = (size_t)s->classes, pixels = pixel_count(self);
    self->full = malloc(sizeof(float) * classes * pixels);
    self->entropy = malloc(sizeof(float) * pixels);
    self->labels = malloc(pixels);
    if (!self->full || !self->entropy || !self->labels) {
        self->failure = "out of memory";
        return 0;
    }
    self->low = read_file(self, "logits.f32",
                          sizeof(float) * classes * (size_t)s->low_height * (size_t)s->low_width);
    return self->low && head(self, self->full);
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int repeat(peer *self, int (*measured)(peer *), int count)
{
    double seconds[REPEATS_MAX];
    if (count < 1 || count > REPEATS_MAX) {
        self->failure = "1 to 99 repetitions";
        return 0;
    }
    if (!prepare_maps(self))
        return 0;
    for (int i = 0; i < count; i++) {
        const double start = seconds_now();
        if (!measured(self))
            return 0;
        seconds[i] = seconds_now() - start;
    }
    qsort(seconds, (size_t)count, sizeof(double), compare_doubles);
    printf("{\"seconds\": %.9f}\n", seconds[count / 2]);
    return 1;
}

static int answer(peer *self, const char *request, const char *argument)
{
    if (strcmp(request, "run") == 0)
        return run(self);
    if (strcmp(request, "labels") == 0)
        return write_labels(self, argument);
    if (strcmp(request, "head") == 0)
        return repeat(self, fused_head, atoi(argument));
    if (strcmp(request, "maps") == 0)
        return repeat(self, full_size_maps, atoi(argument));
    self->failure = "no such request";
    return 0;
}

static int answer_requests(peer *self)
{
    char line[4096];
    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\n")] = '\0';
        char *const space = strchr(line, ' ');
        if (space)
            *space = '\0';
        if (strcmp(line, "quit") == 0)
            break;
        if (!answer(self, line, space ? space + 1 : ""))
            return 0;
        fflush(stdout);
    }
    return 1;
}

int main(int argc, char **argv)
{
    peer self = {0};
    const double began = seconds_now();
    int done = 0;
    if (argc != 4) {
        fprintf(stderr, "usage: peer-segent FOLDER THREADS fast|exact|small\n");
        return 2;
    }
    self.folder = argv[1];
    if (read_shape(&self) && load(&self, atoi(argv[2]), argv[3]) && say_ready(&self, began)) {
        fflush(stdout);
        done = answer_requests(&self);
    }
    if (!done)
        fprintf(stderr, "%s\n", self.failure ? self.failure : segent_last_error(self.context));
    free(self.labels);
    free(self.entropy);
    free(self.full);
    free(self.low);
    segent_result_destroy(self.result);
    segent_image_destroy(self.image);
    segent_model_destroy(self.model);
    segent_context_destroy(self.context);
    return done ? 0 : 1;
}
