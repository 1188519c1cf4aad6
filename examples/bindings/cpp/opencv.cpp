// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors

// Pictures of OpenCV's in, maps in OpenCV's matrices out, nothing copied.
//     c++ -std=c++17 opencv.cpp $(pkg-config --cflags --libs segent) -I/usr/include/opencv4
//     -lopencv_core -lopencv_imgproc
//     ./a.out MODEL

#include <segent/segent.hpp>

#include <cstdio>
#include <exception>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

// Labels (CV_8U) and entropy (CV_32F) of a BGR picture, at its own size.
static segent_entropy_summary look(segent::context &context, const segent::model &model,
                                   const cv::Mat &bgr, cv::Mat &labels, cv::Mat &entropy)
{
    labels.create(bgr.size(), CV_8U);
    entropy.create(bgr.size(), CV_32F);
    segent::uncertainty_maps maps(bgr.rows, bgr.cols);
    maps.labels = segent::label_map(labels.data, labels.rows, labels.cols);
    maps.entropy = segent::map(entropy.ptr<float>(), entropy.rows, entropy.cols);
    segent::run_options options;
    options.output_size = segent::output_size::original;
    return context.run_into(model,
                            segent::pixels(bgr.data, segent::pixel_format::bgr, bgr.rows, bgr.cols,
                                           static_cast<std::int64_t>(bgr.step)),
                            maps, options);
}

int main(int argc, char **argv)
try {
    segent::context context;
    const segent::model model = context.load_model(argc > 1 ? argv[1] : "model.pth");
    cv::Mat picture(240, 320, CV_8UC3, cv::Scalar(200, 160, 90)), labels, entropy;
    cv::circle(picture, {160, 120}, 60, cv::Scalar(40, 40, 220), cv::FILLED);

    // The middle of it, which is no matrix of its own: its rows are those of the picture.
    const cv::Mat middle = picture(cv::Rect(40, 20, 240, 200));
    const segent_entropy_summary sums = look(context, model, middle, labels, entropy);

    double least = 0, most = 0;
    cv::minMaxLoc(entropy, &least, &most);
    std::printf("%d x %d, mean %.6f (%.6f by OpenCV), %.6f to %.6f\n", entropy.cols, entropy.rows,
                sums.mean, cv::mean(entropy)[0], least, most);
    return 0;
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
