#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""Engines of the Python index as peers of peers.py:    PYTHONPATH=... peer_python.py FOLDER THREADS onnxruntime|openvino network|whole f32|bf16

OpenVINO takes the float32 graph and is asked for the precision, which ONNX Runtime has from the graph alone: FOLDER/network-bf16.onnx. Loads
once and prints a line of JSON, then answers each line on stdin with one: run; precision (OpenVINO only: the type and the kernel that each
convolution has in the graph that it made); labels FILE (whole only: the last run's); quit.
"""
import collections
import importlib
import json
import os
import sys
import time

FOLDER, THREADS, ENGINE, GRAPH, PRECISION = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5]
began = time.monotonic()

import numpy as np  # noqa: E402 (importing is a part of the cold start)

from case import Unable  # noqa: E402

engine = importlib.import_module(ENGINE)


def say(**values):
    print(json.dumps(values), flush=True)


def onnxruntime_session(path):
    """A function from the input to the list of outputs, and one that answers to precision or None."""
    options = engine.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    options.graph_optimization_level = engine.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.execution_mode = engine.ExecutionMode.ORT_SEQUENTIAL
    if PRECISION == "bf16":
        path = path.removesuffix(".onnx") + "-bf16.onnx"
    try:
        session = engine.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its classes are not public
        if PRECISION == "bf16":
            raise Unable(str(error).splitlines()[0].replace(path, os.path.basename(path))) from error
        raise
    return lambda x: session.run(None, {"input": x}), None


def openvino_session(path):
    """The same. Float32 is asked for as well, because where a processor has bfloat16 the default is that."""
    settings = dict(INFERENCE_NUM_THREADS=THREADS, NUM_STREAMS=1, PERFORMANCE_HINT="LATENCY", INFERENCE_PRECISION_HINT=PRECISION)
    compiled = engine.Core().compile_model(path, "CPU", settings)
    taken = compiled.get_property("INFERENCE_PRECISION_HINT").to_string()
    if taken != PRECISION:
        raise Unable(f"asked for {PRECISION}, OpenVINO takes {taken} on this processor")
    request = compiled.create_infer_request()

    def run(x):
        results = request.infer([x], share_inputs=True, share_outputs=True)
        return [results[i] for i in range(len(results))]

    return run, lambda: openvino_executes(compiled)


def openvino_executes(compiled):
    """The convolutions of the graph that it runs: what its performance counters call exec_type, and the type, which those do not have."""
    counts = collections.Counter()
    for operation in compiled.get_runtime_model().get_ordered_ops():
        information = operation.get_rt_info()
        layer, kernel, precision = (information[key].astype(str) for key in ("layerType", "primitiveType", "runtimePrecision"))
        if layer == "Convolution":
            counts[kernel, precision] += 1
    return [dict(kernel=kernel, type=precision, count=count) for (kernel, precision), count in counts.items()]


def main():
    with open(os.path.join(FOLDER, "shape.json")) as file:
        shape = json.load(file)
    make = {"onnxruntime": onnxruntime_session, "openvino": openvino_session}[ENGINE]
    try:
        session, executes = make(os.path.join(FOLDER, GRAPH + ".onnx"))
    except Unable as reason:
        return say(unable=str(reason))
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
        if words[0] == "precision":
            say(executes=executes())
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
