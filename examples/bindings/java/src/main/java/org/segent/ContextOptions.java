// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import java.util.function.BiConsumer;

/** Settings of a context. */
public final class ContextOptions {
    int threads;
    int cpu;
    long memoryLimit;
    BiConsumer<LogLevel, String> log;

    /** 0, the default: as many as the processors that this process may run on. */
    public ContextOptions threads(int threads) {
        this.threads = threads;
        return this;
    }

    /** The sum of the instruction sets that may be used (LibSegent.SEGENT_CPU_...); 0, the default: all. */
    public ContextOptions cpu(int sets) {
        this.cpu = sets;
        return this;
    }

    /** Most bytes that reading one file may take beside the file itself; 0, the default: 2 GiB. */
    public ContextOptions memoryLimit(long bytes) {
        this.memoryLimit = bytes;
        return this;
    }

    /** Receives lines on the thread that called. What it throws comes out of the call. */
    public ContextOptions log(BiConsumer<LogLevel, String> log) {
        this.log = log;
        return this;
    }
}
