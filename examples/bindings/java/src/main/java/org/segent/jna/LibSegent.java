// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
// Made by generate.py from the description of the API; not to be edited.
package org.segent.jna;

import com.sun.jna.Callback;
import com.sun.jna.IntegerType;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/** The API of libsegent with the names of C, whose header is the manual. The package org.segent is what programs use. */
public interface LibSegent extends Library {
    /** Where the loader finds the library. */
    String SONAME = "libsegent.so.0.9";

    /** Bytes in memory. */
    class SizeT extends IntegerType {
        private static final long serialVersionUID = 1;

        public SizeT() {
            this(0);
        }

        public SizeT(long value) {
            super(Native.SIZE_T_SIZE, value, true);
        }
    }

    int SEGENT_OK = 0;
    int SEGENT_ERROR_INVALID_ARGUMENT = 10;
    int SEGENT_ERROR_UNSUPPORTED = 11;
    int SEGENT_ERROR_BUSY = 12;
    int SEGENT_ERROR_OUT_OF_MEMORY = 20;
    int SEGENT_ERROR_LIMIT = 21;
    int SEGENT_ERROR_NOT_FINITE = 30;
    int SEGENT_ERROR_NOT_PROBABILITY = 31;
    int SEGENT_ERROR_IO = 40;
    int SEGENT_ERROR_NOT_FOUND = 41;
    int SEGENT_ERROR_FORMAT = 50;
    int SEGENT_ERROR_TRUNCATED = 51;
    int SEGENT_ERROR_FORBIDDEN = 52;
    int SEGENT_ERROR_MODEL = 60;
    int SEGENT_ERROR_CANCELLED = 70;
    int SEGENT_ERROR_INTERNAL = 90;
    int SEGENT_LOG_ERROR = 0;
    int SEGENT_LOG_WARNING = 1;
    int SEGENT_LOG_INFO = 2;
    int SEGENT_LOG_DEBUG = 3;
    int SEGENT_CPU_REF = 1;
    int SEGENT_CPU_AVX2 = 2;
    int SEGENT_CPU_AVX512 = 4;
    int SEGENT_CPU_NEON = 8;
    int SEGENT_CPU_AVX512_BF16 = 16;
    int SEGENT_CPU_AMX = 32;
    int SEGENT_CPU_NEON_BF16 = 64;
    int SEGENT_LABEL_U8 = 0;
    int SEGENT_LABEL_U16 = 1;
    int SEGENT_PIXEL_RGB = 0;
    int SEGENT_PIXEL_BGR = 1;
    int SEGENT_PIXEL_RGBA = 2;
    int SEGENT_PIXEL_BGRA = 3;
    int SEGENT_PIXEL_GREY = 4;
    int SEGENT_UNIT_NORMALIZED = 0;
    int SEGENT_UNIT_NATS = 1;
    int SEGENT_UNIT_BITS = 2;
    int SEGENT_SOURCE_LOGITS = 0;
    int SEGENT_SOURCE_PROBABILITIES = 1;
    int SEGENT_MEASURE_ENTROPY = 0;
    int SEGENT_MEASURE_TOP = 1;
    int SEGENT_MEASURE_MARGIN = 2;
    int SEGENT_MEASURE_ENERGY = 3;
    int SEGENT_MEASURE_MAXLOGIT = 4;
    int SEGENT_IGNORE_NONE = -1;
    int SEGENT_IGNORE_ZERO = -2;
    int SEGENT_COLORMAP_JET = 0;
    int SEGENT_COLORMAP_VIRIDIS = 1;
    int SEGENT_ORIENT_DEFAULT = 0;
    int SEGENT_ORIENT_UPRIGHT = 1;
    int SEGENT_ORIENT_STORED = 2;
    int SEGENT_BACKGROUND_BLACK = 16777216;
    int SEGENT_SIZE_OWN = -1;
    int SEGENT_CONTAINER_LEGACY = 1;
    int SEGENT_CONTAINER_ZIP = 2;
    int SEGENT_CONTAINER_SAFETENSORS = 3;
    int SEGENT_CONTAINER_PACKED = 4;
    int SEGENT_DTYPE_F32 = 1;
    int SEGENT_DTYPE_F16 = 2;
    int SEGENT_DTYPE_BF16 = 3;
    int SEGENT_DTYPE_F64 = 4;
    int SEGENT_DTYPE_I64 = 5;
    int SEGENT_DTYPE_I32 = 6;
    int SEGENT_DTYPE_I16 = 7;
    int SEGENT_DTYPE_I8 = 8;
    int SEGENT_DTYPE_U8 = 9;
    int SEGENT_DTYPE_BOOL = 10;
    int SEGENT_RANK_MAX = 8;
    int SEGENT_PRECISION_F32 = 0;
    int SEGENT_PRECISION_BF16 = 1;
    int SEGENT_ENGINE_FAST = 0;
    int SEGENT_ENGINE_EXACT = 1;
    int SEGENT_ENGINE_SMALL = 2;
    int SEGENT_OUTPUT_NETWORK = 0;
    int SEGENT_OUTPUT_ORIGINAL = 1;
    int SEGENT_KEEP_LOGITS = 1;
    int SEGENT_KEEP_PROBABILITIES = 2;
    int SEGENT_KEEP_TOP_PROBABILITY = 4;
    int SEGENT_KEEP_MARGIN = 8;

