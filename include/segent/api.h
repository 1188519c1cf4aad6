/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* libsegent: semantic segmentation with its uncertainty.
 *
 * A picture goes in; class labels, a per-pixel entropy map and one entropy number come out,
 * natively. This file declares the whole API and is meant to be read from top to bottom:
 *
 *    1. Version and status codes
 *    2. Context               settings, threads, memory, the last error
 *    3. Views                 how the caller's own buffers are laid out
 *    4. Uncertainty           softmax, entropy, argmax, sums on the caller's buffers, and figures
 *                             of a model against labels
 *    5. Colours               palette decoder and colour maps
 *    6. Pictures and files    JPEG and PNG in, PNG and .npy out, resize
 *    7. Checkpoints           what a file of weights holds
 *    8. Models                a network built from such a file
 *    9. Running               picture + model -> labels, entropy map, sums
 *   10. Defaults              options as functions set them, for foreign-function interfaces
 *   11. EXPERIMENTAL          what may still change
 *
 * C and C++ programs include <segent/segent.h>, which includes this file and adds version macros
 * and inline initialisers; <segent/segent.hpp> is its C++ face. This file itself has no line for a
 * preprocessor and no function body: parsers that have no C compiler (Python's cffi, LuaJIT's ffi)
 * read it as it is.
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
 *   untouched (only the contents of buffers that were being written are unspecified) and
 *   segent_last_error() holds one sentence that names the cause.
 * - Structs that grow begin with `struct_size`, their own size in bytes. A struct whose other
 *   members are all zero means the defaults, and NULL in the place of options means the same.
 *   Members called `reserved` must be 0: they are the room in which later versions grow, so that
 *   no struct changes its size while the major version stays.
 * - destroy(NULL) does nothing. Every object is destroyed by the function named after it.
 * - Objects outlive the context they were made with: a model loaded with one context may be used
 *   and destroyed with others. [host/owners]
 * - Pixel (0, 0) is the top left one. Arrays are (C, H, W) or (H, W, C), row-major.
 * - Text is NUL-terminated UTF-8: sentences, log lines, settings, metadata, names of classes and of
 *   tensors. What a file holds is passed on as it stands there, and may not be UTF-8 if it is
 *   damaged. Paths are the system's own bytes, in whatever encoding, and reach it unchanged. In
 *   sentences and log lines they stand as they are, but for control characters, which become '?'.
 *
 * Thread-safety. A context may be used by one thread at a time; different contexts by different
 * threads at once. A call with a context that is in use, by another thread or by the call from
 * which a callback comes, does nothing and returns SEGENT_ERROR_BUSY [host/busy, host/contexts].
 * Models, images and results are immutable once made: any number of threads may read them, each
 * with its own context [host/owners]. The library has no global state: it never prints, never
 * exits, never installs handlers and changes no setting of its host [consumers/symbols of the
 * library, host/copies, host/floats, host/locale], but for one that the host asks for
 * (segent_model_options.precision). docs/hosting.md says the rest: fork, signals, stack,
 * floating-point environment, callbacks.
 *
 * A name in brackets is that of a test that holds what is said before it: suite and name, as in
 * `meson test -C build --suite host busy`. */

/* ==== 1. Version and status codes ==== */

/* The version "major.minor.patch" of the library that was linked, where SEGENT_VERSION_STRING is
 * that of the header. The string is static. Thread-safe. Since 0.1 */
const char *segent_version(void);

/* Whether this build of the library has a feature: 1 or 0. Features are "png", "jpeg" (pictures are
 * read, and PNG is written), "zlib" (compressed checkpoints), "simd" (kernels for instruction sets
 * beside plain C) and "blas" (it may load a BLAS where there are no kernels). Any other word, and
 * NULL, is a feature that it does not have. Thread-safe. Since 0.2 */
int32_t segent_supports(const char *feature);

/* A status is what a function returns. Codes are spaced, explicit and append-only; a program should
 * treat any code but SEGENT_OK as a failure. Since 0.1 */
typedef int32_t segent_status;
enum {
    SEGENT_OK = 0,                      /* all was done */
    SEGENT_ERROR_INVALID_ARGUMENT = 10, /* NULL, a size below 1, an unknown enum value */
    SEGENT_ERROR_UNSUPPORTED = 11,      /* valid, but this library or this build cannot do it */
    SEGENT_ERROR_BUSY = 12, /* the context is in use: by a callback, or by another thread */
    SEGENT_ERROR_OUT_OF_MEMORY = 20,   /* the context's allocator, or a library's, gave none */
    SEGENT_ERROR_LIMIT = 21,           /* over a limit that options can raise */
    SEGENT_ERROR_NOT_FINITE = 30,      /* NaN or +infinity among logits, NaN among probabilities */
    SEGENT_ERROR_NOT_PROBABILITY = 31, /* outside [0, 1], or not summing to 1 */
    SEGENT_ERROR_IO = 40,              /* the operating system refused */
    SEGENT_ERROR_NOT_FOUND = 41,       /* no such file */
    SEGENT_ERROR_FORMAT = 50,          /* not a file of a known format, or a damaged one */
    SEGENT_ERROR_TRUNCATED = 51,       /* the file ends before its content does */
    SEGENT_ERROR_FORBIDDEN = 52,       /* a pickle asks for a function that only an attack needs */
    SEGENT_ERROR_MODEL = 60,           /* tensors are missing, left over or of the wrong shape */
    SEGENT_ERROR_CANCELLED = 70,       /* by the progress callback or the cancel flag */
    SEGENT_ERROR_INTERNAL = 90         /* a defect of the library; please report it */
};

/* A short English name of a status, such as "out of memory". Never NULL; static. Thread-safe. Since
 * 0.1 */
const char *segent_status_string(segent_status status);

/* ==== 2. Context ==== */

/* Holds settings, the thread pool, the memory functions, the working memory and the last error. */
typedef struct segent_context segent_context;

/* Memory functions of the host, for segent_options. `allocate` returns memory aligned for any
 * fundamental type, or NULL; `release` takes what `allocate` returned, never NULL. Both may be
 * called from any thread. Every byte that the library, libpng and zlib ask for goes through them
 * [host/allocations]. Since 0.1 */
typedef void *(*segent_allocate_fn)(void *user, size_t size);
typedef void (*segent_release_fn)(void *user, void *memory);

/* Severity of a log message. Since 0.1 */
typedef int32_t segent_log_level;
enum {
    SEGENT_LOG_ERROR = 0,   /* something was not done */
    SEGENT_LOG_WARNING = 1, /* it was done, but perhaps not as it was meant */
    SEGENT_LOG_INFO = 2,    /* what was found, and what was assumed */
    SEGENT_LOG_DEBUG = 3    /* for who looks for a defect */
};

/* "error", "warning", "information", "debug"; "unknown" for any other number. Static. Thread-safe.
 * Since 0.2 */
const char *segent_log_level_name(segent_log_level level);

/* Receives one line, without a newline, that is valid during the call: what was loaded and what was
 * assumed for it, what was passed over, how convolutions are done at a new size of picture
 * [host/logs]. Called on the thread that called the library [host/busy]. Since 0.1 */
typedef void (*segent_log_fn)(void *user, segent_log_level level, const char *message);

/* A host's own parallel loop, in the place of the library's threads. It calls `task(argument, i)`
 * once for each i from 0 to count - 1, on whatever threads and in whatever order, several at once
 * or one after another, and returns when all have returned. `count` is at most the context's number
 * of threads. Tasks take work from each other, so that it is no loss if some begin late. It is
 * called on the thread that called the library, never nested [host/parallel]. Since 0.2 */
typedef void (*segent_task_fn)(void *argument, int32_t i);
typedef void (*segent_parallel_fn)(void *user, int32_t count, segent_task_fn task, void *argument);

/* Instruction sets, a bit each: a set of them is the sum of its bits. Bits are added as kernels
 * are; a set that has one also has those that it is built on, whether they were named or not
 * (AVX512 has AVX2, and each has plain C). Since 0.2 */
typedef uint32_t segent_cpu;
enum {
    SEGENT_CPU_REF = 1,          /* plain C, which is always there */
    SEGENT_CPU_AVX2 = 2,         /* with FMA */
    SEGENT_CPU_AVX512 = 4,       /* F, BW, DQ and VL */
    SEGENT_CPU_NEON = 8,         /* of 64-bit ARM */
    SEGENT_CPU_AVX512_BF16 = 16, /* for SEGENT_PRECISION_BF16 alone. Since 0.9 */
    SEGENT_CPU_AMX = 32,         /* TILE and BF16, for SEGENT_PRECISION_BF16 alone. Since 0.9 */
    SEGENT_CPU_NEON_BF16 = 64    /* FEAT_BF16, for SEGENT_PRECISION_BF16 alone. Since 0.9 */
};

