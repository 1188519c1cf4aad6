// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;
import org.segent.jna.LibSegent;
import org.segent.jna.LibSegent.SizeT;

/**
 * Settings, threads and working memory. A context serves one thread at a time: a call from a second one is a SegentException with
 * SEGENT_ERROR_BUSY. Models, pictures and results are shared freely and outlive it.
 */
public final class Context extends Handle {
    public Context() {
        this(new ContextOptions());
    }

    public Context(ContextOptions options) {
        super(create(options));
    }

    private static Reference create(ContextOptions options) {
        LibSegent.segent_options given = new LibSegent.segent_options();
        given.threads = options.threads;
        given.cpu = options.cpu;
        given.memory_limit = options.memoryLimit;
        if (options.log != null) {
            given.log = (user, level, line) -> Guard.ask(() -> {
                options.log.accept(LogLevel.values()[Math.min(level, LogLevel.values().length - 1)], line);
                return 0;
            }, 0);
        }
        LibSegent.segent_log_fn log = given.log;
        PointerByReference out = new PointerByReference();
        SegentException.check(null, Library.C.segent_context_create(given, out));
        return new Reference(out.getValue(), pointer -> {
            Library.C.segent_context_destroy(pointer);
            java.lang.ref.Reference.reachabilityFence(log); // C has its address until here
        });
    }

    // ---- calls ----

    // Calls a function with the context. `used` is what its arguments point into, which must not be collected before it returns.
    private void call(ToIntFunction<Pointer> function, Object... used) {
        try (Lease lease = lease()) {
            SegentException.check(lease.pointer, function.applyAsInt(lease.pointer));
        } finally {
            java.lang.ref.Reference.reachabilityFence(used);
        }
    }

    // Calls a function that makes an object, like call, and wraps what it made.
    private <T> T make(ToIntBiFunction<Pointer, PointerByReference> function, Function<Pointer, T> wrap, Consumer<Pointer> destroy, Object... used) {
        PointerByReference out = new PointerByReference();
        try {
            call(context -> function.applyAsInt(context, out), used);
        } catch (Throwable thrown) { // of a callback, although the object was made
            if (out.getValue() != null) {
                destroy.accept(out.getValue());
            }
            throw thrown;
        }
        return wrap.apply(out.getValue());
    }

    // ---- models ----

    public Model loadModel(Path path) {
        return loadModel(path, new ModelOptions());
    }

    public Model loadModel(Path path, ModelOptions options) {
        LibSegent.segent_model_options given = options.inC();
        try (Flag flag = new Flag(options.cancel)) {
            given.cancel = flag.pointer;
            return makeModel((context, out) -> Library.C.segent_model_load(context, path.toString(), given, out), given);
        }
    }

    /** A model from the bytes of a file, which are not kept. */
    public Model loadModel(byte[] file, ModelOptions options) {
        LibSegent.segent_model_options given = options.inC();
        try (Memory bytes = Buffers.copy(file); Flag flag = new Flag(options.cancel)) {
            given.cancel = flag.pointer;
            return makeModel((context, out) -> Library.C.segent_model_load_memory(context, bytes, new SizeT(file.length), given, out), given);
        }
    }

    private Model makeModel(ToIntBiFunction<Pointer, PointerByReference> function, Object... used) {
        return make(function, Model::new, Library.C::segent_model_destroy, used);
    }

    // ---- pictures ----

    public Image loadImage(Path path) {
        return loadImage(path, new ImageOptions());
    }

    /** A picture from a JPEG or PNG file. */
    public Image loadImage(Path path, ImageOptions options) {
        LibSegent.segent_image_options given = options.inC();
        try (Flag flag = new Flag(options.cancel)) {
            given.cancel = flag.pointer;
            return makeImage((context, out) -> Library.C.segent_image_load(context, path.toString(), given, out), given);
        }
    }

    /** A picture from the bytes of such a file. */
    public Image loadImage(byte[] file, ImageOptions options) {
        LibSegent.segent_image_options given = options.inC();
        try (Memory bytes = Buffers.copy(file); Flag flag = new Flag(options.cancel)) {
            given.cancel = flag.pointer;
            return makeImage((context, out) -> Library.C.segent_image_load_memory(context, bytes, new SizeT(file.length), given, out), given);
        }
    }

    /** A picture from pixels, which are copied. */
    public Image image(Pixels pixels) {
        LibSegent.segent_pixel_view view = pixels.inC(false);
        return makeImage((context, out) -> Library.C.segent_image_from_pixels(context, view, out), pixels);
    }

