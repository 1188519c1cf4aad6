// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
// Made by generate.py from the description of the API; not to be edited.
package org.segent;

/** Size of the outputs. */
public enum OutputSize {
    /** that of the picture as the network sees it */
    NETWORK(0),
    /** that of the picture given */
    ORIGINAL(1);

    final int value;

    OutputSize(int value) {
        this.value = value;
    }
}
