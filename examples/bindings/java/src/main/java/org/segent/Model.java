// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.segent.jna.LibSegent;

/** A network. Immutable; shared freely between threads and contexts. */
public final class Model extends Handle {
    private final LibSegent.segent_model_details details = new LibSegent.segent_model_details();
    private final List<String> classNames;

    Model(Pointer pointer) {
        super(new Reference(pointer, Library.C::segent_model_destroy));
        SegentException.check(null, Library.C.segent_model_info(pointer, details));
        classNames = IntStream.range(0, details.classes).mapToObj(id -> Library.C.segent_model_class_name(pointer, id)).toList();
    }

    /** torchvision's name, such as "deeplabv3_resnet101". */
    public String architecture() {
        return details.architecture;
    }

    public String backbone() {
        return details.backbone;
    }

    public String head() {
        return details.head;
    }

    public String description() {
        return details.description;
    }

    /** The file of JSON that some settings are from, or "". */
    public String settingsFile() {
        return details.settings_file;
    }

    public int classes() {
        return details.classes;
    }

    public List<String> classNames() {
        return classNames;
    }

    /** Pixels of the picture for one of the network's own logits. */
    public int outputStride() {
        return details.output_stride;
    }

    /** Shorter side that it was trained for. */
    public int size() {
        return details.size;
    }

    public float temperature() {
        return details.temperature;
    }

    /** Type of the numbers that it computes with. */
    public Precision precision() {
        return details.precision == Precision.BF16.value ? Precision.BF16 : Precision.F32;
    }

    public long parameters() {
        return details.parameters;
    }

    public long parametersInFile() {
        return details.parameters_in_file;
    }

    /** Colours of the classes, 3 bytes each, if the file or the caller says them: a copy. */
    public Optional<byte[]> palette() {
        LongByReference count = new LongByReference();
        try (Lease lease = lease()) {
            return Optional.ofNullable(Library.C.segent_model_palette(lease.pointer, count))
                .map(colours -> colours.getByteArray(0, Math.toIntExact(3 * count.getValue())));
        }
    }

    /** A further fact of the network, such as "rates". */
    public Optional<String> property(String key) {
        try (Lease lease = lease()) {
            return Optional.ofNullable(Library.C.segent_model_property(lease.pointer, key));
        }
    }
}
