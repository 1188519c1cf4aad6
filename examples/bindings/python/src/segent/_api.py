# SPDX-License-Identifier: BSD-2-Clause
# Made by generate.py from docs/segent.json; changes belong there.
"""What <segent/api.h> declares, for ctypes. Pointers to opaque objects and to values are c_void_p."""
from __future__ import annotations

import ctypes as c
import enum
from typing import Any, Callable, Optional

VERSION = "0.9.0"
BACKGROUND_BLACK = 16777216
SIZE_OWN = -1
RANK_MAX = 8


class Status(enum.IntEnum):
    """A status is what a function returns. Codes are spaced, explicit and append-only; a program should treat any code but
    SEGENT_OK as a failure."""
    OK = 0
    ERROR_INVALID_ARGUMENT = 10
    ERROR_UNSUPPORTED = 11
    ERROR_BUSY = 12
    ERROR_OUT_OF_MEMORY = 20
    ERROR_LIMIT = 21
    ERROR_NOT_FINITE = 30
    ERROR_NOT_PROBABILITY = 31
    ERROR_IO = 40
    ERROR_NOT_FOUND = 41
    ERROR_FORMAT = 50
    ERROR_TRUNCATED = 51
    ERROR_FORBIDDEN = 52
    ERROR_MODEL = 60
    ERROR_CANCELLED = 70
    ERROR_INTERNAL = 90


class LogLevel(enum.IntEnum):
    """Severity of a log message."""
    ERROR = 0
    WARNING = 1
    INFO = 2
    DEBUG = 3


class Cpu(enum.IntFlag):
    """Instruction sets, a bit each: a set of them is the sum of its bits. Bits are added as kernels are; a set that has one
    also has those that it is built on, whether they were named or not (AVX512 has AVX2, and each has plain C)."""
    REF = 1
    AVX2 = 2
    AVX512 = 4
    NEON = 8
    AVX512_BF16 = 16
    AMX = 32
    NEON_BF16 = 64


class LabelType(enum.IntEnum):
    """Element type of a map of class ids."""
    U8 = 0
    U16 = 1


class PixelFormat(enum.IntEnum):
    """Order of a pixel's samples, a byte each."""
    RGB = 0
    BGR = 1
    RGBA = 2
    BGRA = 3
    GREY = 4


class Unit(enum.IntEnum):
    """Unit of an entropy."""
    NORMALIZED = 0
    NATS = 1
    BITS = 2


class Source(enum.IntEnum):
    """Whether the values given to segent_entropy_map are logits or probabilities."""
    LOGITS = 0
    PROBABILITIES = 1


class Measure(enum.IntEnum):
    """Measures of doubt of a pixel, from its logits z at temperature T and its probabilities p: all of them grow with doubt."""
    ENTROPY = 0
    TOP = 1
    MARGIN = 2
    ENERGY = 3
    MAXLOGIT = 4


class Ignore(enum.IntEnum):
    """In the place of an ignored id: every pixel counts; and the id 0, which as 0 stands for the default."""
    NONE = -1
    ZERO = -2


class Colormap(enum.IntEnum):
    """Colour maps of 256 entries."""
    JET = 0
    VIRIDIS = 1


class Orientation(enum.IntEnum):
    """Which way up a picture is."""
    DEFAULT = 0
    UPRIGHT = 1
    STORED = 2


class Container(enum.IntEnum):
    """Form of a file of tensors."""
    LEGACY = 1
    ZIP = 2
    SAFETENSORS = 3
    PACKED = 4


class Dtype(enum.IntEnum):
    """Element types of tensors. 0 is one that is not read, such as float8."""
    F32 = 1
    F16 = 2
    BF16 = 3
    F64 = 4
    I64 = 5
    I32 = 6
    I16 = 7
    I8 = 8
    U8 = 9
    BOOL = 10


class Precision(enum.IntEnum):
    """Type of the numbers that the network computes with."""
    F32 = 0
    BF16 = 1


class Engine(enum.IntEnum):
    """How convolutions are done. Weights are packed once and serve all of them."""
    FAST = 0
    EXACT = 1
    SMALL = 2


class OutputSize(enum.IntEnum):
    """Size of the outputs."""
    NETWORK = 0
    ORIGINAL = 1


class Keep(enum.IntFlag):
    """What a segent_result keeps beside labels, entropy and sums; a bit mask."""
    LOGITS = 1
    PROBABILITIES = 2
    TOP_PROBABILITY = 4
    MARGIN = 8


class CpuInfo(c.Structure):
    """The processor, the instruction sets and the threads that a context works with. Strings are owned by the context and live
    as long as it does."""
    struct_size: int
    processor: Optional[bytes]
    kernels: Optional[bytes]
    blas: Optional[bytes]
    detected: int
    used: int
    threads: int
    reserved_word: int
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("processor", c.c_char_p), ("kernels", c.c_char_p), ("blas", c.c_char_p),
                ("detected", c.c_uint32), ("used", c.c_uint32), ("threads", c.c_int32), ("reserved_word", c.c_int32),
                ("reserved", c.c_uint64 * 4)]


