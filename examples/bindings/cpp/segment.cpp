// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors

// A picture through the network: what the network is, the image entropy, the pixels of each class.
//     c++ -std=c++17 segment.cpp $(pkg-config --cflags --libs segent) -o segment
//     ./segment MODEL PICTURE

#include <segent/segent.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char **argv)
try {
    if (argc != 3) {
        std::fprintf(stderr, "MODEL PICTURE\n");
        return 2;
    }
    segent::context context;
    const segent::model model = context.load_model(argv[1]);
    const segent::result result = context.run(model, context.load_image(argv[2]));
    const segent_entropy_summary sums = result.summary();

    std::printf("%s, %d classes\n", model.details().architecture, model.classes());
    std::printf("image entropy %.3f, mean %.6f\n", sums.sum, sums.mean);
    int id = 0;
    for (const segent_class_statistics &found : result.statistics()) {
        if (found.pixels > 0)
            std::printf("%s: %lld pixels\n", model.class_name(id).data(),
                        static_cast<long long>(found.pixels));
        id++;
    }
    return 0;
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
