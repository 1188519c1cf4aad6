/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The table of networks and files that are recognised. A new kind is a row here, a case in
 * tests/network/test_signatures.c, and, if it needs advice of its own, a line in docs/formats.md.
 */

#include "model/signature.h"

#include <stddef.h>

/* What to do with a network that gives every class a logit at every pixel. */
#define LOGITS                                                                                 \
    "run it in its own package and give its logits to segent_uncertainty_from_logits, or use " \
    "a network of torchvision.models.segmentation"

/* What to do with a network that finds objects or masks, and so has no such logits. */
#define OBJECTS                                                                        \
    "it finds objects and has no logits of classes for every pixel; use a network of " \
    "torchvision.models.segmentation"

/* What to do with a network that names or describes whole pictures. */
#define PICTURES                                                                                 \
    "train a network of torchvision.models.segmentation, whose ResNet or MobileNetV3 may begin " \
    "with a classifier's weights"

#define NOT_PICTURES "use a network of torchvision.models.segmentation"

#define FRAMEWORK                                                                                \
    "convert them to the state_dict of a network of torchvision.models.segmentation, or run it " \
    "in its own framework and give its logits to segent_uncertainty_from_logits"

#define PARAMETRIZATION \
    "call torch.nn.utils.parametrize.remove_parametrizations() and save it again"

#define ONLY                                                                                \
    "only DeepLabV3, FCN and LR-ASPP on a ResNet or MobileNetV3-Large, with torchvision's " \
    "names, can be used"

