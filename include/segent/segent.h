/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* libsegent: semantic segmentation with its uncertainty.
 *
 * A picture goes in; class labels, a per-pixel entropy map and one entropy number come out,
 * natively. This header is the whole API and is meant to be read from top to bottom:
 *
 *   1. Version and status codes
 *   2. Context               settings, threads, memory, the last error
 *   3. Layouts               how the caller's own buffers are laid out
 *   4. Uncertainty           softmax, entropy, argmax, sums on the caller's buffers
 *   5. Colours               palette decoder and colour maps
 *   6. Pictures              JPEG and PNG in, PNG out, resize
 *   7. Checkpoints           what a file of weights holds
 *   8. Models                a network built from such a file
 *   9. Running               picture + model -> labels, entropy map, sums
 *  10. Files                 writing a file whole or not at all
 *
 * The shortest useful program:
 *
 *     segent_context *context = NULL;
 *     segent_model *model = NULL;
 *     segent_image *image = NULL;
 *     segent_result *result = NULL;
 *     if (segent_context_create(NULL, &context) == SEGENT_OK &&
 *         segent_model_load(context, "model.pth", NULL, &model) == SEGENT_OK &&
 *         segent_image_load(context, "picture.jpg", NULL, &image) == SEGENT_OK &&
 *         segent_run(context, model, image, NULL, &result) == SEGENT_OK) {
 *         const float *entropy = segent_result_entropy(result);
 *         ...
 *     } else {
 *         fprintf(stderr, "%s\n", segent_last_error(context));
 *     }
 *     segent_result_destroy(result);
 *     segent_image_destroy(image);
 *     segent_model_destroy(model);
 *     segent_context_destroy(context);
 *
 * Conventions
 * - Every function that can fail returns a segent_status. On failure the out-parameters are
 * untouched (only the contents of pixel buffers that were being written are unspecified) and
 * segent_last_error() holds one sentence that names the cause.
 * - Options structs begin with their own size. Set them up with their inline initialiser
 * (segent_options_init() and so on) and change what you need; NULL stands for the defaults. Structs
 * that the library fills also begin with their size.
 * - destroy(NULL) does nothing. Every object is destroyed by the function named after it.
 * - Objects outlive the context they were made with: a model loaded with one context may be used
 * and destroyed with others.
 * - Pixel (0, 0) is the top left one. Sizes of pictures are width x height; arrays are (C, H, W) or
 * (H, W, C), row-major.
 *
 * Thread-safety. A context may be used by one thread at a time; different contexts by different
 * threads at once. A call with a context that is in use, by another thread or by the call from
 * which a callback comes, does nothing and returns SEGENT_ERROR_BUSY. Models, images and results
 * are immutable once made: any number of threads may read them, each with its own context. The
 * library has no global state: it never prints, never exits, never installs handlers and changes no
 * setting of its host. docs/hosting.md says the rest: fork, signals, stack, floating-point
 * environment, callbacks. */

#ifndef SEGENT_SEGENT_H
#define SEGENT_SEGENT_H

#include <stddef.h>
#include <stdint.h>

#if defined(SEGENT_STATIC)
#    define SEGENT_API
#elif defined(_WIN32)
#    ifdef SEGENT_BUILDING
#        define SEGENT_API __declspec(dllexport)
#    else
#        define SEGENT_API __declspec(dllimport)
#    endif
#elif defined(__GNUC__)
#    define SEGENT_API __attribute__((visibility("default")))
#else
#    define SEGENT_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ==== 1. Version and status codes ==== */

#define SEGENT_VERSION_MAJOR  0
#define SEGENT_VERSION_MINOR  1
#define SEGENT_VERSION_PATCH  0
#define SEGENT_VERSION_STRING "0.1.0"

/* The library's version, "major.minor.patch": of the library that was linked, where
 * SEGENT_VERSION_STRING is that of the header. The string is static. Thread-safe. Since 0.1 */
SEGENT_API const char *segent_version(void);

/* What a function returns. Codes are spaced, explicit and append-only; a program should treat any
 * code but SEGENT_OK as a failure. Since 0.1 */
typedef int32_t segent_status;
enum {
    SEGENT_OK = 0,
    SEGENT_ERROR_INVALID_ARGUMENT = 10, /* NULL, a size below 1, an unknown enum value */
    SEGENT_ERROR_UNSUPPORTED = 11,      /* valid, but this library or this build cannot do it */
    SEGENT_ERROR_BUSY = 12, /* the context is in use: by a callback, or by another thread */
    SEGENT_ERROR_OUT_OF_MEMORY = 20,
    SEGENT_ERROR_LIMIT = 21,           /* such as segent_options.pixel_limit: can be raised */
    SEGENT_ERROR_NOT_FINITE = 30,      /* NaN or +infinity among logits, NaN among probabilities */
    SEGENT_ERROR_NOT_PROBABILITY = 31, /* outside [0, 1], or not summing to 1 */
    SEGENT_ERROR_IO = 40,              /* the operating system refused */
    SEGENT_ERROR_NOT_FOUND = 41,       /* no such file */
    SEGENT_ERROR_FORMAT = 50,          /* not a file of a known format, or a damaged one */
    SEGENT_ERROR_TRUNCATED = 51,       /* the file ends before its content does */
    SEGENT_ERROR_FORBIDDEN = 52,       /* a pickle asks for a function that only an attack needs */
    SEGENT_ERROR_MODEL = 60,           /* tensors are missing, left over or of the wrong shape */
    SEGENT_ERROR_CANCELLED = 70,       /* the progress callback asked to stop */
    SEGENT_ERROR_INTERNAL = 90         /* a defect of the library; please report it */
};

