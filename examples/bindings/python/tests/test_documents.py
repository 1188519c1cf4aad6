# SPDX-License-Identifier: BSD-2-Clause
"""The Python in the package's README and in docs/embedding.md does what it says: every ```python block is run."""
import os
import pathlib
import re
import shutil
import tempfile
import unittest

import numpy as np

import segent
from support import DEMO, MODEL, PICTURE, logits

DOCUMENTS = [pathlib.Path(__file__).resolve().parents[1] / "README.md", DEMO.parents[1] / "docs" / "embedding.md"]


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
                for block in re.findall(r"^```python\n(.*?)^```$", document.read_text(encoding="utf-8"), re.S | re.M):
                    with self.subTest(document=document.name, block=block[:60]):
                        self.run_block(block)
                    count += 1
            os.chdir(here)
        self.assertGreaterEqual(count, 3)

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
