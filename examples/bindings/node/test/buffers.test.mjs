// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors

// Functions on the caller's own arrays.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as segent from 'segent';
import { isClose, logits } from './support.mjs';

test('softmax, entropy, argmax, sums and colours', async () => {
  const probabilities = await segent.softmax(logits());
  assert.deepEqual(probabilities.dims, [3, 1, 2]);
  isClose(probabilities.data[0], 1 / 3);
  isClose(probabilities.data[3], 1);
  for (const [values, source] of [[logits(), 'logits'], [probabilities, 'probabilities']]) {
    const { data, dims } = await segent.entropy(values, { source });
    assert.deepEqual(dims, [1, 2]);
    isClose(data[0], 1);
    isClose(data[1], 0);
  }
  const nats = await segent.entropy(logits(), { unit: 'nats' });
  isClose(nats.data[0], Math.log(3));
  const { sum, mean, pixels } = await segent.imageEntropy(nats, { ignore: { data: Uint8Array.of(0, 1), dims: [1, 2] } });
  isClose(sum, Math.log(3));
  isClose(mean, Math.log(3));
  assert.equal(pixels, 1);
  const labels = await segent.argmax(logits());
  assert.deepEqual([...labels.data], [0, 1]);
  assert.deepEqual([...(await segent.decodePalette(labels)).data], [0, 0, 0, 128, 0, 0]);
  const own = await segent.decodePalette(labels, { palette: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  assert.deepEqual([...own.data], [1, 2, 3, 4, 5, 6]);
});

test('results go into the arrays that are given, in place too', async () => {
  const values = logits();
  const { data } = values;
  const made = await segent.softmax(values, { out: values });
  assert.equal(made.data, data);
  isClose(data[0], 1 / 3);
  const out = { data: new Float32Array(2), dims: [1, 2] };
  assert.equal(await segent.entropy(logits(), { out }), out);
  isClose(out.data[0], 1);
});

test('strides and leading ones: the tensor of another framework', async () => {
  const { data } = logits();
  const pixels = Float32Array.of(0.5, 0.5, 0.5, -9, 0, 200, 0, -9); // H x W x C, the three classes padded to four
  const rows = Float32Array.of(0.5, 0, 9, 0.5, 200, 9, 0.5, 0, 9); // C x H x W, the two pixels padded to three
  const found = await Promise.all([
    { data, dims: [1, 3, 1, 2] },
    { data: pixels, dims: [1, 3, 1, 2], strides: [8, 1, 8, 4] },
    { data: rows, dims: [3, 1, 2], strides: [3, 3, 1] },
  ].map((values) => segent.entropy(values)));
  const [dense, ...strided] = found.map((entropy) => [...entropy.data]);
  assert.deepEqual(strided, [dense, dense]);
});

test('what is too small, of another type or of no shape is refused before C sees it', async () => {
  const { data } = logits();
  for (const dims of [[3, 1, 3], [3, 2 ** 40, 2 ** 40], [2, 3, 1, 2], [3, 0, 2], [3, 1.5, 2], [3, 2], [], ['x', 1, 2]]) {
    await assert.rejects(segent.entropy({ data, dims }), RangeError, String(dims));
  }
  await assert.rejects(segent.entropy({ data, dims: [3, 1, 2], strides: [2, 2, -1] }), RangeError);
  await assert.rejects(segent.entropy({ data, dims: [3, 1, 2], strides: [3, 2, 1] }), RangeError);
  await assert.rejects(segent.entropy({ data: [...data], dims: [3, 1, 2] }), TypeError);
  await assert.rejects(segent.entropy({ data: new Float64Array(6), dims: [3, 1, 2] }), TypeError);
  await assert.rejects(segent.argmax(logits(), { out: { data: new Uint8Array(1), dims: [1, 2] } }), RangeError);
  await assert.rejects(segent.entropy(logits(), { unit: 'eV' }), RangeError);
  await assert.rejects(segent.decodePalette({ data: Uint8Array.of(1), dims: [1, 1] }, { palette: Uint8Array.of(1) }), TypeError);
});

test('a failure has the status, its name and the sentence', async () => {
  const values = logits();
  values.data[2] = NaN;
  await assert.rejects(segent.softmax(values), (error) => {
    assert(error instanceof segent.SegentError && error instanceof Error);
    assert.equal(error.status, segent.constants.SEGENT_ERROR_NOT_FINITE);
    assert.equal(error.code, 'SEGENT_ERROR_NOT_FINITE');
    assert.match(error.message, /NaN|finite/);
    return true;
  });
  const labels = { data: Uint8Array.of(7), dims: [1, 1] };
  await assert.rejects(segent.decodePalette(labels, { palette: Uint8Array.of(1, 2, 3) }), { code: 'SEGENT_ERROR_INVALID_ARGUMENT' });
});

test('low-resolution logits to maps of another size', async () => {
  const context = new segent.Context({ threads: 1 });
  const labels = { data: new Uint8Array(12), dims: [3, 4] };
  const entropy = { data: new Float32Array(12), dims: [3, 4] };
  const { pixels, sum, mean } = await context.fromLogits(logits(), { labels, entropy });
  assert.equal(pixels, 12);
  isClose(mean, sum / 12);
  isClose(entropy.data.reduce((total, value) => total + value, 0), sum, 1e-4);
  assert.equal(labels.data[3], 1);
  await assert.rejects(context.fromLogits(logits(), { depth: entropy }), RangeError);
  await context.trim();
  context.close();
});

test('everything in the header is there', () => {
  assert.equal(segent.version(), segent.native.segent_version());
  assert.equal(segent.supports('no such thing'), false);
  assert.equal(segent.constants.SEGENT_OK, 0);
  const [width, height] = [[0], [0]];
  assert.equal(segent.native.segent_image_fit(200, 100, 50, width, height), 0);
  assert.deepEqual([width, height], [[100], [50]]);
});
