// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
//
// ONNX Runtime as a peer of peers.py:    NODE_PATH=.../node_modules node tests/bench/peer_onnxruntime.js FOLDER THREADS network|whole
//
// Loads once and prints a line of JSON, then answers each line on stdin with one: run; labels FILE (whole only: the last run's); quit.
// The engine is the C++ one; what JavaScript adds is a call and a copy of the outputs.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');

const [folder, threads, graph] = process.argv.slice(2);
const { height, width } = JSON.parse(fs.readFileSync(path.join(folder, 'shape.json')));
const seconds = () => Number(process.hrtime.bigint()) * 1e-9;
const say = (values) => process.stdout.write(JSON.stringify(values) + '\n');

async function main() {
    const began = seconds();
    const ort = require('onnxruntime-node');
    const session = await ort.InferenceSession.create(path.join(folder, graph + '.onnx'), {
        executionProviders: ['cpu'],
        intraOpNumThreads: Number(threads),
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
        executionMode: 'sequential',
    });
    const bytes = fs.readFileSync(path.join(folder, 'input.f32'));
    const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const feeds = { input: new ort.Tensor('float32', values, [1, 3, height, width]) };
    say({
        ready: true, load: seconds() - began, note: '', threads: Number(threads),
        versions: { onnxruntime: require('onnxruntime-node/package.json').version, node: process.versions.node },
    });

    let outputs;
    for await (const line of readline.createInterface({ input: process.stdin })) {
        if (line === 'quit') break;
        if (line.startsWith('labels ')) {
            fs.writeFileSync(line.slice('labels '.length), Uint8Array.from(outputs.labels.data, Number));
            say({});
            continue;
        }
        const start = seconds();
        outputs = await session.run(feeds);
        const spent = seconds() - start;
        if (graph === 'whole') {
            say({ total: spent, entropy_sum_nats: outputs.sum.data[0] });
        } else {
            say({ network: spent });
        }
    }
}

main().then(() => process.exit(0), (error) => {
    say({ failed: String(error.message) });
    process.exit(1);
});
