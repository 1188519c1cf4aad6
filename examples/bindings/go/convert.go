// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"math"
	"strings"
)

// cString is a copy in C's memory, which the caller frees.
func cString(text string) (*C.char, error) {
	if strings.IndexByte(text, 0) >= 0 {
		return nil, invalid("%q has a NUL inside", text)
	}
	return C.CString(text), nil
}

func toInt32(number int) (C.int32_t, error) {
	if number < math.MinInt32 || number > math.MaxInt32 {
		return 0, invalid("%d is too large", number)
	}
	return C.int32_t(number), nil
}

// pointable is a slice that has a first element to point at: the data, or of none a byte that is not read. The library is
// given &pointable(data)[0] in one expression, so that cgo looks for pointers in the slice alone, and not in all of the
// object that it is a part of.
func pointable(data []byte) []byte {
	if len(data) == 0 {
		return nothing[:]
	}
	return data
}

var nothing [1]byte

// floatsAt is where a slice lies, or nil of an empty one.
func floatsAt(data []float32) *C.float {
	if len(data) == 0 {
		return nil
	}
	return (*C.float)(&data[0])
}

// paletteAt is a palette as the library takes it; nil stands for VOC's.
func paletteAt(palette [][3]byte) (*C.uint8_t, C.int64_t) {
	if palette == nil {
		return nil, 0
	}
	if len(palette) == 0 {
		return (*C.uint8_t)(&nothing[0]), 0
	}
	return (*C.uint8_t)(&palette[0][0]), C.int64_t(len(palette))
}