/* The name of one instruction set ("ref", "avx2", "avx512", "neon", "avx512_bf16", "amx",
 * "neon_bf16"), or that of the best one in a set; "unknown" if there is none. Static. Thread-safe.
 * Since 0.2 */
const char *segent_cpu_name(segent_cpu cpu);

/* Settings of a context. Since 0.1 */
typedef struct segent_options {
    size_t struct_size;
    int32_t threads; /* 0: as many as the processors this process may run on, or as its control
                        group's CPU quota is worth if that is less; else 1 to 1024 [base/quota] */
    segent_cpu cpu;  /* the instruction sets that may be used, of those that the processor has. 0:
                        all, or what the environment variable SEGENT_CPU says (one of their names; a
                        warning if it is another word) [base/context] */
    segent_allocate_fn allocate; /* both or neither; NULL: malloc and free */
    segent_release_fn release;   /* with `allocate` */
    void *allocator_user;        /* handed to both */
    segent_log_fn log;           /* NULL: silence [consumers/symbols of the library] */
    void *log_user;              /* handed to `log` */
    segent_parallel_fn parallel; /* NULL: the context has threads of its own, which it starts at the
                                    first work for them; else it never starts any [host/parallel] */
    void *parallel_user;         /* handed to `parallel` */
    int64_t memory_limit; /* most bytes that reading one file (a picture, labels, a checkpoint's
                             structure) may take beside the file itself; 0: 2 GiB, more than the
                             1.6 GB that a progressive JPEG file of the largest size takes. Beyond
                             it: SEGENT_ERROR_LIMIT */
    uint64_t reserved[4]; /* 0 */
} segent_options;

/* Makes a context. `options` may be NULL. No context exists on failure: segent_last_error(NULL) has
 * the sentence. Since 0.1 */
segent_status segent_context_create(const segent_options *options, segent_context **context);

/* Ends the context's threads and frees it. Objects made with it live on. Of a context that is in
 * use: when the call that uses it returns, as from one of its callbacks [host/busy, host/fork].
 * Since 0.1 */
void segent_context_destroy(segent_context *context);

/* Frees the memory that a context keeps from call to call so that the next one need not ask for it:
 * the working memory of runs and of functions on buffers, and what was planned for sizes of
 * pictures. The next call makes it anew [host/trim]. Since 0.2 */
segent_status segent_context_trim(segent_context *context);

/* The sentence for the context's last failure, "" before the first; valid until the next failing
 * call with this context. To a thread whose last call with this context was SEGENT_ERROR_BUSY it is
 * a fixed one that says so, and the sentence of whoever uses the context is left alone. With NULL:
 * of the calling thread's last failure of a function that takes no context, or of
 * segent_context_create. Never NULL [host/busy, host/without_context]. Since 0.1 */
const char *segent_last_error(const segent_context *context);

/* Copies that sentence into `buffer` of `size` bytes, cut to fit, in whatever character, and
 * NUL-terminated. Returns its whole length without the NUL: `size` or more says that it was cut.
 * With a size of 0 nothing is written, and `buffer` may be NULL. Unlike what segent_last_error
 * points to, the copy is whole whatever other threads do with the context: while another one uses
 * it, the sentence is the fixed one that says so, and a call that another one begins while this one
 * copies is SEGENT_ERROR_BUSY [host/busy]. Thread-safe. Since 0.9 */
size_t segent_last_error_copy(segent_context *context, char *buffer, size_t size);

/* A flag that ends work from another thread: a run, the loading of a model or the reading of a
 * picture that was given it (the member `cancel` of their options) looks at it all the time and
 * returns SEGENT_ERROR_CANCELLED within 50 ms of its being set, and nothing is made. It takes
 * longer where the operating system does, which has to give up the memory of outputs beyond some 40
 * megapixels or to read a file from a slow disk. The flag stays set until it is reset, and must
 * outlive the calls that it was given to. Setting, resetting and asking are thread-safe, and
 * setting is safe in a signal handler [host/cancel]. Since 0.2 */
typedef struct segent_cancel segent_cancel;
segent_status segent_cancel_create(segent_context *context, segent_cancel **cancel);
void segent_cancel_set(segent_cancel *cancel);
void segent_cancel_reset(segent_cancel *cancel);
int32_t segent_cancel_is_set(const segent_cancel *cancel);
void segent_cancel_destroy(segent_cancel *cancel);

/* The processor, the instruction sets and the threads that a context works with. Strings are owned
 * by the context and live as long as it does. Since 0.1 */
typedef struct segent_cpu_info {
    size_t struct_size;
    const char *processor; /* brand string of the processor, or its architecture */
    const char *kernels;   /* name of the set in `used` that float32 runs with */
    const char *blas;    /* matrix product where there are no kernels: name, version and kernels of
                            the BLAS, or why there is none. It is loaded by the first product, and
                            by this question only where it is needed */
    segent_cpu detected; /* instruction sets of processor, operating system and this build */
    segent_cpu used;     /* those of them that the context may use. SEGENT_CPU_AMX is among them
                            once the system granted it (segent_model_options.precision) */
    int32_t threads;     /* that work, the caller's included */
    int32_t reserved_word; /* 0 */
    uint64_t reserved[4];  /* 0 */
} segent_cpu_info;

/* Fills *info, whose struct_size the caller has set. Since 0.1 */
segent_status segent_context_cpu_info(const segent_context *context, segent_cpu_info *info);

/* ==== 3. Views of the caller's buffers ====
 *
 * A view says where values lie in memory that the caller owns. Strides of tensors, maps and labels
 * count elements, those of pixels count bytes; they may be padded or negative (then `data` points
 * to the first element all the same). All strides 0 mean dense rows. Data of a view that a function
 * only reads is never written, and several values of it may lie in one place. Those of a view that
 * is written lie apart: each stride, whatever its sign, steps over all that the smaller ones reach,
 * as in slices of dense arrays, transposed or reversed; others are SEGENT_ERROR_INVALID_ARGUMENT.
 * Views are plain values without a size of their own, frozen for ever; a zeroed one has no data. */

/* C x H x W float32 values: logits or probabilities of C classes, or a network's input of three
 * colours. Value (c, y, x) is data[c * channel_stride + y * row_stride + x * column_stride]; all
 * strides 0: dense (C, H, W), as PyTorch holds it. Since 0.2 */
typedef struct segent_tensor_view {
    float *data;                                       /* value (0, 0, 0) */
    int64_t channels, height, width;                   /* how many of each */
    int64_t channel_stride, row_stride, column_stride; /* values from one to the next */
} segent_tensor_view;

/* H x W float32 values, one a pixel: value (y, x) is data[y * row_stride + x * column_stride].
 * Since 0.2 */
typedef struct segent_map_view {
    float *data;                       /* value (0, 0) */
    int64_t height, width;             /* how many rows and columns */
    int64_t row_stride, column_stride; /* values from one to the next */
} segent_map_view;

/* Element type of a map of class ids. Since 0.1 */
typedef int32_t segent_label_type;
enum {
    SEGENT_LABEL_U8 = 0, /* uint8_t: up to 256 classes */
    SEGENT_LABEL_U16 = 1 /* uint16_t: up to 65536 classes */
};

/* "uint8", "uint16"; "unknown". Static. Thread-safe. Since 0.2 */
const char *segent_label_type_name(segent_label_type type);

/* H x W class ids. Since 0.2 */
typedef struct segent_label_view {
    void *data;                        /* of `type` */
    int64_t height, width;             /* how many rows and columns */
    int64_t row_stride, column_stride; /* ids from one to the next */
    segent_label_type type;            /* of each id */
    int32_t reserved;                  /* 0 */
} segent_label_view;

/* Order of a pixel's samples, a byte each. Since 0.1 */
typedef int32_t segent_pixel_format;
enum {
    SEGENT_PIXEL_RGB = 0,  /* red, green, blue */
    SEGENT_PIXEL_BGR = 1,  /* blue, green, red: OpenCV's order */
    SEGENT_PIXEL_RGBA = 2, /* alpha is not looked at, and 255 where pixels are written */
    SEGENT_PIXEL_BGRA = 3, /* likewise */
    SEGENT_PIXEL_GREY = 4  /* of which red, green and blue are made; it cannot be written */
};

/* "RGB", "BGR", "RGBA", "BGRA", "grey"; "unknown". Static. Thread-safe. Since 0.2 */
const char *segent_pixel_format_name(segent_pixel_format format);

/* H x W pixels of 8-bit samples, those of a pixel side by side and pixels side by side. Since 0.2
 */
