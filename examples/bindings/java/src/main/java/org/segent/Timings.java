// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

/** Seconds that the stages of a run took. */
public record Timings(double preprocess, double network, double head) {}
