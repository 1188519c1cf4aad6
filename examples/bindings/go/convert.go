// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"math"
	"strings"
	"unsafe"
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

// bytesAt is where a slice lies, or a place that is not read of an empty one.
func bytesAt(data []byte) unsafe.Pointer {
	if len(data) == 0 {
		return unsafe.Pointer(&nothing)
	}
	return unsafe.Pointer(&data[0])
}

var nothing byte

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
		return (*C.uint8_t)(&nothing), 0
	}
	return (*C.uint8_t)(&palette[0][0]), C.int64_t(len(palette))
}
