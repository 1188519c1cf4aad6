/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The C++ face of libsegent: <segent/segent.h> with owners in the place of pointers, exceptions in
 * the place of statuses, and spans. C++17 or later, and nothing but this header: it calls the C
 * functions, and <segent/api.h> remains the manual of what each of them does.
 *
 *     segent::context context;
 *     const segent::model model = context.load_model("model.pth");
 *     const segent::image image = context.load_image("picture.jpg");
 *     const segent::result result = context.run(model, image);
 *     for (float doubt : result.entropy()) // height x width, row by row, 0 to 1
 *         ...
 *
 * Conventions
 * - Each object owns its C object: it can be moved, not copied, and `get()` lends the C pointer to
 *   functions of <segent/segent.h>. One that was moved from is empty: it can be destroyed and
 *   assigned to, and calls that are given it fail.
 * - A call that fails throws segent::error, which has the status and the library's sentence. Memory
 *   that C++ itself lacks is std::bad_alloc.
 * - Options are plain values whose members are the defaults: `run_options options; options.size =
 *   320;`, or `{.size = 320}` where the language has that (C++20).
 * - Spans and string views borrow: they live as long as the object that gave them. A span is
 *   std::span where there is one, and segent's own small one in C++17. String views end with a NUL.
 * - What a callback throws is caught before it reaches the library, the call is ended as soon as it
 *   can be, and the exception goes on from the function of this header that was called.
 *
 * Thread-safety is that of the C library: a context for one thread at a time, models, images and
 * results for any number of threads. */

#ifndef SEGENT_SEGENT_HPP
#define SEGENT_SEGENT_HPP

#include <segent/segent.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>
#if defined(__has_include)
#    if __has_include(<version>)
#        include <version>
#    endif
#endif
#if defined(__cpp_lib_span)
#    include <span>
#endif

#if defined(__GNUC__)
#    pragma GCC visibility push(default)
#endif

