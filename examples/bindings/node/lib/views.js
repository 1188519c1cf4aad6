// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
'use strict';

// What a caller's typed arrays and sizes are in C. Everything is checked here, since beyond an array lies other memory.
const { constants } = require('./library.js');

const SAMPLES = { rgb: 3, bgr: 3, rgba: 4, bgra: 4, grey: 1 };

function size(value, name) {
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} must be a whole number from 1 on, not ${value}`);
  return value;
}

// The strides in elements of dims, which are those of dense rows unless they are given.
function stridesOf(dims, strides) {
  const found = [];
  for (let i = dims.length - 1, dense = 1; i >= 0; dense *= dims[i--]) {
    found[i] = strides ? strides[i] : dense;
    if (!Number.isSafeInteger(found[i]) || found[i] < 0) throw new RangeError('strides must be whole numbers from 0 on');
  }
  return found;
}

function inside(data, dims, strides) {
  const last = dims.reduce((sum, dim, i) => sum + (dim - 1) * strides[i], 0);
  if (!(last < data.length)) throw new RangeError(`an array of ${data.length} elements is too small for ${dims.join(' x ')}`);
}

// `array` is a Tensor, { data, dims, strides }, of one of the kinds and `rank` dimensions; more of them, in front, must be 1.
function parts(array, kinds, rank, name) {
  if (!kinds.some((kind) => array?.data instanceof kind)) {
    throw new TypeError(`${name} must have data in a ${kinds.map((kind) => kind.name).join(' or ')}`);
  }
  const given = Array.from(array.dims ?? [], Number);
  const more = given.length - rank;
  if (more < 0 || given.slice(0, more).some((dim) => dim !== 1)) {
    throw new RangeError(`${name} must have ${rank} dimensions, not ${given.join(' x ') || 'none'}`);
  }
  const dims = given.slice(more).map((dim) => size(dim, 'a dimension'));
  const strides = stridesOf(dims, array.strides?.slice(more));
  inside(array.data, dims, strides);
  return { data: array.data, dims, strides };
}

/** (C, H, W) float32 values as a segent_tensor_view. */
function tensorView(array, name) {
  const { data, dims, strides } = parts(array, [Float32Array], 3, name);
  const [channels, height, width] = dims;
  const [channel_stride, row_stride, column_stride] = strides;
  return { data, channels, height, width, channel_stride, row_stride, column_stride };
}

/** (H, W) float32 values as a segent_map_view. */
function mapView(array, name) {
  const { data, dims, strides } = parts(array, [Float32Array], 2, name);
  return { data, height: dims[0], width: dims[1], row_stride: strides[0], column_stride: strides[1] };
}

/** (H, W) class ids as a segent_label_view. */
function labelView(array, name) {
  const { data, dims, strides } = parts(array, [Uint8Array, Uint8ClampedArray, Uint16Array], 2, name);
  const type = data instanceof Uint16Array ? constants.SEGENT_LABEL_U16 : constants.SEGENT_LABEL_U8;
  return { data, height: dims[0], width: dims[1], row_stride: strides[0], column_stride: strides[1], type };
}

/** 8-bit pixels, { data, width, height, format, stride }, as a segent_pixel_view. An ImageData is one. */
function pixelView(pixels) {
  const { data } = pixels;
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) {
    throw new TypeError('pixels must be in a Uint8Array, a Buffer or a Uint8ClampedArray');
  }
  const height = size(pixels.height, 'height');
  const width = size(pixels.width, 'width');
  const guessed = { 1: 'grey', 3: 'rgb', 4: 'rgba' }[data.length / (height * width)];
  const format = pixels.format ?? guessed;
  const samples = Object.hasOwn(SAMPLES, format ?? '') ? SAMPLES[format] : undefined;
  if (!samples) throw new RangeError(`the format of pixels must be one of ${Object.keys(SAMPLES).join(', ')}`);
  const stride = pixels.stride ?? width * samples;
  if (!Number.isSafeInteger(stride) || stride < width * samples) throw new RangeError(`rows are longer than a stride of ${stride}`);
  inside(data, [height, width * samples], [stride, 1]);
  return { data, height, width, row_stride: stride, format: constants[`SEGENT_PIXEL_${format.toUpperCase()}`] };
}

/** The value of an enum by the name that people write: enumValue('ENGINE', 'exact'); undefined stays the default, 0. */
function enumValue(kind, name) {
  if (name === undefined) return 0;
  const constant = `SEGENT_${kind}_${String(name).toUpperCase()}`;
  if (!Object.hasOwn(constants, constant)) throw new RangeError(`${kind.toLowerCase()}: unknown value ${name}`);
  return constants[constant];
}

module.exports = { tensorView, mapView, labelView, pixelView, enumValue };
