// SPDX-License-Identifier: BSD-2-Clause
//! Ownership of the library's opaque objects.

use segent_sys as sys;
use std::ptr::NonNull;

/// A type of the library's whose objects do not change once they are made.
///
/// # Safety
/// `destroy` frees an object, and any thread may read it, at the same time as others, and destroy it.
pub(crate) unsafe trait Object {
    unsafe fn destroy(object: *mut Self);
}

macro_rules! objects {
    ($($object:ident => $destroy:ident,)*) => {
        $(
            // SAFETY: the header's paragraph on thread-safety; the cancel flag is atomic.
            unsafe impl Object for sys::$object {
                unsafe fn destroy(object: *mut Self) {
                    sys::$destroy(object)
                }
            }
        )*
    };
}

objects! {
    segent_model => segent_model_destroy,
    segent_image => segent_image_destroy,
    segent_result => segent_result_destroy,
    segent_labels => segent_labels_destroy,
    segent_checkpoint => segent_checkpoint_destroy,
    segent_buffer => segent_buffer_destroy,
    segent_cancel => segent_cancel_destroy,
}

/// The owner of an object.
#[derive(Debug)]
pub(crate) struct Handle<T: Object>(NonNull<T>);

// SAFETY: Object says so.
unsafe impl<T: Object> Send for Handle<T> {}
unsafe impl<T: Object> Sync for Handle<T> {}

impl<T: Object> Handle<T> {
    /// None of NULL.
    ///
    /// # Safety
    /// The object is nobody else's, unless destroying it only lets go of one of its owners.
    pub(crate) unsafe fn own(object: *mut T) -> Option<Handle<T>> {
        NonNull::new(object).map(Handle)
    }

    pub(crate) fn get(&self) -> *const T {
        self.0.as_ptr()
    }

    pub(crate) fn get_mut(&self) -> *mut T {
        self.0.as_ptr()
    }
}

impl<T: Object> Drop for Handle<T> {
    fn drop(&mut self) {
        // SAFETY: it is owned, and this is the end of it.
        unsafe { T::destroy(self.0.as_ptr()) }
    }
}
