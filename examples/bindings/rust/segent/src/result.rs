// SPDX-License-Identifier: BSD-2-Clause
//! What a run gives.

use crate::context::WithSize;
use crate::error::check;
use crate::handle::Handle;
use crate::image::{borrow, Ids, Image};
use crate::uncertainty::{ClassStatistics, EntropySummary};
use crate::{Labels, Map, Result, Tensor};
use segent_sys as sys;
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;

/// Labels, entropy map and sums of one picture, `segent_result` in C. Slices borrow from it; it does not change, so threads
/// may share it.
///
/// ```compile_fail
/// # fn run() -> segent::Segmentation { unimplemented!() }
/// let entropy = run().entropy();
/// println!("{}", entropy[0]);
/// ```
pub struct Segmentation(pub(crate) Handle<sys::segent_result>);

/// Seconds that the stages of a run took.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Timings {
    /// Resize and normalise.
    pub preprocess: f64,
    /// The network.
    pub network: f64,
    /// Interpolation, softmax, entropy, argmax.
    pub head: f64,
}

type LogitsOf = unsafe extern "C" fn(*const sys::segent_result, *mut i32, *mut i32) -> *const f32;

// SAFETY of all calls below: the result lives; what they return is dense, of the sizes that the header says, and owned by
// the result, which does not change.
impl Segmentation {
    /// Pixels of a row.
    pub fn width(&self) -> usize {
        unsafe { sys::segent_result_width(self.0.get()) as usize }
    }

    /// Rows.
    pub fn height(&self) -> usize {
        unsafe { sys::segent_result_height(self.0.get()) as usize }
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        unsafe { sys::segent_result_classes(self.0.get()) as usize }
    }

    fn pixels(&self) -> usize {
        self.width() * self.height()
    }

    /// Class ids, H x W.
    pub fn labels(&self) -> Ids<'_> {
        unsafe {
            let data = sys::segent_result_labels(self.0.get());
            Ids::borrow(
                data,
                sys::segent_result_label_type(self.0.get()),
                self.pixels(),
            )
        }
    }

    /// The same as a view.
    pub fn labels_view(&self) -> Result<Labels<'_>> {
        self.labels().view(self.height(), self.width())
    }

    /// Normalised entropy, 0 to 1, H x W.
    pub fn entropy(&self) -> &[f32] {
        unsafe { borrow(sys::segent_result_entropy(self.0.get()), self.pixels()) }
    }

    /// The same as a view.
    pub fn entropy_view(&self) -> Result<Map<'_>> {
        Map::new(self.entropy(), self.height(), self.width())
    }

    fn kept(&self, data: *const f32, count: usize) -> Option<&[f32]> {
        if data.is_null() {
            None
        } else {
            Some(unsafe { borrow(data, count) })
        }
    }

    /// C x H x W, before the temperature; if [`Keep::LOGITS`](crate::Keep::LOGITS) was asked for.
    pub fn logits(&self) -> Option<&[f32]> {
        let data = unsafe { sys::segent_result_logits(self.0.get()) };
        self.kept(data, self.classes() * self.pixels())
    }

    /// C x H x W; if [`Keep::PROBABILITIES`](crate::Keep::PROBABILITIES) was asked for.
    pub fn probabilities(&self) -> Option<&[f32]> {
        let data = unsafe { sys::segent_result_probabilities(self.0.get()) };
        self.kept(data, self.classes() * self.pixels())
    }

    /// H x W; if [`Keep::TOP_PROBABILITY`](crate::Keep::TOP_PROBABILITY) was asked for.
    pub fn top_probability(&self) -> Option<&[f32]> {
        let data = unsafe { sys::segent_result_top_probability(self.0.get()) };
        self.kept(data, self.pixels())
    }

    /// H x W; if [`Keep::MARGIN`](crate::Keep::MARGIN) was asked for.
    pub fn margin(&self) -> Option<&[f32]> {
        let data = unsafe { sys::segent_result_margin(self.0.get()) };
        self.kept(data, self.pixels())
    }

    fn lowres(&self, function: LogitsOf) -> Option<Lowres<'_>> {
        let (mut height, mut width) = (0, 0);
        let data = unsafe { function(self.0.get(), &mut height, &mut width) };
        let (height, width) = (height as usize, width as usize);
        let values = self.kept(data, self.classes() * height * width)?;
        Some(Lowres {
            values,
            classes: self.classes(),
            height,
            width,
        })
    }

    /// The network's own logits, before interpolation and temperature.
    pub fn lowres_logits(&self) -> Option<Lowres<'_>> {
        self.lowres(sys::segent_result_lowres_logits)
    }

    /// Those of the auxiliary classifier, if the model was made with it.
    pub fn auxiliary_logits(&self) -> Option<Lowres<'_>> {
        self.lowres(sys::segent_result_auxiliary_logits)
    }

    /// The picture as the network saw it: resized, before normalising.
    pub fn input(&self) -> InputImage<'_> {
        let image = unsafe { Handle::own(sys::segent_result_input(self.0.get()) as *mut _) };
        let image = image.expect("a result has its input");
        InputImage {
            image: ManuallyDrop::new(Image(image)),
            result: PhantomData,
        }
    }

    /// Image entropy and its mean.
    pub fn summary(&self) -> Result<EntropySummary> {
        let mut raw = sys::segent_entropy_summary::sized();
        check(unsafe { sys::segent_result_summary(self.0.get(), &mut raw) })?;
        Ok(EntropySummary::from_raw(&raw))
    }

    /// One entry a class.
    pub fn statistics(&self) -> &[ClassStatistics] {
        let mut count = 0;
        // ClassStatistics is transparent.
        unsafe {
            let data = sys::segent_result_statistics(self.0.get(), &mut count);
            borrow(data.cast(), count.max(0) as usize)
        }
    }

    /// Seconds that the stages took.
    pub fn timings(&self) -> Result<Timings> {
        let mut raw = sys::segent_timings::sized();
        check(unsafe { sys::segent_result_timings(self.0.get(), &mut raw) })?;
        Ok(Timings {
            preprocess: raw.preprocess,
            network: raw.network,
            head: raw.head,
        })
    }
}

impl fmt::Debug for Segmentation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (classes, height, width) = (self.classes(), self.height(), self.width());
        write!(
            formatter,
            "Segmentation({classes} classes, {height} x {width})"
        )
    }
}

/// Logits at the network's own resolution, C x h x w.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Lowres<'a> {
    /// The values, dense.
    pub values: &'a [f32],
    /// C
    pub classes: usize,
    /// h
    pub height: usize,
    /// w
    pub width: usize,
}

impl<'a> Lowres<'a> {
    /// A view of them.
    pub fn view(&self) -> Result<Tensor<'a>> {
        Tensor::chw(self.values, self.classes, self.height, self.width)
    }
}

/// A picture that belongs to a result.
pub struct InputImage<'a> {
    image: ManuallyDrop<Image>,
    result: PhantomData<&'a Segmentation>,
}

impl<'a> InputImage<'a> {
    /// H x W x 3 bytes, which live as long as the result.
    pub fn pixels(&self) -> &'a [u8] {
        let count = self.width() * self.height() * 3;
        // SAFETY: dense, and owned by the result.
        unsafe { borrow(sys::segent_image_pixels(self.image.0.get()), count) }
    }
}

impl Deref for InputImage<'_> {
    type Target = Image;

    fn deref(&self) -> &Image {
        &self.image
    }
}

impl fmt::Debug for InputImage<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.image.fmt(formatter)
    }
}
