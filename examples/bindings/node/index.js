// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
'use strict';

const { native, constants } = require('./lib/library.js');
const { SegentError } = require('./lib/error.js');
const { Context } = require('./lib/context.js');
const { ContextPool } = require('./lib/pool.js');
const { Image, Model, Result } = require('./lib/objects.js');

// The functions on arrays take one context for all, which is made by the first of them.
let context = null;
function shared(name) {
  return (...given) => {
    context ??= new Context();
    return context[name](...given);
  };
}

const softmax = shared('softmax');
const entropy = shared('entropy');
const argmax = shared('argmax');
const imageEntropy = shared('imageEntropy');
const decodePalette = shared('decodePalette');

function version() {
  return native.segent_version();
}

function supports(feature) {
  return native.segent_supports(String(feature)) === 1;
}

// Each name is written here, since Node.js reads the names for `import { ... }` from the source.
module.exports = {
  Context, ContextPool, Image, Model, Result, SegentError, constants, native,
  softmax, entropy, argmax, imageEntropy, decodePalette, version, supports,
};
