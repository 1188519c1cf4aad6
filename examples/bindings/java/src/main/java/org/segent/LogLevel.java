// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
// Made by generate.py from the description of the API; not to be edited.
package org.segent;

/** Severity of a log message. */
public enum LogLevel {
    ERROR(0),
    WARNING(1),
    INFO(2),
    DEBUG(3);

    final int value;

    LogLevel(int value) {
        this.value = value;
    }
}
