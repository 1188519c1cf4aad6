// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import java.nio.FloatBuffer;
import org.segent.jna.LibSegent;

/** Channels x height x width float values in a direct buffer, from its position on. Strides count elements. */
public record Tensor(FloatBuffer data, int channels, int height, int width, long channelStride, long rowStride, long columnStride) {
    public Tensor {
        Buffers.size(channels, "channels");
        Buffers.size(height, "height");
        Buffers.size(width, "width");
        if (channelStride < 0 || rowStride < 0 || columnStride < 0) {
            throw new IllegalArgumentException("strides must not be negative");
        }
    }

    /** Dense channels x height x width, as PyTorch holds it. */
    public static Tensor chw(FloatBuffer data, int channels, int height, int width) {
        return new Tensor(data, channels, height, width, (long) height * width, width, 1);
    }

    /** Dense height x width x channels. */
    public static Tensor hwc(FloatBuffer data, int height, int width, int channels) {
        return new Tensor(data, channels, height, width, 1, (long) width * channels, channels);
    }

    /** A dense one in new memory. */
    public static Tensor allocate(int channels, int height, int width) {
        return chw(Buffers.floats((long) channels * height * width), channels, height, width);
    }

    /** A copy of dense values. */
    public static Tensor of(float[] values, int channels, int height, int width) {
        Tensor made = allocate(channels, height, width);
        made.data.duplicate().put(values);
        return made;
    }

    public float get(int channel, int row, int column) {
        return data.get(Math.toIntExact(data.position() + channel * channelStride + row * rowStride + column * columnStride));
    }

    private long reach() {
        long last = Math.multiplyExact(channels - 1, channelStride);
        last = Math.addExact(last, Math.multiplyExact(height - 1, rowStride));
        return Math.addExact(Math.addExact(last, Math.multiplyExact(width - 1, columnStride)), 1);
    }

    LibSegent.segent_tensor_view inC(boolean written) {
        return fill(new LibSegent.segent_tensor_view(), written);
    }

    LibSegent.segent_tensor_view fill(LibSegent.segent_tensor_view view, boolean written) {
        view.data = Buffers.address(data, reach(), written);
        view.channels = channels;
        view.height = height;
        view.width = width;
        view.channel_stride = channelStride;
        view.row_stride = rowStride;
        view.column_stride = columnStride;
        return view;
    }
}
