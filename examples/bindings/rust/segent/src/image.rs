// SPDX-License-Identifier: BSD-2-Clause
//! Pictures and files.

use crate::colours::{raw_palette, Palette};
use crate::context::WithSize;
use crate::error::check;
use crate::handle::Handle;
use crate::text::c_path;
use crate::words::{LabelType, Orientation};
use crate::{Cancel, Context, Error, Labels, Map, Pixels, Result, Tensor};
use segent_sys as sys;
use std::fmt;
use std::ops::Deref;
use std::path::Path;
use std::slice;

/// Options of reading a picture.
#[derive(Clone, Debug, Default)]
pub struct ImageOptions {
    orientation: Option<Orientation>,
    background: i32,
    scan_limit: i32,
    pixel_limit: i64,
    cancel: Option<Cancel>,
}

impl ImageOptions {
    /// The defaults: upright, transparency dropped, the usual limits.
    pub fn new() -> ImageOptions {
        ImageOptions::default()
    }

    /// Which way up.
    pub fn orientation(mut self, orientation: Orientation) -> ImageOptions {
        self.orientation = Some(orientation);
        self
    }

    /// Composes the picture over a colour (red, green, blue) in the place of dropping its transparency.
    pub fn background(mut self, colour: [u8; 3]) -> ImageOptions {
        let number = colour
            .iter()
            .fold(0, |number, sample| number << 8 | i32::from(*sample));
        self.background = if number == 0 {
            sys::SEGENT_BACKGROUND_BLACK as i32
        } else {
            number
        };
        self
    }

    /// Most scans of a JPEG file. Without it, or with 0: 100.
    pub fn scan_limit(mut self, scans: u32) -> ImageOptions {
        self.scan_limit = i32::try_from(scans).unwrap_or(i32::MAX);
        self
    }

    /// Most pixels of a picture. Without it, or with 0: 178,956,970.
    pub fn pixel_limit(mut self, pixels: u64) -> ImageOptions {
        self.pixel_limit = i64::try_from(pixels).unwrap_or(i64::MAX);
        self
    }

    /// A flag that ends the reading from another thread.
    pub fn cancel(mut self, cancel: &Cancel) -> ImageOptions {
        self.cancel = Some(cancel.clone());
        self
    }

    /// The options as the library takes them, for as long as these live.
    fn raw(&self) -> sys::segent_image_options {
        let mut raw = sys::segent_image_options::sized();
        if let Some(orientation) = self.orientation {
            raw.orient = orientation.raw();
        }
        raw.background = self.background;
        raw.scan_limit = self.scan_limit;
        raw.pixel_limit = self.pixel_limit;
        if let Some(cancel) = &self.cancel {
            raw.cancel = cancel.raw();
        }
        raw
    }
}

/// A picture of 8-bit RGB pixels. It does not change, so threads may share it.
pub struct Image(pub(crate) Handle<sys::segent_image>);

impl Image {
    /// Pixels of a row.
    pub fn width(&self) -> usize {
        // SAFETY: the picture lives.
        unsafe { sys::segent_image_width(self.0.get()) as usize }
    }

    /// Rows.
    pub fn height(&self) -> usize {
        // SAFETY: the picture lives.
        unsafe { sys::segent_image_height(self.0.get()) as usize }
    }

    /// H x W x 3 bytes: red, green, blue.
    pub fn pixels(&self) -> &[u8] {
        // SAFETY: dense, and owned by the picture.
        unsafe {
            borrow(
                sys::segent_image_pixels(self.0.get()),
                self.width() * self.height() * 3,
            )
        }
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Image({} x {})", self.width(), self.height())
    }
}

/// Class ids that were read from a file.
#[derive(Debug)]
pub struct LabelImage(Handle<sys::segent_labels>);

impl LabelImage {
    /// Pixels of a row.
    pub fn width(&self) -> usize {
        // SAFETY: the labels live.
        unsafe { sys::segent_labels_width(self.0.get()) as usize }
    }

    /// Rows.
    pub fn height(&self) -> usize {
        // SAFETY: the labels live.
        unsafe { sys::segent_labels_height(self.0.get()) as usize }
    }

