// SPDX-License-Identifier: BSD-2-Clause
//! The context: settings, threads, working memory.

use crate::callbacks::{on_log, on_parallel, Hooks};
use crate::error::check;
use crate::handle::{Handle, Object};
use crate::text::borrowed;
use crate::words::{Cpu, LogLevel};
use crate::{Error, Result};
use segent_sys as sys;
use std::borrow::Cow;
use std::fmt;
use std::os::raw::c_void;
use std::ptr::{self, NonNull};
use std::rc::Rc;

/// Settings of a [`Context`].
#[derive(Default)]
pub struct ContextOptions {
    threads: i32,
    cpu: Cpu,
    memory_limit: i64,
    hooks: Hooks,
}

impl ContextOptions {
    /// The defaults.
    pub fn new() -> ContextOptions {
        ContextOptions::default()
    }

    /// How many threads work, the caller's included. Without it: as many as this process may use.
    pub fn threads(mut self, threads: usize) -> ContextOptions {
        // Zero would mean the default, and numbers beyond are refused by the library, with a sentence.
        self.threads = if threads == 0 {
            -1
        } else {
            i32::try_from(threads).unwrap_or(i32::MAX)
        };
        self
    }

    /// The instruction sets that may be used.
    pub fn cpu(mut self, cpu: Cpu) -> ContextOptions {
        self.cpu = cpu;
        self
    }

    /// Most bytes that reading one file may take beside the file itself. Without it, or with 0: 2 GiB.
    pub fn memory_limit(mut self, bytes: u64) -> ContextOptions {
        self.memory_limit = i64::try_from(bytes).unwrap_or(i64::MAX);
        self
    }

    /// Receives log lines, on the thread that uses the context.
    pub fn log(mut self, log: impl Fn(LogLevel, &str) + Send + 'static) -> ContextOptions {
        self.hooks.log = Some(Box::new(log));
        self
    }

    /// A parallel loop in the place of the context's own threads: calls the task with each number below the count, on
    /// whatever threads.
    ///
    /// ```
    /// let options = segent::ContextOptions::new().threads(2).parallel(|count, task| {
    ///     std::thread::scope(|scope| {
    ///         for i in 0..count {
    ///             scope.spawn(move || task(i));
    ///         }
    ///     })
    /// });
    /// # segent::Context::with(options).unwrap();
    /// ```
    pub fn parallel(
        mut self,
        parallel: impl Fn(usize, &(dyn Fn(usize) + Sync)) + Send + 'static,
    ) -> ContextOptions {
        self.hooks.parallel = Some(Box::new(parallel));
        self
    }
}

impl fmt::Debug for ContextOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ContextOptions")
            .field("threads", &self.threads)
            .field("cpu", &self.cpu)
            .field("memory_limit", &self.memory_limit)
            .finish_non_exhaustive()
    }
}

/// Holds settings, threads and working memory. One thread at a time uses a context, so it is `Send` but not `Sync`: make
/// one for each thread. What is made with it does not depend on it afterwards.
///
/// A function of the program's that a context calls may not use that context: [`Status::Busy`](crate::Status::Busy).
///
/// ```compile_fail
/// fn shared<T: Sync>(_: T) {}
/// shared(segent::Context::new().unwrap());
/// ```
pub struct Context {
    raw: NonNull<sys::segent_context>,
    /// The library has a pointer to them. Nobody else does, once the context is made.
    hooks: Rc<Hooks>,
}

// SAFETY: the library lets different threads use a context one after another; the hooks are Send, and have one owner.
unsafe impl Send for Context {}

impl Context {
    /// A context with the default settings.
    pub fn new() -> Result<Context> {
        Context::with(ContextOptions::new())
    }

    /// A context with these settings.
    pub fn with(options: ContextOptions) -> Result<Context> {
        let hooks = Rc::new(options.hooks);
        let user = Rc::as_ptr(&hooks) as *mut c_void;
        let mut raw = sys::segent_options::sized();
        raw.threads = options.threads;
        raw.cpu = options.cpu.0;
        raw.memory_limit = options.memory_limit;
        if hooks.log.is_some() {
            raw.log = Some(on_log);
            raw.log_user = user;
        }
        if hooks.parallel.is_some() {
            raw.parallel = Some(on_parallel);
            raw.parallel_user = user;
        }
        let mut made = ptr::null_mut();
        // SAFETY: the hooks live until the context is destroyed.
        let status = unsafe { sys::segent_context_create(&raw, &mut made) };
        let result = check(status).and_then(|()| NonNull::new(made).ok_or_else(nothing));
        let result = result.map(|raw| Context {
            raw,
            hooks: Rc::clone(&hooks),
        });
        hooks.caught.resume();
        result
    }

