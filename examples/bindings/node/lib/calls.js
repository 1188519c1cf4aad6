// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
'use strict';

// Calls that take a context: one after another, on threads of libuv's, so that the event loop stays free.
const koffi = require('koffi');
const { native, constants } = require('./library.js');
const { SegentError, check } = require('./error.js');
const { Handle, Reference, viewed } = require('./handle.js');
const { contextOptions } = require('./settings.js');

// What must live until a call returns: handles among the arguments, and the owners of memory that they view.
function* owners(value) {
  if (value instanceof Handle) yield value._reference;
  else if (value instanceof Reference) yield value;
  else if (ArrayBuffer.isView(value)) {
    if (viewed.has(value.buffer)) yield viewed.get(value.buffer);
  } else if (value && typeof value === 'object') {
    for (const part of Object.values(value)) yield* owners(part);
  }
}

/** Keeps what `values` own until `release` is called. */
function hold(...values) {
  const held = [...owners(values)];
  for (const reference of held) reference.hold();
  return { release: () => held.splice(0).forEach((reference) => reference.release()) };
}

class Calls extends Handle {
  #last = Promise.resolve();
  #raised = null;
  #pointer; // for tasks, which hold the context even when it was closed meanwhile

  constructor(options = {}) {
    const state = {};
    const log = options.log && koffi.register((_, level, message) => {
      state.self?._guard(() => options.log(native.segent_log_level_name(level), message));
    }, native.segent_log_fn);
    const out = [null];
    try {
      check(native.segent_context_create(contextOptions(options, log), out));
    } catch (error) {
      if (log) koffi.unregister(log);
      throw error;
    }
    super(out[0], (pointer) => {
      native.segent_context_destroy(pointer);
      if (log) koffi.unregister(log);
    });
    this.#pointer = out[0];
    // The log function must not keep a forgotten context alive.
    const weak = new WeakRef(this);
    Object.defineProperty(state, 'self', { get: () => weak.deref() });
  }

  /** Runs a callback of the host's. What it throws ends the call that it came from, and is thrown by that. */
  _guard(callback, stop) {
    try {
      return callback();
    } catch (error) {
      this.#raised ??= { error };
      return stop;
    }
  }

  /**
   * Runs `task` when all that was asked of this context before is done. What `values` own lives until then. A signal that is aborted
   * before the task begins ends the wait.
   */
  _queue(values, signal, task) {
    return new Promise((resolve, reject) => {
      const held = hold(this, ...values);
      let waiting = true;
      const abort = () => waiting && reject(signal.reason);
      if (signal?.aborted) abort();
      signal?.addEventListener('abort', abort, { once: true });
      this.#last = this.#last.then(async () => {
        waiting = false;
        signal?.removeEventListener('abort', abort);
        try {
          if (!signal?.aborted) resolve(await task());
        } catch (error) {
          reject(error);
        } finally {
          held.release();
        }
      });
    });
  }

  /** Calls a function of the library's with the context and `given`, and settles when it has returned. Only from a task. */
  _call(name, ...given) {
    const context = this.#pointer;
    const values = given.map((value) => (value instanceof Reference ? value.pointer : value));
    return new Promise((resolve, reject) => {
      native[name].async(context, ...values, (error, status) => {
        const raised = this.#raised;
        this.#raised = null;
        values.length = 0; // arrays among them were in use until now
        if (error || raised) reject(error ?? raised.error);
        else if (status !== constants.SEGENT_OK) reject(new SegentError(status, native.segent_last_error(context)));
        else resolve();
      });
    });
  }

  /** Calls a function that makes an object, like _call, and gives the object's address. */
  async _make(name, destroy, ...given) {
    const out = [null];
    try {
      await this._call(name, ...given, out);
    } catch (error) {
      if (out[0] !== null) native[destroy](out[0]);
      throw error;
    }
    return out[0];
  }

  /** Runs `task` with a flag that the signal sets and a progress function, as a run's options take them. */
  async _stoppable({ signal, onProgress }, task) {
    const cancel = [null];
    if (signal) check(native.segent_cancel_create(this.#pointer, cancel));
    const set = () => native.segent_cancel_set(cancel[0]);
    const progress = onProgress && koffi.register((_, done) => this._guard(() => {
      onProgress(done);
      return 0;
    }, 1), native.segent_progress_fn);
    signal?.addEventListener('abort', set, { once: true });
    try {
      return await task(progress, cancel[0]);
    } catch (error) {
      throw signal?.aborted && error.status === constants.SEGENT_ERROR_CANCELLED ? signal.reason : error;
    } finally {
      signal?.removeEventListener('abort', set);
      if (progress) koffi.unregister(progress);
      if (signal) native.segent_cancel_destroy(cancel[0]);
    }
  }
}

module.exports = { Calls };
