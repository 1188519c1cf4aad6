/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "model/signature.h"

#include <stdio.h>
#include <string.h>

#define ONLY                                                                          \
    "only DeepLabV3 and FCN on a bottleneck ResNet (50, 101, 152 and the like) with " \
    "torchvision's names "                                                            \
    "can be used"

enum { PATTERNS = 2 };

/* A pattern stands anywhere in a name after its beginning or a dot. One that ends in a dot may be
 * followed by anything, one that begins with '*' is an ending, and any other stands for all that
 * is left of the name. Rank 0 is any rank. The first row whose patterns all occur is the answer. */
typedef struct signature {
    struct {
        const char *text;
        int32_t rank;
    } patterns[PATTERNS];
    const char *what;
    const char *advice; /* NULL: ONLY */
} signature;

static const signature signatures[] = {
    /* Other parametrisations of the weights. */
    {{{"*.weight_orig", 0}, {"*.weight_mask", 0}},
     "weights that were pruned (weight_orig and weight_mask)",
     "call torch.nn.utils.prune.remove() on its modules and save it again"},
    {{{"*.parametrizations.weight.original", 0}},
     "weights under a parametrization",
     "call torch.nn.utils.parametrize.remove_parametrizations() and save it again"},
    {{{"*.parametrizations.weight.original0", 0}},
     "weights under a parametrization",
     "call torch.nn.utils.parametrize.remove_parametrizations() and save it again"},
    {{{"*.weight_v", 0}, {"*.weight_g", 0}},
     "weights under weight normalisation (weight_g and weight_v)",
     "call torch.nn.utils.remove_weight_norm() and save it again"},
    {{{"*.weight_orig", 0}, {"*.weight_u", 0}},
     "weights under spectral normalisation (weight_orig and weight_u)",
     "call torch.nn.utils.remove_spectral_norm() and save it again"},
    {{{"*._packed_params", 0}}, "a quantised network", "save it before it is quantised"},
    {{{"*.zero_point", 0}, {"*.scale", 0}},
     "a quantised network (scale and zero_point)",
     "save it before it is quantised"},
    {{{"*.lora_A.weight", 0}},
     "LoRA adapters",
     "merge them into the network and save its state_dict()"},

    /* Segmentation by other packages. */
    {{{"segformer.", 0}}, "a SegFormer (segformer.)", NULL},
    {{{"pixel_level_module.", 0}}, "a MaskFormer or Mask2Former (pixel_level_module.)", NULL},
    {{{"sem_seg_head.", 0}}, "a segmentation network of Detectron2 (sem_seg_head.)", NULL},
    {{{"image_encoder.", 0}, {"mask_decoder.", 0}},
     "a Segment Anything model (image_encoder., mask_decoder.)",
     NULL},
    {{{"vision_encoder.", 0}, {"mask_decoder.", 0}},
     "a Segment Anything model (vision_encoder., mask_decoder.)",
     NULL},
    {{{"decode_head.", 0}}, "a network of MMSegmentation (decode_head.)", NULL},
    {{{"segmentation_head.", 0}},
     "a network of segmentation_models_pytorch (encoder., decoder., segmentation_head.)",
     NULL},
    {{{"aspp.aspp1.", 0}},
     "a DeepLabV3+ of pytorch-deeplab-xception (aspp.aspp1., decoder.)",
     NULL},
    {{{"decoder.last_conv.", 0}},
     "a DeepLabV3+ of pytorch-deeplab-xception (decoder.last_conv.)",
     NULL},
    {{{"classifier.aspp.", 0}},
     "a DeepLabV3+ of DeepLabV3Plus-Pytorch (classifier.aspp., classifier.project.)",
     NULL},
    {{{"classifier.classifier.0.convs.0.0.weight", 4}},
     "a DeepLabV3 of DeepLabV3Plus-Pytorch (classifier.classifier.)",
     "its names are not torchvision's, and it is mostly trained with an output stride of 16, which "
     "cannot be used"},
    {{{"double_conv.", 0}}, "a U-Net (double_conv.)", NULL},
    {{{"yolo_head.", 0}}, "a detection network (yolo_head.)", NULL},
    {{{"rpn.", 0}}, "a detection network of torchvision, an R-CNN (rpn.)", NULL},
    {{{"roi_heads.", 0}}, "a detection network of torchvision, an R-CNN (roi_heads.)", NULL},
    {{{"backbone.body.", 0}}, "a detection network of torchvision (backbone.body.)", NULL},

    /* Other networks of torchvision. */
    {{{"classifier.cbr.0.weight", 4}}, "an LRASPP on a MobileNetV3", NULL},
    {{{"backbone.0.0.weight", 4}}, "a network on a MobileNetV3", NULL},
    {{{"backbone.features.0.0.weight", 4}}, "a network on a MobileNetV3", NULL},
    {{{"features.0.0.weight", 4}, {"classifier.", 0}},
     "a classification MobileNet, without a segmentation head",
     NULL},
    {{{"layer1.0.conv1.weight", 4}, {"fc.weight", 0}},
     "a classification ResNet, without a segmentation head",
     NULL},
    {{{"conv_proj.weight", 4}, {"encoder.layers.", 0}}, "a vision transformer", NULL},
    {{{"blocks.0.attn.qkv.weight", 2}}, "a vision transformer", NULL},
};

