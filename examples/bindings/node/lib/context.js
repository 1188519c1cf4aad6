// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
'use strict';

const { fileURLToPath } = require('node:url');
const { native } = require('./library.js');
const { Calls } = require('./calls.js');
const { Reference } = require('./handle.js');
const { Image, Model, Result, summaryOf } = require('./objects.js');
const settings = require('./settings.js');
const { tensorView, mapView, labelView, pixelView, enumValue } = require('./views.js');

function isBytes(value) {
  return value instanceof Uint8Array;
}

function pathOf(value) {
  if (value instanceof URL) return fileURLToPath(value);
  if (typeof value !== 'string') throw new TypeError('a path, a URL or a Uint8Array is wanted');
  if (value.includes('\0')) throw new TypeError('a path cannot have a NUL');
  return value;
}

// The function of C that reads a file of a kind, segent_model or segent_image, and its arguments before the options: the file's bytes
// or its path.
function reading(kind, source) {
  return isBytes(source) ? [`${kind}_load_memory`, source, source.length] : [`${kind}_load`, pathOf(source)];
}

// The maps that a caller wants, as a segent_uncertainty_maps; those that are not wanted stay out.
function mapsOf(wanted) {
  const make = { labels: labelView, entropy: mapView, topProbability: mapView, margin: mapView, logits: tensorView, probabilities: tensorView };
  const maps = settings.sized('segent_uncertainty_maps', {});
  for (const [name, array] of Object.entries(wanted)) {
    if (array === undefined) continue;
    if (!Object.hasOwn(make, name)) throw new RangeError(`maps: unknown name ${name}`);
    const view = make[name](array, name);
    maps[name === 'topProbability' ? 'top_probability' : name] = view;
    maps.height ??= view.height;
    maps.width ??= view.width;
  }
  return maps;
}

function networkOf(model) {
  if (!(model instanceof Model)) throw new TypeError('a Model is wanted');
  return model._reference;
}

function inputOf(input) {
  if (input instanceof Image) return settings.sized('segent_input', { image: input._reference.pointer });
  if (input?.dims) return settings.sized('segent_input', { tensor: tensorView(input, 'input') });
  return settings.sized('segent_input', { pixels: pixelView(input) });
}

/** Settings, threads and working memory. Its methods wait for each other. */
class Context extends Calls {
  /** A network from a file of weights, by its path or its bytes. */
  loadModel(source, options = {}) {
    return this.#load(source, options, 'segent_model', settings.modelOptions, Model);
  }

  /** A picture from a JPEG or PNG file, by its path or its bytes. */
  loadImage(source, options = {}) {
    return this.#load(source, options, 'segent_image', settings.imageOptions, Image);
  }