typedef struct segent_pixel_view {
    uint8_t *data;         /* the first sample of pixel (0, 0) */
    int64_t height, width; /* how many rows and columns */
    int64_t row_stride;    /* bytes from one row to the next, negative for bottom-up; 0: dense */
    segent_pixel_format format; /* of each pixel */
    int32_t reserved;           /* 0 */
} segent_pixel_view;

/* ==== 4. Uncertainty ==== */

/* Unit of an entropy. Since 0.1 */
typedef int32_t segent_unit;
enum {
    SEGENT_UNIT_NORMALIZED = 0, /* divided by log C: 0 (certain) to 1 (all classes alike) */
    SEGENT_UNIT_NATS = 1,       /* natural logarithm: 0 to log C */
    SEGENT_UNIT_BITS = 2        /* logarithm to base 2: 0 to log2 C */
};

/* "normalized", "nats", "bits"; "unknown". Static. Thread-safe. Since 0.2 */
const char *segent_unit_name(segent_unit unit);

/* Whether the values given to segent_entropy_map are logits or probabilities. Since 0.1 */
typedef int32_t segent_source;
enum {
    SEGENT_SOURCE_LOGITS = 0,       /* what a network gives: softmax makes probabilities of them */
    SEGENT_SOURCE_PROBABILITIES = 1 /* of each pixel's classes, whose sum is 1 */
};

/* "logits", "probabilities"; "unknown". Static. Thread-safe. Since 0.2 */
const char *segent_source_name(segent_source source);

/* Softmax over the classes: p_c = exp(z_c - m) / sum_k exp(z_k - m), m = max z. Both views have the
 * same sizes; strides may differ. In place is allowed when data and strides of both are equal;
 * other overlaps are not. Logits of -infinity are classes that cannot occur (p = 0), as long as one
 * logit of the pixel is finite; NaN and +infinity give SEGENT_ERROR_NOT_FINITE. Since 0.2 */
segent_status segent_softmax(segent_context *context, const segent_tensor_view *logits,
                             const segent_tensor_view *probabilities);

/* Options of segent_entropy_map. Since 0.1 */
typedef struct segent_entropy_options {
    size_t struct_size;
    segent_source source; /* default: logits */
    segent_unit unit;     /* default: normalised */
    float temperature;    /* logits are divided by it; 0 (default) stands for 1. Probabilities take
                             none: 0 or 1 */
    /* Not 0: probabilities outside [0, 1], or whose sum over the classes is not within `tolerance`
     * of 1, are SEGENT_ERROR_NOT_PROBABILITY. 0 (default): computed as they are, negative ones
     * counting as 0. */
    int32_t strict;
    float tolerance;       /* 0 (default) stands for 1e-3 */
    int32_t reserved_word; /* 0 */
    uint64_t reserved[4];  /* 0 */
} segent_entropy_options;

/* Entropy of every pixel's class distribution (equation 2 of docs/method.md): E = -(1 / log C) *
 * sum_c p_c log p_c, normalised to [0, 1], or without the factor in nats or bits. From logits it is
 * computed stably as log S - T / S with d_c = z_c - max z, S = sum exp(d_c), T = sum d_c exp(d_c);
 * p = 0 contributes 0; one class gives 0. `entropy` has the height and width of `values` and may
 * not overlap them. NaN and +infinity give SEGENT_ERROR_NOT_FINITE. Since 0.2 */
segent_status segent_entropy_map(segent_context *context, const segent_tensor_view *values,
                                 const segent_entropy_options *options,
                                 const segent_map_view *entropy);

/* Sums over an entropy map, in double, added row by row: the same for any number of threads. Since
 * 0.1 */
typedef struct segent_entropy_summary {
    size_t struct_size;
    int64_t pixels; /* that were counted: not left out */
    double sum;     /* equation 3: sum of the map's values */
    double mean;    /* sum / pixels; 0 if no pixel counts */
    double minimum; /* of the counted pixels; 0 if none */
    double maximum; /* likewise */
    /* The sum in nats, not normalised: the published script's number. 0 from segent_image_entropy,
     * which does not know the class count. */
    double sum_nats;
    /* How many pixels have a largest logit that is above the second largest by less than
     * `undecided_below`, before the temperature: labels that an error of that size may have
     * decided. 0 where nothing was counted, as by segent_image_entropy. Since 0.9 */
    int64_t undecided;
    /* What counts as undecided: after a run the model's setting "precision_error"; 0 where nothing
     * was counted. Since 0.9 */
    double undecided_below;
    uint64_t reserved[2]; /* 0 */
} segent_entropy_summary;

/* Image entropy (equation 3): sum and mean of an entropy map in whatever unit it has. `ignore` (may
 * be NULL) has the size of the map: pixels where it is not 0 are left out of the sum and of the
 * denominator of the mean. NaN in a counted pixel is SEGENT_ERROR_NOT_FINITE. Since 0.2 */
segent_status segent_image_entropy(segent_context *context, const segent_map_view *entropy,
                                   const segent_label_view *ignore,
                                   segent_entropy_summary *summary);

/* Class of the largest value of every pixel, of logits or of probabilities; ties go to the lowest
 * class. `labels` has the height and width of `values`. More classes than its type holds are
 * SEGENT_ERROR_INVALID_ARGUMENT; NaN is SEGENT_ERROR_NOT_FINITE. Since 0.2 */
segent_status segent_argmax(segent_context *context, const segent_tensor_view *values,
                            const segent_label_view *labels);

/* Options of segent_uncertainty_from_logits. Since 0.1 */
typedef struct segent_uncertainty_options {
    size_t struct_size;
    segent_unit unit;  /* of the entropy map; default: normalised */
    float temperature; /* logits are divided by it; 0 (default) stands for 1 */
    /* Not 0: summary->undecided counts the pixels whose largest logit is above the second largest
     * by less than this, before the temperature. 0 (default): nothing is counted. Since 0.9 */
    double undecided_below;
    uint64_t reserved[3]; /* 0 */
} segent_uncertainty_options;

/* The caller's outputs for segent_uncertainty_from_logits and segent_run_into. A view without data
 * is not made. Sizes of a view are either those given here (and the number of classes), or 0, which
 * stands for them. Since 0.2 */
typedef struct segent_uncertainty_maps {
    size_t struct_size;
    int64_t height, width;    /* of all outputs, at least 1 x 1 */
    segent_label_view labels; /* the class of the largest logit; ties go to the lowest class */
    segent_map_view entropy;  /* in the unit that is asked for */
    segent_map_view top_probability; /* the largest class probability */
    segent_map_view margin;    /* the largest minus the second largest class probability; 1 with one
                                  class */
    segent_tensor_view logits; /* the interpolated logits, before the temperature */
    segent_tensor_view probabilities; /* after the temperature */
    uint64_t reserved[4];             /* 0 */
} segent_uncertainty_maps;

/* Low-resolution logits to labels, entropy map and sums at any output size in one pass over output
 * rows: bilinear interpolation (align_corners = False, as torch.nn.functional.interpolate), then
 * softmax, then entropy and argmax. Full-size logits are never held unless maps->logits asks for
 * them. `summary` may be NULL; its sum and mean are normalised whatever options->unit says. NaN and
 * +infinity give SEGENT_ERROR_NOT_FINITE. Since 0.2 */
segent_status segent_uncertainty_from_logits(segent_context *context,
                                             const segent_tensor_view *logits,
                                             const segent_uncertainty_options *options,
                                             const segent_uncertainty_maps *maps,
                                             segent_entropy_summary *summary);

/* Figures of one class over a picture. A plain value, frozen for ever. Since 0.1 */
typedef struct segent_class_statistics {
    int64_t pixels;      /* that have the class's label */
    double entropy_mean; /* mean of the entropy map over these pixels; 0 if there are none */
} segent_class_statistics;

/* Counts pixels and averages entropy for each class. `entropy` (may be NULL) has the size of
 * `labels`; `statistics` has `classes` entries. A label not below `classes` is
 * SEGENT_ERROR_INVALID_ARGUMENT. Since 0.2 */
segent_status segent_statistics_per_class(segent_context *context, const segent_label_view *labels,
                                          const segent_map_view *entropy,
                                          segent_class_statistics *statistics, int64_t classes);

/* Measures of doubt of a pixel, from its logits z at temperature T and its probabilities p: all of
 * them grow with doubt. Since 0.9 */
typedef int32_t segent_measure;
enum {
    SEGENT_MEASURE_ENTROPY = 0, /* normalised, 0 to 1: equation 2 */
    SEGENT_MEASURE_TOP = 1,     /* 1 - the largest probability */
    SEGENT_MEASURE_MARGIN = 2,  /* 1 - the difference of the two largest; 0 with one class */
    SEGENT_MEASURE_ENERGY = 3,  /* -T log sum_c exp(z_c / T): needs logits */
    SEGENT_MEASURE_MAXLOGIT = 4 /* -the largest logit: needs logits */
};

