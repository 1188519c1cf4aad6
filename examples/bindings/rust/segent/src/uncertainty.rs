// SPDX-License-Identifier: BSD-2-Clause
//! Softmax, entropy, argmax and sums on the caller's own buffers.

use crate::context::WithSize;
use crate::words::{Source, Unit};
use crate::{Context, Labels, LabelsMut, Map, MapMut, Result, Tensor, TensorMut};
use segent_sys as sys;
use std::ptr;

/// Options of [`Context::entropy_map`].
#[derive(Clone, Debug)]
pub struct EntropyOptions(sys::segent_entropy_options);

impl Default for EntropyOptions {
    /// Normalised entropy of logits.
    fn default() -> EntropyOptions {
        EntropyOptions(sys::segent_entropy_options::sized())
    }
}

impl EntropyOptions {
    /// The defaults.
    pub fn new() -> EntropyOptions {
        EntropyOptions::default()
    }

    /// Whether values are logits, the default, or probabilities.
    pub fn source(mut self, source: Source) -> EntropyOptions {
        self.0.source = source.raw();
        self
    }

    /// Unit of the map.
    pub fn unit(mut self, unit: Unit) -> EntropyOptions {
        self.0.unit = unit.raw();
        self
    }

    /// What logits are divided by.
    pub fn temperature(mut self, temperature: f32) -> EntropyOptions {
        self.0.temperature = temperature;
        self
    }

    /// Refuses probabilities outside 0 to 1, and those whose sum is not within `tolerance` of 1; 0 stands for 1e-3.
    pub fn strict(mut self, tolerance: f32) -> EntropyOptions {
        self.0.strict = 1;
        self.0.tolerance = tolerance;
        self
    }
}

/// Options of [`Context::uncertainty_from_logits`].
#[derive(Clone, Debug)]
pub struct UncertaintyOptions(sys::segent_uncertainty_options);

impl Default for UncertaintyOptions {
    /// Normalised entropy, temperature 1.
    fn default() -> UncertaintyOptions {
        UncertaintyOptions(sys::segent_uncertainty_options::sized())
    }
}

impl UncertaintyOptions {
    /// The defaults.
    pub fn new() -> UncertaintyOptions {
        UncertaintyOptions::default()
    }

    /// Unit of the entropy map.
    pub fn unit(mut self, unit: Unit) -> UncertaintyOptions {
        self.0.unit = unit.raw();
        self
    }

    /// What logits are divided by.
    pub fn temperature(mut self, temperature: f32) -> UncertaintyOptions {
        self.0.temperature = temperature;
        self
    }

    /// Margins of logits below which pixels are counted as [`EntropySummary::undecided`]; 0: none.
    pub fn undecided_below(mut self, margin: f64) -> UncertaintyOptions {
        self.0.undecided_below = margin;
        self
    }
}

/// Sums over an entropy map.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct EntropySummary {
    /// Pixels that were counted.
    pub pixels: u64,
    /// Image entropy: the sum of the map's values.
    pub sum: f64,
    /// `sum / pixels`; 0 if no pixel counts.
    pub mean: f64,
    /// Of the counted pixels.
    pub minimum: f64,
    /// Of the counted pixels.
    pub maximum: f64,
    /// The sum in nats, not normalised; 0 from [`Context::image_entropy`], which does not know the class count.
    pub sum_nats: f64,
    /// Pixels whose two largest logits differ by less than `undecided_below`.
    pub undecided: u64,
    /// The model's `precision_error` after a run; 0: nothing was counted.
    pub undecided_below: f64,
}

impl EntropySummary {
    pub(crate) fn from_raw(raw: &sys::segent_entropy_summary) -> EntropySummary {
        EntropySummary {
            pixels: raw.pixels.max(0) as u64,
            sum: raw.sum,
            mean: raw.mean,
            minimum: raw.minimum,
            maximum: raw.maximum,
            sum_nats: raw.sum_nats,
            undecided: raw.undecided.max(0) as u64,
            undecided_below: raw.undecided_below,
        }
    }
}

/// Figures of one class over a picture.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct ClassStatistics(sys::segent_class_statistics);

impl ClassStatistics {
    /// How many pixels have the class.
    pub fn pixels(&self) -> u64 {
        self.0.pixels.max(0) as u64
    }

    /// Mean of the entropy map over these pixels; 0 if there are none.
    pub fn entropy_mean(&self) -> f64 {
        self.0.entropy_mean
    }
}

/// The caller's outputs: what is not given is not made.
#[derive(Debug)]
pub struct Maps<'a> {
    height: usize,
    width: usize,
    labels: Option<LabelsMut<'a>>,
    entropy: Option<MapMut<'a>>,
    top_probability: Option<MapMut<'a>>,
    margin: Option<MapMut<'a>>,
    logits: Option<TensorMut<'a>>,
    probabilities: Option<TensorMut<'a>>,
}

