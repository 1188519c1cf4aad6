/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Files of other people's networks, with a few of the names that their packages give to tensors:
 * every row of the table is met by one, and torchvision's own networks by none. */

#include "common.h"

#include "model/find.h"
#include "model/signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES = 8, NAME_SIZE = 160 };

/* Names after the tensors' ranks: "4 conv1.weight". */
typedef struct sample {
    const char *what; /* the row's, or its beginning */
    const char *names[NAMES];
} sample;

static const sample samples[] = {
    {"weights that were pruned",
     {"4 backbone.conv1.weight_orig", "4 backbone.conv1.weight_mask", "1 backbone.bn1.weight"}},
    {"weights under a parametrization (weight.original)",
     {"4 backbone.conv1.parametrizations.weight.original", "1 backbone.bn1.weight"}},
    {"weights under a parametrization (weight.original0)",
     {"4 backbone.conv1.parametrizations.weight.original0",
      "4 backbone.conv1.parametrizations.weight.original1"}},
    {"weights under weight normalisation",
     {"4 backbone.conv1.weight_g", "4 backbone.conv1.weight_v"}},
    {"weights under spectral normalisation",
     {"4 backbone.conv1.weight_orig", "1 backbone.conv1.weight_u", "1 backbone.conv1.weight_v"}},
    {"a quantised network (_packed_params)", {"1 classifier.4._packed_params"}},
    {"a quantised network (scale and zero_point)",
     {"0 backbone.conv1.scale", "0 backbone.conv1.zero_point", "4 backbone.conv1.weight"}},
    {"LoRA adapters", {"2 base_model.model.q_proj.lora_A.weight"}},

    {"weights of TensorFlow or Keras",
     {"4 conv1_conv/kernel:0", "1 conv1_bn/gamma:0", "1 conv1_bn/moving_mean:0"}},
    {"weights of TensorFlow (names such as conv1/weights)",
     {"4 resnet_v1_101/block1/unit_1/bottleneck_v1/conv1/weights",
      "1 resnet_v1_101/block1/unit_1/bottleneck_v1/conv1/BatchNorm/gamma",
      "4 logits/semantic/weights"}},
    {"weights of Keras or Flax", {"4 params/conv_init/kernel", "1 params/bn_init/scale"}},
    {"weights of Flax", {"4 params.conv_init.kernel", "1 params.bn_init.scale"}},

    {"a SegFormer of Hugging Face's",
     {"4 segformer.encoder.patch_embeddings.0.proj.weight",
      "2 segformer.encoder.block.0.0.attention.self.query.weight",
      "2 decode_head.linear_c.0.proj.weight", "4 decode_head.linear_fuse.weight",
      "1 decode_head.batch_norm.weight", "4 decode_head.classifier.weight"}},
    {"a SegFormer of its authors' code",
     {"4 backbone.patch_embed1.proj.weight", "2 backbone.block1.0.attn.q.weight",
      "2 decode_head.linear_c4.proj.weight", "4 decode_head.linear_fuse.conv.weight",
      "4 decode_head.linear_pred.weight", "4 decode_head.conv_seg.weight"}},
    {"a OneFormer of Hugging Face's",
     {"4 model.pixel_level_module.encoder.embeddings.patch_embeddings.projection.weight",
      "2 model.task_encoder.task_mlp.layers.0.0.weight",
      "2 model.transformer_module.queries_embedder.weight", "1 criterion.empty_weight"}},
    {"a MaskFormer or Mask2Former of Hugging Face's",
     {"4 model.pixel_level_module.encoder.embeddings.patch_embeddings.projection.weight",
      "2 model.transformer_module.queries_embedder.weight", "2 class_predictor.weight",
      "1 criterion.empty_weight"}},
    {"a OneFormer on Detectron2",
     {"4 backbone.patch_embed.proj.weight", "4 sem_seg_head.pixel_decoder.adapter_1.weight",
      "2 sem_seg_head.predictor.class_embed.weight", "2 task_mlp.layers.0.weight"}},
    {"a MaskFormer or Mask2Former on Detectron2",
     {"4 backbone.stem.conv1.weight", "4 backbone.res2.0.conv1.weight",
      "4 sem_seg_head.pixel_decoder.adapter_1.weight",
      "2 sem_seg_head.predictor.class_embed.weight"}},
    {"a segmentation network of Detectron2",
     {"4 backbone.stem.conv1.weight", "4 backbone.res2.0.conv1.weight",
      "4 sem_seg_head.decoder.res5.project_conv.convs.0.weight",
      "4 sem_seg_head.predictor.weight"}},
    {"a Segment Anything model, SAM 2",
     {"4 image_encoder.trunk.patch_embed.proj.weight", "2 sam_mask_decoder.iou_token.weight",
      "2 sam_prompt_encoder.no_mask_embed.weight"}},
    {"a Segment Anything model (image_encoder.",
     {"4 image_encoder.pos_embed", "4 image_encoder.patch_embed.proj.weight",
      "2 prompt_encoder.no_mask_embed.weight", "2 mask_decoder.iou_token.weight"}},
    {"a Segment Anything model of Hugging Face's",
     {"4 vision_encoder.pos_embed", "4 vision_encoder.patch_embed.projection.weight",
      "2 prompt_encoder.no_mask_embed.weight", "2 mask_decoder.iou_token.weight"}},
    {"a network of MMSegmentation",
     {"4 backbone.stem.0.weight", "4 backbone.layer1.0.conv1.weight",
      "4 decode_head.conv_seg.weight", "4 decode_head.image_pool.1.conv.weight",
      "4 decode_head.aspp_modules.0.conv.weight", "4 auxiliary_head.conv_seg.weight",
      "4 backbone.conv1.weight"}},
    {"a segmentation network of Hugging Face's transformers (decode_head.classifier.)",
     {"4 backbone.embedder.embedder.convolution.weight",
      "4 decode_head.psp_modules.0.1.conv.weight", "4 decode_head.classifier.weight",
      "4 auxiliary_head.classifier.weight"}},
    {"a network such as MMSegmentation's",
     {"4 backbone.conv1.weight", "2 decode_head.query_embed.weight",
      "4 decode_head.pixel_decoder.input_convs.0.conv.weight"}},
    {"a segmentation network of Hugging Face's transformers (segmentation_head.",
     {"4 mobilevit.conv_stem.convolution.weight",
      "4 segmentation_head.aspp.convs.0.convolution.weight",
      "4 segmentation_head.classifier.convolution.weight"}},
    {"a DeepLabV3 of segmentation_models_pytorch",
     {"4 encoder.conv1.weight", "4 encoder.layer1.0.conv1.weight", "4 decoder.0.convs.0.0.weight",
      "4 decoder.1.weight", "1 decoder.2.weight", "4 segmentation_head.0.weight"}},
    {"a network of segmentation_models_pytorch",
     {"4 encoder.conv1.weight", "4 encoder.layer1.0.conv1.weight",
      "4 decoder.aspp.0.convs.0.0.weight", "4 decoder.block1.0.weight",
      "4 segmentation_head.0.weight"}},
    {"a DPT of Hugging Face's",
     {"4 dpt.embeddings.patch_embeddings.projection.weight",
      "4 neck.reassemble_stage.layers.0.projection.weight", "4 head.head.0.weight"}},
    {"a CLIPSeg of Hugging Face's",
     {"2 clip.text_projection.weight", "2 decoder.film_mul.weight",
      "4 decoder.transposed_convolution.weight"}},

    {"a DeepLabV3+ of DeepLabV3Plus-Pytorch",
     {"4 backbone.conv1.weight", "4 classifier.project.0.weight",
      "4 classifier.aspp.convs.0.0.weight", "4 classifier.classifier.0.weight"}},
    {"a DeepLabV3 of DeepLabV3Plus-Pytorch (classifier.classifier.)",
     {"4 backbone.conv1.weight", "4 classifier.classifier.0.convs.0.0.weight",
      "4 classifier.classifier.0.project.0.weight", "4 classifier.classifier.4.weight"}},
    {"a DeepLabV3 of DeepLabV3Plus-Pytorch on another backbone",
     {"4 backbone.high_level_features.4.conv.0.weight",
      "4 classifier.classifier.0.convs.0.0.weight", "4 classifier.classifier.4.weight"}},
    {"a DeepLabV3+ of pytorch-deeplab-xception (aspp.aspp1.",
     {"4 backbone.conv1.weight", "4 aspp.aspp1.atrous_conv.weight",
      "4 aspp.global_avg_pool.1.weight", "4 decoder.conv1.weight", "4 decoder.last_conv.0.weight"}},
    {"a DeepLabV3+ of pytorch-deeplab-xception (decoder.last_conv.)",
     {"4 backbone.conv1.weight", "4 decoder.conv1.weight", "4 decoder.last_conv.0.weight"}},
    {"a DeepLabV3+ of deeplabv3-plus-pytorch",
     {"4 backbone.features.0.0.weight", "4 aspp.branch1.0.weight", "4 shortcut_conv.0.weight",
      "4 cat_conv.0.weight", "4 cls_conv.weight"}},
    {"a DeepLab of deeplab-pytorch",
     {"4 base.layer1.conv1.conv.weight", "1 base.layer1.conv1.bn.weight",
      "4 base.layer2.block1.reduce.conv.weight", "4 base.aspp.c0.weight"}},
    {"a PSPNet of semseg",
     {"4 layer0.0.weight", "4 layer1.0.conv1.weight", "4 ppm.features.0.1.weight", "4 cls.0.weight",
      "4 aux.0.weight"}},
    {"an HRNet for segmentation",
     {"4 conv1.weight", "4 layer1.0.conv1.weight", "4 stage2.0.fuse_layers.0.1.0.weight",
      "4 last_layer.0.weight"}},
    {"a U-Net of Pytorch-UNet",
     {"4 inc.double_conv.0.weight", "4 down1.maxpool_conv.1.double_conv.0.weight",
      "4 up1.up.weight", "4 outc.conv.weight"}},
    {"an nnU-Net",
     {"4 encoder.stages.0.0.convs.0.conv.weight", "4 decoder.stages.0.convs.0.conv.weight",
      "4 decoder.seg_layers.0.weight"}},
    {"a U-Net of MONAI", {"4 model.0.conv.unit0.conv.weight", "4 model.2.0.conv.weight"}},

    {"a YOLO of Ultralytics",
     {"4 model.0.conv.weight", "1 model.0.bn.weight", "4 model.2.cv1.conv.weight",
      "4 model.2.m.0.cv1.conv.weight", "4 model.22.cv2.0.0.conv.weight",
      "4 model.22.dfl.conv.weight"}},
    {"a detection network (yolo_head.)",
     {"4 backbone.conv1.weight", "4 yolo_head.heads.0.0.conv.weight"}},
    {"a detection network of Detectron2 (proposal_generator.)",
     {"4 backbone.bottom_up.stem.conv1.weight", "4 proposal_generator.rpn_head.conv.weight",
      "2 roi_heads.box_predictor.cls_score.weight"}},
    {"a detection network of Detectron2 (backbone.bottom_up.)",
     {"4 backbone.bottom_up.stem.conv1.weight", "4 backbone.fpn_lateral3.weight",
      "4 head.cls_subnet.0.weight"}},
    {"a detection network of torchvision, an R-CNN",
     {"4 backbone.body.conv1.weight", "4 rpn.head.conv.0.0.weight",
      "2 roi_heads.box_predictor.cls_score.weight"}},
    {"a detection network, an R-CNN",
     {"4 backbone.conv1.weight", "2 roi_heads.box_predictor.cls_score.weight"}},
    {"a detection network of torchvision (head.classification_head.)",
     {"4 backbone.body.conv1.weight", "4 head.classification_head.cls_logits.weight",
      "4 head.regression_head.bbox_reg.weight"}},
    {"a detection network of torchvision (backbone.body.)",
     {"4 backbone.body.conv1.weight", "4 backbone.fpn.inner_blocks.0.0.weight"}},
    {"a detection network of MMDetection (rpn_head.)",
     {"4 backbone.conv1.weight", "4 rpn_head.rpn_conv.weight",
      "2 roi_head.bbox_head.fc_cls.weight"}},
    {"a detection network of MMDetection (bbox_head.)",
     {"4 backbone.conv1.weight", "4 bbox_head.retina_cls.weight"}},
    {"a DETR, a detection network",
     {"2 transformer.encoder.layers.0.linear1.weight", "2 class_embed.weight",
      "2 bbox_embed.layers.0.weight", "4 backbone.0.body.conv1.weight"}},
    {"a DETR of Hugging Face's",
     {"4 model.backbone.conv_encoder.model.conv1.weight", "2 class_labels_classifier.weight",
      "2 bbox_predictor.layers.0.weight"}},

    {"a CLIP, without",
     {"2 text_projection", "4 visual.conv1.weight", "2 visual.proj",
      "2 transformer.resblocks.0.attn.in_proj_weight"}},
    {"a CLIP of Hugging Face's",
     {"2 text_model.embeddings.token_embedding.weight",
      "4 vision_model.embeddings.patch_embedding.weight", "2 text_projection.weight"}},
    {"a diffusion model, which makes pictures (diffusion_model.)",
     {"4 model.diffusion_model.input_blocks.0.0.weight",
      "4 first_stage_model.encoder.conv_in.weight"}},
    {"a diffusion model, which makes pictures (down_blocks",
     {"4 conv_in.weight", "4 down_blocks.0.resnets.0.conv1.weight"}},
    {"a language model (embed_tokens.",
     {"2 model.embed_tokens.weight", "2 model.layers.0.self_attn.q_proj.weight",
      "2 lm_head.weight"}},
    {"a language model (wte.",
     {"2 transformer.wte.weight", "2 transformer.h.0.attn.c_attn.weight", "2 lm_head.weight"}},
    {"a language model (embeddings.word_embeddings.)",
     {"2 embeddings.word_embeddings.weight", "2 encoder.layer.0.attention.self.query.weight"}},

    {"a classification ResNet",
     {"4 conv1.weight", "1 bn1.weight", "4 layer1.0.conv1.weight", "2 fc.weight", "1 fc.bias"}},
    {"a classification MobileNet",
     {"4 features.0.0.weight", "4 features.1.block.0.0.weight", "2 classifier.0.weight",
      "2 classifier.3.weight"}},
    {"a classification VGG",
     {"4 features.0.weight", "4 features.3.weight", "2 classifier.0.weight",
      "2 classifier.6.weight"}},
    {"a classification DenseNet",
     {"4 features.conv0.weight", "4 features.denseblock1.denselayer1.conv1.weight",
      "2 classifier.weight"}},
    {"a classification network of timm, without a segmentation head (conv_stem.",
     {"4 conv_stem.weight", "4 blocks.0.0.conv_dw.weight", "4 conv_head.weight",
      "2 classifier.weight"}},
    {"a classification network of timm, without a segmentation head (stages.",
     {"4 stem.0.weight", "4 stages.0.blocks.0.conv_dw.weight", "2 head.fc.weight"}},
    {"a classification HRNet",
     {"4 conv1.weight", "4 stage2.0.fuse_layers.0.1.0.weight", "4 incre_modules.0.0.conv1.weight",
      "2 classifier.weight"}},
    {"a vision transformer of torchvision",
     {"3 class_token", "4 conv_proj.weight", "3 encoder.pos_embedding",
      "2 encoder.layers.encoder_layer_0.mlp.0.weight", "2 heads.head.weight"}},
    {"a Swin transformer of torchvision",
     {"4 features.0.0.weight", "2 features.1.0.attn.qkv.weight", "2 head.weight"}},
    {"a vision transformer of timm",
     {"3 cls_token", "4 patch_embed.proj.weight", "2 blocks.0.attn.qkv.weight", "2 head.weight"}},
    {"a vision network of Hugging Face's",
     {"4 vit.embeddings.patch_embeddings.projection.weight",
      "2 vit.encoder.layer.0.attention.attention.query.weight", "2 classifier.weight"}},
    {"a ResNet of Hugging Face's",
     {"4 resnet.embedder.embedder.convolution.weight",
      "4 resnet.encoder.stages.0.layers.0.shortcut.convolution.weight", "2 classifier.1.weight"}},
    {"a classification SqueezeNet",
     {"4 features.0.weight", "4 features.3.squeeze.weight", "4 classifier.1.weight"}},
    {"a classification network of MMPretrain",
     {"4 backbone.conv1.weight", "4 backbone.layer1.0.conv1.weight", "2 head.fc.weight"}},
    {"a classification network, without a segmentation head (fc.)",
     {"4 stem.conv.weight", "4 s1.b1.conv1.conv.weight", "2 head.fc.weight"}},
    {"a classification network, without a segmentation head (classifier.1.)",
     {"4 layers.0.weight", "4 layers.8.0.layers.0.weight", "2 classifier.1.weight"}},
    {"a ResNet without",
     {"4 conv1.weight", "1 bn1.weight", "4 layer1.0.conv1.weight", "4 layer4.2.conv3.weight"}},

    {"a network on a MobileNet (backbone.features.)",
     {"4 backbone.features.0.0.weight", "4 backbone.features.1.block.0.0.weight",
      "4 head.0.weight"}},
};

