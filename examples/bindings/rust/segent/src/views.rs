// SPDX-License-Identifier: BSD-2-Clause
//! Views of the caller's own values and class ids.

use crate::layout::{check, dense, stride_of, Dimension};
use crate::words::LabelType;
use crate::Result;
use segent_sys as sys;
use std::marker::PhantomData;

macro_rules! conversions {
    ($shared:ident, $exclusive:ident) => {
        // SAFETY: they are references to plain numbers.
        unsafe impl Send for $shared<'_> {}
        unsafe impl Sync for $shared<'_> {}
        unsafe impl Send for $exclusive<'_> {}
        unsafe impl Sync for $exclusive<'_> {}

        impl $exclusive<'_> {
            /// The same values, to be read.
            pub fn as_shared(&self) -> $shared<'_> {
                $shared {
                    raw: self.raw,
                    data: PhantomData,
                }
            }

            /// The same values, lent for a while.
            pub fn reborrow(&mut self) -> $exclusive<'_> {
                $exclusive {
                    raw: self.raw,
                    data: PhantomData,
                }
            }
        }
    };
}

/// Sizes and strides of a [`Tensor`], in elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TensorLayout {
    /// Index of value (0, 0, 0) in the slice.
    pub first: usize,
    /// Channels, height, width.
    pub size: [usize; 3],
    /// From one channel, row and column to the next.
    pub strides: [isize; 3],
}

impl TensorLayout {
    /// Dense (C, H, W), as PyTorch holds it.
    pub fn chw(channels: usize, height: usize, width: usize) -> TensorLayout {
        let strides = [stride_of(&[height, width]), stride_of(&[width]), 1];
        TensorLayout {
            first: 0,
            size: [channels, height, width],
            strides,
        }
    }

    /// Dense (H, W, C): channels last.
    pub fn hwc(height: usize, width: usize, channels: usize) -> TensorLayout {
        let strides = [1, stride_of(&[width, channels]), stride_of(&[channels])];
        TensorLayout {
            first: 0,
            size: [channels, height, width],
            strides,
        }
    }

    fn view(self, data: *mut f32, length: usize, apart: bool) -> Result<sys::segent_tensor_view> {
        let dimension = |i: usize| Dimension {
            count: self.size[i],
            stride: self.strides[i],
        };
        check(
            length,
            self.first,
            &[dimension(0), dimension(1), dimension(2)],
            apart,
        )?;
        Ok(sys::segent_tensor_view {
            data: data.wrapping_add(self.first),
            channels: self.size[0] as i64,
            height: self.size[1] as i64,
            width: self.size[2] as i64,
            channel_stride: self.strides[0] as i64,
            row_stride: self.strides[1] as i64,
            column_stride: self.strides[2] as i64,
        })
    }
}

/// C x H x W values that are read: logits, probabilities, or a network's input of three colours.
#[derive(Clone, Copy, Debug)]
pub struct Tensor<'a> {
    pub(crate) raw: sys::segent_tensor_view,
    data: PhantomData<&'a [f32]>,
}

impl<'a> Tensor<'a> {
    /// Dense (C, H, W).
    pub fn chw(
        data: &'a [f32],
        channels: usize,
        height: usize,
        width: usize,
    ) -> Result<Tensor<'a>> {
        dense(data.len(), &[channels, height, width])?;
        Tensor::with_layout(data, TensorLayout::chw(channels, height, width))
    }

    /// Dense (H, W, C).
    pub fn hwc(
        data: &'a [f32],
        height: usize,
        width: usize,
        channels: usize,
    ) -> Result<Tensor<'a>> {
        dense(data.len(), &[height, width, channels])?;
        Tensor::with_layout(data, TensorLayout::hwc(height, width, channels))
    }

    /// Any strides.
    pub fn with_layout(data: &'a [f32], layout: TensorLayout) -> Result<Tensor<'a>> {
        let raw = layout.view(data.as_ptr() as *mut f32, data.len(), false)?;
        Ok(Tensor {
            raw,
            data: PhantomData,
        })
    }

    /// Channels, height, width.
    pub fn size(&self) -> [usize; 3] {
        [
            self.raw.channels as usize,
            self.raw.height as usize,
            self.raw.width as usize,
        ]
    }
}

/// C x H x W values that are written.
#[derive(Debug)]
pub struct TensorMut<'a> {
    pub(crate) raw: sys::segent_tensor_view,
    data: PhantomData<&'a mut [f32]>,
}

impl<'a> TensorMut<'a> {
    /// Dense (C, H, W).
    pub fn chw(
        data: &'a mut [f32],
        channels: usize,
        height: usize,
        width: usize,
    ) -> Result<TensorMut<'a>> {
        dense(data.len(), &[channels, height, width])?;
        TensorMut::with_layout(data, TensorLayout::chw(channels, height, width))
    }

    /// Dense (H, W, C).
    pub fn hwc(
        data: &'a mut [f32],
        height: usize,
        width: usize,
        channels: usize,
    ) -> Result<TensorMut<'a>> {
        dense(data.len(), &[height, width, channels])?;
        TensorMut::with_layout(data, TensorLayout::hwc(height, width, channels))
    }

    /// Any strides that keep the values apart.
    pub fn with_layout(data: &'a mut [f32], layout: TensorLayout) -> Result<TensorMut<'a>> {
        let raw = layout.view(data.as_mut_ptr(), data.len(), true)?;
        Ok(TensorMut {
            raw,
            data: PhantomData,
        })
    }
}

conversions!(Tensor, TensorMut);

