# SPDX-License-Identifier: BSD-2-Clause
"""What happens during a run: exceptions of callbacks, signals, cancelling, other contexts, fork."""
import os
import signal
import threading
import time
import unittest

import numpy as np

import segent
from support import MODEL, PICTURE, SMALL, model, python

WITHIN = 0.1  # seconds in which a run ends


class Unhappy(Exception):
    pass


def large():
    """A picture that takes a second."""
    return np.random.default_rng(3).integers(0, 256, (2400, 2400, 3), np.uint8)


class Callbacks(unittest.TestCase):
    def setUp(self):
        self.context = segent.Context(threads=2)
        self.addCleanup(self.context.close)

    def test_progress(self):
        for on_main in (True, False):
            seen, threads = [], set()

            def progress(done):
                seen.append(done)
                threads.add(threading.current_thread())

            caller = []

            def call():
                caller.append(threading.current_thread())
                self.context.run(model(), PICTURE, size=SMALL, progress=progress)

            if on_main:
                call()
            else:
                thread = threading.Thread(target=call)
                thread.start()
                thread.join()
            self.assertEqual(seen, sorted(seen))
            self.assertTrue(seen and 0 <= seen[0] and seen[-1] <= 1)
            self.assertEqual(threads, set(caller), "callbacks belong to the thread that called")

    def test_progress_cancels(self):
        with self.assertRaises(segent.Error) as raised:
            self.context.run(model(), PICTURE, size=SMALL, progress=lambda done: done > 0.3)
        self.assertEqual(raised.exception.status, segent.Status.ERROR_CANCELLED)
        self.context.run(model(), PICTURE, size=SMALL)

    def test_exceptions(self):
        calls = []

        def fail(done):
            calls.append(done)
            raise Unhappy(done)

        with self.assertRaises(Unhappy) as raised:
            self.context.run(model(), PICTURE, size=SMALL, progress=fail)
        self.assertEqual(raised.exception.args, (calls[0],))
        self.assertEqual(len(calls), 1)
        errors = []

        def call():
            try:
                self.context.run(model(), PICTURE, size=SMALL, progress=fail)
            except Unhappy as error:
                errors.append(error)

        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
        self.assertEqual(len(errors), 1)
        self.context.run(model(), PICTURE, size=SMALL)
        segent.entropy(np.zeros((3, 4, 5), np.float32), context=self.context)

    def test_calls_from_callbacks(self):
        """Its own context is in use; others are not, also for runs within runs."""
        found = []
        with segent.Context() as other:
            def progress(_done):
                if found:
                    return
                found.append(other.run(model(), PICTURE, size=SMALL, progress=lambda done: None))
                try:
                    self.context.run(model(), PICTURE, size=SMALL)
                except segent.Error as error:
                    found.append(error)

            result = self.context.run(model(), PICTURE, size=SMALL, progress=progress)
        self.assertEqual(found[1].status, segent.Status.ERROR_BUSY)
        np.testing.assert_array_equal(found[0].entropy, result.entropy)

    def test_closed_by_its_callback(self):
        self.context.run(model(), PICTURE, size=SMALL, progress=lambda done: self.context.close())
        self.assertTrue(self.context.closed)

    def test_cancel(self):
        image = self.context.load_image(large())
        began, ended = [], []

        def stop():
            time.sleep(0.15)
            began.append(time.monotonic())
            self.context.cancel()

        thread = threading.Thread(target=stop)
        thread.start()
        with self.assertRaises(segent.Error) as raised:
            self.context.run(model(), image, size="own")
        ended.append(time.monotonic())
        thread.join()
        self.assertEqual(raised.exception.status, segent.Status.ERROR_CANCELLED)
        self.assertLess(ended[0] - began[0], WITHIN)
        self.context.run(model(), PICTURE, size=SMALL)


