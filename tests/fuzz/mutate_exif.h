/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Makes EXIF and XMP data that says, in one way or another, how a picture is to be turned. */

#ifndef MUTATE_EXIF_H
#define MUTATE_EXIF_H

#include "fuzz.h"

/* Makes a TIFF header and a directory in either order of bytes, with any type, count and place of
 * the orientation's value. */
void fuzz_make_exif(fuzz_bytes *out, fuzz_random *random);

/* Makes such data as hexadecimal digits, as ImageMagick writes it into PNG files. */
void fuzz_make_raw_profile(fuzz_bytes *out, fuzz_random *random);

void fuzz_make_xmp(fuzz_bytes *out, fuzz_random *random);

#endif
