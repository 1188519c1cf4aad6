// SPDX-License-Identifier: BSD-2-Clause

package segent

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"
)

// demo is a file of the demonstration, in $SEGENT_DEMO or where the source tree has it.
func demo(name string) string {
	folder := os.Getenv("SEGENT_DEMO")
	if folder == "" {
		folder = "../../demo"
	}
	return filepath.Join(folder, name)
}

const demoModel = "segent-demo.safetensors"

var (
	background = context.Background()
	small      = &RunOptions{Size: 64}
)

func load(t *testing.T) (*Context, *Model, *Image) {
	t.Helper()
	c := newContext(t)
	model, err := c.LoadModel(demo(demoModel), nil)
	must(t, err)
	picture, err := c.LoadImage(demo("pictures/easy-boats.jpg"), nil)
	must(t, err)
	return c, model, picture
}

func TestPrecision(t *testing.T) {
	c, model, picture := load(t)
	half, err := c.LoadModel(demo(demoModel), &ModelOptions{Precision: Bfloat16})
	must(t, err)
	if half.Details().Precision != Bfloat16 || model.Details().Precision != Float32 {
		t.Fatal(half.Details().Precision, model.Details().Precision)
	}
	result, err := c.Run(background, half, picture, small)
	must(t, err)
	full, err := c.Run(background, model, picture, small)
	must(t, err)
	equal := 0
	for i, label := range result.Labels {
		if label == full.Labels[i] {
			equal++
		}
	}
	if equal*100 < 98*len(full.Labels) || result.Summary.Sum == full.Summary.Sum {
		t.Fatal(equal, len(full.Labels), result.Summary.Sum)
	}
	options := *small
	options.Precision = Bfloat16
	if _, err = c.Run(background, model, picture, &options); err == nil {
		t.Fatal("a run of another precision than its model's")
	}
}

func TestResult(t *testing.T) {
	c, model, picture := load(t)
	options := *small
	options.Keep = KeepLogits | KeepProbabilities | KeepTopProbability | KeepMargin
	result, err := c.Run(background, model, picture, &options)
	must(t, err)
	width, height := picture.Size()
	width, height, err = Fit(width, height, 64)
	must(t, err)
	pixels := width * height
	if result.Width != width || result.Height != height || len(result.Labels) != pixels || len(result.Entropy) != pixels {
		t.Fatal(result.Width, result.Height)
	}
	counted := int64(0)
	for _, class := range result.Statistics {
		counted += class.Pixels
	}
	if counted != int64(pixels) || result.Summary.Pixels != counted {
		t.Fatal(counted)
	}
	for i, label := range result.Labels {
		best := result.Logits[int(label)*pixels+i]
		for k := 0; k < result.Classes; k++ {
			if result.Logits[k*pixels+i] > best {
				t.Fatal("not the largest logit")
			}
		}
		close32(t, result.TopProbability[i], result.Probabilities[int(label)*pixels+i])
	}
	low, err := c.Logits(background, model, picture, small)
	must(t, err)
	again, maps := newResult(result.Classes, width, height, 0)
	set := &UncertaintyOptions{Temperature: model.Details().Temperature}
	summary, err := c.UncertaintyFromLogits(low, set, maps)
	must(t, err)
	if !reflect.DeepEqual(again.Entropy, result.Entropy) || summary != result.Summary {
		t.Fatal("the network's logits give another result")
	}
}

func TestInputs(t *testing.T) {
	c, model, picture := load(t)
	expected, err := c.Run(background, model, picture, small)
	must(t, err)
	rgba, err := picture.RGBA()
	must(t, err)
	nrgba := &image.NRGBA{Pix: rgba.Pix, Stride: rgba.Stride, Rect: rgba.Rect}
	framed := image.NewNRGBA(image.Rect(-5, -5, rgba.Rect.Dx()+5, rgba.Rect.Dy()+5))
	for y := 0; y < rgba.Rect.Dy(); y++ {
		copy(framed.Pix[framed.PixOffset(0, y):], rgba.Pix[y*rgba.Stride:(y+1)*rgba.Stride])
	}
	for _, input := range []image.Image{rgba, nrgba, framed.SubImage(rgba.Rect), struct{ image.Image }{rgba}} {
		result, err := c.Run(background, model, PixelsOf(input), small)
		must(t, err)
		if !reflect.DeepEqual(result, expected) {
			t.Fatalf("%T gives another result", input)
		}
	}
	grey := image.NewGray(image.Rect(0, 0, 2, 1))
	grey.Set(1, 0, color.White)
	copied, err := c.CopyPixels(PixelsOf(grey))
	must(t, err)
	back, err := copied.RGBA()
	must(t, err)
	if !reflect.DeepEqual(back.Pix, []byte{0, 0, 0, 255, 255, 255, 255, 255}) {
		t.Fatal(back.Pix)
	}
	_, err = c.Run(background, model, PixelsOf(image.NewGray(image.Rectangle{})), small)
	fails(t, err, InvalidArgument)
	_, err = c.Run(background, model, nil, small)
	fails(t, err, InvalidArgument)
}

