// SPDX-License-Identifier: BSD-2-Clause
//! Networks.

use crate::context::WithSize;
use crate::error::check;
use crate::handle::Handle;
use crate::image::borrow;
use crate::text::{borrowed, c_path, c_string};
use crate::words::{Container, Precision};
use crate::{Cancel, Checkpoint, Context, Result};
use segent_sys as sys;
use std::borrow::Cow;
use std::ffi::CString;
use std::fmt;
use std::os::raw::c_char;
use std::path::{Path, PathBuf};
use std::ptr;

/// Options of making a model.
#[derive(Clone, Debug, Default)]
pub struct ModelOptions {
    prefix: Option<String>,
    settings: String,
    settings_file: Option<PathBuf>,
    path: Option<PathBuf>,
    class_names: Option<Vec<String>>,
    examine_only: bool,
    auxiliary: bool,
    precision: Option<Precision>,
    cancel: Option<Cancel>,
}

impl ModelOptions {
    /// The defaults.
    pub fn new() -> ModelOptions {
        ModelOptions::default()
    }

    /// Which network, where the file holds several: what stands before the names of its tensors.
    pub fn prefix(mut self, prefix: impl Into<String>) -> ModelOptions {
        self.prefix = Some(prefix.into());
        self
    }

    /// One more setting that the file lacks or has wrong, such as "rates" and "6,12,18".
    pub fn setting(mut self, key: &str, value: &str) -> ModelOptions {
        if !self.settings.is_empty() {
            self.settings.push(';');
        }
        self.settings.extend([key, "=", value]);
        self
    }

    /// A file of JSON with settings and names of classes; an empty path: not even the one beside the checkpoint.
    pub fn settings_file(mut self, path: impl Into<PathBuf>) -> ModelOptions {
        self.settings_file = Some(path.into());
        self
    }

    /// Path of the checkpoint, beside which that file is looked for, where it is loaded from memory.
    pub fn path(mut self, path: impl Into<PathBuf>) -> ModelOptions {
        self.path = Some(path.into());
        self
    }

    /// Names of the classes, as many as the network has.
    pub fn class_names<S: Into<String>>(
        mut self,
        names: impl IntoIterator<Item = S>,
    ) -> ModelOptions {
        self.class_names = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Only looks at names and shapes, in a moment: the model can be asked what it is, but cannot run.
    pub fn examine_only(mut self) -> ModelOptions {
        self.examine_only = true;
        self
    }

    /// Keeps the auxiliary classifier, whose logits are then part of results.
    pub fn auxiliary(mut self) -> ModelOptions {
        self.auxiliary = true;
        self
    }

    /// Type of the numbers that the network computes with, which its weights are packed for.
    pub fn precision(mut self, precision: Precision) -> ModelOptions {
        self.precision = Some(precision);
        self
    }

    /// A flag that ends the loading from another thread.
    pub fn cancel(mut self, cancel: &Cancel) -> ModelOptions {
        self.cancel = Some(cancel.clone());
        self
    }

    /// Calls `function` with the options as the library takes them.
    fn with_raw<T>(
        &self,
        function: impl FnOnce(*const sys::segent_model_options) -> T,
    ) -> Result<T> {
        let text = |text: &Option<String>| text.as_deref().map(c_string).transpose();
        let file = |path: &Option<PathBuf>| path.as_deref().map(c_path).transpose();
        let (prefix, settings) = (text(&self.prefix)?, c_string(&self.settings)?);
        let (settings_file, path) = (file(&self.settings_file)?, file(&self.path)?);
        let names = self.class_names.iter().flatten();
        let names = names
            .map(|name| c_string(name))
            .collect::<Result<Vec<CString>>>()?;
        let pointers: Vec<*const c_char> = names.iter().map(|name| name.as_ptr()).collect();
        let pointer =
            |text: &Option<CString>| text.as_ref().map_or(ptr::null(), |text| text.as_ptr());

        let mut raw = sys::segent_model_options::sized();
        raw.prefix = pointer(&prefix);
        raw.settings = if self.settings.is_empty() {
            ptr::null()
        } else {
            settings.as_ptr()
        };
        raw.settings_file = pointer(&settings_file);
        raw.path = pointer(&path);
        if self.class_names.is_some() {
            raw.class_names = pointers.as_ptr();
            raw.class_name_count = pointers.len() as i64;
        }
        raw.examine_only = self.examine_only.into();
        raw.auxiliary = self.auxiliary.into();
        if let Some(precision) = self.precision {
            raw.precision = precision.raw();
        }
        if let Some(cancel) = &self.cancel {
            raw.cancel = cancel.raw();
        }
        Ok(function(&raw))
    }
}

/// A network. It does not change, so threads may share it; a clone is one more owner of the same one.
pub struct Model(pub(crate) Handle<sys::segent_model>);

/// The facts of a model.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ModelDetails<'a> {
    /// torchvision's name, "deeplabv3_resnet101".
    pub architecture: Cow<'a, str>,
    /// "resnet101".
    pub backbone: Cow<'a, str>,
    /// "deeplabv3".
    pub head: Cow<'a, str>,
    /// What the file says of itself, or "".
    pub description: Cow<'a, str>,
    /// What stands before the names of its tensors in the file, or "".
    pub prefix: Cow<'a, str>,
    /// The file of JSON that some of its settings are from, or "".
    pub settings_file: Cow<'a, str>,
    /// Number of classes.
    pub classes: usize,
    /// Pixels of the picture for one of the network's own logits.
    pub output_stride: usize,
    /// Shorter side that it was trained for.
    pub size: usize,
    /// What its logits are divided by.
    pub temperature: f32,
    /// The kind of file.
    pub container: Option<Container>,
    /// It was only examined, and cannot run.
    pub examined_only: bool,
    /// It has the auxiliary classifier.
    pub auxiliary: bool,
    /// Type of the numbers that it computes with.
    pub precision: Option<Precision>,
    /// Trained numbers that the network uses.
    pub parameters: u64,
    /// Trained numbers in the file.
    pub parameters_in_file: u64,
}

