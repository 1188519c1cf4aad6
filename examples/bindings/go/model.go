// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"context"
	"runtime"
	"sort"
	"strings"
	"unsafe"
)

// ModelOptions are options of making a model. The zero value means the defaults, as nil does.
type ModelOptions struct {
	Prefix       string            // which network, where the file holds several; "": the only one
	Settings     map[string]string // what the file lacks or has wrong: "rates": "6,12,18"
	SettingsFile *string           // a file of JSON that says the same; nil: the one beside the checkpoint; to "": none
	Path         string            // of the checkpoint, beside which that file is looked for, where it is in memory
	ClassNames   []string          // as many as the network has classes; nil: those of the file
	ExamineOnly  bool              // the model can be asked what it is, in a moment, but cannot run
	Auxiliary    bool              // keeps the auxiliary classifier
	Precision    Precision         // of the numbers that the network computes with
}

// raw is the options in C's memory, and a function that frees them.
func (o *ModelOptions) raw() (*C.segent_model_options, func(), error) {
	var places []unsafe.Pointer
	free := func() {
		for _, place := range places {
			C.free(place)
		}
	}
	var failure error
	text := func(text string) *C.char {
		copied, err := cString(text)
		if err != nil {
			failure = err
		}
		places = append(places, unsafe.Pointer(copied))
		return copied
	}
	raw := (*C.segent_model_options)(C.calloc(1, C.sizeof_segent_model_options))
	places = append(places, unsafe.Pointer(raw))
	C.segent_model_options_defaults(raw)
	if o != nil {
		if o.Prefix != "" {
			raw.prefix = text(o.Prefix)
		}
		if o.Path != "" {
			raw.path = text(o.Path)
		}
		if len(o.Settings) > 0 {
			raw.settings = text(joined(o.Settings))
		}
		if o.SettingsFile != nil {
			raw.settings_file = text(*o.SettingsFile)
		}
		if len(o.ClassNames) > 0 {
			names := (**C.char)(C.calloc(C.size_t(len(o.ClassNames)), C.size_t(unsafe.Sizeof(uintptr(0)))))
			places = append(places, unsafe.Pointer(names))
			for i, name := range o.ClassNames {
				unsafe.Slice(names, len(o.ClassNames))[i] = text(name)
			}
			raw.class_names, raw.class_name_count = names, C.int64_t(len(o.ClassNames))
		}
		if o.ExamineOnly {
			raw.examine_only = 1
		}
		if o.Auxiliary {
			raw.auxiliary = 1
		}
		raw.precision = C.segent_precision(o.Precision)
	}
	return raw, free, failure
}

func joined(settings map[string]string) string {
	var pairs []string
	for key, value := range settings {
		pairs = append(pairs, key+"="+value)
	}
	sort.Strings(pairs)
	return strings.Join(pairs, ";")
}

// Model is a network. It does not change, so goroutines may share it.
type Model struct {
	handle
	details ModelDetails
}

// ModelDetails are the facts of a model.
type ModelDetails struct {
	Architecture, Backbone, Head string // torchvision's names: "deeplabv3_resnet101", "resnet101", "deeplabv3"
	Description                  string // what the file says of itself
	Prefix                       string // what stands before the names of its tensors in the file
	SettingsFile                 string // the file of JSON that some of its settings are from
	Classes                      int
	OutputStride                 int // pixels of the picture for one of the network's own logits
	Size                         int // shorter side that it was trained for
	Temperature                  float32
	Container                    Container
	ExaminedOnly, Auxiliary      bool
	Precision                    Precision // of the numbers that it computes with
	Parameters, ParametersInFile int64
}

func (c *Context) makeModel(ctx context.Context, options *ModelOptions, function func(*C.segent_context, *C.segent_model_options, **C.segent_model) C.segent_status) (*Model, error) {
	set, free, err := options.raw()
	defer free()
	if err != nil {
		return nil, err
	}
	var made *C.segent_model
	set.cancel = c.flag()
	err = c.stoppable(ctx, func(raw *C.segent_context) C.segent_status { return function(raw, set, &made) })
	if err != nil {
		return nil, err
	}
	model := &Model{}
	model.object = unsafe.Pointer(made)
	model.destroy = func(object unsafe.Pointer) { C.segent_model_destroy((*C.segent_model)(object)) }
	runtime.SetFinalizer(model, (*Model).Close)
	return model, model.examine(made)
}

