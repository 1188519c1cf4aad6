# SPDX-License-Identifier: BSD-2-Clause
"""Models, pictures and runs: inputs of every kind give the same numbers, outputs are what they say, and what is wrong is an error."""
import logging
import os
import pathlib
import tempfile
import unittest

import numpy as np

import segent
from support import MODEL, PICTURE, SMALL, entropy_nats, model, python

try:
    import PIL.Image
except ImportError:
    PIL = None


def same(test, one, other):
    for name in ("labels", "entropy", "logits", "statistics"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    test.assertEqual(one.summary, other.summary)


class WithContext(unittest.TestCase):
    def setUp(self):
        self.context = segent.Context(threads=2)
        self.addCleanup(self.context.close)

    def fails(self, status, call):
        with self.assertRaises(segent.Error) as raised:
            call()
        self.assertEqual(raised.exception.status, status)
        return str(raised.exception)


class Models(WithContext):
    def test_facts(self):
        found = self.context.load_model(pathlib.Path(MODEL))
        self.assertEqual((found.classes, len(found.class_names), found.closed), (21, 21, False))
        self.assertTrue(found.architecture.startswith("deeplabv3_resnet"))
        self.assertEqual(found.class_names[0], "background")
        self.assertGreater(found.parameters, 1000)
        self.assertEqual(found.properties["rates"], "12,24,36")
        self.assertEqual(found.container, "safetensors")

    def test_from_memory(self):
        data = pathlib.Path(MODEL).read_bytes()
        for kind in (bytes, bytearray, memoryview):
            same(self, self.context.run(self.context.load_model(kind(data)), PICTURE, size=SMALL),
                 self.context.run(model(), PICTURE, size=SMALL))

    def test_settings(self):
        for settings in ({"rates": (6, 12, 18), "size": 320}, "rates=6,12,18; size=320"):
            found = self.context.load_model(MODEL, settings=settings, class_names=[f"thing {i}" for i in range(21)])
            self.assertEqual((found.properties["rates"], found.size, found.class_names[3]), ("6,12,18", 320, "thing 3"))
        self.assertIsNone(model().palette)
        colours = self.context.load_model(MODEL, settings={"palette": [f"#{i:02x}{2 * i:02x}ff" for i in range(21)]}).palette
        np.testing.assert_array_equal(colours, [(i, 2 * i, 255) for i in range(21)])
        self.assertTrue(self.context.load_model(MODEL, examine_only=True).examined_only)

    def test_errors(self):
        self.assertIn("/no/such/model", self.fails(41, lambda: self.context.load_model("/no/such/model")))
        self.fails(segent.Status.ERROR_FORMAT, lambda: self.context.load_model(b"nothing that anybody knows" * 99))
        self.fails(segent.Status.ERROR_MODEL, lambda: self.context.load_model(MODEL, auxiliary=True))
        for source in (None, 5, ["x"]):
            with self.assertRaises(TypeError):
                self.context.load_model(source)
        for call in (lambda: self.context.load_model(MODEL + "\0.pth"), lambda: self.context.load_model(MODEL, prefix="a\0b"),
                     lambda: self.context.load_model(MODEL, settings={"description": "a\0b"})):
            with self.assertRaises(ValueError):
                call()
        with self.assertRaises(TypeError):
            self.context.load_model(MODEL, class_names="x" * 21)
        self.fails(segent.Status.ERROR_MODEL, lambda: self.context.load_model(MODEL, class_names=["one"]))


class Pictures(WithContext):
    def setUp(self):
        super().setUp()
        self.image = self.context.load_image(PICTURE)
        self.rgb = self.image.pixels.copy()
        self.expected = self.context.run(model(), PICTURE, size=SMALL)

    def run_small(self, picture):
        return self.context.run(model(), picture, size=SMALL)

    def test_every_form(self):
        alpha = np.dstack([self.rgb, np.full(self.rgb.shape[:2], 7, np.uint8)])
        data = pathlib.Path(PICTURE).read_bytes()
        wide = np.zeros((self.rgb.shape[0] * 2, self.rgb.shape[1] + 9, 3), np.uint8)
        wide[::-2, 4:-5] = self.rgb
        forms = {"a path": pathlib.Path(PICTURE), "its bytes": data, "an array of them": bytearray(data), "an image": self.image,
                 "pixels": self.rgb, "with alpha": alpha, "samples apart": np.asfortranarray(self.rgb), "every second": wide[::-2, 4:-5],
                 "turned round twice": np.ascontiguousarray(self.rgb[..., ::-1])[..., ::-1]}
        for name, picture in forms.items():
            with self.subTest(name):
                same(self, self.run_small(picture), self.expected)
        self.rgb.flags.writeable = False
        same(self, self.run_small(self.rgb), self.expected)
        bgr = self.context.load_image(np.ascontiguousarray(self.rgb[..., ::-1]), order="BGR")
        np.testing.assert_array_equal(bgr.pixels, self.rgb)
        grey = self.context.load_image(self.rgb[..., 1])
        np.testing.assert_array_equal(grey.pixels, np.repeat(self.rgb[..., 1:2], 3, axis=2))

    @unittest.skipUnless(PIL, "no Pillow")
    def test_pil(self):
        picture = PIL.Image.open(PICTURE)
        same(self, self.run_small(picture.convert("RGB")), self.expected)
        palette = picture.convert("P")
        np.testing.assert_array_equal(self.context.load_image(palette).pixels, np.asarray(palette.convert("RGB")))
        deep = PIL.Image.fromarray(np.arange(0, 65536, 8, dtype=np.uint16).reshape(64, 128))
        np.testing.assert_array_equal(self.context.load_image(deep).pixels[..., 0], np.asarray(deep) >> 8)

    def test_hostile(self):
        for picture in (np.zeros((4, 5, 3)), np.zeros((4, 5, 3), np.int8), None, 3.5, [[1, 2]], object()):
            with self.subTest(type(picture)), self.assertRaises(TypeError):
                self.run_small(picture)
        for shape in ((4,), (4, 5, 2), (4, 5, 5), (4, 5, 0), (1, 4, 5, 3)):
            with self.subTest(shape), self.assertRaises(ValueError):
                self.run_small(np.zeros(shape, np.uint8))
        for shape in ((0, 5, 3), (4, 0, 3), (0, 0)):
            with self.subTest(shape):
                self.fails(segent.Status.ERROR_INVALID_ARGUMENT, lambda: self.run_small(np.zeros(shape, np.uint8)))
        np.testing.assert_array_equal(self.context.load_image(np.broadcast_to(np.uint8(9), (4, 5, 3))).pixels, np.full((4, 5, 3), 9))
        self.fails(41, lambda: self.run_small("/no/such/picture"))
        self.fails(segent.Status.ERROR_FORMAT, lambda: self.run_small(b"neither JPEG nor PNG"))
        self.fails(segent.Status.ERROR_LIMIT, lambda: self.context.load_image(PICTURE, pixel_limit=100))
        for order in ("GRB", "RGBA", "BGRA", "grey"):
            with self.assertRaises(ValueError):
                self.context.load_image(self.rgb, order=order)
        with self.assertRaises(ValueError):
            self.context.load_image(PICTURE, background=0x1000000)


class Runs(WithContext):
    def test_outputs(self):
        result = self.context.run(model(), PICTURE, size=SMALL, keep=("logits", "probabilities", "top_probability", "margin"))
        height, width = result.height, result.width
        self.assertEqual(min(height, width), SMALL)
        shape = (height, width)
        self.assertEqual([result.labels.shape, result.entropy.shape, result.margin.shape, result.input.shape[:2]], [shape] * 4)
        self.assertEqual(result.logits.shape, (21, -(-height // 8), -(-width // 8)))
        self.assertEqual([array.dtype.name for array in (result.labels, result.entropy, result.logits)], ["uint8", "float32", "float32"])
        np.testing.assert_array_equal(result.output_logits.argmax(0), result.labels)
        nats = entropy_nats(result.output_logits / np.float32(model().temperature))
        np.testing.assert_allclose(nats / np.log(21), result.entropy, atol=2e-5)
        np.testing.assert_allclose(result.probabilities.max(0), result.top_probability, atol=1e-6)
        np.testing.assert_allclose(result.entropy.sum(dtype=np.float64), result.entropy_sum, rtol=1e-9)
        self.assertAlmostEqual(result.entropy_mean, result.entropy_sum / (height * width), places=12)
        np.testing.assert_array_equal(result.statistics["pixels"], np.bincount(result.labels.ravel(), minlength=21))
        self.assertIs(result.labels, result.labels)
        self.assertIsNone(result.auxiliary_logits)
        self.assertGreater(result.timings.network, 0)
        plain = self.context.run(model(), PICTURE, size=SMALL)
        self.assertEqual([plain.output_logits, plain.probabilities, plain.top_probability, plain.margin], [None] * 4)

    def test_options(self):
        original = self.context.run(model(), PICTURE, size=SMALL, output_size="original")
        image = self.context.load_image(PICTURE)
        self.assertEqual((original.width, original.height), (image.width, image.height))
        own = self.context.run(model(), image, size="own", engine="exact", precision="f32")
        self.assertEqual((own.width, own.height), (image.width, image.height))
        hot = self.context.run(model(), image, size=SMALL, temperature=4.0)
        self.assertGreater(hot.entropy_mean, self.context.run(model(), image, size=SMALL).entropy_mean)
        for wrong in ({"size": 0}, {"size": -1}, {"size": "big"}, {"size": 1 << 40}, {"output_size": "x"}, {"engine": "x"},
                      {"precision": "x"}, {"temperature": 0}, {"temperature": float("nan")}, {"keep": ("x",)}):
            with self.subTest(**wrong), self.assertRaises(ValueError):
                self.context.run(model(), image, **wrong)
        with self.assertRaises(TypeError):
            self.context.run(model(), image, keep="logits")
        self.fails(segent.Status.ERROR_LIMIT, lambda: self.context.run(model(), image, workspace_limit=1))

    def test_precision(self):
        half = self.context.load_model(MODEL, precision="bfloat16")
        self.assertEqual((half.precision, model().precision), ("bfloat16", "float32"))
        result, full = self.context.run(half, PICTURE, size=SMALL), self.context.run(model(), PICTURE, size=SMALL)
        self.assertGreater((result.labels == full.labels).mean(), 0.98)
        self.assertLess(0, np.abs(result.logits - full.logits).max())
        same = self.context.run(half, PICTURE, size=SMALL, precision="bf16")
        np.testing.assert_array_equal(same.entropy, result.entropy)
        self.fails(segent.Status.ERROR_INVALID_ARGUMENT, lambda: self.context.run(model(), PICTURE, precision="bfloat16"))
        with self.assertRaises(ValueError):
            self.context.load_model(MODEL, precision="float16")

    def test_into(self):
        rgb = self.context.load_image(PICTURE).pixels
        expected = self.context.run(model(), PICTURE, size="own", keep=("logits", "probabilities", "margin"))
        shape = rgb.shape[:2]
        outputs = {"labels": np.zeros(shape, np.uint16), "entropy": np.zeros(shape, np.float32), "margin": np.zeros(shape, np.float32),
                   "probabilities": np.zeros((*shape, 21), np.float32).transpose(2, 0, 1)}
        summary = self.context.run_into(model(), rgb, size="own", **outputs)
        self.assertEqual(summary, expected.summary)
        for name, array in outputs.items():
            np.testing.assert_array_equal(array, getattr(expected, name), err_msg=name)
        np.testing.assert_array_equal(self.context.logits(model(), rgb, size="own"), expected.logits)
        normalised = ((rgb / np.float32(255) - np.float32([0.485, 0.456, 0.406])) / np.float32([0.229, 0.224, 0.225]))
        values = np.ascontiguousarray(normalised.transpose(2, 0, 1), np.float32)
        np.testing.assert_allclose(self.context.logits(model(), values), expected.logits, atol=1e-3)
        np.testing.assert_array_equal(self.context.logits(model(), self.context.load_image(rgb), size=SMALL),
                                      self.context.run(model(), rgb, size=SMALL).logits)

    def test_into_wrong_arrays(self):
        rgb = self.context.load_image(PICTURE).pixels
        shape = rgb.shape[:2]
        plane, read_only = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        read_only.flags.writeable = False
        for error, outputs in ((TypeError, {}), (TypeError, {"doubt": plane}), (TypeError, {"labels": plane}),
                               (TypeError, {"entropy": plane.astype(float)}), (ValueError, {"entropy": read_only}),
                               (ValueError, {"entropy": plane[None]}), (ValueError, {"logits": plane}), (ValueError, {"entropy": None}),
                               (ValueError, {"entropy": plane, "margin": plane})):
            with self.subTest(outputs=list(outputs)), self.assertRaises(error):
                self.context.run_into(model(), rgb, size="own", **outputs)
        self.fails(10, lambda: self.context.run_into(model(), rgb, size="own", entropy=np.zeros((5, 6), np.float32)))
        self.fails(10, lambda: self.context.run_into(model(), rgb, size="own", entropy=plane, logits=np.zeros((3, *shape), np.float32)))
        with self.assertRaises(ValueError):
            self.context.logits(model(), rgb, size="own", out=np.zeros((21, 2, 2), np.float32))
        self.fails(30, lambda: self.context.run_into(model(), np.full((3, *shape), np.nan, np.float32), entropy=plane))


class Contexts(WithContext):
    def test_info(self):
        with segent.Context(threads=1, cpu="ref") as context:
            self.assertEqual((context.info.threads, context.info.kernels), (1, "ref"))
            context.trim()
        for threads in (-1, 5000):
            self.fails(10, lambda: segent.Context(threads=threads))
        with self.assertRaises(ValueError):
            segent.Context(cpu="mmx")
        self.assertEqual(segent.version(), segent.__version__)
        self.assertTrue(os.path.isfile(segent.library_path))
        self.assertFalse(segent.supports("magic"))

    def test_log(self):
        lines = []
        with segent.Context(log=lambda level, line: lines.append((level, line))) as context, tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "city.safetensors")
            os.symlink(MODEL, path)
            with open(os.path.join(folder, "city.json"), "w", encoding="utf-8") as file:
                file.write("no JSON")
            context.load_model(path)
            self.assertTrue(any(level == "warning" and "city.json" in line for level, line in lines), lines)
            logger = logging.getLogger("segent-test")
            with segent.Context(log=logger) as logging_context, self.assertLogs(logger, "WARNING"):
                logging_context.load_model(path)

            class Unhappy(Exception):
                pass

            def refuse(_level, _line):
                raise Unhappy

            with segent.Context(log=refuse) as refusing, self.assertRaises(Unhappy):
                refusing.load_model(path)


class Found(unittest.TestCase):
    def test_not_found(self):
        for named in ("/no/such/file.so", os.path.dirname(__file__), __file__):
            done = python("import segent", env={"SEGENT_LIBRARY": named})
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("ImportError: libsegent is not to be found", done.stderr)

    def test_other_library(self):
        done = python("import ctypes.util; print(ctypes.util.find_library('m'))")
        done = python("import segent", env={"SEGENT_LIBRARY": done.stdout.strip()})
        self.assertNotEqual(done.returncode, 0)

    def test_command(self):
        found = os.path.join(os.path.dirname(segent.library_path), "..", "..", "bin", "segent")
        done = python("import sys, runpy; sys.argv = ['segent', '--version']; runpy.run_module('segent', run_name='__main__')")
        if os.path.exists(found) or done.returncode == 0:
            self.assertEqual((done.returncode, done.stdout.split()[:2]), (0, ["segent", segent.version()]), done.stderr)
        else:
            self.assertIn("neither beside", done.stderr)


if __name__ == "__main__":
    unittest.main()
