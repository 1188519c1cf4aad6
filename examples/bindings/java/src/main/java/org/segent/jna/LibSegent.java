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

/** The API of libsegent with the names of C. The package org.segent is what programs use. */
public interface LibSegent extends Library {
    /** Where the loader finds the library. */
    String SONAME = "libsegent.so.0.2";

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
    int SEGENT_ENGINE_FAST = 0;
    int SEGENT_ENGINE_EXACT = 1;
    int SEGENT_ENGINE_SMALL = 2;
    int SEGENT_PRECISION_F32 = 0;
    int SEGENT_OUTPUT_NETWORK = 0;
    int SEGENT_OUTPUT_ORIGINAL = 1;
    int SEGENT_KEEP_LOGITS = 1;
    int SEGENT_KEEP_PROBABILITIES = 2;
    int SEGENT_KEEP_TOP_PROBABILITY = 4;
    int SEGENT_KEEP_MARGIN = 8;

    /**
     * Memory functions of the host, for segent_options. `allocate` returns memory aligned for any fundamental type, or NULL;
     * `release` takes what `allocate` returned, never NULL. Both may be called from any thread.
     */
    interface segent_allocate_fn extends Callback {
        Pointer invoke(Pointer user, SizeT size);
    }

    /**
     * Memory functions of the host, for segent_options. `allocate` returns memory aligned for any fundamental type, or NULL;
     * `release` takes what `allocate` returned, never NULL. Both may be called from any thread.
     */
    interface segent_release_fn extends Callback {
        void invoke(Pointer user, Pointer memory);
    }

    /** Receives one line, without a newline, that is valid during the call. Called on the thread that called the library. */
    interface segent_log_fn extends Callback {
        void invoke(Pointer user, int level, String message);
    }

    /**
     * A host's own parallel loop, in the place of the library's threads. It calls `task(argument, i)` once for each i from 0 to
     * count - 1, on whatever threads and in whatever order, several at once or one after another, and returns when all have
     * returned. `count` is at most the context's number of threads. Tasks take work from each other, so that it is no loss if
     * some begin late. It is called on the thread that called the library, never nested.
     */
    interface segent_task_fn extends Callback {
        void invoke(Pointer argument, int i);
    }

    /**
     * A host's own parallel loop, in the place of the library's threads. It calls `task(argument, i)` once for each i from 0 to
     * count - 1, on whatever threads and in whatever order, several at once or one after another, and returns when all have
     * returned. `count` is at most the context's number of threads. Tasks take work from each other, so that it is no loss if
     * some begin late. It is called on the thread that called the library, never nested.
     */
    interface segent_parallel_fn extends Callback {
        void invoke(Pointer user, int count, segent_task_fn task, Pointer argument);
    }

    /**
     * Called between steps of the network on the thread that called the library, with the share of the work that is done, 0 to 1.
     * Not 0 cancels the run: SEGENT_ERROR_CANCELLED.
     */
    interface segent_progress_fn extends Callback {
        int invoke(Pointer user, double done);
    }

    /** Called after each step of the network on the thread that called the library. */
    interface segent_layer_fn extends Callback {
        void invoke(Pointer user, segent_layer_info layer);
    }

    /** Settings of a context. */
    @Structure.FieldOrder({"struct_size", "threads", "cpu", "allocate", "release", "allocator_user", "log", "log_user", "parallel", "parallel_user", "memory_limit", "reserved"})
    class segent_options extends Structure {
        public SizeT struct_size = new SizeT();
        /**
         * 0: as many as the processors this process may run on, or as its control group's CPU quota is worth if that is less;
         * else 1 to 1024
         */
        public int threads;
        /**
         * the instruction sets that may be used, of those that the processor has. 0: all, or what the environment variable
         * SEGENT_CPU says (ref, avx2, avx512 or neon; a warning if it is another word)
         */
        public int cpu;
        /** both or neither; NULL: malloc and free */
        public segent_allocate_fn allocate;
        public segent_release_fn release;
        public Pointer allocator_user;
        /** NULL: silence */
        public segent_log_fn log;
        public Pointer log_user;
        /** NULL: the context has threads of its own, which it starts at the first work for them; else it never starts any */
        public segent_parallel_fn parallel;
        public Pointer parallel_user;
        /**
         * most bytes that reading one file (a picture, labels, a checkpoint's structure) may take beside the file itself; 0: 2
         * GiB, more than the 1.6 GB that a progressive JPEG file of the largest size takes. Beyond it: SEGENT_ERROR_LIMIT
         */
        public long memory_limit;
        /** 0 */
        public long[] reserved = new long[4];

        public segent_options() {
            struct_size = new SizeT(size());
        }
    }

    /**
     * The processor, the instruction sets and the threads that a context works with. Strings are owned by the context and live as
     * long as it does.
     */
    @Structure.FieldOrder({"struct_size", "processor", "kernels", "blas", "detected", "used", "threads", "reserved_word", "reserved"})
    class segent_cpu_info extends Structure {
        public SizeT struct_size = new SizeT();
        /** brand string of the processor, or its architecture */
        public String processor;
        /** name of the best instruction set in `used` */
        public String kernels;
        /**
         * matrix product where there are no kernels: name, version and kernels of the BLAS, or why there is none. It is loaded by
         * the first product, and by this question only where it is needed
         */
        public String blas;
        /** instruction sets of processor, operating system and this build */
        public int detected;
        /** those of them that the context may use */
        public int used;
        /** that work, the caller's included */
        public int threads;
        /** 0 */
        public int reserved_word;
        /** 0 */
        public long[] reserved = new long[4];

        public segent_cpu_info() {
            struct_size = new SizeT(size());
        }
    }

    /**
     * C x H x W float32 values: logits or probabilities of C classes, or a network's input of three colours. Value (c, y, x) is
     * data[c * channel_stride + y * row_stride + x * column_stride]; all strides 0: dense (C, H, W), as PyTorch holds it.
     */
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

