// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
//
// oneDNN's convolutions as a peer of peers.py:    peer-onednn THREADS
//
// Every convolution of DeepLabV3-ResNet101 at 640 x 856, one after another as the network has them, each with weights of its own in the
// layout that oneDNN asks for. No pooling, no additions, no upsampling, no conversions between layouts: less than a network. Answers run
// and quit. For oneDNN 2 (Debian's) and 3:    g++ -O2 -fopenmp peer_onednn.cpp -ldnnl
#include <omp.h>
#include <oneapi/dnnl/dnnl.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
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

shapes network() {
    shapes all;
    const map stem = convolve(all, {3, 640, 856}, 64, 7, 2);
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

convolution_forward::primitive_desc describe(const dnnl::engine &engine, const shape &s) {
    const int padding = s.kernel / 2 * s.dilation;
    const int height = (s.height - 1) / s.stride + 1, width = (s.width - 1) / s.stride + 1;
    const auto any = [](const memory::dims &dims) { return memory::desc(dims, memory::data_type::f32, memory::format_tag::any); };
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

std::vector<float> values(size_t count) {
    std::vector<float> result(count);
    unsigned seed = 1;
    for (float &value : result) {
        seed = seed * 1664525u + 1013904223u;
        value = static_cast<float>(seed >> 8) * 0x1p-24f;
    }
    return result;
}

struct step {
    convolution_forward convolution;
    memory source, weights, bias, result;
};

} // namespace

int main(int argc, char **argv) {
    const double began = seconds_now();
    if (argc != 2) {
        std::fprintf(stderr, "usage: peer-onednn THREADS\n");
        return 2;
    }
    omp_set_num_threads(std::atoi(argv[1]));
    const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    dnnl::stream stream(engine);

    std::vector<convolution_forward::primitive_desc> described;
    size_t largest = 0, weights = 0;
    double work = 0.0;
    for (const shape &s : network()) {
        const auto d = describe(engine, s);
        described.push_back(d);
        largest = std::max({largest, d.src_desc().get_size(), d.dst_desc().get_size()});
        weights = std::max(weights, d.weights_desc().get_size());
        work += 1e-9 * s.inputs * s.outputs * s.kernel * s.kernel * ((s.height - 1) / s.stride + 1) * ((s.width - 1) / s.stride + 1);
    }
    std::vector<float> input = values(largest / sizeof(float)), output = values(largest / sizeof(float));
    const std::vector<float> weight = values(weights / sizeof(float));
    std::vector<step> steps;
    for (const auto &d : described) {
        step s = {convolution_forward(d), memory(d.src_desc(), engine, input.data()), memory(d.weights_desc(), engine),
                  memory(d.bias_desc(), engine), memory(d.dst_desc(), engine, output.data())};
        std::copy_n(weight.data(), d.weights_desc().get_size() / sizeof(float), static_cast<float *>(s.weights.get_data_handle()));
        std::copy_n(weight.data(), d.bias_desc().get_size() / sizeof(float), static_cast<float *>(s.bias.get_data_handle()));
        steps.push_back(s);
    }
    const dnnl_version_t *const version = dnnl_version();
    std::printf("{\"ready\": true, \"load\": %.6f, \"note\": \"convolutions alone, %.1f G multiply-adds\", "
                "\"versions\": {\"oneDNN\": \"%d.%d.%d\"}}\n",
                seconds_now() - began, work, version->major, version->minor, version->patch);
    std::fflush(stdout);

    for (std::string line; std::getline(std::cin, line) && line != "quit";) {
        const double start = seconds_now();
        for (step &s : steps)
            s.convolution.execute(stream, {{DNNL_ARG_SRC, s.source}, {DNNL_ARG_WEIGHTS, s.weights}, {DNNL_ARG_BIAS, s.bias}, {DNNL_ARG_DST, s.result}});
        stream.wait();
        std::printf("{\"network\": %.6f}\n", seconds_now() - start);
        std::fflush(stdout);
    }
    return 0;
}
