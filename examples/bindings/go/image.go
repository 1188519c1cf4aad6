// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"runtime"
	"unsafe"
)

// ImageOptions are options of reading a picture. The zero value means the defaults, as nil does.
type ImageOptions struct {
	Orientation Orientation
	Background  color.Color // the picture is composed over it; nil: transparency is dropped
	ScanLimit   int         // most scans of a JPEG file; 0: 100
	PixelLimit  int64       // most pixels; 0: 178,956,970
}

func (o *ImageOptions) raw() (raw C.segent_image_options, err error) {
	C.segent_image_options_defaults(&raw)
	if o == nil {
		return raw, nil
	}
	if raw.scan_limit, err = toInt32(o.ScanLimit); err != nil {
		return raw, err
	}
	raw.orient, raw.pixel_limit = C.segent_orientation(o.Orientation), C.int64_t(o.PixelLimit)
	if o.Background != nil {
		colour := color.NRGBAModel.Convert(o.Background).(color.NRGBA)
		raw.background = C.int32_t(colour.R)<<16 | C.int32_t(colour.G)<<8 | C.int32_t(colour.B)
		if raw.background == 0 {
			raw.background = C.SEGENT_BACKGROUND_BLACK
		}
	}
	return raw, nil
}

// Image is a picture of 8-bit RGB pixels in the library's memory. It does not change.
type Image struct {
	handle
	width, height int
	limit         int64 // most pixels of what is resized from it
}

// pixelLimit is the most pixels of a picture, unless options say another number.
const pixelLimit = 178956970

func (o *ImageOptions) limit() int64 {
	if o == nil || o.PixelLimit == 0 {
		return pixelLimit
	}
	return o.PixelLimit
}

func (c *Context) makeImage(ctx context.Context, limit int64, function func(*C.segent_context, **C.segent_image) C.segent_status) (*Image, error) {
	var made *C.segent_image
	err := c.stoppable(ctx, func(raw *C.segent_context) C.segent_status { return function(raw, &made) })
	if err != nil {
		return nil, err
	}
	image := &Image{width: int(C.segent_image_width(made)), height: int(C.segent_image_height(made))}
	image.limit = limit
	image.object = unsafe.Pointer(made)
	image.destroy = func(object unsafe.Pointer) { C.segent_image_destroy((*C.segent_image)(object)) }
	runtime.SetFinalizer(image, (*Image).Close)
	return image, nil
}

// Close frees the picture, when the runs that use it have ended.
func (i *Image) Close() error {
	if i != nil {
		i.close()
	}
	return nil
}

// Size is width and height.
func (i *Image) Size() (width, height int) { return i.width, i.height }

// RGBA is a copy as a picture of Go's.
func (i *Image) RGBA() (*image.RGBA, error) {
	object, err := i.acquire()
	if err != nil {
		return nil, err
	}
	defer i.release()
	from := unsafe.Slice((*byte)(C.segent_image_pixels((*C.segent_image)(object))), 3*i.width*i.height)
	to := image.NewRGBA(image.Rect(0, 0, i.width, i.height))
	for at := 0; at < i.width*i.height; at++ {
		copy(to.Pix[4*at:], from[3*at:3*at+3])
		to.Pix[4*at+3] = 255
	}
	return to, nil
}

// LoadImage reads a JPEG or PNG file. (Go's own decoders give other pixels for JPEG files.)
func (c *Context) LoadImage(path string, options *ImageOptions) (*Image, error) {
	return c.LoadImageContext(context.Background(), path, options)
}

// LoadImageContext is LoadImage, which ctx may end.
func (c *Context) LoadImageContext(ctx context.Context, path string, options *ImageOptions) (*Image, error) {
	set, err := options.raw()
	if err != nil {
		return nil, err
	}
	set.cancel = c.flag()
	text, err := cString(path)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(text))
	return c.makeImage(ctx, options.limit(), func(raw *C.segent_context, to **C.segent_image) C.segent_status {
		return C.segent_image_load(raw, text, &set, to)
	})
}