enum { SAMPLES = sizeof(samples) / sizeof(samples[0]) };

/* Names of torchvision's own segmentation networks, which no row may be met by. */
static const char *const backbones[][NAMES] = {
    {"4 backbone.conv1.weight", "1 backbone.bn1.weight", "4 backbone.layer1.0.conv1.weight",
     "4 backbone.layer1.0.downsample.0.weight", "4 backbone.layer4.2.conv3.weight",
     "2 backbone.fc.weight"},
    {"4 backbone.0.0.weight", "1 backbone.0.1.weight", "4 backbone.1.block.0.0.weight",
     "4 backbone.4.block.2.fc1.weight", "4 backbone.4.block.3.0.weight", "4 backbone.16.0.weight"},
};
static const char *const heads[][NAMES] = {
    {"4 classifier.0.convs.0.0.weight", "4 classifier.0.convs.4.1.weight",
     "4 classifier.0.project.0.weight", "4 classifier.1.weight", "1 classifier.2.weight",
     "4 classifier.4.weight", "4 aux_classifier.0.weight", "4 aux_classifier.4.weight"},
    {"4 classifier.0.weight", "1 classifier.1.weight", "4 classifier.4.weight",
     "1 classifier.4.bias", "4 aux_classifier.0.weight", "4 aux_classifier.4.weight"},
    {"4 classifier.cbr.0.weight", "1 classifier.cbr.1.weight", "4 classifier.scale.1.weight",
     "4 classifier.low_classifier.weight", "4 classifier.high_classifier.weight"},
};