/* "entropy", "top", "margin", "energy", "maxlogit"; "unknown". Static. Thread-safe. Since 0.9 */
const char *segent_measure_name(segent_measure measure);

/* Figures of a model against labels, over any number of pictures in bounded memory: how often it is
 * right, how far its probabilities can be believed, and how well its doubt finds its errors. It
 * counts in integers, so that the figures are those of all pixels, and the same to the last digit
 * whatever the order of the pictures and whether they were counted in one evaluation or in several
 * that were merged [uncertainty/uncertainty evaluation]. docs/evaluate.md has every formula. Takes
 * 6 MiB and 24 bytes a class, and at most 200 MiB more, as far as its values are spread. A function
 * that fails leaves it as it was. To be used by one thread at a time. Since 0.9 */
typedef struct segent_evaluation segent_evaluation;

/* In the place of an ignored id: every pixel counts; and the id 0, which as 0 stands for the
 * default. Since 0.9 */
enum {
    SEGENT_IGNORE_NONE = -1, /* no pixel is left out */
    SEGENT_IGNORE_ZERO = -2  /* pixels labelled 0 are */
};

/* Options of an evaluation. Since 0.9 */
typedef struct segent_evaluation_options {
    size_t struct_size;
    segent_source source; /* of the values that are added: logits (default) or probabilities */
    int32_t ignore;       /* pixels with this label, 1 to 65535, count in nothing; 0 (default): 255;
                             SEGENT_IGNORE_NONE; SEGENT_IGNORE_ZERO */
    float temperature;    /* logits are divided by it; 0 (default) stands for 1. Probabilities take
                             none: 0 or 1 */
    int32_t reserved_word; /* 0 */
    uint64_t reserved[4];  /* 0 */
} segent_evaluation_options;

/* Makes an evaluation of 1 to 65536 classes in which nothing is counted. `options` may be NULL.
 * SEGENT_ERROR_UNSUPPORTED in a library that was built without evaluations. Since 0.9 */
segent_status segent_evaluation_create(segent_context *context, int32_t classes,
                                       const segent_evaluation_options *options,
                                       segent_evaluation **evaluation);

/* Counts one picture. `labels` are the right classes, of any size. `values` are logits of any
 * smaller or larger size, which are interpolated to that of the labels as
 * segent_uncertainty_from_logits does; or probabilities, whose size is that of the labels, and
 * which sum to 1 within 1e-3. The predicted class is the lowest of those with the largest value. A
 * label that is neither a class nor the ignored id is SEGENT_ERROR_INVALID_ARGUMENT, NaN and
 * +infinity are SEGENT_ERROR_NOT_FINITE, values that are no probabilities
 * SEGENT_ERROR_NOT_PROBABILITY; a picture that is refused counts in nothing. Takes 20 bytes of
 * working memory a pixel of the labels (12 from probabilities), which the context keeps for the
 * next picture, or until segent_context_trim. Since 0.9 */
segent_status segent_evaluation_add(segent_context *context, segent_evaluation *evaluation,
                                    const segent_label_view *labels,
                                    const segent_tensor_view *values);

/* Counts all that `other` has counted, which stays as it is. Both must have been made with the same
 * classes and options: else SEGENT_ERROR_INVALID_ARGUMENT. Since 0.9 */
segent_status segent_evaluation_merge(segent_context *context, segent_evaluation *evaluation,
                                      const segent_evaluation *other);

/* Writes what was counted to a file, whole or not at all, and makes an evaluation from such a file.
 * The same pictures give the same bytes, whatever their order and however they were merged. A file
 * that ends early is SEGENT_ERROR_TRUNCATED, one whose sum or content is not right
 * SEGENT_ERROR_FORMAT, one of another form SEGENT_ERROR_UNSUPPORTED. Since 0.9 */
segent_status segent_evaluation_save(segent_context *context, const segent_evaluation *evaluation,
                                     const char *path);
segent_status segent_evaluation_load(segent_context *context, const char *path,
                                     segent_evaluation **evaluation);

/* Figures over all pixels that are not ignored. What is not defined is NaN: everything but the
 * counts where there are no pixels. Since 0.9 */
typedef struct segent_figures {
    size_t struct_size;
    int64_t images;        /* that were added */
    int64_t pixels;        /* that were not ignored */
    int32_t classes;       /* of the evaluation */
    int32_t ignore;        /* its ignored id; SEGENT_IGNORE_NONE */
    segent_source source;  /* of its values */
    float temperature;     /* its temperature */
    double pixel_accuracy; /* share of pixels whose predicted class is the right one */
    double mean_iou;       /* mean over the classes that are in labels or predictions */
    double ece;   /* expected calibration error: 15 bins of the largest probability, equally wide */
    double ace;   /* the same with 15 bins of as many pixels each */
    double brier; /* mean of sum_c (p_c - y_c)^2, y being 1 for the right class, else 0 */
    double nll;   /* mean of -log p of the right class; infinity if it was impossible */
    uint64_t reserved[4]; /* 0 */
} segent_figures;

/* Fills *figures, whose struct_size the caller has set. Since 0.9 */
segent_status segent_evaluation_figures(segent_context *context,
                                        const segent_evaluation *evaluation,
                                        segent_figures *figures);

/* Figures of one class. Since 0.9 */
typedef struct segent_class_figures {
    size_t struct_size;
    int64_t pixels;       /* that are labelled with it */
    int64_t predicted;    /* that are predicted to be it */
    int64_t right;        /* that are both */
    double iou;           /* right / (pixels + predicted - right); NaN where that is 0 / 0 */
    uint64_t reserved[4]; /* 0 */
} segent_class_figures;

/* Fills *figures, whose struct_size the caller has set. Since 0.9 */
segent_status segent_evaluation_class_figures(segent_context *context,
                                              const segent_evaluation *evaluation, int32_t class_id,
                                              segent_class_figures *figures);

/* How well a measure of doubt finds the pixels whose predicted class is wrong, which are the
 * positives. Pixels of equal doubt are taken together. The first three are NaN if no pixel is wrong
 * or none is right. Since 0.9 */
typedef struct segent_measure_figures {
    size_t struct_size;
    double auroc; /* probability that a wrong pixel has more doubt than a right one, equal doubts
                     counting half */
    double aupr;  /* average precision: sum of precision times step of recall */
    double fpr95; /* smallest false positive rate with a true positive rate of at least 0.95 */
    double aurc;  /* mean over pixels of the share of wrong ones among those with no more doubt */
    double eaurc; /* aurc without that of the perfect order, (1 / N) sum_k max(0, k - right) / k */
    uint64_t reserved[4]; /* 0 */
} segent_measure_figures;

/* Fills *figures, whose struct_size the caller has set. A measure that needs logits is
 * SEGENT_ERROR_UNSUPPORTED in an evaluation of probabilities. Since 0.9 */
segent_status segent_evaluation_measure_figures(segent_context *context,
                                                const segent_evaluation *evaluation,
                                                segent_measure measure,
                                                segent_measure_figures *figures);

/* Frees an evaluation. Since 0.9 */
void segent_evaluation_destroy(segent_evaluation *evaluation);

/* ==== 5. Colours ====
 *
 * A palette is `count` entries of 3 bytes (red, green, blue). NULL stands for the VOC palette in
 * every function that takes one: the bit-interleaved colour map, defined for any class id, with 255
 * (void) = (224, 224, 192). */

/* Writes `count` entries of the VOC palette, 3 bytes each, beginning at class 0. Thread-safe. Since
 * 0.1 */
segent_status segent_palette_voc(uint8_t *rgb, int64_t count);

/* Class ids to colours, in pixels of the same size. A label beyond a palette of the caller's is
 * SEGENT_ERROR_INVALID_ARGUMENT. Since 0.2 */
segent_status segent_palette_decode(segent_context *context, const segent_label_view *labels,
                                    const uint8_t *palette, int64_t palette_count,
                                    const segent_pixel_view *pixels);

/* Colour maps of 256 entries. Since 0.1 */
typedef int32_t segent_colormap;
enum {
    SEGENT_COLORMAP_JET = 0, /* matplotlib's jet: 0 blue, 1 red; what the published figures use */
    SEGENT_COLORMAP_VIRIDIS = 1 /* perceptually uniform: equal steps look equal, also in grey and to
                                   colour-blind readers */
};

/* "jet", "viridis"; "unknown". Static. Thread-safe. Since 0.2 */
const char *segent_colormap_name(segent_colormap colormap);

/* Values to colours, in pixels of the same size: entry int(256 * (v - low) / (high - low)), clamped
 * to 0..255, as matplotlib does. low < high, or low == high (everything is entry 0, as imshow shows
 * a constant image). NaN is SEGENT_ERROR_NOT_FINITE. Since 0.2 */