  async #load(source, options, kind, optionsOf, Kind) {
    const [name, ...given] = reading(kind, source);
    const { signal } = options;
    const settled = optionsOf(options);
    return this._queue([source], signal, () => this._stoppable({ signal }, async (_, cancel) => (
      new Kind(await this._make(name, `${kind}_destroy`, ...given, { ...settled, cancel })))));
  }

  /** A picture from pixels, which are copied. */
  async image(pixels) {
    const view = pixelView(pixels);
    return this._queue([pixels], undefined, async () => new Image(await this._make('segent_image_from_pixels', 'segent_image_destroy', view)));
  }

  /** A picture through a network: an Image, a file's path or bytes, or pixels. */
  async run(model, picture, options = {}) {
    const network = networkOf(model);
    const load = this.#picture(picture);
    return this._queue([model, picture], options.signal, () => this._stoppable(options, async (progress, cancel) => {
      const image = await load(cancel);
      try {
        return new Result(await this._make(
          'segent_run', 'segent_result_destroy', network, image, settings.runOptions(options, progress, cancel)));
      } finally {
        image.release();
      }
    }));
  }

  // How the task of a run gets its picture, of which it then holds a reference. A file is read until the flag ends that.
  #picture(picture) {
    if (picture instanceof Image) {
      const reference = picture._reference;
      return async () => {
        reference.hold();
        return reference;
      };
    }
    const isFile = isBytes(picture) || typeof picture === 'string' || picture instanceof URL;
    const [name, ...given] = isFile ? reading('segent_image', picture) : ['segent_image_from_pixels', pixelView(picture)];
    return async (cancel) => {
      const options = isFile ? [{ ...settings.imageOptions({}), cancel }] : [];
      return new Reference(await this._make(name, 'segent_image_destroy', ...given, ...options), native.segent_image_destroy);
    };
  }

  /**
   * Like run, but reads an Image, pixels or a normalised tensor where they lie and writes into the caller's arrays: maps is
   * { labels, entropy, topProbability, margin, logits, probabilities }, each { data, dims }. Resolves to the entropy's sums.
   */
  async runInto(model, input, maps, options = {}) {
    const given = [networkOf(model), inputOf(input)];
    const views = mapsOf(maps);
    return this._queue([model, input, maps], options.signal, () => this._stoppable(options, async (progress, cancel) => {
      const summary = settings.sized('segent_entropy_summary', {});
      await this._call('segent_run_into', ...given, settings.runOptions(options, progress, cancel), views, summary);
      return summaryOf(summary);
    }));
  }

  /** Softmax over the classes. `out` may be the logits themselves. */
  async softmax(logits, { out } = {}) {
    const from = tensorView(logits, 'logits');
    const made = out ?? { data: new Float32Array(from.channels * from.height * from.width), dims: Array.from(logits.dims) };
    await this.#compute([logits, made], 'segent_softmax', from, tensorView(made, 'out'));
    return made;
  }

  /** Entropy of every pixel's class distribution. */
  async entropy(values, { out, ...options } = {}) {
    const from = tensorView(values, 'values');
    const made = out ?? { data: new Float32Array(from.height * from.width), dims: [from.height, from.width] };
    await this.#compute([values, made], 'segent_entropy_map', from, settings.entropyOptions(options), mapView(made, 'out'));
    return made;
  }

  /** Class of the largest value of every pixel. */
  async argmax(values, { out } = {}) {
    const from = tensorView(values, 'values');
    const Kind = from.channels > 256 ? Uint16Array : Uint8Array;
    const made = out ?? { data: new Kind(from.height * from.width), dims: [from.height, from.width] };
    await this.#compute([values, made], 'segent_argmax', from, labelView(made, 'out'));
    return made;
  }

  /** Sums over an entropy map; pixels where `ignore` is not 0 are left out. */
  async imageEntropy(entropy, { ignore } = {}) {
    const summary = settings.sized('segent_entropy_summary', {});
    const left = ignore ? labelView(ignore, 'ignore') : null;
    await this.#compute([entropy, ignore], 'segent_image_entropy', mapView(entropy, 'entropy'), left, summary);
    return summaryOf(summary);
  }

  /** Class ids to colours: VOC's, or those of a palette of 3 bytes a class. */
  async decodePalette(labels, { palette = null, out } = {}) {
    const from = labelView(labels, 'labels');
    const { width, height } = from;
    const made = out ?? { data: new Uint8Array(height * width * 3), width, height, format: 'rgb' };
    await this.#compute([labels, palette, made], 'segent_palette_decode', from, palette, entriesOf(palette), pixelView(made));
    return made;
  }

  /** Low-resolution logits to maps of any size, in one pass: maps as in runInto. */
  async fromLogits(logits, maps, { unit, temperature } = {}) {
    const summary = settings.sized('segent_entropy_summary', {});
    const options = settings.sized('segent_uncertainty_options', { unit: enumValue('UNIT', unit), temperature });
    const from = tensorView(logits, 'logits');
    await this.#compute([logits, maps], 'segent_uncertainty_from_logits', from, options, mapsOf(maps), summary);
    return summaryOf(summary);
  }

  /** A PNG file in memory, of an Image or of class ids. */
  async encodePng(picture, { palette = null } = {}) {
    const given = picture instanceof Image
      ? ['segent_image_encode_png', 'segent_buffer_destroy', picture._reference]
      : ['segent_labels_encode_png', 'segent_buffer_destroy', labelView(picture, 'labels'), palette, entriesOf(palette)];
    const pointer = await this._queue([picture, palette], undefined, () => this._make(...given));
    const owner = new Reference(pointer, native.segent_buffer_destroy);
    try {
      return Buffer.from(owner.view(native.segent_buffer_data(pointer), native.segent_buffer_size(pointer)));
    } finally {
      owner.release();
    }
  }

  /** Processor, kernels and threads. */
  async cpuInfo() {
    const info = settings.sized('segent_cpu_info', {});
    await this.#compute([], 'segent_context_cpu_info', info);
    const { processor, kernels, blas, threads } = info;
    return { processor, kernels, blas, threads };
  }

  /** Frees the working memory that is kept for the next call. */
  trim() {
    return this.#compute([], 'segent_context_trim');
  }

  #compute(values, name, ...given) {
    return this._queue(values, undefined, () => this._call(name, ...given));
  }
}

function entriesOf(palette) {
  if (palette === null) return 0;
  if (!isBytes(palette) || palette.length % 3 !== 0) throw new TypeError('a palette is a Uint8Array of 3 bytes a class');
  return palette.length / 3;
}

module.exports = { Context };
