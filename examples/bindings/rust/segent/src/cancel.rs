// SPDX-License-Identifier: BSD-2-Clause
//! The flag that ends runs, and the reading of files, from another thread.

use crate::handle::Handle;
use crate::{Context, Result};
use segent_sys as sys;
use std::sync::Arc;

/// A flag that ends the runs and the readings of models and pictures that were given it, within 50 ms, from any thread. Clones
/// are the same flag; it stays set until it is reset.
#[derive(Clone, Debug)]
pub struct Cancel(Arc<Handle<sys::segent_cancel>>);

impl Cancel {
    /// A flag that is not set, for calls of any context.
    pub fn new(context: &Context) -> Result<Cancel> {
        // SAFETY: the context lives, and the flag is the caller's.
        let made =
            unsafe { context.make(|context, cancel| sys::segent_cancel_create(context, cancel)) };
        made.map(|handle| Cancel(Arc::new(handle)))
    }

    /// Ends calls that have the flag, and those that begin with it.
    pub fn set(&self) {
        // SAFETY: the flag lives, and is atomic.
        unsafe { sys::segent_cancel_set(self.0.get_mut()) }
    }

    /// Lets calls with the flag begin again.
    pub fn reset(&self) {
        // SAFETY: the flag lives, and is atomic.
        unsafe { sys::segent_cancel_reset(self.0.get_mut()) }
    }

    /// Whether it is set.
    pub fn is_set(&self) -> bool {
        // SAFETY: the flag lives, and is atomic.
        unsafe { sys::segent_cancel_is_set(self.0.get()) != 0 }
    }

    pub(crate) fn raw(&self) -> *const sys::segent_cancel {
        self.0.get()
    }
}
