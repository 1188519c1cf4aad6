// SPDX-License-Identifier: BSD-2-Clause

package segent

// #include "shim.h"
import "C"

// LogLevel is the severity of a log message.
type LogLevel int32

// Values of LogLevel.
const (
	LogError   LogLevel = C.SEGENT_LOG_ERROR
	LogWarning LogLevel = C.SEGENT_LOG_WARNING
	LogInfo    LogLevel = C.SEGENT_LOG_INFO
	LogDebug   LogLevel = C.SEGENT_LOG_DEBUG
)

// String is the library's name for it.
func (x LogLevel) String() string { return C.GoString(C.segent_log_level_name(C.segent_log_level(x))) }

// CPU is a set of instruction sets.
type CPU uint32

// Values of CPU.
const (
	CPURef        CPU = C.SEGENT_CPU_REF         // plain C
	CPUAVX2       CPU = C.SEGENT_CPU_AVX2        // with FMA
	CPUAVX512     CPU = C.SEGENT_CPU_AVX512      // F, BW, DQ and VL
	CPUNEON       CPU = C.SEGENT_CPU_NEON        // of 64-bit ARM
	CPUAVX512BF16 CPU = C.SEGENT_CPU_AVX512_BF16 // products of bfloat16 numbers
	CPUAMX        CPU = C.SEGENT_CPU_AMX         // the same in tiles
	CPUNEONBF16   CPU = C.SEGENT_CPU_NEON_BF16   // products of bfloat16 numbers, FEAT_BF16
)

// String is the library's name for it, or for the best one in the set.
func (x CPU) String() string { return C.GoString(C.segent_cpu_name(C.segent_cpu(x))) }

// PixelFormat is the order of a pixel's samples, a byte each.
type PixelFormat int32

// Values of PixelFormat.
const (
	RGB  PixelFormat = C.SEGENT_PIXEL_RGB
	BGR  PixelFormat = C.SEGENT_PIXEL_BGR
	RGBA PixelFormat = C.SEGENT_PIXEL_RGBA // alpha is not looked at, and 255 where pixels are written
	BGRA PixelFormat = C.SEGENT_PIXEL_BGRA
	Grey PixelFormat = C.SEGENT_PIXEL_GREY // cannot be written
)

// String is the library's name for it.
func (x PixelFormat) String() string {
	return C.GoString(C.segent_pixel_format_name(C.segent_pixel_format(x)))
}

// Unit is the unit of an entropy.
type Unit int32

// Values of Unit.
const (
	Normalized Unit = C.SEGENT_UNIT_NORMALIZED // 0 (certain) to 1 (all classes alike)
	Nats       Unit = C.SEGENT_UNIT_NATS       // natural logarithm
	Bits       Unit = C.SEGENT_UNIT_BITS       // logarithm to base 2
)

// String is the library's name for it.
func (x Unit) String() string { return C.GoString(C.segent_unit_name(C.segent_unit(x))) }

// Source is what values are.
type Source int32

// Values of Source.
const (
	Logits        Source = C.SEGENT_SOURCE_LOGITS
	Probabilities Source = C.SEGENT_SOURCE_PROBABILITIES
)

// String is the library's name for it.
func (x Source) String() string { return C.GoString(C.segent_source_name(C.segent_source(x))) }

// Colormap is a colour map of 256 entries.
type Colormap int32

// Values of Colormap.
const (
	Jet     Colormap = C.SEGENT_COLORMAP_JET     // 0 blue, 1 red
	Viridis Colormap = C.SEGENT_COLORMAP_VIRIDIS // perceptually uniform
)

// String is the library's name for it.
func (x Colormap) String() string { return C.GoString(C.segent_colormap_name(C.segent_colormap(x))) }

// Orientation is which way up a picture is read.
type Orientation int32

// Values of Orientation.
const (
	Upright Orientation = C.SEGENT_ORIENT_DEFAULT // turned as EXIF or XMP data in the file ask for
	Stored  Orientation = C.SEGENT_ORIENT_STORED  // as it is stored
)

// String is the library's name for it.
func (x Orientation) String() string {
	return C.GoString(C.segent_orientation_name(C.segent_orientation(x)))
}

// Container is the kind of a checkpoint's file.
type Container int32

// Values of Container.
const (
	Legacy      Container = C.SEGENT_CONTAINER_LEGACY // torch's old form
	Zip         Container = C.SEGENT_CONTAINER_ZIP    // torch's form since 1.6
	Safetensors Container = C.SEGENT_CONTAINER_SAFETENSORS
	Packed      Container = C.SEGENT_CONTAINER_PACKED // weights ready to run
)

// String is the library's name for it.
func (x Container) String() string { return C.GoString(C.segent_container_name(C.segent_container(x))) }

// Dtype is the element type of a checkpoint's tensor; 0 is one that is not read.
type Dtype int32

// Values of Dtype.
const (
	F32  Dtype = C.SEGENT_DTYPE_F32
	F16  Dtype = C.SEGENT_DTYPE_F16
	BF16 Dtype = C.SEGENT_DTYPE_BF16
	F64  Dtype = C.SEGENT_DTYPE_F64
	I64  Dtype = C.SEGENT_DTYPE_I64
	I32  Dtype = C.SEGENT_DTYPE_I32
	I16  Dtype = C.SEGENT_DTYPE_I16
	I8   Dtype = C.SEGENT_DTYPE_I8
	U8   Dtype = C.SEGENT_DTYPE_U8
	Bool Dtype = C.SEGENT_DTYPE_BOOL
)

// String is the library's name for it.
func (x Dtype) String() string { return C.GoString(C.segent_dtype_name(C.segent_dtype(x))) }

// Engine is how convolutions are done.
type Engine int32

// Values of Engine.
const (
	Fast  Engine = C.SEGENT_ENGINE_FAST  // with as few multiplications as pay
	Exact Engine = C.SEGENT_ENGINE_EXACT // direct convolution only
	Small Engine = C.SEGENT_ENGINE_SMALL // less memory, more time
)

// String is the library's name for it.
func (x Engine) String() string { return C.GoString(C.segent_engine_name(C.segent_engine(x))) }

// Precision is the type of the numbers that the network computes with.
type Precision int32

// Values of Precision.
const (
	Float32  Precision = C.SEGENT_PRECISION_F32
	Bfloat16 Precision = C.SEGENT_PRECISION_BF16 // weights and feature maps; sums and logits are float32
)

// String is the library's name for it.
func (x Precision) String() string { return C.GoString(C.segent_precision_name(C.segent_precision(x))) }

// OutputSize is the size of a run's outputs.
type OutputSize int32

// Values of OutputSize.
const (
	NetworkSize  OutputSize = C.SEGENT_OUTPUT_NETWORK  // that of the picture as the network sees it
	OriginalSize OutputSize = C.SEGENT_OUTPUT_ORIGINAL // that of the picture given
)

// String is the library's name for it.
func (x OutputSize) String() string {
	return C.GoString(C.segent_output_size_name(C.segent_output_size(x)))
}

// Keep is what a Result has beside labels, entropy and sums.
type Keep uint32

// Values of Keep, which are added up.
const (
	KeepLogits         Keep = C.SEGENT_KEEP_LOGITS          // C x H x W at the output size, before the temperature
	KeepProbabilities  Keep = C.SEGENT_KEEP_PROBABILITIES   // C x H x W at the output size
	KeepTopProbability Keep = C.SEGENT_KEEP_TOP_PROBABILITY // the largest class probability
	KeepMargin         Keep = C.SEGENT_KEEP_MARGIN          // the largest minus the second largest
)
