// SPDX-License-Identifier: BSD-2-Clause
//! What goes wrong: a status for programs, a sentence for people.

use segent_sys as sys;
use std::ffi::CStr;
use std::fmt;

/// The library's result type.
pub type Result<T> = std::result::Result<T, Error>;

macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $code:ident,)*) => {
        /// Why a function failed. Codes are added in later versions, never changed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Status {
            $($(#[$doc])* $name,)*
            /// A code that this version of the crate does not know.
            Other(i32),
        }

        impl Status {
            /// The number that the C library has for it.
            pub fn code(self) -> i32 {
                match self {
                    $(Status::$name => sys::$code,)*
                    Status::Other(code) => code,
                }
            }

            pub(crate) fn from_code(code: i32) -> Status {
                match code {
                    $(sys::$code => Status::$name,)*
                    code => Status::Other(code),
                }
            }
        }
    };
}

statuses! {
    /// A size below 1, a shape that does not fit, an unknown word.
    InvalidArgument = SEGENT_ERROR_INVALID_ARGUMENT,
    /// Valid, but this library or this build of it cannot do it.
    Unsupported = SEGENT_ERROR_UNSUPPORTED,
    /// The context is in use by the call from which a callback came.
    Busy = SEGENT_ERROR_BUSY,
    /// An allocation failed.
    OutOfMemory = SEGENT_ERROR_OUT_OF_MEMORY,
    /// Over a limit that options can raise.
    Limit = SEGENT_ERROR_LIMIT,
    /// NaN or +infinity among logits, NaN among probabilities.
    NotFinite = SEGENT_ERROR_NOT_FINITE,
    /// Outside 0 to 1, or not summing to 1.
    NotProbability = SEGENT_ERROR_NOT_PROBABILITY,
    /// The operating system refused.
    Io = SEGENT_ERROR_IO,
    /// There is no such file.
    NotFound = SEGENT_ERROR_NOT_FOUND,
    /// Not a file of a known format, or a damaged one.
    Format = SEGENT_ERROR_FORMAT,
    /// The file ends before its content does.
    Truncated = SEGENT_ERROR_TRUNCATED,
    /// A pickle asks for a function that only an attack needs.
    Forbidden = SEGENT_ERROR_FORBIDDEN,
    /// Tensors are missing, left over or of the wrong shape.
    Model = SEGENT_ERROR_MODEL,
    /// By the progress callback or a [`Cancel`](crate::Cancel).
    Cancelled = SEGENT_ERROR_CANCELLED,
    /// A defect of the library.
    Internal = SEGENT_ERROR_INTERNAL,
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: the function takes any number, and its strings are static.
        formatter.write_str(unsafe { static_text(sys::segent_status_string(self.code())) })
    }
}

/// A failure: a [`Status`] and one sentence that names the cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    status: Status,
    sentence: String,
}

impl Error {
    /// What a program decides by.
    pub fn status(&self) -> Status {
        self.status
    }

    pub(crate) fn invalid(sentence: impl Into<String>) -> Error {
        Error {
            status: Status::InvalidArgument,
            sentence: sentence.into(),
        }
    }

    /// The failure that the calling thread's last call with this context, or without one (NULL), had.
    ///
    /// # Safety
    /// `context` is NULL or lives, and no other thread uses it.
    pub(crate) unsafe fn last(code: i32, context: *const sys::segent_context) -> Error {
        let sentence = CStr::from_ptr(sys::segent_last_error(context));
        Error {
            status: Status::from_code(code),
            sentence: sentence.to_string_lossy().into_owned(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence)
    }
}

impl std::error::Error for Error {}

/// The result of a function that takes no context.
pub(crate) fn check(code: sys::segent_status) -> Result<()> {
    if code == sys::SEGENT_OK {
        return Ok(());
    }
    // SAFETY: NULL asks for the calling thread's own sentence.
    Err(unsafe { Error::last(code, std::ptr::null()) })
}

/// A static string of the library's, which is ASCII.
///
/// # Safety
/// `text` is NUL-terminated and static.
pub(crate) unsafe fn static_text(text: *const std::os::raw::c_char) -> &'static str {
    CStr::from_ptr(text).to_str().unwrap_or("unknown")
}
