// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors

// Models, pictures and runs.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'node:test';
import { Worker } from 'node:worker_threads';
import { Context, ContextPool, Image, SegentError, constants } from 'segent';
import { isClose, modelPath, picturePath } from './support.mjs';

const context = new Context();
const model = await context.loadModel(modelPath);

test('a model says what it is', async () => {
  assert.match(model.architecture, /\w+/);
  assert.equal(model.classNames.length, model.classes);
  assert(model.parameters > 0 && model.parametersInFile >= model.parameters);
  assert.equal(model.property('size'), String(model.size));
  assert.equal(model.property('no such thing'), undefined);
  const same = await context.loadModel(await readFile(modelPath), { examineOnly: true });
  assert.equal(same.architecture, model.architecture);
  await assert.rejects(context.run(same, picturePath), SegentError);
  const names = Array.from({ length: model.classes }, (_, id) => `kind ${id}`);
  const named = await context.loadModel(modelPath, { examineOnly: true, classNames: names, settings: { size: 97, rates: [1, 2, 3] } });
  assert.deepEqual(named.classNames, names);
  assert.equal(named.size, 97);
  assert.equal(named.property('rates'), '1,2,3');
  const palette = Array.from({ length: model.classes }, (_, id) => `#0102${id.toString(16).padStart(2, '0')}`).join(',');
  const coloured = await context.loadModel(modelPath, { examineOnly: true, settings: { palette } });
  assert.deepEqual([...coloured.palette.subarray(0, 6)], [1, 2, 0, 1, 2, 1]);
  assert.equal(coloured.palette.length, model.classes * 3);
});

test('labels, entropy, sums and statistics agree', async () => {
  const result = await context.run(model, picturePath);
  const pixels = result.width * result.height;
  assert(result.labels instanceof Uint8Array && result.labels.length === pixels && result.entropy.length === pixels);
  isClose(result.entropy.reduce((sum, value) => sum + value, 0) / result.summary.sum, 1, 1e-9);
  isClose(result.summary.mean, result.summary.sum / pixels, 1e-12);
  const counted = new Array(result.classes).fill(0);
  for (const label of result.labels) counted[label]++;
  assert.deepEqual(result.statistics.map((found) => found.pixels), counted);
  assert.deepEqual(result.logits.dims.slice(0, 1), [model.classes]);
  assert.equal(result.input.data.length, pixels * 3);
  assert(result.timings.network > 0);
  assert.equal(result.probabilities, undefined);
  assert.equal(result.auxiliaryLogits, undefined);
  // What the library derives from the network's own logits is what the result has.
  const labels = { data: new Uint8Array(pixels), dims: [result.height, result.width] };
  const { sum } = await context.fromLogits(result.logits, { labels }, { temperature: model.temperature });
  assert.equal(sum, result.summary.sum);
  assert.deepEqual(labels.data, result.labels);
});

test('a model of bfloat16 has nearly the same labels', async () => {
  const half = await context.loadModel(modelPath, { precision: 'bf16' });
  assert.deepEqual([half.precision, model.precision], ['bfloat16', 'float32']);
  const [result, full] = await Promise.all([half, model].map((each) => context.run(each, picturePath)));
  const equal = result.labels.filter((label, i) => label === full.labels[i]).length;
  assert(equal > 0.98 * full.labels.length && result.summary.sum !== full.summary.sum);
  await assert.rejects(context.run(model, picturePath, { precision: 'bf16' }), { code: 'SEGENT_ERROR_INVALID_ARGUMENT' });
  half.close();
});

test('a picture as path, URL, bytes, Image and pixels gives the same', async () => {
  const image = await context.loadImage(picturePath);
  assert(image instanceof Image && image.pixels.length === image.width * image.height * 3);
  const { width, height, pixels } = image;
  const padded = new Uint8ClampedArray((width * 4 + 8) * height);
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0, to = y * (width * 4 + 8); x < width; x++, from += 3, to += 4) {
      padded.set([pixels[from + 2], pixels[from + 1], pixels[from], 7], to);
    }
  }
  const options = { size: 64, outputSize: 'original', engine: 'exact', keep: ['margin', 'probabilities'] };
  const forms = [picturePath, pathToFileURL(picturePath), await readFile(picturePath), image, { data: pixels, width, height },
    { data: padded, width, height, format: 'bgra', stride: width * 4 + 8 }, await context.image({ data: pixels, width, height })];
  const results = await Promise.all(forms.map((form) => context.run(model, form, options)));
  for (const result of results) {
    assert.deepEqual([result.width, result.height], [width, height]);
    assert.equal(result.summary.sum, results[0].summary.sum);
    assert.equal(result.margin.length, width * height);
    assert.deepEqual(result.probabilities.dims, [model.classes, height, width]);
  }
  await assert.rejects(context.run(model, { data: pixels.subarray(1), width, height, format: 'rgb' }), RangeError);
  await assert.rejects(context.run(model, { data: [...pixels.subarray(0, 3)], width: 1, height: 1 }), TypeError);
});

