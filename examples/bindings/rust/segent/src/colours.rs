// SPDX-License-Identifier: BSD-2-Clause
//! Class ids and values to colours. A palette is a slice of red, green and blue; None stands for VOC's.

use crate::error::check;
use crate::words::Colormap;
use crate::{Context, Labels, Map, PixelsMut, Result};
use segent_sys as sys;
use std::ptr;

/// Red, green and blue of each class.
pub type Palette<'a> = Option<&'a [[u8; 3]]>;

/// A palette as the library takes it.
pub(crate) fn raw_palette(palette: Palette<'_>) -> (*const u8, i64) {
    match palette {
        Some(colours) => (colours.as_ptr().cast(), colours.len() as i64),
        None => (ptr::null(), 0),
    }
}

/// The first `count` colours of the VOC palette.
pub fn voc_palette(count: usize) -> Result<Vec<[u8; 3]>> {
    let mut colours = vec![[0; 3]; count];
    // SAFETY: there is room for so many.
    check(unsafe { sys::segent_palette_voc(colours.as_mut_ptr().cast(), count as i64) })?;
    Ok(colours)
}

// SAFETY of all calls below: the context lives; views were checked when they were made.
impl Context {
    /// Class ids to colours, in pixels of the same size. A label beyond the palette is an error.
    pub fn decode_palette(
        &self,
        labels: Labels<'_>,
        palette: Palette<'_>,
        pixels: PixelsMut<'_>,
    ) -> Result<()> {
        let (colours, count) = raw_palette(palette);
        self.call(|context| unsafe {
            sys::segent_palette_decode(context, &labels.raw, colours, count, &pixels.raw)
        })
    }

    /// Values to colours, in pixels of the same size: `low` is the map's first colour, `high` its last.
    pub fn apply_colormap(
        &self,
        values: Map<'_>,
        colormap: Colormap,
        low: f32,
        high: f32,
        pixels: PixelsMut<'_>,
    ) -> Result<()> {
        self.call(|context| unsafe {
            sys::segent_colormap_apply(context, &values.raw, colormap.raw(), low, high, &pixels.raw)
        })
    }
}
