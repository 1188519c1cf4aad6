# SPDX-License-Identifier: BSD-2-Clause
"""Networks of torchvision's without a file, and tensors, against torch's own numbers."""
import gc
import unittest

import numpy as np

import segent

try:
    import torch
    import torchvision
    import segent.torch
except ImportError:
    raise unittest.SkipTest("no torch and torchvision") from None

NETWORKS = torchvision.models.segmentation


def network(name, **options):
    torch.manual_seed(5)
    made = getattr(NETWORKS, name)(weights=None, weights_backbone=None, num_classes=7, **options)
    for module in made.modules():
        if isinstance(module, torch.nn.BatchNorm2d):  # so that a wrong eps shows
            torch.nn.init.uniform_(module.running_var, 1e-4, 1e-3)
            torch.nn.init.uniform_(module.weight, 0.01, 0.03)
    return made.eval()


def narrow(rates=(12, 24, 36), strides=(False, True, True), eps=1e-5):
    """DeepLabV3 on a small ResNet whose module says what its tensors do not."""
    torch.manual_seed(6)
    backbone = torchvision.models.resnet.ResNet(torchvision.models.resnet.Bottleneck, [1, 2, 2, 2], width_per_group=16,
                                                replace_stride_with_dilation=strides)
    backbone = torchvision.models._utils.IntermediateLayerGetter(backbone, {"layer4": "out"})
    head = NETWORKS.deeplabv3.DeepLabHead(2048, 5)
    head[0] = NETWORKS.deeplabv3.ASPP(2048, list(rates))
    made = NETWORKS.DeepLabV3(backbone, head).eval()
    for module in made.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eps = eps
    return made


class Networks(unittest.TestCase):
    def compare(self, module, **options):
        pictures = torch.randn(2, 3, 97, 130, generator=torch.Generator().manual_seed(7))
        with torch.no_grad():
            expected = module(pictures)["out"]
        model = segent.from_torchvision(module, **options)
        found = segent.torch.Network(model, threads=2)(pictures)["out"]
        self.assertEqual(found.shape, expected.shape)
        self.assertLess(((found - expected).abs().max() / expected.abs().max()).item(), 1e-4)
        return model

    def test_torchvision(self):
        for name in ("deeplabv3_resnet50", "fcn_resnet50", "deeplabv3_mobilenet_v3_large", "lraspp_mobilenet_v3_large"):
            with self.subTest(name):
                self.assertEqual(self.compare(network(name)).architecture, name)

    def test_what_tensors_do_not_tell(self):
        for options, expected in (({"rates": (6, 12, 18), "strides": (False, False, True)}, ("6,12,18", "16")),
                                  ({"strides": (False, False, False)}, ("12,24,36", "32")), ({"eps": 1e-2}, ("12,24,36", "8"))):
            with self.subTest(options):
                model = self.compare(narrow(**options))
                self.assertEqual((model.properties["rates"], model.properties["output_stride"]), expected)
                self.assertNotIn("assumed", model.properties)

    def test_wrapped_and_reduced(self):
        module = narrow()
        self.compare(torch.nn.DataParallel(module).module, class_names=list("abcde"))
        self.assertEqual(segent.from_torchvision(torch.nn.DataParallel(module)).classes, 5)
        for dtype in (torch.float64, torch.bfloat16, torch.float16):
            self.assertEqual(segent.from_torchvision(narrow().to(dtype)).classes, 5)
        with segent.Context() as context:
            self.assertEqual(segent.torch.from_state_dict(module.state_dict(), context=context, settings="rates=6,12,18").classes, 5)
        auxiliary = network("fcn_resnet50", aux_loss=True)
        self.assertTrue(segent.from_torchvision(auxiliary, auxiliary=True).auxiliary)

    def test_refused(self):
        with self.assertRaisesRegex(ValueError, "no backbone"):
            segent.from_torchvision(torch.nn.Conv2d(3, 5, 1))
        module = narrow()
        module.classifier[2].eps = 0.5
        with self.assertRaisesRegex(ValueError, "different eps"):
            segent.from_torchvision(module)
        with self.assertRaisesRegex(ValueError, "dilations"):
            segent.from_torchvision(narrow(strides=(False, True, False)))
        with self.assertRaises(segent.Error) as raised:
            segent.torch.from_state_dict({"x": torch.zeros(3)})
        self.assertEqual(raised.exception.status, segent.Status.ERROR_MODEL)


class Tensors(unittest.TestCase):
    def test_numbers(self):
        logits = torch.randn(2, 21, 9, 13, requires_grad=True)
        probabilities = logits.softmax(1)
        torch.testing.assert_close(segent.torch.softmax(logits), probabilities.detach(), atol=1e-6, rtol=1e-4)
        nats = torch.distributions.Categorical(logits=logits.movedim(1, -1)).entropy().detach()
        torch.testing.assert_close(segent.torch.entropy(logits, "nats"), nats, atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(segent.torch.argmax(logits), logits.argmax(1))
        torch.testing.assert_close(segent.torch.entropy(logits.permute(0, 1, 3, 2)), segent.torch.entropy(logits).permute(0, 2, 1))
        with self.assertRaises(TypeError):
            segent.torch.entropy(logits.double())
        with self.assertRaisesRegex(ValueError, "on meta"):
            segent.torch.entropy(torch.empty(3, 4, 5, device="meta"))

    def test_memory_is_shared(self):
        array = np.zeros((3, 4), np.float32)
        array.flags.writeable = False
        shared = segent.torch.tensor(array)
        self.assertEqual(shared.data_ptr(), array.ctypes.data)
        with segent.Context() as context:
            result = context.run(segent.from_torchvision(narrow()), np.zeros((64, 64, 3), np.uint8), size="own")
            entropy, expected = segent.torch.tensor(result.entropy), torch.tensor(result.entropy)
            self.assertEqual(entropy.data_ptr(), result.entropy.ctypes.data)
        del result, context
        gc.collect()
        torch.testing.assert_close(entropy, expected)


if __name__ == "__main__":
    unittest.main()
