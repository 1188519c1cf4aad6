// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

/** What is asked of the library without a context. */
public final class Segent {
    private Segent() {}

    /** The version "major.minor.patch" of the library that was loaded. */
    public static String version() {
        return Library.C.segent_version();
    }

    /** Whether this build of the library has a feature: "png", "jpeg", "zlib", "simd", "blas". */
    public static boolean supports(String feature) {
        return Library.C.segent_supports(feature) == 1;
    }
}
