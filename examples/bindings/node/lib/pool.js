// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
'use strict';

const os = require('node:os');
const { Context } = require('./context.js');
const { closeAfterUse } = require('./handle.js');

// libuv's threads, on which calls run.
const WORKERS = Number(process.env.UV_THREADPOOL_SIZE) || 4;

/** Several contexts, for several pictures at once: each task gets one that is free, or waits for it. */
class ContextPool {
  #contexts;
  #free;
  #waiting = [];

  constructor({ size = Math.min(WORKERS, os.cpus().length || 1), threads = 1, ...options } = {}) {
    if (!Number.isSafeInteger(size) || size < 1) throw new RangeError(`a pool of ${size} contexts`);
    this.#contexts = [];
    try {
      while (this.#contexts.length < size) this.#contexts.push(new Context({ ...options, threads }));
    } catch (error) {
      this.close();
      throw error;
    }
    this.#free = [...this.#contexts];
  }

  get size() {
    return this.#contexts.length;
  }

  /** Calls `task` with a context that nobody else uses until the task is settled. */
  async use(task) {
    const context = this.#free.pop() ?? await new Promise((resolve) => this.#waiting.push(resolve));
    try {
      return await task(context);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(context);
      else this.#free.push(context);
    }
  }

  run(model, picture, options) {
    return this.use((context) => context.run(model, picture, options));
  }

  /** Closes all contexts; tasks that were begun go on to their end. */
  close() {
    for (const context of this.#contexts) context.close();
  }
}

closeAfterUse(ContextPool);

module.exports = { ContextPool };
