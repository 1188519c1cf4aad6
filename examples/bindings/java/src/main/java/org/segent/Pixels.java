// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.segent.jna.LibSegent;

/** Height x width pixels of 8-bit samples in a direct buffer, from its position on. `stride` counts bytes from row to row. */
public record Pixels(ByteBuffer data, PixelFormat format, int height, int width, int stride) {
    public Pixels {
        Buffers.size(height, "height");
        Buffers.size(width, "width");
        if (stride < (long) width * samples(format)) {
            throw new IllegalArgumentException("rows are longer than a stride of " + stride);
        }
    }

    /** Dense rows. */
    public Pixels(ByteBuffer data, PixelFormat format, int height, int width) {
        this(data, format, height, width, Math.multiplyExact(width, samples(format)));
    }

    /** A copy of a picture's pixels. Grey and BGR pictures, which files of pictures are read as, are copied as they are; alpha is dropped. */
    public static Pixels of(BufferedImage picture) {
        return switch (picture.getType()) {
            case BufferedImage.TYPE_BYTE_GRAY -> bytes(picture, PixelFormat.GREY);
            case BufferedImage.TYPE_3BYTE_BGR -> bytes(picture, PixelFormat.RGB); // getDataElements gives red, green, blue
            default -> colours(picture);
        };
    }

    private static Pixels bytes(BufferedImage picture, PixelFormat format) {
        int height = picture.getHeight();
        int width = picture.getWidth();
        ByteBuffer data = Buffers.bytes((long) height * width * samples(format));
        byte[] row = new byte[width * samples(format)];
        for (int y = 0; y < height; y++) {
            picture.getRaster().getDataElements(0, y, width, 1, row);
            data.put(row);
        }
        return new Pixels(data.flip(), format, height, width);
    }

    private static Pixels colours(BufferedImage picture) {
        int height = picture.getHeight();
        int width = picture.getWidth();
        ByteBuffer data = Buffers.bytes(4L * height * width);
        IntBuffer colours = data.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer(); // 0xAARRGGBB as B, G, R, A
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            picture.getRGB(0, y, width, 1, row, 0, width);
            colours.put(row);
        }
        return new Pixels(data, PixelFormat.BGRA, height, width);
    }

    static int samples(PixelFormat format) {
        return switch (format) {
            case GREY -> 1;
            case RGB, BGR -> 3;
            case RGBA, BGRA -> 4;
        };
    }

    LibSegent.segent_pixel_view inC(boolean written) {
        return fill(new LibSegent.segent_pixel_view(), written);
    }

    LibSegent.segent_pixel_view fill(LibSegent.segent_pixel_view view, boolean written) {
        long bytes = (long) (height - 1) * stride + (long) width * samples(format);
        view.data = Buffers.address(data, bytes, written);
        view.height = height;
        view.width = width;
        view.row_stride = stride;
        view.format = format.value;
        return view;
    }
}
