// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
'use strict';

const koffi = require('koffi');

// Gives back what its owner forgot to, once the garbage collector has found the owner gone.
const forgotten = new FinalizationRegistry((reference) => reference.release());

// The owner of the memory, by the buffer that views it.
const viewed = new WeakMap();

/**
 * A pointer of the library's and how many hold it: its owner, calls that use it, and buffers that view its memory. It is destroyed
 * when nobody does any more.
 */
class Reference {
  #pointer;
  #destroy;
  #holders = 1;

  constructor(pointer, destroy) {
    this.#pointer = pointer;
    this.#destroy = destroy;
  }

  get pointer() {
    return this.#pointer;
  }

  hold() {
    this.#holders++;
    return this.#pointer;
  }

  release() {
    if (--this.#holders > 0) return;
    this.#destroy(this.#pointer);
    this.#pointer = null;
  }

  /** `length` bytes at `pointer`, without a copy; they hold the reference for as long as they are reachable. */
  view(pointer, length) {
    const buffer = koffi.view(pointer, length);
    this.hold();
    viewed.set(buffer, this);
    forgotten.register(buffer, this);
    return buffer;
  }
}

// What a `using` declaration calls. Node.js before 18.18 has no Symbol.dispose; TypeScript then looks for this one.
const dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/** Lets a `using` declaration close the objects of a class. */
function closeAfterUse({ prototype }) {
  Object.defineProperty(prototype, dispose, {
    value: function close() {
      this.close();
    },
  });
}

/** What all objects of the library's have: `close()`, and the garbage collector as a safety net. */
class Handle {
  #reference;

  constructor(pointer, destroy) {
    this.#reference = new Reference(pointer, destroy);
    forgotten.register(this, this.#reference, this);
  }

  /** The reference, for a call; of a closed object an error. */
  get _reference() {
    if (!this.#reference) throw new Error(`this ${this.constructor.name} is closed`);
    return this.#reference;
  }

  get closed() {
    return this.#reference === null;
  }

  /** Lets go of the object. It is freed at once, or after the last call that uses it and the last buffer that views it. */
  close() {
    const reference = this.#reference;
    if (!reference) return;
    this.#reference = null;
    forgotten.unregister(this);
    reference.release();
  }
}

closeAfterUse(Handle);

module.exports = { Handle, Reference, closeAfterUse, viewed };
