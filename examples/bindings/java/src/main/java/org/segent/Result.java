// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.segent.jna.LibSegent;

/** Labels, entropy map and sums of one picture. Buffers view the result's own memory, read-only, and keep it alive. */
public final class Result extends Handle {
    private final int width;
    private final int height;
    private final int classes;
    private final Summary summary;
    private final Timings timings;
    private final List<ClassStatistics> statistics;

    Result(Pointer pointer) {
        super(new Reference(pointer, Library.C::segent_result_destroy));
        width = Library.C.segent_result_width(pointer);
        height = Library.C.segent_result_height(pointer);
        classes = Library.C.segent_result_classes(pointer);
        LibSegent.segent_entropy_summary sums = new LibSegent.segent_entropy_summary();
        SegentException.check(null, Library.C.segent_result_summary(pointer, sums));
        summary = Summary.of(sums);
        LibSegent.segent_timings seconds = new LibSegent.segent_timings();
        SegentException.check(null, Library.C.segent_result_timings(pointer, seconds));
        timings = new Timings(seconds.preprocess, seconds.network, seconds.head);
        statistics = readStatistics(pointer);
    }

    private static List<ClassStatistics> readStatistics(Pointer pointer) {
        LongByReference count = new LongByReference();
        Pointer first = Library.C.segent_result_statistics(pointer, count);
        int size = new LibSegent.segent_class_statistics().size();
        return IntStream.range(0, Math.toIntExact(count.getValue())).mapToObj(id -> {
            LibSegent.segent_class_statistics found = new LibSegent.segent_class_statistics(first.share((long) id * size));
            return new ClassStatistics(id, found.pixels, found.entropy_mean);
        }).toList();
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    public int classes() {
        return classes;
    }

    public Summary summary() {
        return summary;
    }

    public Timings timings() {
        return timings;
    }

    /** One entry a class. */
    public List<ClassStatistics> statistics() {
        return statistics;
    }

    /** Class ids. */
    public LabelMap labels() {
        try (Lease lease = lease()) {
            boolean small = Library.C.segent_result_label_type(lease.pointer) == LibSegent.SEGENT_LABEL_U8;
            long bytes = (long) width * height * (small ? 1 : 2);
            ByteBuffer data = reference.view(Library.C.segent_result_labels(lease.pointer), bytes);
            return new LabelMap(small ? data.asReadOnlyBuffer() : data.asShortBuffer().asReadOnlyBuffer(), height, width);
        }
    }

    /** Normalised entropy: 0 (certain) to 1. */
    public FloatMap entropy() {
        return map(Library.C::segent_result_entropy).orElseThrow();
    }

    /** The largest class probability, if it was kept. */
    public Optional<FloatMap> topProbability() {
        return map(Library.C::segent_result_top_probability);
    }

    /** The largest minus the second largest class probability, if it was kept. */
    public Optional<FloatMap> margin() {
        return map(Library.C::segent_result_margin);
    }

    /** Logits at the output size, if they were kept. */
    public Optional<Tensor> outputLogits() {
        return tensor(Library.C::segent_result_logits);
    }

    /** Probabilities at the output size, if they were kept. */
    public Optional<Tensor> probabilities() {
        return tensor(Library.C::segent_result_probabilities);
    }

    /** The network's own logits, before interpolation and temperature. */
    public Tensor logits() {
        return lowResolution(Library.C::segent_result_lowres_logits).orElseThrow();
    }

    /** The auxiliary classifier's logits, if the model was loaded with it. */
    public Optional<Tensor> auxiliaryLogits() {
        return lowResolution(Library.C::segent_result_auxiliary_logits);
    }

    private interface LowResolution {
        Pointer read(Pointer result, IntByReference height, IntByReference width);
    }

    private Optional<Tensor> lowResolution(LowResolution of) {
        IntByReference rows = new IntByReference();
        IntByReference columns = new IntByReference();
        return floats(result -> of.read(result, rows, columns), () -> (long) classes * rows.getValue() * columns.getValue())
            .map(data -> Tensor.chw(data, classes, rows.getValue(), columns.getValue()));
    }

    private Optional<Tensor> tensor(Function<Pointer, Pointer> of) {
        return floats(of, () -> (long) classes * height * width).map(data -> Tensor.chw(data, classes, height, width));
    }

    private Optional<FloatMap> map(Function<Pointer, Pointer> of) {
        return floats(of, () -> (long) height * width).map(data -> new FloatMap(data, height, width));
    }

    // The values that `of` points to, if there are any; how many is asked afterwards, when `of` has told the sizes.
    private Optional<FloatBuffer> floats(Function<Pointer, Pointer> of, LongSupplier elements) {
        try (Lease lease = lease()) {
            return Optional.ofNullable(of.apply(lease.pointer))
                .map(data -> reference.view(data, elements.getAsLong() * Float.BYTES).asFloatBuffer().asReadOnlyBuffer());
        }
    }
}
