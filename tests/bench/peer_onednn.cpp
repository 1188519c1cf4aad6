// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
//
// oneDNN's convolutions as a peer of peers.py:    peer-onednn THREADS [f32|bf16 [WIDTHxHEIGHT]]
//
// Every convolution of DeepLabV3-ResNet101, at 856x640 where no size is given, one after another as the network has them, each with weights
// of its own in the layout that oneDNN asks for. No pooling, no additions, no upsampling, no conversions between layouts: less than a
// network. With bf16, maps and weights are bfloat16, and biases float32. Answers run, precision (which implementation oneDNN chose for how
// many convolutions) and quit. For oneDNN 2 (Debian's) and 3:    g++ -O2 -fopenmp peer_onednn.cpp -ldnnl
#include <omp.h>
#include <oneapi/dnnl/dnnl.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace {

struct shape {
    int inputs, outputs, kernel, height, width, stride, dilation; // height and width: of the input
};

struct map {
    int channels, height, width;
};

using shapes = std::vector<shape>;

map convolve(shapes &all, const map &input, int outputs, int kernel, int stride = 1, int dilation = 1) {
    all.push_back({input.channels, outputs, kernel, input.height, input.width, stride, dilation});
    return {outputs, (input.height - 1) / stride + 1, (input.width - 1) / stride + 1};
}

map layer(shapes &all, map at, int planes, int blocks, int stride, int first_dilation, int dilation) {
    for (int i = 0; i < blocks; i++) {
        const map input = at;
        const int s = i == 0 ? stride : 1;
        at = convolve(all, input, planes, 1);
        at = convolve(all, at, planes, 3, s, i == 0 ? first_dilation : dilation);
        at = convolve(all, at, 4 * planes, 1);
        if (i == 0)
            convolve(all, input, 4 * planes, 1, s);
    }
    return at;
}

shapes network(int width, int height) {
    shapes all;
    const map stem = convolve(all, {3, height, width}, 64, 7, 2);
    map at = {64, (stem.height + 1) / 2, (stem.width + 1) / 2}; // after the maximum
    at = layer(all, at, 64, 3, 1, 1, 1);
    at = layer(all, at, 128, 4, 2, 1, 1);
    at = layer(all, at, 256, 23, 1, 1, 2);
    at = layer(all, at, 512, 3, 1, 2, 4);
    const map pooled = convolve(all, {at.channels, 1, 1}, 256, 1);
    convolve(all, at, 256, 1);
    for (int dilation : {12, 24, 36})
        convolve(all, at, 256, 3, 1, dilation);
    at = convolve(all, {5 * pooled.channels, at.height, at.width}, 256, 1);
    at = convolve(all, at, 256, 3);
    convolve(all, at, 21, 1);
    return all;
}

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

using dnnl::memory;
using dnnl::convolution_forward;

convolution_forward::primitive_desc describe(const dnnl::engine &engine, const shape &s, memory::data_type type) {
    const int padding = s.kernel / 2 * s.dilation;
    const int height = (s.height - 1) / s.stride + 1, width = (s.width - 1) / s.stride + 1;
    const auto any = [type](const memory::dims &dims) { return memory::desc(dims, type, memory::format_tag::any); };
    const memory::desc source = any({1, s.inputs, s.height, s.width}), weights = any({s.outputs, s.inputs, s.kernel, s.kernel});
    const memory::desc bias({s.outputs}, memory::data_type::f32, memory::format_tag::a);
    const memory::desc result = any({1, s.outputs, height, width});
    const memory::dims strides = {s.stride, s.stride}, gaps = {s.dilation - 1, s.dilation - 1}, pad = {padding, padding};
    const auto kind = dnnl::prop_kind::forward_inference;
    const auto algorithm = dnnl::algorithm::convolution_auto;
#if DNNL_VERSION_MAJOR >= 3
    return {engine, kind, algorithm, source, weights, bias, result, strides, gaps, pad, pad};
#else
    return {{kind, algorithm, source, weights, bias, result, strides, gaps, pad, pad}, engine};
#endif
}

// `size` bytes of numbers of that type in 0..1.
std::vector<char> values(size_t size, memory::data_type type) {
    std::vector<char> result(size);
    const size_t each = type == memory::data_type::bf16 ? sizeof(uint16_t) : sizeof(float);
    unsigned seed = 1;
    for (size_t at = 0; at + each <= size; at += each) {
        seed = seed * 1664525u + 1013904223u;
        const float value = static_cast<float>(seed >> 8) * 0x1p-24f;
        uint32_t bits = 0;
        std::memcpy(&bits, &value, sizeof(bits));
        const auto half = static_cast<uint16_t>(bits >> 16); // a bfloat16 is the upper half of a float
        std::memcpy(&result[at], each == sizeof(half) ? static_cast<const void *>(&half) : &value, each);
    }
    return result;
}