impl<'a> Maps<'a> {
    /// Outputs of this size, none of which is there yet.
    pub fn new(height: usize, width: usize) -> Maps<'a> {
        Maps {
            height,
            width,
            labels: None,
            entropy: None,
            top_probability: None,
            margin: None,
            logits: None,
            probabilities: None,
        }
    }

    /// Classes of the largest logits.
    pub fn labels(mut self, labels: LabelsMut<'a>) -> Maps<'a> {
        self.labels = Some(labels);
        self
    }

    /// Entropy of each pixel.
    pub fn entropy(mut self, entropy: MapMut<'a>) -> Maps<'a> {
        self.entropy = Some(entropy);
        self
    }

    /// The largest class probability.
    pub fn top_probability(mut self, top: MapMut<'a>) -> Maps<'a> {
        self.top_probability = Some(top);
        self
    }

    /// The largest minus the second largest class probability.
    pub fn margin(mut self, margin: MapMut<'a>) -> Maps<'a> {
        self.margin = Some(margin);
        self
    }

    /// The interpolated logits, before the temperature.
    pub fn logits(mut self, logits: TensorMut<'a>) -> Maps<'a> {
        self.logits = Some(logits);
        self
    }

    /// The probabilities, after the temperature.
    pub fn probabilities(mut self, probabilities: TensorMut<'a>) -> Maps<'a> {
        self.probabilities = Some(probabilities);
        self
    }

    /// What the library writes to, for as long as `self` lives.
    pub(crate) fn raw(&mut self) -> sys::segent_uncertainty_maps {
        let mut raw = sys::segent_uncertainty_maps::sized();
        // A size beyond i64 is none of any view's, and refused.
        raw.height = i64::try_from(self.height).unwrap_or(-1);
        raw.width = i64::try_from(self.width).unwrap_or(-1);
        if let Some(view) = &self.labels {
            raw.labels = view.raw;
        }
        let maps = [
            (&self.entropy, &mut raw.entropy),
            (&self.top_probability, &mut raw.top_probability),
            (&self.margin, &mut raw.margin),
        ];
        for (view, place) in maps {
            if let Some(view) = view {
                *place = view.raw;
            }
        }
        let tensors = [
            (&self.logits, &mut raw.logits),
            (&self.probabilities, &mut raw.probabilities),
        ];
        for (view, place) in tensors {
            if let Some(view) = view {
                *place = view.raw;
            }
        }
        raw
    }
}

// SAFETY of all calls below: the context lives; views were checked when they were made and are borrowed until the call
// returns; structs have their sizes.
impl Context {
    /// Softmax over the classes; both have the same sizes.
    pub fn softmax(&self, logits: Tensor<'_>, probabilities: TensorMut<'_>) -> Result<()> {
        self.call(|context| unsafe {
            sys::segent_softmax(context, &logits.raw, &probabilities.raw)
        })
    }

    /// Softmax in the place of the logits.
    pub fn softmax_in_place(&self, values: TensorMut<'_>) -> Result<()> {
        self.call(|context| unsafe { sys::segent_softmax(context, &values.raw, &values.raw) })
    }

    /// Entropy of every pixel's class distribution.
    ///
    /// ```
    /// use segent::{Context, EntropyOptions, MapMut, Tensor};
    /// let logits = [0.0, 9.0, 0.0, 0.0]; // two classes of two pixels
    /// let mut entropy = [0.0; 2];
    /// let context = Context::new()?;
    /// context.entropy_map(
    ///     Tensor::chw(&logits, 2, 1, 2)?,
    ///     &EntropyOptions::new(),
    ///     MapMut::new(&mut entropy, 1, 2)?,
    /// )?;
    /// assert!(entropy[0] > 0.999 && entropy[1] < 0.01);
    /// # Ok::<(), segent::Error>(())
    /// ```
    pub fn entropy_map(
        &self,
        values: Tensor<'_>,
        options: &EntropyOptions,
        entropy: MapMut<'_>,
    ) -> Result<()> {
        self.call(|context| unsafe {
            sys::segent_entropy_map(context, &values.raw, &options.0, &entropy.raw)
        })
    }

    /// Sum and mean of an entropy map. Pixels where `ignore`, of the same size, is not 0 are left out.
    pub fn image_entropy(
        &self,
        entropy: Map<'_>,
        ignore: Option<Labels<'_>>,
    ) -> Result<EntropySummary> {
        let mut summary = sys::segent_entropy_summary::sized();
        let ignore = ignore.as_ref().map_or(ptr::null(), |labels| &labels.raw);
        self.call(|context| unsafe {
            sys::segent_image_entropy(context, &entropy.raw, ignore, &mut summary)
        })?;
        Ok(EntropySummary::from_raw(&summary))
    }

    /// Class of the largest value of every pixel; ties go to the lowest class.
    pub fn argmax(&self, values: Tensor<'_>, labels: LabelsMut<'_>) -> Result<()> {
        self.call(|context| unsafe { sys::segent_argmax(context, &values.raw, &labels.raw) })
    }

    /// Low-resolution logits to labels, entropy map and sums at any output size, in one pass.
    pub fn uncertainty_from_logits(
        &self,
        logits: Tensor<'_>,
        options: &UncertaintyOptions,
        mut maps: Maps<'_>,
    ) -> Result<EntropySummary> {
        let mut summary = sys::segent_entropy_summary::sized();
        let raw = maps.raw();
        self.call(|context| unsafe {
            sys::segent_uncertainty_from_logits(
                context,
                &logits.raw,
                &options.0,
                &raw,
                &mut summary,
            )
        })?;
        Ok(EntropySummary::from_raw(&summary))
    }

    /// Counts pixels and averages entropy for each of `classes` classes.
    pub fn statistics_per_class(
        &self,
        labels: Labels<'_>,
        entropy: Option<Map<'_>>,
        classes: usize,
    ) -> Result<Vec<ClassStatistics>> {
        let none = sys::segent_class_statistics {
            pixels: 0,
            entropy_mean: 0.0,
        };
        let mut statistics = vec![ClassStatistics(none); classes];
        let entropy = entropy.as_ref().map_or(ptr::null(), |map| &map.raw);
        self.call(|context| unsafe {
            let to = statistics.as_mut_ptr() as *mut sys::segent_class_statistics;
            sys::segent_statistics_per_class(context, &labels.raw, entropy, to, classes as i64)
        })?;
        Ok(statistics)
    }
}
