// SPDX-License-Identifier: BSD-2-Clause
//! A picture through a network.

use crate::callbacks::{on_progress, Caught, Progress, ProgressFn};
use crate::context::WithSize;
use crate::image::to_i32;
use crate::uncertainty::EntropySummary;
use crate::words::{Engine, Keep, OutputSize, Precision};
use crate::{Cancel, Context, Image, Maps, Model, Pixels, Result, Segmentation, Tensor, TensorMut};
use segent_sys as sys;
use std::cell::RefCell;
use std::fmt;
use std::ops::ControlFlow;
use std::os::raw::c_void;

/// Options of a run.
pub struct RunOptions<'f> {
    raw: sys::segent_run_options,
    progress: Option<RefCell<ProgressFn<'f>>>,
    cancel: Option<Cancel>,
}

impl Default for RunOptions<'_> {
    /// The model's own size and temperature, the fast engine, outputs of the network's size, no limit.
    fn default() -> Self {
        RunOptions {
            raw: sys::segent_run_options::sized(),
            progress: None,
            cancel: None,
        }
    }
}

impl<'f> RunOptions<'f> {
    /// The defaults.
    pub fn new() -> RunOptions<'f> {
        RunOptions::default()
    }

    /// Shorter side at the network.
    pub fn size(mut self, pixels: usize) -> RunOptions<'f> {
        // 0 would mean the default; -2 is refused by the library, with a sentence.
        self.raw.size = if pixels == 0 {
            -2
        } else {
            i32::try_from(pixels).unwrap_or(i32::MAX)
        };
        self
    }

    /// The picture keeps its own size.
    pub fn own_size(mut self) -> RunOptions<'f> {
        self.raw.size = sys::SEGENT_SIZE_OWN;
        self
    }

    /// Size of the outputs.
    pub fn output_size(mut self, size: OutputSize) -> RunOptions<'f> {
        self.raw.output_size = size.raw();
        self
    }

    /// How convolutions are done.
    pub fn engine(mut self, engine: Engine) -> RunOptions<'f> {
        self.raw.engine = engine.raw();
        self
    }

    /// The model's. [`Precision::F32`], the default, leaves it to the model; any other that is not the model's is an error.
    pub fn precision(mut self, precision: Precision) -> RunOptions<'f> {
        self.raw.precision = precision.raw();
        self
    }

    /// What logits are divided by.
    pub fn temperature(mut self, temperature: f32) -> RunOptions<'f> {
        self.raw.temperature = temperature;
        self
    }

    /// What the result of [`Context::run`] has beside labels, entropy and sums.
    pub fn keep(mut self, keep: Keep) -> RunOptions<'f> {
        self.raw.keep = keep.0;
        self
    }

    /// Most bytes of working memory. Without it, or with 0: no limit.
    pub fn workspace_limit(mut self, bytes: u64) -> RunOptions<'f> {
        self.raw.workspace_limit = i64::try_from(bytes).unwrap_or(i64::MAX);
        self
    }

    /// Is told the share of the work that is done, 0 to 1, on the thread of the run; Break cancels it.
    pub fn progress(mut self, progress: impl FnMut(f64) -> ControlFlow<()> + 'f) -> RunOptions<'f> {
        self.progress = Some(RefCell::new(Box::new(progress)));
        self
    }

    /// A flag that cancels the run from another thread.
    pub fn cancel(mut self, cancel: &Cancel) -> RunOptions<'f> {
        self.cancel = Some(cancel.clone());
        self
    }

    /// Calls `function` with the options as the library takes them. A panic of the progress function goes on from here.
    fn with_raw<T>(&self, function: impl FnOnce(*const sys::segent_run_options) -> T) -> T {
        let progress = self.progress.as_ref();
        let progress = progress.map(|function| Progress {
            function,
            caught: Caught::default(),
        });
        let mut raw = self.raw;
        if let Some(progress) = &progress {
            raw.progress = Some(on_progress);
            raw.progress_user = progress as *const Progress<'_, '_> as *mut c_void;
        }
        if let Some(cancel) = &self.cancel {
            raw.cancel = cancel.raw();
        }
        let result = function(&raw);
        if let Some(progress) = progress {
            progress.caught.resume();
        }
        result
    }
}

