// SPDX-License-Identifier: BSD-2-Clause
//! The crate `image`'s pictures as inputs and outputs.
#![cfg(feature = "image")]

mod common;

use common::load;
use image::{DynamicImage, GrayImage, RgbImage, RgbaImage};
use segent::*;

#[test]
fn pictures_of_every_kind_are_read_where_they_lie() {
    let (context, model, image) = load();
    let rgb = image.to_rgb_image().unwrap();
    assert_eq!(
        rgb.dimensions(),
        (image.width() as u32, image.height() as u32)
    );
    let rgba: RgbaImage = DynamicImage::ImageRgb8(rgb.clone()).to_rgba8();
    let options = RunOptions::new().size(64);
    let expected = context.run(&model, &image, &options).unwrap();
    let (height, width) = (expected.height(), expected.width());
    for pixels in [
        Pixels::try_from(&rgb).unwrap(),
        Pixels::try_from(&rgba).unwrap(),
    ] {
        let mut entropy = vec![0.0; height * width];
        let maps =
            Maps::new(height, width).entropy(MapMut::new(&mut entropy, height, width).unwrap());
        context.run_into(&model, pixels, &options, maps).unwrap();
        assert_eq!(entropy, expected.entropy());
    }
    assert_eq!(
        expected.to_gray_image().unwrap().as_raw(),
        expected.labels().as_u8().unwrap()
    );
}

#[test]
fn colours_are_written_into_pictures() {
    let context = Context::new().unwrap();
    let grey = GrayImage::from_raw(2, 1, vec![0, 255]).unwrap();
    let picture = context
        .image_from_pixels(Pixels::try_from(&grey).unwrap())
        .unwrap();
    assert_eq!(picture.pixels(), [0, 0, 0, 255, 255, 255]);
    let mut colours = RgbImage::new(2, 1);
    let labels = Labels::new(&[1u8, 0], 1, 2).unwrap();
    context
        .decode_palette(labels, None, PixelsMut::try_from(&mut colours).unwrap())
        .unwrap();
    assert_eq!(colours.as_raw()[..], [128, 0, 0, 0, 0, 0]);
    assert!(Pixels::try_from(&RgbImage::new(0, 5)).is_err());
}