    /** H x W float32 values, one a pixel: value (y, x) is data[y * row_stride + x * column_stride]. */
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

    /** H x W class ids. */
    @Structure.FieldOrder({"data", "height", "width", "row_stride", "column_stride", "type", "reserved"})
    class segent_label_view extends Structure {
        /** of `type` */
        public Pointer data;
        public long height;
        public long width;
        public long row_stride;
        public long column_stride;
        public int type;
        /** 0 */
        public int reserved;

        public segent_label_view() {}

        public segent_label_view(Pointer memory) {
            super(memory);
            read();
        }
    }

    /** H x W pixels of 8-bit samples, those of a pixel side by side and pixels side by side. */
    @Structure.FieldOrder({"data", "height", "width", "row_stride", "format", "reserved"})
    class segent_pixel_view extends Structure {
        public Pointer data;
        public long height;
        public long width;
        /** bytes from one row to the next, negative for bottom-up; 0: dense */
        public long row_stride;
        public int format;
        /** 0 */
        public int reserved;

        public segent_pixel_view() {}

        public segent_pixel_view(Pointer memory) {
            super(memory);
            read();
        }
    }

    /** Options of segent_entropy_map. */
    @Structure.FieldOrder({"struct_size", "source", "unit", "temperature", "strict", "tolerance", "reserved_word", "reserved"})
    class segent_entropy_options extends Structure {
        public SizeT struct_size = new SizeT();
        /** default: logits */
        public int source;
        /** default: normalised */
        public int unit;
        /** logits are divided by it; 0 (default) stands for 1. Probabilities take none: 0 or 1 */
        public float temperature;
        /**
         * Not 0: probabilities outside [0, 1], or whose sum over the classes is not within `tolerance` of 1, are
         * SEGENT_ERROR_NOT_PROBABILITY. 0 (default): computed as they are, negative ones counting as 0.
         */
        public int strict;
        /** 0 (default) stands for 1e-3 */
        public float tolerance;
        /** 0 */
        public int reserved_word;
        /** 0 */
        public long[] reserved = new long[4];

        public segent_entropy_options() {
            struct_size = new SizeT(size());
        }
    }

    /** Sums over an entropy map, in double, added row by row: the same for any number of threads. */
    @Structure.FieldOrder({"struct_size", "pixels", "sum", "mean", "minimum", "maximum", "sum_nats", "reserved"})
    class segent_entropy_summary extends Structure {
        public SizeT struct_size = new SizeT();
        /** that were counted: not left out */
        public long pixels;
        /** equation 3: sum of the map's values */
        public double sum;
        /** sum / pixels; 0 if no pixel counts */
        public double mean;
        /** of the counted pixels; 0 if none */
        public double minimum;
        public double maximum;
        /**
         * The sum in nats, not normalised: the published script's number. 0 from segent_image_entropy, which does not know the
         * class count.
         */
        public double sum_nats;
        /** 0 */
        public long[] reserved = new long[4];

        public segent_entropy_summary() {
            struct_size = new SizeT(size());
        }
    }

    /** Options of segent_uncertainty_from_logits. */
    @Structure.FieldOrder({"struct_size", "unit", "temperature", "reserved"})
    class segent_uncertainty_options extends Structure {
        public SizeT struct_size = new SizeT();
        /** of the entropy map; default: normalised */
        public int unit;
        /** logits are divided by it; 0 (default) stands for 1 */
        public float temperature;
        /** 0 */
        public long[] reserved = new long[4];

        public segent_uncertainty_options() {
            struct_size = new SizeT(size());
        }
    }

    /**
     * The caller's outputs for segent_uncertainty_from_logits and segent_run_into. A view without data is not made. Sizes of a
     * view are either those given here (and the number of classes), or 0, which stands for them.
     */
    @Structure.FieldOrder({"struct_size", "height", "width", "labels", "entropy", "top_probability", "margin", "logits", "probabilities", "reserved"})
    class segent_uncertainty_maps extends Structure {
        public SizeT struct_size = new SizeT();
        /** of all outputs, at least 1 x 1 */
        public long height;
        /** of all outputs, at least 1 x 1 */
        public long width;
        public segent_label_view labels;
        public segent_map_view entropy;
        /** the largest class probability */
        public segent_map_view top_probability;
        /** the largest minus the second largest class probability; 1 with one class */
        public segent_map_view margin;
        /** the interpolated logits, before the temperature */
        public segent_tensor_view logits;
        /** after the temperature */
        public segent_tensor_view probabilities;
        /** 0 */
        public long[] reserved = new long[4];

        public segent_uncertainty_maps() {
            struct_size = new SizeT(size());
        }
    }

    /** Figures of one class over a picture. A plain value, frozen for ever. */
    @Structure.FieldOrder({"pixels", "entropy_mean"})
    class segent_class_statistics extends Structure {
        public long pixels;
        /** mean of the entropy map over these pixels; 0 if there are none */
        public double entropy_mean;

        public segent_class_statistics() {}

        public segent_class_statistics(Pointer memory) {
            super(memory);
            read();
        }
    }

    /** Options of reading a picture. */
    @Structure.FieldOrder({"struct_size", "orient", "background", "scan_limit", "reserved_word", "pixel_limit", "reserved"})
    class segent_image_options extends Structure {
        public SizeT struct_size = new SizeT();
        public int orient;
        /**
         * 0 (default): transparency is dropped, as Pillow's convert("RGB") does; else the picture is composed over this colour,
         * 0xRRGGBB or SEGENT_BACKGROUND_BLACK
         */
        public int background;
        /**
         * most scans of a JPEG file, each of which may cost a pass over the whole picture; 0 (default): 100, where encoders write
         * 1 to some 12
         */
        public int scan_limit;
        /** 0 */
        public int reserved_word;
        /**
         * largest picture in pixels, as it is read and as it is resized afterwards; 0 (default): 178,956,970, the number at which
         * Pillow refuses a picture as a decompression bomb. Beyond it: SEGENT_ERROR_LIMIT
         */
        public long pixel_limit;
        /** 0 */
        public long[] reserved = new long[4];

