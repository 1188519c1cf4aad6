// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include "shim.h"
import "C"

// VOCPalette is the first colours of the VOC palette.
func VOCPalette(count int) ([][3]byte, error) {
	if count < 1 || count > 65536 {
		return nil, invalid("%d colours", count)
	}
	colours := make([][3]byte, count)
	err := check(func() C.segent_status {
		return C.segent_palette_voc((*C.uint8_t)(&colours[0][0]), C.int64_t(count))
	})
	return colours, err
}

// DecodePalette turns class ids to colours. A nil palette stands for VOC's; a label beyond the palette is an error.
func (c *Context) DecodePalette(labels Labels, palette [][3]byte, pixels Pixels) error {
	from, l, err := labels.view("labels", false)
	if err != nil {
		return err
	}
	to, p, err := pixels.view("pixels")
	if err != nil {
		return err
	}
	colours, count := paletteAt(palette)
	return c.now(func(raw *C.segent_context) C.segent_status {
		return C.shim_palette_decode(raw, &from, l, colours, count, &to, p)
	})
}

// ApplyColormap turns values to colours: low is the map's first one, high its last.
func (c *Context) ApplyColormap(values Map, colormap Colormap, low, high float32, pixels Pixels) error {
	from, v, err := values.view("values", false)
	if err != nil {
		return err
	}
	to, p, err := pixels.view("pixels")
	if err != nil {
		return err
	}
	bounds := [2]C.float{C.float(low), C.float(high)}
	return c.now(func(raw *C.segent_context) C.segent_status {
		return C.shim_colormap_apply(raw, &from, v, C.segent_colormap(colormap), &bounds[0], &to, p)
	})
}