class Signals(unittest.TestCase):
    def interrupted(self, handler, expected, to_thread=False):
        """Seconds from a signal, to the process or to a thread of its own, to the exception of a run on the main thread."""
        sent = []

        def send():
            time.sleep(0.15)
            sent.append(time.monotonic())
            if to_thread:
                signal.pthread_kill(threading.get_ident(), signal.SIGINT)
            else:
                os.kill(os.getpid(), signal.SIGINT)

        # A program that was started in the background may have been told to ignore SIGINT.
        before = signal.signal(signal.SIGINT, handler)
        self.addCleanup(signal.signal, signal.SIGINT, before)
        with segent.Context(threads=2) as context:
            image = context.load_image(large())
            thread = threading.Thread(target=send)
            thread.start()
            try:
                context.run(model(), image, size="own")
                self.fail("nothing interrupted the run")
            except expected:
                took = time.monotonic() - sent[0]
            finally:
                thread.join()
            context.run(model(), PICTURE, size=SMALL)
        return took

    def test_keyboard_interrupt(self):
        times = [self.interrupted(signal.default_int_handler, KeyboardInterrupt) for _ in range(3)]
        print("KeyboardInterrupt after", *(f"{1000 * seconds:.1f} ms" for seconds in times))
        self.assertLess(min(times), WITHIN)

    def test_own_handler(self):
        def handler(_signal, _frame):
            raise Unhappy

        self.assertLess(self.interrupted(handler, Unhappy), 1)

    def test_handler_that_lets_it_go_on(self):
        seen = []
        before = signal.signal(signal.SIGUSR1, lambda *_: seen.append(time.monotonic()))
        self.addCleanup(signal.signal, signal.SIGUSR1, before)
        with segent.Context(threads=2) as context:
            image = context.load_image(large()[:1600])
            threading.Timer(0.1, signal.pthread_kill, (threading.get_ident(), signal.SIGUSR1)).start()
            context.run(model(), image, size="own")
            ended = time.monotonic()
        self.assertTrue(seen and ended - seen[0] > 0.05, "handled only at the end of the run")

    def test_received_by_another_thread(self):
        """The system may give a signal to any thread; the main one hears of it all the same."""
        self.assertLess(self.interrupted(signal.default_int_handler, KeyboardInterrupt, to_thread=True), 2 * WITHIN)

    def test_impatience(self):
        """Five signals in a row: the second may come at any place, and the process goes on."""
        code = """
import os, signal, sys, threading, time
sys.path.insert(0, sys.argv[1])
import numpy, segent, support
signal.signal(signal.SIGINT, signal.default_int_handler)
with segent.Context(threads=2) as context:
    image = context.load_image(numpy.zeros((1600, 1600, 3), numpy.uint8))
    for i in range(5):
        def send():
            time.sleep(0.05)
            for _ in range(5):
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.001 * i)
        thread = threading.Thread(target=send)
        try:
            thread.start()
            context.run(support.model(), image, size="own")
        except KeyboardInterrupt:
            pass
        while True:
            try:
                thread.join()
                time.sleep(0.05)
                break
            except KeyboardInterrupt:
                pass
    while True:
        try:
            print(context.run(support.model(), image, size=64).width)
            break
        except segent.Error as error:
            assert error.status == segent.Status.ERROR_BUSY, error
"""
        done = python(code, os.path.dirname(os.path.abspath(__file__)))
        self.assertEqual((done.returncode, done.stdout), (0, "64\n"), done.stderr)


class Fork(unittest.TestCase):
    def child(self, work):
        """Whether a child process did its work. One that hangs is ended by an alarm."""
        process = os.fork()
        if process == 0:
            code = 1
            try:
                signal.alarm(60)
                code = 0 if work() else 2
            finally:
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])

    def test_contexts_of_the_parent(self):
        with segent.Context(threads=2) as context:
            expected = context.run(model(), PICTURE, size=SMALL).entropy
            values = np.zeros((3, 4, 5), np.float32)
            segent.entropy(values)
            self.assertEqual(self.child(lambda: np.array_equal(context.run(model(), PICTURE, size=SMALL).entropy, expected) and
                                        segent.entropy(values).all()), 0)
            np.testing.assert_array_equal(context.run(model(), PICTURE, size=SMALL).entropy, expected)

    def test_in_a_callback(self):
        codes = []
        with segent.Context(threads=2) as context:
            def work():
                with segent.Context(threads=2) as own:
                    return own.run(model(), PICTURE, size=SMALL).entropy_mean > 0

            def progress(_done):
                if not codes:
                    codes.append(self.child(work))

            context.run(model(), PICTURE, size=SMALL, progress=progress)
        self.assertEqual(codes, [0])

    def test_child_that_returns_from_a_callback(self):
        """The run goes on in the parent; the child's call ends with an exception."""
        code = """
import os, sys, segent
with segent.Context(threads=2) as context:
    model, pids = context.load_model(sys.argv[1]), []
    def progress(done):
        if not pids:
            pids.append(os.fork())
    try:
        context.run(model, sys.argv[2], size=96, progress=progress)
    except RuntimeError as error:
        assert pids == [0] and "parent only" in str(error)
        os._exit(7)
    print(os.waitstatus_to_exitcode(os.waitpid(pids[0], 0)[1]))
"""
        done = python(code, MODEL, PICTURE)
        self.assertEqual((done.returncode, done.stdout), (0, "7\n"), done.stderr)


if __name__ == "__main__":
    unittest.main()
