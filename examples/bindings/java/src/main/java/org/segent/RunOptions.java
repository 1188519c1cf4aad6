// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import java.util.function.DoubleConsumer;
import org.segent.jna.LibSegent;

/** How a picture is run through a model. */
public final class RunOptions {
    /** What a result keeps beside labels, entropy and sums. */
    public enum Keep {
        LOGITS(LibSegent.SEGENT_KEEP_LOGITS),
        PROBABILITIES(LibSegent.SEGENT_KEEP_PROBABILITIES),
        TOP_PROBABILITY(LibSegent.SEGENT_KEEP_TOP_PROBABILITY),
        MARGIN(LibSegent.SEGENT_KEEP_MARGIN);

        private final int bit;

        Keep(int bit) {
            this.bit = bit;
        }
    }

    private int size;
    private OutputSize outputSize = OutputSize.NETWORK;
    private Engine engine = Engine.FAST;
    private Precision precision = Precision.F32;
    private float temperature;
    private int keep;
    private long workspaceLimit;
    private DoubleConsumer progress;
    Cancel cancel;

    /** Shorter side at the network; 0, the default: the model's. */
    public RunOptions size(int size) {
        this.size = size;
        return this;
    }

    /** The picture keeps its own size. */
    public RunOptions ownSize() {
        return size(LibSegent.SEGENT_SIZE_OWN);
    }

    public RunOptions outputSize(OutputSize outputSize) {
        this.outputSize = outputSize;
        return this;
    }

    public RunOptions engine(Engine engine) {
        this.engine = engine;
        return this;
    }

    /** The model's. F32, the default, leaves it to the model; another that is not the model's is an error. */
    public RunOptions precision(Precision precision) {
        this.precision = precision;
        return this;
    }

    /** Logits are divided by it; 0, the default: the model's. */
    public RunOptions temperature(float temperature) {
        this.temperature = temperature;
        return this;
    }

    public RunOptions keep(Keep... what) {
        for (Keep one : what) {
            keep |= one.bit;
        }
        return this;
    }

    /** Most bytes of working memory; 0, the default: no limit. */
    public RunOptions workspaceLimit(long bytes) {
        this.workspaceLimit = bytes;
        return this;
    }

    /** Is told the share that is done, 0 to 1, between steps. What it throws ends the run and comes out of it. */
    public RunOptions progress(DoubleConsumer progress) {
        this.progress = progress;
        return this;
    }

    /** Ends the run from another thread. */
    public RunOptions cancel(Cancel cancel) {
        this.cancel = cancel;
        return this;
    }

    LibSegent.segent_run_options inC() {
        LibSegent.segent_run_options made = new LibSegent.segent_run_options();
        made.size = size;
        made.output_size = outputSize.value;
        made.engine = engine.value;
        made.precision = precision.value;
        made.temperature = temperature;
        made.keep = keep;
        made.workspace_limit = workspaceLimit;
        DoubleConsumer tell = progress;
        // An interrupted thread ends its run between two steps.
        made.progress = (user, done) -> Guard.ask(() -> {
            if (tell != null) {
                tell.accept(done);
            }
            return Thread.currentThread().isInterrupted() ? 1 : 0;
        }, 1);
        return made;
    }
}
