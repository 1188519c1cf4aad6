/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The networks that the library knows. Each is a row that says how the network is recognised by its
 * tensors' names and shapes, and how the list of its operations is built. */

#ifndef SG_NET_NETWORK_H
#define SG_NET_NETWORK_H

#include "graph.h"
#include "segent/segent.h"

enum {
    SG_LAYERS = 4, /* layers of a ResNet */
    SG_ATROUS = 3, /* dilated branches of an ASPP */
    SG_RATE_MAX = 4096,
    SG_CLASSES_MAX = 65536,
    SG_OTHER_SIZE = 160
};

/* What a network asks a file, under torchvision's names. */
typedef struct sg_evidence {
    void *file;
    /* The rank of a tensor and its shape; -1: there is no such tensor. */
    int32_t (*shape)(void *file, const char *tensor, int64_t shape[SEGENT_RANK_MAX]);
    /* An attribute of a module, which files of whole modules have. False: the file does not say. */
    bool (*attribute)(void *file, const char *module, const char *name, double *value);
    /* How many numbered parts there are: one more than the largest number that follows `words` in
     * tensors' names, or 0 if none does. It is at most one more than the number of parts that the
     * file can hold if each has `tensors` tensors or more. */
    int32_t (*numbers)(void *file, const char *words, int32_t tensors);
    /* Sets the error "FILE: tensor TENSOR PROBLEM". The file cannot be used after that. */
    void (*fail)(void *file, const char *tensor, const char *problem);
} sg_evidence;

/* What the names and shapes of a file's tensors say of its network, or the attributes of a whole
 * module. */
typedef struct sg_facts {
    const struct sg_network_row *row;
    int32_t classes;
    bool sigmoid;              /* one output z: two classes, whose logits are 0 and z */
    int32_t width;             /* channels of the first convolution */
    int32_t blocks[SG_LAYERS]; /* per layer of the backbone */
    int32_t head;             /* channels of the head: of each ASPP branch, for one that has some */
    int32_t rates[SG_ATROUS]; /* dilations of an ASPP's branches; zeros for others */
    bool rates_given;         /* the caller has given the rates: the file is not asked */
    int32_t output_stride;    /* pixels of the picture for one of the network's logits */
} sg_facts;

/* Takes what a network tells of itself: a key and its value (segent_model_property). */
typedef void (*sg_tell_fn)(void *user, const char *key, const char *value);

typedef struct sg_network_row {
    const char *name;  /* torchvision's name of the head: "deeplabv3" */
    const char *title; /* what sentences call it: "a DeepLabV3" */
    const char *mark;  /* a tensor of the head that no other network has */
    void (*find)(const sg_evidence *evidence, sg_facts *facts); /* fills in the head's facts */
    void (*emit)(sg_graph *graph, const sg_facts *facts);
    void (*tell)(const sg_facts *facts, sg_tell_fn tell, void *user);
    /* Channels and rates of the head as torchvision makes it. */
    int32_t usual_head, usual_rates[SG_ATROUS];
} sg_network_row;

/* All rows, and NULL behind the last. */
extern const sg_network_row *const sg_networks[];

/* The facts of the network with a name of torchvision's, such as "fcn_resnet50", and VOC's 21
 * classes. A ResNet alone, such as "resnet101", stands for the DeepLabV3 on it. False: there is no
 * network of that name. */
bool sg_network_named(const char *name, sg_facts *facts);

/* ---- pieces that the rows are made of ---- */

/* The first dimension of a tensor of rank 4. Fails by evidence->fail unless it is 1 to `most`. */
int32_t sg_evidence_outputs(const sg_evidence *evidence, const sg_facts *facts, const char *tensor,
                            int32_t most);

/* A bottleneck ResNet whose output is at 1/8. `find` fills in its facts; `other` names what a file
 * holds in its place (false: the file holds such a ResNet); the last one emits its operations. */
void sg_resnet_find(const sg_evidence *evidence, sg_facts *facts);
bool sg_resnet_other(const sg_evidence *evidence, char what[SG_OTHER_SIZE]);
sg_map sg_resnet(sg_graph *graph, sg_map picture, const sg_facts *facts);

/* Tells a ResNet's blocks and width. */
void sg_resnet_tell(const sg_facts *facts, sg_tell_fn tell, void *user);

/* Writes the name of a ResNet: torchvision's, such as "resnet101", or its blocks:
 * "resnet(3,4,5,3)". */
void sg_resnet_name(const sg_facts *facts, char *name, size_t size);

/* The facts of the ResNet with that name of torchvision's. False: there is none. */
bool sg_resnet_named(const char *name, sg_facts *facts);

/* The last convolution, whose outputs are the classes' logits: finds the number of classes, and
 * emits the operation. */
void sg_classes_find(const sg_evidence *evidence, const char *tensor, sg_facts *facts);
void sg_classes(sg_graph *graph, sg_map x, const char *name, const sg_facts *facts);

#endif