/* A short English name of a status, such as "out of memory". Never NULL; static. Thread-safe. Since
 * 0.1 */
SEGENT_API const char *segent_status_string(segent_status status);

/* ==== 2. Context ==== */

/* Holds settings, the thread pool, the memory functions and the last error. */
typedef struct segent_context segent_context;

/* Memory functions of the host, for segent_options. `allocate` returns memory aligned for any
 * fundamental type, or NULL; `release` takes what `allocate` returned, never NULL. Both may be
 * called from any thread. Since 0.1 */
typedef void *(*segent_allocate_fn)(void *user, size_t size);
typedef void (*segent_release_fn)(void *user, void *memory);

/* Severity of a log message. Since 0.1 */
enum { SEGENT_LOG_ERROR = 0, SEGENT_LOG_WARNING = 1, SEGENT_LOG_INFO = 2, SEGENT_LOG_DEBUG = 3 };

/* Receives one line, without a newline, that is valid during the call. Called on the thread that
 * called the library. Since 0.1 */
typedef void (*segent_log_fn)(void *user, int32_t level, const char *message);

/* Instruction sets, for segent_options.cpu and segent_cpu_info. A cap never adds what the processor
 * lacks. Since 0.1 */
typedef int32_t segent_cpu;
enum {
    SEGENT_CPU_AUTO = 0, /* the best that the processor and the operating system offer */
    SEGENT_CPU_REF = 1,  /* plain C only */
    SEGENT_CPU_AVX2 = 2, /* with FMA */
    SEGENT_CPU_AVX512 = 3,
    SEGENT_CPU_NEON = 4
};

/* Settings of a context. Since 0.1 */
typedef struct segent_options {
    size_t struct_size;
    int32_t threads; /* 0: as many as the processors this process may run on, or as its control
                        group's CPU quota is worth if that is less; else 1 to 1024 */
    segent_cpu cpu;  /* cap on the instruction set; the environment variable SEGENT_CPU applies when
                        this is AUTO: a warning if it is none of auto, ref, avx2, avx512, neon */
    segent_allocate_fn allocate; /* both or neither; NULL: malloc and free */
    segent_release_fn release;
    void *allocator_user;
    segent_log_fn log; /* NULL: silence */
    void *log_user;
    int64_t pixel_limit; /* largest picture in pixels, decoded or resized; 0:
                            SEGENT_PIXEL_LIMIT_DEFAULT */
    /* Most bytes that reading one file (a picture, labels, a checkpoint's structure) may take
     * beside the file itself; 0: SEGENT_MEMORY_LIMIT_DEFAULT. Beyond it: SEGENT_ERROR_LIMIT. */
    int64_t memory_limit;
    int32_t scan_limit; /* most scans of a JPEG file; 0: SEGENT_SCAN_LIMIT_DEFAULT */
    int32_t reserved;   /* 0 */
} segent_options;

/* 178,956,970 pixels, the number at which Pillow refuses a picture as a decompression bomb. Since
 * 0.1 */
#define SEGENT_PIXEL_LIMIT_DEFAULT 178956970

/* 2 GiB: a progressive JPEG file of the default pixel limit takes 1.6 GB to decode. Since 0.1 */
#define SEGENT_MEMORY_LIMIT_DEFAULT INT64_C(2147483648)

/* Scans of a JPEG file. Encoders write 1 to some 12; each scan of a progressive file costs a pass
 * over the whole picture, however short it is. Since 0.1 */
#define SEGENT_SCAN_LIMIT_DEFAULT 100

/* The default settings. Since 0.1 */
static inline segent_options segent_options_init(void)
{
    segent_options options = {
        sizeof(segent_options), 0, SEGENT_CPU_AUTO, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0};
    return options;
}

/* Makes a context. `options` may be NULL. No context exists on failure, so only the status tells
 * the cause. Since 0.1 */
SEGENT_API segent_status segent_context_create(const segent_options *options,
                                               segent_context **context);

/* Ends the context's threads and frees it. Objects made with it live on. Of a context that is in
 * use: when the call that uses it returns, as from one of its callbacks. Since 0.1 */
SEGENT_API void segent_context_destroy(segent_context *context);

/* The sentence for the context's last failure, "" before the first; of a failed
 * segent_context_create (context NULL) a fixed one. Valid until the next failing call with this
 * context. To a thread whose last call with this context was SEGENT_ERROR_BUSY it is a fixed one
 * that says so, and the sentence of whoever uses the context is left alone. Never NULL. Since 0.1
 */
SEGENT_API const char *segent_last_error(const segent_context *context);

/* What this library runs on and with. Strings are owned by the context and live as long as it does.
 * Since 0.1 */
typedef struct segent_cpu_info {
    size_t struct_size;
    const char *processor; /* brand string of the processor, or its architecture */
    segent_cpu detected;   /* best instruction set of processor and operating system */
    segent_cpu used;       /* what the kernels use, after caps */
    const char *used_name; /* "ref", "avx2", "avx512", "neon" */
    const char *blas; /* matrix product where there are no kernels: name, version and kernels of
                         the BLAS, or why there is none. It is loaded by the first product, and
                         by this question only where it is needed */
    int32_t threads;  /* threads of the context's pool */
    int32_t reserved; /* 0 */
} segent_cpu_info;

/* Ready to be filled. Since 0.1 */
static inline segent_cpu_info segent_cpu_info_init(void)
{
    segent_cpu_info info = {
        sizeof(segent_cpu_info), NULL, SEGENT_CPU_AUTO, SEGENT_CPU_AUTO, NULL, NULL, 0, 0};
    return info;
}

/* Fills *info, whose struct_size the caller has set. Since 0.1 */
SEGENT_API segent_status segent_context_cpu_info(const segent_context *context,
                                                 segent_cpu_info *info);