    interface segent_allocate_fn extends Callback {
        Pointer invoke(Pointer user, SizeT size);
    }

    interface segent_release_fn extends Callback {
        void invoke(Pointer user, Pointer memory);
    }

    interface segent_log_fn extends Callback {
        void invoke(Pointer user, int level, String message);
    }

    interface segent_task_fn extends Callback {
        void invoke(Pointer argument, int i);
    }

    interface segent_parallel_fn extends Callback {
        void invoke(Pointer user, int count, segent_task_fn task, Pointer argument);
    }

    interface segent_progress_fn extends Callback {
        int invoke(Pointer user, double done);
    }

    interface segent_layer_fn extends Callback {
        void invoke(Pointer user, segent_layer_info layer);
    }

    @Structure.FieldOrder({"struct_size", "threads", "cpu", "allocate", "release", "allocator_user", "log", "log_user", "parallel", "parallel_user", "memory_limit", "reserved"})
    class segent_options extends Structure {
        public SizeT struct_size = new SizeT();
        public int threads;
        public int cpu;
        public segent_allocate_fn allocate;
        public segent_release_fn release;
        public Pointer allocator_user;
        public segent_log_fn log;
        public Pointer log_user;
        public segent_parallel_fn parallel;
        public Pointer parallel_user;
        public long memory_limit;
        public long[] reserved = new long[4];