func (m *Model) examine(made *C.segent_model) error {
	var raw C.segent_model_details
	C.segent_model_details_defaults(&raw)
	if err := check(func() C.segent_status { return C.segent_model_info(made, &raw) }); err != nil {
		return err
	}
	m.details = ModelDetails{
		C.GoString(raw.architecture), C.GoString(raw.backbone), C.GoString(raw.head),
		C.GoString(raw.description), C.GoString(raw.prefix), C.GoString(raw.settings_file),
		int(raw.classes), int(raw.output_stride), int(raw.size), float32(raw.temperature), Container(raw.container),
		raw.examined_only != 0, raw.auxiliary != 0, Precision(raw.precision),
		int64(raw.parameters), int64(raw.parameters_in_file),
	}
	return nil
}

// Close lets go of the model, which is freed when the runs that use it have ended.
func (m *Model) Close() error {
	if m != nil {
		m.close()
	}
	return nil
}

// Details are what it is.
func (m *Model) Details() ModelDetails { return m.details }

// text asks the model for a string: "" and false if there is none, or if the model is closed.
func (m *Model) text(function func(*C.segent_model) *C.char) (string, bool) {
	object, err := m.acquire()
	if err != nil {
		return "", false
	}
	defer m.release()
	found := function((*C.segent_model)(object))
	return C.GoString(found), found != nil
}

// ClassName is the name of a class, or "" if there is no such class.
func (m *Model) ClassName(class int) string {
	id, err := toInt32(class)
	if err != nil {
		return ""
	}
	name, _ := m.text(func(raw *C.segent_model) *C.char { return C.segent_model_class_name(raw, id) })
	return name
}

// TensorName is torchvision's name for a tensor of the checkpoint, or "" if the network does not use it.
func (m *Model) TensorName(index int) string {
	name, _ := m.text(func(raw *C.segent_model) *C.char { return C.segent_model_tensor_name(raw, C.int64_t(index)) })
	return name
}

// Properties are further facts as text: "rates", "mean" and so on.
func (m *Model) Properties() map[string]string {
	found := map[string]string{}
	for i := C.int32_t(0); ; i++ {
		key, ok := m.text(func(raw *C.segent_model) *C.char { return C.segent_model_property_key(raw, i) })
		if !ok {
			return found
		}
		text := C.CString(key)
		found[key], _ = m.text(func(raw *C.segent_model) *C.char { return C.segent_model_property(raw, text) })
		C.free(unsafe.Pointer(text))
	}
}

// Palette is a copy of the classes' colours, red, green and blue; nil where nobody says, and VOC's are usual.
func (m *Model) Palette() (colours [][3]byte) {
	object, err := m.acquire()
	if err != nil {
		return nil
	}
	defer m.release()
	var count C.int64_t
	if found := C.segent_model_palette((*C.segent_model)(object), &count); found != nil {
		colours = append(colours, unsafe.Slice((*[3]byte)(unsafe.Pointer(found)), int(count))...)
	}
	return colours
}

// LoadModel reads a checkpoint, finds the network in it and builds it.
func (c *Context) LoadModel(path string, options *ModelOptions) (*Model, error) {
	return c.LoadModelContext(context.Background(), path, options)
}

// LoadModelContext is LoadModel, which ctx may end.
func (c *Context) LoadModelContext(ctx context.Context, path string, options *ModelOptions) (*Model, error) {
	text, err := cString(path)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(text))
	return c.makeModel(ctx, options, func(raw *C.segent_context, set *C.segent_model_options, to **C.segent_model) C.segent_status {
		return C.segent_model_load(raw, text, set, to)
	})
}

// DecodeModel is LoadModel of a file's bytes.
func (c *Context) DecodeModel(data []byte, options *ModelOptions) (*Model, error) {
	return c.DecodeModelContext(context.Background(), data, options)
}

// DecodeModelContext is DecodeModel, which ctx may end.
func (c *Context) DecodeModelContext(ctx context.Context, data []byte, options *ModelOptions) (*Model, error) {
	return c.makeModel(ctx, options, func(raw *C.segent_context, set *C.segent_model_options, to **C.segent_model) C.segent_status {
		return C.segent_model_load_memory(raw, unsafe.Pointer(&pointable(data)[0]), C.size_t(len(data)), set, to)
	})
}

// ModelFrom is LoadModel of a checkpoint that is open.
func (c *Context) ModelFrom(checkpoint *Checkpoint, options *ModelOptions) (*Model, error) {
	return c.ModelFromContext(context.Background(), checkpoint, options)
}

// ModelFromContext is ModelFrom, which ctx may end.
func (c *Context) ModelFromContext(ctx context.Context, checkpoint *Checkpoint, options *ModelOptions) (*Model, error) {
	object, err := checkpoint.acquire()
	if err != nil {
		return nil, err
	}
	defer checkpoint.release()
	return c.makeModel(ctx, options, func(raw *C.segent_context, set *C.segent_model_options, to **C.segent_model) C.segent_status {
		return C.segent_model_from_checkpoint(raw, (*C.segent_checkpoint)(object), set, to)
	})
}