/// Sizes and strides of a [`Map`] or of [`Labels`], in elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapLayout {
    /// Index of value (0, 0) in the slice.
    pub first: usize,
    /// Height, width.
    pub size: [usize; 2],
    /// From one row and column to the next.
    pub strides: [isize; 2],
}

impl MapLayout {
    /// Dense rows.
    pub fn dense(height: usize, width: usize) -> MapLayout {
        MapLayout {
            first: 0,
            size: [height, width],
            strides: [stride_of(&[width]), 1],
        }
    }

    fn check(self, length: usize, apart: bool) -> Result<()> {
        let dimension = |i: usize| Dimension {
            count: self.size[i],
            stride: self.strides[i],
        };
        check(length, self.first, &[dimension(0), dimension(1)], apart)
    }

    fn map(self, data: *mut f32, length: usize, apart: bool) -> Result<sys::segent_map_view> {
        self.check(length, apart)?;
        Ok(sys::segent_map_view {
            data: data.wrapping_add(self.first),
            height: self.size[0] as i64,
            width: self.size[1] as i64,
            row_stride: self.strides[0] as i64,
            column_stride: self.strides[1] as i64,
        })
    }

    fn labels<T: Label>(
        self,
        data: *mut T,
        length: usize,
        apart: bool,
    ) -> Result<sys::segent_label_view> {
        self.check(length, apart)?;
        Ok(sys::segent_label_view {
            data: data.wrapping_add(self.first).cast(),
            height: self.size[0] as i64,
            width: self.size[1] as i64,
            row_stride: self.strides[0] as i64,
            column_stride: self.strides[1] as i64,
            type_: T::TYPE.raw(),
            reserved: 0,
        })
    }
}

/// H x W values that are read, one a pixel.
#[derive(Clone, Copy, Debug)]
pub struct Map<'a> {
    pub(crate) raw: sys::segent_map_view,
    data: PhantomData<&'a [f32]>,
}

impl<'a> Map<'a> {
    /// Dense rows.
    pub fn new(data: &'a [f32], height: usize, width: usize) -> Result<Map<'a>> {
        dense(data.len(), &[height, width])?;
        Map::with_layout(data, MapLayout::dense(height, width))
    }

    /// Any strides.
    pub fn with_layout(data: &'a [f32], layout: MapLayout) -> Result<Map<'a>> {
        let raw = layout.map(data.as_ptr() as *mut f32, data.len(), false)?;
        Ok(Map {
            raw,
            data: PhantomData,
        })
    }
}

/// H x W values that are written.
#[derive(Debug)]
pub struct MapMut<'a> {
    pub(crate) raw: sys::segent_map_view,
    data: PhantomData<&'a mut [f32]>,
}

impl<'a> MapMut<'a> {
    /// Dense rows.
    pub fn new(data: &'a mut [f32], height: usize, width: usize) -> Result<MapMut<'a>> {
        dense(data.len(), &[height, width])?;
        MapMut::with_layout(data, MapLayout::dense(height, width))
    }

    /// Any strides that keep the values apart.
    pub fn with_layout(data: &'a mut [f32], layout: MapLayout) -> Result<MapMut<'a>> {
        let raw = layout.map(data.as_mut_ptr(), data.len(), true)?;
        Ok(MapMut {
            raw,
            data: PhantomData,
        })
    }
}

conversions!(Map, MapMut);

mod sealed {
    pub trait Sealed {}
    impl Sealed for u8 {}
    impl Sealed for u16 {}
}

/// The types of class ids: `u8` and `u16`.
pub trait Label: sealed::Sealed + Copy {
    /// What the library calls it.
    const TYPE: LabelType;
}

impl Label for u8 {
    const TYPE: LabelType = LabelType::U8;
}

impl Label for u16 {
    const TYPE: LabelType = LabelType::U16;
}

/// H x W class ids that are read.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    pub(crate) raw: sys::segent_label_view,
    data: PhantomData<&'a [u8]>,
}

impl<'a> Labels<'a> {
    /// Dense rows of `u8` or `u16`.
    pub fn new<T: Label>(data: &'a [T], height: usize, width: usize) -> Result<Labels<'a>> {
        dense(data.len(), &[height, width])?;
        Labels::with_layout(data, MapLayout::dense(height, width))
    }

    /// Any strides.
    pub fn with_layout<T: Label>(data: &'a [T], layout: MapLayout) -> Result<Labels<'a>> {
        let raw = layout.labels(data.as_ptr() as *mut T, data.len(), false)?;
        Ok(Labels {
            raw,
            data: PhantomData,
        })
    }
}

/// H x W class ids that are written.
#[derive(Debug)]
pub struct LabelsMut<'a> {
    pub(crate) raw: sys::segent_label_view,
    data: PhantomData<&'a mut [u8]>,
}

impl<'a> LabelsMut<'a> {
    /// Dense rows of `u8` or `u16`.
    pub fn new<T: Label>(data: &'a mut [T], height: usize, width: usize) -> Result<LabelsMut<'a>> {
        dense(data.len(), &[height, width])?;
        LabelsMut::with_layout(data, MapLayout::dense(height, width))
    }

    /// Any strides that keep the ids apart.
    pub fn with_layout<T: Label>(data: &'a mut [T], layout: MapLayout) -> Result<LabelsMut<'a>> {
        let raw = layout.labels(data.as_mut_ptr(), data.len(), true)?;
        Ok(LabelsMut {
            raw,
            data: PhantomData,
        })
    }
}

conversions!(Labels, LabelsMut);
