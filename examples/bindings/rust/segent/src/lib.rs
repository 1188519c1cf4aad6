// SPDX-License-Identifier: BSD-2-Clause
//! Semantic segmentation with its uncertainty: a picture goes in; class labels, an entropy of every pixel and one entropy
//! number come out.
//!
//! ```no_run
//! let context = segent::Context::new()?;
//! let model = context.load_model("model.pth")?;
//! let image = context.load_image("picture.jpg")?;
//! let result = context.run(&model, &image, &segent::RunOptions::new())?;
//! println!("{}", result.summary()?.mean);
//! let labels = result.labels().as_u8().unwrap(); // H x W, no copy
//! let entropy = result.entropy(); // H x W, 0 to 1
//! # Ok::<(), segent::Error>(())
//! ```
//!
//! - A [`Context`] has threads and working memory; one thread at a time uses it. [`Model`], [`Image`] and
//!   [`Segmentation`] do not change, and threads share them.
//! - Functions on the caller's own buffers take views of slices, [`Tensor`], [`Map`], [`Labels`], [`Pixels`], whose sizes
//!   and strides are checked when they are made. Nothing is copied.
//! - Every failure is an [`Error`]: a [`Status`] and a sentence.
//! - A panic in a function that the library calls goes on in the function that called the library.
//!
//! The library is found by pkg-config; its header is the manual of what all of it means.

#![warn(missing_docs)]

mod callbacks;
mod cancel;
mod checkpoint;
mod colours;
mod context;
mod error;
mod handle;
mod image;
#[cfg(feature = "image")]
mod image_crate;
mod layout;
mod model;
mod pixels;
mod result;
mod run;
mod text;
mod uncertainty;
mod views;
mod words;

pub use crate::cancel::Cancel;
pub use crate::checkpoint::{Checkpoint, TensorInfo};
pub use crate::colours::{voc_palette, Palette};
pub use crate::context::{Context, ContextOptions, CpuInfo};
pub use crate::error::{Error, Result, Status};
pub use crate::image::{fit, Buffer, Ids, Image, ImageOptions, LabelImage};
pub use crate::model::{Model, ModelDetails, ModelOptions};
pub use crate::pixels::{PixelLayout, Pixels, PixelsMut};
pub use crate::result::{InputImage, Lowres, Segmentation, Timings};
pub use crate::run::{Input, RunOptions};
pub use crate::uncertainty::{
    ClassStatistics, EntropyOptions, EntropySummary, Maps, UncertaintyOptions,
};
pub use crate::views::{
    Label, Labels, LabelsMut, Map, MapLayout, MapMut, Tensor, TensorLayout, TensorMut,
};
pub use crate::words::{
    Colormap, Container, Cpu, Dtype, Engine, Keep, LabelType, LogLevel, Orientation, OutputSize,
    PixelFormat, Precision, Source, Unit,
};

/// Version of the library that was linked.
pub fn version() -> &'static str {
    // SAFETY: the string is static.
    unsafe { error::static_text(segent_sys::segent_version()) }
}

/// Whether this build of the library has a feature: "png", "jpeg", "zlib", "simd", "blas".
pub fn supports(feature: &str) -> bool {
    match text::c_string(feature) {
        // SAFETY: the string ends with NUL.
        Ok(feature) => unsafe { segent_sys::segent_supports(feature.as_ptr()) != 0 },
        Err(_) => false,
    }
}
