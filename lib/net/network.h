/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The networks that the library knows: any backbone with any head. Each of either is a row that
 * says how it is recognised by its tensors' names and shapes, and how its operations are emitted.
 * They meet in the maps that a backbone gives, its taps. */

#ifndef SG_NET_NETWORK_H
#define SG_NET_NETWORK_H

#include "graph.h"
#include "segent/segent.h"

enum {
    SG_LAYERS = 4,         /* layers of a ResNet */
    SG_MOBILE_BLOCKS = 15, /* of a MobileNetV3-Large */
    SG_ATROUS = 3,         /* dilated branches of an ASPP */
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

/* Where a fact comes from that names and shapes of tensors do not tell. */
typedef enum sg_origin {
    SG_ASSUMED, /* nobody said: what torchvision builds by default */
    SG_BESIDE,  /* a file beside it says, whose word goes behind that of the file */
    SG_READ,    /* the file says */
    SG_GIVEN    /* the caller said; the file is not asked */
} sg_origin;

/* Channels of a block of a MobileNetV3. */
typedef struct sg_mobile_block {
    int32_t expanded, squeezed, outputs; /* squeezed: 0 where nothing is */
} sg_mobile_block;

/* What the names and shapes of a file's tensors say of its network, or the attributes of a whole
 * module. */
typedef struct sg_facts {
    const struct sg_network_row *row;       /* the head */
    const struct sg_backbone_row *backbone; /* NULL while it is not known */
    int32_t classes;
    bool sigmoid;             /* one output z: two classes, whose logits are 0 and z */
    int32_t output_stride;    /* pixels of the picture for one of the backbone's last map */
    int32_t logits_stride;    /* and for one of the network's logits */
    int32_t rates[SG_ATROUS]; /* dilations of an ASPP's branches; zeros for others */
    sg_origin stride_from, rates_from;
    int32_t width;     /* channels of the first convolution */
    int32_t features;  /* channels of the backbone's last map */
    int32_t head;      /* channels of the head: of each ASPP branch, if it has some */
    int32_t auxiliary; /* channels of the auxiliary classifier; 0: it is not there, or left out */
    bool auxiliary_wanted;
    int32_t blocks[SG_LAYERS];  /* of a ResNet, per layer */
    bool basic;                 /* of a ResNet whose blocks are two 3x3 convolutions */
    int32_t inner;              /* of a ResNet: channels between the 1x1 convolutions of layer1 */
    int32_t groups;             /* of a ResNet: of its 3x3 convolutions */
    bool downsample[SG_LAYERS]; /* of a ResNet: the file has a projection of the layer's input */
    sg_mobile_block mobile[SG_MOBILE_BLOCKS];
} sg_facts;

/* Takes what a network tells of itself: a key and its value (segent_model_property). */
typedef void (*sg_tell_fn)(void *user, const char *key, const char *value);

/* The maps that heads are put on. */
typedef struct sg_backbone_taps {
    sg_map low; /* finer than the last one, or SG_NO_MAP */
    sg_map aux; /* where torchvision puts its auxiliary classifier */
    sg_map out; /* the last one */
} sg_backbone_taps;

typedef struct sg_backbone_row {
    const char *title; /* what sentences call it: "a ResNet" */
    const char *mark;  /* a tensor that no other backbone has: of its first convolution */
    void (*find)(const sg_evidence *evidence, sg_facts *facts); /* fills in its facts */
    sg_backbone_taps (*emit)(sg_graph *graph, sg_map picture, const sg_facts *facts);
    void (*tell)(const sg_facts *facts, sg_tell_fn say, void *user);
    /* Writes its name: torchvision's, such as "resnet101", or one that tells its blocks. */
    void (*name)(const sg_facts *facts, char *name, size_t size);
    /* The facts of the backbone with that name of torchvision's. False: there is none. */
    bool (*named)(const char *name, sg_facts *facts);
} sg_backbone_row;

typedef struct sg_network_row {
    const char *name;  /* torchvision's name of the head: "deeplabv3" */
    const char *title; /* what sentences call it: "a DeepLabV3" */
    const char *mark;  /* a tensor of the head that no other network has */
    void (*find)(const sg_evidence *evidence, sg_facts *facts); /* fills in the head's facts */
    void (*emit)(sg_graph *graph, sg_backbone_taps taps, const sg_facts *facts);
    void (*tell)(const sg_facts *facts, sg_tell_fn say, void *user); /* may be NULL */
    /* The head as torchvision makes it by default, for a backbone that is known. */
    void (*usual)(sg_facts *facts);
} sg_network_row;

/* All rows, and NULL behind the last. */
extern const sg_network_row *const sg_networks[];
extern const sg_backbone_row *const sg_backbones[];

/* Fills in the facts; those that are SG_GIVEN or SG_READ already stay. What is neither backbone nor
 * head fails by evidence->fail. */
void sg_network_find(const sg_evidence *evidence, sg_facts *facts);

/* Names what a file holds in the place of a network of the rows, where it looks like one but is
 * not: a network for pictures of four channels, for example. */
bool sg_network_other(const sg_evidence *evidence, char what[SG_OTHER_SIZE]);

/* The whole list of the network's operations. The main head's come before the auxiliary one's. */
void sg_network_emit(sg_graph *graph, const sg_facts *facts);

/* Tells the network's properties. */
void sg_network_tell(const sg_facts *facts, sg_tell_fn say, void *user);

/* The facts of the network with a name of torchvision's, such as "fcn_resnet50", and VOC's 21
 * classes. A ResNet alone, such as "resnet101", stands for the DeepLabV3 on it. False: there is no
 * network of that name. */
bool sg_network_named(const char *name, sg_facts *facts);

/* ---- pieces that the rows are made of ---- */

bool sg_evidence_holds(const sg_evidence *evidence, const char *tensor);

/* The first dimension of a tensor of rank 4. Fails by evidence->fail unless it is 1 to `most`. */
int32_t sg_evidence_outputs(const sg_evidence *evidence, const sg_facts *facts, const char *tensor,
                            int32_t most);

/* An FCN's head on a map, which torchvision's auxiliary classifiers are as well. */
void sg_fcn_head(sg_graph *graph, sg_map x, const char *scope, int32_t channels,
                 const sg_facts *facts);

/* The last convolution, whose outputs are the classes' logits: finds the number of classes, and
 * emits it. The map that is given in `how` is added. */
void sg_classes_find(const sg_evidence *evidence, const char *tensor, sg_facts *facts);
sg_map sg_classes(sg_graph *graph, sg_map x, const sg_facts *facts, sg_conv how);

#endif
