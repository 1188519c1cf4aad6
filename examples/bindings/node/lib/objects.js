// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
'use strict';

const koffi = require('koffi');
const { native, constants } = require('./library.js');
const { check } = require('./error.js');
const { Handle } = require('./handle.js');
const { sized } = require('./settings.js');

/** A struct that a function fills: filled('segent_timings', (timings) => native.segent_result_timings(result, timings)). */
function filled(name, fill) {
  const struct = sized(name, {});
  check(fill(struct));
  return struct;
}

/** A segent_entropy_summary as this package gives it. */
function summaryOf({ pixels, sum, mean, minimum, maximum, sum_nats: sumNats, undecided, undecided_below: undecidedBelow }) {
  return { pixels, sum, mean, minimum, maximum, sumNats, undecided, undecidedBelow };
}

function pixelsOf(reference, image) {
  const width = native.segent_image_width(image);
  const height = native.segent_image_height(image);
  const data = new Uint8Array(reference.view(native.segent_image_pixels(image), width * height * 3));
  return { data, width, height, format: 'rgb' };
}

/** A picture of 8-bit RGB pixels. */
class Image extends Handle {
  #pixels = null;

  constructor(pointer) {
    super(pointer, native.segent_image_destroy);
    this.width = native.segent_image_width(pointer);
    this.height = native.segent_image_height(pointer);
  }

  /** H x W x 3 bytes, without a copy. */
  get pixels() {
    const reference = this._reference;
    this.#pixels ??= pixelsOf(reference, reference.pointer).data;
    return this.#pixels;
  }

  close() {
    this.#pixels = null;
    super.close();
  }
}

/** A network, which contexts share. */
class Model extends Handle {
  constructor(pointer) {
    super(pointer, native.segent_model_destroy);
    const details = filled('segent_model_details', (struct) => native.segent_model_info(pointer, struct));
    this.architecture = details.architecture;
    this.backbone = details.backbone;
    this.head = details.head;
    this.description = details.description;
    this.prefix = details.prefix;
    this.settingsFile = details.settings_file;
    this.classes = details.classes;
    this.outputStride = details.output_stride;
    this.size = details.size;
    this.temperature = details.temperature;
    this.precision = native.segent_precision_name(details.precision);
    this.parameters = details.parameters;
    this.parametersInFile = details.parameters_in_file;
    this.classNames = Array.from({ length: details.classes }, (_, id) => native.segent_model_class_name(pointer, id));
  }

  /** Colours of the classes, 3 bytes each, if the file or the caller says them: a copy. */
  get palette() {
    const count = [0];
    const colours = native.segent_model_palette(this._reference.pointer, count);
    return colours === null ? null : Uint8Array.from(koffi.decode(colours, 'uint8_t', count[0] * 3));
  }

  /** A further fact of the network, such as "rates", or undefined. */
  property(key) {
    return native.segent_model_property(this._reference.pointer, String(key)) ?? undefined;
  }
}

/** Labels, entropy map and sums of one picture. */
class Result extends Handle {
  #views = new Map();

  constructor(pointer) {
    super(pointer, native.segent_result_destroy);
    this.width = native.segent_result_width(pointer);
    this.height = native.segent_result_height(pointer);
    this.classes = native.segent_result_classes(pointer);
    this.summary = summaryOf(filled('segent_entropy_summary', (struct) => native.segent_result_summary(pointer, struct)));
    const { preprocess, network, head } = filled('segent_timings', (struct) => native.segent_result_timings(pointer, struct));
    this.timings = { preprocess, network, head };
    const count = [0];
    const all = native.segent_result_statistics(pointer, count);
    this.statistics = koffi.decode(all, native.segent_class_statistics, count[0]).map((found, id) => (
      { id, pixels: found.pixels, entropyMean: found.entropy_mean }));
  }

  // What `make` returns for the result's reference, made once.
  #once(name, make) {
    const reference = this._reference;
    if (!this.#views.has(name)) this.#views.set(name, make(reference));
    return this.#views.get(name);
  }

  // A map of the result's, { data, dims }; undefined where the result has none.
  #map(name, dims, pointerOf) {
    return this.#once(name, (reference) => {
      const data = pointerOf(reference.pointer);
      if (data === null) return undefined;
      const sizes = dims();
      const elements = sizes.reduce((product, dim) => product * dim, 1);
      return { data: new Float32Array(reference.view(data, elements * 4)), dims: sizes };
    });
  }

  #lowres(name, read) {
    const height = [0];
    const width = [0];
    return this.#map(name, () => [this.classes, height[0], width[0]], (pointer) => read(pointer, height, width));
  }

  #full(name, read) {
    return this.#map(name, () => [this.classes, this.height, this.width], read);
  }

  #plane(name, read) {
    return this.#map(name, () => [this.height, this.width], read)?.data;
  }

  /** Class ids, H x W. */
  get labels() {
    return this.#once('labels', (reference) => {
      const small = native.segent_result_label_type(reference.pointer) === constants.SEGENT_LABEL_U8;
      const bytes = this.width * this.height * (small ? 1 : 2);
      const buffer = reference.view(native.segent_result_labels(reference.pointer), bytes);
      return small ? new Uint8Array(buffer) : new Uint16Array(buffer);
    });
  }

  /** Normalised entropy, H x W: 0 (certain) to 1. */
  get entropy() {
    return this.#plane('entropy', native.segent_result_entropy);
  }

  get topProbability() {
    return this.#plane('topProbability', native.segent_result_top_probability);
  }

  get margin() {
    return this.#plane('margin', native.segent_result_margin);
  }

  /** The network's own logits, before interpolation and temperature. */
  get logits() {
    return this.#lowres('logits', native.segent_result_lowres_logits);
  }

  get auxiliaryLogits() {
    return this.#lowres('auxiliaryLogits', native.segent_result_auxiliary_logits);
  }

  get outputLogits() {
    return this.#full('outputLogits', native.segent_result_logits);
  }

  get probabilities() {
    return this.#full('probabilities', native.segent_result_probabilities);
  }

  /** The picture as the network saw it. */
  get input() {
    return this.#once('input', (reference) => pixelsOf(reference, native.segent_result_input(reference.pointer)));
  }

  close() {
    this.#views.clear();
    super.close();
  }
}

module.exports = { Image, Model, Result, summaryOf };
