# SPDX-License-Identifier: BSD-2-Clause
"""Who lives how long: arrays, results, models and contexts in every order, and no memory that stays."""
import copy
import gc
import pickle
import sys
import threading
import unittest
import weakref

import numpy as np

import segent
from support import MODEL, PICTURE, SMALL, model, python


def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


class Lifetimes(unittest.TestCase):
    def test_arrays_outlive_everything(self):
        context = segent.Context(threads=1)
        network = context.load_model(MODEL)
        result = context.run(network, PICTURE, size=SMALL, keep=("logits",))
        names = ("labels", "entropy", "logits", "output_logits", "input", "statistics")
        arrays = {name: getattr(result, name) for name in names}
        views = {name: array[..., ::2] for name, array in arrays.items()}
        copies = {name: array.copy() for name, array in arrays.items()}
        image = context.load_image(PICTURE)
        pixels, expected = image.pixels, image.pixels.copy()
        network.close()
        context.close()
        del result, network, context, image
        gc.collect()
        trash = [np.full(arrays["output_logits"].shape, i, np.float32) for i in range(8)]
        for name in names:
            np.testing.assert_array_equal(arrays[name], copies[name])
            del arrays[name]
            np.testing.assert_array_equal(views[name], copies[name][..., ::2])
        np.testing.assert_array_equal(pixels, expected)
        self.assertEqual(len(trash), 8)

    def test_arrays_are_read_only(self):
        with segent.Context() as context:
            result = context.run(model(), PICTURE, size=SMALL)
            for array in (result.labels, result.entropy, result.logits, result.statistics, result.input):
                with self.assertRaises(ValueError):
                    array[:] = 0
                with self.assertRaises(ValueError):
                    array.flags.writeable = True

    def test_memory_goes_with_the_last_array(self):
        with segent.Context() as context:
            result = context.run(model(), PICTURE, size=SMALL)
            owner = result._owner
        before = sys.getrefcount(owner)
        entropy = result.entropy
        self.assertEqual(sys.getrefcount(owner), before + 1)
        gone = weakref.ref(result)
        del result
        self.assertIsNone(gone(), "results need no garbage collector")
        self.assertEqual(sys.getrefcount(owner), before)
        del entropy
        self.assertEqual(sys.getrefcount(owner), before - 1)

    def test_closed(self):
        context = segent.Context()
        network = context.load_model(MODEL)
        with context as same:
            self.assertIs(same, context)
        context.close()
        self.assertTrue(context.closed)
        for call in (lambda: context.run(network, PICTURE), lambda: context.load_image(PICTURE), context.trim, lambda: context.info,
                     lambda: segent.entropy(np.zeros((2, 1, 1), np.float32), context=context)):
            with self.assertRaisesRegex(ValueError, "Context is closed"):
                call()
        context.cancel()
        with network:
            pass
        with segent.Context() as other, self.assertRaisesRegex(ValueError, "Model is closed"):
            other.run(network, PICTURE, size=SMALL)

    def test_a_failed_call_keeps_nothing(self):
        """The traceback of an exception that somebody keeps holds no context: `with` ends it."""
        with segent.Context() as context:
            owner = context._owner
            try:
                context.load_model("/no/such/model")
            except segent.Error as error:
                kept = error
        self.assertEqual(sys.getrefcount(owner), 2)
        self.assertEqual(kept.status, 41)

    def test_closed_while_it_runs(self):
        for _ in range(20):
            context = segent.Context(threads=2)
            network = context.load_model(MODEL)
            results = []
            begun = threading.Event()
            thread = threading.Thread(target=lambda: results.append(
                context.run(network, PICTURE, size=SMALL, progress=lambda _done: begun.set())))
            thread.start()
            begun.wait()
            context.close()
            network.close()
            thread.join()
            self.assertEqual(len(results), 1)

    def test_nothing_is_pickled_or_copied(self):
        with segent.Context() as context:
            image = context.load_image(PICTURE)
            for thing in (context, model(), image, context.run(model(), image, size=SMALL)):
                for call in (pickle.dumps, copy.copy, copy.deepcopy):
                    with self.assertRaisesRegex(TypeError, f"segent.{type(thing).__name__} cannot be pickled or copied: "):
                        call(thing)
        error = segent.Error(41, "no such file")
        self.assertEqual((pickle.loads(pickle.dumps(error)).status, str(error)), (41, "no such file"))

    def test_nothing_leaks(self):
        """1,000 runs, calls and failures each take no memory in the end."""
        logits = np.zeros((21, 64, 64), np.float32)
        with segent.Context(threads=1) as context:
            image = context.load_image(PICTURE)

            def everything():
                context.run(model(), image, size=24, keep=("margin",)).entropy.sum()
                segent.entropy(logits)
                segent.Context(threads=1).load_image(np.zeros((64, 64, 3), np.uint8)).pixels.sum()
                try:
                    context.run(model(), "/no/such/picture")
                except segent.Error:
                    pass

            for _ in range(200):
                everything()
                context.run(model(), image, size=24, progress=lambda done: None)
            before = resident()
            for _ in range(1000):
                everything()
            grown = resident() - before
        self.assertLess(grown, 1 << 20, f"{grown} bytes more after 1,000 runs")

    def test_the_interpreter_ends(self):
        """With everything alive, in whatever order it goes, and with nothing closed."""
        code = ("import segent, sys; context = segent.Context(threads=2); model = context.load_model(sys.argv[1]); "
                "result = context.run(model, sys.argv[2], size=64); entropy = result.entropy; me = [context]; me.append(me); "
                "segent.entropy(result.logits); print(entropy.shape)")
        done = python(code, MODEL, PICTURE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
