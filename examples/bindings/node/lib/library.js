// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
'use strict';

// The library: found by SEGENT_LIBRARY, by pkg-config, or where the system's loader looks.
const { execFileSync } = require('node:child_process');
const path = require('node:path');
const koffi = require('koffi');
const declarations = require('./declarations.js');

function candidates() {
  if (process.env.SEGENT_LIBRARY) return [process.env.SEGENT_LIBRARY];
  const found = [declarations.soname];
  try {
    const asked = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    const folder = execFileSync('pkg-config', ['--variable=libdir', 'segent'], asked).trim();
    if (folder) found.unshift(path.join(folder, declarations.soname));
  } catch {
    // Where pkg-config is missing, or does not know the library, the loader may still find it.
  }
  return found;
}

function load() {
  const problems = [];
  for (const name of candidates()) {
    try {
      return koffi.load(name);
    } catch (error) {
      problems.push(error.message);
    }
  }
  throw new Error(`libsegent is not found; SEGENT_LIBRARY may name it: ${problems.join('; ')}`);
}

/** Every function of the header, and every struct as a type of koffi's, under their names in C. */
const native = declarations.declare(koffi, load());

module.exports = { native, constants: declarations.constants };
