/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A table of published files that a test can make: each holds a letter over and over, two as the
 * only tensor of a safetensors file. It takes the place of the true one in a copy of the command,
 * because nobody can make up a file of a given sha256. Of two only the first digits are known, as
 * it is with the true ones. */

#include "published.h"

const sg_published published_files[PUBLISHED_COUNT] = {
    {"deeplabv3_resnet101", "deeplabv3_resnet101_coco-6d1cf22d.pth", 100000,
     "6d1cf22d7cc09b085dfc25ee1a1f3ae0265804c607bc2074ad253bcc82fd81ee"},
    {"deeplabv3_resnet50", "deeplabv3_resnet50_coco-5ad554d7.pth", 300000,
     "5ad554d7135ada6a9a6100df79797425013b9ad952b9372636c0eb0077d02b8e"},
    {"deeplabv3_mobilenet_v3_large", "deeplabv3_mobilenet_v3_large-2e7d2c03.pth", 1,
     "2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6"},
    {"fcn_resnet101", "fcn_resnet101_coco-1773e3d8.pth", 200000, "1773e3d8"},
    {"fcn_resnet50", "fcn_resnet50_coco-13744d77.pth", 65536,
     "13744d7735eed2b39a2111fac373b678f12aa7213835fb997cca3072623dc768"},
    {"lraspp_mobilenet_v3_large", "lraspp_mobilenet_v3_large-d75653ee.pth", 70000, "d75653ee"},
};
