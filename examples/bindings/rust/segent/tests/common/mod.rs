// SPDX-License-Identifier: BSD-2-Clause
//! The demonstration's model and pictures, in $SEGENT_DEMO or where the source tree has them.

#![allow(dead_code)]

use segent::{Context, ContextOptions, Image, Model};
use std::path::PathBuf;

pub fn demo(name: &str) -> PathBuf {
    let tree = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../demo");
    let folder = std::env::var_os("SEGENT_DEMO").map_or_else(|| PathBuf::from(tree), PathBuf::from);
    folder.join(name)
}

pub const MODEL: &str = "segent-demo.safetensors";
pub const PICTURE: &str = "pictures/easy-boats.jpg";

pub fn load() -> (Context, Model, Image) {
    load_with(ContextOptions::new())
}

pub fn load_with(options: ContextOptions) -> (Context, Model, Image) {
    let context = Context::with(options).unwrap();
    let model = context.load_model(demo(MODEL)).unwrap();
    let image = context.load_image(demo(PICTURE)).unwrap();
    (context, model, image)
}