const sg_signature sg_signatures[] = {
    /* ---- other forms of the weights ---- */
    {{{"*.weight_orig", 0}, {"*.weight_mask", 0}},
     "weights that were pruned (weight_orig and weight_mask)",
     "call torch.nn.utils.prune.remove() on its modules and save it again"},
    {{{"*.parametrizations.weight.original", 0}},
     "weights under a parametrization (weight.original)",
     PARAMETRIZATION},
    {{{"*.parametrizations.weight.original0", 0}},
     "weights under a parametrization (weight.original0)",
     PARAMETRIZATION},
    {{{"*.weight_v", 0}, {"*.weight_g", 0}},
     "weights under weight normalisation (weight_g and weight_v)",
     "call torch.nn.utils.remove_weight_norm() and save it again"},
    {{{"*.weight_orig", 0}, {"*.weight_u", 0}},
     "weights under spectral normalisation (weight_orig and weight_u)",
     "call torch.nn.utils.remove_spectral_norm() and save it again"},
    {{{"*._packed_params", 0}},
     "a quantised network (_packed_params)",
     "save it before it is quantised"},
    {{{"*.zero_point", 0}, {"*.scale", 0}},
     "a quantised network (scale and zero_point)",
     "save it before it is quantised"},
    {{{"*.lora_A.weight", 0}},
     "LoRA adapters",
     "merge them into the network and save its state_dict()"},

    /* ---- other frameworks ---- */
    {{{"*/kernel:0", 0}},
     "weights of TensorFlow or Keras (names such as conv/kernel:0)",
     FRAMEWORK},
    {{{"*/weights", 4}}, "weights of TensorFlow (names such as conv1/weights)", FRAMEWORK},
    {{{"*/kernel", 4}}, "weights of Keras or Flax (names such as conv/kernel)", FRAMEWORK},
    {{{"*.kernel", 4}}, "weights of Flax (names such as conv.kernel)", FRAMEWORK},

    /* ---- segmentation, by libraries ---- */
    {{{"segformer.encoder.", 0}},
     "a SegFormer of Hugging Face's transformers (segformer.encoder., decode_head.)",
     LOGITS},
    {{{"decode_head.linear_c4.", 0}},
     "a SegFormer of its authors' code on MMSegmentation (decode_head.linear_c4.)",
     LOGITS},
    {{{"pixel_level_module.", 0}, {"task_encoder.", 0}},
     "a OneFormer of Hugging Face's transformers (pixel_level_module., task_encoder.)",
     OBJECTS},
    {{{"pixel_level_module.", 0}},
     "a MaskFormer or Mask2Former of Hugging Face's transformers (pixel_level_module.)",
     OBJECTS},
    {{{"sem_seg_head.pixel_decoder.", 0}, {"task_mlp.", 0}},
     "a OneFormer on Detectron2 (sem_seg_head.pixel_decoder., task_mlp.)",
     OBJECTS},
    {{{"sem_seg_head.pixel_decoder.", 0}},
     "a MaskFormer or Mask2Former on Detectron2 (sem_seg_head.pixel_decoder.)",
     OBJECTS},
    {{{"sem_seg_head.", 0}}, "a segmentation network of Detectron2 (sem_seg_head.)", LOGITS},
    {{{"image_encoder.", 0}, {"sam_mask_decoder.", 0}},
     "a Segment Anything model, SAM 2 (image_encoder., sam_mask_decoder.)",
     OBJECTS},
    {{{"image_encoder.", 0}, {"mask_decoder.", 0}},
     "a Segment Anything model (image_encoder., mask_decoder.)",
     OBJECTS},
    {{{"vision_encoder.", 0}, {"mask_decoder.", 0}},
     "a Segment Anything model of Hugging Face's transformers (vision_encoder., mask_decoder.)",
     OBJECTS},
    {{{"decode_head.conv_seg.weight", 4}},
     "a network of MMSegmentation (backbone., decode_head.conv_seg.)",
     LOGITS},
    {{{"decode_head.classifier.weight", 4}},
     "a segmentation network of Hugging Face's transformers (decode_head.classifier.)",
     LOGITS},
    {{{"decode_head.", 0}}, "a network such as MMSegmentation's (decode_head.)", LOGITS},
    {{{"segmentation_head.classifier.convolution.weight", 4}},
     "a segmentation network of Hugging Face's transformers (segmentation_head.classifier.)",
     LOGITS},
    {{{"decoder.0.convs.0.0.weight", 4}, {"segmentation_head.0.weight", 4}},
     "a DeepLabV3 of segmentation_models_pytorch (encoder., decoder.0.convs., segmentation_head.)",
     "it is not torchvision's under other names, as its dilations and its last interpolation "
     "differ; " LOGITS},
    {{{"segmentation_head.", 0}},
     "a network of segmentation_models_pytorch (encoder., decoder., segmentation_head.)",
     LOGITS},
    {{{"neck.reassemble_stage.", 0}},
     "a DPT of Hugging Face's transformers (neck.reassemble_stage.)",
     LOGITS},
    {{{"decoder.film_mul.weight", 2}},
     "a CLIPSeg of Hugging Face's transformers (decoder.film_mul.)",
     OBJECTS},

    /* ---- segmentation, by repositories ---- */
    {{{"classifier.aspp.", 0}},
     "a DeepLabV3+ of DeepLabV3Plus-Pytorch (classifier.aspp., classifier.project.)",
     LOGITS},
    {{{"classifier.classifier.0.convs.0.0.weight", 4}, {"backbone.conv1.weight", 4}},
     "a DeepLabV3 of DeepLabV3Plus-Pytorch (classifier.classifier.)",
     "rename classifier.classifier. to classifier., and use it with the output stride and the "
     "rates that it was trained with: mostly 16 and 6, 12, 18"},
    {{{"classifier.classifier.0.convs.0.0.weight", 4}},
     "a DeepLabV3 of DeepLabV3Plus-Pytorch on another backbone than a ResNet "
     "(classifier.classifier.)",
     LOGITS},
    {{{"aspp.aspp1.", 0}},
     "a DeepLabV3+ of pytorch-deeplab-xception (aspp.aspp1., decoder.)",
     LOGITS},
    {{{"decoder.last_conv.", 0}},
     "a DeepLabV3+ of pytorch-deeplab-xception (decoder.last_conv.)",
     LOGITS},
    {{{"cat_conv.", 0}, {"cls_conv.weight", 4}},
     "a DeepLabV3+ of deeplabv3-plus-pytorch (aspp., shortcut_conv., cat_conv., cls_conv.)",
     LOGITS},
    {{{"layer1.conv1.conv.weight", 4}, {"aspp.", 0}},
     "a DeepLab of deeplab-pytorch (layer1.conv1.conv., aspp.)",
     LOGITS},
    {{{"ppm.features.", 0}}, "a PSPNet of semseg (ppm.features., cls.)", LOGITS},
    {{{"fuse_layers.", 0}, {"last_layer.", 0}},
     "an HRNet for segmentation (fuse_layers., last_layer.)",
     LOGITS},
    {{{"double_conv.", 0}}, "a U-Net of Pytorch-UNet (inc.double_conv., down1.)", LOGITS},
    {{{"decoder.seg_layers.", 0}}, "an nnU-Net (encoder.stages., decoder.seg_layers.)", LOGITS},
    {{{"conv.unit0.conv.weight", 0}}, "a U-Net of MONAI (conv.unit0.conv.)", LOGITS},

    /* ---- detection ---- */
    {{{"0.conv.weight", 4}, {"m.0.cv1.conv.weight", 4}},
     "a YOLO of Ultralytics (model.0.conv., m.0.cv1.conv.)",
     OBJECTS},
    {{{"yolo_head.", 0}}, "a detection network (yolo_head.)", OBJECTS},
    {{{"proposal_generator.", 0}},
     "a detection network of Detectron2 (proposal_generator.)",
     OBJECTS},
    {{{"backbone.bottom_up.", 0}},
     "a detection network of Detectron2 (backbone.bottom_up.)",
     OBJECTS},
    {{{"rpn.head.", 0}},
     "a detection network of torchvision, an R-CNN (backbone.body., rpn.)",
     OBJECTS},
    {{{"roi_heads.", 0}}, "a detection network, an R-CNN (roi_heads.)", OBJECTS},
    {{{"head.classification_head.", 0}},
     "a detection network of torchvision (head.classification_head.)",
     OBJECTS},
    {{{"backbone.body.", 0}}, "a detection network of torchvision (backbone.body.)", OBJECTS},
    {{{"rpn_head.", 0}}, "a detection network of MMDetection (rpn_head.)", OBJECTS},
    {{{"bbox_head.", 0}}, "a detection network of MMDetection (bbox_head.)", OBJECTS},
    {{{"bbox_embed.", 0}}, "a DETR, a detection network (class_embed., bbox_embed.)", OBJECTS},
    {{{"class_labels_classifier.weight", 2}},
     "a DETR of Hugging Face's transformers, a detection network (class_labels_classifier.)",
     OBJECTS},

    /* ---- pictures and words ---- */
    {{{"text_projection", 2}, {"visual.", 0}},
     "a CLIP, without a segmentation head (visual., text_projection)",
     PICTURES},
    {{{"text_model.", 0}, {"vision_model.", 0}},
     "a CLIP of Hugging Face's transformers, without a segmentation head (text_model., "
     "vision_model.)",
     PICTURES},
    {{{"diffusion_model.", 0}},
     "a diffusion model, which makes pictures (diffusion_model.)",
     NOT_PICTURES},
    {{{"down_blocks.0.resnets.", 0}},
     "a diffusion model, which makes pictures (down_blocks.0.resnets.)",
     NOT_PICTURES},
    {{{"embed_tokens.weight", 2}, {"layers.0.self_attn.q_proj.weight", 2}},
     "a language model (embed_tokens., layers.0.self_attn.)",
     NOT_PICTURES},
    {{{"wte.weight", 2}, {"h.0.attn.c_attn.weight", 2}},
     "a language model (wte., h.0.attn.)",
     NOT_PICTURES},
    {{{"embeddings.word_embeddings.weight", 2}},
     "a language model (embeddings.word_embeddings.)",
     NOT_PICTURES},

    /* ---- classification ---- */
    {{{"layer1.0.conv1.weight", 4}, {"fc.weight", 2}, {"!backbone.", 0}},
     "a classification ResNet, without a segmentation head (layer1., fc.)",
     PICTURES},
    {{{"features.0.0.weight", 4}, {"classifier.", 0}},
     "a classification MobileNet, EfficientNet or ConvNeXt of torchvision, without a segmentation "
     "head (features., classifier.)",
     PICTURES},
    {{{"features.0.weight", 4}, {"classifier.6.weight", 2}},
     "a classification VGG or AlexNet, without a segmentation head (features., classifier.6.)",
     PICTURES},
    {{{"features.conv0.weight", 4}, {"classifier.weight", 2}},
     "a classification DenseNet, without a segmentation head (features.conv0., classifier.)",
     PICTURES},
    {{{"conv_stem.weight", 4}, {"conv_head.weight", 4}},
     "a classification network of timm, without a segmentation head (conv_stem., conv_head.)",
     PICTURES},
    {{{"stages.0.blocks.0.", 0}, {"head.fc.weight", 2}},
     "a classification network of timm, without a segmentation head (stages.0.blocks.0., head.fc.)",
     PICTURES},
    {{{"incre_modules.", 0}},
     "a classification HRNet, without a segmentation head (incre_modules.)",
     PICTURES},
    {{{"conv_proj.weight", 4}, {"encoder.layers.", 0}},
     "a vision transformer of torchvision, without a segmentation head (conv_proj., "
     "encoder.layers.)",
     PICTURES},
    {{{"features.1.0.attn.qkv.weight", 2}},
     "a Swin transformer of torchvision, without a segmentation head (features.1.0.attn.qkv.)",
     PICTURES},
    {{{"blocks.0.attn.qkv.weight", 2}},
     "a vision transformer of timm, DINO and the like, without a segmentation head "
     "(blocks.0.attn.qkv.)",
     PICTURES},
    {{{"embeddings.patch_embeddings.", 0}},
     "a vision network of Hugging Face's transformers, without a segmentation head "
     "(embeddings.patch_embeddings.)",
     PICTURES},
    {{{"embedder.embedder.convolution.weight", 4}},
     "a ResNet of Hugging Face's transformers, without a segmentation head (embedder.embedder.)",
     PICTURES},
    {{{"features.0.weight", 4}, {"features.3.squeeze.weight", 4}},
     "a classification SqueezeNet, without a segmentation head (features.3.squeeze.)",
     PICTURES},
    {{{"backbone.", 0}, {"head.fc.weight", 2}},
     "a classification network of MMPretrain, without a segmentation head (backbone., head.fc.)",
     PICTURES},
    {{{"layer1.0.conv1.weight", 4}, {"!backbone.", 0}},
     "a ResNet without the backbone. and classifier. of torchvision's networks (layer1.)",
     "use a whole network of torchvision.models.segmentation, which such a ResNet can begin"},

    {{{"fc.weight", 2}, {"!backbone.", 0}},
     "a classification network, without a segmentation head (fc.)",
     PICTURES},
    {{{"classifier.1.weight", 2}, {"!backbone.", 0}},
     "a classification network, without a segmentation head (classifier.1.)",
     PICTURES},

    /* ---- other networks of torchvision ---- */
    {{{"backbone.features.0.0.weight", 4}}, "a network on a MobileNet (backbone.features.)", ONLY},

    {{{NULL, 0}}, NULL, NULL},
};
