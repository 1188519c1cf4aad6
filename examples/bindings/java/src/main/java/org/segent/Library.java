// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.segent.jna.LibSegent;

/** The library: found by the property segent.library or SEGENT_LIBRARY, by pkg-config, or where the system's loader looks. */
final class Library {
    static final LibSegent C = Native.load(find(), LibSegent.class, Map.of(com.sun.jna.Library.OPTION_STRING_ENCODING, "UTF-8"));

    private Library() {}

    private static String find() {
        String named = System.getProperty("segent.library", System.getenv("SEGENT_LIBRARY"));
        if (named != null && !named.isEmpty()) {
            return named;
        }
        String folder = folderOfPkgConfig();
        Path file = Path.of(folder, LibSegent.SONAME);
        return !folder.isEmpty() && Files.exists(file) ? file.toString() : LibSegent.SONAME;
    }

    private static String folderOfPkgConfig() {
        try {
            Process asked = new ProcessBuilder("pkg-config", "--variable=libdir", "segent").redirectError(ProcessBuilder.Redirect.DISCARD).start();
            asked.getOutputStream().close();
            return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return ""; // there is no pkg-config
        }
    }
}
