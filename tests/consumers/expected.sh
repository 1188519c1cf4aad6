#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the C program prints with an installed copy, for programs in other languages to print as well: expected.sh PREFIX MODEL PICTURE
set -eu
prefix=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/copy.sh"

# shellcheck disable=SC2046 # flags are words
${CC:-cc} -O2 -o "$work/segment" "$here/../../examples/03_segment.c" $(pkg --cflags --libs)
LD_LIBRARY_PATH=$libdir "$work/segment" "$2" "$3" "$work/labels.png"