class TensorView(c.Structure):
    """C x H x W float32 values: logits or probabilities of C classes, or a network's input of three colours. Value (c, y, x) is
    data[c * channel_stride + y * row_stride + x * column_stride]; all strides 0: dense (C, H, W), as PyTorch holds it."""
    data: Optional[int]
    channels: int
    height: int
    width: int
    channel_stride: int
    row_stride: int
    column_stride: int
    _fields_ = [("data", c.c_void_p), ("channels", c.c_int64), ("height", c.c_int64), ("width", c.c_int64),
                ("channel_stride", c.c_int64), ("row_stride", c.c_int64), ("column_stride", c.c_int64)]


class MapView(c.Structure):
    """H x W float32 values, one a pixel: value (y, x) is data[y * row_stride + x * column_stride]."""
    data: Optional[int]
    height: int
    width: int
    row_stride: int
    column_stride: int
    _fields_ = [("data", c.c_void_p), ("height", c.c_int64), ("width", c.c_int64), ("row_stride", c.c_int64),
                ("column_stride", c.c_int64)]


class LabelView(c.Structure):
    """H x W class ids."""
    data: Optional[int]
    height: int
    width: int
    row_stride: int
    column_stride: int
    type: int
    reserved: int
    _fields_ = [("data", c.c_void_p), ("height", c.c_int64), ("width", c.c_int64), ("row_stride", c.c_int64),
                ("column_stride", c.c_int64), ("type", c.c_int32), ("reserved", c.c_int32)]


class PixelView(c.Structure):
    """H x W pixels of 8-bit samples, those of a pixel side by side and pixels side by side."""
    data: Optional[int]
    height: int
    width: int
    row_stride: int
    format: int
    reserved: int
    _fields_ = [("data", c.c_void_p), ("height", c.c_int64), ("width", c.c_int64), ("row_stride", c.c_int64),
                ("format", c.c_int32), ("reserved", c.c_int32)]


class EntropyOptions(c.Structure):
    """Options of segent_entropy_map."""
    struct_size: int
    source: int
    unit: int
    temperature: float
    strict: int
    tolerance: float
    reserved_word: int
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("source", c.c_int32), ("unit", c.c_int32), ("temperature", c.c_float),
                ("strict", c.c_int32), ("tolerance", c.c_float), ("reserved_word", c.c_int32), ("reserved", c.c_uint64 * 4)]


class EntropySummary(c.Structure):
    """Sums over an entropy map, in double, added row by row: the same for any number of threads."""
    struct_size: int
    pixels: int
    sum: float
    mean: float
    minimum: float
    maximum: float
    sum_nats: float
    undecided: int
    undecided_below: float
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("pixels", c.c_int64), ("sum", c.c_double), ("mean", c.c_double),
                ("minimum", c.c_double), ("maximum", c.c_double), ("sum_nats", c.c_double), ("undecided", c.c_int64),
                ("undecided_below", c.c_double), ("reserved", c.c_uint64 * 2)]


class UncertaintyOptions(c.Structure):
    """Options of segent_uncertainty_from_logits."""
    struct_size: int
    unit: int
    temperature: float
    undecided_below: float
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("unit", c.c_int32), ("temperature", c.c_float), ("undecided_below", c.c_double),
                ("reserved", c.c_uint64 * 3)]


class UncertaintyMaps(c.Structure):
    """The caller's outputs for segent_uncertainty_from_logits and segent_run_into. A view without data is not made. Sizes of a
    view are either those given here (and the number of classes), or 0, which stands for them."""
    struct_size: int
    height: int
    width: int
    labels: LabelView
    entropy: MapView
    top_probability: MapView
    margin: MapView
    logits: TensorView
    probabilities: TensorView
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("height", c.c_int64), ("width", c.c_int64), ("labels", LabelView),
                ("entropy", MapView), ("top_probability", MapView), ("margin", MapView), ("logits", TensorView),
                ("probabilities", TensorView), ("reserved", c.c_uint64 * 4)]


class ClassStatistics(c.Structure):
    """Figures of one class over a picture. A plain value, frozen for ever."""
    pixels: int
    entropy_mean: float
    _fields_ = [("pixels", c.c_int64), ("entropy_mean", c.c_double)]


class EvaluationOptions(c.Structure):
    """Options of an evaluation."""
    struct_size: int
    source: int
    ignore: int
    temperature: float
    reserved_word: int
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("source", c.c_int32), ("ignore", c.c_int32), ("temperature", c.c_float),
                ("reserved_word", c.c_int32), ("reserved", c.c_uint64 * 4)]


