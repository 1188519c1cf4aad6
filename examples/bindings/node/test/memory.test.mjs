// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors

// Who keeps what alive.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Context, native } from 'segent';
import { collect, isClose, logits, modelPath, picturePath } from './support.mjs';

const context = new Context({ threads: 1 });
const model = await context.loadModel(modelPath);
const image = await context.loadImage(picturePath);

// Addresses of the results that were destroyed.
const destroyed = [];
const { segent_result_destroy: destroy } = native;
native.segent_result_destroy = (pointer) => {
  destroyed.push(pointer);
  destroy(pointer);
};
const addressOf = (result) => result._reference.pointer;

test('an array views the memory of its result, and keeps it when the result is gone', async () => {
  let result = await context.run(model, image);
  const pointer = addressOf(result);
  const { sum } = result.summary;
  let { entropy } = result;
  assert.equal(entropy, result.entropy);
  assert.equal(new Float32Array(entropy.buffer)[0], entropy[0]);
  result = null;
  await collect(() => false, 3);
  assert(!destroyed.includes(pointer), 'destroyed while it is viewed');
  isClose(entropy.reduce((total, value) => total + value, 0) / sum, 1, 1e-9);
  let part = entropy.subarray(0, 10);
  entropy = null;
  await collect(() => false, 3);
  assert(!destroyed.includes(pointer), 'destroyed while a part of it is viewed');
  part = null;
  assert(await collect(() => destroyed.includes(pointer)), 'never destroyed');
});

test('a closed result is freed at once, one that is viewed with its last array', async () => {
  const unseen = await context.run(model, image);
  const first = addressOf(unseen);
  unseen.close();
  assert.equal(destroyed.at(-1), first);
  assert.throws(() => unseen.entropy, /closed/);
  assert(unseen.closed && unseen.width > 0);

  const seen = await context.run(model, image);
  const second = addressOf(seen);
  destroyed.length = 0; // the first one's memory may be the second one's now
  let labels = seen.labels;
  seen.close();
  assert.notEqual(destroyed.at(-1), second);
  assert(labels.every((label) => label < model.classes));
  labels = null;
  assert(await collect(() => destroyed.at(-1) === second), 'never destroyed');
});

test('a call keeps what it reads, whatever is closed meanwhile', async () => {
  const result = await context.run(model, image);
  const pointer = addressOf(result);
  const own = result.logits;
  const waiting = context.run(model, image);
  const entropy = context.entropy(own);
  result.close();
  assert(!destroyed.includes(pointer));
  await waiting;
  assert((await entropy).data.every((value) => value >= 0 && value <= 1 + 1e-6));

  const passing = await context.loadModel(modelPath);
  const other = new Context({ threads: 1 });
  const last = [other.run(passing, image), other.run(passing, picturePath)];
  passing.close();
  other.close();
  const [one, two] = await Promise.all(last);
  assert.equal(one.summary.sum, two.summary.sum);
});

test('a using declaration closes', () => {
  const one = new Context();
  one[Symbol.dispose ?? Symbol.for('Symbol.dispose')]();
  assert(one.closed);
});

test('many results and contexts leave nothing behind', async () => {
  for (let i = 0; i < 20; i++) (await context.run(model, image, { size: 64 })).close();
  const before = process.memoryUsage.rss();
  for (let i = 0; i < 300; i++) {
    const result = await context.run(model, image, { size: 64, onProgress: () => {} });
    if (i % 2) void result.entropy;
    result.close();
    if (i % 20 === 0) await collect(() => true);
  }
  await collect(() => false, 3);
  const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
  assert(grown < 32, `${grown.toFixed(1)} MiB more`); // 300 results are 30 MiB, and their pictures 60
  for (let i = 0; i < 9000; i++) new Context({ threads: 1, log: () => {} }).close(); // koffi has 8192 places for callbacks
});
