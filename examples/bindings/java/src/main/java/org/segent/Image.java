// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/** A picture of 8-bit RGB pixels. Immutable; shared freely between threads and contexts. */
public final class Image extends Handle {
    private final int width;
    private final int height;

    Image(Pointer pointer) {
        super(new Reference(pointer, Library.C::segent_image_destroy));
        width = Library.C.segent_image_width(pointer);
        height = Library.C.segent_image_height(pointer);
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** Height x width x 3 bytes, without a copy, read-only. The buffer keeps the picture alive. */
    public ByteBuffer pixels() {
        try (Lease lease = lease()) {
            return reference.view(Library.C.segent_image_pixels(lease.pointer), 3L * width * height).asReadOnlyBuffer();
        }
    }
}