impl Model {
    /// What it is.
    pub fn details(&self) -> Result<ModelDetails<'_>> {
        let mut raw = sys::segent_model_details::sized();
        // SAFETY: the model lives, the struct has its size, and the strings live as long as the model.
        check(unsafe { sys::segent_model_info(self.0.get(), &mut raw) })?;
        let text = |text| unsafe { borrowed(text) }.unwrap_or_default();
        Ok(ModelDetails {
            architecture: text(raw.architecture),
            backbone: text(raw.backbone),
            head: text(raw.head),
            description: text(raw.description),
            prefix: text(raw.prefix),
            settings_file: text(raw.settings_file),
            classes: raw.classes as usize,
            output_stride: raw.output_stride as usize,
            size: raw.size as usize,
            temperature: raw.temperature,
            container: Container::from_raw(raw.container),
            examined_only: raw.examined_only != 0,
            auxiliary: raw.auxiliary != 0,
            precision: Precision::from_raw(raw.precision),
            parameters: raw.parameters as u64,
            parameters_in_file: raw.parameters_in_file as u64,
        })
    }

    /// Name of a class, or None if there is no such class.
    pub fn class_name(&self, class: usize) -> Option<Cow<'_, str>> {
        let class = i32::try_from(class).ok()?;
        // SAFETY: the model lives, and owns the string.
        unsafe { borrowed(sys::segent_model_class_name(self.0.get(), class)) }
    }

    /// A further fact as text, such as that of "rates" or "mean".
    pub fn property(&self, key: &str) -> Option<Cow<'_, str>> {
        let key = c_string(key).ok()?;
        // SAFETY: the model lives, and owns the string.
        unsafe { borrowed(sys::segent_model_property(self.0.get(), key.as_ptr())) }
    }

    /// Keys of all such facts.
    pub fn property_keys(&self) -> impl Iterator<Item = Cow<'_, str>> {
        // SAFETY: the model lives, and owns the string.
        (0..).map_while(move |i| unsafe {
            borrowed(sys::segent_model_property_key(self.0.get(), i))
        })
    }

    /// Red, green and blue of each class; None where nobody says, and VOC's are usual.
    pub fn palette(&self) -> Option<&[[u8; 3]]> {
        let mut count = 0;
        // SAFETY: the model lives, and owns so many colours of three bytes.
        let colours = unsafe {
            let data = sys::segent_model_palette(self.0.get(), &mut count);
            borrow(data.cast(), usize::try_from(count).unwrap_or(0))
        };
        (!colours.is_empty()).then_some(colours)
    }

    /// torchvision's name for a tensor of the checkpoint, by its index there; None if the network does not use it.
    pub fn tensor_name(&self, index: usize) -> Option<Cow<'_, str>> {
        let index = i64::try_from(index).ok()?;
        // SAFETY: the model lives, and owns the string.
        unsafe { borrowed(sys::segent_model_tensor_name(self.0.get(), index)) }
    }
}

impl Clone for Model {
    fn clone(&self) -> Model {
        // SAFETY: one more owner, which the new handle is.
        let retained = unsafe { Handle::own(sys::segent_model_retain(self.0.get_mut())) };
        Model(retained.expect("a model that lives is retained"))
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Model")
            .field(&self.details().ok())
            .finish()
    }
}

// SAFETY of all calls below: the context lives; strings end with NUL and live until the call returns; functions that make
// an object leave it to the caller.
impl Context {
    /// Reads a checkpoint, finds the network in it and builds it.
    pub fn load_model(&self, path: impl AsRef<Path>) -> Result<Model> {
        self.load_model_with(path, &ModelOptions::new())
    }

    /// Reads a checkpoint, finds the network in it and builds it.
    pub fn load_model_with(&self, path: impl AsRef<Path>, options: &ModelOptions) -> Result<Model> {
        let path = c_path(path.as_ref())?;
        options.with_raw(|options| {
            let make = |context, model| unsafe {
                sys::segent_model_load(context, path.as_ptr(), options, model)
            };
            unsafe { self.make(make) }.map(Model)
        })?
    }

    /// The same from bytes of such a file.
    pub fn load_model_memory(&self, data: &[u8], options: &ModelOptions) -> Result<Model> {
        options.with_raw(|options| {
            let make = |context, model| unsafe {
                sys::segent_model_load_memory(
                    context,
                    data.as_ptr().cast(),
                    data.len(),
                    options,
                    model,
                )
            };
            unsafe { self.make(make) }.map(Model)
        })?
    }

    /// The same from a checkpoint that is open.
    pub fn model_from_checkpoint(
        &self,
        checkpoint: &Checkpoint<'_>,
        options: &ModelOptions,
    ) -> Result<Model> {
        options.with_raw(|options| {
            let make = |context, model| unsafe {
                sys::segent_model_from_checkpoint(context, checkpoint.handle.get(), options, model)
            };
            unsafe { self.make(make) }.map(Model)
        })?
    }
}
