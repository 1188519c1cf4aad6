// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
// Made by generate.py from the description of the API; not to be edited.
package org.segent;

/** Unit of an entropy. */
public enum Unit {
    /** divided by log C: 0 (certain) to 1 (all classes alike) */
    NORMALIZED(0),
    /** natural logarithm: 0 to log C */
    NATS(1),
    /** logarithm to base 2: 0 to log2 C */
    BITS(2);

    final int value;

    Unit(int value) {
        this.value = value;
    }
}
