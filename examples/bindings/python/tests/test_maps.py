# SPDX-License-Identifier: BSD-2-Clause
"""Functions of arrays against NumPy's numbers: layouts, batches, out, and arrays that cannot be used."""
import unittest

import numpy as np

import segent
from support import entropy_nats, logits, softmax


def layouts(values):
    """The same values in several layouts."""
    padded = np.full((*values.shape[:-2], values.shape[-2] + 3, values.shape[-1] + 5), np.nan, np.float32)
    padded[..., 1:-2, 2:-3] = values
    unaligned = np.empty(values.nbytes + 1, np.uint8)[1:].view(np.float32).reshape(values.shape)
    unaligned[:] = values
    record = np.zeros(values.shape, [("value", np.float32), ("more", np.uint8)])
    record["value"] = values
    yield "dense", values.copy()
    yield "channels last", np.ascontiguousarray(np.moveaxis(values, -3, -1)).swapaxes(-1, -2).swapaxes(-2, -3)
    yield "a window of a larger array", padded[..., 1:-2, 2:-3]
    yield "bottom-up", np.ascontiguousarray(values[..., ::-1, :])[..., ::-1, :]
    yield "every second column", np.repeat(values, 2, axis=-1)[..., ::2]
    yield "Fortran's order", np.asfortranarray(values)
    yield "not aligned", unaligned
    yield "a field of records", record["value"]


class Numbers(unittest.TestCase):
    def test_entropy(self):
        for shape in ((21, 9, 13), (3, 5, 7, 11), (1, 4, 4), (300, 2, 3)):
            values = logits(*shape)
            nats = entropy_nats(values)
            classes = shape[-3]
            for name, array in layouts(values):
                with self.subTest(shape=shape, layout=name):
                    array.flags.writeable = False
                    found = segent.entropy(array)
                    self.assertEqual((found.dtype, found.shape), (np.dtype(np.float32), nats.shape))
                    np.testing.assert_allclose(found, nats / np.log(classes) if classes > 1 else nats, atol=2e-6)
            np.testing.assert_allclose(segent.entropy(values, unit="nats"), nats, atol=8e-6)
            np.testing.assert_allclose(segent.entropy(values, "bits"), nats / np.log(2), atol=1e-5)
            np.testing.assert_allclose(segent.entropy(values, "nats", temperature=2.5), entropy_nats(values / np.float32(2.5)), atol=8e-6)
            np.testing.assert_allclose(segent.entropy(softmax(values).astype(np.float32), "nats", probabilities=True), nats, atol=1e-5)

    def test_softmax_and_argmax(self):
        for shape in ((21, 9, 13), (2, 5, 7, 11)):
            values = logits(*shape)
            for name, array in layouts(values):
                with self.subTest(shape=shape, layout=name):
                    np.testing.assert_allclose(segent.softmax(array), softmax(values), atol=1e-6)
                    labels = segent.argmax(array)
                    self.assertEqual(labels.dtype, np.uint8)
                    np.testing.assert_array_equal(labels, values.argmax(-3))
        wide = logits(300, 3, 4)
        self.assertEqual(segent.argmax(wide).dtype, np.uint16)
        np.testing.assert_array_equal(segent.argmax(wide), wide.argmax(0))

    def test_broadcast(self):
        """An array whose strides are all 0 is one value, not a dense array."""
        one = np.broadcast_to(np.float32(1.5), (21, 6, 8))
        np.testing.assert_allclose(segent.entropy(one), np.ones((6, 8)), atol=1e-6)
        row = np.broadcast_to(logits(21, 1, 8), (21, 6, 8))
        np.testing.assert_array_equal(segent.entropy(row), segent.entropy(row.copy()))

    def test_sums(self):
        entropy = segent.entropy(logits(21, 30, 40))
        summary = segent.image_entropy(entropy)
        self.assertEqual(summary.pixels, 1200)
        self.assertAlmostEqual(summary.sum, entropy.sum(dtype=np.float64), places=9)
        mask = np.zeros((30, 40), np.uint8)
        mask[:10] = 7
        self.assertAlmostEqual(segent.image_entropy(entropy, mask).mean, entropy[10:].mean(dtype=np.float64), places=12)

    def test_colours(self):
        labels = np.arange(256, dtype=np.uint8).reshape(16, 16)
        palette = segent.voc_palette()
        self.assertEqual([tuple(palette[i]) for i in (0, 1, 15, 255)], [(0, 0, 0), (128, 0, 0), (192, 128, 128), (224, 224, 192)])
        np.testing.assert_array_equal(segent.decode_palette(labels), palette[labels])
        np.testing.assert_array_equal(segent.decode_palette(np.stack([labels, labels.T]).astype(np.uint16)), palette[[labels, labels.T]])
        own = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)
        np.testing.assert_array_equal(segent.decode_palette(labels % 2, own), own[labels % 2])
        values = np.array([[0, 0.5, 1]], np.float32)
        np.testing.assert_array_equal(segent.colormap(values)[0, ::2], [[0, 0, 127], [127, 0, 0]])
        self.assertEqual(segent.colormap(values[None], "viridis", high=2).shape, (1, 1, 3, 3))