segent_status segent_colormap_apply(segent_context *context, const segent_map_view *values,
                                    segent_colormap colormap, float low, float high,
                                    const segent_pixel_view *pixels);

/* ==== 6. Pictures and files ==== */

/* A picture of 8-bit RGB pixels, dense rows, owned by the object. Immutable. */
typedef struct segent_image segent_image;

/* Which way up a picture is. Since 0.2 */
typedef int32_t segent_orientation;
enum {
    SEGENT_ORIENT_DEFAULT = 0, /* upright */
    SEGENT_ORIENT_UPRIGHT = 1, /* turned as EXIF or XMP data in the file ask for */
    SEGENT_ORIENT_STORED = 2   /* as it is stored */
};

/* "default", "upright", "stored"; "unknown". Static. Thread-safe. Since 0.2 */
const char *segent_orientation_name(segent_orientation orientation);

/* In the place of the colour 0x000000, which as 0 stands for none. Since 0.2 */
enum { SEGENT_BACKGROUND_BLACK = 0x1000000 };

/* Options of reading a picture. Since 0.1 */
typedef struct segent_image_options {
    size_t struct_size;
    segent_orientation orient; /* which way up */
    int32_t background; /* 0 (default): transparency is dropped, as Pillow's convert("RGB") does;
                           else the picture is composed over this colour, 0xRRGGBB or
                           SEGENT_BACKGROUND_BLACK */
    int32_t scan_limit; /* most scans of a JPEG file, each of which may cost a pass over the whole
                           picture; 0 (default): 100, where encoders write 1 to some 12 */
    int32_t reserved_word;       /* 0 */
    int64_t pixel_limit;         /* largest picture in pixels, as it is read and as it is resized
                                    afterwards; 0 (default): 178,956,970, the number at which Pillow
                                    refuses a picture as a decompression bomb. Beyond it:
                                    SEGENT_ERROR_LIMIT */
    const segent_cancel *cancel; /* NULL (default): reading is not cancelled. Since 0.9 */
    uint64_t reserved[3];        /* 0 */
} segent_image_options;

/* Reads a JPEG or PNG file, told apart by content. Every mode is converted to RGB as Pillow does;
 * 16-bit samples keep their high byte. Since 0.1 */
segent_status segent_image_load(segent_context *context, const char *path,
                                const segent_image_options *options, segent_image **image);

/* The same from `size` bytes in memory, which are not kept. Since 0.1 */
segent_status segent_image_load_memory(segent_context *context, const void *data, size_t size,
                                       const segent_image_options *options, segent_image **image);

/* A picture with a copy of the caller's pixels. (segent_run_into takes pixels without a copy.) What
 * is resized from it may have as many pixels as itself, and 178,956,970 in any case. Since 0.2 */
segent_status segent_image_from_pixels(segent_context *context, const segent_pixel_view *pixels,
                                       segent_image **image);

/* A new picture of width x height, resampled exactly as Pillow's 8-bit Image.resize(BILINEAR) does
 * (triangle filter with antialiasing, horizontal pass first). Since 0.1 */
segent_status segent_image_resize(segent_context *context, const segent_image *image, int32_t width,
                                  int32_t height, segent_image **resized);

/* In the place of a shorter side: a picture keeps its own size. Since 0.2 */
enum { SEGENT_SIZE_OWN = -1 };

/* Size of a picture whose shorter side becomes `size` as torchvision.transforms.Resize computes it:
 * the longer side is int(size * longer / shorter). SEGENT_SIZE_OWN keeps the picture's own.
 * Thread-safe. Since 0.1 */
segent_status segent_image_fit(int32_t width, int32_t height, int32_t size, int32_t *fitted_width,
                               int32_t *fitted_height);

/* Size, and pixels (H x W x 3 bytes, RGB, dense, owned by the image). Since 0.1 */
int32_t segent_image_width(const segent_image *image);
int32_t segent_image_height(const segent_image *image);
const uint8_t *segent_image_pixels(const segent_image *image);

/* Frees a picture. Since 0.1 */
void segent_image_destroy(segent_image *image);

/* Files are written whole or not at all: to a temporary file in the same folder, which reaches the
 * disk and is then renamed. On failure an existing file is as it was and nothing else is left
 * [base/write]. Permissions of an existing file are kept, and its owner where that is allowed; a
 * file that may not be written is refused, as are devices, pipes and folders. A symbolic link is
 * followed; one to nothing is refused. SIGXFSZ is held back in the calling thread meanwhile: beyond
 * the limit on a file's size writing fails with SEGENT_ERROR_IO. */

/* Writes an 8-bit RGB PNG file. Since 0.1 */
segent_status segent_image_save_png(segent_context *context, const segent_image *image,
                                    const char *path);

/* Writes class ids as a PNG file: 8-bit palette-indexed (pixel value = class id) for
 * SEGENT_LABEL_U8, 16-bit grey for SEGENT_LABEL_U16. `palette` may be NULL (VOC). Since 0.2 */
segent_status segent_labels_save_png(segent_context *context, const segent_label_view *labels,
                                     const uint8_t *palette, int64_t palette_count,
                                     const char *path);

/* Write values as a NumPy file (.npy, version 1.0): little-endian float32 in C order, of shape
 * (H, W) or (C, H, W). Since 0.2 */
segent_status segent_map_save_npy(segent_context *context, const segent_map_view *map,
                                  const char *path);
segent_status segent_tensor_save_npy(segent_context *context, const segent_tensor_view *tensor,
                                     const char *path);

/* Bytes that the library made, owned by the object. Since 0.2 */
typedef struct segent_buffer segent_buffer;
const void *segent_buffer_data(const segent_buffer *buffer);
size_t segent_buffer_size(const segent_buffer *buffer);
void segent_buffer_destroy(segent_buffer *buffer);

/* The PNG files of segent_image_save_png and segent_labels_save_png in memory. Since 0.2 */
segent_status segent_image_encode_png(segent_context *context, const segent_image *image,
                                      segent_buffer **png);
segent_status segent_labels_encode_png(segent_context *context, const segent_label_view *labels,
                                       const uint8_t *palette, int64_t palette_count,
                                       segent_buffer **png);

/* Class ids that were read. Immutable. */
typedef struct segent_labels segent_labels;

/* Class ids back from a PNG file: 8-bit palette-indexed or grey (SEGENT_LABEL_U8), or 16-bit grey
 * (SEGENT_LABEL_U16); other PNG files are SEGENT_ERROR_UNSUPPORTED. Of the options only the limits
 * and the cancel flag apply. Since 0.2 */
segent_status segent_labels_load_png(segent_context *context, const char *path,
                                     const segent_image_options *options, segent_labels **labels);
segent_status segent_labels_load_png_memory(segent_context *context, const void *data, size_t size,
                                            const segent_image_options *options,
                                            segent_labels **labels);
/* Size, type and ids. */
int32_t segent_labels_width(const segent_labels *labels);
int32_t segent_labels_height(const segent_labels *labels);
segent_label_type segent_labels_type(const segent_labels *labels);
const void *segent_labels_data(const segent_labels *labels); /* H x W, dense */
void segent_labels_destroy(segent_labels *labels);

/* ==== 7. Checkpoints ==== */

/* A file of named tensors: torch's legacy form, torch's zip form, safetensors, or packed weights
 * (segent_model_pack), whose tensors have names and shapes but no values to read. They are told
 * apart by content. The file is mapped and stays mapped until the object is destroyed. No code in
 * it is ever executed. */
typedef struct segent_checkpoint segent_checkpoint;

/* Form of a file of tensors. Since 0.1 */
typedef int32_t segent_container;
enum {
    SEGENT_CONTAINER_LEGACY = 1,      /* five pickles and the values: torch before 1.6 */
    SEGENT_CONTAINER_ZIP = 2,         /* an archive of a pickle and the values: torch since 1.6 */
    SEGENT_CONTAINER_SAFETENSORS = 3, /* a header of JSON and the values */
    SEGENT_CONTAINER_PACKED = 4       /* weights ready to run: segent_model_pack. Since 0.9 */
};

/* "torch legacy", "torch zip", "safetensors", "packed weights"; "unknown". Static. Thread-safe.
 * Since 0.2 */
const char *segent_container_name(segent_container container);

/* Element types of tensors. 0 is one that is not read, such as float8. Since 0.1 */
typedef int32_t segent_dtype;
enum {
    SEGENT_DTYPE_F32 = 1,  /* float of 32 bits */
    SEGENT_DTYPE_F16 = 2,  /* float of 16 bits: 5 of exponent */
    SEGENT_DTYPE_BF16 = 3, /* float of 16 bits: the upper half of F32 */
    SEGENT_DTYPE_F64 = 4,  /* float of 64 bits */
    SEGENT_DTYPE_I64 = 5,  /* signed integer of 64 bits */
    SEGENT_DTYPE_I32 = 6,  /* signed integer of 32 bits */
    SEGENT_DTYPE_I16 = 7,  /* signed integer of 16 bits */
    SEGENT_DTYPE_I8 = 8,   /* signed integer of 8 bits */
    SEGENT_DTYPE_U8 = 9,   /* unsigned integer of 8 bits */
    SEGENT_DTYPE_BOOL = 10 /* a byte: 0 or 1 */
};

