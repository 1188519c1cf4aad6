// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include <stdlib.h>
// #include "shim.h"
import "C"

import "unsafe"

// withPath calls the library with a path.
func (c *Context) withPath(path string, function func(*C.segent_context, *C.char) C.segent_status) error {
	text, err := cString(path)
	if err != nil {
		return err
	}
	defer C.free(unsafe.Pointer(text))
	return c.now(func(raw *C.segent_context) C.segent_status { return function(raw, text) })
}

// takeBuffer copies bytes of the library's, and frees them.
func takeBuffer(buffer *C.segent_buffer) []byte {
	defer C.segent_buffer_destroy(buffer)
	data := unsafe.Slice((*byte)(C.segent_buffer_data(buffer)), int(C.segent_buffer_size(buffer)))
	return append([]byte(nil), data...)
}

// SaveImage writes an RGB PNG file, whole or not at all.
func (c *Context) SaveImage(image *Image, path string) error {
	object, err := image.acquire()
	if err != nil {
		return err
	}
	defer image.release()
	return c.withPath(path, func(raw *C.segent_context, text *C.char) C.segent_status {
		return C.segent_image_save_png(raw, (*C.segent_image)(object), text)
	})
}

// EncodeImage is the bytes of such a file.
func (c *Context) EncodeImage(image *Image) ([]byte, error) {
	object, err := image.acquire()
	if err != nil {
		return nil, err
	}
	defer image.release()
	var png *C.segent_buffer
	err = c.now(func(raw *C.segent_context) C.segent_status {
		return C.segent_image_encode_png(raw, (*C.segent_image)(object), &png)
	})
	if err != nil {
		return nil, err
	}
	return takeBuffer(png), nil
}

// SaveLabels writes class ids as a PNG file: palette-indexed, or 16-bit grey. A nil palette stands for VOC's.
func (c *Context) SaveLabels(labels Labels, palette [][3]byte, path string) error {
	view, data, err := labels.view("labels", false)
	if err != nil {
		return err
	}
	colours, count := paletteAt(palette)
	return c.withPath(path, func(raw *C.segent_context, text *C.char) C.segent_status {
		return C.shim_labels_save_png(raw, &view, data, colours, count, text)
	})
}

// EncodeLabels is the bytes of such a file.
func (c *Context) EncodeLabels(labels Labels, palette [][3]byte) ([]byte, error) {
	view, data, err := labels.view("labels", false)
	if err != nil {
		return nil, err
	}
	colours, count := paletteAt(palette)
	var png *C.segent_buffer
	err = c.now(func(raw *C.segent_context) C.segent_status {
		return C.shim_labels_encode_png(raw, &view, data, colours, count, &png)
	})
	if err != nil {
		return nil, err
	}
	return takeBuffer(png), nil
}

// takeLabels copies class ids of the library's, and frees them.
func takeLabels(read *C.segent_labels) Labels {
	defer C.segent_labels_destroy(read)
	labels := Labels{Height: int(C.segent_labels_height(read)), Width: int(C.segent_labels_width(read))}
	data, count := C.segent_labels_data(read), labels.Height*labels.Width
	if C.segent_labels_type(read) == C.SEGENT_LABEL_U16 {
		labels.U16 = append([]uint16(nil), unsafe.Slice((*uint16)(data), count)...)
	} else {
		labels.U8 = append([]uint8(nil), unsafe.Slice((*uint8)(data), count)...)
	}
	return labels
}

// LoadLabels reads class ids from a PNG file.
func (c *Context) LoadLabels(path string, options *ImageOptions) (Labels, error) {
	set, err := options.raw()
	if err != nil {
		return Labels{}, err
	}
	var read *C.segent_labels
	err = c.withPath(path, func(raw *C.segent_context, text *C.char) C.segent_status {
		return C.segent_labels_load_png(raw, text, &set, &read)
	})
	if err != nil {
		return Labels{}, err
	}
	return takeLabels(read), nil
}

// DecodeLabels is LoadLabels of a file's bytes.
func (c *Context) DecodeLabels(data []byte, options *ImageOptions) (Labels, error) {
	set, err := options.raw()
	if err != nil {
		return Labels{}, err
	}
	var read *C.segent_labels
	err = c.now(func(raw *C.segent_context) C.segent_status {
		return C.segent_labels_load_png_memory(raw, unsafe.Pointer(&pointable(data)[0]), C.size_t(len(data)), &set, &read)
	})
	if err != nil {
		return Labels{}, err
	}
	return takeLabels(read), nil
}

// SaveMap writes a NumPy file of shape (H, W).
func (c *Context) SaveMap(values Map, path string) error {
	view, data, err := values.view("values", false)
	if err != nil {
		return err
	}
	return c.withPath(path, func(raw *C.segent_context, text *C.char) C.segent_status {
		return C.shim_map_save_npy(raw, &view, data, text)
	})
}

// SaveTensor writes a NumPy file of shape (C, H, W).
func (c *Context) SaveTensor(values Tensor, path string) error {
	view, data, err := values.view("values", false)
	if err != nil {
		return err
	}
	return c.withPath(path, func(raw *C.segent_context, text *C.char) C.segent_status {
		return C.shim_tensor_save_npy(raw, &view, data, text)
	})
}
