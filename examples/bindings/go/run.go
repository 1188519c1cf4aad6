// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"context"
	"fmt"
	"runtime/cgo"
	"unsafe"
)

// OwnSize as RunOptions.Size lets a picture keep its own size.
const OwnSize = C.SEGENT_SIZE_OWN

// RunOptions are options of a run. The zero value means the defaults, as nil does.
type RunOptions struct {
	Size           int // shorter side at the network; 0: the model's; OwnSize: the picture's
	OutputSize     OutputSize
	Engine         Engine
	Precision      Precision           // the model's; Float32, the default, leaves it to the model
	Temperature    float32             // logits are divided by it; 0: the model's
	Keep           Keep                // of Run
	WorkspaceLimit int64               // most bytes of working memory; 0: no limit
	Progress       func(float64) error // is told the share of the work that is done; an error ends the run, which returns it
}

// Result is labels, entropy map and sums of one picture. Maps are dense, H x W; what was not asked for is nil.
type Result struct {
	Width, Height, Classes int
	Labels                 []uint8  // up to 256 classes
	Labels16               []uint16 // beyond
	Entropy                []float32
	TopProbability, Margin []float32
	Logits, Probabilities  []float32 // C x H x W
	Summary                EntropySummary
	Statistics             []ClassStatistics // one a class
}

// Input is what a network is given: an *Image, Pixels (PixelsOf makes them of a picture of Go's), or a Tensor of a
// picture that is already resized and normalised, red, green and blue in three channels.
type Input interface {
	// take fills the library's input and tells the picture's size. Behind the call, release ends its use.
	take(*given) error
}

// given is an input as the library takes it: without data, which lie beside it.
type given struct {
	raw           C.segent_input
	pixels        *C.uint8_t
	tensor        *C.float
	width, height int
	limit         int64 // most pixels of what is resized from it
	keepsSize     bool
	release       func()
}

func (i *Image) take(to *given) error {
	object, err := i.acquire()
	if err != nil {
		return err
	}
	to.raw.image, to.release = (*C.segent_image)(object), i.handle.release
	to.width, to.height, to.limit = i.width, i.height, i.limit
	return nil
}

func (p Pixels) take(to *given) (err error) {
	to.width, to.height = p.Width, p.Height
	to.raw.pixels, to.pixels, err = p.view("pixels")
	return err
}

func (t Tensor) take(to *given) (err error) {
	to.width, to.height, to.keepsSize = t.Width, t.Height, true
	to.raw.tensor, to.tensor, err = t.view("input", false)
	return err
}

func take(input Input) (*given, error) {
	to := &given{release: func() {}, limit: pixelLimit}
	C.segent_input_defaults(&to.raw)
	if input == nil {
		return nil, invalid("a nil input")
	}
	return to, input.take(to)
}

// withRun calls the library with a run's options: an end of ctx or an error of the progress function ends it.
func (c *Context) withRun(ctx context.Context, options *RunOptions, function func(*C.segent_context, *C.segent_run_options) C.segent_status) error {
	if c == nil {
		return invalid("a nil context")
	}
	set := (*C.segent_run_options)(C.calloc(1, C.sizeof_segent_run_options))
	defer C.free(unsafe.Pointer(set))
	C.segent_run_options_defaults(set)
	told := &progress{}
	if options != nil {
		size, err := toInt32(options.Size)
		if err != nil {
			return err
		}
		set.size, set.output_size = size, C.segent_output_size(options.OutputSize)
		set.engine, set.precision = C.segent_engine(options.Engine), C.segent_precision(options.Precision)
		set.temperature, set.workspace_limit = C.float(options.Temperature), C.int64_t(options.WorkspaceLimit)
		if told.function = options.Progress; told.function != nil {
			handle := cgo.NewHandle(told)
			defer handle.Delete()
			C.shim_progress_to(set, C.uintptr_t(handle))
		}
	}
	set.cancel = c.cancel
	err := c.stoppable(ctx, func(raw *C.segent_context) C.segent_status { return function(raw, set) })
	told.resume()
	if failed, ok := err.(*Error); ok && failed.Status == Cancelled && told.err != nil {
		failed.cause = told.err
	}
	return err
}

