// SPDX-License-Identifier: BSD-2-Clause
//! Pictures of the crate `image`, read and written where they lie.

use crate::{Error, Image, PixelFormat, Pixels, PixelsMut};
use image::{GrayImage, ImageBuffer, Luma, Rgb, RgbImage, Rgba};
use std::ops::{Deref, DerefMut};

macro_rules! pixels {
    ($($pixel:ident => $format:ident,)*) => {
        $(
            impl<'a, C: Deref<Target = [u8]>> TryFrom<&'a ImageBuffer<$pixel<u8>, C>> for Pixels<'a> {
                type Error = Error;

                fn try_from(image: &'a ImageBuffer<$pixel<u8>, C>) -> Result<Pixels<'a>, Error> {
                    let (width, height) = (image.width() as usize, image.height() as usize);
                    Pixels::new(image.as_raw(), PixelFormat::$format, height, width)
                }
            }

            impl<'a, C> TryFrom<&'a mut ImageBuffer<$pixel<u8>, C>> for PixelsMut<'a>
            where
                C: Deref<Target = [u8]> + DerefMut,
            {
                type Error = Error;

                fn try_from(image: &'a mut ImageBuffer<$pixel<u8>, C>) -> Result<PixelsMut<'a>, Error> {
                    let (width, height) = (image.width() as usize, image.height() as usize);
                    PixelsMut::new(image, PixelFormat::$format, height, width)
                }
            }
        )*
    };
}

pixels! {
    Rgb => Rgb,
    Rgba => Rgba,
    Luma => Grey,
}

fn size_of(width: usize, height: usize) -> Result<(u32, u32), Error> {
    let side = |length| u32::try_from(length).map_err(|_| Error::invalid("a picture is too large"));
    Ok((side(width)?, side(height)?))
}

impl Image {
    /// A copy as a picture of the crate `image`.
    pub fn to_rgb_image(&self) -> Result<RgbImage, Error> {
        let (width, height) = size_of(self.width(), self.height())?;
        RgbImage::from_raw(width, height, self.pixels().to_vec())
            .ok_or_else(|| Error::invalid("a picture is too small for its size"))
    }
}

impl crate::Segmentation {
    /// A copy of the class ids as a grey picture, or None beyond 256 classes.
    pub fn to_gray_image(&self) -> Option<GrayImage> {
        let (width, height) = size_of(self.width(), self.height()).ok()?;
        GrayImage::from_raw(width, height, self.labels().as_u8()?.to_vec())
    }
}