        public segent_image_options() {
            struct_size = new SizeT(size());
        }
    }

    /**
     * One tensor of a checkpoint. `name` is NUL-terminated and owned by the checkpoint: the keys that lead to it, joined by dots.
     * What DistributedDataParallel, torch.compile and the like add to names ("module.", "_orig_mod.") is already gone, unless two
     * names would be the same. Strides count elements and need not be contiguous. A tensor of dtype 0 is listed, but reading it
     * is SEGENT_ERROR_UNSUPPORTED.
     */
    @Structure.FieldOrder({"struct_size", "name", "dtype", "rank", "shape", "stride", "elements", "reserved"})
    class segent_tensor_info extends Structure {
        public SizeT struct_size = new SizeT();
        public String name;
        public int dtype;
        public int rank;
        public long[] shape = new long[8];
        public long[] stride = new long[8];
        public long elements;
        /** 0 */
        public long[] reserved = new long[4];

        public segent_tensor_info() {
            struct_size = new SizeT(size());
        }
    }

    /** Options of making a model. */
    @Structure.FieldOrder({"struct_size", "prefix", "settings", "settings_file", "path", "class_names", "class_name_count", "examine_only", "auxiliary", "reserved"})
    class segent_model_options extends Structure {
        public SizeT struct_size = new SizeT();
        /**
         * Which network, where the file holds several: what stands before the names of its tensors, such as "teacher" or
         * "model.student"; the last parts of that will do, and "." stands for nothing before them. NULL: the only one; or the
         * only one that is neither an average of weights (EMA, SWA) nor a copy among a script's settings, with a warning that
         * names the others.
         */
        public String prefix;
        /**
         * Settings that the file lacks or has wrong: "key=value" pairs with semicolons between them, such as "rates=6,12,18;
         * size=512". They go before the file's own metadata "segent.KEY". Keys are those of segent_model_property that can be
         * set: "rates" (dilations of the ASPP's branches), "output_stride" (8, 16 or 32), "size" (shorter side the network was
         * trained for), "temperature", "mean" and "std" (what red, green and blue from 0 to 1 are normalised by), "eps" (of all
         * batch norms), "description", and "palette" (segent_model_palette; such as "palette=#000000,#8000ff"). NULL: none.
         */
        public String settings;
        /**
         * A file of JSON that says the same, and the names of the classes, where neither `settings` nor the file's metadata do:
         * {"rates": [6, 12, 18], "classes": ["sky", "sea"]}. NULL: the one that stands beside the checkpoint, "city.json" for
         * "city.pth", if there is one; "": none. What is wrong in it is SEGENT_ERROR_FORMAT or SEGENT_ERROR_MODEL; in one that
         * was not asked for and may be another program's, as keys that are not known here show, it is passed over with a warning.
         * docs/formats.md describes the file.
         */
        public String settings_file;
        /**
         * Path of the checkpoint, beside which that file is looked for. NULL: the one that it is loaded by; of a checkpoint in
         * memory, none.
         */
        public String path;
        /**
         * Names of the classes, copied; as many as the network has classes. NULL: the file's "segent.classes" (names between
         * commas, or a list of JSON), else those of the file of JSON, else VOC's for 21 classes, else "class 0" and so on.
         */
        public Pointer class_names;
        public long class_name_count;
        /**
         * Not 0: names and shapes are checked, but no weight is read and none packed. The model can be asked what it is, in a
         * moment and with little memory; it cannot run.
         */
        public int examine_only;
        /**
         * Not 0: the auxiliary classifier is kept, too, and its logits are part of a segent_result. A file that has none is an
         * error.
         */
        public int auxiliary;
        /** 0 */
        public long[] reserved = new long[4];

        public segent_model_options() {
            struct_size = new SizeT(size());
        }
    }

    /** The facts of a model. Strings are owned by the model. */
    @Structure.FieldOrder({"struct_size", "architecture", "backbone", "head", "description", "prefix", "settings_file", "classes", "output_stride", "size", "temperature", "container", "examined_only", "auxiliary", "reserved_word", "parameters", "parameters_in_file", "reserved"})
    class segent_model_details extends Structure {
        public SizeT struct_size = new SizeT();
        /** torchvision's name, "deeplabv3_resnet101", or such as "deeplabv3_resnet(1,2,3,2)" for a backbone that has none */
        public String architecture;
        /** "resnet101", "mobilenet_v3_large" */
        public String backbone;
        /** "deeplabv3", "fcn", "lraspp" */
        public String head;
        /** the file's "segent.description", or "" */
        public String description;
        /** what stands before the names of its tensors in the file, such as "state_dict.model.", or "" */
        public String prefix;
        /** the file of JSON that some of its settings are from, or "" */
        public String settings_file;
        public int classes;
        /**
         * pixels of the picture for one of the network's own logits: these are ceil(height / stride) x ceil(width / stride)
         */
        public int output_stride;
        /** shorter side that it was trained for; 640 where nobody says */
        public int size;
        /** that its logits are divided by; 1 where nobody says */
        public float temperature;
        public int container;
        /** 1: it was made with examine_only and cannot run; else 0 */
        public int examined_only;
        /** 1: it has the auxiliary classifier, which was asked for; else 0 */
        public int auxiliary;
        /** 0 */
        public int reserved_word;
        /**
         * Trained numbers that the network uses (58,630,997 for DeepLabV3-ResNet-101 with 21 classes), and that the file holds
         * (60,996,202, with the auxiliary classifier).
         */
        public long parameters;
        /**
         * Trained numbers that the network uses (58,630,997 for DeepLabV3-ResNet-101 with 21 classes), and that the file holds
         * (60,996,202, with the auxiliary classifier).
         */
        public long parameters_in_file;
        /** 0 */
        public long[] reserved = new long[4];

