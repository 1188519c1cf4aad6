// SPDX-License-Identifier: BSD-2-Clause
//! What a file of weights holds.

use crate::context::WithSize;
use crate::handle::Handle;
use crate::text::{borrowed, c_path, c_string};
use crate::words::{Container, Dtype};
use crate::{Context, Error, Result};
use segent_sys as sys;
use std::borrow::Cow;
use std::marker::PhantomData;
use std::path::Path;

/// A file of named tensors, mapped or in memory that it borrows. Nothing in it is ever executed.
///
/// A mapped file must not be made shorter while the checkpoint lives: reading beyond its end ends the process.
///
/// ```compile_fail
/// let context = segent::Context::new().unwrap();
/// let data = vec![0];
/// let checkpoint = context.load_checkpoint_memory(&data);
/// drop(data);
/// drop(checkpoint);
/// ```
#[derive(Debug)]
pub struct Checkpoint<'a> {
    pub(crate) handle: Handle<sys::segent_checkpoint>,
    data: PhantomData<&'a [u8]>,
}

/// One tensor of a checkpoint.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TensorInfo<'a> {
    /// The keys that lead to it, joined by dots.
    pub name: Cow<'a, str>,
    /// None: a type that is not read.
    pub dtype: Option<Dtype>,
    /// Of each dimension.
    pub shape: Vec<usize>,
    /// Of each dimension, in elements.
    pub strides: Vec<i64>,
    /// The product of the shape.
    pub elements: usize,
}

impl Checkpoint<'_> {
    /// The kind of file.
    pub fn container(&self) -> Option<Container> {
        // SAFETY: the checkpoint lives.
        Container::from_raw(unsafe { sys::segent_checkpoint_container(self.handle.get()) })
    }

    /// Number of tensors.
    pub fn len(&self) -> usize {
        // SAFETY: the checkpoint lives.
        unsafe { sys::segent_checkpoint_count(self.handle.get()).max(0) as usize }
    }

    /// Whether it holds no tensor.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Value of a key of safetensors' metadata.
    pub fn metadata(&self, key: &str) -> Option<Cow<'_, str>> {
        let key = c_string(key).ok()?;
        // SAFETY: the checkpoint lives, and owns the string.
        unsafe {
            borrowed(sys::segent_checkpoint_metadata(
                self.handle.get(),
                key.as_ptr(),
            ))
        }
    }

    /// Names in a pickle that have no meaning here, such as "numpy.dtype".
    pub fn opaque(&self) -> impl ExactSizeIterator<Item = Cow<'_, str>> {
        // SAFETY: the checkpoint lives.
        let count = unsafe { sys::segent_checkpoint_opaque_count(self.handle.get()) };
        (0..count.max(0) as usize).map(move |i| {
            // SAFETY: the checkpoint lives, and owns the string.
            let name =
                unsafe { borrowed(sys::segent_checkpoint_opaque(self.handle.get(), i as i64)) };
            name.unwrap_or_default()
        })
    }
}

fn index_of(index: usize) -> Result<i64> {
    i64::try_from(index).map_err(|_| Error::invalid(format!("there is no tensor {index}")))
}

// SAFETY of all calls below: the context lives; strings end with NUL; functions that make an object leave it to the
// caller.
impl Context {
    /// Opens a checkpoint, which is validated as a whole.
    pub fn load_checkpoint(&self, path: impl AsRef<Path>) -> Result<Checkpoint<'static>> {
        let path = c_path(path.as_ref())?;
        let make = |context, checkpoint| unsafe {
            sys::segent_checkpoint_load(context, path.as_ptr(), checkpoint)
        };
        let handle = unsafe { self.make(make) }?;
        Ok(Checkpoint {
            handle,
            data: PhantomData,
        })
    }

    /// The same from memory, which the checkpoint borrows.
    pub fn load_checkpoint_memory<'a>(&self, data: &'a [u8]) -> Result<Checkpoint<'a>> {
        let make = |context, checkpoint| unsafe {
            sys::segent_checkpoint_load_memory(
                context,
                data.as_ptr().cast(),
                data.len(),
                checkpoint,
            )
        };
        let handle = unsafe { self.make(make) }?;
        Ok(Checkpoint {
            handle,
            data: PhantomData,
        })
    }

    /// The i-th tensor in the file's order.
    pub fn checkpoint_tensor<'c>(
        &self,
        checkpoint: &'c Checkpoint<'_>,
        index: usize,
    ) -> Result<TensorInfo<'c>> {
        let index = index_of(index)?;
        let mut raw = sys::segent_tensor_info::sized();
        self.call(|context| unsafe {
            sys::segent_checkpoint_tensor(context, checkpoint.handle.get(), index, &mut raw)
        })?;
        let rank = raw.rank.clamp(0, raw.shape.len() as i32) as usize;
        Ok(TensorInfo {
            // SAFETY: owned by the checkpoint.
            name: unsafe { borrowed(raw.name) }.unwrap_or_default(),
            dtype: Dtype::from_raw(raw.dtype),
            shape: raw.shape[..rank]
                .iter()
                .map(|size| *size as usize)
                .collect(),
            strides: raw.stride[..rank].to_vec(),
            elements: raw.elements as usize,
        })
    }

    /// Values of the i-th tensor as float32, dense in C order; as many as the tensor has elements.
    pub fn read_tensor(
        &self,
        checkpoint: &Checkpoint<'_>,
        index: usize,
        values: &mut [f32],
    ) -> Result<()> {
        let index = index_of(index)?;
        let count = values.len() as i64;
        self.call(|context| unsafe {
            sys::segent_checkpoint_read(
                context,
                checkpoint.handle.get(),
                index,
                values.as_mut_ptr(),
                count,
            )
        })
    }
}
