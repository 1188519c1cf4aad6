// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors

// What <segent/segent.hpp> promises, with a model and a picture of the caller's: test MODEL PICTURE

#include <segent/segent.hpp>

#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

int failures = 0;

#define CHECK(condition)                                                        \
    do {                                                                        \
        if (!(condition)) {                                                     \
            std::fprintf(stderr, "line %d: wrong: %s\n", __LINE__, #condition); \
            failures++;                                                         \
        }                                                                       \
    } while (0)

// The status of the segent::error that a call throws; SEGENT_OK if it throws none.
template <typename Function> segent_status status_of(Function &&function)
{
    try {
        function();
    } catch (const segent::error &error) {
        CHECK(std::strlen(error.what()) > 0);
        return error.status();
    }
    return SEGENT_OK;
}

// What the program's own callbacks throw.
struct from_callback {
    int number;
};

template <typename Function> int thrown_by(Function &&function)
{
    try {
        function();
    } catch (const from_callback &thrown) {
        return thrown.number;
    }
    return 0;
}

// ---- what the compiler can be asked ----

template <typename T>
constexpr bool only_moves =
    std::is_nothrow_move_constructible_v<T> &&std::is_nothrow_move_assignable_v<T> &&
    !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;
static_assert(only_moves<segent::context> && only_moves<segent::model> &&
              only_moves<segent::image>);
static_assert(only_moves<segent::result> && only_moves<segent::checkpoint> &&
              only_moves<segent::cancel_flag>);
static_assert(only_moves<segent::buffer> && only_moves<segent::labels>);
static_assert(std::is_base_of_v<std::runtime_error, segent::error>);

// A view of const data is no view to write to.
using read_view = decltype(segent::map(std::declval<const float *>(), 1, 1));
using write_view = decltype(segent::map(std::declval<float *>(), 1, 1));
static_assert(!std::is_convertible_v<read_view, segent::map_view>);
static_assert(std::is_convertible_v<write_view, segent::const_map_view>);
static_assert(std::is_same_v<
              decltype(segent::map(std::declval<const std::vector<float> &>(), 1, 1)), read_view>);

// Spans are made of containers, and never of const ones where they could be written.
static_assert(std::is_convertible_v<std::vector<float> &, segent::span<float>>);
static_assert(std::is_convertible_v<segent::span<float>, segent::span<const float>>);
static_assert(!std::is_convertible_v<const std::vector<float> &, segent::span<float>>);

// ---- the caller's own buffers ----

void own_buffers(segent::context &context)
{
    const std::array<float, 6> logits = {0.5f, 0.0f, 0.5f, 200.0f, 0.5f, 0.0f}; // 3 x 1 x 2
    const auto values = segent::chw(logits, 3, 1, 2);
    std::vector<float> entropy(2), softmax(6);
    std::vector<std::uint8_t> ids(2), colours(6), shades(6);

    context.softmax(values, segent::chw(softmax, 3, 1, 2));
    CHECK(std::fabs(softmax[0] - 1.0f / 3.0f) < 1e-6f);
    context.entropy_map(values, segent::map(entropy, 1, 2));
    CHECK(std::fabs(entropy[0] - 1.0f) < 1e-6f && std::fabs(entropy[1]) < 1e-6f);
    const segent_entropy_summary sums = context.image_entropy(segent::map(entropy, 1, 2));
    CHECK(sums.pixels == 2 && std::fabs(sums.mean - 0.5) < 1e-6);

    context.argmax(values, segent::label_map(ids, 1, 2));
    CHECK(ids[0] == 0 && ids[1] == 1);
    const segent_entropy_summary first =
        context.image_entropy(segent::map(entropy, 1, 2), segent::label_map(ids, 1, 2));
    CHECK(first.pixels == 1 && std::fabs(first.mean - 1.0) < 1e-6);
    const auto statistics =
        context.statistics_per_class(segent::label_map(ids, 1, 2), segent::map(entropy, 1, 2), 3);
    CHECK(statistics.size() == 3 && statistics[0].pixels == 1 && statistics[2].pixels == 0);

    const auto rgb = segent::pixel_format::rgb;
    context.palette_decode(segent::label_map(ids, 1, 2), segent::pixels(colours.data(), rgb, 1, 2));
    CHECK(colours[0] == 0 && colours[3] == 128);
    const std::array<std::uint8_t, 6> palette = {9, 8, 7, 6, 5, 4};
    context.palette_decode(segent::label_map(ids, 1, 2), segent::pixels(colours.data(), rgb, 1, 2),
                           palette);
    CHECK(colours[0] == 9 && colours[3] == 6);
    context.colormap_apply(segent::map(entropy, 1, 2), segent::colormap::jet, 0, 1,
                           segent::pixels(shades.data(), rgb, 1, 2));
    CHECK(shades[0] > 0 && shades[2] == 0 && shades[5] > 0);
    CHECK(segent::voc_palette(2) == (std::vector<std::uint8_t>{0, 0, 0, 128, 0, 0}));

    std::vector<float> doubt(4 * 6);
    segent::uncertainty_maps maps(4, 6);
    maps.entropy = segent::map(doubt, 4, 6);
    const segent_entropy_summary larger = context.uncertainty_from_logits(values, maps);
    CHECK(larger.pixels == 24 && doubt.front() > 0.999f && doubt.back() < 0.001f);

    segent::entropy_options bits;
    bits.unit = segent::unit::bits;
    context.entropy_map(values, segent::map(entropy, 1, 2), bits);
    CHECK(std::fabs(entropy[0] - std::log2(3.0f)) < 1e-6f);
#if __cplusplus >= 202002L
    context.entropy_map(values, segent::map(entropy, 1, 2), {.unit = segent::unit::nats});
    CHECK(std::fabs(entropy[0] - std::log(3.0f)) < 1e-6f);
#endif
}

void errors(segent::context &context)
{
    CHECK(status_of([&] { context.load_model("/no/such/model.pth"); }) == SEGENT_ERROR_NOT_FOUND);
    try {
        context.load_image("/no/such/picture.png");
        CHECK(false);
    } catch (const std::runtime_error &error) {
        CHECK(std::strstr(error.what(), "/no/such/picture.png"));
    }
    std::vector<float> five(5);
    CHECK(status_of([&] { segent::map(five, 2, 3); }) == SEGENT_ERROR_INVALID_ARGUMENT);
    CHECK(status_of([&] { segent::chw(five, INT64_MAX, INT64_MAX, 5); }) ==
          SEGENT_ERROR_INVALID_ARGUMENT);
    CHECK(status_of([&] { segent::chw(five, -1, -5, 1); }) == SEGENT_ERROR_INVALID_ARGUMENT);
    CHECK(status_of([&] { segent::hwc(five, 0, 5, 1); }) == SEGENT_ERROR_INVALID_ARGUMENT);
    five[3] = NAN;
    std::vector<float> softmax(5);
    CHECK(status_of([&] {
              context.softmax(segent::chw(five, 5, 1, 1), segent::chw(softmax, 5, 1, 1));
          }) == SEGENT_ERROR_NOT_FINITE);
    const std::array<std::uint8_t, 4> no_palette = {};
    std::array<std::uint8_t, 3> pixel = {};
    CHECK(status_of([&] {
              context.palette_decode(segent::label_map(no_palette.data(), 1, 1),
                                     segent::pixels(pixel.data(), segent::pixel_format::rgb, 1, 1),
                                     no_palette);
          }) == SEGENT_ERROR_INVALID_ARGUMENT);
    segent::context_options too_many;
    too_many.threads = 100000;
    CHECK(status_of([&] { segent::context refused(too_many); }) == SEGENT_ERROR_INVALID_ARGUMENT);
    CHECK(segent::fit(640, 480, 240) == std::make_pair(320, 240));
    CHECK(status_of([] { segent::fit(0, 480, 240); }) == SEGENT_ERROR_INVALID_ARGUMENT);
}

// Objects that were moved from are empty, and calls that are given them fail.
void moved(segent::context &context, const char *model_path)
{
    segent::context first, second = std::move(first);
    CHECK(!first.get() && second.get()); // NOLINT(bugprone-use-after-move)
    CHECK(status_of([&] { first.load_image("x.png"); }) == SEGENT_ERROR_INVALID_ARGUMENT);
    CHECK(status_of([&] { first.cpu_info(); }) == SEGENT_ERROR_INVALID_ARGUMENT);
    first = std::move(second);
    CHECK(first.cpu_info().threads >= 1);

    segent::model model = context.load_model(model_path), taken = std::move(model);
    CHECK(!model && taken && taken.get()); // NOLINT(bugprone-use-after-move)
    CHECK(status_of([&] { model.details(); }) == SEGENT_ERROR_INVALID_ARGUMENT);
    CHECK(model.class_name(0).empty() && model.palette().empty() && !model.share() &&
          model.property_keys().empty());
    const segent::result nothing;
    CHECK(nothing.width() == 0 && nothing.entropy().empty() && nothing.labels().empty() &&
          nothing.statistics().empty());
    CHECK(!nothing.lowres_logits().data() && !nothing.input().data());
    const segent::image no_image;
    CHECK(no_image.pixels().empty());
    CHECK(status_of([&] { context.run(taken, no_image); }) == SEGENT_ERROR_INVALID_ARGUMENT);
    CHECK(segent::buffer().bytes().empty() && segent::labels().width() == 0 &&
          segent::checkpoint().size() == 0);
}

// ---- the network ----

void models(segent::context &context, const char *model_path)
{
    const segent::model model = context.load_model(model_path);
    CHECK(model.architecture() == model.details().architecture && model.parameters() > 0);
    CHECK(model.class_names().size() == static_cast<std::size_t>(model.classes()));
    CHECK(model.property("output_stride") && !model.property("no such"));
    CHECK(!model.property_keys().empty());

    segent::model_options options;
    options.examine_only = true;
    options.settings = "size=77; palette=#010203";
    for (std::int32_t id = 0; id < model.classes(); id++) {
        options.class_names.push_back("kind " + std::to_string(id));
        options.settings += ",#040506";
    }
    const segent::checkpoint file = context.load_checkpoint(model_path);
    const segent::model examined = context.load_model(file, options);
    CHECK(examined.class_name(1) == "kind 1" && examined.details().size == 77 &&
          examined.details().examined_only == 1);
    CHECK(examined.palette().size() == 3 * static_cast<std::size_t>(model.classes()) &&
          examined.palette()[2] == 3 && examined.palette()[3] == 4);

    const segent_tensor_info tensor = context.tensor(file, 0);
    std::vector<float> values(static_cast<std::size_t>(tensor.elements));
    context.read(file, 0, values);
    CHECK(status_of([&] { context.read(file, file.size(), values); }) ==
          SEGENT_ERROR_INVALID_ARGUMENT);
    bool named = false;
    for (std::int64_t i = 0; i < file.size(); i++)
        named = named || examined.tensor_name(i) == "backbone.conv1.weight";
    CHECK(named);
    CHECK(!file.metadata("no such") && file.opaque().empty());

    segent::model shared = model.share();
    CHECK(shared.get() == model.get());
    CHECK(context.model_memory(model, 64, 64) > 0);
}

void runs(segent::context &context, const segent::model &model, const segent::image &picture)
{
    segent::run_options options;
    options.keep = SEGENT_KEEP_LOGITS | SEGENT_KEEP_MARGIN;
    options.size = 96;
    const segent::result result = context.run(model, picture, options);
    const auto count =
        static_cast<std::size_t>(result.width()) * static_cast<std::size_t>(result.height());
    CHECK(count > 0 && result.labels().size() == count && result.entropy().size() == count);
    CHECK(result.logits().size() == count * static_cast<std::size_t>(model.classes()) &&
          result.margin().size() == count);
    CHECK(result.probabilities().empty() && result.top_probability().empty());
    CHECK(status_of([&] { result.labels_u16(); }) == SEGENT_ERROR_UNSUPPORTED);
    double sum = 0;
    for (const float value : result.entropy())
        sum += static_cast<double>(value);
    CHECK(std::fabs(sum - result.summary().sum) < 1e-3 * (1 + sum));
    CHECK(result.timings().network > 0 && result.input()->height == result.height());

    // The same into the caller's buffers, from the picture's own pixels.
    std::vector<std::uint8_t> labels(count);
    std::vector<float> entropy(count);
    segent::uncertainty_maps maps(result.height(), result.width());
    maps.labels = segent::label_map(labels, result.height(), result.width());
    maps.entropy = segent::map(entropy, result.height(), result.width());
    options.keep = 0;
    const auto rgb = segent::pixels(picture.pixels().data(), segent::pixel_format::rgb,
                                    picture.height(), picture.width());
    CHECK(context.run_into(model, rgb, maps, options).sum == result.summary().sum);
    CHECK(std::memcmp(labels.data(), result.labels().data(), count) == 0);
    CHECK(std::memcmp(entropy.data(), result.entropy().data(), count * sizeof(float)) == 0);

    const segent::const_tensor_view low = result.lowres_logits();
    std::vector<float> logits(static_cast<std::size_t>(low->channels * low->height * low->width));
    context.logits(model, picture, segent::chw(logits, low->channels, low->height, low->width),
                   options);
    CHECK(std::memcmp(logits.data(), low.data(), logits.size() * sizeof(float)) == 0);
}

// A file of this process's own.
std::filesystem::path own_path()
{
    return std::filesystem::temp_directory_path() / ("segent-test-" + std::to_string(getpid()));
}

void files(segent::context &context, const segent::image &picture)
{
    const std::filesystem::path path = own_path();
    const std::array<std::uint8_t, 6> ids = {0, 1, 2, 3, 4, 5};
    context.save_png(segent::label_map(ids, 2, 3), path);
    const segent::labels back = context.load_labels(path);
    CHECK(back.width() == 3 && back.height() == 2 &&
          std::memcmp(back.view().data(), ids.data(), ids.size()) == 0);
    const segent::buffer png = context.encode_png(segent::label_map(ids, 2, 3));
    CHECK(png.bytes().size() == std::filesystem::file_size(path));
    CHECK(context.load_labels_memory(png.bytes().data(), png.bytes().size()).type() ==
          segent::label_type::u8);

    const segent::image small = context.resize(picture, 8, 6);
    const segent::buffer encoded = context.encode_png(small);
    const segent::image again =
        context.load_image_memory(encoded.bytes().data(), encoded.bytes().size());
    CHECK(again.pixels().size() == 8 * 6 * 3 &&
          std::memcmp(again.pixels().data(), small.pixels().data(), 8 * 6 * 3) == 0);
    context.save_png(small, path);
    CHECK(context.load_image(path).width() == 8);
    const std::array<float, 6> values = {};
    context.save_npy(segent::map(values, 2, 3), path);
    context.save_npy(segent::chw(values, 1, 2, 3), path);
    CHECK(std::filesystem::file_size(path) == 128 + 6 * sizeof(float));
    std::filesystem::remove(path);
}

// ---- callbacks ----

void throwing(const segent::model &model, const segent::image &picture)
{
    std::atomic<int> thrower = 0; // which callback throws next
    const auto maybe = [&thrower](int number) {
        if (thrower == number)
            throw from_callback{number};
    };
    segent::context_options settings;
    settings.threads = 2;
    settings.parallel = [&](std::int32_t count, const std::function<void(std::int32_t)> &task) {
        task(0);
        maybe(1); // the tasks that are left are the library's
        for (std::int32_t i = 1; i < count; i++)
            task(i);
    };
    segent::context context(settings);
    int layers = 0;
    context.report_layers([&](const segent_layer_info &) {
        layers++;
        maybe(2);
    });
    segent::run_options options;
    options.size = 96;
    double last = 0;
    options.progress = [&](double done) {
        last = done;
        maybe(3);
        return thrower == 4;
    };
    const double sum = context.run(model, picture, options).summary().sum;
    const int all_layers = layers;
    CHECK(last > 0.5 && all_layers > 1);
    for (int number = 1; number <= 3; number++) {
        layers = 0;
        thrower = number;
        CHECK(thrown_by([&] { context.run(model, picture, options); }) == number);
        CHECK(layers < all_layers); // it ended at once
        thrower = 0;
        CHECK(context.run(model, picture, options).summary().sum == sum);
    }
    thrower = 4;
    CHECK(status_of([&] { context.run(model, picture, options); }) == SEGENT_ERROR_CANCELLED);
    thrower = 0;
    context.report_layers({});
    layers = 0;
    context.run(model, picture, options);
    CHECK(layers == 0);
}

void logging()
{
    setenv("SEGENT_CPU", "nonsense", 1);
    std::string heard;
    segent::context_options options;
    options.log = [&](segent::log_level level, std::string_view message) {
        heard = std::string(segent::name(level)) + ": " + std::string(message);
    };
    segent::context context(options);
    CHECK(heard.find("warning: ") == 0 && heard.find("nonsense") != std::string::npos);
    options.log = [](segent::log_level, std::string_view) { throw from_callback{5}; };
    CHECK(thrown_by([&] { segent::context never(options); }) == 5);
    unsetenv("SEGENT_CPU");
}

// In a callback the context is busy, another one is not, and the context may be let go.
void inside(const segent::model &model, const segent::image &picture)
{
    auto context = std::make_unique<segent::context>();
    segent::context other;
    segent_status busy = SEGENT_OK;
    segent::run_options options, nested;
    nested.size = options.size = 64;
    nested.progress = [](double) -> bool { throw from_callback{7}; };
    options.progress = [&](double) {
        if (context) {
            busy = status_of([&] { context->trim(); });
            CHECK(thrown_by([&] { other.run(model, picture, nested); }) == 7);
            context.reset();
        }
        return false;
    };
    const segent::result result = context->run(model, picture, options);
    CHECK(busy == SEGENT_ERROR_BUSY && !context && result.width() > 0);
}

void cancelling(segent::context &context, const segent::model &model, const segent::image &picture)
{
    segent::cancel_flag stop = context.make_cancel_flag();
    segent::run_options options;
    options.cancel = &stop;
    std::thread other([&] { stop.set(); });
    other.join();
    CHECK(stop.is_set() &&
          status_of([&] { context.run(model, picture, options); }) == SEGENT_ERROR_CANCELLED);
    stop.reset();
    options.size = 64;
    CHECK(context.run(model, picture, options).width() > 0);
}

std::string contents(const char *path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Whether each way to read a file of a kind ends by the flag in its options, and goes on without
// it.
template <class Options, class Load, class Decode>
void ends_reading(segent::cancel_flag &stop, const Load &load, const Decode &decode)
{
    Options options;
    options.cancel = &stop;
    stop.set();
    CHECK(status_of([&] { load(options); }) == SEGENT_ERROR_CANCELLED);
    CHECK(status_of([&] { decode(options); }) == SEGENT_ERROR_CANCELLED);
    stop.reset();
    load(options);
    decode(options);
}

void cancelling_reading(segent::context &context, const char *model, const char *picture)
{
    segent::cancel_flag stop = context.make_cancel_flag();
    const std::string weights = contents(model), pixels = contents(picture);
    ends_reading<segent::model_options>(
        stop, [&](const segent::model_options &o) { context.load_model(model, o); },
        [&](const segent::model_options &o) {
            context.load_model_memory(weights.data(), weights.size(), o);
        });
    ends_reading<segent::image_options>(
        stop, [&](const segent::image_options &o) { context.load_image(picture, o); },
        [&](const segent::image_options &o) {
            context.load_image_memory(pixels.data(), pixels.size(), o);
        });
}

// ---- memory ----

std::atomic<long> held = 0, taken = 0;

void *take(void *, std::size_t size) noexcept
{
    void *const memory = std::malloc(size);
    held += memory ? 1 : 0;
    taken++;
    return memory;
}

void give(void *, void *memory) noexcept
{
    std::free(memory);
    held--;
}

// Everything goes through the two functions, and everything comes back, also after exceptions.
// Objects outlive the context.
void memory(const char *model_path, const char *picture_path)
{
    segent::context_options settings;
    settings.allocate = take;
    settings.release = give;
    bool log_throws = false;
    settings.log = [&](segent::log_level, std::string_view) {
        if (log_throws)
            throw from_callback{8};
    };
    {
        segent::model model;
        segent::result result;
        {
            segent::context context(settings);
            model = context.load_model(model_path);
            const segent::image picture = context.load_image(picture_path);
            segent::run_options options;
            options.size = 64;
            result = context.run(model, picture, options);
            options.progress = [](double) -> bool { throw from_callback{6}; };
            CHECK(thrown_by([&] { context.run(model, picture, options); }) == 6);
            CHECK(status_of([&] { context.load_model(picture_path); }) != SEGENT_OK);
            segent::model_options told; // of which the log is told
            const std::filesystem::path file = own_path();
            std::ofstream(file) << R"({"size": 77, "nonsense": 1})";
            told.settings_file = file;
            log_throws = true;
            CHECK(thrown_by([&] { context.load_model(model_path, told); }) == 8);
            log_throws = false;
            CHECK(context.load_model(model_path, told).classes() > 0);
            std::filesystem::remove(file);
        }
        CHECK(held > 0 && result.entropy().size() > 0 && model.classes() > 0);
    }
    CHECK(held == 0 && taken > 10);
}

void names()
{
    CHECK(segent::version() == SEGENT_VERSION_STRING && !segent::supports("no such"));
    CHECK(segent::name(segent::engine::exact) == "exact" &&
          segent::name(segent::pixel_format::bgra) == "BGRA");
    CHECK(segent::name(segent::unit::bits) == "bits" &&
          segent::name(segent::colormap::viridis) == "viridis");
    CHECK(segent::name(segent::dtype::bf16) == "bfloat16" &&
          segent::name(segent::container::zip) == "torch zip");
    CHECK(segent::name(segent::label_type::u16) == "uint16" &&
          segent::name(segent::source::logits) == "logits");
    CHECK(segent::name(segent::orientation::stored) == "stored" &&
          segent::name(segent::precision::f32) == "float32");
    CHECK(segent::name(segent::output_size::original) == "original");
}

} // namespace

int main(int argc, char **argv)
try {
    if (argc != 3) {
        std::fprintf(stderr, "MODEL PICTURE\n");
        return 2;
    }
    segent::context context;
    names();
    own_buffers(context);
    errors(context);
    moved(context, argv[1]);
    models(context, argv[1]);
    const segent::model model = context.load_model(argv[1]);
    const segent::image picture = context.load_image(argv[2]);
    runs(context, model, picture);
    files(context, picture);
    throwing(model, picture);
    logging();
    inside(model, picture);
    cancelling(context, model, picture);
    cancelling_reading(context, argv[1], argv[2]);
    memory(argv[1], argv[2]);
    context.trim();
    std::printf("%s\n", failures ? "FAILED" : "ok");
    return failures ? 1 : 0;
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