/* ==== 3. Layouts of the caller's buffers ==== */

/* Where the value of class c at row y and column x lies: base[c * class_stride + y * row_stride + x
 * * column_stride]. Strides count elements, not bytes, and may be negative or padded. A plain
 * value, frozen for ever. Since 0.1 */
typedef struct segent_layout {
    int64_t classes, height, width;
    int64_t class_stride, row_stride, column_stride;
} segent_layout;

/* C x H x W, dense: what PyTorch holds. Since 0.1 */
static inline segent_layout segent_layout_chw(int64_t classes, int64_t height, int64_t width)
{
    segent_layout layout = {classes, height, width, height * width, width, 1};
    return layout;
}

/* H x W x C, dense: channels last. Since 0.1 */
static inline segent_layout segent_layout_hwc(int64_t classes, int64_t height, int64_t width)
{
    segent_layout layout = {classes, height, width, 1, width * classes, classes};
    return layout;
}

/* Strides, in elements, of a map with one value a pixel. A NULL pointer or {0, 0} means dense rows:
 * {width, 1}. Since 0.1 */
typedef struct segent_plane {
    int64_t row_stride, column_stride;
} segent_plane;

/* Element type of a map of class ids. Since 0.1 */
typedef int32_t segent_label_type;
enum {
    SEGENT_LABEL_U8 = 1, /* up to 256 classes */
    SEGENT_LABEL_U16 = 2 /* up to 65536 classes */
};

/* ==== 4. Uncertainty ==== */

/* Unit of an entropy. Since 0.1 */
typedef int32_t segent_unit;
enum {
    SEGENT_UNIT_NORMALIZED = 0, /* divided by log C: 0 (certain) to 1 (all classes alike) */
    SEGENT_UNIT_NATS = 1,       /* natural logarithm: 0 to log C */
    SEGENT_UNIT_BITS = 2        /* logarithm to base 2: 0 to log2 C */
};

/* What the values given to segent_entropy_map are. Since 0.1 */
typedef int32_t segent_source;
enum { SEGENT_SOURCE_LOGITS = 0, SEGENT_SOURCE_PROBABILITIES = 1 };

/* Softmax over the classes: p_c = exp(z_c - m) / sum_k exp(z_k - m), m = max z.
 * `logits` has `layout`; `probabilities` has `output_layout`, which must agree in its sizes (NULL:
 * the same layout). In place is allowed when both pointers and both layouts are equal; other
 * overlaps are not. Logits of -infinity are classes that cannot occur (p = 0), as long as one logit
 * of the pixel is finite; NaN and +infinity give SEGENT_ERROR_NOT_FINITE. Since 0.1 */
SEGENT_API segent_status segent_softmax(segent_context *context, const float *logits,
                                        const segent_layout *layout, float *probabilities,
                                        const segent_layout *output_layout);

/* Options of segent_entropy_map. Since 0.1 */
typedef struct segent_entropy_options {
    size_t struct_size;
    segent_source source; /* default: logits */
    segent_unit unit;     /* default: normalised */
    float temperature; /* logits are divided by it; > 0, default 1; of probabilities it must be 1 */
    /* Not 0: probabilities outside [0, 1], or whose sum over the classes is not within `tolerance`
     * of 1, are SEGENT_ERROR_NOT_PROBABILITY. 0 (default): computed as they are, negative ones
     * counting as 0. */
    int32_t strict;
    float tolerance;  /* default 1e-3 */
    int32_t reserved; /* 0 */
} segent_entropy_options;

static inline segent_entropy_options segent_entropy_options_init(void)
{
    segent_entropy_options options = {sizeof(segent_entropy_options),
                                      SEGENT_SOURCE_LOGITS,
                                      SEGENT_UNIT_NORMALIZED,
                                      1.0f,
                                      0,
                                      1e-3f,
                                      0};
    return options;
}

/* Entropy of every pixel's class distribution (equation 2): E = -(1 / log C) * sum_c p_c log p_c,
 * normalised to [0, 1], or without the factor in nats or bits. From logits it is computed stably as
 * log S - T / S with d_c = z_c - max z, S = sum exp(d_c), T = sum d_c exp(d_c); p = 0 contributes
 * 0; one class gives 0. `values` has `layout`; `entropy` is H x W with `plane`. The map may not
 * overlap the values. NaN and +infinity give SEGENT_ERROR_NOT_FINITE. Since 0.1 */
SEGENT_API segent_status segent_entropy_map(segent_context *context, const float *values,
                                            const segent_layout *layout,
                                            const segent_entropy_options *options, float *entropy,
                                            const segent_plane *plane);

/* Sums over an entropy map, in double, added row by row: the same for any number of threads. Since
 * 0.1 */
typedef struct segent_entropy_summary {
    size_t struct_size;
    int64_t pixels; /* that were counted: not masked out */
    double sum;     /* equation 3: sum of the map's values */
    double mean;    /* sum / pixels; 0 if no pixel counts */
    double minimum; /* of the counted pixels; 0 if none */
    double maximum;
    /* The sum in nats, not normalised: the published script's number. 0 from segent_image_entropy,
     * which does not know the class count. */
    double sum_nats;
} segent_entropy_summary;

static inline segent_entropy_summary segent_entropy_summary_init(void)
{
    segent_entropy_summary summary = {sizeof(segent_entropy_summary), 0, 0.0, 0.0, 0.0, 0.0, 0.0};
    return summary;
}

/* Image entropy (equation 3): sum and mean of an entropy map in whatever unit it has. `ignore` (may
 * be NULL) is H x W bytes with `ignore_plane`: pixels where it is not 0 are left out of the sum and
 * of the denominator of the mean. NaN in a counted pixel is SEGENT_ERROR_NOT_FINITE. Since 0.1 */
