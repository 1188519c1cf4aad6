// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';

const demo = new URL('../../../demo/', import.meta.url);

export const modelPath = process.env.SEGENT_TEST_MODEL ?? fileURLToPath(new URL('segent-demo.safetensors', demo));
export const picturePath = process.env.SEGENT_TEST_PICTURE ?? fileURLToPath(new URL('pictures/crowded-street.jpg', demo));

// Two pixels of three classes: all alike, and one without doubt.
export function logits() {
  return { data: Float32Array.of(0.5, 0, 0.5, 200, 0.5, 0), dims: [3, 1, 2] };
}

export function isClose(found, expected, tolerance = 1e-6) {
  if (!(Math.abs(found - expected) <= tolerance)) throw new Error(`${found}, not ${expected}`);
}

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc');

// Collects garbage, and lets finalizers run, until `done` holds.
export async function collect(done, rounds = 40) {
  for (let i = 0; i < rounds && !done(); i++) {
    gc();
    await sleep(50);
  }
  return done();
}
