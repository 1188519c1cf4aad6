// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// Checkpoint is a file of named tensors. Nothing in it is ever executed. A file that was loaded by its path is mapped,
// and must not be made shorter meanwhile.
type Checkpoint struct{ handle }

// TensorInfo is one tensor of a checkpoint.
type TensorInfo struct {
	Name     string
	Dtype    Dtype
	Shape    []int
	Strides  []int // in elements
	Elements int
}

func (c *Context) makeCheckpoint(copied unsafe.Pointer, function func(*C.segent_context, **C.segent_checkpoint) C.segent_status) (*Checkpoint, error) {
	var made *C.segent_checkpoint
	err := c.now(func(raw *C.segent_context) C.segent_status { return function(raw, &made) })
	if err != nil {
		C.free(copied)
		return nil, err
	}
	checkpoint := &Checkpoint{}
	checkpoint.object = unsafe.Pointer(made)
	checkpoint.destroy = func(object unsafe.Pointer) {
		C.segent_checkpoint_destroy((*C.segent_checkpoint)(object))
		C.free(copied)
	}
	runtime.SetFinalizer(checkpoint, (*Checkpoint).Close)
	return checkpoint, nil
}

// LoadCheckpoint opens a file, which is validated as a whole.
func (c *Context) LoadCheckpoint(path string) (*Checkpoint, error) {
	text, err := cString(path)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(text))
	return c.makeCheckpoint(nil, func(raw *C.segent_context, to **C.segent_checkpoint) C.segent_status {
		return C.segent_checkpoint_load(raw, text, to)
	})
}

// DecodeCheckpoint is LoadCheckpoint of a file's bytes, which are copied.
func (c *Context) DecodeCheckpoint(data []byte) (*Checkpoint, error) {
	copied := C.CBytes(data)
	return c.makeCheckpoint(copied, func(raw *C.segent_context, to **C.segent_checkpoint) C.segent_status {
		return C.segent_checkpoint_load_memory(raw, copied, C.size_t(len(data)), to)
	})
}

// Close frees the checkpoint, when the calls that use it have ended.
func (c *Checkpoint) Close() error {
	if c != nil {
		c.close()
	}
	return nil
}

// Len is the number of tensors; 0 when it is closed.
func (c *Checkpoint) Len() int {
	object, err := c.acquire()
	if err != nil {
		return 0
	}
	defer c.release()
	return int(C.segent_checkpoint_count((*C.segent_checkpoint)(object)))
}

// Container is the kind of file; 0 when it is closed.
func (c *Checkpoint) Container() Container {
	object, err := c.acquire()
	if err != nil {
		return 0
	}
	defer c.release()
	return Container(C.segent_checkpoint_container((*C.segent_checkpoint)(object)))
}

// Metadata is the value of a key of safetensors' metadata.
func (c *Checkpoint) Metadata(key string) (value string, ok bool) {
	object, err := c.acquire()
	if err != nil {
		return "", false
	}
	defer c.release()
	text, err := cString(key)
	if err != nil {
		return "", false
	}
	defer C.free(unsafe.Pointer(text))
	found := C.segent_checkpoint_metadata((*C.segent_checkpoint)(object), text)
	return C.GoString(found), found != nil
}

// Opaque are names in a pickle that have no meaning here, such as "numpy.dtype".
func (c *Checkpoint) Opaque() []string {
	object, err := c.acquire()
	if err != nil {
		return nil
	}
	defer c.release()
	raw := (*C.segent_checkpoint)(object)
	names := make([]string, int(C.segent_checkpoint_opaque_count(raw)))
	for i := range names {
		names[i] = C.GoString(C.segent_checkpoint_opaque(raw, C.int64_t(i)))
	}
	return names
}

// Tensor is the i-th one in the file's order.
func (c *Context) Tensor(checkpoint *Checkpoint, index int) (info TensorInfo, err error) {
	object, err := checkpoint.acquire()
	if err != nil {
		return info, err
	}
	defer checkpoint.release()
	var found C.segent_tensor_info
	C.segent_tensor_info_defaults(&found)
	err = c.now(func(raw *C.segent_context) C.segent_status {
		return C.segent_checkpoint_tensor(raw, (*C.segent_checkpoint)(object), C.int64_t(index), &found)
	})
	if err != nil {
		return info, err
	}
	info = TensorInfo{Name: C.GoString(found.name), Dtype: Dtype(found.dtype), Elements: int(found.elements)}
	for i := 0; i < int(found.rank) && i < len(found.shape); i++ {
		info.Shape = append(info.Shape, int(found.shape[i]))
		info.Strides = append(info.Strides, int(found.stride[i]))
	}
	return info, nil
}

// ReadTensor reads the values of the i-th tensor as float32, as many as it has elements.
func (c *Context) ReadTensor(checkpoint *Checkpoint, index int, values []float32) error {
	object, err := checkpoint.acquire()
	if err != nil {
		return err
	}
	defer checkpoint.release()
	var none C.float
	to := &none
	if len(values) > 0 {
		to = floatsAt(values)
	}
	return c.now(func(raw *C.segent_context) C.segent_status {
		return C.segent_checkpoint_read(raw, (*C.segent_checkpoint)(object), C.int64_t(index), to, C.int64_t(len(values)))
	})
}