SEGENT_API segent_status segent_image_entropy(segent_context *context, const float *entropy,
                                              int64_t height, int64_t width,
                                              const segent_plane *plane, const uint8_t *ignore,
                                              const segent_plane *ignore_plane,
                                              segent_entropy_summary *summary);

/* Class of the largest value of every pixel; ties go to the lowest class. `labels` is H x W of
 * `type` with `plane`. Works on logits and on probabilities. More classes than `type` holds are
 * SEGENT_ERROR_INVALID_ARGUMENT; NaN is SEGENT_ERROR_NOT_FINITE. Since 0.1 */
SEGENT_API segent_status segent_argmax(segent_context *context, const float *values,
                                       const segent_layout *layout, void *labels,
                                       segent_label_type type, const segent_plane *plane);

/* Options of segent_uncertainty_from_logits. Since 0.1 */
typedef struct segent_uncertainty_options {
    size_t struct_size;
    segent_unit unit;  /* of the entropy map; default: normalised */
    float temperature; /* logits are divided by it; > 0, default 1 */
} segent_uncertainty_options;

static inline segent_uncertainty_options segent_uncertainty_options_init(void)
{
    segent_uncertainty_options options = {sizeof(segent_uncertainty_options),
                                          SEGENT_UNIT_NORMALIZED, 1.0f};
    return options;
}

/* The caller's outputs for segent_uncertainty_from_logits, H x W (or C x H x W) at the output size.
 * Any pointer may be NULL: then that output is not made. Since 0.1 */
typedef struct segent_uncertainty_maps {
    size_t struct_size;
    int64_t height, width; /* output size, at least 1 x 1 */
    void *labels;          /* of label_type */
    segent_label_type label_type;
    int32_t reserved; /* 0 */
    segent_plane labels_plane;
    float *entropy;
    segent_plane entropy_plane;
    float *top_probability; /* the largest class probability */
    segent_plane top_probability_plane;
    float *margin; /* the largest minus the second largest class probability; 1 with one class */
    segent_plane margin_plane;
    float *logits;        /* C x H x W, dense: the interpolated logits, before the temperature */
    float *probabilities; /* C x H x W, dense, after the temperature */
} segent_uncertainty_maps;

static inline segent_uncertainty_maps segent_uncertainty_maps_init(void)
{
    segent_plane dense = {0, 0};
    segent_uncertainty_maps maps = {sizeof(segent_uncertainty_maps),
                                    0,
                                    0,
                                    NULL,
                                    SEGENT_LABEL_U8,
                                    0,
                                    dense,
                                    NULL,
                                    dense,
                                    NULL,
                                    dense,
                                    NULL,
                                    dense,
                                    NULL,
                                    NULL};
    return maps;
}

/* Low-resolution logits to labels, entropy map and sums at any output size in one pass over output
 * rows: bilinear interpolation (align_corners = False, as torch.nn.functional.interpolate), then
 * softmax, then entropy and argmax. Full-size logits are never held unless maps->logits asks for
 * them. `summary` may be NULL; its sum and mean are normalised whatever options->unit says. NaN and
 * +infinity give SEGENT_ERROR_NOT_FINITE. Since 0.1 */
SEGENT_API segent_status segent_uncertainty_from_logits(segent_context *context,
                                                        const float *logits,
                                                        const segent_layout *layout,
                                                        const segent_uncertainty_options *options,
                                                        const segent_uncertainty_maps *maps,
                                                        segent_entropy_summary *summary);

/* Figures of one class over a picture. A plain value, frozen for ever. Since 0.1 */
typedef struct segent_class_statistics {
    int64_t pixels;
    double entropy_mean; /* mean of the entropy map over these pixels; 0 if there are none */
} segent_class_statistics;

/* Counts pixels and averages entropy for each class. `labels` and `entropy` (may be NULL) are H x
 * W; `statistics` has `classes` entries. A label not below `classes` is
 * SEGENT_ERROR_INVALID_ARGUMENT. Since 0.1 */
SEGENT_API segent_status segent_statistics_per_class(
    segent_context *context, const void *labels, segent_label_type type,
    const segent_plane *labels_plane, const float *entropy, const segent_plane *entropy_plane,
    int64_t height, int64_t width, int64_t classes, segent_class_statistics *statistics);

/* ==== 5. Colours ==== */

/* A palette: `count` entries of 3 bytes (red, green, blue). NULL stands for the VOC palette in
 * every function below: the bit-interleaved colour map, defined for any class id, with 255 (void) =
 * (224, 224, 192). */

/* Writes `count` entries of the VOC palette, 3 bytes each, beginning at class 0. Thread-safe. Since
 * 0.1 */
SEGENT_API segent_status segent_palette_voc(uint8_t *rgb, int64_t count);

/* Class ids to colours. `labels` is H x W of `type` with `plane`; `rgb` is H x W x 3 bytes, rows
 * `rgb_stride` bytes apart (0: dense). A label beyond a palette of the caller's is
 * SEGENT_ERROR_INVALID_ARGUMENT. Since 0.1 */
SEGENT_API segent_status segent_palette_decode(segent_context *context, const void *labels,
                                               segent_label_type type, const segent_plane *plane,
                                               int64_t height, int64_t width,
                                               const uint8_t *palette, int64_t palette_count,
                                               uint8_t *rgb, int64_t rgb_stride);

/* Colour maps of 256 entries. Since 0.1 */
typedef int32_t segent_colormap;
enum {
    SEGENT_COLORMAP_JET = 0, /* matplotlib's jet: 0 blue, 1 red; what the published figures use */
    SEGENT_COLORMAP_VIRIDIS = 1 /* perceptually uniform: equal steps look equal, also in grey and to
                                   colour-blind readers */
};

