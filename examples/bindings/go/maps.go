// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include "shim.h"
import "C"

import "unsafe"

// Maps are outputs in one's own slices. What is nil is not made.
type Maps struct {
	Height, Width          int
	Labels                 *Labels
	Entropy                *Map
	TopProbability, Margin *Map
	Logits, Probabilities  *Tensor
}

// places are the outputs as the library takes them: sizes and strides, and where the data lie.
type places struct {
	maps                                        C.segent_uncertainty_maps
	labels                                      unsafe.Pointer
	entropy, top, margin, logits, probabilities *C.float
}

func (m Maps) views() (p places, err error) {
	C.segent_uncertainty_maps_defaults(&p.maps)
	p.maps.height, p.maps.width = C.int64_t(m.Height), C.int64_t(m.Width)
	if m.Labels != nil {
		if p.maps.labels, p.labels, err = m.Labels.view("labels", true); err != nil {
			return p, err
		}
	}
	for _, f := range []struct {
		what  string
		given *Map
		view  *C.segent_map_view
		data  **C.float
	}{
		{"entropy", m.Entropy, &p.maps.entropy, &p.entropy},
		{"top probability", m.TopProbability, &p.maps.top_probability, &p.top},
		{"margin", m.Margin, &p.maps.margin, &p.margin},
	} {
		if f.given != nil {
			if *f.view, *f.data, err = f.given.view(f.what, true); err != nil {
				return p, err
			}
		}
	}
	for _, f := range []struct {
		what  string
		given *Tensor
		view  *C.segent_tensor_view
		data  **C.float
	}{
		{"logits", m.Logits, &p.maps.logits, &p.logits},
		{"probabilities", m.Probabilities, &p.maps.probabilities, &p.probabilities},
	} {
		if f.given != nil {
			if *f.view, *f.data, err = f.given.view(f.what, true); err != nil {
				return p, err
			}
		}
	}
	return p, nil
}