/* Adds tensors of one element, with a prefix, whose names live in `rows`. */
static size_t add(test_tensor *tensors, char rows[][NAME_SIZE], size_t count,
                  const char *const names[NAMES], const char *prefix)
{
    static const float zero[1] = {0};
    for (size_t i = 0; i < NAMES && names[i]; i++, count++) {
        snprintf(rows[count], NAME_SIZE, "%s%s", prefix, names[i] + 2);
        tensors[count] = (test_tensor){.name = rows[count],
                                       .dtype = SEGENT_DTYPE_F32,
                                       .rank = names[i][0] - '0',
                                       .shape = {1, 1, 1, 1},
                                       .data = zero};
    }
    return count;
}

static segent_checkpoint *open(const char *const first[NAMES], const char *const second[NAMES],
                               const char *prefix)
{
    char names[2 * NAMES][NAME_SIZE];
    test_network *network = test_network_make(&tiny_shape);
    network->count = add(network->tensors, names, 0, first, prefix);
    if (second)
        network->count = add(network->tensors, names, network->count, second, prefix);
    segent_checkpoint *checkpoint =
        network_checkpoint(group_context, network, SEGENT_CONTAINER_ZIP);
    test_network_free(network);
    return checkpoint;
}

static void test_every_sample(void **state)
{
    static const char *const prefixes[] = {"", "module.", "state_dict.net."};
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        for (size_t p = 0; p < sizeof(prefixes) / sizeof(prefixes[0]); p++) {
            char sentence[256], prefix[SG_PREFIX_SIZE];
            segent_checkpoint *checkpoint = open(samples[i].names, NULL, prefixes[p]);
            snprintf(sentence, sizeof(sentence), "network.pth: holds %s", samples[i].what);
            test_assert_status(group_context,
                               sg_model_find(group_context, checkpoint, NULL, prefix),
                               SEGENT_ERROR_MODEL);
            test_assert_error_contains(group_context, sentence);
            segent_checkpoint_destroy(checkpoint);
        }
    }
}