        public segent_model_details() {
            struct_size = new SizeT(size());
        }
    }

    /** Options of a run. */
    @Structure.FieldOrder({"struct_size", "size", "output_size", "engine", "precision", "temperature", "keep", "workspace_limit", "progress", "progress_user", "cancel", "reserved"})
    class segent_run_options extends Structure {
        public SizeT struct_size = new SizeT();
        /** shorter side at the network; 0 (default): the model's; SEGENT_SIZE_OWN: the picture's own size */
        public int size;
        public int output_size;
        public int engine;
        public int precision;
        /** logits are divided by it; 0 (default): the model's */
        public float temperature;
        /** SEGENT_KEEP_..., of segent_run */
        public int keep;
        /**
         * Most bytes of working memory (segent_model_memory). Where the engine takes more, convolutions are done in ways that
         * take less, and since each thread has a workspace of its own, which ways these are may depend on the number of threads,
         * as the last bits of the result then do. If the least is still more: SEGENT_ERROR_LIMIT, and the sentence says how many
         * bytes would do. 0 (default): no limit.
         */
        public long workspace_limit;
        /** NULL (default): nobody wants to know */
        public segent_progress_fn progress;
        public Pointer progress_user;
        /** NULL (default): it is not cancelled that way */
        public Pointer cancel;
        /** 0 */
        public long[] reserved = new long[4];

        public segent_run_options() {
            struct_size = new SizeT(size());
        }
    }

    /** The input of a network: one of the three is given, the others have no data. */
    @Structure.FieldOrder({"struct_size", "image", "pixels", "tensor", "reserved"})
    class segent_input extends Structure {
        public SizeT struct_size = new SizeT();
        public Pointer image;
        /** The caller's pixels, read where they lie, resized and normalised as a picture is. */
        public segent_pixel_view pixels;
        /**
         * A picture that is already resized and normalised, as the network was trained to see it: red, green and blue in three
         * channels. It is not resized, so that options-&gt;size must be 0 or SEGENT_SIZE_OWN. A value that is not finite is
         * SEGENT_ERROR_NOT_FINITE.
         */
        public segent_tensor_view tensor;
        /** 0 */
        public long[] reserved = new long[4];

        public segent_input() {
            struct_size = new SizeT(size());
        }
    }

    /** Seconds that the stages of a run took. */
    @Structure.FieldOrder({"struct_size", "preprocess", "network", "head", "reserved"})
    class segent_timings extends Structure {
        public SizeT struct_size = new SizeT();
        /** resize and normalise */
        public double preprocess;
        public double network;
        /** interpolation, softmax, entropy, argmax */
        public double head;
        /** 0 */
        public long[] reserved = new long[4];

        public segent_timings() {
            struct_size = new SizeT(size());
        }
    }

    /** How one step of the network was done. */
    @Structure.FieldOrder({"struct_size", "name", "algorithm", "kernel", "inputs", "outputs", "width", "height", "kernel_size", "stride", "dilation", "reserved", "multiply_adds", "seconds"})
    class segent_layer_info extends Structure {
        public SizeT struct_size = new SizeT();
        /** of a convolution that of its weights: "backbone.layer3.5.conv2"; valid during the call */
        public String name;
        /**
         * "direct", "Strassen", "Strassen^2" (two levels), "F(2x2,3x3)", "F(4x4,3x3)", "F(4x6,3x3)", "F(mixed,3x3)", "depthwise"
         * (a window for each channel), "grouped", "blas", "plain" (a product in plain C where there is no BLAS); "maximum",
         * "average", "transpose" of steps that are no convolution. Static
         */
        public String algorithm;
        /**
         * of the products: "avx512 12x32", "avx512 12x32 paired"; of "depthwise" and "grouped" the instruction set alone; "" if
         * there are none. Static
         */
        public String kernel;
        /** channels */
        public int inputs;
        /** channels */
        public int outputs;
        /** of the output, in pixels */
        public int width;
        /** of the output, in pixels */
        public int height;
        /** of a square window; 0: all of the map */
        public int kernel_size;
        public int stride;
        public int dilation;
        /** 0 */
        public int reserved;
        /** by definition, those on padding included */
        public double multiply_adds;
        public double seconds;

        public segent_layer_info() {
            struct_size = new SizeT(size());
        }
    }

    /**
     * The version "major.minor.patch" of the library that was linked, where SEGENT_VERSION_STRING is that of the header. The
     * string is static. Thread-safe.
     */
    String segent_version();

    /**
     * Whether this build of the library has a feature: 1 or 0. Features are "png", "jpeg" (pictures are read, and PNG is
     * written), "zlib" (compressed checkpoints), "simd" (kernels for instruction sets beside plain C) and "blas" (it may load a
     * BLAS where there are no kernels). Any other word, and NULL, is a feature that it does not have. Thread-safe.
     */
    int segent_supports(String feature);

    /** A short English name of a status, such as "out of memory". Never NULL; static. Thread-safe. */
    String segent_status_string(int status);

    /** "error", "warning", "information", "debug"; "unknown" for any other number. Static. Thread-safe. */
    String segent_log_level_name(int level);

    /**
     * The name of one instruction set ("ref", "avx2", "avx512", "neon"), or that of the best one in a set; "unknown" if there is
     * none. Static. Thread-safe.
     */
    String segent_cpu_name(int cpu);

    /** Makes a context. `options` may be NULL. No context exists on failure: segent_last_error(NULL) has the sentence. */
    int segent_context_create(segent_options options, PointerByReference context);

    /**
     * Ends the context's threads and frees it. Objects made with it live on. Of a context that is in use: when the call that uses
     * it returns, as from one of its callbacks.
     */
    void segent_context_destroy(Pointer context);

    /**
     * Frees the memory that a context keeps from call to call so that the next one need not ask for it: the working memory of
     * runs and of functions on buffers, and what was planned for sizes of pictures. The next call makes it anew.
     */
    int segent_context_trim(Pointer context);

