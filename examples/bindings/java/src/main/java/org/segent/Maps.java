// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import org.segent.jna.LibSegent;

/** The caller's buffers for results; what is null is not made. */
public record Maps(int height, int width, LabelMap labels, FloatMap entropy, FloatMap topProbability, FloatMap margin, Tensor logits,
        Tensor probabilities) {
    /** Labels and entropy alone; either may be null. */
    public Maps(int height, int width, LabelMap labels, FloatMap entropy) {
        this(height, width, labels, entropy, null, null, null, null);
    }

    LibSegent.segent_uncertainty_maps inC() {
        LibSegent.segent_uncertainty_maps made = new LibSegent.segent_uncertainty_maps();
        made.height = height;
        made.width = width;
        if (labels != null) {
            labels.fill(made.labels, true);
        }
        if (entropy != null) {
            entropy.fill(made.entropy, true);
        }
        if (topProbability != null) {
            topProbability.fill(made.top_probability, true);
        }
        if (margin != null) {
            margin.fill(made.margin, true);
        }
        if (logits != null) {
            logits.fill(made.logits, true);
        }
        if (probabilities != null) {
            probabilities.fill(made.probabilities, true);
        }
        return made;
    }
}
