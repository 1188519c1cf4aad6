# SPDX-License-Identifier: BSD-2-Clause
"""The Python in the package's README and in docs/ does what it says: every ```python block is run, those about torch where it is installed."""
import math
import os
import pathlib
import re
import shutil
import tempfile
import unittest
import unittest.mock

import numpy as np

import segent
from support import DEMO, MODEL, PICTURE, logits

DOCS = DEMO.parents[1] / "docs"
DOCUMENTS = [pathlib.Path(__file__).resolve().parents[1] / "README.md", DOCS / "embedding.md"]


def blocks(document):
    return re.findall(r"^```python\n(.*?)^```$", document.read_text(encoding="utf-8"), re.S | re.M)


class Documents(unittest.TestCase):
    def test_blocks(self):
        count = 0
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(MODEL, os.path.join(folder, "model.pth"))
            shutil.copy(PICTURE, os.path.join(folder, "picture.jpg"))
            os.chdir(folder)
            for document in DOCUMENTS:
                for block in blocks(document):
                    with self.subTest(document=document.name, block=block[:60]):
                        self.run_block(block)
                    count += 1
            os.chdir(here)
        self.assertGreaterEqual(count, 3)

    def in_folder(self):
        """A folder to run a block in, which goes with the test."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)

    def test_script(self):
        """The script of docs/from-pytorch.md, and that segent gives its number. A small network with weights of its own takes the place of the
        published one, which would be downloaded."""
        try:
            import torch
            import torchvision
        except ImportError:
            self.skipTest("no torchvision")
        self.in_folder()
        shutil.copy(PICTURE, "picture.jpg")
        torch.manual_seed(1)
        small = torchvision.models.segmentation.lraspp_mobilenet_v3_large(weights=None, weights_backbone=None)
        script, = blocks(DOCS / "from-pytorch.md")
        names = {}
        with unittest.mock.patch("torchvision.models.segmentation.deeplabv3_resnet101", return_value=small) as asked:
            exec(compile(script, "from-pytorch.md", "exec"), names)
        asked.assert_called_once()
        with segent.Context() as context:
            result = context.run(segent.from_torchvision(small), "picture.jpg", size=640)
        self.assertEqual(names["labels"].shape, result.labels.shape)
        self.assertAlmostEqual(float(names["entropy"].sum()) / (result.entropy_sum * math.log(21)), 1, places=4)

    def test_renaming(self):
        """docs/formats.md: the names of a checkpoint are changed, and the values stay."""
        try:
            import torch
        except ImportError:
            self.skipTest("no torch")
        self.in_folder()
        torch.save({"model_state": {"backbone.a": torch.ones(2), "classifier.classifier.b": torch.zeros(3)}}, "best_deeplabv3_resnet101_voc_os16.pth")
        block, = blocks(DOCS / "formats.md")
        exec(compile(block, "formats.md", "exec"), {"torch": torch})
        found = torch.load("renamed.pth")
        self.assertEqual({name: value.tolist() for name, value in found.items()}, {"backbone.a": [1, 1], "classifier.b": [0, 0, 0]})

    def run_block(self, block):
        names = {"logits": logits(21, 8, 9)}
        if "from_torchvision" in block:
            try:
                from torchvision.models.segmentation import lraspp_mobilenet_v3_large
            except ImportError:
                block = re.sub(r"^.*from_torchvision.*\n", "", block, flags=re.M)
            else:
                names["module"] = lraspp_mobilenet_v3_large(weights=None, weights_backbone=None)
        exec(compile(block, "block", "exec"), names)
        if "look" in names:
            frame = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)
            with segent.Context() as context:
                model = context.load_model("model.pth")
                labels, doubt, mean = names["look"](context, model, frame)
                expected = context.run(model, frame[..., ::-1], output_size="original")
            np.testing.assert_array_equal(labels, expected.labels)
            np.testing.assert_array_equal(doubt, expected.entropy)
            self.assertEqual(mean, expected.entropy_mean)


if __name__ == "__main__":
    unittest.main()
