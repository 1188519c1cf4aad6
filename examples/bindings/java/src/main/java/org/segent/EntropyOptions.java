// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import org.segent.jna.LibSegent;

/** How the entropy of values is computed. */
public final class EntropyOptions {
    private Source source = Source.LOGITS;
    private Unit unit = Unit.NORMALIZED;
    private float temperature;
    private boolean strict;
    private float tolerance;

    public EntropyOptions source(Source source) {
        this.source = source;
        return this;
    }

    public EntropyOptions unit(Unit unit) {
        this.unit = unit;
        return this;
    }

    /** Logits are divided by it; 0, the default: 1. */
    public EntropyOptions temperature(float temperature) {
        this.temperature = temperature;
        return this;
    }

    /** Values that are no probabilities are a failure. */
    public EntropyOptions strict(boolean strict) {
        this.strict = strict;
        return this;
    }

    /** How far from 1 the sum of probabilities may be; 0, the default: 0.001. */
    public EntropyOptions tolerance(float tolerance) {
        this.tolerance = tolerance;
        return this;
    }

    LibSegent.segent_entropy_options inC() {
        LibSegent.segent_entropy_options made = new LibSegent.segent_entropy_options();
        made.source = source.value;
        made.unit = unit.value;
        made.temperature = temperature;
        made.strict = strict ? 1 : 0;
        made.tolerance = tolerance;
        return made;
    }
}
