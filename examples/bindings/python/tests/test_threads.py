# SPDX-License-Identifier: BSD-2-Clause
"""Many threads: a context each, a pool, and a context that two of them want."""
import os
import threading
import time
import unittest

import numpy as np

import segent
from support import PICTURE, SMALL, logits, model


class Threads(unittest.TestCase):
    def test_a_context_each(self):
        with segent.Context() as context:
            expected = context.run(model(), PICTURE, size=SMALL).entropy
        failures = []

        def work(seed):
            try:
                values = logits(21, 40, 50, seed=seed)
                alone = segent.entropy(values)
                with segent.Context(threads=2) as own:
                    for _ in range(5):
                        np.testing.assert_array_equal(own.run(model(), PICTURE, size=SMALL).entropy, expected)
                        np.testing.assert_array_equal(segent.entropy(values), alone)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def test_one_context_for_two(self):
        """Each call works or is refused; nothing else."""
        outcomes = []
        with segent.Context(threads=1) as context:
            width = context.run(model(), PICTURE, size=48).width

            def work():
                for _ in range(30):
                    try:
                        outcomes.append(context.run(model(), PICTURE, size=48).width)
                    except segent.Error as error:
                        outcomes.append(int(error.status))

            threads = [threading.Thread(target=work) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(len(outcomes), 90)
        self.assertLessEqual(set(outcomes), {width, int(segent.Status.ERROR_BUSY)})
        self.assertIn(width, outcomes)

    def test_others_go_on_meanwhile(self):
        """The library does not hold the interpreter: another thread counts during a run."""
        counted, stop = [0], threading.Event()

        def count():
            while not stop.is_set():
                counted[0] += 1
                time.sleep(0.001)

        thread = threading.Thread(target=count)
        with segent.Context(threads=1) as context:
            image = context.load_image(np.zeros((900, 900, 3), np.uint8))
            thread.start()
            before, began = counted[0], time.monotonic()
            context.run(model(), image, size="own")
            took, counted_meanwhile = time.monotonic() - began, counted[0] - before
        stop.set()
        thread.join()
        self.assertGreater(counted_meanwhile, 100 * took)


class Pools(unittest.TestCase):
    def test_map(self):
        taken = []

        def pictures():
            for i in range(40):
                taken.append(i)
                yield np.full((40 + i, 50, 3), i, np.uint8)

        with segent.Pool(3) as pool:
            names = set()

            def height(context, picture):
                names.add(threading.current_thread().name)
                return context.run(model(), picture, size="own").height

            results = pool.map(height, pictures())
            self.assertEqual(next(results), 40)
            self.assertLessEqual(len(taken), 7, "items are taken as results are")
            self.assertEqual(list(results), list(range(41, 80)))
            self.assertLessEqual(len(names), 3)
            self.assertEqual(pool.submit(lambda context, x: (context.info.threads, x), 5).result(), (1, 5))
        self.assertEqual(segent.Pool().workers, len(os.sched_getaffinity(0)))

    def test_failures(self):
        with self.assertRaises(segent.Error), segent.Pool(2) as pool:
            list(pool.map(lambda context, path: context.run(model(), path), [PICTURE, "/no/such/picture"]))

    def test_cancelled(self):
        """What ends a block ends the runs in it."""
        image = np.zeros((2400, 2400, 3), np.uint8)
        with self.assertRaises(KeyboardInterrupt), segent.Pool(2) as pool:
            futures = [pool.submit(lambda context: context.run(model(), image, size="own")) for _ in range(6)]
            time.sleep(0.5)
            began = time.monotonic()
            raise KeyboardInterrupt
        self.assertLess(time.monotonic() - began, 1)
        self.assertTrue(all(future.cancelled() or isinstance(future.exception(), segent.Error) for future in futures))


if __name__ == "__main__":
    unittest.main()
