// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors

// What the types allow and what they do not; compiled by tsc --strict, never run.
import { Context, ContextPool, SegentError, constants, entropy, native } from 'segent';
import type { Labels, Model, Pixels, Result, Summary, Tensor } from 'segent';

export async function segment(modelPath: string, picture: Buffer, signal: AbortSignal): Promise<number> {
  using context = new Context({ threads: 2, log: (level, message) => console.error(level, message) });
  using model: Model = await context.loadModel(modelPath, { settings: { rates: [6, 12, 18] } });
  using result: Result = await context.run(model, picture, { signal, outputSize: 'original', keep: ['margin'] });
  const map: Float32Array = result.entropy;
  const margin: Float32Array | undefined = result.margin;
  const own: Tensor = await entropy(result.logits, { unit: 'bits' });
  const pixels: Pixels = result.input;
  await context.run(model, pixels);
  return map.length + (margin?.length ?? 0) + own.data.length;
}

export async function frames(pool: ContextPool, model: Model, frame: Pixels, labels: Labels): Promise<Summary> {
  return pool.use((context) => context.runInto(model, frame, { labels }));
}

export function tell(error: unknown): string {
  return error instanceof SegentError && error.status === constants.SEGENT_ERROR_NOT_FOUND ? error.code : String(error);
}

export const version: string | null = native.segent_version();
// @ts-expect-error: no such engine
void new Context().run({} as Model, 'picture.jpg', { engine: 'quick' });
// @ts-expect-error: a tensor's data are float32
void entropy({ data: new Float64Array(3), dims: [3, 1, 1] });
// @ts-expect-error: results are read only
(await new Context().run({} as Model, 'picture.jpg')).width = 3;
// @ts-expect-error: a width is a number
native.segent_image_fit('1', 2, 3, [0], [0]);