// flag is what ends calls whose options have it.
func (c *Context) flag() *C.segent_cancel {
	if c == nil {
		return nil
	}
	return c.cancel
}

// stoppable is call with options that have the context's flag, which ctx sets when it ends.
func (c *Context) stoppable(ctx context.Context, function func(*C.segent_context) C.segent_status) error {
	err := c.call(ctx, func(raw *C.segent_context) C.segent_status {
		defer c.watch(ctx)()
		return function(raw)
	})
	if failed, ok := err.(*Error); ok && failed.Status == Cancelled && failed.cause == nil {
		failed.cause = ctx.Err()
	}
	return err
}

// watch sets the context's flag if ctx ends before the function that it returns is called.
func (c *Context) watch(ctx context.Context) func() {
	if ctx.Done() == nil {
		return func() {}
	}
	finished, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		select {
		case <-ctx.Done():
			C.segent_cancel_set(c.cancel)
		case <-finished:
		}
	}()
	return func() {
		close(finished)
		<-gone
		C.segent_cancel_reset(c.cancel)
	}
}

// Run resizes, normalises, runs the network, and derives labels, entropy map and sums.
func (c *Context) Run(ctx context.Context, model *Model, input Input, options *RunOptions) (*Result, error) {
	if model == nil {
		return nil, invalid("a nil model")
	}
	width, height, err := outputs(model, input, options)
	if err != nil {
		return nil, err
	}
	var keep Keep
	if options != nil {
		keep = options.Keep
	}
	result, maps := newResult(model.details.Classes, width, height, keep)
	figures := make([]C.segent_class_statistics, result.Classes)
	result.Summary, err = c.run(ctx, model, input, options, maps, figures)
	if err != nil {
		return nil, err
	}
	result.Statistics = statistics(figures)
	return result, nil
}

// outputs is the size of a run's outputs.
func outputs(model *Model, input Input, options *RunOptions) (width, height int, err error) {
	from, err := take(input)
	if err != nil {
		return 0, 0, err
	}
	defer from.release()
	size := model.details.Size
	if options != nil && options.Size != 0 {
		size = options.Size
	}
	if from.keepsSize || (options != nil && options.OutputSize == OriginalSize) {
		return from.width, from.height, nil
	}
	width, height, err = Fit(from.width, from.height, size)
	most := int64(area(from.width, from.height))
	if most < from.limit {
		most = from.limit
	}
	if err == nil && int64(area(width, height)) > most {
		err = &Error{Status: Limit, Sentence: fmt.Sprintf("segent: a picture of %d x %d would have more than %d pixels", width, height, most)}
	}
	return width, height, err
}

func newResult(classes, width, height int, keep Keep) (*Result, Maps) {
	pixels := width * height
	r := &Result{Width: width, Height: height, Classes: classes, Entropy: make([]float32, pixels)}
	maps := Maps{Height: height, Width: width, Entropy: &Map{Data: r.Entropy, Height: height, Width: width}}
	if classes <= 256 {
		r.Labels = make([]uint8, pixels)
	} else {
		r.Labels16 = make([]uint16, pixels)
	}
	maps.Labels = &Labels{U8: r.Labels, U16: r.Labels16, Height: height, Width: width}
	plane := func(bit Keep, to *[]float32) *Map {
		if keep&bit == 0 {
			return nil
		}
		*to = make([]float32, pixels)
		return &Map{Data: *to, Height: height, Width: width}
	}
	volume := func(bit Keep, to *[]float32) *Tensor {
		if keep&bit == 0 {
			return nil
		}
		*to = make([]float32, classes*pixels)
		return &Tensor{Data: *to, Channels: classes, Height: height, Width: width}
	}
	maps.TopProbability = plane(KeepTopProbability, &r.TopProbability)
	maps.Margin = plane(KeepMargin, &r.Margin)
	maps.Logits = volume(KeepLogits, &r.Logits)
	maps.Probabilities = volume(KeepProbabilities, &r.Probabilities)
	return r, maps
}

