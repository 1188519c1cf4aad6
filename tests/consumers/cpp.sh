#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The C++ header of an installed copy: cpp.sh PREFIX [MODEL PICTURE]
# The tests and the programs of examples/bindings/cpp with each compiler and standard, without a warning; the tests under the address
# sanitizer as well, which finds what leaks. Debian packages: those for cpp in tests/packages.txt.
set -eu
. "$(dirname "$0")/binding.sh"
source=$root/examples/bindings/cpp
LD_LIBRARY_PATH=$libdir
export LD_LIBRARY_PATH
warnings='-Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -pedantic -Werror'

# build NAME COMPILER FLAG... : NAME.cpp to $work/NAME
build() {
    name=$1
    shift
    # shellcheck disable=SC2046,SC2086 # flags are words
    "$@" $warnings -o "$work/$name" "$source/$name.cpp" $(pkg --cflags --libs) $more
}

more=
for compiler in ${CXX_COMPILERS:-g++ clang++}; do
    for standard in c++17 c++20; do
        build segment "$compiler" "-std=$standard"
        as_in_c "$work/segment"
        without_model "$work/segment"
        grep -q '^/no/such/model: ' "$work/problem"
        build test "$compiler" "-std=$standard" -pthread
        "$work/test" "$model" "$picture"
        build test "$compiler" "-std=$standard" -pthread -fsanitize=address,undefined -fno-sanitize-recover=undefined -g
        ASAN_OPTIONS=detect_leaks=1 "$work/test" "$model" "$picture"
        echo "$compiler $standard: ok"
    done
done

# agree : whether the printed mean, "mean 0.123456 (0.123456 by OpenCV)", is the one that the other library finds in the same map.
agree() {
    sed -n 's/.*mean \([0-9.]*\) (\([0-9.]*\) by .*/\1 \2/p' "$work/printed" |
        awk '{ d = $1 - $2; same = d * d < 1e-10 && $1 > 0 } END { exit !same }'
}

more="-isystem /usr/include/opencv4 -lopencv_core -lopencv_imgproc"
build opencv g++ -std=c++17
"$work/opencv" "$model" | tee "$work/printed"
agree
more="-isystem /usr/include/eigen3"
build eigen g++ -std=c++17
"$work/eigen" "$model" "$picture" | tee "$work/printed"
agree
grep -qx '1.000 0.000' "$work/printed"
echo 'OpenCV, Eigen: ok'