    public Image image(BufferedImage picture) {
        return image(Pixels.of(picture));
    }

    private Image makeImage(ToIntBiFunction<Pointer, PointerByReference> function, Object... used) {
        return make(function, Image::new, Library.C::segent_image_destroy, used);
    }

    /** The picture as a PNG file. */
    public ByteBuffer encodePng(Image image) {
        try (Lease lease = image.lease()) {
            return makeFile((context, out) -> Library.C.segent_image_encode_png(context, lease.pointer, out));
        }
    }

    /** Class ids as a PNG file with VOC's colours. */
    public ByteBuffer encodePng(LabelMap labels) {
        LibSegent.segent_label_view view = labels.inC(false);
        return makeFile((context, out) -> Library.C.segent_labels_encode_png(context, view, null, 0, out), labels);
    }

    private ByteBuffer makeFile(ToIntBiFunction<Pointer, PointerByReference> function, Object... used) {
        return make(function, Context::bytes, Library.C::segent_buffer_destroy, used);
    }

    // A view of a segent_buffer, which lives as long as the view.
    private static ByteBuffer bytes(Pointer buffer) {
        Reference reference = new Reference(buffer, Library.C::segent_buffer_destroy);
        try {
            return reference.view(Library.C.segent_buffer_data(buffer), Library.C.segent_buffer_size(buffer).longValue()).asReadOnlyBuffer();
        } finally {
            reference.release();
        }
    }

    // ---- running ----

    /** A flag that ends runs, and the reading of models and pictures, from another thread. */
    public Cancel cancel() {
        return make(Library.C::segent_cancel_create, Cancel::new, Library.C::segent_cancel_destroy);
    }

    public Result run(Model model, Image image) {
        return run(model, image, new RunOptions());
    }

    /**
     * Labels, entropy and sums of a picture. A run that is ended by a flag, or by an interruption of its thread (between two steps of the
     * network), is a SegentException with SEGENT_ERROR_CANCELLED.
     */
    public Result run(Model model, Image image, RunOptions options) {
        try (Lease network = model.lease(); Lease picture = image.lease(); HeldOptions held = new HeldOptions(options)) {
            return make((context, out) -> Library.C.segent_run(context, network.pointer, picture.pointer, held.options, out), Result::new,
                Library.C::segent_result_destroy, held);
        }
    }

    public Result run(Model model, Path picture) {
        return run(model, picture, new RunOptions());
    }

    public Result run(Model model, Path picture, RunOptions options) {
        try (Image image = loadImage(picture, new ImageOptions().cancel(options.cancel))) {
            return run(model, image, options);
        }
    }

    public Result run(Model model, BufferedImage picture) {
        return run(model, picture, new RunOptions());
    }

    public Result run(Model model, BufferedImage picture, RunOptions options) {
        try (Image image = image(picture)) {
            return run(model, image, options);
        }
    }

    /**
     * Like run, but reads pixels where they lie and writes into the caller's buffers: the library allocates nothing after the first picture
     * of a size.
     */
    public Summary runInto(Model model, Pixels pixels, Maps maps, RunOptions options) {
        LibSegent.segent_input input = new LibSegent.segent_input();
        pixels.fill(input.pixels, false);
        return runInto(model, input, maps, options, pixels);
    }

    /** Like runInto of pixels, for a picture that is already resized and normalised: 3 x height x width. */
    public Summary runInto(Model model, Tensor normalized, Maps maps, RunOptions options) {
        LibSegent.segent_input input = new LibSegent.segent_input();
        normalized.fill(input.tensor, false);
        return runInto(model, input, maps, options, normalized);
    }

    private Summary runInto(Model model, LibSegent.segent_input input, Maps maps, RunOptions options, Object used) {
        LibSegent.segent_entropy_summary summary = new LibSegent.segent_entropy_summary();
        LibSegent.segent_uncertainty_maps given = maps.inC();
        try (Lease network = model.lease(); HeldOptions held = new HeldOptions(options)) {
            call(context -> Library.C.segent_run_into(context, network.pointer, input, held.options, given, summary), held, maps, used);
        }
        return Summary.of(summary);
    }

    // A run's options in C, with a hold on the flag that may end it.
    private static final class HeldOptions implements AutoCloseable {
        final LibSegent.segent_run_options options;
        private final Flag flag;

        HeldOptions(RunOptions given) {
            options = given.inC();
            flag = new Flag(given.cancel);
            options.cancel = flag.pointer;
        }

        @Override
        public void close() {
            flag.close();
        }
    }

