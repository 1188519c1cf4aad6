// SPDX-License-Identifier: BSD-2-Clause
//! Views of the caller's own pixels.

use crate::layout::{check, Dimension};
use crate::words::PixelFormat;
use crate::{Error, Result};
use segent_sys as sys;
use std::marker::PhantomData;

impl PixelFormat {
    /// Bytes of a pixel.
    pub fn samples(self) -> usize {
        match self {
            PixelFormat::Rgb | PixelFormat::Bgr => 3,
            PixelFormat::Rgba | PixelFormat::Bgra => 4,
            PixelFormat::Grey => 1,
        }
    }
}

/// Sizes and stride of [`Pixels`], in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelLayout {
    /// Order of a pixel's samples.
    pub format: PixelFormat,
    /// Index of the top left pixel's first sample in the slice.
    pub first: usize,
    /// Height, width.
    pub size: [usize; 2],
    /// From one row to the next; negative where rows stand bottom-up.
    pub row_stride: isize,
}

impl PixelLayout {
    /// Dense rows.
    pub fn dense(format: PixelFormat, height: usize, width: usize) -> PixelLayout {
        let row_stride =
            isize::try_from(width.saturating_mul(format.samples())).unwrap_or(isize::MAX);
        PixelLayout {
            format,
            first: 0,
            size: [height, width],
            row_stride,
        }
    }

    fn view(self, data: *mut u8, length: usize) -> Result<sys::segent_pixel_view> {
        let [height, width] = self.size;
        let row = width
            .checked_mul(self.format.samples())
            .ok_or_else(|| Error::invalid("a view is too large"))?;
        let rows = Dimension {
            count: height,
            stride: self.row_stride,
        };
        let samples = Dimension {
            count: row,
            stride: 1,
        };
        // Rows that overlap are meant by nobody, and a stride of 0 would stand for dense rows.
        check(length, self.first, &[rows, samples], true)?;
        Ok(sys::segent_pixel_view {
            data: data.wrapping_add(self.first),
            height: height as i64,
            width: width as i64,
            row_stride: if height > 1 {
                self.row_stride as i64
            } else {
                0
            },
            format: self.format.raw(),
            reserved: 0,
        })
    }
}

/// H x W pixels that are read.
#[derive(Clone, Copy, Debug)]
pub struct Pixels<'a> {
    pub(crate) raw: sys::segent_pixel_view,
    data: PhantomData<&'a [u8]>,
}

impl<'a> Pixels<'a> {
    /// Dense rows.
    pub fn new(
        data: &'a [u8],
        format: PixelFormat,
        height: usize,
        width: usize,
    ) -> Result<Pixels<'a>> {
        Pixels::with_layout(data, PixelLayout::dense(format, height, width))
    }

    /// Any stride.
    pub fn with_layout(data: &'a [u8], layout: PixelLayout) -> Result<Pixels<'a>> {
        let raw = layout.view(data.as_ptr() as *mut u8, data.len())?;
        Ok(Pixels {
            raw,
            data: PhantomData,
        })
    }

    /// Height, width.
    pub fn size(&self) -> [usize; 2] {
        [self.raw.height as usize, self.raw.width as usize]
    }
}

/// H x W pixels that are written.
#[derive(Debug)]
pub struct PixelsMut<'a> {
    pub(crate) raw: sys::segent_pixel_view,
    data: PhantomData<&'a mut [u8]>,
}

impl<'a> PixelsMut<'a> {
    /// Dense rows.
    pub fn new(
        data: &'a mut [u8],
        format: PixelFormat,
        height: usize,
        width: usize,
    ) -> Result<PixelsMut<'a>> {
        PixelsMut::with_layout(data, PixelLayout::dense(format, height, width))
    }

    /// Any stride.
    pub fn with_layout(data: &'a mut [u8], layout: PixelLayout) -> Result<PixelsMut<'a>> {
        let raw = layout.view(data.as_mut_ptr(), data.len())?;
        Ok(PixelsMut {
            raw,
            data: PhantomData,
        })
    }
}

// SAFETY: they are references to plain numbers.
unsafe impl Send for Pixels<'_> {}
unsafe impl Sync for Pixels<'_> {}
unsafe impl Send for PixelsMut<'_> {}
unsafe impl Sync for PixelsMut<'_> {}
