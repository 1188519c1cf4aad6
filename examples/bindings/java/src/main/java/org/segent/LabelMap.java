// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import org.segent.jna.LibSegent;

/** Height x width class ids, dense, in a direct ByteBuffer, or, with more than 256 classes, in a direct ShortBuffer. */
public record LabelMap(Buffer data, int height, int width) {
    public LabelMap {
        if (!(data instanceof ByteBuffer) && !(data instanceof ShortBuffer)) {
            throw new IllegalArgumentException("class ids are in a ByteBuffer or a ShortBuffer");
        }
        Buffers.size(height, "height");
        Buffers.size(width, "width");
    }

    /** New memory for ids up to 255. */
    public static LabelMap allocate(int height, int width) {
        return new LabelMap(Buffers.bytes((long) height * width), height, width);
    }

    /** New memory for ids up to 65535. */
    public static LabelMap allocateWide(int height, int width) {
        return new LabelMap(Buffers.bytes(2L * height * width).asShortBuffer(), height, width);
    }

    public int get(int row, int column) {
        int index = data.position() + row * width + column;
        return data instanceof ByteBuffer bytes ? bytes.get(index) & 0xFF : ((ShortBuffer) data).get(index) & 0xFFFF;
    }

    LibSegent.segent_label_view inC(boolean written) {
        return fill(new LibSegent.segent_label_view(), written);
    }

    LibSegent.segent_label_view fill(LibSegent.segent_label_view view, boolean written) {
        view.data = Buffers.address(data, (long) height * width, written);
        view.height = height;
        view.width = width;
        view.type = data instanceof ByteBuffer ? LibSegent.SEGENT_LABEL_U8 : LibSegent.SEGENT_LABEL_U16;
        return view;
    }
}
