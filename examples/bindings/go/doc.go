// SPDX-License-Identifier: BSD-2-Clause

// Package segent is semantic segmentation with its uncertainty: a picture goes in; class labels, an entropy of every
// pixel and one entropy number come out. It calls the C library libsegent, which pkg-config finds.
//
//	settings, err := segent.New(segent.Options{})
//	model, err := settings.LoadModel("model.pth", nil)
//	picture, err := settings.LoadImage("picture.jpg", nil)
//	result, err := settings.Run(ctx, model, picture, nil)
//	fmt.Println(result.Summary.Mean, result.Entropy[0])
//
// Results are ordinary slices, into which the library writes: they live as long as somebody has them, and nothing needs
// to be closed for them. A [Context], a [Model], an [Image] and a [Checkpoint] hold memory of the library's, which Close
// frees at once and the garbage collector at some time.
//
// Any goroutine may use anything here. A Context is used by one at a time, and others wait: make one for each goroutine
// that works, with Threads: 1. Functions that wait or run take a [context.Context], which ends both.
//
// Every failure is an [*Error], of which errors.Is knows its [Status] and, of a missing file, fs.ErrNotExist.
package segent