/* "float32", "float16", "bfloat16" and so on, as torch names them; "unknown". Static. Thread-safe.
 * Since 0.2 */
const char *segent_dtype_name(segent_dtype dtype);

enum { SEGENT_RANK_MAX = 8 }; /* dimensions that a tensor may have */

/* One tensor of a checkpoint. `name` is NUL-terminated and owned by the checkpoint: the keys that
 * lead to it, joined by dots. What DistributedDataParallel, torch.compile and the like add to names
 * ("module.", "_orig_mod.") is already gone, unless two names would be the same. Strides count
 * elements and need not be contiguous. A tensor of dtype 0 is listed, but reading it is
 * SEGENT_ERROR_UNSUPPORTED. Since 0.1 */
typedef struct segent_tensor_info {
    size_t struct_size;
    const char *name;                /* its keys, joined by dots */
    segent_dtype dtype;              /* of each element */
    int32_t rank;                    /* how many dimensions it has */
    int64_t shape[SEGENT_RANK_MAX];  /* size of each of them, the outermost first */
    int64_t stride[SEGENT_RANK_MAX]; /* elements from one to the next in each of them */
    int64_t elements;                /* the product of the sizes; 1 for rank 0 */
    uint64_t reserved[4];            /* 0 */
} segent_tensor_info;

/* Opens a checkpoint; everything about it is validated before this returns. Since 0.1 */
segent_status segent_checkpoint_load(segent_context *context, const char *path,
                                     segent_checkpoint **checkpoint);

/* The same from memory, which must stay valid and unchanged until the checkpoint is destroyed.
 * Since 0.1 */
segent_status segent_checkpoint_load_memory(segent_context *context, const void *data, size_t size,
                                            segent_checkpoint **checkpoint);

/* The form of its file. Since 0.1 */
segent_container segent_checkpoint_container(const segent_checkpoint *checkpoint);

/* Number of tensors, and the i-th one in the file's order. Since 0.1 */
int64_t segent_checkpoint_count(const segent_checkpoint *checkpoint);
segent_status segent_checkpoint_tensor(segent_context *context, const segent_checkpoint *checkpoint,
                                       int64_t index, segent_tensor_info *info);

/* Value of a key of safetensors' __metadata__, or NULL. Owned by the checkpoint. Since 0.1 */
const char *segent_checkpoint_metadata(const segent_checkpoint *checkpoint, const char *key);

/* Opaque globals are names in a pickle that have no meaning for this library, such as "numpy.dtype"
 * or "__main__.Config". The functions give their number, each counted once and at most 1000 of
 * them, and the i-th as "module.name" in the file's order, or NULL if there is none. Objects of
 * theirs are carried along without behaviour. Strings are owned by the checkpoint. Thread-safe.
 * Since 0.1 */
int64_t segent_checkpoint_opaque_count(const segent_checkpoint *checkpoint);
const char *segent_checkpoint_opaque(const segent_checkpoint *checkpoint, int64_t index);

/* Values of the i-th tensor as float32, dense in C order, `count` of them (the tensor's element
 * count). Since 0.1 */
segent_status segent_checkpoint_read(segent_context *context, const segent_checkpoint *checkpoint,
                                     int64_t index, float *values, int64_t count);

/* Frees a checkpoint and unmaps its file. Since 0.1 */
void segent_checkpoint_destroy(segent_checkpoint *checkpoint);

/* ==== 8. Models ==== */

/* A network, built from the names and shapes of a checkpoint's tensors, batch norm folded, weights
 * packed for the processor. Immutable; shared freely between threads and contexts. */
typedef struct segent_model segent_model;

/* Type of the numbers that the network computes with. Since 0.2 */
typedef int32_t segent_precision;
enum {
    SEGENT_PRECISION_F32 = 0, /* float of 32 bits */
    SEGENT_PRECISION_BF16 = 1 /* bfloat16, the upper half of a float: weights and feature maps. Sums
                                 and logits are float32. Since 0.9 */
};

/* "float32", "bfloat16"; "unknown". Static. Thread-safe. Since 0.2 */
const char *segent_precision_name(segent_precision precision);

/* Options of making a model. Since 0.1 */
typedef struct segent_model_options {
    size_t struct_size;
    /* Which network, where the file holds several: what stands before the names of its tensors,
     * such as "teacher" or "model.student"; the last parts of that will do, and "." stands for
     * nothing before them. NULL: the only one; or the only one that is neither an average of
     * weights (EMA, SWA) nor a copy among a script's settings, with a warning that names the
     * others. */
    const char *prefix;
    /* Settings that the file lacks or has wrong: "key=value" pairs with semicolons between them,
     * such as "rates=6,12,18; size=512". They go before the file's own metadata "segent.KEY". Keys
     * are those of segent_model_property that can be set: "rates" (dilations of the ASPP's
     * branches), "output_stride" (8, 16 or 32), "size" (shorter side the network was trained for),
     * "temperature", "precision_error" (of logits, as `segent bench --accuracy` measures it;
     * segent_entropy_summary says what it is for), "mean" and "std" (what red, green and blue from
     * 0 to 1 are normalised by), "eps" (of all batch norms), "description", and "palette"
     * (segent_model_palette; such as "palette=#000000,#8000ff"). NULL: none. */
    const char *settings;
    /* A file of JSON that says the same, and the names of the classes, where neither `settings` nor
     * the file's metadata do: {"rates": [6, 12, 18], "classes": ["sky", "sea"]}. NULL: the one that
     * stands beside the checkpoint, "city.json" for "city.pth", if there is one; "": none. What is
     * wrong in it is SEGENT_ERROR_FORMAT or SEGENT_ERROR_MODEL; in one that was not asked for and
     * may be another program's, as keys that are not known here show, it is passed over with a
     * warning. docs/formats.md describes the file. */
    const char *settings_file;
    /* Path of the checkpoint, beside which that file is looked for. NULL: the one that it is loaded
     * by; of a checkpoint in memory, none. */
    const char *path;
    /* Names of the classes, copied; as many as the network has classes. NULL: the file's
     * "segent.classes" (names between commas, or a list of JSON), else those of the file of JSON,
     * else VOC's for 21 classes, else "class 0" and so on. */
    const char *const *class_names;
    int64_t class_name_count; /* of `class_names` */
    /* Not 0: names and shapes are checked, but no weight is read and none packed. The model can be
     * asked what it is, in a moment and with little memory; it cannot run. */
    int32_t examine_only;
    /* Not 0: the auxiliary classifier is kept, too, and its logits are part of a segent_result. A
     * file that has none is an error. */
    int32_t auxiliary;
    /* Ends the loading from another thread. NULL: it is not cancelled. Since 0.9 */
    const segent_cancel *cancel;
    /* The numbers that the network computes with, which its weights are packed for: the runs of a
     * model are of its precision. With SEGENT_PRECISION_BF16, unless the model is only examined,
     * Linux is asked for AMX where the processor has it and the context may use it: for the whole
     * process, until it ends, and for its children. Threads then need larger alternate signal
     * stacks (docs/hosting.md). Where it is refused, AVX512_BF16 is used, and the log says so
     * [run/request]. Since 0.9 */
    segent_precision precision;
    int32_t reserved_word; /* 0 */
    uint64_t reserved[2];  /* 0 */
} segent_model_options;

/* Reads a checkpoint (any container), finds the network by the names of its tensors, whatever
 * stands before them, and builds it. A tensor of its backbone or classifier that is missing, left
 * over or of the wrong shape is SEGENT_ERROR_MODEL and named, and so is any other network; what
 * else is in the file is passed over, with a note to the log where it stands beside the network.
 * One output is taken for the sigmoid of two classes, whose logits are 0 and that output. The file
 * is not needed afterwards, unless it is one of packed weights (segent_model_pack). Since 0.1 */
segent_status segent_model_load(segent_context *context, const char *path,
                                const segent_model_options *options, segent_model **model);

/* The same from memory, which is not kept. Since 0.1 */
segent_status segent_model_load_memory(segent_context *context, const void *data, size_t size,
                                       const segent_model_options *options, segent_model **model);

/* The same from a checkpoint that is open, which is not needed afterwards. Since 0.2 */
segent_status segent_model_from_checkpoint(segent_context *context,
                                           const segent_checkpoint *checkpoint,
                                           const segent_model_options *options,
                                           segent_model **model);

