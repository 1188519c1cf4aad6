// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
// Made by generate.py from the description of the API; not to be edited.
package org.segent;

/** Severity of a log message. */
public enum LogLevel {
    /** something was not done */
    ERROR(0),
    /** it was done, but perhaps not as it was meant */
    WARNING(1),
    /** what was found, and what was assumed */
    INFO(2),
    /** for who looks for a defect */
    DEBUG(3);

    final int value;

    LogLevel(int value) {
        this.value = value;
    }
}