    /**
     * The sentence for the context's last failure, "" before the first; valid until the next failing call with this context. To a
     * thread whose last call with this context was SEGENT_ERROR_BUSY it is a fixed one that says so, and the sentence of whoever
     * uses the context is left alone. With NULL: of the calling thread's last failure of a function that takes no context, or of
     * segent_context_create. Never NULL.
     */
    String segent_last_error(Pointer context);

    /** Fills *info, whose struct_size the caller has set. */
    int segent_context_cpu_info(Pointer context, segent_cpu_info info);

    /** "uint8", "uint16"; "unknown". Static. Thread-safe. */
    String segent_label_type_name(int type);

    /** "RGB", "BGR", "RGBA", "BGRA", "grey"; "unknown". Static. Thread-safe. */
    String segent_pixel_format_name(int format);

    /** "normalized", "nats", "bits"; "unknown". Static. Thread-safe. */
    String segent_unit_name(int unit);

    /** "logits", "probabilities"; "unknown". Static. Thread-safe. */
    String segent_source_name(int source);

    /**
     * Softmax over the classes: p_c = exp(z_c - m) / sum_k exp(z_k - m), m = max z. Both views have the same sizes; strides may
     * differ. In place is allowed when data and strides of both are equal; other overlaps are not. Logits of -infinity are
     * classes that cannot occur (p = 0), as long as one logit of the pixel is finite; NaN and +infinity give
     * SEGENT_ERROR_NOT_FINITE.
     */
    int segent_softmax(Pointer context, segent_tensor_view logits, segent_tensor_view probabilities);

    /**
     * Entropy of every pixel's class distribution (equation 2 of docs/method.md): E = -(1 / log C) * sum_c p_c log p_c,
     * normalised to [0, 1], or without the factor in nats or bits. From logits it is computed stably as log S - T / S with d_c =
     * z_c - max z, S = sum exp(d_c), T = sum d_c exp(d_c); p = 0 contributes 0; one class gives 0. `entropy` has the height and
     * width of `values` and may not overlap them. NaN and +infinity give SEGENT_ERROR_NOT_FINITE.
     */
    int segent_entropy_map(Pointer context, segent_tensor_view values, segent_entropy_options options, segent_map_view entropy);

    /**
     * Image entropy (equation 3): sum and mean of an entropy map in whatever unit it has. `ignore` (may be NULL) has the size of
     * the map: pixels where it is not 0 are left out of the sum and of the denominator of the mean. NaN in a counted pixel is
     * SEGENT_ERROR_NOT_FINITE.
     */
    int segent_image_entropy(Pointer context, segent_map_view entropy, segent_label_view ignore, segent_entropy_summary summary);

    /**
     * Class of the largest value of every pixel, of logits or of probabilities; ties go to the lowest class. `labels` has the
     * height and width of `values`. More classes than its type holds are SEGENT_ERROR_INVALID_ARGUMENT; NaN is
     * SEGENT_ERROR_NOT_FINITE.
     */
    int segent_argmax(Pointer context, segent_tensor_view values, segent_label_view labels);

    /**
     * Low-resolution logits to labels, entropy map and sums at any output size in one pass over output rows: bilinear
     * interpolation (align_corners = False, as torch.nn.functional.interpolate), then softmax, then entropy and argmax. Full-size
     * logits are never held unless maps-&gt;logits asks for them. `summary` may be NULL; its sum and mean are normalised whatever
     * options-&gt;unit says. NaN and +infinity give SEGENT_ERROR_NOT_FINITE.
     */
    int segent_uncertainty_from_logits(Pointer context, segent_tensor_view logits, segent_uncertainty_options options, segent_uncertainty_maps maps, segent_entropy_summary summary);

    /**
     * Counts pixels and averages entropy for each class. `entropy` (may be NULL) has the size of `labels`; `statistics` has
     * `classes` entries. A label not below `classes` is SEGENT_ERROR_INVALID_ARGUMENT.
     */
    int segent_statistics_per_class(Pointer context, segent_label_view labels, segent_map_view entropy, segent_class_statistics statistics, long classes);

    /** Writes `count` entries of the VOC palette, 3 bytes each, beginning at class 0. Thread-safe. */
    int segent_palette_voc(Pointer rgb, long count);

    /**
     * Class ids to colours, in pixels of the same size. A label beyond a palette of the caller's is
     * SEGENT_ERROR_INVALID_ARGUMENT.
     */
    int segent_palette_decode(Pointer context, segent_label_view labels, Pointer palette, long palette_count, segent_pixel_view pixels);

    /** "jet", "viridis"; "unknown". Static. Thread-safe. */
    String segent_colormap_name(int colormap);

    /**
     * Values to colours, in pixels of the same size: entry int(256 * (v - low) / (high - low)), clamped to 0..255, as matplotlib
     * does. low &lt; high, or low == high (everything is entry 0, as imshow shows a constant image). NaN is
     * SEGENT_ERROR_NOT_FINITE.
     */
    int segent_colormap_apply(Pointer context, segent_map_view values, int colormap, float low, float high, segent_pixel_view pixels);

    /** "default", "upright", "stored"; "unknown". Static. Thread-safe. */
    String segent_orientation_name(int orientation);

    /**
     * Reads a JPEG or PNG file, told apart by content. Every mode is converted to RGB as Pillow does; 16-bit samples keep their
     * high byte.
     */
    int segent_image_load(Pointer context, String path, segent_image_options options, PointerByReference image);

    /** The same from `size` bytes in memory, which are not kept. */
    int segent_image_load_memory(Pointer context, Pointer data, SizeT size, segent_image_options options, PointerByReference image);

    /**
     * A picture with a copy of the caller's pixels. (segent_run_into takes pixels without a copy.) What is resized from it may
     * have as many pixels as itself, and 178,956,970 in any case.
     */
    int segent_image_from_pixels(Pointer context, segent_pixel_view pixels, PointerByReference image);

