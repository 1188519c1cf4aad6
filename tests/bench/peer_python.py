#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""Engines of the Python index as peers of peers.py:    PYTHONPATH=... peer_python.py FOLDER THREADS onnxruntime|openvino network|whole

Loads once and prints a line of JSON, then answers each line on stdin with one: run; labels FILE (whole only: the last run's); quit.
"""
import importlib
import json
import os
import sys
import time

FOLDER, THREADS, ENGINE, GRAPH = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
began = time.monotonic()

import numpy as np  # noqa: E402 (importing is a part of the cold start)

engine = importlib.import_module(ENGINE)


def say(**values):
    print(json.dumps(values), flush=True)


def onnxruntime_session(path):
    """A function from the input to the list of outputs."""
    options = engine.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    options.graph_optimization_level = engine.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.execution_mode = engine.ExecutionMode.ORT_SEQUENTIAL
    session = engine.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda x: session.run(None, {"input": x})


def openvino_session(path):
    """The same. Float32 is asked for, because where a processor has bfloat16 the default is that."""
    settings = dict(INFERENCE_NUM_THREADS=THREADS, NUM_STREAMS=1, PERFORMANCE_HINT="LATENCY", INFERENCE_PRECISION_HINT="f32")
    request = engine.Core().compile_model(path, "CPU", settings).create_infer_request()

    def run(x):
        results = request.infer([x], share_inputs=True, share_outputs=True)
        return [results[i] for i in range(len(results))]

    return run


def main():
    with open(os.path.join(FOLDER, "shape.json")) as file:
        shape = json.load(file)
    session = {"onnxruntime": onnxruntime_session, "openvino": openvino_session}[ENGINE](os.path.join(FOLDER, GRAPH + ".onnx"))
    x = np.fromfile(os.path.join(FOLDER, "input.f32"), np.float32).reshape(1, 3, shape["height"], shape["width"])
    say(ready=True, load=time.monotonic() - began, note="", threads=THREADS,
        versions={ENGINE + " (Python)": engine.__version__.split("-")[0]})
    outputs = None
    for line in sys.stdin:
        words = line.rstrip("\n").split(" ", 1)
        if words[0] == "quit":
            break
        if words[0] == "labels":
            outputs[0].astype(np.uint8).tofile(words[1])
            say()
            continue
        start = time.monotonic()
        outputs = session(x)
        spent = time.monotonic() - start
        if GRAPH == "whole":
            say(total=spent, entropy_sum_nats=float(np.asarray(outputs[2]).reshape(())))
        else:
            say(network=spent)


if __name__ == "__main__":
    main()
