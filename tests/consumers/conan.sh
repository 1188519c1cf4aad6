#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The recipe of examples/packaging/conan, with a copy of this tree and the Conan that CONAN names: conan.sh
# Two packages: as users get it by default, and the opposite: shared, with the command, with nothing but the C library. The program of
# test_package is built with each and run. libpng, libjpeg-turbo, zlib, meson and pkg-config are the system's, and no registry is asked.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# meson is Debian's.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH CONAN_HOME="$work/home"
unset CC CXX CFLAGS CXXFLAGS LDFLAGS PKG_CONFIG_PATH LD_LIBRARY_PATH

mkdir "$work/tree"
git -C "$root" ls-files -z --cached --others --exclude-standard | tar -C "$root" -c --null --ignore-failed-read -T - | tar -x -C "$work/tree"
"$CONAN" profile detect >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
# The first three numbers of a version: Debian's zlib has more.
version() { pkg-config --modversion "$1" | cut -d. -f1-3; }
cat >"$CONAN_HOME/profiles/system" <<PROFILE
include(default)
[platform_requires]
libpng/$(version libpng)
libjpeg-turbo/$(version libjpeg)
zlib/$(version zlib)
[platform_tool_requires]
meson/$(meson --version)
[conf]
tools.gnu:pkg_config=pkg-config
tools.build:jobs=2
PROFILE

# create NAME [OPTION...]
create() {
    name=$1
    shift
    "$CONAN" create "$work/tree/examples/packaging/conan" --no-remote -pr:a system "$@" >"$work/log" 2>&1 || { tail -n 60 "$work/log" >&2; echo "FAILED: $name" >&2; exit 1; }
    grep '^libsegent .*, entropy 1.000000$' "$work/log" || { echo "FAILED: $name did not run" >&2; exit 1; }
    echo "$name: ok"
}
create 'as it comes'
create 'shared, with the command, without pictures' -o 'segent/*:shared=True' -o 'segent/*:command=True' -o 'segent/*:png=False' -o 'segent/*:jpeg=False' \
    -o 'segent/*:zlib=False'
grep -q '^segent [0-9.]*$' "$work/log" || { echo 'FAILED: the command did not run' >&2; exit 1; }
echo 'conan: ok'
