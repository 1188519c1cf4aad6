// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
/// <reference types="node" />
/// <reference lib="esnext.disposable" />

import type { Constants, Native } from './native';

/** Values in an array of the caller's. `dims` may have leading ones; `strides` count elements, dense unless they are given. */
export interface Tensor<T = Float32Array> {
  readonly data: T;
  readonly dims: readonly number[];
  readonly strides?: readonly number[];
}
export type Labels = Tensor<Uint8Array | Uint8ClampedArray | Uint16Array>;

/** 8-bit pixels in an array of the caller's, such as an ImageData. */
export interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  /** Without it, the array's length tells: grey, rgb or rgba. */
  readonly format?: 'rgb' | 'bgr' | 'rgba' | 'bgra' | 'grey';
  /** Bytes from one row to the next; dense unless it is given. */
  readonly stride?: number;
}

/** A path, a file's URL, or a file's bytes. */
export type Source = string | URL | Uint8Array;

/** Sums over an entropy map. */
export interface Summary {
  readonly pixels: number;
  readonly sum: number;
  readonly mean: number;
  readonly minimum: number;
  readonly maximum: number;
  /** In nats; 0 where the number of classes is not known. */
  readonly sumNats: number;
  /** Pixels whose two largest logits differ by less than undecidedBelow. */
  readonly undecided: number;
  /** The model's precision_error after a run; 0: nothing was counted. */
  readonly undecidedBelow: number;
}

export interface ClassStatistics {
  readonly id: number;
  readonly pixels: number;
  readonly entropyMean: number;
}

/** What all objects of the library's have: close(), and the garbage collector as a safety net. */
declare class Handle {
  protected constructor();
  readonly closed: boolean;
  /** Frees the object at once, or after the last call that uses it and the last array that views its memory. */
  close(): void;
  [Symbol.dispose](): void;
}

/** A picture of 8-bit RGB pixels. */
export declare class Image extends Handle {
  readonly width: number;
  readonly height: number;
  /** H x W x 3 bytes, without a copy. */
  readonly pixels: Uint8Array;
}

/** A network, which contexts share. */
export declare class Model extends Handle {
  readonly architecture: string;
  readonly backbone: string;
  readonly head: string;
  readonly description: string;
  readonly prefix: string;
  readonly settingsFile: string;
  /** Of the numbers that it computes with. */
  readonly precision: 'float32' | 'bfloat16';
  readonly classes: number;
  readonly classNames: readonly string[];
  readonly outputStride: number;
  readonly size: number;
  readonly temperature: number;
  readonly parameters: number;
  readonly parametersInFile: number;
  /** Colours of the classes, 3 bytes each, as decodePalette takes them; null where neither the file nor the caller says any. */
  readonly palette: Uint8Array | null;
  /** A further fact of the network, such as "rates". */
  property(key: string): string | undefined;
}

/** Labels, entropy map and sums of one picture. Arrays view the result's own memory and keep it alive. */
export declare class Result extends Handle {
  readonly width: number;
  readonly height: number;
  readonly classes: number;
  /** Class ids, H x W; 16 bits each with more than 256 classes. */
  readonly labels: Uint8Array | Uint16Array;
  /** Normalised entropy, H x W: 0 (certain) to 1. */
  readonly entropy: Float32Array;
  readonly summary: Summary;
  /** One entry a class. */
  readonly statistics: readonly ClassStatistics[];
  /** Seconds. */
  readonly timings: { readonly preprocess: number; readonly network: number; readonly head: number };
  /** The network's own logits, before interpolation and temperature: (C, h, w). */
  readonly logits: Tensor;
  /** The auxiliary classifier's logits, if the model was loaded with it. */
  readonly auxiliaryLogits: Tensor | undefined;
  /** (C, H, W), if they were kept. */
  readonly outputLogits: Tensor | undefined;
  readonly probabilities: Tensor | undefined;
  /** H x W, if they were kept. */
  readonly topProbability: Float32Array | undefined;
  readonly margin: Float32Array | undefined;
  /** The picture as the network saw it. */
  readonly input: Pixels;
}

/** A failure of the library's. */
export declare class SegentError extends Error {
  constructor(status: number, message?: string);
  /** The status in C: 41 for a missing file. */
  readonly status: number;
  /** Its name: "SEGENT_ERROR_NOT_FOUND". */
  readonly code: string;
}

export interface ContextOptions {
  /** 0: as many as the processors this process may run on. */
  threads?: number;
  cpu?: 'ref' | 'avx2' | 'avx512' | 'avx512_bf16' | 'amx' | 'neon' | 'neon_bf16';
  memoryLimit?: number;
  /** What it throws ends the call that it was called in. */
  log?: (level: 'error' | 'warning' | 'information' | 'debug', message: string) => void;
}

export interface ModelOptions {
  prefix?: string;
  /** "rates=6,12,18; size=512", or { rates: [6, 12, 18], size: 512 }. */
  settings?: string | Readonly<Record<string, string | number | readonly number[]>>;
  settingsFile?: string;
  path?: string;
  classNames?: readonly string[];
  examineOnly?: boolean;
  auxiliary?: boolean;
  /** Of the numbers that the network computes with; 'f32' unless it is given. */
  precision?: 'f32' | 'bf16';
  /** Ends the loading within 50 ms; the promise is rejected with the signal's reason. */
  signal?: AbortSignal;
}

