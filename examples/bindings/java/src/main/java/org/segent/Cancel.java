// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import com.sun.jna.Pointer;

/** A flag that ends runs, and the reading of models and pictures, from another thread within 50 ms. It stays set until it is reset. */
public final class Cancel extends Handle {
    Cancel(Pointer pointer) {
        super(new Reference(pointer, Library.C::segent_cancel_destroy));
    }

    public void set() {
        try (Lease lease = lease()) {
            Library.C.segent_cancel_set(lease.pointer);
        }
    }

    public void reset() {
        try (Lease lease = lease()) {
            Library.C.segent_cancel_reset(lease.pointer);
        }
    }

    public boolean isSet() {
        try (Lease lease = lease()) {
            return Library.C.segent_cancel_is_set(lease.pointer) != 0;
        }
    }
}
