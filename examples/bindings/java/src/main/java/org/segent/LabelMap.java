// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import org.segent.jna.LibSegent;

/** Height x width class ids, dense, in a direct ByteBuffer, or, of more than 256 classes, in a direct ShortBuffer. */
public record LabelMap(Buffer data, int height, int width) {
    public LabelMap {
        if (!(data instanceof ByteBuffer) && !(data instanceof ShortBuffer)) {
            throw new IllegalArgumentException("class ids are in a ByteBuffer or a ShortBuffer");
        }
        Buffers.size(height, "height");
        Buffers.size(width, "width");
    }

    /** Of ids up to 255. */
    public static LabelMap allocate(int height, int width) {
        return new LabelMap(Buffers.bytes((long) height * width), height, width);
    }

    /** Of ids up to 65535. */
    public static LabelMap allocateWide(int height, int width) {
        return new LabelMap(Buffers.bytes(2L * height * width).order(ByteOrder.nativeOrder()).asShortBuffer(), height, width);
    }

    public int get(int row, int column) {
        int index = data.position() + row * width + column;
        return data instanceof ByteBuffer bytes ? bytes.get(index) & 0xFF : ((ShortBuffer) data).get(index) & 0xFFFF;
    }

    LibSegent.segent_label_view inC(boolean written) {
        LibSegent.segent_label_view made = new LibSegent.segent_label_view();
        fill(made, written);
        return made;
    }

    void fill(LibSegent.segent_label_view view, boolean written) {
        long elements = (long) height * width;
        view.data = written ? Buffers.writable(data, elements) : Buffers.address(data, elements);
        view.height = height;
        view.width = width;
        view.type = data instanceof ByteBuffer ? LibSegent.SEGENT_LABEL_U8 : LibSegent.SEGENT_LABEL_U16;
    }
}
