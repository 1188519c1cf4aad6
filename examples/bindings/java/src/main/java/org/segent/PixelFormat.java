// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
// Made by generate.py from the description of the API; not to be edited.
package org.segent;

/** Order of a pixel's samples, a byte each. */
public enum PixelFormat {
    /** red, green, blue */
    RGB(0),
    /** blue, green, red: OpenCV's order */
    BGR(1),
    /** alpha is not looked at, and 255 where pixels are written */
    RGBA(2),
    /** likewise */
    BGRA(3),
    /** of which red, green and blue are made; it cannot be written */
    GREY(4);

    final int value;

    PixelFormat(int value) {
        this.value = value;
    }
}