/* Values to colours: entry int(256 * (v - low) / (high - low)), clamped to 0..255, as matplotlib
 * does. `values` is H x W with `plane`; `rgb` is H x W x 3 bytes, rows `rgb_stride` bytes apart (0:
 * dense). low < high, or low == high (everything is entry 0, as imshow shows a constant image). NaN
 * is SEGENT_ERROR_NOT_FINITE. Since 0.1 */
SEGENT_API segent_status segent_colormap_apply(segent_context *context, const float *values,
                                               int64_t height, int64_t width,
                                               const segent_plane *plane, segent_colormap colormap,
                                               float low, float high, uint8_t *rgb,
                                               int64_t rgb_stride);

/* ==== 6. Pictures ==== */

/* A picture of 8-bit RGB pixels, dense rows, owned by the object. Immutable. */
typedef struct segent_image segent_image;

/* Options of segent_image_load. Since 0.1 */
typedef struct segent_image_options {
    size_t struct_size;
    int32_t orient;     /* not 0 (default): apply the EXIF orientation */
    int32_t background; /* -1 (default): drop transparency, as Pillow's convert("RGB"); 0xRRGGBB:
                           compose over that colour */
} segent_image_options;

static inline segent_image_options segent_image_options_init(void)
{
    segent_image_options options = {sizeof(segent_image_options), 1, -1};
    return options;
}

/* Reads a JPEG or PNG file, told apart by content. Every mode is converted to RGB as Pillow does;
 * 16-bit samples keep their high byte. Larger than the context's pixel_limit is SEGENT_ERROR_LIMIT.
 * Since 0.1 */
SEGENT_API segent_status segent_image_load(segent_context *context, const char *path,
                                           const segent_image_options *options,
                                           segent_image **image);

/* The same from `size` bytes in memory, which are not kept. Since 0.1 */
SEGENT_API segent_status segent_image_load_memory(segent_context *context, const void *data,
                                                  size_t size, const segent_image_options *options,
                                                  segent_image **image);

/* Order of samples in the caller's pixels, 8 bits each. Since 0.1 */
typedef int32_t segent_pixel_format;
enum {
    SEGENT_PIXEL_RGB = 1,
    SEGENT_PIXEL_BGR = 2,
    SEGENT_PIXEL_RGBA = 3, /* alpha is dropped */
    SEGENT_PIXEL_BGRA = 4,
    SEGENT_PIXEL_GREY = 5
};

/* Copies the caller's pixels. `stride`: bytes from one row to the next, 0 for dense, negative for
 * bottom-up. Since 0.1 */
SEGENT_API segent_status segent_image_from_pixels(segent_context *context, const uint8_t *pixels,
                                                  segent_pixel_format format, int32_t width,
                                                  int32_t height, int64_t stride,
                                                  segent_image **image);

/* A new picture of width x height, resampled exactly as Pillow's 8-bit Image.resize(BILINEAR) does
 * (triangle filter with antialiasing, horizontal pass first). Since 0.1 */
SEGENT_API segent_status segent_image_resize(segent_context *context, const segent_image *image,
                                             int32_t width, int32_t height, segent_image **resized);

/* Size of a picture whose shorter side becomes `size` as torchvision.transforms.Resize computes it:
 * the longer side is int(size * longer / shorter). size 0 keeps the picture's own. Thread-safe.
 * Since 0.1 */
SEGENT_API segent_status segent_image_fit(int32_t width, int32_t height, int32_t size,
                                          int32_t *fitted_width, int32_t *fitted_height);

/* Size, and pixels (H x W x 3 bytes, dense, owned by the image). Since 0.1 */
SEGENT_API int32_t segent_image_width(const segent_image *image);
SEGENT_API int32_t segent_image_height(const segent_image *image);
SEGENT_API const uint8_t *segent_image_pixels(const segent_image *image);

/* Writes an 8-bit RGB PNG, whole or not at all (as segent_write_file). Since 0.1 */
SEGENT_API segent_status segent_image_save_png(segent_context *context, const segent_image *image,
                                               const char *path);

/* Writes class ids as PNG: 8-bit palette-indexed (pixel value = class id) for SEGENT_LABEL_U8,
 * 16-bit grey for SEGENT_LABEL_U16. `palette` may be NULL (VOC). Whole or not at all. Since 0.1 */
SEGENT_API segent_status segent_labels_save_png(segent_context *context, const void *labels,
                                                segent_label_type type, const segent_plane *plane,
                                                int32_t width, int32_t height,
                                                const uint8_t *palette, int64_t palette_count,
                                                const char *path);

/* Class ids back from a PNG: 8-bit palette-indexed or grey (SEGENT_LABEL_U8), or 16-bit grey
 * (SEGENT_LABEL_U16); other PNGs are SEGENT_ERROR_UNSUPPORTED. A labels object is freed with
 * segent_labels_destroy. Since 0.1 */
typedef struct segent_labels segent_labels;
SEGENT_API segent_status segent_labels_load_png(segent_context *context, const char *path,
                                                segent_labels **labels);
SEGENT_API segent_status segent_labels_load_png_memory(segent_context *context, const void *data,
                                                       size_t size, segent_labels **labels);
SEGENT_API int32_t segent_labels_width(const segent_labels *labels);
SEGENT_API int32_t segent_labels_height(const segent_labels *labels);
SEGENT_API segent_label_type segent_labels_type(const segent_labels *labels);
SEGENT_API const void *segent_labels_data(const segent_labels *labels); /* H x W, dense */
SEGENT_API void segent_labels_destroy(segent_labels *labels);

