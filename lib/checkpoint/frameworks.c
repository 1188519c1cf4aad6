/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Models of other frameworks whose files have no magic number at their beginning: protocol buffers,
 * tables that are known by their end, and pickles that are known by the words in them. */

#include <string.h>

#include "foreign.h"

/* ---- protocol buffers ---- */

/* ONNX has ir_version and then the producer's name or version; Core ML and a SavedModel of
 * TensorFlow have a version and then a message. */
static const char *name_versioned(const unsigned char *data)
{
    if (data[0] != 0x08 || data[1] == 0 || data[1] > 31)
        return NULL;
    const bool text = data[3] > 0 && data[4] >= ' ' && data[4] < 127;
    if (data[2] == 0x3a || ((data[2] == 0x12 || data[2] == 0x1a) && text))
        return "an ONNX model, which is a program; save the module's state_dict() with torch.save "
               "instead";
    if (data[2] == 0x12)
        return "a Core ML model or a SavedModel of TensorFlow, not a checkpoint of "
               "torch" SG_FOREIGN_CONVERT;
    return NULL;
}

/* Steps over a string of up to 127 bytes of text that begins at `at` with a tag and its length. 0:
 * there is none. */
static size_t skip_text(const unsigned char *data, size_t size, size_t at, unsigned char tag)
{
    if (size - at < 3 || data[at] != tag || data[at + 1] == 0 || data[at + 1] > 127 ||
        size - at - 2 < data[at + 1])
        return 0;
    const size_t end = at + 2 + data[at + 1];
    for (size_t i = at + 2; i < end; i++) {
        if (data[i] < ' ' || data[i] >= 127)
            return 0;
    }
    return end;
}

/* A frozen graph of TensorFlow begins with a node, which begins with its name and its operation.
 * Weights of Caffe begin with the network's name, which layers or an input follow. */
static const char *name_graph(const unsigned char *data, size_t size)
{
    size_t at = 1;
    if (data[0] != 0x0a)
        return NULL;
    while (at < 5 && data[at] >= 0x80)
        at++;
    const size_t name = skip_text(data, size, at + 1, 0x0a);
    if (name > 0 && name < size && skip_text(data, size, name, 0x12) > 0)
        return "a frozen graph of TensorFlow, not a checkpoint of torch" SG_FOREIGN_CONVERT;
    const size_t end = skip_text(data, size, 0, 0x0a);
    if (end > 0 && size - end >= 2 &&
        (data[end] == 0x12 || data[end] == 0x1a || memcmp(data + end, "\xa2\x06", 2) == 0))
        return "weights of Caffe, not a checkpoint of torch" SG_FOREIGN_CONVERT;
    return NULL;
}

/* ---- tables ---- */

/* The index of a checkpoint of TensorFlow 2 ends as the tables of LevelDB do. */
static const char *name_table(const unsigned char *data, size_t size)
{
    if (memcmp(data + size - 8, "\x57\xfb\x80\x8b\x24\x75\x47\xdb", 8) == 0)
        return "the index of a checkpoint of TensorFlow, not a checkpoint of "
               "torch" SG_FOREIGN_CONVERT;
    return NULL;
}

/* ---- pickles ---- */

enum { LOOKED_AT = 1 << 20 }; /* bytes at either end, where the words stand */

static bool holds(const unsigned char *data, size_t size, const char *word)
{
    const size_t part = size < LOOKED_AT ? size : LOOKED_AT;
    return memmem(data, part, word, strlen(word)) ||
           memmem(data + size - part, part, word, strlen(word));
}

static const char *name_pickle(const unsigned char *data, size_t size)
{
#define DETECTRON2                                                                            \
    "a pickle of Detectron2's model zoo, whose networks have other layers and names; run it " \
    "there, or use a network of torchvision.models.segmentation"
    static const struct {
        const char *word, *what;
    } kinds[] = {
        {"StructuredToParameterName@@",
         "weights of PaddlePaddle, not a checkpoint of torch" SG_FOREIGN_CONVERT},
        {"matching_heuristics", DETECTRON2},
        {"Detectron2 Model Zoo", DETECTRON2},
        {"sem_seg_head.", DETECTRON2},
        {"proposal_generator.", DETECTRON2},
    };
    if (data[0] != 0x80 || data[1] < 2 || data[1] > 5)
        return NULL;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (holds(data, size, kinds[i].word))
            return kinds[i].what;
    }
    return NULL;
}

const char *sg_foreign_framework(const unsigned char *data, size_t size)
{
    static const char *(*const looks[])(const unsigned char *, size_t) = {name_graph, name_table,
                                                                          name_pickle};
    const char *what = size < 8 ? NULL : name_versioned(data);
    for (size_t i = 0; size >= 8 && !what && i < sizeof(looks) / sizeof(looks[0]); i++)
        what = looks[i](data, size);
    return what;
}