        public segent_options() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "processor", "kernels", "blas", "detected", "used", "threads", "reserved_word", "reserved"})
    class segent_cpu_info extends Structure {
        public SizeT struct_size = new SizeT();
        public String processor;
        public String kernels;
        public String blas;
        public int detected;
        public int used;
        public int threads;
        public int reserved_word;
        public long[] reserved = new long[4];

        public segent_cpu_info() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"data", "channels", "height", "width", "channel_stride", "row_stride", "column_stride"})
    class segent_tensor_view extends Structure {
        public Pointer data;
        public long channels;
        public long height;
        public long width;
        public long channel_stride;
        public long row_stride;
        public long column_stride;

        public segent_tensor_view() {}

        public segent_tensor_view(Pointer memory) {
            super(memory);
            read();
        }
    }

    @Structure.FieldOrder({"data", "height", "width", "row_stride", "column_stride"})
    class segent_map_view extends Structure {
        public Pointer data;
        public long height;
        public long width;
        public long row_stride;
        public long column_stride;

        public segent_map_view() {}

        public segent_map_view(Pointer memory) {
            super(memory);
            read();
        }
    }

    @Structure.FieldOrder({"data", "height", "width", "row_stride", "column_stride", "type", "reserved"})
    class segent_label_view extends Structure {
        public Pointer data;
        public long height;
        public long width;
        public long row_stride;
        public long column_stride;
        public int type;
        public int reserved;

        public segent_label_view() {}

        public segent_label_view(Pointer memory) {
            super(memory);
            read();
        }
    }

    @Structure.FieldOrder({"data", "height", "width", "row_stride", "format", "reserved"})
    class segent_pixel_view extends Structure {
        public Pointer data;
        public long height;
        public long width;
        public long row_stride;
        public int format;
        public int reserved;

        public segent_pixel_view() {}

        public segent_pixel_view(Pointer memory) {
            super(memory);
            read();
        }
    }

    @Structure.FieldOrder({"struct_size", "source", "unit", "temperature", "strict", "tolerance", "reserved_word", "reserved"})
    class segent_entropy_options extends Structure {
        public SizeT struct_size = new SizeT();
        public int source;
        public int unit;
        public float temperature;
        public int strict;
        public float tolerance;
        public int reserved_word;
        public long[] reserved = new long[4];

        public segent_entropy_options() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "pixels", "sum", "mean", "minimum", "maximum", "sum_nats", "undecided", "undecided_below", "reserved"})
    class segent_entropy_summary extends Structure {
        public SizeT struct_size = new SizeT();
        public long pixels;
        public double sum;
        public double mean;
        public double minimum;
        public double maximum;
        public double sum_nats;
        public long undecided;
        public double undecided_below;
        public long[] reserved = new long[2];

        public segent_entropy_summary() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "unit", "temperature", "undecided_below", "reserved"})
    class segent_uncertainty_options extends Structure {
        public SizeT struct_size = new SizeT();
        public int unit;
        public float temperature;
        public double undecided_below;
        public long[] reserved = new long[3];

        public segent_uncertainty_options() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "height", "width", "labels", "entropy", "top_probability", "margin", "logits", "probabilities", "reserved"})
    class segent_uncertainty_maps extends Structure {
        public SizeT struct_size = new SizeT();
        public long height;
        public long width;
        public segent_label_view labels;
        public segent_map_view entropy;
        public segent_map_view top_probability;
        public segent_map_view margin;
        public segent_tensor_view logits;
        public segent_tensor_view probabilities;
        public long[] reserved = new long[4];

        public segent_uncertainty_maps() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"pixels", "entropy_mean"})
    class segent_class_statistics extends Structure {
        public long pixels;
        public double entropy_mean;

        public segent_class_statistics() {}

        public segent_class_statistics(Pointer memory) {
            super(memory);
            read();
        }
    }

    @Structure.FieldOrder({"struct_size", "source", "ignore", "temperature", "reserved_word", "reserved"})
    class segent_evaluation_options extends Structure {
        public SizeT struct_size = new SizeT();
        public int source;
        public int ignore;
        public float temperature;
        public int reserved_word;
        public long[] reserved = new long[4];

        public segent_evaluation_options() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "images", "pixels", "classes", "ignore", "source", "temperature", "pixel_accuracy", "mean_iou", "ece", "ace", "brier", "nll", "reserved"})
    class segent_figures extends Structure {
        public SizeT struct_size = new SizeT();
        public long images;
        public long pixels;
        public int classes;
        public int ignore;
        public int source;
        public float temperature;
        public double pixel_accuracy;
        public double mean_iou;
        public double ece;
        public double ace;
        public double brier;
        public double nll;
        public long[] reserved = new long[4];

        public segent_figures() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "pixels", "predicted", "right", "iou", "reserved"})
    class segent_class_figures extends Structure {
        public SizeT struct_size = new SizeT();
        public long pixels;
        public long predicted;
        public long right;
        public double iou;
        public long[] reserved = new long[4];

        public segent_class_figures() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "auroc", "aupr", "fpr95", "aurc", "eaurc", "reserved"})
    class segent_measure_figures extends Structure {
        public SizeT struct_size = new SizeT();
        public double auroc;
        public double aupr;
        public double fpr95;
        public double aurc;
        public double eaurc;
        public long[] reserved = new long[4];

        public segent_measure_figures() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "orient", "background", "scan_limit", "reserved_word", "pixel_limit", "cancel", "reserved"})
    class segent_image_options extends Structure {
        public SizeT struct_size = new SizeT();
        public int orient;
        public int background;
        public int scan_limit;
        public int reserved_word;
        public long pixel_limit;
        public Pointer cancel;
        public long[] reserved = new long[3];

        public segent_image_options() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "name", "dtype", "rank", "shape", "stride", "elements", "reserved"})
    class segent_tensor_info extends Structure {
        public SizeT struct_size = new SizeT();
        public String name;
        public int dtype;
        public int rank;
        public long[] shape = new long[8];
        public long[] stride = new long[8];
        public long elements;
        public long[] reserved = new long[4];

        public segent_tensor_info() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "prefix", "settings", "settings_file", "path", "class_names", "class_name_count", "examine_only", "auxiliary", "cancel", "precision", "reserved_word", "reserved"})
    class segent_model_options extends Structure {
        public SizeT struct_size = new SizeT();
        public String prefix;
        public String settings;
        public String settings_file;
        public String path;
        public Pointer class_names;
        public long class_name_count;
        public int examine_only;
        public int auxiliary;
        public Pointer cancel;
        public int precision;
        public int reserved_word;
        public long[] reserved = new long[2];

        public segent_model_options() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "architecture", "backbone", "head", "description", "prefix", "settings_file", "classes", "output_stride", "size", "temperature", "container", "examined_only", "auxiliary", "precision", "parameters", "parameters_in_file", "reserved"})
    class segent_model_details extends Structure {
        public SizeT struct_size = new SizeT();
        public String architecture;
        public String backbone;
        public String head;
        public String description;
        public String prefix;
        public String settings_file;
        public int classes;
        public int output_stride;
        public int size;
        public float temperature;
        public int container;
        public int examined_only;
        public int auxiliary;
        public int precision;
        public long parameters;
        public long parameters_in_file;
        public long[] reserved = new long[4];

        public segent_model_details() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "size", "output_size", "engine", "precision", "temperature", "keep", "workspace_limit", "progress", "progress_user", "cancel", "reserved"})
    class segent_run_options extends Structure {
        public SizeT struct_size = new SizeT();
        public int size;
        public int output_size;
        public int engine;
        public int precision;
        public float temperature;
        public int keep;
        public long workspace_limit;
        public segent_progress_fn progress;
        public Pointer progress_user;
        public Pointer cancel;
        public long[] reserved = new long[4];

        public segent_run_options() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "image", "pixels", "tensor", "reserved"})
    class segent_input extends Structure {
        public SizeT struct_size = new SizeT();
        public Pointer image;
        public segent_pixel_view pixels;
        public segent_tensor_view tensor;
        public long[] reserved = new long[4];

        public segent_input() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "preprocess", "network", "head", "reserved"})
    class segent_timings extends Structure {
        public SizeT struct_size = new SizeT();
        public double preprocess;
        public double network;
        public double head;
        public long[] reserved = new long[4];

        public segent_timings() {
            struct_size = new SizeT(size());
        }
    }

    @Structure.FieldOrder({"struct_size", "name", "algorithm", "kernel", "inputs", "outputs", "width", "height", "kernel_size", "stride", "dilation", "reserved", "multiply_adds", "seconds"})
    class segent_layer_info extends Structure {
        public SizeT struct_size = new SizeT();
        public String name;
        public String algorithm;
        public String kernel;
        public int inputs;
        public int outputs;
        public int width;
        public int height;
        public int kernel_size;
        public int stride;
        public int dilation;
        public int reserved;
        public double multiply_adds;
        public double seconds;

        public segent_layer_info() {
            struct_size = new SizeT(size());
        }
    }

    String segent_version();
    int segent_supports(String feature);
    String segent_status_string(int status);
    String segent_log_level_name(int level);
    String segent_cpu_name(int cpu);
    int segent_context_create(segent_options options, PointerByReference context);
    void segent_context_destroy(Pointer context);
    int segent_context_trim(Pointer context);
    String segent_last_error(Pointer context);
    SizeT segent_last_error_copy(Pointer context, Pointer buffer, SizeT size);
    int segent_cancel_create(Pointer context, PointerByReference cancel);
    void segent_cancel_set(Pointer cancel);
    void segent_cancel_reset(Pointer cancel);
    int segent_cancel_is_set(Pointer cancel);
    void segent_cancel_destroy(Pointer cancel);
    int segent_context_cpu_info(Pointer context, segent_cpu_info info);
    String segent_label_type_name(int type);
    String segent_pixel_format_name(int format);
    String segent_unit_name(int unit);
    String segent_source_name(int source);
    int segent_softmax(Pointer context, segent_tensor_view logits, segent_tensor_view probabilities);
    int segent_entropy_map(Pointer context, segent_tensor_view values, segent_entropy_options options, segent_map_view entropy);
    int segent_image_entropy(Pointer context, segent_map_view entropy, segent_label_view ignore, segent_entropy_summary summary);
    int segent_argmax(Pointer context, segent_tensor_view values, segent_label_view labels);
    int segent_uncertainty_from_logits(Pointer context, segent_tensor_view logits, segent_uncertainty_options options, segent_uncertainty_maps maps, segent_entropy_summary summary);
    int segent_statistics_per_class(Pointer context, segent_label_view labels, segent_map_view entropy, segent_class_statistics statistics, long classes);
    String segent_measure_name(int measure);
    int segent_evaluation_create(Pointer context, int classes, segent_evaluation_options options, PointerByReference evaluation);
    int segent_evaluation_add(Pointer context, Pointer evaluation, segent_label_view labels, segent_tensor_view values);
    int segent_evaluation_merge(Pointer context, Pointer evaluation, Pointer other);
    int segent_evaluation_save(Pointer context, Pointer evaluation, String path);
    int segent_evaluation_load(Pointer context, String path, PointerByReference evaluation);
    int segent_evaluation_figures(Pointer context, Pointer evaluation, segent_figures figures);
    int segent_evaluation_class_figures(Pointer context, Pointer evaluation, int class_id, segent_class_figures figures);
    int segent_evaluation_measure_figures(Pointer context, Pointer evaluation, int measure, segent_measure_figures figures);
    void segent_evaluation_destroy(Pointer evaluation);
    int segent_palette_voc(Pointer rgb, long count);
    int segent_palette_decode(Pointer context, segent_label_view labels, Pointer palette, long palette_count, segent_pixel_view pixels);
    String segent_colormap_name(int colormap);
    int segent_colormap_apply(Pointer context, segent_map_view values, int colormap, float low, float high, segent_pixel_view pixels);
    String segent_orientation_name(int orientation);
    int segent_image_load(Pointer context, String path, segent_image_options options, PointerByReference image);
    int segent_image_load_memory(Pointer context, Pointer data, SizeT size, segent_image_options options, PointerByReference image);
    int segent_image_from_pixels(Pointer context, segent_pixel_view pixels, PointerByReference image);
    int segent_image_resize(Pointer context, Pointer image, int width, int height, PointerByReference resized);
    int segent_image_fit(int width, int height, int size, IntByReference fitted_width, IntByReference fitted_height);
    int segent_image_width(Pointer image);
    int segent_image_height(Pointer image);
    Pointer segent_image_pixels(Pointer image);
    void segent_image_destroy(Pointer image);
    int segent_image_save_png(Pointer context, Pointer image, String path);
    int segent_labels_save_png(Pointer context, segent_label_view labels, Pointer palette, long palette_count, String path);
    int segent_map_save_npy(Pointer context, segent_map_view map, String path);
    int segent_tensor_save_npy(Pointer context, segent_tensor_view tensor, String path);
    Pointer segent_buffer_data(Pointer buffer);
    SizeT segent_buffer_size(Pointer buffer);
    void segent_buffer_destroy(Pointer buffer);
    int segent_image_encode_png(Pointer context, Pointer image, PointerByReference png);
    int segent_labels_encode_png(Pointer context, segent_label_view labels, Pointer palette, long palette_count, PointerByReference png);
    int segent_labels_load_png(Pointer context, String path, segent_image_options options, PointerByReference labels);
    int segent_labels_load_png_memory(Pointer context, Pointer data, SizeT size, segent_image_options options, PointerByReference labels);
    int segent_labels_width(Pointer labels);
    int segent_labels_height(Pointer labels);
    int segent_labels_type(Pointer labels);
    Pointer segent_labels_data(Pointer labels);
    void segent_labels_destroy(Pointer labels);
    String segent_container_name(int container);
    String segent_dtype_name(int dtype);
    int segent_checkpoint_load(Pointer context, String path, PointerByReference checkpoint);
    int segent_checkpoint_load_memory(Pointer context, Pointer data, SizeT size, PointerByReference checkpoint);
    int segent_checkpoint_container(Pointer checkpoint);
    long segent_checkpoint_count(Pointer checkpoint);
    int segent_checkpoint_tensor(Pointer context, Pointer checkpoint, long index, segent_tensor_info info);
    String segent_checkpoint_metadata(Pointer checkpoint, String key);
    long segent_checkpoint_opaque_count(Pointer checkpoint);
    String segent_checkpoint_opaque(Pointer checkpoint, long index);
    int segent_checkpoint_read(Pointer context, Pointer checkpoint, long index, Pointer values, long count);
    void segent_checkpoint_destroy(Pointer checkpoint);
    String segent_precision_name(int precision);
    int segent_model_load(Pointer context, String path, segent_model_options options, PointerByReference model);
    int segent_model_load_memory(Pointer context, Pointer data, SizeT size, segent_model_options options, PointerByReference model);
    int segent_model_from_checkpoint(Pointer context, Pointer checkpoint, segent_model_options options, PointerByReference model);
    Pointer segent_model_retain(Pointer model);
    void segent_model_destroy(Pointer model);
    int segent_model_pack(Pointer context, Pointer model, String path, String source, String source_sha256);
    int segent_model_info(Pointer model, segent_model_details details);
    String segent_model_property(Pointer model, String key);
    String segent_model_property_key(Pointer model, int index);
    String segent_model_tensor_name(Pointer model, long index);
    String segent_model_class_name(Pointer model, int class_id);
    Pointer segent_model_palette(Pointer model, LongByReference count);
    String segent_engine_name(int engine);
    String segent_output_size_name(int size);
    int segent_model_memory(Pointer context, Pointer model, int width, int height, segent_run_options options, LongByReference bytes);
    int segent_run(Pointer context, Pointer model, Pointer image, segent_run_options options, PointerByReference result);
    int segent_run_into(Pointer context, Pointer model, segent_input input, segent_run_options options, segent_uncertainty_maps maps, segent_entropy_summary summary);
    int segent_model_logits(Pointer context, Pointer model, segent_input input, segent_run_options options, segent_tensor_view logits);
    int segent_result_width(Pointer result);
    int segent_result_height(Pointer result);
    int segent_result_classes(Pointer result);
    int segent_result_label_type(Pointer result);
    Pointer segent_result_labels(Pointer result);
    Pointer segent_result_entropy(Pointer result);
    Pointer segent_result_logits(Pointer result);
    Pointer segent_result_probabilities(Pointer result);
    Pointer segent_result_top_probability(Pointer result);
    Pointer segent_result_margin(Pointer result);
    Pointer segent_result_lowres_logits(Pointer result, IntByReference height, IntByReference width);
    Pointer segent_result_auxiliary_logits(Pointer result, IntByReference height, IntByReference width);
    Pointer segent_result_input(Pointer result);
    int segent_result_summary(Pointer result, segent_entropy_summary summary);
    Pointer segent_result_statistics(Pointer result, LongByReference count);
    int segent_result_timings(Pointer result, segent_timings timings);
    void segent_result_destroy(Pointer result);
    void segent_options_defaults(segent_options options);
    void segent_cpu_info_defaults(segent_cpu_info info);
    void segent_entropy_options_defaults(segent_entropy_options options);
    void segent_entropy_summary_defaults(segent_entropy_summary summary);
    void segent_uncertainty_options_defaults(segent_uncertainty_options options);
    void segent_uncertainty_maps_defaults(segent_uncertainty_maps maps);
    void segent_image_options_defaults(segent_image_options options);
    void segent_tensor_info_defaults(segent_tensor_info info);
    void segent_model_options_defaults(segent_model_options options);
    void segent_model_details_defaults(segent_model_details details);
    void segent_run_options_defaults(segent_run_options options);
    void segent_input_defaults(segent_input input);
    void segent_timings_defaults(segent_timings timings);
    void segent_evaluation_options_defaults(segent_evaluation_options options);
    void segent_figures_defaults(segent_figures figures);
    void segent_class_figures_defaults(segent_class_figures figures);
    void segent_measure_figures_defaults(segent_measure_figures figures);
    int segent_context_report_layers(Pointer context, segent_layer_fn layer, Pointer user);
    int segent_checkpoint_seeded(Pointer context, String architecture, long seed, PointerByReference checkpoint);
}