struct step {
    convolution_forward convolution;
    memory source, weights, bias, result;
};

using descriptions = std::vector<convolution_forward::primitive_desc>;

// The convolutions of the network; throws dnnl::error where this processor has none of that type.
descriptions describe_all(const dnnl::engine &engine, const shapes &all, memory::data_type type) {
    descriptions described;
    for (const shape &s : all)
        described.push_back(describe(engine, s, type));
    return described;
}

double giga_multiply_adds(const shapes &all) {
    double work = 0.0;
    for (const shape &s : all)
        work += 1e-9 * s.inputs * s.outputs * s.kernel * s.kernel * ((s.height - 1) / s.stride + 1) * ((s.width - 1) / s.stride + 1);
    return work;
}

// What answers `precision`, in JSON.
std::string chosen(const descriptions &described, const std::string &type) {
    std::map<std::string, int> counts;
    for (const auto &d : described)
        counts[d.impl_info_str()]++;
    std::string list;
    for (const auto &[name, count] : counts)
        list += (list.empty() ? "" : ", ") + ("{\"kernel\": \"" + name + "\", \"type\": \"" + type + "\", \"count\": " + std::to_string(count) + "}");
    return "{\"executes\": [" + list + "]}";
}

} // namespace

int main(int argc, char **argv) {
    const double began = seconds_now();
    const std::string precision = argc > 2 ? argv[2] : "f32";
    int width = 856, height = 640;
    if (argc < 2 || argc > 4 || (precision != "f32" && precision != "bf16") ||
        (argc == 4 && (std::sscanf(argv[3], "%dx%d", &width, &height) != 2 || width < 1 || height < 1))) {
        std::fprintf(stderr, "usage: peer-onednn THREADS [f32|bf16 [WIDTHxHEIGHT]]\n");
        return 2;
    }
    const memory::data_type type = precision == "bf16" ? memory::data_type::bf16 : memory::data_type::f32;
    omp_set_num_threads(std::atoi(argv[1]));
    const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    dnnl::stream stream(engine);

    const shapes all = network(width, height);
    descriptions described;
    try {
        described = describe_all(engine, all, type);
    } catch (const dnnl::error &error) {
        std::printf("{\"unable\": \"oneDNN has no %s convolution for this processor: %s\"}\n", precision.c_str(), error.what());
        return 0;
    }
    size_t largest = 0, weights = 0, biases = 0;
    for (const auto &d : described) {
        largest = std::max({largest, d.src_desc().get_size(), d.dst_desc().get_size()});
        weights = std::max(weights, d.weights_desc().get_size());
        biases = std::max(biases, d.bias_desc().get_size());
    }
    std::vector<char> input = values(largest, type), output = values(largest, type);
    const std::vector<char> weight = values(weights, type), bias = values(biases, memory::data_type::f32);
    std::vector<step> steps;
    for (const auto &d : described) {
        step s = {convolution_forward(d), memory(d.src_desc(), engine, input.data()), memory(d.weights_desc(), engine),
                  memory(d.bias_desc(), engine), memory(d.dst_desc(), engine, output.data())};
        std::copy_n(weight.data(), d.weights_desc().get_size(), static_cast<char *>(s.weights.get_data_handle()));
        std::copy_n(bias.data(), d.bias_desc().get_size(), static_cast<char *>(s.bias.get_data_handle()));
        steps.push_back(s);
    }
    const dnnl_version_t *const version = dnnl_version();
    std::printf("{\"ready\": true, \"load\": %.6f, \"note\": \"convolutions alone, %.1f G multiply-adds\", "
                "\"versions\": {\"oneDNN\": \"%d.%d.%d\"}}\n",
                seconds_now() - began, giga_multiply_adds(all), version->major, version->minor, version->patch);
    std::fflush(stdout);

    for (std::string line; std::getline(std::cin, line) && line != "quit";) {
        if (line == "precision") {
            std::puts(chosen(described, precision).c_str());
            std::fflush(stdout);
            continue;
        }
        const double start = seconds_now();
        for (step &s : steps)
            s.convolution.execute(stream, {{DNNL_ARG_SRC, s.source}, {DNNL_ARG_WEIGHTS, s.weights}, {DNNL_ARG_BIAS, s.bias}, {DNNL_ARG_DST, s.result}});
        stream.wait();
        std::printf("{\"network\": %.6f}\n", seconds_now() - start);
        std::fflush(stdout);
    }
    return 0;
}