static void test_every_row_has_a_sample(void **state)
{
    (void)state;
    for (size_t row = 0; sg_signatures[row].what; row++) {
        const char *what = sg_signatures[row].what;
        size_t matches = 0;
        for (size_t i = 0; i < SAMPLES; i++)
            matches += strncmp(what, samples[i].what, strlen(samples[i].what)) == 0;
        if (matches != 1)
            fail_msg("'%s' has %zu samples", what, matches);
        assert_non_null(sg_signatures[row].patterns[0].text);
        assert_true(strlen(sg_signatures[row].advice) > 0);
    }
}

/* None of torchvision's networks is taken for another package's, whatever stands before the names
 * and whether they are whole or a part. */
static void test_torchvision_is_not_foreign(void **state)
{
    static const char *const prefixes[] = {"", "module.", "model.", "net.module.",
                                           "state_dict.ema."};
    (void)state;
    for (size_t b = 0; b < 2; b++) {
        for (size_t h = 0; h < 4; h++) {
            for (size_t p = 0; p < sizeof(prefixes) / sizeof(prefixes[0]); p++) {
                const char *const *head = h < 3 ? heads[h] : NULL;
                segent_checkpoint *checkpoint = open(backbones[b], head, prefixes[p]);
                const segent_status status = sg_signature_fail(group_context, checkpoint, "");
                if (status != SEGENT_OK)
                    test_assert_error_contains(group_context, "on a MobileNetV3");
                assert_true(status == SEGENT_OK || b == 1 || h == 2);
                segent_checkpoint_destroy(checkpoint);
            }
        }
    }
}

