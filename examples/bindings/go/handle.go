// SPDX-License-Identifier: BSD-2-Clause

package segent

import (
	"sync"
	"unsafe"
)

// handle owns an object of the library's. It may be closed while others use it: the last one frees it then.
type handle struct {
	mutex   sync.Mutex
	object  unsafe.Pointer
	users   int
	closed  bool
	destroy func(unsafe.Pointer)
}

// acquire gives the object to a user, who calls release behind it.
func (h *handle) acquire() (unsafe.Pointer, error) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.closed || h.object == nil {
		return nil, invalid("an object that is closed")
	}
	h.users++
	return h.object, nil
}

func (h *handle) release() {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.users--
	h.free()
}

func (h *handle) close() {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.closed = true
	h.free()
}

func (h *handle) free() {
	if h.closed && h.users == 0 && h.object != nil {
		h.destroy(h.object)
		h.object = nil
	}
}