/* One more owner of a model: it lives until segent_model_destroy was called once for each.
 * Thread-safe. Returns the model. Since 0.2 */
segent_model *segent_model_retain(segent_model *model);

/* Lets go of a model. A run that uses it in another thread goes on to its end, and the model is
 * freed behind it [host/owners]. Thread-safe. Since 0.1 */
void segent_model_destroy(segent_model *model);

/* Writes a model ready to run: its packed weights, and all that was read or said of it. Loading
 * such a file (segent_model_load, segent_model_from_checkpoint) reads no weight and makes no copy
 * of any: it is mapped, read-only, processes share its pages, and results are those of this model
 * bit by bit, with any engine [run/packed]. It fits libraries of this version and processors that
 * run the kernels that the model was packed for, its context's (segent_cpu_info); anything else is
 * SEGENT_ERROR_UNSUPPORTED, with a sentence that says so. While such a model lives its file must
 * not be changed in place; this function replaces it, as it does all files. Settings may be given
 * at loading as with any file, but for "eps"; no file of JSON is looked for beside it. `source` and
 * `source_sha256` are kept as the metadata "segent.source" and "segent.source_sha256": name and
 * hash of the file that the model was made of. Either may be NULL. A model that was only examined
 * is SEGENT_ERROR_INVALID_ARGUMENT. docs/formats.md describes the file. Since 0.9 */
segent_status segent_model_pack(segent_context *context, const segent_model *model,
                                const char *path, const char *source, const char *source_sha256);

/* The facts of a model. Strings are owned by the model. Since 0.1 */
typedef struct segent_model_details {
    size_t struct_size;
    const char *architecture;  /* torchvision's name, "deeplabv3_resnet101", or such as
                                  "deeplabv3_resnet(1,2,3,2)" for a backbone that has none */
    const char *backbone;      /* "resnet101", "mobilenet_v3_large" */
    const char *head;          /* "deeplabv3", "fcn", "lraspp" */
    const char *description;   /* the file's "segent.description", or "" */
    const char *prefix;        /* what stands before the names of its tensors in the file, such as
                                  "state_dict.model.", or "" */
    const char *settings_file; /* the file of JSON that some of its settings are from, or "" */
    int32_t classes;           /* channels of its logits */
    int32_t output_stride; /* pixels of the picture for one of the network's own logits: these are
                              ceil(height / stride) x ceil(width / stride) */
    int32_t size;          /* shorter side that it was trained for; 640 where nobody says */
    float temperature;     /* that its logits are divided by; 1 where nobody says */
    segent_container container; /* form of the file that it was made of */
    int32_t examined_only;      /* 1: it was made with examine_only and cannot run; else 0 */
    int32_t auxiliary; /* 1: it has the auxiliary classifier, which was asked for; else 0 */
    segent_precision precision; /* that it runs in (segent_model_options). Since 0.9 */
    /* Trained numbers that the network uses (58,630,997 for DeepLabV3-ResNet-101 with 21 classes),
     * and that the file holds (60,996,202, with the auxiliary classifier). */
    int64_t parameters, parameters_in_file;
    uint64_t reserved[4]; /* 0 */
} segent_model_details;

/* Fills *details, whose struct_size the caller has set. Thread-safe. Since 0.1 */
segent_status segent_model_info(const segent_model *model, segent_model_details *details);

/* Properties are further facts of a model, as text: the value of a key, or NULL if the model has no
 * such property; and the i-th key, or NULL behind the last. Every model has "width" (channels of
 * its first convolution: "64"), "output_stride" (pixels of the picture for one of the backbone's
 * last map: "8"), "size", "temperature", "mean" and "std" (what red, green and blue are normalised
 * by: "0.485,0.456,0.406" and "0.229,0.224,0.225" where nobody says); a ResNet has "blocks" (of
 * each layer: "3,4,23,3") and, if its convolutions have several, "groups"; DeepLabV3 has "rates"
 * ("12,24,36"); a network whose batch norms have another eps than torchvision's has "eps" (a
 * number, or "mixed"); one whose error somebody said has "precision_error"; "kernels" is the
 * instruction set that its weights are packed for ("avx2"; "avx512_bf16" where it runs in bfloat16
 * and the processor multiplies such numbers). "assumed" lists those of "output_stride" and "rates"
 * that neither the file nor the caller told, so that the usual values were taken; where they are
 * wrong, so are the results; "read" lists those that the file tells. "from_settings_file" lists the
 * settings that the file of JSON beside the checkpoint told
 * ("rates,classes"), if it told any. Owned by the model. Thread-safe. Since 0.2 */
const char *segent_model_property(const segent_model *model, const char *key);
const char *segent_model_property_key(const segent_model *model, int32_t index);

/* The name that torchvision has for a tensor of the checkpoint that the model was made of, by its
 * index there: "backbone.conv1.weight", for example. NULL if the network does not use it. These
 * tensors, under these names, are the network alone, without what stands before its names in the
 * file and what wrappers added to them. Owned by the model. Thread-safe. Since 0.2 */
const char *segent_model_tensor_name(const segent_model *model, int64_t index);

/* Name of a class, owned by the model; NULL if there is no such class. Thread-safe. Since 0.1 */
const char *segent_model_class_name(const segent_model *model, int32_t class_id);

/* Colours of the classes, which the file, the file of JSON beside it or the caller's settings say:
 * red, green and blue of each, *count of them (the class count), as segent_palette_decode takes
 * them. NULL, and a count of 0, where nobody says: VOC's are usual then. `count` may be NULL. Owned
 * by the model. Thread-safe. Since 0.2 */
const uint8_t *segent_model_palette(const segent_model *model, int64_t *count);

/* ==== 9. Running ==== */

/* How convolutions are done. Weights are packed once and serve all of them. Since 0.1 */
typedef int32_t segent_engine;
enum {
    SEGENT_ENGINE_FAST = 0,  /* with as few multiplications as pay */
    SEGENT_ENGINE_EXACT = 1, /* direct convolution only */
    SEGENT_ENGINE_SMALL = 2 /* as FAST, where that takes little workspace: less memory, more time */
};

/* "fast", "exact", "small"; "unknown". Static. Thread-safe. Since 0.2 */
const char *segent_engine_name(segent_engine engine);

/* Size of the outputs. Since 0.1 */
typedef int32_t segent_output_size;
enum {
    SEGENT_OUTPUT_NETWORK = 0, /* that of the picture as the network sees it */
    SEGENT_OUTPUT_ORIGINAL = 1 /* that of the picture given */
};

/* "network", "original"; "unknown". Static. Thread-safe. Since 0.2 */
const char *segent_output_size_name(segent_output_size size);

/* What a segent_result keeps beside labels, entropy and sums; a bit mask. Since 0.1 */
enum {
    SEGENT_KEEP_LOGITS = 1,          /* C x H x W at the output size */
    SEGENT_KEEP_PROBABILITIES = 2,   /* C x H x W at the output size */
    SEGENT_KEEP_TOP_PROBABILITY = 4, /* H x W: the largest class probability */
    SEGENT_KEEP_MARGIN = 8           /* H x W: the largest minus the second largest */
};

/* Called between steps of the network on the thread that called the library, with the share of the
 * work that is done, 0 to 1. Not 0 cancels the run: SEGENT_ERROR_CANCELLED [host/busy]. Since 0.1
 */
typedef int32_t (*segent_progress_fn)(void *user, double done);

/* Options of a run. Since 0.1 */
typedef struct segent_run_options {
    size_t struct_size;
    int32_t size; /* shorter side at the network; 0 (default): the model's; SEGENT_SIZE_OWN: the
                     picture's own size */
    segent_output_size output_size; /* the network's (default), or the original's */
    segent_engine engine;           /* fast by default */
    /* The model's, which its weights were packed for. 0 (default), which is SEGENT_PRECISION_F32,
     * leaves it to the model; any other that is not the model's is an invalid argument. */
    segent_precision precision;
    float temperature; /* logits are divided by it; 0 (default): the model's */
    uint32_t keep;     /* SEGENT_KEEP_..., of segent_run */
    /* Most bytes of working memory (segent_model_memory). Where the engine takes more, convolutions
     * are done in ways that take less, and since each thread has a workspace of its own, which ways
     * these are may depend on the number of threads, as the last bits of the result then do. If the
     * least is still more: SEGENT_ERROR_LIMIT, and the sentence says how many bytes would do. 0
     * (default): no limit. */
    int64_t workspace_limit;
    segent_progress_fn progress; /* NULL (default): nobody wants to know */
    void *progress_user;         /* handed to `progress` */
    const segent_cancel *cancel; /* NULL (default): it is not cancelled that way */
    uint64_t reserved[4];        /* 0 */
} segent_run_options;

