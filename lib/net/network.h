/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The networks there are, a row each: how one is recognised by its tensors' names and shapes, and
 * the list of its operations. */

#ifndef SG_NET_NETWORK_H
#define SG_NET_NETWORK_H

#include "graph.h"
#include "segent/segent.h"

enum {
    SG_LAYERS = 4, /* of a ResNet */
    SG_ATROUS = 3, /* dilated branches of an ASPP */
    SG_RATE_MAX = 4096,
    SG_CLASSES_MAX = 65536,
    SG_OTHER_SIZE = 160
};

/* What can be asked of a file, by torchvision's names. */
typedef struct sg_evidence {
    void *file;
    /* The rank of a tensor, -1 if there is none, and its shape. */
    int32_t (*shape)(void *file, const char *tensor, int64_t shape[SEGENT_RANK_MAX]);
    /* An attribute of a module, which only whole modules have; false: the file does not say. */
    bool (*attribute)(void *file, const char *module, const char *name, double *value);
    /* One more than the largest number that follows these words in the tensors' names, no more than
     * there can be if each has at least so many tensors, plus one; 0 if none does. */
    int32_t (*numbers)(void *file, const char *words, int32_t tensors);
    /* "FILE: tensor TENSOR PROBLEM": after that the file is of no use. */
    void (*fail)(void *file, const char *tensor, const char *problem);
} sg_evidence;

/* What the tensors' names and shapes say, and the attributes of a whole module. */
typedef struct sg_facts {
    const struct sg_network_row *row;
    int32_t classes;
    bool sigmoid;              /* one output z: two classes, whose logits are 0 and z */
    int32_t width;             /* channels of the first convolution */
    int32_t blocks[SG_LAYERS]; /* per layer of the backbone */
    int32_t head;             /* channels of the head: of each ASPP branch, for one that has some */
    int32_t rates[SG_ATROUS]; /* dilations of an ASPP's branches; zeros for others */
    bool rates_given;         /* by the caller, so that it matters not what the file says */
} sg_facts;

typedef struct sg_network_row {
    const char *name;  /* torchvision's, of the head: "deeplabv3" */
    const char *title; /* for sentences: "a DeepLabV3" */
    const char *mark;  /* a tensor of the head that no other network has */
    void (*find)(const sg_evidence *evidence, sg_facts *facts); /* of the head */
    void (*emit)(sg_graph *graph, const sg_facts *facts);
    /* Of the head, as torchvision makes it. */
    int32_t usual_head, usual_rates[SG_ATROUS];
} sg_network_row;

/* NULL behind the last. */
extern const sg_network_row *const sg_networks[];

/* The facts of the network that torchvision calls so ("fcn_resnet50"), with VOC's 21 classes. A
 * ResNet alone ("resnet101") is DeepLabV3's. False: there is none of that name. */
bool sg_network_named(const char *name, sg_facts *facts);

/* ---- pieces that the rows are made of ---- */

/* The first dimension of a tensor of rank 4, which must be 1 to `most`; else the evidence fails. */
int32_t sg_evidence_outputs(const sg_evidence *evidence, const sg_facts *facts, const char *tensor,
                            int32_t most);

/* A bottleneck ResNet whose output is at 1/8: its facts, what a file holds in its place (false: the
 * file holds one), and its list. */
void sg_resnet_find(const sg_evidence *evidence, sg_facts *facts);
bool sg_resnet_other(const sg_evidence *evidence, char what[SG_OTHER_SIZE]);
sg_map sg_resnet(sg_graph *graph, sg_map picture, const sg_facts *facts);

/* "resnet101", or "resnet(3,4,5,3)". */
void sg_resnet_name(const sg_facts *facts, char *name, size_t size);

/* The facts of the one that torchvision calls so; false: there is none of that name. */
bool sg_resnet_named(const char *name, sg_facts *facts);

/* The last convolution: the classes, and their logits. */
void sg_classes_find(const sg_evidence *evidence, const char *tensor, sg_facts *facts);
void sg_classes(sg_graph *graph, sg_map x, const char *name, const sg_facts *facts);

#endif
