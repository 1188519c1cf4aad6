// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors

// Progress and cancelling.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { Context } from 'segent';
import { modelPath, picturePath } from './support.mjs';

const context = new Context({ threads: 1 });
const model = await context.loadModel(modelPath);
const image = await context.loadImage(picturePath);

test('progress grows to 1', async () => {
  const seen = [];
  await context.run(model, image, { onProgress: (done) => seen.push(done) });
  assert(seen.length > 3);
  assert.deepEqual(seen, [...seen].sort((a, b) => a - b));
  assert(seen.at(-1) <= 1);
});

test('a signal ends a run with its reason', async () => {
  const controller = new AbortController();
  const running = context.run(model, image, { signal: controller.signal, onProgress: () => controller.abort() });
  await assert.rejects(running, { name: 'AbortError' });
  const other = new AbortController();
  const reason = new Error('enough');
  await assert.rejects(
    context.run(model, image, { signal: other.signal, onProgress: () => other.abort(reason) }), (error) => error === reason);
  await context.run(model, image); // and the context goes on
});

test('a signal from a timer ends a long run within moments', async () => {
  const size = 1600;
  const begun = performance.now();
  let aborted = 0;
  const controller = new AbortController();
  setTimeout(() => {
    aborted = performance.now();
    controller.abort();
  }, 50);
  await assert.rejects(context.run(model, image, { size, signal: controller.signal }), { name: 'AbortError' });
  const late = performance.now() - aborted;
  assert(aborted > begun && late < 1000, `${late} ms`); // 50 ms on a machine with nothing else to do
});

test('a run that waits is not begun once its signal is aborted', async () => {
  const controller = new AbortController();
  const order = [];
  const first = context.run(model, image).then(() => order.push('first'));
  const second = context.run(model, image, { signal: controller.signal }).catch((error) => order.push(error.name));
  controller.abort();
  await Promise.all([first, second]);
  assert.deepEqual(order, ['AbortError', 'first']);
  await assert.rejects(context.run(model, image, { signal: AbortSignal.abort() }), { name: 'AbortError' });
});

test('what a progress function throws ends the run and comes out of it', async () => {
  const reason = new Error('of the progress function');
  await assert.rejects(context.run(model, image, { onProgress: () => { throw reason; } }), (error) => error === reason);
  const maps = { labels: { data: new Uint8Array(image.width * image.height), dims: [image.height, image.width] } };
  await assert.rejects(
    context.runInto(model, image, maps, { outputSize: 'original', onProgress: () => { throw reason; } }), (error) => error === reason);
});

test('a signal keeps no listener of a run that is over', async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const counting = new Proxy(signal, {
    get(target, key) {
      if (key === 'addEventListener') return (...given) => { listeners++; target.addEventListener(...given); };
      if (key === 'removeEventListener') return (...given) => { listeners--; target.removeEventListener(...given); };
      return Reflect.get(target, key, target);
    },
  });
  await context.run(model, image, { signal: counting });
  assert.equal(listeners, 0);
});

test('a signal ends the reading of models and pictures', async () => {
  const readings = [
    (signal) => context.loadModel(modelPath, { signal }),
    (signal) => context.loadModel(readFileSync(modelPath), { signal }),
    (signal) => context.loadImage(picturePath, { signal }),
    (signal) => context.loadImage(readFileSync(picturePath), { signal }),
  ];
  for (const read of readings) {
    await assert.rejects(read(AbortSignal.abort()), { name: 'AbortError' });
    await read(new AbortController().signal);
  }
  // The flag reaches the library: it is set when the task has begun.
  const reason = new Error('enough');
  for (const read of readings) {
    const controller = new AbortController();
    const make = context._make;
    context._make = (...given) => {
      controller.abort(reason);
      return make.apply(context, given);
    };
    try {
      await assert.rejects(read(controller.signal), (error) => error === reason);
    } finally {
      delete context._make;
    }
    await read();
  }
});