enum { ROWS = sizeof(signatures) / sizeof(signatures[0]) };

/* Whether a pattern stands at a place in a name, which follows the name's beginning or a dot. */
static bool stands_at(const char *pattern, const char *at)
{
    const size_t bytes = strlen(pattern);
    return strncmp(at, pattern, bytes) == 0 && (pattern[bytes - 1] == '.' || at[bytes] == '\0');
}

static bool is_ending(const char *pattern, const char *name, size_t length)
{
    const size_t bytes = strlen(pattern) - 1; /* without the star */
    return length >= bytes && memcmp(name + length - bytes, pattern + 1, bytes) == 0;
}

/* Sets a bit for each pattern of a row that stands at `at`, or, if that is the name's beginning, is
 * its ending. */
static void look_at(const segent_tensor_info *tensor, size_t length, const char *at,
                    unsigned char found[ROWS])
{
    for (size_t row = 0; row < ROWS; row++) {
        for (int i = 0; i < PATTERNS && signatures[row].patterns[i].text; i++) {
            const char *pattern = signatures[row].patterns[i].text;
            const int32_t rank = signatures[row].patterns[i].rank;
            if ((found[row] >> i & 1) || (rank != 0 && rank != tensor->rank))
                continue;
            if (pattern[0] == '*' ? at == tensor->name && is_ending(pattern, at, length)
                                  : *at == *pattern && stands_at(pattern, at))
                found[row] |= (unsigned char)(1 << i);
        }
    }
}

static void look(const segent_tensor_info *tensor, const bool begins[256],
                 unsigned char found[ROWS])
{
    const size_t length = strlen(tensor->name);
    const char *at = tensor->name;
    look_at(tensor, length, at, found);
    while ((at = strchr(at, '.'))) {
        at++;
        if (begins[(unsigned char)*at])
            look_at(tensor, length, at, found);
    }
}

/* The characters that patterns begin with: most parts of names need no closer look. */
static void list_beginnings(bool begins[256])
{
    memset(begins, 0, 256 * sizeof(bool));
    for (size_t row = 0; row < ROWS; row++) {
        for (int i = 0; i < PATTERNS && signatures[row].patterns[i].text; i++)
            begins[(unsigned char)signatures[row].patterns[i].text[0]] = true;
    }
}

static bool is_complete(size_t row, unsigned char found)
{
    for (int i = 0; i < PATTERNS && signatures[row].patterns[i].text; i++) {
        if (!(found >> i & 1))
            return false;
    }
    return true;
}

/* Whether only an optimizer's numbers are there: no tensor has the name of a weight. */
static bool is_optimizer(const char *name, bool *weights)
{
    const char *dot = strrchr(name, '.');
    const char *last = dot ? dot + 1 : name;
    *weights = *weights || strcmp(last, "weight") == 0 || strcmp(last, "bias") == 0;
    return strcmp(last, "exp_avg") == 0 || strcmp(last, "momentum_buffer") == 0;
}

segent_status sg_signature_fail(segent_context *context, const segent_checkpoint *checkpoint,
                                const char *prefix)
{
    unsigned char found[ROWS] = {0};
    bool optimizer = false, weights = false, begins[256];
    const size_t length = strlen(prefix);
    const int64_t count = segent_checkpoint_count(checkpoint);
    const char *label = sg_checkpoint_label(checkpoint);
    list_beginnings(begins);
    for (int64_t i = sg_checkpoint_lower(checkpoint, prefix); i < count; i++) {
        segent_tensor_info tensor = {.struct_size = sizeof(tensor)};
        const int64_t index = sg_checkpoint_ordered(checkpoint, i);
        const segent_status status = sg_checkpoint_tensor(context, checkpoint, index, &tensor);
        if (status != SEGENT_OK)
            return status;
        if (strncmp(tensor.name, prefix, length) != 0)
            break;
        look(&tensor, begins, found);
        optimizer = is_optimizer(tensor.name, &weights) || optimizer;
    }
    for (size_t row = 0; row < ROWS; row++) {
        if (is_complete(row, found[row]))
            return sg_fail(context, SEGENT_ERROR_MODEL, "%s: holds %s; %s", label,
                           signatures[row].what,
                           signatures[row].advice ? signatures[row].advice : ONLY);
    }
    if (optimizer && !weights)
        return sg_fail(context, SEGENT_ERROR_MODEL,
                       "%s: holds the state of an optimizer and no weights", label);
    return SEGENT_OK;
}

const char *sg_signature_of_missing(const segent_checkpoint *checkpoint, const char *name)
{
    static const struct {
        const char *ending, *what;
    } others[] = {
        {"_mask", "was pruned: call torch.nn.utils.prune.remove() on its module and save again"},
        {"_orig", "is there as ..._orig, which a hook of torch.nn.utils changes: remove that and "
                  "save again"},
        {"_v", "is under weight normalisation: call torch.nn.utils.remove_weight_norm() and save "
               "again"},
    };
    char other[1200];
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        snprintf(other, sizeof(other), "%s%s", name, others[i].ending);
        if (sg_checkpoint_find(checkpoint, other) >= 0)
            return others[i].what;
    }
    return NULL;
}
