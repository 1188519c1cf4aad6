// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include "shim.h"
import "C"

// EntropyOptions are options of EntropyMap. The zero value means the normalised entropy of logits.
type EntropyOptions struct {
	Source      Source
	Unit        Unit
	Temperature float32 // logits are divided by it; 0: 1
	Strict      bool    // refuses what are no probabilities
	Tolerance   float32 // of their sum; 0: 1e-3
}

// UncertaintyOptions are options of UncertaintyFromLogits.
type UncertaintyOptions struct {
	Unit           Unit
	Temperature    float32 // logits are divided by it; 0: 1
	UndecidedBelow float64 // margins of logits that EntropySummary.Undecided counts; 0: none
}

// EntropySummary is sums over an entropy map.
type EntropySummary struct {
	Pixels           int64 // that were counted
	Sum, Mean        float64
	Minimum, Maximum float64
	SumNats          float64 // not normalised; 0 from ImageEntropy, which does not know the class count
	Undecided        int64   // pixels whose two largest logits differ by less than UndecidedBelow
	UndecidedBelow   float64 // the model's precision_error after a run; 0: nothing was counted
}

// ClassStatistics is figures of one class over a picture.
type ClassStatistics struct {
	Pixels      int64
	EntropyMean float64 // over these pixels; 0 if there are none
}

func (s *EntropySummary) set(raw *C.segent_entropy_summary) {
	*s = EntropySummary{
		int64(raw.pixels), float64(raw.sum), float64(raw.mean),
		float64(raw.minimum), float64(raw.maximum), float64(raw.sum_nats),
		int64(raw.undecided), float64(raw.undecided_below),
	}
}

// Softmax over the classes, in place where both are the same.
func (c *Context) Softmax(logits, probabilities Tensor) error {
	from, z, err := logits.view("logits", false)
	if err != nil {
		return err
	}
	to, p, err := probabilities.view("probabilities", true)
	if err != nil {
		return err
	}
	return c.now(func(raw *C.segent_context) C.segent_status { return C.shim_softmax(raw, &from, z, &to, p) })
}

// EntropyMap is the entropy of every pixel's class distribution; nil options mean the defaults.
func (c *Context) EntropyMap(values Tensor, options *EntropyOptions, entropy Map) error {
	from, v, err := values.view("values", false)
	if err != nil {
		return err
	}
	to, e, err := entropy.view("entropy", true)
	if err != nil {
		return err
	}
	var set C.segent_entropy_options
	C.segent_entropy_options_defaults(&set)
	if options != nil {
		set.source, set.unit = C.segent_source(options.Source), C.segent_unit(options.Unit)
		set.temperature, set.tolerance = C.float(options.Temperature), C.float(options.Tolerance)
		if options.Strict {
			set.strict = 1
		}
	}
	return c.now(func(raw *C.segent_context) C.segent_status {
		return C.shim_entropy_map(raw, &from, v, &set, &to, e)
	})
}

// ImageEntropy is sum and mean of an entropy map. Pixels where ignore, unless nil, is not 0 are left out.
func (c *Context) ImageEntropy(entropy Map, ignore *Labels) (summary EntropySummary, err error) {
	from, e, err := entropy.view("entropy", false)
	if err != nil {
		return summary, err
	}
	var mask C.segent_label_view
	var ignored *C.uint8_t
	if ignore != nil {
		if mask, ignored, err = ignore.view("ignore", false); err != nil {
			return summary, err
		}
	}
	var sums C.segent_entropy_summary
	C.segent_entropy_summary_defaults(&sums)
	err = c.now(func(raw *C.segent_context) C.segent_status {
		return C.shim_image_entropy(raw, &from, e, &mask, ignored, &sums)
	})
	if err == nil {
		summary.set(&sums)
	}
	return summary, err
}

// Argmax is the class of the largest value of every pixel; ties go to the lowest class.
func (c *Context) Argmax(values Tensor, labels Labels) error {
	from, v, err := values.view("values", false)
	if err != nil {
		return err
	}
	to, l, err := labels.view("labels", true)
	if err != nil {
		return err
	}
	return c.now(func(raw *C.segent_context) C.segent_status { return C.shim_argmax(raw, &from, v, &to, l) })
}

// StatisticsPerClass counts pixels and averages entropy, unless nil, for each class.
func (c *Context) StatisticsPerClass(labels Labels, entropy *Map, classes int) ([]ClassStatistics, error) {
	from, l, err := labels.view("labels", false)
	if err != nil {
		return nil, err
	}
	var view C.segent_map_view
	var e *C.float
	if entropy != nil {
		if view, e, err = entropy.view("entropy", false); err != nil {
			return nil, err
		}
	}
	if classes < 1 || classes > 65536 {
		return nil, invalid("%d classes", classes)
	}
	figures := make([]C.segent_class_statistics, classes)
	err = c.now(func(raw *C.segent_context) C.segent_status {
		return C.shim_statistics(raw, &from, l, &view, e, &figures[0], C.int64_t(classes))
	})
	if err != nil {
		return nil, err
	}
	return statistics(figures), nil
}

func statistics(figures []C.segent_class_statistics) []ClassStatistics {
	found := make([]ClassStatistics, len(figures))
	for i, figure := range figures {
		found[i] = ClassStatistics{int64(figure.pixels), float64(figure.entropy_mean)}
	}
	return found
}

// UncertaintyFromLogits makes maps at any size from low-resolution logits, in one pass.
func (c *Context) UncertaintyFromLogits(logits Tensor, options *UncertaintyOptions, maps Maps) (summary EntropySummary, err error) {
	from, z, err := logits.view("logits", false)
	if err != nil {
		return summary, err
	}
	to, err := maps.views()
	if err != nil {
		return summary, err
	}
	var set C.segent_uncertainty_options
	C.segent_uncertainty_options_defaults(&set)
	if options != nil {
		set.unit, set.temperature = C.segent_unit(options.Unit), C.float(options.Temperature)
	}
	var sums C.segent_entropy_summary
	C.segent_entropy_summary_defaults(&sums)
	err = c.now(func(raw *C.segent_context) C.segent_status {
		return C.shim_uncertainty(raw, &from, z, &set, &to.maps, to.labels, to.entropy, to.top, to.margin, to.logits,
			to.probabilities, &sums)
	})
	if err == nil {
		summary.set(&sums)
	}
	return summary, err
}
