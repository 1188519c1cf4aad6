// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** What all objects of the library's have: close(), and the garbage collector as a safety net. */
abstract class Handle implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    /**
     * A pointer of the library's and how many hold it: its owner, calls that use it, and buffers that view its memory. It is destroyed
     * when nobody does any more.
     */
    static final class Reference {
        private final Consumer<Pointer> destroy;
        private Pointer pointer;
        private int holders = 1;

        Reference(Pointer pointer, Consumer<Pointer> destroy) {
            this.pointer = pointer;
            this.destroy = destroy;
        }

        synchronized Pointer hold() {
            if (pointer == null) {
                throw new IllegalStateException("closed");
            }
            holders++;
            return pointer;
        }

        void release() {
            Pointer last = null;
            synchronized (this) {
                if (--holders == 0) {
                    last = pointer;
                    pointer = null;
                }
            }
            if (last != null) {
                destroy.accept(last);
            }
        }

        synchronized boolean isFree() {
            return pointer == null;
        }

        /** `bytes` bytes at `memory`, without a copy; the buffer, and all that are made of it, hold the reference. */
        ByteBuffer view(Pointer memory, long bytes) {
            ByteBuffer buffer = memory.getByteBuffer(0, Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
            hold();
            CLEANER.register(buffer, this::release);
            return buffer;
        }
    }

    /** Holds a reference for the time of a call. */
    static final class Lease implements AutoCloseable {
        private final Reference reference;
        final Pointer pointer;

        private Lease(Reference reference) {
            this.reference = reference;
            this.pointer = reference.hold();
        }

        @Override
        public void close() {
            reference.release();
        }
    }

    final Reference reference;
    private final Cleaner.Cleanable owner;
    private volatile boolean closed;

    Handle(Reference reference) {
        this.reference = reference;
        this.owner = CLEANER.register(this, reference::release);
    }

    Lease lease() {
        if (closed) {
            throw new IllegalStateException("this " + getClass().getSimpleName() + " is closed");
        }
        return new Lease(reference);
    }

    /** Lets go of the object. It is freed at once, or after the last call that uses it and the last buffer that views it. */
    @Override
    public void close() {
        closed = true;
        owner.clean();
    }
}