// RunInto is Run with the results in one's own slices, whose size is that of the outputs: the input's, or what Fit makes
// of it. After the first input of a size, the library allocates nothing. Of the options Keep has no meaning here.
func (c *Context) RunInto(ctx context.Context, model *Model, input Input, options *RunOptions, maps Maps) (EntropySummary, error) {
	return c.run(ctx, model, input, options, maps, nil)
}

// run is RunInto; figures, unless nil, are those of each class of maps that have labels and entropy.
func (c *Context) run(ctx context.Context, model *Model, input Input, options *RunOptions, maps Maps, figures []C.segent_class_statistics) (summary EntropySummary, err error) {
	to, err := maps.views()
	if err != nil {
		return summary, err
	}
	var sums C.segent_entropy_summary
	C.segent_entropy_summary_defaults(&sums)
	err = c.withInput(ctx, model, input, options, func(raw *C.segent_context, m *C.segent_model, from *given, set *C.segent_run_options) C.segent_status {
		status := C.shim_run_into(raw, m, &from.raw, from.pixels, from.tensor, set, &to.maps, to.labels, to.entropy, to.top,
			to.margin, to.logits, to.probabilities, &sums)
		if status == C.SEGENT_OK && figures != nil {
			status = C.shim_statistics(raw, &to.maps.labels, to.labels, &to.maps.entropy, to.entropy, &figures[0],
				C.int64_t(len(figures)))
		}
		return status
	})
	if err == nil {
		summary.set(&sums)
	}
	return summary, err
}

// withInput is withRun with a model and an input.
func (c *Context) withInput(ctx context.Context, model *Model, input Input, options *RunOptions, function func(*C.segent_context, *C.segent_model, *given, *C.segent_run_options) C.segent_status) error {
	if model == nil {
		return invalid("a nil model")
	}
	object, err := model.acquire()
	if err != nil {
		return err
	}
	defer model.release()
	from, err := take(input)
	if err != nil {
		return err
	}
	defer from.release()
	return c.withRun(ctx, options, func(raw *C.segent_context, set *C.segent_run_options) C.segent_status {
		return function(raw, (*C.segent_model)(object), from, set)
	})
}

// Logits is the network alone: its own logits, one for OutputStride x OutputStride pixels, rounded up.
func (c *Context) Logits(ctx context.Context, model *Model, input Input, options *RunOptions) (Tensor, error) {
	var logits Tensor
	if model == nil {
		return logits, invalid("a nil model")
	}
	width, height, err := outputs(model, input, options)
	if err != nil {
		return logits, err
	}
	stride := model.details.OutputStride
	logits = Tensor{Channels: model.details.Classes, Height: (height + stride - 1) / stride, Width: (width + stride - 1) / stride}
	logits.Data = make([]float32, area(logits.Channels, logits.Height, logits.Width))
	view, data, err := logits.view("logits", true)
	if err != nil {
		return Tensor{}, err
	}
	err = c.withInput(ctx, model, input, options, func(raw *C.segent_context, m *C.segent_model, from *given, set *C.segent_run_options) C.segent_status {
		return C.shim_model_logits(raw, m, &from.raw, from.pixels, from.tensor, set, &view, data)
	})
	if err != nil {
		return Tensor{}, err
	}
	return logits, nil
}

// Memory is the bytes of working memory that a run at this network size takes.
func (c *Context) Memory(model *Model, width, height int, options *RunOptions) (bytes int64, err error) {
	w, err := toInt32(width)
	if err != nil {
		return 0, err
	}
	h, err := toInt32(height)
	if err != nil {
		return 0, err
	}
	if model == nil {
		return 0, invalid("a nil model")
	}
	object, err := model.acquire()
	if err != nil {
		return 0, err
	}
	defer model.release()
	var found C.int64_t
	err = c.withRun(context.Background(), options, func(raw *C.segent_context, set *C.segent_run_options) C.segent_status {
		return C.segent_model_memory(raw, (*C.segent_model)(object), w, h, set, &found)
	})
	return int64(found), err
}
