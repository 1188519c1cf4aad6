// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
'use strict';

// Options as people write them in JavaScript, as structs of C. What is not given stays 0, the default.
const koffi = require('koffi');
const { native, constants } = require('./library.js');
const { enumValue } = require('./views.js');

const KEEP = {
  logits: constants.SEGENT_KEEP_LOGITS,
  probabilities: constants.SEGENT_KEEP_PROBABILITIES,
  topProbability: constants.SEGENT_KEEP_TOP_PROBABILITY,
  margin: constants.SEGENT_KEEP_MARGIN,
};

/** A struct that knows its size, with the members that are given. */
function sized(name, members) {
  const struct = { struct_size: koffi.sizeof(native[name]) };
  for (const [member, value] of Object.entries(members)) {
    if (value !== undefined) struct[member] = value;
  }
  return struct;
}

function modelOptions(options) {
  const { classNames, settings } = options;
  const text = settings && typeof settings === 'object'
    ? Object.entries(settings).map(([key, value]) => `${key}=${value}`).join('; ')
    : settings;
  return sized('segent_model_options', {
    prefix: options.prefix,
    settings: text,
    settings_file: options.settingsFile,
    path: options.path,
    class_names: classNames,
    class_name_count: classNames?.length,
    examine_only: options.examineOnly ? 1 : 0,
    auxiliary: options.auxiliary ? 1 : 0,
    precision: enumValue('PRECISION', options.precision),
  });
}

function imageOptions(options) {
  return sized('segent_image_options', {
    orient: enumValue('ORIENT', options.orient),
    background: options.background === 0 ? constants.SEGENT_BACKGROUND_BLACK : options.background,
    scan_limit: options.scanLimit,
    pixel_limit: options.pixelLimit,
  });
}

function runOptions(options, progress, cancel) {
  const unknown = (options.keep ?? []).find((name) => !Object.hasOwn(KEEP, name));
  if (unknown !== undefined) throw new RangeError(`keep: unknown value ${unknown}`);
  return sized('segent_run_options', {
    size: options.size === 'own' ? constants.SEGENT_SIZE_OWN : options.size,
    output_size: enumValue('OUTPUT', options.outputSize),
    engine: enumValue('ENGINE', options.engine),
    precision: enumValue('PRECISION', options.precision),
    temperature: options.temperature,
    keep: (options.keep ?? []).reduce((sum, name) => sum | KEEP[name], 0),
    workspace_limit: options.workspaceLimit,
    progress,
    cancel,
  });
}

function entropyOptions(options) {
  return sized('segent_entropy_options', {
    source: enumValue('SOURCE', options.source),
    unit: enumValue('UNIT', options.unit),
    temperature: options.temperature,
    strict: options.strict ? 1 : 0,
    tolerance: options.tolerance,
  });
}

function contextOptions(options, log) {
  return sized('segent_options', {
    threads: options.threads,
    cpu: enumValue('CPU', options.cpu),
    memory_limit: options.memoryLimit,
    log,
  });
}

module.exports = { sized, modelOptions, imageOptions, runOptions, entropyOptions, contextOptions };