    /// The ids.
    pub fn ids(&self) -> Ids<'_> {
        // SAFETY: dense, of the type that the library says, and owned by the labels.
        unsafe {
            let data = sys::segent_labels_data(self.0.get());
            Ids::borrow(
                data,
                sys::segent_labels_type(self.0.get()),
                self.width() * self.height(),
            )
        }
    }
}

/// Class ids that the library holds: `u8` up to 256 classes, `u16` beyond. Dense rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ids<'a> {
    /// Up to 256 classes.
    U8(&'a [u8]),
    /// Up to 65,536 classes.
    U16(&'a [u16]),
}

impl<'a> Ids<'a> {
    /// # Safety
    /// `data` are so many ids of the type, unchanged for 'a.
    pub(crate) unsafe fn borrow(
        data: *const std::os::raw::c_void,
        kind: sys::segent_label_type,
        count: usize,
    ) -> Ids<'a> {
        match LabelType::from_raw(kind) {
            Some(LabelType::U16) => Ids::U16(borrow(data.cast(), count)),
            _ => Ids::U8(borrow(data.cast(), count)),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Ids::U8(ids) => ids.len(),
            Ids::U16(ids) => ids.len(),
        }
    }

    /// Never: there is at least one pixel.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The i-th one, row by row.
    pub fn get(&self, i: usize) -> Option<usize> {
        match self {
            Ids::U8(ids) => ids.get(i).map(|id| usize::from(*id)),
            Ids::U16(ids) => ids.get(i).map(|id| usize::from(*id)),
        }
    }

    /// The bytes, if it is these.
    pub fn as_u8(&self) -> Option<&'a [u8]> {
        match self {
            Ids::U8(ids) => Some(ids),
            Ids::U16(_) => None,
        }
    }

    /// A view of them.
    pub fn view(&self, height: usize, width: usize) -> Result<Labels<'a>> {
        match self {
            Ids::U8(ids) => Labels::new(ids, height, width),
            Ids::U16(ids) => Labels::new(ids, height, width),
        }
    }
}

/// A slice of the library's; empty of NULL.
///
/// # Safety
/// `data` is NULL, or so many values that do not change for 'a.
pub(crate) unsafe fn borrow<'a, T>(data: *const T, count: usize) -> &'a [T] {
    if data.is_null() {
        &[]
    } else {
        slice::from_raw_parts(data, count)
    }
}

/// Bytes that the library made.
#[derive(Debug)]
pub struct Buffer(Handle<sys::segent_buffer>);

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: owned by the buffer, which lives.
        unsafe {
            borrow(
                sys::segent_buffer_data(self.0.get()).cast(),
                sys::segent_buffer_size(self.0.get()),
            )
        }
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

/// Width and height of a picture whose shorter side becomes `size`, as torchvision's Resize computes them.
pub fn fit(width: usize, height: usize, size: usize) -> Result<(usize, usize)> {
    let (mut fitted_width, mut fitted_height) = (0, 0);
    let (width, height, size) = (to_i32(width)?, to_i32(height)?, to_i32(size)?);
    // SAFETY: both places are there.
    check(unsafe {
        sys::segent_image_fit(width, height, size, &mut fitted_width, &mut fitted_height)
    })?;
    Ok((fitted_width as usize, fitted_height as usize))
}

pub(crate) fn to_i32(number: usize) -> Result<i32> {
    i32::try_from(number).map_err(|_| Error::invalid(format!("{number} is too large")))
}

// SAFETY of all calls below: the context lives; paths end with NUL; views were checked when they were made; functions
// that make an object leave it to the caller.
impl Context {
    /// Reads a JPEG or PNG file.
    pub fn load_image(&self, path: impl AsRef<Path>) -> Result<Image> {
        self.load_image_with(path, &ImageOptions::new())
    }

    /// Reads a JPEG or PNG file.
    pub fn load_image_with(&self, path: impl AsRef<Path>, options: &ImageOptions) -> Result<Image> {
        let path = c_path(path.as_ref())?;
        let make = |context, image| unsafe {
            sys::segent_image_load(context, path.as_ptr(), &options.raw(), image)
        };
        unsafe { self.make(make) }.map(Image)
    }

