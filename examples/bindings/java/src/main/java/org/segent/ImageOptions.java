// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import org.segent.jna.LibSegent;

/** How a picture is read from a file. */
public final class ImageOptions {
    private Orientation orientation = Orientation.DEFAULT;
    private int background;
    private int scanLimit;
    private long pixelLimit;
    Cancel cancel;

    public ImageOptions orientation(Orientation orientation) {
        this.orientation = orientation;
        return this;
    }

    /** Composes transparency over this colour, 0xRRGGBB. Without it, transparency is dropped. */
    public ImageOptions background(int rgb) {
        if (rgb < 0 || rgb > 0xFFFFFF) {
            throw new IllegalArgumentException("a colour is 0xRRGGBB");
        }
        this.background = rgb == 0 ? LibSegent.SEGENT_BACKGROUND_BLACK : rgb;
        return this;
    }

    /** Most scans of a JPEG file; 0, the default: 100. */
    public ImageOptions scanLimit(int scans) {
        this.scanLimit = scans;
        return this;
    }

    /** Largest picture in pixels; 0, the default: 178,956,970. */
    public ImageOptions pixelLimit(long pixels) {
        this.pixelLimit = pixels;
        return this;
    }

    /** Ends the reading from another thread. */
    public ImageOptions cancel(Cancel cancel) {
        this.cancel = cancel;
        return this;
    }

    LibSegent.segent_image_options inC() {
        LibSegent.segent_image_options made = new LibSegent.segent_image_options();
        made.orient = orientation.value;
        made.background = background;
        made.scan_limit = scanLimit;
        made.pixel_limit = pixelLimit;
        return made;
    }
}
