// SPDX-License-Identifier: BSD-2-Clause

package segent

import (
	"errors"
	"math"
	"reflect"
	"testing"
)

// Three classes of 2 x 2 pixels, (C, H, W).
var logits = []float32{0, 5, 1, 0, 0, 1, 3, 0, 0, 2, 2, 9}

func newContext(t *testing.T) *Context {
	t.Helper()
	c, err := New(Options{Threads: 1})
	must(t, err)
	t.Cleanup(func() { c.Close() })
	return c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func fails(t *testing.T, err error, status Status) {
	t.Helper()
	if !errors.Is(err, status) {
		t.Fatalf("%v, not %v", err, status)
	}
}

func close32(t *testing.T, found, expected float32) {
	t.Helper()
	if math.Abs(float64(found-expected)) > 1e-5 {
		t.Fatalf("%v, not %v", found, expected)
	}
}

func softmax(i int) (p [3]float32) {
	var sum float64
	for c := range p {
		sum += math.Exp(float64(logits[4*c+i]))
	}
	for c := range p {
		p[c] = float32(math.Exp(float64(logits[4*c+i])) / sum)
	}
	return p
}

func TestSoftmaxAndEntropy(t *testing.T) {
	c := newContext(t)
	dense := Tensor{Data: logits, Channels: 3, Height: 2, Width: 2}
	inPlace := dense
	inPlace.Data = append([]float32(nil), logits...)
	must(t, c.Softmax(inPlace, inPlace))
	entropy := make([]float32, 4)
	must(t, c.EntropyMap(dense, &EntropyOptions{Unit: Nats}, Map{Data: entropy, Height: 2, Width: 2}))
	for i := range entropy {
		var nats float32
		for k, p := range softmax(i) {
			close32(t, inPlace.Data[4*k+i], p)
			nats -= p * float32(math.Log(float64(p)))
		}
		close32(t, entropy[i], nats)
	}
	again := make([]float32, 4)
	options := &EntropyOptions{Source: Probabilities, Unit: Nats, Strict: true}
	must(t, c.EntropyMap(inPlace, options, Map{Data: again, Height: 2, Width: 2}))
	close32(t, again[2], entropy[2])
	fails(t, c.EntropyMap(dense, options, Map{Data: again, Height: 2, Width: 2}), NotProbability)

	// The same values as (H, W, C), into every other element.
	hwc := make([]float32, 12)
	for i := range logits {
		hwc[i%4*3+i/4] = logits[i]
	}
	sparse := make([]float32, 8)
	must(t, c.EntropyMap(HWC(hwc, 2, 2, 3), &EntropyOptions{Unit: Nats}, Map{sparse, 2, 2, 4, 2}))
	expected := []float32{entropy[0], 0, entropy[1], 0, entropy[2], 0, entropy[3], 0}
	if !reflect.DeepEqual(sparse, expected) {
		t.Fatal(sparse)
	}
}

func TestArgmaxStatisticsAndSums(t *testing.T) {
	c := newContext(t)
	dense := Tensor{Data: logits, Channels: 3, Height: 2, Width: 2}
	bytes := Labels{U8: make([]uint8, 4), Height: 2, Width: 2}
	words := Labels{U16: make([]uint16, 4), Height: 2, Width: 2}
	must(t, c.Argmax(dense, bytes))
	must(t, c.Argmax(dense, words))
	if !reflect.DeepEqual(bytes.U8, []uint8{0, 0, 1, 2}) || !reflect.DeepEqual(words.U16, []uint16{0, 0, 1, 2}) {
		t.Fatal(bytes.U8, words.U16)
	}
	entropy := &Map{Data: []float32{0.25, 0.75, 0.5, 1}, Height: 2, Width: 2}
	statistics, err := c.StatisticsPerClass(bytes, entropy, 3)
	must(t, err)
	if !reflect.DeepEqual(statistics, []ClassStatistics{{2, 0.5}, {1, 0.5}, {1, 1}}) {
		t.Fatal(statistics)
	}
	_, err = c.StatisticsPerClass(bytes, nil, 2)
	fails(t, err, InvalidArgument)
	summary, err := c.ImageEntropy(*entropy, &words)
	must(t, err)
	if summary.Pixels != 2 || summary.Mean != 0.5 {
		t.Fatal(summary)
	}
}

func TestOnePass(t *testing.T) {
	c := newContext(t)
	dense := Tensor{Data: logits, Channels: 3, Height: 2, Width: 2}
	result, maps := newResult(3, 2, 2, KeepLogits|KeepProbabilities|KeepTopProbability|KeepMargin)
	_, err := c.UncertaintyFromLogits(dense, nil, maps)
	must(t, err)
	if !reflect.DeepEqual(result.Logits, logits) || !reflect.DeepEqual(result.Labels, []uint8{0, 0, 1, 2}) {
		t.Fatal(result)
	}
	close32(t, result.TopProbability[3], softmax(3)[2])
	close32(t, result.Margin[3], softmax(3)[2]-softmax(3)[0])
	close32(t, result.Probabilities[5], softmax(1)[1])
	maps.Entropy = &Map{Data: make([]float32, 2), Height: 1, Width: 2}
	_, err = c.UncertaintyFromLogits(dense, nil, maps)
	fails(t, err, InvalidArgument)
}

func TestColours(t *testing.T) {
	c := newContext(t)
	voc, err := VOCPalette(3)
	must(t, err)
	if voc[2] != [3]byte{0, 128, 0} {
		t.Fatal(voc)
	}
	labels := Labels{U8: []uint8{0, 2}, Height: 1, Width: 2}
	bgra := Pixels{Data: make([]byte, 8), Format: BGRA, Height: 1, Width: 2}
	must(t, c.DecodePalette(labels, nil, bgra))
	if !reflect.DeepEqual(bgra.Data, []byte{0, 0, 0, 255, 0, 128, 0, 255}) {
		t.Fatal(bgra.Data)
	}
	fails(t, c.DecodePalette(labels, [][3]byte{{1, 2, 3}}, bgra), InvalidArgument)
	fails(t, c.DecodePalette(labels, [][3]byte{}, bgra), InvalidArgument)
	must(t, c.ApplyColormap(Map{Data: []float32{0, 1}, Height: 1, Width: 2}, Jet, 0, 1, bgra))
	if bgra.Data[0] < 100 || bgra.Data[2] != 0 || bgra.Data[6] < 100 {
		t.Fatal(bgra.Data)
	}
}

// A slice may be a part of something that has pointers to Go's memory.
func TestSlicesOfStructsWithPointers(t *testing.T) {
	c := newContext(t)
	frame := &struct {
		name  *string
		bytes [4]uint8
		words [4]uint16
		file  [4096]byte
	}{name: new(string)}
	dense := Tensor{Data: logits, Channels: 3, Height: 2, Width: 2}
	labels := Labels{U8: frame.bytes[:], Height: 2, Width: 2}
	must(t, c.Argmax(dense, labels))
	must(t, c.Argmax(dense, Labels{U16: frame.words[:], Height: 2, Width: 2}))
	png, err := c.EncodeLabels(labels, nil)
	must(t, err)
	file := frame.file[:copy(frame.file[:], png)]
	read, err := c.DecodeLabels(file, nil)
	must(t, err)
	if !reflect.DeepEqual(read, labels) {
		t.Fatal(read)
	}
	_, err = c.DecodeImage(file, nil)
	must(t, err)
	_, err = c.DecodeModel(file, nil)
	fails(t, err, Format)
}

func TestViewsBeyondTheirSlicesAreRefused(t *testing.T) {
	for _, view := range []Tensor{
		{Data: logits, Channels: 3, Height: 2, Width: 3},
		{Data: logits, Channels: 0, Height: 2, Width: 2},
		{Data: logits, Channels: 3, Height: -2, Width: -2},
		{Channels: 1, Height: 1, Width: 1},
		{logits, 3, 2, 2, 4, 3, 1},
		{logits, 3, 2, 2, 4, -2, 1},
		{logits, math.MaxInt, math.MaxInt, 2, 0, 0, 0},
		{logits, math.MaxInt, 2, 2, math.MaxInt, 1, 1},
		{logits, 2, 2, math.MinInt, 0, 0, 0},
		{logits, math.MaxInt / 8, math.MaxInt / 8, 1, 1, 1, 1},
	} {
		_, _, err := view.view("values", false)
		fails(t, err, InvalidArgument)
	}
	for _, strides := range [][3]int{{0, 2, 1}, {4, 1, 1}, {4, 0, 1}, {3, 2, 1}} {
		view := Tensor{logits, 3, 2, 2, strides[0], strides[1], strides[2]}
		_, _, err := view.view("values", true)
		fails(t, err, InvalidArgument)
		if strides[0] == 0 {
			_, _, err = view.view("values", false) // the same values for each class: fine to read
			must(t, err)
		}
	}
	for _, view := range []Pixels{
		{Data: make([]byte, 11), Height: 2, Width: 2},
		{Data: make([]byte, 12), Height: 2, Width: 2, Format: RGBA},
		{Data: make([]byte, 12), Height: 2, Width: 2, RowStride: 5},
		{Data: make([]byte, 12), Height: 2, Width: 2, RowStride: -6},
		{Data: make([]byte, 12), Height: 2, Width: 2, Format: 99},
		{Data: make([]byte, 12), Height: 2, Width: math.MaxInt},
		{},
	} {
		_, _, err := view.view("pixels")
		fails(t, err, InvalidArgument)
	}
	both := Labels{U8: []uint8{1}, U16: []uint16{1}, Height: 1, Width: 1}
	_, _, err := both.view("labels", false)
	fails(t, err, InvalidArgument)
}
