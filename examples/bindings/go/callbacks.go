// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include <stdint.h>
import "C"

import "runtime/cgo"

// caught is a panic on its way around the library, whose frames Go must not unwind.
type caught struct {
	panicked bool
	value    any
}

// run calls a function, unless an earlier one has panicked. False: it did not come to its end.
func (c *caught) run(function func()) (finished bool) {
	if c.panicked {
		return false
	}
	defer func() {
		if !finished {
			c.panicked, c.value = true, recover()
		}
	}()
	function()
	return true
}

// resume lets the panic go on.
func (c *caught) resume() {
	if value := c.value; c.panicked {
		*c = caught{}
		panic(value)
	}
}

// hooks are what a context calls.
type hooks struct {
	log func(LogLevel, string)
	caught
}

// progress is what a run calls.
type progress struct {
	function func(float64) error
	err      error
	caught
}

//export segentGoLog
func segentGoLog(user C.uintptr_t, level C.int32_t, message *C.char) {
	h := cgo.Handle(user).Value().(*hooks)
	h.run(func() { h.log(LogLevel(level), C.GoString(message)) })
}

//export segentGoProgress
func segentGoProgress(user C.uintptr_t, done C.double) C.int32_t {
	p := cgo.Handle(user).Value().(*progress)
	finished := p.run(func() { p.err = p.function(float64(done)) })
	if !finished || p.err != nil {
		return 1
	}
	return 0
}
