// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
// Made by generate.py from the description of the API; not to be edited.
package org.segent;

/** Whether the values given to segent_entropy_map are logits or probabilities. */
public enum Source {
    /** what a network gives: softmax makes probabilities of them */
    LOGITS(0),
    /** of each pixel's classes, whose sum is 1 */
    PROBABILITIES(1);

    final int value;

    Source(int value) {
        this.value = value;
    }
}
