// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

/** One class's part of a picture: how many pixels it has, and their mean entropy. */
public record ClassStatistics(int id, long pixels, double entropyMean) {}
