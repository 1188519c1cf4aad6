// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import com.sun.jna.Pointer;
import org.segent.jna.LibSegent;

/** A failure of the library's: its status, and one sentence that names the cause. */
public class SegentException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;

    public SegentException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The status in C: 41 for a missing file. */
    public int status() {
        return status;
    }

    /** A short name of the status, such as "out of memory". */
    public String statusName() {
        return Library.C.segent_status_string(status);
    }

    /** Throws what a callback threw during the call that returned `status`, or what the status stands for, if anything. */
    static void check(Pointer context, int status) {
        Guard.rethrow();
        if (status != LibSegent.SEGENT_OK) {
            throw new SegentException(status, Library.C.segent_last_error(context));
        }
    }
}
