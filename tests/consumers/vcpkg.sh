#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The port of examples/packaging/vcpkg: vcpkg.sh PREFIX [MODEL PICTURE]
# vcpkg itself is in no registry that this may ask, so its functions have a stand-in, vcpkg.cmake. The port is built as a static library
# with all features, and as a shared one with none. What comes out is moved, has no files where vcpkg refuses them, and serves a program
# built as the port's usage says, in the configurations Release and Debug, with the numbers of the copy in PREFIX. Debian package: cmake.
set -eu
. "$(dirname "$0")/binding.sh"
fail() { echo "FAILED: $*" >&2; exit 1; }
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
unset CC CXX CFLAGS CXXFLAGS LDFLAGS PKG_CONFIG_PATH LD_LIBRARY_PATH
port=$root/examples/packaging/vcpkg
python3 - "$root" <<'CHECK' || fail 'vcpkg.json'
import json, pathlib, re, sys
root = pathlib.Path(sys.argv[1])
port = json.loads((root / "examples/packaging/vcpkg/vcpkg.json").read_text())
version = re.search(r"^\s*version: '([0-9.]+)'", (root / "meson.build").read_text(), re.M)[1]
assert port["version"] == version, f"{port['version']}, and meson.build says {version}"
assert sorted(port["features"]) == port["default-features"] == ["jpeg", "png", "zlib"]
assert all(f"option('{name}', type: 'feature'" in (root / "meson_options.txt").read_text() for name in port["features"])
CHECK

mkdir "$work/host"
cp "$root/examples/03_segment.c" "$work/host"
{
    printf '%s\n' 'cmake_minimum_required(VERSION 3.12)' 'project(host C)' 'add_executable(main 03_segment.c)'
    sed -n 's/^    \(find_package.*\|target_link.*\)/\1/p' "$port/usage"
} >"$work/host/CMakeLists.txt"

# build LINKAGE FEATURES: the package lies in $work/LINKAGE then.
build() {
    cmake -DCURRENT_PORT_DIR="$port" -DCURRENT_PACKAGES_DIR="$work/packages/segent" -DWORK="$work/build-$1" -DVCPKG_LIBRARY_LINKAGE="$1" "-DFEATURES=$2" \
        -P "$here/vcpkg.cmake" >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; fail "the portfile, $1"; }
    mv "$work/packages/segent" "$work/$1"
    for file in share/segent/copyright share/segent/usage share/segent/segent-config.cmake lib/pkgconfig/segent.pc debug/lib/pkgconfig/segent.pc include/segent/segent.h; do
        [ -s "$work/$1/$file" ] || fail "$1: $file is missing"
    done
    for folder in bin lib/cmake debug/lib/cmake debug/include debug/share; do
        [ ! -e "$work/$1/$folder" ] || fail "$1: $folder is not to be there"
    done
    ! grep -r "$work/packages" "$work/$1/share" "$work/$1"/lib/pkgconfig "$work/$1"/debug/lib/pkgconfig || fail "$1: a path of the build"
    for configuration in Release Debug; do
        rm -rf "$work/build"
        { cmake -S "$work/host" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/$1" -DCMAKE_BUILD_TYPE=$configuration && cmake --build "$work/build" --verbose; } >"$work/log" 2>&1 ||
            { cat "$work/log" >&2; fail "a program with $1, $configuration"; }
        folder=lib
        [ $configuration = Release ] || folder=debug/lib
        grep -q "$work/$1/$folder/libsegent" "$work/log" || { cat "$work/log" >&2; fail "$1, $configuration: another library"; }
    done
    for folder in lib debug/lib; do
        [ "$(PKG_CONFIG_LIBDIR=$work/$1/$folder/pkgconfig pkg-config --variable=libdir segent | xargs realpath)" = "$(realpath "$work/$1/$folder")" ] || fail "$folder/pkgconfig"
        [ -e "$(PKG_CONFIG_LIBDIR=$work/$1/$folder/pkgconfig pkg-config --variable=includedir segent)/segent/segent.h" ] || fail "$folder/pkgconfig: the header"
    done
}
build static 'core;jpeg;png;zlib'
"$work/build/main" "$model" "$picture" "$work/labels.png" >"$work/printed"
diff -u "$work/expected" "$work/printed"
echo 'static, all features: ok'
build dynamic core
! "$work/build/main" "$model" "$picture" "$work/labels.png" 2>"$work/problem" || fail 'JPEG is read without the feature'
grep -qi 'jpeg' "$work/problem" || { cat "$work/problem" >&2; fail 'another problem than JPEG'; }
echo 'shared, no features: ok'
echo 'vcpkg: ok'