// DecodeImage is LoadImage of a file's bytes.
func (c *Context) DecodeImage(data []byte, options *ImageOptions) (*Image, error) {
	return c.DecodeImageContext(context.Background(), data, options)
}

// DecodeImageContext is DecodeImage, which ctx may end.
func (c *Context) DecodeImageContext(ctx context.Context, data []byte, options *ImageOptions) (*Image, error) {
	set, err := options.raw()
	if err != nil {
		return nil, err
	}
	set.cancel = c.flag()
	return c.makeImage(ctx, options.limit(), func(raw *C.segent_context, to **C.segent_image) C.segent_status {
		return C.segent_image_load_memory(raw, unsafe.Pointer(&pointable(data)[0]), C.size_t(len(data)), &set, to)
	})
}

// CopyPixels is a picture with a copy of these pixels. Run takes pixels without one.
func (c *Context) CopyPixels(pixels Pixels) (*Image, error) {
	view, data, err := pixels.view("pixels")
	if err != nil {
		return nil, err
	}
	return c.makeImage(context.Background(), pixelLimit, func(raw *C.segent_context, to **C.segent_image) C.segent_status {
		return C.shim_image_from_pixels(raw, &view, data, to)
	})
}

// Resize is a new picture of another size, resampled as Pillow's BILINEAR does.
func (c *Context) Resize(image *Image, width, height int) (*Image, error) {
	object, err := image.acquire()
	if err != nil {
		return nil, err
	}
	defer image.release()
	w, err := toInt32(width)
	if err != nil {
		return nil, err
	}
	h, err := toInt32(height)
	if err != nil {
		return nil, err
	}
	return c.makeImage(context.Background(), image.limit, func(raw *C.segent_context, to **C.segent_image) C.segent_status {
		return C.segent_image_resize(raw, (*C.segent_image)(object), w, h, to)
	})
}

// Fit is the size of a picture whose shorter side becomes size, as torchvision's Resize computes it.
func Fit(width, height, size int) (fittedWidth, fittedHeight int, err error) {
	var numbers [3]C.int32_t
	for i, number := range []int{width, height, size} {
		if numbers[i], err = toInt32(number); err != nil {
			return 0, 0, err
		}
	}
	var fitted [2]C.int32_t
	err = check(func() C.segent_status {
		return C.segent_image_fit(numbers[0], numbers[1], numbers[2], &fitted[0], &fitted[1])
	})
	return int(fitted[0]), int(fitted[1]), err
}

// PixelsOf are a picture's pixels: those of an image.NRGBA, an image.Gray or an opaque image.RGBA where they lie, those of
// others converted. Transparency is dropped.
func PixelsOf(picture image.Image) Pixels {
	bounds := picture.Bounds()
	height, width := bounds.Dy(), bounds.Dx()
	if bounds.Empty() {
		return Pixels{}
	}
	switch p := picture.(type) {
	case *image.NRGBA:
		return Pixels{p.Pix[p.PixOffset(bounds.Min.X, bounds.Min.Y):], RGBA, height, width, p.Stride}
	case *image.Gray:
		return Pixels{p.Pix[p.PixOffset(bounds.Min.X, bounds.Min.Y):], Grey, height, width, p.Stride}
	case *image.RGBA:
		if p.Opaque() {
			return Pixels{p.Pix[p.PixOffset(bounds.Min.X, bounds.Min.Y):], RGBA, height, width, p.Stride}
		}
	case *image.YCbCr:
		to := image.NewRGBA(image.Rect(0, 0, width, height))
		draw.Draw(to, to.Bounds(), p, bounds.Min, draw.Src)
		return Pixels{to.Pix, RGBA, height, width, to.Stride}
	}
	to := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := 0; y < height; y++ {
		for x := 0; x < width; x++ {
			to.Set(x, y, picture.At(bounds.Min.X+x, bounds.Min.Y+y))
		}
	}
	return Pixels{to.Pix, RGBA, height, width, to.Stride}
}