/* Since 0.1 */
SEGENT_API void segent_image_destroy(segent_image *image);

/* ==== 7. Checkpoints ==== */

/* A file of named tensors: torch's legacy form, torch's zip form, or safetensors, told apart by
 * content. The file is mapped and stays mapped until the object is destroyed. No code in it is ever
 * executed. */
typedef struct segent_checkpoint segent_checkpoint;

/* Since 0.1 */
typedef int32_t segent_container;
enum { SEGENT_CONTAINER_LEGACY = 1, SEGENT_CONTAINER_ZIP = 2, SEGENT_CONTAINER_SAFETENSORS = 3 };

/* Since 0.1 */
typedef int32_t segent_dtype;
enum {
    SEGENT_DTYPE_F32 = 1,
    SEGENT_DTYPE_F16 = 2,
    SEGENT_DTYPE_BF16 = 3,
    SEGENT_DTYPE_F64 = 4,
    SEGENT_DTYPE_I64 = 5,
    SEGENT_DTYPE_I32 = 6,
    SEGENT_DTYPE_I16 = 7,
    SEGENT_DTYPE_I8 = 8,
    SEGENT_DTYPE_U8 = 9,
    SEGENT_DTYPE_BOOL = 10
};

#define SEGENT_RANK_MAX 8

/* One tensor of a checkpoint. `name` is NUL-terminated and owned by the checkpoint: the keys that
 * lead to it, joined by dots. What DistributedDataParallel, torch.compile and the like add to names
 * ("module.", "_orig_mod.") is already gone, unless two names would be the same. Strides count
 * elements and need not be contiguous. A dtype of 0 is one that is not read, such as float8: the
 * tensor is listed, and segent_checkpoint_read of it is SEGENT_ERROR_UNSUPPORTED. Since 0.1 */
typedef struct segent_tensor_info {
    size_t struct_size;
    const char *name;
    segent_dtype dtype;
    int32_t rank;
    int64_t shape[SEGENT_RANK_MAX];
    int64_t stride[SEGENT_RANK_MAX];
    int64_t elements;
} segent_tensor_info;

/* Ready to be filled. Since 0.1 */
static inline segent_tensor_info segent_tensor_info_init(void)
{
    segent_tensor_info info = {sizeof(segent_tensor_info), NULL, 0, 0, {0, 0, 0, 0, 0, 0, 0, 0},
                               {0, 0, 0, 0, 0, 0, 0, 0},   0};
    return info;
}

/* Opens a checkpoint; everything about it is validated before this returns. Since 0.1 */
SEGENT_API segent_status segent_checkpoint_load(segent_context *context, const char *path,
                                                segent_checkpoint **checkpoint);

/* The same from memory, which must stay valid and unchanged until the checkpoint is destroyed.
 * Since 0.1 */
SEGENT_API segent_status segent_checkpoint_load_memory(segent_context *context, const void *data,
                                                       size_t size, segent_checkpoint **checkpoint);

/* Makes a checkpoint of random weights in memory, to measure without a file: they segment nothing
 * but take as long. `architecture` is torchvision's name ("deeplabv3_resnet101", "fcn_resnet50"; a
 * ResNet alone is DeepLabV3's), with 21 classes. The same seed gives the same weights. An unknown
 * name is SEGENT_ERROR_INVALID_ARGUMENT. Since 0.1 */
SEGENT_API segent_status segent_checkpoint_seeded(segent_context *context, const char *architecture,
                                                  uint64_t seed, segent_checkpoint **checkpoint);

SEGENT_API segent_container segent_checkpoint_container(const segent_checkpoint *checkpoint);

/* Number of tensors, and the i-th one in the file's order. Since 0.1 */
SEGENT_API int64_t segent_checkpoint_count(const segent_checkpoint *checkpoint);
SEGENT_API segent_status segent_checkpoint_tensor(segent_context *context,
                                                  const segent_checkpoint *checkpoint,
                                                  int64_t index, segent_tensor_info *info);

/* Value of a key of safetensors' __metadata__, or NULL. Owned by the checkpoint. Since 0.1 */
SEGENT_API const char *segent_checkpoint_metadata(const segent_checkpoint *checkpoint,
                                                  const char *key);

/* What a pickle names that has no meaning for this library, such as "numpy.dtype" or
 * "__main__.Config": how many such globals, each counted once and at most 1000 of them, and the
 * i-th as "module.name" in the file's order, or NULL if there is none. Objects of theirs are
 * carried along without behaviour. Strings are owned by the checkpoint. Thread-safe. Since 0.1 */
SEGENT_API int64_t segent_checkpoint_opaque_count(const segent_checkpoint *checkpoint);
SEGENT_API const char *segent_checkpoint_opaque(const segent_checkpoint *checkpoint, int64_t index);

/* Values of the i-th tensor as float32, dense in C order, `count` of them (the tensor's element
 * count). Since 0.1 */
SEGENT_API segent_status segent_checkpoint_read(segent_context *context,
                                                const segent_checkpoint *checkpoint, int64_t index,
                                                float *values, int64_t count);

/* Since 0.1 */
SEGENT_API void segent_checkpoint_destroy(segent_checkpoint *checkpoint);

/* ==== 8. Models ==== */

/* A DeepLabV3 network with a bottleneck ResNet, built from the names and shapes of a checkpoint's
 * tensors, batch norm folded. Immutable; shared freely between threads and contexts. */
typedef struct segent_model segent_model;

/* How convolutions are done. Weights are kept once, in the same form, whatever the engine: what
 * differs is the time of a run and the workspace in its block (segent_model_memory). Since 0.1 */
