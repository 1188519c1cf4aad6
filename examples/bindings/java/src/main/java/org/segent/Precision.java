// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
// Made by generate.py from the description of the API; not to be edited.
package org.segent;

/** Type of the numbers that the network computes with. */
public enum Precision {
    /** float of 32 bits */
    F32(0),
    /** bfloat16, the upper half of a float: weights and feature maps. Sums and logits are float32. Since 0.9 */
    BF16(1);

    final int value;

    Precision(int value) {
        this.value = value;
    }
}