/* Whatever is below another prefix than the network's is not asked. */
static void test_only_below_the_prefix(void **state)
{
    (void)state;
    static const char *const other[NAMES] = {"4 teacher.decode_head.conv_seg.weight",
                                             "4 student.backbone.conv1.weight"};
    segent_checkpoint *checkpoint = open(other, NULL, "");
    test_assert_ok(group_context, sg_signature_fail(group_context, checkpoint, "student."));
    test_assert_status(group_context, sg_signature_fail(group_context, checkpoint, "teacher."),
                       SEGENT_ERROR_MODEL);
    segent_checkpoint_destroy(checkpoint);
}

/* A pattern is whole parts of a name, of the right rank. */
static void test_near_misses(void **state)
{
    static const char *const near[][NAMES] = {
        {"4 pretend_decode_head.weight"},
        {"4 xsegmentation_head.0.weight"},
        {"4 conv1.weight_g"},
        {"4 layer1.0.convs1.weight", "4 fc.weight"},
        {"4 model.0.conv.weight", "4 head.weight"},
        {"4 encoder.kernel_size"},
        {"4 image_encoder.x", "4 decoder.x"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
        segent_checkpoint *checkpoint = open(near[i], NULL, "");
        test_assert_ok(group_context, sg_signature_fail(group_context, checkpoint, ""));
        segent_checkpoint_destroy(checkpoint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_sample),
        cmocka_unit_test(test_every_row_has_a_sample),
        cmocka_unit_test(test_torchvision_is_not_foreign),
        cmocka_unit_test(test_only_below_the_prefix),
        cmocka_unit_test(test_near_misses),
    };
    return cmocka_run_group_tests(tests, group_set_up, group_tear_down);
}