    /**
     * A new picture of width x height, resampled exactly as Pillow's 8-bit Image.resize(BILINEAR) does (triangle filter with
     * antialiasing, horizontal pass first).
     */
    int segent_image_resize(Pointer context, Pointer image, int width, int height, PointerByReference resized);

    /**
     * Size of a picture whose shorter side becomes `size` as torchvision.transforms.Resize computes it: the longer side is
     * int(size * longer / shorter). SEGENT_SIZE_OWN keeps the picture's own. Thread-safe.
     */
    int segent_image_fit(int width, int height, int size, IntByReference fitted_width, IntByReference fitted_height);

    /** Size, and pixels (H x W x 3 bytes, RGB, dense, owned by the image). */
    int segent_image_width(Pointer image);

    /** Size, and pixels (H x W x 3 bytes, RGB, dense, owned by the image). */
    int segent_image_height(Pointer image);

    /** Size, and pixels (H x W x 3 bytes, RGB, dense, owned by the image). */
    Pointer segent_image_pixels(Pointer image);

    void segent_image_destroy(Pointer image);

    /** Writes an 8-bit RGB PNG file. */
    int segent_image_save_png(Pointer context, Pointer image, String path);

    /**
     * Writes class ids as a PNG file: 8-bit palette-indexed (pixel value = class id) for SEGENT_LABEL_U8, 16-bit grey for
     * SEGENT_LABEL_U16. `palette` may be NULL (VOC).
     */
    int segent_labels_save_png(Pointer context, segent_label_view labels, Pointer palette, long palette_count, String path);

    /** Write values as a NumPy file (.npy, version 1.0): little-endian float32 in C order, of shape (H, W) or (C, H, W). */
    int segent_map_save_npy(Pointer context, segent_map_view map, String path);

    /** Write values as a NumPy file (.npy, version 1.0): little-endian float32 in C order, of shape (H, W) or (C, H, W). */
    int segent_tensor_save_npy(Pointer context, segent_tensor_view tensor, String path);

    /** Bytes that the library made, owned by the object. */
    Pointer segent_buffer_data(Pointer buffer);

    /** Bytes that the library made, owned by the object. */
    SizeT segent_buffer_size(Pointer buffer);

    /** Bytes that the library made, owned by the object. */
    void segent_buffer_destroy(Pointer buffer);

    /** The PNG files of segent_image_save_png and segent_labels_save_png in memory. */
    int segent_image_encode_png(Pointer context, Pointer image, PointerByReference png);

    /** The PNG files of segent_image_save_png and segent_labels_save_png in memory. */
    int segent_labels_encode_png(Pointer context, segent_label_view labels, Pointer palette, long palette_count, PointerByReference png);

    /**
     * Class ids back from a PNG file: 8-bit palette-indexed or grey (SEGENT_LABEL_U8), or 16-bit grey (SEGENT_LABEL_U16); other
     * PNG files are SEGENT_ERROR_UNSUPPORTED. Of the options only the limits apply.
     */
    int segent_labels_load_png(Pointer context, String path, segent_image_options options, PointerByReference labels);

    /**
     * Class ids back from a PNG file: 8-bit palette-indexed or grey (SEGENT_LABEL_U8), or 16-bit grey (SEGENT_LABEL_U16); other
     * PNG files are SEGENT_ERROR_UNSUPPORTED. Of the options only the limits apply.
     */
    int segent_labels_load_png_memory(Pointer context, Pointer data, SizeT size, segent_image_options options, PointerByReference labels);

    /** Size, type and ids. */
    int segent_labels_width(Pointer labels);

    /** Size, type and ids. */
    int segent_labels_height(Pointer labels);

    /** Size, type and ids. */
    int segent_labels_type(Pointer labels);

    /** H x W, dense */
    Pointer segent_labels_data(Pointer labels);

    /** Size, type and ids. */
    void segent_labels_destroy(Pointer labels);

    /** "torch legacy", "torch zip", "safetensors"; "unknown". Static. Thread-safe. */
    String segent_container_name(int container);

    /** "float32", "float16", "bfloat16" and so on, as torch names them; "unknown". Static. Thread-safe. */
    String segent_dtype_name(int dtype);

    /** Opens a checkpoint; everything about it is validated before this returns. */
    int segent_checkpoint_load(Pointer context, String path, PointerByReference checkpoint);

    /** The same from memory, which must stay valid and unchanged until the checkpoint is destroyed. */
    int segent_checkpoint_load_memory(Pointer context, Pointer data, SizeT size, PointerByReference checkpoint);

    int segent_checkpoint_container(Pointer checkpoint);

    /** Number of tensors, and the i-th one in the file's order. */
    long segent_checkpoint_count(Pointer checkpoint);

    /** Number of tensors, and the i-th one in the file's order. */
    int segent_checkpoint_tensor(Pointer context, Pointer checkpoint, long index, segent_tensor_info info);

    /** Value of a key of safetensors' __metadata__, or NULL. Owned by the checkpoint. */
    String segent_checkpoint_metadata(Pointer checkpoint, String key);

    /**
     * Opaque globals are names in a pickle that have no meaning for this library, such as "numpy.dtype" or "__main__.Config". The
     * functions give their number, each counted once and at most 1000 of them, and the i-th as "module.name" in the file's order,
     * or NULL if there is none. Objects of theirs are carried along without behaviour. Strings are owned by the checkpoint.
     * Thread-safe.
     */
    long segent_checkpoint_opaque_count(Pointer checkpoint);

    /**
     * Opaque globals are names in a pickle that have no meaning for this library, such as "numpy.dtype" or "__main__.Config". The
     * functions give their number, each counted once and at most 1000 of them, and the i-th as "module.name" in the file's order,
     * or NULL if there is none. Objects of theirs are carried along without behaviour. Strings are owned by the checkpoint.
     * Thread-safe.
     */
    String segent_checkpoint_opaque(Pointer checkpoint, long index);