typedef int32_t segent_engine;
enum {
    SEGENT_ENGINE_FAST = 0,  /* the default: with as few multiplications as pay */
    SEGENT_ENGINE_EXACT = 1, /* direct convolution only */
    SEGENT_ENGINE_SMALL = 2 /* as FAST, where that takes little workspace: less memory, more time */
};

/* Options of segent_model_load. Since 0.1 */
typedef struct segent_model_options {
    size_t struct_size;
    segent_engine engine;
    /* Dilation of the three ASPP branches. {0, 0, 0}: the file's "segent.rates", or those of
     * the module where a whole one was saved, else 12, 24, 36.
     */
    int32_t rates[3];
    /* Names of the classes, copied; as many as the network has classes. NULL: the file's
     * "segent.classes", else VOC's for 21 classes, else "class 0" and so on. */
    const char *const *class_names;
    int64_t class_name_count;
    /* Which network, where the file holds several: what stands before the names of its tensors,
     * such as "teacher" or "model.student"; the last parts of that will do, and "." stands for
     * nothing before them. NULL: the only one; or the only one that is neither an average of
     * weights (EMA, SWA) nor a copy among a script's settings, with a warning that names the
     * others. */
    const char *prefix;
} segent_model_options;

static inline segent_model_options segent_model_options_init(void)
{
    segent_model_options options = {
        sizeof(segent_model_options), SEGENT_ENGINE_FAST, {0, 0, 0}, NULL, 0, NULL};
    return options;
}

/* Reads a checkpoint (any container), finds the network by the names of its tensors, whatever
 * stands before them, and builds it. A tensor of its backbone or classifier that is missing, left
 * over or of the wrong shape is SEGENT_ERROR_MODEL and named, and so is any other network; what
 * else is in the file is passed over, with a note to the log where it stands beside the network.
 * One output is taken for the sigmoid of two classes, whose logits are 0 and that output. The file
 * is not needed afterwards. Since 0.1 */
SEGENT_API segent_status segent_model_load(segent_context *context, const char *path,
                                           const segent_model_options *options,
                                           segent_model **model);

/* The same from memory, which is not kept. Since 0.1 */
SEGENT_API segent_status segent_model_load_memory(segent_context *context, const void *data,
                                                  size_t size, const segent_model_options *options,
                                                  segent_model **model);

/* The same from a checkpoint that is open, which is not needed afterwards. Since 0.1 */
SEGENT_API segent_status segent_model_from_checkpoint(segent_context *context,
                                                      const segent_checkpoint *checkpoint,
                                                      const segent_model_options *options,
                                                      segent_model **model);

/* What a model is. Strings are owned by the model. Since 0.1 */
typedef struct segent_model_details {
    size_t struct_size;
    /* "deeplabv3_resnet101" (or 50, 152), "fcn_resnet50", or such as "deeplabv3_resnet(1,2,3,2)" */
    const char *architecture;
    const char *description; /* the file's "segent.description", or "" */
    int32_t classes;
    int32_t width;     /* channels of the first convolution: 64 in the standard networks */
    int32_t blocks[4]; /* bottlenecks per layer */
    int32_t rates[3];  /* of a DeepLabV3; zeros for others */
    int32_t reserved;  /* 0 */
    /* Trained numbers that the network uses (58,630,997 for ResNet-101 with 21 classes), and that
     * the file holds (60,996,202, with aux_classifier). */
    int64_t parameters, parameters_in_file;
    segent_container container;
    segent_engine engine;
    float temperature; /* the file's "segent.temperature", or 1 */
    int32_t size;      /* the file's "segent.size": shorter side it was trained for; or 640 */
    /* What stands before the names of its tensors in the file, such as "state_dict.model.", or "".
     */
    const char *prefix;
} segent_model_details;

/* Ready to be filled. Since 0.1 */
static inline segent_model_details segent_model_details_init(void)
{
    segent_model_details details = {sizeof(segent_model_details),
                                    NULL,
                                    NULL,
                                    0,
                                    0,
                                    {0, 0, 0, 0},
                                    {0, 0, 0},
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    0.0f,
                                    0,
                                    NULL};
    return details;
}

/* Fills *details, whose struct_size the caller has set. Since 0.1 */
SEGENT_API segent_status segent_model_info(const segent_model *model,
                                           segent_model_details *details);

/* Name of a class, owned by the model; NULL if there is no such class. Since 0.1 */
SEGENT_API const char *segent_model_class_name(const segent_model *model, int32_t class_id);

/* Bytes of the block of activations that a run at this network size takes. Since 0.1 */
SEGENT_API segent_status segent_model_memory(segent_context *context, const segent_model *model,
                                             int32_t width, int32_t height, int64_t *bytes);

/* Since 0.1 */
SEGENT_API void segent_model_destroy(segent_model *model);

/* ==== 9. Running ==== */

/* Labels, entropy map and sums of one picture. Immutable; owns all its buffers. */
typedef struct segent_result segent_result;

/* Called between steps of the network on the thread that called segent_run, with the share of the
 * work that is done, 0 to 1. Not 0 cancels the run: SEGENT_ERROR_CANCELLED. Since 0.1 */
typedef int32_t (*segent_progress_fn)(void *user, double done);

/* How one step of the network was done. Since 0.1 */
typedef struct segent_layer_info {
    size_t struct_size;
    const char *name;      /* of a convolution that of its weights: "backbone.layer3.5.conv2"; valid
                              during the call */
    const char *algorithm; /* "direct", "Strassen", "Strassen^2" (two levels), "F(2x2,3x3)",
                              "F(4x4,3x3)", "F(4x6,3x3)", "F(mixed,3x3)", "blas", "plain" (a
                              product in plain C where there is no BLAS); "maximum",
                              "average", "transpose" of steps that are no convolution. Static */
    const char *kernel; /* of the products: "avx512 12x32", "avx512 12x32 paired"; "" if there are
                           none. Static */
    int32_t inputs;     /* channels */
    int32_t outputs;    /* channels */
    int32_t width, height; /* of the output, in pixels */
    int32_t kernel_size;   /* of a square window; 0: all of the map */
    int32_t stride, dilation;
    int32_t reserved;     /* 0 */
    double multiply_adds; /* by definition, those on padding included */
    double seconds;
} segent_layer_info;