class Figures(c.Structure):
    """Figures over all pixels that are not ignored. What is not defined is NaN: everything but the counts where there are no
    pixels."""
    struct_size: int
    images: int
    pixels: int
    classes: int
    ignore: int
    source: int
    temperature: float
    pixel_accuracy: float
    mean_iou: float
    ece: float
    ace: float
    brier: float
    nll: float
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("images", c.c_int64), ("pixels", c.c_int64), ("classes", c.c_int32),
                ("ignore", c.c_int32), ("source", c.c_int32), ("temperature", c.c_float), ("pixel_accuracy", c.c_double),
                ("mean_iou", c.c_double), ("ece", c.c_double), ("ace", c.c_double), ("brier", c.c_double), ("nll", c.c_double),
                ("reserved", c.c_uint64 * 4)]


class ClassFigures(c.Structure):
    """Figures of one class."""
    struct_size: int
    pixels: int
    predicted: int
    right: int
    iou: float
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("pixels", c.c_int64), ("predicted", c.c_int64), ("right", c.c_int64),
                ("iou", c.c_double), ("reserved", c.c_uint64 * 4)]


class MeasureFigures(c.Structure):
    """How well a measure of doubt finds the pixels whose predicted class is wrong, which are the positives. Pixels of equal
    doubt are taken together. The first three are NaN if no pixel is wrong or none is right."""
    struct_size: int
    auroc: float
    aupr: float
    fpr95: float
    aurc: float
    eaurc: float
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("auroc", c.c_double), ("aupr", c.c_double), ("fpr95", c.c_double),
                ("aurc", c.c_double), ("eaurc", c.c_double), ("reserved", c.c_uint64 * 4)]


class ImageOptions(c.Structure):
    """Options of reading a picture."""
    struct_size: int
    orient: int
    background: int
    scan_limit: int
    reserved_word: int
    pixel_limit: int
    cancel: Optional[int]
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("orient", c.c_int32), ("background", c.c_int32), ("scan_limit", c.c_int32),
                ("reserved_word", c.c_int32), ("pixel_limit", c.c_int64), ("cancel", c.c_void_p), ("reserved", c.c_uint64 * 3)]


class TensorInfo(c.Structure):
    """One tensor of a checkpoint. `name` is NUL-terminated and owned by the checkpoint: the keys that lead to it, joined by
    dots. What DistributedDataParallel, torch.compile and the like add to names ("module.", "_orig_mod.") is already gone,
    unless two names would be the same. Strides count elements and need not be contiguous. A tensor of dtype 0 is listed, but
    reading it is SEGENT_ERROR_UNSUPPORTED."""
    struct_size: int
    name: Optional[bytes]
    dtype: int
    rank: int
    shape: c.Array[c.c_int64]
    stride: c.Array[c.c_int64]
    elements: int
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("name", c.c_char_p), ("dtype", c.c_int32), ("rank", c.c_int32),
                ("shape", c.c_int64 * 8), ("stride", c.c_int64 * 8), ("elements", c.c_int64), ("reserved", c.c_uint64 * 4)]


class ModelOptions(c.Structure):
    """Options of making a model."""
    struct_size: int
    prefix: Optional[bytes]
    settings: Optional[bytes]
    settings_file: Optional[bytes]
    path: Optional[bytes]
    class_names: Any
    class_name_count: int
    examine_only: int
    auxiliary: int
    cancel: Optional[int]
    precision: int
    reserved_word: int
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("prefix", c.c_char_p), ("settings", c.c_char_p), ("settings_file", c.c_char_p),
                ("path", c.c_char_p), ("class_names", c.POINTER(c.c_char_p)), ("class_name_count", c.c_int64),
                ("examine_only", c.c_int32), ("auxiliary", c.c_int32), ("cancel", c.c_void_p), ("precision", c.c_int32),
                ("reserved_word", c.c_int32), ("reserved", c.c_uint64 * 2)]


class ModelDetails(c.Structure):
    """The facts of a model. Strings are owned by the model."""
    struct_size: int
    architecture: Optional[bytes]
    backbone: Optional[bytes]
    head: Optional[bytes]
    description: Optional[bytes]
    prefix: Optional[bytes]
    settings_file: Optional[bytes]
    classes: int
    output_stride: int
    size: int
    temperature: float
    container: int
    examined_only: int
    auxiliary: int
    precision: int
    parameters: int
    parameters_in_file: int
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("architecture", c.c_char_p), ("backbone", c.c_char_p), ("head", c.c_char_p),
                ("description", c.c_char_p), ("prefix", c.c_char_p), ("settings_file", c.c_char_p), ("classes", c.c_int32),
                ("output_stride", c.c_int32), ("size", c.c_int32), ("temperature", c.c_float), ("container", c.c_int32),
                ("examined_only", c.c_int32), ("auxiliary", c.c_int32), ("precision", c.c_int32), ("parameters", c.c_int64),
                ("parameters_in_file", c.c_int64), ("reserved", c.c_uint64 * 4)]


