// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
// Made by generate.py from the description of the API; not to be edited.
package org.segent;

/** How convolutions are done. Weights are packed once and serve all of them. */
public enum Engine {
    /** with as few multiplications as pay */
    FAST(0),
    /** direct convolution only */
    EXACT(1),
    /** as FAST, where that takes little workspace: less memory, more time */
    SMALL(2);

    final int value;

    Engine(int value) {
        this.value = value;
    }
}