impl fmt::Debug for RunOptions<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RunOptions").finish_non_exhaustive()
    }
}

/// What a network is given.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Input<'a> {
    /// A picture.
    Image(&'a Image),
    /// The caller's pixels, read where they lie, resized and normalised as a picture is.
    Pixels(Pixels<'a>),
    /// A picture that is already resized and normalised; it needs [`RunOptions::own_size`] or no size.
    Tensor(Tensor<'a>),
}

impl<'a> From<&'a Image> for Input<'a> {
    fn from(image: &'a Image) -> Input<'a> {
        Input::Image(image)
    }
}

impl<'a> From<Pixels<'a>> for Input<'a> {
    fn from(pixels: Pixels<'a>) -> Input<'a> {
        Input::Pixels(pixels)
    }
}

impl<'a> From<Tensor<'a>> for Input<'a> {
    fn from(tensor: Tensor<'a>) -> Input<'a> {
        Input::Tensor(tensor)
    }
}

impl Input<'_> {
    fn raw(&self) -> sys::segent_input {
        let mut raw = sys::segent_input::sized();
        match self {
            Input::Image(image) => raw.image = image.0.get(),
            Input::Pixels(pixels) => raw.pixels = pixels.raw,
            Input::Tensor(tensor) => raw.tensor = tensor.raw,
        }
        raw
    }
}

// SAFETY of all calls below: context, model and picture live; views were checked when they were made and are borrowed
// until the call returns; the progress function and the flag live until then.
impl Context {
    /// Resizes, normalises, runs the network, and derives labels, entropy map and sums.
    pub fn run(
        &self,
        model: &Model,
        image: &Image,
        options: &RunOptions<'_>,
    ) -> Result<Segmentation> {
        options.with_raw(|options| {
            let make = |context, result| unsafe {
                sys::segent_run(context, model.0.get(), image.0.get(), options, result)
            };
            unsafe { self.make(make) }.map(Segmentation)
        })
    }

    /// As `run`, with the results in the caller's buffers, whose size is that of the outputs: the input's, or what
    /// [`fit`](crate::fit) makes of it. After the first input of a size, nothing is allocated in the library.
    pub fn run_into<'a>(
        &self,
        model: &Model,
        input: impl Into<Input<'a>>,
        options: &RunOptions<'_>,
        mut maps: Maps<'_>,
    ) -> Result<EntropySummary> {
        let input = input.into();
        let (raw_input, raw_maps) = (input.raw(), maps.raw());
        let mut summary = sys::segent_entropy_summary::sized();
        options.with_raw(|options| {
            self.call(|context| unsafe {
                sys::segent_run_into(
                    context,
                    model.0.get(),
                    &raw_input,
                    options,
                    &raw_maps,
                    &mut summary,
                )
            })
        })?;
        Ok(EntropySummary::from_raw(&summary))
    }

    /// The network alone: its logits, a value for output_stride x output_stride pixels, rounded up.
    pub fn model_logits<'a>(
        &self,
        model: &Model,
        input: impl Into<Input<'a>>,
        options: &RunOptions<'_>,
        logits: TensorMut<'_>,
    ) -> Result<()> {
        let input = input.into();
        let raw_input = input.raw();
        options.with_raw(|options| {
            self.call(|context| unsafe {
                sys::segent_model_logits(context, model.0.get(), &raw_input, options, &logits.raw)
            })
        })
    }

    /// Bytes of working memory that a run at this network size takes.
    pub fn model_memory(
        &self,
        model: &Model,
        width: usize,
        height: usize,
        options: &RunOptions<'_>,
    ) -> Result<u64> {
        let (width, height) = (to_i32(width)?, to_i32(height)?);
        let mut bytes = 0;
        options.with_raw(|options| {
            self.call(|context| unsafe {
                sys::segent_model_memory(context, model.0.get(), width, height, options, &mut bytes)
            })
        })?;
        Ok(bytes as u64)
    }
}
