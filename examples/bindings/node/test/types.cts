// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors

// The same package by require.
import segent = require('segent');

export const context: segent.Context = new segent.Context();
export const image: Promise<segent.Image> = context.loadImage(new URL('file:///picture.png'), { background: 0xffffff });