    /// The same from bytes of such a file.
    pub fn load_image_memory(&self, data: &[u8], options: &ImageOptions) -> Result<Image> {
        let make = |context, image| unsafe {
            sys::segent_image_load_memory(
                context,
                data.as_ptr().cast(),
                data.len(),
                &options.raw(),
                image,
            )
        };
        unsafe { self.make(make) }.map(Image)
    }

    /// A picture with a copy of these pixels. [`Context::run_into`] takes pixels without one.
    pub fn image_from_pixels(&self, pixels: Pixels<'_>) -> Result<Image> {
        let make =
            |context, image| unsafe { sys::segent_image_from_pixels(context, &pixels.raw, image) };
        unsafe { self.make(make) }.map(Image)
    }

    /// A new picture of another size, resampled as Pillow's BILINEAR does.
    pub fn resize_image(&self, image: &Image, width: usize, height: usize) -> Result<Image> {
        let (width, height) = (to_i32(width)?, to_i32(height)?);
        let make = |context, resized| unsafe {
            sys::segent_image_resize(context, image.0.get(), width, height, resized)
        };
        unsafe { self.make(make) }.map(Image)
    }

    /// Writes an RGB PNG file, whole or not at all.
    pub fn save_image(&self, image: &Image, path: impl AsRef<Path>) -> Result<()> {
        let path = c_path(path.as_ref())?;
        self.call(|context| unsafe {
            sys::segent_image_save_png(context, image.0.get(), path.as_ptr())
        })
    }

    /// The bytes of such a file.
    pub fn encode_image(&self, image: &Image) -> Result<Buffer> {
        let make =
            |context, png| unsafe { sys::segent_image_encode_png(context, image.0.get(), png) };
        unsafe { self.make(make) }.map(Buffer)
    }

    /// Writes class ids as a PNG file: palette-indexed for `u8`, 16-bit grey for `u16`.
    pub fn save_labels(
        &self,
        labels: Labels<'_>,
        palette: Palette<'_>,
        path: impl AsRef<Path>,
    ) -> Result<()> {
        let path = c_path(path.as_ref())?;
        let (colours, count) = raw_palette(palette);
        self.call(|context| unsafe {
            sys::segent_labels_save_png(context, &labels.raw, colours, count, path.as_ptr())
        })
    }

    /// The bytes of such a file.
    pub fn encode_labels(&self, labels: Labels<'_>, palette: Palette<'_>) -> Result<Buffer> {
        let (colours, count) = raw_palette(palette);
        let make = |context, png| unsafe {
            sys::segent_labels_encode_png(context, &labels.raw, colours, count, png)
        };
        unsafe { self.make(make) }.map(Buffer)
    }

    /// Reads class ids back from a PNG file.
    pub fn load_labels(
        &self,
        path: impl AsRef<Path>,
        options: &ImageOptions,
    ) -> Result<LabelImage> {
        let path = c_path(path.as_ref())?;
        let make = |context, labels| unsafe {
            sys::segent_labels_load_png(context, path.as_ptr(), &options.raw(), labels)
        };
        unsafe { self.make(make) }.map(LabelImage)
    }

    /// The same from bytes of such a file.
    pub fn load_labels_memory(&self, data: &[u8], options: &ImageOptions) -> Result<LabelImage> {
        let make = |context, labels| unsafe {
            sys::segent_labels_load_png_memory(
                context,
                data.as_ptr().cast(),
                data.len(),
                &options.raw(),
                labels,
            )
        };
        unsafe { self.make(make) }.map(LabelImage)
    }

    /// Writes a NumPy file of shape (H, W).
    pub fn save_map(&self, map: Map<'_>, path: impl AsRef<Path>) -> Result<()> {
        let path = c_path(path.as_ref())?;
        self.call(|context| unsafe { sys::segent_map_save_npy(context, &map.raw, path.as_ptr()) })
    }

    /// Writes a NumPy file of shape (C, H, W).
    pub fn save_tensor(&self, tensor: Tensor<'_>, path: impl AsRef<Path>) -> Result<()> {
        let path = c_path(path.as_ref())?;
        self.call(|context| unsafe {
            sys::segent_tensor_save_npy(context, &tensor.raw, path.as_ptr())
        })
    }
}
