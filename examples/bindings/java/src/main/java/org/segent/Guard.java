// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import java.util.function.IntSupplier;

/** What callbacks throw stays here, on the thread of the call that they came from, and is thrown when that call has returned. */
final class Guard {
    private static final ThreadLocal<Throwable> RAISED = new ThreadLocal<>();

    private Guard() {}

    /** What `callback` says, or `stop` if it throws. */
    static int ask(IntSupplier callback, int stop) {
        try {
            return callback.getAsInt();
        } catch (Throwable thrown) {
            if (RAISED.get() == null) {
                RAISED.set(thrown);
            }
            return stop;
        }
    }

    static void rethrow() {
        Throwable thrown = RAISED.get();
        if (thrown != null) {
            RAISED.remove();
            Guard.<RuntimeException>raise(thrown);
        }
    }

    // Throws a checked exception as well, which the compiler takes for a T.
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
