// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors

// Results as Eigen's matrices, and Eigen's matrices as logits, nothing copied.
//     c++ -std=c++17 eigen.cpp $(pkg-config --cflags --libs segent) -I/usr/include/eigen3
//     ./a.out MODEL PICTURE

#include <segent/segent.hpp>

#include <Eigen/Core>
#include <cstdio>
#include <exception>

using rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// A map of a result, as long as that lives.
static Eigen::Map<const rows> matrix(const segent::const_map_view &map)
{
    return {map.data(), map->height, map->width};
}

// The entropy of logits in the columns of a matrix, one row a class.
static Eigen::VectorXf entropy_of_columns(segent::context &context, const Eigen::MatrixXf &logits)
{
    Eigen::VectorXf entropy(logits.cols());
    // Eigen's matrices lie column by column, which is channels last with one row of pixels.
    context.entropy_map(segent::hwc(logits.data(), 1, logits.cols(), logits.rows()),
                        segent::map(entropy.data(), 1, entropy.size()));
    return entropy;
}

int main(int argc, char **argv)
try {
    segent::context context;
    if (argc == 3) {
        const segent::model model = context.load_model(argv[1]);
        const segent::result result = context.run(model, context.load_image(argv[2]));
        const Eigen::Map<const rows> entropy = matrix(result.entropy_view());
        std::printf("mean %.6f (%.6f by Eigen)\n", result.summary().mean,
                    entropy.cast<double>().mean());
    }
    Eigen::MatrixXf logits(3, 2);
    logits << 0, 200, 0, 0, 0, 0;
    const Eigen::VectorXf entropy = entropy_of_columns(context, logits);
    std::printf("%.3f %.3f\n", static_cast<double>(entropy[0]), static_cast<double>(entropy[1]));
    return 0;
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