class Input(c.Structure):
    """The input of a network: one of the three is given, the others have no data."""
    struct_size: int
    image: Optional[int]
    pixels: PixelView
    tensor: TensorView
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("image", c.c_void_p), ("pixels", PixelView), ("tensor", TensorView),
                ("reserved", c.c_uint64 * 4)]


class Timings(c.Structure):
    """Seconds that the stages of a run took."""
    struct_size: int
    preprocess: float
    network: float
    head: float
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("preprocess", c.c_double), ("network", c.c_double), ("head", c.c_double),
                ("reserved", c.c_uint64 * 4)]


class LayerInfo(c.Structure):
    """How one step of the network was done."""
    struct_size: int
    name: Optional[bytes]
    algorithm: Optional[bytes]
    kernel: Optional[bytes]
    inputs: int
    outputs: int
    width: int
    height: int
    kernel_size: int
    stride: int
    dilation: int
    reserved: int
    multiply_adds: float
    seconds: float
    _fields_ = [("struct_size", c.c_size_t), ("name", c.c_char_p), ("algorithm", c.c_char_p), ("kernel", c.c_char_p),
                ("inputs", c.c_int32), ("outputs", c.c_int32), ("width", c.c_int32), ("height", c.c_int32),
                ("kernel_size", c.c_int32), ("stride", c.c_int32), ("dilation", c.c_int32), ("reserved", c.c_int32),
                ("multiply_adds", c.c_double), ("seconds", c.c_double)]


AllocateFn = c.CFUNCTYPE(c.c_void_p, c.c_void_p, c.c_size_t)
ReleaseFn = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p)
LogFn = c.CFUNCTYPE(None, c.c_void_p, c.c_int32, c.c_char_p)
TaskFn = c.CFUNCTYPE(None, c.c_void_p, c.c_int32)
ParallelFn = c.CFUNCTYPE(None, c.c_void_p, c.c_int32, TaskFn, c.c_void_p)
ProgressFn = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.c_double)
LayerFn = c.CFUNCTYPE(None, c.c_void_p, c.POINTER(LayerInfo))


class Options(c.Structure):
    """Settings of a context."""
    struct_size: int
    threads: int
    cpu: int
    allocate: Any
    release: Any
    allocator_user: Optional[int]
    log: Any
    log_user: Optional[int]
    parallel: Any
    parallel_user: Optional[int]
    memory_limit: int
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("threads", c.c_int32), ("cpu", c.c_uint32), ("allocate", AllocateFn),
                ("release", ReleaseFn), ("allocator_user", c.c_void_p), ("log", LogFn), ("log_user", c.c_void_p),
                ("parallel", ParallelFn), ("parallel_user", c.c_void_p), ("memory_limit", c.c_int64),
                ("reserved", c.c_uint64 * 4)]


class RunOptions(c.Structure):
    """Options of a run."""
    struct_size: int
    size: int
    output_size: int
    engine: int
    precision: int
    temperature: float
    keep: int
    workspace_limit: int
    progress: Any
    progress_user: Optional[int]
    cancel: Optional[int]
    reserved: c.Array[c.c_uint64]
    _fields_ = [("struct_size", c.c_size_t), ("size", c.c_int32), ("output_size", c.c_int32), ("engine", c.c_int32),
                ("precision", c.c_int32), ("temperature", c.c_float), ("keep", c.c_uint32), ("workspace_limit", c.c_int64),
                ("progress", ProgressFn), ("progress_user", c.c_void_p), ("cancel", c.c_void_p), ("reserved", c.c_uint64 * 4)]


