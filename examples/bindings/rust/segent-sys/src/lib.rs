// SPDX-License-Identifier: BSD-2-Clause
//! The C interface of libsegent: what `segent/api.h` declares, as bindgen reads it.
//!
//! Programs use the crate `segent`, which is safe; this one is for what that one leaves out. The header is the manual:
//! its comments stand beside the declarations here. Every rule in it holds: who owns what, which thread may call what,
//! and that structs begin with their size.
//!
//! ```
//! let mut context = std::ptr::null_mut();
//! let status = unsafe { segent_sys::segent_context_create(std::ptr::null(), &mut context) };
//! assert_eq!(status, segent_sys::SEGENT_OK);
//! unsafe { segent_sys::segent_context_destroy(context) };
//! ```

#![allow(non_camel_case_types)]

// The comment of an enumeration without a typedef ends up before the block that follows.
#[allow(unused_doc_comments)]
mod bindings;
pub use bindings::*;
