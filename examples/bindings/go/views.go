// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include "shim.h"
import "C"

import (
	"math"
	"sort"
	"unsafe"
)

// The library trusts a view, so each is checked before it gets there: all values lie in the slice, and those to be
// written lie apart, because several threads may write at once.

// Tensor is where C x H x W values lie: value (c, y, x) is Data[c*ChannelStride + y*RowStride + x*ColumnStride]. All
// strides 0: dense (C, H, W).
type Tensor struct {
	Data                                   []float32
	Channels, Height, Width                int
	ChannelStride, RowStride, ColumnStride int
}

// HWC is a tensor of dense (H, W, C): channels last.
func HWC(data []float32, height, width, channels int) Tensor {
	return Tensor{data, channels, height, width, 1, width * channels, channels}
}

// Map is where H x W values lie, one a pixel. All strides 0: dense rows.
type Map struct {
	Data                    []float32
	Height, Width           int
	RowStride, ColumnStride int
}

// Labels is where H x W class ids lie: in U8 up to 256 classes, else in U16. All strides 0: dense rows.
type Labels struct {
	U8                      []uint8
	U16                     []uint16
	Height, Width           int
	RowStride, ColumnStride int
}

// Pixels is where H x W pixels lie. RowStride counts bytes; 0: dense rows.
type Pixels struct {
	Data          []byte
	Format        PixelFormat
	Height, Width int
	RowStride     int
}

type dimension struct{ count, stride int }

// limit is above every slice, and a few of it can be added up.
const limit = math.MaxInt >> 3

// checkView tells whether all values lie in so many elements and, if they are to be written, apart from each other.
func checkView(what string, length int, write bool, dimensions ...dimension) error {
	last := 0
	for _, d := range dimensions {
		if d.count < 1 || d.stride < 0 {
			return invalid("%s: a size of %d with a stride of %d", what, d.count, d.stride)
		}
		if d.count > limit || d.stride > limit || (d.count > 1 && d.stride > limit/(d.count-1)) {
			return invalid("%s: too large", what)
		}
		last += (d.count - 1) * d.stride
	}
	if last >= length {
		return invalid("%s: the last value would be element %d of a slice of %d", what, last, length)
	}
	if write && !apart(dimensions) {
		return invalid("%s: values that would be written over each other", what)
	}
	return nil
}

// apart tells whether each stride steps over all that the smaller ones reach.
func apart(dimensions []dimension) bool {
	sorted := append([]dimension(nil), dimensions...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].stride < sorted[j].stride })
	reach := 0
	for _, d := range sorted {
		if d.count > 1 {
			if d.stride <= reach {
				return false
			}
			reach += d.stride * (d.count - 1)
		}
	}
	return true
}

// area is a product that does not overflow; what is too large or negative lies in no slice.
func area(sizes ...int) int {
	product := 1
	for _, size := range sizes {
		if size < 0 || (size > 0 && product > limit/size) {
			return limit
		}
		product *= size
	}
	return product
}

func (t Tensor) view(what string, write bool) (C.segent_tensor_view, *C.float, error) {
	channel, row, column := t.ChannelStride, t.RowStride, t.ColumnStride
	if channel == 0 && row == 0 && column == 0 {
		channel, row, column = area(t.Height, t.Width), t.Width, 1
	}
	err := checkView(what, len(t.Data), write,
		dimension{t.Channels, channel}, dimension{t.Height, row}, dimension{t.Width, column})
	return C.segent_tensor_view{
		channels: C.int64_t(t.Channels), height: C.int64_t(t.Height), width: C.int64_t(t.Width),
		channel_stride: C.int64_t(channel), row_stride: C.int64_t(row), column_stride: C.int64_t(column),
	}, floatsAt(t.Data), err
}

func (m Map) view(what string, write bool) (C.segent_map_view, *C.float, error) {
	row, column := m.RowStride, m.ColumnStride
	if row == 0 && column == 0 {
		row, column = m.Width, 1
	}
	err := checkView(what, len(m.Data), write, dimension{m.Height, row}, dimension{m.Width, column})
	return C.segent_map_view{
		height: C.int64_t(m.Height), width: C.int64_t(m.Width),
		row_stride: C.int64_t(row), column_stride: C.int64_t(column),
	}, floatsAt(m.Data), err
}

func (l Labels) view(what string, write bool) (view C.segent_label_view, data *C.uint8_t, err error) {
	row, column := l.RowStride, l.ColumnStride
	if row == 0 && column == 0 {
		row, column = l.Width, 1
	}
	length, kind := len(l.U8), C.segent_label_type(C.SEGENT_LABEL_U8)
	switch {
	case len(l.U8) > 0 && len(l.U16) > 0:
		return view, nil, invalid("%s: both U8 and U16 are given", what)
	case len(l.U8) > 0:
		data = (*C.uint8_t)(&l.U8[0])
	case len(l.U16) > 0:
		data, length, kind = (*C.uint8_t)(unsafe.Pointer(&l.U16[0])), len(l.U16), C.SEGENT_LABEL_U16
	}
	err = checkView(what, length, write, dimension{l.Height, row}, dimension{l.Width, column})
	return C.segent_label_view{
		height: C.int64_t(l.Height), width: C.int64_t(l.Width),
		row_stride: C.int64_t(row), column_stride: C.int64_t(column), _type: kind,
	}, data, err
}

func (p Pixels) view(what string) (C.segent_pixel_view, *C.uint8_t, error) {
	samples := map[PixelFormat]int{RGB: 3, BGR: 3, RGBA: 4, BGRA: 4, Grey: 1}[p.Format]
	row := p.RowStride
	if row == 0 {
		row = area(p.Width, samples)
	}
	// Rows that overlap are meant by nobody.
	err := checkView(what, len(p.Data), true, dimension{p.Height, row}, dimension{area(p.Width, samples), 1})
	return C.segent_pixel_view{
		height: C.int64_t(p.Height), width: C.int64_t(p.Width),
		row_stride: C.int64_t(row), format: C.segent_pixel_format(p.Format),
	}, (*C.uint8_t)(&pointable(p.Data)[0]), err
}