class Functions:
    """The library's functions. A library that lacks one is another version: AttributeError."""
    segent_version: Callable[..., Optional[bytes]]
    segent_supports: Callable[..., int]
    segent_status_string: Callable[..., Optional[bytes]]
    segent_log_level_name: Callable[..., Optional[bytes]]
    segent_cpu_name: Callable[..., Optional[bytes]]
    segent_context_create: Callable[..., int]
    segent_context_destroy: Callable[..., None]
    segent_context_trim: Callable[..., int]
    segent_last_error: Callable[..., Optional[bytes]]
    segent_last_error_copy: Callable[..., int]
    segent_cancel_create: Callable[..., int]
    segent_cancel_set: Callable[..., None]
    segent_cancel_reset: Callable[..., None]
    segent_cancel_is_set: Callable[..., int]
    segent_cancel_destroy: Callable[..., None]
    segent_context_cpu_info: Callable[..., int]
    segent_label_type_name: Callable[..., Optional[bytes]]
    segent_pixel_format_name: Callable[..., Optional[bytes]]
    segent_unit_name: Callable[..., Optional[bytes]]
    segent_source_name: Callable[..., Optional[bytes]]
    segent_softmax: Callable[..., int]
    segent_entropy_map: Callable[..., int]
    segent_image_entropy: Callable[..., int]
    segent_argmax: Callable[..., int]
    segent_uncertainty_from_logits: Callable[..., int]
    segent_statistics_per_class: Callable[..., int]
    segent_measure_name: Callable[..., Optional[bytes]]
    segent_evaluation_create: Callable[..., int]
    segent_evaluation_add: Callable[..., int]
    segent_evaluation_merge: Callable[..., int]
    segent_evaluation_save: Callable[..., int]
    segent_evaluation_load: Callable[..., int]
    segent_evaluation_figures: Callable[..., int]
    segent_evaluation_class_figures: Callable[..., int]
    segent_evaluation_measure_figures: Callable[..., int]
    segent_evaluation_destroy: Callable[..., None]
    segent_palette_voc: Callable[..., int]
    segent_palette_decode: Callable[..., int]
    segent_colormap_name: Callable[..., Optional[bytes]]
    segent_colormap_apply: Callable[..., int]
    segent_orientation_name: Callable[..., Optional[bytes]]
    segent_image_load: Callable[..., int]
    segent_image_load_memory: Callable[..., int]
    segent_image_from_pixels: Callable[..., int]
    segent_image_resize: Callable[..., int]
    segent_image_fit: Callable[..., int]
    segent_image_width: Callable[..., int]
    segent_image_height: Callable[..., int]
    segent_image_pixels: Callable[..., Optional[int]]
    segent_image_destroy: Callable[..., None]
    segent_image_save_png: Callable[..., int]
    segent_labels_save_png: Callable[..., int]
    segent_map_save_npy: Callable[..., int]
    segent_tensor_save_npy: Callable[..., int]
    segent_buffer_data: Callable[..., Optional[int]]
    segent_buffer_size: Callable[..., int]
    segent_buffer_destroy: Callable[..., None]
    segent_image_encode_png: Callable[..., int]
    segent_labels_encode_png: Callable[..., int]
    segent_labels_load_png: Callable[..., int]
    segent_labels_load_png_memory: Callable[..., int]
    segent_labels_width: Callable[..., int]
    segent_labels_height: Callable[..., int]
    segent_labels_type: Callable[..., int]
    segent_labels_data: Callable[..., Optional[int]]
    segent_labels_destroy: Callable[..., None]
    segent_container_name: Callable[..., Optional[bytes]]
    segent_dtype_name: Callable[..., Optional[bytes]]
    segent_checkpoint_load: Callable[..., int]
    segent_checkpoint_load_memory: Callable[..., int]
    segent_checkpoint_container: Callable[..., int]
    segent_checkpoint_count: Callable[..., int]
    segent_checkpoint_tensor: Callable[..., int]
    segent_checkpoint_metadata: Callable[..., Optional[bytes]]
    segent_checkpoint_opaque_count: Callable[..., int]
    segent_checkpoint_opaque: Callable[..., Optional[bytes]]
    segent_checkpoint_read: Callable[..., int]
    segent_checkpoint_destroy: Callable[..., None]
    segent_precision_name: Callable[..., Optional[bytes]]
    segent_model_load: Callable[..., int]
    segent_model_load_memory: Callable[..., int]
    segent_model_from_checkpoint: Callable[..., int]
    segent_model_retain: Callable[..., Optional[int]]
    segent_model_destroy: Callable[..., None]
    segent_model_pack: Callable[..., int]
    segent_model_info: Callable[..., int]
    segent_model_property: Callable[..., Optional[bytes]]
    segent_model_property_key: Callable[..., Optional[bytes]]
    segent_model_tensor_name: Callable[..., Optional[bytes]]
    segent_model_class_name: Callable[..., Optional[bytes]]
    segent_model_palette: Callable[..., Optional[int]]
    segent_engine_name: Callable[..., Optional[bytes]]
    segent_output_size_name: Callable[..., Optional[bytes]]
    segent_model_memory: Callable[..., int]
    segent_run: Callable[..., int]
    segent_run_into: Callable[..., int]
    segent_model_logits: Callable[..., int]
    segent_result_width: Callable[..., int]
    segent_result_height: Callable[..., int]
    segent_result_classes: Callable[..., int]
    segent_result_label_type: Callable[..., int]
    segent_result_labels: Callable[..., Optional[int]]
    segent_result_entropy: Callable[..., Optional[int]]
    segent_result_logits: Callable[..., Optional[int]]
    segent_result_probabilities: Callable[..., Optional[int]]
    segent_result_top_probability: Callable[..., Optional[int]]
    segent_result_margin: Callable[..., Optional[int]]
    segent_result_lowres_logits: Callable[..., Optional[int]]
    segent_result_auxiliary_logits: Callable[..., Optional[int]]
    segent_result_input: Callable[..., Optional[int]]
    segent_result_summary: Callable[..., int]
    segent_result_statistics: Callable[..., Optional[int]]
    segent_result_timings: Callable[..., int]
    segent_result_destroy: Callable[..., None]
    segent_options_defaults: Callable[..., None]
    segent_cpu_info_defaults: Callable[..., None]
    segent_entropy_options_defaults: Callable[..., None]
    segent_entropy_summary_defaults: Callable[..., None]
    segent_uncertainty_options_defaults: Callable[..., None]
    segent_uncertainty_maps_defaults: Callable[..., None]
    segent_image_options_defaults: Callable[..., None]
    segent_tensor_info_defaults: Callable[..., None]
    segent_model_options_defaults: Callable[..., None]
    segent_model_details_defaults: Callable[..., None]
    segent_run_options_defaults: Callable[..., None]
    segent_input_defaults: Callable[..., None]
    segent_timings_defaults: Callable[..., None]
    segent_evaluation_options_defaults: Callable[..., None]
    segent_figures_defaults: Callable[..., None]
    segent_class_figures_defaults: Callable[..., None]
    segent_measure_figures_defaults: Callable[..., None]
    segent_context_report_layers: Callable[..., int]
    segent_checkpoint_seeded: Callable[..., int]

    def __init__(self, library: c.CDLL) -> None:
        for name, (returns, parameters) in PROTOTYPES.items():
            function = getattr(library, name)
            function.restype, function.argtypes = returns, parameters
            setattr(self, name, function)


