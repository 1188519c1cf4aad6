// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
'use strict';

const { native, constants } = require('./library.js');

const codes = new Map();
for (const [name, value] of Object.entries(constants)) {
  if (name.startsWith('SEGENT_ERROR_')) codes.set(value, name);
}

/** A failure of the library's: `status` is the status in C, `code` its name, `message` the sentence. */
class SegentError extends Error {
  constructor(status, message) {
    super(message || native.segent_status_string(status));
    this.name = 'SegentError';
    this.status = status;
    this.code = codes.get(status) ?? 'SEGENT_ERROR';
  }
}

/** Throws what a function without a context returned, unless that is SEGENT_OK. */
function check(status) {
  if (status !== constants.SEGENT_OK) throw new SegentError(status, native.segent_last_error(null));
}

module.exports = { SegentError, check };
