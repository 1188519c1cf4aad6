// SPDX-License-Identifier: BSD-2-Clause

package segent

// #cgo pkg-config: segent
// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"context"
	"runtime"
	"runtime/cgo"
	"sync/atomic"
	"unsafe"
)

// Options are settings of a Context. The zero value means the defaults.
type Options struct {
	Threads     int                    // how many work, the caller's included; 0: as many as the process may use
	CPU         CPU                    // the instruction sets that may be used; 0: all that the processor has
	MemoryLimit int64                  // most bytes that reading one file may take beside the file itself; 0: 2 GiB
	Log         func(LogLevel, string) // receives log lines during calls; must not refer to the context
}

// Context has threads and working memory. One goroutine at a time uses it, and others wait.
type Context struct {
	handle
	turn   chan struct{} // has a place for the one that uses the context
	thread atomic.Uintptr
	hooks  *hooks
	cancel *C.segent_cancel
}

// New makes a context.
func New(options Options) (*Context, error) {
	raw := (*C.segent_options)(C.calloc(1, C.sizeof_segent_options))
	defer C.free(unsafe.Pointer(raw))
	C.segent_options_defaults(raw)
	threads, err := toInt32(options.Threads)
	if err != nil {
		return nil, err
	}
	raw.threads = threads
	raw.cpu = C.segent_cpu(options.CPU)
	raw.memory_limit = C.int64_t(options.MemoryLimit)
	logging := &hooks{log: options.Log}
	logs := cgo.NewHandle(logging)
	if options.Log != nil {
		C.shim_log_to(raw, C.uintptr_t(logs))
	}
	var made *C.segent_context
	var cancel *C.segent_cancel
	err = check(func() C.segent_status { return C.segent_context_create(raw, &made) })
	if err != nil {
		logs.Delete()
		logging.resume()
		return nil, err
	}
	c := &Context{turn: make(chan struct{}, 1), hooks: logging}
	c.object = unsafe.Pointer(made)
	c.destroy = func(object unsafe.Pointer) {
		C.segent_cancel_destroy(cancel)
		C.segent_context_destroy((*C.segent_context)(object))
		logs.Delete()
	}
	runtime.SetFinalizer(c, (*Context).Close)
	logging.resume()
	err = c.now(func(raw *C.segent_context) C.segent_status { return C.segent_cancel_create(raw, &cancel) })
	if err != nil {
		c.close()
		return nil, err
	}
	c.cancel = cancel
	return c, nil
}

// Close frees the context, when the call that uses it has ended. What was made with it lives on.
func (c *Context) Close() error {
	if c != nil {
		c.close()
	}
	return nil
}

// enter waits until nobody uses the context. The goroutine then stays on its thread until it leaves, because the library
// knows who is inside by the thread.
func (c *Context) enter(ctx context.Context) (*C.segent_context, error) {
	if err := ctx.Err(); err != nil {
		return nil, ended(err)
	}
	select {
	case c.turn <- struct{}{}:
	default:
		if c.thread.Load() == uintptr(C.shim_thread()) {
			return nil, &Error{Status: Busy, Sentence: "segent: the context is in use by the call that this one is made from"}
		}
		select {
		case c.turn <- struct{}{}:
		case <-ctx.Done():
			return nil, ended(ctx.Err())
		}
	}
	object, err := c.acquire()
	if err != nil {
		<-c.turn
		return nil, err
	}
	runtime.LockOSThread()
	c.thread.Store(uintptr(C.shim_thread()))
	return (*C.segent_context)(object), nil
}

func (c *Context) leave() {
	c.thread.Store(0)
	runtime.UnlockOSThread()
	c.release()
	<-c.turn
}

// ended is the error of a call that a context.Context has ended.
func ended(err error) error {
	return &Error{Status: Cancelled, Sentence: "segent: " + err.Error(), cause: err}
}

// call calls the library and makes an error of its status. A panic of a callback goes on from here.
func (c *Context) call(ctx context.Context, function func(*C.segent_context) C.segent_status) error {
	if c == nil {
		return invalid("a nil context")
	}
	raw, err := c.enter(ctx)
	if err != nil {
		return err
	}
	defer c.leave()
	err = failure(function(raw), raw)
	c.hooks.resume()
	return err
}

// now calls the library, after whoever uses the context.
func (c *Context) now(function func(*C.segent_context) C.segent_status) error {
	return c.call(context.Background(), function)
}

// Trim frees the working memory that is kept from call to call.
func (c *Context) Trim() error {
	return c.now(func(raw *C.segent_context) C.segent_status { return C.segent_context_trim(raw) })
}

// CPUInfo is what a context works with.
type CPUInfo struct {
	Processor      string // its brand, or its architecture
	Kernels        string // the best instruction set in Used
	BLAS           string // where there are no kernels, or why there is none
	Detected, Used CPU
	Threads        int
}

// CPUInfo tells the processor, instruction sets and threads that the context works with.
func (c *Context) CPUInfo() (CPUInfo, error) {
	var info C.segent_cpu_info
	var found CPUInfo
	C.segent_cpu_info_defaults(&info)
	err := c.now(func(raw *C.segent_context) C.segent_status {
		status := C.segent_context_cpu_info(raw, &info)
		if status == C.SEGENT_OK {
			found = CPUInfo{
				C.GoString(info.processor), C.GoString(info.kernels), C.GoString(info.blas),
				CPU(info.detected), CPU(info.used), int(info.threads),
			}
		}
		return status
	})
	return found, err
}

// Version is that of the library that was linked.
func Version() string { return C.GoString(C.segent_version()) }

// Supports tells whether this build of the library has a feature: "png", "jpeg", "zlib", "simd", "blas".
func Supports(feature string) bool {
	text, err := cString(feature)
	if err != nil {
		return false
	}
	defer C.free(unsafe.Pointer(text))
	return C.segent_supports(text) != 0
}