func TestNormalisedTensor(t *testing.T) {
	c, model, picture := load(t)
	width, height := picture.Size()
	numbers := func(key string) (found []float32) {
		for _, word := range strings.Split(model.Properties()[key], ",") {
			number, err := strconv.ParseFloat(word, 32)
			must(t, err)
			found = append(found, float32(number))
		}
		return found
	}
	mean, std := numbers("mean"), numbers("std")
	rgba, err := picture.RGBA()
	must(t, err)
	data := make([]float32, 3*width*height)
	for i := range data {
		data[i] = (float32(rgba.Pix[i/3*4+i%3])/255 - mean[i%3]) / std[i%3]
	}
	expected, err := c.Run(background, model, picture, &RunOptions{Size: OwnSize})
	must(t, err)
	result, err := c.Run(background, model, HWC(data, height, width, 3), nil)
	must(t, err)
	for i := range result.Entropy {
		if d := result.Entropy[i] - expected.Entropy[i]; d > 1e-3 || d < -1e-3 {
			t.Fatal(d)
		}
	}
}

func TestErrors(t *testing.T) {
	c, model, picture := load(t)
	_, err := c.LoadModel("/no/such/model.pth", nil)
	var failure *Error
	if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &failure) || failure.Status != 41 || !strings.Contains(err.Error(), "/no/such/model.pth") {
		t.Fatal(err)
	}
	_, err = c.LoadImage("a\x00b", nil)
	fails(t, err, InvalidArgument)
	_, err = c.LoadImage(demo(demoModel), nil)
	fails(t, err, Format)
	_, err = c.DecodeModel(nil, nil)
	fails(t, err, Truncated)
	_, err = New(Options{Threads: -1})
	fails(t, err, InvalidArgument)
	_, err = c.Run(background, model, picture, &RunOptions{Size: 2147483647})
	if err == nil {
		t.Fatal("a picture without end")
	}
	_, err = c.LoadImage(demo("pictures/easy-boats.jpg"), &ImageOptions{PixelLimit: 10})
	fails(t, err, Limit)
}

func TestModels(t *testing.T) {
	c, model, _ := load(t)
	details := model.Details()
	if details.Head != "deeplabv3" || details.Classes != 21 || details.Container != Safetensors || model.ClassName(7) != "car" || model.ClassName(21) != "" {
		t.Fatal(details)
	}
	data, err := os.ReadFile(demo(demoModel))
	must(t, err)
	names := make([]string, 21)
	for i := range names {
		names[i] = "thing " + strconv.Itoa(i)
	}
	none := ""
	options := &ModelOptions{ClassNames: names, ExamineOnly: true, SettingsFile: &none, Settings: map[string]string{
		"size": "96", "rates": "1,2,3", "palette": "#010203" + strings.Repeat(",#040506", 20),
	}}
	examined, err := c.DecodeModel(data, options)
	must(t, err)
	if examined.ClassName(3) != "thing 3" || examined.Properties()["rates"] != "1,2,3" || examined.Details().Size != 96 {
		t.Fatal(examined.Properties())
	}
	if colours := examined.Palette(); len(colours) != 21 || colours[0] != [3]byte{1, 2, 3} || colours[20] != [3]byte{4, 5, 6} {
		t.Fatal(colours)
	}
	_, err = c.Memory(examined, 64, 64, nil)
	fails(t, err, Unsupported)
	bytes, err := c.Memory(model, 64, 64, nil)
	must(t, err)
	if bytes <= 0 {
		t.Fatal(bytes)
	}
	options.ClassNames[0] = "a\x00b"
	_, err = c.DecodeModel(data, options)
	fails(t, err, InvalidArgument)

	mapped, err := c.LoadCheckpoint(demo(demoModel))
	must(t, err)
	copied, err := c.DecodeCheckpoint(data)
	must(t, err)
	same, err := c.ModelFrom(copied, nil)
	must(t, err)
	for i := 0; i < mapped.Len(); i++ {
		if same.TensorName(i) != "backbone.conv1.weight" {
			continue
		}
		info, err := c.Tensor(mapped, i)
		must(t, err)
		one, other := make([]float32, info.Elements), make([]float32, info.Elements)
		must(t, c.ReadTensor(mapped, i, one))
		must(t, c.ReadTensor(copied, i, other))
		if info.Shape[1] != 3 || !reflect.DeepEqual(one, other) || one[0] == 0 {
			t.Fatal(info)
		}
		fails(t, c.ReadTensor(mapped, i, nil), InvalidArgument)
	}
	if _, ok := mapped.Metadata("no such key"); ok || len(mapped.Opaque()) != 0 || mapped.Container() != Safetensors {
		t.Fatal(mapped.Container())
	}
	must(t, copied.Close())
	_, err = c.ModelFrom(copied, nil)
	fails(t, err, InvalidArgument)
}

