// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Memory of buffers, which C reads and writes where it lies. Everything is checked here, since beyond a buffer lies other memory. */
final class Buffers {
    private Buffers() {}

    static FloatBuffer floats(long elements) {
        return ByteBuffer.allocateDirect(Math.toIntExact(elements * Float.BYTES)).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    static ByteBuffer bytes(long elements) {
        return ByteBuffer.allocateDirect(Math.toIntExact(elements)).order(ByteOrder.nativeOrder());
    }

    static int size(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
        return value;
    }

    /** Where the elements of a direct buffer lie from its position on, of which there must be `elements`. C writes them if `written`. */
    static Pointer address(Buffer buffer, long elements, boolean written) {
        if (written && buffer.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is read-only");
        }
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("the buffer must be direct: ByteBuffer.allocateDirect");
        }
        if (order(buffer) != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException("the buffer must be in the processor's order of bytes: ByteOrder.nativeOrder()");
        }
        if (buffer.remaining() < elements) {
            throw new IllegalArgumentException("a buffer of " + buffer.remaining() + " elements is too small for " + elements);
        }
        return Native.getDirectBufferPointer(buffer.slice());
    }

    private static ByteOrder order(Buffer buffer) {
        if (buffer instanceof FloatBuffer) {
            return ((FloatBuffer) buffer).order();
        }
        return buffer instanceof ShortBuffer ? ((ShortBuffer) buffer).order() : ByteOrder.nativeOrder();
    }

    static Memory copy(byte[] bytes) {
        Memory memory = new Memory(Math.max(bytes.length, 1));
        memory.write(0, bytes, 0, bytes.length);
        return memory;
    }
}
