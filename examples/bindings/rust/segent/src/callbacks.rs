// SPDX-License-Identifier: BSD-2-Clause
//! Functions of the program's that the library calls. A panic in one must not unwind through C: it is caught here, and
//! goes on where the library has returned.

use crate::words::LogLevel;
use segent_sys as sys;
use std::any::Any;
use std::cell::RefCell;
use std::ffi::CStr;
use std::ops::ControlFlow;
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};

/// A panic on its way around the library.
#[derive(Default)]
pub(crate) struct Caught(RefCell<Option<Box<dyn Any + Send>>>);

impl Caught {
    /// Calls `function`, unless an earlier one has panicked. None: it did not come to its end.
    fn run<T>(&self, function: impl FnOnce() -> T) -> Option<T> {
        if self.0.borrow().is_some() {
            return None;
        }
        match catch_unwind(AssertUnwindSafe(function)) {
            Ok(value) => Some(value),
            Err(panic) => {
                self.0.replace(Some(panic));
                None
            }
        }
    }

    /// Lets a caught panic go on.
    pub(crate) fn resume(&self) {
        let caught = self.0.take();
        if let Some(panic) = caught {
            resume_unwind(panic);
        }
    }
}

pub(crate) type Log = Box<dyn Fn(LogLevel, &str) + Send>;
pub(crate) type Parallel = Box<dyn Fn(usize, &(dyn Fn(usize) + Sync)) + Send>;

/// What a context calls. All of it runs on the thread that uses the context.
#[derive(Default)]
pub(crate) struct Hooks {
    pub(crate) log: Option<Log>,
    pub(crate) parallel: Option<Parallel>,
    pub(crate) caught: Caught,
}

/// # Safety
/// `user` is the context's `Hooks`, and `message` is NUL-terminated.
pub(crate) unsafe extern "C" fn on_log(
    user: *mut c_void,
    level: sys::segent_log_level,
    message: *const c_char,
) {
    let hooks = &*(user as *const Hooks);
    if let Some(log) = &hooks.log {
        let message = CStr::from_ptr(message);
        hooks.caught.run(|| {
            let level = LogLevel::from_raw(level).unwrap_or(LogLevel::Debug);
            log(level, &message.to_string_lossy());
        });
    }
}

/// The library's work, which any thread may do while the loop runs.
struct Task {
    function: unsafe extern "C" fn(*mut c_void, i32),
    argument: *mut c_void,
    count: i32,
}

// SAFETY: the header lets tasks be called on whatever threads, several at once.
unsafe impl Sync for Task {}

impl Task {
    /// Numbers that are none of a task's are passed over. One that is called twice is done once, and one that is not
    /// called is done by the library.
    fn call(&self, i: usize) {
        match i32::try_from(i) {
            // SAFETY: a number of a task, within the library's call of the loop, which the loan of `self` ends before.
            Ok(i) if i < self.count => unsafe { (self.function)(self.argument, i) },
            _ => {}
        }
    }
}

/// # Safety
/// `user` is the context's `Hooks`, and `function` may be called with `argument` until this returns.
pub(crate) unsafe extern "C" fn on_parallel(
    user: *mut c_void,
    count: i32,
    function: sys::segent_task_fn,
    argument: *mut c_void,
) {
    let hooks = &*(user as *const Hooks);
    if let (Some(parallel), Some(function)) = (&hooks.parallel, function) {
        let task = Task {
            function,
            argument,
            count,
        };
        hooks
            .caught
            .run(|| parallel(count.max(0) as usize, &|i| task.call(i)));
    }
}

/// A progress function during one run.
pub(crate) struct Progress<'a, 'f> {
    pub(crate) function: &'a RefCell<ProgressFn<'f>>,
    pub(crate) caught: Caught,
}

pub(crate) type ProgressFn<'f> = Box<dyn FnMut(f64) -> ControlFlow<()> + 'f>;

/// # Safety
/// `user` is the run's `Progress`.
pub(crate) unsafe extern "C" fn on_progress(user: *mut c_void, done: f64) -> i32 {
    let progress = &*(user as *const Progress<'_, '_>);
    let answer = progress
        .caught
        .run(|| match progress.function.try_borrow_mut() {
            Ok(mut function) => function(done),
            // The function itself has begun another run with the same options.
            Err(_) => ControlFlow::Continue(()),
        });
    match answer {
        Some(ControlFlow::Continue(())) => 0,
        _ => 1,
    }
}