namespace segent {

/* ==== Spans ====
 *
 * The inline namespace keeps the two kinds apart where parts of one program are compiled as C++17
 * and others as C++20. */
#if defined(__cpp_lib_span)
inline namespace with_std_span {

template <typename T> using span = std::span<T>;
#else
inline namespace with_own_span {

/* `size` values side by side that somebody else owns. */
template <typename T> class span {
public:
    using element_type = T;
    using value_type = std::remove_cv_t<T>;

    constexpr span() noexcept = default;
    constexpr span(T *data, std::size_t size) noexcept : data_(data), size_(size) {}
    /* The values of a container, such as an array or a vector. */
    template <
        typename Container,
        typename = std::enable_if_t<std::is_convertible_v<
            std::remove_pointer_t<decltype(std::declval<Container &>().data())> (*)[], T (*)[]>>>
    constexpr span(Container &&container) noexcept
        : data_(container.data()), size_(container.size())
    {
    }

    constexpr T *data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr bool empty() const noexcept { return size_ == 0; }
    constexpr T *begin() const noexcept { return data_; }
    constexpr T *end() const noexcept { return data_ + size_; }
    constexpr T &operator[](std::size_t i) const noexcept { return data_[i]; }

private:
    T *data_ = nullptr;
    std::size_t size_ = 0;
};
#endif

/* ==== Version, enums ==== */

/* The version of the library that runs; SEGENT_VERSION_STRING is the header's. */
inline std::string_view version() noexcept
{
    return segent_version();
}

/* Whether the library has "png", "jpeg", "zlib", "simd", "blas". */
inline bool supports(const char *feature) noexcept
{
    return segent_supports(feature) != 0;
}

enum class log_level : std::int32_t {
    error = SEGENT_LOG_ERROR,
    warning = SEGENT_LOG_WARNING,
    info = SEGENT_LOG_INFO,
    debug = SEGENT_LOG_DEBUG
};
enum class label_type : std::int32_t { u8 = SEGENT_LABEL_U8, u16 = SEGENT_LABEL_U16 };
enum class pixel_format : std::int32_t {
    rgb = SEGENT_PIXEL_RGB,
    bgr = SEGENT_PIXEL_BGR,
    rgba = SEGENT_PIXEL_RGBA,
    bgra = SEGENT_PIXEL_BGRA,
    grey = SEGENT_PIXEL_GREY
};
enum class unit : std::int32_t {
    normalized = SEGENT_UNIT_NORMALIZED,
    nats = SEGENT_UNIT_NATS,
    bits = SEGENT_UNIT_BITS
};
enum class source : std::int32_t {
    logits = SEGENT_SOURCE_LOGITS,
    probabilities = SEGENT_SOURCE_PROBABILITIES
};
enum class measure : std::int32_t {
    entropy = SEGENT_MEASURE_ENTROPY,
    top = SEGENT_MEASURE_TOP,
    margin = SEGENT_MEASURE_MARGIN,
    energy = SEGENT_MEASURE_ENERGY,
    maxlogit = SEGENT_MEASURE_MAXLOGIT
};
enum class colormap : std::int32_t { jet = SEGENT_COLORMAP_JET, viridis = SEGENT_COLORMAP_VIRIDIS };
enum class orientation : std::int32_t {
    automatic = SEGENT_ORIENT_DEFAULT,
    upright = SEGENT_ORIENT_UPRIGHT,
    stored = SEGENT_ORIENT_STORED
};
enum class container : std::int32_t {
    legacy = SEGENT_CONTAINER_LEGACY,
    zip = SEGENT_CONTAINER_ZIP,
    safetensors = SEGENT_CONTAINER_SAFETENSORS,
    packed = SEGENT_CONTAINER_PACKED
};
enum class dtype : std::int32_t {
    unknown = 0,
    f32 = SEGENT_DTYPE_F32,
    f16 = SEGENT_DTYPE_F16,
    bf16 = SEGENT_DTYPE_BF16,
    f64 = SEGENT_DTYPE_F64,
    i64 = SEGENT_DTYPE_I64,
    i32 = SEGENT_DTYPE_I32,
    i16 = SEGENT_DTYPE_I16,
    i8 = SEGENT_DTYPE_I8,
    u8 = SEGENT_DTYPE_U8,
    boolean = SEGENT_DTYPE_BOOL
};
enum class engine : std::int32_t {
    fast = SEGENT_ENGINE_FAST,
    exact = SEGENT_ENGINE_EXACT,
    small = SEGENT_ENGINE_SMALL
};
enum class precision : std::int32_t { f32 = SEGENT_PRECISION_F32, bf16 = SEGENT_PRECISION_BF16 };
enum class output_size : std::int32_t {
    network = SEGENT_OUTPUT_NETWORK,
    original = SEGENT_OUTPUT_ORIGINAL
};

/* The C number of a value of any of these enums. */
template <typename Enum, typename = std::enable_if_t<std::is_enum_v<Enum>>>
constexpr std::int32_t number(Enum value) noexcept
{
    return static_cast<std::int32_t>(value);
}

/* Names as the library has them: "exact" for engine::exact. */
inline std::string_view name(log_level value) noexcept
{
    return segent_log_level_name(number(value));
}
inline std::string_view name(label_type value) noexcept
{
    return segent_label_type_name(number(value));
}
inline std::string_view name(pixel_format value) noexcept
{
    return segent_pixel_format_name(number(value));
}
inline std::string_view name(unit value) noexcept
{
    return segent_unit_name(number(value));
}
inline std::string_view name(source value) noexcept
{
    return segent_source_name(number(value));
}
inline std::string_view name(measure value) noexcept
{
    return segent_measure_name(number(value));
}
inline std::string_view name(colormap value) noexcept
{
    return segent_colormap_name(number(value));
}
inline std::string_view name(orientation value) noexcept
{
    return segent_orientation_name(number(value));
}
inline std::string_view name(container value) noexcept
{
    return segent_container_name(number(value));
}
inline std::string_view name(dtype value) noexcept
{
    return segent_dtype_name(number(value));
}
inline std::string_view name(engine value) noexcept
{
    return segent_engine_name(number(value));
}
inline std::string_view name(precision value) noexcept
{
    return segent_precision_name(number(value));
}
inline std::string_view name(output_size value) noexcept
{
    return segent_output_size_name(number(value));
}

/* ==== Errors ==== */

/* What every call throws that fails. what() is the library's sentence, which names the cause. */
class error : public std::runtime_error {
public:
    /* For functions of the program's that fail as the library does. */
    error(segent_status status, const std::string &sentence)
        : std::runtime_error(sentence), status_(status)
    {
    }

    /* SEGENT_ERROR_NOT_FOUND and so on. */
    segent_status status() const noexcept { return status_; }

private:
    segent_status status_;
};

namespace detail {

/* Throws if a call has failed. `context` is the one that has the sentence, if the call had one. */
inline void check(segent_status status, const segent_context *context = nullptr)
{
    if (status != SEGENT_OK)
        throw error(status, segent_last_error(context));
}

/* A string of the library's, which is NULL where there is none. */
inline std::optional<std::string_view> text_or_none(const char *text) noexcept
{
    return text ? std::optional<std::string_view>(text) : std::nullopt;
}

/* A call of the library that this thread is in. Callbacks leave in it what they throw. */
class call {
public:
    call() noexcept : outer_(innermost()) { innermost() = this; }
    call(const call &) = delete;
    call &operator=(const call &) = delete;
    ~call() { innermost() = outer_; }

    /* Whether a callback has thrown. */
    bool broken() const noexcept { return thrown_ != nullptr; }

    /* Keeps the exception that is being handled, if it is the first one. */
    void keep() noexcept
    {
        if (!thrown_)
            thrown_ = std::current_exception();
    }

    /* The end of the call: throws what a callback threw, or else the failure. `context` is the one
     * that has the sentence. */
    void finish(segent_status status, const segent_context *context)
    {
        if (thrown_)
            std::rethrow_exception(std::exchange(thrown_, nullptr));
        check(status, context);
    }

    /* The call that callbacks on this thread come from. */
    static call *&innermost() noexcept
    {
        static thread_local call *calls = nullptr;
        return calls;
    }

private:
    call *outer_;
    std::exception_ptr thrown_;
};

/* Throws unless there are `rows` x `columns` x `depth` values. */
inline void check_size(std::size_t size, std::int64_t rows, std::int64_t columns,
                       std::int64_t depth)
{
    bool fits = rows > 0 && columns > 0 && depth > 0;
    std::size_t left = size;
    for (const std::int64_t side : {rows, columns, depth}) {
        fits = fits && left % static_cast<std::size_t>(side) == 0;
        left = fits ? left / static_cast<std::size_t>(side) : 0;
    }
    if (!fits || left != 1)
        throw error(SEGENT_ERROR_INVALID_ARGUMENT,
                    "a view of " + std::to_string(rows) + " x " + std::to_string(columns) + " x " +
                        std::to_string(depth) + " values over " + std::to_string(size));
}

/* The unique owner of a C object. */
template <typename Object, void (*destroy)(Object *)> class owner {
public:
    using c_object = Object;

    owner() noexcept = default;
    /* Takes the object over. */
    explicit owner(Object *object) noexcept : object_(object) {}

    /* The C object, which this one goes on owning. */
    Object *get() const noexcept { return object_.get(); }
    explicit operator bool() const noexcept { return object_ != nullptr; }

private:
    struct destroyer {
        void operator()(Object *object) const noexcept { destroy(object); }
    };
    std::unique_ptr<Object, destroyer> object_;
};

} // namespace detail

/* ==== Views of the caller's buffers ====
 *
 * The C structs, which the caller may fill as well (strides count elements, those of pixels bytes).
 * A view of const data is of another type, so that a function which writes does not take it. */

/* A view that is only read: of const data, or of data that could be written. */
template <typename View> class read_only {
public:
    read_only() noexcept = default;
    /* Converts by itself, so that functions which only read take both kinds. */
    read_only(const View &view) noexcept : view_(view) {}

    /* The C struct, for functions of <segent/segent.h> that only read. */
    const View &get() const noexcept { return view_; }
    /* A member of the C struct: `view->width`. */
    const View *operator->() const noexcept { return &view_; }
    /* The first value. */
    std::add_const_t<std::remove_pointer_t<decltype(View::data)>> *data() const noexcept
    {
        return view_.data;
    }

private:
    View view_{};
};

using tensor_view = segent_tensor_view; /* channels x height x width float values */
using map_view = segent_map_view;       /* height x width float values */
using label_view = segent_label_view;   /* height x width class ids */
using pixel_view = segent_pixel_view;   /* height x width pixels of 8-bit samples */
using const_tensor_view = read_only<tensor_view>;
using const_map_view = read_only<map_view>;
using const_label_view = read_only<label_view>;
using const_pixel_view = read_only<pixel_view>;

/* C x H x W, dense: what PyTorch holds. */
inline const_tensor_view chw(const float *data, std::int64_t channels, std::int64_t height,
                             std::int64_t width) noexcept
{
    return segent_tensor_chw(data, channels, height, width);
}
inline tensor_view chw(float *data, std::int64_t channels, std::int64_t height,
                       std::int64_t width) noexcept
{
    return segent_tensor_chw(data, channels, height, width);
}

/* H x W x C, dense: channels last. */
inline const_tensor_view hwc(const float *data, std::int64_t height, std::int64_t width,
                             std::int64_t channels) noexcept
{
    return segent_tensor_hwc(data, height, width, channels);
}
inline tensor_view hwc(float *data, std::int64_t height, std::int64_t width,
                       std::int64_t channels) noexcept
{
    return segent_tensor_hwc(data, height, width, channels);
}

/* H x W values, dense. */
inline const_map_view map(const float *data, std::int64_t height, std::int64_t width) noexcept
{
    return segent_map(data, height, width);
}
inline map_view map(float *data, std::int64_t height, std::int64_t width) noexcept
{
    return segent_map(data, height, width);
}

/* H x W class ids, dense. */
inline const_label_view label_map(const std::uint8_t *data, std::int64_t height,
                                  std::int64_t width) noexcept
{
    return segent_label_map(data, SEGENT_LABEL_U8, height, width);
}
inline label_view label_map(std::uint8_t *data, std::int64_t height, std::int64_t width) noexcept
{
    return segent_label_map(data, SEGENT_LABEL_U8, height, width);
}
inline const_label_view label_map(const std::uint16_t *data, std::int64_t height,
                                  std::int64_t width) noexcept
{
    return segent_label_map(data, SEGENT_LABEL_U16, height, width);
}
inline label_view label_map(std::uint16_t *data, std::int64_t height, std::int64_t width) noexcept
{
    return segent_label_map(data, SEGENT_LABEL_U16, height, width);
}

/* H x W pixels. `row_stride` counts bytes, as cv::Mat::step does; 0: dense. */
inline const_pixel_view pixels(const std::uint8_t *data, pixel_format format, std::int64_t height,
                               std::int64_t width, std::int64_t row_stride = 0) noexcept
{
    segent_pixel_view view = segent_pixels(data, number(format), height, width);
    view.row_stride = row_stride;
    return view;
}
inline pixel_view pixels(std::uint8_t *data, pixel_format format, std::int64_t height,
                         std::int64_t width, std::int64_t row_stride = 0) noexcept
{
    segent_pixel_view view = segent_pixels(data, number(format), height, width);
    view.row_stride = row_stride;
    return view;
}

/* The same of a container that holds exactly as many values, such as a vector or a span; another
 * number of them is an error. */
template <typename Values>
auto chw(Values &&values, std::int64_t channels, std::int64_t height, std::int64_t width)
    -> decltype(chw(values.data(), channels, height, width))
{
    detail::check_size(values.size(), channels, height, width);
    return chw(values.data(), channels, height, width);
}
/* Channels last, of a container that holds exactly as many values. */
template <typename Values>
auto hwc(Values &&values, std::int64_t height, std::int64_t width, std::int64_t channels)
    -> decltype(hwc(values.data(), height, width, channels))
{
    detail::check_size(values.size(), height, width, channels);
    return hwc(values.data(), height, width, channels);
}
/* H x W values of a container that holds exactly as many. */
template <typename Values>
auto map(Values &&values, std::int64_t height, std::int64_t width)
    -> decltype(map(values.data(), height, width))
{
    detail::check_size(values.size(), height, width, 1);
    return map(values.data(), height, width);
}
/* H x W class ids of a container that holds exactly as many. */
template <typename Values>
auto label_map(Values &&values, std::int64_t height, std::int64_t width)
    -> decltype(label_map(values.data(), height, width))
{
    detail::check_size(values.size(), height, width, 1);
    return label_map(values.data(), height, width);
}

/* ==== Options ==== */

/* segent_options. */
struct context_options {
    std::int32_t threads = 0;
    segent_cpu cpu = 0; /* SEGENT_CPU_... */
    /* Called on the thread that called the library; the text ends with a NUL. */
    std::function<void(log_level, std::string_view)> log;
    /* A parallel loop of the program's: calls task(i) for each i below count, and returns when all
     * have returned, also by an exception. */
    std::function<void(std::int32_t count, const std::function<void(std::int32_t)> &task)> parallel;
    /* Set both or neither. They are called until the last object is gone. */
    void *(*allocate)(void *user, std::size_t size) noexcept = nullptr;
    void (*release)(void *user, void *memory) noexcept = nullptr;
    void *allocator_user = nullptr;
    std::int64_t memory_limit = 0;
};

class cancel_flag;

/* segent_image_options. */
struct image_options {
    orientation orient = orientation::automatic;
    std::int32_t background = 0; /* 0xRRGGBB or SEGENT_BACKGROUND_BLACK */
    std::int32_t scan_limit = 0;
    std::int64_t pixel_limit = 0;
    const cancel_flag *cancel = nullptr; /* outlives the call */
};

/* segent_model_options. */
struct model_options {
    std::string prefix;   /* "": the only network */
    std::string settings; /* "rates=6,12,18; size=512" */
    /* Not set: the file beside the checkpoint, if there is one; an empty path: no file. */
    std::optional<std::filesystem::path> settings_file;
    std::filesystem::path path;           /* empty: the checkpoint's */
    std::vector<std::string> class_names; /* empty: the file's */
    bool examine_only = false;
    bool auxiliary = false;
    segent::precision precision = segent::precision::f32; /* of the whole network */
    const cancel_flag *cancel = nullptr;                  /* outlives the call */
};

/* segent_entropy_options. */
struct entropy_options {
    source values = source::logits;
    segent::unit unit = segent::unit::normalized;
    float temperature = 0;
    bool strict = false;
    float tolerance = 0;
};

/* segent_uncertainty_options. */
struct uncertainty_options {
    segent::unit unit = segent::unit::normalized;
    float temperature = 0;
    double undecided_below = 0;
};

/* segent_evaluation_options. */
struct evaluation_options {
    source values = source::logits;
    std::int32_t ignore = 255; /* or SEGENT_IGNORE_NONE */
    float temperature = 0;
};

/* segent_run_options. */
struct run_options {
    std::int32_t size = 0; /* or SEGENT_SIZE_OWN */
    segent::output_size output_size = segent::output_size::network;
    segent::engine engine = segent::engine::fast;
    segent::precision precision = segent::precision::f32; /* f32: whatever the model's is */
    float temperature = 0;
    std::uint32_t keep = 0; /* SEGENT_KEEP_... */
    std::int64_t workspace_limit = 0;
    std::function<bool(double done)> progress; /* true cancels the run */
    const cancel_flag *cancel = nullptr;       /* outlives the run */
};

/* The caller's outputs of `uncertainty_from_logits` and `run_into`, height x width each:
 * `maps.entropy = segent::map(values, height, width)`. A view without data is not made. */
struct uncertainty_maps : segent_uncertainty_maps {
    /* No map yet, of this size each. */
    uncertainty_maps(std::int64_t output_height, std::int64_t output_width) noexcept
        : segent_uncertainty_maps(segent_uncertainty_maps_init())
    {
        height = output_height;
        width = output_width;
    }
};

/* ==== Objects ==== */

/* A picture: RGB pixels. Made by a context. */
class image : public detail::owner<segent_image, segent_image_destroy> {
public:
    using owner::owner;

    std::int32_t width() const noexcept { return segent_image_width(get()); }
    std::int32_t height() const noexcept { return segent_image_height(get()); }
    /* H x W x 3 bytes. */
    span<const std::uint8_t> pixels() const noexcept
    {
        return {segent_image_pixels(get()),
                static_cast<std::size_t>(height()) * static_cast<std::size_t>(width()) * 3};
    }
};

/* Bytes that the library made. */
class buffer : public detail::owner<segent_buffer, segent_buffer_destroy> {
public:
    using owner::owner;

    span<const std::byte> bytes() const noexcept
    {
        return {static_cast<const std::byte *>(segent_buffer_data(get())),
                segent_buffer_size(get())};
    }
};

/* Class ids that were read from a file. */
class labels : public detail::owner<segent_labels, segent_labels_destroy> {
public:
    using owner::owner;

    std::int32_t width() const noexcept { return segent_labels_width(get()); }
    std::int32_t height() const noexcept { return segent_labels_height(get()); }
    label_type type() const noexcept { return static_cast<label_type>(segent_labels_type(get())); }
    const_label_view view() const noexcept
    {
        return segent_label_map(segent_labels_data(get()), number(type()), height(), width());
    }
};

/* Figures of a model against labels. Made by a context, which also adds to it and reads it. */
class evaluation : public detail::owner<segent_evaluation, segent_evaluation_destroy> {
public:
    using owner::owner;
};

/* Ends runs, and the reading of models and pictures, from another thread or from a signal handler.
 * Made by a context. */
class cancel_flag : public detail::owner<segent_cancel, segent_cancel_destroy> {
public:
    using owner::owner;

    void set() noexcept { segent_cancel_set(get()); }
    void reset() noexcept { segent_cancel_reset(get()); }
    bool is_set() const noexcept { return segent_cancel_is_set(get()) != 0; }
};

/* A file of named tensors. Made by a context. */
class checkpoint : public detail::owner<segent_checkpoint, segent_checkpoint_destroy> {
public:
    using owner::owner;

    segent::container container() const noexcept
    {
        return static_cast<segent::container>(segent_checkpoint_container(get()));
    }
    std::int64_t size() const noexcept { return segent_checkpoint_count(get()); }
    /* What safetensors' __metadata__ says of a key. */
    std::optional<std::string_view> metadata(const std::string &key) const
    {
        return detail::text_or_none(segent_checkpoint_metadata(get(), key.c_str()));
    }
    /* Names in a pickle that have no meaning for the library. */
    std::vector<std::string_view> opaque() const
    {
        const std::int64_t count = segent_checkpoint_opaque_count(get());
        std::vector<std::string_view> names;
        for (std::int64_t i = 0; i < count; i++)
            names.emplace_back(segent_checkpoint_opaque(get(), i));
        return names;
    }
};

/* A network, ready to run. Made by a context, for any number of contexts. */
class model : public detail::owner<segent_model, segent_model_destroy> {
public:
    using owner::owner;

    /* One more owner of the same network. */
    model share() const noexcept { return model(get() ? segent_model_retain(get()) : nullptr); }

    /* All facts about it; their strings live as long as the model. */
    segent_model_details details() const
    {
        segent_model_details facts = segent_model_details_init();
        detail::check(segent_model_info(get(), &facts));
        return facts;
    }
    std::string_view architecture() const { return details().architecture; }
    std::int32_t classes() const { return details().classes; }
    std::int64_t parameters() const { return details().parameters; }
    /* "class 7" and so on where the file has no names; "" if there is no such class. */
    std::string_view class_name(std::int32_t id) const noexcept
    {
        return detail::text_or_none(segent_model_class_name(get(), id)).value_or("");
    }
    /* The names of all classes, in the order of their ids. */
    std::vector<std::string_view> class_names() const
    {
        std::vector<std::string_view> names;
        for (std::int32_t id = 0; id < classes(); id++)
            names.push_back(class_name(id));
        return names;
    }
    /* Red, green and blue of each class; empty where nobody says. It lives as long as the model. */
    span<const std::uint8_t> palette() const noexcept
    {
        std::int64_t count = 0;
        const std::uint8_t *first = segent_model_palette(get(), &count);
        return {first, 3 * static_cast<std::size_t>(count)};
    }
    /* "output_stride", "rates", "assumed": segent_model_property. */
    std::optional<std::string_view> property(const std::string &key) const
    {
        return detail::text_or_none(segent_model_property(get(), key.c_str()));
    }
    std::vector<std::string_view> property_keys() const
    {
        std::vector<std::string_view> keys;
        for (std::int32_t i = 0; const char *key = segent_model_property_key(get(), i); i++)
            keys.emplace_back(key);
        return keys;
    }
    /* What torchvision calls the i-th tensor of the checkpoint; none if it is not the network's. */
    std::optional<std::string_view> tensor_name(std::int64_t index) const noexcept
    {
        return detail::text_or_none(segent_model_tensor_name(get(), index));
    }
};

/* Labels, entropy map and sums of a picture. All maps are dense, row by row. */
class result : public detail::owner<segent_result, segent_result_destroy> {
public:
    using owner::owner;

    std::int32_t width() const noexcept { return segent_result_width(get()); }
    std::int32_t height() const noexcept { return segent_result_height(get()); }
    std::int32_t classes() const noexcept { return segent_result_classes(get()); }

    /* H x W class ids of a network of at most 256 classes; of more they are `labels_u16`. */
    span<const std::uint8_t> labels() const { return ids<std::uint8_t>(segent::label_type::u8); }
    /* H x W class ids of a network of more than 256 classes. */
    span<const std::uint16_t> labels_u16() const
    {
        return ids<std::uint16_t>(segent::label_type::u16);
    }
    segent::label_type label_type() const noexcept
    {
        return static_cast<segent::label_type>(segent_result_label_type(get()));
    }
    /* H x W, 0 to 1. */
    span<const float> entropy() const noexcept { return maps(segent_result_entropy(get()), 1); }

    /* These four are C x H x W and H x W; empty if run_options.keep did not ask for them. */
    span<const float> logits() const noexcept
    {
        return maps(segent_result_logits(get()), classes());
    }
    span<const float> probabilities() const noexcept
    {
        return maps(segent_result_probabilities(get()), classes());
    }
    span<const float> top_probability() const noexcept
    {
        return maps(segent_result_top_probability(get()), 1);
    }
    span<const float> margin() const noexcept { return maps(segent_result_margin(get()), 1); }

    /* A view of the labels of either type, for functions that take one. */
    const_label_view label_view() const noexcept { return segent_result_label_view(get()); }
    /* A view of entropy(). */
    const_map_view entropy_view() const noexcept { return segent_result_entropy_view(get()); }

    /* The network's own logits, C x h x w. */
    const_tensor_view lowres_logits() const noexcept { return lowres(segent_result_lowres_logits); }
    /* Those of the auxiliary classifier, without data if the model was not made with it. */
    const_tensor_view auxiliary_logits() const noexcept
    {
        return lowres(segent_result_auxiliary_logits);
    }
    /* The picture as the network saw it: resized, before normalising. */
    const_pixel_view input() const noexcept
    {
        const segent_image *seen = segent_result_input(get());
        return segent::pixels(segent_image_pixels(seen), pixel_format::rgb,
                              segent_image_height(seen), segent_image_width(seen));
    }

    segent_entropy_summary summary() const
    {
        segent_entropy_summary sums = segent_entropy_summary_init();
        detail::check(segent_result_summary(get(), &sums));
        return sums;
    }
    /* One entry for each class. */
    span<const segent_class_statistics> statistics() const noexcept
    {
        std::int64_t count = 0;
        const segent_class_statistics *first = segent_result_statistics(get(), &count);
        return {first, static_cast<std::size_t>(count)};
    }
    segent_timings timings() const
    {
        segent_timings seconds = segent_timings_init();
        detail::check(segent_result_timings(get(), &seconds));
        return seconds;
    }

private:
    template <typename Id> span<const Id> ids(segent::label_type wanted) const
    {
        if (label_type() != wanted)
            throw error(SEGENT_ERROR_UNSUPPORTED, "the labels of " + std::to_string(classes()) +
                                                      " classes are not of " +
                                                      std::string(name(wanted)));
        return {static_cast<const Id *>(segent_result_labels(get())), pixel_count()};
    }
    std::size_t pixel_count() const noexcept
    {
        return static_cast<std::size_t>(height()) * static_cast<std::size_t>(width());
    }
    template <typename Function> const_tensor_view lowres(Function *function) const noexcept
    {
        std::int32_t height = 0, width = 0;
        const float *data = function(get(), &height, &width);
        return data ? chw(data, classes(), height, width) : const_tensor_view();
    }
    span<const float> maps(const float *data, std::int32_t count) const noexcept
    {
        return data ? span<const float>(data, pixel_count() * static_cast<std::size_t>(count))
                    : span<const float>();
    }
};

/* What a network is given: a picture, the caller's pixels, or three channels that are already
 * resized and normalised. Borrows from it. */
class input {
public:
    /* A picture. */
    input(const image &picture) noexcept { input_.image = picture.get(); }
    /* The caller's pixels, in any format and with any stride. */
    input(const const_pixel_view &pixels) noexcept { input_.pixels = pixels.get(); }
    /* The caller's pixels, in any format and with any stride. */
    input(const pixel_view &pixels) noexcept { input_.pixels = pixels; }
    /* Three channels, resized and normalised. */
    input(const const_tensor_view &tensor) noexcept { input_.tensor = tensor.get(); }
    /* Three channels, resized and normalised. */
    input(const tensor_view &tensor) noexcept { input_.tensor = tensor; }

    /* The C struct, for functions of <segent/segent.h>. */
    const segent_input *get() const noexcept { return &input_; }

private:
    segent_input input_ = segent_input_init();
};

/* ==== Functions without a context ==== */

/* Width and height of a picture whose shorter side becomes `size`: segent_image_fit. */
inline std::pair<std::int32_t, std::int32_t> fit(std::int32_t width, std::int32_t height,
                                                 std::int32_t size)
{
    std::pair<std::int32_t, std::int32_t> fitted;
    detail::check(segent_image_fit(width, height, size, &fitted.first, &fitted.second));
    return fitted;
}

/* `count` colours of the VOC palette, red, green and blue side by side. */
inline std::vector<std::uint8_t> voc_palette(std::int64_t count)
{
    std::vector<std::uint8_t> rgb(count > 0 ? static_cast<std::size_t>(count) * 3 : 0);
    detail::check(segent_palette_voc(rgb.data(), count));
    return rgb;
}

/* ==== Context ==== */

namespace detail {

/* A C context and the callbacks that it calls, at an address that stays. A call in progress is one
 * of its owners, so that a callback may let go of the context that it is called from. */
struct host {
    segent_context *context = nullptr;
    std::function<void(log_level, std::string_view)> log;
    std::function<void(std::int32_t, const std::function<void(std::int32_t)> &)> parallel;
    std::function<void(const segent_layer_info &)> layer;

    host() = default;
    host(const host &) = delete;
    host &operator=(const host &) = delete;
    ~host() { segent_context_destroy(context); }
};

/* Calls a callback for the library and keeps what it throws for the call that this thread is in,
 * after which it is not called again. Where there is no such call, because the program called a C
 * function with get(), an exception has nowhere to go and ends the program. */
template <typename Callback> void guarded(Callback &&callback) noexcept
{
    call *from = call::innermost();
    if (!from) {
        callback();
    } else if (!from->broken()) {
        try {
            callback();
        } catch (...) {
            from->keep();
        }
    }
}

inline void on_log(void *user, segent_log_level level, const char *message) noexcept
{
    guarded([&] { static_cast<host *>(user)->log(static_cast<log_level>(level), message); });
}

/* Tasks that the program's loop left out are done by the library when this returns. */
inline void on_parallel(void *user, std::int32_t count, segent_task_fn task,
                        void *argument) noexcept
{
    guarded([&] {
        static_cast<host *>(user)->parallel(
            count, [task, argument](std::int32_t i) { task(argument, i); });
    });
}

inline void on_layer(void *user, const segent_layer_info *layer) noexcept
{
    guarded([&] { static_cast<host *>(user)->layer(*layer); });
}

/* Ends the run if the program says so, or as soon as any callback has thrown. */
inline std::int32_t on_progress(void *user, double done) noexcept
{
    const auto *options = static_cast<const run_options *>(user);
    bool stop = false;
    guarded([&] { stop = options->progress && options->progress(done); });
    const call *from = call::innermost();
    return stop || (from && from->broken()) ? 1 : 0;
}

inline const char *text_or_null(const std::string &text) noexcept
{
    return text.empty() ? nullptr : text.c_str();
}

/* ---- options as the library takes them; what they point to is the caller's ---- */

inline segent_image_options c_options(const image_options &options) noexcept
{
    segent_image_options c = segent_image_options_init();
    c.orient = number(options.orient);
    c.background = options.background;
    c.scan_limit = options.scan_limit;
    c.pixel_limit = options.pixel_limit;
    c.cancel = options.cancel ? options.cancel->get() : nullptr;
    return c;
}

inline segent_entropy_options c_options(const entropy_options &options) noexcept
{
    segent_entropy_options c = segent_entropy_options_init();
    c.source = number(options.values);
    c.unit = number(options.unit);
    c.temperature = options.temperature;
    c.strict = options.strict ? 1 : 0;
    c.tolerance = options.tolerance;
    return c;
}

inline segent_evaluation_options c_options(const evaluation_options &options)
{
    segent_evaluation_options c = segent_evaluation_options_init();
    c.source = number(options.values);
    c.ignore = options.ignore == 0 ? SEGENT_IGNORE_ZERO : options.ignore;
    c.temperature = options.temperature;
    return c;
}

inline segent_uncertainty_options c_options(const uncertainty_options &options) noexcept
{
    segent_uncertainty_options c = segent_uncertainty_options_init();
    c.unit = number(options.unit);
    c.temperature = options.temperature;
    c.undecided_below = options.undecided_below;
    return c;
}

inline segent_run_options c_options(const run_options &options) noexcept
{
    segent_run_options c = segent_run_options_init();
    c.size = options.size;
    c.output_size = number(options.output_size);
    c.engine = number(options.engine);
    c.precision = number(options.precision);
    c.temperature = options.temperature;
    c.keep = options.keep;
    c.workspace_limit = options.workspace_limit;
    c.progress = on_progress;
    c.progress_user = const_cast<run_options *>(&options);
    c.cancel = options.cancel ? options.cancel->get() : nullptr;
    return c;
}

/* segent_model_options, and the strings in it. */
class c_model_options {
public:
    explicit c_model_options(const model_options &options)
        : settings_file_(options.settings_file ? options.settings_file->string() : std::string()),
          path_(options.path.string())
    {
        for (const std::string &text : options.class_names)
            names_.push_back(text.c_str());
        c_.prefix = text_or_null(options.prefix);
        c_.settings = text_or_null(options.settings);
        c_.settings_file = options.settings_file ? settings_file_.c_str() : nullptr;
        c_.path = text_or_null(path_);
        c_.class_names = names_.empty() ? nullptr : names_.data();
        c_.class_name_count = static_cast<std::int64_t>(names_.size());
        c_.examine_only = options.examine_only ? 1 : 0;
        c_.auxiliary = options.auxiliary ? 1 : 0;
        c_.precision = number(options.precision);
        c_.cancel = options.cancel ? options.cancel->get() : nullptr;
    }
    c_model_options(const c_model_options &) = delete;
    c_model_options &operator=(const c_model_options &) = delete;

    const segent_model_options *get() const noexcept { return &c_; }

private:
    segent_model_options c_ = segent_model_options_init();
    std::string settings_file_, path_;
    std::vector<const char *> names_;
};

/* The number of colours in a palette of the caller's. */
inline std::int64_t colours(span<const std::uint8_t> palette)
{
    if (palette.size() % 3 != 0)
        throw error(SEGENT_ERROR_INVALID_ARGUMENT,
                    "a palette of " + std::to_string(palette.size()) + " bytes, 3 a colour");
    return static_cast<std::int64_t>(palette.size() / 3);
}

} // namespace detail

/* Settings, threads, working memory. Everything is made and computed by one. */
class context {
public:
    explicit context(const context_options &options = {}) : host_(std::make_shared<detail::host>())
    {
        host_->log = options.log;
        host_->parallel = options.parallel;
        segent_options c = segent_options_init();
        c.threads = options.threads;
        c.cpu = options.cpu;
        c.allocate = options.allocate;
        c.release = options.release;
        c.allocator_user = options.allocator_user;
        c.log = options.log ? detail::on_log : nullptr;
        c.log_user = host_.get();
        c.parallel = options.parallel ? detail::on_parallel : nullptr;
        c.parallel_user = host_.get();
        c.memory_limit = options.memory_limit;
        detail::call frame;
        frame.finish(segent_context_create(&c, &host_->context), nullptr);
    }
    context(const context &) = delete;
    context &operator=(const context &) = delete;
    context(context &&) noexcept = default;
    context &operator=(context &&) noexcept = default;
    ~context() = default;

    /* The C context, which this one goes on owning. */
    segent_context *get() const noexcept { return host_ ? host_->context : nullptr; }

    /* Processor, instruction sets, threads; the strings live as long as the context. */
    segent_cpu_info cpu_info() const
    {
        segent_cpu_info info = segent_cpu_info_init();
        detail::check(segent_context_cpu_info(get(), &info), get());
        return info;
    }
    /* Frees the working memory that is kept for the next call. */
    void trim()
    {
        work([](segent_context *c) { return segent_context_trim(c); });
    }
    /* The sentence of the last failure, which the exception had; also from another thread. */
    std::string last_error() const
    {
        std::string text(segent_last_error_copy(get(), nullptr, 0) + 1, '\0');
        std::size_t length = segent_last_error_copy(get(), text.data(), text.size());
        while (length >= text.size()) { /* another call has failed meanwhile */
            text.assign(length + 1, '\0');
            length = segent_last_error_copy(get(), text.data(), text.size());
        }
        text.resize(length);
        return text;
    }
    cancel_flag make_cancel_flag()
    {
        return make<cancel_flag>(
            [](segent_context *c, segent_cancel **made) { return segent_cancel_create(c, made); });
    }

    /* ---- pictures and files ---- */

    image load_image(const std::filesystem::path &path, const image_options &options = {})
    {
        const segent_image_options o = detail::c_options(options);
        return make<image>([&, name = path.string()](segent_context *c, segent_image **made) {
            return segent_image_load(c, name.c_str(), &o, made);
        });
    }
    /* The same from a file's bytes in memory. */
    image load_image_memory(const void *data, std::size_t size, const image_options &options = {})
    {
        const segent_image_options o = detail::c_options(options);
        return make<image>([&](segent_context *c, segent_image **made) {
            return segent_image_load_memory(c, data, size, &o, made);
        });
    }
    /* A picture with a copy of these pixels. */
    image make_image(const const_pixel_view &pixels)
    {
        return make<image>([&](segent_context *c, segent_image **made) {
            return segent_image_from_pixels(c, &pixels.get(), made);
        });
    }
    image resize(const image &picture, std::int32_t width, std::int32_t height)
    {
        return make<image>([&](segent_context *c, segent_image **made) {
            return segent_image_resize(c, picture.get(), width, height, made);
        });
    }
    /* Writes a model ready to run: segent_model_pack. */
    void pack(const model &network, const std::filesystem::path &path,
              const std::string &source = {}, const std::string &source_sha256 = {})
    {
        const auto or_null = [](const std::string &text) {
            return text.empty() ? nullptr : text.c_str();
        };
        work([&, name = path.string()](segent_context *c) {
            return segent_model_pack(c, network.get(), name.c_str(), or_null(source),
                                     or_null(source_sha256));
        });
    }
    void save_png(const image &picture, const std::filesystem::path &path)
    {
        work([&, name = path.string()](segent_context *c) {
            return segent_image_save_png(c, picture.get(), name.c_str());
        });
    }
    /* Writes class ids, with VOC's colours or those of a palette (3 bytes each). */
    void save_png(const const_label_view &ids, const std::filesystem::path &path,
                  span<const std::uint8_t> palette = {})
    {
        const std::int64_t count = detail::colours(palette);
        work([&, name = path.string()](segent_context *c) {
            return segent_labels_save_png(c, &ids.get(), palette.data(), count, name.c_str());
        });
    }
    buffer encode_png(const image &picture)
    {
        return make<buffer>([&](segent_context *c, segent_buffer **made) {
            return segent_image_encode_png(c, picture.get(), made);
        });
    }
    buffer encode_png(const const_label_view &ids, span<const std::uint8_t> palette = {})
    {
        const std::int64_t count = detail::colours(palette);
        return make<buffer>([&](segent_context *c, segent_buffer **made) {
            return segent_labels_encode_png(c, &ids.get(), palette.data(), count, made);
        });
    }
    /* Writes values as a NumPy file. */
    void save_npy(const const_map_view &values, const std::filesystem::path &path)
    {
        work([&, name = path.string()](segent_context *c) {
            return segent_map_save_npy(c, &values.get(), name.c_str());
        });
    }
    void save_npy(const const_tensor_view &values, const std::filesystem::path &path)
    {
        work([&, name = path.string()](segent_context *c) {
            return segent_tensor_save_npy(c, &values.get(), name.c_str());
        });
    }
    /* Reads class ids back from a PNG file. */
    segent::labels load_labels(const std::filesystem::path &path, const image_options &limits = {})
    {
        const segent_image_options o = detail::c_options(limits);
        return make<segent::labels>(
            [&, name = path.string()](segent_context *c, segent_labels **made) {
                return segent_labels_load_png(c, name.c_str(), &o, made);
            });
    }
    segent::labels load_labels_memory(const void *data, std::size_t size,
                                      const image_options &limits = {})
    {
        const segent_image_options o = detail::c_options(limits);
        return make<segent::labels>([&](segent_context *c, segent_labels **made) {
            return segent_labels_load_png_memory(c, data, size, &o, made);
        });
    }

    /* ---- checkpoints and models ---- */

    checkpoint load_checkpoint(const std::filesystem::path &path)
    {
        return make<checkpoint>(
            [&, name = path.string()](segent_context *c, segent_checkpoint **made) {
                return segent_checkpoint_load(c, name.c_str(), made);
            });
    }
    /* The same from memory, which must stay as it is until the checkpoint is gone. */
    checkpoint load_checkpoint_memory(const void *data, std::size_t size)
    {
        return make<checkpoint>([&](segent_context *c, segent_checkpoint **made) {
            return segent_checkpoint_load_memory(c, data, size, made);
        });
    }
    /* EXPERIMENTAL: seeded weights of a network, as segent_checkpoint_seeded makes them. */
    checkpoint make_checkpoint(const std::string &architecture, std::uint64_t seed)
    {
        return make<checkpoint>([&](segent_context *c, segent_checkpoint **made) {
            return segent_checkpoint_seeded(c, architecture.c_str(), seed, made);
        });
    }
    /* What the i-th tensor is; its name lives as long as the checkpoint. */
    segent_tensor_info tensor(const checkpoint &file, std::int64_t index)
    {
        segent_tensor_info info = segent_tensor_info_init();
        work([&](segent_context *c) {
            return segent_checkpoint_tensor(c, file.get(), index, &info);
        });
        return info;
    }
    /* Reads the i-th tensor's values, dense in C order: as many as it has elements. */
    void read(const checkpoint &file, std::int64_t index, span<float> values)
    {
        work([&](segent_context *c) {
            return segent_checkpoint_read(c, file.get(), index, values.data(),
                                          static_cast<std::int64_t>(values.size()));
        });
    }

    model load_model(const std::filesystem::path &path, const model_options &options = {})
    {
        const detail::c_model_options o(options);
        return make<model>([&, name = path.string()](segent_context *c, segent_model **made) {
            return segent_model_load(c, name.c_str(), o.get(), made);
        });
    }
    /* The same from a file's bytes in memory, which are not kept. */
    model load_model_memory(const void *data, std::size_t size, const model_options &options = {})
    {
        const detail::c_model_options o(options);
        return make<model>([&](segent_context *c, segent_model **made) {
            return segent_model_load_memory(c, data, size, o.get(), made);
        });
    }
    model load_model(const checkpoint &file, const model_options &options = {})
    {
        const detail::c_model_options o(options);
        return make<model>([&](segent_context *c, segent_model **made) {
            return segent_model_from_checkpoint(c, file.get(), o.get(), made);
        });
    }
    /* Bytes of working memory that a run at this network size takes. */
    std::int64_t model_memory(const model &network, std::int32_t width, std::int32_t height,
                              const run_options &options = {})
    {
        const segent_run_options o = detail::c_options(options);
        std::int64_t bytes = 0;
        work([&](segent_context *c) {
            return segent_model_memory(c, network.get(), width, height, &o, &bytes);
        });
        return bytes;
    }

    /* ---- running ---- */

    result run(const model &network, const image &picture, const run_options &options = {})
    {
        const segent_run_options o = detail::c_options(options);
        return make<result>([&](segent_context *c, segent_result **made) {
            return segent_run(c, network.get(), picture.get(), &o, made);
        });
    }
    /* A run into the caller's buffers; nothing is allocated after the first input of a size. */
    segent_entropy_summary run_into(const model &network, const input &given,
                                    const uncertainty_maps &maps, const run_options &options = {})
    {
        const segent_run_options o = detail::c_options(options);
        return summed([&](segent_context *c, segent_entropy_summary *sums) {
            return segent_run_into(c, network.get(), given.get(), &o, &maps, sums);
        });
    }
    /* The network alone: its own logits, at the network's resolution. */
    void logits(const model &network, const input &given, const tensor_view &values,
                const run_options &options = {})
    {
        const segent_run_options o = detail::c_options(options);
        work([&](segent_context *c) {
            return segent_model_logits(c, network.get(), given.get(), &o, &values);
        });
    }
    /* EXPERIMENTAL: reports each step of this context's runs; an empty function ends that. */
    void report_layers(std::function<void(const segent_layer_info &)> layer)
    {
        work([&](segent_context *c) {
            const segent_layer_fn function = layer ? detail::on_layer : nullptr;
            const segent_status status = segent_context_report_layers(c, function, host_.get());
            if (status == SEGENT_OK)
                host_->layer.swap(layer);
            return status;
        });
    }

    /* ---- uncertainty, on the caller's buffers ---- */

    void softmax(const const_tensor_view &logits, const tensor_view &probabilities)
    {
        work([&](segent_context *c) { return segent_softmax(c, &logits.get(), &probabilities); });
    }
    void entropy_map(const const_tensor_view &values, const map_view &entropy,
                     const entropy_options &options = {})
    {
        const segent_entropy_options o = detail::c_options(options);
        work([&](segent_context *c) { return segent_entropy_map(c, &values.get(), &o, &entropy); });
    }
    segent_entropy_summary image_entropy(const const_map_view &entropy)
    {
        return summed([&](segent_context *c, segent_entropy_summary *sums) {
            return segent_image_entropy(c, &entropy.get(), nullptr, sums);
        });
    }
    /* The same without the pixels where `ignore` is not 0. */
    segent_entropy_summary image_entropy(const const_map_view &entropy,
                                         const const_label_view &ignore)
    {
        return summed([&](segent_context *c, segent_entropy_summary *sums) {
            return segent_image_entropy(c, &entropy.get(), &ignore.get(), sums);
        });
    }
    void argmax(const const_tensor_view &values, const label_view &ids)
    {
        work([&](segent_context *c) { return segent_argmax(c, &values.get(), &ids); });
    }
    segent_entropy_summary uncertainty_from_logits(const const_tensor_view &logits,
                                                   const uncertainty_maps &maps,
                                                   const uncertainty_options &options = {})
    {
        const segent_uncertainty_options o = detail::c_options(options);
        return summed([&](segent_context *c, segent_entropy_summary *sums) {
            return segent_uncertainty_from_logits(c, &logits.get(), &o, &maps, sums);
        });
    }
    /* Gives one entry for each class. */
    std::vector<segent_class_statistics> statistics_per_class(const const_label_view &ids,
                                                              const const_map_view &entropy,
                                                              std::size_t classes)
    {
        std::vector<segent_class_statistics> found(classes);
        const segent_map_view *values = entropy.data() ? &entropy.get() : nullptr;
        work([&](segent_context *c) {
            return segent_statistics_per_class(c, &ids.get(), values, found.data(),
                                               static_cast<std::int64_t>(classes));
        });
        return found;
    }

    /* ---- figures against labels ---- */

    /* An evaluation in which nothing is counted. */
    evaluation make_evaluation(std::int32_t classes, const evaluation_options &options = {})
    {
        const segent_evaluation_options o = detail::c_options(options);
        return make<evaluation>([&](segent_context *c, segent_evaluation **made) {
            return segent_evaluation_create(c, classes, &o, made);
        });
    }
    /* Counts one picture. */
    void add(const evaluation &to, const const_label_view &ids, const const_tensor_view &values)
    {
        work([&](segent_context *c) {
            return segent_evaluation_add(c, to.get(), &ids.get(), &values.get());
        });
    }
    /* Counts all that another evaluation has counted. */
    void merge(const evaluation &to, const evaluation &other)
    {
        work([&](segent_context *c) { return segent_evaluation_merge(c, to.get(), other.get()); });
    }
    void save(const evaluation &state, const std::filesystem::path &path)
    {
        work([&, name = path.string()](segent_context *c) {
            return segent_evaluation_save(c, state.get(), name.c_str());
        });
    }
    evaluation load_evaluation(const std::filesystem::path &path)
    {
        return make<evaluation>(
            [&, name = path.string()](segent_context *c, segent_evaluation **made) {
                return segent_evaluation_load(c, name.c_str(), made);
            });
    }
    segent_figures figures(const evaluation &of)
    {
        segent_figures found = segent_figures_init();
        work([&](segent_context *c) { return segent_evaluation_figures(c, of.get(), &found); });
        return found;
    }
    segent_class_figures class_figures(const evaluation &of, std::int32_t id)
    {
        segent_class_figures found = segent_class_figures_init();
        work([&](segent_context *c) {
            return segent_evaluation_class_figures(c, of.get(), id, &found);
        });
        return found;
    }
    segent_measure_figures measure_figures(const evaluation &of, measure doubt)
    {
        segent_measure_figures found = segent_measure_figures_init();
        work([&](segent_context *c) {
            return segent_evaluation_measure_figures(c, of.get(), number(doubt), &found);
        });
        return found;
    }

    /* ---- colours ---- */

    /* Gives class ids VOC's colours or those of a palette (3 bytes each). */
    void palette_decode(const const_label_view &ids, const pixel_view &pixels,
                        span<const std::uint8_t> palette = {})
    {
        const std::int64_t count = detail::colours(palette);
        work([&](segent_context *c) {
            return segent_palette_decode(c, &ids.get(), palette.data(), count, &pixels);
        });
    }
    void colormap_apply(const const_map_view &values, colormap colours, float low, float high,
                        const pixel_view &pixels)
    {
        work([&](segent_context *c) {
            return segent_colormap_apply(c, &values.get(), number(colours), low, high, &pixels);
        });
    }

private:
    template <typename Function> void work(Function &&function)
    {
        const std::shared_ptr<detail::host> kept = host_;
        segent_context *const c = kept ? kept->context : nullptr;
        detail::call frame;
        const segent_status status = function(c);
        frame.finish(status, c);
    }
    /* `work` for functions that make an object, which is freed where a callback has thrown. */
    template <typename Object, typename Function> Object make(Function &&function)
    {
        Object made;
        work([&](segent_context *c) {
            typename Object::c_object *object = nullptr;
            const segent_status status = function(c, &object);
            made = Object(object);
            return status;
        });
        return made;
    }
    /* `work` for functions that sum an entropy map up. */
    template <typename Function> segent_entropy_summary summed(Function &&function)
    {
        segent_entropy_summary sums = segent_entropy_summary_init();
        work([&](segent_context *c) { return function(c, &sums); });
        return sums;
    }

    std::shared_ptr<detail::host> host_;
};

} // inline namespace
} // namespace segent

#if defined(__GNUC__)
#    pragma GCC visibility pop
#endif

#endif