PROTOTYPES: dict[str, tuple[Any, list[Any]]] = {
    "segent_version": (c.c_char_p, []),
    "segent_supports": (c.c_int32, [c.c_char_p]),
    "segent_status_string": (c.c_char_p, [c.c_int32]),
    "segent_log_level_name": (c.c_char_p, [c.c_int32]),
    "segent_cpu_name": (c.c_char_p, [c.c_uint32]),
    "segent_context_create": (c.c_int32, [c.POINTER(Options), c.POINTER(c.c_void_p)]),
    "segent_context_destroy": (None, [c.c_void_p]),
    "segent_context_trim": (c.c_int32, [c.c_void_p]),
    "segent_last_error": (c.c_char_p, [c.c_void_p]),
    "segent_last_error_copy": (c.c_size_t, [c.c_void_p, c.c_char_p, c.c_size_t]),
    "segent_cancel_create": (c.c_int32, [c.c_void_p, c.POINTER(c.c_void_p)]),
    "segent_cancel_set": (None, [c.c_void_p]),
    "segent_cancel_reset": (None, [c.c_void_p]),
    "segent_cancel_is_set": (c.c_int32, [c.c_void_p]),
    "segent_cancel_destroy": (None, [c.c_void_p]),
    "segent_context_cpu_info": (c.c_int32, [c.c_void_p, c.POINTER(CpuInfo)]),
    "segent_label_type_name": (c.c_char_p, [c.c_int32]),
    "segent_pixel_format_name": (c.c_char_p, [c.c_int32]),
    "segent_unit_name": (c.c_char_p, [c.c_int32]),
    "segent_source_name": (c.c_char_p, [c.c_int32]),
    "segent_softmax": (c.c_int32, [c.c_void_p, c.POINTER(TensorView), c.POINTER(TensorView)]),
    "segent_entropy_map": (c.c_int32, [c.c_void_p, c.POINTER(TensorView), c.POINTER(EntropyOptions), c.POINTER(MapView)]),
    "segent_image_entropy": (c.c_int32, [c.c_void_p, c.POINTER(MapView), c.POINTER(LabelView), c.POINTER(EntropySummary)]),
    "segent_argmax": (c.c_int32, [c.c_void_p, c.POINTER(TensorView), c.POINTER(LabelView)]),
    "segent_uncertainty_from_logits": (c.c_int32, [c.c_void_p, c.POINTER(TensorView), c.POINTER(UncertaintyOptions),
                                                   c.POINTER(UncertaintyMaps), c.POINTER(EntropySummary)]),
    "segent_statistics_per_class": (c.c_int32, [c.c_void_p, c.POINTER(LabelView), c.POINTER(MapView),
                                                c.POINTER(ClassStatistics), c.c_int64]),
    "segent_measure_name": (c.c_char_p, [c.c_int32]),
    "segent_evaluation_create": (c.c_int32, [c.c_void_p, c.c_int32, c.POINTER(EvaluationOptions), c.POINTER(c.c_void_p)]),
    "segent_evaluation_add": (c.c_int32, [c.c_void_p, c.c_void_p, c.POINTER(LabelView), c.POINTER(TensorView)]),
    "segent_evaluation_merge": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_void_p]),
    "segent_evaluation_save": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_char_p]),
    "segent_evaluation_load": (c.c_int32, [c.c_void_p, c.c_char_p, c.POINTER(c.c_void_p)]),
    "segent_evaluation_figures": (c.c_int32, [c.c_void_p, c.c_void_p, c.POINTER(Figures)]),
    "segent_evaluation_class_figures": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_int32, c.POINTER(ClassFigures)]),
    "segent_evaluation_measure_figures": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_int32, c.POINTER(MeasureFigures)]),
    "segent_evaluation_destroy": (None, [c.c_void_p]),
    "segent_palette_voc": (c.c_int32, [c.c_void_p, c.c_int64]),
    "segent_palette_decode": (c.c_int32, [c.c_void_p, c.POINTER(LabelView), c.c_void_p, c.c_int64, c.POINTER(PixelView)]),
    "segent_colormap_name": (c.c_char_p, [c.c_int32]),
    "segent_colormap_apply": (c.c_int32, [c.c_void_p, c.POINTER(MapView), c.c_int32, c.c_float, c.c_float,
                                          c.POINTER(PixelView)]),
    "segent_orientation_name": (c.c_char_p, [c.c_int32]),
    "segent_image_load": (c.c_int32, [c.c_void_p, c.c_char_p, c.POINTER(ImageOptions), c.POINTER(c.c_void_p)]),
    "segent_image_load_memory": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_size_t, c.POINTER(ImageOptions),
                                             c.POINTER(c.c_void_p)]),
    "segent_image_from_pixels": (c.c_int32, [c.c_void_p, c.POINTER(PixelView), c.POINTER(c.c_void_p)]),
    "segent_image_resize": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_int32, c.c_int32, c.POINTER(c.c_void_p)]),
    "segent_image_fit": (c.c_int32, [c.c_int32, c.c_int32, c.c_int32, c.POINTER(c.c_int32), c.POINTER(c.c_int32)]),
    "segent_image_width": (c.c_int32, [c.c_void_p]),
    "segent_image_height": (c.c_int32, [c.c_void_p]),
    "segent_image_pixels": (c.c_void_p, [c.c_void_p]),
    "segent_image_destroy": (None, [c.c_void_p]),
    "segent_image_save_png": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_char_p]),
    "segent_labels_save_png": (c.c_int32, [c.c_void_p, c.POINTER(LabelView), c.c_void_p, c.c_int64, c.c_char_p]),
    "segent_map_save_npy": (c.c_int32, [c.c_void_p, c.POINTER(MapView), c.c_char_p]),
    "segent_tensor_save_npy": (c.c_int32, [c.c_void_p, c.POINTER(TensorView), c.c_char_p]),
    "segent_buffer_data": (c.c_void_p, [c.c_void_p]),
    "segent_buffer_size": (c.c_size_t, [c.c_void_p]),
    "segent_buffer_destroy": (None, [c.c_void_p]),
    "segent_image_encode_png": (c.c_int32, [c.c_void_p, c.c_void_p, c.POINTER(c.c_void_p)]),
    "segent_labels_encode_png": (c.c_int32, [c.c_void_p, c.POINTER(LabelView), c.c_void_p, c.c_int64, c.POINTER(c.c_void_p)]),
    "segent_labels_load_png": (c.c_int32, [c.c_void_p, c.c_char_p, c.POINTER(ImageOptions), c.POINTER(c.c_void_p)]),
    "segent_labels_load_png_memory": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_size_t, c.POINTER(ImageOptions),
                                                  c.POINTER(c.c_void_p)]),
    "segent_labels_width": (c.c_int32, [c.c_void_p]),
    "segent_labels_height": (c.c_int32, [c.c_void_p]),
    "segent_labels_type": (c.c_int32, [c.c_void_p]),
    "segent_labels_data": (c.c_void_p, [c.c_void_p]),
    "segent_labels_destroy": (None, [c.c_void_p]),
    "segent_container_name": (c.c_char_p, [c.c_int32]),
    "segent_dtype_name": (c.c_char_p, [c.c_int32]),
    "segent_checkpoint_load": (c.c_int32, [c.c_void_p, c.c_char_p, c.POINTER(c.c_void_p)]),
    "segent_checkpoint_load_memory": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_size_t, c.POINTER(c.c_void_p)]),
    "segent_checkpoint_container": (c.c_int32, [c.c_void_p]),
    "segent_checkpoint_count": (c.c_int64, [c.c_void_p]),
    "segent_checkpoint_tensor": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_int64, c.POINTER(TensorInfo)]),
    "segent_checkpoint_metadata": (c.c_char_p, [c.c_void_p, c.c_char_p]),
    "segent_checkpoint_opaque_count": (c.c_int64, [c.c_void_p]),
    "segent_checkpoint_opaque": (c.c_char_p, [c.c_void_p, c.c_int64]),
    "segent_checkpoint_read": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_int64, c.c_void_p, c.c_int64]),
    "segent_checkpoint_destroy": (None, [c.c_void_p]),
    "segent_precision_name": (c.c_char_p, [c.c_int32]),
    "segent_model_load": (c.c_int32, [c.c_void_p, c.c_char_p, c.POINTER(ModelOptions), c.POINTER(c.c_void_p)]),
    "segent_model_load_memory": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_size_t, c.POINTER(ModelOptions),
                                             c.POINTER(c.c_void_p)]),
    "segent_model_from_checkpoint": (c.c_int32, [c.c_void_p, c.c_void_p, c.POINTER(ModelOptions), c.POINTER(c.c_void_p)]),
    "segent_model_retain": (c.c_void_p, [c.c_void_p]),
    "segent_model_destroy": (None, [c.c_void_p]),
    "segent_model_pack": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_char_p, c.c_char_p, c.c_char_p]),
    "segent_model_info": (c.c_int32, [c.c_void_p, c.POINTER(ModelDetails)]),
    "segent_model_property": (c.c_char_p, [c.c_void_p, c.c_char_p]),
    "segent_model_property_key": (c.c_char_p, [c.c_void_p, c.c_int32]),
    "segent_model_tensor_name": (c.c_char_p, [c.c_void_p, c.c_int64]),
    "segent_model_class_name": (c.c_char_p, [c.c_void_p, c.c_int32]),
    "segent_model_palette": (c.c_void_p, [c.c_void_p, c.POINTER(c.c_int64)]),
    "segent_engine_name": (c.c_char_p, [c.c_int32]),
    "segent_output_size_name": (c.c_char_p, [c.c_int32]),
    "segent_model_memory": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_int32, c.c_int32, c.POINTER(RunOptions),
                                        c.POINTER(c.c_int64)]),
    "segent_run": (c.c_int32, [c.c_void_p, c.c_void_p, c.c_void_p, c.POINTER(RunOptions), c.POINTER(c.c_void_p)]),
    "segent_run_into": (c.c_int32, [c.c_void_p, c.c_void_p, c.POINTER(Input), c.POINTER(RunOptions),
                                    c.POINTER(UncertaintyMaps), c.POINTER(EntropySummary)]),
    "segent_model_logits": (c.c_int32, [c.c_void_p, c.c_void_p, c.POINTER(Input), c.POINTER(RunOptions), c.POINTER(TensorView)]),
    "segent_result_width": (c.c_int32, [c.c_void_p]),
    "segent_result_height": (c.c_int32, [c.c_void_p]),
    "segent_result_classes": (c.c_int32, [c.c_void_p]),
    "segent_result_label_type": (c.c_int32, [c.c_void_p]),
    "segent_result_labels": (c.c_void_p, [c.c_void_p]),
    "segent_result_entropy": (c.c_void_p, [c.c_void_p]),
    "segent_result_logits": (c.c_void_p, [c.c_void_p]),
    "segent_result_probabilities": (c.c_void_p, [c.c_void_p]),
    "segent_result_top_probability": (c.c_void_p, [c.c_void_p]),
    "segent_result_margin": (c.c_void_p, [c.c_void_p]),
    "segent_result_lowres_logits": (c.c_void_p, [c.c_void_p, c.POINTER(c.c_int32), c.POINTER(c.c_int32)]),
    "segent_result_auxiliary_logits": (c.c_void_p, [c.c_void_p, c.POINTER(c.c_int32), c.POINTER(c.c_int32)]),
    "segent_result_input": (c.c_void_p, [c.c_void_p]),
    "segent_result_summary": (c.c_int32, [c.c_void_p, c.POINTER(EntropySummary)]),
    "segent_result_statistics": (c.c_void_p, [c.c_void_p, c.POINTER(c.c_int64)]),
    "segent_result_timings": (c.c_int32, [c.c_void_p, c.POINTER(Timings)]),
    "segent_result_destroy": (None, [c.c_void_p]),
    "segent_options_defaults": (None, [c.POINTER(Options)]),
    "segent_cpu_info_defaults": (None, [c.POINTER(CpuInfo)]),
    "segent_entropy_options_defaults": (None, [c.POINTER(EntropyOptions)]),
    "segent_entropy_summary_defaults": (None, [c.POINTER(EntropySummary)]),
    "segent_uncertainty_options_defaults": (None, [c.POINTER(UncertaintyOptions)]),
    "segent_uncertainty_maps_defaults": (None, [c.POINTER(UncertaintyMaps)]),
    "segent_image_options_defaults": (None, [c.POINTER(ImageOptions)]),
    "segent_tensor_info_defaults": (None, [c.POINTER(TensorInfo)]),
    "segent_model_options_defaults": (None, [c.POINTER(ModelOptions)]),
    "segent_model_details_defaults": (None, [c.POINTER(ModelDetails)]),
    "segent_run_options_defaults": (None, [c.POINTER(RunOptions)]),
    "segent_input_defaults": (None, [c.POINTER(Input)]),
    "segent_timings_defaults": (None, [c.POINTER(Timings)]),
    "segent_evaluation_options_defaults": (None, [c.POINTER(EvaluationOptions)]),
    "segent_figures_defaults": (None, [c.POINTER(Figures)]),
    "segent_class_figures_defaults": (None, [c.POINTER(ClassFigures)]),
    "segent_measure_figures_defaults": (None, [c.POINTER(MeasureFigures)]),
    "segent_context_report_layers": (c.c_int32, [c.c_void_p, LayerFn, c.c_void_p]),
    "segent_checkpoint_seeded": (c.c_int32, [c.c_void_p, c.c_char_p, c.c_uint64, c.POINTER(c.c_void_p)]),
}