    /// Calls the library and makes an error of its status. A panic of a callback goes on from here.
    pub(crate) fn call(
        &self,
        function: impl FnOnce(*mut sys::segent_context) -> sys::segent_status,
    ) -> Result<()> {
        let status = function(self.raw.as_ptr());
        let result = match status {
            sys::SEGENT_OK => Ok(()),
            // SAFETY: the context lives, and this thread uses it.
            _ => Err(unsafe { Error::last(status, self.raw.as_ptr()) }),
        };
        self.hooks.caught.resume();
        result
    }

    /// As `call`, of functions that make an object.
    ///
    /// # Safety
    /// If the function returns SEGENT_OK, it has put an object there whose only owner is the caller.
    pub(crate) unsafe fn make<T: Object>(
        &self,
        function: impl FnOnce(*mut sys::segent_context, *mut *mut T) -> sys::segent_status,
    ) -> Result<Handle<T>> {
        let mut made = None;
        self.call(|context| {
            let mut object = ptr::null_mut();
            let status = function(context, &mut object);
            made = Handle::own(object);
            status
        })?;
        made.ok_or_else(nothing)
    }

    /// Frees the working memory that is kept from call to call.
    pub fn trim(&self) -> Result<()> {
        // SAFETY: the context lives.
        self.call(|context| unsafe { sys::segent_context_trim(context) })
    }

    /// The processor, instruction sets and threads that the context works with.
    pub fn cpu_info(&self) -> Result<CpuInfo<'_>> {
        let mut info = sys::segent_cpu_info::sized();
        // SAFETY: the context lives, and the struct has its size.
        check(unsafe { sys::segent_context_cpu_info(self.raw.as_ptr(), &mut info) })?;
        // SAFETY: the strings live as long as the context does.
        unsafe {
            Ok(CpuInfo {
                processor: borrowed(info.processor).unwrap_or_default(),
                kernels: borrowed(info.kernels).unwrap_or_default(),
                blas: borrowed(info.blas).unwrap_or_default(),
                detected: Cpu(info.detected),
                used: Cpu(info.used),
                threads: info.threads.max(0) as usize,
            })
        }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: no call is in progress, for it would borrow the context; behind it nothing calls the hooks.
        unsafe { sys::segent_context_destroy(self.raw.as_ptr()) };
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Context").finish_non_exhaustive()
    }
}

/// What a context works with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CpuInfo<'a> {
    /// Brand of the processor, or its architecture.
    pub processor: Cow<'a, str>,
    /// The best instruction set in `used`.
    pub kernels: Cow<'a, str>,
    /// The BLAS where there are no kernels, or why there is none.
    pub blas: Cow<'a, str>,
    /// Instruction sets of processor, operating system and library.
    pub detected: Cpu,
    /// Those of them that the context may use.
    pub used: Cpu,
    /// How many work, the caller's included.
    pub threads: usize,
}

fn nothing() -> Error {
    Error::invalid("the library made nothing")
}

/// A struct of the library's that begins with its size.
pub(crate) trait WithSize {
    /// All zeros but for the size, which means the defaults.
    fn sized() -> Self;
}

macro_rules! sized {
    ($($name:ident,)*) => {
        $(
            impl WithSize for sys::$name {
                fn sized() -> Self {
                    // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
                    let mut zero: Self = unsafe { std::mem::zeroed() };
                    zero.struct_size = std::mem::size_of::<Self>();
                    zero
                }
            }
        )*
    };
}

sized! {
    segent_options,
    segent_cpu_info,
    segent_entropy_options,
    segent_entropy_summary,
    segent_uncertainty_options,
    segent_uncertainty_maps,
    segent_image_options,
    segent_tensor_info,
    segent_model_options,
    segent_model_details,
    segent_run_options,
    segent_input,
    segent_timings,
}
