#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds and runs programs against an installed copy, by pkg-config alone: consumers.sh PREFIX [MODEL PICTURE]
# In C and in C++, with the shared library and with the static one, and in Python through ctypes. What the copy does not have
# (one of the two libraries, the command) is left out, and said.
set -eu
prefix=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
source=$here/../../pkgconfig
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CC=${CC:-cc}
CXX=${CXX:-c++}
PYTHON=${PYTHON:-/usr/bin/python3}
flags='-Wall -Wextra -Werror -O2'

. "$here/copy.sh"

header=$(pkg --variable=includedir)/segent/segent.h
[ -f "$header" ] || { echo "not installed: $header" >&2; exit 1; }

# build_and_run NAME COMPILER... : one consumer; the library's flags are on standard input.
build_and_run() {
    name=$1
    shift
    # shellcheck disable=SC2046 # flags are words
    "$@" -o "$work/$name" $(cat) -lm
    LD_LIBRARY_PATH=$libdir "$work/$name" $arguments
    echo "$name: ok"
}
arguments="$*"

languages=c
case $CXX in '') echo 'C++: no compiler, left out' ;; *) languages='c c++' ;; esac
for language in $languages; do
    case $language in
    c) compiler="$CC -std=c99" ;;
    c++) compiler="$CXX -std=c++11" ;;
    esac
    program="-x $language $source/consumer.c -x none"
    if [ -e "$libdir/libsegent.so" ]; then
        pkg --cflags --libs | build_and_run "$language-shared" $compiler $flags $program
        if ! LD_LIBRARY_PATH=$libdir ldd "$work/$language-shared" | grep -q libsegent; then
            echo 'not linked with the shared library' >&2
            exit 1
        fi
    else
        echo "$language, shared: no libsegent.so in this copy, left out"
    fi
    if [ -e "$libdir/libsegent.a" ]; then
        # Only the archive, the other libraries shared: what most hosts want.
        mkdir -p "$work/archive"
        cp "$libdir/libsegent.a" "$work/archive"
        pkg --static --cflags --libs | sed "s|-L$libdir|-L$work/archive|" |
            build_and_run "$language-archive" $compiler $flags $program
        # Everything static.
        pkg --static --cflags --libs | build_and_run "$language-static" $compiler -static $flags $program
    else
        echo "$language, --static: no libsegent.a in this copy, left out"
    fi
done

if [ ! -e "$libdir/libsegent.so" ]; then
    echo 'Python: no libsegent.so in this copy, left out'
elif ! "$PYTHON" -c 'import numpy' 2>/dev/null; then
    echo 'Python: NumPy is not installed (python3-numpy)' >&2
    exit 1
else
    command=$prefix/bin/segent
    if [ -x "$command" ]; then
        env -u LD_LIBRARY_PATH "$command" --version # which finds its library by itself
    else
        echo 'the command: not in this copy, left out'
        command=
    fi
    LD_LIBRARY_PATH=$libdir "$PYTHON" "$here/consumer.py" "$libdir/libsegent.so" $command
    echo 'python: ok'
fi
