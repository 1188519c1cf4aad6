// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import java.nio.FloatBuffer;
import org.segent.jna.LibSegent;

/** Height x width values, such as an entropy map, dense, in a direct buffer from its position on. */
public record FloatMap(FloatBuffer data, int height, int width) {
    public FloatMap {
        Buffers.size(height, "height");
        Buffers.size(width, "width");
    }

    public static FloatMap allocate(int height, int width) {
        return new FloatMap(Buffers.floats((long) height * width), height, width);
    }

    public float get(int row, int column) {
        return data.get(data.position() + row * width + column);
    }

    /** A copy. */
    public float[] toArray() {
        float[] made = new float[Math.multiplyExact(height, width)];
        data.duplicate().get(made);
        return made;
    }

    LibSegent.segent_map_view inC(boolean written) {
        return fill(new LibSegent.segent_map_view(), written);
    }

    LibSegent.segent_map_view fill(LibSegent.segent_map_view view, boolean written) {
        view.data = Buffers.address(data, (long) height * width, written);
        view.height = height;
        view.width = width;
        return view;
    }
}