/* Called after each step of the network on the thread that called segent_run. Since 0.1 */
typedef void (*segent_layer_fn)(void *user, const segent_layer_info *layer);

/* Size of the outputs. Since 0.1 */
typedef int32_t segent_output_size;
enum {
    SEGENT_OUTPUT_NETWORK = 0, /* that of the picture as the network sees it */
    SEGENT_OUTPUT_ORIGINAL = 1 /* that of the picture given */
};

/* What a result keeps beside labels, entropy and sums; a bit mask. Since 0.1 */
enum {
    SEGENT_KEEP_LOGITS = 1,        /* C x H x W at the output size */
    SEGENT_KEEP_PROBABILITIES = 2, /* C x H x W at the output size */
    SEGENT_KEEP_TOP_PROBABILITY = 4,
    SEGENT_KEEP_MARGIN = 8
};

/* Options of segent_run. Since 0.1 */
typedef struct segent_run_options {
    size_t struct_size;
    /* Shorter side at the network. 0: the picture's own size; -1 (default): the model's. */
    int32_t size;
    segent_output_size output_size;
    float temperature; /* logits are divided by it; 0 (default): the model's */
    uint32_t keep;     /* SEGENT_KEEP_... */
    segent_progress_fn progress;
    void *progress_user;
    segent_layer_fn layer; /* NULL (default): nobody wants to know */
    void *layer_user;
} segent_run_options;

static inline segent_run_options segent_run_options_init(void)
{
    segent_run_options options = {
        sizeof(segent_run_options), -1, SEGENT_OUTPUT_NETWORK, 0.0f, 0, NULL, NULL, NULL, NULL};
    return options;
}

/* Resizes, normalises, runs the network, and derives labels, entropy map and sums. Since 0.1 */
SEGENT_API segent_status segent_run(segent_context *context, const segent_model *model,
                                    const segent_image *image, const segent_run_options *options,
                                    segent_result **result);

/* Seconds that the stages of a run took. Since 0.1 */
typedef struct segent_timings {
    size_t struct_size;
    double preprocess; /* resize and normalise */
    double network;
    double head; /* interpolation, softmax, entropy, argmax */
} segent_timings;

/* Ready to be filled. Since 0.1 */
static inline segent_timings segent_timings_init(void)
{
    segent_timings timings = {sizeof(segent_timings), 0.0, 0.0, 0.0};
    return timings;
}

/* Everything below borrows from the result and lives as long as it does. Maps are dense, H x W.
 * Since 0.1 */
SEGENT_API int32_t segent_result_width(const segent_result *result);
SEGENT_API int32_t segent_result_height(const segent_result *result);
SEGENT_API int32_t segent_result_classes(const segent_result *result);
/* U8 up to 256 classes, U16 beyond. */
SEGENT_API segent_label_type segent_result_label_type(const segent_result *result);
SEGENT_API const void *segent_result_labels(const segent_result *result);
/* Normalised: 0 to 1. */
SEGENT_API const float *segent_result_entropy(const segent_result *result);
/* C x H x W, or NULL if SEGENT_KEEP_LOGITS (before the temperature) or SEGENT_KEEP_PROBABILITIES
 * was not set. */
SEGENT_API const float *segent_result_logits(const segent_result *result);
SEGENT_API const float *segent_result_probabilities(const segent_result *result);
/* H x W, or NULL if not asked for. */
SEGENT_API const float *segent_result_top_probability(const segent_result *result);
SEGENT_API const float *segent_result_margin(const segent_result *result);
/* The network's own logits at 1/8 of its input size, before the temperature, C x h x w, dense;
 * *layout tells the sizes. */
SEGENT_API const float *segent_result_lowres_logits(const segent_result *result,
                                                    segent_layout *layout);
/* The picture as the network saw it: resized, before normalising. Owned by the result. */
SEGENT_API const segent_image *segent_result_input(const segent_result *result);
SEGENT_API segent_status segent_result_summary(const segent_result *result,
                                               segent_entropy_summary *summary);
/* One entry a class; *count is the class count. */
SEGENT_API const segent_class_statistics *segent_result_statistics(const segent_result *result,
                                                                   int64_t *count);
SEGENT_API segent_status segent_result_timings(const segent_result *result,
                                               segent_timings *timings);
SEGENT_API void segent_result_destroy(segent_result *result);

/* ==== 10. Files ==== */

/* A run of bytes. A plain value, frozen for ever. Since 0.1 */
typedef struct segent_bytes {
    const void *data;
    size_t size;
} segent_bytes;

/* Writes the parts one after another to `path`, whole or not at all: to a temporary file in the
 * same folder, which reaches the disk and is then renamed over `path`. On failure an existing file
 * is as it was and nothing else is left. Permissions of an existing file are kept, and its owner
 * where that is allowed; a file that may not be written is refused, as are devices, pipes and
 * folders. A symbolic link is followed; one to nothing is refused. SIGXFSZ is held back in the
 * calling thread while it writes: beyond the limit on a file's size this fails with
 * SEGENT_ERROR_IO. Since 0.1 */
SEGENT_API segent_status segent_write_file(segent_context *context, const char *path,
                                           const segent_bytes *parts, size_t count);

#ifdef __cplusplus
}
#endif

#endif