func TestFiles(t *testing.T) {
	c, model, picture := load(t)
	folder := t.TempDir()
	result, err := c.Run(background, model, picture, small)
	must(t, err)
	labels := Labels{U8: result.Labels, Height: result.Height, Width: result.Width}
	must(t, c.SaveLabels(labels, nil, filepath.Join(folder, "labels.png")))
	read, err := c.LoadLabels(filepath.Join(folder, "labels.png"), nil)
	must(t, err)
	encoded, err := c.EncodeLabels(labels, nil)
	must(t, err)
	decoded, err := c.DecodeLabels(encoded, &ImageOptions{})
	must(t, err)
	if !reflect.DeepEqual(read, labels) || !reflect.DeepEqual(decoded, labels) {
		t.Fatal("other labels")
	}
	half, err := c.Resize(picture, 40, 30)
	must(t, err)
	must(t, c.SaveImage(half, filepath.Join(folder, "half.png")))
	data, err := c.EncodeImage(half)
	must(t, err)
	again, err := c.DecodeImage(data, &ImageOptions{Orientation: Stored, Background: color.Black})
	must(t, err)
	one, err := again.RGBA()
	must(t, err)
	other, err := png.Decode(bytes.NewReader(data))
	must(t, err)
	if one.Rect != other.Bounds() || one.At(7, 9) != color.RGBAModel.Convert(other.At(7, 9)) {
		t.Fatal(one.At(7, 9), other.At(7, 9))
	}
	must(t, c.SaveMap(Map{Data: result.Entropy, Height: result.Height, Width: result.Width}, filepath.Join(folder, "e.npy")))
	must(t, c.SaveTensor(Tensor{Data: logits, Channels: 3, Height: 2, Width: 2}, filepath.Join(folder, "z.npy")))
	info, err := os.Stat(filepath.Join(folder, "z.npy"))
	must(t, err)
	if info.Size() != 128+4*12 {
		t.Fatal(info.Size())
	}
}

func TestGoroutinesShareEverything(t *testing.T) {
	c, model, picture := load(t)
	expected, err := c.Run(background, model, picture, small)
	must(t, err)
	var group sync.WaitGroup
	for i := 0; i < 6; i++ {
		own := c
		if i%2 == 0 {
			own = newContext(t)
		}
		group.Add(1)
		go func() {
			defer group.Done()
			for k := 0; k < 3; k++ {
				result, err := own.Run(background, model, picture, small)
				if err != nil || !reflect.DeepEqual(result, expected) {
					t.Error("another result", err)
				}
				// Failures of others in between are not this one's.
				if _, err := own.LoadImage("/none", nil); !strings.Contains(err.Error(), "/none") {
					t.Error(err)
				}
			}
		}()
	}
	group.Wait()
}

func TestClosing(t *testing.T) {
	c, model, picture := load(t)
	options := &RunOptions{Size: 64, Progress: func(done float64) error {
		model.Close()
		picture.Close()
		c.Close()
		return nil
	}}
	result, err := c.Run(background, model, picture, options)
	must(t, err) // the run goes on
	if len(result.Statistics) != 21 {
		t.Fatal(result.Statistics)
	}
	_, err = newContext(t).Run(background, model, picture, small)
	fails(t, err, InvalidArgument)
	must(t, model.Close())
	fails(t, c.Trim(), InvalidArgument)
	must(t, (*Model)(nil).Close())
	must(t, (*Context)(nil).Close())
	if model.ClassName(1) != "" || len(model.Properties()) != 0 {
		t.Fatal("a closed model has names")
	}
}

func TestGarbageIsCollected(t *testing.T) {
	freed := make(chan struct{})
	func() {
		c, err := New(Options{Threads: 1})
		must(t, err)
		_, err = c.LoadImage(demo("pictures/easy-boats.jpg"), nil)
		must(t, err)
		destroy := c.destroy
		c.destroy = func(object unsafe.Pointer) { destroy(object); close(freed) }
	}()
	for i := 0; i < 100; i++ {
		runtime.GC()
		select {
		case <-freed:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Fatal("a context that nobody has is kept")
}

func TestWhatAContextWorksWith(t *testing.T) {
	c, err := New(Options{Threads: 2, CPU: CPURef})
	must(t, err)
	defer c.Close()
	info, err := c.CPUInfo()
	must(t, err)
	if info.Threads != 2 || info.Used != CPURef || info.Kernels != CPURef.String() || info.Processor == "" {
		t.Fatal(info)
	}
	if !strings.HasPrefix(Version(), "0.") || Supports("nonsense") || Supports("a\x00") {
		t.Fatal(Version())
	}
}
