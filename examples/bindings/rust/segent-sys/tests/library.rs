// SPDX-License-Identifier: BSD-2-Clause
//! The declarations against the library that was linked and against the description of its header.

use segent_sys::*;
use std::mem::{size_of, MaybeUninit};

/// The library's own idea of a struct's size is this crate's.
macro_rules! sizes {
    ($($name:ident by $defaults:ident,)*) => {
        $(
            let mut value = MaybeUninit::<[$name; 2]>::zeroed();
            unsafe {
                $defaults(value.as_mut_ptr().cast());
                assert_eq!(value.assume_init_ref()[0].struct_size, size_of::<$name>(), stringify!($name));
            }
        )*
    };
}

#[test]
fn structs_have_the_librarys_sizes() {
    sizes! {
        segent_options by segent_options_defaults,
        segent_cpu_info by segent_cpu_info_defaults,
        segent_entropy_options by segent_entropy_options_defaults,
        segent_entropy_summary by segent_entropy_summary_defaults,
        segent_uncertainty_options by segent_uncertainty_options_defaults,
        segent_uncertainty_maps by segent_uncertainty_maps_defaults,
        segent_image_options by segent_image_options_defaults,
        segent_tensor_info by segent_tensor_info_defaults,
        segent_model_options by segent_model_options_defaults,
        segent_model_details by segent_model_details_defaults,
        segent_run_options by segent_run_options_defaults,
        segent_input by segent_input_defaults,
        segent_timings by segent_timings_defaults,
    }
}
