/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The table of published files has a file of its own, so that tests can put one of small files in
 * its place. */

#include "published.h"

const sg_published published_files[PUBLISHED_COUNT] = {
    {"deeplabv3_resnet101", "deeplabv3_resnet101_coco-586e9e4e.pth", 244545539,
     "586e9e4e203fcbf17e1ad45533d8d33ab133fc762bf03101c5dd743995c08c0d"},
    {"deeplabv3_resnet50", "deeplabv3_resnet50_coco-cd0a2569.pth", 168312152,
     "cd0a25694c4a0f7106b38f4938bf90a874f2f241cc410b8f63c7024399538f06"},
    {"deeplabv3_mobilenet_v3_large", "deeplabv3_mobilenet_v3_large-fc3c493d.pth", 44356159,
     "fc3c493d68e89cc31ef488c803d5d7dd2f3190fb570598faa49fef69be8e5e70"},
    {"fcn_resnet101", "fcn_resnet101_coco-7ecb50ca.pth", 217800805, "7ecb50ca"},
    {"fcn_resnet50", "fcn_resnet50_coco-1167a1af.pth", 141567418,
     "1167a1affa42e1e62858f8d3fac12d109e0108327ffc91c5855a324b11683c36"},
    {"lraspp_mobilenet_v3_large", "lraspp_mobilenet_v3_large-d234d4ea.pth", 13097061, "d234d4ea"},
};
