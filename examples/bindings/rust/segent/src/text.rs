// SPDX-License-Identifier: BSD-2-Clause
//! Strings and paths on their way into the library and out of it.

use crate::{Error, Result};
use std::borrow::Cow;
use std::ffi::{CStr, CString};
use std::os::raw::c_char;
use std::path::Path;

pub(crate) fn c_string(text: &str) -> Result<CString> {
    CString::new(text).map_err(|_| Error::invalid(format!("{text:?} has a NUL inside")))
}

#[cfg(unix)]
pub(crate) fn c_path(path: &Path) -> Result<CString> {
    use std::os::unix::ffi::OsStrExt;
    CString::new(path.as_os_str().as_bytes())
        .map_err(|_| Error::invalid(format!("{} has a NUL inside", path.display())))
}

#[cfg(not(unix))]
pub(crate) fn c_path(path: &Path) -> Result<CString> {
    let text = path.to_str();
    c_string(text.ok_or_else(|| Error::invalid(format!("{} is not Unicode", path.display())))?)
}

/// A string of the library's, or None of NULL. What a file says need not be UTF-8: other bytes become U+FFFD.
///
/// # Safety
/// `text` is NULL, or NUL-terminated and unchanged for 'a.
pub(crate) unsafe fn borrowed<'a>(text: *const c_char) -> Option<Cow<'a, str>> {
    if text.is_null() {
        None
    } else {
        Some(CStr::from_ptr(text).to_string_lossy())
    }
}
