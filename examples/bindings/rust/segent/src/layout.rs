// SPDX-License-Identifier: BSD-2-Clause
//! Where the values of a view lie, checked once, when the view is made.
//!
//! The library trusts a view, so nothing gets into one that does not lie in its slice. Views that are written have their
//! values apart from each other, because several threads may write at once. No size is 0, which the library would read
//! as one that is given elsewhere, and no strides are all 0, which it would read as dense.

use crate::{Error, Result};

/// So many values, so far apart.
#[derive(Clone, Copy)]
pub(crate) struct Dimension {
    pub(crate) count: usize,
    pub(crate) stride: isize,
}

/// Whether all values from `first` on lie in `length` elements and, if `apart`, in different ones.
pub(crate) fn check(
    length: usize,
    first: usize,
    dimensions: &[Dimension],
    apart: bool,
) -> Result<()> {
    let (mut low, mut high) = (first as i128, first as i128);
    for dimension in dimensions {
        let steps = match dimension.count {
            0 => return Err(Error::invalid("a view has a size of 0")),
            count if i64::try_from(count).is_err() => {
                return Err(Error::invalid("a view is too large"))
            }
            count => count as i128 - 1,
        };
        let span = steps.saturating_mul(dimension.stride as i128);
        low = low.saturating_add(span.min(0));
        high = high.saturating_add(span.max(0));
    }
    if low < 0 || high >= length as i128 {
        return Err(Error::invalid(format!(
            "a view of elements {low} to {high} of a slice of {length}"
        )));
    }
    let several = dimensions.iter().any(|dimension| dimension.count > 1);
    if several && dimensions.iter().all(|dimension| dimension.stride == 0) {
        return Err(Error::invalid(
            "a view of several values has strides of 0 only",
        ));
    }
    if apart && !are_apart(dimensions) {
        return Err(Error::invalid(
            "a view to be written has values that overlap",
        ));
    }
    Ok(())
}

/// Each stride steps over all that the smaller ones reach.
fn are_apart(dimensions: &[Dimension]) -> bool {
    let mut used: Vec<Dimension> = dimensions.iter().copied().filter(|d| d.count > 1).collect();
    used.sort_by_key(|dimension| dimension.stride.unsigned_abs());
    let mut reach = 0u128;
    for dimension in used {
        let stride = dimension.stride.unsigned_abs() as u128;
        if stride <= reach {
            return false;
        }
        reach += stride * (dimension.count as u128 - 1);
    }
    true
}

/// Whether a dense view is all of its slice.
pub(crate) fn dense(length: usize, sizes: &[usize]) -> Result<()> {
    let count = sizes
        .iter()
        .try_fold(1usize, |product, size| product.checked_mul(*size));
    match count {
        Some(count) if count == length => Ok(()),
        _ => Err(Error::invalid(format!(
            "a slice of {length} elements for a size of {sizes:?}"
        ))),
    }
}

/// The stride over rows, or rows and channels, of dense values. One that does not fit lies in no slice.
pub(crate) fn stride_of(sizes: &[usize]) -> isize {
    let product = sizes
        .iter()
        .fold(1usize, |product, size| product.saturating_mul(*size));
    isize::try_from(product).unwrap_or(isize::MAX)
}
