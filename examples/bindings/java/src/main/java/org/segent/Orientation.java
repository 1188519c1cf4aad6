// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
// Made by generate.py from the description of the API; not to be edited.
package org.segent;

/** Which way up a picture is. */
public enum Orientation {
    /** upright */
    DEFAULT(0),
    /** turned as EXIF or XMP data in the file ask for */
    UPRIGHT(1),
    /** as it is stored */
    STORED(2);

    final int value;

    Orientation(int value) {
        this.value = value;
    }
}
