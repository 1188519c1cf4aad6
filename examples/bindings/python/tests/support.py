# SPDX-License-Identifier: BSD-2-Clause
"""What the tests share: a model and pictures, which SEGENT_TEST_MODEL and SEGENT_TEST_PICTURE may name, and NumPy's own numbers."""
import functools
import os
import pathlib
import subprocess
import sys

import numpy as np

import segent

DEMO = pathlib.Path(os.environ.get("SEGENT_TEST_DEMO", pathlib.Path(__file__).resolve().parents[3] / "demo"))
MODEL = os.environ.get("SEGENT_TEST_MODEL", str(DEMO / "segent-demo.safetensors"))
PICTURE = os.environ.get("SEGENT_TEST_PICTURE", str(DEMO / "pictures" / "crowded-street.jpg"))
SMALL = 96  # shorter side of runs whose numbers do not matter


@functools.lru_cache(None)
def model():
    with segent.Context() as context:
        return context.load_model(MODEL)


def logits(*shape, seed=1):
    return np.random.default_rng(seed).normal(0, 3, shape).astype(np.float32)


def softmax(values):
    exponentials = np.exp(values.astype(np.float64) - values.max(-3, keepdims=True))
    return exponentials / exponentials.sum(-3, keepdims=True)


def entropy_nats(values):
    probabilities = softmax(values)
    return -(probabilities * np.log(np.where(probabilities > 0, probabilities, 1))).sum(-3)


def python(code, *arguments, **options):
    """Runs a program of its own. Its folder of modules is this one's."""
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(path for path in sys.path if path), **options.pop("env", {}))
    return subprocess.run([sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, env=environment,
                          timeout=120, **options)