export interface ImageOptions {
  orient?: 'default' | 'upright' | 'stored';
  /** Transparency is composed over this colour, 0xRRGGBB; without it, dropped. */
  background?: number;
  scanLimit?: number;
  pixelLimit?: number;
  /** Ends the reading within 50 ms; the promise is rejected with the signal's reason. */
  signal?: AbortSignal;
}

export interface StopOptions {
  /** Ends the run within 50 ms; the promise is rejected with the signal's reason. */
  signal?: AbortSignal;
  /** The share that is done, 0 to 1. What it throws ends the run. */
  onProgress?: (done: number) => void;
}

export interface RunOptions extends StopOptions {
  /** Shorter side at the network; the model's unless it is given. */
  size?: number | 'own';
  outputSize?: 'network' | 'original';
  engine?: 'fast' | 'exact' | 'small';
  /** The model's. 'f32', the default, leaves it to the model; another that is not the model's is an error. */
  precision?: 'f32' | 'bf16';
  temperature?: number;
  workspaceLimit?: number;
  keep?: readonly ('logits' | 'probabilities' | 'topProbability' | 'margin')[];
}

/** The caller's arrays for results; what is not given is not made. All have the same height and width. */
export interface Maps {
  labels?: Labels;
  entropy?: Tensor;
  topProbability?: Tensor;
  margin?: Tensor;
  logits?: Tensor;
  probabilities?: Tensor;
}

export type Unit = 'normalized' | 'nats' | 'bits';

export interface EntropyOptions {
  unit?: Unit;
  source?: 'logits' | 'probabilities';
  temperature?: number;
  strict?: boolean;
  tolerance?: number;
  out?: Tensor;
}

export interface PaletteOptions {
  /** 3 bytes a class; VOC's unless it is given. */
  palette?: Uint8Array | null;
  out?: Pixels;
}

/** Functions on the caller's own arrays, which must be left alone until the promise is settled. */
export interface BufferFunctions {
  softmax(logits: Tensor, options?: { out?: Tensor }): Promise<Tensor>;
  entropy(values: Tensor, options?: EntropyOptions): Promise<Tensor>;
  argmax(values: Tensor, options?: { out?: Labels }): Promise<Labels>;
  imageEntropy(entropy: Tensor, options?: { ignore?: Labels }): Promise<Summary>;
  decodePalette(labels: Labels, options?: PaletteOptions): Promise<Pixels>;
}

export interface Context extends BufferFunctions {}

/** Settings, threads and working memory. Its methods wait for each other, on other threads than the event loop's. */
export declare class Context extends Handle {
  constructor(options?: ContextOptions);
  loadModel(source: Source, options?: ModelOptions): Promise<Model>;
  loadImage(source: Source, options?: ImageOptions): Promise<Image>;
  /** A picture from pixels, which are copied. */
  image(pixels: Pixels): Promise<Image>;
  run(model: Model, picture: Image | Pixels | Source, options?: RunOptions): Promise<Result>;
  /** Like run, but from and into the caller's arrays: after the first picture of a size the library allocates nothing. */
  runInto(model: Model, input: Image | Pixels | Tensor, maps: Maps, options?: Omit<RunOptions, 'keep'>): Promise<Summary>;
  /** Low-resolution logits to maps of any size, in one pass. */
  fromLogits(logits: Tensor, maps: Maps, options?: { unit?: Unit; temperature?: number }): Promise<Summary>;
  /** A PNG file in memory. */
  encodePng(picture: Image | Labels, options?: { palette?: Uint8Array | null }): Promise<Buffer>;
  cpuInfo(): Promise<{ processor: string; kernels: string; blas: string; threads: number }>;
  /** Frees the working memory that is kept for the next call. */
  trim(): Promise<void>;
}

export interface PoolOptions extends ContextOptions {
  /** Contexts; more than libuv has threads (UV_THREADPOOL_SIZE, 4) wait for each other. */
  size?: number;
}

/** Several contexts, for several pictures at once: each task gets one that is free, or waits for it. */
export declare class ContextPool {
  constructor(options?: PoolOptions);
  readonly size: number;
  use<T>(task: (context: Context) => T | Promise<T>): Promise<T>;
  run(model: Model, picture: Image | Pixels | Source, options?: RunOptions): Promise<Result>;
  close(): void;
  [Symbol.dispose](): void;
}

/** The functions on arrays, with one context for all. */
export declare const softmax: BufferFunctions['softmax'];
export declare const entropy: BufferFunctions['entropy'];
export declare const argmax: BufferFunctions['argmax'];
export declare const imageEntropy: BufferFunctions['imageEntropy'];
export declare const decodePalette: BufferFunctions['decodePalette'];

export declare function version(): string;
export declare function supports(feature: string): boolean;

/** The header's constants, and its functions and structs as koffi has them, for what has no short way here. */
export declare const constants: Constants;
export declare const native: Native;
export type { Constants, Native };