    /** Values of the i-th tensor as float32, dense in C order, `count` of them (the tensor's element count). */
    int segent_checkpoint_read(Pointer context, Pointer checkpoint, long index, Pointer values, long count);

    void segent_checkpoint_destroy(Pointer checkpoint);

    /**
     * Reads a checkpoint (any container), finds the network by the names of its tensors, whatever stands before them, and builds
     * it. A tensor of its backbone or classifier that is missing, left over or of the wrong shape is SEGENT_ERROR_MODEL and
     * named, and so is any other network; what else is in the file is passed over, with a note to the log where it stands beside
     * the network. One output is taken for the sigmoid of two classes, whose logits are 0 and that output. The file is not needed
     * afterwards.
     */
    int segent_model_load(Pointer context, String path, segent_model_options options, PointerByReference model);

    /** The same from memory, which is not kept. */
    int segent_model_load_memory(Pointer context, Pointer data, SizeT size, segent_model_options options, PointerByReference model);

    /** The same from a checkpoint that is open, which is not needed afterwards. */
    int segent_model_from_checkpoint(Pointer context, Pointer checkpoint, segent_model_options options, PointerByReference model);

    /**
     * One more owner of a model: it lives until segent_model_destroy was called once for each. Thread-safe. Returns the model.
     */
    Pointer segent_model_retain(Pointer model);

    /**
     * Lets go of a model. A run that uses it in another thread goes on to its end, and the model is freed behind it. Thread-safe.
     */
    void segent_model_destroy(Pointer model);

    /** Fills *details, whose struct_size the caller has set. Thread-safe. */
    int segent_model_info(Pointer model, segent_model_details details);

    /**
     * Properties are further facts of a model, as text: the value of a key, or NULL if the model has no such property; and the
     * i-th key, or NULL behind the last. Every model has "width" (channels of its first convolution: "64"), "output_stride"
     * (pixels of the picture for one of the backbone's last map: "8"), "size", "temperature", "mean" and "std" (what red, green
     * and blue are normalised by: "0.485,0.456,0.406" and "0.229,0.224,0.225" where nobody says); a ResNet has "blocks" (of each
     * layer: "3,4,23,3") and, if its convolutions have several, "groups"; DeepLabV3 has "rates" ("12,24,36"); a network whose
     * batch norms have another eps than torchvision's has "eps" (a number, or "mixed"). "assumed" lists those of "output_stride"
     * and "rates" that neither the file nor the caller told, so that the usual values were taken; where they are wrong, so are
     * the results; "read" lists those that the file tells. "from_settings_file" lists the settings that the file of JSON beside
     * the checkpoint told ("rates,classes"), if it told any. Owned by the model. Thread-safe.
     */
    String segent_model_property(Pointer model, String key);

    /**
     * Properties are further facts of a model, as text: the value of a key, or NULL if the model has no such property; and the
     * i-th key, or NULL behind the last. Every model has "width" (channels of its first convolution: "64"), "output_stride"
     * (pixels of the picture for one of the backbone's last map: "8"), "size", "temperature", "mean" and "std" (what red, green
     * and blue are normalised by: "0.485,0.456,0.406" and "0.229,0.224,0.225" where nobody says); a ResNet has "blocks" (of each
     * layer: "3,4,23,3") and, if its convolutions have several, "groups"; DeepLabV3 has "rates" ("12,24,36"); a network whose
     * batch norms have another eps than torchvision's has "eps" (a number, or "mixed"). "assumed" lists those of "output_stride"
     * and "rates" that neither the file nor the caller told, so that the usual values were taken; where they are wrong, so are
     * the results; "read" lists those that the file tells. "from_settings_file" lists the settings that the file of JSON beside
     * the checkpoint told ("rates,classes"), if it told any. Owned by the model. Thread-safe.
     */
    String segent_model_property_key(Pointer model, int index);

    /**
     * The name that torchvision has for a tensor of the checkpoint that the model was made of, by its index there:
     * "backbone.conv1.weight", for example. NULL if the network does not use it. These tensors, under these names, are the
     * network alone, without what stands before its names in the file and what wrappers added to them. Owned by the model.
     * Thread-safe.
     */
    String segent_model_tensor_name(Pointer model, long index);

    /** Name of a class, owned by the model; NULL if there is no such class. Thread-safe. */
    String segent_model_class_name(Pointer model, int class_id);

    /**
     * Colours of the classes, which the file, the file of JSON beside it or the caller's settings say: red, green and blue of
     * each, *count of them (the class count), as segent_palette_decode takes them. NULL, and a count of 0, where nobody says:
     * VOC's are usual then. `count` may be NULL. Owned by the model. Thread-safe.
     */
    Pointer segent_model_palette(Pointer model, LongByReference count);

    /** "fast", "exact", "small"; "unknown". Static. Thread-safe. */
    String segent_engine_name(int engine);

    /** "float32"; "unknown". Static. Thread-safe. */
    String segent_precision_name(int precision);

    /** "network", "original"; "unknown". Static. Thread-safe. */
    String segent_output_size_name(int size);

    /**
     * A flag that ends runs from another thread: a run that was given it looks at it all the time and returns
     * SEGENT_ERROR_CANCELLED within 50 ms of its being set (of outputs beyond some 40 megapixels within the time that freeing
     * them takes). It stays set until it is reset, and must outlive the runs that it was given to. Setting, resetting and asking
     * are thread-safe, and setting is safe in a signal handler.
     */
    int segent_cancel_create(Pointer context, PointerByReference cancel);

    /**
     * A flag that ends runs from another thread: a run that was given it looks at it all the time and returns
     * SEGENT_ERROR_CANCELLED within 50 ms of its being set (of outputs beyond some 40 megapixels within the time that freeing
     * them takes). It stays set until it is reset, and must outlive the runs that it was given to. Setting, resetting and asking
     * are thread-safe, and setting is safe in a signal handler.
     */
    void segent_cancel_set(Pointer cancel);

