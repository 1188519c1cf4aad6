// SPDX-License-Identifier: BSD-2-Clause
//! The library's enumerations and sets.

use crate::error::static_text;
use segent_sys as sys;
use std::fmt;
use std::ops::BitOr;

macro_rules! word {
    ($(#[$doc:meta])* $name:ident($raw:ident, $text:ident) {
        $($(#[$word_doc:meta])* $word:ident = $code:ident,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_doc])* $word,)*
        }

        #[allow(dead_code)]
        impl $name {
            pub(crate) fn raw(self) -> sys::$raw {
                match self {
                    $($name::$word => sys::$code,)*
                }
            }

            pub(crate) fn from_raw(raw: sys::$raw) -> Option<$name> {
                match raw {
                    $(sys::$code => Some($name::$word),)*
                    _ => None,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                // SAFETY: the function takes any number, and its strings are static.
                formatter.write_str(unsafe { static_text(sys::$text(self.raw())) })
            }
        }
    };
}

word! {
    /// Severity of a log message.
    LogLevel(segent_log_level, segent_log_level_name) {
        /// Something failed.
        Error = SEGENT_LOG_ERROR,
        /// Something is probably not meant.
        Warning = SEGENT_LOG_WARNING,
        /// What people like to know.
        Info = SEGENT_LOG_INFO,
        /// What developers like to know.
        Debug = SEGENT_LOG_DEBUG,
    }
}

word! {
    /// Order of a pixel's samples, a byte each.
    PixelFormat(segent_pixel_format, segent_pixel_format_name) {
        /// Red, green, blue.
        Rgb = SEGENT_PIXEL_RGB,
        /// Blue, green, red.
        Bgr = SEGENT_PIXEL_BGR,
        /// Alpha is not looked at, and 255 where pixels are written.
        Rgba = SEGENT_PIXEL_RGBA,
        /// As `Rgba`, blue first.
        Bgra = SEGENT_PIXEL_BGRA,
        /// One sample; it cannot be written.
        Grey = SEGENT_PIXEL_GREY,
    }
}

word! {
    /// Unit of an entropy.
    Unit(segent_unit, segent_unit_name) {
        /// 0 (certain) to 1 (all classes alike).
        Normalized = SEGENT_UNIT_NORMALIZED,
        /// Natural logarithm.
        Nats = SEGENT_UNIT_NATS,
        /// Logarithm to base 2.
        Bits = SEGENT_UNIT_BITS,
    }
}

word! {
    /// What values are.
    Source(segent_source, segent_source_name) {
        /// A network's own numbers, before softmax.
        Logits = SEGENT_SOURCE_LOGITS,
        /// 0 to 1, and 1 in sum.
        Probabilities = SEGENT_SOURCE_PROBABILITIES,
    }
}

word! {
    /// Colour maps of 256 entries.
    Colormap(segent_colormap, segent_colormap_name) {
        /// 0 blue, 1 red.
        Jet = SEGENT_COLORMAP_JET,
        /// Perceptually uniform.
        Viridis = SEGENT_COLORMAP_VIRIDIS,
    }
}

word! {
    /// Which way up a picture is read.
    Orientation(segent_orientation, segent_orientation_name) {
        /// Turned as EXIF or XMP data in the file ask for.
        Upright = SEGENT_ORIENT_UPRIGHT,
        /// As it is stored.
        Stored = SEGENT_ORIENT_STORED,
    }
}

word! {
    /// The kinds of checkpoint files.
    Container(segent_container, segent_container_name) {
        /// torch's old form.
        Legacy = SEGENT_CONTAINER_LEGACY,
        /// torch's form since 1.6.
        Zip = SEGENT_CONTAINER_ZIP,
        /// safetensors.
        Safetensors = SEGENT_CONTAINER_SAFETENSORS,
        /// Weights ready to run, of `segent pack`.
        Packed = SEGENT_CONTAINER_PACKED,
    }
}

word! {
    /// Element types of a checkpoint's tensors.
    Dtype(segent_dtype, segent_dtype_name) {
        /// float32
        F32 = SEGENT_DTYPE_F32,
        /// float16
        F16 = SEGENT_DTYPE_F16,
        /// bfloat16
        Bf16 = SEGENT_DTYPE_BF16,
        /// float64
        F64 = SEGENT_DTYPE_F64,
        /// int64
        I64 = SEGENT_DTYPE_I64,
        /// int32
        I32 = SEGENT_DTYPE_I32,
        /// int16
        I16 = SEGENT_DTYPE_I16,
        /// int8
        I8 = SEGENT_DTYPE_I8,
        /// uint8
        U8 = SEGENT_DTYPE_U8,
        /// bool
        Bool = SEGENT_DTYPE_BOOL,
    }
}

word! {
    /// How convolutions are done.
    Engine(segent_engine, segent_engine_name) {
        /// With as few multiplications as pay.
        Fast = SEGENT_ENGINE_FAST,
        /// Direct convolution only.
        Exact = SEGENT_ENGINE_EXACT,
        /// Less memory, more time.
        Small = SEGENT_ENGINE_SMALL,
    }
}

word! {
    /// Type of the numbers that the network computes with.
    Precision(segent_precision, segent_precision_name) {
        /// float32
        F32 = SEGENT_PRECISION_F32,
        /// bfloat16: weights and feature maps. Sums and logits are float32.
        Bf16 = SEGENT_PRECISION_BF16,
    }
}

word! {
    /// Size of a run's outputs.
    OutputSize(segent_output_size, segent_output_size_name) {
        /// That of the picture as the network sees it.
        Network = SEGENT_OUTPUT_NETWORK,
        /// That of the picture given.
        Original = SEGENT_OUTPUT_ORIGINAL,
    }
}

word! {
    /// Element type of a map of class ids.
    LabelType(segent_label_type, segent_label_type_name) {
        /// Up to 256 classes.
        U8 = SEGENT_LABEL_U8,
        /// Up to 65,536 classes.
        U16 = SEGENT_LABEL_U16,
    }
}

macro_rules! set {
    ($(#[$doc:meta])* $name:ident { $($(#[$bit_doc:meta])* $bit:ident = $code:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name(pub(crate) u32);

        impl $name {
            $($(#[$bit_doc])* pub const $bit: $name = $name(sys::$code as u32);)*

            /// Whether all of `other` is in the set.
            pub fn contains(self, other: $name) -> bool {
                self.0 & other.0 == other.0
            }
        }

        impl BitOr for $name {
            type Output = $name;
            fn bitor(self, other: $name) -> $name {
                $name(self.0 | other.0)
            }
        }
    };
}

set! {
    /// Instruction sets. None of them, the default, stands for all that the processor has.
    Cpu {
        /// Plain C.
        REF = SEGENT_CPU_REF,
        /// AVX2 with FMA.
        AVX2 = SEGENT_CPU_AVX2,
        /// AVX-512 F, BW, DQ and VL.
        AVX512 = SEGENT_CPU_AVX512,
        /// AVX512-BF16, products of bfloat16 numbers.
        AVX512_BF16 = SEGENT_CPU_AVX512_BF16,
        /// AMX, products of bfloat16 numbers in tiles.
        AMX = SEGENT_CPU_AMX,
        /// NEON of 64-bit ARM.
        NEON = SEGENT_CPU_NEON,
        /// NEON with FEAT_BF16, products of bfloat16 numbers.
        NEON_BF16 = SEGENT_CPU_NEON_BF16,
    }
}

impl fmt::Display for Cpu {
    /// The best one in the set.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: the function takes any number, and its strings are static.
        formatter.write_str(unsafe { static_text(sys::segent_cpu_name(self.0)) })
    }
}

set! {
    /// What a [`Segmentation`](crate::Segmentation) keeps beside labels, entropy and sums.
    Keep {
        /// C x H x W at the output size, before the temperature.
        LOGITS = SEGENT_KEEP_LOGITS,
        /// C x H x W at the output size.
        PROBABILITIES = SEGENT_KEEP_PROBABILITIES,
        /// The largest class probability.
        TOP_PROBABILITY = SEGENT_KEEP_TOP_PROBABILITY,
        /// The largest minus the second largest.
        MARGIN = SEGENT_KEEP_MARGIN,
    }
}