/* Bytes of working memory that a run at this network size takes: activations, what the engine needs
 * beside them, and the network's input. The context keeps them for the next run. Not in it are the
 * packed weights, which the model owns, the picture, and the outputs. Of the options the engine,
 * the precision and the limit count; NULL: the defaults. How convolutions are best done depends on
 * the weights, so that of a model that was only examined this is SEGENT_ERROR_UNSUPPORTED. Since
 * 0.2 */
segent_status segent_model_memory(segent_context *context, const segent_model *model, int32_t width,
                                  int32_t height, const segent_run_options *options,
                                  int64_t *bytes);

/* Labels, entropy map and sums of one picture. Immutable; owns all its buffers. */
typedef struct segent_result segent_result;

/* Resizes, normalises, runs the network, and derives labels, entropy map and sums. Since 0.1 */
segent_status segent_run(segent_context *context, const segent_model *model,
                         const segent_image *image, const segent_run_options *options,
                         segent_result **result);

/* The input of a network: one of the three is given, the others have no data. Since 0.2 */
typedef struct segent_input {
    size_t struct_size;
    const segent_image *image; /* a picture */
    /* The caller's pixels, read where they lie, resized and normalised as a picture is. */
    segent_pixel_view pixels;
    /* A picture that is already resized and normalised, as the network was trained to see it: red,
     * green and blue in three channels. It is not resized, so that options->size must be 0 or
     * SEGENT_SIZE_OWN. A value that is not finite is SEGENT_ERROR_NOT_FINITE. */
    segent_tensor_view tensor;
    uint64_t reserved[4]; /* 0 */
} segent_input;

/* As segent_run, with the results in the caller's buffers. maps->height and maps->width are the
 * size of the outputs: that of the input (SEGENT_OUTPUT_ORIGINAL), or what segent_image_fit makes
 * of it. `summary` may be NULL. options->keep must be 0: the views say what is kept. After the
 * first input of a size, nothing is allocated [host/allocations, run/into_memory]. Since 0.2 */
segent_status segent_run_into(segent_context *context, const segent_model *model,
                              const segent_input *input, const segent_run_options *options,
                              const segent_uncertainty_maps *maps, segent_entropy_summary *summary);

/* The network alone, for callers who have a head of their own: its logits, before interpolation and
 * temperature. `logits` has the model's classes as channels, and of the height and width at the
 * network those of a grid of one value for output_stride pixels, rounded up (segent_model_details).
 * Of the options output_size, keep and temperature have no meaning here and must be 0. Allocates
 * nothing after the first input of a size [host/allocations]. Since 0.2 */
segent_status segent_model_logits(segent_context *context, const segent_model *model,
                                  const segent_input *input, const segent_run_options *options,
                                  const segent_tensor_view *logits);

/* Everything below borrows from the result and lives as long as it does. Maps are dense, H x W.
 * Since 0.1 */
int32_t segent_result_width(const segent_result *result);
int32_t segent_result_height(const segent_result *result);
int32_t segent_result_classes(const segent_result *result);
/* U8 up to 256 classes, U16 beyond. */
segent_label_type segent_result_label_type(const segent_result *result);
const void *segent_result_labels(const segent_result *result);
/* Normalised: 0 to 1. */
const float *segent_result_entropy(const segent_result *result);
/* C x H x W, or NULL if SEGENT_KEEP_LOGITS (before the temperature) or SEGENT_KEEP_PROBABILITIES
 * was not set. */
const float *segent_result_logits(const segent_result *result);
const float *segent_result_probabilities(const segent_result *result);
/* H x W, or NULL if not asked for. */
const float *segent_result_top_probability(const segent_result *result);
const float *segent_result_margin(const segent_result *result);
/* The network's own logits, before interpolation and temperature, C x h x w, dense; *height and
 * *width (may be NULL) tell h and w. */
const float *segent_result_lowres_logits(const segent_result *result, int32_t *height,
                                         int32_t *width);
/* The logits of the auxiliary classifier, likewise, whose map may be of another size; NULL if the
 * model was not made with it. Since 0.2 */
const float *segent_result_auxiliary_logits(const segent_result *result, int32_t *height,
                                            int32_t *width);
/* The picture as the network saw it: resized, before normalising. Owned by the result. */
const segent_image *segent_result_input(const segent_result *result);
/* Sums of the entropy map. */
segent_status segent_result_summary(const segent_result *result, segent_entropy_summary *summary);
/* One entry a class; *count is the class count. */
const segent_class_statistics *segent_result_statistics(const segent_result *result,
                                                        int64_t *count);

/* Seconds that the stages of a run took. Since 0.1 */
typedef struct segent_timings {
    size_t struct_size;
    double preprocess;    /* resize and normalise */
    double network;       /* from the input to its own logits */
    double head;          /* interpolation, softmax, entropy, argmax */
    uint64_t reserved[4]; /* 0 */
} segent_timings;

/* Fills *timings, whose struct_size the caller has set. Since 0.1 */
segent_status segent_result_timings(const segent_result *result, segent_timings *timings);
/* Frees a result and all that was borrowed from it. Since 0.1 */
void segent_result_destroy(segent_result *result);

/* ==== 10. Defaults ====
 *
 * Each function sets all members of a struct, struct_size included, whatever was there before. The
 * result is what the inline initialiser of the same name with _init gives in C, and means what a
 * zeroed struct with its struct_size means. NULL is passed over. Thread-safe. Since 0.2 */
void segent_options_defaults(segent_options *options);
void segent_cpu_info_defaults(segent_cpu_info *info);
void segent_entropy_options_defaults(segent_entropy_options *options);
void segent_entropy_summary_defaults(segent_entropy_summary *summary);
void segent_uncertainty_options_defaults(segent_uncertainty_options *options);
void segent_uncertainty_maps_defaults(segent_uncertainty_maps *maps);
void segent_image_options_defaults(segent_image_options *options);
void segent_tensor_info_defaults(segent_tensor_info *info);
void segent_model_options_defaults(segent_model_options *options);
void segent_model_details_defaults(segent_model_details *details);
void segent_run_options_defaults(segent_run_options *options);
void segent_input_defaults(segent_input *input);
void segent_timings_defaults(segent_timings *timings);

/* The same for the structs of evaluations. NULL is passed over. Thread-safe. Since 0.9 */
void segent_evaluation_options_defaults(segent_evaluation_options *options);
void segent_figures_defaults(segent_figures *figures);
void segent_class_figures_defaults(segent_class_figures *figures);
void segent_measure_figures_defaults(segent_measure_figures *figures);

/* ==== 11. EXPERIMENTAL ====
 *
 * What is below may change or go in any version, and needs no more than a new minor one to do so.
 */

/* How one step of the network was done. Since 0.1 */
typedef struct segent_layer_info {
    size_t struct_size;
    const char *name;      /* of a convolution that of its weights: "backbone.layer3.5.conv2"; valid
                              during the call */
    const char *algorithm; /* "direct", "Strassen", "Strassen^2" (two levels), "F(2x2,3x3)",
                              "F(4x4,3x3)", "F(4x6,3x3)", "F(mixed,3x3)", "depthwise" (a window
                              for each channel), "grouped", "blas", "plain" (a product in
                              plain C where there is no BLAS); "maximum",
                              "average", "transpose" of steps that are no convolution. Static */
    const char *kernel;    /* of the products: "avx512 12x32", "avx512 12x32 paired"; of "depthwise"
                              and "grouped" the instruction set alone; "" if there are none. Static */
    int32_t inputs;        /* channels */
    int32_t outputs;       /* channels */
    int32_t width, height; /* of the output, in pixels */
    int32_t kernel_size;   /* of a square window; 0: all of the map */
    int32_t stride, dilation; /* of the window, in pixels of the input */
    int32_t reserved;         /* 0 */
    double multiply_adds;     /* by definition, those on padding included */
    double seconds;           /* that the step took */
} segent_layer_info;

/* Called after each step of the network on the thread that called the library. Since 0.1 */
typedef void (*segent_layer_fn)(void *user, const segent_layer_info *layer);

/* From now on each step of the context's runs is reported; NULL: no more. Since 0.2 */
segent_status segent_context_report_layers(segent_context *context, segent_layer_fn layer,
                                           void *user);

/* Makes a checkpoint of random weights in memory, to measure without a file: they segment nothing
 * but take as long. `architecture` is torchvision's name ("deeplabv3_resnet101", "fcn_resnet50"; a
 * ResNet alone is DeepLabV3's), with 21 classes. The same seed gives the same weights. An unknown
 * name is SEGENT_ERROR_INVALID_ARGUMENT. Since 0.2 */
segent_status segent_checkpoint_seeded(segent_context *context, const char *architecture,
                                       uint64_t seed, segent_checkpoint **checkpoint);
