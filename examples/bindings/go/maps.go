// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include "shim.h"
import "C"

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
	labels                                      *C.uint8_t
	entropy, top, margin, logits, probabilities *C.float
}

func (m Maps) views() (places, error) {
	var p places
	C.segent_uncertainty_maps_defaults(&p.maps)
	p.maps.height, p.maps.width = C.int64_t(m.Height), C.int64_t(m.Width)
	for _, err := range []error{
		place(m.Labels, "labels", &p.maps.labels, &p.labels),
		place(m.Entropy, "entropy", &p.maps.entropy, &p.entropy),
		place(m.TopProbability, "top probability", &p.maps.top_probability, &p.top),
		place(m.Margin, "margin", &p.maps.margin, &p.margin),
		place(m.Logits, "logits", &p.maps.logits, &p.logits),
		place(m.Probabilities, "probabilities", &p.maps.probabilities, &p.probabilities),
	} {
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

// place sets the view and the data of one output, unless it is nil.
func place[T interface {
	view(what string, write bool) (V, *D, error)
}, V, D any](output *T, what string, view *V, data **D) (err error) {
	if output != nil {
		*view, *data, err = (*output).view(what, true)
	}
	return err
}