    // A hold on the flag that may end a call, if there is one.
    private static final class Flag implements AutoCloseable {
        final Pointer pointer;
        private final Lease lease;

        Flag(Cancel cancel) {
            lease = cancel != null ? cancel.lease() : null;
            pointer = lease != null ? lease.pointer : null;
        }

        @Override
        public void close() {
            if (lease != null) {
                lease.close();
            }
        }
    }

    // ---- the caller's own buffers ----

    /** Softmax over the classes. `out` may be the logits themselves. */
    public void softmax(Tensor logits, Tensor out) {
        LibSegent.segent_tensor_view from = logits.inC(false);
        LibSegent.segent_tensor_view to = out.inC(true);
        call(context -> Library.C.segent_softmax(context, from, to), logits, out);
    }

    public Tensor softmax(Tensor logits) {
        Tensor made = Tensor.allocate(logits.channels(), logits.height(), logits.width());
        softmax(logits, made);
        return made;
    }

    /** Entropy of every pixel's class distribution. */
    public void entropy(Tensor values, EntropyOptions options, FloatMap out) {
        LibSegent.segent_tensor_view from = values.inC(false);
        LibSegent.segent_map_view to = out.inC(true);
        LibSegent.segent_entropy_options given = options.inC();
        call(context -> Library.C.segent_entropy_map(context, from, given, to), values, out);
    }

    public FloatMap entropy(Tensor values, EntropyOptions options) {
        FloatMap made = FloatMap.allocate(values.height(), values.width());
        entropy(values, options, made);
        return made;
    }

    public FloatMap entropy(Tensor logits) {
        return entropy(logits, new EntropyOptions());
    }

    /** Class of the largest value of every pixel. */
    public void argmax(Tensor values, LabelMap out) {
        LibSegent.segent_tensor_view from = values.inC(false);
        LibSegent.segent_label_view to = out.inC(true);
        call(context -> Library.C.segent_argmax(context, from, to), values, out);
    }

    public LabelMap argmax(Tensor values) {
        boolean small = values.channels() <= 256;
        LabelMap made = small ? LabelMap.allocate(values.height(), values.width()) : LabelMap.allocateWide(values.height(), values.width());
        argmax(values, made);
        return made;
    }

    /** Sums over an entropy map. Pixels where `ignore` is not 0 are left out; it may be null. */
    public Summary imageEntropy(FloatMap entropy, LabelMap ignore) {
        LibSegent.segent_map_view from = entropy.inC(false);
        LibSegent.segent_label_view left = ignore != null ? ignore.inC(false) : null;
        LibSegent.segent_entropy_summary summary = new LibSegent.segent_entropy_summary();
        call(context -> Library.C.segent_image_entropy(context, from, left, summary), entropy, ignore);
        return Summary.of(summary);
    }

    /** Class ids to the colours of a palette of 3 bytes a class, or, where it is null, to VOC's. */
    public void decodePalette(LabelMap labels, byte[] palette, Pixels out) {
        if (palette != null && (palette.length == 0 || palette.length % 3 != 0)) {
            throw new IllegalArgumentException("a palette has 3 bytes a class");
        }
        LibSegent.segent_label_view from = labels.inC(false);
        LibSegent.segent_pixel_view to = out.inC(true);
        long count = palette != null ? palette.length / 3 : 0;
        try (Memory colours = palette != null ? Buffers.copy(palette) : null) {
            call(context -> Library.C.segent_palette_decode(context, from, colours, count, to), labels, out);
        }
    }

    /** Class ids to VOC's colours. */
    public Pixels decodePalette(LabelMap labels) {
        Pixels made = new Pixels(Buffers.bytes(3L * labels.height() * labels.width()), PixelFormat.RGB, labels.height(), labels.width());
        decodePalette(labels, null, made);
        return made;
    }

    /** Low-resolution logits to maps of any size, in one pass. */
    public Summary fromLogits(Tensor logits, Maps maps, float temperature) {
        LibSegent.segent_tensor_view from = logits.inC(false);
        LibSegent.segent_uncertainty_maps to = maps.inC();
        LibSegent.segent_uncertainty_options options = new LibSegent.segent_uncertainty_options();
        options.temperature = temperature;
        LibSegent.segent_entropy_summary summary = new LibSegent.segent_entropy_summary();
        call(context -> Library.C.segent_uncertainty_from_logits(context, from, options, to, summary), logits, maps);
        return Summary.of(summary);
    }

    /** Frees the working memory that is kept for the next call. */
    public void trim() {
        call(Library.C::segent_context_trim);
    }
}