class Out(unittest.TestCase):
    def test_written_in_place(self):
        values = logits(2, 21, 6, 8)
        wide = np.full((2, 6, 16), np.nan, np.float32)
        out = wide[:, :, ::2]
        self.assertIs(segent.entropy(values, out=out), out)
        np.testing.assert_array_equal(out, segent.entropy(values))
        self.assertTrue(np.isnan(wide[:, :, 1::2]).all())
        same = values.copy()
        self.assertIs(segent.softmax(same, out=same), same)
        np.testing.assert_array_equal(same, segent.softmax(values))
        labels = np.empty((2, 6, 8), np.uint16)
        self.assertIs(segent.argmax(values, out=labels), labels)
        colours = np.zeros((2, 6, 8, 4), np.uint8)
        with self.assertRaises(ValueError):
            segent.decode_palette(labels, out=colours)
        turned = np.zeros((2, 6, 8, 3), np.uint8)
        segent.decode_palette(labels, out=turned[..., ::-1])
        np.testing.assert_array_equal(turned[..., ::-1], segent.decode_palette(labels))
        every_second = np.zeros((2, 6, 16, 3), np.uint8)[:, :, ::2]
        with self.assertRaises(ValueError):
            segent.decode_palette(labels, out=every_second)

    def test_refused(self):
        values = logits(21, 6, 8)
        frozen = np.empty((6, 8), np.float32)
        frozen.flags.writeable = False
        repeated = np.lib.stride_tricks.as_strided(np.zeros(8, np.float32), (6, 8), (0, 4))
        for error, out in ((TypeError, np.empty((6, 8))), (TypeError, [[0.0]]), (TypeError, np.empty((6, 8), ">f4")),
                           (ValueError, np.empty((8, 6), np.float32)), (ValueError, np.empty((1, 6, 8), np.float32)),
                           (ValueError, frozen), (ValueError, repeated), (ValueError, values[0])):
            with self.subTest(out=type(out)), self.assertRaises(error):
                segent.entropy(values, out=out)
        shifted = np.zeros((22, 6, 8), np.float32)
        with self.assertRaises(ValueError):
            segent.softmax(shifted[1:], out=shifted[:-1])


class Hostile(unittest.TestCase):
    def test_types(self):
        for values in (np.zeros((3, 4, 5)), np.zeros((3, 4, 5), np.float16), np.zeros((3, 4, 5), np.int32), np.zeros((3, 4, 5), ">f4"),
                       np.zeros((3, 4, 5), complex), np.array([[["a"]]]), [[[1.0]]], None, "logits", np.zeros((3, 4, 5), object)):
            with self.subTest(values=type(values)), self.assertRaises(TypeError):
                segent.entropy(values)
        with self.assertRaises(TypeError):
            segent.decode_palette(np.zeros((4, 5), np.int64))
        with self.assertRaises(TypeError):
            segent.decode_palette(np.zeros((4, 5), np.uint8), np.zeros((4, 3)))

    def test_shapes(self):
        for shape in ((), (5,), (4, 5), (1, 2, 3, 4, 5)):
            with self.subTest(shape=shape), self.assertRaises(ValueError):
                segent.entropy(np.zeros(shape, np.float32))
        for shape in ((0, 4, 5), (3, 0, 5), (3, 4, 0)):
            for function in (segent.entropy, segent.softmax, segent.argmax):
                with self.subTest(shape=shape, function=function.__name__), self.assertRaises(segent.Error) as raised:
                    function(np.zeros(shape, np.float32))
                self.assertEqual(raised.exception.status, segent.Status.ERROR_INVALID_ARGUMENT)
        self.assertEqual(segent.entropy(np.zeros((0, 3, 4, 5), np.float32)).shape, (0, 4, 5))
        with self.assertRaises(ValueError):
            segent.decode_palette(np.zeros((4, 5), np.uint8), np.zeros((4, 4), np.uint8))

    def test_values(self):
        for value in (np.nan, np.inf):
            values = logits(3, 4, 5)
            values[1, 2, 3] = value
            for function in (segent.entropy, segent.softmax):
                with self.assertRaises(segent.Error) as raised:
                    function(values)
                self.assertEqual(raised.exception.status, segent.Status.ERROR_NOT_FINITE)
        with self.assertRaises(segent.Error) as raised:
            segent.entropy(logits(3, 4, 5), probabilities=True, tolerance=1e-3)
        self.assertEqual(raised.exception.status, segent.Status.ERROR_NOT_PROBABILITY)
        with self.assertRaises(segent.Error):
            segent.decode_palette(np.full((4, 5), 9, np.uint8), np.zeros((4, 3), np.uint8))

    def test_words(self):
        values = logits(3, 4, 5)
        for call in (lambda: segent.entropy(values, "nits"), lambda: segent.entropy(values, temperature=0),
                     lambda: segent.entropy(values, temperature=float("nan")), lambda: segent.colormap(values[0], "rainbow")):
            with self.assertRaises(ValueError):
                call()


if __name__ == "__main__":
    unittest.main()