test('runInto reads and writes arrays of the caller', async () => {
  const image = await context.loadImage(picturePath);
  const { width, height, pixels } = image;
  const expected = await context.run(model, image, { outputSize: 'original' });
  const maps = {
    labels: { data: new Uint8Array(width * height), dims: [height, width] },
    entropy: { data: new Float32Array(width * height), dims: [1, height, width] },
  };
  for (const input of [image, { data: pixels, width, height }]) {
    maps.labels.data.fill(255);
    const { sum } = await context.runInto(model, input, maps, { outputSize: 'original' });
    assert.equal(sum, expected.summary.sum);
    assert.deepEqual(maps.labels.data, expected.labels);
    assert.deepEqual(maps.entropy.data, expected.entropy);
  }
  const tensor = { data: new Float32Array(3 * 64 * 64), dims: [1, 3, 64, 64] };
  const out = { labels: { data: new Uint8Array(64 * 64), dims: [64, 64] } };
  assert.equal((await context.runInto(model, tensor, out)).pixels, 64 * 64);
});

test('PNG files in memory', async () => {
  const result = await context.run(model, picturePath, { size: 64 });
  const labels = { data: result.labels, dims: [result.height, result.width] };
  for (const png of [await context.encodePng(labels), await context.encodePng(await context.loadImage(picturePath))]) {
    assert.deepEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
    assert((await context.loadImage(png)).width > 0);
  }
});

test('failures: missing files, wrong kinds, closed objects', async () => {
  await assert.rejects(context.loadModel('/no/such/model'), (error) => error.status === 41 && error.message.includes('/no/such/model'));
  await assert.rejects(context.run(model, '/no/such/picture'), { code: 'SEGENT_ERROR_NOT_FOUND' });
  await assert.rejects(context.loadImage(Buffer.from('no picture')), { status: constants.SEGENT_ERROR_FORMAT });
  await assert.rejects(context.loadImage('a\0b'), TypeError);
  await assert.rejects(context.run({}, picturePath));
  await assert.rejects(context.run(model, picturePath, { engine: 'quick' }), RangeError);
  assert.throws(() => new Context({ threads: -1 }), SegentError);
  const closed = new Context();
  closed.close();
  closed.close();
  await assert.rejects(closed.loadImage(picturePath), /closed/);
  const gone = await context.loadModel(modelPath, { examineOnly: true });
  gone.close();
  await assert.rejects(context.run(gone, picturePath), /closed/);
});

test('log lines arrive, and what a log function throws ends the call', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'segent-'));
  const settingsFile = path.join(folder, 'settings.json');
  await writeFile(settingsFile, '{"std": [0.2, 0.2, 0.2]}');
  const lines = [];
  const telling = new Context({ log: (level, message) => lines.push(`${level}: ${message}`) });
  await telling.loadModel(modelPath, { settingsFile, examineOnly: true });
  assert(lines.some((line) => line.startsWith(`information: ${settingsFile}`)), lines.join('\n'));
  telling.close();
  const failing = new Context({ log: () => { throw new Error('of the log'); } });
  await assert.rejects(failing.loadModel(modelPath, { settingsFile, examineOnly: true }), /of the log/);
  failing.close();
  await rm(folder, { recursive: true });
});

test('the event loop turns while a network runs, and a pool runs several pictures', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const pool = new ContextPool({ size: 2 });
  const results = await Promise.all(Array.from({ length: 5 }, () => pool.run(model, picturePath)));
  clearInterval(timer);
  assert.equal(pool.size, 2);
  assert.equal(new Set(results.map((result) => result.summary.sum)).size, 1);
  assert(turns > 3, `${turns} turns`);
  await assert.rejects(pool.use(() => { throw new Error('of the task'); }), /of the task/);
  assert.equal(await pool.use(async (one) => (await one.cpuInfo()).threads), 1);
  const running = pool.run(model, picturePath);
  pool.close();
  assert((await running).width > 0);
  await assert.rejects(pool.run(model, picturePath), /closed/);
});

test('a worker thread has contexts of its own', async () => {
  const source = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { Context } = await import(workerData.package);
    const context = new Context({ log: () => {} });
    const result = await context.run(await context.loadModel(workerData.model), workerData.picture, { onProgress: () => {} });
    parentPort.postMessage(result.summary.sum);`;
  const workerData = { package: new URL('../index.js', import.meta.url).href, model: modelPath, picture: picturePath };
  const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
  const [sum] = await once(new Worker(url, { workerData }), 'message');
  assert.equal(sum, (await context.run(model, picturePath)).summary.sum);
});

test('the same package by require', () => {
  const required = createRequire(import.meta.url)('segent');
  assert.equal(required.Context, Context);
});
