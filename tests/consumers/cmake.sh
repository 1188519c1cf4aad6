#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# CMake and pkg-config with an installed copy: cmake.sh PREFIX [MODEL PICTURE]
# Consumers in C and C++, shared and static, where the copy was installed and after it was moved; that versions are told apart; that who
# links the shared library needs nothing of what the library was built with. Debian package: cmake.
set -eu
. "$(dirname "$0")/binding.sh"
fail() { echo "FAILED: $*" >&2; exit 1; }

mkdir "$work/host"
cp "$root/examples/03_segment.c" "$root/examples/bindings/cpp/segment.cpp" "$work/host"
cat >"$work/host/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.12)
project(host C CXX)
set(CMAKE_CXX_STANDARD 17)
find_package(segent ${WANTED} CONFIG REQUIRED COMPONENTS ${KINDS})
add_executable(segment-default segment.cpp)
target_link_libraries(segment-default PRIVATE segent::segent)
foreach(kind IN LISTS KINDS)
    add_executable(segment-${kind} 03_segment.c)
    target_link_libraries(segment-${kind} PRIVATE segent::${kind})
endforeach()
END

# configure PREFIX KINDS [VERSION [OPTION]] : a build folder of its own each time.
configure() {
    rm -rf "$work/build"
    cmake -S "$work/host" -B "$work/build" -DCMAKE_PREFIX_PATH="$1" -DKINDS="$2" -DWANTED="${3-}" ${4-} >"$work/log" 2>&1
}
needed() { readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }
# build_and_compare PREFIX KINDS
build_and_compare() {
    configure "$1" "$2" || { cat "$work/log" >&2; fail "find_package, $2 of $1"; }
    cmake --build "$work/build" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "building with $2 of $1"; }
    for program in "$work/build"/segment-*; do
        case $program in *-default) labels= ;; *) labels=$work/labels.png ;; esac
        "$program" "$model" "$picture" $labels >"$work/printed" # which finds the library by itself
        cmp "$work/expected" "$work/printed" || fail "$program prints something else"
    done
    echo "CMake, $2 of $1: ok"
}
# only_segent COMMAND_LINE : fails if what links the shared library is also given a library that this was built with.
only_segent() {
    case $1 in *png* | *jpeg* | *-lz* | *blas* | *-ldl*) fail "what links the shared library is given: $1" ;; esac
}

kinds=
[ ! -e "$libdir/libsegent.so" ] || kinds=shared
[ ! -e "$libdir/libsegent.a" ] || kinds="$kinds${kinds:+;}static"
for place in "$prefix" "$work/moved"; do
    [ -e "$place" ] || cp -a "$prefix" "$place"
    build_and_compare "$place" "$kinds"
    case $kinds in
    *shared*)
        only_segent "$(cat "$work/build/CMakeFiles/segment-shared.dir/link.txt")"
        others=$(needed "$work/build/segment-shared" | grep -Ev '^lib(segent|c|m)\.so' || true)
        [ -z "$others" ] || fail "a consumer of the shared library needs $others"
        ;;
    esac
    case $kinds in *static*) ! needed "$work/build/segment-static" | grep -q segent || fail 'segent::static is shared' ;; esac
done
for kind in shared static; do
    case $kinds in
    *$kind*)
        build_and_compare "$work/moved" "$kind"
        ! needed "$work/build/segment-default" | grep -q segent || [ "$kind" = shared ] || fail 'segent::segent of the static component is shared'
        ;;
    *) ! configure "$prefix" "$kind" || fail "$kind is found, and is not there" ;;
    esac
done

# Half a copy, and what the static library needs is not there.
case $kinds in
shared\;static)
    configure "$prefix" shared '' -DCMAKE_DISABLE_FIND_PACKAGE_ZLIB=ON || { cat "$work/log" >&2; fail 'the shared library needs zlib'; }
    ! configure "$prefix" static '' -DCMAKE_DISABLE_FIND_PACKAGE_ZLIB=ON || fail 'segent::static without zlib'
    grep -q 'needs ZLIB' "$work/log" || { cat "$work/log" >&2; fail 'another failure than zlib'; }
    find "$work/moved" -name 'libsegent.so*' -exec rm {} +
    build_and_compare "$work/moved" ''
    ! needed "$work/build/segment-default" | grep -q segent || fail 'a library that is not there'
    ! configure "$work/moved" shared || fail 'segent::shared without the library'
    ;;
esac

# Versions: this one, the same series, a later one, another series, ranges.
version=$(pkg --modversion)
series=${version%.*}
for wanted in "$version" "$series" "$series.0...<${series%.*}.$((${series#*.} + 1))" "0.1...$version"; do
    configure "$prefix" '' "$wanted" || { cat "$work/log" >&2; fail "version $wanted is not found in $version"; }
done
for wanted in "$series.$((${version##*.} + 1))" "${series%.*}.$((${series#*.} + 1))" "$((${series%.*} + 1))" 0.1 "0.1...<$version"; do
    ! configure "$prefix" '' "$wanted" || fail "version $wanted is found in $version"
    grep -q "$wanted\|compatible" "$work/log" || { cat "$work/log" >&2; fail 'another failure'; }
done
echo "CMake, versions beside $version: ok"

# pkg-config: the same, where no other library's file is in reach.
export PKG_CONFIG_LIBDIR="$(dirname "$pc")"
unset PKG_CONFIG_PATH
only_segent "$(pkg --cflags --libs)"
case "$(pkg --libs --static)" in *-lsegent*-lm*-pthread*) ;; *) fail "pkg-config --static: $(pkg --libs --static)" ;; esac
echo 'pkg-config: ok'
