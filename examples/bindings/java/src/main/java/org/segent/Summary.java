// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import org.segent.jna.LibSegent;

/**
 * Sums over an entropy map. `sumNats` is 0 where the number of classes is not known. `undecided` counts the pixels whose two largest logits
 * differ by less than `undecidedBelow`, the model's precision_error after a run; both are 0 where nothing was counted.
 */
public record Summary(long pixels, double sum, double mean, double minimum, double maximum, double sumNats, long undecided, double undecidedBelow) {
    static Summary of(LibSegent.segent_entropy_summary found) {
        return new Summary(found.pixels, found.sum, found.mean, found.minimum, found.maximum, found.sum_nats,
            found.undecided, found.undecided_below);
    }
}
