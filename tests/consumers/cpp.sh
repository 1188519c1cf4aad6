#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The C++ header of an installed copy: cpp.sh PREFIX [MODEL PICTURE]
# The tests and the programs of examples/bindings/cpp with each compiler and standard, without a warning; the tests under the address
# sanitizer as well, which finds what leaks. Debian packages: those for cpp in tests/packages.txt.
set -eu
prefix=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
model=${2:-$root/examples/demo/segent-demo.safetensors}
picture=${3:-$root/examples/demo/pictures/crowded-street.jpg}
source=$root/examples/bindings/cpp
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/copy.sh"
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

sh "$here/expected.sh" "$prefix" "$model" "$picture" >"$work/expected"
more=
for compiler in ${CXX_COMPILERS:-g++ clang++}; do
    for standard in c++17 c++20; do
        build segment "$compiler" "-std=$standard"
        "$work/segment" "$model" "$picture" >"$work/printed"
        cmp "$work/expected" "$work/printed"
        if "$work/segment" /no/such/model "$picture" 2>"$work/sentence" || ! grep -q '^/no/such/model: ' "$work/sentence"; then
            echo "segment: a model that is not there" >&2
            exit 1
        fi
        build test "$compiler" "-std=$standard" -pthread
        "$work/test" "$model" "$picture"
        build test "$compiler" "-std=$standard" -pthread -fsanitize=address,undefined -fno-sanitize-recover=undefined -g
        ASAN_OPTIONS=detect_leaks=1 "$work/test" "$model" "$picture"
        echo "$compiler $standard: ok"
    done
done

# The numbers in brackets are the other library's own, of the same map.
agree() { awk '{ gsub(/[(,]/, "") } /mean/ { for (i = 1; i < NF; i++) if ($i == "mean") { d = $(i + 1) - $(i + 2); exit !(d * d < 1e-10 && $(i + 1) > 0) } }' "$work/printed"; }

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