    /**
     * A flag that ends runs from another thread: a run that was given it looks at it all the time and returns
     * SEGENT_ERROR_CANCELLED within 50 ms of its being set (of outputs beyond some 40 megapixels within the time that freeing
     * them takes). It stays set until it is reset, and must outlive the runs that it was given to. Setting, resetting and asking
     * are thread-safe, and setting is safe in a signal handler.
     */
    void segent_cancel_reset(Pointer cancel);

    /**
     * A flag that ends runs from another thread: a run that was given it looks at it all the time and returns
     * SEGENT_ERROR_CANCELLED within 50 ms of its being set (of outputs beyond some 40 megapixels within the time that freeing
     * them takes). It stays set until it is reset, and must outlive the runs that it was given to. Setting, resetting and asking
     * are thread-safe, and setting is safe in a signal handler.
     */
    int segent_cancel_is_set(Pointer cancel);

    /**
     * A flag that ends runs from another thread: a run that was given it looks at it all the time and returns
     * SEGENT_ERROR_CANCELLED within 50 ms of its being set (of outputs beyond some 40 megapixels within the time that freeing
     * them takes). It stays set until it is reset, and must outlive the runs that it was given to. Setting, resetting and asking
     * are thread-safe, and setting is safe in a signal handler.
     */
    void segent_cancel_destroy(Pointer cancel);

    /**
     * Bytes of working memory that a run at this network size takes: activations, what the engine needs beside them, and the
     * network's input. The context keeps them for the next run. Not in it are the packed weights, which the model owns, the
     * picture, and the outputs. Of the options the engine, the precision and the limit count; NULL: the defaults. How
     * convolutions are best done depends on the weights, so that of a model that was only examined this is
     * SEGENT_ERROR_UNSUPPORTED.
     */
    int segent_model_memory(Pointer context, Pointer model, int width, int height, segent_run_options options, LongByReference bytes);

    /** Resizes, normalises, runs the network, and derives labels, entropy map and sums. */
    int segent_run(Pointer context, Pointer model, Pointer image, segent_run_options options, PointerByReference result);

    /**
     * As segent_run, with the results in the caller's buffers. maps-&gt;height and maps-&gt;width are the size of the outputs:
     * that of the input (SEGENT_OUTPUT_ORIGINAL), or what segent_image_fit makes of it. `summary` may be NULL. options-&gt;keep
     * must be 0: the views say what is kept. After the first input of a size, nothing is allocated.
     */
    int segent_run_into(Pointer context, Pointer model, segent_input input, segent_run_options options, segent_uncertainty_maps maps, segent_entropy_summary summary);

    /**
     * The network alone, for callers who have a head of their own: its logits, before interpolation and temperature. `logits` has
     * the model's classes as channels, and of the height and width at the network those of a grid of one value for output_stride
     * pixels, rounded up (segent_model_details). Of the options output_size, keep and temperature have no meaning here and must
     * be 0. Allocates nothing after the first input of a size.
     */
    int segent_model_logits(Pointer context, Pointer model, segent_input input, segent_run_options options, segent_tensor_view logits);

    /** Everything below borrows from the result and lives as long as it does. Maps are dense, H x W. */
    int segent_result_width(Pointer result);

    /** Everything below borrows from the result and lives as long as it does. Maps are dense, H x W. */
    int segent_result_height(Pointer result);

    /** Everything below borrows from the result and lives as long as it does. Maps are dense, H x W. */
    int segent_result_classes(Pointer result);

    /** U8 up to 256 classes, U16 beyond. */
    int segent_result_label_type(Pointer result);

    /** U8 up to 256 classes, U16 beyond. */
    Pointer segent_result_labels(Pointer result);

    /** Normalised: 0 to 1. */
    Pointer segent_result_entropy(Pointer result);

    /** C x H x W, or NULL if SEGENT_KEEP_LOGITS (before the temperature) or SEGENT_KEEP_PROBABILITIES was not set. */
    Pointer segent_result_logits(Pointer result);

    /** C x H x W, or NULL if SEGENT_KEEP_LOGITS (before the temperature) or SEGENT_KEEP_PROBABILITIES was not set. */
    Pointer segent_result_probabilities(Pointer result);

    /** H x W, or NULL if not asked for. */
    Pointer segent_result_top_probability(Pointer result);

    /** H x W, or NULL if not asked for. */
    Pointer segent_result_margin(Pointer result);

    /**
     * The network's own logits, before interpolation and temperature, C x h x w, dense; *height and *width (may be NULL) tell h
     * and w.
     */
    Pointer segent_result_lowres_logits(Pointer result, IntByReference height, IntByReference width);

    /**
     * The logits of the auxiliary classifier, likewise, whose map may be of another size; NULL if the model was not made with it.
     */
    Pointer segent_result_auxiliary_logits(Pointer result, IntByReference height, IntByReference width);

    /** The picture as the network saw it: resized, before normalising. Owned by the result. */
    Pointer segent_result_input(Pointer result);

    /** Sums of the entropy map. */
    int segent_result_summary(Pointer result, segent_entropy_summary summary);

    /** One entry a class; *count is the class count. */
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

    /** From now on each step of the context's runs is reported; NULL: no more. */
    int segent_context_report_layers(Pointer context, segent_layer_fn layer, Pointer user);

    /**
     * Makes a checkpoint of random weights in memory, to measure without a file: they segment nothing but take as long.
     * `architecture` is torchvision's name ("deeplabv3_resnet101", "fcn_resnet50"; a ResNet alone is DeepLabV3's), with 21
     * classes. The same seed gives the same weights. An unknown name is SEGENT_ERROR_INVALID_ARGUMENT.
     */
    int segent_checkpoint_seeded(Pointer context, String architecture, long seed, PointerByReference checkpoint);

}
